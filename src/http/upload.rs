//! A form with a file (RFC 7578): written to disk while it arrives, so that a large file costs no memory and one beyond
//! the limit is refused at once.

use std::future::Future;
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::header::{self, DispositionParam};
use actix_web::rt::time::timeout;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;

use super::problem::HttpError;
use crate::documents::{Spool, Spooled};
use crate::domain::document::Purpose;
use crate::domain::words::codes::Coded;
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::site::Site;

/// Room for what surrounds the file in a form: boundaries, headers, the other field.
const AROUND_BYTES: u64 = 64 * 1024;
/// Bytes gathered before they are written: one visit to the disk for many packets.
const PIECE_BYTES: usize = 256 * 1024;
/// Longest purpose that is read; all are shorter.
const PURPOSE_BYTES: usize = 100;
/// More than a note may have.
const NOTE_BYTES: usize = 8_000;
/// How long a whole upload may take: 50 MiB over a line of 128 kbit/s.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(3600);

/// A form that has arrived completely.
#[derive(Debug)]
pub struct UploadForm {
    pub purpose: Purpose,
    pub file: Spooled,
}

/// Reads the form of a request.
///
/// # Errors
/// `NotMultipart`, `BadForm`, `FileTooLarge`, `FileNotAccepted`; `Fields` for a field that is missing, unknown or there
/// twice; `Unavailable` when the disk takes nothing.
pub async fn upload_form(site: &Site, request: &HttpRequest, payload: web::Payload) -> Result<UploadForm, Error> {
    let (purpose, file) = read_form(site, request, payload, &PURPOSE).await?;
    let purpose = purpose_of(&purpose.unwrap_or_default())?;
    Ok(UploadForm { purpose, file })
}

/// The form of an edited draft, as it arrived.
#[derive(Debug)]
pub struct DraftForm {
    pub note: Option<String>,
    pub file: Spooled,
}

/// Reads the form of an edited draft.
///
/// # Errors
/// Those of [`upload_form`].
pub async fn draft_form(site: &Site, request: &HttpRequest, payload: web::Payload) -> Result<DraftForm, Error> {
    let (note, file) = read_form(site, request, payload, &NOTE).await?;
    Ok(DraftForm { note, file })
}

/// The field that a form has beside its file.
struct Beside {
    name: &'static str,
    required: bool,
    /// Bytes of it that are read; what is longer is wrong anyway.
    longest: usize,
    /// Whether a value can be one, looked at before the file arrives.
    check: fn(&str) -> Result<(), Error>,
}

const PURPOSE: Beside = Beside {
    name: "purpose",
    required: true,
    longest: PURPOSE_BYTES,
    check: |text| purpose_of(text).map(|_| ()),
};

const NOTE: Beside = Beside {
    name: "note",
    required: false,
    longest: NOTE_BYTES,
    check: |_| Ok(()),
};

async fn read_form(
    site: &Site,
    request: &HttpRequest,
    payload: web::Payload,
    beside: &Beside,
) -> Result<(Option<String>, Spooled), Error> {
    let limit = site.config.documents.max_file_bytes;
    if declared_length(request).is_some_and(|length| length > limit.saturating_add(AROUND_BYTES)) {
        return Err(Error::FileTooLarge { limit });
    }
    let form = Form {
        site,
        // A client that sends nothing for so long is gone.
        patience: Duration::from_secs(site.config.server.body_timeout_seconds),
    };
    let multipart = Multipart::new(request.headers(), payload);
    timeout(UPLOAD_PATIENCE, form.read(multipart, beside))
        .await
        .unwrap_or_else(|_| Err(broken("the form did not arrive in time")))
}

fn declared_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn broken(detail: impl ToString) -> Error {
    HttpError::BadForm {
        detail: detail.to_string(),
    }
    .into()
}

fn unreadable(error: MultipartError) -> Error {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => HttpError::NotMultipart.into(),
        error => broken(error),
    }
}

fn twice(name: &str) -> Error {
    Error::field(FieldError::new(
        format!("/{name}"),
        "此字段出现了两次，请只保留一个。每次上传一个文件。",
        "This field stands twice; keep one. Upload one file at a time.",
    ))
}

