//! 归档移交: what an agency filed in a year, for its archive.

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::people::access::Actor;
use crate::domain::words::ids::AgencyId;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::download::archive_sent;
use crate::http::problem::ReadProblems;
use crate::http::query::RawQuery;
use crate::service::archive::{Bearer, archive_for, export};
use crate::service::dossier::Tools;
use crate::site::Site;
use crate::views::dossier::told;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArchiveQuery {
    /// The own agency when left out.
    agency_id: Option<AgencyId>,
}

/// What an agency filed in a year (归档移交) as a ZIP archive.
///
/// It holds a folder with the dossier of each case that lies in the archive, the catalogue as `catalogue.csv` and
/// `catalogue.json`, and the hash of every file in `manifest.json` and `checksums.sha256`. For the agency's clerks, officers
/// and approvers, and for supervisors.
#[utoipa::path(
    tag = "archive", params(("year" = i32, Path, description = "2008 to the running year", example = 2026), ArchiveQuery),
    responses(
        (status = 200, description = "归档数据 · the files of the year", content_type = "application/zip",
            body = Vec<u8>, headers(("Content-Disposition" = String))),
        ReadProblems
    )
)]
#[get("/archive/{year}")]
pub async fn archive_export(
    site: web::Data<Site>,
    actor: Actor,
    year: web::Path<String>,
    query: RawQuery,
) -> Result<HttpResponse, Error> {
    let year: i32 = path_id(&year)?;
    let ArchiveQuery { agency_id } = query.parse()?;
    let (blobs, printer, desk) = (site.documents.clone(), site.printer.clone(), site.desk());
    let (code, exported) = site
        .block(move |store| {
            let target = store.read(|db| archive_for(db, &actor, desk.today, year, agency_id))?;
            let tools = Tools {
                store,
                blobs: &blobs,
                printer: &printer,
                desk: &desk,
            };
            let exported = export(tools, &target, &Bearer::Person(Box::new(actor.clone())), told)?;
            Ok((target.agency.code, exported))
        })
        .await?;
    Ok(archive_sent(exported, &format!("归档 {code} {year}.zip")))
}
