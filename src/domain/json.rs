//! From a JSON value to a typed one, with the pointer of the field that does not fit.

use super::text::FieldError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads `value` as `T`; the error points at the field under `base` (a JSON pointer, empty for the whole body).
///
/// # Errors
/// One field error: unknown field, missing field, wrong type or malformed date.
pub fn parse<T: DeserializeOwned>(value: &Value, base: &str) -> Result<T, FieldError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = String::from(base);
        for segment in error.path() {
            use serde_path_to_error::Segment;
            match segment {
                Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
                Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        field_error(pointer, &error.into_inner().to_string())
    })
}

/// Escapes one segment of a JSON pointer (RFC 6901).
pub fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

fn field_error(pointer: String, message: &str) -> FieldError {
    let quoted = |prefix: &str| {
        message
            .strip_prefix(prefix)
            .and_then(|rest| rest.split('`').next())
            .map(str::to_owned)
    };
    if let Some(name) = quoted("missing field `") {
        return FieldError::missing(format!("{pointer}/{}", escape(&name)));
    }
    if let Some(name) = quoted("unknown field `") {
        let own = format!("/{}", escape(&name));
        let pointer = if pointer.ends_with(&own) {
            pointer
        } else {
            pointer + &own
        };
        return FieldError::new(
            pointer,
            format!("没有名为“{name}”的字段，请核对字段名后删除或改正。"),
            format!("There is no field `{name}`; correct its name or leave it out."),
        );
    }
    if let Some(name) = quoted("unknown variant `") {
        let allowed = message.split_once("expected ").map_or("", |(_, list)| list);
        return FieldError::new(
            pointer,
            format!("“{name}”不是可用的值，可用的值：{allowed}。"),
            format!("`{name}` is not one of the allowed values: {allowed}."),
        );
    }
    FieldError::new(
        pointer,
        format!("格式或类型不对（{message}）。日期写作 2026-03-09，且必须是真实存在的日期。"),
        format!("Wrong type or format: {message}. Dates are written 2026-03-09 and must exist."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        on: chrono::NaiveDate,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        list: Vec<Inner>,
    }

    #[test]
    fn every_error_points_at_its_field() {
        for (value, pointer) in [
            (json!({"list": [{"on": "2026-02-30"}]}), "/b/list/0/on"),
            (json!({"list": [{}]}), "/b/list/0/on"),
            (json!({"list": [{"on": "2026-02-01", "x/y": 1}]}), "/b/list/0/x~1y"),
            (json!({}), "/b/list"),
            (json!({"list": 3}), "/b/list"),
        ] {
            assert_eq!(parse::<Outer>(&value, "/b").unwrap_err().pointer, pointer, "{value}");
        }
    }
}
