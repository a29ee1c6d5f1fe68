//! Lists and queues of cases: each page read from indexes that give its order, comparing the projection with today, so
//! that it costs the same however many cases there are.

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::sql_types::{Bool, Nullable};
use diesel::{BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::{BTreeSet, VecDeque};

use super::CaseRow;
use crate::domain::case::State;
use crate::domain::case::queue::Queue;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{AgencyId, CaseId, UnitId, UserId};
use crate::store::StoreError;
use crate::store::connection::{Backend, Db, MultiBackend};
use crate::store::fixed::{Literal, OneOf};
use crate::store::key::Key;
use crate::store::schema::{case_assignments, cases};
use crate::store::sql::Code;

/// Places read ahead of each part when several are merged.
const AHEAD: i64 = 8;
/// Fewer agencies are read each for itself, unless they are all there are.
const MANY: usize = 16;
/// Most places looked at in one step of a list with conditions that few cases of a unit fulfil.
const STEP_MAX: i64 = 2000;

/// Whose cases may be listed, with subtrees resolved to agencies.
#[derive(Debug, Clone, Default)]
pub struct ListScope {
    pub agencies: BTreeSet<AgencyId>,
    pub after_draft: BTreeSet<AgencyId>,
    pub after_legal: BTreeSet<AgencyId>,
    pub unit: Option<(UnitId, BTreeSet<AgencyId>)>,
    pub except_applicant: Option<UserId>,
    /// How much of all there is lies in `agencies`.
    pub share: Share,
}

/// How many of all agencies a scope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Share {
    #[default]
    Some,
    /// So many that a list is sooner read from the cases of all than put together from those of each.
    Most,
    All,
}

impl Share {
    pub fn of(agencies: usize, of_all: usize) -> Self {
        if agencies == of_all {
            Self::All
        } else if agencies >= MANY && agencies.saturating_mul(2) > of_all {
            Self::Most
        } else {
            Self::Some
        }
    }
}

impl ListScope {
    /// Every agency of which any case may be in the scope.
    pub(super) fn every_agency(&self) -> BTreeSet<AgencyId> {
        let of_unit = self.unit.iter().flat_map(|(_, agencies)| agencies);
        let all = self.agencies.iter().chain(&self.after_draft).chain(&self.after_legal);
        all.chain(of_unit).copied().collect()
    }
}

/// Which cases a page holds.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    pub queue: Option<Queue>,
    pub state: Option<State>,
    pub kind: Option<CaseKind>,
    pub agency_id: Option<AgencyId>,
    pub unit_id: Option<UnitId>,
    pub owner_id: Option<UserId>,
    pub due_before: Option<NaiveDate>,
    pub received_from: Option<NaiveDate>,
    pub received_to: Option<NaiveDate>,
    /// The person who asks, and the person's unit.
    pub me: Option<UserId>,
    pub my_unit: Option<UnitId>,
}

/// The place of a case in every list but the applicant's: by the day on which to act, then by id.
pub type ActKey = (NaiveDate, CaseId);

/// The days a list is compared with.
#[derive(Debug, Clone, Copy)]
pub struct ListDays {
    pub today: NaiveDate,
    /// The last day that counts as soon.
    pub soon: NaiveDate,
}

pub(super) type Condition = Box<dyn diesel::BoxableExpression<cases::table, MultiBackend, SqlType = Nullable<Bool>>>;

pub(super) fn keys<T: crate::domain::words::ids::Id>(ids: &BTreeSet<T>) -> Vec<Key<T>> {
    ids.iter().copied().map(Key).collect()
}

/// Asked for one case at a time: PostgreSQL would otherwise read all assignments of the unit first.
fn assigned_to(unit: UnitId) -> Condition {
    let assignment = case_assignments::table
        .filter(case_assignments::case_id.eq(cases::id))
        .filter(case_assignments::unit_id.eq(Key(unit)))
        .select(case_assignments::unit_id)
        .limit(1);
    Box::new(assignment.single_value().is_not_null().nullable())
}

fn not_own(applicant: UserId) -> Condition {
    Box::new(
        cases::applicant_user_id
            .is_null()
            .or(cases::applicant_user_id.ne(Key(applicant))),
    )
}

fn of_agencies(backend: Backend, agencies: &BTreeSet<AgencyId>) -> Condition {
    match backend {
        Backend::Postgres => Box::new(cases::agency_id.nullable().eq_any(keys(agencies))),
        Backend::Sqlite => Box::new(OneOf::new("+cases.agency_id", keys(agencies)).nullable()),
    }
}

