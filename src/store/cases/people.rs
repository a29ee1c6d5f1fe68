//! Who applies in which case, as far as it was found out: rows that follow the log, and what is counted by the person.
//!
//! Known people are one where a row of one case says so: all ids of a place are the same person. Nobody else counts,
//! however much alike.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use diesel::dsl::exists;
use diesel::{
    BoolExpressionMethods, BoxableExpression, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, Queryable,
    RunQueryDsl,
};
use sha2::{Digest, Sha256};

use crate::domain::case::Case;
use crate::domain::case::identities::Slot;
use crate::domain::case::people::PersonOfCase;
use crate::domain::people::id_document::IdDocument;
use crate::domain::reply::CaseKind;
use crate::domain::words::folding::key_of_name;
use crate::domain::words::ids::{AgencyId, CaseId, PersonId};
use crate::store::connection::{Db, MultiBackend};
use crate::store::fixed::on_either;
use crate::store::key::Key;
use crate::store::schema::{case_people, cases};
use crate::store::sql::Code;
use crate::store::{StoreError, Tx};

/// One of the names under which somebody applies in a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable)]
struct PersonRow {
    slot: i32,
    person_id: Key<PersonId>,
    /// The first of them, which views show.
    shown: bool,
    /// Whether it was found out who it is.
    known: bool,
    /// Whether an identity document was looked at.
    verified: bool,
    name_key: String,
    document_digest: String,
    born_on: Option<NaiveDate>,
}

/// Under what an identity document is found, however its number was typed; empty where too little is stated.
fn digest_of(key: Option<String>) -> String {
    key.map_or_else(String::new, |key| hex::encode(Sha256::digest(key)))
}

fn people_of(case: &Case) -> Vec<PersonRow> {
    let data = case.data();
    let mut rows = Vec::new();
    for person in data.people() {
        let Slot::Applicant(number) = person.slot else {
            continue;
        };
        let Ok(slot) = i32::try_from(number) else { continue };
        let mut ids = data.known_as(&person);
        let known = !ids.is_empty();
        ids.push(PersonId::alone(case.id(), person.slot));
        let mut seen = BTreeSet::new();
        ids.retain(|id| seen.insert(*id));
        rows.extend(ids.into_iter().enumerate().map(|(place, id)| PersonRow {
            slot,
            person_id: Key(id),
            shown: place == 0,
            known,
            verified: data.verified(&person).is_some(),
            name_key: person.name.map(key_of_name).unwrap_or_default(),
            document_digest: digest_of(person.document_key()),
            born_on: person.document.and_then(IdDocument::born_on),
        }));
    }
    rows.sort();
    rows
}

fn rows_of(db: &mut Db, id: CaseId) -> Result<Vec<PersonRow>, StoreError> {
    let query = case_people::table
        .filter(case_people::case_id.eq(Key(id)))
        .order((case_people::slot, case_people::person_id))
        .select((
            case_people::slot,
            case_people::person_id,
            case_people::shown,
            case_people::known,
            case_people::verified,
            case_people::name_key,
            case_people::document_digest,
            case_people::born_on,
        ));
    Ok(on_either!(db, c => query.load(c))?)
}

/// Writes the people of a new case.
pub(super) fn people_insert(tx: &mut Tx<'_>, case: &Case) -> Result<(), StoreError> {
    insert(tx, case, people_of(case))
}

/// Brings the people of a case up to date; most commands change none. Returns whether anything changed.
pub(super) fn people_changed(tx: &mut Tx<'_>, case: &Case) -> Result<bool, StoreError> {
    let people = people_of(case);
    if people == rows_of(tx, case.id())? {
        return Ok(false);
    }
    diesel::delete(case_people::table.filter(case_people::case_id.eq(Key(case.id())))).execute(&mut **tx)?;
    insert(tx, case, people)?;
    Ok(true)
}

