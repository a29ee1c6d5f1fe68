//! Agencies and units for administrators, with what the public guide does not show.

use actix_web::{get, post, put, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::people::access::Actor;
use crate::domain::people::agency::{AgencyData, AgencyLevel, AgencySettings, ChannelNotice, Guide};
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::etag::IfMatch;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::json::Body;
use crate::http::problem::{ActionProblems, CreateProblems, ReadProblems};
use crate::service::agencies::{NewAgency, agency, agency_change, agency_create, unit, unit_change, unit_create};
use crate::service::people::{By, require_administrator};
use crate::site::Site;
use crate::views::agency::{AdminAgencyView, UnitView};

/// Declares a body with what may change about an agency, and what else it holds in front or behind.
macro_rules! agency_body {
    ($(#[$meta:meta])* $name:ident { $($(#[$before_meta:meta])* $before:ident: $before_type:ty,)* }
        { $($(#[$after_meta:meta])* $after:ident: $after_type:ty,)* }) => {
        #[derive(Debug, Clone, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$meta])*
        pub struct $name {
            $($(#[$before_meta])* $before: $before_type,)*
            #[schema(max_length = 100)]
            name: String,
            level: AgencyLevel,
            #[schema(max_length = 300)]
            address: String,
            #[schema(max_length = 30)]
            phone: String,
            fax: Option<String>,
            #[schema(max_length = 200)]
            office_hours: String,
            internet: Option<String>,
            classification: Option<String>,
            arrangement: Option<String>,
            access: Option<String>,
            #[serde(default)]
            channels: Vec<ChannelNotice>,
            /// 机关代字
            #[schema(max_length = 20)]
            document_prefix: String,
            /// 行政复议机关; when left out that which the law gives an agency of its kind and level.
            #[schema(max_length = 100)]
            reconsideration_organ: Option<String>,
            #[schema(max_length = 100)]
            court: String,
            #[serde(default)]
            settings: AgencySettings,
            $($(#[$after_meta])* $after: $after_type,)*
        }

        impl From<$name> for AgencyData {
            fn from(body: $name) -> Self {
                Self {
                    name: body.name,
                    level: body.level,
                    guide: Guide {
                        address: body.address,
                        phone: body.phone,
                        fax: body.fax,
                        office_hours: body.office_hours,
                        internet: body.internet,
                        classification: body.classification,
                        arrangement: body.arrangement,
                        access: body.access,
                        channels: body.channels,
                    },
                    document_prefix: body.document_prefix,
                    reconsideration_organ: body.reconsideration_organ.unwrap_or_default(),
                    court: body.court,
                    settings: body.settings,
                }
            }
        }
    };
}

agency_body! {
    /// Everything about an agency that may change. A field that is left out is emptied or takes its default.
    #[schema(example = json!({
        "name": "澄溪县水利局", "level": "county", "address": "江临市澄溪县城关镇滨河路3号", "phone": "0799-6280003",
        "office_hours": "工作日 8:30—12:00，14:30—17:30",
        "channels": [{"channel": "online", "announced_from": "2026-01-01"}], "document_prefix": "澄水公开",
        "reconsideration_organ": "澄溪县人民政府", "court": "澄溪县人民法院", "active": true
    }))]
    AgencyChangeBody {} {
        /// Whether new applications may be addressed to it.
        #[serde(default = "yes")]
        #[schema(default = true)]
        active: bool,
    }
}

fn yes() -> bool {
    true
}

agency_body! {
    /// An agency to be added. Code and place in the tree never change.
    #[schema(example = json!({
        "code": "CXSL", "name": "澄溪县水利局", "level": "county", "address": "江临市澄溪县城关镇滨河路3号",
        "phone": "0799-6280003", "office_hours": "工作日 8:30—12:00，14:30—17:30", "document_prefix": "澄水公开",
        "reconsideration_organ": "澄溪县人民政府", "court": "澄溪县人民法院"
    }))]
    AgencyCreateBody {
        parent_id: Option<AgencyId>,
        /// First part of the case numbers: 2 to 16 capital letters or digits.
        #[schema(min_length = 2, max_length = 16)]
        code: String,
    } {}
}

impl From<AgencyCreateBody> for NewAgency {
    fn from(body: AgencyCreateBody) -> Self {
        Self {
            parent_id: body.parent_id,
            code: body.code.clone(),
            data: body.into(),
        }
    }
}

fn agency_answer(view: &AdminAgencyView) -> Result<Answer, Error> {
    Answer::ok(view, Some(view.version))
}

/// Adds an agency.
#[utoipa::path(
    tag = "administration", request_body = AgencyCreateBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same request sent again gets the same answer")),
    responses((status = 201, body = AdminAgencyView, headers(("ETag" = String), ("Location" = String))), CreateProblems)
)]
#[post("/admin/agencies")]
pub async fn admin_agency_create(
    site: web::Data<Site>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body,
) -> Result<Answer, Error> {
    let keyed = key.bind(actor.user_id.to_string(), &body)?;
    let now = site.clock.now();
    site.write(move |tx| {
        keyed.run(tx, now, |tx| {
            require_administrator(&actor)?;
            let new: AgencyCreateBody = body.json()?;
            let agency = agency_create(tx, By::Person(&actor), now, new.into())?;
            let (version, location) = (agency.version, format!("/api/v1/admin/agencies/{}", agency.id));
            Answer::created(&AdminAgencyView::from(agency), Some(version), location)
        })
    })
    .await
}

