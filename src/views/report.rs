//! The annual report as it is shown and printed.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::reply::Outcome;
use crate::domain::report::{AnnualFigures, Identity, RemedyTable, ReportScope, RequestTable};
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::service::reports::ReportTarget;
use crate::store::agencies::Agency;
use crate::store::cases::CaseRow;

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
    /// Cases that this table counts as ended and that were set going again after the year, by reopening or because a new
    /// reply was ordered; no later year counts them. Left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reopened_after_the_year: Vec<ReopenedCase>,
    /// Null: the figures are those of this moment.
    #[schema(value_type = Option<Object>, required = true)]
    pub frozen: (),
}

/// A case that went on after the year which counts its ending.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReopenedCase {
    pub id: CaseId,
    #[schema(examples("CXFB-2026-00012"))]
    pub number: Option<String>,
    pub agency_id: AgencyId,
    /// The ending that is counted.
    pub outcome: Option<Outcome>,
    #[schema(examples("2025-12-01"))]
    pub ended_on: Option<NaiveDate>,
    #[schema(examples("2026-01-12"))]
    pub reopened_on: Option<NaiveDate>,
}

impl From<CaseRow> for ReopenedCase {
    fn from(row: CaseRow) -> Self {
        Self {
            id: row.id(),
            agency_id: row.agency_id(),
            outcome: row.outcome(),
            number: row.number,
            ended_on: row.ended_on,
            reopened_on: row.reopened_on,
        }
    }
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
    pub fn new(target: ReportTarget, figures: AnnualFigures, reopened: Vec<CaseRow>) -> Self {
        Self {
            year: figures.year,
            agency: target.agency.into(),
            scope: target.scope,
            columns: figures.columns,
            requests: figures.requests,
            remedies: figures.remedies,
            identities: figures.identities,
            data_hash: figures.data_hash,
            reopened_after_the_year: reopened.into_iter().map(ReopenedCase::from).collect(),
            frozen: (),
        }
    }
}
