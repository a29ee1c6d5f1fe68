//! How a case can end: the leaves r03–r23 of table 三 (国办公开办函〔2021〕30号) and the outcomes of a correction (Art 41).
//!
//! Each outcome stands once, in [`Outcome::facts`], with its label, articles and required fields. The remedies to
//! print are dated and stand in [`super::remedy`].

use crate::domain::words::codes::Coded;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is asked for 申请类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// 政府信息公开申请 (Art 27)
    Disclosure,
    /// 更正本人信息 (Art 41); not counted in table 三
    Correction,
}

impl CaseKind {
    pub const ALL: [Self; 2] = [Self::Disclosure, Self::Correction];

    pub fn code(self) -> &'static str {
        match self {
            Self::Disclosure => "disclosure",
            Self::Correction => "correction",
        }
    }
}

/// How a case, or one item of a reply, ends 办理结果: a leaf of table 三 in its order, or an outcome of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Granted,
    PartlyGranted,
    StateSecret,
    OtherLawForbids,
    SafetyStability,
    ThirdPartyRights,
    InternalAffairs,
    ProcessInformation,
    EnforcementFile,
    AdministrativeQuery,
    NotHeld,
    NeedsCreation,
    StillUnclear,
    PetitionComplaint,
    Repeated,
    Publication,
    ExcessiveUnjustified,
    Reconfirmation,
    AmendmentLapsed,
    FeeLapsed,
    Other,
    Corrected,
    NotCorrected,
    Transferred,
    TransferTold,
}

/// Why an outcome came about, where one leaf covers several situations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeCause {
    /// 已主动公开 (Art 36(1)), counted as granted
    AlreadyPublic,
    /// 经检索没有 (Art 36(4)), counted as not held
    NotExisting,
    /// 非本机关负责公开 (Art 36(5)), counted as not held
    NotOurAgency,
    /// 不属于政府信息 (Art 2), counted as other
    NotGovernmentInformation,
    /// 申请人撤回, counted as other; the end of a case, never an item of a reply
    Withdrawn,
    /// 并入另案, counted as other; the end of a case, never an item of a reply
    Merged,
}

impl OutcomeCause {
    pub const ALL: [Self; 6] = [
        Self::AlreadyPublic,
        Self::NotExisting,
        Self::NotOurAgency,
        Self::NotGovernmentInformation,
        Self::Withdrawn,
        Self::Merged,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyPublic => "already_public",
            Self::NotExisting => "not_existing",
            Self::NotOurAgency => "not_our_agency",
            Self::NotGovernmentInformation => "not_government_information",
            Self::Withdrawn => "withdrawn",
            Self::Merged => "merged",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }

    pub fn label_zh(self) -> &'static str {
        match self {
            Self::AlreadyPublic => "已主动公开",
            Self::NotExisting => "政府信息不存在",
            Self::NotOurAgency => "不属于本机关负责公开",
            Self::NotGovernmentInformation => "不属于政府信息",
            Self::Withdrawn => "申请人撤回申请",
            Self::Merged => "并入另案办理",
        }
    }

    pub fn label_en(self) -> &'static str {
        match self {
            Self::AlreadyPublic => "already published",
            Self::NotExisting => "the information does not exist",
            Self::NotOurAgency => "another agency is responsible",
            Self::NotGovernmentInformation => "not government information",
            Self::Withdrawn => "withdrawn by the applicant",
            Self::Merged => "merged into another case",
        }
    }

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

/// The headings of table 三 over its leaves, and the outcomes of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// （一）予以公开
    Granted,
    /// （二）部分公开
    PartlyGranted,
    /// （三）不予公开
    Withheld,
    /// （四）无法提供
    CannotProvide,
    /// （五）不予处理
    NotProcessed,
    /// （六）其他处理
    OtherHandling,
    /// 更正 (Art 41), outside table 三
    Correction,
}

