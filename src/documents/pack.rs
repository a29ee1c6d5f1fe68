//! A ZIP archive that goes out (打包): written into a file piece by piece, with the SHA-256 of every entry. The same entries
//! give the same bytes: nothing of the machine or of the moment is in it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::error::Error;

/// Longest name of a file or a folder, as Windows counts it.
const NAME_MAX: usize = 80;
/// Entries of more bytes need the larger header.
const LARGE: u64 = 1 << 31;
/// How much is copied at once.
const PIECE_BYTES: usize = 64 * 1024;
const SHANGHAI_SECONDS_EAST: i32 = 8 * 3600;

/// Why an archive cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("an archive cannot be written")]
    Write(#[from] zip::result::ZipError),
    #[error("a file cannot be read or written")]
    Io(#[from] io::Error),
    #[error("{0} stands in the archive already")]
    Twice(String),
}

impl From<PackError> for Error {
    fn from(error: PackError) -> Self {
        match error {
            PackError::Twice(_) => Self::internal(error),
            PackError::Write(_) | PackError::Io(_) => Self::storage(error),
        }
    }
}

/// What an archive holds of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Packed {
    pub name: String,
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// An archive that is being written.
pub struct Pack {
    zip: ZipWriter<BufWriter<File>>,
    entries: Vec<Packed>,
    /// Names as systems compare them that do not tell small letters from capitals.
    taken: BTreeSet<String>,
}

impl Pack {
    /// An archive in an empty file.
    pub fn new(file: File) -> Self {
        Self {
            zip: ZipWriter::new(BufWriter::new(file)),
            entries: Vec::new(),
            taken: BTreeSet::new(),
        }
    }

    /// What it holds so far.
    pub fn entries(&self) -> &[Packed] {
        &self.entries
    }

    /// Adds a text, dated.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn text(&mut self, name: &str, at: DateTime<Utc>, bytes: &[u8]) -> Result<&Packed, PackError> {
        self.add(name, at, CompressionMethod::Deflated, 0, bytes)
    }

    /// Adds a file that is compressed by itself, as most are that people send.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn file(&mut self, name: &str, at: DateTime<Utc>, size: u64, content: impl Read) -> Result<&Packed, PackError> {
        self.add(name, at, CompressionMethod::Stored, size, content)
    }

    fn add(
        &mut self,
        name: &str,
        at: DateTime<Utc>,
        method: CompressionMethod,
        size: u64,
        mut content: impl Read,
    ) -> Result<&Packed, PackError> {
        if !self.taken.insert(name.to_lowercase()) {
            return Err(PackError::Twice(name.to_owned()));
        }
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .unix_permissions(0o644)
            .last_modified_time(dated(at))
            .large_file(size >= LARGE);
        self.zip.start_file(name, options)?;
        let (mut hash, mut size) = (Sha256::new(), 0_u64);
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let length = content.read(&mut piece)?;
            let Some(read) = piece.get(..length).filter(|read| !read.is_empty()) else {
                break;
            };
            hash.update(read);
            size = size.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
            self.zip.write_all(read)?;
        }
        self.entries.push(Packed {
            name: name.to_owned(),
            size,
            sha256: hex::encode(hash.finalize()),
        });
        self.entries.last().ok_or_else(|| PackError::Twice(name.to_owned()))
    }

    /// Adds `manifest.json`: what the archive is about, and every entry before it with its length and hash.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn manifest(&mut self, mut about: Value, at: DateTime<Utc>) -> Result<(), PackError> {
        if let Some(fields) = about.as_object_mut() {
            fields.insert("entries".to_owned(), json!(self.entries));
        }
        let text = serde_json::to_vec_pretty(&about).map_err(io::Error::from)?;
        self.text("manifest.json", at, &text)?;
        Ok(())
    }

    /// The complete archive from its beginning, and its length.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn finish(self) -> Result<(File, u64), PackError> {
        let file = self.zip.finish()?;
        let mut file = file.into_inner().map_err(|error| error.into_error())?;
        let length = file.stream_position()?;
        file.seek(SeekFrom::Start(0))?;
        Ok((file, length))
    }
}

/// The form in which archives date their entries: local time, even seconds, from 1980 on.
fn dated(at: DateTime<Utc>) -> zip::DateTime {
    let Some(shanghai) = FixedOffset::east_opt(SHANGHAI_SECONDS_EAST) else {
        return zip::DateTime::default();
    };
    let at = at.with_timezone(&shanghai);
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    zip::DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}

/// A name of a file or folder that every system takes: without what means something to one of them, not too long; the ending
/// stays. It is told apart from others by what stands before it.
pub fn safe_name(before: &str, name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let clean = clean.trim().trim_end_matches(['.', ' ']);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 8 => (stem, format!(".{ending}")),
        _ => (clean, String::new()),
    };
    let units = |text: &str| text.encode_utf16().count();
    let room = NAME_MAX.saturating_sub(units(before) + units(&ending));
    let mut kept = String::new();
    let mut used = 0;
    for c in stem.chars() {
        used += c.len_utf16();
        if used > room {
            break;
        }
        kept.push(c);
    }
    format!("{before}{}{ending}", kept.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        for (name, expected) in [
            ("申请书.pdf", "001 申请书.pdf"),
            ("a<b>c:d\"e/f\\g|h?i*j.txt", "001 a_b_c_d_e_f_g_h_i_j.txt"),
            ("CON", "001 CON"),
            ("第1稿. . .", "001 第1稿"),
            ("线\u{7}路.docx", "001 线_路.docx"),
            ("澄政〔2026〕1号.docx", "001 澄政〔2026〕1号.docx"),
        ] {
            assert_eq!(safe_name("001 ", name), expected);
        }
        let long = safe_name("001 ", &format!("{}.pdf", "长".repeat(300)));
        assert_eq!(long.encode_utf16().count(), NAME_MAX);
        assert!(long.ends_with("长.pdf") && long.len() <= 255);
        assert!(safe_name("001 ", &"𠮷".repeat(200)).encode_utf16().count() <= NAME_MAX);
    }
}
