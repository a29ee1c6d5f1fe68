//! The files of instruments: written from what was frozen at issue, outside the turn to write, before the answer. The same
//! bytes come of it whenever they are written, so that a crash in between is finished at the next start, and a PDF that no
//! font could print follows when there is one.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::papers::{Papers, instruments_of_entry};
use super::wording::paper_of_row;
use crate::chain::chain;
use crate::config;
use crate::documents::Blobs;
use crate::domain::document::{MediaType, Purpose, kept_name};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::FileFormat;
use crate::domain::words::ids::{CaseId, DocumentId, InstrumentId};
use crate::error::Error;
use crate::fonts::{FontConfig, Fonts};
use crate::papers::docx;
use crate::papers::model::{Number, Paper};
use crate::papers::pdf::{self, MissingGlyph, PdfError};
use crate::random;
use crate::store::Store;
use crate::store::documents::{DocumentRow, NewDocument, blob_touch, document_fetch, document_insert};
use crate::store::instruments::{
    InstrumentRow, file_insert, files_of, instrument_fetch, instrument_hold, instrument_made, instrument_words,
    instruments_due,
};

/// How many instruments are finished in one go at a start.
const BATCH: i64 = 100;
/// How long the files of an instrument may take.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(2);

/// The fonts of this installation, looked for when the first paper is printed.
#[derive(Debug, Clone)]
pub struct Printer {
    config: Arc<config::Fonts>,
    fonts: Arc<OnceLock<Fonts>>,
    seal: config::SealProvider,
}

impl Printer {
    pub fn new(config: &config::Fonts, seal: &config::Seal) -> Self {
        Self {
            config: Arc::new(config.clone()),
            fonts: Arc::default(),
            seal: seal.provider,
        }
    }

    /// The print of what was issued, with its seal.
    fn sealed(&self, pdf: Vec<u8>) -> Vec<u8> {
        match self.seal {
            config::SealProvider::None => pdf,
        }
    }

    /// The fonts that were found.
    pub fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(|| {
            let wanted = FontConfig {
                paths: self.config.paths.clone(),
                serif: self.config.serif.clone(),
                sans: self.config.sans.clone(),
                title: self.config.title.clone(),
            };
            match self.config.system {
                true => Fonts::find(&wanted),
                false => Fonts::find_in(&wanted, &[]),
            }
        })
    }
}

/// Why an instrument has no PDF yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPdf {
    /// No font has these characters.
    Missing(Vec<MissingGlyph>),
    /// There is no font, or none that can be read.
    NoFont(String),
}

/// A file, written and not stored yet.
struct Written {
    format: FileFormat,
    media_type: MediaType,
    bytes: Vec<u8>,
    sha256: String,
    pages: Option<i32>,
}

impl Written {
    fn new(format: FileFormat, media_type: MediaType, bytes: Vec<u8>, pages: Option<usize>) -> Self {
        Self {
            format,
            media_type,
            sha256: hex::encode(Sha256::digest(&bytes)),
            bytes,
            pages: pages.and_then(|pages| i32::try_from(pages).ok()),
        }
    }

    fn length(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }
}

/// A paper in one of its formats, for a preview.
///
/// # Errors
/// `MissingGlyphs` where no font can print it; failures of the writers.
pub fn write_paper(printer: &Printer, paper: &Paper, format: FileFormat) -> Result<Vec<u8>, Error> {
    match format {
        FileFormat::Docx => docx::write(paper).map_err(Error::internal),
        FileFormat::Pdf | FileFormat::Scan => match print(printer, paper)? {
            Ok(pdf) => Ok(pdf.bytes),
            Err(why) => Err(why.into()),
        },
    }
}

impl From<NoPdf> for Error {
    fn from(why: NoPdf) -> Self {
        let characters = match why {
            NoPdf::Missing(missing) => missing.iter().map(ToString::to_string).collect(),
            NoPdf::NoFont(_) => Vec::new(),
        };
        Self::NoGlyphs { characters }
    }
}

