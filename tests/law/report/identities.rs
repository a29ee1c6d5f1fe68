//! Published tables hold the identities of the form, and one changed number breaks them.

use proptest::prelude::*;

use gongkai::domain::reply::Outcome;
use gongkai::domain::report::identities::*;
use gongkai::domain::report::remedies::RemedyTable;
use gongkai::domain::report::requests::GroupedCount;
use gongkai::domain::report::requests::{Column, ReportColumn, RequestTable, Row};

/// 宿迁市政府信息公开工作2023年度报告, table 三.
const SUQIAN_2023: [[u64; 7]; 25] = [
    [3402, 99, 0, 4, 5, 1, 3511],
    [91, 3, 0, 0, 2, 0, 96],
    [1175, 12, 0, 3, 1, 0, 1191],
    [319, 7, 0, 0, 2, 0, 328],
    [0, 0, 0, 0, 0, 0, 0],
    [27, 0, 0, 0, 0, 0, 27],
    [6, 0, 0, 0, 0, 0, 6],
    [38, 0, 0, 0, 0, 0, 38],
    [20, 0, 0, 0, 0, 0, 20],
    [9, 0, 0, 0, 0, 0, 9],
    [21, 0, 0, 0, 0, 0, 21],
    [20, 1, 0, 0, 0, 0, 21],
    [968, 74, 0, 1, 3, 1, 1047],
    [26, 2, 0, 0, 0, 0, 28],
    [3, 0, 0, 0, 0, 0, 3],
    [305, 0, 0, 0, 0, 0, 305],
    [39, 0, 0, 0, 0, 0, 39],
    [0, 0, 0, 0, 0, 0, 0],
    [58, 0, 0, 0, 0, 0, 58],
    [4, 0, 0, 0, 0, 0, 4],
    [40, 0, 0, 0, 0, 0, 40],
    [10, 0, 0, 0, 0, 0, 10],
    [287, 3, 0, 0, 1, 0, 291],
    [3375, 99, 0, 4, 7, 1, 3486],
    [118, 3, 0, 0, 0, 0, 121],
];

fn published() -> RequestTable {
    let mut table = RequestTable::default();
    for (row, cells) in Row::all().zip(SUQIAN_2023) {
        for (column, number) in ReportColumn::all().zip(cells) {
            table.set(row, column, number);
        }
    }
    table
}

fn suqian_remedies() -> RemedyTable {
    RemedyTable {
        reconsideration: [309, 17, 88, 26, 440],
        direct_suit: [1, 1, 16, 6, 24],
        suit_after_reconsideration: [13, 0, 67, 9, 89],
    }
}

/// Cases that give the published column: those carried in end first, the rest were received in the year.
fn cases_behind(table: &RequestTable) -> Vec<GroupedCount> {
    let mut groups = Vec::new();
    for &column in Column::ALL {
        let number = |row| table.get(row, ReportColumn::Kind(column));
        let mut carried_in = number(Row::CARRIED_IN);
        let ends = Outcome::LEAVES
            .iter()
            .map(|&leaf| (Some((2023, leaf)), number(Row::of(leaf).unwrap())))
            .chain([(None, number(Row::CARRIED_OUT))]);
        for (ended, all) in ends {
            let old = carried_in.min(all);
            carried_in -= old;
            for (received_year, number) in [(2022, old), (2023, all - old)] {
                groups.push(GroupedCount {
                    column,
                    received_year,
                    ended,
                    number,
                });
            }
        }
    }
    groups
}

#[test]
fn a_published_report_is_reached_from_its_cases_and_holds() {
    let counted = RequestTable::count(2023, cases_behind(&published()));
    assert_eq!(counted.differences(&published()), []);
    for identity in identities(&counted, &suqian_remedies()) {
        assert!(identity.holds, "{identity:?}");
    }
    // What was open at the end of the year is what the next one begins with.
    let next = RequestTable::count(2024, cases_behind(&published()));
    assert_eq!(next.row(Row::CARRIED_IN), [118, 3, 0, 0, 0, 0, 121]);
    assert!(carried_over(&counted, &next).holds);
}

#[test]
fn a_changed_cell_is_named_by_every_identity_it_breaks() {
    let business = ReportColumn::Kind(Column::Business);
    for (row, column, broken) in [
        (Row::RECEIVED, business, &["I1", "I3"][..]),
        (Row::of(Outcome::NotHeld).unwrap(), business, &["I2", "I3"]),
        (Row::ENDED, ReportColumn::Total, &["I1", "I2", "I3"]),
        (Row::CARRIED_OUT, business, &["I1", "I3"]),
    ] {
        let mut table = published();
        table.set(row, column, table.get(row, column) + 1);
        let checked = identities(&table, &suqian_remedies());
        let failed: Vec<_> = checked.iter().filter(|identity| !identity.holds).collect();
        assert_eq!(failed.iter().map(|identity| identity.id).collect::<Vec<_>>(), broken);
        for identity in failed {
            assert_eq!(identity.failures.len(), 1, "{identity:?}");
            assert!(identity.failures[0].cells.contains(&cell(row, column)), "{identity:?}");
        }
    }
}

#[test]
fn a_wrong_total_of_remedies_is_named() {
    let mut remedies = suqian_remedies();
    remedies.direct_suit[4] = 25;
    let checked = identities(&published(), &remedies);
    let failed: Vec<_> = checked.iter().filter(|identity| !identity.holds).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].id, "I6");
    assert_eq!(failed[0].failures[0].cells[4], "direct_suit/total");
    assert_eq!((failed[0].failures[0].left, failed[0].failures[0].right), (25, 24));
    assert_eq!(
        failed[0].failures[0].detail,
        "表四“未经复议直接起诉”：总计应等于维持、纠正、其他与尚未审结之和：现为 25 与 24，请核对。"
    );
}

#[test]
fn a_gap_between_years_is_named() {
    let mut next = RequestTable::default();
    next.set(Row::CARRIED_IN, ReportColumn::Total, 120);
    let identity = carried_over(&published(), &next);
    assert!(!identity.holds);
    assert_eq!(identity.failures[0].cells, ["r25/total", "r02/total"]);
}

fn any_case() -> impl Strategy<Value = GroupedCount> {
    let ending = proptest::option::of((0i32..4, proptest::sample::select(Outcome::LEAVES.to_vec())));
    (
        proptest::sample::select(Column::ALL.to_vec()),
        2019i32..2024,
        ending,
        0u64..50,
    )
        .prop_map(|(column, received_year, ending, number)| GroupedCount {
            column,
            received_year,
            ended: ending.map(|(later, leaf)| (received_year + later, leaf)),
            number,
        })
}

proptest! {
    #[test]
    fn whatever_is_counted_adds_up_and_carries_over(cases in proptest::collection::vec(any_case(), 0..60)) {
        for year in 2018..2028 {
            let this = RequestTable::count(year, cases.iter().copied());
            for identity in identities(&this, &RemedyTable::default()) {
                prop_assert!(identity.holds, "{} {:?}", year, identity);
            }
            let next = RequestTable::count(year + 1, cases.iter().copied());
            prop_assert_eq!(this.row(Row::CARRIED_OUT), next.row(Row::CARRIED_IN));
        }
    }
}
