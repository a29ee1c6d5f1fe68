//! Request bodies. 400 only when the body is not JSON; whatever is JSON but not what was asked for is 422 with a
//! pointer to the place.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::rt::time::timeout;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::problem::HttpError;
use crate::domain::words::json::{parse, push};
use crate::domain::words::text::{FieldError, none_wrong, without_marks};
use crate::error::Error;
use crate::site::Site;

/// Impossible places reported at once: whoever sends more has a program to correct, not fields.
const PLACES_MAX: usize = 20;
/// Longest part of a pointer that is repeated to the sender, in characters.
const SEGMENT_MAX: usize = 100;

/// The raw body: read at once, judged only when the handler asks, so that 404, 412 and 403 can come first.
#[derive(Debug, Clone)]
pub struct Body {
    bytes: Bytes,
    is_json: bool,
}

impl Body {
    /// The body as a JSON value without duplicate keys.
    ///
    /// # Errors
    /// `UnsupportedMedia`, `BadJson`, or `Fields` for a key that stands twice or a text with U+0000.
    pub fn value(&self) -> Result<Value, Error> {
        if !self.is_json {
            return Err(HttpError::UnsupportedMedia.into());
        }
        strict_value(&self.bytes)
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// As [`Body::value`]; `Fields` when it is not a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.value()?, "").map_err(Error::field)
    }

    /// SHA-256 of the body without some of its fields, in hexadecimal: a fast hash that is kept must not be one of a
    /// password.
    ///
    /// # Errors
    /// As [`Body::value`].
    pub fn sha256_without(&self, fields: &[&str]) -> Result<String, Error> {
        let mut value = self.value()?;
        if let Some(object) = value.as_object_mut() {
            object.retain(|name, _| !fields.contains(&name.as_str()));
        }
        Ok(hex::encode(Sha256::digest(value.to_string().as_bytes())))
    }

    /// SHA-256 of the bytes as sent, in hexadecimal.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }
}

impl FromRequest for Body {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // A compressed body would be unpacked before its size is known.
        let plain = !request.headers().contains_key(header::CONTENT_ENCODING);
        let is_json = request.content_type().eq_ignore_ascii_case("application/json") && plain;
        let (limit, patience) = request
            .app_data::<web::Data<Site>>()
            .map(|state| &state.config.server)
            .map_or((0, 0), |server| (server.max_body_bytes, server.body_timeout_seconds));
        let bytes = plain.then(|| Bytes::from_request(request, payload));
        Box::pin(async move {
            let Some(bytes) = bytes else {
                return Ok(Self {
                    bytes: Bytes::new(),
                    is_json,
                });
            };
            match timeout(Duration::from_secs(patience), bytes).await {
                Ok(Ok(bytes)) => Ok(Self { bytes, is_json }),
                Ok(Err(error)) => Err(match error.as_error::<PayloadError>() {
                    Some(PayloadError::Overflow) => HttpError::TooLarge { limit }.into(),
                    _ => HttpError::BadJson {
                        detail: "the body broke off or its encoding is wrong".to_owned(),
                    }
                    .into(),
                }),
                Err(_) => Err(HttpError::BodyTimeout { seconds: patience }.into()),
            }
        })
    }
}

/// A body that is judged before the handler runs, for endpoints where nothing has to be checked first.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Body::from_request(request, payload);
        Box::pin(async move { body.await?.json().map(Self) })
    }
}

/// Reads JSON and refuses what serde_json would let pass: a key that stands twice, whose meaning differs between
/// programs, and U+0000, which PostgreSQL cannot store. Marks of direction are left out of every text.
fn strict_value(bytes: &[u8]) -> Result<Value, Error> {
    let bad = |error: serde_json::Error| HttpError::BadJson {
        detail: error.to_string(),
    };
    let found = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict {
        place: &Place {
            above: None,
            segment: Segment::Root,
        },
        found: &found,
    }
    .deserialize(&mut deserializer)
    .map_err(bad)?;
    deserializer.end().map_err(bad)?;
    none_wrong::<Error>(found.into_inner())?;
    Ok(value)
}

/// Where the reader is. The pointer is only written out for a place that is wrong: names may be as long as the body.
struct Place<'a> {
    above: Option<&'a Place<'a>>,
    segment: Segment<'a>,
}

