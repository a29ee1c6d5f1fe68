//! Applications in hand: running, late, suspended, waiting, extended, delayed; in review, in approval, sent but not received.

use serde_json::json;

use super::super::steps::*;
use super::super::story::{Stage, Story};
use crate::domain::case::submission::Channel::*;
use crate::domain::case::submission::{Form, Route};
use crate::domain::document::Purpose;

/// Every kind of clock that has not stopped.
pub fn stories<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = running(stage);
    stories.extend(waiting(stage));
    stories.extend(longer(stage));
    stories
}

fn running<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("due-soon", InPerson, "林巧云")
            .submit(17, "澄溪县城乡居民医保门诊慢特病病种目录和报销标准",
                "县医保部门与县政府办联合印发的现行门诊慢特病病种目录、起付线和报销比例")
            .receive(17).review(15)
            .on(14, assign(stage.day(-2), "请综合科检索%P年以来联合印发的医保文件")),
        // Past the due date, the unit silent, and the applicant has gone to the reviewing organ.
        stage.office("overdue", RegisteredMail, "南坡村委会")
            .submit(26, "石桥镇至南坡村公路改建工程的财政评审报告",
                "石桥镇至南坡村公路改建工程%P年财政投资评审报告及审定金额")
            .receive(26).review(24)
            .on(22, assign(stage.day(9), "请检索财政投资评审报告"))
            .on(12, note_force_majeure("暴雨致办公楼地下档案库房进水，停用抢修"))
            .on(2, file_remedy("reconsideration", "澄溪县人民政府")),
        stage.office("unit-returned", InPerson, "孙国栋")
            .submit(6, "县城公共停车泊位收费标准和收入使用情况",
                "县城道路公共停车泊位的收费批准文件，以及%P年收入和使用情况")
            .receive(6).review(5)
            .on(5, assign(stage.day(-5), "请检索停车收费的批准文件"))
            .on(3, return_assignment("停车收费由政务公开科牵头的专班办理，不属于本科职责"))
            .on(3, cancel_instrument("D11", "误交科室，协办函收回")),
        stage.department("zoning", InPerson, "郑雨晴")
            .submit(18, "青山路北侧地块建设用地规划许可",
                "青山路北侧原化肥厂地块的建设用地规划许可证、规划条件和总平面图")
            .receive(18).on(18, verify_identity("original_seen")).review(16),
        // The same person asks for the same block again; one reply serves both.
        stage.department("zoning-again", InPerson, "郑雨晴")
            .submit(12, "青山路北侧地块的规划条件", "青山路北侧原化肥厂地块出让时的规划条件")
            .receive(12).on(12, verify_identity("original_seen"))
            .on(9, merge("@case:zoning", "申请人相同，内容已包含在前一件申请之中，征得申请人同意并案办理")),
        stage.office("household", InPerson, "周桂兰")
            .correction()
            .submit(5, "更正本人的移民安置人口登记信息",
                "县移民安置登记册将本人出生年份登记为1986年，应为1968年，附身份证和户口簿")
            .receive(5).review(4),
    ]
}

fn waiting<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("suspended", RegisteredMail, "马丽萍")
            .submit(13, "县城生活垃圾清运服务政府购买合同",
                "%Y年县城生活垃圾清运服务政府购买合同文本、考核办法和拨款凭证")
            .receive(13).review(11)
            .on(11, assign(stage.day(6), "请检索合同和拨款凭证"))
            .on(8, answer_assignment("found", "%Y年政府购买服务合同档案", &["垃圾清运", "政府购买服务"], "陆海峰"))
            .consult(7, "澄溪净城环卫服务有限公司", "合同所附的报价明细和人员名单")
            .consultation_delivered(5)
            // The receipt that came back shows another day of delivery; the correction waits for the approver.
            .on(1, correct_fact("notice_delivered", "delivered_on", stage.day(4), "回执显示的签收日期比登记的晚一天")),
        stage.department("undelivered", RegisteredMail, "正衡律师所")
            .submit(11, "石桥镇采石场采矿权出让合同", "石桥镇老鹰岩采石场采矿权出让合同及开采方案")
            .receive(11).review(9)
            .consult(4, "澄溪县老鹰岩石材有限公司", "采矿权出让合同中的投资计划和开采方案"),
        // Two letters at once: the days count as suspended only once.
        stage.government("joint", RegisteredMail, "清水河环保协会")
            .submit(15, "清水河饮用水水源保护区划定方案",
                "县政府会同市生态环境局澄溪分局制作的清水河饮用水水源保护区划定方案及图件")
            .receive(15).review(13)
            .on(10, consult_agency("江临市生态环境局澄溪分局", "共同制作的划定方案是否可以公开", true))
            .consultation_delivered(8)
            .consult(8, "江临市水环境工程技术有限公司", "划定方案所附的水质监测原始数据")
            .consultation_delivered(6),
        stage.office("paying", InPerson, "吴德明")
            .submit(16, "%P年全县村级公益事业财政奖补项目档案",
                "%P年全县村级公益事业财政奖补项目的申报书、批复和验收材料")
            .receive(16).review(14).fee_by_page(8, 6, 120)
            .on(2, record_payment(500, "财政票据 0098231")),
        stage.department("payment-late", InPerson, "青禾建材")
            .submit(44, "全县历年采矿权出让档案", "全县历年采矿权出让的公告、合同和价款缴纳凭证")
            .receive(44).review(42).fee_by_page(35, 32, 260),
    ]
}

