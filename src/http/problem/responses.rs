//! What the contract says about failures: which kinds an operation may answer, by what the operation is.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::kinds::kind_of;
use super::{MEDIA_TYPE, TYPE_BASE};

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
    /// Failures of bringing an edited draft back.
    DraftProblems [
        "bad_form", "unauthenticated", "forbidden", "not_found", "refused", "stale_version", "file_too_large", "file_not_accepted",
        "fields", "version_required", "unavailable"
    ];
    /// Failures of reading a paper, whole or in part.
    PaperProblems ["unauthenticated", "forbidden", "not_found", "no_glyphs", "range_not_satisfiable", "fields", "unavailable"];
    /// Failures of trying out a paper.
    PaperPreviewProblems [
        "bad_json", "unauthenticated", "forbidden", "not_found", "body_timeout", "refused", "no_glyphs", "too_large",
        "unsupported_media", "fields", "unavailable"
    ];
    /// Failures of reading a file, whole or in part.
    DownloadProblems ["unauthenticated", "not_found", "range_not_satisfiable", "unavailable"];
    /// Failures of taking back what was uploaded.
    DeleteProblems ["unauthenticated", "not_found", "document_attached", "unavailable"];
    /// Failures of acting on many things at once; what is wrong with one of them stands in the answer.
    BulkProblems [
        "bad_json", "unauthenticated", "body_timeout", "conflict", "too_large", "unsupported_media", "fields",
        "unavailable"
    ];
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
