//! Problem documents (RFC 9457) for every failure, and the only place that knows which failure has which status.
//!
//! Chinese unless `Accept-Language` prefers English. A 5xx carries no detail of its cause: that is in the log, under
//! the request id.

use std::collections::BTreeMap;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{StatusCode, Uri};
use actix_web::{HttpResponse, ResponseError};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

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

/// One kind of problem: its stable code, its status, and what it means.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ProblemKind {
    /// Stable, machine-readable.
    #[schema(example = "stale_version")]
    pub code: &'static str,
    #[schema(example = 412)]
    pub status: u16,
    pub title: &'static str,
    pub title_en: &'static str,
    /// What to do about it.
    pub meaning: &'static str,
    pub meaning_en: &'static str,
}

macro_rules! kinds {
    ($($code:literal $status:literal $title:literal $title_en:literal $meaning:literal $meaning_en:literal;)+) => {
        &[$(ProblemKind { code: $code, status: $status, title: $title, title_en: $title_en, meaning: $meaning, meaning_en: $meaning_en }),+]
    };
}

/// Every kind of problem outside the workflow, whose refusals (`refused` is their common kind) carry codes of their own.
#[rustfmt::skip]
pub const PROBLEMS: &[ProblemKind] = kinds![
    "bad_json" 400 "请求体不是 JSON" "The body is not JSON"
        "请求体必须是一个完整的 JSON 文档，请检查语法后重发。" "The body must be one complete JSON document; check its syntax and send it again.";
    "bad_form" 400 "表单不完整" "The form is broken"
        "请以 multipart/form-data 完整发送文件（file）和用途（purpose）后重试。" "Send the file (`file`) and its purpose (`purpose`) completely as multipart/form-data.";
    "unauthenticated" 401 "尚未登录" "Not signed in"
        "请先登录，并在 Authorization 首部中携带有效的访问令牌。" "Sign in first and send a valid access token in the Authorization header.";
    "bad_credentials" 401 "用户名或密码不正确" "Wrong username or password"
        "请核对用户名和密码后重试；连续多次失败后须稍候再试。忘记密码的，请联系系统管理员。" "Check username and password; after several failures a pause is required. An administrator can reset the password.";
    "forbidden" 403 "无权办理" "Forbidden"
        "您的角色没有此项权限，请由有权限的人员办理。" "None of your roles may do this; someone who holds the role must.";
    "not_found" 404 "未找到" "Not found"
        "没有这个地址或对象，或者它不对您公开，请核对编号。" "There is no such address or object, or it is not yours to see; check the number.";
    "method_not_allowed" 405 "不支持此方法" "Method not allowed"
        "此地址不接受该 HTTP 方法，可用方法见 Allow 首部。" "This address does not take that HTTP method; see the Allow header.";
    "not_acceptable" 406 "没有可接受的编码" "Not acceptable"
        "请在 Accept-Encoding 中允许 identity 或 gzip。" "Allow identity or gzip in Accept-Encoding.";
    "body_timeout" 408 "请求体未按时送达" "The body did not arrive in time"
        "请检查网络后重发；大的文件请分开上传。" "Check the network and send it again; send large files separately.";
    "conflict" 409 "与现有内容冲突" "Conflict"
        "请求与现有内容冲突，请查看说明后调整。" "The request conflicts with what is there; read the detail and change it.";
    "username_taken" 409 "用户名已被使用" "Username taken"
        "请另选用户名。" "Choose another username.";
    "agency_code_taken" 409 "机关代码已被使用" "Agency code taken"
        "请另选机关代码。" "Choose another code.";
    "unit_name_taken" 409 "本机关已有同名科室" "Unit name taken"
        "请另取科室名称。" "Choose another name.";
    "own_account" 409 "不能对自己的账号办理此项" "Not on the own account"
        "请由另一位系统管理员办理。" "Another administrator must do it.";
    "document_attached" 409 "文件已归入案件" "Document of a case"
        "文件已成为案件材料，不能删除；放错的请由承办人员在案件中说明。" "A case holds the document already; it cannot be deleted.";
    "wrong_password" 409 "当前密码不正确" "Wrong current password"
        "请核对当前密码后重试。" "Check the current password and try again.";
    "refused" 409 "此时不能办理" "Refused"
        "按案件目前的状态或法定期限，此项办理不能进行；说明中有依据和可行的办法。" "The state of the case or a legal limit forbids this now; the detail names the article and what is possible.";
    "stale_version" 412 "内容已被他人更新" "Stale version"
        "您看到的版本已经过时，请重新读取后再办理。" "What you saw has been changed since; read it again, then act.";
    "version_malformed" 412 "版本格式不对" "Malformed version"
        "If-Match 只接受一个带引号的版本，例如 \"7\"，不接受 * 或弱标签。" "If-Match takes one quoted version such as \"7\"; neither * nor weak tags.";
    "too_large" 413 "请求体过大" "Payload too large"
        "请缩小请求体后重发。" "Send a smaller body.";
    "file_too_large" 413 "文件过大" "The file is too large"
        "请压缩或者拆分后重新上传。" "Compress it or split it, then upload again.";
    "quota_exceeded" 413 "未使用的文件过多" "Too many unused documents"
        "请先删除或在申请、办理中使用已上传的文件，再上传新文件。" "Use or delete what you uploaded before, then upload again.";
    "unsupported_media" 415 "不支持的内容类型" "Unsupported media type"
        "请以 Content-Type: application/json 发送。" "Send it with Content-Type: application/json.";
    "not_multipart" 415 "不是表单上传" "Not a form with a file"
        "请以 Content-Type: multipart/form-data 上传文件。" "Upload the file as multipart/form-data.";
    "file_not_accepted" 415 "不接受的文件类型" "The file is of no accepted kind"
        "可以上传 PDF、OFD、DOC、DOCX、XLS、XLSX、PPT、PPTX、WPS、ET、DPS、JPEG、PNG、TIFF、TXT（UTF-8 或 GB18030）和 ZIP 文件，按内容判断，不接受空文件、程序、网页和带宏的文档；请转换后重新上传。" "Accepted are PDF, OFD, DOC, DOCX, XLS, XLSX, PPT, PPTX, WPS, ET, DPS, JPEG, PNG, TIFF, TXT (UTF-8 or GB18030) and ZIP, judged by content; no empty files, programs, web pages or documents with macros. Convert the file and upload it again.";
    "range_not_satisfiable" 416 "没有所要的部分" "No such range"
        "Range 超出文件长度，请按 Content-Range 中的长度重新请求。" "Range lies beyond the end; see Content-Range for the length.";
    "fields" 422 "填写的内容有误" "Impossible fields"
        "请按 errors 中逐项指出的位置改正。" "Correct each place that errors points to.";
    "idempotency_key_reused" 422 "幂等键已用于另一请求" "Idempotency key reused"
        "同一 Idempotency-Key 只能用于内容完全相同的请求，请换一个新键。" "One Idempotency-Key stands for one request with one body; take a new key.";
    "version_required" 428 "缺少版本" "Version required"
        "请先读取对象，并在 If-Match 中带上读到的 ETag。" "Read the object first and send its ETag in If-Match.";
    "too_many_requests" 429 "请求过于频繁" "Too many requests"
        "请在 Retry-After 指定的秒数之后再试。" "Try again after the seconds in Retry-After.";
    "internal" 500 "系统内部错误" "Internal error"
        "请稍后再试；仍有问题时请将响应首部 X-Request-Id 告知管理员。" "Try again later; if it persists give the X-Request-Id header to the administrator.";
    "unavailable" 503 "系统繁忙" "Temporarily unavailable"
        "请在 Retry-After 指定的秒数之后再试。" "Try again after the seconds in Retry-After.";
    "storage_full" 503 "存储空间已满" "Storage full"
        "本次提交没有保存。请联系系统管理员清理磁盘空间，然后重新提交；查询不受影响。" "Nothing of this request was saved. Ask the administrator to make room on the disk, then send it again; reading still works.";
];

