//! Templates (文书模板): looking, writing a version, trying it out, putting it in force.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::domain::document::MediaType;
use crate::domain::instrument::issued::FileFormat;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::json::Body;
use crate::http::problem::{CreateProblems, Language, PaperPreviewProblems, ReadProblems};
use crate::http::query::RawQuery;
use crate::service::paperwork::write_paper;
use crate::service::previews::case_shown;
use crate::service::sight::staff_sight;
use crate::service::templates::{self, agency_in_sight, agency_of_adviser, faults, sample_shown, template_code};
use crate::site::Site;
use crate::views::template::{TemplateContext, TemplateFault, TemplateList, TemplateVersionView, TemplateView};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateQuery {
    /// The person's own agency when left out.
    agency_id: Option<AgencyId>,
}

/// The templates as an agency uses them: its own, those of an agency above it, or the program's.
#[utoipa::path(tag = "templates", params(TemplateQuery), responses((status = 200, body = TemplateList), ReadProblems))]
#[get("/templates")]
pub async fn template_list(
    site: web::Data<Site>,
    actor: Actor,
    query: RawQuery,
) -> Result<web::Json<TemplateList>, Error> {
    site.snapshot(move |db| {
        let TemplateQuery { agency_id } = query.parse()?;
        let agency = agency_in_sight(db, &actor, agency_id)?;
        let in_use = templates::templates(db, &agency)?;
        Ok(web::Json(TemplateList::new(&agency, &in_use)))
    })
    .await
}

/// A template: its text in use, and the versions that the agency made.
#[utoipa::path(
    tag = "templates", params(("code" = String, Path, description = "code of the template", example = "D04"), TemplateQuery),
    responses((status = 200, body = TemplateView), ReadProblems)
)]
#[get("/templates/{code}")]
pub async fn template_show(
    site: web::Data<Site>,
    actor: Actor,
    code: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<TemplateView>, Error> {
    site.snapshot(move |db| {
        let code = template_code(&code)?;
        let TemplateQuery { agency_id } = query.parse()?;
        let agency = agency_in_sight(db, &actor, agency_id)?;
        let in_use = templates::templates(db, &agency)?
            .into_iter()
            .find(|one| one.code == code);
        let versions = templates::versions(db, &agency, code)?;
        Ok(web::Json(TemplateView::new(
            &agency,
            in_use.ok_or(Error::NotFound)?,
            &versions,
        )))
    })
    .await
}

/// The variables of a template, each with its meaning and an example.
#[utoipa::path(
    tag = "templates", params(("code" = String, Path, description = "code of the template", example = "D04")),
    responses((status = 200, body = TemplateContext), ReadProblems)
)]
#[get("/templates/{code}/context")]
pub async fn template_context(actor: Actor, code: web::Path<String>) -> Result<web::Json<TemplateContext>, Error> {
    let code = template_code(&code)?;
    templates::require_staff(&actor)?;
    Ok(web::Json(TemplateContext::new(code)))
}

/// A new version of a template.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "# 补正告知书\n\n{{ 收件人 }}：\n", "note": "增加咨询窗口的说明"}))]
pub struct TemplateBody {
    /// Markdown with placeholders.
    #[schema(max_length = 50000)]
    text: String,
    /// What was changed and why.
    #[schema(max_length = 500)]
    note: String,
}

/// Writes a version of a template: a draft that nobody uses until it is published.
///
/// What would keep it from that is told in `faults`.
#[utoipa::path(
    tag = "templates", request_body = TemplateBody,
    params(
        ("code" = String, Path, description = "code of the template", example = "D04"), TemplateQuery,
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 201, body = TemplateVersionView, headers(("Location" = String))), CreateProblems)
)]
#[post("/templates/{code}/versions")]
pub async fn template_version_create(
    site: web::Data<Site>,
    actor: Actor,
    language: Language,
    code: web::Path<String>,
    query: RawQuery,
    key: IdempotencyKey,
    body: Body,
) -> Result<Answer, Error> {
    let keyed = key.bind(actor.user_id.to_string(), &body)?;
    let now = site.clock.now();
    site.write(move |tx| {
        let code = template_code(&code)?;
        let TemplateQuery { agency_id } = query.parse()?;
        let agency = agency_of_adviser(tx, &actor, agency_id)?;
        keyed.run(tx, now, |tx| {
            let TemplateBody { text, note } = body.json()?;
            let row = templates::version_add(tx, &actor, &agency, code, (&text, &note), now)?;
            let told = faults(&agency, code, &text);
            let told = told.iter().map(|fault| TemplateFault::new(fault, language)).collect();
            let location = format!("/api/v1/templates/{}/versions/{}", row.code, row.version);
            Answer::created(&TemplateVersionView::new(&row, told), None, location)
        })
    })
    .await
}

