//! What font files hold, read without reading them: the directory of a file, and of it the few tables that tell names,
//! weight and characters.
//!
//! A collection of Chinese faces is a file of 20 to 30 MB, and a system has dozens of them: only the file from which a
//! paper is drawn is ever read as a whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use skrifa::raw::tables::cmap::{Cmap, CmapSubtable};
use skrifa::raw::tables::name::Name;
use skrifa::raw::tables::os2::{Os2, SelectionFlags};
use skrifa::raw::{FontData, FontRead};
use skrifa::string::StringId;

/// Folders within folders that are looked into; a circle of links ends here too.
const MAX_DEPTH: usize = 8;
/// More files than any system has.
const MAX_FILES: usize = 20_000;
/// More faces than any collection has.
const MAX_FACES: u32 = 256;
const MAX_TABLES: u16 = 256;
/// The largest table that is read here; character maps of all of Unicode have about 1 MB.
const MAX_TABLE: u32 = 8 << 20;
/// As many as there are code points; a broken map may claim more.
const ALL_CODES: usize = 0x11_0000;
/// Bit of OS/2 `ulCodePageRange1` by which a face says that it is made for simplified Chinese.
const SIMPLIFIED_CHINESE: u32 = 1 << 18;
/// Value of OS/2 `fsType`, alone in its four bits, that forbids embedding.
const RESTRICTED: u16 = 2;

/// A face in a file, as far as it is known without reading the file.
#[derive(Debug, Clone)]
pub(super) struct FaceEntry {
    pub path: PathBuf,
    /// Place in a collection; 0 in a file with one face.
    pub index: u32,
    /// What it is called in the first of its languages, for people.
    pub family: String,
    /// All its names by [`plain`]: families, full names, PostScript names.
    pub names: Vec<String>,
    pub weight: u16,
    pub italic: bool,
    pub simplified: bool,
    pub variable: bool,
    /// Its licence forbids embedding, without which there is no PDF/A.
    pub restricted: bool,
    pub cmap: TablePlace,
}

/// A name without what people write differently: case, blanks, hyphens.
pub(super) fn plain(name: &str) -> String {
    let kept = name.chars().filter(|character| !matches!(character, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).collect()
}

/// Where a table lies in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TablePlace {
    offset: u32,
    length: u32,
}

/// The characters that a face has, as sorted ranges.
#[derive(Debug)]
pub(super) struct Coverage(Vec<(u32, u32)>);

impl Coverage {
    pub fn has(&self, character: char) -> bool {
        let code = u32::from(character);
        let after = self.0.partition_point(|(first, _)| *first <= code);
        after
            .checked_sub(1)
            .and_then(|at| self.0.get(at))
            .is_some_and(|(_, last)| code <= *last)
    }
}

/// All font files below a folder, or the file itself, in an order that does not depend on the file system.
pub(super) fn files(root: &Path, found: &mut Vec<PathBuf>) {
    walk(root, 0, found);
}

fn walk(path: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if depth > MAX_DEPTH || found.len() >= MAX_FILES {
        return;
    }
    if path.is_file() {
        if depth == 0 || has_font_name(path) {
            found.push(path.to_owned());
        }
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    inside.sort();
    for path in inside {
        walk(&path, depth + 1, found);
    }
}

fn has_font_name(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| ["ttf", "otf", "ttc", "otc"].contains(&extension.to_ascii_lowercase().as_str()))
}

/// The faces of a file that can be drawn.
///
/// # Errors
/// A file that cannot be read, or is no font.
pub(super) fn faces(path: &Path) -> io::Result<Vec<FaceEntry>> {
    let mut file = File::open(path)?;
    let mut found = Vec::new();
    for (index, offset) in (0..).zip(directories(&mut file)?) {
        if let Some(entry) = face(&mut file, path, index, offset)? {
            found.push(entry);
        }
    }
    Ok(found)
}

/// Reads the characters that a face has.
///
/// # Errors
/// A file that is gone or broken.
pub(super) fn coverage(path: &Path, place: TablePlace) -> io::Result<Coverage> {
    let mut file = File::open(path)?;
    let bytes = table(&mut file, place)?;
    let cmap = Cmap::read(FontData::new(&bytes)).map_err(|_| broken())?;
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    let mut add = |code: u32| match ranges.last_mut() {
        Some((_, last)) if *last + 1 == code => *last = code,
        _ => ranges.push((code, code)),
    };
    if let Some((_, _, subtable)) = cmap.best_subtable() {
        match subtable {
            CmapSubtable::Format4(map) => map.iter().take(ALL_CODES).for_each(|(code, _)| add(code)),
            CmapSubtable::Format12(map) => map.iter().take(ALL_CODES).for_each(|(code, _)| add(code)),
            // Other forms are those of symbols and of systems of long ago.
            _ => {}
        }
    }
    ranges.sort_unstable();
    Ok(Coverage(ranges))
}

