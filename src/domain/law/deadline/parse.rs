//! Facts from JSON. Every wrong field has its own pointer, which a derived deserializer cannot give.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::fact::{ConsultationKind, Fact};
use crate::domain::words::json::parse_date;
use crate::domain::words::text::{FieldError, check_text, none_wrong};

/// More facts than any case has; keeps one request cheap.
pub const MAX_FACTS: usize = 1000;

/// Longest id of a consultation, in characters.
const MAX_ID: usize = 100;

/// What stands in a field of a fact.
#[derive(Clone, Copy)]
enum Holds {
    Day,
    DayOrNothing,
    Id,
    Kind,
    WorkingDays,
}

/// The fields each fact takes beside `fact` and `on`.
const SHAPES: [(&str, &[(&str, Holds)]); 12] = [
    (
        "amendment_requested",
        &[
            ("respond_by", Holds::DayOrNothing),
            ("delivered_on", Holds::DayOrNothing),
        ],
    ),
    ("amendment_received", &[]),
    ("fee_notified", &[("delivered_on", Holds::DayOrNothing)]),
    ("fee_paid", &[]),
    ("consultation_sent", &[("id", Holds::Id), ("kind", Holds::Kind)]),
    ("consultation_delivered", &[("id", Holds::Id)]),
    ("opinion_received", &[("id", Holds::Id)]),
    ("consultation_ended", &[("id", Holds::Id)]),
    ("extended", &[("working_days", Holds::WorkingDays)]),
    ("delay_set", &[("until", Holds::Day)]),
    ("replied", &[]),
    ("reply_ordered", &[("until", Holds::DayOrNothing)]),
];

/// Reads a JSON array of facts; `base` is the pointer of the array, such as `/facts`.
///
/// # Errors
/// An unknown fact, kind or field, a field that this fact does not take, a missing one, a wrong type: one error each.
pub fn parse_facts(value: &Value, base: &str) -> Result<Vec<Fact>, Vec<FieldError>> {
    let Value::Array(items) = value else {
        return Err(vec![FieldError::new(
            base,
            "此项须为事实列表（数组）。",
            "This must be an array of facts.",
        )]);
    };
    if items.len() > MAX_FACTS {
        return Err(vec![FieldError::new(
            base,
            format!("一次最多提交 {MAX_FACTS} 项事实。"),
            format!("At most {MAX_FACTS} facts at a time."),
        )]);
    }
    let mut errors = Vec::new();
    let mut facts = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        facts.extend(parse_fact(item, format!("{base}/{i}"), &mut errors));
    }
    none_wrong(errors).map(|()| facts)
}

fn parse_fact(item: &Value, pointer: String, errors: &mut Vec<FieldError>) -> Option<Fact> {
    let Value::Object(fields) = item else {
        errors.push(FieldError::new(
            pointer,
            "每项事实须为一个对象。",
            "Each fact must be an object.",
        ));
        return None;
    };
    let mut reader = Reader {
        fields,
        pointer,
        errors,
    };
    let code = reader.text("fact")?;
    let Some((_, takes)) = SHAPES.iter().find(|(name, _)| *name == code) else {
        reader.refuse(
            "fact",
            "没有这种事实；可用：amendment_requested、amendment_received、fee_notified、fee_paid、consultation_sent、\
             consultation_delivered、opinion_received、consultation_ended、extended、delay_set、replied、reply_ordered。",
            "Unknown fact; see the list in the API description.",
        );
        return None;
    };
    reader.refuse_undue(takes);
    reader.check("on", Holds::Day);
    for (field, holds) in *takes {
        reader.check(field, *holds);
    }
    let fact = serde_json::from_value(item.clone()).ok();
    if fact.is_none() && reader.errors.is_empty() {
        // No fact may get lost, should the shapes above and the type ever differ.
        reader.refuse(
            "fact",
            "此项事实无法读取，请核对。",
            "This fact cannot be read; check it.",
        );
    }
    fact
}

/// One fact being read; what is wrong is reported as it is found.
struct Reader<'a> {
    fields: &'a Map<String, Value>,
    pointer: String,
    errors: &'a mut Vec<FieldError>,
}

impl<'a> Reader<'a> {
    fn refuse(&mut self, field: &str, zh: &'static str, en: &'static str) {
        // RFC 6901: a name from outside may hold the two characters with a meaning in pointers.
        let name = field.replace('~', "~0").replace('/', "~1");
        self.errors
            .push(FieldError::new(format!("{}/{name}", self.pointer), zh, en));
    }

    fn refuse_undue(&mut self, takes: &[(&str, Holds)]) {
        let has = |takes: &[(&str, Holds)], name: &str| takes.iter().any(|(field, _)| *field == name);
        let fields = self.fields;
        for name in fields.keys().map(String::as_str) {
            if matches!(name, "fact" | "on") || has(takes, name) {
                continue;
            }
            if SHAPES.iter().any(|(_, takes)| has(takes, name)) {
                self.refuse(
                    name,
                    "这种事实没有此项，请删除。",
                    "This kind of fact does not take this field; remove it.",
                );
            } else {
                self.refuse(name, "未知的字段，请删除。", "Unknown field; remove it.");
            }
        }
    }

    /// The value, where absent and `null` are the same.
    fn value(&self, field: &str) -> Option<&'a Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    fn required(&mut self, field: &str) -> Option<&'a Value> {
        let value = self.value(field);
        if value.is_none() {
            self.errors
                .push(FieldError::missing(format!("{}/{field}", self.pointer)));
        }
        value
    }

    fn text(&mut self, field: &str) -> Option<&'a str> {
        let text = self.required(field)?.as_str();
        if text.is_none() {
            self.refuse(field, "此项须为文字。", "This must be a text.");
        }
        text
    }

    fn check(&mut self, field: &str, holds: Holds) {
        let Some(value) = (match holds {
            Holds::DayOrNothing => self.value(field),
            _ => self.required(field),
        }) else {
            return;
        };
        match holds {
            Holds::Day | Holds::DayOrNothing if value.as_str().and_then(parse_date).is_none() => self.refuse(
                field,
                "须为真实存在的日期，格式为 年-月-日，例如 2026-03-05。",
                "Must be a real date written YYYY-MM-DD, such as 2026-03-05.",
            ),
            Holds::Id => {
                if let Some(id) = self.text(field) {
                    check_text(&format!("{}/{field}", self.pointer), id, MAX_ID, self.errors);
                }
            }
            Holds::Kind => match self.text(field) {
                Some(_) if ConsultationKind::deserialize(value).is_err() => self.refuse(
                    field,
                    "须为 third_party（第三方）或 agency（其他机关）。",
                    "Must be third_party or agency.",
                ),
                _ => {}
            },
            Holds::WorkingDays if value.as_u64().and_then(|n| u32::try_from(n).ok()).is_none() => self.refuse(
                field,
                "须为工作日数（正整数）。",
                "Must be a whole number of working days.",
            ),
            _ => {}
        }
    }
}
