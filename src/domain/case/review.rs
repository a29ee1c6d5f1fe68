//! 形式审核、实质审核 (Arts 29, 2, 10, 36): the application is looked at before it is worked on.

use super::check::Check;
use super::defect::{Defect, FormalCheck, defects};
use super::guard::guards;
use super::state::{CaseData, State};
use super::step::{Entry, Step, Told, fields, itself, with_papers};
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    /// The five formal checks of the standard (形式审核).
    FormalChecks { name: bool, contact: bool, content: bool, form: bool, identity: bool }
    ReviewFormally {
        checks: FormalChecks, note: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    /// The five substantive checks of the standard (实质审核).
    SubstantiveChecks {
        relevant: bool, government_information: bool, held_by_us: bool, needs_processing: bool, already_public: bool,
    }
    ReviewSubstantively {
        checks: SubstantiveChecks, note: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    FORMALLY_REVIEWED "formally_reviewed", "formal_review_missing", "《条例》第二十九条",
        "请先完成形式审核（review_formally），再作实质审核。",
        "Review the application formally first (review_formally).",
        |look| look.data.formally_reviewed;
}

impl Step for ReviewFormally {
    itself!();
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/note", self.note.as_ref());
    }

    /// What the application lacks does not hold.
    fn suggested(data: &CaseData, _: NaiveDate) -> Option<Value> {
        let failed: Vec<FormalCheck> = defects(data).iter().filter_map(Defect::failed_check).collect();
        let holds = |check| !failed.contains(&check);
        let checks = FormalChecks {
            name: holds(FormalCheck::Name),
            contact: holds(FormalCheck::Contact),
            content: holds(FormalCheck::Content),
            form: holds(FormalCheck::Form),
            identity: holds(FormalCheck::Identity),
        };
        Some(json!({ "checks": checks }))
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"checks": {"name": true, "contact": true, "content": true, "form": true, "identity": true}})
    }
}

impl Told for ReviewFormally {
    const PRIVATE: &'static [&'static str] = &["note"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.formally_reviewed = true;
    }
}

impl Step for ReviewSubstantively {
    itself!();
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/note", self.note.as_ref());
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"checks": {
            "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false,
            "already_public": false,
        }})
    }
}

impl Told for ReviewSubstantively {
    const PRIVATE: &'static [&'static str] = &["note"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.substantively_reviewed = true;
        if data.state != State::InProgress {
            data.enter(State::InProgress, entry.on);
        }
    }
}
