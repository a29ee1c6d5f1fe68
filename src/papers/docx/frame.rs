//! What stands around the text on every sheet: the red head and foot of a letter (信函格式, GB/T 9704-2012, 10.1), the
//! page numbers, and the mark across what is no paper yet.

use std::fmt::Write;

use super::model::{Layout, Paper};
use super::role::Role;
use super::sheet::{PAGE_HEIGHT, PAGE_WIDTH, Sheet, half_width};
use super::styles::RED;
use super::xml::{
    Align, DECLARATION, Indent, NAMESPACES, ParagraphLook, Rule, RunLook, Spacing, escape, paragraph, run,
};

/// From the edge of the paper to the red rules, which are 170 mm wide.
const RULE_MARGIN: i32 = 1_134;
/// Smallest and largest type of the organ's name, in half points.
const ORGAN_MIN: i32 = 44;
const ORGAN_MAX: i32 = 68;

/// A head or a foot: the name of its part, the kind of pages it stands on, its content.
pub(super) struct Edge {
    pub name: &'static str,
    pub is_header: bool,
    pub kind: &'static str,
    pub xml: String,
}

/// Heads and feet of a paper.
pub(super) fn edges(paper: &Paper, sheet: Sheet) -> Vec<Edge> {
    let watermark = paper.watermark.as_deref().filter(|text| !text.trim().is_empty());
    let mut edges = vec![header("header1", "first", &first_header(paper, sheet, watermark))];
    if let Some(text) = watermark {
        for (index, (name, kind)) in [("header2", "default"), ("header3", "even")].into_iter().enumerate() {
            let mut content = String::new();
            let mark = watermark_run(text, index + 2);
            paragraph(&mut content, &ParagraphLook::styled(Role::Gap.id()), &mark);
            edges.push(header(name, kind, &content));
        }
    }
    edges.push(footer("footer1", "first", &first_footer(sheet)));
    edges.push(footer("footer2", "default", &page_number(sheet, Align::Right)));
    edges.push(footer("footer3", "even", &page_number(sheet, Align::Left)));
    edges
}

fn header(name: &'static str, kind: &'static str, content: &str) -> Edge {
    let namespaces = concat!(
        r#"xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" "#,
        r#"xmlns:w10="urn:schemas-microsoft-com:office:word""#
    );
    Edge {
        name,
        is_header: true,
        kind,
        xml: format!("{DECLARATION}<w:hdr {NAMESPACES} {namespaces}>{content}</w:hdr>"),
    }
}

fn footer(name: &'static str, kind: &'static str, content: &str) -> Edge {
    Edge {
        name,
        is_header: false,
        kind,
        xml: format!("{DECLARATION}<w:ftr {NAMESPACES}>{content}</w:ftr>"),
    }
}

fn first_header(paper: &Paper, sheet: Sheet, watermark: Option<&str>) -> String {
    let letter = sheet.layout == Layout::Letter;
    let size = match sheet.layout {
        Layout::Letter => (sheet.text_width() / 5)
            .checked_div(half_width(&paper.organ))
            .unwrap_or(ORGAN_MAX)
            .clamp(ORGAN_MIN, ORGAN_MAX),
        Layout::Form => 30,
    };
    let half_points = u32::try_from(size).unwrap_or_default();
    let mut runs = String::new();
    let look = RunLook {
        half_points: Some(half_points),
        ..RunLook::default()
    };
    run(&mut runs, &paper.organ, look);
    if let Some(text) = watermark {
        runs.push_str(&watermark_run(text, 1));
    }
    let mut out = String::new();
    let organ = ParagraphLook {
        rule: letter.then_some(red(THICK, 11)),
        spacing: Some(Spacing::exact(half_points * 12)),
        indent: letter.then(|| rule_indent(sheet)),
        ..ParagraphLook::styled(Role::Organ.id())
    };
    paragraph(&mut out, &organ, &runs);
    if letter {
        out.push_str(&rule_line(sheet, THIN));
    }
    out
}

/// In eighths of a point.
const THICK: u32 = 18;
const THIN: u32 = 6;

fn red(weight: u32, space: u32) -> Rule {
    Rule {
        kind: "single",
        weight,
        space,
        color: RED,
    }
}

/// Out of the text on both sides, to where the rules end.
fn rule_indent(sheet: Sheet) -> Indent {
    Indent {
        left: RULE_MARGIN - sheet.left,
        right: RULE_MARGIN - sheet.right,
        ..Indent::default()
    }
}

