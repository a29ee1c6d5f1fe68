//! Measures of the sheet (GB/T 9704-2012, 5 and 10.1), in twips: a twentieth of a point, 56.7 to a millimetre.

use super::model::Layout;

/// A4.
pub(super) const PAGE_WIDTH: i32 = 11_906;
pub(super) const PAGE_HEIGHT: i32 = 16_838;

/// Where things stand on a sheet of one layout.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    pub layout: Layout,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
    pub left: i32,
    /// From the edge of the paper to the head and to the foot.
    pub header: i32,
    pub footer: i32,
    /// Size of the text in half points.
    pub body: u32,
    /// Added to every character of the text.
    pub tracking: i32,
    /// From line to line of the text.
    pub line: u32,
}

impl Sheet {
    pub const fn of(layout: Layout) -> Self {
        match layout {
            // 28 characters of 16 points are wider than 156 mm: every character gives a fifth of a point, and the right
            // margin a quarter of one, so that 28 fit. The foot gives six twips, so that 22 lines of 29 points fit.
            Layout::Letter => Self {
                layout,
                top: 2_098,
                right: 1_470,
                bottom: 1_978,
                left: 1_587,
                header: 1_701,
                footer: 1_134,
                body: 32,
                tracking: -4,
                line: 580,
            },
            Layout::Form => Self {
                layout,
                top: 1_417,
                right: 1_247,
                bottom: 1_134,
                left: 1_247,
                header: 737,
                footer: 567,
                body: 28,
                tracking: 0,
                line: 500,
            },
        }
    }

    pub const fn text_width(self) -> i32 {
        PAGE_WIDTH - self.left - self.right
    }

    /// Width of a full-width character of the text.
    pub fn em(self) -> i32 {
        i32::try_from(self.body * 10).unwrap_or_default() + self.tracking
    }
}

/// Width of a text in half characters: ASCII takes one, everything else two.
pub(super) fn half_width(text: &str) -> i32 {
    text.chars().fold(0_i32, |sum, character| {
        sum.saturating_add(if character.is_ascii() { 1 } else { 2 })
    })
}