impl Group {
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Granted => "予以公开",
            Self::PartlyGranted => "部分公开",
            Self::Withheld => "不予公开",
            Self::CannotProvide => "无法提供",
            Self::NotProcessed => "不予处理",
            Self::OtherHandling => "其他处理",
            Self::Correction => "更正",
        }
    }
}

/// A field an item must carry, beside its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequiredField {
    /// `where` or `document_ids`
    PlaceOrDocuments,
    Cause,
    Article,
    Law,
    Explanation,
    ConsultationId,
    EarlierNumber,
}

struct Facts {
    code: &'static str,
    row: Option<&'static str>,
    zh: &'static str,
    en: &'static str,
    group: Group,
    articles: &'static [&'static str],
    required: &'static [RequiredField],
}

impl Outcome {
    /// The leaves of table 三, r03 to r23 in order.
    pub const LEAVES: [Self; 21] = [
        Self::Granted,
        Self::PartlyGranted,
        Self::StateSecret,
        Self::OtherLawForbids,
        Self::SafetyStability,
        Self::ThirdPartyRights,
        Self::InternalAffairs,
        Self::ProcessInformation,
        Self::EnforcementFile,
        Self::AdministrativeQuery,
        Self::NotHeld,
        Self::NeedsCreation,
        Self::StillUnclear,
        Self::PetitionComplaint,
        Self::Repeated,
        Self::Publication,
        Self::ExcessiveUnjustified,
        Self::Reconfirmation,
        Self::AmendmentLapsed,
        Self::FeeLapsed,
        Self::Other,
    ];

    /// The outcomes of a correction (Art 41).
    pub const CORRECTIONS: [Self; 4] = [
        Self::Corrected,
        Self::NotCorrected,
        Self::Transferred,
        Self::TransferTold,
    ];

