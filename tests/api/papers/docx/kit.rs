//! Taking files apart and putting them together again.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// All parts by name, in order.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

pub fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(other, _)| other == name);
    String::from_utf8(found.unwrap_or_else(|| panic!("no part {name}")).1).unwrap()
}

pub fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The file with another text of one part.
pub fn edit(bytes: &[u8], name: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut parts = parts(bytes);
    let part = parts.iter_mut().find(|(other, _)| other == name).unwrap();
    let changed = change(String::from_utf8(std::mem::take(&mut part.1)).unwrap());
    part.1 = changed.into_bytes();
    pack(&parts)
}

/// The file with another text.
pub fn edit_text(bytes: &[u8], change: impl FnOnce(String) -> String) -> Vec<u8> {
    edit(bytes, "word/document.xml", change)
}

/// Every control of a tag, from its beginning to its end.
pub fn control(document: &str, tag: &str) -> String {
    let at = document.find(&format!("<w:tag w:val=\"{tag}\"/>")).unwrap();
    let start = document[..at].rfind("<w:sdt>").unwrap();
    let end = at + document[at..].find("</w:sdt>").unwrap() + "</w:sdt>".len();
    document[start..end].to_owned()
}

pub fn folded(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