impl actix_web::FromRequest for Language {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(request.headers())))
    }
}

impl Language {
    /// The better of Chinese and English by `Accept-Language`; Chinese when neither is named.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut best = (Self::Chinese, 0.0_f32);
        for range in headers
            .get_all(header::ACCEPT_LANGUAGE)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
        {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            let language = match tag.split('-').next() {
                Some("zh" | "*") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }
}

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

fn kind_of(code: &str) -> ProblemKind {
    const INTERNAL: ProblemKind = ProblemKind {
        code: "internal",
        status: 500,
        title: "系统内部错误",
        title_en: "Internal error",
        meaning: "",
        meaning_en: "",
    };
    PROBLEMS
        .iter()
        .find(|kind| kind.code == code)
        .copied()
        .unwrap_or(INTERNAL)
}

/// The code in [`PROBLEMS`] that an error belongs to.
fn kind_code(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated => "unauthenticated",
        Error::BadCredentials => "bad_credentials",
        Error::Forbidden { .. } => "forbidden",
        Error::NotFound => "not_found",
        Error::MethodNotAllowed { .. } => "method_not_allowed",
        Error::NotAcceptable => "not_acceptable",
        Error::Stale { .. } => "stale_version",
        Error::PreconditionRequired => "version_required",
        Error::PreconditionMalformed => "version_malformed",
        Error::Fields(_) => "fields",
        Error::Refused(_) => "refused",
        Error::Conflict { .. } => "conflict",
        Error::IdempotencyKeyReused => "idempotency_key_reused",
        Error::BadJson { .. } => "bad_json",
        Error::BodyTimeout { .. } => "body_timeout",
        Error::TooLarge { .. } => "too_large",
        Error::UnsupportedMedia => "unsupported_media",
        Error::NotMultipart => "not_multipart",
        Error::BadForm { .. } => "bad_form",
        Error::FileTooLarge { .. } => "file_too_large",
        Error::FileNotAccepted => "file_not_accepted",
        Error::QuotaExceeded { .. } => "quota_exceeded",
        Error::RangeNotSatisfiable { .. } => "range_not_satisfiable",
        Error::TooManyRequests { .. } => "too_many_requests",
        Error::Unavailable(_) => "unavailable",
        Error::StorageFull(_) => "storage_full",
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
            Error::BadJson { detail } => problem.detail = format!("{} ({detail})", problem.detail),
            Error::BodyTimeout { seconds } => {
                problem.detail = language.pick(&Bilingual::new(
                    format!("请求体未在 {seconds} 秒内送达，请检查网络后重发。"),
                    format!("The body did not arrive within {seconds} seconds; check the network and send it again."),
                ));
            }
            Error::TooLarge { limit } => {
                problem.detail = language.pick(&Bilingual::new(
                    format!("请求体最多 {limit} 字节，请缩小后重发。"),
                    format!("The body may have at most {limit} bytes; send a smaller one."),
                ));
            }
            Error::BadForm { detail } => problem.detail = format!("{} ({detail})", problem.detail),
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
            _ => {}
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
        Error::MethodNotAllowed { allowed } => {
            builder.insert_header((header::ALLOW, allowed.as_str()));
        }
        Error::TooManyRequests { retry_after } => {
            // Rounded up: a client that waits exactly so long must be let in.
            let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
            builder.insert_header((header::RETRY_AFTER, seconds));
        }
        Error::BodyTimeout { .. } => {
            // What else comes over this connection belongs to the body that was given up.
            builder.force_close();
        }
        Error::Unavailable(_) => {
            builder.insert_header((header::RETRY_AFTER, BUSY_SECONDS));
        }
        Error::RangeNotSatisfiable { size } => {
            builder.insert_header((header::CONTENT_RANGE, format!("bytes */{size}")));
        }
        Error::StorageFull(_) => {
            builder.insert_header((header::RETRY_AFTER, FULL_SECONDS));
        }
        _ => {}
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
        StatusCode::METHOD_NOT_ALLOWED => Error::MethodNotAllowed { allowed: String::new() },
        StatusCode::NOT_ACCEPTABLE => Error::NotAcceptable,
        StatusCode::UNAUTHORIZED => Error::Unauthenticated,
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge { limit: 0 },
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::UnsupportedMedia,
        status if status.is_client_error() => Error::BadJson {
            detail: status.canonical_reason().unwrap_or_default().to_owned(),
        },
        status => Error::internal(format!("the framework answered {status}")),
    }
}

