//! What operators ask: is it alive, is it ready, what are its figures.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::OperatorProblems;
use crate::error::Error;
use crate::site::Site;
use crate::telemetry::Metrics;

/// Days ahead for which a calendar should be loaded: the longest procedure with an extension, twice.
const CALENDAR_DAYS_WANTED: u64 = 120;

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    status: &'static str,
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// The process is alive.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, body = Health), OperatorProblems))]
#[get("/healthz")]
pub async fn health() -> web::Json<Health> {
    web::Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// `ready` or `not_ready`.
    #[schema(example = "ready")]
    status: &'static str,
    database: DatabaseReadiness,
    calendar: CalendarReadiness,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DatabaseReadiness {
    reachable: bool,
    pending_migrations: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarReadiness {
    /// The last day whose working days are known.
    covered_through: Option<NaiveDate>,
    /// Set when due dates of new cases would be provisional; not a reason to be taken out of service.
    warning: Option<String>,
}

/// The service can answer requests: the database is reachable and its migrations have been run.
///
/// A calendar that ends soon is only a warning.
#[utoipa::path(
    tag = "operations",
    security(()),
    responses((status = 200, body = Readiness), (status = 503, description = "不能提供服务 · not ready", body = Readiness))
)]
#[get("/readyz")]
pub async fn ready(site: web::Data<Site>) -> HttpResponse {
    let pending = site.block(|store| Ok(store.pending_migrations()?)).await;
    if let Err(error) = &pending {
        tracing::warn!(error = %crate::chain::chain(error), "the database is not ready");
    }
    let database = DatabaseReadiness {
        reachable: pending.is_ok(),
        pending_migrations: pending.ok(),
    };
    let is_ready = database.pending_migrations == Some(0);
    let body = Readiness {
        status: if is_ready { "ready" } else { "not_ready" },
        database,
        calendar: calendar_readiness(site.law.covered_through(), site.clock.today()),
    };
    if is_ready {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}

fn calendar_readiness(covered_through: Option<NaiveDate>, today: NaiveDate) -> CalendarReadiness {
    let warning = match covered_through {
        None => Some(
            "尚未载入工作日历，期限均为暂定 · no working-day calendar is loaded; due dates are provisional".to_owned(),
        ),
        Some(last)
            if today
                .checked_add_days(Days::new(CALENDAR_DAYS_WANTED))
                .is_some_and(|wanted| last < wanted) =>
        {
            Some(format!(
                "工作日历只到 {last}，其后的期限为暂定 · the working-day calendar ends on {last}; later due dates are provisional"
            ))
        }
        Some(_) => None,
    };
    CalendarReadiness {
        covered_through,
        warning,
    }
}

/// Figures in the text form of Prometheus.
#[utoipa::path(
    tag = "operations",
    security(()),
    responses((status = 200, content_type = "text/plain", body = String), OperatorProblems)
)]
#[get("/metrics")]
pub async fn metrics(site: web::Data<Site>, metrics: web::Data<Metrics>) -> Result<HttpResponse, Error> {
    let pool = site.store.pool_state();
    metrics.set_pool(pool.connections, pool.idle);
    let today = site.clock.today();
    let days = site
        .law
        .covered_through()
        .map_or(0, |last| last.signed_duration_since(today).num_days());
    metrics.set_calendar_days(days);
    let text = metrics.encode().map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .body(text))
}
