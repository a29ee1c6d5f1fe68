//! From laid-out pages to the bytes of a PDF/A-2b with its structure.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use krilla::color::{luma, rgb};
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Paint, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use sha2::{Digest, Sha256};

use super::super::model::Paper;
use super::file::{Pdf, PdfError};
use super::flow::{Colour, Ink, Item, Meaning};
use super::lines::Line;
use super::shape::{Glyph, Paragraph};
use super::style::{PAGE_HEIGHT, PAGE_WIDTH};
use super::tree::Tree;
use crate::fonts::Face;

const LANGUAGE: &str = "zh-CN";
/// The day of a paper that has none: the one from which the Regulations (政府信息公开条例) are in force as amended.
const NO_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2019, 5, 15) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
/// Light enough to read what stands over it.
const WATERMARK_GREY: u8 = 226;
/// Rise of a watermark, in degrees.
const WATERMARK_ANGLE: f32 = -50.;

/// A paper that is laid out.
pub(super) struct Laid {
    pub pages: Vec<Vec<Item>>,
    pub tree: Tree,
    pub faces: Vec<Face>,
    /// Drawn across every page, below all else.
    pub watermark: Option<(Paragraph, Line)>,
}

pub(super) fn draw(paper: &Paper, laid: Laid) -> Result<Pdf, PdfError> {
    let failed = |error: String| PdfError::Writer(error);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_B)
        .finish()
        .map_err(|error| failed(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    let Laid {
        pages,
        mut tree,
        faces,
        watermark,
    } = laid;
    for items in &pages {
        let Some(settings) = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT) else {
            continue;
        };
        let mut page = document.start_page_with(settings);
        let mut brush = Brush {
            surface: page.surface(),
            tree: &mut tree,
            faces: &faces,
        };
        if let Some((paragraph, line)) = &watermark {
            brush.watermark(paragraph, line);
        }
        for item in items {
            brush.item(item);
        }
        brush.surface.finish();
    }
    document.set_tag_tree(tree.finish(LANGUAGE));
    document.set_metadata(metadata(paper)?);
    let bytes = document.finish().map_err(|error| failed(format!("{error:?}")))?;
    Ok(Pdf {
        bytes,
        pages: pages.len(),
    })
}

/// Said of the file: nothing that is not said by the paper, so that the same paper makes the same file.
fn metadata(paper: &Paper) -> Result<Metadata, PdfError> {
    let json = serde_json::to_vec(paper).map_err(|error| PdfError::Writer(error.to_string()))?;
    let day = paper.dated.unwrap_or(NO_DAY);
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let date = DateTime::new(u16::try_from(day.year()).unwrap_or(0))
        .month(small(day.month()))
        .day(small(day.day()))
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(8)
        .utc_offset_minute(0);
    Ok(Metadata::new()
        .title(clean(&paper.name))
        .authors(vec![clean(&paper.organ)])
        .creator("gongkai".to_owned())
        .producer("gongkai".to_owned())
        .language(LANGUAGE.to_owned())
        .document_id(hex::encode(Sha256::digest(&json)))
        .creation_date(date))
}

/// Text without the characters that XML, in which it is described too, does not bear.
pub(super) fn clean(text: &str) -> String {
    let kept = text
        .chars()
        .filter(|character| !character.is_control() && !matches!(character, '\u{fffe}' | '\u{ffff}'));
    kept.collect()
}

struct Brush<'a> {
    surface: Surface<'a>,
    tree: &'a mut Tree,
    faces: &'a [Face],
}