macro_rules! problem_responses {
    ($($(#[$doc:meta])* $name:ident [$($code:literal),+];)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    documented(&[$($code),+])
                }
            }
        )+
    };
}

problem_responses! {
    /// Failures of an open address without input.
    OperatorProblems ["internal"];
    /// Failures of an open address with query parameters or a body.
    PublicProblems ["bad_json", "not_found", "body_timeout", "too_large", "unsupported_media", "fields", "too_many_requests", "unavailable"];
    /// Failures of asking an open address with query parameters.
    PublicQueryProblems ["not_found", "fields", "unavailable"];
    /// Failures of reading one open resource.
    PublicReadProblems ["not_found", "internal"];
    /// Failures of signing in.
    LoginProblems ["bad_json", "bad_credentials", "body_timeout", "too_large", "unsupported_media", "fields", "too_many_requests", "unavailable"];
    /// Failures of making something new without being signed in.
    RegisterProblems ["bad_json", "body_timeout", "conflict", "too_large", "unsupported_media", "fields", "unavailable"];
    /// Failures of reading, signed in.
    ReadProblems ["unauthenticated", "forbidden", "not_found", "fields", "unavailable"];
    /// Failures of a question with a body that changes nothing, signed in.
    QuestionProblems ["bad_json", "unauthenticated", "body_timeout", "too_large", "unsupported_media", "fields", "unavailable"];
    /// Failures of reading something that a query code is shown for, signed in.
    QueryCodeProblems [
        "bad_json", "unauthenticated", "forbidden", "not_found", "body_timeout", "too_large", "unsupported_media",
        "fields", "unavailable"
    ];
    /// Failures of making something new, signed in.
    CreateProblems [
        "bad_json", "unauthenticated", "forbidden", "not_found", "body_timeout", "conflict", "too_large",
        "unsupported_media", "fields", "unavailable"
    ];
    /// Failures of uploading a file.
    UploadProblems [
        "bad_form", "unauthenticated", "forbidden", "conflict", "file_too_large", "file_not_accepted", "fields", "unavailable"
    ];
    /// Failures of reading a file, whole or in part.
    DownloadProblems ["unauthenticated", "not_found", "range_not_satisfiable", "unavailable"];
    /// Failures of taking back what was uploaded.
    DeleteProblems ["unauthenticated", "not_found", "document_attached", "unavailable"];
    /// Failures of acting on or changing something that is there.
    ActionProblems [
        "bad_json", "unauthenticated", "forbidden", "not_found", "body_timeout", "refused", "stale_version",
        "too_large", "unsupported_media", "fields", "version_required", "unavailable"
    ];
}

