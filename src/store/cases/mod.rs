//! Cases: the append-only log, and the row that queues and lists read.
//!
//! [`case_insert`] and [`case_append`] are the only writers. They write events, their private texts and the projection
//! in one transaction, under a compare-and-set on the version. The log is the truth: [`rebuild`] makes every projection
//! from it again.

pub mod documents;
pub mod list;
pub mod log;
pub mod rebuild;
pub mod search;
pub mod similar;
pub mod statistics;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    Queryable, RunQueryDsl,
};
use sha2::{Digest, Sha256};

use super::agencies::AgencyName;
use super::connection::Db;
use super::fixed::{fixed, on_either};
use super::key::Key;
use super::schema::{agencies, case_assignments, case_remedies, cases, users};
use super::sql::Code;
use super::{StoreError, Tx};
use crate::domain::ids::{AgencyId, CaseId, UnitId, UserId};
use crate::domain::party::{Applicant, ApplicantKind};
use crate::domain::reply::{CaseKind, Outcome};
use crate::domain::statistics::{RemedyKind, RemedyResult};
use crate::domain::workflow::state::{Channel, SubDetail};
use crate::domain::workflow::{Applied, Case, Law, State};

/// What is known of a case without folding its log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct CaseRow {
    id: Key<CaseId>,
    pub version: i64,
    kind: Code<CaseKind>,
    state: Code<State>,
    agency_id: Key<AgencyId>,
    pub intake_number: String,
    pub number: Option<String>,
    channel: Code<Channel>,
    pub arrived_on: NaiveDate,
    applicant_user_id: Option<Key<UserId>>,
    pub applicant_key: String,
    applicant_kind: Code<ApplicantKind>,
    pub applicant_name: String,
    pub title: String,
    pub received_on: Option<NaiveDate>,
    owner_id: Option<Key<UserId>>,
    pub due_on: Option<NaiveDate>,
    pub suspended_until: Option<NaiveDate>,
    pub awaiting: Option<String>,
    pub missed_on: Option<NaiveDate>,
    pub stopped_on: Option<NaiveDate>,
    pub act_by: NaiveDate,
    pub awaits_secrecy: bool,
    pub awaits_legal: bool,
    pub awaits_approval: bool,
    pub served: bool,
    reached: Code<Reached>,
    pub late_entries: i32,
    outcome: Option<Code<Outcome>>,
    pub ended_on: Option<NaiveDate>,
    pub head_hash: String,
    /// The sealed query code.
    pub query_code: String,
}

/// How far a case ever got: secrecy sees it from the first draft on, legal from the first legal submission on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    Intake,
    Draft,
    Legal,
}

impl crate::domain::coded::Coded for Reached {
    fn as_code(&self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Draft => "draft",
            Self::Legal => "legal",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Intake, Self::Draft, Self::Legal]
            .into_iter()
            .find(|reached| reached.as_code() == code)
    }
}

impl CaseRow {
    pub fn id(&self) -> CaseId {
        self.id.0
    }

    fn of(origin: Origin<'_>, columns: Columns) -> Self {
        Self {
            id: origin.id,
            version: columns.version,
            kind: origin.kind,
            state: columns.state,
            agency_id: origin.agency_id,
            intake_number: origin.intake_number.to_owned(),
            number: columns.number,
            channel: columns.channel,
            arrived_on: columns.arrived_on,
            applicant_user_id: origin.applicant_user_id,
            applicant_key: columns.applicant_key,
            applicant_kind: columns.applicant_kind,
            applicant_name: columns.applicant_name,
            title: columns.title,
            received_on: columns.received_on,
            owner_id: columns.owner_id,
            due_on: columns.due_on,
            suspended_until: columns.suspended_until,
            awaiting: columns.awaiting,
            missed_on: columns.missed_on,
            stopped_on: columns.stopped_on,
            act_by: columns.act_by,
            awaits_secrecy: columns.awaits_secrecy,
            awaits_legal: columns.awaits_legal,
            awaits_approval: columns.awaits_approval,
            served: columns.served,
            reached: columns.reached,
            late_entries: columns.late_entries,
            outcome: columns.outcome,
            ended_on: columns.ended_on,
            head_hash: columns.head_hash,
            query_code: origin.query_code.to_owned(),
        }
    }

    /// The place of the case in lists.
    pub fn act_key(&self) -> list::ActKey {
        (self.act_by, self.id.0)
    }

    pub fn kind(&self) -> CaseKind {
        self.kind.0
    }