/// What a version is tried out on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"format": "pdf"}))]
pub struct TemplateTrial {
    /// A case of the agency; the sample case when left out.
    case_id: Option<CaseId>,
    format: FileFormat,
}

/// A version of a template, tried out on the sample case or on a real one. Changes nothing.
#[utoipa::path(
    tag = "templates", request_body = TemplateTrial,
    params(
        ("code" = String, Path, description = "code of the template", example = "D04"),
        ("n" = i32, Path, description = "version; 0 for the text in use", example = 1), TemplateQuery
    ),
    responses(
        (status = 200, description = "样稿 · the sample", content_type = "*/*", body = Vec<u8>), PaperPreviewProblems
    )
)]
#[post("/templates/{code}/versions/{n}/preview")]
pub async fn template_version_preview(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String)>,
    query: RawQuery,
    body: Body,
) -> Result<HttpResponse, Error> {
    let (code, number) = path.into_inner();
    let desk = site.desk();
    let format = body.json::<TemplateTrial>().map(|trial| trial.format);
    let paper = site
        .snapshot(move |db| {
            let code = template_code(&code)?;
            let number: i32 = path_id(&number)?;
            let TemplateQuery { agency_id } = query.parse()?;
            let agency = agency_in_sight(db, &actor, agency_id)?;
            let TemplateTrial { case_id, .. } = body.json()?;
            let text = templates::text_of(db, &agency, code, number)?;
            match case_id {
                None => sample_shown(&agency, code, &text),
                Some(id) => {
                    let sight = staff_sight(db, &actor, id)?;
                    case_shown(db, &desk, &sight, code, &text)
                }
            }
        })
        .await?;
    paper_sent(&site, paper, format?).await
}

/// A paper that is tried out, as a file.
pub(super) async fn paper_sent(
    site: &Site,
    paper: crate::papers::model::Paper,
    format: FileFormat,
) -> Result<HttpResponse, Error> {
    let media_type = match format {
        FileFormat::Pdf => MediaType::Pdf,
        FileFormat::Docx => MediaType::Docx,
        FileFormat::Scan => {
            return Err(Error::field(FieldError::new(
                "/format",
                "预览的格式只能是 pdf 或者 docx。",
                "A preview is `pdf` or `docx`.",
            )));
        }
    };
    let printer = site.printer.clone();
    let bytes = site.block(move |_| write_paper(&printer, &paper, format)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type.code()))
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes))
}

/// Puts a version in force, for the agency and for all below it that have none of their own.
///
/// What was issued before keeps its version.
#[utoipa::path(
    tag = "templates",
    params(
        ("code" = String, Path, description = "code of the template", example = "D04"),
        ("n" = i32, Path, description = "version", example = 1), TemplateQuery
    ),
    responses((status = 200, body = TemplateVersionView), CreateProblems)
)]
#[post("/templates/{code}/versions/{n}/publish")]
pub async fn template_version_publish(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String)>,
    query: RawQuery,
) -> Result<web::Json<TemplateVersionView>, Error> {
    let (code, number) = path.into_inner();
    let now = site.clock.now();
    site.write(move |tx| {
        let code = template_code(&code)?;
        let number: i32 = path_id(&number)?;
        let TemplateQuery { agency_id } = query.parse()?;
        let agency = agency_of_adviser(tx, &actor, agency_id)?;
        let row = templates::version(tx, &agency, code, number)?;
        let row = templates::publish(tx, &actor, &agency, row, now)?;
        Ok(web::Json(TemplateVersionView::new(&row, Vec::new())))
    })
    .await
}