/// One agency with everything that may be changed.
#[utoipa::path(
    tag = "administration", params(("id" = AgencyId, Path, description = "agency")),
    responses((status = 200, body = AdminAgencyView, headers(("ETag" = String))), ReadProblems)
)]
#[get("/admin/agencies/{id}")]
pub async fn admin_agency_show(site: web::Data<Site>, actor: Actor, id: web::Path<String>) -> Result<Answer, Error> {
    let id: AgencyId = path_id(&id)?;
    site.read(move |db| {
        let agency = agency(db, id)?;
        require_administrator(&actor)?;
        agency_answer(&agency.into())
    })
    .await
}

/// Replaces what may change about an agency.
#[utoipa::path(
    tag = "administration", request_body = AgencyChangeBody,
    params(("id" = AgencyId, Path, description = "agency"), ("If-Match" = String, Header, description = "version")),
    responses((status = 200, body = AdminAgencyView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/admin/agencies/{id}")]
pub async fn admin_agency_put(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Error> {
    let id: AgencyId = path_id(&id)?;
    let now = site.clock.now();
    site.write(move |tx| {
        let agency = agency(tx, id)?;
        seen.check(agency.version)?;
        require_administrator(&actor)?;
        let change: AgencyChangeBody = body.json()?;
        let (active, by) = (change.active, By::Person(&actor));
        agency_answer(&agency_change(tx, by, now, agency, change.into(), active)?.into())
    })
    .await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "国土空间规划股"}))]
pub struct UnitCreateBody {
    #[schema(max_length = 100)]
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "国土空间规划股", "active": true}))]
pub struct UnitChangeBody {
    #[schema(max_length = 100)]
    name: String,
    /// Whether new work may be assigned to it.
    active: bool,
}

fn unit_answer(view: &UnitView) -> Result<Answer, Error> {
    Answer::ok(view, Some(view.version))
}

/// Adds a unit to an agency.
#[utoipa::path(
    tag = "administration", request_body = UnitCreateBody,
    params(
        ("id" = AgencyId, Path, description = "agency"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same request sent again gets the same answer")
    ),
    responses((status = 201, body = UnitView, headers(("ETag" = String), ("Location" = String))), CreateProblems)
)]
#[post("/admin/agencies/{id}/units")]
pub async fn admin_unit_create(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    key: IdempotencyKey,
    body: Body,
) -> Result<Answer, Error> {
    let id: AgencyId = path_id(&id)?;
    let keyed = key.bind(actor.user_id.to_string(), &body)?;
    let now = site.clock.now();
    site.write(move |tx| {
        agency(tx, id)?;
        keyed.run(tx, now, |tx| {
            require_administrator(&actor)?;
            let new: UnitCreateBody = body.json()?;
            let unit = unit_create(tx, By::Person(&actor), now, id, &new.name)?;
            let (version, location) = (unit.version, format!("/api/v1/admin/units/{}", unit.id));
            Answer::created(&UnitView::from(unit), Some(version), location)
        })
    })
    .await
}

/// One unit.
#[utoipa::path(
    tag = "administration", params(("id" = UnitId, Path, description = "unit")),
    responses((status = 200, body = UnitView, headers(("ETag" = String))), ReadProblems)
)]
#[get("/admin/units/{id}")]
pub async fn admin_unit_show(site: web::Data<Site>, actor: Actor, id: web::Path<String>) -> Result<Answer, Error> {
    let id: UnitId = path_id(&id)?;
    site.read(move |db| {
        let unit = unit(db, id)?;
        require_administrator(&actor)?;
        unit_answer(&unit.into())
    })
    .await
}

/// Renames, closes or reopens a unit.
#[utoipa::path(
    tag = "administration", request_body = UnitChangeBody,
    params(("id" = UnitId, Path, description = "unit"), ("If-Match" = String, Header, description = "version")),
    responses((status = 200, body = UnitView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/admin/units/{id}")]
pub async fn admin_unit_put(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Error> {
    let id: UnitId = path_id(&id)?;
    let now = site.clock.now();
    site.write(move |tx| {
        let unit = unit(tx, id)?;
        seen.check(unit.version)?;
        require_administrator(&actor)?;
        let change: UnitChangeBody = body.json()?;
        let by = By::Person(&actor);
        unit_answer(&unit_change(tx, by, now, unit, &change.name, change.active)?.into())
    })
    .await
}
