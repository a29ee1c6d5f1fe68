//! 法制审核、签发 (Arts 4, 17): what withholds something is checked by the legal reviewer; every reply is signed by somebody
//! who did not draft it.

use super::check::Check;
use super::draft::since_draft;
use super::guard::{Look, guards};
use super::reviewed::{Answer, Change, LegalOpinion, Review, ReviewStage};
use super::state::{CaseData, Draft, State};
use super::step::{Decided, Deciding, Entry, Since, Step, Told, fields, itself, leaves, since_state, with_papers};
use crate::domain::reply;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    SubmitForLegalReview { #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
    ReviewLegally {
        opinion: LegalOpinion, note: Option<String>,
        /// With `pass_with_changes`: what is to be changed, one text a change; `note` alone is taken for one.
        #[schema(max_items = 50)] #[serde(default, skip_serializing_if = "Option::is_none")] changes: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    /// What became of a change that the legal reviewer asked for; why, where it was not made.
    ChangeAnswer { made: bool, note: Option<String> }
    SubmitForApproval {
        /// One answer for each open change, in their order.
        #[schema(max_items = 50)] #[serde(default, skip_serializing_if = "Vec::is_empty")] changes: Vec<ChangeAnswer>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
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

impl CaseData {
    /// Whether the draft still owes an answer to a change: it ends with the draft, and with another legal review.
    pub fn is_open_change(&self, change: &Change) -> bool {
        let open = self.draft.as_ref().and_then(|draft| draft.changes_of);
        open == Some(change.seq) && change.answer.is_none()
    }

    /// The changes to which the draft owes an answer, in the order in which they were asked for.
    pub fn open_changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| self.is_open_change(change))
    }
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
            draft.changes_of = None;
        }
        data.enter(State::InReview, entry.on);
    }
}

impl Step for ReviewLegally {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/note", self.note.as_ref());
        let with_changes = self.opinion == LegalOpinion::PassWithChanges;
        match &self.changes {
            Some(changes) if with_changes => {
                check.list("/changes", changes, 1, |check, at, change| check.note(at, change));
            }
            Some(_) => check.wrong(
                "/changes",
                "只有“修改后通过”（pass_with_changes）才逐项列出修改意见；其他意见请写在 note 中。",
                "Changes go with `pass_with_changes` only; write anything else into `note`.",
            ),
            None if with_changes && self.note.as_ref().is_none_or(|note| note.trim().is_empty()) => check.wrong(
                "/changes",
                "修改后通过的，请逐项写明需要修改的内容（changes）。",
                "A pass with changes says what is to be changed (`changes`).",
            ),
            None => {}
        }
    }

    fn decide(self, _: &Deciding<'_>) -> Decided<Self> {
        let one = |note: String| vec![note];
        let changes = match self.opinion {
            LegalOpinion::PassWithChanges => self.changes.or_else(|| self.note.clone().map(one)),
            _ => None,
        };
        Ok(Self { changes, ..self })
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"opinion": "pass_with_changes", "changes": ["第二项请写明所依据的条款", "告知救济途径的段落改用新格式"]})
    }
}

impl Told for ReviewLegally {
    const PRIVATE: &'static [&'static str] = &["note", "changes"];

    /// A pass with changes goes back to the officer, who makes them. Earlier builds left the draft where it was: their
    /// entries name no changes.
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        reviewed(data, entry, ReviewStage::Legal, self.opinion, self.note.as_ref());
        if self.opinion == LegalOpinion::Return {
            return data.enter(State::InProgress, entry.on);
        }
        if let Some(draft) = &mut data.draft {
            draft.legally_passed = true;
            draft.changes_of = self.changes.as_ref().map(|_| entry.seq);
        }
        let Some(changes) = &self.changes else {
            data.state_since = data.state_since.max(entry.on);
            return;
        };
        data.changes.extend(changes.iter().map(|text| Change {
            seq: entry.seq,
            asked_by: entry.by,
            asked_on: entry.on,
            text: text.clone(),
            answer: None,
        }));
        data.enter(State::InProgress, entry.on);
    }
}

fn reviewed(data: &mut CaseData, entry: &Entry<'_>, stage: ReviewStage, opinion: LegalOpinion, note: Option<&String>) {
    data.reviews.push(Review {
        seq: entry.seq,
        stage,
        by: entry.by,
        on: entry.on,
        opinion,
        note: note.cloned(),
    });
}

/// Says which changes are still to be answered.
fn unanswered(data: &CaseData) -> FieldError {
    let open: Vec<&str> = data.open_changes().map(|change| change.text.as_str()).collect();
    if open.is_empty() {
        return FieldError::new(
            "/changes",
            "本案没有待落实的修改意见，请不要填写此项。",
            "No change of this draft is open; leave this out.",
        );
    }
    let numbered = open.iter().zip(1..).map(|(text, number)| format!("（{number}）{text}"));
    let listed = numbered.collect::<Vec<_>>().join("；");
    FieldError::new(
        "/changes",
        format!(
            "法制审核要求修改 {} 处，请按顺序逐项说明是否已经修改（made），没有修改的写明理由（note）：{listed}。",
            open.len()
        ),
        format!(
            "The legal review asked for {} changes; say of each in turn whether it was made (`made`), and why not where it was not (`note`): {listed}.",
            open.len()
        ),
    )
}

impl Step for SubmitForApproval {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.list("/changes", &self.changes, 0, |check, at, answer| {
            let pointer = format!("{at}/note");
            match &answer.note {
                None if !answer.made => check.errors.push(FieldError::missing(pointer)),
                note => check.optional_note(&pointer, note.as_ref()),
            }
        });
    }

    fn since(&self, data: &CaseData) -> Since {
        match data.state {
            State::InProgress => since_draft(data),
            _ => since_state(data),
        }
    }

    /// Changes that were asked for are not skipped unseen.
    fn decide(self, deciding: &Deciding<'_>) -> Decided<Self> {
        match deciding.data.open_changes().count() == self.changes.len() {
            true => Ok(self),
            false => Err(unanswered(deciding.data).into()),
        }
    }
}

impl Told for SubmitForApproval {
    const PRIVATE: &'static [&'static str] = &["changes"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let open = data.draft.as_mut().and_then(|draft| draft.changes_of.take());
        let asked = data.changes.iter_mut().filter(|change| Some(change.seq) == open);
        for (change, answer) in asked.zip(&self.changes) {
            change.answer = Some(Answer {
                made: answer.made,
                note: answer.note.clone(),
                by: entry.by,
                on: entry.on,
            });
        }
        data.enter(State::InApproval, entry.on);
    }
}

impl Step for ApproveReply {
    itself!();
    with_papers!();
}

impl Told for ApproveReply {
    leaves!(internal D44);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        reviewed(data, entry, ReviewStage::Approval, LegalOpinion::Pass, None);
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
        reviewed(
            data,
            entry,
            ReviewStage::Approval,
            LegalOpinion::Return,
            Some(&self.reason),
        );
        if let Some(draft) = &mut data.draft {
            draft.approved_on = None;
            draft.legally_passed = false;
        }
        data.enter(State::InProgress, entry.on);
    }
}
