//! Codes for machines as rectangles: Code 128 for the scanner at the counter, QR for the telephone of the applicant.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

use super::style::{float, millimetres};

/// Width of the narrowest bar in millimetres: two dots of a 203 dpi label printer, three of one with 300 dpi.
const BAR: f32 = 0.254;
const BAR_HEIGHT: f32 = 12.;
/// Free modules on either side of the bars (ISO/IEC 15417).
const BAR_QUIET: usize = 10;
/// Free modules around a QR code (ISO/IEC 18004).
const QR_QUIET: usize = 4;
/// Side of a printed QR code with its quiet zone.
const QR_SIDE: f32 = 30.;
/// Selects character set B, which has capitals, digits and the hyphen.
const CHARACTER_SET_B: char = '\u{0181}';

/// A code that can be drawn.
#[derive(Debug)]
pub(super) struct Code {
    /// With the free zone around it, in points.
    pub width: f32,
    pub height: f32,
    /// Left, top, width, height of what is dark.
    pub dark: Vec<[f32; 4]>,
}

/// Code 128, made narrower if it would not fit; none if a character is not in its set.
pub(super) fn code128(text: &str, room: f32) -> Option<Code> {
    let modules = Code128::new(format!("{CHARACTER_SET_B}{text}")).ok()?.encode();
    let count = float(modules.len() + 2 * BAR_QUIET);
    let module = millimetres(BAR).min(room / count);
    let height = millimetres(BAR_HEIGHT);
    let dark = runs(modules.iter().map(|module| *module == 1));
    let bar = |(at, length)| [float(at + BAR_QUIET) * module, 0., float(length) * module, height];
    Some(Code {
        width: count * module,
        height,
        dark: dark.into_iter().map(bar).collect(),
    })
}

/// QR code; none if the text is longer than the largest code.
pub(super) fn qr(text: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let module = millimetres(QR_SIDE) / float(side + 2 * QR_QUIET);
    let mut dark = Vec::new();
    for (row, modules) in code.to_colors().chunks(side).enumerate() {
        for (at, length) in runs(modules.iter().map(|module| *module == Color::Dark)) {
            let (left, top) = (float(at + QR_QUIET) * module, float(row + QR_QUIET) * module);
            dark.push([left, top, float(length) * module, module]);
        }
    }
    Some(Code {
        width: millimetres(QR_SIDE),
        height: millimetres(QR_SIDE),
        dark,
    })
}

/// Where the dark modules begin, and how many follow.
fn runs(modules: impl Iterator<Item = bool>) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut before = false;
    for (at, dark) in modules.enumerate() {
        match found.last_mut() {
            Some((_, length)) if dark && before => *length += 1,
            _ if dark => found.push((at, 1)),
            _ => {}
        }
        before = dark;
    }
    found
}
