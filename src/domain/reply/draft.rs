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

#[cfg(test)]
mod tests {
    use super::*;

    fn item(outcome: Outcome) -> ReplyItem {
        ReplyItem::new("2024年度补偿方案", outcome)
    }

    fn items(outcomes: &[Outcome]) -> Vec<ReplyItem> {
        outcomes.iter().copied().map(item).collect()
    }

    #[test]
    fn several_items_make_one_outcome() {
        use Outcome::*;
        type Expected = Result<Outcome, &'static str>;
        let table: &[(&[Outcome], Option<usize>, Expected)] = &[
            (&[], None, Err("/items")),
            (&[Granted], None, Ok(Granted)),
            (&[StateSecret], None, Ok(StateSecret)),
            (&[Granted, Granted], None, Ok(Granted)),
            (&[Granted, AdministrativeQuery], None, Ok(PartlyGranted)),
            (&[ThirdPartyRights, Granted], Some(0), Ok(PartlyGranted)),
            (&[Granted, ThirdPartyRights, NotHeld], None, Ok(PartlyGranted)),
            (&[Granted, NotHeld], None, Err("/principal")),
            (&[Granted, NotHeld], Some(0), Ok(Granted)),
            (&[Granted, NotHeld], Some(1), Ok(NotHeld)),
            (&[Granted, NotHeld], Some(2), Err("/principal")),
            (&[Granted], Some(1), Err("/principal")),
            (&[StateSecret, InternalAffairs], None, Err("/principal")),
            (&[StateSecret, InternalAffairs], Some(1), Ok(InternalAffairs)),
            (&[Repeated, Repeated], None, Ok(Repeated)),
            (&[Granted, PartlyGranted], Some(0), Err("/items/1/outcome")),
            (&[Granted, Corrected], Some(0), Err("/items/1/outcome")),
        ];
        for (outcomes, principal, expected) in table {
            let got = case_outcome(CaseKind::Disclosure, &items(outcomes), *principal);
            let got = got
                .as_ref()
                .map(|(outcome, _)| *outcome)
                .map_err(|e| e.pointer.as_str());
            assert_eq!(got, *expected, "{outcomes:?} {principal:?}");
        }
    }

    #[test]
    fn a_correction_has_outcomes_of_its_own() {
        let mixed = items(&[Outcome::Corrected, Outcome::NotCorrected]);
        assert_eq!(
            case_outcome(CaseKind::Correction, &mixed, Some(1)),
            Ok((Outcome::NotCorrected, None))
        );
        assert!(case_outcome(CaseKind::Correction, &mixed, None).is_err());
        assert!(case_outcome(CaseKind::Correction, &items(&[Outcome::Granted]), None).is_err());
    }

    #[test]
    fn the_cause_stays_only_where_it_is_common() {
        let public = ReplyItem {
            cause: Some(OutcomeCause::AlreadyPublic),
            ..item(Outcome::Granted)
        };
        let outcome = |items: &[ReplyItem], principal| case_outcome(CaseKind::Disclosure, items, principal);
        assert_eq!(
            outcome(&[public.clone(), public.clone()], None),
            Ok((Outcome::Granted, Some(OutcomeCause::AlreadyPublic)))
        );
        assert_eq!(
            outcome(&[public, item(Outcome::Granted)], Some(0)),
            Ok((Outcome::Granted, None))
        );
        let not_held = |cause| ReplyItem {
            cause: Some(cause),
            ..item(Outcome::NotHeld)
        };
        let two = [
            not_held(OutcomeCause::NotExisting),
            not_held(OutcomeCause::NotOurAgency),
        ];
        assert_eq!(outcome(&two, None).map_err(|e| e.pointer), Err("/principal".to_owned()));
        assert_eq!(
            outcome(&two, Some(1)),
            Ok((Outcome::NotHeld, Some(OutcomeCause::NotOurAgency)))
        );
    }

    #[test]
    fn only_a_releasing_verdict_lets_a_granted_item_out() {
        use SecrecyVerdict::*;
        let draft = items(&[Outcome::Granted, Outcome::StateSecret, Outcome::Granted]);
        assert_eq!(items_without_release(&draft, &[]), [0, 2]);
        assert_eq!(items_without_release(&draft, &[(0, Release), (2, Withhold)]), [2]);
        assert_eq!(
            items_without_release(&draft, &[(0, Withhold), (0, Redact), (2, Release)]),
            [0usize; 0]
        );
    }

    #[test]
    fn what_is_not_given_passes_the_lawyers() {
        use Outcome::*;
        for (outcomes, expected) in [
            (&[Granted, Granted][..], false),
            (&[Granted, ProcessInformation], true),
            (&[NotHeld], true),
            (&[PetitionComplaint], true),
            (&[Corrected], false),
            (&[NotCorrected], true),
        ] {
            assert_eq!(needs_legal_pass(&items(outcomes)), expected, "{outcomes:?}");
        }
    }

    #[test]
    fn a_changed_item_loses_its_verdict_and_a_moved_one_keeps_it() {
        let a = item(Outcome::Granted);
        let b = ReplyItem::new("会议纪要", Outcome::Granted);
        let changed = ReplyItem {
            document_ids: vec!["d1".into()],
            ..b.clone()
        };
        assert_eq!(
            carried_items(&[a.clone(), b.clone()], &[b.clone(), a.clone()]),
            [Some(1), Some(0)]
        );
        assert_eq!(
            carried_items(&[a.clone(), b.clone()], &[a.clone(), changed]),
            [Some(0), None]
        );
        let old = [a.clone(), b.clone()];
        assert!(legal_pass_stands((&old, None), (&[a.clone(), b.clone()], None)));
        assert!(!legal_pass_stands((&old, None), (&[b, a], None)));
        assert!(!legal_pass_stands((&old, None), (&old, Some(0))));
    }
}
