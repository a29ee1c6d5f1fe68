//! How a case can end: the leaves r03–r23 of table 三 (国办公开办函〔2021〕30号) and the outcomes of a correction (Art 41).
//!
//! Each outcome has one line with its names and one in [`Outcome::facts`] with its row, group, articles and required
//! fields. The remedies to print are dated and stand in [`super::remedy`].

use crate::domain::instrument::code::InstrumentCode;
use crate::domain::words::codes::codes;

codes! {
    /// What is asked for 申请类别.
    #[derive(Default)]
    pub enum CaseKind {
        /// Art 27.
        #[default]
        Disclosure "disclosure" "政府信息公开申请",
        /// Art 41; not counted in table 三.
        Correction "correction" "更正本人信息",
    }

    /// How a case, or one item of a reply, ends 办理结果: a leaf of table 三 in its order, or an outcome of a correction.
    pub enum Outcome {
        Granted "granted" "予以公开" / "granted",
        PartlyGranted "partly_granted" "部分公开（区分处理的，只计这一情形，不计其他情形）" / "partly granted",
        StateSecret "state_secret" "属于国家秘密" / "state secret",
        OtherLawForbids "other_law_forbids" "其他法律行政法规禁止公开" / "forbidden by another law or administrative regulation",
        SafetyStability "safety_stability" "危及“三安全一稳定”" / "endangers national, public or economic security or social stability",
        ThirdPartyRights "third_party_rights" "保护第三方合法权益" / "protects a third party's lawful rights",
        InternalAffairs "internal_affairs" "属于三类内部事务信息" / "internal affairs (personnel, logistics, internal workflow)",
        ProcessInformation "process_information" "属于四类过程性信息" / "process information (discussion, draft, consultation, request for instructions)",
        EnforcementFile "enforcement_file" "属于行政执法案卷" / "administrative enforcement file",
        AdministrativeQuery "administrative_query" "属于行政查询事项" / "governed by a special access procedure",
        NotHeld "not_held" "本机关不掌握相关政府信息" / "not held by this agency",
        NeedsCreation "needs_creation" "没有现成信息需要另行制作" / "would have to be created",
        StillUnclear "still_unclear" "补正后申请内容仍不明确" / "still unclear after amendment",
        PetitionComplaint "petition_complaint" "信访举报投诉类申请" / "petition, report or complaint",
        Repeated "repeated" "重复申请" / "repeated application",
        Publication "publication" "要求提供公开出版物" / "asks for an open publication",
        ExcessiveUnjustified "excessive_unjustified" "无正当理由大量反复申请" / "excessive applications without good reason",
        Reconfirmation "reconfirmation" "要求行政机关确认或重新出具已获取信息" / "asks to confirm or re-issue information already obtained",
        AmendmentLapsed "amendment_lapsed" "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请" / "not amended in time without good reason",
        FeeLapsed "fee_lapsed" "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请" / "fee not paid in time",
        Other "other" "其他" / "other",
        Corrected "corrected" "予以更正" / "corrected",
        NotCorrected "not_corrected" "不予更正" / "not corrected",
        Transferred "transferred" "转送有权更正的行政机关" / "passed to the agency that may correct it",
        TransferTold "transfer_told" "告知向有权更正的行政机关提出" / "told which agency may correct it",
    }

    /// Why an outcome came about, where one leaf covers several situations.
    pub enum OutcomeCause {
        /// Art 36(1), counted as granted.
        AlreadyPublic "already_public" "已主动公开" / "already published",
        /// 经检索没有, Art 36(4), counted as not held.
        NotExisting "not_existing" "政府信息不存在" / "the information does not exist",
        /// Art 36(5), counted as not held.
        NotOurAgency "not_our_agency" "不属于本机关负责公开" / "another agency is responsible",
        /// Art 2, counted as other.
        NotGovernmentInformation "not_government_information" "不属于政府信息" / "not government information",
        /// Counted as other; the end of a case, never an item of a reply.
        Withdrawn "withdrawn" "申请人撤回申请" / "withdrawn by the applicant",
        /// Counted as other; the end of a case, never an item of a reply.
        Merged "merged" "并入另案办理" / "merged into another case",
    }
}

