//! The OpenAPI document: everything that is said about the API as a whole. Paths and schemas come from the handlers.

mod complete;
mod examples;
mod labels;

use actix_web::App;
use serde_json::Value;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_actix_web::AppExt;

use super::problem::{ListedProblem, Problem, ProblemField, ProblemWindow};
use super::v1::postings::PostingPaper;
use super::v1::reports::ReportFormat;
use crate::domain::case::Queue;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "公开 gongkai",
        description = "依申请公开办理系统：从提交到归档的全部法定程序与期限。\n\n\
            Case management for freedom-of-information requests of Chinese public bodies.\n\n\
            - 先用 `POST /api/v1/auth/login` 登录，再把 `access_token` 填入右上方的 Authorize。\n\
            - 日期为北京时间的日历日 `YYYY-MM-DD`，时刻为 RFC 3339 UTC。\n\
            - 失败一律为 `application/problem+json`（RFC 9457），默认中文，`Accept-Language: en` 为英文；种类见 `/api/v1/problems`。\n\
            - 例外：不成为 HTTP 请求的报文（首部残缺或含控制字符为 400，首部过长为 431）在到达接口之前即被拒绝，没有正文。\n\
            - 修改已有对象须带 `If-Match`，新建可带 `Idempotency-Key`；列表以 `cursor` 翻页。",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "templates", description = "文书模板 · the texts of instruments, written and published by legal advisers"),
        (name = "requests", description = "申请人办理 · the applicant's side: submit, follow, answer"),
        (name = "cases", description = "案件办理 · the agency's side: enter, list, act"),
        (name = "documents", description = "文件 · uploading and fetching files"),
        (name = "clock", description = "期限推算 · what-ifs of the statutory clock"),
        (name = "reports", description = "年度报告统计 · figures of the annual report"),
        (name = "archive", description = "归档移交 · what was filed in a year, for the archive"),
        (name = "reference", description = "参考数据 · workflow, outcomes, rules, calendars, problem kinds"),
        (name = "people", description = "登录、本人信息与机关指南 · signing in, own account, guides of agencies"),
        (name = "administration", description = "系统管理 · agencies, units, people, keys"),
        (name = "pages", description = "网页 · pages for people"),
        (name = "operations", description = "运行状态 · health, readiness, metrics"),
    ),
    security(("bearer" = [])),
    // Enums that stand only in parameters are not found by themselves.
    components(schemas(Problem, ProblemField, ProblemWindow, ListedProblem, Queue, ReportFormat, PostingPaper)),
    modifiers(&BearerScheme),
)]
struct Base;

struct BearerScheme;

impl Modify for BearerScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.bearer_format = Some("JWT".to_owned());
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// What is the same for every path.
pub fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

/// Paths and schemas, collected from the same registration that serves the API.
pub fn collected() -> utoipa::openapi::OpenApi {
    let (_, document) = App::new()
        .into_utoipa_app()
        .openapi(base())
        .configure(super::v1::root)
        .split_for_parts();
    document
}

/// The whole document as it is served and committed.
///
/// # Errors
/// None in practice: the document has a JSON form.
pub fn document() -> serde_json::Result<Value> {
    let mut json = serde_json::to_value(collected())?;
    complete::complete(&mut json);
    Ok(json)
}

/// The document as it is committed in `openapi/openapi.json`.
///
/// # Errors
/// None in practice: the document has a JSON form.
pub fn committed() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&document()?)? + "\n")
}
