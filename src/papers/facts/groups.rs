//! The groups of variables: those of every instrument, and those that belong to one step of the procedure. Days are written
//! as people read them, 2026年3月10日.

use super::kinds::{Field, Kind, Shown, declare};
use crate::domain::instrument::code::InstrumentCode;

declare! {
    /// 机关
    Agency {
        name: String = "名称", "发文机关全称", "澄溪县人民政府办公室";
        address: String = "地址", "办公地址（《条例》第十二条，政府信息公开指南）", "江临市澄溪县文昌路1号";
        post_address: String = "邮寄地址", "邮寄材料的地址，在机关设置中填写；没有填写的，为办公地址", "江临市澄溪县文昌路1号";
        pickup_address: String = "领取地址", "当面领取、查阅的地点，在机关设置中填写；没有填写的，为办公地址", "澄溪县政务服务中心一楼";
        phone: String = "电话", "联系电话", "0500-8123456";
        office_hours: String = "办公时间", "办公时间", "工作日 9:00-12:00，14:00-17:00";
        reconsideration_organ: String = "复议机关", "行政复议机关", "江临市人民政府";
        court: String = "法院", "有管辖权的人民法院", "江临市中级人民法院";
        local_basis: Option<String> = "地方依据", "本机关另外引用的地方性规定，在机关设置中填写", "《江临市政府信息公开规定》第十条";
        payment: Option<String> = "缴费方式", "缴纳信息处理费的方式，在机关设置中填写", "凭本通知书到澄溪县政务服务中心财政窗口缴纳";
    }

    /// 案件
    Case {
        number: String = "编号", "申请编号；尚未登记收到的，为登记编号", "YXZF-2026-000012";
        intake_number: String = "登记编号", "提交申请时的登记编号", "YXZF-S-2026-000018";
        received_on: Option<String> = "收到日期", "收到申请之日（第三十一条）", "2026年3月10日";
        arrived_on: String = "到达日期", "申请到达本机关之日", "2026年3月10日";
        channel: String = "渠道", "提交申请的渠道", "当面提交";
        applicant: String = "申请人", "申请人姓名或者名称；多人的，为“某某等三人”", "陈明远";
        applicant_kind: Option<String> = "申请人类型", "自然人、商业企业等六类之一", "自然人";
        is_person: bool = "申请人为自然人", "申请人是否为自然人", "true";
        you: String = "称谓", "正文中对申请人的称谓：您、贵单位", "您";
        correction: bool = "为更正申请", "是否为更正本人信息的申请（第四十一条）", "false";
        title: String = "标题", "所申请信息的名称", "某地块征收补偿安置方案";
        content: String = "申请内容", "申请人所写的内容：名称、文号、特征性描述", "某地块征收补偿安置方案（2025年批准的方案全文）";
        form: Option<String> = "提供方式", "申请人要求的提供方式", "纸质";
        route: Option<String> = "获取途径", "申请人要求的获取途径", "邮寄";
        due_on: Option<String> = "答复期限", "按现有情况应当答复的最后日期", "2026年4月8日";
        officer: Option<String> = "经办人", "本案经办人", "李芸";
    }

    /// 文书
    Instrument {
        name: String = "名称", "文书名称", "补正告知书";
        title: String = "标题", "文书的标题", "政府信息公开申请补正告知书";
        issued_on: String = "成文日期", "发出（作出）之日；起草时为空白", "2026年3月12日";
    }

    /// 答复的文书
    Letter {
        name: String = "名称", "文书名称", "政府信息公开告知书";
        title: String = "标题", "文书的标题", "政府信息公开告知书";
    }

    /// 一件此前发出的文书
    Earlier {
        name: String = "名称", "文书名称", "补正告知书";
        number: Option<String> = "文号", "发文字号", "云政公开〔2026〕12号";
        issued_on: String = "日期", "发出之日", "2026年3月12日";
    }

    /// 回执
    Receipt {
        rule: String = "收到依据", "以哪一天为收到之日及其依据（第三十一条）", "当面提交的，以提交之日为收到申请之日";
        due: String = "期限", "答复期限的最后日期，或者为什么还没有", "2026年4月8日以前（含当日）";
        due_rule: String = "期限说明", "答复期限怎么计算（第三十三条）", "本机关自收到申请之日的次日起20个工作日内答复";
        id_document: String = "身份证明", "身份证明的名称和遮盖后的号码", "居民身份证：1101********002X";
        track_url: String = "查询网址", "查询办理进度的网址", "https://xxgk.example.gov.cn/track";
        needs: Option<String> = "便利需求", "申请人提出的阅读、视听方面的便利需求（第四十三条）", "需要大字版材料";
    }

    /// 补正
    Amendment {
        defects: Vec<String> = "事项", "需要一次性补正的各项内容", "未附身份证明，请补充提供身份证明", "对所需信息的描述不明确，请写明信息的名称、文号或者便于查询的其他特征";
        respond_by: Option<String> = "期限", "补正的最后日期；告知书未指定日期的，没有", "2026年4月2日";
        working_days: u32 = "工作日", "自送达起至少可用的补正工作日数", "15";
    }

    /// 说明理由
    Reasons {
        respond_by: Option<String> = "期限", "说明理由的最后日期；没有指定的，没有", "2026年4月2日";
        in_month: Option<u32> = "本月件数", "申请人本月向本机关提出的申请件数", "36";
    }

    /// 延期
    Extension {
        old_due_on: String = "原期限", "延长之前的答复期限", "2026年4月8日";
        new_due_on: String = "新期限", "延长之后的答复期限", "2026年5月9日";
        working_days: u32 = "工作日", "延长的工作日数", "20";
        reason: String = "理由", "延长的理由", "申请的信息数量较多，需要逐件审查";
        approved_on: String = "批准日期", "本机关政府信息公开工作机构负责人同意延长之日", "2026年4月2日";
    }

    /// 征求意见
    Consultation {
        addressee: String = "对象", "被征求意见的第三方或者行政机关", "江临市鼎成建设有限公司";
        concerning: String = "内容", "征求意见所涉及的政府信息", "某地块征收补偿协议中的补偿金额";
        working_days: u32 = "工作日", "自收到之日起提出意见的工作日数", "15";
        due_on: Option<String> = "期限", "提出意见的最后日期；还没有登记送达的，没有", "2026年4月2日";
        joint: bool = "共同制作", "被征求意见的机关是否与本机关共同制作该信息（第三十四条）", "false";
        third_party: bool = "为第三方", "被征求意见的是否为第三方（第三十二条）", "true";
        started_on: String = "开始日期", "征求意见书发出之日", "2026年3月12日";
        opinion: Option<String> = "意见", "反馈的意见：同意、不同意等", "不同意";
        opinion_reason: Option<String> = "意见理由", "反馈意见所附的理由", "涉及本公司商业秘密";
        opinion_on: Option<String> = "意见日期", "收到反馈意见之日", "2026年3月20日";
    }

    /// 协办
    Assignment {
        unit: String = "科室", "协助检索的科室", "土地利用科";
        due_on: String = "期限", "反馈的最后日期", "2026年3月20日";
        note: Option<String> = "要求", "交办时写明的要求", "请检索2025年以来的征收补偿档案";
    }

    /// 收费计算的一行
    FeeLine {
        from: u32 = "起", "本档的第一件（页）", "31";
        to: u32 = "止", "本档的最后一件（页）", "72";
        count: u32 = "数量", "落在本档的件（页）数", "42";
        rate: u32 = "单价", "本档每件（页）的收费，元", "10";
        amount: String = "金额", "本档的收费，元", "420";
    }

    /// 收费
    Fee {
        by_page: bool = "按量", "是否按量（页）计收；否则按件计收", "true";
        unit: String = "单位", "件、页", "页";
        count: u32 = "数量", "计费的件（页）数", "72";
        ordinal: u32 = "本月序号", "按件计收时，本件为申请人本月的第几件", "35";
        lines: Vec<FeeLine> = "计算", "逐档计算";
        amount: u32 = "金额", "应缴金额，元", "420";
        amount_in_words: String = "大写金额", "应缴金额的大写", "肆佰贰拾元整";
        working_days: u32 = "缴费工作日", "自收到通知书次日起缴费的工作日数", "20";
        pay_by: Option<String> = "缴费期限", "缴费的最后日期；还没有登记送达的，没有", "2026年4月9日";
    }

    /// 不再处理
    Lapse {
        notice: Option<Earlier> = "告知书", "逾期未补正（未缴费）的告知书、通知书";
        due_on: String = "期限", "应当补正（缴费）的最后日期", "2026年4月2日";
        delivered_on: Option<String> = "送达日期", "该告知书、通知书的送达之日", "2026年3月12日";
        amount: Option<u32> = "金额", "应缴金额，元；逾期不补正的，没有", "420";
    }

    /// 延迟答复
    Delay {
        until: String = "期限", "确定的延迟答复期限", "2026年6月30日";
        reason: String = "理由", "延迟的理由", "申请数量较多，需要分批检索";
    }

    /// 公开决定
    Release {
        party: String = "第三方", "被告知的第三方", "江临市鼎成建设有限公司";
        concerning: String = "内容", "决定公开的、与第三方有关的政府信息", "某地块征收补偿协议中的补偿金额";
        reason: String = "理由", "不公开将对公共利益造成重大影响的理由", "涉及公共资金使用，不公开将对公共利益造成重大影响";
        opinion_on: Option<String> = "意见日期", "收到第三方不同意意见之日", "2026年3月20日";
    }

    /// 送达
    Delivery {
        paper: String = "文书", "送达的文书", "政府信息不予公开告知书";
        number: Option<String> = "文号", "其发文字号", "云政公开〔2026〕12号";
        recipient: String = "受送达人", "受送达人", "陈明远";
        method: Option<String> = "方式", "送达方式", "邮寄";
        reference: Option<String> = "凭据号", "邮件号等", "EMS 1234567890123";
        sent_on: Option<String> = "发出日期", "交寄、发出之日", "2026年4月2日";
        result: Option<String> = "结果", "签收、拒收、退回、公告送达等", "签收";
        on: Option<String> = "日期", "签收、拒收、退回或者公告之日", "2026年4月4日";
        signed_by: Option<String> = "签收人", "签收人", "陈明远";
        relation: Option<String> = "与受送达人关系", "签收人与受送达人的关系", "本人";
        witness: Option<String> = "见证人", "拒收时在场的见证人", "王宏";
        proof: Option<String> = "凭证", "回执、照片等凭证", "EMS 回执";
    }

    /// 审查记录的一行
    Review {
        stage: String = "环节", "保密审查、法制审核、签发", "法制审核";
        by: Option<String> = "人员", "办理的人", "周敏";
        on: String = "日期", "办理之日", "2026年4月1日";
        opinion: String = "意见", "通过、修改后通过、退回等", "通过";
        note: Option<String> = "说明", "写明的意见", "同意";
    }

    /// 审查呈批
    Approval {
        drafted_by: Option<String> = "拟稿人", "拟稿人", "李芸";
        drafted_on: String = "拟稿日期", "拟稿之日", "2026年3月30日";
        outcome: String = "办理结果", "拟办的结果", "部分公开";
        items: Vec<ApprovalItem> = "事项", "逐项的处理意见和保密审查结论";
        reviews: Vec<Review> = "审查", "各环节的审查意见";
    }

    /// 审查呈批的一项
    ApprovalItem {
        place: u32 = "序号", "事项的序号", "1";
        description: String = "内容", "所申请的信息", "某地块征收补偿安置方案";
        outcome: String = "结果", "拟办的结果", "予以公开";
        basis: String = "依据", "所依据的条款", "第三十六条第（二）项";
        secrecy: Option<String> = "保密审查", "保密审查的结论", "可以公开";
    }

    /// 归档目录的一行
    FiledPiece {
        place: u32 = "序号", "件内顺序", "1";
        name: String = "题名", "文件题名", "政府信息公开申请表";
        number: Option<String> = "文号", "发文字号", "云政公开〔2026〕12号";
        author: Option<String> = "责任者", "形成文件的单位或者个人", "澄溪县人民政府办公室";
        on: String = "日期", "形成或者入卷之日", "2026年3月10日";
        pages: Option<u32> = "页数", "页数；尚未清点的，没有", "2";
    }

    /// 归档
    Archive {
        retention: String = "保管期限", "保管期限", "30 年";
        on: String = "归档日期", "归档之日", "2026年12月28日";
        outcome: Option<String> = "办理结果", "办理结果", "部分公开";
        pieces: Vec<FiledPiece> = "目录", "案卷内文件目录";
    }

    /// 更换答复
    Replacement {
        reply: Option<Earlier> = "原答复", "被更换的答复";
        reason: String = "理由", "更换的理由", "原答复遗漏了部分附件";
    }

    /// 恢复办理
    Resumption {
        ending: String = "原处理", "此前的终结方式", "逾期未补正，不再处理";
        notice: Option<Earlier> = "原文书", "此前告知终结的文书";
        reason: String = "理由", "恢复办理的理由", "补正材料已于期限内由收发室签收";
        reopened: bool = "理由正当", "是否因申请人有正当理由而恢复；否则为撤销误登的终结", "false";
    }

    /// 随文提供的一份文件
    Attached {
        name: String = "名称", "文件名称", "某地块征收补偿安置方案";
    }

    /// 检索记录
    Search {
        scope: String = "范围", "检索的范围", "2020年以来的征收档案";
        systems: String = "系统", "检索的系统、库房", "档案管理系统、办公自动化系统";
        keywords: String = "关键词", "检索使用的关键词", "某地块、征收、补偿";
        by: String = "检索人", "检索人", "赵强";
        on: String = "日期", "检索之日", "2026年3月18日";
        unit: Option<String> = "科室", "检索的科室", "土地利用科";
    }

    /// 答复的一个事项
    Item {
        place: u32 = "序号", "事项在答复中的序号", "1";
        number: Option<String> = "申请编号", "事项所属申请的编号；只答复一件申请的，没有", "YXZF-2026-000012";
        amended_on: Option<String> = "补正日期", "事项所属申请收到补正之日；没有补正过的，没有", "2026年3月20日";
        description: String = "内容", "所申请的信息", "某地块征收补偿安置方案";
        article: Option<String> = "条款", "所依据的《条例》条款", "第十六条第二款";
        law: Option<String> = "法律法规", "禁止公开的法律、行政法规，或者有特别规定的法律、行政法规", "《中华人民共和国统计法》第二十八条";
        ground: Option<String> = "情形", "条款所列的具体情形", "讨论记录";
        other: bool = "另作处理", "结果是否为其他处理而没有写明原因（表三“其他处理”）", "false";
        reason: Option<String> = "理由", "告知申请人的理由、说明", "该信息为形成决定过程中的讨论记录";
        wherever: Option<String> = "获取处", "获取信息的方式、途径或者处所", "县政府网站“规划计划”栏目";
        documents: Vec<Attached> = "文件", "随文提供的文件";
        pages: Option<u32> = "页数", "随文提供文件的页数；没有填写的，没有", "12";
        redactions: Option<String> = "遮盖说明", "遮盖了哪些内容、为什么", "遮盖了被征收人的身份证号码";
        form: Option<String> = "提供方式", "提供的方式", "纸质";
        route: Option<String> = "获取途径", "获取的途径", "邮寄";
        search: Option<Search> = "检索", "检索记录";
        party_asked_on: Option<String> = "征求意见日期", "书面征求第三方意见之日", "2026年3月12日";
        party_opinion: Option<String> = "第三方意见", "第三方的意见：同意、不同意等", "不同意";
        earlier_number: Option<String> = "此前编号", "此前答复的编号", "YXZF-2025-000031";
        earlier_on: Option<String> = "此前日期", "此前答复之日", "2025年6月10日";
        reasons_asked_on: Option<String> = "要求说明日期", "书面要求申请人说明数量、频次的理由之日（第三十五条）", "2026年3月12日";
        reasons_given_on: Option<String> = "说明日期", "申请人作出说明之日；没有说明的，没有", "2026年3月20日";
        competent_agency: Option<String> = "负责机关", "负责公开该信息的机关", "澄溪县自然资源和规划局";
        competent_contact: Option<String> = "联系方式", "该机关的联系方式", "0500-8123000";
    }

    /// 答复
    Reply {
        items: Vec<Item> = "事项", "本部分的各个事项";
        all: u32 = "全部事项数", "答复的事项总数", "1";
        several: bool = "有多部分", "答复是否分为几个部分", "false";
        replaces: Option<Earlier> = "原答复", "被本答复替换的原答复";
        ordered: bool = "重新答复", "是否按复议决定、判决重新作出的答复", "false";
        numbers: Vec<String> = "一并答复编号", "合并答复的各件申请的编号；只答复一件的，为空", "YXZF-2026-000012", "YXZF-2026-000013";
        amended: Option<String> = "补正日期", "收到补正之日；没有补正过的，没有", "2026年3月20日";
    }

    /// 申请
    Application {
        id_document: String = "身份证明", "身份证明的名称和遮盖后的号码", "居民身份证：1101********002X";
        legal_representative: Option<String> = "法定代表人", "组织的法定代表人", "林文涛";
        contact_name: Option<String> = "联系人", "联系人", "林文涛";
        phone: Option<String> = "电话", "联系电话", "13800000000";
        email: Option<String> = "邮箱", "电子邮箱", "chen@example.com";
        address: Option<String> = "地址", "通信地址", "江临市澄溪县城关镇文昌路12号";
        agent: Option<String> = "代理人", "代理人姓名", "赵律";
        guardian: Option<String> = "法定代理人", "法定代理人姓名及关系", "王秀英（母亲）";
        co_applicants: Option<String> = "共同申请人", "其他申请人", "刘建国、李素梅";
        document_number: Option<String> = "文号", "所申请信息的文号", "澄政发〔2025〕8号";
        features: Option<String> = "特征描述", "便于查询的其他特征", "2025年批准的方案全文";
        filled_by_agency: bool = "代为填写", "是否由本机关代为填写（第二十九条）", "false";
        needs: Option<String> = "便利需求", "阅读、视听方面的便利需求（第四十三条）", "需要大字版材料";
        rule: String = "收到依据", "以哪一天为收到之日及其依据（第三十一条）", "当面提交的，以提交之日为收到申请之日";
    }
}

