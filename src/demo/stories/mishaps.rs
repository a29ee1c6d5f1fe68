//! What goes wrong around the procedure, and how it is put right: letters that are late or lost, endings entered in
//! ignorance, replies that come back or hold the wrong annex.

use super::super::steps::*;
use super::super::story::{Stage, Story};
use crate::domain::case::submission::Channel::*;
use crate::domain::document::Purpose;
use crate::domain::people::id_document::IdDocumentKind;

pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = endings(stage);
    stories.extend(posts(stage));
    stories.extend(parties(stage));
    stories
}

/// Who applies, and what becomes of it while the application is handled.
fn parties<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = vec![
        stage.office("moved", RegisteredMail, "马丽萍")
            .submit(19, "县城集中供热管网改造方案", "县城集中供热管网改造工程实施方案、资金来源和施工单位名单")
            .receive(19).review(18)
            .on(14, change_contact("江临市澄溪县城关镇新民路3号2单元"))
            .on(12, narrow_request("施工单位名单，申请人已从招标公告取得")),
        stage.office("villagers", InPerson, "黄立新")
            .submit(17, "石桥镇南坡村水库淹没区补偿标准", "石桥镇南坡村水库淹没区房屋、青苗补偿标准的批准文件")
            .receive(17).review(16)
            .on(13, add_party("周有福", "同村被征收人书面要求共同申请"))
            .on(9, remove_party("周有福", "本人书面表示不再参加申请")),
        stage.office("heir", RegisteredMail, "何建军")
            .submit(28, "柳塘镇下湾村土地承包合同登记", "柳塘镇下湾村七组土地承包合同登记簿中本户的记载")
            .receive(28).review(27)
            .on(15, succeed_party("何晓峰", "13800000031", "death"))
            .enclosing(Purpose::Evidence, "死亡证明和亲属关系证明.pdf"),
        // One person with two documents: nobody's other application until somebody has looked.
        stage.office("passport", InPerson, "林巧云").holding(IdDocumentKind::Passport, "E88776655")
            .submit(8, "城关镇幼儿园招生划片范围", "%Y年城关镇公办幼儿园招生划片范围和依据")
            .receive(8).on(8, verify_identity("original_seen")).review(7)
            .on(6, join_persons("withdrawn-by-mistake", "护照与居民身份证所载姓名、出生日期、照片一致"))
            .enclosing(Purpose::Identity, "护照和居民身份证复印件.pdf"),
        // One paper answers two applications; each counts.
        stage.office("combined-second", InPerson, "吴德明")
            .submit(26, "文昌路道路改造工程施工图审查意见", "文昌路道路改造工程的施工图审查意见")
            .receive(26).on(26, verify_identity("original_seen")).review(25)
            .granted(21, Item::new("施工图审查意见", "granted").with("where", "随函附上")),
        stage.office("combined", InPerson, "吴德明")
            .submit(26, "文昌路道路改造工程可行性研究报告批复", "文昌路道路改造工程的可行性研究报告批复")
            .receive(26).on(26, verify_identity("original_seen")).review(25)
            .granted(21, Item::new("可行性研究报告批复", "granted").with("where", "随函附上"))
            .on(17, issue_together("mail", "combined-second"))
            .deliver(12, "signed"),
    ];
    // Both sides confirmed it late, which is a risk that the clock shows.
    stories.extend(stage.online("confirmed-late").map(|story| {
        story
            .submit(13, "县城公厕建设计划", "%Y年县城公厕新建改建计划和选址")
            .on(4, confirmed_late("陈明远", "系统短信未送达，电话补充确认"))
    }));
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
            .receive(11).on(11, verify_identity("original_seen")).review(10)
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
