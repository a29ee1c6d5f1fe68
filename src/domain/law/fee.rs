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
pub const MAX_COUNT: u32 = 100_000;
/// Highest ordinal of an application in its month that is computed.
pub const MAX_ORDINAL: u32 = 100_000;

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
