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
