//! The codes of the instruments, those of the form list of the field (D01–D45) and those it lacks.

use crate::domain::words::codes::codes;

codes! {
    /// An instrument of the procedure (文书).
    pub enum InstrumentCode {
        D01 "D01" "政府信息公开申请表",
        D02 "D02" "政府信息公开申请登记表",
        D03 "D03" "登记回执",
        D04 "D04" "补正告知书",
        D05 "D05" "说明理由告知书",
        D06 "D06" "延期答复告知书",
        D07 "D07" "第三方意见征询书",
        D08 "D08" "征求意见确认函",
        D09 "D09" "征求意见告知书",
        D10 "D10" "征求意见函",
        D11 "D11" "协办函",
        D12 "D12" "信息处理费收费通知书",
        D13 "D13" "不再处理告知书（逾期不补正）",
        D14 "D14" "不再处理告知书（逾期未缴费）",
        D20 "D20" "政府信息公开告知书（予以公开）",
        D21 "D21" "政府信息公开告知书（已主动公开）",
        D22 "D22" "政府信息部分公开告知书",
        D23 "D23" "政府信息不予公开告知书（国家秘密）",
        D24 "D24" "政府信息不予公开告知书（法律、行政法规禁止公开）",
        D25 "D25" "政府信息不予公开告知书（三安全一稳定）",
        D26 "D26" "政府信息不予公开告知书（第三方合法权益）",
        D27 "D27" "政府信息不予公开告知书（内部事务信息）",
        D28 "D28" "政府信息不予公开告知书（过程性信息）",
        D29 "D29" "政府信息不予公开告知书（行政执法案卷信息）",
        D30 "D30" "政府信息不存在告知书",
        D31 "D31" "非本机关负责公开告知书",
        D32 "D32" "没有现成信息告知书",
        D33 "D33" "补正后仍不明确告知书",
        D34 "D34" "不予处理告知书（信访、投诉、举报）",
        D35 "D35" "不予重复处理告知书",
        D36 "D36" "不予处理告知书（公开出版物）",
        D37 "D37" "不予处理告知书（无正当理由大量反复申请）",
        D38 "D38" "不予处理告知书（要求确认或者重新出具）",
        D39 "D39" "行政查询事项告知书",
        D40 "D40" "延迟答复告知书",
        D41 "D41" "公开决定告知书",
        D42 "D42" "更正申请答复书",
        D43 "D43" "送达回证",
        D44 "D44" "审查呈批单",
        D45 "D45" "案卷归档目录",
        /// A reply that left is to be replaced by another one.
        D46 "D46" "更换答复告知书",
        /// A case that was ended goes on.
        D47 "D47" "恢复办理告知书",
        /// What is asked for is no government information (Art 2), and what else has no form of its own.
        D48 "D48" "政府信息公开申请告知书（非政府信息、其他处理）",
    }
}

impl InstrumentCode {
    /// What it calls itself in its text: 本告知书.
    pub fn paper(self) -> &'static str {
        let title = self.title();
        let kinds = ["告知书", "答复书", "通知书", "意见函", "征询书", "回执"];
        kinds.into_iter().find(|kind| title.ends_with(kind)).unwrap_or("文书")
    }

    /// What stands over it: its name without what tells forms of one kind apart.
    pub fn title(self) -> &'static str {
        let label = self.label();
        label.split_once('（').map_or(label, |(title, _)| title)
    }

    /// Whether it is the answer to an application (Art 36, 37, 41), whose text follows from its items.
    pub const fn is_reply(self) -> bool {
        matches!(
            self,
            Self::D20
                | Self::D21
                | Self::D22
                | Self::D23
                | Self::D24
                | Self::D25
                | Self::D26
                | Self::D27
                | Self::D28
                | Self::D29
                | Self::D30
                | Self::D31
                | Self::D32
                | Self::D33
                | Self::D34
                | Self::D35
                | Self::D36
                | Self::D37
                | Self::D38
                | Self::D39
                | Self::D42
                | Self::D48
        )
    }
}