enum Segment<'a> {
    Root,
    Index(usize),
    Key(&'a str),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        let mut pointer = self.above.map(Place::pointer).unwrap_or_default();
        match self.segment {
            Segment::Root => {}
            Segment::Index(index) => push(&mut pointer, &index.to_string()),
            Segment::Key(key) => push(&mut pointer, &key.chars().take(SEGMENT_MAX).collect::<String>()),
        }
        pointer
    }
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    place: &'a Place<'a>,
    found: &'a RefCell<Vec<FieldError>>,
}

impl Strict<'_> {
    fn report(&self, zh: &'static str, en: &'static str) {
        let mut found = self.found.borrow_mut();
        if found.len() < PLACES_MAX {
            found.push(FieldError::new(self.place.pointer(), zh, en));
        }
    }

    /// A text as it is kept; a password stays as it was typed, whatever it holds.
    fn text(self, text: String) -> Value {
        self.check_text(&text);
        match self.place.segment {
            Segment::Key(name) if name.ends_with("password") => Value::String(text),
            _ => Value::String(without_marks(text)),
        }
    }

    fn check_text(&self, text: &str) {
        if text.contains('\0') {
            self.report(
                "此项含有空字符（U+0000），请删除后重新提交。",
                "Contains the null character (U+0000); remove it and send again.",
            );
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(self.text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(self.text(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let place = Place {
                above: Some(self.place),
                segment: Segment::Index(items.len()),
            };
            let below = Strict { place: &place, ..self };
            match access.next_element_seed(below)? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let place = Place {
                above: Some(self.place),
                segment: Segment::Key(&key),
            };
            let below = Strict { place: &place, ..self };
            below.check_text(&key);
            if object.contains_key(&key) {
                below.report("此字段出现了两次，请只保留一个。", "This field stands twice; keep one.");
            }
            let value = access.next_value_seed(below)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        name: String,
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        on: NaiveDate,
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        A,
    }

    fn pointer(text: &str) -> String {
        match strict_value(text.as_bytes()).and_then(|v| parse::<Outer>(&v, "/base").map_err(Error::field)) {
            Err(Error::Fields(errors)) => errors[0].pointer.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_pointer_names_the_place() {
        for (body, expected) in [
            (r#"{"inner":[]}"#, "/base/name"),
            (r#"{"name":1,"inner":[]}"#, "/base/name"),
            (r#"{"name":"a","inner":[],"a/b~c":1}"#, "/base/a~1b~0c"),
            (r#"{"name":"a","inner":[{"on":"2026-02-30"}]}"#, "/base/inner/0/on"),
            (r#"{"name":"a","inner":[{"on":"2026-02-28"},{}]}"#, "/base/inner/1/on"),
            (
                r#"{"name":"a","inner":[{"on":"2026-02-28","kind":"b"}]}"#,
                "/base/inner/0/kind",
            ),
            (
                r#"{"name":"a","inner":[{"on":"2026-02-28","x":"b"}]}"#,
                "/base/inner/0/x",
            ),
            (r#"{"name":"a","inner":[{"on":1,"on":2}]}"#, "/inner/0/on"),
            (r#"{"name":"a\u0000"}"#, "/name"),
            ("[]", "/base"),
        ] {
            assert_eq!(pointer(body), expected, "{body}");
        }
        for body in ["", "{", "{} {}", "nul", "{\"a\":\"\\ud800\"}"] {
            assert!(
                matches!(strict_value(body.as_bytes()), Err(Error::Caller(error)) if error.to_string().starts_with("the body is not JSON")),
                "{body}"
            );
        }
    }

    #[test]
    fn long_names_and_many_mistakes_cost_little() {
        let long = "k".repeat(400_000);
        let began = std::time::Instant::now();
        let body = format!(r#"{{"{long}":[{}1]}}"#, "1,".repeat(100_000));
        strict_value(body.as_bytes()).unwrap();
        let body = format!(r#"{{"{long}":{{{}"a":1}}}}"#, r#""a":1,"#.repeat(20_000));
        let Err(Error::Fields(errors)) = strict_value(body.as_bytes()) else {
            panic!("a name that stands twice was taken");
        };
        assert!(began.elapsed().as_secs() < 3, "{:?}", began.elapsed());
        assert_eq!(errors.len(), PLACES_MAX);
        assert_eq!(errors[0].pointer, format!("/{}/a", &long[..SEGMENT_MAX]));
    }
}
