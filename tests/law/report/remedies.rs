//! Table 四: where a remedy stands.

use gongkai::domain::report::remedies::*;

#[test]
fn a_remedy_stands_where_it_was_decided_and_pends_before() {
    let filed_2022_decided_2024 = Some((2024, RemedyResult::Corrected));
    for (year, expected) in [
        (2021, None),
        (2022, Some(None)),
        (2023, Some(None)),
        (2024, Some(Some(RemedyResult::Corrected))),
        (2025, None),
    ] {
        assert_eq!(standing(year, 2022, filed_2022_decided_2024), expected, "{year}");
    }
    assert_eq!(standing(2025, 2022, None), Some(None));
}

#[test]
fn numbers_add_up_in_their_row() {
    let remedy = |kind, decided, number| RemedyCount {
        kind,
        filed_year: 2023,
        decided,
        number,
    };
    let table = RemedyTable::count(
        2023,
        [
            remedy(RemedyKind::Reconsideration, Some((2023, RemedyResult::Upheld)), 309),
            remedy(RemedyKind::Reconsideration, Some((2023, RemedyResult::Corrected)), 17),
            remedy(RemedyKind::Reconsideration, Some((2023, RemedyResult::Other)), 88),
            remedy(RemedyKind::Reconsideration, None, 26),
            remedy(RemedyKind::DirectSuit, Some((2024, RemedyResult::Upheld)), 6),
        ],
    );
    assert_eq!(table.reconsideration, [309, 17, 88, 26, 440]);
    assert_eq!(table.direct_suit, [0, 0, 0, 6, 6]);
    assert_eq!(table.row(RemedyKind::SuitAfterReconsideration), [0; 5]);
}

#[test]
fn codes_are_those_of_the_wire() {
    for kind in RemedyKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
    for result in RemedyResult::ALL {
        assert_eq!(serde_json::to_value(result).unwrap(), result.code());
    }
}
