//! Who the people of a case are: as whom each is known, and who in other cases may be the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::desk::Desk;
use super::sight::{Seen, Sight, look};
use crate::domain::case::identities::IdentityMeans;
use crate::domain::case::people::PersonRole;
use crate::domain::case::{Case, Command, Lookups};
use crate::domain::people::party::Mask;
use crate::domain::words::ids::{AgencyId, CaseId, PersonId, UserId};
use crate::error::Error;
use crate::store::cases::alike::{LookAlike, look_alikes};
use crate::store::cases::people::{InMonth, in_month, person_is_elsewhere, person_of_document};
use crate::store::users::user_names;
use crate::store::{Db, Tx};

/// Most cases that are named of one candidate.
const CASES_MAX: usize = 20;

/// Somebody whom the application names.
#[derive(Debug, Clone)]
pub struct PersonOfCase {
    pub index: usize,
    pub role: PersonRole,
    pub name: Option<String>,
    pub person_id: PersonId,
    pub verified: Option<Verification>,
    pub candidates: Vec<Candidate>,
    /// Of who applies in a received case.
    pub in_month: Option<InMonth>,
}

/// How somebody was found to be who he says.
#[derive(Debug, Clone)]
pub struct Verification {
    pub by: Option<(UserId, String)>,
    pub on: NaiveDate,
    pub means: IdentityMeans,
}

/// Somebody of other cases who may be the same.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub person_id: PersonId,
    pub verified: bool,
    pub same_document: bool,
    /// Newest first: id, and the number or intake number.
    pub cases: Vec<(CaseId, String)>,
}

/// Everyone whom the application names: applicant, co-applicants in their order, agent, guardian.
///
/// # Errors
/// Failures of the database.
pub fn people(db: &mut Db, desk: &Desk, sight: Sight) -> Result<Vec<PersonOfCase>, Error> {
    let Seen { case, sight, .. } = look(db, desk, sight)?;
    let (data, agency_id) = (case.data(), sight.row.agency_id());
    // Other people's applications are for those to see who decide about it.
    let mut candidates = match sight.mask() {
        Mask::ContactClear => look_alikes(db, agency_id, case.id())?.into_iter(),
        Mask::ContactMasked => Vec::new().into_iter(),
    };
    let months = match (data.received_on, &data.number) {
        (Some(received_on), Some(number)) => in_month(db, agency_id, case.id(), received_on, number)?,
        _ => Vec::new(),
    };
    let mut months = months.into_iter();
    let verifiers: BTreeSet<UserId> = data.people().filter_map(|person| data.verified(&person)?.by).collect();
    let names = user_names(db, verifiers)?;
    let people = data.people().map(|person| {
        let verified = data.verified(&person).map(|verified| Verification {
            by: verified.by.map(|id| (id, names.get(&id).cloned().unwrap_or_default())),
            on: verified.on,
            means: verified.means,
        });
        PersonOfCase {
            index: person.index,
            role: person.role,
            name: person.name.map(str::to_owned),
            person_id: data.shown_as(case.id(), &person),
            verified,
            candidates: match person.applies() {
                true => by_person(candidates.next().unwrap_or_default()),
                false => Vec::new(),
            },
            in_month: months.next().filter(|_| person.applies()),
        }
    });
    Ok(people.collect())
}

/// What a command about a person needs from other cases.
///
/// # Errors
/// Failures of the database.
pub(super) fn look_up_people(
    tx: &mut Tx<'_>,
    agency_id: AgencyId,
    case: &Case,
    command: &Command,
    lookups: &mut Lookups,
) -> Result<(), Error> {
    match command {
        Command::VerifyIdentity(fields) => {
            if let Ok(person) = case.data().person_at(fields.index) {
                lookups.person_of_document = person_of_document(tx, agency_id, &person)?;
            }
        }
        Command::JoinPersons(fields) => {
            lookups.person_found = person_is_elsewhere(tx, agency_id, case.id(), fields.person_id)?;
        }
        _ => {}
    }
    Ok(())
}

/// 多人共同申请 in the fees of a month: the application is the next one of each of them, and is charged as that of whoever
/// applied most (国办函〔2020〕109号 says nothing of several; this is the one place that does).
///
/// # Errors
/// Failures of the database.
pub(super) fn in_month_of_all(
    db: &mut Db,
    agency_id: AgencyId,
    case_id: CaseId,
    received_on: NaiveDate,
    number: &str,
) -> Result<InMonth, Error> {
    let months = in_month(db, agency_id, case_id, received_on, number)?;
    let most = |of: fn(&InMonth) -> u32| months.iter().map(of).max().unwrap_or_default();
    Ok(InMonth {
        ordinal: most(|month| month.ordinal),
        look_alikes: most(|month| month.look_alikes),
    })
}

/// The same person in several cases is one candidate; who has the same document comes first, then the newest.
fn by_person(look_alikes: Vec<LookAlike>) -> Vec<Candidate> {
    let mut places: BTreeMap<PersonId, usize> = BTreeMap::new();
    let mut candidates: Vec<Candidate> = Vec::new();
    for alike in look_alikes {
        let place = *places.entry(alike.person_id).or_insert(candidates.len());
        if place == candidates.len() {
            candidates.push(Candidate {
                person_id: alike.person_id,
                verified: false,
                same_document: false,
                cases: Vec::new(),
            });
        }
        if let Some(candidate) = candidates.get_mut(place) {
            candidate.verified |= alike.verified;
            candidate.same_document |= alike.same_document;
            if candidate.cases.len() < CASES_MAX {
                candidate.cases.push((alike.case_id, alike.number));
            }
        }
    }
    candidates.sort_by_key(|candidate| !candidate.same_document);
    candidates
}
