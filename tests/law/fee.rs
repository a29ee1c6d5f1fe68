//! 信息处理费: the two schemes of the fee rules, step by step, and as properties.

use chrono::NaiveDate;
use proptest::prelude::*;

use gongkai::domain::law::fee::*;

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
        (1_500, 54_700),
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
