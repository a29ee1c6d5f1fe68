//! Commands and events as outside code meets them, made from the lists of the catalogue: each call goes to the topic that
//! holds its law.

use super::catalog::{Action, for_each_action, for_each_event};
use super::check::{Check, FurtherDates};
use super::context::Who;
use super::state::CaseData;
use super::step::{Deciding, Entry, Side, Since, Step, Told};
use super::submission::Submission;
use super::{
    amendment, approval, assignment, attached, cancellation, changes, consultation, correction, delivery, draft,
    editing, ending, extension, fee_notice, force_majeure, identity, intake, notice, ownership, papers, parts, reasons,
    remedy, review, revocation, spot, voiding,
};
use crate::domain::document::{Mention, NAMED_MAX, mentioned_in, too_many};
use crate::domain::instrument::catalog::issues_letters;
use crate::domain::instrument::issued::{Making, Order};
use crate::domain::law::Law;
use crate::domain::law::refusal::Rejection;
use crate::domain::words::json;
use crate::domain::words::text::{FieldError, none_wrong};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

macro_rules! commands {
    ($($name:ident $code:tt in $topic:ident, $zh:tt, $en:tt;)*) => {
        /// One command on an existing case: the action with its fields.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command { $($name($topic::$name)),* }

        $(impl From<$topic::$name> for Command {
            fn from(step: $topic::$name) -> Self {
                Self::$name(step)
            }
        })*

        impl Command {
            pub fn action(&self) -> Action {
                match self { $(Self::$name(_) => Action::$name),* }
            }

            fn parse_fields(action: Action, value: &Value) -> Result<Self, FieldError> {
                match action {
                    Action::Submit => Err(FieldError::new(
                        "/action",
                        "提交申请请使用 POST /api/v1/requests（在线）或 POST /api/v1/cases（窗口登记）。",
                        "Submit through POST /api/v1/requests (online) or POST /api/v1/cases (at the counter).",
                    )),
                    $(Action::$name => read::<$topic::$name>(value).map(Self::$name),)*
                }
            }

            fn check_fields(&self, check: &mut Check<'_>) {
                match self { $(Self::$name(step) => step.check(check)),* }
            }

            /// The fields as they were sent.
            fn fields(&self) -> Value {
                match self { $(Self::$name(step) => serde_json::to_value(step).unwrap_or_default()),* }
            }

            /// Adds what is impossible about the fields once kind, law and side are known.
            pub fn check_for(&self, side: &Side<'_>, errors: &mut Vec<FieldError>) {
                let mut check = Check { errors };
                match self { $(Self::$name(step) => step.check_for(side, &mut check)),* }
            }

            /// The field that carries the legal date of the action, where it has one, and its value.
            pub fn own_date(&self) -> Option<(&'static str, NaiveDate)> {
                match self { $(Self::$name(step) => step.day()),* }
            }

            /// The other dates.
            pub fn further_dates(&self) -> FurtherDates {
                match self { $(Self::$name(step) => step.further_dates()),* }
            }

            pub fn moves_clock(&self) -> bool {
                match self { $(Self::$name(_) => <$topic::$name as Step>::MOVES_CLOCK),* }
            }

            /// Whether it is a fact from outside, which the agency cannot write down before it knows of it.
            pub fn comes_from_outside(&self) -> bool {
                match self { $(Self::$name(_) => <$topic::$name as Step>::FROM_OUTSIDE),* }
            }

            /// The pointer of a sub-process that it names and the case does not have.
            pub fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
                match self { $(Self::$name(step) => step.missing_sub(data)),* }
            }

            /// The fact that it answers.
            pub fn since(&self, data: &CaseData) -> Since {
                match self { $(Self::$name(step) => step.since(data)),* }
            }

            fn documents(&self) -> (&[String], Vec<(String, &String)>) {
                match self { $(Self::$name(step) => (step.document_ids(), step.further_documents())),* }
            }

            /// Turns it into events.
            ///
            /// # Errors
            /// Conditions on its own fields and on what it refers to.
            pub fn decide(self, deciding: &Deciding<'_>) -> Result<Vec<Event>, Rejection> {
                match self { $(Self::$name(step) => step.decide(deciding).map(Events::events)),* }
            }
        }

        /// Whether an action is always dated by a field of its own, so that `occurred_on` is out of place.
        pub fn has_own_date(action: Action) -> bool {
            match action {
                Action::Submit => false,
                $(Action::$name => <$topic::$name as Step>::OWN_DAY,)*
            }
        }

        /// The fields of an action in an example of a clerk on `day`, with a `later` day for limits.
        fn example_fields(action: Action, day: NaiveDate, later: NaiveDate) -> Value {
            match action {
                Action::Submit => Value::Object(serde_json::Map::new()),
                $(Action::$name => <$topic::$name as Step>::example(day, later),)*
            }
        }

        /// The fields of an action as far as the case itself fills them in.
        pub fn suggested(action: Action, data: &CaseData, today: NaiveDate) -> Option<Value> {
            match action {
                Action::Submit => None,
                $(Action::$name => <$topic::$name as Step>::suggested(data, today),)*
            }
        }

        /// The fields of every action as OpenAPI schemas, in the order of [`Action::ALL`] without `submit`.
        pub fn field_schemas() -> Vec<(Action, RefOr<Schema>)> {
            vec![$((Action::$name, <$topic::$name as utoipa::PartialSchema>::schema())),*]
        }

        /// The component schemas that [`field_schemas`] refers to.
        pub fn referenced_schemas() -> Vec<(String, RefOr<Schema>)> {
            let mut schemas = Vec::new();
            $(<$topic::$name as utoipa::ToSchema>::schemas(&mut schemas);)*
            schemas
        }
    };
}

