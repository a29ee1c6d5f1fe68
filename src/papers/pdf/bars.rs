//! Codes for machines as rectangles on the page.

use super::super::codes::Code;
use super::style::{float, millimetres};

/// A code as it is drawn.
#[derive(Debug)]
pub(super) struct Boxes {
    /// With the free zone around it, in points.
    pub width: f32,
    pub height: f32,
    /// Left, top, width, height of what is dark.
    pub dark: Vec<[f32; 4]>,
}

/// Draws a code, made narrower if it would not fit into the room.
pub(super) fn boxes(code: &Code, room: f32) -> Boxes {
    let (width, height) = (points(code.width).min(room), points(code.height));
    let (across, down) = (width / float(code.columns), height / float(code.rows));
    let dark = code.dark.iter().map(|dark| {
        let (left, top) = (float(dark.column) * across, float(dark.row) * down);
        [left, top, float(dark.length) * across, down]
    });
    Boxes {
        width,
        height,
        dark: dark.collect(),
    }
}

/// From thousandths of a millimetre.
fn points(microns: u32) -> f32 {
    let tenths = u16::try_from(microns / 100).unwrap_or(u16::MAX);
    let rest = u16::try_from(microns % 100).unwrap_or_default();
    millimetres(f32::from(tenths) / 10. + f32::from(rest) / 1000.)
}
