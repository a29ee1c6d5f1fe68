//! The annual report (政府信息公开工作年度报告, Arts 49–50): its figures as they are now, and the cases behind each cell.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::case::State;
use crate::domain::people::access::Actor;
use crate::domain::people::party::ApplicantKind;
use crate::domain::reply::Outcome;
use crate::domain::report::{AnnualFigures, Identity, RemedyTable, ReportColumn, ReportScope, RequestTable, Row};
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::page::{List, Page};
use crate::http::problem::ReadProblems;
use crate::http::query::RawQuery;
use crate::service::reports::{ReportTarget, target_for};
use crate::site::Site;
use crate::store::agencies::Agency;
use crate::store::cases::CaseRow;
use crate::store::cases::statistics::CellKey;

/// Tables 三 and 四 of the national form.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "year": 2026, "agency": {"id": "01997000-0000-7000-8000-000000000001", "code": "CXFB", "name": "澄溪县人民政府办公室"},
    "scope": "own",
    "columns": ["natural_person", "business", "research", "public_benefit", "legal_service", "other_organisation", "total"],
    "requests": {
        "r01": [12, 1, 0, 0, 1, 0, 14], "r02": [3, 0, 0, 0, 0, 0, 3], "r03": [9, 1, 0, 0, 1, 0, 11], "…": [0, 0, 0, 0, 0, 0, 0],
        "r24": [9, 1, 0, 0, 1, 0, 11], "r25": [6, 0, 0, 0, 0, 0, 6],
    },
    "remedies": {"reconsideration": [1, 0, 0, 1, 2], "direct_suit": [0, 0, 0, 0, 0], "suit_after_reconsideration": [0, 0, 0, 0, 0]},
    "identities": [{"id": "I1", "holds": true, "failures": []}],
    "data_hash": "f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2", "frozen": null,
}))]
pub struct AnnualReportView {
    #[schema(examples(2026))]
    pub year: i32,
    pub agency: ReportAgency,
    pub scope: ReportScope,
    /// The columns of table 三 in their order.
    pub columns: [&'static str; 7],
    /// Table 三: rows `r01` to `r25`.
    pub requests: RequestTable,
    /// Table 四: upheld, corrected, other, pending, total.
    pub remedies: RemedyTable,
    /// The arithmetic that must hold before a report is published, with the cells that break it.
    pub identities: Vec<Identity>,
    /// SHA-256 of the year and every cell.
    pub data_hash: String,
    /// Null: the figures are those of this moment.
    #[schema(value_type = Option<Object>, required = true)]
    pub frozen: (),
}

/// Whose report it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportAgency {
    pub id: AgencyId,
    #[schema(examples("CXFB"))]
    pub code: String,
    #[schema(examples("澄溪县人民政府办公室"))]
    pub name: String,
}

impl From<Agency> for ReportAgency {
    fn from(agency: Agency) -> Self {
        Self {
            id: agency.id,
            code: agency.code,
            name: agency.data.name,
        }
    }
}

impl AnnualReportView {
    pub fn new(target: ReportTarget, figures: AnnualFigures) -> Self {
        Self {
            year: figures.year,
            agency: target.agency.into(),
            scope: target.scope,
            columns: figures.columns,
            requests: figures.requests,
            remedies: figures.remedies,
            identities: figures.identities,
            data_hash: figures.data_hash,
            frozen: (),
        }
    }
}

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
    state: web::Data<Site>,
    actor: Actor,
    year: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<AnnualReportView>, Error> {
    let year: i32 = path_id(&year)?;
    let query: ReportQuery = query.parse()?;
    let today = state.clock.today();
    let view = state
        .snapshot(move |db| {
            let target = target_for(db, &actor, today, year, query.agency_id, query.scope)?;
            let figures = target.figures(db)?;
            Ok(AnnualReportView::new(target, figures))
        })
        .await?;
    Ok(web::Json(view))
}

/// A case behind a cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellCaseView {
    pub id: CaseId,
    #[schema(examples("CXFB-2026-00012"))]
    pub number: Option<String>,
    pub agency_id: AgencyId,
    #[schema(examples("关于某地块征收补偿方案的信息"))]
    pub title: String,
    pub applicant_kind: ApplicantKind,
    pub state: State,
    #[schema(examples("办理中"))]
    pub state_label: &'static str,
    pub received_on: Option<NaiveDate>,
    /// The day of the ending that table 三 counts.
    pub ended_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
}

impl From<CaseRow> for CellCaseView {
    fn from(row: CaseRow) -> Self {
        Self {
            id: row.id(),
            agency_id: row.agency_id(),
            applicant_kind: row.applicant_kind(),
            state: row.state(),
            state_label: row.state().label(),
            outcome: row.outcome(),
            number: row.number,
            title: row.title,
            received_on: row.received_on,
            ended_on: row.ended_on,
        }
    }
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
    state: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String, String)>,
    query: RawQuery,
) -> Result<web::Json<List<CellCaseView>>, Error> {
    let (year, row, column) = path.into_inner();
    let year: i32 = path_id(&year)?;
    let cell = Row::from_code(&row).zip(ReportColumn::from_code(&column));
    let query: CellQuery = query.parse()?;
    let page = Page::<CellKey>::new(query.cursor.as_deref(), query.limit)?;
    let today = state.clock.today();
    let list = state
        .snapshot(move |db| {
            let target = target_for(db, &actor, today, year, query.agency_id, query.scope)?;
            let cell = cell.ok_or(Error::NotFound)?;
            let rows = target.cases(db, &actor, cell, page.after, page.fetch_limit())?;
            page.finish(rows, |row| (row.received_on.unwrap_or_default(), row.id()))
        })
        .await?;
    Ok(web::Json(list.map(CellCaseView::from)))
}
