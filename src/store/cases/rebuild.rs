//! Making every projection from the log again, and checking every chain: what `gongkai rebuild` and
//! `gongkai audit verify` do. One transaction a page, so that both can run beside the service.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use sha2::{Digest, Sha256};

use super::beside::beside_changed;
use super::documents::{AttachedContent, attached_contents, documents_changed};
use super::log::{BadEntry, chain_check};
use super::people::people_changed;
use super::row::Columns;
use super::search::{search_is_earlier, search_restore};
use super::{CaseRow, case_load, case_lock};
use crate::domain::case::{Case, Law};
use crate::domain::words::ids::CaseId;
use crate::store::connection::{Db, MultiBackend};
use crate::store::instruments::{instrument_contents, instruments_of_case};
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
fn held_page(tx: &mut Tx<'_>, after: Option<CaseId>) -> Result<Vec<(Key<CaseId>, Columns)>, StoreError> {
    let ids: Vec<Key<CaseId>> = page(tx, after)?.iter().map(|row| Key(row.id())).collect();
    case_lock(tx, &ids)?;
    Ok(cases::table
        .filter(cases::id.eq_any(ids))
        .order(cases::id)
        .select((cases::id, Columns::as_select()))
        .load(&mut **tx)?)
}

/// Rebuilds one page of projections from their logs.
///
/// # Errors
/// [`StoreError::Log`] when a log cannot be read: run the audit to find the entry.
pub fn rebuild_page(tx: &mut Tx<'_>, law: &Law<'_>, after: Option<CaseId>) -> Result<Rebuilt, StoreError> {
    let rows = held_page(tx, after)?;
    let mut changed = Vec::new();
    for (id, stored) in &rows {
        let case = case_load(tx, id.0, law)?;
        // The head is the audit's to judge: a rebuild must not bless a log that was cut.
        let made = Columns::of(&case, law, &stored.head_hash)?;
        let act_by = made.act_by;
        let mut differs = made != *stored;
        if differs {
            diesel::update(cases::table.find(*id)).set(made).execute(&mut **tx)?;
        }
        // What an earlier build entered otherwise is made anew, as beside the service, and is no mistake.
        let earlier = search_is_earlier(tx, id.0)?;
        differs |= beside_changed(tx, &case, act_by)?;
        differs |= people_changed(tx, &case)? && !earlier;
        differs |= documents_changed(tx, &case)?;
        differs |= search_restore(tx, &case)? && !earlier;
        if differs {
            changed.push(id.0);
        }
    }
    Ok(Rebuilt {
        cases: u64::try_from(rows.len()).unwrap_or_default(),
        changed,
        last: rows.last().map(|(id, _)| id.0),
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

/// Verifies the chains of one page of cases up to the first bad entry, and that every log can be read: a sound chain may
/// still hold what this build does not know.
///
/// # Errors
/// Failures of the database.
pub fn audit_page(db: &mut Db, law: &Law<'_>, after: Option<CaseId>) -> Result<Audited, StoreError> {
    let rows = page(db, after)?;
    let mut cases = 0;
    for row in &rows {
        cases += 1;
        let bad = match chain_check(db, row.id(), row.version, &row.head_hash)? {
            None => unreadable_entry(db, law, row)?,
            bad => bad,
        };
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
        contents: contents(db, &rows)?,
        last: rows.last().map(CaseRow::id),
    })
}

/// The contents that belong to cases: those that their logs speak of, and the files of their instruments.
fn contents(db: &mut Db, rows: &[CaseRow]) -> Result<Vec<AttachedContent>, StoreError> {
    let mut contents = attached_contents(db, rows.iter().map(CaseRow::id))?;
    for row in rows {
        let files = instrument_contents(db, row.id())?.into_iter();
        contents.extend(files.map(|(seq, sha256)| AttachedContent {
            case_id: row.id(),
            seq,
            sha256,
        }));
    }
    Ok(contents)
}

/// The first entry whose instrument is not what the entry says of it.
fn instrument_fault(db: &mut Db, case: &Case) -> Result<Option<BadEntry>, StoreError> {
    let told = case
        .log()
        .iter()
        .flat_map(|logged| logged.instruments.iter().map(|issued| (logged.seq, issued)));
    let told: Vec<_> = told
        .filter_map(|(seq, issued)| Some((seq, issued.id, issued.sha256.as_ref()?)))
        .collect();
    if told.is_empty() {
        return Ok(None);
    }
    let rows = instruments_of_case(db, case.id())?;
    for (seq, id, sha256) in told {
        let row = rows.iter().find(|row| row.id() == id);
        let frozen = row.and_then(|row| row.frozen.as_deref());
        let reason = match frozen.map(|frozen| hex::encode(Sha256::digest(frozen.as_bytes()))) {
            Some(hash) if hash == *sha256 => continue,
            Some(_) => "the text of its instrument was changed",
            None => "its instrument is missing",
        };
        return Ok(Some(BadEntry {
            case_id: case.id(),
            seq: i64::from(seq),
            reason: reason.into(),
        }));
    }
    Ok(None)
}

fn unreadable_entry(db: &mut Db, law: &Law<'_>, row: &CaseRow) -> Result<Option<BadEntry>, StoreError> {
    match case_load(db, row.id(), law) {
        Ok(case) => instrument_fault(db, &case),
        Err(StoreError::Log { case_id, seq, reason }) => Ok(Some(BadEntry {
            case_id,
            seq,
            reason: format!("the entry cannot be read: {reason}").into(),
        })),
        Err(error) => Err(error),
    }
}