/// The variables that every instrument has.
pub fn common_groups(is_reply: bool) -> Vec<Field> {
    let instrument = match is_reply {
        true => group::<Letter>("文书", "本文书；成文日期只在落款中"),
        false => group::<Instrument>("文书", "本文书"),
    };
    vec![
        group::<Agency>("机关", "发文机关"),
        group::<Case>("案件", "本案"),
        instrument,
        text("收件人", "主送的人或者机关", &["陈明远"]),
        text("条例", "《条例》的全称", &["《中华人民共和国政府信息公开条例》"]),
    ]
}

/// The group of its own that an instrument has.
pub fn groups_of(code: InstrumentCode) -> Vec<Field> {
    use InstrumentCode::*;
    match code {
        D01 | D02 => vec![group::<Application>("申请", "申请人填写的内容")],
        D03 => vec![group::<Receipt>("回执", "登记回执的内容")],
        D04 => vec![group::<Amendment>("补正", "需要补正的内容")],
        D05 => vec![group::<Reasons>("说明", "要求说明理由的内容")],
        D06 => vec![group::<Extension>("延期", "延长答复期限")],
        D07 | D08 | D09 | D10 => vec![group::<Consultation>("征求意见", "征求意见的内容")],
        D11 => vec![group::<Assignment>("协办", "交办的内容")],
        D12 => vec![group::<Fee>("收费", "信息处理费的计算")],
        D13 | D14 => vec![group::<Lapse>("逾期", "逾期未补正、未缴费的情况")],
        D40 => vec![group::<Delay>("延迟", "延迟答复的期限（第三十五条）")],
        D41 => vec![group::<Release>("公开决定", "公开决定（第三十二条）")],
        D43 => vec![group::<Delivery>("送达", "送达情况")],
        D44 => vec![group::<Approval>("审批", "审查呈批")],
        D45 => vec![group::<Archive>("归档", "归档情况")],
        D46 => vec![group::<Replacement>("更换", "更换答复")],
        D47 => vec![group::<Resumption>("恢复", "恢复办理")],
        _ => vec![group::<Reply>("答复", "答复的内容")],
    }
}

fn group<G: Shown>(name: &'static str, meaning: &'static str) -> Field {
    Field {
        name,
        meaning,
        example: &[],
        kind: G::KIND,
        optional: false,
    }
}

fn text(name: &'static str, meaning: &'static str, example: &'static [&'static str]) -> Field {
    Field {
        name,
        meaning,
        example,
        kind: Kind::Text,
        optional: false,
    }
}
