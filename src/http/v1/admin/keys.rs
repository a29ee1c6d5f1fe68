//! Signing keys, without their secrets, and the log of what administrators changed.

use actix_web::{get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::people::access::Actor;
use crate::domain::words::ids::EventId;
use crate::error::Error;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::json::Body;
use crate::http::page::{List, Page};
use crate::http::problem::{CreateProblems, ReadProblems};
use crate::http::query::RawQuery;
use crate::service::admin_log::{By, entries};
use crate::service::auth::{keys, keys_rotate};
use crate::service::people::require_administrator;
use crate::site::Site;
use crate::views::admin::{AdminEntryView, KeyList, KeyView};

/// The signing keys.
#[utoipa::path(tag = "administration", responses((status = 200, body = KeyList), ReadProblems))]
#[get("/admin/signing-keys")]
pub async fn admin_key_list(site: web::Data<Site>, actor: Actor) -> Result<web::Json<KeyList>, Error> {
    require_administrator(&actor)?;
    let keys = site.read(keys).await?;
    Ok(web::Json(keys.into()))
}

/// Makes a new signing key; the old one verifies until the last token that it signed has expired.
#[utoipa::path(
    tag = "administration",
    params(("Idempotency-Key" = Option<String>, Header, description = "the same request sent again gets the same answer")),
    responses((status = 201, body = KeyView, headers(("Location" = String))), CreateProblems)
)]
#[post("/admin/signing-keys")]
pub async fn admin_key_rotate(
    site: web::Data<Site>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body,
) -> Result<Answer, Error> {
    let keyed = key.bind(actor.user_id.to_string(), &body)?;
    let (auth, now) = (site.auth.clone(), site.clock.now());
    site.write(move |tx| {
        keyed.run(tx, now, |tx| {
            require_administrator(&actor)?;
            let view = KeyView::signing(keys_rotate(tx, &auth, By::Person(&actor), now)?, now);
            Answer::created(&view, None, "/api/v1/admin/signing-keys".to_owned())
        })
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AdminLogQuery {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// What administrators changed, newest first.
#[utoipa::path(
    tag = "administration", params(AdminLogQuery),
    responses((status = 200, body = List<AdminEntryView>), ReadProblems)
)]
#[get("/admin/log")]
pub async fn admin_log(
    site: web::Data<Site>,
    actor: Actor,
    query: RawQuery,
) -> Result<web::Json<List<AdminEntryView>>, Error> {
    require_administrator(&actor)?;
    let query: AdminLogQuery = query.parse()?;
    let page = Page::<EventId>::new(query.cursor.as_deref(), query.limit)?;
    let (before, limit) = (page.after, page.fetch_limit());
    let rows = site.read(move |db| entries(db, before, limit)).await?;
    Ok(web::Json(
        page.finish(rows, |entry| entry.id)?.map(AdminEntryView::from),
    ))
}
