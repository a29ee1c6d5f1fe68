//! Finding cases by their words, and cases like one case. What a person may not see is neither found nor counted.

use super::law::LawBook;
use super::sight::{list_scope, staff_sight};
use crate::domain::people::access::Actor;
use crate::domain::search::query::SearchQuery;
use crate::domain::words::ids::{CaseId, UserId};
use crate::error::Error;
use crate::store::agencies::agency_search_refresh;
use crate::store::cases::CaseRow;
use crate::store::cases::alike::of_the_applicants;
use crate::store::cases::list::{CaseFilter, ListDays};
pub use crate::store::cases::search::Hit;
use crate::store::cases::search::{
    case_search_list, request_search_list, search_fill_page, search_is_filled, search_is_incomplete,
    search_merge_is_due, search_merge_step,
};
use crate::store::cases::similar::{Alike, near_identical};
use crate::store::{Db, Store};

/// Most cases shown of each kind of likeness.
const SIMILAR_MAX: usize = 50;

/// What a search asks for, beside the filter.
#[derive(Debug, Clone)]
pub struct Search {
    pub query: SearchQuery,
    /// The entry after which the page goes on, towards the older ones.
    pub before: Option<i64>,
    pub limit: i64,
}

/// Whether the index is still being made anew, so that a search may miss cases.
///
/// # Errors
/// Failures of the database.
pub fn index_is_incomplete(db: &mut Db) -> Result<bool, Error> {
    Ok(search_is_incomplete(db)?)
}

/// Cases that a search finds among those the person may see, newest entry first.
///
/// # Errors
/// `Forbidden` when the person has no role in any agency.
pub fn case_search(
    db: &mut Db,
    actor: &Actor,
    filter: &CaseFilter,
    days: ListDays,
    search: &Search,
) -> Result<Vec<Hit>, Error> {
    let scope = list_scope(db, actor)?;
    Ok(case_search_list(
        db,
        &scope,
        filter,
        days,
        &search.query,
        search.before,
        search.limit,
    )?)
}

/// The person's own requests that a search finds, newest entry first.
///
/// # Errors
/// Failures of the database.
pub fn request_search(db: &mut Db, applicant: UserId, search: &Search) -> Result<Vec<Hit>, Error> {
    Ok(request_search_list(
        db,
        applicant,
        &search.query,
        search.before,
        search.limit,
    )?)
}

/// Cases like one case, as evidence for a repeated (重复申请) or a shared request; nothing is refused because of them.
#[derive(Debug, Clone)]
pub struct Similar {
    pub same_applicant: Vec<CaseRow>,
    /// Of those who look like the applicants and may be others.
    pub look_alikes: Vec<CaseRow>,
    pub near_identical: Vec<Alike>,
    /// Whether the index is still being made anew, so that some may be missing.
    pub incomplete: bool,
}

/// Earlier cases of the same applicant and cases with nearly the same words, among those the person may see.
///
/// # Errors
/// `NotFound`, `Forbidden` as for the case itself.
pub fn similar(db: &mut Db, actor: &Actor, days: ListDays, id: CaseId) -> Result<Similar, Error> {
    let case = staff_sight(db, actor, id)?.row;
    let scope = list_scope(db, actor)?;
    let (same_applicant, look_alikes) = of_the_applicants(db, &scope, days, &case, SIMILAR_MAX)?;
    Ok(Similar {
        same_applicant,
        look_alikes,
        near_identical: near_identical(db, &scope, days, &case, SIMILAR_MAX)?,
        incomplete: index_is_incomplete(db)?,
    })
}

/// Enters the cases into the search index that were there before it or before its present words; returns how many. Page
/// by page, beside the service; one look when there is nothing to do.
///
/// # Errors
/// A log that cannot be read, which the audit names; failures of the database. What was entered stays.
pub fn fill(store: &Store, book: &LawBook) -> Result<usize, Error> {
    if store.read(search_is_filled)? {
        return Ok(0);
    }
    store.write(|tx| Ok::<_, Error>(agency_search_refresh(tx)?))?;
    let (mut entered, mut after) = (0_usize, None);
    loop {
        let (count, last) = store.write(|tx| search_fill_page(tx, &book.law(), after))?;
        entered = entered.saturating_add(count);
        match last {
            Some(last) => after = Some(last),
            None => return Ok(entered),
        }
    }
}

/// Joins the parts of the index when much came in since the last time; a little at a time, beside the service.
///
/// # Errors
/// Failures of the database; what was joined stays.
pub fn merge(store: &Store) -> Result<(), Error> {
    if !store.read(|db| Ok::<_, Error>(search_merge_is_due(db)?))? {
        return Ok(());
    }
    let mut first = true;
    while store.write(|tx| Ok::<_, Error>(search_merge_step(tx, first)?))? {
        first = false;
    }
    Ok(())
}