fn insert(tx: &mut Tx<'_>, case: &Case, rows: Vec<PersonRow>) -> Result<(), StoreError> {
    for row in rows {
        diesel::insert_into(case_people::table)
            .values((
                case_people::case_id.eq(Key(case.id())),
                case_people::slot.eq(row.slot),
                case_people::person_id.eq(row.person_id),
                case_people::agency_id.eq(Key(case.data().submission.agency_id)),
                case_people::shown.eq(row.shown),
                case_people::known.eq(row.known),
                case_people::verified.eq(row.verified),
                case_people::name_key.eq(row.name_key),
                case_people::document_digest.eq(row.document_digest),
                case_people::born_on.eq(row.born_on),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// What is stated of somebody, and as whom it is known.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub ids: BTreeSet<PersonId>,
    name_key: String,
    pub document_digest: String,
    born_on: Option<NaiveDate>,
}

pub(super) fn applicants(db: &mut Db, id: CaseId) -> Result<Vec<Stated>, StoreError> {
    let mut slots: BTreeMap<i32, Stated> = BTreeMap::new();
    for row in rows_of(db, id)? {
        let stated = slots.entry(row.slot).or_default();
        if row.known {
            stated.ids.insert(row.person_id.0);
        }
        stated.name_key = row.name_key;
        stated.document_digest = row.document_digest;
        stated.born_on = row.born_on;
    }
    Ok(slots.into_values().collect())
}

type OfPeople = Box<dyn BoxableExpression<case_people::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;

impl Stated {
    /// Whoever looks like them: the same document, or the same name and not another day of birth.
    pub fn alike(&self) -> Option<OfPeople> {
        let document = case_people::document_digest.eq(self.document_digest.clone());
        let name = case_people::name_key.eq(self.name_key.clone());
        Some(match (self.document_digest.is_empty(), self.name_key.is_empty()) {
            (true, true) => return None,
            (false, true) => Box::new(document),
            (true, false) => Box::new(name),
            (false, false) => Box::new(document.or(name)),
        })
    }

    pub fn is_like(&self, other: &Self) -> bool {
        let equal = |one: &str, other: &str| !one.is_empty() && one == other;
        let nobody = |stated: &Self| stated.name_key.is_empty() && stated.document_digest.is_empty();
        equal(&self.document_digest, &other.document_digest)
            || equal(&self.name_key, &other.name_key)
            || nobody(self)
            || nobody(other)
    }

    pub fn is_born_otherwise(&self, born_on: Option<NaiveDate>) -> bool {
        self.born_on.zip(born_on).is_some_and(|(own, other)| own != other)
    }
}

/// Everyone in an agency who is the same person, however many steps lead there.
pub(super) fn everyone(
    db: &mut Db,
    agency_id: AgencyId,
    ids: &BTreeSet<PersonId>,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let by = diesel::alias!(case_people as by);
    let (mut all, mut new) = (ids.clone(), ids.clone());
    while !new.is_empty() {
        let keys: Vec<Key<PersonId>> = new.iter().copied().map(Key).collect();
        let same_place = by
            .field(case_people::case_id)
            .eq(case_people::case_id)
            .and(by.field(case_people::slot).eq(case_people::slot));
        let found: Vec<Key<PersonId>> = case_people::table
            .inner_join(by.on(same_place))
            .filter(case_people::person_id.eq_any(keys))
            .filter(case_people::agency_id.eq(Key(agency_id)))
            .filter(case_people::known)
            .filter(by.field(case_people::known))
            .select(by.field(case_people::person_id))
            .distinct()
            .load(db)?;
        new = found
            .into_iter()
            .map(|key| key.0)
            .filter(|id| !all.contains(id))
            .collect();
        all.extend(&new);
    }
    Ok(all)
}

pub(super) fn keys(ids: &BTreeSet<PersonId>) -> Vec<Key<PersonId>> {
    ids.iter().copied().map(Key).collect()
}

/// As whom the agency knows an identity document that somebody looked at.
///
/// # Errors
/// Failures of the database.
pub fn person_of_document(
    db: &mut Db,
    agency_id: AgencyId,
    person: &PersonOfCase<'_>,
) -> Result<Option<PersonId>, StoreError> {
    let digest = digest_of(person.document_key());
    if digest.is_empty() {
        return Ok(None);
    }
    let found: Option<Key<PersonId>> = case_people::table
        .filter(case_people::document_digest.eq(digest))
        .filter(case_people::agency_id.eq(Key(agency_id)))
        .filter(case_people::verified)
        .filter(case_people::shown)
        .order((case_people::case_id, case_people::slot))
        .select(case_people::person_id)
        .first(db)
        .optional()?;
    Ok(found.map(|key| key.0))
}

/// Whether another case of the agency has this person.
///
/// # Errors
/// Failures of the database.
pub fn person_is_elsewhere(
    db: &mut Db,
    agency_id: AgencyId,
    case_id: CaseId,
    person_id: PersonId,
) -> Result<bool, StoreError> {
    let found: Option<Key<CaseId>> = case_people::table
        .filter(case_people::person_id.eq(Key(person_id)))
        .filter(case_people::agency_id.eq(Key(agency_id)))
        .filter(case_people::case_id.ne(Key(case_id)))
        .select(case_people::case_id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// Whether every applicant of a case is one of another's too, as far as it was found out.
///
/// # Errors
/// Failures of the database.
pub fn applicants_are_among(
    db: &mut Db,
    agency_id: AgencyId,
    case_id: CaseId,
    other_id: CaseId,
) -> Result<bool, StoreError> {
    let of_other: BTreeSet<PersonId> = applicants(db, other_id)?
        .into_iter()
        .flat_map(|stated| stated.ids)
        .collect();
    for stated in applicants(db, case_id)? {
        if stated.ids.is_empty() || everyone(db, agency_id, &stated.ids)?.is_disjoint(&of_other) {
            return Ok(false);
        }
    }
    Ok(!of_other.is_empty())
}

/// The place of a case among the applications of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InMonth {
    /// From 1: of those that are known to be the same person's.
    pub ordinal: u32,
    /// Earlier ones of people who look the same and were not verified.
    pub look_alikes: u32,
}

/// The place of a case among each applicant's disclosure applications that the agency received in the same calendar month
/// (国办函〔2020〕109号 Art 4); by receipt date, then by number. An application of several people counts for each of them:
/// they stand in the order of the people who apply.
///
/// # Errors
/// Failures of the database.
pub fn in_month(
    db: &mut Db,
    agency_id: AgencyId,
    case_id: CaseId,
    received_on: NaiveDate,
    number: &str,
) -> Result<Vec<InMonth>, StoreError> {
    let mut places = Vec::new();
    for stated in applicants(db, case_id)? {
        let all = keys(&everyone(db, agency_id, &stated.ids)?);
        let counted = exists(
            case_people::table
                .filter(case_people::case_id.eq(cases::id))
                .filter(case_people::known)
                .filter(case_people::person_id.eq_any(all)),
        );
        let earlier = || {
            cases::table
                .into_boxed::<MultiBackend>()
                .filter(cases::agency_id.eq(Key(agency_id)))
                .filter(cases::kind.eq(Code(CaseKind::Disclosure)))
                .filter(cases::received_on.ge(received_on.with_day(1).unwrap_or(received_on)))
                .filter(
                    cases::received_on.lt(received_on).or(cases::received_on
                        .eq(received_on)
                        .and(cases::number.lt(number.to_owned()))),
                )
        };
        let count: i64 = earlier().filter(counted.clone()).count().get_result(db)?;
        let look_alikes = match stated.alike() {
            None => 0,
            Some(alike) => {
                let alike: Vec<(Key<CaseId>, Option<NaiveDate>)> = case_people::table
                    .filter(case_people::agency_id.eq(Key(agency_id)))
                    .filter(case_people::shown)
                    .filter(alike)
                    .select((case_people::case_id, case_people::born_on))
                    .load(db)?;
                let ids: Vec<Key<CaseId>> = alike
                    .into_iter()
                    .filter(|(_, born_on)| !stated.is_born_otherwise(*born_on))
                    .map(|(id, _)| id)
                    .collect();
                let others = earlier()
                    .filter(cases::id.eq_any(ids))
                    .filter(diesel::dsl::not(counted));
                others.count().get_result(db)?
            }
        };
        let number = |count: i64| u32::try_from(count).map_err(|_| StoreError::Corrupt("month ordinal".to_owned()));
        places.push(InMonth {
            ordinal: number(count.saturating_add(1))?,
            look_alikes: number(look_alikes)?,
        });
    }
    Ok(places)
}