fn longer<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = vec![
        // One application asked for two things; each became a case.
        stage.office("parts", InPerson, "正衡律师所")
            .submit(33, "县人民医院新院区建设的环评批复和征地补偿方案",
                "县人民医院新院区建设项目的环境影响报告书批复，以及项目用地的征地补偿安置方案")
            .receive(33)
            .on(32, split(&[
                json!({"title": "县人民医院新院区建设项目环评批复", "features": "县人民医院新院区建设项目环境影响报告书的批复文件"}),
                json!({"title": "县人民医院新院区征地补偿安置方案", "features": "县人民医院新院区建设项目用地的征地补偿安置方案"}),
            ]))
            .review(31)
            .granted(24, granted("环境影响报告书批复", "随函附送复印件一份"))
            .issue(21, "mail").deliver(18, "signed").part(2).review(31)
            .on(18, propose_extension(20, "补偿方案档案尚在移交，需要较长时间整理"))
            .on(16, approve_extension()),
        stage.office("extension-proposed", InPerson, "青禾建材")
            .submit(18, "工业园区标准厂房租金减免的会议决定和企业名单",
                "%P年工业园区标准厂房租金减免政策的决定文件和享受减免的企业名单")
            .receive(18).review(16)
            .on(1, propose_extension(15, "涉及企业较多，逐户核对名单需要时间")),
        stage.office("delayed", RegisteredMail, "孙国栋")
            .submit(42, "近五年全部县长办公会议议定事项", "近五年历次县长办公会议议定事项的公开文本，共约二百份")
            .receive(42).review(40)
            .on(38, request_reasons(stage.day(24)))
            .on(30, record_reasons("用于编写县志政事篇，附县志编纂委员会的约稿函", true))
            .on(27, set_delay(stage.day(-15), "数量较大，理由合理，分批整理，确定延期答复并告知申请人")),
    ];
    stories.extend(stage.online("reasons").map(|story| {
        story
            .submit(10, "全县各单位公务接待明细", "%P年全县各单位每一次公务接待的对象、事由和金额")
            .on(10, confirm_submission()).receive(9).review(8)
            .on(4, request_reasons(stage.day(-6)))
    }));
    stories
}

/// From the draft to the signature: whom it waits for now.
pub fn at_the_end<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    let mut stories = in_review(stage);
    stories.extend(before_the_approver(stage));
    stories.extend(sent(stage));
    stories
}

fn in_review<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("to-secrecy", InPerson, "林巧云")
            .submit(14, "全县应急避难场所名录", "全县应急避难场所的名称、地址、容纳人数和启用条件")
            .receive(14).review(12)
            .on(11, assign(stage.day(4), "请检索应急避难场所名录"))
            .on(5, answer_assignment("found", "应急预案和避难场所档案", &["应急避难场所"], "陆海峰"))
            .enclosing(Purpose::SearchResult, "应急避难场所名录.txt")
            .on(1, draft_reply(&[
                granted("应急避难场所名录", "随函附送电子件").with("assignment_id", "@sub:assignment"),
                Item::new("应急物资储备点位图", "safety_stability").with("article", "第十四条")
                    .because("点位图公开后可能危及公共安全，不予公开。"),
            ])),
        stage.office("to-legal", RegisteredMail, "正衡律师所")
            .submit(16, "县政府关于某供热特许经营协议补充条款的会议材料",
                "%P年县政府审议城区集中供热特许经营协议补充条款的会议纪要和汇报材料")
            .receive(16).review(14)
            .on(3, draft_reply(&[
                granted("会议纪要", "随函附送复印件"),
                Item::new("部门汇报材料", "process_information").with("ground", "请示报告").with("article", "第十六条第二款")
                    .because("汇报材料属于形成决定过程中的请示报告，决定以会议纪要为准，不予公开。"),
            ]))
            .on(2, review_secrecy(&[
                json!({"item": 0, "verdict": "redact", "note": "遮盖与本事项无关的议题"}),
                json!({"item": 1, "verdict": "withhold"}),
            ]))
            .on(1, submit_for_legal_review()),
        stage.government("legally-passed", InPerson, "何建军")
            .submit(14, "柳塘镇撤并自然村的调查问卷", "%P年柳塘镇撤并自然村征求意见时收回的村民调查问卷")
            .receive(14).review(13)
            .on(4, draft_reply(&[Item::new("村民调查问卷", "process_information").with("ground", "讨论记录")
                .with("article", "第十六条第二款")
                .because("问卷属于决策过程中形成的讨论、征求意见材料，不予公开。")]))
            .on(3, submit_for_legal_review())
            .on(1, pass_with_changes(&["请在答复中告知征求意见结果的公开网址", "不予公开的理由引用到款"])),
    ]
}