    pub fn state(&self) -> State {
        self.state.0
    }

    pub fn agency_id(&self) -> AgencyId {
        self.agency_id.0
    }

    pub fn channel(&self) -> Channel {
        self.channel.0
    }

    pub fn applicant_user_id(&self) -> Option<UserId> {
        self.applicant_user_id.map(|key| key.0)
    }

    pub fn applicant_kind(&self) -> ApplicantKind {
        self.applicant_kind.0
    }

    pub fn owner_id(&self) -> Option<UserId> {
        self.owner_id.map(|key| key.0)
    }

    pub fn reached_draft(&self) -> bool {
        self.reached.0 >= Reached::Draft
    }

    pub fn reached_legal(&self) -> bool {
        self.reached.0 >= Reached::Legal
    }

    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome.map(|code| code.0)
    }

    /// Whether a consultation is open on `today`, so that the due date hangs on a party that is still to answer.
    pub fn is_suspended(&self, today: NaiveDate) -> bool {
        self.suspended_until.is_some_and(|last| last >= today)
    }
}

/// A key under which the applications of one person are found, however the document number was typed.
pub fn applicant_key(applicant: &Applicant) -> String {
    let document = applicant.id_document.normalised();
    let kind = crate::domain::coded::Coded::as_code(&document.kind);
    hex::encode(Sha256::digest(format!("{kind}:{}", document.number)))
}

/// The row of a case.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn case_row(db: &mut Db, id: CaseId) -> Result<CaseRow, StoreError> {
    let query = cases::table.find(Key(id));
    Ok(on_either!(db, c => query.get_result(c))?)
}

/// Waits until nobody else is changing these cases, and lets nobody until the transaction ends. SQLite has one writer.
///
/// # Errors
/// Failures of the database.
pub(super) fn case_lock(tx: &mut Tx<'_>, ids: &[Key<CaseId>]) -> Result<(), StoreError> {
    if let Db::Postgres(c) = &mut **tx {
        cases::table
            .filter(cases::id.eq_any(ids))
            .order(cases::id)
            .select(cases::id)
            .for_update()
            .execute(c)?;
    }
    Ok(())
}

/// The row of a case with its agency and the name of its owner: what nearly every look at a case begins with.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn case_row_in_agency(db: &mut Db, id: CaseId) -> Result<(CaseRow, AgencyName, Option<String>), StoreError> {
    let query = cases::table
        .inner_join(agencies::table.on(agencies::id.eq(cases::agency_id)))
        .left_join(users::table.on(users::id.nullable().eq(cases::owner_id)))
        .filter(cases::id.eq(Key(id)))
        .select((
            cases::all_columns,
            (agencies::path, agencies::code, agencies::name),
            users::name.nullable(),
        ));
    let (row, (path, code, name), owner): (CaseRow, (String, String, String), Option<String>) =
        on_either!(db, c => query.get_result(c))?;
    let agency = AgencyName::new(row.agency_id(), &path, code, name)?;
    Ok((row, agency, owner))
}

/// The row of the case with this intake or case number.
///
/// # Errors
/// Failures of the database.
pub fn case_row_by_number(db: &mut Db, number: &str) -> Result<Option<CaseRow>, StoreError> {
    Ok(cases::table
        .filter(cases::number.eq(number).or(cases::intake_number.eq(number)))
        .order(cases::id)
        .first(db)
        .optional()?)
}

/// A case folded from its log.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Corrupt`] when the log is not one of a case.
pub fn case_load(db: &mut Db, id: CaseId, law: &Law<'_>) -> Result<Case, StoreError> {
    case_load_at(db, id, i64::MAX, law)
}

/// A case as it was at a version: the log only grows, so this is the same whenever it is read.
///
/// # Errors
/// As [`case_load`].
pub fn case_load_at(db: &mut Db, id: CaseId, version: i64, law: &Law<'_>) -> Result<Case, StoreError> {
    let log = log::case_log(db, id, version)?;
    if log.is_empty() {
        return Err(StoreError::NotFound);
    }
    Case::replay(id, log, law).map_err(|broken| StoreError::Corrupt(format!("case {id}: {broken}")))
}

/// The units the case was ever assigned to.
///
/// # Errors
/// Failures of the database.
pub fn case_units(db: &mut Db, id: CaseId) -> Result<Vec<UnitId>, StoreError> {
    let query = case_assignments::table
        .filter(case_assignments::case_id.eq(Key(id)))
        .order(case_assignments::assignment_id)
        .select(case_assignments::unit_id);
    let units: Vec<Key<UnitId>> = on_either!(db, c => query.load(c))?;
    Ok(units.into_iter().map(|key| key.0).collect())
}

