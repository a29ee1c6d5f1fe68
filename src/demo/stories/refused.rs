//! One application for each way to refuse, to have nothing to give, or not to process (table 三, third to fifth heading).

use serde_json::json;

use super::super::steps::*;
use super::super::story::{Stage, Story};
use crate::domain::case::submission::Channel::*;
use crate::domain::document::Purpose;

pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = withheld(stage);
    stories.extend(nothing_to_give(stage));
    stories.extend(not_processed(stage));
    stories
}

fn withheld<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("secret", RegisteredMail, "正衡律师所")
            .submit(208, "县内军事设施保护范围划定图", "县内军事设施保护区、保护范围的划定图和坐标")
            .receive(208).review(206)
            .refused(200, Item::new("军事设施保护范围划定图", "state_secret").with("article", "第十四条")
                .because("该信息已依法确定为国家秘密，不予公开。"))
            .mailed(197, 194, 175)
            .on(168, file_remedy("reconsideration", "澄溪县人民政府"))
            .on(130, decide_remedy("upheld", false)),
        stage.office("statistics", Online, "治理研究所")
            .submit(190, "规模以上工业企业统计报表", "%P年县内各规模以上工业企业报送的统计报表")
            .receive(189).review(187)
            .refused(180, Item::new("企业统计报表", "other_law_forbids")
                .with("article", "第十四条").with("law", "《中华人民共和国统计法》")
                .because("能够识别单个统计调查对象身份的资料，法律禁止对外提供，不予公开。"))
            .issue(177, "email").deliver(176, "opened").on(160, archive()),
        stage.office("waterworks", InPerson, "黄立新")
            .submit(183, "县城供水主管网布置图", "县城供水主管网、加压站和阀门井的布置图")
            .receive(183).review(181)
            .refused(172, Item::new("供水主管网布置图", "safety_stability").with("article", "第十四条")
                .because("公开后可能危及公共安全，不予公开。"))
            .mailed(169, 166, 150),
        // The company objected; a wrong date of the opinion was put right afterwards.
        stage.office("bid", RegisteredMail, "青禾建材")
            .submit(142, "县城路灯节能改造项目中标人的投标文件",
                "县城路灯节能改造项目中标人投标文件中的技术方案和报价组成")
            .receive(142).review(140)
            .consult(138, "江临市明途照明工程有限公司", "投标文件中的技术方案和报价组成")
            .consultation_delivered(135)
            .on(128, record_opinion("object", Some("技术方案和报价组成属于商业秘密，公开将损害竞争地位")))
            .on(126, correct_fact("opinion_recorded", "received_on", stage.day(129),
                "意见书的收文章为前一日，登记时看错"))
            .on(125, confirm_correction("opinion_recorded"))
            .refused(123, Item::new("技术方案和报价组成", "third_party_rights").with("article", "第十五条")
                .with("consultation_id", "@sub:consultation")
                .because("涉及第三方商业秘密，第三方不同意公开，理由合理，不予公开。"))
            .mailed(120, 117, 99)
            .on(105, file_remedy("reconsideration", "澄溪县人民政府"))
            .on(68, decide_remedy("other", false)),
        stage.office("duty-roster", InPerson, "马丽萍")
            .submit(160, "县政府办公室公务用车派车记录", "%P年县政府办公室公务用车派车登记簿")
            .receive(160).review(158)
            .refused(150, Item::new("公务用车派车登记簿", "internal_affairs").with("article", "第十六条第一款")
                .because("属于后勤管理方面的内部事务信息，不予公开；年度公务用车经费已随部门决算公开。"))
            .mailed(147, 144, 130)
            // Entered on the wrong case, and voided: it counts nowhere.
            .on(124, file_remedy("direct_suit", "澄溪县人民法院"))
            .on(122, void_remedy("该起诉针对另一件申请，误登在本案"))
            .on(121, confirm_void_remedy()),
        stage.government("enforcement", InPerson, "南坡村委会")
            .submit(104, "南坡村违法占地案的调查卷宗", "县综合行政执法大队办理南坡村违法占地案的调查笔录和审批材料")
            .receive(104).review(102)
            .refused(95, Item::new("调查笔录和审批材料", "enforcement_file").with("article", "第十六条第二款")
                .because("属于行政执法案卷信息，不予公开；当事人可以依法申请查阅案卷。"))
            .mailed(92, 89, 75)
            .on(58, file_remedy("reconsideration", "江临市人民政府"))
            // The letter of the reviewing organ was entered a second time; an approver is to confirm that it is void.
            .on(20, file_remedy("reconsideration", "江临市人民政府行政复议局"))
            .on(2, void_remedy("与前一件是同一件复议，重复登记")),
        stage.office("registry", InPerson, "林巧云")
            .submit(134, "文昌路88号房屋的不动产登记资料", "文昌路88号房屋的不动产登记簿和历次转移登记资料")
            .receive(134).review(133)
            .refused(129, Item::new("不动产登记资料", "administrative_query").with("article", "第三十六条第（七）项")
                .because("不动产登记资料的查询另有规定，请到县不动产登记中心按规定查询。"))
            .mailed(126, 123, 110),
    ]
}

