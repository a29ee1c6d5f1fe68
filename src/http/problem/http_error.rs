//! The errors that are HTTP's alone. Inside a use case they travel as [`Error::Caller`].

use actix_web::HttpResponseBuilder;
use actix_web::http::header;

use super::kinds::ProblemKind;
use crate::domain::words::language::Language;
use crate::domain::words::text::Bilingual;
use crate::error::Error;

/// A request that is wrong as HTTP, whatever it asks for.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("method not allowed")]
    MethodNotAllowed { allowed: String },
    /// The client takes no form in which an answer can be sent.
    #[error("no acceptable encoding")]
    NotAcceptable,
    #[error("a version is required")]
    PreconditionRequired,
    #[error("the version is not in the form of one strong entity tag")]
    PreconditionMalformed,
    #[error("the body is not JSON: {detail}")]
    BadJson { detail: String },
    #[error("the body did not arrive within {seconds} seconds")]
    BodyTimeout { seconds: u64 },
    #[error("the body is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the media type is not supported")]
    UnsupportedMedia,
    /// A form with a file was expected.
    #[error("the body is not multipart/form-data")]
    NotMultipart,
    #[error("the form is broken: {detail}")]
    BadForm { detail: String },
    /// No byte of the wanted range is there.
    #[error("the range lies outside of {size} bytes")]
    RangeNotSatisfiable { size: u64 },
}

impl From<HttpError> for Error {
    fn from(error: HttpError) -> Self {
        Self::Caller(Box::new(error))
    }
}

impl HttpError {
    /// The error again that was sent through a use case.
    pub(super) fn of(error: &Error) -> Option<&Self> {
        match error {
            Error::Caller(source) => source.downcast_ref(),
            _ => None,
        }
    }

    /// The code in the table of problems.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::NotAcceptable => "not_acceptable",
            Self::PreconditionRequired => "version_required",
            Self::PreconditionMalformed => "version_malformed",
            Self::BadJson { .. } => "bad_json",
            Self::BodyTimeout { .. } => "body_timeout",
            Self::TooLarge { .. } => "too_large",
            Self::UnsupportedMedia => "unsupported_media",
            Self::NotMultipart => "not_multipart",
            Self::BadForm { .. } => "bad_form",
            Self::RangeNotSatisfiable { .. } => "range_not_satisfiable",
        }
    }

    /// What is to be done, where this request says more than its kind.
    pub(super) fn detail(&self, kind: &ProblemKind, language: Language) -> Option<String> {
        let meaning = || language.pick(&Bilingual::new(kind.meaning, kind.meaning_en));
        match self {
            Self::BadJson { detail } | Self::BadForm { detail } => Some(format!("{} ({detail})", meaning())),
            Self::BodyTimeout { seconds } => Some(language.pick(&Bilingual::new(
                format!("请求体未在 {seconds} 秒内送达，请检查网络后重发。"),
                format!("The body did not arrive within {seconds} seconds; check the network and send it again."),
            ))),
            Self::TooLarge { limit } => Some(language.pick(&Bilingual::new(
                format!("请求体最多 {limit} 字节，请缩小后重发。"),
                format!("The body may have at most {limit} bytes; send a smaller one."),
            ))),
            _ => None,
        }
    }

    /// The headers that belong to it.
    pub(super) fn say_in_headers(&self, builder: &mut HttpResponseBuilder) {
        match self {
            Self::MethodNotAllowed { allowed } => {
                builder.insert_header((header::ALLOW, allowed.as_str()));
            }
            Self::BodyTimeout { .. } => {
                // What else comes over this connection belongs to the body that was given up.
                builder.force_close();
            }
            Self::RangeNotSatisfiable { size } => {
                builder.insert_header((header::CONTENT_RANGE, format!("bytes */{size}")));
            }
            _ => {}
        }
    }
}
