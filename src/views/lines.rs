//! Cases in lists: of an agency, of an applicant, alike, behind a cell of the annual report.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::State;
use crate::domain::case::submission::Channel;
use crate::domain::people::party::ApplicantKind;
use crate::domain::reply::{CaseKind, Outcome};
use crate::domain::search::query::Highlight;
use crate::domain::words::ids::{AgencyId, CaseId, UserId};
use crate::service::search::{Hit, Similar};
use crate::store::cases::CaseRow;
use crate::store::cases::similar::Alike;

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseLine {
    pub id: CaseId,
    pub number: Option<String>,
    pub intake_number: String,
    pub version: i64,
    pub kind: CaseKind,
    pub state: State,
    pub state_label: &'static str,
    pub channel: Channel,
    pub agency_id: AgencyId,
    pub owner_id: Option<UserId>,
    /// As table 三 counts it: `other_organisation` while it is not stated.
    pub applicant_kind: ApplicantKind,
    /// Null where the application does not state it.
    pub applicant_name: Option<String>,
    pub title: String,
    pub arrived_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
    /// The due date, as if silent parties stay silent.
    pub due_on: Option<NaiveDate>,
    /// The day by which someone must act; lists are ordered by it.
    pub act_by: NaiveDate,
    pub overdue: bool,
    /// 9999-12-31 while a consultation is sent and its delivery unknown.
    pub suspended_until: Option<NaiveDate>,
    #[schema(examples("amendment"))]
    pub awaiting: Option<String>,
    pub missed_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
    pub late_entries: i32,
    /// Where a search found the case; only in the answer to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highlights: Option<Vec<Highlight>>,
}

impl CaseLine {
    pub fn new(row: CaseRow, today: NaiveDate) -> Self {
        let passed_unanswered = row.due_on.filter(|due_on| row.stopped_on.is_none() && *due_on < today);
        Self {
            id: row.id(),
            version: row.version,
            kind: row.kind(),
            state: row.state(),
            state_label: row.state().label(),
            channel: row.channel(),
            agency_id: row.agency_id(),
            owner_id: row.owner_id(),
            applicant_kind: row.applicant_kind(),
            applicant_name: row.applicant_name().map(str::to_owned),
            overdue: passed_unanswered.is_some() && !row.is_suspended(today),
            // The leaf that counts stays with the case; while a new reply is owed there is no outcome to show.
            outcome: row.outcome().filter(|_| !row.state().is_open()),
            number: row.number,
            intake_number: row.intake_number,
            title: row.title,
            arrived_on: row.arrived_on,
            received_on: row.received_on,
            due_on: row.due_on,
            act_by: row.act_by,
            suspended_until: row.suspended_until,
            awaiting: row.awaiting,
            missed_on: row.missed_on.or(passed_unanswered),
            late_entries: row.late_entries,
            highlights: None,
        }
    }

    /// A case that a search found.
    pub fn found(hit: Hit, today: NaiveDate, highlights: Vec<Highlight>) -> Self {
        Self {
            highlights: Some(highlights),
            ..Self::new(hit.row, today)
        }
    }
}

/// A request in the applicant's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestLine {
    pub id: CaseId,
    pub version: i64,
    pub kind: CaseKind,
    pub state: State,
    pub state_label: &'static str,
    pub intake_number: String,
    pub number: Option<String>,
    pub agency_id: AgencyId,
    pub title: String,
    pub submitted_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    /// Where a search found the request; only in the answer to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highlights: Option<Vec<Highlight>>,
}

impl RequestLine {
    pub fn new(row: CaseRow, today: NaiveDate) -> Self {
        Self {
            id: row.id(),
            version: row.version,
            kind: row.kind(),
            state: row.state(),
            state_label: row.state().label(),
            agency_id: row.agency_id(),
            // A date that hangs on parties who are still to answer is the agency's to know.
            due_on: row.due_on.filter(|_| !row.is_suspended(today)),
            intake_number: row.intake_number,
            number: row.number,
            title: row.title,
            submitted_on: row.arrived_on,
            received_on: row.received_on,
            highlights: None,
        }
    }

    /// A request that a search found.
    pub fn found(hit: Hit, today: NaiveDate, highlights: Vec<Highlight>) -> Self {
        Self {
            highlights: Some(highlights),
            ..Self::new(hit.row, today)
        }
    }
}

/// Cases like one case. Evidence for a repeated request or for one that others share; it decides nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarCases {
    /// Earlier cases of the same applicant in any state, newest first, at most 50: sent from one account, or of people whose
    /// identity was verified.
    pub same_applicant: Vec<CaseLine>,
    /// Earlier cases of somebody with the same document or the same name whose identity was not verified, newest first, at
    /// most 50.
    pub look_alikes: Vec<CaseLine>,
    /// Cases of anyone whose title and features share at least four words in five with this one, the most alike first,
    /// at most 50.
    pub near_identical: Vec<AlikeCase>,
    /// While the index is being made anew, as after an update: cases may be missing; ask again later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// A case and how much it has in common with another.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlikeCase {
    #[serde(flatten)]
    pub case: CaseLine,
    /// The share of common words, 0.8 to 1; 1 is the same text.
    #[schema(minimum = 0, maximum = 1, examples(0.93))]
    pub similarity: f64,
}

impl SimilarCases {
    pub fn new(similar: Similar, today: NaiveDate) -> Self {
        let line = |row| CaseLine::new(row, today);
        let alike = |Alike { row, similarity }| AlikeCase {
            case: line(row),
            similarity,
        };
        Self {
            near_identical: similar.near_identical.into_iter().map(alike).collect(),
            same_applicant: similar.same_applicant.into_iter().map(line).collect(),
            look_alikes: similar.look_alikes.into_iter().map(line).collect(),
            incomplete: similar.incomplete,
        }
    }
}

/// A case behind a cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellCaseView {
    pub id: CaseId,
    #[schema(examples("CXFB-2026-00012"))]
    pub number: Option<String>,
    pub agency_id: AgencyId,
    #[schema(examples("关于某地块征收补偿方案的信息"))]
    pub title: String,
    pub applicant_kind: ApplicantKind,
    pub state: State,
    #[schema(examples("办理中"))]
    pub state_label: &'static str,
    pub received_on: Option<NaiveDate>,
    /// The day of the ending that table 三 counts.
    pub ended_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
}

impl From<CaseRow> for CellCaseView {
    fn from(row: CaseRow) -> Self {
        Self {
            id: row.id(),
            agency_id: row.agency_id(),
            applicant_kind: row.applicant_kind(),
            state: row.state(),
            state_label: row.state().label(),
            outcome: row.outcome(),
            number: row.number,
            title: row.title,
            received_on: row.received_on,
            ended_on: row.ended_on,
        }
    }
}
