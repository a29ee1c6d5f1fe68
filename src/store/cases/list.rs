//! Lists and queues of cases: each page read from indexes that give its order, comparing the projection with today, so
//! that it costs the same however many cases there are.

use std::collections::VecDeque;

use chrono::NaiveDate;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};

use super::CaseRow;
pub use super::scope::{ActKey, CaseFilter, ListDays, ListScope, Share};
use super::scope::{assigned_to, filtered, in_scope, not_own};
use crate::domain::case::Queue;
use crate::domain::words::ids::{AgencyId, CaseId, UnitId, UserId};
use crate::store::StoreError;
use crate::store::connection::{Backend, Db, MultiBackend};
use crate::store::fixed::OneOf;
use crate::store::key::Key;
use crate::store::schema::{case_assignments, cases};

/// Places read ahead of each part when several are merged.
const AHEAD: i64 = 8;
/// Most places looked at in one step of a list with conditions that few cases of a unit fulfil.
const STEP_MAX: i64 = 2000;

/// Those of some cases that lie in the scope and that the filter admits, in no order that matters.
pub(super) fn visible(
    db: &mut Db,
    scope: &ListScope,
    filter: &CaseFilter,
    days: ListDays,
    ids: Vec<Key<CaseId>>,
) -> Result<Vec<CaseRow>, StoreError> {
    let backend = db.backend();
    let query = filtered(filter, days).filter(in_scope(backend, scope)).order(cases::id);
    Ok(match backend {
        Backend::Postgres => query.filter(cases::id.eq_any(ids)).load(db)?,
        Backend::Sqlite => query.filter(OneOf::new("cases.id", ids)).load(db)?,
    })
}

/// A part of the scope that one index gives in the order of the list. A condition over several agencies has no such
/// index: each agency is read for itself, and the parts are merged.
#[derive(Debug, Clone, Copy)]
enum Lane {
    /// Of someone who sees every agency, or most of them.
    Everything,
    Agency(AgencyId, Sees),
    /// Through the index of an owner, whatever the agency.
    Owner,
    /// Cases of a unit; `open` while the assignment is.
    Unit {
        unit: UnitId,
        open: bool,
    },
}

/// Which cases of an agency are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sees {
    All,
    AfterDraft,
    AfterLegal,
    Assigned(UnitId),
}

fn lanes(scope: &ListScope, filter: &CaseFilter) -> Vec<Lane> {
    if let Some(unit) = filter.unit_id {
        return vec![Lane::Unit { unit, open: false }];
    }
    if filter.queue == Some(Queue::Unit) {
        let unit = filter.my_unit.map(|unit| Lane::Unit { unit, open: true });
        return unit.into_iter().collect();
    }
    if filter.owner_id.is_some() || filter.queue == Some(Queue::Mine) {
        return vec![Lane::Owner];
    }
    if scope.share != Share::Some && filter.agency_id.is_none() {
        return vec![Lane::Everything];
    }
    let mut lanes = Vec::new();
    let mut unit_lane = None;
    for agency in scope.every_agency() {
        if filter.agency_id.is_some_and(|only| only != agency) {
            continue;
        }
        if scope.agencies.contains(&agency) {
            lanes.push(Lane::Agency(agency, Sees::All));
            continue;
        }
        if scope.after_draft.contains(&agency) {
            lanes.push(Lane::Agency(agency, Sees::AfterDraft));
        } else if scope.after_legal.contains(&agency) {
            lanes.push(Lane::Agency(agency, Sees::AfterLegal));
        }
        if let Some((unit, _)) = scope.unit.as_ref().filter(|(_, agencies)| agencies.contains(&agency)) {
            // The working lists of an agency are short; of all its cases a unit has few.
            match filter.queue {
                None | Some(Queue::All) => {
                    unit_lane = Some(Lane::Unit {
                        unit: *unit,
                        open: false,
                    })
                }
                Some(_) => lanes.push(Lane::Agency(agency, Sees::Assigned(*unit))),
            }
        }
    }
    lanes.extend(unit_lane);
    lanes
}

/// What a page is made of.
struct Wanted<'a> {
    scope: &'a ListScope,
    filter: &'a CaseFilter,
    days: ListDays,
}