macro_rules! events {
    ($($name:ident $code:literal $topic:ident::$data:ident from $step:tt;)*) => {
        /// One fact of a case.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event { Submitted(Box<Submission>), $($name($topic::$data)),* }

        $(impl Events for $topic::$data {
            fn events(self) -> Vec<Event> {
                vec![Event::$name(self)]
            }
        })*

        impl Event {
            pub fn code(&self) -> &'static str {
                match self { Self::Submitted(_) => SUBMITTED, $(Self::$name(_) => $code),* }
            }

            /// Fields that hold personal data or words of applicants and third parties.
            pub fn private_fields(code: &str) -> &'static [&'static str] {
                match code {
                    SUBMITTED => <Box<Submission> as Told>::PRIVATE,
                    $($code => <$topic::$data as Told>::PRIVATE,)*
                    _ => &[],
                }
            }

            /// Fields that a correction of the record may change.
            pub fn correctable_fields(&self) -> &'static [&'static str] {
                match self {
                    Self::Submitted(_) => <Box<Submission> as Told>::CORRECTABLE,
                    $(Self::$name(_) => <$topic::$data as Told>::CORRECTABLE,)*
                }
            }

            /// The event's data as JSON.
            ///
            /// # Errors
            /// None in practice: every payload is plain data.
            pub fn data(&self) -> Result<Value, serde_json::Error> {
                match self { Self::Submitted(data) => serde_json::to_value(data), $(Self::$name(data) => serde_json::to_value(data)),* }
            }

            /// Reads an event back, from a JSON value or from its text.
            ///
            /// # Errors
            /// An unknown code, or data that does not fit it.
            pub fn from_data<'de, D: Deserializer<'de>>(code: &str, data: D) -> Result<Self, D::Error> {
                match code {
                    SUBMITTED => Deserialize::deserialize(data).map(Self::Submitted),
                    $($code => Deserialize::deserialize(data).map(Self::$name),)*
                    other => Err(serde::de::Error::custom(format!("unknown event {other}"))),
                }
            }

            /// What it makes of the case.
            pub fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
                match self { Self::Submitted(told) => told.fold(data, entry), $(Self::$name(told) => told.fold(data, entry)),* }
            }

            /// Papers that went out to the applicant with it.
            pub fn issued(&self) -> &[String] {
                match self { Self::Submitted(told) => told.issued(), $(Self::$name(told) => told.issued()),* }
            }

            /// The instruments that it leaves, for the case as it is with it.
            pub fn instruments(&self, data: &CaseData) -> Vec<Order> {
                match self { Self::Submitted(told) => told.instruments(data), $(Self::$name(told) => told.instruments(data)),* }
            }

            /// The action that made it, with its fields as they stand; none for the submission, documents and corrections.
            pub fn command(&self) -> Option<Command> {
                match self { Self::Submitted(_) => None, $(Self::$name(data) => step!($step, data)),* }
            }
        }
    };
}

