//! Codes for machines: Code 128 for the scanner at the counter, QR for the telephone of the applicant. What is dark in
//! them and how large they are printed is said here; each writer draws that in its own way.
//!
//! Drawn by hand rather than by the libraries' own writers, because print needs physical sizes and a quiet zone around the
//! code.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

/// Width of the narrowest bar: two dots of a 203 dpi label printer, three of one with 300 dpi.
const BAR_MICRONS: u32 = 254;
/// Height of the bars.
const BAR_HEIGHT_MICRONS: u32 = 14_000;
/// Free modules on either side of the bars (ISO/IEC 15417).
const BAR_QUIET: usize = 10;
/// Free modules around a QR code (ISO/IEC 18004).
const QR_QUIET: usize = 4;
/// Side of a printed QR code with its quiet zone.
const QR_MICRONS: u32 = 34_000;
/// Selects character set B, which has capitals, digits and the hyphen.
const CHARACTER_SET_B: char = '\u{0181}';

/// Why there is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("no barcode can be made of {text}")]
    Barcode { text: String },
    #[error("no QR code can be made of {length} bytes")]
    Qr { length: usize },
}

/// A code with the quiet zone around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// In modules.
    pub columns: usize,
    /// Bars are one row, as high as they are printed.
    pub rows: usize,
    pub dark: Vec<Dark>,
    /// As it is printed, in thousandths of a millimetre.
    pub width: u32,
    pub height: u32,
}

/// Dark modules that stand together in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dark {
    pub row: usize,
    /// The first of them, and how many there are.
    pub column: usize,
    pub length: usize,
}

/// Code 128 of a case number.
///
/// # Errors
/// A text with characters that the code does not have.
pub(super) fn code128(text: &str) -> Result<Code, CodeError> {
    let barcode =
        Code128::new(format!("{CHARACTER_SET_B}{text}")).map_err(|_| CodeError::Barcode { text: text.to_owned() })?;
    let modules = barcode.encode();
    let columns = modules.len() + 2 * BAR_QUIET;
    let dark = runs(modules.iter().map(|module| *module == 1)).map(|(at, length)| Dark {
        row: 0,
        column: at + BAR_QUIET,
        length,
    });
    Ok(Code {
        columns,
        rows: 1,
        dark: dark.collect(),
        width: u32::try_from(columns).unwrap_or(u32::MAX).saturating_mul(BAR_MICRONS),
        height: BAR_HEIGHT_MICRONS,
    })
}

/// QR code of an address.
///
/// # Errors
/// An address that is longer than the largest code.
pub(super) fn qr(text: &str) -> Result<Code, CodeError> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| CodeError::Qr { length: text.len() })?;
    let side = code.width();
    let colors = code.to_colors();
    let rows = colors.chunks(side).enumerate();
    let dark = rows.flat_map(|(row, modules)| {
        runs(modules.iter().map(|module| *module == Color::Dark)).map(move |(at, length)| Dark {
            row: row + QR_QUIET,
            column: at + QR_QUIET,
            length,
        })
    });
    Ok(Code {
        columns: side + 2 * QR_QUIET,
        rows: side + 2 * QR_QUIET,
        dark: dark.collect(),
        width: QR_MICRONS,
        height: QR_MICRONS,
    })
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
    fn dark_modules_are_told_as_runs() {
        let found: Vec<_> = runs([true, true, false, true, false].into_iter()).collect();
        assert_eq!(found, [(0, 2), (3, 1)]);
    }

    #[test]
    fn codes_stand_within_their_quiet_zones() {
        for (code, quiet) in [
            (code128("YX-2026-00001").unwrap(), BAR_QUIET),
            (qr("https://a.cn").unwrap(), QR_QUIET),
        ] {
            assert_eq!(code.dark.iter().map(|dark| dark.column).min(), Some(quiet));
            let end = code.dark.iter().map(|dark| dark.column + dark.length).max();
            assert_eq!(end, Some(code.columns - quiet));
        }
    }

    #[test]
    fn what_has_no_code_is_refused() {
        assert!(matches!(code128("云溪-1"), Err(CodeError::Barcode { .. })));
        assert!(matches!(qr(&"x".repeat(3000)), Err(CodeError::Qr { length: 3000 })));
    }
}
