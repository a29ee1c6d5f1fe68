//! Opening a case from its log. One whose log cannot be read to its end opens as far as it can be read, to be looked at
//! only: nothing is silently left out, and nothing is decided on half a log.

use super::desk::Desk;
use crate::domain::case::submission::Description;
use crate::domain::case::unreadable::{TOLD_TO_AGENCY, TOLD_TO_APPLICANT};
use crate::domain::case::{Author, Case, Event, LoggedEvent, Submission};
use crate::domain::law::refusal::Refusal;
use crate::domain::people::party::Applicant;
use crate::domain::words::text::Bilingual;
use crate::error::Error;
use crate::store::cases::{CaseRow, case_load, case_load_at};
use crate::store::{Db, StoreError};

/// The entry of a log that cannot be read; those before it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable {
    pub seq: i64,
}

impl Unreadable {
    /// Why nothing can be done on the case.
    pub fn refusal(self, applicant: bool) -> Refusal {
        let reason = if applicant { TOLD_TO_APPLICANT } else { TOLD_TO_AGENCY };
        reason.with(&[("seq", &self.seq)])
    }

    /// What a person is told about it.
    pub fn told(self, applicant: bool) -> Bilingual {
        self.refusal(applicant).reason
    }
}

/// A case to be looked at.
#[derive(Debug)]
pub(super) struct Opened {
    pub case: Case,
    pub unreadable: Option<Unreadable>,
}

impl Opened {
    pub(super) fn whole(case: Case) -> Self {
        let unreadable = None;
        Self { case, unreadable }
    }
}

/// The case of a row, also where another entry came in since.
pub(super) fn open(db: &mut Db, desk: &Desk, row: &CaseRow) -> Result<Opened, Error> {
    match case_load_at(db, row.id(), row.version, &desk.law()) {
        Ok(case) => Ok(Opened {
            unreadable: cut_off(&case, row),
            case,
        }),
        Err(StoreError::Log { case_id, seq, reason }) => {
            tracing::error!(case = %case_id, seq, reason, "a log cannot be read; the case is shown without what follows");
            Ok(Opened {
                case: readable_part(db, desk, row, seq)?,
                unreadable: Some(Unreadable { seq }),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// The case of a row as it is now, to be acted upon by its applicant or by the agency.
///
/// # Errors
/// `Refused` when its log cannot be read.
pub(super) fn open_to_act(db: &mut Db, desk: &Desk, row: &CaseRow, applicant: bool) -> Result<Case, Error> {
    let case = match case_load(db, row.id(), &desk.law()) {
        Err(StoreError::Log { seq, .. }) => Err(Unreadable { seq }),
        Ok(case) => cut_off(&case, row).map_or(Ok(case), Err),
        Err(error) => return Err(error.into()),
    };
    case.map_err(|unreadable| unreadable.refusal(applicant).into())
}

/// Entries that the row counts and the log does not have.
fn cut_off(case: &Case, row: &CaseRow) -> Option<Unreadable> {
    let seq = i64::from(case.version()) + 1;
    (seq <= row.version).then_some(Unreadable { seq })
}

/// The case before its first entry that cannot be read.
fn readable_part(db: &mut Db, desk: &Desk, row: &CaseRow, unreadable: i64) -> Result<Case, Error> {
    let mut last = unreadable - 1;
    while last > 0 {
        match case_load_at(db, row.id(), last, &desk.law()) {
            Err(StoreError::Log { seq, .. }) => last = seq.min(last) - 1,
            other => return Ok(other?),
        }
    }
    stand_in(desk, row)
}

/// What the register knows, where not even the application can be read.
fn stand_in(desk: &Desk, row: &CaseRow) -> Result<Case, Error> {
    let submission = Submission {
        kind: row.kind(),
        agency_id: row.agency_id(),
        channel: row.channel(),
        arrived_on: row.arrived_on,
        intake_number: row.intake_number.clone(),
        applicant: Applicant {
            kind: Some(row.applicant_kind()),
            name: row.applicant_name().map(str::to_owned),
            ..Applicant::default()
        },
        applicant_user_id: row.applicant_user_id(),
        filled_by_agency: false,
        read_back: None,
        description: Some(Description {
            title: row.title.clone(),
            document_number: None,
            features: String::new(),
        }),
        form: None,
        route: None,
        document_ids: Vec::new(),
        accessibility_needs: None,
        split_from: None,
    };
    let founding = LoggedEvent {
        seq: 1,
        occurred_on: row.arrived_on,
        recorded_at: desk.now,
        author: Author {
            user_id: None,
            role: None,
        },
        late_entry_reason: None,
        late_entry: None,
        instruments: Vec::new(),
        event: Event::Submitted(Box::new(submission)),
    };
    Case::replay(row.id(), vec![founding], &desk.law()).map_err(Error::internal)
}
