//! Agencies and their units: what administrators add and change.
//!
//! Callers check existence, version and role first; the fields are checked here.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::admin_log::{About, By, append};
use super::people::{existing_agency, taken};
use crate::domain::people::access::{Actor, AgencyPath};
use crate::domain::people::agency::{AgencyData, check_agency_code};
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::domain::words::text::{Bilingual, check_text, none_wrong};
use crate::error::Error;
use crate::random;
pub use crate::store::agencies::AgencyFilter;
use crate::store::agencies::{
    Agency, Unit, agency_fetch, agency_insert, agency_list, agency_update, unit_fetch, unit_insert, unit_list,
    unit_update,
};
use crate::store::{Db, StoreError, Tx};

/// Longest name of a unit, in characters.
const UNIT_NAME_MAX: usize = 100;

/// An agency.
///
/// # Errors
/// `NotFound`.
pub fn agency(db: &mut Db, id: AgencyId) -> Result<Agency, Error> {
    Ok(agency_fetch(db, id)?)
}

/// One page of agencies, parents before their children.
///
/// # Errors
/// Failures of the database.
pub fn agencies(db: &mut Db, filter: &AgencyFilter) -> Result<Vec<Agency>, Error> {
    Ok(agency_list(db, filter)?)
}

/// A unit.
///
/// # Errors
/// `NotFound`.
pub fn unit(db: &mut Db, id: UnitId) -> Result<Unit, Error> {
    Ok(unit_fetch(db, id)?)
}

/// Whether the person may see the units of an agency. Its inner order is its own: other agencies' staff are told nothing,
/// applicants that it is not for them.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub fn units_in_sight(db: &mut Db, actor: &Actor, id: AgencyId) -> Result<(), Error> {
    let agency = agency_fetch(db, id)?;
    if actor.administrator || !actor.roles_in(agency.id, &agency.path).is_empty() {
        return Ok(());
    }
    if actor.is_staff() {
        return Err(Error::NotFound);
    }
    Err(Error::Forbidden {
        detail: Bilingual::new(
            "内设科室仅供本机关工作人员查看。",
            "The units of an agency are for its staff.",
        ),
    })
}

/// One page of the units of an agency; administrators see closed ones too.
///
/// # Errors
/// Failures of the database.
pub fn units(db: &mut Db, actor: &Actor, id: AgencyId, after: Option<UnitId>, limit: i64) -> Result<Vec<Unit>, Error> {
    Ok(unit_list(db, id, !actor.administrator, after, limit)?)
}

/// An agency to be added.
#[derive(Debug, Clone)]
pub struct NewAgency {
    pub parent_id: Option<AgencyId>,
    pub code: String,
    pub data: AgencyData,
}

/// Adds an agency to the tree.
///
/// # Errors
/// `Fields`, or `Conflict` when the code is taken.
pub fn agency_create(tx: &mut Tx<'_>, by: By<'_>, now: DateTime<Utc>, mut new: NewAgency) -> Result<Agency, Error> {
    name_reconsideration(tx, new.parent_id, &mut new.data)?;
    let mut errors = new.data.check();
    check_agency_code("/code", &new.code, &mut errors);
    let parent = match new.parent_id {
        Some(id) => existing_agency(tx, "/parent_id", id, &mut errors)?,
        None => None,
    };
    none_wrong::<Error>(errors)?;
    let id: AgencyId = random::id(now);
    let agency = Agency {
        id,
        parent_id: new.parent_id,
        path: parent.map_or_else(|| AgencyPath::root(id), |parent| parent.path.child(id)),
        code: new.code,
        data: new.data,
        active: true,
        version: 1,
    };
    let in_use = (
        "agency_code_taken",
        "该机关代码已被使用，请另选代码。",
        "Another agency has this code; choose another.",
    );
    agency_insert(tx, &agency, now).map_err(taken("agencies_code_key", in_use))?;
    append(tx, by, now, "agency_created", about_agency(&agency))?;
    Ok(agency)
}

