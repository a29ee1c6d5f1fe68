//! Markup as it is written: text escaped, characters that XML does not have left out, and the properties of paragraphs
//! and runs always in the order of the schema (ECMA-376 part 1, 17.3), for Word calls a file broken over their order.

use std::fmt::Write;

use super::model::Text;

/// Namespaces that every part in WordprocessingML declares.
pub(super) const NAMESPACES: &str = concat!(
    r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" "#,
    r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#
);
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Text for an element or an attribute. What XML 1.0 forbids (2.2) is left out: no program would open the file.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(character),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            _ => out.push(character),
        }
    }
    out
}

/// Properties of a run (`w:rPr`).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RunLook {
    pub style: Option<&'static str>,
    /// One family for every script: Latin letters in an official text are set in the face of its characters.
    pub font: Option<&'static str>,
    pub strong: bool,
    pub proofless: bool,
    pub color: Option<&'static str>,
    /// Added to every character, in twips.
    pub spacing: Option<i32>,
    pub half_points: Option<u32>,
}

impl RunLook {
    pub fn write(self, out: &mut String) {
        let mut inner = String::new();
        if let Some(style) = self.style {
            let _ = write!(inner, r#"<w:rStyle w:val="{style}"/>"#);
        }
        if let Some(font) = self.font {
            inner.push_str(&fonts(font));
        }
        if self.strong {
            inner.push_str("<w:b/><w:bCs/>");
        }
        if self.proofless {
            inner.push_str("<w:noProof/>");
        }
        if let Some(color) = self.color {
            let _ = write!(inner, r#"<w:color w:val="{color}"/>"#);
        }
        if let Some(spacing) = self.spacing {
            let _ = write!(inner, r#"<w:spacing w:val="{spacing}"/>"#);
        }
        if let Some(size) = self.half_points {
            let _ = write!(inner, r#"<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>"#);
        }
        if !inner.is_empty() {
            let _ = write!(out, "<w:rPr>{inner}</w:rPr>");
        }
    }
}

fn fonts(family: &str) -> String {
    format!(
        r#"<w:rFonts w:hint="eastAsia" w:ascii="{family}" w:hAnsi="{family}" w:eastAsia="{family}" w:cs="Times New Roman"/>"#
    )
}

/// A run of text in one look. A line feed becomes a break of the line, a tab a tab.
pub(super) fn run(out: &mut String, text: &str, look: RunLook) {
    if text.is_empty() {
        return;
    }
    out.push_str("<w:r>");
    look.write(out);
    run_content(out, text);
    out.push_str("</w:r>");
}

/// Runs of a text.
pub(super) fn runs_of(text: &Text) -> String {
    let mut out = String::new();
    for piece in text {
        let look = RunLook {
            strong: piece.strong,
            ..RunLook::default()
        };
        run(&mut out, &piece.text, look);
    }
    out
}

/// The content of a run.
pub(super) fn run_content(out: &mut String, text: &str) {
    let mut piece = String::new();
    for character in text.chars() {
        match character {
            '\n' => {
                text_element(out, &mut piece);
                out.push_str("<w:br/>");
            }
            '\t' => {
                text_element(out, &mut piece);
                out.push_str("<w:tab/>");
            }
            _ => piece.push(character),
        }
    }
    text_element(out, &mut piece);
}

fn text_element(out: &mut String, piece: &mut String) {
    if !piece.is_empty() {
        let _ = write!(out, r#"<w:t xml:space="preserve">{}</w:t>"#, escape(piece));
        piece.clear();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
    Right,
    Both,
}

impl Align {
    fn value(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Center => "center",
            Self::Right => "right",
            Self::Both => "both",
        }
    }
}

/// How high a line is, in twips.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    Exact(u32),
    /// As high as what stands in it: pictures are cut off by an exact line.
    Natural,
}

/// Distances before and after a paragraph, and its line, in twips.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    pub before: u32,
    pub after: u32,
    pub line: Line,
}

impl Spacing {
    pub const fn exact(line: u32) -> Self {
        Self {
            before: 0,
            after: 0,
            line: Line::Exact(line),
        }
    }
}

/// Indents in twips.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Indent {
    pub left: i32,
    pub right: i32,
    /// Below nought the line hangs out to the left.
    pub first: i32,
    /// The same in hundredths of a character, which goes along when somebody changes the size of type.
    pub first_chars: Option<u32>,
}

/// A rule at the foot of a paragraph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub kind: &'static str,
    /// In eighths of a point.
    pub weight: u32,
    /// Distance from the text in points.
    pub space: u32,
    pub color: &'static str,
}

/// Properties of a paragraph (`w:pPr`).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ParagraphLook {
    pub style: Option<&'static str>,
    pub keep_next: bool,
    pub keep_lines: bool,
    pub page_break_before: bool,
    pub rule: Option<Rule>,
    /// Chinese lines: no signs at wrong ends, no extra blanks between characters and letters, which break the grid.
    pub chinese: bool,
    /// Lines as high as the style says, not as the grid of the page.
    pub off_grid: bool,
    pub spacing: Option<Spacing>,
    pub indent: Option<Indent>,
    pub align: Option<Align>,
    /// What stands in a line is centred on it, whatever its height.
    pub middle: bool,
    pub outline: Option<u8>,
}