/// The step that made an event with these data.
macro_rules! step {
    (itself, $data:ident) => {
        Some(Command::from($data.clone()))
    };
    (none, $data:ident) => {{
        let _ = $data;
        None
    }};
    ($step:ident, $data:ident) => {
        Some(Command::$step($data.clone().into()))
    };
}

const SUBMITTED: &str = "submitted";

/// What a decision tells, as events in their order.
trait Events {
    fn events(self) -> Vec<Event>;
}

impl<T: Events> Events for Option<T> {
    fn events(self) -> Vec<Event> {
        self.map(Events::events).unwrap_or_default()
    }
}

impl<A: Events, B: Events> Events for (A, B) {
    fn events(self) -> Vec<Event> {
        let mut events = self.0.events();
        events.extend(self.1.events());
        events
    }
}

for_each_action!(commands);
for_each_event!(events);

/// Reads the fields of a step. A text that is no id names nothing, which is for the case to say.
fn read<S: Step>(value: &Value) -> Result<S, FieldError> {
    let mut value = Cow::Borrowed(value);
    let mut ids = S::IDS.iter();
    loop {
        let error = match json::parse::<S>(&value, "") {
            Ok(step) => return Ok(step),
            Err(error) => error,
        };
        let nothing = ids
            .find(|(pointer, _)| *pointer == error.pointer)
            .map(|(_, nothing)| *nothing);
        match (value.to_mut().pointer_mut(&error.pointer), nothing) {
            (Some(Value::String(text)), Some(nothing)) => nothing.clone_into(text),
            _ => return Err(error),
        }
    }
}

impl Command {
    /// Adds what is impossible about the fields by themselves.
    pub fn check(&self, errors: &mut Vec<FieldError>) {
        self.check_fields(&mut Check { errors });
        let named = self.named_documents();
        if let Some((pointer, _)) = named.first().filter(|_| named.len() > NAMED_MAX) {
            let field = pointer.split('/').nth(1).unwrap_or_default();
            errors.push(too_many(&format!("/{field}"), named.len()));
        }
    }

    /// Every document the command names.
    pub fn named_documents(&self) -> Vec<(String, &String)> {
        let (_, further) = self.documents();
        let mut named = self.document_references();
        named.extend(further);
        named
    }

    /// Documents the command names, but those of a draft, which are checked item by item.
    pub fn document_references(&self) -> Vec<(String, &String)> {
        let (ids, _) = self.documents();
        ids.iter()
            .enumerate()
            .map(|(index, id)| (format!("/document_ids/{index}"), id))
            .collect()
    }
}

/// A command with its legal date and, where it is entered late, the reason for that.
#[derive(Debug, Clone, PartialEq)]
pub struct Instruction {
    pub command: Command,
    /// Date of legal effect; `None` means today.
    pub on: Option<NaiveDate>,
    pub late_entry_reason: Option<String>,
    /// Who makes its papers.
    pub making: Making,
}

/// The action a body names, before its fields are read: permission is checked in between.
///
/// # Errors
/// A field error on `/action` when it is absent or unknown.
pub fn action_of(body: &Value) -> Result<Action, FieldError> {
    let Some(fields) = body.as_object() else {
        return Err(FieldError::new(
            "",
            "请求体应为一个 JSON 对象，并含 action 字段。",
            "The body must be a JSON object with the field `action`.",
        ));
    };
    let Some(value) = fields.get("action") else {
        return Err(FieldError::missing("/action"));
    };
    value
        .as_str()
        .and_then(|code| Action::ALL.iter().copied().find(|action| action.code() == code))
        .filter(|action| *action != Action::Submit)
        .ok_or_else(|| {
            FieldError::new(
                "/action",
                "没有这个动作。可用的动作见 GET /api/v1/workflow。",
                "There is no such action; GET /api/v1/workflow lists them.",
            )
        })
}

