//! Code 128 and QR as pictures of one bit a pixel, written by hand: a few hundred bytes, the same every time.

use super::super::codes::Code;

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

/// Draws a code, with what it is for those who do not see it.
pub(super) fn picture(code: &Code, description: String) -> Picture {
    let mut rows = vec![vec![false; code.columns * SCALE]; code.rows];
    for dark in &code.dark {
        let pixels = dark.column * SCALE..(dark.column + dark.length) * SCALE;
        if let Some(pixels) = rows.get_mut(dark.row).and_then(|row| row.get_mut(pixels)) {
            pixels.fill(true);
        }
    }
    let rows: Vec<Vec<bool>> = rows
        .into_iter()
        .flat_map(|row| std::iter::repeat_n(row, SCALE))
        .collect();
    Picture {
        png: png(&rows),
        width: u64::from(code.width) * EMU_PER_MICRON,
        height: u64::from(code.height) * EMU_PER_MICRON,
        description,
    }
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
}
