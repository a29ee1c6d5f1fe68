//! A face that is read: its glyphs and their widths.

use std::fmt;
use std::sync::Arc;

use krilla::text::{Font, Tag};
use skrifa::charmap::MapVariant;
use skrifa::instance::{Location, Size};
use skrifa::raw::TableRecord;
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// Name of the axis of weight in variable fonts.
const WEIGHT: [u8; 4] = *b"wght";

/// A face, cheap to clone.
#[derive(Clone)]
pub struct Face(Arc<Inner>);

struct Inner {
    bytes: Arc<Vec<u8>>,
    index: u32,
    location: Location,
    font: Font,
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face")
            .field("index", &self.0.index)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Face {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Face {
    /// Reads a face; `weight` is that of a variable font. None if it is broken.
    pub(super) fn new(bytes: Arc<Vec<u8>>, index: u32, weight: Option<u16>) -> Option<Self> {
        let reference = FontRef::from_index(&bytes, index).ok()?;
        // A file that is cut off would be read as far as it goes, and its last glyphs drawn as nothing.
        let is_whole = |record: &TableRecord| {
            let end = u64::from(record.offset()) + u64::from(record.length());
            u64::try_from(bytes.len()).is_ok_and(|length| end <= length)
        };
        if !reference.table_directory().table_records().iter().all(is_whole) {
            return None;
        }
        let axes = reference.axes();
        let axis = axes.get_by_tag(skrifa::Tag::new(&WEIGHT));
        let weight = axis.zip(weight).map(|(axis, weight)| {
            let (lightest, boldest) = (axis.min_value(), axis.max_value());
            // Not `clamp`, which does not bear a broken axis.
            f32::from(weight).min(boldest).max(lightest)
        });
        let location = axes.location(weight.map(|weight| (skrifa::Tag::new(&WEIGHT), weight)));
        let coordinates: Vec<_> = weight.map(|weight| (Tag::new(&WEIGHT), weight)).into_iter().collect();
        let font = Font::new_variable(Arc::clone(&bytes).into(), index, &coordinates)?;
        (font.units_per_em() > 0.).then(|| {
            Self(Arc::new(Inner {
                bytes,
                index,
                location,
                font,
            }))
        })
    }

    /// The face as the writer of PDF embeds it.
    pub fn font(&self) -> Font {
        self.0.font.clone()
    }

    /// The glyph of a character and its width in em; that of the variant if one is asked for and there.
    pub fn glyph(&self, character: char, variant: Option<char>) -> Option<(u16, f32)> {
        let reference = FontRef::from_index(&self.0.bytes, self.0.index).ok()?;
        let charmap = reference.charmap();
        let varied = variant.and_then(|selector| match charmap.map_variant(character, selector)? {
            MapVariant::UseDefault => None,
            MapVariant::Variant(glyph) => Some(glyph),
        });
        let glyph = varied
            .or_else(|| charmap.map(character))
            .filter(|glyph| *glyph != GlyphId::NOTDEF)?;
        let metrics = reference.glyph_metrics(Size::unscaled(), &self.0.location);
        if glyph.to_u32() >= metrics.glyph_count() {
            return None;
        }
        let width = metrics.advance_width(glyph)? / self.0.font.units_per_em();
        Some((u16::try_from(glyph.to_u32()).ok()?, width))
    }

    /// The middle of what is seen of a glyph, in em from its beginning.
    pub fn middle(&self, glyph: u16) -> Option<f32> {
        let reference = FontRef::from_index(&self.0.bytes, self.0.index).ok()?;
        let metrics = reference.glyph_metrics(Size::unscaled(), &self.0.location);
        let seen = metrics.bounds(GlyphId::new(glyph.into()))?;
        Some((seen.x_min + seen.x_max) / 2. / self.0.font.units_per_em())
    }
}
