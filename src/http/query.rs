//! Query parameters: an unknown, repeated or malformed one is 422 with the pointer `?name`.

use std::collections::HashSet;
use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::domain::words::json::{check_date, field_error};
use crate::domain::words::text::{FieldError, without_marks};
use crate::error::Error;

/// Longest value of a parameter, in characters; databases refuse to search for texts without end.
const VALUE_MAX: usize = 2000;

/// The query as `T`, whose struct denies unknown fields. Judged before the handler runs; where something has to be
/// checked first, take [`RawQuery`].
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

/// The query, judged only when asked.
#[derive(Debug, Clone)]
pub struct RawQuery(String);

impl RawQuery {
    /// The query as `T`.
    ///
    /// # Errors
    /// `Fields` with the pointer `?name`.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.0)
    }
}

impl FromRequest for RawQuery {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.query_string().to_owned())))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|_| {
        Error::field(FieldError::new(
            "?",
            "查询参数的编码不对，请按 UTF-8 进行百分号编码。",
            "The query is not percent-encoded UTF-8.",
        ))
    })?;
    let mut seen = HashSet::new();
    for (name, value) in &pairs {
        if value.contains('\0') || name.contains('\0') {
            return Err(Error::field(FieldError::new(
                format!("?{}", name.replace('\0', "")),
                "此参数含有空字符（U+0000），请删除。",
                "Contains the null character (U+0000); remove it.",
            )));
        }
        if value.chars().count() > VALUE_MAX {
            return Err(Error::field(FieldError::new(
                format!("?{name}"),
                format!("此参数最多 {VALUE_MAX} 个字符，请缩短。"),
                format!("This parameter may have at most {VALUE_MAX} characters; shorten it."),
            )));
        }
        if !seen.insert(name) {
            return Err(Error::field(FieldError::new(
                format!("?{name}"),
                "此参数出现了两次，请只保留一个。",
                "This parameter stands twice; keep one.",
            )));
        }
    }
    let pairs = pairs.into_iter().map(|(name, value)| (name, without_marks(value)));
    // `?due_before=` means the same as leaving it out, as a form sends it.
    let given: Vec<(String, String)> = pairs.filter(|(_, value)| !value.is_empty()).collect();
    for (name, value) in &given {
        check_date(name, value, || format!("?{name}")).map_err(Error::field)?;
    }
    let cleaned = serde_urlencoded::to_string(&given).map_err(Error::internal)?;
    let pairs = serde_urlencoded::Deserializer::new(form_pairs(&cleaned));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().iter().find_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            _ => None,
        });
        let pointer = name.map(|name| format!("/{name}")).unwrap_or_default();
        let mut field = field_error(pointer, &error.inner().to_string());
        field.pointer = format!("?{}", field.pointer.trim_start_matches('/'));
        Error::field(field)
    })
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Filter {
        limit: Option<u32>,
        due_before: Option<NaiveDate>,
        q: String,
    }

    #[test]
    fn the_pointer_names_the_parameter() {
        for (query, expected) in [
            ("q=a&limit=x", "?limit"),
            ("q=a&due_before=2026-02-30", "?due_before"),
            ("q=a&nope=1", "?nope"),
            ("limit=1", "?q"),
            ("q=a&q=b", "?q"),
            ("q=%00", "?q"),
        ] {
            match parse::<Filter>(query) {
                Err(Error::Fields(errors)) => assert_eq!(errors[0].pointer, expected, "{query}"),
                other => panic!("{query}: {other:?}"),
            }
        }
        let filter: Filter = parse("q=%E4%B8%AD&limit=5&due_before=").unwrap();
        assert_eq!(
            (filter.q.as_str(), filter.limit, filter.due_before),
            ("中", Some(5), None)
        );
    }
}
