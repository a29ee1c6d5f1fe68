//! Cases like one case, for whoever reviews it.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::list_days;
use super::view::CaseLine;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::CaseId;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::problem::ReadProblems;
use crate::service::search::{Similar, similar};
use crate::site::Site;
use crate::store::cases::similar::Alike;
use crate::telemetry;

/// Cases like one case. Evidence for a repeated request or for one that others share; it decides nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarCases {
    /// Earlier cases of the same applicant in any state, newest first, at most 50.
    pub same_applicant: Vec<CaseLine>,
    /// Cases of anyone whose title and features share at least four words in five with this one, the most alike first,
    /// at most 50.
    pub near_identical: Vec<AlikeCase>,
}

/// A case and how much it has in common with another.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlikeCase {
    #[serde(flatten)]
    pub case: CaseLine,
    /// The share of common words, 0.8 to 1; 1 is the same text.
    #[schema(minimum = 0, maximum = 1, examples(0.93))]
    pub similarity: f64,
}

impl SimilarCases {
    fn new(similar: Similar, today: NaiveDate) -> Self {
        let line = |row| CaseLine::new(row, today);
        let alike = |Alike { row, similarity }| AlikeCase {
            case: line(row),
            similarity,
        };
        Self {
            near_identical: similar.near_identical.into_iter().map(alike).collect(),
            same_applicant: similar.same_applicant.into_iter().map(line).collect(),
        }
    }
}

/// Earlier cases of the same applicant and nearly identical ones of anyone, among those the person may see.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case")),
    responses((status = 200, body = SimilarCases), ReadProblems)
)]
#[get("/cases/{id}/similar")]
pub async fn case_similar(
    state: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<web::Json<SimilarCases>, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let days = list_days(&state.desk());
    let similar = state.snapshot(move |db| similar(db, &actor, days, id)).await?;
    Ok(web::Json(SimilarCases::new(similar, days.today)))
}
