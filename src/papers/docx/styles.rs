//! The styles of a paper (`word/styles.xml`) and the faces that they name (`word/fontTable.xml`).
//!
//! The faces are those of the standard, which stand on the machines of the office; a program that lacks them takes
//! another by itself.

use std::fmt::Write;

use super::model::Layout;
use super::role::{BLANK, LABEL, Role};
use super::sheet::Sheet;
use super::xml::{Align, DECLARATION, Indent, Line, NAMESPACES, ParagraphLook, RunLook, Spacing, escape};

const BODY_FACE: &str = "仿宋_GB2312";
const TITLE_FACE: &str = "方正小标宋简体";
const SANS_FACE: &str = "黑体";
const KAI_FACE: &str = "楷体_GB2312";
const SERIF_FACE: &str = "宋体";
/// Name, the face a program may take instead, and its family.
const FACES: [(&str, &str, &str); 5] = [
    (BODY_FACE, "仿宋", "modern"),
    (TITLE_FACE, "小标宋", "script"),
    (SANS_FACE, "SimHei", "modern"),
    (KAI_FACE, "楷体", "modern"),
    (SERIF_FACE, "SimSun", "auto"),
];

pub(super) const RED: &str = "FF0000";
const GREY: &str = "808080";

/// The list of styles.
pub(super) fn styles(sheet: Sheet) -> String {
    let mut out = format!("{DECLARATION}<w:styles {NAMESPACES}>");
    let _ = write!(out, "<w:docDefaults><w:rPrDefault><w:rPr>{}", base_fonts());
    // The language of the characters is Chinese; that of the letters is not, for LibreOffice cuts numbers at the end of
    // a line of Chinese letters.
    out.push_str(concat!(
        r#"<w:kern w:val="0"/><w:sz w:val="21"/><w:szCs w:val="21"/>"#,
        r#"<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>"#,
        "<w:pPrDefault/></w:docDefaults>"
    ));
    out.push_str(concat!(
        r#"<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>"#,
        r#"<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">"#,
        r#"<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>"#,
        r#"<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>"#,
        r#"<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>"#,
        r#"<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>"#,
        r#"<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"#,
        r#"<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>"#,
        r#"<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>"#
    ));
    for role in Role::ALL {
        paragraph_style(&mut out, role, sheet);
    }
    table_style(&mut out);
    character_style(&mut out, LABEL, RunLook::default());
    let blank = RunLook {
        color: Some(GREY),
        ..RunLook::default()
    };
    character_style(&mut out, BLANK, blank);
    out.push_str("</w:styles>");
    out
}

fn base_fonts() -> String {
    format!(
        r#"<w:rFonts w:ascii="{BODY_FACE}" w:hAnsi="{BODY_FACE}" w:eastAsia="{BODY_FACE}" w:cs="Times New Roman"/>"#
    )
}

fn character_style(out: &mut String, (id, name): (&str, &str), look: RunLook) {
    let _ = write!(
        out,
        r#"<w:style w:type="character" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/>"#
    );
    look.write(out);
    out.push_str("</w:style>");
}

fn table_style(out: &mut String) {
    out.push_str(concat!(
        r#"<w:style w:type="table" w:customStyle="1" w:styleId="gongkaiTable"><w:name w:val="公文表格"/>"#,
        r#"<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>"#
    ));
    borders(out);
    out.push_str("</w:tblBorders></w:tblPr></w:style>");
}

/// The rules of a table: half a point, on every side.
pub(super) fn borders(out: &mut String) {
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(
            out,
            r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#
        );
    }
}

