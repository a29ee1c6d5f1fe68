//! Information processing fee 信息处理费 (Art 42; 国办函〔2020〕109号): two schemes of marginal tiers, line by line.
//!
//! The fee restrains excessive applications, it does not recover costs. One application is charged by one scheme, never
//! both. This file owns the tiers and the arithmetic; when a notice may be issued is the workflow's, when it must be
//! paid the clock's.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::words::codes::codes;
use crate::domain::words::text::FieldError;

/// Most applications (件) or pages one notice may charge; above it something was miskeyed.
const MAX_COUNT: u32 = 100_000;
/// Highest ordinal of an application in its month that is computed.
const MAX_ORDINAL: u32 = 100_000;

codes! {
    /// How one application is charged.
    pub enum FeeScheme {
        /// By its ordinal among the applicant's applications to the agency in the calendar month.
        PerRequest "per_request" "按件",
        /// By its pages, one side of A4 or smaller each; never summed across applications.
        PerPage "per_page" "按量",
    }
}

impl FeeScheme {
    /// The last unit of the tier in which `unit` (from 1) falls, and the tier's rate in yuan; no last unit: open-ended.
    fn tier(self, unit: u32) -> (Option<u32>, u32) {
        match self {
            Self::PerRequest => match unit {
                0..=10 => (Some(10), 0),
                11..=30 => (Some(30), 100),
                // From the 31st on each further ten cost 100 yuan more apiece.
                _ => {
                    let step = (unit - 31) / 10;
                    let last = step.saturating_mul(10).saturating_add(40);
                    (Some(last), step.saturating_add(2).saturating_mul(100))
                }
            },
            Self::PerPage => match unit {
                0..=30 => (Some(30), 0),
                31..=100 => (Some(100), 10),
                101..=200 => (Some(200), 20),
                _ => (None, 40),
            },
        }
    }
}

/// One line of the arithmetic a fee notice shows: units `from` to `to`, both included, at `rate` yuan each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeeLine {
    pub from: u32,
    pub to: u32,
    /// Whole yuan a unit.
    pub rate: u32,
    /// Whole yuan of the line.
    pub amount: u64,
}

/// A computed fee: its lines, free ones included, and their sum in whole yuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fee {
    pub lines: Vec<FeeLine>,
    pub amount_yuan: u64,
}

/// The fee for `count` units from ordinal `first_ordinal` on, tier by tier.
///
/// By request, `first_ordinal` is the place of the first of them in the applicant's calendar month (from 1), so a notice
/// that charges one application as the 35th of the month has the single line 35–35 at 200 yuan. By page, each
/// application begins at its first page, and `first_ordinal` is 1.
///
/// # Errors
/// `/count` when it is 0 or absurdly large; `/first_ordinal` when it is 0, absurdly large, or not 1 by page.
pub fn fee_lines(scheme: FeeScheme, count: u32, first_ordinal: u32) -> Result<Fee, FieldError> {
    if count == 0 || count > MAX_COUNT {
        return Err(FieldError::new(
            "/count",
            format!("数量须在1至{MAX_COUNT}之间，请核对。"),
            format!("The count must be between 1 and {MAX_COUNT}."),
        ));
    }
    let limit = match scheme {
        FeeScheme::PerRequest => MAX_ORDINAL,
        FeeScheme::PerPage => 1,
    };
    if first_ordinal == 0 || first_ordinal > limit {
        return Err(FieldError::new(
            "/first_ordinal",
            format!("起始序号须在1至{limit}之间；按量计收的，每件申请从第1页起算。"),
            format!("The first ordinal must be between 1 and {limit}; pages count from 1 in each application."),
        ));
    }
    let too_large = || {
        FieldError::new(
            "/count",
            "数额过大，无法计算，请核对数量。",
            "The amount is too large to compute.",
        )
    };
    let last = first_ordinal.checked_add(count - 1).ok_or_else(too_large)?;
    let mut fee = Fee {
        lines: Vec::new(),
        amount_yuan: 0,
    };
    let mut from = first_ordinal;
    while from <= last {
        let (tier_end, rate) = scheme.tier(from);
        let to = tier_end.map_or(last, |end| end.min(last));
        let units = u64::from(to - from) + 1;
        let amount = units.checked_mul(u64::from(rate)).ok_or_else(too_large)?;
        fee.amount_yuan = fee.amount_yuan.checked_add(amount).ok_or_else(too_large)?;
        fee.lines.push(FeeLine { from, to, rate, amount });
        from = to.checked_add(1).ok_or_else(too_large)?;
    }
    Ok(fee)
}