impl OutcomeCause {
    /// The outcome this cause explains.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::AlreadyPublic => Outcome::Granted,
            Self::NotExisting | Self::NotOurAgency => Outcome::NotHeld,
            Self::NotGovernmentInformation | Self::Withdrawn | Self::Merged => Outcome::Other,
        }
    }

    /// Whether an item of a reply may give it; the others follow from actions of their own.
    pub fn given_for_item(self) -> bool {
        match self {
            Self::AlreadyPublic | Self::NotExisting | Self::NotOurAgency | Self::NotGovernmentInformation => true,
            Self::Withdrawn | Self::Merged => false,
        }
    }
}

codes! {
    /// The headings of table 三 over its leaves, and the outcomes of a correction.
    pub enum Group {
        Granted "granted" "予以公开",
        PartlyGranted "partly_granted" "部分公开",
        Withheld "withheld" "不予公开",
        CannotProvide "cannot_provide" "无法提供",
        NotProcessed "not_processed" "不予处理",
        OtherHandling "other_handling" "其他处理",
        /// Art 41, outside table 三.
        Correction "correction" "更正",
    }

    /// A field an item must carry, beside its description.
    pub enum RequiredField {
        /// `where` or `document_ids`.
        PlaceOrDocuments "place_or_documents" "获取处所或者文件",
        Cause "cause" "情形",
        Article "article" "条款",
        Law "law" "法律法规名称",
        Explanation "explanation" "说明",
        ConsultationId "consultation_id" "征求意见",
        EarlierNumber "earlier_number" "此前答复的编号",
    }
}

struct Facts {
    row: Option<&'static str>,
    group: Group,
    articles: &'static [&'static str],
    required: &'static [RequiredField],
}

impl Outcome {
    /// The leaves of table 三, r03 to r23 in order.
    pub const LEAVES: &'static [Self] = Self::ALL.split_at(21).0;

    /// The outcomes of a correction (Art 41).
    pub const CORRECTIONS: &'static [Self] = Self::ALL.split_at(21).1;

