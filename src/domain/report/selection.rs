//! The cases behind a cell of table 三, as bounds on dates that a list can be asked for.

use chrono::NaiveDate;

use super::requests::{ReportColumn, Row};
use crate::domain::reply::Outcome;

/// When the counted ending of a case lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndingBounds {
    /// At any time or not yet.
    Any,
    /// From the first to the second day, both included.
    Within(NaiveDate, NaiveDate),
    /// Not yet, or on this day or later.
    OpenOrFrom(NaiveDate),
}

/// Which received disclosure cases stand in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellSelection {
    pub received_from: Option<NaiveDate>,
    pub received_to: NaiveDate,
    pub ended: EndingBounds,
    /// `None`: whatever the outcome.
    pub outcome: Option<Outcome>,
    pub column: ReportColumn,
}

impl CellSelection {
    /// The cases of a cell of the report of `year`: those that [`super::rows_of`] puts there. `None` for a year that no
    /// date can have.
    pub fn of(year: i32, row: Row, column: ReportColumn) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
        let in_year = EndingBounds::Within(first, last);
        let (received_from, received_to, ended) = if row == Row::RECEIVED {
            (Some(first), last, EndingBounds::Any)
        } else if row == Row::CARRIED_IN {
            (None, first.pred_opt()?, EndingBounds::OpenOrFrom(first))
        } else if row == Row::CARRIED_OUT {
            (None, last, EndingBounds::OpenOrFrom(last.succ_opt()?))
        } else {
            (None, last, in_year)
        };
        Some(Self {
            received_from,
            received_to,
            ended,
            outcome: Outcome::from_row(row.code()),
            column,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::super::requests::{Column, rows_of};
    use super::*;

    fn selects(
        selection: &CellSelection,
        column: Column,
        received: NaiveDate,
        end: Option<(NaiveDate, Outcome)>,
    ) -> bool {
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
}
