//! Problem documents (RFC 9457) for every failure, and the only room that knows which failure has which status.
//!
//! Chinese unless `Accept-Language` prefers English. A 5xx carries no detail of its cause: that is in the log, under
//! the request id.

mod http_error;
mod kinds;
mod language;
mod responses;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{StatusCode, Uri};
use actix_web::{HttpResponse, ResponseError};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::http_error::HttpError;
use self::kinds::kind_of;
pub use self::kinds::{ListedProblem, PROBLEMS, ProblemKind, committed, listed};
pub use self::responses::*;
use crate::domain::law::refusal::Refusal;
pub use crate::domain::words::language::Language;
use crate::domain::words::text::{Bilingual, FieldError};
use crate::error::Error;

pub const MEDIA_TYPE: &str = "application/problem+json";
/// Where the kinds of problem are explained; `type` is this plus `#code`.
pub const TYPE_BASE: &str = "/api/v1/problems";
/// How long a client should wait when the service is busy, in seconds.
const BUSY_SECONDS: u64 = 2;
/// How long a client should wait until somebody has made room, in seconds.
const FULL_SECONDS: u64 = 60;

/// Impossible fields shown at once, so that an answer is not many times as long as its request.
const ERRORS_MAX: usize = 100;

/// A problem document (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    #[schema(example = "/api/v1/problems#fields")]
    pub kind: String,
    #[schema(example = "填写的内容有误")]
    pub title: String,
    #[schema(example = 422)]
    pub status: u16,
    #[schema(example = "请按 errors 中逐项指出的位置改正。")]
    pub detail: String,
    /// The path that was asked for.
    #[schema(example = "/api/v1/requests")]
    pub instance: String,
    #[schema(example = "fields")]
    pub code: String,
    /// Each impossible field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// The article that forbids the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "第三十条")]
    pub article: Option<&'static str>,
    /// The days on which the action is, was or will be possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<ProblemWindow>,
    /// The actions that are open to you now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_actions: Option<Vec<String>>,
    /// The version to read before acting again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_version: Option<i64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemField {
    /// JSON pointer into the body (RFC 6901), `?name` for a query parameter, or the name of a header.
    #[schema(example = "/description/title")]
    pub pointer: String,
    #[schema(example = "此项必填。")]
    pub detail: String,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ProblemWindow {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// The code in [`PROBLEMS`] that an error belongs to.
fn kind_code(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated => "unauthenticated",
        Error::BadCredentials => "bad_credentials",
        Error::Forbidden { .. } => "forbidden",
        Error::NotFound => "not_found",
        Error::Stale { .. } => "stale_version",
        Error::Fields(_) => "fields",
        Error::Refused(_) => "refused",
        Error::Conflict { .. } => "conflict",
        Error::IdempotencyKeyReused => "idempotency_key_reused",
        Error::FileTooLarge { .. } => "file_too_large",
        Error::FileNotAccepted => "file_not_accepted",
        Error::QuotaExceeded { .. } => "quota_exceeded",
        Error::NoGlyphs { .. } => "no_glyphs",
        Error::TooManyRequests { .. } => "too_many_requests",
        Error::Unavailable(_) => "unavailable",
        Error::StorageFull(_) => "storage_full",
        Error::Caller(_) => HttpError::of(error).map_or("internal", HttpError::code),
        Error::Internal(_) => "internal",
    }
}

