//! The annual report (政府信息公开工作年度报告, Arts 49–50): its figures as they are now, and the cases behind each cell.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::domain::people::access::Actor;
use crate::domain::report::{ReportColumn, ReportScope, Row};
use crate::domain::words::ids::AgencyId;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::page::{List, Page};
use crate::http::problem::ReadProblems;
use crate::http::query::RawQuery;
use crate::service::reports::{CellKey, target_for};
use crate::site::Site;
use crate::views::lines::CellCaseView;
use crate::views::report::AnnualReportView;

/// The form in which a report is given.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    #[default]
    Json,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The own agency when left out.
    agency_id: Option<AgencyId>,
    /// `own` when left out; `tree` adds the agencies below and is for supervisors.
    #[serde(default)]
    scope: ReportScope,
    /// `json` when left out.
    #[serde(default, rename = "format")]
    _format: ReportFormat,
}

/// The figures of an agency for a year.
///
/// They are counted from the cases as they are now; in the running year r25 is what is open now.
#[utoipa::path(
    tag = "reports", params(("year" = i32, Path, description = "2008 to the running year", example = 2026), ReportQuery),
    responses((status = 200, body = AnnualReportView), ReadProblems)
)]
#[get("/reports/annual/{year}")]
pub async fn annual_report(
    site: web::Data<Site>,
    actor: Actor,
    year: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<AnnualReportView>, Error> {
    let year: i32 = path_id(&year)?;
    let query: ReportQuery = query.parse()?;
    let today = site.clock.today();
    let view = site
        .snapshot(move |db| {
            let target = target_for(db, &actor, today, year, query.agency_id, query.scope)?;
            let figures = target.figures(db)?;
            let reopened = target.reopened(db)?;
            Ok(AnnualReportView::new(target, figures, reopened))
        })
        .await?;
    Ok(web::Json(view))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CellQuery {
    /// The own agency when left out.
    agency_id: Option<AgencyId>,
    /// `own` when left out; `tree` adds the agencies below and is for supervisors.
    #[serde(default)]
    scope: ReportScope,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The cases behind a cell of table 三, by day of receipt.
///
/// Cases that you may not see are left out.
#[utoipa::path(
    tag = "reports",
    params(
        ("year" = i32, Path, description = "2008 to the running year", example = 2026),
        ("row" = String, Path, description = "r01 to r25", example = "r03"),
        ("column" = String, Path, description = "a kind of applicant, or total", example = "total"),
        CellQuery,
    ),
    responses((status = 200, body = List<CellCaseView>), ReadProblems)
)]
#[get("/reports/annual/{year}/cells/{row}/{column}/cases")]
pub async fn annual_report_cases(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String, String)>,
    query: RawQuery,
) -> Result<web::Json<List<CellCaseView>>, Error> {
    let (year, row, column) = path.into_inner();
    let year: i32 = path_id(&year)?;
    let cell = Row::from_code(&row).zip(ReportColumn::from_code(&column));
    let query: CellQuery = query.parse()?;
    let page = Page::<CellKey>::new(query.cursor.as_deref(), query.limit)?;
    let today = site.clock.today();
    let list = site
        .snapshot(move |db| {
            let target = target_for(db, &actor, today, year, query.agency_id, query.scope)?;
            let cell = cell.ok_or(Error::NotFound)?;
            let rows = target.cases(db, &actor, cell, page.after, page.fetch_limit())?;
            page.finish(rows, |row| (row.received_on.unwrap_or_default(), row.id()))
        })
        .await?;
    Ok(web::Json(list.map(CellCaseView::from)))
}
