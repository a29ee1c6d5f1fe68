//! What left an agency on a day.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};

use super::StoreError;
use super::connection::Db;
use super::instruments::InstrumentRow;
use super::key::Key;
use super::schema::{case_events, cases, instruments};
use super::sql::Code;
use crate::domain::instrument::issued::AddresseeKind;
use crate::domain::words::ids::{AgencyId, CaseId};

/// The index of these entries says the same, word for word: only then it serves.
const SENT: &str = "case_events.event IN ('reply_issued', 'reply_dispatched', 'notice_resent')";

/// Entries of the agency's cases that sent a reply or a notice on a day, in the order of the cases.
///
/// # Errors
/// Failures of the database.
pub fn sent_on(db: &mut Db, agency_id: AgencyId, on: NaiveDate) -> Result<Vec<(CaseId, u32)>, StoreError> {
    let sent = case_events::table
        .inner_join(cases::table.on(cases::id.eq(case_events::case_id)))
        .filter(cases::agency_id.eq(Key(agency_id)))
        .filter(case_events::occurred_on.eq(on))
        .filter(sql::<Bool>(SENT))
        .order((case_events::case_id, case_events::seq))
        .select((case_events::case_id, case_events::seq));
    let rows: Vec<(Key<CaseId>, i64)> = sent.load(db)?;
    Ok(rows
        .into_iter()
        .map(|(case_id, seq)| (case_id.0, u32::try_from(seq).unwrap_or_default()))
        .collect())
}

/// Instruments that left the agency on a day and were not taken back, in the order of the cases.
///
/// # Errors
/// Failures of the database.
pub fn instruments_out_on(db: &mut Db, agency_id: AgencyId, on: NaiveDate) -> Result<Vec<InstrumentRow>, StoreError> {
    let out = instruments::table
        .filter(
            instruments::agency_id
                .eq(Key(agency_id))
                .and(instruments::issued_on.eq(on)),
        )
        .filter(instruments::addressee_kind.ne(Code(AddresseeKind::Internal)))
        .filter(instruments::cancelled_on.is_null())
        .order((instruments::case_id, instruments::seq, instruments::place));
    Ok(out.load(db)?)
}