struct Form<'a> {
    site: &'a Site,
    patience: Duration,
}

impl Form<'_> {
    async fn read(&self, mut multipart: Multipart, beside: &Beside) -> Result<(Option<String>, Spooled), Error> {
        let (mut text, mut file) = (None, None);
        while let Some(field) = self.in_time(multipart.next()).await? {
            let field = field.map_err(unreadable)?;
            match field.name() {
                Some(name) if name == beside.name && text.is_some() => return Err(twice(name)),
                Some(name) if name == beside.name => text = Some(self.text(field, beside).await?),
                Some("file") if file.is_some() => return Err(twice("file")),
                Some("file") => file = Some(self.file(field).await?),
                other => return Err(Error::field(unknown(other.unwrap_or_default(), beside))),
            }
        }
        if text.is_none() && beside.required {
            return Err(Error::field(FieldError::missing(format!("/{}", beside.name))));
        }
        let (spool, name) = file.ok_or_else(|| Error::field(FieldError::missing("/file")))?;
        let file = self.site.block(move |_| Ok(spool.finish(&name)?)).await?;
        Ok((text, file))
    }

    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        timeout(self.patience, work)
            .await
            .map_err(|_| broken("the form stopped arriving"))
    }

    async fn text(&self, mut field: Field, beside: &Beside) -> Result<String, Error> {
        let mut text = Vec::new();
        while let Some(piece) = self.in_time(field.next()).await? {
            text.extend_from_slice(&piece.map_err(unreadable)?);
            if text.len() > beside.longest {
                break;
            }
        }
        let text = String::from_utf8_lossy(&text).trim().to_owned();
        (beside.check)(&text)?;
        Ok(text)
    }

    async fn file(&self, mut field: Field) -> Result<(Spool, String), Error> {
        let name = file_name(&field);
        let blobs = self.site.documents.clone();
        let limit = self.site.config.documents.max_file_bytes;
        let mut spool = self
            .site
            .block(move |_| blobs.spool(limit).map_err(Error::storage))
            .await?;
        let mut gathered = Vec::with_capacity(PIECE_BYTES);
        loop {
            let piece = self.in_time(field.next()).await?;
            let ended = piece.is_none();
            if let Some(piece) = piece {
                gathered.extend_from_slice(&piece.map_err(unreadable)?);
            }
            if ended || gathered.len() >= PIECE_BYTES {
                let written = self.site.block(move |_| {
                    spool.write(&gathered)?;
                    gathered.clear();
                    Ok((spool, gathered))
                });
                (spool, gathered) = written.await?;
            }
            if ended {
                return Ok((spool, name));
            }
        }
    }
}

fn purpose_of(code: &str) -> Result<Purpose, Error> {
    Purpose::from_code(code).ok_or_else(|| {
        let codes: Vec<_> = Purpose::ALL.iter().map(|purpose| purpose.code()).collect();
        let codes = codes.join(", ");
        Error::field(FieldError::new(
            "/purpose",
            format!("用途应当是以下之一：{codes}。"),
            format!("The purpose is one of {codes}."),
        ))
    })
}

fn unknown(name: &str, beside: &Beside) -> FieldError {
    let name: String = name.chars().take(PURPOSE_BYTES).collect();
    let other = beside.name;
    FieldError::new(
        format!("/{name}"),
        format!("表单只有文件（file）和 {other} 两个字段，请删除其他字段。"),
        format!("The form has the fields `file` and `{other}`; remove all others."),
    )
}

/// The name sent with the file; the one with an encoding of its own (RFC 5987) is the better one.
fn file_name(field: &Field) -> String {
    let Some(disposition) = field.content_disposition() else {
        return String::new();
    };
    let extended = disposition.parameters.iter().find_map(|parameter| match parameter {
        DispositionParam::FilenameExt(name) => String::from_utf8(name.value.clone()).ok(),
        _ => None,
    });
    extended.unwrap_or_else(|| disposition.get_filename().unwrap_or_default().to_owned())
}
