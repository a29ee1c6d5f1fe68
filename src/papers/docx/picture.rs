//! Code 128 and QR as pictures of one bit a pixel, written by hand: a few hundred bytes, the same every time.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

use super::DocxError;

/// Width of the narrowest bar: two dots of a 203 dpi printer, three of one with 300 dpi.
const BAR_MICRONS: u64 = 254;
const BAR_HEIGHT_MICRONS: u64 = 14_000;
/// Free modules on either side of the bars (ISO/IEC 15417).
const BAR_QUIET: usize = 10;
/// Free modules around a QR code (ISO/IEC 18004).
const QR_QUIET: usize = 4;
/// Side of a printed QR code with its quiet zone.
const QR_MICRONS: u64 = 34_000;
/// Selects character set B, which has capitals, digits and the hyphen.
const CHARACTER_SET_B: char = '\u{0181}';
/// Pixels a module: programs smooth what they enlarge, and the edge of a bar must stay a small part of it.
const SCALE: usize = 6;
/// English Metric Units to a thousandth of a millimetre.
const EMU_PER_MICRON: u64 = 36;

/// A picture with the size in which it is printed.
pub(super) struct Picture {
    pub png: Vec<u8>,
    /// In English Metric Units.
    pub width: u64,
    pub height: u64,
    /// What it is for those who do not see it.
    pub description: String,
}

/// Code 128 of a case number.
///
/// # Errors
/// A text with characters that the code does not have.
pub(super) fn code128(text: &str) -> Result<Picture, DocxError> {
    let barcode =
        Code128::new(format!("{CHARACTER_SET_B}{text}")).map_err(|_| DocxError::Barcode { text: text.to_owned() })?;
    let modules: Vec<bool> = barcode.encode().iter().map(|module| *module == 1).collect();
    let row = scaled(&modules, BAR_QUIET);
    let width = u64::from(size(modules.len() + 2 * BAR_QUIET)) * BAR_MICRONS;
    Ok(Picture {
        png: png(&vec![row; SCALE]),
        width: width * EMU_PER_MICRON,
        height: BAR_HEIGHT_MICRONS * EMU_PER_MICRON,
        description: format!("条形码 {text}"),
    })
}

/// QR code of an address.
///
/// # Errors
/// An address that is longer than the largest code.
pub(super) fn qr(text: &str) -> Result<Picture, DocxError> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| DocxError::Qr { length: text.len() })?;
    let side = code.width();
    let colors = code.to_colors();
    let light = scaled(&vec![false; side], QR_QUIET);
    let mut rows = vec![light.clone(); QR_QUIET * SCALE];
    for modules in colors.chunks(side) {
        let dark: Vec<bool> = modules.iter().map(|module| *module == Color::Dark).collect();
        rows.extend(vec![scaled(&dark, QR_QUIET); SCALE]);
    }
    rows.extend(vec![light; QR_QUIET * SCALE]);
    Ok(Picture {
        png: png(&rows),
        width: QR_MICRONS * EMU_PER_MICRON,
        height: QR_MICRONS * EMU_PER_MICRON,
        description: format!("二维码 {text}"),
    })
}

/// A row of modules with its quiet zone, in pixels.
fn scaled(modules: &[bool], quiet: usize) -> Vec<bool> {
    let zone = std::iter::repeat_n(false, quiet);
    zone.clone()
        .chain(modules.iter().copied())
        .chain(zone)
        .flat_map(|module| std::iter::repeat_n(module, SCALE))
        .collect()
}

/// A PNG (ISO/IEC 15948) in grey of one bit. Not packed: the archive around it does that.
fn png(rows: &[Vec<bool>]) -> Vec<u8> {
    let width = rows.first().map_or(0, Vec::len);
    let mut pixels = Vec::new();
    for row in rows {
        pixels.push(0);
        // Light is 1.
        pixels.extend(row.chunks(8).map(|eight| {
            eight
                .iter()
                .enumerate()
                .fold(0_u8, |byte, (at, dark)| byte | (u8::from(!dark) << (7 - at)))
        }));
    }
    let mut head = Vec::new();
    head.extend(size(width).to_be_bytes());
    head.extend(size(rows.len()).to_be_bytes());
    head.extend([1, 0, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    chunk(&mut out, *b"IHDR", &head);
    chunk(&mut out, *b"IDAT", &stored(&pixels));
    chunk(&mut out, *b"IEND", &[]);
    out
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn chunk(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    out.extend(size(data.len()).to_be_bytes());
    out.extend(name);
    out.extend(data);
    let sum = crc32(name.iter().chain(data).copied());
    out.extend(sum.to_be_bytes());
}

fn crc32(bytes: impl Iterator<Item = u8>) -> u32 {
    !bytes.fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

/// A zlib stream (RFC 1950) of blocks that are stored as they are (RFC 1951, 3.2.4).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (at, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(at == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    out.extend((high << 16 | low).to_be_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789".iter().copied()), 0xCBF4_3926);
        assert!(stored(b"Wikipedia").ends_with(&0x11E6_0398_u32.to_be_bytes()));
    }

    #[test]
    fn what_has_no_code_is_refused() {
        assert!(matches!(code128("云溪-1"), Err(DocxError::Barcode { .. })));
        assert!(matches!(qr(&"x".repeat(3000)), Err(DocxError::Qr { length: 3000 })));
    }
}
