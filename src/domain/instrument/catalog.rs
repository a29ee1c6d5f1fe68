//! 文书目录: the one table of the instruments. What each is called stands with its code; here stands which action issues it,
//! which fields of that action it needs, on which law it rests, which remedies it tells, to whom it goes, and whether it takes a
//! number.

use serde::Serialize;
use utoipa::ToSchema;

use super::code::InstrumentCode;
use super::issued::AddresseeKind;
use crate::domain::case::catalog::Action;
use crate::domain::words::codes::codes;

codes! {
    /// Which remedies an instrument tells.
    pub enum RemedyRule {
        /// Nothing is decided: no remedy of its own.
        None "none" "不告知",
        /// Reconsideration, or suit.
        Either "either" "申请行政复议或者提起诉讼",
        /// Each item by its ground and day: reconsideration first for the grounds of Arts 14–16.
        ByItems "by_items" "按各事项的结果",
    }
}

/// An instrument as the catalogue lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Listed {
    pub code: InstrumentCode,
    #[schema(examples("补正告知书"))]
    pub name: &'static str,
    /// Whether it takes a number of the agency's series (发文字号).
    pub numbered: bool,
    /// The actions that issue it.
    pub actions: &'static [Action],
    /// The fields of the action that it cannot be without.
    #[schema(examples("defects"))]
    pub fields: &'static [&'static str],
    /// The articles it rests on.
    #[schema(examples("《条例》第三十条"))]
    pub basis: &'static [&'static str],
    pub remedy: RemedyRule,
    pub addressee: AddresseeKind,
}

/// Every instrument, in the order of the form list.
pub fn catalogue() -> Vec<Listed> {
    let listed = |(code, numbered, actions, fields, basis, remedy, addressee): Row| Listed {
        code,
        name: code.label(),
        numbered,
        actions,
        fields,
        basis,
        remedy,
        addressee,
    };
    TABLE.iter().copied().map(listed).collect()
}

/// Whether an instrument takes a number of the agency's series.
pub fn is_numbered(code: InstrumentCode) -> bool {
    TABLE.iter().any(|row| row.0 == code && row.1)
}

/// Whether an action issues papers that leave the agency, so that they may have left it on paper.
pub fn issues_letters(action: Action) -> bool {
    TABLE
        .iter()
        .any(|row| row.2.contains(&action) && row.6 != AddresseeKind::Internal && row.1)
}

type Row = (
    InstrumentCode,
    bool,
    &'static [Action],
    &'static [&'static str],
    &'static [&'static str],
    RemedyRule,
    AddresseeKind,
);

const REPLY: &[Action] = &[Action::IssueReply];