impl Instruction {
    /// Reads the body of an action: `{action, …fields, occurred_on?, late_entry_reason?}`.
    ///
    /// # Errors
    /// The fields that are missing, unknown, of the wrong type, or impossible by themselves.
    pub fn parse(body: Value) -> Result<Self, Vec<FieldError>> {
        let action = action_of(&body).map_err(|error| vec![error])?;
        let Value::Object(mut fields) = body else {
            return Err(vec![FieldError::missing("/action")]);
        };
        fields.remove("action");
        let occurred_on: Option<NaiveDate> = take(&mut fields, "occurred_on").map_err(|e| vec![e])?;
        let late_entry_reason: Option<String> = take(&mut fields, "late_entry_reason").map_err(|e| vec![e])?;
        let making = making(&mut fields).map_err(|e| vec![e])?;
        let command = Command::parse_fields(action, &Value::Object(fields)).map_err(|error| vec![error])?;
        let mut errors = Vec::new();
        check_making(action, &making, &mut errors);
        command.check(&mut errors);
        if let Some(reason) = &late_entry_reason {
            crate::domain::words::text::check_text("/late_entry_reason", reason, 500, &mut errors);
        }
        let own = command.own_date();
        if own.is_some() && occurred_on.is_some() {
            let field = own.map_or("", |(name, _)| name);
            errors.push(FieldError::new(
                "/occurred_on",
                format!("这个动作以 {field} 为准，请不要再填 occurred_on。"),
                format!("This action is dated by `{field}`; leave `occurred_on` out."),
            ));
        }
        none_wrong(errors).map(|()| Self {
            on: own.map(|(_, date)| date).or(occurred_on),
            command,
            late_entry_reason,
            making,
        })
    }

    /// The ids in its texts, those aside that stand where documents are named: a scan is taken for the paper it shows, in
    /// whichever field its id is given.
    pub fn mentions(&self) -> Vec<Mention> {
        let mut fields = self.command.fields();
        if let (Value::Object(fields), Some(reason)) = (&mut fields, &self.late_entry_reason) {
            fields.insert("late_entry_reason".to_owned(), Value::from(reason.as_str()));
        }
        let mut mentions = mentioned_in(&fields);
        if !mentions.is_empty() {
            let named = self.named_documents();
            mentions.retain(|mention| named.iter().all(|(pointer, _)| *pointer != mention.pointer));
        }
        mentions
    }

    /// Every document that it names.
    pub fn named_documents(&self) -> Vec<(String, &String)> {
        let mut named = self.command.named_documents();
        named.extend(self.scans());
        named
    }

    /// The scans of what was sent on paper.
    pub fn scans(&self) -> impl Iterator<Item = (String, &String)> {
        let scans = self.making.scans().iter().enumerate();
        scans.map(|(place, id)| (format!("/on_paper/document_ids/{place}"), id))
    }

    /// The pointer of the field that carries the legal date.
    pub fn date_pointer(&self) -> String {
        format!("/{}", self.command.own_date().map_or("occurred_on", |(name, _)| name))
    }

    /// What is impossible about the fields for this person and this kind of case.
    ///
    /// # Errors
    /// The field errors.
    pub fn check_for(&self, data: &CaseData, who: &Who, law: &Law<'_>) -> Result<(), Rejection> {
        let side = Side {
            kind: data.kind(),
            by_applicant: who.acts_as_applicant_only(),
            law,
        };
        let mut errors = Vec::new();
        self.command.check_for(&side, &mut errors);
        none_wrong(errors)
    }
}

/// Who makes the papers: nothing said, `null` for the agency here, or what was sent on paper.
fn making(fields: &mut serde_json::Map<String, Value>) -> Result<Making, FieldError> {
    match fields.get("on_paper") {
        None => Ok(Making::ByAge),
        Some(Value::Null) => {
            fields.remove("on_paper");
            Ok(Making::Here)
        }
        Some(_) => Ok(take(fields, "on_paper")?.map_or(Making::Here, Making::OnPaper)),
    }
}

fn check_making(action: Action, making: &Making, errors: &mut Vec<FieldError>) {
    if *making != Making::ByAge && !issues_letters(action) {
        errors.push(FieldError::new(
            "/on_paper",
            "这个动作不发出文书，请不要填写 on_paper。",
            "This action issues no paper; leave `on_paper` out.",
        ));
    }
    if let Making::OnPaper(paper) = making {
        let number = paper.number.as_ref();
        Check { errors }.optional_line("/on_paper/number", number);
    }
}

fn take<T: serde::de::DeserializeOwned>(
    fields: &mut serde_json::Map<String, Value>,
    name: &str,
) -> Result<Option<T>, FieldError> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => json::parse(&value, &format!("/{name}")).map(Some),
    }
}

/// One complete example of each action, for the contract and for tests: what a clerk would send on `day`.
pub fn example(action: Action, day: NaiveDate) -> Value {
    let later = day.checked_add_days(chrono::Days::new(20)).unwrap_or(day);
    let mut body = example_fields(action, day, later);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("action".to_owned(), Value::from(action.code()));
    }
    body
}