impl Wanted<'_> {
    /// A lane that is read from the cases themselves.
    fn cases(
        &self,
        backend: Backend,
        lane: Lane,
        after: Option<ActKey>,
        limit: i64,
    ) -> cases::BoxedQuery<'static, MultiBackend> {
        let mut query = filtered(self.filter, self.days);
        match lane {
            Lane::Agency(agency, sees) => {
                query = query.filter(cases::agency_id.eq(Key(agency)));
                query = match sees {
                    Sees::All => query,
                    Sees::AfterDraft => query.filter(cases::reached.ne("intake")),
                    Sees::AfterLegal => query.filter(cases::reached.eq("legal")),
                    Sees::Assigned(unit) => query.filter(assigned_to(unit)),
                };
                if let Some(applicant) = self.scope.except_applicant {
                    query = query.filter(not_own(applicant));
                }
            }
            Lane::Everything if self.scope.share == Share::All => {
                if let Some(applicant) = self.scope.except_applicant {
                    query = query.filter(not_own(applicant));
                }
            }
            Lane::Everything | Lane::Owner | Lane::Unit { .. } => query = query.filter(in_scope(backend, self.scope)),
        }
        if let Some((act_by, id)) = after {
            // The first condition is what an index can be entered with.
            query = query
                .filter(cases::act_by.ge(act_by))
                .filter(cases::act_by.gt(act_by).or(cases::id.gt(Key(id))));
        }
        query.order((cases::act_by, cases::id)).limit(limit)
    }

    /// The next rows of a lane.
    fn rows(&self, db: &mut Db, lane: Lane, after: Option<ActKey>, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
        match lane {
            Lane::Unit { unit, open } => self.of_unit(db, unit, open, after, limit),
            _ => Ok(self.cases(db.backend(), lane, after, limit).load(db)?),
        }
    }

    /// The places of the next rows of a lane.
    fn keys(&self, db: &mut Db, lane: Lane, after: Option<ActKey>, limit: i64) -> Result<Vec<ActKey>, StoreError> {
        match lane {
            Lane::Unit { unit, open } => {
                let rows = self.of_unit(db, unit, open, after, limit)?;
                Ok(rows.iter().map(CaseRow::act_key).collect())
            }
            _ => {
                let keys: Vec<(NaiveDate, Key<CaseId>)> = self
                    .cases(db.backend(), lane, after, limit)
                    .select((cases::act_by, cases::id))
                    .load(db)?;
                Ok(keys.into_iter().map(|(act_by, id)| (act_by, id.0)).collect())
            }
        }
    }

    /// Cases of a unit, in the order of its assignments; a case stands there once for each.
    fn of_unit(
        &self,
        db: &mut Db,
        unit: UnitId,
        open: bool,
        mut after: Option<ActKey>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, StoreError> {
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut found, mut step) = (Vec::new(), limit);
        while found.len() < wanted {
            let page = unit_keys(db, unit, open, after, step)?;
            let Some(last) = page.last().copied() else { break };
            let ids = page.iter().map(|(_, id)| Key(*id)).collect();
            let mut rows = visible(db, self.scope, self.filter, self.days, ids)?;
            rows.sort_by_key(CaseRow::act_key);
            found.extend(rows);
            after = Some(last);
            step = step.saturating_mul(4).min(STEP_MAX);
        }
        found.truncate(wanted);
        Ok(found)
    }
}

fn unit_keys(
    db: &mut Db,
    unit: UnitId,
    open: bool,
    after: Option<ActKey>,
    limit: i64,
) -> Result<Vec<ActKey>, StoreError> {
    let mut query = case_assignments::table
        .filter(case_assignments::unit_id.eq(Key(unit)))
        .into_boxed::<MultiBackend>();
    if open {
        query = query.filter(case_assignments::is_open);
    }
    if let Some((act_by, id)) = after {
        query = query.filter(case_assignments::act_by.ge(act_by)).filter(
            case_assignments::act_by
                .gt(act_by)
                .or(case_assignments::case_id.gt(Key(id))),
        );
    }
    let keys: Vec<(NaiveDate, Key<CaseId>)> = query
        .order((case_assignments::act_by, case_assignments::case_id))
        .limit(limit)
        .select((case_assignments::act_by, case_assignments::case_id))
        .load(db)?;
    Ok(keys.into_iter().map(|(act_by, id)| (act_by, id.0)).collect())
}

/// One page of cases in the scope, by the day on which to act.
///
/// # Errors
/// Failures of the database.
pub fn case_list(
    db: &mut Db,
    scope: &ListScope,
    filter: &CaseFilter,
    days: ListDays,
    after: Option<ActKey>,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let wanted = Wanted { scope, filter, days };
    let lanes = lanes(scope, filter);
    if let [lane] = lanes.as_slice() {
        return wanted.rows(db, *lane, after, limit);
    }
    let ids = merged(db, &wanted, lanes, after, limit)?;
    let mut rows = visible(db, scope, filter, days, ids)?;
    rows.sort_by_key(CaseRow::act_key);
    Ok(rows)
}

/// What was read of a lane and not yet taken.
struct Feed {
    lane: Lane,
    ahead: VecDeque<ActKey>,
    last: Option<ActKey>,
    ended: bool,
}

/// The first cases of several lanes together. Few are read ahead of each; a lane that gave them all is read again.
fn merged(
    db: &mut Db,
    wanted: &Wanted<'_>,
    lanes: Vec<Lane>,
    after: Option<ActKey>,
    limit: i64,
) -> Result<Vec<Key<CaseId>>, StoreError> {
    let count = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut feeds: Vec<Feed> = lanes
        .into_iter()
        .map(|lane| Feed {
            lane,
            ahead: VecDeque::new(),
            last: after,
            ended: false,
        })
        .collect();
    let mut step = AHEAD.min(limit);
    let mut found = Vec::new();
    while found.len() < count {
        for feed in feeds.iter_mut().filter(|feed| feed.ahead.is_empty() && !feed.ended) {
            feed.ahead = wanted.keys(db, feed.lane, feed.last, step)?.into();
            feed.ended = i64::try_from(feed.ahead.len()).unwrap_or(step) < step;
            feed.last = feed.ahead.back().copied().or(feed.last);
        }
        step = limit;
        let Some(next) = feeds.iter().filter_map(|feed| feed.ahead.front()).min().copied() else {
            break;
        };
        for feed in &mut feeds {
            if feed.ahead.front() == Some(&next) {
                feed.ahead.pop_front();
            }
        }
        found.push(Key(next.1));
    }
    Ok(found)
}

/// One page of an applicant's own requests, newest first.
///
/// # Errors
/// Failures of the database.
pub fn request_list(
    db: &mut Db,
    applicant: UserId,
    before: Option<CaseId>,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = cases::table
        .into_boxed::<MultiBackend>()
        .filter(cases::applicant_user_id.eq(Key(applicant)));
    if let Some(before) = before {
        query = query.filter(cases::id.lt(Key(before)));
    }
    Ok(query.order(cases::id.desc()).limit(limit).load(db)?)
}