#[rustfmt::skip]
const TABLE: &[Row] = {
    use Action::*;
    use AddresseeKind::{Agency, Applicant, Internal, ThirdParty};
    use InstrumentCode::*;
    use RemedyRule::{ByItems, Either, None};
    &[
        (D01, false, &[Submit], &["applicant", "description"], &["《条例》第二十九条"], None, Internal),
        (D02, false, &[ConfirmReceipt], &["received_on"], &["《条例》第三十一条", "《条例》第四十五条"], None, Internal),
        (D03, false, &[ConfirmReceipt], &["received_on"], &["《条例》第三十一条", "《条例》第四十五条"], None, Applicant),
        (D04, true, &[RequestAmendment], &["defects"], &["《条例》第三十条"], None, Applicant),
        (D05, true, &[RequestReasons], &[], &["《条例》第三十五条"], None, Applicant),
        (D06, true, &[ApproveExtension], &["notified_on"], &["《条例》第三十三条第二款"], None, Applicant),
        (D07, true, &[ConsultThirdParty], &["party", "concerning"], &["《条例》第十五条", "《条例》第三十二条"], None, ThirdParty),
        (D08, false, &[RecordOpinion], &["opinion", "received_on"], &["《条例》第三十二条", "《条例》第三十四条"], None, Internal),
        (D09, true, &[ConsultThirdParty, ConsultAgency], &["sent_on"], &["《条例》第三十三条第三款"], None, Applicant),
        (D10, true, &[ConsultAgency], &["agency_name", "concerning"], &["《条例》第十一条", "《条例》第三十四条"], None, Agency),
        (D11, false, &[Assign], &["unit_id", "due_on"], &["《条例》第四十五条"], None, Internal),
        (D12, true, &[IssueFeeNotice], &["scheme", "count"], &["《条例》第四十二条", "国办函〔2020〕109号第六条"], None, Applicant),
        (D13, true, &[LapseAmendment], &[], &["《条例》第三十条"], Either, Applicant),
        (D14, true, &[LapseFee], &[], &["《条例》第四十二条", "国办函〔2020〕109号第六条"], Either, Applicant),
        (D20, true, REPLY, &["items/document_ids"], &["《条例》第三十六条第（二）项", "《条例》第四十条"], ByItems, Applicant),
        (D21, true, &[IssueReply, ReplyOnTheSpot], &["items/where"], &["《条例》第三十六条第（一）项", "《条例》第三十三条第一款"], ByItems, Applicant),
        (D22, true, REPLY, &["items"], &["《条例》第三十七条"], ByItems, Applicant),
        (D23, true, REPLY, &["items/article", "items/explanation"], &["《条例》第十四条", "《条例》第三十六条第（三）项"], ByItems, Applicant),
        (D24, true, REPLY, &["items/article", "items/law", "items/explanation"], &["《条例》第十四条", "《条例》第三十六条第（三）项"], ByItems, Applicant),
        (D25, true, REPLY, &["items/article", "items/explanation"], &["《条例》第十四条", "《条例》第三十六条第（三）项"], ByItems, Applicant),
        (D26, true, REPLY, &["items/article", "items/consultation_id", "items/explanation"], &["《条例》第十五条", "《条例》第三十二条"], ByItems, Applicant),
        (D27, true, REPLY, &["items/article", "items/explanation"], &["《条例》第十六条第一款"], ByItems, Applicant),
        (D28, true, REPLY, &["items/article", "items/explanation"], &["《条例》第十六条第二款"], ByItems, Applicant),
        (D29, true, REPLY, &["items/article", "items/explanation"], &["《条例》第十六条第二款"], ByItems, Applicant),
        (D30, true, REPLY, &["items/cause", "items/explanation", "items/assignment_id"], &["《条例》第三十六条第（四）项"], ByItems, Applicant),
        (D31, true, REPLY, &["items/cause", "items/explanation"], &["《条例》第三十六条第（五）项"], ByItems, Applicant),
        (D32, true, REPLY, &["items/explanation"], &["《条例》第三十八条"], ByItems, Applicant),
        (D33, true, REPLY, &["items/explanation"], &["《条例》第二十九条", "《条例》第三十条"], ByItems, Applicant),
        (D34, true, REPLY, &["items/explanation"], &["《条例》第三十九条第一款"], ByItems, Applicant),
        (D35, true, REPLY, &["items/earlier_number"], &["《条例》第三十六条第（六）项"], ByItems, Applicant),
        (D36, true, REPLY, &["items/explanation"], &["《条例》第三十九条第二款"], ByItems, Applicant),
        (D37, true, REPLY, &["items/explanation"], &["《条例》第三十五条"], ByItems, Applicant),
        (D38, true, REPLY, &["items/explanation"], &["《条例》第二条", "《条例》第三十六条第（六）项", "《条例》第三十八条"], ByItems, Applicant),
        (D39, true, REPLY, &["items/explanation"], &["《条例》第三十六条第（七）项"], ByItems, Applicant),
        (D40, true, &[SetDelay], &["until", "reason"], &["《条例》第三十五条"], None, Applicant),
        (D41, true, &[NotifyThirdParty], &["reason"], &["《条例》第三十二条"], Either, ThirdParty),
        (D42, true, REPLY, &["items/explanation"], &["《条例》第四十一条"], ByItems, Applicant),
        (D43, false, &[RecordDelivery, RecordNoticeDelivery], &["result"], &["国办公开办函〔2016〕235号", "《民事诉讼法》第八十七条至第九十五条"], None, Internal),
        (D44, false, &[ApproveReply], &[], &["《条例》第十七条"], None, Internal),
        (D45, false, &[Archive], &["retention"], &["《条例》第四十五条"], None, Internal),
        (D46, true, &[ReplaceReply], &["reason"], &["《条例》第四十五条"], None, Applicant),
        (D47, true, &[Reopen, RevokeEnding], &["reason"], &["《条例》第三十条", "《条例》第四十五条"], None, Applicant),
        (D48, true, REPLY, &["items/explanation"], &["《条例》第二条"], ByItems, Applicant),
    ]
};