fn before_the_approver<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("to-approve", InPerson, "治理研究所")
            .submit(19, "%Y年县级乡村振兴衔接资金分配方案",
                "%Y年县级财政衔接推进乡村振兴补助资金的分配方案和项目清单")
            .receive(19).review(17)
            .on(4, draft_reply(&[granted("资金分配方案和项目清单", "随函附送")]))
            .release(3).on(2, submit_for_approval()),
        stage.office("approved", InPerson, "南坡村委会")
            .submit(19, "农村生活污水治理设施运维经费安排", "%Y年石桥镇农村生活污水治理设施的运维经费安排和运维单位")
            .receive(19).review(17)
            .granted(4, granted("运维经费安排", "随函附送")),
        // The party objected, the public interest weighs more: it has to be told before the reply goes out (Art 32).
        stage.government("over-objection", RegisteredMail, "清水河环保协会")
            .submit(31, "工业园区电镀企业的废水排放监督性监测报告",
                "%Y年上半年对工业园区电镀企业开展监督性监测形成的废水监测报告")
            .receive(31).review(29)
            .consult(26, "澄溪县华光表面处理有限公司", "监测报告中的生产工艺和排放数据")
            .consultation_delivered(24)
            .on(13, record_opinion("object", Some("监测报告涉及本公司生产工艺，属于商业秘密")))
            .entered_late(12, "意见书当日送达值班室，次日转到经办人")
            .on(9, draft_reply(&[
                granted("废水监督性监测报告", "随函附送复印件").with("consultation_id", "@sub:consultation"),
            ]))
            .on(8, review_secrecy(&[json!({"item": 0, "verdict": "redact", "note": "遮盖工艺参数"})]))
            .on(7, submit_for_approval()).on(1, approve_reply()),
        stage.office("sent-back", InPerson, "黄立新")
            .submit(15, "县城区出租车运营权到期处置方案", "县城区出租车经营权到期后的处置方案")
            .receive(15).review(13)
            .on(6, draft_reply(&[Item::new("处置方案", "process_information").with("article", "第十六条第二款")
                .because("属于过程性信息。")]))
            .on(6, submit_for_legal_review())
            .on(5, pass_with_changes(&["写明处置方案所处的阶段", "告知救济途径的段落另起一行"]))
            .on(4, submit_changed(&[
                json!({"made": true}), json!({"made": false, "note": "现行格式为统一印制，下次改版时调整"}),
            ]))
            .on(2, return_reply("方案已经县政府印发，请核实是否仍属过程性信息")),
    ]
}

fn sent<'a>(stage: &'a Stage<'a>) -> Vec<Story<'a>> {
    vec![
        stage.office("on-the-way", InPerson, "吴德明")
            .submit(21, "城关镇老旧小区改造计划", "%Y年城关镇老旧小区改造计划和各小区改造内容")
            .receive(21).review(19)
            .granted(6, granted("老旧小区改造计划", "随函附送"))
            .issue(2, "mail"),
        // Handed over in person: until the signature the clock runs on.
        stage.office("to-collect", InPerson, "马丽萍")
            .wanting(Form::Inspection, Route::Pickup)
            .submit(16, "建设路拓宽工程房屋征收决定的公告存档", "建设路拓宽工程房屋征收决定公告的存档件，到现场查阅")
            .receive(16).review(14)
            .granted(6, granted("征收决定公告", "县政府办公室政务公开受理窗口查阅"))
            .issue(3, "pickup"),
        stage.office("came-back", RegisteredMail, "孙国栋")
            .submit(41, "县级储备粮轮换招标结果", "%Y年县级储备粮轮换的招标公告和中标结果")
            .receive(41).review(39)
            .granted(30, granted("招标公告和中标结果", "县政府门户网站“公共资源交易”栏目")
                .with("cause", "already_public"))
            .issue(27, "mail").deliver(20, "returned"),
    ]
}