    /// Every outcome, leaves first.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::LEAVES.into_iter().chain(Self::CORRECTIONS)
    }

    pub fn code(self) -> &'static str {
        self.facts().code
    }

    /// The row of table 三, such as `r03`; none for a correction, which is not counted there.
    pub fn row(self) -> Option<&'static str> {
        self.facts().row
    }

    /// The leaf of a row of table 三.
    pub fn from_row(row: &str) -> Option<Self> {
        Self::LEAVES.into_iter().find(|leaf| leaf.row() == Some(row))
    }

    /// The label of the national form, without its numbering.
    pub fn label_zh(self) -> &'static str {
        self.facts().zh
    }

    pub fn label_en(self) -> &'static str {
        self.facts().en
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
            .into_iter()
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

    /// The code of the letter that tells the outcome (D13–D42); none for an end that needs no letter, or `other` in a reply,
    /// which is told by the general letter of its items.
    pub fn document_kind(self, cause: Option<OutcomeCause>) -> Option<&'static str> {
        Some(match self {
            Self::Granted if cause == Some(OutcomeCause::AlreadyPublic) => "D21",
            Self::Granted => "D20",
            Self::PartlyGranted => "D22",
            Self::StateSecret => "D23",
            Self::OtherLawForbids => "D24",
            Self::SafetyStability => "D25",
            Self::ThirdPartyRights => "D26",
            Self::InternalAffairs => "D27",
            Self::ProcessInformation => "D28",
            Self::EnforcementFile => "D29",
            Self::AdministrativeQuery => "D39",
            Self::NotHeld if cause == Some(OutcomeCause::NotOurAgency) => "D31",
            Self::NotHeld => "D30",
            Self::NeedsCreation => "D32",
            Self::StillUnclear => "D33",
            Self::PetitionComplaint => "D34",
            Self::Repeated => "D35",
            Self::Publication => "D36",
            Self::ExcessiveUnjustified => "D37",
            Self::Reconfirmation => "D38",
            Self::AmendmentLapsed => "D13",
            Self::FeeLapsed => "D14",
            Self::Other => return None,
            Self::Corrected | Self::NotCorrected | Self::Transferred | Self::TransferTold => "D42",
        })
    }

    fn facts(self) -> &'static Facts {
        use RequiredField::*;
        macro_rules! facts {
            ($code:literal, $row:expr, $group:ident, $zh:literal, $en:literal, [$($article:literal),*], [$($field:ident),*]) => {
                &Facts { code: $code, row: $row, zh: $zh, en: $en, group: Group::$group, articles: &[$($article),*], required: &[$($field),*] }
            };
        }
        #[rustfmt::skip]
        let facts: &'static Facts = match self {
            Self::Granted => facts!("granted", Some("r03"), Granted, "予以公开", "granted", ["第三十六条第（一）项", "第三十六条第（二）项"], [PlaceOrDocuments]),
            Self::PartlyGranted => facts!("partly_granted", Some("r04"), PartlyGranted, "部分公开（区分处理的，只计这一情形，不计其他情形）", "partly granted", ["第三十七条"], []),
            Self::StateSecret => facts!("state_secret", Some("r05"), Withheld, "属于国家秘密", "state secret", ["第十四条", "第三十六条第（三）项"], [Article, Explanation]),
            Self::OtherLawForbids => facts!("other_law_forbids", Some("r06"), Withheld, "其他法律行政法规禁止公开", "forbidden by another law or administrative regulation", ["第十四条", "第三十六条第（三）项"], [Article, Law, Explanation]),
            Self::SafetyStability => facts!("safety_stability", Some("r07"), Withheld, "危及“三安全一稳定”", "endangers national, public or economic security or social stability", ["第十四条", "第三十六条第（三）项"], [Article, Explanation]),
            Self::ThirdPartyRights => facts!("third_party_rights", Some("r08"), Withheld, "保护第三方合法权益", "protects a third party's lawful rights", ["第十五条", "第三十二条", "第三十六条第（三）项"], [Article, ConsultationId, Explanation]),
            Self::InternalAffairs => facts!("internal_affairs", Some("r09"), Withheld, "属于三类内部事务信息", "internal affairs (personnel, logistics, internal workflow)", ["第十六条第一款", "第三十六条第（三）项"], [Article, Explanation]),
            Self::ProcessInformation => facts!("process_information", Some("r10"), Withheld, "属于四类过程性信息", "process information (discussion, draft, consultation, request for instructions)", ["第十六条第二款", "第三十六条第（三）项"], [Article, Explanation]),
            Self::EnforcementFile => facts!("enforcement_file", Some("r11"), Withheld, "属于行政执法案卷", "administrative enforcement file", ["第十六条第二款", "第三十六条第（三）项"], [Article, Explanation]),
            Self::AdministrativeQuery => facts!("administrative_query", Some("r12"), Withheld, "属于行政查询事项", "governed by a special access procedure", ["第三十六条第（七）项"], [Explanation]),
            Self::NotHeld => facts!("not_held", Some("r13"), CannotProvide, "本机关不掌握相关政府信息", "not held by this agency", ["第三十六条第（四）项", "第三十六条第（五）项"], [Cause, Explanation]),
            Self::NeedsCreation => facts!("needs_creation", Some("r14"), CannotProvide, "没有现成信息需要另行制作", "would have to be created", ["第三十八条"], [Explanation]),
            Self::StillUnclear => facts!("still_unclear", Some("r15"), CannotProvide, "补正后申请内容仍不明确", "still unclear after amendment", ["第二十九条", "第三十条"], [Explanation]),
            Self::PetitionComplaint => facts!("petition_complaint", Some("r16"), NotProcessed, "信访举报投诉类申请", "petition, report or complaint", ["第三十九条第一款"], [Explanation]),
            Self::Repeated => facts!("repeated", Some("r17"), NotProcessed, "重复申请", "repeated application", ["第三十六条第（六）项"], [EarlierNumber]),
            Self::Publication => facts!("publication", Some("r18"), NotProcessed, "要求提供公开出版物", "asks for an open publication", ["第三十九条第二款"], [Explanation]),
            Self::ExcessiveUnjustified => facts!("excessive_unjustified", Some("r19"), NotProcessed, "无正当理由大量反复申请", "excessive applications without good reason", ["第三十五条"], [Explanation]),
            Self::Reconfirmation => facts!("reconfirmation", Some("r20"), NotProcessed, "要求行政机关确认或重新出具已获取信息", "asks to confirm or re-issue information already obtained", ["第二条", "第三十六条第（六）项", "第三十八条"], [Explanation]),
            Self::AmendmentLapsed => facts!("amendment_lapsed", Some("r21"), OtherHandling, "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "not amended in time without good reason", ["第三十条"], []),
            Self::FeeLapsed => facts!("fee_lapsed", Some("r22"), OtherHandling, "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "fee not paid in time", ["第四十二条"], []),
            Self::Other => facts!("other", Some("r23"), OtherHandling, "其他", "other", [], [Explanation]),
            Self::Corrected => facts!("corrected", None, Correction, "予以更正", "corrected", ["第四十一条"], [Explanation]),
            Self::NotCorrected => facts!("not_corrected", None, Correction, "不予更正", "not corrected", ["第四十一条"], [Explanation]),
            Self::Transferred => facts!("transferred", None, Correction, "转送有权更正的行政机关", "passed to the agency that may correct it", ["第四十一条"], [Explanation]),
            Self::TransferTold => facts!("transfer_told", None, Correction, "告知向有权更正的行政机关提出", "told which agency may correct it", ["第四十一条"], [Explanation]),
        };
        facts
    }
}