fn paragraph_style(out: &mut String, role: Role, sheet: Sheet) {
    let custom = !matches!(role, Role::Title | Role::Heading1 | Role::Heading2);
    let _ = write!(out, r#"<w:style w:type="paragraph""#);
    if custom {
        out.push_str(r#" w:customStyle="1""#);
    }
    let next = match role {
        Role::Title => Role::Addressee,
        Role::Addressee | Role::Heading1 | Role::Heading2 => Role::Body,
        other => other,
    };
    let _ = write!(
        out,
        r#" w:styleId="{}"><w:name w:val="{}"/><w:basedOn w:val="Normal"/><w:next w:val="{}"/><w:qFormat/>"#,
        role.id(),
        role.name(),
        next.id()
    );
    let (paragraph, run) = look(role, sheet);
    paragraph.write(out);
    run.write(out);
    out.push_str("</w:style>");
}

/// How a role looks on a sheet.
fn look(role: Role, sheet: Sheet) -> (ParagraphLook, RunLook) {
    let plain = ParagraphLook {
        chinese: true,
        spacing: Some(Spacing::exact(sheet.line)),
        align: Some(Align::Both),
        ..ParagraphLook::default()
    };
    let body = RunLook {
        font: Some(BODY_FACE),
        spacing: (sheet.tracking != 0).then_some(sheet.tracking),
        half_points: Some(sheet.body),
        ..RunLook::default()
    };
    let indented = ParagraphLook {
        indent: Some(two_characters(sheet)),
        ..plain
    };
    match role {
        Role::Title => (title(sheet), faced(TITLE_FACE, 44)),
        Role::Heading1 => (
            heading(indented, 0),
            RunLook {
                font: Some(SANS_FACE),
                ..body
            },
        ),
        Role::Heading2 => (
            heading(indented, 1),
            RunLook {
                font: Some(KAI_FACE),
                ..body
            },
        ),
        Role::Body | Role::Item | Role::Remedy => (indented, body),
        Role::Addressee | Role::Attachments => (plain, body),
        Role::Number | Role::Signature | Role::Date => (
            ParagraphLook {
                keep_lines: role != Role::Number,
                align: Some(Align::Right),
                ..plain
            },
            body,
        ),
        Role::Cell => (small(plain, Align::Left, 400), faced(BODY_FACE, 24)),
        Role::Note => (small(plain, Align::Both, 400), faced(BODY_FACE, 24)),
        Role::CodesCaption => (small(plain, Align::Center, 320), faced(BODY_FACE, 21)),
        Role::CutLine => (small(plain, Align::Center, 320), faced(BODY_FACE, 21)),
        Role::Codes => (codes(plain), faced(BODY_FACE, 21)),
        Role::Organ => {
            let color = (sheet.layout == Layout::Letter).then_some(RED);
            let centered = ParagraphLook {
                align: Some(Align::Center),
                off_grid: true,
                spacing: None,
                ..plain
            };
            (
                centered,
                RunLook {
                    color,
                    ..faced(TITLE_FACE, 32)
                },
            )
        }
        Role::PageNumber => (small(plain, Align::Right, 340), faced(SERIF_FACE, 28)),
        Role::Gap => (small(ParagraphLook::default(), Align::Left, 40), faced(BODY_FACE, 2)),
    }
}

const fn faced(font: &'static str, half_points: u32) -> RunLook {
    RunLook {
        style: None,
        font: Some(font),
        strong: false,
        proofless: false,
        color: None,
        spacing: None,
        half_points: Some(half_points),
    }
}

fn small(plain: ParagraphLook, align: Align, line: u32) -> ParagraphLook {
    ParagraphLook {
        off_grid: true,
        spacing: Some(Spacing::exact(line)),
        align: Some(align),
        ..plain
    }
}

fn codes(plain: ParagraphLook) -> ParagraphLook {
    ParagraphLook {
        keep_next: true,
        keep_lines: true,
        off_grid: true,
        middle: true,
        spacing: Some(Spacing {
            before: 120,
            after: 60,
            line: Line::Natural,
        }),
        align: Some(Align::Center),
        ..plain
    }
}

/// 标题空二行, one line before what follows.
fn title(sheet: Sheet) -> ParagraphLook {
    let (before, after) = match sheet.layout {
        Layout::Letter => (2 * sheet.line, sheet.line),
        Layout::Form => (120, 240),
    };
    ParagraphLook {
        keep_next: true,
        keep_lines: true,
        chinese: true,
        off_grid: true,
        spacing: Some(Spacing {
            before,
            after,
            line: Line::Exact(600),
        }),
        align: Some(Align::Center),
        outline: None,
        ..ParagraphLook::default()
    }
}

fn heading(indented: ParagraphLook, outline: u8) -> ParagraphLook {
    ParagraphLook {
        keep_next: true,
        keep_lines: true,
        outline: Some(outline),
        ..indented
    }
}

pub(super) fn two_characters(sheet: Sheet) -> Indent {
    Indent {
        first: 2 * sheet.em(),
        first_chars: Some(200),
        ..Indent::default()
    }
}

/// The faces, each with one that may stand in for it.
pub(super) fn font_table() -> String {
    let mut out = format!("{DECLARATION}<w:fonts {NAMESPACES}>");
    for (name, other, family) in FACES {
        let _ = write!(
            out,
            r#"<w:font w:name="{}"><w:altName w:val="{}"/><w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="default"/></w:font>"#,
            escape(name),
            escape(other)
        );
    }
    out.push_str(concat!(
        r#"<w:font w:name="Times New Roman"><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/>"#,
        r#"<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>"#
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_characters_are_two_of_the_grid() {
        assert_eq!(two_characters(Sheet::of(Layout::Letter)).first, 632);
    }
}
