//! Agencies and their units: the tree, the guides, compare-and-set on versions.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::{
    BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, QueryDsl, Queryable, RunQueryDsl,
    TextExpressionMethods,
};

use super::connection::{Db, MultiBackend};
use super::fixed::on_either;
use super::key::Key;
use super::schema::{agencies, templates, units};
use super::sql::{Code, Instant, Json};
use super::{StoreError, Tx};
use crate::domain::people::access::AgencyPath;
use crate::domain::people::agency::{AgencyData, AgencyLevel, AgencySettings, Guide};
use crate::domain::words::folding::folded;
use crate::domain::words::ids::{AgencyId, UnitId};

/// An agency with its place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    pub id: AgencyId,
    pub parent_id: Option<AgencyId>,
    pub path: AgencyPath,
    /// The first part of its case numbers; never changes.
    pub code: String,
    pub data: AgencyData,
    /// Whether new applications may be addressed to it.
    pub active: bool,
    pub version: i64,
}

/// What of an agency every look at one of its cases needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyName {
    pub id: AgencyId,
    pub path: AgencyPath,
    pub code: String,
    pub name: String,
}

/// The stored place of an agency in the tree.
pub(super) fn path_of(id: AgencyId, path: &str) -> Result<AgencyPath, StoreError> {
    path.parse()
        .map_err(|_| StoreError::Corrupt(format!("path of agency {id}")))
}

impl AgencyName {
    pub(super) fn new(id: AgencyId, path: &str, code: String, name: String) -> Result<Self, StoreError> {
        Ok(Self {
            id,
            path: path_of(id, path)?,
            code,
            name,
        })
    }
}

impl From<Agency> for AgencyName {
    fn from(agency: Agency) -> Self {
        Self {
            id: agency.id,
            path: agency.path,
            code: agency.code,
            name: agency.data.name,
        }
    }
}

#[derive(Queryable)]
struct AgencyRow {
    id: Key<AgencyId>,
    parent_id: Option<Key<AgencyId>>,
    path: String,
    code: String,
    name: String,
    level: Code<AgencyLevel>,
    guide: Json<Guide>,
    document_prefix: String,
    reconsideration_organ: String,
    court: String,
    settings: Json<AgencySettings>,
    _search: String,
    active: bool,
    version: i64,
    _created_at: Instant,
    _updated_at: Instant,
}

impl TryFrom<AgencyRow> for Agency {
    type Error = StoreError;

    fn try_from(row: AgencyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.0,
            parent_id: row.parent_id.map(|key| key.0),
            path: path_of(row.id.0, &row.path)?,
            code: row.code,
            data: AgencyData {
                name: row.name,
                level: row.level.0,
                guide: row.guide.0,
                document_prefix: row.document_prefix,
                reconsideration_organ: row.reconsideration_organ,
                court: row.court,
                settings: row.settings.0,
            },
            active: row.active,
            version: row.version,
        })
    }
}

/// The text in which `q` is looked for: name and code, characters that are the same to a reader made the same, in lower
/// case.
fn search_text(code: &str, name: &str) -> String {
    format!("{} {}", folded(name).to_lowercase(), code.to_lowercase())
}