impl Coded for CaseKind {
    fn as_code(&self) -> &'static str {
        self.code()
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Coded for Outcome {
    fn as_code(&self) -> &'static str {
        self.code()
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|outcome| outcome.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_stand_in_the_order_of_the_form() {
        let rows: Vec<_> = Outcome::LEAVES
            .iter()
            .map(|leaf| leaf.row().unwrap().to_owned())
            .collect();
        let expected: Vec<_> = (3..=23).map(|row| format!("r{row:02}")).collect();
        assert_eq!(rows, expected);
        assert!(Outcome::LEAVES.is_sorted());
        assert!(Outcome::CORRECTIONS.iter().all(|outcome| outcome.row().is_none()));
    }

    #[test]
    fn codes_are_those_of_the_wire() {
        for outcome in Outcome::all() {
            let wire = serde_json::to_value(outcome).unwrap();
            assert_eq!(wire, outcome.code());
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
        }
        for cause in OutcomeCause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.code());
            assert_eq!(OutcomeCause::from_code(cause.code()), Some(cause));
        }
        for kind in CaseKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        assert_eq!(Outcome::from_row("r16"), Some(Outcome::PetitionComplaint));
        assert_eq!(Outcome::from_row("r24"), None);
    }

    #[test]
    fn groups_are_the_headings_of_the_form() {
        let count = |group| Outcome::LEAVES.iter().filter(|leaf| leaf.group() == group).count();
        assert_eq!(
            [
                Group::Granted,
                Group::PartlyGranted,
                Group::Withheld,
                Group::CannotProvide,
                Group::NotProcessed,
                Group::OtherHandling
            ]
            .map(count),
            [1, 1, 8, 3, 5, 3]
        );
        assert!(Outcome::AdministrativeQuery.is_withheld() && !Outcome::NotHeld.is_withheld());
    }

    #[test]
    fn letters_depend_on_the_cause_where_one_leaf_has_two() {
        assert_eq!(Outcome::Granted.document_kind(None), Some("D20"));
        assert_eq!(
            Outcome::Granted.document_kind(Some(OutcomeCause::AlreadyPublic)),
            Some("D21")
        );
        assert_eq!(
            Outcome::NotHeld.document_kind(Some(OutcomeCause::NotOurAgency)),
            Some("D31")
        );
        assert_eq!(Outcome::Other.document_kind(Some(OutcomeCause::Withdrawn)), None);
    }
}