/// Nothing but a rule. Two single ones make the double one: programs disagree which side of a border of unequal rules is
/// the thick one.
fn rule_line(sheet: Sheet, weight: u32) -> String {
    let mut out = String::new();
    let look = ParagraphLook {
        rule: Some(red(weight, 0)),
        indent: Some(rule_indent(sheet)),
        ..ParagraphLook::styled(Role::Gap.id())
    };
    paragraph(&mut out, &look, "");
    out
}

fn first_footer(sheet: Sheet) -> String {
    match sheet.layout {
        Layout::Letter => rule_line(sheet, THIN) + &rule_line(sheet, THICK),
        Layout::Form => "<w:p><w:pPr><w:pStyle w:val=\"gongkaiGap\"/></w:pPr></w:p>".to_owned(),
    }
}

/// — 2 —, one character in from the edge of the text.
fn page_number(sheet: Sheet, align: Align) -> String {
    let mut runs = String::new();
    run(&mut runs, "— ", RunLook::default());
    for piece in [
        r#"<w:fldChar w:fldCharType="begin"/>"#,
        r#"<w:instrText xml:space="preserve"> PAGE </w:instrText>"#,
        r#"<w:fldChar w:fldCharType="separate"/>"#,
        "<w:t>2</w:t>",
        r#"<w:fldChar w:fldCharType="end"/>"#,
    ] {
        let _ = write!(runs, "<w:r>{piece}</w:r>");
    }
    run(&mut runs, " —", RunLook::default());
    let mut out = String::new();
    let look = ParagraphLook {
        // The foot begins 20 mm above the edge, for the rule of the first page; the dash stands 7 mm below the text.
        spacing: Some(Spacing {
            after: if sheet.layout == Layout::Letter { 283 } else { 0 },
            ..Spacing::exact(340)
        }),
        indent: Some(Indent {
            left: 280,
            right: 280,
            ..Indent::default()
        }),
        align: Some(align),
        ..ParagraphLook::styled(Role::PageNumber.id())
    };
    paragraph(&mut out, &look, &runs);
    out
}

/// WordArt as Word itself writes a watermark: all three programs draw it, and Word's command removes it.
fn watermark_run(text: &str, number: usize) -> String {
    let characters = (half_width(text) + 1).clamp(4, 60) / 2;
    let height = (480 / characters).min(150);
    let width = height * characters;
    format!(
        concat!(
            r##"<w:r><w:rPr><w:noProof/></w:rPr><w:pict>"##,
            r##"<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">"##,
            r##"<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>"##,
            r##"<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>"##,
            r##"<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/>"##,
            r##"<v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>"##,
            r##"<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>"##,
            r##"<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>"##,
            r##"<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>"##,
            r##"<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{spid}" type="#_x0000_t136" alt="{text}" "##,
            r##"style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;"##,
            r##"mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"##,
            r##"mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="silver" stroked="f">"##,
            r##"<v:fill opacity=".5"/><v:textpath style="font-family:&quot;宋体&quot;;font-size:1pt" string="{text}"/>"##,
            r##"<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>"##
        ),
        number = number,
        spid = 2048 + number,
        text = escape(&text.replace(['\n', '\t'], " ")),
        width = width,
        height = height,
    )
}

/// The section: its heads and feet by their relationships, the sheet, the grid of lines.
pub(super) fn section(edges: &[(&Edge, String)], sheet: Sheet) -> String {
    let mut out = "<w:sectPr>".to_owned();
    for (edge, relationship) in edges {
        let element = if edge.is_header { "header" } else { "footer" };
        let _ = write!(
            out,
            r#"<w:{element}Reference w:type="{}" r:id="{relationship}"/>"#,
            edge.kind
        );
    }
    let _ = write!(
        out,
        concat!(
            r#"<w:pgSz w:w="{}" w:h="{}"/><w:pgMar w:top="{}" w:right="{}" w:bottom="{}" w:left="{}" w:header="{}" "#,
            r#"w:footer="{}" w:gutter="0"/><w:cols w:space="425"/><w:titlePg/>"#,
            r#"<w:docGrid w:type="lines" w:linePitch="{}"/></w:sectPr>"#
        ),
        PAGE_WIDTH,
        PAGE_HEIGHT,
        sheet.top,
        sheet.right,
        sheet.bottom,
        sheet.left,
        sheet.header,
        sheet.footer,
        sheet.line
    );
    out
}