/// Makes the texts in which `q` is looked for as this build makes them.
///
/// # Errors
/// Failures of the database.
pub fn agency_search_refresh(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let columns = (agencies::id, agencies::code, agencies::name, agencies::search);
    let known: Vec<(Key<AgencyId>, String, String, String)> = agencies::table.select(columns).load(&mut **tx)?;
    for (id, code, name, search) in known {
        let made = search_text(&code, &name);
        if made != search {
            diesel::update(agencies::table.find(id))
                .set(agencies::search.eq(made))
                .execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// A LIKE pattern for a text anywhere, with its own wildcards taken literally.
pub(super) fn like_anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Which agencies a list holds; a keyset page in the order of the tree.
#[derive(Debug, Clone, Default)]
pub struct AgencyFilter {
    /// A part of the name or of the code.
    pub q: Option<String>,
    pub parent_id: Option<AgencyId>,
    pub active_only: bool,
    /// The path after which the page begins.
    pub after: Option<String>,
    pub limit: i64,
}

/// The agency with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn agency_fetch(db: &mut Db, id: AgencyId) -> Result<Agency, StoreError> {
    let query = agencies::table.find(Key(id));
    on_either!(db, c => query.get_result::<AgencyRow>(c))?.try_into()
}

/// The agency, and whether any agency has templates of its own: most installations never look for them.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn agency_and_templates(db: &mut Db, id: AgencyId) -> Result<(Agency, bool), StoreError> {
    let own = exists(templates::table.filter(templates::in_force.eq(true)));
    let query = agencies::table.find(Key(id)).select((agencies::all_columns, own));
    let (row, own) = on_either!(db, c => query.get_result::<(AgencyRow, bool)>(c))?;
    Ok((row.try_into()?, own))
}

/// The name of an agency, and whether new applications may be addressed to it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn agency_name(db: &mut Db, id: AgencyId) -> Result<(AgencyName, bool), StoreError> {
    let query =
        agencies::table
            .find(Key(id))
            .select((agencies::path, agencies::code, agencies::name, agencies::active));
    let (path, code, name, active): (String, String, String, bool) = on_either!(db, c => query.get_result(c))?;
    Ok((AgencyName::new(id, &path, code, name)?, active))
}

/// How many agencies there are.
///
/// # Errors
/// Failures of the database.
pub fn agency_count(db: &mut Db) -> Result<usize, StoreError> {
    let count: i64 = agencies::table.count().get_result(db)?;
    usize::try_from(count).map_err(|_| StoreError::Corrupt("a count of agencies".to_owned()))
}

/// The agency with this code.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn agency_by_code(db: &mut Db, code: &str) -> Result<Agency, StoreError> {
    agencies::table
        .filter(agencies::code.eq(code))
        .get_result::<AgencyRow>(db)?
        .try_into()
}

/// One page of agencies, parents before their children.
///
/// # Errors
/// Failures of the database.
pub fn agency_list(db: &mut Db, filter: &AgencyFilter) -> Result<Vec<Agency>, StoreError> {
    let mut query = agencies::table.into_boxed::<MultiBackend>();
    if let Some(q) = &filter.q {
        query = query.filter(agencies::search.like(like_anywhere(&folded(q))).escape('\\'));
    }
    if let Some(parent) = filter.parent_id {
        query = query.filter(agencies::parent_id.eq(Key(parent)));
    }
    if filter.active_only {
        query = query.filter(agencies::active.eq(true));
    }
    if let Some(after) = &filter.after {
        query = query.filter(agencies::path.gt(after.clone()));
    }
    query
        .order(agencies::path)
        .limit(filter.limit)
        .load::<AgencyRow>(db)?
        .into_iter()
        .map(Agency::try_from)
        .collect()
}

