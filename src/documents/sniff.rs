//! Which kind of file some content is: by its first bytes, by what a container holds, by the characters of a text.
//!
//! The name never decides, but among types of one content: the same OLE compound is written by Word (`.doc`) and by WPS
//! (`.wps`). Whatever can run by itself (programs, macros, pages with scripts) is none of the accepted types.

use crate::domain::document::{MediaType, extension};

/// Bytes at the beginning of a file that [`by_head`] wants to see, fewer when the file is shorter.
pub const HEAD_BYTES: usize = 1024;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Nothing in it.
    Empty,
    Is(MediaType),
    /// A ZIP archive: its entries decide.
    Zip,
    /// An OLE compound file: its streams decide.
    Compound,
    /// Perhaps a text: every byte decides.
    Unknown,
    /// Surely not accepted.
    Refused,
}

/// Looks at the first bytes.
pub fn by_head(head: &[u8]) -> Head {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if head.is_empty() {
        Head::Empty
    } else if starts(b"%PDF-") {
        Head::Is(MediaType::Pdf)
    } else if starts(b"\xFF\xD8\xFF") {
        Head::Is(MediaType::Jpeg)
    } else if starts(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR") {
        Head::Is(MediaType::Png)
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        Head::Is(MediaType::Tiff)
    } else if starts(b"PK\x03\x04") {
        Head::Zip
    } else if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Head::Compound
    } else if is_active_text(head) {
        Head::Refused
    } else {
        Head::Unknown
    }
}

/// Markup, scripts and formats that are written in characters but are more than text.
fn is_active_text(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let markup = text.strip_prefix(b"<").and_then(|rest| rest.first());
    markup.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, b'!' | b'?' | b'%'))
        || [&b"#!"[..], b"{\\rtf", b"%!PS", b"MZ"].iter().any(|magic| text.starts_with(magic))
        // An HTML page may begin with anything; browsers look this far.
        || contains_ignoring_case(text, b"<script")
        || contains_ignoring_case(text, b"<html")
}

fn contains_ignoring_case(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// Decides about a ZIP archive from the names of its entries; `None` for what is not accepted.
///
/// `active` says that the list of content types names macros.
pub fn by_entries<'a>(names: impl IntoIterator<Item = &'a str>, active: bool) -> Option<MediaType> {
    let mut found = Entries::default();
    for (index, name) in names.into_iter().enumerate() {
        found.look(index, name);
    }
    if active || found.refused || found.count == 0 {
        return None;
    }
    match (
        found.content_types,
        found.ofd,
        found.word,
        found.excel,
        found.powerpoint,
    ) {
        (true, false, true, false, false) => Some(MediaType::Docx),
        (true, false, false, true, false) => Some(MediaType::Xlsx),
        (true, false, false, false, true) => Some(MediaType::Pptx),
        (false, true, ..) => Some(MediaType::Ofd),
        (false, false, ..) => Some(MediaType::Zip),
        // Another package of the Office family, or several documents in one.
        (true, ..) => None,
    }
}

#[derive(Debug, Default)]
struct Entries {
    count: usize,
    content_types: bool,
    ofd: bool,
    word: bool,
    excel: bool,
    powerpoint: bool,
    refused: bool,
}

impl Entries {
    fn look(&mut self, index: usize, name: &str) {
        let name = name.to_ascii_lowercase();
        let last = name.rsplit('/').next().unwrap_or_default();
        self.count += 1;
        self.content_types |= name == CONTENT_TYPES.to_ascii_lowercase();
        self.ofd |= name == "ofd.xml";
        self.word |= name.starts_with("word/");
        self.excel |= name.starts_with("xl/");
        self.powerpoint |= name.starts_with("ppt/");
        // Macros, programs of Java and Android, and packages of other families (OpenDocument, EPUB).
        self.refused |= last.starts_with("vbaproject")
            || last.starts_with("vbadata")
            || name.contains("/macrosheets/")
            || name.contains("/activex/")
            || name == "meta-inf/manifest.mf"
            || name == "classes.dex"
            || (index == 0 && name == "mimetype");
    }
}

/// The entry of an Office package that lists the types of all others.
pub const CONTENT_TYPES: &str = "[Content_Types].xml";

/// Whether a list of content types names macros.
pub fn names_macros(content_types: &[u8]) -> bool {
    contains_ignoring_case(content_types, b"macroEnabled") || contains_ignoring_case(content_types, b"vbaProject")
}

