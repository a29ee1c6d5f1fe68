//! Measures of the layouts, in points: the grid and the margins of GB/T 9704-2012, and of forms beside it.

use super::super::model::Layout;

/// A4.
pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;

pub(super) fn millimetres(length: f32) -> f32 {
    length * 72. / 25.4
}

/// A count as a measure.
pub(super) fn float(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

/// How a layout looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub layout: Layout,
    /// 版心: where the text stands on the page.
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
    /// From line to line, and from character to character.
    pub pitch: f32,
    pub cell: f32,
    pub size: f32,
    pub title: Type,
    pub note: Type,
    pub table: Type,
    /// Digits of the page number.
    pub folio: f32,
}

/// Text off the grid: its size, and from line to line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub size: f32,
    pub pitch: f32,
}

impl Style {
    pub fn of(layout: Layout) -> Self {
        match layout {
            Layout::Letter => {
                // 156 × 225 mm, 22 lines of 28 characters of 3号 (5.2.1, 5.2.3): 28 cells of 16 pt would be too wide,
                // so that the cell is a little narrower than the character.
                let (width, height) = (millimetres(156.), millimetres(225.));
                Self {
                    layout,
                    left: millimetres(28.),
                    top: millimetres(37.),
                    width,
                    height,
                    pitch: height / 22.,
                    cell: width / 28.,
                    size: 16.,
                    title: Type {
                        size: 22.,
                        pitch: height / 22.,
                    },
                    note: Type { size: 12., pitch: 19. },
                    table: Type { size: 12., pitch: 18. },
                    folio: 14.,
                }
            }
            Layout::Form => {
                let (width, height) = (millimetres(166.), millimetres(253.));
                Self {
                    layout,
                    left: millimetres(22.),
                    top: millimetres(22.),
                    width,
                    height,
                    pitch: 21.,
                    cell: width / 39.,
                    size: 12.,
                    title: Type { size: 22., pitch: 31.5 },
                    note: Type { size: 10.5, pitch: 16. },
                    table: Type { size: 12., pitch: 17. },
                    folio: 10.5,
                }
            }
        }
    }

    /// Where the base of characters lies below the top of their line.
    pub fn base(kind: Type) -> f32 {
        (kind.pitch - kind.size) / 2. + ASCENT * kind.size
    }

    /// The text on the grid.
    pub fn body(&self) -> Type {
        Type {
            size: self.size,
            pitch: self.pitch,
        }
    }
}

/// Part of an ideograph above its base line; the same in all Chinese faces but for a hair.
pub(super) const ASCENT: f32 = 0.88;
