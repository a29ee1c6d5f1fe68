//! Pages for people, from files inside the program: the public tracking page. Nothing is loaded from elsewhere and no
//! script stands in the page, so that the policy can forbid both.

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, get};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::problem::OperatorProblems;

/// The page loads its own two files and asks the API of this service; nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TRACK_PAGE: &str = include_str!("../../assets/track.html");
const TRACK_SCRIPT: &str = include_str!("../../assets/track.js");
const TRACK_STYLE: &str = include_str!("../../assets/track.css");

/// The page on which anyone follows a case with number and query code.
///
/// It reads both from the fragment of its address (`/track#number=…&code=…`, as the QR code of a receipt has it) or from
/// its form, and asks `/api/v1/track`.
#[utoipa::path(
    tag = "pages", security(()),
    responses(
        (status = 200, description = "HTML", content_type = "text/html", body = String, headers(("ETag" = String))),
        (status = 304, description = "the version named in If-None-Match is the present one"), OperatorProblems
    )
)]
#[get("/track")]
pub async fn track_page(request: HttpRequest) -> HttpResponse {
    file(&request, "text/html; charset=utf-8", TRACK_PAGE)
}

/// The script of the tracking page.
#[utoipa::path(
    tag = "pages", security(()),
    responses(
        (status = 200, description = "JavaScript", content_type = "text/javascript", body = String, headers(("ETag" = String))),
        (status = 304, description = "the version named in If-None-Match is the present one"), OperatorProblems
    )
)]
#[get("/track.js")]
pub async fn track_script(request: HttpRequest) -> HttpResponse {
    file(&request, "text/javascript; charset=utf-8", TRACK_SCRIPT)
}

/// The style of the tracking page.
#[utoipa::path(
    tag = "pages", security(()),
    responses(
        (status = 200, description = "CSS", content_type = "text/css", body = String, headers(("ETag" = String))),
        (status = 304, description = "the version named in If-None-Match is the present one"), OperatorProblems
    )
)]
#[get("/track.css")]
pub async fn track_style(request: HttpRequest) -> HttpResponse {
    file(&request, "text/css; charset=utf-8", TRACK_STYLE)
}

/// A file that browsers may keep and ask about each time: after an upgrade the three never come from two versions.
fn file(request: &HttpRequest, media_type: &'static str, text: &'static str) -> HttpResponse {
    // Weak, because the same file is also sent compressed.
    let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes())));
    let known = is_known(request.headers(), &tag);
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ETAG, tag));
    if known {
        answer.finish()
    } else {
        answer.insert_header((header::CONTENT_TYPE, media_type)).body(text)
    }
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|known| known.trim() == tag)
}
