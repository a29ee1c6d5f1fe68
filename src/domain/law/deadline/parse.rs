//! Facts from JSON. Every wrong field has its own pointer, which a derived deserializer cannot give.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::fact::{ConsultationKind, Fact};
use crate::domain::words::json::parse_date;
use crate::domain::words::text::{FieldError, check_text};

/// More facts than any case has; keeps one request cheap.
pub const MAX_FACTS: usize = 1000;

/// Longest id of a consultation, in characters.
const MAX_ID: usize = 100;

/// The fields each fact takes beside `fact` and `on`.
const SHAPES: [(&str, &[&str]); 12] = [
    ("amendment_requested", &["respond_by"]),
    ("amendment_received", &[]),
    ("fee_notified", &["delivered_on"]),
    ("fee_paid", &[]),
    ("consultation_sent", &["id", "kind"]),
    ("consultation_delivered", &["id"]),
    ("opinion_received", &["id"]),
    ("consultation_ended", &["id"]),
    ("extended", &["working_days"]),
    ("delay_set", &["until"]),
    ("replied", &[]),
    ("reply_ordered", &["until"]),
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
    if errors.is_empty() { Ok(facts) } else { Err(errors) }
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
    let on = reader.required_date("on");
    match code {
        "amendment_requested" => {
            let respond_by = reader.date("respond_by")?;
            Some(Fact::AmendmentRequested { on: on?, respond_by })
        }
        "amendment_received" => Some(Fact::AmendmentReceived { on: on? }),
        "fee_notified" => {
            let delivered_on = reader.date("delivered_on")?;
            Some(Fact::FeeNotified { on: on?, delivered_on })
        }
        "fee_paid" => Some(Fact::FeePaid { on: on? }),
        "consultation_sent" => {
            let (id, kind) = (reader.id(), reader.kind());
            Some(Fact::ConsultationSent {
                id: id?,
                kind: kind?,
                on: on?,
            })
        }
        "consultation_delivered" => Some(Fact::ConsultationDelivered {
            id: reader.id()?,
            on: on?,
        }),
        "opinion_received" => Some(Fact::OpinionReceived {
            id: reader.id()?,
            on: on?,
        }),
        "consultation_ended" => Some(Fact::ConsultationEnded {
            id: reader.id()?,
            on: on?,
        }),
        "extended" => Some(Fact::Extended {
            working_days: reader.working_days()?,
            on: on?,
        }),
        "delay_set" => Some(Fact::DelaySet {
            until: reader.required_date("until")?,
            on: on?,
        }),
        "replied" => Some(Fact::Replied { on: on? }),
        _ => {
            let until = reader.date("until")?;
            Some(Fact::ReplyOrdered { on: on?, until })
        }
    }
}

/// One fact being read. A method that gives `None` has reported why.
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

    fn refuse_undue(&mut self, takes: &[&str]) {
        let fields = self.fields;
        for name in fields.keys().map(String::as_str) {
            if matches!(name, "fact" | "on") || takes.contains(&name) {
                continue;
            }
            if SHAPES.iter().any(|(_, takes)| takes.contains(&name)) {
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

    fn id(&mut self) -> Option<String> {
        let id = self.text("id")?;
        let before = self.errors.len();
        check_text(&format!("{}/id", self.pointer), id, MAX_ID, self.errors);
        (self.errors.len() == before).then(|| id.to_owned())
    }

    fn kind(&mut self) -> Option<ConsultationKind> {
        match self.text("kind")? {
            "third_party" => Some(ConsultationKind::ThirdParty),
            "agency" => Some(ConsultationKind::Agency),
            _ => {
                self.refuse(
                    "kind",
                    "须为 third_party（第三方）或 agency（其他机关）。",
                    "Must be third_party or agency.",
                );
                None
            }
        }
    }

    fn working_days(&mut self) -> Option<u32> {
        let days = self
            .required("working_days")?
            .as_u64()
            .and_then(|n| u32::try_from(n).ok());
        if days.is_none() {
            self.refuse(
                "working_days",
                "须为工作日数（正整数）。",
                "Must be a whole number of working days.",
            );
        }
        days
    }

    fn required_date(&mut self, field: &str) -> Option<NaiveDate> {
        self.required(field)?;
        self.date(field)?
    }

    /// `None` when the field holds something that is not a date.
    fn date(&mut self, field: &str) -> Option<Option<NaiveDate>> {
        let Some(value) = self.value(field) else {
            return Some(None);
        };
        let date = value.as_str().and_then(parse_date);
        if date.is_none() {
            self.refuse(
                field,
                "须为真实存在的日期，格式为 年-月-日，例如 2026-03-05。",
                "Must be a real date written YYYY-MM-DD, such as 2026-03-05.",
            );
        }
        date.map(Some)
    }
}
