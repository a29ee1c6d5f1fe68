//! The figures of the annual report as grouped rows, and the cases behind one of its cells.
//!
//! Rows are grouped by whole days; which year a day belongs to is the domain's arithmetic. Corrections and applications
//! that were never received are left out.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use diesel::dsl::count_star;
use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl};

use super::CaseRow;
use super::scope::{ListScope, in_scope, keys};
use crate::domain::people::party::ApplicantKind;
use crate::domain::reply::{CaseKind, Outcome};
use crate::domain::report::{
    CellSelection, EndingBounds, GroupedCount, RemedyCount, RemedyKind, RemedyResult, ReportColumn,
};
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::store::StoreError;
use crate::store::connection::{Db, MultiBackend};
use crate::store::key::Key;
use crate::store::schema::{case_remedies, cases};
use crate::store::sql::Code;

/// The first and the last day a report speaks of.
#[derive(Debug, Clone, Copy)]
pub struct ReportDays {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

type Grouped = (
    Code<ApplicantKind>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<Code<Outcome>>,
    i64,
);

/// Received disclosure cases of these agencies that any row of the report may count, grouped by kind of applicant, day
/// of receipt, and day and outcome of the ending.
///
/// # Errors
/// Failures of the database.
pub fn request_counts(
    db: &mut Db,
    agencies: &BTreeSet<AgencyId>,
    days: ReportDays,
) -> Result<Vec<GroupedCount>, StoreError> {
    let rows: Vec<Grouped> = cases::table
        .filter(cases::agency_id.eq_any(keys(agencies)))
        .filter(cases::kind.eq(Code(CaseKind::Disclosure)))
        .filter(cases::received_on.le(days.last))
        .filter(
            cases::received_on
                .ge(days.first)
                .or(cases::ended_on.is_null())
                .or(cases::ended_on.ge(days.first)),
        )
        .group_by((
            cases::applicant_kind,
            cases::received_on,
            cases::ended_on,
            cases::outcome,
        ))
        .select((
            cases::applicant_kind,
            cases::received_on,
            cases::ended_on,
            cases::outcome,
            count_star(),
        ))
        .order((
            cases::applicant_kind,
            cases::received_on,
            cases::ended_on,
            cases::outcome,
        ))
        .load(db)?;
    rows.into_iter()
        .map(|(kind, received_on, ended_on, outcome, number)| {
            let received_on = received_on.ok_or_else(|| StoreError::Corrupt("a received case".to_owned()))?;
            Ok(GroupedCount {
                column: kind.0,
                received_year: received_on.year(),
                ended: ended_on.zip(outcome).map(|(on, outcome)| (on.year(), outcome.0)),
                number: counted(number)?,
            })
        })
        .collect()
}

type GroupedRemedy = (
    Code<RemedyKind>,
    NaiveDate,
    Option<NaiveDate>,
    Option<Code<RemedyResult>>,
    i64,
);

/// Remedies over disclosure cases of these agencies that the report may count, grouped by kind, day of filing, and day
/// and result of the decision.
///
/// # Errors
/// Failures of the database.
pub fn remedy_counts(
    db: &mut Db,
    agencies: &BTreeSet<AgencyId>,
    days: ReportDays,
) -> Result<Vec<RemedyCount>, StoreError> {
    let grouping = (
        case_remedies::kind,
        case_remedies::filed_on,
        case_remedies::decided_on,
        case_remedies::result,
    );
    let rows: Vec<GroupedRemedy> = case_remedies::table
        .inner_join(cases::table.on(cases::id.eq(case_remedies::case_id)))
        .filter(case_remedies::agency_id.eq_any(keys(agencies)))
        .filter(cases::kind.eq(Code(CaseKind::Disclosure)))
        .filter(case_remedies::filed_on.le(days.last))
        .filter(
            case_remedies::decided_on
                .is_null()
                .or(case_remedies::decided_on.ge(days.first)),
        )
        .group_by(grouping)
        .select((
            case_remedies::kind,
            case_remedies::filed_on,
            case_remedies::decided_on,
            case_remedies::result,
            count_star(),
        ))
        .order(grouping)
        .load(db)?;
    rows.into_iter()
        .map(|(kind, filed_on, decided_on, result, number)| {
            Ok(RemedyCount {
                kind: kind.0,
                filed_year: filed_on.year(),
                decided: decided_on.zip(result).map(|(on, result)| (on.year(), result.0)),
                number: counted(number)?,
            })
        })
        .collect()
}

/// Disclosure cases of these agencies whose ending the report counts and that were set going again after its year, by day
/// of that, then by id.
///
/// # Errors
/// Failures of the database.
pub fn reopened_cases(
    db: &mut Db,
    agencies: &BTreeSet<AgencyId>,
    days: ReportDays,
) -> Result<Vec<CaseRow>, StoreError> {
    Ok(cases::table
        .filter(cases::agency_id.eq_any(keys(agencies)))
        .filter(cases::kind.eq(Code(CaseKind::Disclosure)))
        .filter(cases::ended_on.between(days.first, days.last))
        .filter(cases::reopened_on.gt(days.last))
        .order((cases::reopened_on, cases::id))
        .load(db)?)
}

fn counted(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt(format!("a count of {number}")))
}

/// The place of a case in the list of a cell: by receipt, then by id.
pub type CellKey = (NaiveDate, CaseId);

/// One page of the cases of these agencies in a cell, as far as they are in the person's scope.
///
/// # Errors
/// Failures of the database.
pub fn cell_cases(
    db: &mut Db,
    agencies: &BTreeSet<AgencyId>,
    scope: &ListScope,
    cell: &CellSelection,
    after: Option<CellKey>,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = cases::table
        .into_boxed::<MultiBackend>()
        .filter(in_scope(db.backend(), scope))
        .filter(cases::agency_id.eq_any(keys(agencies)))
        .filter(cases::kind.eq(Code(CaseKind::Disclosure)))
        .filter(cases::received_on.le(cell.received_to));
    if let Some(from) = cell.received_from {
        query = query.filter(cases::received_on.ge(from));
    }
    query = match cell.ended {
        EndingBounds::Any => query,
        EndingBounds::Within(from, to) => query.filter(cases::ended_on.between(from, to)),
        EndingBounds::OpenOrFrom(from) => query.filter(cases::ended_on.is_null().or(cases::ended_on.ge(from))),
    };
    if let Some(outcome) = cell.outcome {
        query = query.filter(cases::outcome.eq(Code(outcome)));
    }
    if let ReportColumn::Kind(kind) = cell.column {
        query = query.filter(cases::applicant_kind.eq(Code(kind)));
    }
    if let Some((received_on, id)) = after {
        query = query.filter(
            cases::received_on
                .gt(received_on)
                .or(cases::received_on.eq(received_on).and(cases::id.nullable().gt(Key(id)))),
        );
    }
    Ok(query.order((cases::received_on, cases::id)).limit(limit).load(db)?)
}
