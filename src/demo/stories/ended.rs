//! Applications that ended without a refusal: granted, in part, withdrawn, lapsed; corrections; replies ordered again.

use serde_json::json;

use super::super::steps::*;
use super::super::story::{Stage, Story};
use crate::domain::case::submission::Channel::*;
use crate::domain::case::submission::{Form, Route};
use crate::domain::document::Purpose;
use crate::domain::people::access::Role;

pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = given(stage);
    stories.extend(stopped_short(stage));
    stories.extend(of_the_account(stage));
    stories
}

fn given<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("budget", InPerson, "治理研究所")
            .submit(234, "%P年度县本级一般公共预算支出决算明细",
                "%P年度县本级一般公共预算支出决算按功能分类到项级的明细表")
            .receive(234).review(232)
            .granted(224, granted("支出决算明细表", "随函附送电子表格"))
            .mailed(221, 218, 205),
        stage.office("budget-change", Fax, "孙国栋")
            .submit(47, "澄溪县%Y年财政预算调整方案", "经县人大常委会批准的%Y年财政预算调整方案")
            .enclosing(Purpose::Application, "传真申请表.pdf")
            .receive(46).review(44)
            .granted(36, granted("预算调整方案", "随函附送"))
            .issue(33, "email").deliver(32, "opened"),
        // 120 pages: 30 free, 70 at 10 yuan, 20 at 20 yuan; the payment sets the clock anew.
        stage.office("paid", InPerson, "青禾建材")
            .submit(150, "工业园区历年供地批复", "工业园区设立以来历次供地批复文件，共一百二十页")
            .receive(150).review(148).fee_by_page(142, 140, 120)
            .on(133, record_payment(1110, "财政票据 0087714"))
            .granted(125, granted("历次供地批复文件", "随函附送复印件"))
            .mailed(122, 119, 100),
        // Part is given, part belongs to others; the applicant went through review and court, and the reply stood.
        stage.government("demolition", RegisteredMail, "周桂兰")
            .submit(215, "石桥镇集镇改造项目房屋征收补偿方案和分户补偿结果",
                "%P年石桥镇集镇改造项目房屋征收补偿方案，以及被征收人分户补偿结果")
            .receive(215).review(213)
            .consult(211, "石桥镇集镇改造项目被征收户代表", "分户补偿结果中的家庭人口、房屋和存款账户")
            .consultation_delivered(209)
            .on(203, record_opinion("object", Some("涉及家庭成员和财产状况等个人隐私")))
            .on(200, draft_reply(&[
                granted("房屋征收补偿方案", "随函附送复印件"),
                Item::new("分户补偿结果中的家庭和账户信息", "third_party_rights").with("article", "第十五条")
                    .with("consultation_id", "@sub:consultation")
                    .because("公开会对第三方合法权益造成损害，第三方不同意公开，理由合理，不予公开。"),
            ]))
            .on(199, review_secrecy(&[json!({"item": 0, "verdict": "release"}), json!({"item": 1, "verdict": "withhold"})]))
            .on(199, submit_for_legal_review()).on(198, review_legally("pass", None)).on(197, submit_for_approval())
            .on(197, approve_reply()).mailed(196, 193, 180)
            .on(172, file_remedy("reconsideration", "江临市人民政府"))
            .on(135, decide_remedy("upheld", false))
            .on(127, file_remedy("suit_after_reconsideration", "江临市中级人民法院"))
            .on(70, decide_remedy("upheld", false)),
        // What is public already can be told at the counter (Art 33).
        stage.department("on-the-spot", InPerson, "林巧云")
            .submit(29, "县城基准地价", "现行县城国有建设用地基准地价")
            .on(29, reply_on_the_spot("您申请的信息已经主动公开，当场告知查询途径。",
                "县自然资源局网站“地价公示”栏目"))
            .deliver(29, "signed").on(20, archive()),
        stage.office("corrected", InPerson, "何建军")
            .correction()
            .submit(118, "更正本人的退役安置登记信息", "安置登记册将本人姓名误登为“何建君”，附身份证和退役证")
            .receive(118).review(116)
            .on(109, draft_reply(&[Item::new("退役安置登记册姓名", "corrected")
                .because("经核对原始档案，登记有误，已更正为何建军。")]))
            .on(108, submit_for_approval()).on(107, approve_reply()).mailed(106, 103, 95),
    ]
}

fn stopped_short<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("lapsed", RegisteredMail, "黄立新")
            .submit(66, "关于土地的全部文件", "请公开涉及我家土地的全部文件")
            .receive(66).on(64, review_formally())
            .request_amendment(62, 60, "请写明地块位置、项目名称或者文件文号")
            .on(43, lapse_amendment()),
        stage.office("unpaid", RegisteredMail, "青禾建材")
            .submit(112, "全县政府采购合同", "%P年全县政府采购合同及履约验收材料，共一千二百页")
            .receive(112).review(110).fee_by_page(103, 100, 1200).on(78, lapse_fee())
            .on(60, archive()),
        stage.department("taken-back", InPerson, "南坡村委会")
            .submit(34, "南坡村集体土地所有权证存根", "南坡村集体土地所有权登记的存根和宗地图")
            .receive(34).review(32)
            .withdraw(30, "已在县不动产登记中心查得"),
        // The reviewing organ found the refusal wrong: the clock began again on the day of the decision.
        stage.office("ordered-again", RegisteredMail, "清水河环保协会")
            .submit(96, "清水河采砂整治联席会议纪要", "%Y年以来清水河采砂整治联席会议的会议纪要")
            .receive(96).review(94)
            .refused(86, Item::new("联席会议纪要", "process_information")
                .with("ground", "讨论记录").with("article", "第十六条第二款").because("属于过程性信息，不予公开。"))
            .issue(83, "mail").deliver(80, "signed")
            .on(62, file_remedy("reconsideration", "澄溪县人民政府"))
            .on(6, decide_remedy("corrected", true)),
    ]
}

/// What the account `applicant` sees finished.
fn of_the_account<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = Vec::new();
    stories.extend(stage.online("school-district").map(|story| {
        story
            .submit(62, "%P年城区小学学区划分方案", "%P年秋季学期城区小学学区划分方案")
            .enclosing(Purpose::Identity, "身份证正反面.pdf")
            .on(62, confirm_submission()).receive(61).review(59)
            .on(52, draft_reply(&[granted("学区划分方案", "县政府门户网站“义务教育”专栏").with("cause", "already_public")]))
            .enclosing(Purpose::Reply, "城区小学学区划分方案.pdf")
            .release(51).on(51, submit_for_approval()).on(50, approve_reply())
            .issue(49, "online").enclosing(Purpose::Reply, "政府信息公开答复书.pdf")
            .on(48, record_delivery("opened", None).by(Role::Applicant))
    }));
    stories.extend(stage.online("withdrawn").map(|story| {
        story
            .wanting(Form::Electronic, Route::Email)
            .submit(90, "柳荫巷老旧小区加装电梯补贴办法", "县城老旧小区加装电梯的财政补贴办法和申请流程")
            .on(90, confirm_submission()).receive(89)
            .withdraw(86, "已在政务服务大厅取得")
    }));
    stories
}
