//! Applications at the door: submitted on each channel, closed before receipt, registered, waiting for an amendment.

use super::super::applicants::applicant;
use super::super::steps::*;
use super::super::story::{Stage, Story};
use crate::domain::case::submission::Channel::*;
use crate::domain::document::Purpose;
use crate::domain::people::access::Role;

pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = submitted(stage);
    stories.extend(closed(stage));
    stories.extend(registered(stage));
    stories
}

fn submitted<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = vec![
        stage.office("counter", InPerson, "马丽萍")
            .submit(0, "建设路雨污分流改造工程的施工许可和工期",
                "建设路（文昌路口至青山路口）雨污分流改造工程的施工许可证、批准的开工和竣工日期"),
        stage.office("express", RegisteredMail, "正衡律师所")
            .submit(0, "石桥镇集镇开发边界内国有土地上房屋征收的社会稳定风险评估报告",
                "%Y年石桥镇集镇改造项目房屋征收前作出的社会稳定风险评估报告全文"),
        // Nobody answers the telephone, so that the clock cannot begin.
        stage.office("letter", OrdinaryMail, "何建军")
            .submit(5, "柳塘镇下湾村农村危房改造补助名单及金额",
                "%P年度柳塘镇下湾村享受农村危房改造补助的户数、名单和每户补助金额")
            .on(5, record_contact_attempt("phone", "拨打申请书所留电话，无人接听"))
            .on(3, record_contact_attempt("letter", "已寄出请其与我机关联系确认的信函")),
        stage.office("fax", Fax, "青禾建材")
            .submit(2, "工业园区二期道路工程的招标控制价", "澄溪县工业园区二期道路工程招标控制价及其编制说明"),
    ];
    stories.extend(stage.online("online").map(|story| {
        story
            .submit(1, "%Y年秋季学期城区义务教育学校学区划分方案",
                "县教育局制定、县政府批准的%Y年秋季学期城区小学和初中学区划分方案及划分说明")
            .enclosing(Purpose::Evidence, "情况说明.txt")
    }));
    stories.extend(stage.online("online-confirmed").map(|story| {
        story.for_department()
            .submit(1, "柳荫巷片区控制性详细规划",
                "城关镇柳荫巷片区现行控制性详细规划的图则和文本，重点是容积率和建筑限高")
            .on(1, confirm_submission())
    }));
    stories
}

fn closed<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("unreachable", Fax, "黄立新")
            .submit(44, "县城农贸市场摊位租赁合同", "县城中心农贸市场全部摊位的租赁合同")
            .on(43, record_contact_attempt("phone", "所留号码为空号"))
            .on(40, record_contact_attempt("letter", "信函以“查无此人”退回"))
            .on(30, close_intake("unreachable", None, Some("电话、信函均无法联系申请人"))),
        stage.office("not-a-request", OrdinaryMail, "何建军")
            .submit(38, "请解决下湾村饮水困难", "我村自来水经常断水，请县里尽快派人解决")
            .on(37, close_intake("not_a_request", None, Some("来信反映生活困难，已转县信访局"))),
        stage.office("duplicate", RegisteredMail, "孙国栋")
            .submit(46, "澄溪县%Y年财政预算调整方案", "同一申请书以传真和特快专递各寄一份")
            .on(45, close_intake("duplicate", Some("@case:budget-change"), Some("与传真件为同一份申请"))),
        stage.office("misdirected", OrdinaryMail, "孙国栋")
            .submit(43, "柳塘镇农村公路养护资金", "来信封面写明收件人为柳塘镇人民政府，误投至县政府办公室")
            .on(42, sent_on("柳塘镇人民政府", "原件已交机要通道转送")),
        stage.office("never-came", Fax, "治理研究所")
            .submit(41, "县级部门预算公开情况", "来电称已发传真，先行登记")
            .on(39, close_intake("not_received", None, Some("核对传真机记录，未收到该件，已电话告知对方重新提交"))),
    ]
}

fn registered<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = vec![
        stage.office("fresh", RegisteredMail, "治理研究所")
            .submit(2, "澄溪县县级行政规范性文件清理目录", "%P年以来历次县级行政规范性文件清理的目录和结论")
            .receive_by(2, Role::Clerk).on(1, take()).on(1, review_formally()),
        // Lapsed for want of amendment, then good reason was shown (Art 30): the clock begins anew.
        stage.government("reopened", InPerson, "周桂兰")
            .submit(52, "南坡村土地补偿款", "南坡村的土地补偿款发放情况")
            .receive(52).on(51, review_formally())
            .request_amendment(48, 46, "请写明征收项目的名称或者批准文号，以及需要的年度")
            .on(29, lapse_amendment())
            .on(3, reopen("申请人住院未能按期补正，已提交住院证明和补正内容，理由正当")),
        // Of a letter only the scan is there, and a number was misread (Arts 29–31): it is entered all the same, the record
        // is corrected, and the rest asked for at once in the words that the case suggests.
        stage.office("defective", RegisteredMail, "林巧云")
            .submit_misread_scan(9).receive_by(9, Role::Clerk)
            .on(8, correct_fact("submitted", "applicant", applicant("林巧云"), "录入时看错证件号码，已与复印件逐位核对"))
            .on(8, confirm_correction("submitted"))
            .on(7, review_formally().suggesting("checks"))
            .on(7, request_amendment("").suggesting("defects"))
            .on(6, record_notice_delivery("amendment_notice", "邮政特快专递", Some("邮件查询单")))
            .amend(1, "城关镇康宁路5号楼房屋安全鉴定报告", "%Y年城关镇康宁路5号楼的房屋安全鉴定报告全文"),
        stage.office("amending", InPerson, "郑雨晴")
            .submit(7, "教师招聘的全部资料", "请公开我县教师招聘的全部资料")
            .receive_by(7, Role::Clerk).on(6, review_formally())
            .request_amendment(4, 3, "“全部资料”不能指向特定的政府信息，请写明年度、岗位和资料名称"),
        stage.office("not-amended", OrdinaryMail, "吴德明")
            .submit(27, "县里修路的文件", "修路占用我家承包地，请公开修路的文件")
            .receive(27).on(25, review_formally())
            .request_amendment(22, 20, "请写明道路名称、修建年度或者文件文号"),
        stage.office("environment", Fax, "清水河环保协会")
            .submit(9, "清水河流域入河排污口排查整治清单", "%Y年清水河澄溪段入河排污口排查整治清单和责任分工")
            .receive(8)
            .on(7, hand_over("@user:clerk", "经办人外出学习，期间由许文静负责"))
            .on(7, review_formally()),
    ];
    stories.extend(stage.online("amended").map(|story| {
        story
            .submit(21, "城关镇棚户区改造", "城关镇棚户区改造的文件")
            .on(21, confirm_submission()).receive(20).on(19, review_formally())
            .request_amendment(16, 16, "请写明棚户区改造项目的名称，以及所需文件的种类")
            .amend(2, "柳荫巷棚户区改造项目的征收补偿安置方案",
                "县政府批准的城关镇柳荫巷棚户区改造项目征收补偿安置方案正文及附件")
    }));
    stories
}
