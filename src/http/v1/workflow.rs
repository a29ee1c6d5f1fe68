//! The workflow table as data and as a diagram.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};

use crate::domain::case::diagram::mermaid;
use crate::http::problem::OperatorProblems;
use crate::views::workflow::WorkflowView;

/// States, actions, roles and the rules between them.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, body = WorkflowView), OperatorProblems))]
#[get("/workflow")]
pub async fn workflow_show() -> web::Json<WorkflowView> {
    web::Json(WorkflowView::of_table())
}

/// The workflow as a state diagram in the Mermaid language.
#[utoipa::path(
    tag = "reference", security(()),
    responses((status = 200, content_type = "text/plain", body = String, example = "stateDiagram-v2\n"), OperatorProblems)
)]
#[get("/workflow.mmd")]
pub async fn workflow_diagram() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .body(mermaid())
}