/// Adds a new case with its first events; returns its row.
///
/// # Errors
/// Failures of the database.
pub fn case_insert(
    tx: &mut Tx<'_>,
    case: &Case,
    applied: &Applied,
    query_code: &str,
    law: &Law<'_>,
) -> Result<CaseRow, StoreError> {
    let sealed = log::seal(case.id(), log::GENESIS, &applied.events)?;
    let head = sealed.last().map_or(log::GENESIS, |event| event.hash.as_str());
    let columns = columns(case, law, head)?;
    let insert = diesel::insert_into(cases::table).values((Origin::of(case, query_code), &columns));
    on_either!(&mut **tx, c => fixed!(insert).execute(c))?;
    log::append(tx, case.id(), &sealed)?;
    documents::attach(tx, case.id(), &applied.events)?;
    // Nothing stands beside a case that is new.
    assignments_insert(tx, case, assignments_of(case, columns.act_by))?;
    remedies_insert(tx, case, remedies_of(case))?;
    search::search_insert(tx, case)?;
    Ok(CaseRow::of(Origin::of(case, query_code), columns))
}

/// Appends events to a case if it still has the version that was seen; returns its row, or `None` if it had not.
///
/// # Errors
/// Failures of the database.
pub fn case_append(
    tx: &mut Tx<'_>,
    case: &Case,
    seen: &CaseRow,
    applied: &Applied,
    law: &Law<'_>,
) -> Result<Option<CaseRow>, StoreError> {
    let sealed = log::seal(case.id(), &seen.head_hash, &applied.events)?;
    let head = sealed
        .last()
        .map_or(seen.head_hash.as_str(), |event| event.hash.as_str());
    let still = cases::id.eq(Key(case.id())).and(cases::version.eq(seen.version));
    let columns = columns(case, law, head)?;
    let update = diesel::update(cases::table.filter(still)).set(&columns);
    if on_either!(&mut **tx, c => fixed!(update).execute(c))? == 0 {
        return Ok(None);
    }
    log::append(tx, case.id(), &sealed)?;
    documents::attach(tx, case.id(), &applied.events)?;
    side_rows_changed(tx, case, columns.act_by)?;
    search::search_update(tx, case)?;
    Ok(Some(CaseRow::of(Origin::of(case, &seen.query_code), columns)))
}

/// The columns of a case that never change.
#[derive(diesel::Insertable)]
#[diesel(table_name = cases, treat_none_as_default_value = false)]
struct Origin<'a> {
    id: Key<CaseId>,
    kind: Code<CaseKind>,
    agency_id: Key<AgencyId>,
    intake_number: &'a str,
    applicant_user_id: Option<Key<UserId>>,
    query_code: &'a str,
}

impl<'a> Origin<'a> {
    fn of(case: &'a Case, query_code: &'a str) -> Self {
        let submission = &case.data().submission;
        Self {
            id: Key(case.id()),
            kind: Code(submission.kind),
            agency_id: Key(submission.agency_id),
            intake_number: &submission.intake_number,
            applicant_user_id: submission.applicant_user_id.map(Key),
            query_code,
        }
    }
}

/// The derived columns of a case.
#[derive(Debug, PartialEq, Eq, diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct Columns {
    version: i64,
    state: Code<State>,
    number: Option<String>,
    channel: Code<Channel>,
    arrived_on: NaiveDate,
    applicant_key: String,
    applicant_kind: Code<ApplicantKind>,
    applicant_name: String,
    title: String,
    received_on: Option<NaiveDate>,
    owner_id: Option<Key<UserId>>,
    due_on: Option<NaiveDate>,
    suspended_until: Option<NaiveDate>,
    awaiting: Option<String>,
    missed_on: Option<NaiveDate>,
    stopped_on: Option<NaiveDate>,
    act_by: NaiveDate,
    awaits_secrecy: bool,
    awaits_legal: bool,
    awaits_approval: bool,
    served: bool,
    reached: Code<Reached>,
    late_entries: i32,
    outcome: Option<Code<Outcome>>,
    ended_on: Option<NaiveDate>,
    head_hash: String,
}

