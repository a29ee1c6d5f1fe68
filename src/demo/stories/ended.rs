//! Applications that ended without a refusal: granted, in part, withdrawn, lapsed; corrections; replies ordered again.

use serde_json::json;

use super::super::applicants::person;
use super::super::story::{Seat, Stage, Story};
use super::{charity, company, institute, village};
use crate::domain::case::state::{Channel, Form, Route};
use crate::domain::document::Purpose;
use crate::domain::people::access::Role;

pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = granted(stage);
    stories.extend(stopped_short(stage));
    stories.extend(of_the_account(stage));
    stories
}

fn granted<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let office = |key, channel, applicant| stage.story(key, Seat::Office, channel, applicant);
    vec![
        office("budget", Channel::InPerson, institute())
            .submit(
                234,
                "%P年度县本级一般公共预算支出决算明细",
                "%P年度县本级一般公共预算支出决算按功能分类到项级的明细表",
            )
            .receive(234)
            .review(232)
            .granted(
                224,
                json!([{"description": "支出决算明细表", "outcome": "granted", "where": "随函附送电子表格"}]),
            )
            .mailed(221, 218, 205),
        office("budget-change", Channel::Fax, person("孙国栋"))
            .submit(
                47,
                "澄溪县%Y年财政预算调整方案",
                "经县人大常委会批准的%Y年财政预算调整方案",
            )
            .enclosing(Purpose::Application, "传真申请表.pdf")
            .receive(46)
            .review(44)
            .granted(
                36,
                json!([{"description": "预算调整方案", "outcome": "granted", "where": "随函附送"}]),
            )
            .issue(33, "email")
            .deliver(32, "opened"),
        // 120 pages: 30 free, 70 at 10 yuan, 20 at 20 yuan; the payment sets the clock anew.
        office("paid", Channel::InPerson, company())
            .submit(
                150,
                "工业园区历年供地批复",
                "工业园区设立以来历次供地批复文件，共一百二十页",
            )
            .receive(150)
            .review(148)
            .fee_by_page(142, 140, 120)
            .pay(133, 1100, "财政票据 0087714")
            .granted(
                125,
                json!([{"description": "历次供地批复文件", "outcome": "granted", "where": "随函附送复印件"}]),
            )
            .mailed(122, 119, 100),
        // Part is given, part belongs to others; the applicant went through review and court, and the reply stood.
        stage
            .story("demolition", Seat::Government, Channel::RegisteredMail, person("周桂兰"))
            .submit(
                215,
                "石桥镇集镇改造项目房屋征收补偿方案和分户补偿结果",
                "%P年石桥镇集镇改造项目房屋征收补偿方案，以及被征收人分户补偿结果",
            )
            .receive(215)
            .review(213)
            .consult(211, "石桥镇集镇改造项目被征收户代表", "分户补偿结果中的家庭人口、房屋和存款账户")
            .consultation_delivered(209)
            .opinion(203, "object", Some("涉及家庭成员和财产状况等个人隐私"))
            .draft(
                200,
                json!([
                    {"description": "房屋征收补偿方案", "outcome": "granted", "where": "随函附送复印件"},
                    {"description": "分户补偿结果中的家庭和账户信息", "outcome": "third_party_rights", "article": "第十五条",
                     "consultation_id": "@sub:consultation",
                     "explanation": "公开会对第三方合法权益造成损害，第三方不同意公开，理由合理，不予公开。"},
                ]),
            )
            .secrecy(199, json!([{"item": 0, "verdict": "release"}, {"item": 1, "verdict": "withhold"}]))
            .sent_to_legal(199)
            .legal_pass(198)
            .sent_to_approver(197)
            .approve(197)
            .mailed(196, 193, 180)
            .remedy(172, "reconsideration", "江临市人民政府")
            .remedy_decided(135, "upheld", false)
            .remedy(127, "suit_after_reconsideration", "江临市中级人民法院")
            .remedy_decided(70, "upheld", false),
        // What is public already can be told at the counter (Art 33).
        stage
            .story("on-the-spot", Seat::Department, Channel::InPerson, person("林巧云"))
            .submit(29, "县城基准地价", "现行县城国有建设用地基准地价")
            .act(
                29,
                Role::Officer,
                "reply_on_the_spot",
                json!({"received_on": stage.days.day(29), "explanation": "您申请的信息已经主动公开，当场告知查询途径。",
                    "where": "县自然资源局网站“地价公示”栏目"}),
            )
            .deliver(29, "signed")
            .archive(20),
        office("corrected", Channel::InPerson, person("何建军"))
            .correction()
            .submit(
                118,
                "更正本人的退役安置登记信息",
                "安置登记册将本人姓名误登为“何建君”，附身份证和退役证",
            )
            .receive(118)
            .review(116)
            .draft(
                109,
                json!([{"description": "退役安置登记册姓名", "outcome": "corrected", "explanation": "经核对原始档案，登记有误，已更正为何建军。"}]),
            )
            .sent_to_approver(108)
            .approve(107)
            .mailed(106, 103, 95),
    ]
}

