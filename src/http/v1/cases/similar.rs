//! Cases like one case, for whoever reviews it.

use actix_web::{get, web};

use crate::domain::people::access::Actor;
use crate::domain::words::ids::CaseId;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::problem::ReadProblems;
use crate::service::lists::list_days;
use crate::service::search::similar;
use crate::site::Site;
use crate::telemetry;
use crate::views::lines::SimilarCases;

/// Earlier cases of the same applicant and nearly identical ones of anyone, among those the person may see.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case")),
    responses((status = 200, body = SimilarCases), ReadProblems)
)]
#[get("/cases/{id}/similar")]
pub async fn case_similar(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<web::Json<SimilarCases>, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let days = list_days(&site.desk());
    let similar = site.snapshot(move |db| similar(db, &actor, days, id)).await?;
    Ok(web::Json(SimilarCases::new(similar, days.today)))
}