fn print(printer: &Printer, paper: &Paper) -> Result<Result<pdf::Pdf, NoPdf>, Error> {
    match pdf::write(paper, printer.fonts()) {
        Ok(pdf) => Ok(Ok(pdf)),
        Err(PdfError::Missing(missing)) => Ok(Err(NoPdf::Missing(missing))),
        Err(PdfError::Font(error)) => Ok(Err(NoPdf::NoFont(chain(&error).to_string()))),
        Err(error) => Err(Error::internal(error)),
    }
}

/// Makes the files that an instrument lacks; tells why there is no PDF, where there is none.
///
/// # Errors
/// Failures of the writers, of the store of contents and of the database: the instrument stays issued, and its files are
/// made when they are next asked for.
pub fn files_make(
    store: &Store,
    blobs: &Blobs,
    printer: &Printer,
    now: DateTime<Utc>,
    id: InstrumentId,
) -> Result<Option<NoPdf>, Error> {
    let (row, files) = store.read(|db| {
        let row = instrument_fetch(db, id)?;
        let files = files_of(db, &[id])?;
        Ok::<_, Error>((row, files))
    })?;
    let has = |format| files.iter().any(|file| file.format() == format);
    if row.frozen.is_none() {
        return Ok(None);
    }
    if has(FileFormat::Docx) && has(FileFormat::Pdf) {
        return Ok(None);
    }
    let Some((paper, worded_now)) = paper_of_row(&row)? else {
        return Ok(None);
    };
    let mut written = Vec::new();
    if !has(FileFormat::Docx) {
        let bytes = match row.edited_document_id() {
            Some(edited) => filled(store, blobs, edited, &paper)?,
            None => docx::write(&paper).map_err(Error::internal)?,
        };
        written.push(Written::new(FileFormat::Docx, MediaType::Docx, bytes, None));
    }
    let mut no_pdf = None;
    if !has(FileFormat::Pdf) {
        match print(printer, &paper)? {
            Ok(pdf) => written.push(Written::new(
                FileFormat::Pdf,
                MediaType::Pdf,
                printer.sealed(pdf.bytes),
                Some(pdf.pages),
            )),
            Err(why) => no_pdf = Some(why),
        }
    }
    let words = worded_now.then(|| json!({"paper": paper}).to_string());
    keep_files(store, blobs, now, &row, (&written, words.as_deref()))?;
    Ok(no_pdf)
}

/// The file that the office edited, with the number and the day.
fn filled(store: &Store, blobs: &Blobs, edited: DocumentId, paper: &Paper) -> Result<Vec<u8>, Error> {
    let document = store.read(|db| document_fetch(db, edited).map_err(Error::from))?;
    let bytes = blobs.get_bytes(&document.sha256)?;
    let number = match &paper.number {
        Number::Is(number) => number,
        Number::None | Number::Blank => "",
    };
    let dated = paper.dated.ok_or_else(|| Error::internal("a letter without its day"))?;
    docx::fill(&bytes, number, dated).map_err(Error::internal)
}

/// First the rows of the contents, then the contents, then the documents: what a crash leaves is cleared away.
fn keep_files(
    store: &Store,
    blobs: &Blobs,
    now: DateTime<Utc>,
    row: &InstrumentRow,
    (written, words): (&[Written], Option<&str>),
) -> Result<(), Error> {
    let by = row
        .issued_by()
        .ok_or_else(|| Error::internal("an instrument that nobody issued"))?;
    store.write(|tx| {
        for file in written {
            blob_touch(tx, &file.sha256, file.length(), now)?;
        }
        Ok::<_, Error>(())
    })?;
    for file in written {
        blobs.put_bytes(&file.sha256, &file.bytes)?;
    }
    store.write(|tx| {
        // Another node, or another request, may have been faster.
        instrument_hold(tx, row.id())?;
        let there = files_of(tx, &[row.id()])?;
        for file in written {
            if there.iter().any(|known| known.format() == file.format) {
                continue;
            }
            blob_touch(tx, &file.sha256, file.length(), now)?;
            let id: DocumentId = random::id(now);
            let new = NewDocument {
                id,
                sha256: &file.sha256,
                purpose: purpose(row.code()),
                name: &kept_name(&file_name(row), file.media_type),
                media_type: file.media_type,
                bytes: file.length(),
                uploaded_by: by,
                uploaded_at: now,
                case_id: Some(row.case_id()),
            };
            document_insert(tx, &new)?;
            file_insert(tx, row.id(), id, file.format, file.pages)?;
        }
        if let Some(words) = words {
            instrument_words(tx, row.id(), words)?;
        }
        instrument_made(tx, row.id())?;
        Ok::<_, Error>(())
    })
}