/// Replaces what may change about an agency. Its code and its place in the tree stay.
///
/// # Errors
/// `Fields`, or `Stale` when somebody else changed it meanwhile.
pub fn agency_change(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    current: Agency,
    mut data: AgencyData,
    active: bool,
) -> Result<Agency, Error> {
    name_reconsideration(tx, current.parent_id, &mut data)?;
    none_wrong::<Error>(data.check())?;
    let mut agency = Agency {
        data,
        active,
        ..current
    };
    if !agency_update(tx, &agency, now)? {
        return Err(Error::Stale {
            current_version: agency_fetch(tx, agency.id)?.version,
        });
    }
    agency.version += 1;
    append(tx, by, now, "agency_changed", about_agency(&agency))?;
    Ok(agency)
}

/// Where no organ of reconsideration was named: that which the law gives, if kind and place in the tree show it.
fn name_reconsideration(db: &mut Db, parent: Option<AgencyId>, data: &mut AgencyData) -> Result<(), Error> {
    if !data.reconsideration_organ.trim().is_empty() {
        return Ok(());
    }
    let mut above = Vec::new();
    let mut next = parent;
    while let Some(id) = next {
        let agency = match agency_fetch(db, id) {
            // Whoever checks the parent names it.
            Err(StoreError::NotFound) => break,
            found => found?,
        };
        next = agency.parent_id;
        above.push(agency.data);
    }
    data.reconsideration_organ = data.reconsideration_by_law(&above).unwrap_or_default();
    Ok(())
}

fn about_agency(agency: &Agency) -> About {
    let data = json!({
        "code": agency.code, "parent_id": agency.parent_id, "name": agency.data.name, "level": agency.data.level,
        "guide": agency.data.guide, "document_prefix": agency.data.document_prefix,
        "reconsideration_organ": agency.data.reconsideration_organ, "court": agency.data.court,
        "settings": agency.data.settings, "active": agency.active, "version": agency.version,
    });
    (format!("agency/{}", agency.id), data)
}

/// Adds a unit to an agency.
///
/// # Errors
/// `Fields`, or `Conflict` when the agency has a unit of that name.
pub fn unit_create(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    agency_id: AgencyId,
    name: &str,
) -> Result<Unit, Error> {
    check_unit_name(name)?;
    let unit = Unit {
        id: random::id(now),
        agency_id,
        name: name.trim().to_owned(),
        active: true,
        version: 1,
    };
    unit_insert(tx, &unit, now).map_err(unit_name_taken())?;
    append(tx, by, now, "unit_created", about_unit(&unit))?;
    Ok(unit)
}

/// Renames, closes or reopens a unit.
///
/// # Errors
/// `Fields`, `Conflict` as [`unit_create`], or `Stale`.
pub fn unit_change(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    current: Unit,
    name: &str,
    active: bool,
) -> Result<Unit, Error> {
    check_unit_name(name)?;
    let mut unit = Unit {
        name: name.trim().to_owned(),
        active,
        ..current
    };
    if !unit_update(tx, &unit, now).map_err(unit_name_taken())? {
        return Err(Error::Stale {
            current_version: unit_fetch(tx, unit.id)?.version,
        });
    }
    unit.version += 1;
    append(tx, by, now, "unit_changed", about_unit(&unit))?;
    Ok(unit)
}

fn check_unit_name(name: &str) -> Result<(), Error> {
    let mut errors = Vec::new();
    check_text("/name", name, UNIT_NAME_MAX, &mut errors);
    none_wrong(errors)
}

fn unit_name_taken() -> impl Fn(StoreError) -> Error {
    let in_use = (
        "unit_name_taken",
        "本机关已有同名科室，请另取名称。",
        "The agency has a unit of this name; choose another.",
    );
    taken("units_agency_id_name_key", in_use)
}

fn about_unit(unit: &Unit) -> About {
    let data = json!({"agency_id": unit.agency_id, "name": unit.name, "active": unit.active, "version": unit.version});
    (format!("unit/{}", unit.id), data)
}
