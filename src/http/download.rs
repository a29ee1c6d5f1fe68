//! How a file goes out: whole or in part (RFC 9110 §14), unless the client has it already (§13), under its own name
//! (RFC 6266).

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::try_unfold;

use crate::service::dossier::Exported;

/// How much of an archive is read at once.
const PIECE_BYTES: usize = 256 * 1024;

/// What of a file a client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// It has the file already.
    Nothing,
    Whole,
    Part(Range<u64>),
    /// No byte of what it wants is there.
    Beyond,
}

/// Reads the conditions and the range of a request for a file with this entity tag (with quotes) and length in bytes.
///
/// Several ranges at once are answered with the whole file, as RFC 9110 allows: nobody asks for them but attackers.
pub fn wanted(headers: &HeaderMap, etag: &str, size: u64) -> Wanted {
    if is_known(headers, etag) {
        return Wanted::Nothing;
    }
    match text(headers, header::IF_RANGE) {
        // Strong comparison: a weak tag or a date never equals it, and then the whole file is sent.
        Some(validator) if validator.trim() != etag => Wanted::Whole,
        _ => match text(headers, header::RANGE) {
            Some(range) => part(range, size).unwrap_or(Wanted::Whole),
            None => Wanted::Whole,
        },
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Weak comparison with every tag of `If-None-Match`.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// One range of bytes; `None` for what is to be ignored.
fn part(range: &str, size: u64) -> Option<Wanted> {
    let (unit, range) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || range.contains(',') {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    let within = |range: Range<u64>| {
        if range.is_empty() {
            Wanted::Beyond
        } else {
            Wanted::Part(range)
        }
    };
    match (first, last) {
        ("", suffix) => Some(within(size.saturating_sub(digits(suffix)?)..size)),
        (first, "") => Some(within(digits(first)?..size)),
        (first, last) => {
            let (first, last) = (digits(first)?, digits(last)?);
            (first <= last).then(|| within(first..last.saturating_add(1).min(size)))
        }
    }
}

/// A number of any length: one that is too large for the type lies beyond every file.
fn digits(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// `Content-Disposition` for a download under this name: for old clients in ASCII, for all others as it is.
pub fn attachment(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')');
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem: String = stem.chars().filter(|c| plain(*c)).collect();
    let stem = if stem.trim().is_empty() {
        "document"
    } else {
        stem.trim()
    };
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        // `attr-char` of RFC 8187.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{stem}.{ending}\"; filename*=UTF-8''{encoded}")
}

/// The answer with an archive that was put together for it, read from its file while it is sent.
pub fn archive_sent(archive: Exported, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, attachment(name)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // It is compressed by itself.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(SizedStream::new(archive.bytes, pieces(archive.file)))
}

/// A file, piece by piece; each is read on a thread that may block.
fn pieces(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    try_unfold(file, |mut file| async {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE_BYTES];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            Ok::<_, io::Error>((Bytes::from(piece), file))
        });
        let (piece, file) = read.await.map_err(io::Error::other)??;
        Ok((!piece.is_empty()).then_some((piece, file)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn asked(fields: &[(HeaderName, &str)]) -> Wanted {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        wanted(&headers, "\"abc\"", 1000)
    }

    #[test]
    fn ranges_are_read_as_rfc_9110_has_them() {
        for (range, expected) in [
            ("bytes=0-499", Wanted::Part(0..500)),
            ("bytes=500-999", Wanted::Part(500..1000)),
            ("bytes=500-", Wanted::Part(500..1000)),
            ("bytes=-500", Wanted::Part(500..1000)),
            ("bytes=-5000", Wanted::Part(0..1000)),
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=999-5000", Wanted::Part(999..1000)),
            ("Bytes= 0-1", Wanted::Part(0..2)),
            ("bytes=0-99999999999999999999999", Wanted::Part(0..1000)),
            ("bytes=1000-", Wanted::Beyond),
            ("bytes=1000-2000", Wanted::Beyond),
            ("bytes=99999999999999999999999-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("0-1", Wanted::Whole),
        ] {
            assert_eq!(asked(&[(header::RANGE, range)]), expected, "{range}");
        }
    }

    #[test]
    fn conditions_come_before_the_range() {
        let range = (header::RANGE, "bytes=0-1");
        for (field, expected) in [
            ((header::IF_NONE_MATCH, "\"abc\""), Wanted::Nothing),
            ((header::IF_NONE_MATCH, "\"x\", W/\"abc\""), Wanted::Nothing),
            ((header::IF_NONE_MATCH, "*"), Wanted::Nothing),
            ((header::IF_NONE_MATCH, "\"x\""), Wanted::Part(0..2)),
            ((header::IF_RANGE, "\"abc\""), Wanted::Part(0..2)),
            ((header::IF_RANGE, "W/\"abc\""), Wanted::Whole),
            ((header::IF_RANGE, "Tue, 10 Mar 2026 01:00:00 GMT"), Wanted::Whole),
        ] {
            assert_eq!(asked(&[range.clone(), field.clone()]), expected, "{field:?}");
        }
    }

    #[test]
    fn names_are_written_for_old_and_new_clients() {
        for (name, expected) in [
            (
                "申请书.pdf",
                "attachment; filename=\"document.pdf\"; filename*=UTF-8''%E7%94%B3%E8%AF%B7%E4%B9%A6.pdf",
            ),
            (
                "plan 2.txt",
                "attachment; filename=\"plan 2.txt\"; filename*=UTF-8''plan%202.txt",
            ),
            (
                "a\"b\\c;d.zip",
                "attachment; filename=\"abcd.zip\"; filename*=UTF-8''a%22b%5Cc%3Bd.zip",
            ),
        ] {
            assert_eq!(attachment(name), expected);
        }
    }
}
