//! A paper laid out: its head, its blocks, its pages.

use super::super::model::{Block, Paper};
use super::compose::Composer;
use super::draw::Laid;
use super::file::PdfError;
use super::flow::paginate;
use super::head;
use super::shape::Shaper;
use super::style::Style;
use super::table;
use super::tree::Tree;
use crate::fonts::Fonts;

/// Lays a paper out.
pub(super) fn lay_out(paper: &Paper, fonts: &Fonts) -> Result<Laid, PdfError> {
    let mut composer = Composer {
        shaper: Shaper::new(fonts),
        tree: Tree::new(),
        style: Style::of(paper.layout),
        rows: Vec::new(),
        list: None,
        breaks: false,
        dated: paper.dated,
    };
    let head = head::head(&mut composer, paper)?;
    // What no code can be made of is told after the characters that are missing: those can be mended by a font.
    let mut refused = None;
    for block in &paper.blocks {
        match composer.block(block) {
            Err(error @ PdfError::Code(_)) => refused = refused.or(Some(error)),
            other => other?,
        }
    }
    let rows = std::mem::take(&mut composer.rows);
    let mut pages = paginate(rows, &composer.style, head.below);
    if let Some(first) = pages.first_mut() {
        first.splice(0..0, head.items);
    }
    let count = pages.len();
    for (number, items) in (1..).zip(&mut pages) {
        items.extend(composer.folio(number, count)?);
    }
    let watermark = paper
        .watermark
        .as_deref()
        .map(|text| composer.watermark(text))
        .transpose()?;
    let missing = std::mem::take(&mut composer.shaper.missing);
    if !missing.is_empty() {
        return Err(PdfError::Missing(missing));
    }
    refused.map_or(Ok(()), Err)?;
    Ok(Laid {
        pages,
        tree: composer.tree,
        faces: composer.shaper.into_faces(),
        watermark: watermark.flatten(),
    })
}

impl Composer<'_> {
    fn block(&mut self, block: &Block) -> Result<(), PdfError> {
        if !matches!(block, Block::Item { .. }) {
            self.list = None;
        }
        match block {
            Block::Title { text } => self.title(text)?,
            Block::Addressee { text } => self.plain(text, 0.)?,
            Block::Heading { level, text } => self.heading(*level, text)?,
            Block::Paragraph { text } => self.paragraph(text)?,
            Block::Item { label, text } => self.item(label, text)?,
            Block::Table { head, widths, rows } => table::table(self, *head, widths, rows)?,
            Block::Remedy { paragraphs } => {
                for text in paragraphs {
                    self.paragraph(text)?;
                }
            }
            Block::Attachments { names } => self.attachments(names)?,
            Block::Signature { organ } => self.signature(organ)?,
            Block::Codes { barcode, qr, caption } => {
                self.codes(barcode.as_deref(), qr.as_deref(), caption.as_deref())?;
            }
            Block::CutLine { text } => self.cut_line(text)?,
            Block::Note { text } => self.note(text)?,
            Block::PageBreak => self.breaks = true,
        }
        Ok(())
    }
}
