//! Opening a file as far as is needed to say what it is; [`super::sniff`] says it.
//!
//! Memory stays bounded whatever the file claims to be: archives are read by their list of entries only, and lists that
//! are too long for a document are not accepted.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use cfb::CompoundFile;
use zip::ZipArchive;

use super::sniff::{CONTENT_TYPES, HEAD_BYTES, Head, TextCheck, by_entries, by_head, by_streams, names_macros};
use crate::domain::document::MediaType;

/// Longest list of entries of an archive that is read, in bytes; 50,000 files with long Chinese names stay below it.
const LIST_MAX: u64 = 8 * 1024 * 1024;
/// Longest list of content types that is read, in bytes.
const CONTENT_TYPES_MAX: u64 = 1024 * 1024;
/// The end record of an archive and the longest comment after it (APPNOTE.TXT 4.3.16).
const END_MAX: u64 = 22 + 65_535;
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";

/// What a file is, by its content; `None` for what is not accepted.
///
/// # Errors
/// Failures of the disk.
pub fn inspect(mut file: &File, name: &str) -> io::Result<Option<MediaType>> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.take(u64::try_from(HEAD_BYTES).unwrap_or_default())
        .read_to_end(&mut head)?;
    match by_head(&head) {
        Head::Empty | Head::Refused => Ok(None),
        Head::Is(media_type) => Ok(Some(media_type)),
        Head::Zip => archive(file),
        Head::Compound => Ok(compound(file, name)),
        Head::Unknown => Ok(is_text(file)?.then_some(MediaType::Text)),
    }
}

fn is_text(mut file: &File) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut check = TextCheck::default();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok(check.is_text());
        }
        if !check.feed(piece.get(..length).unwrap_or_default()) {
            return Ok(false);
        }
    }
}

/// The directory of a file is read whole by the libraries, up to some tens of megabytes for one made to be a burden: one at a
/// time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn compound(file: &File, name: &str) -> Option<MediaType> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let compound = CompoundFile::open(file).ok()?;
    let names: Vec<String> = compound
        .read_root_storage()
        .take(10_000)
        .map(|entry| entry.name().to_owned())
        .collect();
    by_streams(names.iter().map(String::as_str), name)
}

fn archive(file: &File) -> io::Result<Option<MediaType>> {
    let Some(names) = entries(file)? else {
        return Ok(None);
    };
    let mut lists = names.iter().filter(|name| name.eq_ignore_ascii_case(CONTENT_TYPES));
    let active = match (lists.next(), lists.next()) {
        (None, _) => false,
        (Some(name), None) => match content_types(file, name) {
            Some(types) => names_macros(&types),
            // A package whose list of types cannot be read is no document.
            None => return Ok(None),
        },
        // Two lists are read by two programs in two ways.
        (Some(_), Some(_)) => return Ok(None),
    };
    Ok(by_entries(names.iter().map(String::as_str), active))
}

/// By the list at the end of the archive: office programs write an entry's length after its content, LibreOffice among them.
fn content_types(file: &File, name: &str) -> Option<Vec<u8>> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut archive = ZipArchive::new(BufReader::new(file)).ok()?;
    let mut unpacked = Vec::new();
    let found = archive.by_name(name).ok()?;
    let read = found.take(CONTENT_TYPES_MAX + 1).read_to_end(&mut unpacked).ok()?;
    u64::try_from(read)
        .is_ok_and(|read| read <= CONTENT_TYPES_MAX)
        .then_some(unpacked)
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// The list of entries at the end of an archive (APPNOTE.TXT 4.3.12, 4.3.16); `None` when there is none, when it is too
/// long, or needs the format for archives of more than 4 GiB or 65,535 files.
fn entries(mut file: &File) -> io::Result<Option<Vec<String>>> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(END_MAX)))?;
    file.take(END_MAX).read_to_end(&mut end)?;
    let Some((count, size, offset)) = end_record(&end) else {
        return Ok(None);
    };
    if count == 0xFFFF || size > LIST_MAX || offset.saturating_add(size) > length {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut list = BufReader::new(file.take(size));
    let mut entries = Vec::new();
    for _ in 0..count {
        match next_entry(&mut list) {
            Ok(Some(name)) => entries.push(name),
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(entries))
}

/// Count of entries, length and place of their list. The comment after the record must reach to the very end, as every
/// reader would have it: an archive that two programs read differently is not accepted.
fn end_record(end: &[u8]) -> Option<(u64, u64, u64)> {
    let at = (0..end.len().checked_sub(21)?).rev().find(|at| {
        end.get(*at..).is_some_and(|rest| {
            rest.starts_with(END_SIGNATURE)
                && number(rest, 20, 2).is_some_and(|comment| u64::try_from(rest.len()).ok() == Some(22 + comment))
        })
    })?;
    let record = end.get(at..)?;
    Some((number(record, 10, 2)?, number(record, 12, 4)?, number(record, 16, 4)?))
}

fn next_entry(list: &mut impl Read) -> io::Result<Option<String>> {
    let mut fixed = [0; 46];
    list.read_exact(&mut fixed)?;
    let fields = (number(&fixed, 28, 2), number(&fixed, 30, 2), number(&fixed, 32, 2));
    let (Some(name), Some(extra), Some(comment)) = fields else {
        return Ok(None);
    };
    if !fixed.starts_with(ENTRY_SIGNATURE) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let read = list.by_ref().take(name).read_to_end(&mut bytes)?;
    let skipped = io::copy(&mut list.by_ref().take(extra + comment), &mut io::sink())?;
    if u64::try_from(read).ok() != Some(name) || skipped != extra + comment {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
