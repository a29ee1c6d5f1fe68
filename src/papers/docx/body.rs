//! The text of a paper (`word/document.xml`): its blocks in order, every one in the style of its role.

use chrono::NaiveDate;

use super::super::codes;
use super::super::numerals::chinese_date;
use super::control::{self, Tag};
use super::model::{Block, Number, Paper, Text};
use super::picture::{Picture, picture};
use super::role::{LABEL, Role};
use super::sheet::{Sheet, half_width};
use super::xml::{
    Align, DECLARATION, Indent, Line, NAMESPACES, ParagraphLook, Rule, RunLook, Spacing, escape, paragraph, run,
    runs_of,
};
use super::{DATE_WIDTH, DocxError, table, title};

/// A text with the pictures that stand in it; the first is `rIdImage1`.
pub(super) struct Body {
    pub xml: String,
    pub pictures: Vec<Picture>,
}

/// Where the writing stands.
struct Writer<'a> {
    sheet: Sheet,
    dated: Option<NaiveDate>,
    out: String,
    pictures: Vec<Picture>,
    /// The next paragraph begins a page.
    page_break: bool,
    controls: u32,
    next: Option<&'a Block>,
}

/// Writes the text; `section` closes it.
///
/// # Errors
/// Codes that cannot be made.
pub(super) fn body(paper: &Paper, sheet: Sheet, section: &str) -> Result<Body, DocxError> {
    let namespaces = concat!(
        r#"xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" "#,
        r#"xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" "#,
        r#"xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture""#
    );
    let mut writer = Writer {
        sheet,
        dated: paper.dated,
        out: format!("{DECLARATION}<w:document {NAMESPACES} {namespaces}><w:body>"),
        pictures: Vec::new(),
        page_break: false,
        controls: 0,
        next: None,
    };
    writer.number(&paper.number);
    for (index, block) in paper.blocks.iter().enumerate() {
        writer.next = paper.blocks.get(index + 1);
        writer.block(block)?;
    }
    if paper.blocks.is_empty() && paper.number == Number::None {
        writer.paragraph(ParagraphLook::styled(Role::Body.id()), "");
    }
    writer.out.push_str(section);
    writer.out.push_str("</w:body></w:document>");
    Ok(Body {
        xml: writer.out,
        pictures: writer.pictures,
    })
}

fn plain(text: &str) -> String {
    let mut out = String::new();
    run(&mut out, text, RunLook::default());
    out
}

/// Longest word in letters that a line can make room for without its characters drifting apart.
const LONG_WORD: usize = 12;

/// A paragraph of running text; ragged when a long word in it, such as an address, would tear the line before it.
fn running(role: Role, text: &Text) -> ParagraphLook {
    let whole: String = text.iter().map(|run| run.text.as_str()).collect();
    let torn = whole
        .split(|character: char| !character.is_ascii_graphic())
        .any(|word| word.len() > LONG_WORD);
    ParagraphLook {
        align: torn.then_some(Align::Left),
        ..ParagraphLook::styled(role.id())
    }
}

