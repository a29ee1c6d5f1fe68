//! The arithmetic the tables must satisfy (勾稽关系) before a report is frozen or published.
//!
//! - I1, each column: r01 + r02 = r24 + r25 (head of the form)
//! - I2, each column: r24 = r03 + … + r23
//! - I3, each row of table 三: total = the six kinds of applicant
//! - I4, between years: r25 of one year = r02 of the next, in the total (kinds may be re-classified)
//! - I6, each row of table 四: total = upheld + corrected + other + pending

use serde::Serialize;
use utoipa::ToSchema;

use super::remedies::{RemedyKind, RemedyTable};
use super::requests::{Column, ReportColumn, RequestTable, Row};

/// One identity and where it fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Identity {
    pub id: &'static str,
    pub holds: bool,
    pub failures: Vec<Failure>,
}

/// One equation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Failure {
    /// Every cell of the equation as `row/column`.
    pub cells: Vec<String>,
    pub left: u64,
    pub right: u64,
    pub detail: String,
    pub detail_en: String,
}

/// Checks I1, I2 and I3 on table 三 and I6 on table 四.
pub fn identities(requests: &RequestTable, remedies: &RemedyTable) -> Vec<Identity> {
    vec![
        identity("I1", ReportColumn::all().map(|column| balance(requests, column))),
        identity("I2", ReportColumn::all().map(|column| sum_of_results(requests, column))),
        identity("I3", Row::all().map(|row| sum_of_kinds(requests, row))),
        identity(
            "I6",
            RemedyKind::ALL
                .iter()
                .copied()
                .map(|kind| sum_of_decisions(remedies, kind)),
        ),
    ]
}

/// Checks I4: what the year before carried out is what this year carried in.
pub fn carried_over(before: &RequestTable, this: &RequestTable) -> Identity {
    let left = before.get(Row::CARRIED_OUT, ReportColumn::Total);
    let right = this.get(Row::CARRIED_IN, ReportColumn::Total);
    identity(
        "I4",
        [Equation {
            cells: [Row::CARRIED_OUT, Row::CARRIED_IN]
                .map(|row| cell(row, ReportColumn::Total))
                .to_vec(),
            left,
            right,
            zh: "上一年度的“结转下年度继续办理”应等于本年度的“上年结转”".to_owned(),
            en: "what the year before carried out must be what this year carried in".to_owned(),
        }],
    )
}

struct Equation {
    cells: Vec<String>,
    left: u64,
    right: u64,
    zh: String,
    en: String,
}

fn identity(id: &'static str, equations: impl IntoIterator<Item = Equation>) -> Identity {
    let failures: Vec<_> = equations
        .into_iter()
        .filter(|equation| equation.left != equation.right)
        .map(|equation| Failure {
            detail: format!(
                "{}：现为 {} 与 {}，请核对。",
                equation.zh, equation.left, equation.right
            ),
            detail_en: format!("{}: now {} and {}.", equation.en, equation.left, equation.right),
            cells: equation.cells,
            left: equation.left,
            right: equation.right,
        })
        .collect();
    Identity {
        id,
        holds: failures.is_empty(),
        failures,
    }
}

/// How a cell is named in the failures of an identity: `r03/total`.
pub fn cell(row: Row, column: ReportColumn) -> String {
    format!("{}/{}", row.code(), column.code())
}

fn sum(numbers: impl IntoIterator<Item = u64>) -> u64 {
    numbers.into_iter().fold(0, u64::saturating_add)
}

fn balance(table: &RequestTable, column: ReportColumn) -> Equation {
    let come = [Row::RECEIVED, Row::CARRIED_IN];
    let gone = [Row::ENDED, Row::CARRIED_OUT];
    Equation {
        cells: come.into_iter().chain(gone).map(|row| cell(row, column)).collect(),
        left: sum(come.map(|row| table.get(row, column))),
        right: sum(gone.map(|row| table.get(row, column))),
        zh: format!(
            "“{}”列：第一项（r01）加第二项（r02）应等于第三项总计（r24）加第四项（r25）",
            column.label()
        ),
        en: format!("column {}: r01 + r02 must equal r24 + r25", column.code()),
    }
}

fn sum_of_results(table: &RequestTable, column: ReportColumn) -> Equation {
    Equation {
        cells: Row::results()
            .chain([Row::ENDED])
            .map(|row| cell(row, column))
            .collect(),
        left: table.get(Row::ENDED, column),
        right: sum(Row::results().map(|row| table.get(row, column))),
        zh: format!("“{}”列：总计（r24）应等于各项办理结果（r03至r23）之和", column.label()),
        en: format!("column {}: r24 must equal the sum of r03 to r23", column.code()),
    }
}

fn sum_of_kinds(table: &RequestTable, row: Row) -> Equation {
    let kinds = || Column::ALL.iter().copied().map(ReportColumn::Kind);
    Equation {
        cells: ReportColumn::all().map(|column| cell(row, column)).collect(),
        left: table.get(row, ReportColumn::Total),
        right: sum(kinds().map(|column| table.get(row, column))),
        zh: format!("{}行“{}”：总计应等于六类申请人之和", row.code(), row.label()),
        en: format!(
            "row {}: the total must equal the sum of the six kinds of applicant",
            row.code()
        ),
    }
}

fn sum_of_decisions(table: &RemedyTable, kind: RemedyKind) -> Equation {
    let [upheld, corrected, other, pending, total] = table.row(kind);
    Equation {
        cells: RemedyTable::COLUMN_CODES
            .map(|column| format!("{}/{column}", kind.code()))
            .to_vec(),
        left: total,
        right: sum([upheld, corrected, other, pending]),
        zh: format!("表四“{}”：总计应等于维持、纠正、其他与尚未审结之和", kind.label()),
        en: format!(
            "{}: the total must equal upheld + corrected + other + pending",
            kind.code()
        ),
    }
}
