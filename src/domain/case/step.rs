//! What every topic fills in: the steps people take ([`Step`]) and what each entry of the log makes of the case ([`Told`]).

use super::check::{Check, FurtherDates};
use super::context::{Context, Who};
use super::state::{CaseData, Closing, ClosingKind};
use super::sub::{Detail, Sub, SubId};
use crate::domain::instrument::issued::Order;
use crate::domain::law::Law;
use crate::domain::law::refusal::Rejection;
use crate::domain::law::rules::RulePack;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{CaseId, UserId};
use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Declares plain field structs, exactly as outside code sends them; unknown fields are refused.
macro_rules! fields {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $($(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* })*
    };
}

/// Declares the data of events that hold more than the fields of their step.
macro_rules! payloads {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $($(#[$meta])* #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* })*
    };
}
pub(super) use {fields, payloads};

/// For a step whose fields are what it tells, with nothing more to decide.
macro_rules! itself {
    () => {
        type Made = Self;

        fn decide(self, _: &$crate::domain::case::step::Deciding<'_>) -> $crate::domain::case::step::Decided<Self> {
            Ok(self)
        }
    };
}

/// For a step that a field of its own always dates.
macro_rules! dated_by {
    ($field:ident) => {
        const OWN_DAY: bool = true;

        fn day(&self) -> Option<(&'static str, chrono::NaiveDate)> {
            Some((stringify!($field), self.$field))
        }
    };
}

/// For a step with papers (附件): the scans of what it records, in its field `document_ids`.
macro_rules! with_papers {
    () => {
        fn document_ids(&self) -> &[String] {
            &self.document_ids
        }
    };
}

/// For what is told when the papers of a step go out to the applicant.
macro_rules! issues_papers {
    () => {
        fn issued(&self) -> &[String] {
            &self.document_ids
        }
    };
}

/// For what leaves one instrument, to the applicant where nothing else is said.
macro_rules! leaves {
    ($code:ident) => {
        $crate::domain::case::step::leaves!(@to_applicant $code);
    };
    (internal $code:ident) => {
        $crate::domain::case::step::leaves!(@internal $code);
    };
    (@$to:ident $code:ident) => {
        fn instruments(&self, _: &$crate::domain::case::state::CaseData) -> Vec<$crate::domain::instrument::issued::Order> {
            vec![$crate::domain::instrument::issued::Order::$to(
                $crate::domain::instrument::code::InstrumentCode::$code,
            )]
        }
    };
}
pub(super) use {dated_by, issues_papers, itself, leaves, with_papers};

/// What a decision tells, or why it is refused.
pub type Decided<T> = Result<T, Rejection>;

/// The day of the fact that a step answers, and what that fact is called.
pub type Since = (NaiveDate, &'static str, &'static str);

/// A field with the words for an id in it that names nothing: pointer, Chinese, English.
pub type Unknown = (&'static str, &'static str, &'static str);

/// A field that names something by its id, and an id that names nothing: a text that is no id is read as that, so that it
/// is refused where an unknown id is.
pub type Id = (&'static str, &'static str);

/// An id that no case, unit or person has.
pub const NOTHING: &str = "00000000-0000-0000-0000-000000000000";

/// The words for an id that no sub-process of the case has.
pub const NO_SUCH_SUB: (&str, &str) = (
    "本案没有这个编号的事项。可用的编号见案件的 sub_processes。",
    "The case has no such sub-process; `sub_processes` of the case lists them.",
);

/// An id as it stands in examples.
pub const ID: &str = "01997000-0000-7000-8000-000000000001";

/// A step of the procedure with its fields (动作): what a person or a timer asks of a case.
pub trait Step: Clone + Serialize + DeserializeOwned {
    /// What it tells the log.
    type Made;

    /// Whether a field of its own always dates it, so that `occurred_on` is out of place.
    const OWN_DAY: bool = false;
    /// Whether it may not lie on the day on which a new reply was ordered, whose clock it would move.
    const MOVES_CLOCK: bool = false;
    /// Whether it happens outside the agency, which learns of it later: however late, its entry needs no reason.
    const FROM_OUTSIDE: bool = false;
    /// Fields that name something by its id.
    const IDS: &'static [Id] = &[];

    /// The field that carries the day of its legal effect, where it has one, with that day.
    fn day(&self) -> Option<(&'static str, NaiveDate)> {
        None
    }

    /// Adds what is impossible about the fields by themselves.
    fn check(&self, _: &mut Check<'_>) {}

    /// Adds what is impossible once the kind of case, the law in force and the side of the person are known.
    fn check_for(&self, _: &Side<'_>, _: &mut Check<'_>) {}

    /// The dates beside its own.
    fn further_dates(&self) -> FurtherDates {
        FurtherDates::default()
    }

    /// The document ids of its field `document_ids`.
    fn document_ids(&self) -> &[String] {
        &[]
    }

    /// Every other document it names, with pointers.
    fn further_documents(&self) -> Vec<(String, &String)> {
        Vec::new()
    }

    /// The pointer of a sub-process that it names and the case does not have.
    fn missing_sub(&self, _: &CaseData) -> Option<&'static str> {
        None
    }

    /// The fact that it answers, before which it cannot lie.
    fn since(&self, data: &CaseData) -> Since {
        since_state(data)
    }

    /// From a permitted step to what is told, or a refusal. Role, state, guards and period have been checked before.
    ///
    /// # Errors
    /// Conditions on its own fields and on what it refers to.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self::Made, Rejection>;

    /// Its fields as far as the case itself fills them in for whoever takes it.
    fn suggested(_: &CaseData, _today: NaiveDate) -> Option<Value> {
        None
    }

    /// A complete example, as a clerk would send it on `day`; `later` is a day that fits a limit.
    fn example(_day: NaiveDate, _later: NaiveDate) -> Value {
        json!({})
    }
}

/// What the fields of a step are held to before the workflow is asked.
#[derive(Debug)]
pub struct Side<'a> {
    pub kind: CaseKind,
    pub by_applicant: bool,
    pub law: &'a Law<'a>,
}

/// One step being decided.
#[derive(Clone, Copy)]
pub struct Deciding<'a> {
    pub case_id: CaseId,
    pub data: &'a CaseData,
    pub record: &'a dyn Record,
    pub who: &'a Who,
    pub on: NaiveDate,
    pub ctx: &'a Context<'a>,
}

