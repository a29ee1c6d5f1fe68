//! Making every projection from the log again, and checking every chain: what `gongkai rebuild` and
//! `gongkai audit verify` do. One transaction a page, so that both can run beside the service.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::documents::{AttachedContent, attached_contents, documents_changed};
use super::log::{BadEntry, chain_check};
use super::search::search_restore;
use super::{CaseRow, Columns, case_load, case_lock, columns, side_rows_changed};
use crate::domain::ids::CaseId;
use crate::domain::workflow::Law;
use crate::store::connection::{Db, MultiBackend};
use crate::store::key::Key;
use crate::store::schema::cases;
use crate::store::{StoreError, Tx};

/// Cases handled in one transaction.
const PAGE: i64 = 200;

/// What a page of a rebuild did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    pub cases: u64,
    /// The cases whose projection differed from the log and was put right.
    pub changed: Vec<CaseId>,
    /// Where the next page begins; `None` after the last one.
    pub last: Option<CaseId>,
}

fn page(db: &mut Db, after: Option<CaseId>) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = cases::table.into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(cases::id.gt(Key(after)));
    }
    Ok(query.order(cases::id).limit(PAGE).load(db)?)
}

/// The same page, held until the transaction ends: a row that others change before its log is read would be taken for a
/// wrong one.
fn held_page(tx: &mut Tx<'_>, after: Option<CaseId>) -> Result<Vec<CaseRow>, StoreError> {
    let ids: Vec<Key<CaseId>> = page(tx, after)?.iter().map(|row| Key(row.id())).collect();
    case_lock(tx, &ids)?;
    Ok(cases::table
        .filter(cases::id.eq_any(ids))
        .order(cases::id)
        .load(&mut **tx)?)
}

fn stored(row: &CaseRow) -> Columns {
    Columns {
        version: row.version,
        state: row.state,
        number: row.number.clone(),
        channel: row.channel,
        arrived_on: row.arrived_on,
        applicant_key: row.applicant_key.clone(),
        applicant_kind: row.applicant_kind,
        applicant_name: row.applicant_name.clone(),
        title: row.title.clone(),
        received_on: row.received_on,
        owner_id: row.owner_id,
        due_on: row.due_on,
        suspended_until: row.suspended_until,
        awaiting: row.awaiting.clone(),
        missed_on: row.missed_on,
        stopped_on: row.stopped_on,
        act_by: row.act_by,
        awaits_secrecy: row.awaits_secrecy,
        awaits_legal: row.awaits_legal,
        awaits_approval: row.awaits_approval,
        served: row.served,
        reached: row.reached,
        late_entries: row.late_entries,
        outcome: row.outcome,
        ended_on: row.ended_on,
        head_hash: row.head_hash.clone(),
    }
}

/// Rebuilds one page of projections from their logs.
///
/// # Errors
/// [`StoreError::Corrupt`] when a log cannot be read: run the audit to find the entry.
pub fn rebuild_page(tx: &mut Tx<'_>, law: &Law<'_>, after: Option<CaseId>) -> Result<Rebuilt, StoreError> {
    let rows = held_page(tx, after)?;
    let mut changed = Vec::new();
    for row in &rows {
        let case = case_load(tx, row.id(), law)?;
        // The head is the audit's to judge: a rebuild must not bless a log that was cut.
        let made = columns(&case, law, &row.head_hash)?;
        let act_by = made.act_by;
        let mut differs = made != stored(row);
        if differs {
            diesel::update(cases::table.find(Key(row.id())))
                .set(made)
                .execute(&mut **tx)?;
        }
        differs |= side_rows_changed(tx, &case, act_by)?;
        differs |= documents_changed(tx, &case)?;
        differs |= search_restore(tx, &case)?;
        if differs {
            changed.push(row.id());
        }
    }
    Ok(Rebuilt {
        cases: u64::try_from(rows.len()).unwrap_or_default(),
        changed,
        last: rows.last().map(CaseRow::id),
    })
}

/// What a page of an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    pub cases: u64,
    pub bad: Option<BadEntry>,
    /// The contents that the logs of these cases speak of, to be read again by the caller.
    pub contents: Vec<AttachedContent>,
    pub last: Option<CaseId>,
}

/// Verifies the chains of one page of cases up to the first bad entry.
///
/// # Errors
/// Failures of the database.
pub fn audit_page(db: &mut Db, after: Option<CaseId>) -> Result<Audited, StoreError> {
    let rows = page(db, after)?;
    let mut cases = 0;
    for row in &rows {
        cases += 1;
        let bad = chain_check(db, row.id(), row.version, &row.head_hash)?;
        if bad.is_some() {
            return Ok(Audited {
                cases,
                bad,
                contents: Vec::new(),
                last: None,
            });
        }
    }
    Ok(Audited {
        cases,
        bad: None,
        contents: attached_contents(db, rows.iter().map(CaseRow::id))?,
        last: rows.last().map(CaseRow::id),
    })
}