fn stopped_short<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let office = |key, channel, applicant| stage.story(key, Seat::Office, channel, applicant);
    vec![
        office("lapsed", Channel::RegisteredMail, person("黄立新"))
            .submit(66, "关于土地的全部文件", "请公开涉及我家土地的全部文件")
            .receive(66)
            .review_formally(64)
            .request_amendment(62, 60, "请写明地块位置、项目名称或者文件文号")
            .act(45, Role::Officer, "lapse_amendment", json!({})),
        office("unpaid", Channel::RegisteredMail, company())
            .submit(
                112,
                "全县政府采购合同",
                "%P年全县政府采购合同及履约验收材料，共一千二百页",
            )
            .receive(112)
            .review(110)
            .fee_by_page(103, 100, 1200)
            .act(78, Role::Officer, "lapse_fee", json!({}))
            .archive(60),
        stage
            .story("taken-back", Seat::Department, Channel::InPerson, village())
            .submit(
                34,
                "南坡村集体土地所有权证存根",
                "南坡村集体土地所有权登记的存根和宗地图",
            )
            .receive(34)
            .review(32)
            .withdraw(30, "已在县不动产登记中心查得"),
        // The reviewing organ found the refusal wrong: the clock began again on the day of the decision.
        office("ordered-again", Channel::RegisteredMail, charity())
            .submit(
                96,
                "清水河采砂整治联席会议纪要",
                "%Y年以来清水河采砂整治联席会议的会议纪要",
            )
            .receive(96)
            .review(94)
            .refused(
                86,
                json!([{"description": "联席会议纪要", "outcome": "process_information", "ground": "讨论记录",
                    "article": "第十六条第二款", "explanation": "属于过程性信息，不予公开。"}]),
            )
            .issue(83, "mail")
            .deliver(80, "signed")
            .remedy(62, "reconsideration", "澄溪县人民政府")
            .remedy_decided(6, "corrected", true),
    ]
}

/// What the account `applicant` sees finished.
fn of_the_account<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = Vec::new();
    stories.extend(stage.online("school-district", Seat::Office).map(|story| {
        story
            .submit(62, "%P年城区小学学区划分方案", "%P年秋季学期城区小学学区划分方案")
            .enclosing(Purpose::Identity, "身份证正反面.pdf")
            .act(62, Role::Applicant, "confirm_submission", json!({}))
            .receive(61)
            .review(59)
            .draft(
                52,
                json!([{"description": "学区划分方案", "outcome": "granted", "cause": "already_public",
                    "where": "县政府门户网站“义务教育”专栏"}]),
            )
            .enclosing(Purpose::Reply, "城区小学学区划分方案.pdf")
            .release(51)
            .sent_to_approver(51)
            .approve(50)
            .issue(49, "online")
            .open_online(48)
    }));
    stories.extend(stage.online("withdrawn", Seat::Office).map(|story| {
        story
            .wanting(Form::Electronic, Route::Email)
            .submit(
                90,
                "柳荫巷老旧小区加装电梯补贴办法",
                "县城老旧小区加装电梯的财政补贴办法和申请流程",
            )
            .act(90, Role::Applicant, "confirm_submission", json!({}))
            .receive(89)
            .withdraw(86, "已在政务服务大厅取得")
    }));
    stories
}
