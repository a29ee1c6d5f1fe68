//! The post of a day (邮寄清单): what is posted, the list for the post office, and the labels.

use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::templates::paper_sent;
use crate::domain::instrument::issued::FileFormat;
use crate::domain::people::access::Actor;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::AgencyId;
use crate::error::Error;
use crate::http::problem::{PaperProblems, ReadProblems};
use crate::http::query::RawQuery;
use crate::papers::postings::{labels, list};
use crate::service::postings::{agency_of_mail_room, postings};
use crate::site::Site;
use crate::views::posting::PostingList;

codes! {
    /// What is printed of the post of a day.
    pub enum PostingPaper {
        List "list" "邮寄清单",
        Labels "labels" "地址标签",
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostingQuery {
    /// The person's own agency when left out.
    agency_id: Option<AgencyId>,
    /// The day of posting; today when left out.
    #[param(example = "2026-03-10")]
    on: Option<NaiveDate>,
    /// Also the notices of the day, however they are sent.
    #[param(default = false)]
    #[serde(default)]
    notices: bool,
}

#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostingPaperQuery {
    /// The person's own agency when left out.
    agency_id: Option<AgencyId>,
    /// The day of posting; today when left out.
    #[param(example = "2026-03-10")]
    on: Option<NaiveDate>,
    /// Also the notices of the day, however they are sent.
    #[param(default = false)]
    #[serde(default)]
    notices: bool,
    /// What is printed.
    paper: PostingPaper,
    /// As what.
    format: FileFormat,
}

/// What an agency posts on a day: the replies that leave by post, and notices that are sent again so.
///
/// For the agency's clerks and officers. What has no address says so by `address: null`.
#[utoipa::path(tag = "cases", params(PostingQuery), responses((status = 200, body = PostingList), ReadProblems))]
#[get("/postings")]
pub async fn posting_list(
    site: web::Data<Site>,
    actor: Actor,
    query: RawQuery,
) -> Result<web::Json<PostingList>, Error> {
    let desk = site.desk();
    site.snapshot(move |db| {
        let query: PostingQuery = query.parse()?;
        let agency = agency_of_mail_room(db, &actor, query.agency_id)?;
        let on = query.on.unwrap_or(desk.today);
        let postings = postings(db, &desk, &actor, &agency, (on, query.notices))?;
        Ok(web::Json(PostingList::new(&agency, on, postings)))
    })
    .await
}

/// The list for the post office (邮寄清单), or the labels of its letters (地址标签), to print.
#[utoipa::path(
    tag = "cases", params(PostingPaperQuery),
    responses(
        (status = 200, description = "清单或者标签 · the list or the labels", content_type = "*/*", body = Vec<u8>), PaperProblems
    )
)]
#[get("/postings/content")]
pub async fn posting_content(site: web::Data<Site>, actor: Actor, query: RawQuery) -> Result<HttpResponse, Error> {
    let desk = site.desk();
    let (paper, format) = site
        .snapshot(move |db| {
            let query: PostingPaperQuery = query.parse()?;
            let agency = agency_of_mail_room(db, &actor, query.agency_id)?;
            let on = query.on.unwrap_or(desk.today);
            let postings = postings(db, &desk, &actor, &agency, (on, query.notices))?;
            let paper = match query.paper {
                PostingPaper::List => list(&agency.data, on, &postings),
                PostingPaper::Labels => labels(&agency.data, &postings),
            };
            Ok((paper, query.format))
        })
        .await?;
    paper_sent(&site, paper, format).await
}
