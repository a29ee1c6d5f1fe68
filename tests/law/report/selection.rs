//! The cases behind a cell are those it counts.

use chrono::Datelike;
use chrono::NaiveDate;
use proptest::prelude::*;

use gongkai::domain::reply::Outcome;
use gongkai::domain::report::requests::{Column, rows_of};
use gongkai::domain::report::requests::{ReportColumn, Row};
use gongkai::domain::report::selection::*;

fn selects(selection: &CellSelection, column: Column, received: NaiveDate, end: Option<(NaiveDate, Outcome)>) -> bool {
    let ended = match (selection.ended, end) {
        (EndingBounds::Any, _) | (EndingBounds::OpenOrFrom(_), None) => true,
        (EndingBounds::Within(from, to), Some((on, _))) => from <= on && on <= to,
        (EndingBounds::Within(..), None) => false,
        (EndingBounds::OpenOrFrom(from), Some((on, _))) => on >= from,
    };
    ended
        && selection.received_from.is_none_or(|from| received >= from)
        && received <= selection.received_to
        && selection
            .outcome
            .is_none_or(|wanted| end.is_some_and(|(_, outcome)| outcome == wanted))
        && selection.column.holds(column)
}

proptest! {
    #[test]
    fn a_case_is_selected_by_exactly_the_cells_it_counts_in(
        received in 0u64..1500, lasted in proptest::option::of(0u64..900), leaf in 0usize..21, kind in 0usize..6
    ) {
        let start = NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
        let received = start + chrono::Days::new(received);
        let end = lasted.map(|days| (received + chrono::Days::new(days), Outcome::LEAVES[leaf]));
        let column = Column::ALL[kind];
        for year in 2020..2029 {
            let counted = rows_of(year, received.year(), end.map(|(on, outcome)| (on.year(), outcome)));
            for row in Row::all() {
                for cell_column in ReportColumn::all() {
                    let selection = CellSelection::of(year, row, cell_column).unwrap();
                    prop_assert_eq!(
                        selects(&selection, column, received, end),
                        counted.contains(&row) && cell_column.holds(column),
                        "{} {}/{}", year, row.code(), cell_column.code()
                    );
                }
            }
        }
    }
}
