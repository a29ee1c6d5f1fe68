//! Whose cases a list may show and which of them are asked for, as conditions on their rows.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::sql_types::{Bool, Nullable};
use diesel::{BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl};

use crate::domain::case::Queue;
use crate::domain::case::State;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{AgencyId, CaseId, Id, UnitId, UserId};
use crate::store::connection::{Backend, MultiBackend};
use crate::store::fixed::{Literal, OneOf};
use crate::store::key::Key;
use crate::store::schema::{case_assignments, cases};
use crate::store::sql::Code;

/// Fewer agencies are read each for itself, unless they are all there are.
const MANY: usize = 16;

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
    /// Only those with a fact from outside that was entered late; as a queue of late entries, instead of the agency's own.
    pub outside: bool,
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

pub(super) fn keys<T: Id>(ids: &BTreeSet<T>) -> Vec<Key<T>> {
    ids.iter().copied().map(Key).collect()
}

/// Asked for one case at a time: PostgreSQL would otherwise read all assignments of the unit first.
pub(super) fn assigned_to(unit: UnitId) -> Condition {
    let assignment = case_assignments::table
        .filter(case_assignments::case_id.eq(cases::id))
        .filter(case_assignments::unit_id.eq(Key(unit)))
        .select(case_assignments::unit_id)
        .limit(1);
    Box::new(assignment.single_value().is_not_null().nullable())
}

pub(super) fn not_own(applicant: UserId) -> Condition {
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
pub(super) fn filtered(filter: &CaseFilter, days: ListDays) -> cases::BoxedQuery<'static, MultiBackend> {
    let mut query = cases::table.into_boxed::<MultiBackend>();
    if let Some(queue) = filter.queue {
        query = match queue {
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
            Queue::LateEntries if !filter.outside => query.filter(Literal("cases.late_entries > 0")),
            Queue::All | Queue::LateEntries => query,
        };
    }
    if filter.outside {
        query = query.filter(Literal(
            "EXISTS (SELECT 1 FROM case_events WHERE case_events.case_id = cases.id AND case_events.late_entry = 'outside')",
        ));
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
