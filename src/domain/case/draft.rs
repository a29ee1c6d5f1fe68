//! 拟制答复、保密审查 (Arts 36–41, 17): the reply is drafted item by item; nothing leaves without a verdict of the secrecy
//! reviewer, who is not the drafter.

use super::check::Check;
use super::guard::guards;
use super::reasons;
use super::state::{CaseData, Draft};
use super::step::{Deciding, Entry, Side, Since, Step, Told, fields, since_state, with_papers};
use super::sub::{Consultation, Detail, SecrecyReview, Sub, SubStatus};
use crate::domain::law::refusal::Rejection;
use crate::domain::reply::{self, ItemReferences, Outcome, ReplyItem, SecrecyVerdict};
use crate::domain::words::text::{FieldError, none_wrong};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fields! {
    DraftReply {
        items: Vec<ReplyItem>, principal: Option<u32>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    /// The verdict on one item of the draft, by its index from 0.
    ItemVerdict { item: u32, verdict: SecrecyVerdict, ground: Option<String>, note: Option<String> }
    ReviewSecrecy {
        verdicts: Vec<ItemVerdict>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    DRAFTED "drafted", "no_draft", "《条例》第三十六条",
        "还没有答复稿。请先用 draft_reply 拟制答复。",
        "There is no draft; draft the reply first (draft_reply).",
        |look| look.data.draft.is_some();

    NOT_DRAFTER "not_drafter", "same_person_as_drafter", "《条例》第十七条",
        "拟稿人、修改稿的上传人不能审查或者签发自己拟制、修改的答复，请由其他人员办理。",
        "Whoever drafted or edited a reply cannot review or approve it; another person must.",
        |look| {
            let draft = look.data.draft.as_ref();
            let wrote = |person| draft.is_some_and(|draft| draft.drafted_by == Some(person) || draft.edited_by.contains(&person));
            !look.who.user_id.is_some_and(wrote)
        };

    SECRECY_CLEARED "secrecy_cleared", "secrecy_review_missing", "《条例》第十七条",
        "拟公开的每一项都要先经保密审查为“公开”或“遮盖后公开”，还有事项没有审查或者审查不同意公开。请先完成保密审查，或修改答复稿。",
        "Every granted item needs the secrecy verdict release or redact first; have it reviewed or change the draft.",
        |look| look.data.draft.as_ref().is_none_or(Draft::is_released);
}

/// The day of the draft, or the state's where that began later.
pub fn since_draft(data: &CaseData) -> Since {
    let state = since_state(data);
    let draft = data.draft.as_ref();
    draft.map_or(state, |draft| (draft.drafted_on.max(state.0), "拟稿日期", "draft"))
}

fn index(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

fn ids<D: Detail>(subs: &[Sub<D>], wanted: impl Fn(&D) -> bool) -> Vec<String> {
    let wanted = subs.iter().filter(|sub| wanted(&sub.detail));
    wanted.map(|sub| sub.id().to_string()).collect()
}

impl DraftReply {
    /// The numbers of cases in which the person is said to have been answered before.
    pub fn earlier_numbers(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(ReplyItem::earlier_in_system)
    }

    fn principal(&self) -> Option<usize> {
        self.principal.and_then(index)
    }
}

impl Step for DraftReply {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.list("/items", &self.items, 1, |_, _, _| ());
    }

    /// What is wrong whatever the items point to.
    fn check_for(&self, side: &Side<'_>, check: &mut Check<'_>) {
        let named = |id: fn(&ReplyItem) -> Option<&str>| self.items.iter().filter_map(id).collect();
        let everything = ItemReferences {
            consultations: named(|item| item.consultation_id.as_deref()),
            searched_assignments: named(|item| item.assignment_id.as_deref()),
            answered: named(|item| item.earlier_number.as_deref()),
            documents: self
                .items
                .iter()
                .flat_map(|item| item.document_ids.iter().map(String::as_str))
                .collect(),
        };
        let errors = reply::check_items(side.kind, &self.items, self.principal(), &everything);
        check.errors.extend(errors);
    }

    fn further_documents(&self) -> Vec<(String, &String)> {
        let items = self.items.iter().map(|item| &item.document_ids).enumerate();
        let named = items.flat_map(|(item, ids)| {
            let at = move |index| format!("/items/{item}/document_ids/{index}");
            ids.iter().enumerate().map(move |(index, id)| (at(index), id))
        });
        named.collect()
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let subs = &deciding.data.subs;
        let consultations = ids::<Consultation>(&subs.consultations, |_| true);
        let assignments = ids(&subs.assignments, |assignment| assignment.answer.is_some());
        let known = ItemReferences {
            consultations: consultations.iter().map(String::as_str).collect(),
            searched_assignments: assignments.iter().map(String::as_str).collect(),
            answered: deciding.ctx.lookups.answered.iter().map(String::as_str).collect(),
            documents: deciding.ctx.lookups.documents.iter().map(String::as_str).collect(),
        };
        let errors = reply::check_items(deciding.data.kind(), &self.items, self.principal(), &known);
        none_wrong::<Rejection>(errors)?;
        let mut outcomes = self.items.iter().map(|item| item.outcome);
        if outcomes.any(|outcome| outcome == Outcome::ExcessiveUnjustified) {
            reasons::are_wanting(deciding.data, deciding.on)?;
        }
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"items": [
            {"description": "补偿安置方案", "outcome": "granted", "where": "县政府网站“政府信息公开”专栏"},
        ]})
    }
}

