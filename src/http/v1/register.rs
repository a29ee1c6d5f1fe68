//! The register of numbers (发文登记簿).

use actix_web::{get, web};
use chrono::Datelike;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::instrument::numbers::MAIN;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::AgencyId;
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::http::page::{List, Page};
use crate::http::problem::ReadProblems;
use crate::http::query::RawQuery;
use crate::service::register::{Line, register};
use crate::service::templates::agency_in_sight;
use crate::site::Site;
use crate::views::register::RegisterLine;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegisterQuery {
    /// The person's own agency when left out.
    agency_id: Option<AgencyId>,
    /// The present year when left out.
    #[param(minimum = 1, maximum = 9999)]
    year: Option<i32>,
    /// The series of all that no other series takes when left out.
    #[param(max_length = 30, example = "main")]
    series: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The numbers of an agency's instruments in a year, in their order, with those that were passed over.
#[utoipa::path(tag = "cases", params(RegisterQuery), responses((status = 200, body = List<RegisterLine>), ReadProblems))]
#[get("/instruments")]
pub async fn instrument_register(
    site: web::Data<Site>,
    actor: Actor,
    query: RawQuery,
) -> Result<web::Json<List<RegisterLine>>, Error> {
    let this_year = site.clock.today().year();
    site.snapshot(move |db| {
        let query: RegisterQuery = query.parse()?;
        let agency = agency_in_sight(db, &actor, query.agency_id)?;
        let page = Page::<i64>::new(query.cursor.as_deref(), query.limit)?;
        let (series, year) = (query.series.as_deref().unwrap_or(MAIN), query.year.unwrap_or(this_year));
        if !(1..=9999).contains(&year) {
            return Err(Error::field(FieldError::new(
                "?year",
                "年份应在1至9999之间。",
                "A year between 1 and 9999.",
            )));
        }
        let lines = register(db, agency.id, series, year, page.after.unwrap_or(0), page.fetch_limit())?;
        let list = page.finish(lines, Line::ordinal)?;
        Ok(web::Json(list.map(RegisterLine::from)))
    })
    .await
}