/// Decides about an OLE compound file from the names of its streams and storages below the root; `None` for what is not
/// accepted.
pub fn by_streams<'a>(names: impl IntoIterator<Item = &'a str>, file_name: &str) -> Option<MediaType> {
    let (mut word, mut excel, mut powerpoint, mut macros) = (false, false, false, false);
    for name in names {
        match name {
            "WordDocument" => word = true,
            "Workbook" | "Book" => excel = true,
            "PowerPoint Document" => powerpoint = true,
            "Macros" | "_VBA_PROJECT_CUR" | "VBA" | "_VBA_PROJECT" => macros = true,
            _ => {}
        }
    }
    let ending = extension(file_name);
    match (macros, word, excel, powerpoint) {
        (false, true, false, false) if ending == "wps" => Some(MediaType::Wps),
        (false, true, false, false) => Some(MediaType::Doc),
        (false, false, true, false) if ending == "et" => Some(MediaType::Et),
        (false, false, true, false) => Some(MediaType::Xls),
        (false, false, false, true) if ending == "dps" => Some(MediaType::Dps),
        (false, false, false, true) => Some(MediaType::Ppt),
        _ => None,
    }
}

/// Reads a file piece by piece and says whether it is a text in UTF-8 or in GB18030, without control characters.
#[derive(Debug, Clone, Copy)]
pub struct TextCheck {
    utf8: Option<Utf8>,
    gb18030: Option<Gb18030>,
}

impl Default for TextCheck {
    fn default() -> Self {
        Self {
            utf8: Some(Utf8::Start),
            gb18030: Some(Gb18030::Start),
        }
    }
}

/// How far a character in UTF-8 has been read (RFC 3629): the range of the next byte and how many follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Utf8 {
    Start,
    Within { low: u8, high: u8, more: u8 },
}

impl Utf8 {
    fn next(self, byte: u8) -> Option<Self> {
        let within = |low, high, more| Some(Self::Within { low, high, more });
        match self {
            Self::Start => match byte {
                0x00..=0x7F => is_plain(byte).then_some(Self::Start),
                // U+0080 to U+009F are control characters.
                0xC2 => within(0xA0, 0xBF, 0),
                0xC3..=0xDF => within(0x80, 0xBF, 0),
                0xE0 => within(0xA0, 0xBF, 1),
                0xED => within(0x80, 0x9F, 1),
                0xE1..=0xEF => within(0x80, 0xBF, 1),
                0xF0 => within(0x90, 0xBF, 2),
                0xF1..=0xF3 => within(0x80, 0xBF, 2),
                0xF4 => within(0x80, 0x8F, 2),
                _ => None,
            },
            Self::Within { low, high, .. } if !(low..=high).contains(&byte) => None,
            Self::Within { more: 0, .. } => Some(Self::Start),
            Self::Within { more, .. } => within(0x80, 0xBF, more - 1),
        }
    }
}

/// How far a character in GB18030 has been read: one, two or four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gb18030 {
    Start,
    Second,
    Third,
    Fourth,
}

impl Gb18030 {
    fn next(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Start, 0x00..=0x7F) => is_plain(byte).then_some(Self::Start),
            (Self::Start, 0x81..=0xFE) => Some(Self::Second),
            (Self::Second, 0x40..=0x7E | 0x80..=0xFE) => Some(Self::Start),
            (Self::Second, 0x30..=0x39) => Some(Self::Third),
            (Self::Third, 0x81..=0xFE) => Some(Self::Fourth),
            (Self::Fourth, 0x30..=0x39) => Some(Self::Start),
            _ => None,
        }
    }
}

/// Of the control characters only tab, line feed, form feed and carriage return belong to a text.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0C | b'\r' | 0x20..=0x7E)
}

impl TextCheck {
    /// Reads on; returns whether it can still be a text.
    pub fn feed(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            self.utf8 = self.utf8.and_then(|state| state.next(*byte));
            self.gb18030 = self.gb18030.and_then(|state| state.next(*byte));
            if self.utf8.is_none() && self.gb18030.is_none() {
                return false;
            }
        }
        true
    }

    /// Whether it was a text, with its last character complete.
    pub fn is_text(self) -> bool {
        self.utf8 == Some(Utf8::Start) || self.gb18030 == Some(Gb18030::Start)
    }
}
