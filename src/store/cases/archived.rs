//! Cases that were filed (归档) in a year.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};

use crate::domain::case::State;
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::store::StoreError;
use crate::store::connection::Db;
use crate::store::key::Key;
use crate::store::schema::{case_events, cases};
use crate::store::sql::Code;

/// The event that files a case.
const ARCHIVED: &str = "archived";

/// Cases of an agency that are in the archive and were filed there on one of these days, in the order in which that was
/// entered. One that was taken out and filed again stands at its last filing.
///
/// # Errors
/// Failures of the database.
pub fn archived_cases(
    db: &mut Db,
    agency_id: AgencyId,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<CaseId>, StoreError> {
    let filed: Vec<Key<CaseId>> = case_events::table
        .inner_join(cases::table.on(cases::id.eq(case_events::case_id)))
        .filter(cases::agency_id.eq(Key(agency_id)))
        .filter(cases::state.eq(Code(State::Archived)))
        .filter(case_events::event.eq(ARCHIVED))
        .filter(case_events::occurred_on.between(first, last))
        .order((case_events::recorded_at.desc(), case_events::case_id.desc()))
        .select(case_events::case_id)
        .load(db)?;
    let mut met = BTreeSet::new();
    let newest_first = filed.into_iter().map(|key| key.0).filter(|id| met.insert(*id));
    let mut cases: Vec<CaseId> = newest_first.collect();
    cases.reverse();
    Ok(cases)
}
