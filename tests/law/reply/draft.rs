//! Several items make one reply.

use gongkai::domain::reply::draft::*;
use gongkai::domain::reply::item::ReplyItem;
use gongkai::domain::reply::outcome::{CaseKind, Outcome, OutcomeCause};

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