/// The condition that a case lies in the scope.
pub(super) fn in_scope(backend: Backend, scope: &ListScope) -> Condition {
    let mut any = of_agencies(backend, &scope.agencies);
    if !scope.after_draft.is_empty() {
        any = Box::new(any.or(of_agencies(backend, &scope.after_draft).and(cases::reached.ne("intake"))));
    }
    if !scope.after_legal.is_empty() {
        any = Box::new(any.or(of_agencies(backend, &scope.after_legal).and(cases::reached.eq("legal"))));
    }
    if let Some((unit, agencies)) = &scope.unit {
        any = Box::new(any.or(of_agencies(backend, agencies).and(assigned_to(*unit))));
    }
    match scope.except_applicant {
        Some(user) => Box::new(any.and(not_own(user))),
        None => any,
    }
}

/// The cases that a queue and the other filters admit. Conditions that stand in a partial index are written as there, as
/// neither planner would see through a parameter.
fn filtered(filter: &CaseFilter, days: ListDays) -> cases::BoxedQuery<'static, MultiBackend> {
    let mut query = cases::table.into_boxed::<MultiBackend>();
    if let Some(queue) = filter.queue {
        query = match queue {
            Queue::All => query,
            Queue::Intake => query.filter(cases::state.eq(Code(State::Submitted))),
            Queue::Unconfirmed => query.filter(Literal(
                "CASE WHEN cases.state = 'submitted' THEN cases.channel IN ('ordinary_mail', 'fax', 'online') ELSE FALSE END",
            )),
            Queue::Mine => query
                .filter(cases::owner_id.eq(filter.me.map(Key)))
                .filter(Literal("cases.state <> 'archived'")),
            Queue::Unit => match filter.my_unit {
                None => query.filter(Literal("1 = 0")),
                Some(unit) => query.filter(exists(
                    case_assignments::table
                        .filter(case_assignments::case_id.eq(cases::id))
                        .filter(case_assignments::unit_id.eq(Key(unit)))
                        .filter(case_assignments::is_open),
                )),
            },
            Queue::ToReviewSecrecy => query.filter(cases::awaits_secrecy),
            Queue::ToReviewLegal => query.filter(cases::awaits_legal),
            Queue::ToApprove => query.filter(cases::awaits_approval),
            Queue::ToDeliver => query.filter(Literal(
                "CASE WHEN cases.state = 'replied' THEN NOT cases.served ELSE FALSE END",
            )),
            Queue::ToArchive => query.filter(Literal(
                "CASE WHEN cases.state IN ('delivered', 'closed') THEN TRUE WHEN cases.state = 'replied' THEN cases.served \
                 ELSE FALSE END",
            )),
            Queue::DueSoon => query
                .filter(cases::stopped_on.is_null())
                .filter(cases::due_on.is_not_null())
                .filter(cases::act_by.between(days.today, days.soon)),
            // While suspended there is no due date, even where the allowance was used up before.
            Queue::Overdue => query
                .filter(cases::stopped_on.is_null())
                .filter(cases::due_on.is_not_null())
                .filter(cases::act_by.lt(days.today))
                .filter(
                    cases::suspended_until
                        .is_null()
                        .or(cases::suspended_until.lt(days.today)),
                ),
            Queue::Suspended => query
                .filter(cases::suspended_until.is_not_null())
                .filter(cases::suspended_until.ge(days.today)),
            Queue::Awaiting => query.filter(cases::awaiting.is_not_null()),
            Queue::LateEntries => query.filter(Literal("cases.late_entries > 0")),
        };
    }
    if let Some(state) = filter.state {
        query = query.filter(cases::state.eq(Code(state)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(cases::kind.eq(Code(kind)));
    }
    if let Some(agency_id) = filter.agency_id {
        query = query.filter(cases::agency_id.eq(Key(agency_id)));
    }
    if let Some(unit) = filter.unit_id {
        query = query.filter(assigned_to(unit));
    }
    if let Some(owner) = filter.owner_id {
        query = query.filter(cases::owner_id.eq(Key(owner)));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(cases::stopped_on.is_null()).filter(cases::due_on.lt(day));
    }
    if let Some(day) = filter.received_from {
        query = query.filter(cases::received_on.ge(day));
    }
    if let Some(day) = filter.received_to {
        query = query.filter(cases::received_on.le(day));
    }
    query
}

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