/// The status of an error.
pub fn status_of(error: &Error) -> StatusCode {
    StatusCode::from_u16(kind_of(kind_code(error)).status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl Problem {
    /// The document for an error, in a language.
    pub fn new(error: &Error, language: Language, instance: &Uri) -> Self {
        let kind = kind_of(kind_code(error));
        let meaning = Bilingual::new(kind.meaning, kind.meaning_en);
        let mut problem = Self {
            kind: format!("{TYPE_BASE}#{}", kind.code),
            title: language.pick(&Bilingual::new(kind.title, kind.title_en)),
            status: kind.status,
            detail: language.pick(&meaning),
            // The path only: a query may hold a query code.
            instance: instance.path().to_owned(),
            code: kind.code.to_owned(),
            errors: Vec::new(),
            article: None,
            window: None,
            allowed_actions: None,
            current_version: None,
        };
        match error {
            Error::Forbidden { detail } => problem.detail = language.pick(detail),
            Error::Conflict { code, detail } => {
                problem.set_code(code);
                problem.detail = language.pick(detail);
            }
            Error::Stale { current_version } => problem.current_version = Some(*current_version),
            Error::Fields(fields) => {
                problem.errors = fields
                    .iter()
                    .take(ERRORS_MAX)
                    .map(|field| shown(field, language))
                    .collect();
            }
            Error::Refused(refusal) => problem.fill_refusal(refusal, language),
            Error::FileTooLarge { limit } => {
                let limit = megabytes(*limit);
                problem.detail = language.pick(&Bilingual::new(
                    format!("单个文件最大 {limit}，请压缩或者拆分后重新上传。"),
                    format!("A file may have at most {limit}; compress it or split it, then upload again."),
                ));
            }
            Error::QuotaExceeded { quota } => {
                let quota = megabytes(*quota);
                problem.detail = language.pick(&Bilingual::new(
                    format!("您已上传但尚未使用的文件合计不能超过 {quota}，请先使用或者删除已上传的文件，再上传新文件。"),
                    format!("What you uploaded and did not use yet may have {quota} together; use or delete some of it first."),
                ));
            }
            Error::NoGlyphs { characters } if !characters.is_empty() => {
                let characters = characters.join("；");
                problem.detail = language.pick(&Bilingual::new(
                    format!("已安装的字体缺少以下字形，无法生成 PDF：{characters}。请下载可编辑文书（format=docx）打印，或者请系统管理员安装含有这些字的字体后重试。"),
                    format!("No installed font has these characters: {characters}. Use the DOCX (`format=docx`), or have a font with them installed."),
                ));
            }
            _ => {
                if let Some(detail) = HttpError::of(error).and_then(|error| error.detail(&kind, language)) {
                    problem.detail = detail;
                }
            }
        }
        problem
    }

    fn set_code(&mut self, code: &str) {
        code.clone_into(&mut self.code);
        self.kind = format!("{TYPE_BASE}#{code}");
    }

    fn fill_refusal(&mut self, refusal: &Refusal, language: Language) {
        self.set_code(refusal.code);
        self.detail = language.pick(&refusal.reason);
        self.article = refusal.article;
        self.window = refusal.window.map(|window| ProblemWindow {
            from: window.from,
            to: window.to,
        });
        self.allowed_actions = Some(
            refusal
                .allowed_actions
                .iter()
                .map(|action| action.code().to_owned())
                .collect(),
        );
    }
}

/// A size as people read it: `50 MB`, below one megabyte in bytes.
fn megabytes(bytes: u64) -> String {
    const MEGABYTE: u64 = 1024 * 1024;
    match (bytes / MEGABYTE, bytes % MEGABYTE * 10 / MEGABYTE) {
        (0, _) => format!("{bytes} B"),
        (whole, 0) => format!("{whole} MB"),
        (whole, tenth) => format!("{whole}.{tenth} MB"),
    }
}

fn shown(field: &FieldError, language: Language) -> ProblemField {
    ProblemField {
        pointer: field.pointer.clone(),
        detail: language.pick(&field.detail),
    }
}

/// The whole answer for an error.
pub fn response(error: &Error, language: Language, instance: &Uri) -> HttpResponse {
    let problem = Problem::new(error, language, instance);
    let mut builder = HttpResponse::build(status_of(error));
    builder
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, "Accept-Language"))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    match error {
        Error::Unauthenticated | Error::BadCredentials => {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        Error::TooManyRequests { retry_after } => {
            // Rounded up: a client that waits exactly so long must be let in.
            let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
            builder.insert_header((header::RETRY_AFTER, seconds));
        }
        Error::Unavailable(_) => {
            builder.insert_header((header::RETRY_AFTER, BUSY_SECONDS));
        }
        Error::StorageFull(_) => {
            builder.insert_header((header::RETRY_AFTER, FULL_SECONDS));
        }
        _ => {
            if let Some(error) = HttpError::of(error) {
                error.say_in_headers(&mut builder);
            }
        }
    }
    builder.body(serde_json::to_string(&problem).unwrap_or_default())
}

/// Handlers return [`Error`]; the edge renders it again with the language and path of the request.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        status_of(self)
    }

    fn error_response(&self) -> HttpResponse {
        response(self, Language::Chinese, &Uri::from_static("/"))
    }
}

/// The error that a bare status of the framework stands for.
pub fn from_status(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => HttpError::MethodNotAllowed { allowed: String::new() }.into(),
        StatusCode::NOT_ACCEPTABLE => HttpError::NotAcceptable.into(),
        StatusCode::UNAUTHORIZED => Error::Unauthenticated,
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge { limit: 0 }.into(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => HttpError::UnsupportedMedia.into(),
        status if status.is_client_error() => HttpError::BadJson {
            detail: status.canonical_reason().unwrap_or_default().to_owned(),
        }
        .into(),
        status => Error::internal(format!("the framework answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_error_has_a_kind() {
        let mut codes: Vec<_> = PROBLEMS.iter().map(|kind| kind.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), PROBLEMS.len());
        assert_eq!(
            status_of(&HttpError::PreconditionRequired.into()),
            StatusCode::PRECONDITION_REQUIRED
        );
    }
}