impl Deciding<'_> {
    pub fn law(&self) -> &Law<'_> {
        &self.ctx.law
    }

    pub fn pack(&self) -> Cow<'_, RulePack> {
        self.data.pack(&self.ctx.law)
    }
}

/// The log as a correction needs it.
pub trait Record {
    /// The fields of an entry that may be corrected, and its data as corrections have left it.
    ///
    /// # Errors
    /// The log cannot be read with its corrections.
    fn entry(&self, seq: u32, law: &Law<'_>) -> Result<Option<(&'static [&'static str], Value)>, Rejection>;

    /// The newest value that was proposed for an entry.
    fn proposed(&self, seq: u32) -> Option<Value>;

    /// Folds the log with the correction in place; it must fit its field, and every later entry must still be possible.
    ///
    /// # Errors
    /// What does not fit, or the entry that could no longer stand.
    fn check_corrected(&self, deciding: &Deciding<'_>, seq: u32, field: &str, value: &Value) -> Result<(), Rejection>;
}

/// An entry of the log while it is folded.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its position in the log.
    pub seq: u32,
    /// The day of its legal effect.
    pub on: NaiveDate,
    pub by: Option<UserId>,
    pub law: &'a Law<'a>,
}

impl Entry<'_> {
    /// It ends the case, until it is taken back.
    pub fn closes(&self, data: &mut CaseData, kind: ClosingKind) {
        let (seq, on, by) = (self.seq, self.on, self.by);
        data.closings.push(Closing { seq, kind, on, by });
    }
}

/// The data of one kind of event: a dated fact of the case, in the past tense.
pub trait Told: Clone + Serialize + DeserializeOwned {
    /// Fields that hold personal data or words of applicants and third parties; the store keeps them beside the log.
    const PRIVATE: &'static [&'static str] = &[];
    /// Fields that a correction of the record may change: dates, parties, deliveries and how they were recorded.
    const CORRECTABLE: &'static [&'static str] = &[];

    /// Papers that go out to the applicant with it.
    fn issued(&self) -> &[String] {
        &[]
    }

    /// The instruments that it leaves (文书), for the case as it is with it.
    fn instruments(&self, _: &CaseData) -> Vec<Order> {
        Vec::new()
    }

    /// What it makes of the case. Total and silent: whatever may be refused was refused before.
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>);
}

/// The day on which the present state began.
pub fn since_state(data: &CaseData) -> Since {
    (data.state_since, "当前状态开始的日期", "day the present state began")
}

pub fn since_arrival(data: &CaseData) -> Since {
    (data.submission.arrived_on, "到达日期", "arrival")
}

pub fn since_receipt(data: &CaseData) -> Since {
    let received_on = data.received_on.unwrap_or(data.submission.arrived_on);
    (received_on, "收到日期", "receipt")
}

/// The opening of a sub-process, or the state where it is not there.
pub fn since_opening<D: Detail>(data: &CaseData, sub: Option<&Sub<D>>, zh: &'static str, en: &'static str) -> Since {
    sub.map_or(since_state(data), |sub| (sub.opened_on, zh, en))
}

/// The pointer, when the case has no such sub-process.
pub fn missing<D: Detail>(data: &CaseData, pointer: &'static str, id: SubId<D>) -> Option<&'static str> {
    data.subs.get(id).is_none().then_some(pointer)
}
