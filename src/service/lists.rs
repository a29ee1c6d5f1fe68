//! Lists of cases: an agency's, by the day on which someone must act, and an applicant's own.

use super::desk::Desk;
use super::sight::list_scope;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::CaseId;
use crate::error::Error;
use crate::store::Db;
use crate::store::cases::CaseRow;
use crate::store::cases::list::{case_list as list, request_list as own_list};

pub use crate::store::cases::list::{ActKey, CaseFilter, ListDays};

/// Working days that count as soon in the queue `due_soon`.
const SOON_WORKING_DAYS: u32 = 5;

/// What the lists compare with on this day.
pub fn list_days(desk: &Desk) -> ListDays {
    ListDays {
        today: desk.today,
        soon: desk.law().calendar.add_working_days(desk.today, SOON_WORKING_DAYS),
    }
}

/// One page of the cases that the person may see.
///
/// # Errors
/// `Forbidden` when the person has no role in any agency.
pub fn case_list(
    db: &mut Db,
    actor: &Actor,
    filter: &CaseFilter,
    days: ListDays,
    after: Option<ActKey>,
    limit: i64,
) -> Result<Vec<CaseRow>, Error> {
    let scope = list_scope(db, actor)?;
    Ok(list(db, &scope, filter, days, after, limit)?)
}

/// One page of the person's own requests, newest first.
///
/// # Errors
/// Failures of the database.
pub fn request_list(db: &mut Db, actor: &Actor, before: Option<CaseId>, limit: i64) -> Result<Vec<CaseRow>, Error> {
    Ok(own_list(db, actor.user_id, before, limit)?)
}
