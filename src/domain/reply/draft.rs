//! What the items of a draft make together: the outcome of the case, and which reviews the draft needs.

use super::item::{ItemReferences, ReplyItem, outcome_not_given};
use super::outcome::{CaseKind, Outcome, OutcomeCause};
use crate::domain::words::codes::codes;
use crate::domain::words::text::FieldError;

const MAX_ITEMS: usize = 200;

/// Everything that is impossible about a draft by itself, with pointers such as `/items/0/where`; empty when it is complete.
pub fn check_items(
    kind: CaseKind,
    items: &[ReplyItem],
    principal: Option<usize>,
    known: &ItemReferences<'_>,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if items.len() > MAX_ITEMS {
        errors.push(FieldError::new(
            "/items",
            format!("一次答复最多 {MAX_ITEMS} 个事项，请合并后重新提交。"),
            format!("A reply has at most {MAX_ITEMS} items; combine some."),
        ));
        return errors;
    }
    for (index, item) in items.iter().enumerate() {
        item.check(index, kind, known, &mut errors);
    }
    if let Err(error) = case_outcome(kind, items, principal)
        && !errors.iter().any(|known| known.pointer == error.pointer)
    {
        errors.push(error);
    }
    errors
}

/// The outcome of a case from the items of its reply (Art 37; table 三 counts a divided reply only as partly granted).
///
/// Items that all carry the same outcome and cause need no principal. Everything granted is `granted`, with the cause
/// `already_public` only where it holds for every item. Something granted beside something withheld (r05–r12) is
/// `partly_granted`, whatever else the reply says. Every other mix is named by its principal item.
///
/// # Errors
/// `/items` when there is none; `/principal` when it is needed and absent, or names no item; `/items/N/outcome` when an
/// outcome does not belong to the kind of case.
pub fn case_outcome(
    kind: CaseKind,
    items: &[ReplyItem],
    principal: Option<usize>,
) -> Result<(Outcome, Option<OutcomeCause>), FieldError> {
    let Some(first) = items.first() else {
        return Err(FieldError::missing("/items"));
    };
    if let Some(index) = items.iter().position(|item| !item.outcome.given_for_item(kind)) {
        return Err(outcome_not_given(index, kind));
    }
    let chosen = match principal {
        None => None,
        Some(index) => Some(items.get(index).ok_or_else(|| {
            FieldError::new(
                "/principal",
                format!(
                    "主要事项的序号从 0 起，最大为 {}，请改正。",
                    items.len().saturating_sub(1)
                ),
                format!(
                    "The principal item's index counts from 0 and is at most {}.",
                    items.len().saturating_sub(1)
                ),
            )
        })?),
    };
    if items
        .iter()
        .all(|item| (item.outcome, item.cause) == (first.outcome, first.cause))
    {
        return Ok((first.outcome, first.cause));
    }
    let granted = |item: &ReplyItem| item.outcome == Outcome::Granted;
    if items.iter().all(granted) {
        return Ok((Outcome::Granted, None));
    }
    if items.iter().any(granted) && items.iter().any(|item| item.outcome.is_withheld()) {
        return Ok((Outcome::PartlyGranted, None));
    }
    chosen.map(|item| (item.outcome, item.cause)).ok_or_else(|| {
        FieldError::new(
            "/principal",
            "各事项的处理结果不同且不属于部分公开，请用 principal 指明以哪一项作为本件的办理结果。",
            "The items end differently and do not make a partial grant; name in `principal` the item that counts for the case.",
        )
    })
}

codes! {
    /// The verdict of the secrecy review on one item (Art 17: nothing is released without it).
    pub enum SecrecyVerdict {
        Release "release" "可以公开",
        Redact "redact" "遮盖后公开",
        Withhold "withhold" "不得公开",
    }
}

impl SecrecyVerdict {
    /// Whether the item may leave the agency, whole or redacted.
    pub fn releases(self) -> bool {
        match self {
            Self::Release | Self::Redact => true,
            Self::Withhold => false,
        }
    }
}

/// Indexes of the items that may not be released yet: granted, without a verdict or with the verdict to withhold.
///
/// `verdicts` holds (index, verdict); of several on one item the last counts.
pub fn items_without_release(items: &[ReplyItem], verdicts: &[(usize, SecrecyVerdict)]) -> Vec<usize> {
    items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.needs_secrecy_verdict())
        .map(|(index, _)| index)
        .filter(|index| {
            !verdicts
                .iter()
                .rev()
                .find(|(item, _)| item == index)
                .is_some_and(|(_, verdict)| verdict.releases())
        })
        .collect()
}

/// Whether the draft needs a legal pass before approval: anything in it is withheld, refused or not processed.
pub fn needs_legal_pass(items: &[ReplyItem]) -> bool {
    items.iter().any(|item| !item.outcome.gives_what_was_asked())
}

/// For each item of the new draft, the item of the old draft whose secrecy verdict it keeps.
///
/// A verdict is about exactly what was read: any change of an item voids it, a mere change of place does not.
pub fn carried_items(old: &[ReplyItem], new: &[ReplyItem]) -> Vec<Option<usize>> {
    new.iter()
        .enumerate()
        .map(|(index, item)| match old.get(index) {
            Some(same) if same == item => Some(index),
            _ => old.iter().position(|earlier| earlier == item),
        })
        .collect()
}

/// Whether an earlier legal pass still covers the new draft: the same items, in the same order, with the same principal.
pub fn legal_pass_stands(old: (&[ReplyItem], Option<usize>), new: (&[ReplyItem], Option<usize>)) -> bool {
    old == new
}