fn columns(case: &Case, law: &Law<'_>, head_hash: &str) -> Result<Columns, StoreError> {
    let data = case.data();
    let projection = case.projection(law);
    let reached = match (data.reached_legal, data.reached_draft) {
        (true, _) => Reached::Legal,
        (false, true) => Reached::Draft,
        (false, false) => Reached::Intake,
    };
    let late_entries = i32::try_from(data.late_entries).map_err(|_| StoreError::Corrupt("late entries".to_owned()))?;
    Ok(Columns {
        version: i64::from(case.version()),
        state: Code(data.state),
        number: data.number.clone(),
        channel: Code(data.submission.channel),
        arrived_on: data.submission.arrived_on,
        applicant_key: applicant_key(&data.submission.applicant),
        applicant_kind: Code(data.submission.applicant.kind),
        applicant_name: data.submission.applicant.name.clone(),
        title: data.description.title.clone(),
        received_on: data.received_on,
        owner_id: data.owner_id.map(Key),
        due_on: projection.due_on,
        suspended_until: projection.suspended_until,
        awaiting: projection.awaiting.map(str::to_owned),
        missed_on: projection.missed_on,
        stopped_on: projection.stopped_on,
        act_by: projection.act_by,
        awaits_secrecy: projection.awaits_secrecy,
        awaits_legal: projection.awaits_legal,
        awaits_approval: projection.awaits_approval,
        served: projection.served,
        reached: Code(reached),
        late_entries,
        outcome: projection.outcome.map(Code),
        ended_on: projection.ended_on,
        head_hash: head_hash.to_owned(),
    })
}

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
    let mut rows: Vec<AssignmentRow> = case
        .data()
        .subs
        .iter()
        .filter_map(|sub| match &sub.detail {
            SubDetail::Assignment { unit_id, .. } => Some(AssignmentRow {
                assignment_id: sub.id.clone(),
                unit_id: Key(*unit_id),
                is_open: sub.is_open(),
                act_by,
            }),
            _ => None,
        })
        .collect();
    rows.sort();
    rows
}

fn remedies_of(case: &Case) -> Vec<RemedyRow> {
    let mut rows: Vec<RemedyRow> = case
        .data()
        .subs
        .iter()
        .filter_map(|sub| match &sub.detail {
            SubDetail::Remedy {
                remedy_kind,
                filed_on,
                result,
                ..
            } => Some(RemedyRow {
                remedy_id: sub.id.clone(),
                kind: Code(*remedy_kind),
                filed_on: *filed_on,
                decided_on: sub.closed_on,
                result: result.map(Code),
            }),
            _ => None,
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
fn side_rows_changed(tx: &mut Tx<'_>, case: &Case, act_by: NaiveDate) -> Result<bool, StoreError> {
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

/// The place of a case among the applicant's disclosure applications that the agency received in the same calendar
/// month, from 1 (国办函〔2020〕109号 Art 4); by receipt date, then by number.
///
/// # Errors
/// Failures of the database.
pub fn month_ordinal(
    db: &mut Db,
    applicant: &Applicant,
    agency_id: AgencyId,
    received_on: NaiveDate,
    number: &str,
) -> Result<u32, StoreError> {
    use chrono::Datelike;
    let first = received_on.with_day(1).unwrap_or(received_on);
    let earlier: i64 = cases::table
        .filter(cases::applicant_key.eq(applicant_key(applicant)))
        .filter(cases::agency_id.eq(Key(agency_id)))
        .filter(cases::kind.eq(Code(CaseKind::Disclosure)))
        .filter(cases::received_on.ge(first))
        .filter(
            cases::received_on
                .lt(received_on)
                .or(cases::received_on.eq(received_on).and(cases::number.lt(number))),
        )
        .count()
        .get_result(db)?;
    u32::try_from(earlier.saturating_add(1)).map_err(|_| StoreError::Corrupt("month ordinal".to_owned()))
}

/// The agencies whose path begins with one of these.
///
/// # Errors
/// Failures of the database.
pub fn agencies_below(
    db: &mut Db,
    paths: &BTreeSet<crate::domain::access::AgencyPath>,
) -> Result<BTreeSet<AgencyId>, StoreError> {
    use super::schema::agencies;
    use diesel::TextExpressionMethods;
    let mut below = BTreeSet::new();
    for path in paths {
        let ids: Vec<Key<AgencyId>> = agencies::table
            .filter(agencies::path.like(format!("{}%", path.as_str())))
            .order(agencies::id)
            .select(agencies::id)
            .load(db)?;
        below.extend(ids.into_iter().map(|key| key.0));
    }
    Ok(below)
}