/// Adds an agency as it stands.
///
/// # Errors
/// [`StoreError::UniqueViolation`] of `agencies_code_key` when the code is taken.
pub fn agency_insert(tx: &mut Tx<'_>, agency: &Agency, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(agencies::table)
        .values((
            agencies::id.eq(Key(agency.id)),
            agencies::parent_id.eq(agency.parent_id.map(Key)),
            agencies::path.eq(agency.path.as_str()),
            agencies::code.eq(&agency.code),
            agencies::name.eq(&agency.data.name),
            agencies::level.eq(Code(agency.data.level)),
            agencies::guide.eq(Json(agency.data.guide.clone())),
            agencies::document_prefix.eq(&agency.data.document_prefix),
            agencies::reconsideration_organ.eq(&agency.data.reconsideration_organ),
            agencies::court.eq(&agency.data.court),
            agencies::settings.eq(Json(agency.data.settings.clone())),
            agencies::search.eq(search_text(&agency.code, &agency.data.name)),
            agencies::active.eq(agency.active),
            agencies::version.eq(agency.version),
            agencies::created_at.eq(Instant::from(now)),
            agencies::updated_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes the changeable data of an agency if it still has the version that was seen; returns whether it had.
///
/// # Errors
/// Failures of the database.
pub fn agency_update(tx: &mut Tx<'_>, agency: &Agency, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let seen = agencies::id
        .eq(Key(agency.id))
        .and(agencies::version.eq(agency.version));
    let changed = diesel::update(agencies::table.filter(seen))
        .set((
            agencies::name.eq(&agency.data.name),
            agencies::level.eq(Code(agency.data.level)),
            agencies::guide.eq(Json(agency.data.guide.clone())),
            agencies::document_prefix.eq(&agency.data.document_prefix),
            agencies::reconsideration_organ.eq(&agency.data.reconsideration_organ),
            agencies::court.eq(&agency.data.court),
            agencies::settings.eq(Json(agency.data.settings.clone())),
            agencies::search.eq(search_text(&agency.code, &agency.data.name)),
            agencies::active.eq(agency.active),
            agencies::version.eq(agency.version + 1),
            agencies::updated_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// A business unit (业务科室) of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: UnitId,
    pub agency_id: AgencyId,
    pub name: String,
    /// Whether new work may be assigned to it.
    pub active: bool,
    pub version: i64,
}

#[derive(Queryable)]
struct UnitRow {
    id: Key<UnitId>,
    agency_id: Key<AgencyId>,
    name: String,
    active: bool,
    version: i64,
    _created_at: Instant,
    _updated_at: Instant,
}

impl From<UnitRow> for Unit {
    fn from(row: UnitRow) -> Self {
        Self {
            id: row.id.0,
            agency_id: row.agency_id.0,
            name: row.name,
            active: row.active,
            version: row.version,
        }
    }
}

/// The unit with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn unit_fetch(db: &mut Db, id: UnitId) -> Result<Unit, StoreError> {
    Ok(units::table.find(Key(id)).get_result::<UnitRow>(db)?.into())
}

/// One page of an agency's units, oldest first, beginning after an id.
///
/// # Errors
/// Failures of the database.
pub fn unit_list(
    db: &mut Db,
    agency_id: AgencyId,
    active_only: bool,
    after: Option<UnitId>,
    limit: i64,
) -> Result<Vec<Unit>, StoreError> {
    let mut query = units::table
        .filter(units::agency_id.eq(Key(agency_id)))
        .into_boxed::<MultiBackend>();
    if active_only {
        query = query.filter(units::active.eq(true));
    }
    if let Some(after) = after {
        query = query.filter(units::id.gt(Key(after)));
    }
    let rows = query.order(units::id).limit(limit).load::<UnitRow>(db)?;
    Ok(rows.into_iter().map(Unit::from).collect())
}

/// Adds a unit as it stands.
///
/// # Errors
/// [`StoreError::UniqueViolation`] of `units_agency_id_name_key` when the agency has a unit of that name.
pub fn unit_insert(tx: &mut Tx<'_>, unit: &Unit, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(units::table)
        .values((
            units::id.eq(Key(unit.id)),
            units::agency_id.eq(Key(unit.agency_id)),
            units::name.eq(&unit.name),
            units::active.eq(unit.active),
            units::version.eq(unit.version),
            units::created_at.eq(Instant::from(now)),
            units::updated_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes name and activity of a unit if it still has the version that was seen; returns whether it had.
///
/// # Errors
/// As [`unit_insert`].
pub fn unit_update(tx: &mut Tx<'_>, unit: &Unit, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let seen = units::id.eq(Key(unit.id)).and(units::version.eq(unit.version));
    let changed = diesel::update(units::table.filter(seen))
        .set((
            units::name.eq(&unit.name),
            units::active.eq(unit.active),
            units::version.eq(unit.version + 1),
            units::updated_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// The agencies whose path begins with one of these.
///
/// # Errors
/// Failures of the database.
pub fn agencies_below(db: &mut Db, paths: &BTreeSet<AgencyPath>) -> Result<BTreeSet<AgencyId>, StoreError> {
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
