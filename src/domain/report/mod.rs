//! The figures of the annual report 年度报告 (Arts 49–50; 国办公开办函〔2021〕30号): table 三 and table 四.
//!
//! [`requests`] owns table 三 and the rule which rows a case counts in, [`selection`] the cases behind a cell,
//! [`remedies`] table 四, [`identities`] the arithmetic both must satisfy before anything is published. Counting takes
//! grouped numbers with years; nothing here knows how they were stored.

pub mod identities;
pub mod remedies;
pub mod requests;
pub mod selection;

use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::domain::words::codes::codes;
pub use identities::{Failure, Identity, carried_over, identities};
pub use remedies::{RemedyCount, RemedyKind, RemedyResult, RemedyTable};
pub use requests::{
    COLUMN_CODES, CellDifference, Column, CountedCase, GroupedCount, ReportColumn, RequestTable, Row, counted_ending,
    rows_of,
};
pub use selection::{CellSelection, EndingBounds};

codes! {
    /// Whose cases a report counts.
    #[derive(Default)]
    pub enum ReportScope {
        #[default]
        Own "own" "本机关",
        Tree "tree" "本机关及下级机关",
    }
}

/// The two tables of a year with their identities and the hash of the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnnualFigures {
    pub year: i32,
    pub columns: [&'static str; 7],
    pub requests: RequestTable,
    pub remedies: RemedyTable,
    pub identities: Vec<Identity>,
    /// SHA-256, in hexadecimal, of the year and every cell.
    pub data_hash: String,
}

impl AnnualFigures {
    /// Puts the tables of a year together and checks them.
    pub fn new(year: i32, requests: RequestTable, remedies: RemedyTable) -> Self {
        Self {
            year,
            columns: COLUMN_CODES,
            identities: identities(&requests, &remedies),
            data_hash: data_hash(year, &requests, &remedies),
            requests,
            remedies,
        }
    }

    /// Whether every identity holds, so that the report may be frozen and published.
    pub fn is_consistent(&self) -> bool {
        self.identities.iter().all(|identity| identity.holds)
    }
}

/// SHA-256, in hexadecimal, of the year and every cell, each row on a line of its own with its code.
pub fn data_hash(year: i32, requests: &RequestTable, remedies: &RemedyTable) -> String {
    let mut text = format!("{year}\n");
    let request_rows = Row::all().map(|row| (row.code(), requests.row(row).to_vec()));
    let remedy_rows = RemedyKind::ALL
        .iter()
        .map(|kind| (kind.code(), remedies.row(*kind).to_vec()));
    for (code, cells) in request_rows.chain(remedy_rows) {
        text.push_str(code);
        for cell in cells {
            text.push(' ');
            text.push_str(&cell.to_string());
        }
        text.push('\n');
    }
    hex::encode(Sha256::digest(text.as_bytes()))
}