/// Whether two applications received on these days count together: the same calendar month.
pub fn same_month(one: NaiveDate, other: NaiveDate) -> bool {
    (one.year(), one.month()) == (other.year(), other.month())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(scheme: FeeScheme, count: u32, first: u32) -> u64 {
        fee_lines(scheme, count, first).unwrap().amount_yuan
    }

    fn shown(fee: &Fee) -> Vec<(u32, u32, u32, u64)> {
        fee.lines
            .iter()
            .map(|line| (line.from, line.to, line.rate, line.amount))
            .collect()
    }

    #[test]
    fn applications_of_a_month_add_up() {
        for (n, yuan) in [
            (1, 0),
            (10, 0),
            (11, 100),
            (30, 2_000),
            (31, 2_200),
            (35, 3_000),
            (40, 4_000),
            (41, 4_300),
            (50, 7_000),
            (51, 7_400),
            (63, 12_500),
            (100, 37_000),
        ] {
            assert_eq!(amount(FeeScheme::PerRequest, n, 1), yuan, "T({n})");
        }
    }

    #[test]
    fn pages_of_one_application_add_up() {
        for (p, yuan) in [
            (1, 0),
            (28, 0),
            (29, 0),
            (30, 0),
            (31, 10),
            (100, 700),
            (101, 720),
            (200, 2_700),
            (201, 2_740),
            (260, 5_100),
            (1_000, 34_700),
        ] {
            assert_eq!(amount(FeeScheme::PerPage, p, 1), yuan, "F({p})");
        }
    }

    #[test]
    fn a_notice_shows_its_tiers_line_by_line() {
        assert_eq!(
            shown(&fee_lines(FeeScheme::PerRequest, 63, 1).unwrap()),
            [
                (1, 10, 0, 0),
                (11, 30, 100, 2_000),
                (31, 40, 200, 2_000),
                (41, 50, 300, 3_000),
                (51, 60, 400, 4_000),
                (61, 63, 500, 1_500)
            ]
        );
        assert_eq!(
            shown(&fee_lines(FeeScheme::PerPage, 260, 1).unwrap()),
            [
                (1, 30, 0, 0),
                (31, 100, 10, 700),
                (101, 200, 20, 2_000),
                (201, 260, 40, 2_400)
            ]
        );
        assert_eq!(
            shown(&fee_lines(FeeScheme::PerRequest, 1, 35).unwrap()),
            [(35, 35, 200, 200)]
        );
        assert_eq!(
            shown(&fee_lines(FeeScheme::PerRequest, 3, 29).unwrap()),
            [(29, 30, 100, 200), (31, 31, 200, 200)]
        );
    }

    /// Amounts that agencies of 宿迁 published for 2023 to 2025.
    #[test]
    fn published_amounts_are_reached() {
        for (pages, yuan) in [(72, 420), (44, 140), (109, 880), (119, 1_080), (57, 270), (68, 380)] {
            assert_eq!(amount(FeeScheme::PerPage, pages, 1), yuan, "{pages} pages");
        }
        assert_eq!(amount(FeeScheme::PerRequest, 15, 11), 1_500);
        assert_eq!(amount(FeeScheme::PerRequest, 6, 11), 600);
    }

    #[test]
    fn impossible_counts_are_named() {
        for (scheme, count, first, pointer) in [
            (FeeScheme::PerRequest, 0, 1, "/count"),
            (FeeScheme::PerRequest, u32::MAX, 1, "/count"),
            (FeeScheme::PerRequest, 1, 0, "/first_ordinal"),
            (FeeScheme::PerRequest, 1, u32::MAX, "/first_ordinal"),
            (FeeScheme::PerPage, 20, 2, "/first_ordinal"),
        ] {
            assert_eq!(fee_lines(scheme, count, first).unwrap_err().pointer, pointer);
        }
        let highest = fee_lines(FeeScheme::PerRequest, MAX_COUNT, MAX_ORDINAL).unwrap();
        assert_eq!(highest.lines.last().map(|line| line.to), Some(199_999));
    }

    #[test]
    fn the_month_is_the_calendar_month() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert!(same_month(day(2025, 9, 1), day(2025, 9, 30)));
        assert!(!same_month(day(2025, 9, 30), day(2025, 10, 1)));
        assert!(!same_month(day(2024, 9, 1), day(2025, 9, 1)));
    }

    #[test]
    fn codes_are_those_of_the_wire() {
        for scheme in FeeScheme::ALL {
            assert_eq!(serde_json::to_value(scheme).unwrap(), scheme.code());
        }
    }

    proptest! {
        #[test]
        fn single_applications_sum_to_the_cumulative_fee(n in 1u32..400) {
            let singles: u64 = (1..=n).map(|ordinal| amount(FeeScheme::PerRequest, 1, ordinal)).sum();
            prop_assert_eq!(singles, amount(FeeScheme::PerRequest, n, 1));
        }

        #[test]
        fn a_month_may_be_charged_in_any_parts(first in 1u32..200, a in 1u32..200, b in 1u32..200) {
            prop_assert_eq!(
                amount(FeeScheme::PerRequest, a, first) + amount(FeeScheme::PerRequest, b, first + a),
                amount(FeeScheme::PerRequest, a + b, first)
            );
        }

        #[test]
        fn pages_follow_the_closed_formula(p in 1u32..5_000) {
            let over = |limit: u32, from: u32| u64::from(p.min(limit).saturating_sub(from));
            let formula = 10 * over(100, 30) + 20 * over(200, 100) + 40 * over(u32::MAX, 200);
            prop_assert_eq!(amount(FeeScheme::PerPage, p, 1), formula);
        }

        #[test]
        fn lines_touch_and_cover_the_count(count in 1u32..2_000, first in 1u32..500) {
            let fee = fee_lines(FeeScheme::PerRequest, count, first).unwrap();
            let mut next = first;
            for line in &fee.lines {
                prop_assert_eq!(line.from, next);
                next = line.to + 1;
            }
            prop_assert_eq!(next, first + count);
        }
    }
}
