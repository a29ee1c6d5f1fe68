//! Lists and queues of cases: each one query on one index, comparing the projection with today.

use chrono::NaiveDate;
use diesel::dsl::{exists, sql};
use diesel::sql_types::{Bool, Nullable};
use diesel::{
    BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl,
    RunQueryDsl, TextExpressionMethods,
};
use std::collections::BTreeSet;

use super::CaseRow;
use crate::domain::ids::{AgencyId, CaseId, UnitId, UserId};
use crate::domain::reply::CaseKind;
use crate::domain::workflow::State;
use crate::domain::workflow::queue::Queue;
use crate::domain::workflow::state::Channel;
use crate::store::StoreError;
use crate::store::connection::{Db, MultiBackend};
use crate::store::key::Key;
use crate::store::schema::{case_assignments, cases};
use crate::store::sql::Code;

/// Whose cases may be listed, with subtrees resolved to agencies.
#[derive(Debug, Clone, Default)]
pub struct ListScope {
    pub agencies: BTreeSet<AgencyId>,
    pub after_draft: BTreeSet<AgencyId>,
    pub after_legal: BTreeSet<AgencyId>,
    pub unit: Option<(UnitId, BTreeSet<AgencyId>)>,
    pub except_applicant: Option<UserId>,
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
    /// A part of the number, the intake number or the title.
    pub q: Option<String>,
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

pub(super) fn keys<T: crate::domain::ids::Id>(ids: &BTreeSet<T>) -> Vec<Key<T>> {
    ids.iter().copied().map(Key).collect()
}

/// The condition that a case lies in the scope.
pub(super) fn in_scope(scope: &ListScope) -> Condition {
    let mut any: Condition = Box::new(cases::agency_id.nullable().eq_any(keys(&scope.agencies)));
    if !scope.after_draft.is_empty() {
        any = Box::new(
            any.or(cases::agency_id
                .nullable()
                .eq_any(keys(&scope.after_draft))
                .and(cases::reached.ne("intake"))),
        );
    }
    if !scope.after_legal.is_empty() {
        any = Box::new(
            any.or(cases::agency_id
                .nullable()
                .eq_any(keys(&scope.after_legal))
                .and(cases::reached.eq("legal"))),
        );
    }
    if let Some((unit, agencies)) = &scope.unit {
        let assigned = exists(
            case_assignments::table
                .filter(case_assignments::case_id.eq(cases::id))
                .filter(case_assignments::unit_id.eq(Key(*unit))),
        );
        any = Box::new(any.or(cases::agency_id.nullable().eq_any(keys(agencies)).and(assigned)));
    }
    match scope.except_applicant {
        Some(user) => Box::new(
            any.and(
                cases::applicant_user_id
                    .is_null()
                    .or(cases::applicant_user_id.ne(Key(user))),
            ),
        ),
        None => any,
    }
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
    let mut query = cases::table.into_boxed::<MultiBackend>().filter(in_scope(scope));
    if let Some(queue) = filter.queue {
        query = match queue {
            Queue::All => query,
            Queue::Intake => query.filter(cases::state.eq(Code(State::Submitted))),
            Queue::Unconfirmed => {
                query
                    .filter(cases::state.eq(Code(State::Submitted)))
                    .filter(cases::channel.eq_any([
                        Code(Channel::OrdinaryMail),
                        Code(Channel::Fax),
                        Code(Channel::Online),
                    ]))
            }
            Queue::Mine => query
                .filter(cases::owner_id.eq(filter.me.map(Key)))
                .filter(cases::state.ne(Code(State::Archived))),
            Queue::Unit => match filter.my_unit {
                None => query.filter(sql::<Bool>("1 = 0")),
                Some(unit) => query.filter(exists(
                    case_assignments::table
                        .filter(case_assignments::case_id.eq(cases::id))
                        .filter(case_assignments::unit_id.eq(Key(unit)))
                        .filter(case_assignments::is_open.eq(true)),
                )),
            },
            // Written as in the partial indexes, so that the planner recognises them.
            Queue::ToReviewSecrecy => query.filter(cases::awaits_secrecy),
            Queue::ToReviewLegal => query.filter(cases::awaits_legal),
            Queue::ToApprove => query.filter(cases::awaits_approval),
            Queue::ToDeliver => query
                .filter(cases::state.eq(Code(State::Replied)))
                .filter(cases::served.eq(false)),
            Queue::ToArchive => query
                .filter(cases::state.eq_any([Code(State::Delivered), Code(State::Closed), Code(State::Replied)]))
                .filter(cases::state.ne(Code(State::Replied)).or(cases::served)),
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
            Queue::LateEntries => query.filter(cases::late_entries.gt(sql::<diesel::sql_types::Integer>("0"))),
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
        query = query.filter(exists(
            case_assignments::table
                .filter(case_assignments::case_id.eq(cases::id))
                .filter(case_assignments::unit_id.eq(Key(unit))),
        ));
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
    if let Some(q) = &filter.q {
        let pattern = crate::store::agencies::like_anywhere(q);
        let upper = pattern.to_uppercase();
        query = query.filter(
            cases::title
                .like(pattern)
                .escape('\\')
                .nullable()
                .or(cases::number.like(upper.clone()).escape('\\'))
                .or(cases::intake_number.like(upper).escape('\\').nullable()),
        );
    }
    if let Some((act_by, id)) = after {
        query = query.filter(
            cases::act_by
                .gt(act_by)
                .or(cases::act_by.eq(act_by).and(cases::id.gt(Key(id)))),
        );
    }
    Ok(query.order((cases::act_by, cases::id)).limit(limit).load(db)?)
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
