//! Applications at the door: submitted on each channel, closed before receipt, registered, waiting for an amendment.

use serde_json::json;

use super::super::applicants::person;
use super::super::story::{Seat, Stage, Story};
use super::{charity, company, institute, law_firm};
use crate::domain::case::state::{Channel, Form, Route};
use crate::domain::document::Purpose;
use crate::domain::people::access::Role;

pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = submitted(stage);
    stories.extend(closed(stage));
    stories.extend(registered(stage));
    stories
}

fn submitted<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let office = |key, channel, applicant| stage.story(key, Seat::Office, channel, applicant);
    let mut stories = vec![
        office("counter", Channel::InPerson, person("马丽萍")).submit(
            0,
            "建设路雨污分流改造工程的施工许可和工期",
            "建设路（文昌路口至青山路口）雨污分流改造工程的施工许可证、批准的开工和竣工日期",
        ),
        office("express", Channel::RegisteredMail, law_firm()).submit(
            0,
            "石桥镇集镇开发边界内国有土地上房屋征收的社会稳定风险评估报告",
            "%Y年石桥镇集镇改造项目房屋征收前作出的社会稳定风险评估报告全文",
        ),
        // Nobody answers the telephone, so that the clock cannot begin.
        office("letter", Channel::OrdinaryMail, person("何建军"))
            .submit(
                5,
                "柳塘镇下湾村农村危房改造补助名单及金额",
                "%P年度柳塘镇下湾村享受农村危房改造补助的户数、名单和每户补助金额",
            )
            .act(
                5,
                Role::Clerk,
                "record_contact_attempt",
                json!({"on": stage.days.day(5), "means": "phone", "result": "拨打申请书所留电话，无人接听"}),
            )
            .act(
                3,
                Role::Clerk,
                "record_contact_attempt",
                json!({"on": stage.days.day(3), "means": "letter", "result": "已寄出请其与我机关联系确认的信函"}),
            ),
        office("fax", Channel::Fax, company()).submit(
            2,
            "工业园区二期道路工程的招标控制价",
            "澄溪县工业园区二期道路工程招标控制价及其编制说明",
        ),
    ];
    stories.extend(stage.online("online", Seat::Office).map(|story| {
        story
            .submit(
                1,
                "%Y年秋季学期城区义务教育学校学区划分方案",
                "县教育局制定、县政府批准的%Y年秋季学期城区小学和初中学区划分方案及划分说明",
            )
            .enclosing(Purpose::Evidence, "情况说明.txt")
    }));
    stories.extend(stage.online("online-confirmed", Seat::Department).map(|story| {
        story
            .submit(
                1,
                "柳荫巷片区控制性详细规划",
                "城关镇柳荫巷片区现行控制性详细规划的图则和文本，重点是容积率和建筑限高",
            )
            .act(1, Role::Applicant, "confirm_submission", json!({}))
    }));
    stories
}

fn closed<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let office = |key, channel, applicant| stage.story(key, Seat::Office, channel, applicant);
    let close = |reason: &str, note: &str| json!({"reason": reason, "note": note});
    vec![
        office("unreachable", Channel::Fax, person("黄立新"))
            .submit(44, "县城农贸市场摊位租赁合同", "县城中心农贸市场全部摊位的租赁合同")
            .act(
                43,
                Role::Clerk,
                "record_contact_attempt",
                json!({"on": stage.days.day(43), "means": "phone", "result": "所留号码为空号"}),
            )
            .act(
                40,
                Role::Clerk,
                "record_contact_attempt",
                json!({"on": stage.days.day(40), "means": "letter", "result": "信函以“查无此人”退回"}),
            )
            .act(
                30,
                Role::Officer,
                "close_intake",
                close("unreachable", "电话、信函均无法联系申请人"),
            ),
        office("not-a-request", Channel::OrdinaryMail, person("何建军"))
            .submit(38, "请解决下湾村饮水困难", "我村自来水经常断水，请县里尽快派人解决")
            .act(
                37,
                Role::Officer,
                "close_intake",
                close("not_a_request", "来信反映生活困难，已转县信访局"),
            ),
        office("duplicate", Channel::RegisteredMail, person("孙国栋"))
            .submit(46, "澄溪县%Y年财政预算调整方案", "同一申请书以传真和特快专递各寄一份")
            .act(
                45,
                Role::Officer,
                "close_intake",
                json!({"reason": "duplicate", "other_case_id": "@case:budget-change", "note": "与传真件为同一份申请"}),
            ),
    ]
}

fn registered<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = vec![
        stage
            .story("fresh", Seat::Office, Channel::RegisteredMail, institute())
            .submit(
                2,
                "澄溪县县级行政规范性文件清理目录",
                "%P年以来历次县级行政规范性文件清理的目录和结论",
            )
            .receive_by(2, Role::Clerk)
            .act(1, Role::Officer, "take", json!({}))
            .review_formally(1),
        // Lapsed for want of amendment, then good reason was shown (Art 30): the clock begins anew.
        stage
            .story("reopened", Seat::Government, Channel::InPerson, person("周桂兰"))
            .submit(52, "南坡村土地补偿款", "南坡村的土地补偿款发放情况")
            .receive(52)
            .review_formally(51)
            .request_amendment(48, 46, "请写明征收项目的名称或者批准文号，以及需要的年度")
            .act(31, Role::Officer, "lapse_amendment", json!({}))
            .act(
                3,
                Role::Approver,
                "reopen",
                json!({"reason": "申请人住院未能按期补正，已提交住院证明和补正内容，理由正当"}),
            ),
        stage
            .story("amending", Seat::Office, Channel::InPerson, person("郑雨晴"))
            .submit(7, "教师招聘的全部资料", "请公开我县教师招聘的全部资料")
            .receive_by(7, Role::Clerk)
            .review_formally(6)
            .request_amendment(4, 3, "“全部资料”不能指向特定的政府信息，请写明年度、岗位和资料名称"),
        stage
            .story("not-amended", Seat::Office, Channel::OrdinaryMail, person("吴德明"))
            .wanting(Form::Paper, Route::Mail)
            .submit(27, "县里修路的文件", "修路占用我家承包地，请公开修路的文件")
            .receive(27)
            .review_formally(25)
            .request_amendment(22, 20, "请写明道路名称、修建年度或者文件文号"),
        stage
            .story("environment", Seat::Office, Channel::Fax, charity())
            .submit(
                9,
                "清水河流域入河排污口排查整治清单",
                "%Y年清水河澄溪段入河排污口排查整治清单和责任分工",
            )
            .receive(8)
            .act(
                7,
                Role::Officer,
                "hand_over",
                json!({"user_id": "@user:clerk", "reason": "经办人外出学习，期间由许文静负责"}),
            )
            .review_formally(7),
    ];
    stories.extend(stage.online("amended", Seat::Office).map(|story| {
        story
            .submit(21, "城关镇棚户区改造", "城关镇棚户区改造的文件")
            .act(21, Role::Applicant, "confirm_submission", json!({}))
            .receive(20)
            .review_formally(19)
            .request_amendment(16, 16, "请写明棚户区改造项目的名称，以及所需文件的种类")
            .receive_amendment(
                2,
                "柳荫巷棚户区改造项目的征收补偿安置方案",
                "县政府批准的城关镇柳荫巷棚户区改造项目征收补偿安置方案正文及附件",
            )
    }));
    stories
}