    /// The row of table 三, such as `r03`; none for a correction, which is not counted there.
    pub fn row(self) -> Option<&'static str> {
        self.facts().row
    }

    /// The leaf of a row of table 三.
    pub fn from_row(row: &str) -> Option<Self> {
        Self::LEAVES.iter().copied().find(|leaf| leaf.row() == Some(row))
    }

    pub fn group(self) -> Group {
        self.facts().group
    }

    /// The articles of the Regulation the outcome rests on; for `other` its cause decides.
    pub fn articles(self) -> &'static [&'static str] {
        self.facts().articles
    }

    /// What an item with this outcome must carry beside its description.
    pub fn required_fields(self) -> &'static [RequiredField] {
        self.facts().required
    }

    /// The causes that explain this outcome.
    pub fn causes(self) -> impl Iterator<Item = OutcomeCause> {
        OutcomeCause::ALL
            .iter()
            .copied()
            .filter(move |cause| cause.outcome() == self)
    }

    pub fn case_kind(self) -> CaseKind {
        match self.group() {
            Group::Correction => CaseKind::Correction,
            _ => CaseKind::Disclosure,
        }
    }

    /// （三）不予公开, r05–r12.
    pub fn is_withheld(self) -> bool {
        self.group() == Group::Withheld
    }

    /// Whether the applicant gets exactly what was asked: granted, or corrected.
    pub fn gives_what_was_asked(self) -> bool {
        matches!(self, Self::Granted | Self::Corrected)
    }

    /// Whether an item of a reply in a case of this kind may end so.
    ///
    /// A partial grant is derived from several items; a lapse follows from silence, not from a reply.
    pub fn given_for_item(self, kind: CaseKind) -> bool {
        self.case_kind() == kind && !matches!(self, Self::PartlyGranted | Self::AmendmentLapsed | Self::FeeLapsed)
    }

    /// The code of the letter that tells the outcome (D13–D42, D48); none for an end that needs no letter.
    pub fn document_kind(self, cause: Option<OutcomeCause>) -> Option<InstrumentCode> {
        use InstrumentCode as Code;
        Some(match self {
            Self::Granted if cause == Some(OutcomeCause::AlreadyPublic) => Code::D21,
            Self::Granted => Code::D20,
            Self::PartlyGranted => Code::D22,
            Self::StateSecret => Code::D23,
            Self::OtherLawForbids => Code::D24,
            Self::SafetyStability => Code::D25,
            Self::ThirdPartyRights => Code::D26,
            Self::InternalAffairs => Code::D27,
            Self::ProcessInformation => Code::D28,
            Self::EnforcementFile => Code::D29,
            Self::AdministrativeQuery => Code::D39,
            Self::NotHeld if cause == Some(OutcomeCause::NotOurAgency) => Code::D31,
            Self::NotHeld => Code::D30,
            Self::NeedsCreation => Code::D32,
            Self::StillUnclear => Code::D33,
            Self::PetitionComplaint => Code::D34,
            Self::Repeated => Code::D35,
            Self::Publication => Code::D36,
            Self::ExcessiveUnjustified => Code::D37,
            Self::Reconfirmation => Code::D38,
            Self::AmendmentLapsed => Code::D13,
            Self::FeeLapsed => Code::D14,
            Self::Other if cause == Some(OutcomeCause::NotGovernmentInformation) => Code::D48,
            Self::Other => return None,
            Self::Corrected | Self::NotCorrected | Self::Transferred | Self::TransferTold => Code::D42,
        })
    }

    fn facts(self) -> &'static Facts {
        use RequiredField::*;
        macro_rules! facts {
            ($row:expr, $group:ident, [$($article:literal),*], [$($field:ident),*]) => {
                &Facts { row: $row, group: Group::$group, articles: &[$($article),*], required: &[$($field),*] }
            };
        }
        #[rustfmt::skip]
        let facts: &'static Facts = match self {
            Self::Granted => facts!(Some("r03"), Granted, ["第三十六条第（一）项", "第三十六条第（二）项"], [PlaceOrDocuments]),
            Self::PartlyGranted => facts!(Some("r04"), PartlyGranted, ["第三十七条"], []),
            Self::StateSecret => facts!(Some("r05"), Withheld, ["第十四条", "第三十六条第（三）项"], [Article, Explanation]),
            Self::OtherLawForbids => facts!(Some("r06"), Withheld, ["第十四条", "第三十六条第（三）项"], [Article, Law, Explanation]),
            Self::SafetyStability => facts!(Some("r07"), Withheld, ["第十四条", "第三十六条第（三）项"], [Article, Explanation]),
            Self::ThirdPartyRights => facts!(Some("r08"), Withheld, ["第十五条", "第三十二条", "第三十六条第（三）项"], [Article, ConsultationId, Explanation]),
            Self::InternalAffairs => facts!(Some("r09"), Withheld, ["第十六条第一款", "第三十六条第（三）项"], [Article, Explanation]),
            Self::ProcessInformation => facts!(Some("r10"), Withheld, ["第十六条第二款", "第三十六条第（三）项"], [Article, Explanation]),
            Self::EnforcementFile => facts!(Some("r11"), Withheld, ["第十六条第二款", "第三十六条第（三）项"], [Article, Explanation]),
            Self::AdministrativeQuery => facts!(Some("r12"), Withheld, ["第三十六条第（七）项"], [Explanation]),
            Self::NotHeld => facts!(Some("r13"), CannotProvide, ["第三十六条第（四）项", "第三十六条第（五）项"], [Cause, Explanation]),
            Self::NeedsCreation => facts!(Some("r14"), CannotProvide, ["第三十八条"], [Explanation]),
            Self::StillUnclear => facts!(Some("r15"), CannotProvide, ["第二十九条", "第三十条"], [Explanation]),
            Self::PetitionComplaint => facts!(Some("r16"), NotProcessed, ["第三十九条第一款"], [Explanation]),
            Self::Repeated => facts!(Some("r17"), NotProcessed, ["第三十六条第（六）项"], [EarlierNumber]),
            Self::Publication => facts!(Some("r18"), NotProcessed, ["第三十九条第二款"], [Explanation]),
            Self::ExcessiveUnjustified => facts!(Some("r19"), NotProcessed, ["第三十五条"], [Explanation]),
            Self::Reconfirmation => facts!(Some("r20"), NotProcessed, ["第二条", "第三十六条第（六）项", "第三十八条"], [Explanation]),
            Self::AmendmentLapsed => facts!(Some("r21"), OtherHandling, ["第三十条"], []),
            Self::FeeLapsed => facts!(Some("r22"), OtherHandling, ["第四十二条"], []),
            Self::Other => facts!(Some("r23"), OtherHandling, [], [Explanation]),
            Self::Corrected => facts!(None, Correction, ["第四十一条"], [Explanation]),
            Self::NotCorrected => facts!(None, Correction, ["第四十一条"], [Explanation]),
            Self::Transferred => facts!(None, Correction, ["第四十一条"], [Explanation]),
            Self::TransferTold => facts!(None, Correction, ["第四十一条"], [Explanation]),
        };
        facts
    }
}
