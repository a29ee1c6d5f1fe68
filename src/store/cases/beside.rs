//! The rows beside a case: its assignments and remedies, as queues and statistics read them.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl};

use crate::domain::case::Case;
use crate::domain::case::sub::SubStatus;
use crate::domain::report::{RemedyKind, RemedyResult};
use crate::domain::words::ids::{CaseId, UnitId};
use crate::store::connection::Db;
use crate::store::fixed::on_either;
use crate::store::key::Key;
use crate::store::schema::{case_assignments, case_remedies};
use crate::store::sql::Code;
use crate::store::{StoreError, Tx};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Queryable)]
struct AssignmentRow {
    assignment_id: String,
    unit_id: Key<UnitId>,
    is_open: bool,
    act_by: NaiveDate,
}

#[derive(Debug, PartialEq, Eq, Queryable)]
struct RemedyRow {
    remedy_id: String,
    kind: Code<RemedyKind>,
    filed_on: NaiveDate,
    decided_on: Option<NaiveDate>,
    result: Option<Code<RemedyResult>>,
}

fn assignments_of(case: &Case, act_by: NaiveDate) -> Vec<AssignmentRow> {
    let assignments = case.data().subs.assignments.iter();
    let mut rows: Vec<AssignmentRow> = assignments
        .map(|sub| AssignmentRow {
            assignment_id: sub.id().to_string(),
            unit_id: Key(sub.detail.unit_id),
            is_open: sub.is_open(),
            act_by,
        })
        .collect();
    rows.sort();
    rows
}

fn remedies_of(case: &Case) -> Vec<RemedyRow> {
    let remedies = case.data().subs.remedies.iter();
    let mut rows: Vec<RemedyRow> = remedies
        .filter(|sub| sub.status != SubStatus::Voided)
        .map(|sub| RemedyRow {
            remedy_id: sub.id().to_string(),
            kind: Code(sub.detail.remedy_kind),
            filed_on: sub.detail.filed_on,
            decided_on: sub.closed_on,
            result: sub.detail.result.map(Code),
        })
        .collect();
    rows.sort_by(|a, b| a.remedy_id.cmp(&b.remedy_id));
    rows
}

fn assignment_rows(db: &mut Db, id: CaseId) -> Result<Vec<AssignmentRow>, StoreError> {
    let query = case_assignments::table
        .filter(case_assignments::case_id.eq(Key(id)))
        .order(case_assignments::assignment_id)
        .select((
            case_assignments::assignment_id,
            case_assignments::unit_id,
            case_assignments::is_open,
            case_assignments::act_by,
        ));
    Ok(on_either!(db, c => query.load(c))?)
}

fn remedy_rows(db: &mut Db, id: CaseId) -> Result<Vec<RemedyRow>, StoreError> {
    let query = case_remedies::table
        .filter(case_remedies::case_id.eq(Key(id)))
        .order(case_remedies::remedy_id)
        .select((
            case_remedies::remedy_id,
            case_remedies::kind,
            case_remedies::filed_on,
            case_remedies::decided_on,
            case_remedies::result,
        ));
    Ok(on_either!(db, c => query.load(c))?)
}

/// Brings the rows beside the case up to date; most commands change none of them. Returns whether anything changed.
pub(super) fn beside_changed(tx: &mut Tx<'_>, case: &Case, act_by: NaiveDate) -> Result<bool, StoreError> {
    let id = Key(case.id());
    let mut changed = false;
    let assignments = assignments_of(case, act_by);
    if assignments != assignment_rows(tx, case.id())? {
        changed = true;
        diesel::delete(case_assignments::table.filter(case_assignments::case_id.eq(id))).execute(&mut **tx)?;
        assignments_insert(tx, case, assignments)?;
    }
    let remedies = remedies_of(case);
    if remedies != remedy_rows(tx, case.id())? {
        changed = true;
        diesel::delete(case_remedies::table.filter(case_remedies::case_id.eq(id))).execute(&mut **tx)?;
        remedies_insert(tx, case, remedies)?;
    }
    Ok(changed)
}

/// Writes the rows beside a new case.
pub(super) fn beside_insert(tx: &mut Tx<'_>, case: &Case, act_by: NaiveDate) -> Result<(), StoreError> {
    assignments_insert(tx, case, assignments_of(case, act_by))?;
    remedies_insert(tx, case, remedies_of(case))
}

fn assignments_insert(tx: &mut Tx<'_>, case: &Case, rows: Vec<AssignmentRow>) -> Result<(), StoreError> {
    for row in rows {
        diesel::insert_into(case_assignments::table)
            .values((
                case_assignments::case_id.eq(Key(case.id())),
                case_assignments::assignment_id.eq(row.assignment_id),
                case_assignments::unit_id.eq(row.unit_id),
                case_assignments::is_open.eq(row.is_open),
                case_assignments::act_by.eq(row.act_by),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn remedies_insert(tx: &mut Tx<'_>, case: &Case, rows: Vec<RemedyRow>) -> Result<(), StoreError> {
    for row in rows {
        diesel::insert_into(case_remedies::table)
            .values((
                case_remedies::case_id.eq(Key(case.id())),
                case_remedies::remedy_id.eq(row.remedy_id),
                case_remedies::agency_id.eq(Key(case.data().submission.agency_id)),
                case_remedies::kind.eq(row.kind),
                case_remedies::filed_on.eq(row.filed_on),
                case_remedies::decided_on.eq(row.decided_on),
                case_remedies::result.eq(row.result),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}