/// The responses of the OpenAPI document for some kinds of problem.
fn documented(codes: &[&str]) -> BTreeMap<String, RefOr<Response>> {
    codes
        .iter()
        .map(|code| {
            let kind = kind_of(code);
            let example = serde_json::json!({
                "type": format!("{TYPE_BASE}#{}", kind.code), "title": kind.title, "status": kind.status,
                "detail": kind.meaning, "instance": "/api/v1/…", "code": kind.code,
            });
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .example(Some(example))
                .build();
            let response = ResponseBuilder::new()
                .description(format!("{} · {}", kind.title, kind.title_en))
                .content(MEDIA_TYPE, content)
                .build();
            (kind.status.to_string(), RefOr::T(response))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_unless_english_is_preferred() {
        for (header, language) in [
            ("", Language::Chinese),
            ("en", Language::English),
            ("en-GB,zh;q=0.5", Language::English),
            ("zh-CN,en;q=0.9", Language::Chinese),
            ("fr,de;q=0.5", Language::Chinese),
            ("en;q=0", Language::Chinese),
            ("*,en;q=0.2", Language::Chinese),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(header));
            assert_eq!(Language::of(&headers), language, "{header}");
        }
    }

    #[test]
    fn codes_are_unique_and_every_error_has_a_kind() {
        let mut codes: Vec<_> = PROBLEMS.iter().map(|kind| kind.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), PROBLEMS.len());
        assert_eq!(
            status_of(&Error::PreconditionRequired),
            StatusCode::PRECONDITION_REQUIRED
        );
    }
}