impl Told for DraftReply {
    const PRIVATE: &'static [&'static str] = &["items"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let earlier = data.draft.take();
        // Passed with changes: what is drafted now are the changes, and no second legal review is needed (Art 17).
        let changes_of = earlier.as_ref().and_then(|draft| draft.changes_of);
        let version = earlier.as_ref().map_or(0, |draft| draft.version);
        let verdicts: Vec<_> = match earlier {
            None => self.items.iter().map(|_| None).collect(),
            Some(draft) => reply::carried_items(&draft.items, &self.items)
                .into_iter()
                .map(|from| from.and_then(|index| draft.verdicts.get(index).copied().flatten()))
                .collect(),
        };
        let draft = Draft {
            items: self.items.clone(),
            principal: self.principal(),
            drafted_by: entry.by,
            edited_by: Vec::new(),
            drafted_on: entry.on,
            verdicts: verdicts.clone(),
            legally_passed: changes_of.is_some(),
            changes_of,
            approved_on: None,
            seq: entry.seq,
            version: version + 1,
        };
        data.subs.settle::<SecrecyReview>(SubStatus::Ended, entry.on);
        if !draft.is_released() {
            data.subs.begin(entry.seq, entry.on, None, SecrecyReview { verdicts });
        }
        data.reached_draft = true;
        data.draft = Some(draft);
    }
}

impl Step for ReviewSecrecy {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.list("/verdicts", &self.verdicts, 1, |check, at, verdict| {
            check.optional_line(&format!("{at}/ground"), verdict.ground.as_ref());
            check.optional_note(&format!("{at}/note"), verdict.note.as_ref());
        });
    }

    fn since(&self, data: &CaseData) -> Since {
        since_draft(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let items = deciding.data.draft.as_ref().map_or(0, |draft| draft.items.len());
        let mut errors = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, verdict) in self.verdicts.iter().enumerate() {
            let there = index(verdict.item).is_some_and(|item| item < items);
            if !there || !seen.insert(verdict.item) {
                errors.push(FieldError::new(
                    format!("/verdicts/{place}/item"),
                    format!("答复稿共有 {items} 项，序号从 0 起，每项只能审查一次。"),
                    format!("The draft has {items} items, counted from 0; give one verdict an item."),
                ));
            }
        }
        none_wrong::<Rejection>(errors)?;
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"verdicts": [{"item": 0, "verdict": "release"}]})
    }
}

impl Told for ReviewSecrecy {
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let Some(draft) = &mut data.draft else { return };
        for verdict in &self.verdicts {
            if let Some(slot) = index(verdict.item).and_then(|index| draft.verdicts.get_mut(index)) {
                *slot = Some(verdict.verdict);
            }
        }
        let mut items = draft.items.iter().zip(&draft.verdicts);
        let done = items.all(|(item, verdict)| verdict.is_some() || !item.needs_secrecy_verdict());
        for sub in data.subs.secrecy_reviews.iter_mut().filter(|sub| sub.is_open()) {
            sub.detail.verdicts.clone_from(&draft.verdicts);
            if done {
                sub.close(SubStatus::Passed, entry.on);
            }
        }
    }
}
