//! The templates of agencies: versions that are added and never changed, of which one is in force.

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, Queryable, RunQueryDsl};

use super::connection::Db;
use super::counters::counter_next;
use super::fixed::{OneOf, fixed};
use super::key::Key;
use super::schema::templates;
use super::sql::Instant;
use super::{StoreError, Tx};
use crate::domain::words::ids::{AgencyId, UserId};

/// A version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct TemplateRow {
    agency_id: Key<AgencyId>,
    pub code: String,
    pub version: i32,
    pub text: String,
    pub note: String,
    pub in_force: bool,
    created_by: Key<UserId>,
    created_at: Instant,
    published_by: Option<Key<UserId>>,
    published_at: Option<Instant>,
}

impl TemplateRow {
    pub fn agency_id(&self) -> AgencyId {
        self.agency_id.0
    }

    pub fn created_by(&self) -> UserId {
        self.created_by.0
    }

    pub fn created_at(&self) -> DateTime<Utc> {
        self.created_at.utc()
    }

    pub fn published_by(&self) -> Option<UserId> {
        self.published_by.map(|key| key.0)
    }

    pub fn published_at(&self) -> Option<DateTime<Utc>> {
        self.published_at.map(Instant::utc)
    }
}

/// Adds the next version of an agency's template; returns its number.
///
/// # Errors
/// Failures of the database.
pub fn template_insert(
    tx: &mut Tx<'_>,
    agency_id: AgencyId,
    code: &str,
    (text, note): (&str, &str),
    by: UserId,
    now: DateTime<Utc>,
) -> Result<i32, StoreError> {
    let version = counter_next(tx, &format!("template/{agency_id}/{code}"))?;
    let version = i32::try_from(version).map_err(|_| StoreError::Corrupt("a number of versions".to_owned()))?;
    diesel::insert_into(templates::table)
        .values((
            templates::agency_id.eq(Key(agency_id)),
            templates::code.eq(code),
            templates::version.eq(version),
            templates::text.eq(text),
            templates::note.eq(note),
            templates::in_force.eq(false),
            templates::created_by.eq(Key(by)),
            templates::created_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(version)
}

/// A version.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn template_fetch(db: &mut Db, agency_id: AgencyId, code: &str, version: i32) -> Result<TemplateRow, StoreError> {
    Ok(templates::table.find((Key(agency_id), code, version)).get_result(db)?)
}

/// The versions of an agency's template, newest first.
///
/// # Errors
/// Failures of the database.
pub fn template_versions(db: &mut Db, agency_id: AgencyId, code: &str) -> Result<Vec<TemplateRow>, StoreError> {
    Ok(templates::table
        .filter(templates::agency_id.eq(Key(agency_id)))
        .filter(templates::code.eq(code))
        .order(templates::version.desc())
        .load(db)?)
}

/// The templates in force at any of these agencies.
///
/// # Errors
/// Failures of the database.
pub fn templates_in_force(db: &mut Db, agencies: &[AgencyId]) -> Result<Vec<TemplateRow>, StoreError> {
    let keys: Vec<Key<AgencyId>> = agencies.iter().copied().map(Key).collect();
    let in_force = templates::table
        .filter(templates::in_force.eq(true))
        .order((templates::agency_id, templates::code));
    Ok(match db {
        Db::Postgres(c) => in_force.filter(templates::agency_id.eq_any(keys)).load(c)?,
        Db::Sqlite(c) => fixed!(in_force.filter(OneOf::new("agency_id", keys))).load(c)?,
    })
}

/// Puts a version in force instead of the one that was.
///
/// # Errors
/// Failures of the database.
pub fn template_publish(tx: &mut Tx<'_>, row: &TemplateRow, by: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of_template = templates::agency_id
        .eq(row.agency_id)
        .and(templates::code.eq(&row.code));
    diesel::update(templates::table.filter(of_template.and(templates::in_force.eq(true))))
        .set(templates::in_force.eq(false))
        .execute(&mut **tx)?;
    diesel::update(templates::table.find((row.agency_id, &row.code, row.version)))
        .set((
            templates::in_force.eq(true),
            templates::published_by.eq(Key(by)),
            templates::published_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}
