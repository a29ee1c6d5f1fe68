//! The people of a case, all of them: views of the case show the first.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::people::access::Actor;
use crate::domain::words::ids::CaseId;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::page::{List, Page};
use crate::http::problem::ReadProblems;
use crate::http::query::RawQuery;
use crate::service::identities::people;
use crate::service::sight::staff_sight;
use crate::site::Site;
use crate::telemetry;
use crate::views::people::PersonOfCaseView;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Everyone whom the application names: applicant, co-applicants in their order, agent, guardian.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case"), PeopleQuery),
    responses((status = 200, body = List<PersonOfCaseView>), ReadProblems)
)]
#[get("/cases/{id}/people")]
pub async fn case_people(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<List<PersonOfCaseView>>, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let desk = site.desk();
    site.read(move |db| {
        let sight = staff_sight(db, &actor, id)?;
        let query: PeopleQuery = query.parse()?;
        let page = Page::<usize>::new(query.cursor.as_deref(), query.limit)?;
        let people = people(db, &desk, sight)?.into_iter();
        let after = people.skip_while(|person| page.after.is_some_and(|last| person.index <= last));
        let fetched = usize::try_from(page.fetch_limit()).unwrap_or(usize::MAX);
        let list = page.finish(after.take(fetched).collect(), |person| person.index)?;
        Ok(web::Json(list.map(PersonOfCaseView::from)))
    })
    .await
}