impl Brush<'_> {
    fn item(&mut self, item: &Item) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(item.colour)));
        match (&*item.ink, artifact(item.meaning)) {
            (Ink::Text { paragraph, line }, kind) => self.line(item, paragraph, line, kind),
            (Ink::Boxes(boxes), kind) => {
                let Some(path) = rectangles(item, boxes) else { return };
                self.tagged(item.meaning, kind, |surface| surface.draw_path(&path));
            }
            (Ink::Dashes(length), kind) => {
                let mut builder = PathBuilder::new();
                builder.move_to(item.x, item.y);
                builder.line_to(item.x + length, item.y);
                let Some(path) = builder.finish() else { return };
                let stroke = Stroke {
                    width: 0.7,
                    dash: Some(StrokeDash {
                        array: vec![4., 3.],
                        offset: 0.,
                    }),
                    ..Stroke::default()
                };
                self.tagged(item.meaning, kind, |surface| {
                    surface.set_fill(None);
                    surface.set_stroke(Some(stroke));
                    surface.draw_path(&path);
                });
            }
        }
    }

    fn tagged(&mut self, meaning: Meaning, kind: Option<ArtifactType>, draw: impl FnOnce(&mut Surface<'_>)) {
        let tag = kind.map_or(ContentTag::Other, |kind| {
            ContentTag::Artifact(Artifact::with_kind(kind))
        });
        let content = self.surface.start_tagged(tag);
        draw(&mut self.surface);
        self.surface.end_tagged();
        if let Meaning::Figure(node) = meaning {
            self.tree.drawn(node, content);
        }
    }

    /// A line of text: one piece of content for each element of which it holds something.
    fn line(&mut self, item: &Item, paragraph: &Paragraph, line: &Line, kind: Option<ArtifactType>) {
        if let Some(kind) = kind {
            let tag = ContentTag::Artifact(Artifact::with_kind(kind));
            self.surface.start_tagged(tag);
            self.glyphs(paragraph, line, (item.x, item.y), line.range.clone());
            self.surface.end_tagged();
            return;
        }
        let glyphs = paragraph.glyphs.get(line.range.clone()).unwrap_or_default();
        let mut start = line.range.start;
        for group in glyphs.chunk_by(|before, after| before.node == after.node) {
            let range = start..start + group.len();
            start = range.end;
            let Some(first) = group.first() else { continue };
            let content = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            self.glyphs(paragraph, line, (item.x, item.y), range);
            self.surface.end_tagged();
            self.tree.drawn(first.node, content);
        }
    }

    /// Draws glyphs of a line, as many at a time as have one face.
    fn glyphs(&mut self, paragraph: &Paragraph, line: &Line, (x, y): (f32, f32), range: Range<usize>) {
        let offset = range.start - line.range.start;
        let glyphs = paragraph.glyphs.get(range).unwrap_or_default();
        let places = line.places.get(offset..).unwrap_or_default();
        let placed: Vec<(&Glyph, f32)> = glyphs.iter().zip(places.iter().copied()).collect();
        for run in placed.chunk_by(|(before, _), (after, _)| before.face == after.face) {
            let Some((first, start)) = run.first() else { continue };
            let Some(face) = first.face.and_then(|at| self.faces.get(at)) else {
                continue;
            };
            let nexts = run.iter().skip(1).map(|(_, place)| Some(*place)).chain([None]);
            let drawn: Vec<KrillaGlyph> = run
                .iter()
                .zip(nexts)
                .map(|((glyph, place), next)| {
                    let advance = next.map_or(glyph.advance, |next| next - place);
                    let (advance, shift) = (advance / paragraph.size, glyph.shift / paragraph.size);
                    let id = GlyphId::new(glyph.id.into());
                    KrillaGlyph::new(id, advance, shift, 0., 0., glyph.range.clone(), None)
                })
                .collect();
            let at = Point::from_xy(x + start, y);
            self.surface
                .draw_glyphs(at, &drawn, face.font(), &paragraph.text, paragraph.size, false);
        }
    }

    /// Drawn as outlines, so that it is seen, but is not found among the words of the paper.
    fn watermark(&mut self, paragraph: &Paragraph, line: &Line) {
        let middle = Point::from_xy(PAGE_WIDTH / 2., PAGE_HEIGHT / 2.);
        self.surface
            .set_fill(Some(paint(luma::Color::new(WATERMARK_GREY).into())));
        self.surface.set_stroke(None);
        self.surface
            .start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Watermark)));
        let turned = Transform::from_rotate_at(WATERMARK_ANGLE, middle.x, middle.y);
        self.surface.push_transform(&turned);
        let glyphs = paragraph.glyphs.get(line.range.clone()).unwrap_or_default();
        for (glyph, place) in glyphs.iter().zip(&line.places) {
            let Some(face) = glyph.face.and_then(|at| self.faces.get(at)) else {
                continue;
            };
            let at = Point::from_xy(
                middle.x - line.width / 2. + place + glyph.shift,
                middle.y + paragraph.size * 0.38,
            );
            let drawn = KrillaGlyph::new(GlyphId::new(glyph.id.into()), 1., 0., 0., 0., glyph.range.clone(), None);
            self.surface
                .draw_glyphs(at, &[drawn], face.font(), &paragraph.text, paragraph.size, true);
        }
        self.surface.pop();
        self.surface.end_tagged();
    }
}

fn artifact(meaning: Meaning) -> Option<ArtifactType> {
    match meaning {
        Meaning::Text | Meaning::Figure(_) => None,
        Meaning::Ornament => Some(ArtifactType::Layout),
        Meaning::Repeated => Some(ArtifactType::PaginationOther),
        Meaning::PageNumber => Some(ArtifactType::PageNumber),
    }
}

fn rectangles(item: &Item, boxes: &[[f32; 4]]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for [left, top, width, height] in boxes {
        builder.push_rect(Rect::from_xywh(item.x + left, item.y + top, *width, *height)?);
    }
    builder.finish()
}

fn fill(colour: Colour) -> Fill {
    match colour {
        Colour::Black => paint(luma::Color::black().into()),
        Colour::Grey => paint(luma::Color::new(150).into()),
        Colour::Red => paint(rgb::Color::new(222, 0, 0).into()),
    }
}

fn paint(paint: Paint) -> Fill {
    Fill {
        paint,
        ..Fill::default()
    }
}
