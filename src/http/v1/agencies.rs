//! Agencies as the public meets them (the guide of Article 12), and their units for staff.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::people::access::Actor;
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::page::{List, Page};
use crate::http::problem::{PublicQueryProblems, ReadProblems};
use crate::http::query::{Query, RawQuery};
use crate::service::agencies::{self, AgencyFilter};
use crate::site::Site;
use crate::views::agency::{AgencyView, UnitView};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgencyQuery {
    /// A part of the name or of the code.
    q: Option<String>,
    /// Only agencies directly below this one.
    parent_id: Option<AgencyId>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The agencies that take applications, parents before their children.
#[utoipa::path(
    tag = "people", security(()), params(AgencyQuery),
    responses((status = 200, body = List<AgencyView>), PublicQueryProblems)
)]
#[get("/agencies")]
pub async fn agency_list(
    site: web::Data<Site>,
    query: Query<AgencyQuery>,
) -> Result<web::Json<List<AgencyView>>, Error> {
    let query = query.0;
    let page = Page::<String>::new(query.cursor.as_deref(), query.limit)?;
    let filter = AgencyFilter {
        q: query.q,
        parent_id: query.parent_id,
        active_only: true,
        after: page.after.clone(),
        limit: page.fetch_limit(),
    };
    let rows = site.read(move |db| agencies::agencies(db, &filter)).await?;
    let page = page.finish(rows, |agency| agency.path.to_string())?;
    Ok(web::Json(page.map(AgencyView::from)))
}

/// One agency's guide.
#[utoipa::path(
    tag = "people", security(()), params(("id" = AgencyId, Path, description = "agency")),
    responses((status = 200, body = AgencyView), PublicQueryProblems)
)]
#[get("/agencies/{id}")]
pub async fn agency_show(site: web::Data<Site>, id: web::Path<String>) -> Result<web::Json<AgencyView>, Error> {
    let id: AgencyId = path_id(&id)?;
    let agency = site.read(move |db| agencies::agency(db, id)).await?;
    Ok(web::Json(agency.into()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitQuery {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The units of an agency: for those who work there or supervise it. Administrators see closed units too.
#[utoipa::path(
    tag = "people", params(("id" = AgencyId, Path, description = "agency"), UnitQuery),
    responses((status = 200, body = List<UnitView>), ReadProblems)
)]
#[get("/agencies/{id}/units")]
pub async fn agency_units(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<List<UnitView>>, Error> {
    let id: AgencyId = path_id(&id)?;
    let list = site
        .read(move |db| {
            agencies::units_in_sight(db, &actor, id)?;
            let query: UnitQuery = query.parse()?;
            let page = Page::<UnitId>::new(query.cursor.as_deref(), query.limit)?;
            let rows = agencies::units(db, &actor, id, page.after, page.fetch_limit())?;
            page.finish(rows, |unit| unit.id)
        })
        .await?;
    Ok(web::Json(list.map(UnitView::from)))
}
