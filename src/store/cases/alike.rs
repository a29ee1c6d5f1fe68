//! Who looks like the applicants of a case, and their earlier cases.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::CaseRow;
use super::list::visible;
use super::people::{applicants, everyone, keys};
use super::scope::{CaseFilter, ListDays, ListScope};
use crate::domain::words::ids::{AgencyId, CaseId, PersonId};
use crate::store::StoreError;
use crate::store::connection::Db;
use crate::store::key::Key;
use crate::store::schema::{case_people, case_search, cases};

/// Entries looked at in one step.
const PAGE: i64 = 200;
/// Most cases of one person that are looked through.
const CASES_MAX: i64 = 5000;

/// Whether the applicants of two cases may be the same: known as one, or with an equal name or document; also where one
/// of them states neither.
///
/// # Errors
/// Failures of the database.
pub fn may_be_same(db: &mut Db, agency_id: AgencyId, one: CaseId, other: CaseId) -> Result<bool, StoreError> {
    let others = applicants(db, other)?;
    for stated in applicants(db, one)? {
        let all = everyone(db, agency_id, &stated.ids)?;
        if others
            .iter()
            .any(|other| stated.is_like(other) || !all.is_disjoint(&other.ids))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Somebody in another case of the agency who may be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAlike {
    pub person_id: PersonId,
    pub known: bool,
    pub verified: bool,
    pub case_id: CaseId,
    /// Before receipt the intake number.
    pub number: String,
    pub same_document: bool,
}

fn numbers(db: &mut Db, ids: Vec<Key<CaseId>>) -> Result<BTreeMap<Key<CaseId>, String>, StoreError> {
    let rows: Vec<(Key<CaseId>, Option<String>, String)> = cases::table
        .filter(cases::id.eq_any(ids))
        .select((cases::id, cases::number, cases::intake_number))
        .load(db)?;
    let named = rows
        .into_iter()
        .map(|(id, number, intake)| (id, number.unwrap_or(intake)));
    Ok(named.collect())
}

/// Those in other cases of the agency who look like each applicant of a case and are not known to be the same, in the order
/// of the people; newest case first.
///
/// # Errors
/// Failures of the database.
pub fn look_alikes(db: &mut Db, agency_id: AgencyId, case_id: CaseId) -> Result<Vec<Vec<LookAlike>>, StoreError> {
    let mut of_each = Vec::new();
    for stated in applicants(db, case_id)? {
        let Some(alike) = stated.alike() else {
            of_each.push(Vec::new());
            continue;
        };
        let same = everyone(db, agency_id, &stated.ids)?;
        type Found = (Key<PersonId>, bool, bool, Key<CaseId>, String, Option<NaiveDate>);
        let found: Vec<Found> = case_people::table
            .filter(case_people::agency_id.eq(Key(agency_id)))
            .filter(case_people::case_id.ne(Key(case_id)))
            .filter(case_people::shown)
            .filter(alike)
            .order((case_people::case_id.desc(), case_people::slot))
            .limit(CASES_MAX)
            .select((
                case_people::person_id,
                case_people::known,
                case_people::verified,
                case_people::case_id,
                case_people::document_digest,
                case_people::born_on,
            ))
            .load(db)?;
        let numbers = numbers(db, found.iter().map(|found| found.3).collect())?;
        let others = found.into_iter().filter(|(person_id, known, .., born_on)| {
            let same = *known && same.contains(&person_id.0);
            !same && !stated.is_born_otherwise(*born_on)
        });
        let others = others.map(|(person_id, known, verified, case_id, digest, _)| LookAlike {
            person_id: person_id.0,
            known,
            verified,
            case_id: case_id.0,
            number: numbers.get(&case_id).cloned().unwrap_or_default(),
            same_document: !digest.is_empty() && digest == stated.document_digest,
        });
        of_each.push(others.collect());
    }
    Ok(of_each)
}

/// Cases of the applicants that were entered before this one and lie in the scope, newest first: those of the same people,
/// and those of people who look the same.
///
/// # Errors
/// Failures of the database.
pub fn of_the_applicants(
    db: &mut Db,
    scope: &ListScope,
    days: ListDays,
    case: &CaseRow,
    limit: usize,
) -> Result<(Vec<CaseRow>, Vec<CaseRow>), StoreError> {
    let (mut same, mut alike) = (BTreeSet::new(), BTreeSet::new());
    for stated in applicants(db, case.id())? {
        let all = keys(&everyone(db, case.agency_id(), &stated.ids)?);
        let found: Vec<Key<CaseId>> = case_people::table
            .filter(case_people::person_id.eq_any(all))
            .filter(case_people::known)
            .order(case_people::case_id.desc())
            .limit(CASES_MAX)
            .select(case_people::case_id)
            .load(db)?;
        same.extend(found.into_iter().map(|key| key.0));
        let Some(condition) = stated.alike() else { continue };
        let found: Vec<(Key<CaseId>, Option<NaiveDate>)> = case_people::table
            .filter(case_people::shown)
            .filter(condition)
            .order(case_people::case_id.desc())
            .limit(CASES_MAX)
            .select((case_people::case_id, case_people::born_on))
            .load(db)?;
        let found = found
            .into_iter()
            .filter(|(_, born_on)| !stated.is_born_otherwise(*born_on));
        alike.extend(found.map(|(key, _)| key.0));
    }
    alike.retain(|id| !same.contains(id));
    Ok((
        earlier(db, scope, days, case, same, limit)?,
        earlier(db, scope, days, case, alike, limit)?,
    ))
}

/// Those of some cases that were entered before one, newest first, as far as they lie in the scope.
fn earlier(
    db: &mut Db,
    scope: &ListScope,
    days: ListDays,
    case: &CaseRow,
    ids: BTreeSet<CaseId>,
    limit: usize,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut found = Vec::new();
    let entry: Option<i64> = case_search::table
        .filter(case_search::case_id.eq(Key(case.id())))
        .select(case_search::entry)
        .first(db)
        .optional()?;
    let Some(mut before) = entry.filter(|_| !ids.is_empty()) else {
        return Ok(found);
    };
    let ids: Vec<Key<CaseId>> = ids.into_iter().map(Key).collect();
    while found.len() < limit {
        let page: Vec<(i64, Key<CaseId>)> = case_search::table
            .filter(case_search::case_id.eq_any(ids.clone()))
            .filter(case_search::entry.lt(before))
            .order(case_search::entry.desc())
            .limit(PAGE)
            .select((case_search::entry, case_search::case_id))
            .load(db)?;
        let Some((last, _)) = page.last() else { break };
        before = *last;
        let shown = visible(
            db,
            scope,
            &CaseFilter::default(),
            days,
            page.iter().map(|(_, id)| *id).collect(),
        )?;
        let mut rows: BTreeMap<CaseId, CaseRow> = shown.into_iter().map(|row| (row.id(), row)).collect();
        found.extend(page.iter().filter_map(|(_, id)| rows.remove(&id.0)));
    }
    found.truncate(limit);
    Ok(found)
}