/// What a file of an instrument is for, among the papers of its case.
fn purpose(code: InstrumentCode) -> Purpose {
    match code {
        code if code.is_reply() => Purpose::Reply,
        InstrumentCode::D43 => Purpose::DeliveryProof,
        InstrumentCode::D44 => Purpose::Review,
        InstrumentCode::D01 => Purpose::Application,
        InstrumentCode::D02 | InstrumentCode::D08 | InstrumentCode::D11 | InstrumentCode::D45 => Purpose::Other,
        _ => Purpose::Notice,
    }
}

/// 政府信息公开告知书（云政公开〔2026〕12号）
fn file_name(row: &InstrumentRow) -> String {
    let title = row.code().title();
    match &row.number {
        Some(number) => format!("{title}（{number}）"),
        None => title.to_owned(),
    }
}

/// The file of an instrument in a format, made now where it is not there yet.
///
/// # Errors
/// `NotFound` for a paper that has no such file; `NoGlyphs` where no font can print it.
pub fn file_of(
    store: &Store,
    blobs: &Blobs,
    printer: &Printer,
    now: DateTime<Utc>,
    id: InstrumentId,
    format: FileFormat,
) -> Result<DocumentRow, Error> {
    let find = || {
        store.read(|db| {
            let files = files_of(db, &[id])?;
            let file = files.iter().find(|file| file.format() == format);
            file.map(|file| document_fetch(db, file.document_id()))
                .transpose()
                .map_err(Error::from)
        })
    };
    if let Some(document) = find()? {
        return Ok(document);
    }
    let no_pdf = files_make(store, blobs, printer, now, id)?;
    match (find()?, no_pdf) {
        (Some(document), _) => Ok(document),
        (None, Some(why)) => Err(why.into()),
        (None, None) => Err(Error::NotFound),
    }
}

/// The instruments of one entry with their files, made now; and why some have no PDF.
///
/// # Errors
/// Failures of the database; what could not be made for another reason is logged, and made later.
pub fn papers_of_entry(
    store: &Store,
    blobs: &Blobs,
    printer: &Printer,
    now: DateTime<Utc>,
    case_id: CaseId,
    seq: i64,
) -> Result<(Papers, BTreeMap<InstrumentId, NoPdf>), Error> {
    let left = store.read(|db| instruments_of_entry(db, case_id, seq))?;
    let mut unprinted = BTreeMap::new();
    if left.rows.iter().all(|row| !row.due) {
        return Ok((left, unprinted));
    }
    for row in left.rows.iter().filter(|row| row.due) {
        match files_make(store, blobs, printer, now, row.id()) {
            Ok(why) => unprinted.extend(why.map(|why| (row.id(), why))),
            Err(error) => tracing::error!(instrument = %row.id(), error = %chain(&error), "files cannot be made"),
        }
    }
    let papers = store.read(|db| instruments_of_entry(db, case_id, seq))?;
    Ok((papers, unprinted))
}

/// Makes the files that a crash, or a full disk, left unmade.
///
/// # Errors
/// Failures of the database.
pub fn finish_all(store: &Store, blobs: &Blobs, printer: &Printer, now: DateTime<Utc>) -> Result<usize, Error> {
    let mut made = 0;
    loop {
        // What was issued a moment ago is being made by whoever issued it.
        let before = now - UNDER_WAY;
        let due = store.read(|db| instruments_due(db, before, BATCH).map_err(Error::from))?;
        let mut done = 0;
        for row in &due {
            match files_make(store, blobs, printer, now, row.id()) {
                Ok(_) => done += 1,
                Err(error) => tracing::error!(instrument = %row.id(), error = %chain(&error), "files cannot be made"),
            }
        }
        made += done;
        if done == 0 {
            return Ok(made);
        }
    }
}