impl ParagraphLook {
    pub fn styled(style: &'static str) -> Self {
        Self {
            style: Some(style),
            ..Self::default()
        }
    }

    pub fn write(&self, out: &mut String) {
        let mut inner = String::new();
        if let Some(style) = self.style {
            let _ = write!(inner, r#"<w:pStyle w:val="{style}"/>"#);
        }
        for (wanted, name) in [
            (self.keep_next, "keepNext"),
            (self.keep_lines, "keepLines"),
            (self.page_break_before, "pageBreakBefore"),
        ] {
            if wanted {
                let _ = write!(inner, "<w:{name}/>");
            }
        }
        if let Some(rule) = self.rule {
            let _ = write!(
                inner,
                r#"<w:pBdr><w:bottom w:val="{}" w:sz="{}" w:space="{}" w:color="{}"/></w:pBdr>"#,
                rule.kind, rule.weight, rule.space, rule.color
            );
        }
        if self.chinese {
            inner.push_str(concat!(
                r#"<w:kinsoku/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>"#,
                r#"<w:adjustRightInd w:val="0"/>"#
            ));
        }
        if self.off_grid {
            inner.push_str(r#"<w:snapToGrid w:val="0"/>"#);
        }
        self.write_layout(&mut inner);
        if !inner.is_empty() {
            let _ = write!(out, "<w:pPr>{inner}</w:pPr>");
        }
    }

    fn write_layout(&self, inner: &mut String) {
        if let Some(spacing) = self.spacing {
            let (line, rule) = match spacing.line {
                Line::Exact(line) => (line, "exact"),
                Line::Natural => (240, "auto"),
            };
            let _ = write!(
                inner,
                r#"<w:spacing w:before="{}" w:after="{}" w:line="{line}" w:lineRule="{rule}"/>"#,
                spacing.before, spacing.after
            );
        }
        if let Some(indent) = self.indent {
            let _ = write!(inner, r#"<w:ind w:left="{}" w:right="{}""#, indent.left, indent.right);
            if let Some(chars) = indent.first_chars {
                let _ = write!(inner, r#" w:firstLineChars="{chars}""#);
            }
            let (name, first) = if indent.first < 0 {
                ("hanging", -indent.first)
            } else {
                ("firstLine", indent.first)
            };
            let _ = write!(inner, r#" w:{name}="{first}"/>"#);
        }
        if let Some(align) = self.align {
            let _ = write!(inner, r#"<w:jc w:val="{}"/>"#, align.value());
        }
        if self.middle {
            inner.push_str(r#"<w:textAlignment w:val="center"/>"#);
        }
        if let Some(level) = self.outline {
            let _ = write!(inner, r#"<w:outlineLvl w:val="{level}"/>"#);
        }
    }
}

/// A paragraph around runs that are written already.
pub(super) fn paragraph(out: &mut String, look: &ParagraphLook, runs: &str) {
    out.push_str("<w:p>");
    look.write(out);
    out.push_str(runs);
    out.push_str("</w:p>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_cleaned() {
        assert_eq!(
            escape("a<b>&\"\u{0}\u{B}\u{FFFE}𠮷\u{200F}"),
            "a&lt;b&gt;&amp;&quot;𠮷\u{200F}"
        );
    }

    #[test]
    fn line_feeds_and_tabs_are_elements() {
        let mut out = String::new();
        run(&mut out, "一\n二\t ", RunLook::default());
        assert_eq!(
            out,
            r#"<w:r><w:t xml:space="preserve">一</w:t><w:br/><w:t xml:space="preserve">二</w:t><w:tab/><w:t xml:space="preserve"> </w:t></w:r>"#
        );
    }
}
