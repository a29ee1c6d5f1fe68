//! Files for the demonstration, made from their titles: a newcomer opens what a case holds.

use std::fmt::Write as _;

/// The content of a file called `name` that says one line about a case.
pub fn content(name: &str, line: &str) -> Vec<u8> {
    match name.strip_suffix(".pdf") {
        Some(title) => pdf(title, line),
        None => format!("{name}\r\n\r\n{line}\r\n\r\n演示文件，内容为虚构。\r\n").into_bytes(),
    }
}

/// One A4 page with a title and a line, in the Chinese font that every reader of PDF brings along (ISO 32000-1, 9.7.5.2).
fn pdf(title: &str, line: &str) -> Vec<u8> {
    let shown = |text: &str| {
        text.encode_utf16().fold(String::new(), |mut hex, unit| {
            // Writing to a text cannot fail.
            let _ = write!(hex, "{unit:04X}");
            hex
        })
    };
    let page = format!(
        "BT /F1 20 Tf 72 750 Td <{}> Tj /F1 11 Tf 0 -40 Td <{}> Tj 0 -24 Td <{}> Tj ET",
        shown(title),
        shown(line),
        shown("演示文件，内容为虚构。")
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) \
         /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 \
         /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let table = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}
