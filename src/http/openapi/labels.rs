//! Chinese names beside codes and parameters, for people who read the contract.

use serde_json::{Value, json};

use crate::domain::case::changes::SuccessionReason;
use crate::domain::case::consultation::ConsultationEnd;
use crate::domain::case::defect::{DefectCode, FormalCheck};
use crate::domain::case::evidence::EvidenceMeans;
use crate::domain::case::identities::IdentityMeans;
use crate::domain::case::intake::ContactMeans;
use crate::domain::case::letter::NoticeResult;
use crate::domain::case::notice::NoticeTarget;
use crate::domain::case::people::PersonRole;
use crate::domain::case::reviewed::{LegalOpinion, ReviewStage};
use crate::domain::case::sent::{DeliveryResult, ReplyMethod, ReturnedBecause, SignedAs};
use crate::domain::case::state::{ClosingKind, IntakeEnd};
use crate::domain::case::sub::{Opinion, RemedyFiler, SearchResult, SubStatus};
use crate::domain::case::submission::{Channel, Form, Route};
use crate::domain::case::table::{GUARDS, PERIODS};
use crate::domain::case::{Action, LateEntry, Queue, State};
use crate::domain::document::Purpose;
use crate::domain::instrument::catalog::RemedyRule;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::{AddresseeKind, FileFormat};
use crate::domain::law::calendar::NoticeStatus;
use crate::domain::law::deadline::{
    ClockStatus, ConsultationKind, DayReason, NoteCode, RiskCode, TimerKind, TimerStatus,
};
use crate::domain::law::fee::FeeScheme;
use crate::domain::law::rules::ReceiptOnDayOff;
use crate::domain::people::access::Role;
use crate::domain::people::agency::{AgencyKind, AgencyLevel, GuideChannel};
use crate::domain::people::id_document::IdDocumentKind;
use crate::domain::people::party::ApplicantKind;
use crate::domain::reply::{
    CaseKind, Group, HintCode, Outcome, OutcomeCause, RemedyClass, RequiredField, SecrecyVerdict,
};
use crate::domain::report::{RemedyKind, RemedyResult, ReportScope};
use crate::domain::search::query::SearchField;
use crate::domain::words::codes::Coded;
use crate::http::v1::postings::PostingPaper;
use crate::views::draft::{DraftSource, LineChange};
use crate::views::instrument::{InstrumentNoteCode, InstrumentStatus};
use crate::views::template::{TemplateStatus, VariableKind};

/// What a code of the contract is called.
type Label = (&'static str, &'static str);

fn labels<T: Coded>() -> (&'static str, Vec<Label>) {
    let codes = T::ALL.iter().map(|one| (one.as_code(), one.as_label()));
    (T::NAME, codes.collect())
}

/// Every enumeration of the contract, by the name of its schema.
fn enumerations() -> Vec<(&'static str, Vec<Label>)> {
    vec![
        labels::<Action>(),
        labels::<AddresseeKind>(),
        labels::<AgencyKind>(),
        labels::<AgencyLevel>(),
        labels::<ApplicantKind>(),
        labels::<CaseKind>(),
        labels::<Channel>(),
        labels::<ClockStatus>(),
        labels::<ConsultationEnd>(),
        labels::<ConsultationKind>(),
        labels::<ContactMeans>(),
        labels::<DayReason>(),
        labels::<DefectCode>(),
        labels::<DeliveryResult>(),
        labels::<EvidenceMeans>(),
        labels::<FeeScheme>(),
        labels::<FileFormat>(),
        labels::<Form>(),
        labels::<FormalCheck>(),
        labels::<Group>(),
        labels::<GuideChannel>(),
        labels::<IdDocumentKind>(),
        labels::<IdentityMeans>(),
        labels::<InstrumentCode>(),
        labels::<DraftSource>(),
        labels::<LineChange>(),
        labels::<PostingPaper>(),
        labels::<HintCode>(),
        labels::<InstrumentNoteCode>(),
        labels::<InstrumentStatus>(),
        labels::<IntakeEnd>(),
        labels::<LateEntry>(),
        labels::<LegalOpinion>(),
        labels::<NoticeStatus>(),
        labels::<NoticeTarget>(),
        labels::<Opinion>(),
        labels::<Outcome>(),
        labels::<OutcomeCause>(),
        labels::<PersonRole>(),
        labels::<Purpose>(),
        labels::<Queue>(),
        labels::<ReceiptOnDayOff>(),
        labels::<RemedyClass>(),
        labels::<RemedyFiler>(),
        labels::<RemedyKind>(),
        labels::<RemedyResult>(),
        labels::<RemedyRule>(),
        labels::<ReplyMethod>(),
        labels::<ReturnedBecause>(),
        labels::<SignedAs>(),
        labels::<SuccessionReason>(),
        labels::<NoticeResult>(),
        labels::<ClosingKind>(),
        labels::<ReportScope>(),
        labels::<RequiredField>(),
        labels::<ReviewStage>(),
        labels::<Role>(),
        labels::<Route>(),
        labels::<SearchField>(),
        labels::<SearchResult>(),
        labels::<SecrecyVerdict>(),
        labels::<State>(),
        labels::<SubStatus>(),
        labels::<NoteCode>(),
        labels::<RiskCode>(),
        labels::<TemplateStatus>(),
        labels::<TimerKind>(),
        labels::<TimerStatus>(),
        labels::<VariableKind>(),
        ("WindowKind", PERIODS.iter().map(|one| (one.name, one.label)).collect()),
        // A guard is best named by what a person is told when it does not hold.
        ("Guard", guards()),
    ]
}

fn guards() -> Vec<Label> {
    let mut guards: Vec<Label> = GUARDS.iter().map(|guard| (guard.name, guard.refusal.zh)).collect();
    guards.sort_unstable();
    guards
}

/// Words for parameters that say nothing else of themselves.
pub(super) fn parameter(name: &str) -> Option<&'static str> {
    Some(match name {
        "id" => "编号 · the id",
        "agency_id" => "机关 · the agency",
        "owner_id" => "经办人 · whoever handles the case",
        "state" => "办理状态 · the state of the case",
        "kind" => "申请类别 · what is asked for",
        "received_from" => "收到日期不早于 · received on this day or later",
        "received_to" => "收到日期不晚于 · received on this day or earlier",
        _ => return None,
    })
}

/// Adds each code with its Chinese name to the description of its enum.
pub(super) fn add(json: &mut Value) {
    let enumerations = enumerations();
    let schemas = json.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let lines: Vec<String> = enumerations
            .iter()
            .filter(|(known, _)| known == name)
            .flat_map(|(_, labels)| labels)
            .map(|(code, label)| format!("- `{code}` {label}"))
            .collect();
        if lines.is_empty() {
            continue;
        }
        let first = schema.get("description").and_then(Value::as_str);
        let whole = first.into_iter().map(str::to_owned).chain([lines.join("\n")]);
        let text = whole.collect::<Vec<_>>().join("\n\n");
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), json!(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The other way round, an enumeration without names, is looked for in the contract itself.
    #[test]
    fn every_enumeration_of_the_list_stands_in_the_contract() {
        let contract = crate::http::openapi::document().unwrap();
        let schemas = contract.pointer("/components/schemas").unwrap();
        let unknown: Vec<_> = enumerations()
            .into_iter()
            .filter(|(name, _)| schemas.get(name).is_none())
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
