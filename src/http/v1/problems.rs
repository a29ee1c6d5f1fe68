//! The kinds of problem, for people who follow the `type` of a problem document.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{ListedProblem, OperatorProblems, listed};

#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKinds {
    pub items: Vec<ListedProblem>,
}

/// Every kind of problem with its code, its status and what to do about it.
#[utoipa::path(tag = "reference", security(()), responses((status = 200, body = ProblemKinds), OperatorProblems))]
#[get("/problems")]
pub async fn problem_list() -> web::Json<ProblemKinds> {
    web::Json(ProblemKinds { items: listed() })
}
