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

/// The word for it in the log; its index says the same.
const CORRECTED: &str = "case_events.event = 'correction_confirmed'";

/// Entries that sent a reply in the agency's cases where the record of a day was put right.
///
/// # Errors
/// Failures of the database.
pub fn sent_in_corrected(db: &mut Db, agency_id: AgencyId) -> Result<Vec<(CaseId, u32)>, StoreError> {
    let cases_corrected = case_events::table
        .inner_join(cases::table.on(cases::id.eq(case_events::case_id)))
        .filter(cases::agency_id.eq(Key(agency_id)))
        .filter(sql::<Bool>(CORRECTED))
        .select(case_events::case_id)
        .distinct();
    let ids: Vec<Key<CaseId>> = cases_corrected.load(db)?;
    let mut sent = Vec::new();
    for id in ids {
        let rows: Vec<i64> = case_events::table
            .filter(case_events::case_id.eq(id))
            .filter(sql::<Bool>(SENT))
            .select(case_events::seq)
            .load(db)?;
        sent.extend(
            rows.into_iter()
                .map(|seq| (id.0, u32::try_from(seq).unwrap_or_default())),
        );
    }
    Ok(sent)
}

/// Numbered instruments that left the agency on a day and were not taken back, in the order of the cases.
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
        // What was sent on paper before it was entered is posted already.
        .filter(instruments::number.is_not_null())
        .filter(instruments::on_paper.eq(false))
        .order((instruments::case_id, instruments::seq, instruments::place));
    Ok(out.load(db)?)
}
