//! Table 三, applications received and dealt with: 25 rows by 7 columns, and the rows each case counts in.
//!
//! New ones count by the day of receipt, endings by the day the case ended, and what has not ended by the end of the year
//! is carried over. In the running year the last row is what is open now. Corrections (Art 41) are not counted.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::reply::Outcome;

/// The applicant's kind is the column 申请人类型.
pub use crate::domain::people::party::ApplicantKind as Column;

const COLUMNS: usize = 7;
const ROWS: usize = 25;

/// The codes of the columns in their order, the total last.
pub const COLUMN_CODES: [&str; COLUMNS] = [
    Column::NaturalPerson.code(),
    Column::Business.code(),
    Column::Research.code(),
    Column::PublicBenefit.code(),
    Column::LegalService.code(),
    Column::OtherOrganisation.code(),
    "total",
];

/// A column of the table: a kind of applicant, or the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportColumn {
    Kind(Column),
    Total,
}

impl ReportColumn {
    /// The columns in the order of the form.
    pub fn all() -> impl Iterator<Item = Self> {
        Column::ALL.iter().copied().map(Self::Kind).chain([Self::Total])
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Kind(column) => column.code(),
            Self::Total => "total",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Kind(column) => column.label(),
            Self::Total => "总计",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|column| column.code() == code)
    }

    /// Whether a case of an applicant of this kind stands in the column.
    pub fn holds(self, kind: Column) -> bool {
        match self {
            Self::Kind(column) => column == kind,
            Self::Total => true,
        }
    }

    pub fn position(self) -> usize {
        match self {
            Self::Kind(Column::NaturalPerson) => 0,
            Self::Kind(Column::Business) => 1,
            Self::Kind(Column::Research) => 2,
            Self::Kind(Column::PublicBenefit) => 3,
            Self::Kind(Column::LegalService) => 4,
            Self::Kind(Column::OtherOrganisation) => 5,
            Self::Total => 6,
        }
    }
}

/// Code and label, with its numbering, of each row of the form.
const FORM: [(&str, &str); ROWS] = [
    ("r01", "一、本年新收政府信息公开申请数量"),
    ("r02", "二、上年结转政府信息公开申请数量"),
    ("r03", "（一）予以公开"),
    ("r04", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("r05", "1.属于国家秘密"),
    ("r06", "2.其他法律行政法规禁止公开"),
    ("r07", "3.危及“三安全一稳定”"),
    ("r08", "4.保护第三方合法权益"),
    ("r09", "5.属于三类内部事务信息"),
    ("r10", "6.属于四类过程性信息"),
    ("r11", "7.属于行政执法案卷"),
    ("r12", "8.属于行政查询事项"),
    ("r13", "1.本机关不掌握相关政府信息"),
    ("r14", "2.没有现成信息需要另行制作"),
    ("r15", "3.补正后申请内容仍不明确"),
    ("r16", "1.信访举报投诉类申请"),
    ("r17", "2.重复申请"),
    ("r18", "3.要求提供公开出版物"),
    ("r19", "4.无正当理由大量反复申请"),
    ("r20", "5.要求行政机关确认或重新出具已获取信息"),
    (
        "r21",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    (
        "r22",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    ("r23", "3.其他"),
    ("r24", "（七）总计"),
    ("r25", "四、结转下年度继续办理"),
];

/// A row of table 三, `r01` to `r25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    position: usize,
    code: &'static str,
    label: &'static str,
}

impl Row {
    /// 本年新收
    pub const RECEIVED: Self = Self::at(0, FORM[0]);
    /// 上年结转
    pub const CARRIED_IN: Self = Self::at(1, FORM[1]);
    /// 总计 of the results
    pub const ENDED: Self = Self::at(23, FORM[23]);
    /// 结转下年度
    pub const CARRIED_OUT: Self = Self::at(24, FORM[24]);

    const fn at(position: usize, (code, label): (&'static str, &'static str)) -> Self {
        Self { position, code, label }
    }

    /// The rows in the order of the form.
    pub fn all() -> impl Iterator<Item = Self> {
        FORM.into_iter()
            .enumerate()
            .map(|(position, texts)| Self::at(position, texts))
    }

    /// The rows of results, r03 to r23.
    pub fn results() -> impl Iterator<Item = Self> {
        Self::all().filter(|row| Outcome::from_row(row.code).is_some())
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|row| row.code == code)
    }

    /// The row of an outcome; none for the outcomes of a correction.
    pub fn of(outcome: Outcome) -> Option<Self> {
        outcome.row().and_then(Self::from_code)
    }

    pub fn code(self) -> &'static str {
        self.code
    }

    /// The label of the national form with its numbering, without the headings above it.
    pub fn label(self) -> &'static str {
        self.label
    }
}

/// How many disclosure cases share a column, a year of receipt, and a year and outcome of ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupedCount {
    pub column: Column,
    pub received_year: i32,
    /// Year and outcome of the counted ending; none while the case is open.
    pub ended: Option<(i32, Outcome)>,
    pub number: u64,
}

