//! Codes for machines, drawn as SVG in units of millimetres: Code 128 for the scanner at the counter, QR for the
//! telephone of the applicant.
//!
//! Drawn here rather than by the libraries' own writers, because print needs physical sizes, a quiet zone around the
//! code, and no style attributes, which the policy of the page forbids.

use std::fmt::Write;

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

use super::PrintError;

/// Width of the narrowest bar: two dots of a 203 dpi label printer, three of one with 300 dpi.
const BAR_MM: f64 = 0.254;
/// Height of the bars.
const BAR_HEIGHT_MM: u32 = 14;
/// Free modules on either side of the bars (ISO/IEC 15417).
const BAR_QUIET: usize = 10;
/// Free modules around a QR code (ISO/IEC 18004).
const QR_QUIET: usize = 4;
/// Side of a printed QR code with its quiet zone.
const QR_MM: u32 = 34;
/// Selects character set B, which has capitals, digits and the hyphen.
const CHARACTER_SET_B: char = '\u{0181}';

/// Code 128 of a case number.
///
/// # Errors
/// A text with characters that the code does not have.
pub fn code128(text: &str) -> Result<String, PrintError> {
    let barcode =
        Code128::new(format!("{CHARACTER_SET_B}{text}")).map_err(|_| PrintError::Barcode { text: text.to_owned() })?;
    let modules = barcode.encode();
    let width = modules.len() + 2 * BAR_QUIET;
    let bars = runs(modules.iter().map(|module| *module == 1)).fold(String::new(), |mut path, (at, length)| {
        let _ = write!(path, "M{} 0h{length}v{BAR_HEIGHT_MM}h-{length}z", at + BAR_QUIET);
        path
    });
    let millimetres = f64::from(u32::try_from(width).unwrap_or(u32::MAX)) * BAR_MM;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{text}" width="{millimetres:.2}mm" height="{BAR_HEIGHT_MM}mm" viewBox="0 0 {width} {BAR_HEIGHT_MM}" preserveAspectRatio="none" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{BAR_HEIGHT_MM}h-{width}z"/><path fill="#000" d="{bars}"/></svg>"##
    ))
}

/// QR code of an address.
///
/// # Errors
/// An address that is longer than the largest code.
pub fn qr(text: &str) -> Result<String, PrintError> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| PrintError::Qr { length: text.len() })?;
    let side = code.width();
    let width = side + 2 * QR_QUIET;
    let mut dark = String::new();
    for (row, modules) in code.to_colors().chunks(side).enumerate() {
        for (at, length) in runs(modules.iter().map(|module| *module == Color::Dark)) {
            let _ = write!(dark, "M{} {}h{length}v1h-{length}z", at + QR_QUIET, row + QR_QUIET);
        }
    }
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="查询二维码" width="{QR_MM}mm" height="{QR_MM}mm" viewBox="0 0 {width} {width}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{width}h-{width}z"/><path fill="#000" d="{dark}"/></svg>"##
    ))
}

/// Where the dark modules begin, and how many follow.
fn runs(modules: impl Iterator<Item = bool>) -> impl Iterator<Item = (usize, usize)> {
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
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_modules_are_drawn_as_runs() {
        let found: Vec<_> = runs([true, true, false, true, false].into_iter()).collect();
        assert_eq!(found, [(0, 2), (3, 1)]);
    }

    #[test]
    fn what_has_no_code_is_refused() {
        assert!(matches!(code128("云溪-1"), Err(PrintError::Barcode { .. })));
        assert!(matches!(qr(&"x".repeat(3000)), Err(PrintError::Qr { length: 3000 })));
    }
}
