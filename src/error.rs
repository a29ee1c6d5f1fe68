//! What a use case can answer other than success. It knows nothing of HTTP: `http::problem` maps each variant
//! to a status, so that the same use case can be called from jobs and from the command line.

use std::io::ErrorKind;
use std::time::Duration;

use crate::domain::law::refusal::Refusal;
use crate::domain::words::text::{Bilingual, FieldError};
use crate::store::StoreError;

/// A source that is logged, never shown.
pub type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// The ways in which a use case does not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not signed in")]
    Unauthenticated,
    /// Username and password do not belong together, or the account takes no login; never says which.
    #[error("wrong username or password")]
    BadCredentials,
    #[error("forbidden: {}", detail.en)]
    Forbidden { detail: Bilingual },
    /// Not there, or its existence is confidential to this person.
    #[error("not found")]
    NotFound,
    /// The version the person saw is no longer the current one.
    #[error("stale version; the current one is {current_version}")]
    Stale { current_version: i64 },
    #[error("{} fields are impossible", .0.len())]
    Fields(Vec<FieldError>),
    #[error("refused: {}", .0.code)]
    Refused(Box<Refusal>),
    /// A conflict outside the workflow, such as a name that is taken; `code` stands in the table of problems.
    #[error("conflict: {code}")]
    Conflict { code: &'static str, detail: Bilingual },
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    #[error("the file is larger than {limit} bytes")]
    FileTooLarge { limit: u64 },
    /// The content is none of the accepted kinds of file.
    #[error("the file is of no accepted kind")]
    FileNotAccepted,
    /// Too much was uploaded that no case holds yet.
    #[error("more than {quota} bytes of documents without a case")]
    QuotaExceeded { quota: u64 },
    /// A paper that no font of this installation can print; the characters, where it is about some only.
    #[error("no font can print the paper")]
    NoGlyphs { characters: Vec<String> },
    #[error("too many requests")]
    TooManyRequests { retry_after: Duration },
    /// What the caller found wrong itself in the middle of a use case, such as a precondition of its protocol. It passes
    /// through unchanged; only the caller knows it again.
    #[error("{0}")]
    Caller(Source),
    #[error("temporarily unavailable")]
    Unavailable(#[source] Source),
    /// Nothing can be written until somebody makes room.
    #[error("no room on the disk")]
    StorageFull(#[source] Source),
    #[error("internal error")]
    Internal(#[source] Source),
}

impl Error {
    /// An internal error from any source.
    pub fn internal(source: impl Into<Source>) -> Self {
        Self::Internal(source.into())
    }

    /// A failure of files or of the store of contents: all of them pass, a full disk when somebody makes room.
    pub fn storage(source: impl Into<Source>) -> Self {
        let source = source.into();
        let mut link: Option<&(dyn std::error::Error + 'static)> = Some(source.as_ref());
        while let Some(current) = link {
            let io = current.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            if matches!(io, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded)) {
                return Self::StorageFull(source);
            }
            link = current.source();
        }
        Self::Unavailable(source)
    }

    /// One impossible field.
    pub fn field(error: FieldError) -> Self {
        Self::Fields(vec![error])
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Fields(errors)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Unavailable(_) | StoreError::Exhausted(_) | StoreError::Contended(_) => {
                Self::Unavailable(Box::new(error))
            }
            StoreError::Full(_) => Self::StorageFull(Box::new(error)),
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<FieldError> for Error {
    fn from(error: FieldError) -> Self {
        Self::field(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
