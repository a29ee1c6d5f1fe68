//! 交办 (Arts 36(4), 45): a business unit searches its records and answers for them, inside the statutory time.

use super::check::{Check, FurtherDates};
use super::guard::guards;
use super::state::CaseData;
use super::step::{
    Deciding, Entry, Id, NOTHING, Since, Step, Told, Unknown, fields, leaves, missing, since_opening, with_papers,
};
use super::sub::{Assignment, AssignmentAnswer, SearchRecord, SearchResult, SubId, SubStatus};
use crate::domain::law::refusal::{Refusal, Rejection, reasons};
use crate::domain::words::ids::UnitId;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    Assign {
        #[schema(value_type = String)] unit_id: UnitId, due_on: NaiveDate, note: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    AnswerAssignment {
        #[schema(value_type = String)] assignment_id: SubId<Assignment>, result: SearchResult, search: SearchRecord,
        #[serde(default)] document_ids: Vec<String>,
    }
    ReturnAssignment {
        #[schema(value_type = String)] assignment_id: SubId<Assignment>, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    OPEN "assignment_open", "no_open_assignment", "《条例》第四十五条",
        "本案没有交给您所在科室、待反馈的任务。",
        "No assignment of this case to your unit is open.",
        |look| {
            let mut open = look.data.subs.assignments.iter().filter(|sub| sub.is_open());
            open.any(|sub| Some(sub.detail.unit_id) == look.who.unit_id)
        };
}

reasons! {
    BEYOND_DUE_DATE "assignment_beyond_due_date", "《条例》第三十三条第二款",
        "科室反馈的期限不能晚于答复期限（{limit}），请提前。",
        "A unit's time must end by the due date of the case ({limit}).";

    OTHER_UNIT "other_unit", "《条例》第四十五条",
        "这项任务交给了其他科室，请由该科室反馈。",
        "This is assigned to another unit; that unit answers.";

    ALREADY_ENDED "already_ended", "《条例》第四十五条",
        "这项任务已经反馈或者退回，不能再次反馈。",
        "This assignment is answered or returned already.";
}

const NO_UNIT: Unknown = (
    "/unit_id",
    "本机关没有这个科室，或者该科室已停用。请从 GET /api/v1/agencies/{id}/units 中选择。",
    "The agency has no such unit in use; choose one from GET /api/v1/agencies/{id}/units.",
);
const ASSIGNMENT_ID: &[Id] = &[("/assignment_id", "assignment-0")];

/// A unit answers what was assigned to it, and only once.
fn own_and_open(deciding: &Deciding<'_>, id: SubId<Assignment>) -> Result<(), Refusal> {
    match deciding.data.subs.get(id) {
        Some(sub) if Some(sub.detail.unit_id) != deciding.who.unit_id => Err((&OTHER_UNIT).into()),
        Some(sub) if !sub.is_open() => Err((&ALREADY_ENDED).into()),
        _ => Ok(()),
    }
}

fn since_assignment(data: &CaseData, id: SubId<Assignment>) -> Since {
    since_opening(data, data.subs.get(id), "交办日期", "assignment")
}

impl Step for Assign {
    type Made = Self;
    with_papers!();
    const IDS: &'static [Id] = &[("/unit_id", NOTHING)];

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/note", self.note.as_ref());
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates {
            not_before: vec![("due_on", self.due_on)],
            ..FurtherDates::default()
        }
    }

    /// A unit's time ends inside the statutory one.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        if !deciding.ctx.lookups.unit_found {
            let (pointer, zh, en) = NO_UNIT;
            return Err(FieldError::new(pointer, zh, en).into());
        }
        let due_on = deciding.data.due_on(deciding.law(), deciding.ctx.today);
        // Once the statutory time is over, no day of it is left to give; the search must be made all the same.
        if let Some(limit) = due_on.filter(|limit| *limit >= deciding.on)
            && self.due_on > limit
        {
            let refusal = BEYOND_DUE_DATE.with(&[("limit", &limit)]);
            return Err(refusal.within(Some(deciding.on), Some(limit)).into());
        }
        Ok(self)
    }

    fn example(_: NaiveDate, later: NaiveDate) -> Value {
        json!({"unit_id": super::step::ID, "due_on": later, "note": "请检索并反馈"})
    }
}

impl Told for Assign {
    const PRIVATE: &'static [&'static str] = &["note"];
    const CORRECTABLE: &'static [&'static str] = &["due_on"];

    leaves!(internal D11);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let assignment = Assignment {
            unit_id: self.unit_id,
            note: self.note.clone(),
            answer: None,
        };
        data.subs.begin(entry.seq, entry.on, Some(self.due_on), assignment);
    }
}

impl Step for AnswerAssignment {
    type Made = Self;
    const IDS: &'static [Id] = ASSIGNMENT_ID;

    fn check(&self, check: &mut Check<'_>) {
        check.note("/search/scope", &self.search.scope);
        check.line("/search/searched_by", &self.search.searched_by);
        check.list("/search/systems", &self.search.systems, 1, |check, at, text| {
            check.line(at, text)
        });
        check.list("/search/keywords", &self.search.keywords, 1, |check, at, text| {
            check.line(at, text)
        });
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates {
            past: vec![("search/searched_on", self.search.searched_on)],
            ..FurtherDates::default()
        }
    }

    with_papers!();

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/assignment_id", self.assignment_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_assignment(data, self.assignment_id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        own_and_open(deciding, self.assignment_id)?;
        Ok(self)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "assignment_id": "assignment-5", "result": "found",
            "search": {
                "scope": "2024年至2025年征收档案", "systems": ["档案管理系统", "公文系统"],
                "keywords": ["征收", "补偿方案"], "searched_by": "周志强", "searched_on": day,
            },
        })
    }
}

impl Told for AnswerAssignment {
    const PRIVATE: &'static [&'static str] = &["search"];
    const CORRECTABLE: &'static [&'static str] = &["search"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.subs.change(self.assignment_id, |sub| {
            sub.close(SubStatus::Answered, entry.on);
            sub.detail.answer = Some(AssignmentAnswer {
                result: self.result,
                search: self.search.clone(),
                document_ids: self.document_ids.clone(),
            });
        });
    }
}

impl Step for ReturnAssignment {
    type Made = Self;
    with_papers!();
    const IDS: &'static [Id] = ASSIGNMENT_ID;

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/assignment_id", self.assignment_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_assignment(data, self.assignment_id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        own_and_open(deciding, self.assignment_id)?;
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"assignment_id": "assignment-5", "reason": "不属于本科室职责"})
    }
}

impl Told for ReturnAssignment {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.subs
            .change(self.assignment_id, |sub| sub.close(SubStatus::Returned, entry.on));
    }
}
