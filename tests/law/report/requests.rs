//! Table 三: rows, columns and what a case counts in.

use chrono::NaiveDate;

use gongkai::domain::reply::Outcome;
use gongkai::domain::report::requests::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn rows_and_columns_are_those_of_the_form() {
    assert_eq!(Row::results().count(), 21);
    for row in Row::results() {
        let leaf = Outcome::from_row(row.code()).unwrap();
        assert!(row.label().ends_with(leaf.label()), "{}", row.code());
        assert_eq!(Row::of(leaf), Some(row));
    }
    assert_eq!(Row::of(Outcome::Corrected), None);
    assert_eq!(
        ReportColumn::all().map(ReportColumn::code).collect::<Vec<_>>(),
        COLUMN_CODES
    );
    for (position, column) in ReportColumn::all().enumerate() {
        assert_eq!(column.position(), position);
        assert_eq!(ReportColumn::from_code(column.code()), Some(column));
    }
}

#[test]
fn a_case_counts_by_receipt_and_by_ending() {
    let granted = |year| Some((year, Outcome::Granted));
    for (received, ended, expected) in [
        (2023, granted(2023), &["r01", "r03", "r24"][..]),
        (2023, None, &["r01", "r25"]),
        (2023, granted(2024), &["r01", "r25"]),
        (2022, granted(2023), &["r02", "r03", "r24"]),
        (2021, None, &["r02", "r25"]),
        (2022, granted(2022), &[]),
        (2024, None, &[]),
        (2023, granted(2022), &["r01"]),
    ] {
        let rows: Vec<_> = rows_of(2023, received, ended).into_iter().map(Row::code).collect();
        assert_eq!(rows, expected, "{received} {ended:?}");
    }
}

#[test]
fn the_last_day_of_the_year_still_counts() {
    let case = |received: &str, ended: Option<&str>| CountedCase {
        column: Column::Business,
        received_on: day(received),
        ended: ended.map(|on| (day(on), Outcome::NotHeld)),
    };
    let cases = [
        case("2022-12-31", Some("2023-12-31")),
        case("2023-01-01", Some("2024-01-01")),
    ];
    let table = RequestTable::count(2023, cases);
    let business = ReportColumn::Kind(Column::Business);
    let column: Vec<_> = Row::all()
        .map(|row| (row.code(), table.get(row, business)))
        .filter(|(_, number)| *number > 0)
        .collect();
    assert_eq!(column, [("r01", 1), ("r02", 1), ("r13", 1), ("r24", 1), ("r25", 1)]);
    assert_eq!(table.row(Row::CARRIED_OUT), [0, 1, 0, 0, 0, 0, 1]);
}

#[test]
fn the_first_ending_stays() {
    let first = (day("2023-05-04"), Outcome::StateSecret);
    let second = (day("2023-11-20"), Outcome::Granted);
    assert_eq!(counted_ending(&[second, first]), Some(first));
    let same_day = (first.0, Outcome::Granted);
    assert_eq!(counted_ending(&[first, same_day]), Some(first));
    assert_eq!(counted_ending(&[]), None);
}

#[test]
fn a_stored_table_reads_back_and_a_broken_one_does_not() {
    let mut table = RequestTable::default();
    table.set(Row::ENDED, ReportColumn::Total, 7);
    let mut json = serde_json::to_value(&table).unwrap();
    assert_eq!(serde_json::from_value::<RequestTable>(json.clone()).unwrap(), table);
    let changed = RequestTable::default().differences(&table);
    assert_eq!(
        changed,
        [CellDifference {
            row: "r24",
            column: "total",
            was: 7,
            is: 0
        }]
    );
    json.as_object_mut().unwrap().remove("r07");
    assert!(serde_json::from_value::<RequestTable>(json.clone()).is_err());
    json["r26"] = serde_json::json!([0, 0, 0, 0, 0, 0, 0]);
    assert!(serde_json::from_value::<RequestTable>(json).is_err());
}
