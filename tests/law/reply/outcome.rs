//! The leaves of the national form.

use gongkai::domain::instrument::code::InstrumentCode;
use gongkai::domain::reply::outcome::*;
use gongkai::domain::words::codes::Coded;

#[test]
fn leaves_stand_in_the_order_of_the_form() {
    let rows: Vec<_> = Outcome::LEAVES
        .iter()
        .map(|leaf| leaf.row().unwrap().to_owned())
        .collect();
    let expected: Vec<_> = (3..=23).map(|row| format!("r{row:02}")).collect();
    assert_eq!(rows, expected);
    assert!(Outcome::LEAVES.is_sorted());
    assert!(Outcome::CORRECTIONS.iter().all(|outcome| outcome.row().is_none()));
}

#[test]
fn codes_are_those_of_the_wire() {
    for &outcome in Outcome::ALL {
        let wire = serde_json::to_value(outcome).unwrap();
        assert_eq!(wire, outcome.code());
        assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
    }
    for &cause in OutcomeCause::ALL {
        assert_eq!(serde_json::to_value(cause).unwrap(), cause.code());
        assert_eq!(OutcomeCause::from_code(cause.code()), Some(cause));
    }
    for kind in CaseKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
    assert_eq!(Outcome::from_row("r16"), Some(Outcome::PetitionComplaint));
    assert_eq!(Outcome::from_row("r24"), None);
}

#[test]
fn groups_are_the_headings_of_the_form() {
    let count = |group| Outcome::LEAVES.iter().filter(|leaf| leaf.group() == group).count();
    assert_eq!(
        [
            Group::Granted,
            Group::PartlyGranted,
            Group::Withheld,
            Group::CannotProvide,
            Group::NotProcessed,
            Group::OtherHandling
        ]
        .map(count),
        [1, 1, 8, 3, 5, 3]
    );
    assert!(Outcome::AdministrativeQuery.is_withheld() && !Outcome::NotHeld.is_withheld());
}

#[test]
fn letters_depend_on_the_cause_where_one_leaf_has_two() {
    assert_eq!(Outcome::Granted.document_kind(None), Some(InstrumentCode::D20));
    assert_eq!(
        Outcome::Granted.document_kind(Some(OutcomeCause::AlreadyPublic)),
        Some(InstrumentCode::D21)
    );
    assert_eq!(
        Outcome::NotHeld.document_kind(Some(OutcomeCause::NotOurAgency)),
        Some(InstrumentCode::D31)
    );
    assert_eq!(Outcome::Other.document_kind(Some(OutcomeCause::Withdrawn)), None);
}
