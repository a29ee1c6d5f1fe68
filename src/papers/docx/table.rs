//! Tables: as wide as the text, columns by their shares, the head row again on every page.

use std::fmt::Write;

use super::model::Text;
use super::role::Role;
use super::styles::borders;
use super::xml::{Align, ParagraphLook, paragraph, runs_of};

/// Widths of columns in twips, which add up to `width`. Columns without a share of their own get the mean of the others.
pub(super) fn columns(widths: &[u16], count: usize, width: i32) -> Vec<i32> {
    let given: Vec<i64> = widths.iter().map(|share| i64::from(*share).max(1)).collect();
    let known = i64::try_from(given.len()).unwrap_or(i64::MAX);
    let mean = given.iter().sum::<i64>().checked_div(known).unwrap_or(1).max(1);
    let count = count.max(given.len()).max(1);
    let shares: Vec<i64> = given.into_iter().chain(std::iter::repeat(mean)).take(count).collect();
    let total: i64 = shares.iter().sum();
    let mut reached = 0;
    let mut edge = 0;
    shares
        .iter()
        .map(|share| {
            reached += share;
            let next = i64::from(width) * reached / total;
            let column = next - edge;
            edge = next;
            i32::try_from(column).unwrap_or_default()
        })
        .collect()
}

/// A table; nothing for one without rows.
pub(super) fn table(out: &mut String, head: bool, widths: &[u16], rows: &[Vec<Text>], width: i32) {
    let most = rows.iter().map(Vec::len).max().unwrap_or_default();
    if most == 0 {
        return;
    }
    let columns = columns(widths, most, width);
    let _ = write!(
        out,
        r#"<w:tbl><w:tblPr><w:tblStyle w:val="gongkaiTable"/><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>"#
    );
    borders(out);
    out.push_str(concat!(
        r#"</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="57" w:type="dxa"/>"#,
        r#"<w:left w:w="108" w:type="dxa"/><w:bottom w:w="57" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>"#,
        "</w:tblCellMar></w:tblPr><w:tblGrid>"
    ));
    for column in &columns {
        let _ = write!(out, r#"<w:gridCol w:w="{column}"/>"#);
    }
    out.push_str("</w:tblGrid>");
    for (index, cells) in rows.iter().filter(|cells| !cells.is_empty()).enumerate() {
        row(out, head && index == 0, cells, &columns);
    }
    out.push_str("</w:tbl>");
}

fn row(out: &mut String, head: bool, cells: &[Text], columns: &[i32]) {
    out.push_str("<w:tr><w:trPr><w:cantSplit/>");
    if head {
        out.push_str("<w:tblHeader/>");
    }
    out.push_str("</w:trPr>");
    let last = cells.len() - 1;
    for (index, text) in cells.iter().enumerate() {
        // A row with fewer cells than the others: its last one takes the rest of the line.
        let end = if index == last { columns.len() } else { index + 1 };
        let own = columns.get(index..end).unwrap_or_default();
        cell(out, head, text, own);
    }
    out.push_str("</w:tr>");
}

fn cell(out: &mut String, head: bool, text: &Text, columns: &[i32]) {
    let width: i32 = columns.iter().sum();
    let _ = write!(out, r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>"#);
    if columns.len() > 1 {
        let _ = write!(out, r#"<w:gridSpan w:val="{}"/>"#, columns.len());
    }
    out.push_str(r#"<w:vAlign w:val="center"/></w:tcPr>"#);
    let look = ParagraphLook {
        keep_next: head,
        align: head.then_some(Align::Center),
        ..ParagraphLook::styled(Role::Cell.id())
    };
    paragraph(out, &look, &runs_of(text));
    out.push_str("</w:tc>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_line() {
        assert_eq!(columns(&[1, 2, 1], 3, 8849), [2212, 4424, 2213]);
        assert_eq!(columns(&[], 4, 100), [25, 25, 25, 25]);
        assert_eq!(columns(&[2, 4], 3, 90), [20, 40, 30]);
        assert_eq!(columns(&[0, 0], 2, 90), [45, 45]);
        assert_eq!(columns(&[u16::MAX; 3], 3, 9000).iter().sum::<i32>(), 9000);
    }
}
