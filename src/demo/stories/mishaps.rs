//! What goes wrong around the procedure, and how it is put right: letters that are late or lost, endings entered in
//! ignorance, replies that come back or hold the wrong annex.

use super::super::steps::*;
use super::super::story::{Stage, Story};
use crate::domain::case::submission::Channel::*;

pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = endings(stage);
    stories.extend(posts(stage));
    stories
}

fn endings<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        // The amended letter lay in the mail room while the lapse was entered: the lapse never was, the letter counts.
        stage.office("lapse-revoked", RegisteredMail, "吴德明")
            .submit(58, "清水河堤防加固工程验收资料", "清水河堤防加固工程的验收资料")
            .receive(58).on(57, review_formally())
            .request_amendment(55, 54, "请写明工程的年度和标段")
            .on(37, lapse_amendment())
            .on(34, revoke_ending("申请人的补正材料已于期限内由收发室签收，当时未转到公开机构"))
            .amend(33, "清水河堤防加固工程（二标段）验收资料", "%P年清水河堤防加固工程二标段的竣工验收鉴定书")
            .review(32)
            .granted(28, Item::new("竣工验收鉴定书", "granted").with("where", "随函附上"))
            .mailed(24, 21, 12),
        stage.office("withdrawn-by-mistake", InPerson, "林巧云")
            .submit(11, "城关镇老旧小区改造名单", "%Y年城关镇老旧小区改造项目名单及资金安排")
            .receive(11).review(10)
            .withdraw(8, "申请人来电表示不再需要")
            .on(7, revoke_ending("来电撤回的是另一件申请，登记在了本案")),
        stage.office("wrong-annex", RegisteredMail, "清水河环保协会")
            .submit(40, "河道采砂许可证发放情况", "%Y年以来河道采砂许可证的发放台账")
            .receive(40).review(38)
            .granted(34, Item::new("采砂许可证发放台账", "granted").with("where", "随函附上"))
            .issue(31, "mail")
            .on(30, replace_reply("装入信封的是另一份台账，当日发现"))
            .granted(29, Item::new("采砂许可证发放台账", "granted").with("where", "随函附上"))
            .mailed(26, 23, 15),
    ]
}

fn posts<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        // Without a delivery no period runs: the notice came back and was sent again.
        stage.office("notice-returned", RegisteredMail, "马丽萍")
            .submit(16, "县城公交线路调整方案", "县城公交线路调整的有关方案")
            .receive(16).on(15, review_formally())
            .on(13, request_amendment("请写明线路和年度"))
            .on(8, notice_returned("amendment_notice", "邮政特快专递"))
            .on(7, resend_notice("amendment_notice", "直接送达")),
        // Offered for collection, posted in the end: in time on the day of posting.
        stage.office("posted-after-all", InPerson, "周桂兰")
            .submit(30, "南坡村宅基地审批台账", "%P年南坡村宅基地审批台账")
            .receive(30).review(29)
            .granted(24, Item::new("宅基地审批台账", "granted").with("where", "窗口领取"))
            .issue(21, "pickup")
            .on(14, dispatch_reply("mail"))
            .deliver(10, "signed").on(6, archive()),
        // What came back is not served: it stays to be delivered.
        stage.office("post-returned", RegisteredMail, "黄立新")
            .submit(33, "县域医共体人员编制批复", "县域医共体总院人员编制的批复文件")
            .receive(33).review(32)
            .granted(27, Item::new("人员编制批复", "granted").with("where", "随函附上"))
            .issue(24, "mail").deliver(17, "returned"),
    ]
}
