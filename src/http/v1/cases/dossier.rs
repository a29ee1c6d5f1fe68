//! The dossier of a case (案卷): everything in its file, in one archive.

use actix_web::{HttpResponse, get, web};

use crate::domain::people::access::Actor;
use crate::domain::words::ids::CaseId;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::download::archive_sent;
use crate::http::problem::ReadProblems;
use crate::service::dossier::{Tools, export};
use crate::service::sight::staff_sight;
use crate::site::Site;
use crate::telemetry;
use crate::views::dossier::told;

/// The dossier of a case (案卷) as a ZIP archive.
///
/// It holds the papers as they came, the instruments, the forms made of the log, and log, clock and data of the case, with
/// an `index.html` to read without a network and a `manifest.json` with the hash of every file.
///
/// Prints that were never asked for are made now; a file that cannot be there is named. Identity numbers are masked in all
/// but the papers themselves. The same case gives the same bytes.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case")),
    responses(
        (status = 200, description = "案卷 · the dossier", content_type = "application/zip",
            body = Vec<u8>, headers(("Content-Disposition" = String))),
        ReadProblems
    )
)]
#[get("/cases/{id}/dossier")]
pub async fn case_dossier(site: web::Data<Site>, actor: Actor, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let (blobs, printer, desk) = (site.documents.clone(), site.printer.clone(), site.desk());
    let (number, exported) = site
        .block(move |store| {
            let tools = Tools {
                store,
                blobs: &blobs,
                printer: &printer,
                desk: &desk,
            };
            export(tools, &|db| staff_sight(db, &actor, id), told)
        })
        .await?;
    Ok(archive_sent(exported, &format!("案卷 {number}.zip")))
}