fn nothing_to_give<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("not-found", InPerson, "吴德明")
            .submit(175, "1998年文昌路拓宽工程的拆迁协议", "1998年文昌路拓宽工程中文昌路88号房屋的拆迁补偿协议")
            .receive(175).review(173)
            .on(172, assign(stage.day(162), "请到县档案馆一并检索"))
            .on(165, answer_assignment("not_found", "县政府办1995年至2002年档案，并到县档案馆查档",
                &["文昌路", "拓宽工程", "拆迁协议"], "陆海峰"))
            .refused(163, Item::new("拆迁补偿协议", "not_held")
                .with("cause", "not_existing").with("assignment_id", "@sub:assignment")
                .because("经检索本机关档案并到县档案馆查找，没有制作或者保存该信息。"))
            .mailed(160, 157, 140)
            .on(133, file_remedy("direct_suit", "澄溪县人民法院"))
            .on(82, decide_remedy("other", false)),
        stage.office("elsewhere", RegisteredMail, "郑雨晴")
            .submit(121, "城乡居民基本医疗保险基金收支明细", "%P年全县城乡居民基本医疗保险基金收支明细")
            .receive(121).on(121, verify_identity("copy_seen")).review(119)
            .refused(114, Item::new("医保基金收支明细", "not_held").with("cause", "not_our_agency")
                .with("competent_agency", json!({"name": "澄溪县医疗保障局", "contact": "0799-6280099"}))
                .because("该信息由县医疗保障局负责公开，请向该机关提出申请。"))
            .mailed(111, 108, 92),
        // Answered after the due date: the missed day stays on record.
        stage.office("late", InPerson, "治理研究所")
            .submit(79, "近十年各乡镇招商引资项目落地率分析",
                "近十年各乡镇招商引资签约项目的落地率、到位资金对比分析")
            .receive(79).review(76)
            .refused(56, Item::new("落地率对比分析", "needs_creation").with("article", "第三十八条")
                .because("没有现成信息，需要对历年资料汇总、加工和分析，本机关不再另行制作。"))
            .issue(53, "mail").entered_late(46, "经办人外出培训，返回后补录寄出日期")
            .deliver(50, "signed").enclosing(Purpose::DeliveryProof, "送达回证.pdf")
            .entered_late(43, "回执由邮政部门数日后退回")
            .on(41, add_document("邮政部门补寄的妥投证明")).enclosing(Purpose::DeliveryProof, "妥投证明.pdf")
            .on(38, archive()),
        stage.office("still-unclear", OrdinaryMail, "何建军")
            .submit(155, "移民的文件", "请公开移民的文件")
            .receive(154).on(153, review_formally())
            .request_amendment(150, 148, "请写明移民安置项目名称、年度和文件种类")
            .amend(141, "移民的全部文件", "就是关于移民的全部文件，一份也不能少")
            .review(140)
            .refused(131, Item::new("移民的全部文件", "still_unclear")
                .because("补正后仍不能确定所指的政府信息，无法提供。您可以到窗口当面说明，我们协助确定。"))
            .mailed(128, 125, 112),
        stage.office("not-information", Fax, "南坡村委会")
            .submit(98, "请解释宅基地审批权限", "请书面解释农村宅基地审批由镇里还是县里负责，依据是什么")
            .receive(97).review(96)
            .refused(90, Item::new("对宅基地审批权限的解释", "other").with("cause", "not_government_information")
                .because("申请内容是对政策的咨询，不属于政府信息。宅基地由镇人民政府审批，欢迎来电咨询。"))
            .mailed(87, 84, 72),
    ]
}

fn not_processed<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("complaint", RegisteredMail, "周桂兰")
            .submit(128, "查处石桥镇干部违规分配公租房", "请公开石桥镇为什么把公租房分给不符合条件的人，并查处责任人")
            .receive(128).review(126)
            .refused(121, Item::new("对公租房分配的投诉举报", "petition_complaint")
                .because("以信息公开申请的形式进行投诉举报，不作为政府信息公开申请处理；可以向县纪委监委或者县信访局反映。"))
            .mailed(118, 115, 101),
        stage.office("again", RegisteredMail, "郑雨晴")
            .submit(85, "城乡居民基本医疗保险基金收支明细", "%P年全县城乡居民基本医疗保险基金收支明细")
            .receive(85).on(85, verify_identity("copy_seen")).review(83)
            .refused(79, Item::new("医保基金收支明细", "repeated").with("earlier_number", "@number:elsewhere")
                .because("已就您的同一申请作出答复，不再重复处理。"))
            .mailed(76, 73, 61),
        stage.office("yearbook", InPerson, "清水河环保协会")
            .submit(74, "《澄溪年鉴》", "近三年出版的《澄溪年鉴》")
            .receive(74).review(73)
            .refused(69, Item::new("《澄溪年鉴》", "publication")
                .because("属于公开出版物，可以在县图书馆借阅或者向县志办购买。"))
            .mailed(66, 63, 55),
        stage.office("excessive", RegisteredMail, "孙国栋")
            .submit(118, "全县各单位每日收发文登记簿", "近三年全县各单位每日收文、发文登记簿，本月第二十七件申请")
            .receive(118).review(116)
            .on(114, request_reasons(stage.day(104)))
            .on(106, record_reasons("想看看你们每天都在做什么", false))
            .refused(103, Item::new("收发文登记簿", "excessive_unjustified").with("article", "第三十五条")
                .because("申请的数量、频次明显超过合理范围，所述理由不合理，不予处理。"))
            .mailed(100, 97, 88),
        stage.office("reissue", InPerson, "马丽萍")
            .submit(58, "重新出具建设路31号的征收范围证明",
                "请重新出具已于上次答复中提供的建设路31号征收范围证明并加盖公章")
            .receive(58).review(57)
            .refused(53, Item::new("征收范围证明", "reconfirmation")
                .because("您已经获取该信息，要求重新出具的，不予重复处理。"))
            .mailed(50, 47, 37),
    ]
}
