//! From a JSON value to a typed one, with the pointer of the field that does not fit.

use crate::domain::words::text::{Bilingual, FieldError};
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// Reads a value as `T`; the pointers of the errors begin with `base`, such as `""` or `/facts/3`.
///
/// # Errors
/// The first place where the value is not a `T`.
pub fn parse<T: DeserializeOwned>(value: &Value, base: &str) -> Result<T, FieldError> {
    check_dates(value, base)?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = base.to_owned();
        for segment in error.path() {
            match segment {
                Segment::Seq { index } => push(&mut pointer, &index.to_string()),
                Segment::Map { key } => push(&mut pointer, key),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        field_error(pointer, &error.inner().to_string())
    })
}

/// Whether a field of this name holds a civil date; the naming rule of the API.
pub fn is_date_field(name: &str) -> bool {
    matches!(
        name,
        "on" | "until" | "as_of" | "respond_by" | "reply_by" | "due_before" | "received_from" | "received_to"
    ) || name.ends_with("_on")
}

/// A date written exactly `YYYY-MM-DD`: chrono alone also takes `2026-3-5` and signs.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(i, byte)| match i {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shaped {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// The error for a field that is not [`parse_date`]'s.
pub fn check_date(name: &str, text: &str, pointer: impl FnOnce() -> String) -> Result<(), FieldError> {
    if is_date_field(name) && parse_date(text).is_none() {
        return Err(FieldError::new(
            pointer(),
            "日期写作 2026-03-10（年四位、月日各两位），且必须是真实存在的日期，请改正。",
            "Dates are written 2026-03-10 and must exist.",
        ));
    }
    Ok(())
}

fn check_dates(value: &Value, base: &str) -> Result<(), FieldError> {
    let below = |segment: &str| {
        let mut pointer = base.to_owned();
        push(&mut pointer, segment);
        pointer
    };
    match value {
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| match value {
            Value::String(text) => check_date(name, text, || below(name)),
            Value::Object(_) | Value::Array(_) => check_dates(value, &below(name)),
            _ => Ok(()),
        }),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| match item {
            Value::Object(_) | Value::Array(_) => check_dates(item, &below(&index.to_string())),
            _ => Ok(()),
        }),
        _ => Ok(()),
    }
}

/// The error for a serde message at a pointer: a missing or unknown field is named in the pointer.
pub fn field_error(mut pointer: String, message: &str) -> FieldError {
    if let Some(name) = quoted_after(message, "missing field ") {
        push(&mut pointer, name);
        return FieldError::missing(pointer);
    }
    if let Some(name) = quoted_after(message, "unknown field ") {
        let escaped = escape(name);
        if pointer.rsplit('/').next() != Some(escaped.as_str()) {
            push(&mut pointer, name);
        }
        let known = expected(message);
        return FieldError {
            pointer,
            detail: Bilingual::new(
                format!(
                    "没有字段“{name}”，请删除或改正{}。",
                    listed("；可用字段：", &known, "、")
                ),
                format!(
                    "There is no field `{name}`; remove or correct it{}.",
                    listed("; known fields: ", &known, ", ")
                ),
            ),
        };
    }
    if let Some(name) = quoted_after(message, "unknown variant ") {
        let known = expected(message);
        return FieldError {
            pointer,
            detail: Bilingual::new(
                format!("“{name}”不在可选值之内{}。", listed("；可选：", &known, "、")),
                format!(
                    "`{name}` is not one of the possible values{}.",
                    listed(": ", &known, ", ")
                ),
            ),
        };
    }
    if let Some(rest) = message.strip_prefix("invalid type: ") {
        return FieldError::new(
            pointer,
            format!("此项的类型不对（{rest}），请按接口文档改正。"),
            format!("Wrong type: {rest}."),
        );
    }
    FieldError::new(
        pointer,
        format!("此项的值无效（{message}）。日期写作 2026-03-10，时间写作 2026-03-10T01:00:00Z，请改正。"),
        format!("Invalid value: {message}. Dates read 2026-03-10, instants 2026-03-10T01:00:00Z."),
    )
}

fn quoted_after<'a>(message: &'a str, prefix: &str) -> Option<&'a str> {
    message.strip_prefix(prefix)?.strip_prefix('`')?.split('`').next()
}

/// The names that serde lists after "expected".
fn expected(message: &str) -> Vec<&str> {
    message
        .split_once(", expected ")
        .map(|(_, names)| names.split('`').skip(1).step_by(2).collect())
        .unwrap_or_default()
}

fn listed(before: &str, names: &[&str], between: &str) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!("{before}{}", names.join(between))
    }
}

/// Appends one segment to a JSON pointer (RFC 6901).
pub fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&escape(segment));
}

fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}
