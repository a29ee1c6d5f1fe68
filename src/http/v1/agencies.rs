//! Agencies as the public meets them (the guide of Article 12), and their units for staff.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::people::access::Actor;
use crate::domain::people::agency::{AgencyLevel, ChannelNotice, GuideChannel};
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::domain::words::text::Bilingual;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::page::{List, Page};
use crate::http::problem::{PublicQueryProblems, ReadProblems};
use crate::http::query::{Query, RawQuery};
use crate::site::Site;
use crate::store::agencies::{Agency, AgencyFilter, Unit, agency_fetch, agency_list as list, unit_list};

/// The public guide of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyView {
    pub id: AgencyId,
    pub parent_id: Option<AgencyId>,
    #[schema(examples("CXFB"))]
    pub code: String,
    #[schema(examples("澄溪县人民政府办公室"))]
    pub name: String,
    pub level: AgencyLevel,
    #[schema(examples("县级"))]
    pub level_label: &'static str,
    pub address: String,
    pub phone: String,
    pub fax: Option<String>,
    pub office_hours: String,
    pub internet: Option<String>,
    pub classification: Option<String>,
    pub arrangement: Option<String>,
    pub access: Option<String>,
    /// Every channel that is open; in person and by post always are.
    pub channels: Vec<ChannelNotice>,
}

impl From<Agency> for AgencyView {
    fn from(agency: Agency) -> Self {
        let guide = agency.data.guide;
        let mut channels = guide.channels;
        for channel in [
            GuideChannel::InPerson,
            GuideChannel::RegisteredMail,
            GuideChannel::OrdinaryMail,
        ] {
            if !channels.iter().any(|notice| notice.channel == channel) {
                channels.push(ChannelNotice {
                    channel,
                    announced_from: None,
                    details: None,
                });
            }
        }
        channels.sort_by_key(|notice| notice.channel);
        Self {
            id: agency.id,
            parent_id: agency.parent_id,
            code: agency.code,
            name: agency.data.name,
            level: agency.data.level,
            level_label: agency.data.level.label(),
            address: guide.address,
            phone: guide.phone,
            fax: guide.fax,
            office_hours: guide.office_hours,
            internet: guide.internet,
            classification: guide.classification,
            arrangement: guide.arrangement,
            access: guide.access,
            channels,
        }
    }
}

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
    state: web::Data<Site>,
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
    let rows = state.read(move |db| Ok(list(db, &filter)?)).await?;
    let page = page.finish(rows, |agency| agency.path.to_string())?;
    Ok(web::Json(page.map(AgencyView::from)))
}

/// One agency's guide.
#[utoipa::path(
    tag = "people", security(()), params(("id" = AgencyId, Path, description = "agency")),
    responses((status = 200, body = AgencyView), PublicQueryProblems)
)]
#[get("/agencies/{id}")]
pub async fn agency_show(state: web::Data<Site>, id: web::Path<String>) -> Result<web::Json<AgencyView>, Error> {
    let id: AgencyId = path_id(&id)?;
    let agency = state.read(move |db| Ok(agency_fetch(db, id)?)).await?;
    Ok(web::Json(agency.into()))
}

/// A business unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitView {
    pub id: UnitId,
    pub agency_id: AgencyId,
    #[schema(examples("国土空间规划股"))]
    pub name: String,
    pub active: bool,
    pub version: i64,
}

impl From<Unit> for UnitView {
    fn from(unit: Unit) -> Self {
        Self {
            id: unit.id,
            agency_id: unit.agency_id,
            name: unit.name,
            active: unit.active,
            version: unit.version,
        }
    }
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
    state: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<List<UnitView>>, Error> {
    let id: AgencyId = path_id(&id)?;
    let list = state
        .read(move |db| {
            let agency = agency_fetch(db, id)?;
            require_sight(&actor, &agency)?;
            let query: UnitQuery = query.parse()?;
            let page = Page::<UnitId>::new(query.cursor.as_deref(), query.limit)?;
            let rows = unit_list(db, id, !actor.administrator, page.after, page.fetch_limit())?;
            page.finish(rows, |unit| unit.id)
        })
        .await?;
    Ok(web::Json(list.map(UnitView::from)))
}

/// The inner order of an agency is its own: other agencies' staff are told nothing, applicants that it is not for them.
fn require_sight(actor: &Actor, agency: &Agency) -> Result<(), Error> {
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