/// Where the directories of the faces of a file lie.
fn directories(file: &mut File) -> io::Result<Vec<u32>> {
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    let [a, b, c, d, .., e, f, g, h] = head;
    match &[a, b, c, d] {
        b"ttcf" => {
            let count = u32::from_be_bytes([e, f, g, h]).min(MAX_FACES);
            (0..count)
                .map(|_| {
                    let mut offset = [0; 4];
                    file.read_exact(&mut offset)?;
                    Ok(u32::from_be_bytes(offset))
                })
                .collect()
        }
        [0, 1, 0, 0] | b"OTTO" | b"true" => Ok(vec![0]),
        _ => Err(broken()),
    }
}

/// A face whose directory lies at an offset; none if it has no outlines of one colour.
fn face(file: &mut File, path: &Path, index: u32, offset: u32) -> io::Result<Option<FaceEntry>> {
    let tables = directory(file, offset)?;
    let place = |tag: &[u8; 4]| tables.iter().find(|(name, _)| name == tag).map(|(_, place)| *place);
    let coloured = [b"COLR", b"SVG ", b"CBDT", b"sbix"]
        .into_iter()
        .any(|tag| place(tag).is_some());
    let outlined = [b"glyf", b"CFF ", b"CFF2"].into_iter().any(|tag| place(tag).is_some());
    let (Some(cmap), Some(name), true, false) = (place(b"cmap"), place(b"name"), outlined, coloured) else {
        return Ok(None);
    };
    let names = names(&table(file, name)?);
    let mut entry = FaceEntry {
        path: path.to_owned(),
        index,
        family: names.first().cloned().unwrap_or_default(),
        names: names.iter().map(|name| plain(name)).collect(),
        weight: 400,
        italic: false,
        simplified: false,
        restricted: false,
        variable: place(b"fvar").is_some(),
        cmap,
    };
    if let Some(os2) = place(b"OS/2") {
        let bytes = table(file, os2)?;
        if let Ok(os2) = Os2::read(FontData::new(&bytes)) {
            entry.restricted = os2.fs_type() & 0xF == RESTRICTED;
            entry.weight = os2.us_weight_class();
            entry.italic = os2.fs_selection().contains(SelectionFlags::ITALIC);
            entry.simplified = os2
                .ul_code_page_range_1()
                .is_some_and(|range| range & SIMPLIFIED_CHINESE != 0);
        }
    }
    Ok(Some(entry))
}

fn directory(file: &mut File, offset: u32) -> io::Result<Vec<([u8; 4], TablePlace)>> {
    file.seek(SeekFrom::Start(u64::from(offset)))?;
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    let [_, _, _, _, high, low, ..] = head;
    let count = u16::from_be_bytes([high, low]).min(MAX_TABLES);
    (0..count)
        .map(|_| {
            let mut record = [0; 16];
            file.read_exact(&mut record)?;
            let [a, b, c, d, _, _, _, _, e, f, g, h, i, j, k, l] = record;
            let place = TablePlace {
                offset: u32::from_be_bytes([e, f, g, h]),
                length: u32::from_be_bytes([i, j, k, l]),
            };
            Ok(([a, b, c, d], place))
        })
        .collect()
}

fn table(file: &mut File, place: TablePlace) -> io::Result<Vec<u8>> {
    if place.length > MAX_TABLE {
        return Err(broken());
    }
    file.seek(SeekFrom::Start(u64::from(place.offset)))?;
    let mut bytes = Vec::new();
    file.take(u64::from(place.length)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The names of a face in every language, families first.
fn names(bytes: &[u8]) -> Vec<String> {
    let Ok(name) = Name::read(FontData::new(bytes)) else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for wanted in [
        StringId::TYPOGRAPHIC_FAMILY_NAME,
        StringId::FAMILY_NAME,
        StringId::FULL_NAME,
        StringId::POSTSCRIPT_NAME,
    ] {
        for record in name.name_record().iter().filter(|record| record.name_id() == wanted) {
            let Ok(text) = record.string(name.string_data()) else {
                continue;
            };
            let text: String = text.chars().filter(|character| !character.is_control()).collect();
            if !text.is_empty() && !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a font file")
}
