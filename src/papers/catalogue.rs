//! 归档文件目录 (DA/T 22-2015): the catalogue of what an agency files in a year, for the archive's own programs.

use serde::Serialize;

/// A file of the catalogue (件).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CatalogueLine {
    /// 序号
    pub place: usize,
    /// 全宗号; none where the agency has not entered its own.
    pub fonds: Option<String>,
    /// 门类
    pub category: &'static str,
    /// 年度
    pub year: i32,
    /// 保管期限
    pub retention: String,
    /// 件号, counted within year and retention.
    pub item: u32,
    /// 题名
    pub title: String,
    /// 责任者
    pub author: String,
    /// 文号
    pub number: Option<String>,
    /// 日期
    pub on: Option<String>,
    /// 密级
    pub secrecy: Option<String>,
    /// 页数; none where not all of it was counted.
    pub pages: Option<u32>,
    /// 备注
    pub note: String,
    /// 档号: 全宗号-门类代码·年度-保管期限-件号.
    pub archival_number: Option<String>,
    /// The case behind it.
    pub case_number: String,
    pub case_id: String,
    /// Where its pieces lie.
    pub folder: String,
    /// The hash of the last entry of its log.
    pub head_hash: String,
}

const HEAD: [&str; 17] = [
    "序号",
    "全宗号",
    "门类",
    "年度",
    "保管期限",
    "件号",
    "题名",
    "责任者",
    "文号",
    "日期",
    "密级",
    "页数",
    "备注",
    "档号",
    "案件编号",
    "文件夹",
    "末条记录校验值",
];

/// The catalogue as a table (RFC 4180) that spreadsheets open in UTF-8, and whose cells none of them takes for a formula.
///
/// # Errors
/// None in practice: it is written into memory.
pub fn csv(lines: &[CatalogueLine]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    table.write_record(HEAD)?;
    for line in lines {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            line.place.to_string(),
            text(&line.fonds),
            line.category.to_owned(),
            line.year.to_string(),
            line.retention.clone(),
            line.item.to_string(),
            line.title.clone(),
            line.author.clone(),
            text(&line.number),
            text(&line.on),
            text(&line.secrecy),
            number(line.pages),
            line.note.clone(),
            text(&line.archival_number),
            line.case_number.clone(),
            line.folder.clone(),
            line.head_hash.clone(),
        ];
        table.write_record(cells.map(|cell| harmless(&cell)))?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// A cell that no spreadsheet computes: what begins as a formula does, also in full width, gets an apostrophe before it.
fn harmless(cell: &str) -> String {
    let begins = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    match cell.trim_start_matches(' ').starts_with(begins) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let line = CatalogueLine {
            title: "=HYPERLINK(\"x\")".to_owned(),
            author: "甲,乙\"丙\"".to_owned(),
            note: "－1".to_owned(),
            case_number: "A-1".to_owned(),
            ..CatalogueLine::default()
        };
        let text = String::from_utf8(csv(&[line]).unwrap()).unwrap();
        assert!(text.starts_with("\u{FEFF}序号,全宗号,"), "{text}");
        assert!(
            text.contains("\"'=HYPERLINK(\"\"x\"\")\",\"甲,乙\"\"丙\"\"\""),
            "{text}"
        );
        assert!(text.contains(",'－1,") && text.contains(",A-1,"), "{text}");
        assert_eq!(text.matches("\r\n").count(), 2);
    }
}
