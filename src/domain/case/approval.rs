//! 法制审核、签发 (Arts 4, 17): what withholds something is checked by the legal reviewer; every reply is signed by somebody
//! who did not draft it.

use super::check::Check;
use super::draft::since_draft;
use super::guard::{Look, guards};
use super::state::{CaseData, Draft, State};
use super::step::{Entry, Since, Step, Told, fields, itself, since_state, with_papers};
use crate::domain::reply;
use crate::domain::words::codes::codes;
use chrono::NaiveDate;
use serde_json::{Value, json};

codes! {
    pub enum LegalOpinion {
        Pass "pass" "通过",
        PassWithChanges "pass_with_changes" "修改后通过",
        Return "return" "退回",
    }
}

fields! {
    SubmitForLegalReview { #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
    ReviewLegally {
        opinion: LegalOpinion, note: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    SubmitForApproval { #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
    ApproveReply { #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
    ReturnReply { reason: String, #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
}

guards! {
    LEGAL_REVIEW_OUTSTANDING "legal_review_outstanding", "already_reviewed_legally", "《条例》第十七条",
        "法制审核已经通过，无需重复审核。请经办人送签发（submit_for_approval）。",
        "The legal review has passed; submit for approval.",
        |look| is_drafted(look, |draft| !draft.legally_passed);

    LEGALLY_PASSED "legally_passed", "legal_review_missing", "《条例》第十七条",
        "法制审核尚未通过，不能送签发。",
        "The legal review has not passed yet.",
        |look| is_drafted(look, |draft| draft.legally_passed);

    EVERYTHING_GRANTED "everything_granted", "legal_review_required", "《条例》第十七条",
        "答复中有不予公开、无法提供或者不予处理的内容，应当先送法制审核（submit_for_legal_review）。",
        "Something is withheld, refused or not processed: submit for legal review first.",
        |look| is_drafted(look, |draft| !reply::needs_legal_pass(&draft.items));

    NOT_APPROVED "not_approved", "already_approved", "《条例》第十七条",
        "答复已经签发，请经办人发出（issue_reply）。",
        "The reply is approved already; issue it.",
        |look| is_drafted(look, |draft| draft.approved_on.is_none());

    APPROVED "approved", "not_approved", "《条例》第十七条",
        "答复尚未签发，不能发出。请先由签发人签发（approve_reply）。",
        "The reply is not approved yet (approve_reply).",
        |look| is_drafted(look, |draft| draft.approved_on.is_some());
}

fn is_drafted(look: &Look<'_>, holds: impl FnOnce(&Draft) -> bool) -> bool {
    look.data.draft.as_ref().is_some_and(holds)
}

/// The day on which the draft was approved.
pub fn since_approval(data: &CaseData, draft: &Draft) -> Since {
    let approved_on = draft.approved_on;
    approved_on.map_or(since_state(data), |day| (day, "签发日期", "approval"))
}

impl Step for SubmitForLegalReview {
    itself!();
    with_papers!();

    fn since(&self, data: &CaseData) -> Since {
        since_draft(data)
    }
}

impl Told for SubmitForLegalReview {
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.reached_legal = true;
        if let Some(draft) = &mut data.draft {
            draft.legally_passed = false;
        }
        data.enter(State::InReview, entry.on);
    }
}

impl Step for ReviewLegally {
    itself!();
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/note", self.note.as_ref());
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"opinion": "pass"})
    }
}

impl Told for ReviewLegally {
    const PRIVATE: &'static [&'static str] = &["note"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        if self.opinion == LegalOpinion::Return {
            return data.enter(State::InProgress, entry.on);
        }
        if let Some(draft) = &mut data.draft {
            draft.legally_passed = true;
        }
        data.state_since = data.state_since.max(entry.on);
    }
}

impl Step for SubmitForApproval {
    itself!();
    with_papers!();

    fn since(&self, data: &CaseData) -> Since {
        match data.state {
            State::InProgress => since_draft(data),
            _ => since_state(data),
        }
    }
}

impl Told for SubmitForApproval {
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.enter(State::InApproval, entry.on);
    }
}

impl Step for ApproveReply {
    itself!();
    with_papers!();
}

impl Told for ApproveReply {
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        if let Some(draft) = &mut data.draft {
            draft.approved_on = Some(entry.on);
        }
    }
}

impl Step for ReturnReply {
    itself!();
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "请补充不予公开的理由"})
    }
}

impl Told for ReturnReply {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        if let Some(draft) = &mut data.draft {
            draft.approved_on = None;
            draft.legally_passed = false;
        }
        data.enter(State::InProgress, entry.on);
    }
}
