//! Table 四, reconsiderations and suits over disclosure: three rows of four results and their total.

use crate::domain::words::codes::codes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

codes! {
    /// The way a decision is contested.
    pub enum RemedyKind {
        Reconsideration "reconsideration" "行政复议",
        DirectSuit "direct_suit" "未经复议直接起诉",
        SuitAfterReconsideration "suit_after_reconsideration" "复议后起诉",
    }

    /// How a remedy was decided; none while it is pending 尚未审结.
    pub enum RemedyResult {
        Upheld "upheld" "结果维持",
        Corrected "corrected" "结果纠正",
        Other "other" "其他结果",
    }
}

/// How many remedies share a kind, a year of filing, and a year and result of decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemedyCount {
    pub kind: RemedyKind,
    pub filed_year: i32,
    pub decided: Option<(i32, RemedyResult)>,
    pub number: u64,
}

/// Where a remedy stands in the report of `year`: under its result if it was decided in that year, as pending
/// (`Some(None)`) if it was open at its end, else nowhere (`None`).
pub fn standing(year: i32, filed_year: i32, decided: Option<(i32, RemedyResult)>) -> Option<Option<RemedyResult>> {
    if filed_year > year {
        return None;
    }
    match decided {
        Some((decided_year, _)) if decided_year < year => None,
        Some((decided_year, result)) if decided_year == year => Some(Some(result)),
        _ => Some(None),
    }
}

/// The cells of table 四: upheld, corrected, other, pending, total in each row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedyTable {
    pub reconsideration: [u64; 5],
    pub direct_suit: [u64; 5],
    pub suit_after_reconsideration: [u64; 5],
}

impl RemedyTable {
    /// The codes of the columns in their order.
    pub const COLUMN_CODES: [&str; 5] = ["upheld", "corrected", "other", "pending", "total"];

    /// Counts the remedies of the report of `year`.
    pub fn count(year: i32, remedies: impl IntoIterator<Item = RemedyCount>) -> Self {
        let mut table = Self::default();
        for remedy in remedies {
            if let Some(result) = standing(year, remedy.filed_year, remedy.decided) {
                table.add(remedy.kind, result, remedy.number);
            }
        }
        table
    }

    /// The five cells of a row, the total last.
    pub fn row(&self, kind: RemedyKind) -> [u64; 5] {
        match kind {
            RemedyKind::Reconsideration => self.reconsideration,
            RemedyKind::DirectSuit => self.direct_suit,
            RemedyKind::SuitAfterReconsideration => self.suit_after_reconsideration,
        }
    }

    /// Adds remedies under their result, or as pending, and to the total.
    pub fn add(&mut self, kind: RemedyKind, result: Option<RemedyResult>, number: u64) {
        let row = match kind {
            RemedyKind::Reconsideration => &mut self.reconsideration,
            RemedyKind::DirectSuit => &mut self.direct_suit,
            RemedyKind::SuitAfterReconsideration => &mut self.suit_after_reconsideration,
        };
        let [upheld, corrected, other, pending, total] = row;
        let cell = match result {
            Some(RemedyResult::Upheld) => upheld,
            Some(RemedyResult::Corrected) => corrected,
            Some(RemedyResult::Other) => other,
            None => pending,
        };
        *cell = cell.saturating_add(number);
        *total = total.saturating_add(number);
    }
}