/// One received disclosure case with its counted ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedCase {
    pub column: Column,
    pub received_on: NaiveDate,
    pub ended: Option<(NaiveDate, Outcome)>,
}

impl From<CountedCase> for GroupedCount {
    fn from(case: CountedCase) -> Self {
        Self {
            column: case.column,
            received_year: case.received_on.year(),
            ended: case.ended.map(|(on, outcome)| (on.year(), outcome)),
            number: 1,
        }
    }
}

/// The ending that table 三 counts, of all the endings of a case: the first.
///
/// A decision that orders a new reply is reported in table 四; the case does not move in table 三. Of two endings on one
/// day the one that comes first in the list counts.
pub fn counted_ending(endings: &[(NaiveDate, Outcome)]) -> Option<(NaiveDate, Outcome)> {
    endings.iter().copied().min_by_key(|(on, _)| *on)
}

/// The rows of the report of `year` in which a case counts: none before its receipt and after the year it ended in.
///
/// A case whose ending lies before the year of its receipt counts as received only, so that the identities fail and show
/// it.
pub fn rows_of(year: i32, received_year: i32, ended: Option<(i32, Outcome)>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(3);
    if received_year > year {
        return rows;
    }
    if received_year == year {
        rows.push(Row::RECEIVED);
    } else if ended.is_none_or(|(ended_year, _)| ended_year >= year) {
        rows.push(Row::CARRIED_IN);
    }
    match ended {
        Some((ended_year, outcome)) if ended_year == year => {
            rows.extend(Row::of(outcome).into_iter().chain([Row::ENDED]))
        }
        Some((ended_year, _)) if ended_year < year => {}
        _ => rows.push(Row::CARRIED_OUT),
    }
    rows
}

/// The cells of table 三: 25 rows of six kinds of applicant and the total.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(into = "BTreeMap<String, [u64; 7]>", try_from = "BTreeMap<String, [u64; 7]>")]
#[schema(value_type = BTreeMap<String, Vec<u64>>)]
pub struct RequestTable([[u64; COLUMNS]; ROWS]);

impl RequestTable {
    /// Counts the cases of the report of `year`; cases of other years fall out, corrections must not be fed in.
    pub fn count<I>(year: i32, groups: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<GroupedCount>,
    {
        let mut table = Self::default();
        for group in groups {
            let group: GroupedCount = group.into();
            for row in rows_of(year, group.received_year, group.ended) {
                table.add(row, ReportColumn::Kind(group.column), group.number);
                table.add(row, ReportColumn::Total, group.number);
            }
        }
        table
    }

    pub fn get(&self, row: Row, column: ReportColumn) -> u64 {
        self.0
            .get(row.position)
            .and_then(|cells| cells.get(column.position()))
            .copied()
            .unwrap_or_default()
    }

    /// The seven cells of a row, the total last.
    pub fn row(&self, row: Row) -> [u64; COLUMNS] {
        self.0.get(row.position).copied().unwrap_or_default()
    }

    /// Writes one cell, as of a published table that is only to be checked.
    pub fn set(&mut self, row: Row, column: ReportColumn, number: u64) {
        if let Some(cell) = self.cell(row, column) {
            *cell = number;
        }
    }

    fn add(&mut self, row: Row, column: ReportColumn, number: u64) {
        if let Some(cell) = self.cell(row, column) {
            *cell = cell.saturating_add(number);
        }
    }

    fn cell(&mut self, row: Row, column: ReportColumn) -> Option<&mut u64> {
        self.0
            .get_mut(row.position)
            .and_then(|cells| cells.get_mut(column.position()))
    }

    /// The cells in which this table differs from an earlier one, in the order of the form.
    pub fn differences(&self, earlier: &Self) -> Vec<CellDifference> {
        Row::all()
            .flat_map(|row| ReportColumn::all().map(move |column| (row, column)))
            .map(|(row, column)| CellDifference {
                row: row.code(),
                column: column.code(),
                was: earlier.get(row, column),
                is: self.get(row, column),
            })
            .filter(|cell| cell.was != cell.is)
            .collect()
    }
}

/// One cell that differs between two reports of the same year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CellDifference {
    pub row: &'static str,
    pub column: &'static str,
    pub was: u64,
    pub is: u64,
}

impl From<RequestTable> for BTreeMap<String, [u64; COLUMNS]> {
    fn from(table: RequestTable) -> Self {
        Row::all().map(|row| (row.code().to_owned(), table.row(row))).collect()
    }
}

impl TryFrom<BTreeMap<String, [u64; COLUMNS]>> for RequestTable {
    type Error = String;

    fn try_from(rows: BTreeMap<String, [u64; COLUMNS]>) -> Result<Self, String> {
        if let Some(unknown) = rows.keys().find(|code| Row::from_code(code).is_none()) {
            return Err(format!("table 三 has no row {unknown}"));
        }
        let mut table = Self::default();
        for (row, cells) in Row::all().zip(&mut table.0) {
            *cells = *rows
                .get(row.code())
                .ok_or_else(|| format!("row {} is missing", row.code()))?;
        }
        Ok(table)
    }
}