impl Writer<'_> {
    fn block(&mut self, block: &Block) -> Result<(), DocxError> {
        match block {
            Block::Title { text } => self.title(text),
            Block::Addressee { text } => self.paragraph(ParagraphLook::styled(Role::Addressee.id()), &plain(text)),
            Block::Heading { level, text } => {
                let role = if *level <= 1 { Role::Heading1 } else { Role::Heading2 };
                self.paragraph(ParagraphLook::styled(role.id()), &runs_of(text));
            }
            Block::Paragraph { text } => self.paragraph(self.kept(Role::Body, text), &runs_of(text)),
            Block::Item { label, text } => self.item(label, text),
            Block::Table { head, widths, rows } => self.table(*head, widths, rows),
            Block::Remedy { paragraphs } => self.remedy(paragraphs),
            Block::Attachments { names } => self.attachments(names),
            Block::Signature { organ } => self.signature(organ),
            Block::Codes { barcode, qr, caption } => {
                self.codes(barcode.as_deref(), qr.as_deref(), caption.as_deref())?;
            }
            Block::CutLine { text } => self.cut_line(text),
            Block::Note { text } => self.paragraph(running(Role::Note, text), &runs_of(text)),
            Block::PageBreak => self.page_break = true,
        }
        Ok(())
    }

    fn paragraph(&mut self, mut look: ParagraphLook, runs: &str) {
        look.page_break_before |= std::mem::take(&mut self.page_break);
        paragraph(&mut self.out, &look, runs);
    }

    /// A paragraph of the text; the one above a signature stays on its page, for a page with nothing but a signature
    /// proves nothing (GB/T 9704-2012, 7.3.5).
    fn kept(&self, role: Role, text: &Text) -> ParagraphLook {
        ParagraphLook {
            keep_next: matches!(self.next, Some(Block::Signature { .. })),
            ..running(role, text)
        }
    }

    fn control_id(&mut self) -> u32 {
        self.controls += 1;
        self.controls
    }

    fn number(&mut self, number: &Number) {
        let text = match number {
            Number::None => return,
            Number::Blank => None,
            Number::Is(text) => Some(text.as_str()),
        };
        let mut runs = String::new();
        let id = self.control_id();
        control::filled(&mut runs, Tag::Number, id, text);
        self.paragraph(ParagraphLook::styled(Role::Number.id()), &runs);
    }

    fn title(&mut self, text: &str) {
        let look = ParagraphLook {
            indent: title::indent(text, self.sheet.text_width()),
            ..ParagraphLook::styled(Role::Title.id())
        };
        self.paragraph(look, &plain(text));
    }

    fn item(&mut self, label: &str, text: &Text) {
        let mut runs = String::new();
        let look = RunLook {
            style: Some(LABEL.0),
            ..RunLook::default()
        };
        run(&mut runs, label, look);
        runs.push_str(&runs_of(text));
        self.paragraph(self.kept(Role::Item, text), &runs);
    }

    /// A gap keeps a table apart from the next one and from the end of the text, where Word wants a paragraph.
    fn table(&mut self, head: bool, widths: &[u16], rows: &[Vec<Text>]) {
        if self.page_break {
            self.paragraph(ParagraphLook::styled(Role::Gap.id()), "");
        }
        table::table(&mut self.out, head, widths, rows, self.sheet.text_width());
        if matches!(self.next, None | Some(Block::Table { .. } | Block::PageBreak)) {
            self.paragraph(ParagraphLook::styled(Role::Gap.id()), "");
        }
    }

    /// A control in every paragraph; together they are one.
    fn remedy(&mut self, paragraphs: &[Text]) {
        let empty = [Text::new()];
        let paragraphs = if paragraphs.is_empty() { &empty } else { paragraphs };
        for (index, text) in paragraphs.iter().enumerate() {
            let mut look = self.kept(Role::Remedy, text);
            look.keep_next &= index + 1 == paragraphs.len();
            let mut runs = String::new();
            let id = self.control_id();
            control::control(&mut runs, Tag::Remedy, id, false, &runs_of(text));
            self.paragraph(look, &runs);
        }
    }

    /// 附件：one line below the text, its names below one another.
    fn attachments(&mut self, names: &[String]) {
        let em = self.sheet.em();
        for (index, name) in names.iter().enumerate() {
            let first = index == 0;
            let numbered = match names.len() {
                1 => name.clone(),
                _ => format!("{}.{name}", index + 1),
            };
            let text = if first {
                format!("附件：{numbered}")
            } else {
                numbered
            };
            // The names hang below one another: two characters and three of 附件：, one more for the number.
            let hang = if names.len() > 1 { em } else { 0 };
            let look = ParagraphLook {
                keep_next: index + 1 < names.len() || matches!(self.next, Some(Block::Signature { .. })),
                spacing: first.then_some(Spacing {
                    before: self.sheet.line,
                    ..Spacing::exact(self.sheet.line)
                }),
                indent: Some(Indent {
                    left: 5 * em + hang,
                    first: -(if first { 3 * em + hang } else { hang }),
                    ..Indent::default()
                }),
                ..ParagraphLook::styled(Role::Attachments.id())
            };
            self.paragraph(look, &plain(&text));
        }
    }

    /// The day four characters in from the right, the name centred over it as far as the line allows
    /// (GB/T 9704-2012, 7.3.5.1), room above both for the seal.
    fn signature(&mut self, organ: &str) {
        let em = self.sheet.em();
        let widest = organ.lines().map(half_width).max().unwrap_or_default();
        let right = (4 * em - (widest - DATE_WIDTH) * em / 4).max(0);
        let look = ParagraphLook {
            keep_next: true,
            spacing: Some(Spacing {
                before: 2 * self.sheet.line,
                ..Spacing::exact(self.sheet.line)
            }),
            indent: Some(Indent {
                right,
                ..Indent::default()
            }),
            ..ParagraphLook::styled(Role::Signature.id())
        };
        self.paragraph(look, &plain(organ));
        let mut runs = String::new();
        let id = self.control_id();
        let date = self.dated.map(chinese_date);
        control::filled(&mut runs, Tag::Date, id, date.as_deref());
        let look = ParagraphLook {
            indent: Some(Indent {
                right: 4 * em,
                ..Indent::default()
            }),
            ..ParagraphLook::styled(Role::Date.id())
        };
        self.paragraph(look, &runs);
    }

    fn codes(&mut self, barcode: Option<&str>, qr: Option<&str>, caption: Option<&str>) -> Result<(), DocxError> {
        let mut runs = String::new();
        let barcode = barcode.map(|text| (codes::code128(text), format!("条形码 {text}")));
        let qr = qr.map(|text| (codes::qr(text), format!("二维码 {text}")));
        for (code, description) in barcode.into_iter().chain(qr) {
            if !runs.is_empty() {
                run(&mut runs, "\u{3000}\u{3000}", RunLook::default());
            }
            let picture = picture(&code?, description);
            runs.push_str(&drawing(&picture, self.pictures.len() + 1));
            self.pictures.push(picture);
        }
        let mut look = ParagraphLook::styled(Role::Codes.id());
        if caption.is_none() {
            look.spacing = Some(Spacing {
                before: 120,
                after: 120,
                line: Line::Natural,
            });
        }
        self.paragraph(look, &runs);
        if let Some(caption) = caption {
            self.paragraph(ParagraphLook::styled(Role::CodesCaption.id()), &plain(caption));
        }
        Ok(())
    }

    fn cut_line(&mut self, text: &str) {
        let look = ParagraphLook {
            keep_next: true,
            rule: Some(Rule {
                kind: "dashed",
                weight: 6,
                space: 1,
                color: "000000",
            }),
            spacing: Some(Spacing {
                before: 240,
                after: 240,
                ..Spacing::exact(320)
            }),
            ..ParagraphLook::styled(Role::CutLine.id())
        };
        self.paragraph(look, &plain(text));
    }
}

/// A picture in the line (DrawingML).
fn drawing(picture: &Picture, number: usize) -> String {
    let description = escape(&picture.description.replace(['\n', '\t'], " "));
    let (width, height) = (picture.width, picture.height);
    format!(
        concat!(
            r#"<w:r><w:rPr><w:noProof/></w:rPr><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">"#,
            r#"<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>"#,
            r#"<wp:docPr id="{id}" name="code{number}" descr="{description}"/>"#,
            r#"<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>"#,
            r#"<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>"#,
            r#"<pic:nvPicPr><pic:cNvPr id="{id}" name="code{number}.png"/><pic:cNvPicPr/></pic:nvPicPr>"#,
            r#"<pic:blipFill><a:blip r:embed="rIdImage{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"#,
            r#"<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>"#,
            r#"<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"#,
            r#"</wp:inline></w:drawing></w:r>"#
        ),
        id = 100 + number,
        number = number,
        width = width,
        height = height,
        description = description,
    )
}
