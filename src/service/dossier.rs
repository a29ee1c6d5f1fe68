//! The dossier of a case (案卷, Art 45): everything in its file, what its log says, and its clock, read at one moment and put
//! into one archive. Files that cannot be there are named; nothing is left out in silence.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::desk::Desk;
use super::papers::{Papers, instruments};
use super::paperwork::{NoPdf, Printer, files_make, write_paper};
use super::previews::form;
use super::sight::{Entry, Seen, Sight, entries, look};
use super::templates::book_of;
use crate::chain::chain;
use crate::documents::Blobs;
use crate::documents::blobs::BlobError;
use crate::documents::pack::{Pack, safe_name};
use crate::domain::case::papers::Piece;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::FileFormat;
use crate::domain::law::deadline::Report;
use crate::domain::words::ids::{CaseId, InstrumentId};
use crate::error::Error;
use crate::papers::model::Paper;
use crate::store::instruments::{InstrumentRow, instruments_of_case};
use crate::store::{Db, Store};

/// Entries of a log that are read at once.
const PAGE: i64 = 200;
const FORMAT: u32 = 1;
/// The forms that are made of the log whenever they are wanted.
const FORMS: [InstrumentCode; 3] = [InstrumentCode::D01, InstrumentCode::D02, InstrumentCode::D45];
/// Noon in Shanghai, eight hours east.
const NOON: TimeDelta = TimeDelta::hours(4);

/// What a dossier is made with.
#[derive(Debug, Clone, Copy)]
pub struct Tools<'a> {
    pub store: &'a Store,
    pub blobs: &'a Blobs,
    pub printer: &'a Printer,
    pub desk: &'a Desk,
}

/// A case as its dossier tells it.
#[derive(Debug)]
pub struct Dossier {
    pub seen: Seen,
    /// On the day it speaks of: today while the case is open, afterwards the day of its last entry.
    pub desk: Desk,
    /// The moment of its last entry.
    pub at: DateTime<Utc>,
    pub entries: Vec<Entry>,
    /// Day by day; none where the log cannot be read to its end.
    pub clock: Option<Report>,
    pub papers: Papers,
    unprinted: BTreeMap<InstrumentId, NoPdf>,
    forms: Vec<(InstrumentCode, Paper)>,
}

/// A file of the dossier.
#[derive(Debug, Clone)]
pub struct Filed {
    /// Its place in the order of the file; none for the forms made of the log.
    pub place: Option<u32>,
    pub source: FiledSource,
    pub title: String,
    pub number: Option<String>,
    pub on: NaiveDate,
    /// Of its print.
    pub pages: Option<u32>,
    pub files: Vec<PackedFile>,
    pub lacking: Vec<Lacking>,
}

/// What a piece of the dossier is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FiledSource {
    /// A document of the case, by its id.
    Document(String),
    Instrument(InstrumentId),
    Form(InstrumentCode),
}

/// Where a file lies in the dossier.
#[derive(Debug, Clone)]
pub struct PackedFile {
    pub path: String,
    pub format: Option<FileFormat>,
    pub bytes: u64,
    pub sha256: String,
}

/// What should be there and is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lacking {
    /// The content of this document is not in the store any more.
    Content { name: String, sha256: String },
    /// The content is not what its hash says.
    Changed { name: String, sha256: String },
    /// No font of this installation prints it; the characters, where it is about some only.
    Print(Vec<String>),
    /// It could not be made, for a reason that the log of the service tells.
    NotMade,
    /// What was sent on paper was not scanned.
    Scan,
}

/// An archive that is complete, from its beginning.
#[derive(Debug)]
pub struct Exported {
    pub file: File,
    pub bytes: u64,
    pub cases: usize,
    /// How many files should be there and are not.
    pub lacking: usize,
}

/// A text of the dossier beside its files: its name, and what stands in it.
pub type Text = (&'static str, Vec<u8>);

/// How a dossier is told in texts; the views know.
pub type Tell = fn(&Dossier, &[Filed]) -> Result<Vec<Text>, Error>;

/// Puts the dossier of a case into an archive, its names after `folder`.
///
/// # Errors
/// Failures of the database, of the store of contents and of the disk.
pub fn pack(
    tools: Tools<'_>,
    pack: &mut Pack,
    folder: &str,
    dossier: &Dossier,
    tell: Tell,
) -> Result<Vec<Filed>, Error> {
    let mut packing = Packing {
        tools,
        pack,
        folder,
        documents: BTreeMap::new(),
    };
    let mut filed = Vec::new();
    for (piece, place) in dossier.seen.case.pieces().into_iter().zip(1..) {
        filed.push(packing.piece(dossier, piece, place)?);
    }
    for (code, paper) in &dossier.forms {
        filed.push(packing.form(dossier, *code, paper)?);
    }
    for (name, text) in tell(dossier, &filed)? {
        packing.pack.text(&format!("{folder}{name}"), dossier.at, &text)?;
    }
    Ok(filed)
}

/// The dossier of the case that `sight` finds, as an archive in a file of the data directory that has no name.
///
/// # Errors
/// As [`dossier`] and [`pack`].
pub fn export(
    tools: Tools<'_>,
    sight: &dyn Fn(&mut Db) -> Result<Sight, Error>,
    tell: Tell,
) -> Result<(String, Exported), Error> {
    let dossier = dossier(tools, sight)?;
    let mut archive = Pack::new(tools.blobs.scratch().map_err(Error::storage)?);
    let filed = pack(tools, &mut archive, "", &dossier, tell)?;
    let row = &dossier.seen.sight.row;
    let number = row.number.as_ref().unwrap_or(&row.intake_number).clone();
    let lacking = filed.iter().flat_map(|one| {
        let told = |lacking| json!({"place": one.place, "title": one.title, "lacking": lacking});
        one.lacking.iter().map(told)
    });
    let lacking: Vec<Value> = lacking.collect();
    let about = json!({
        "format": FORMAT, "kind": "dossier", "case_id": row.id(), "number": number,
        "agency": dossier.seen.sight.agency.code, "as_of": dossier.desk.today,
        "head_hash": dossier.entries.last().map(|entry| &entry.row.hash), "lacking": lacking,
        "unreadable_from": dossier.seen.unreadable.map(|unreadable| unreadable.seq),
    });
    archive.manifest(about, dossier.at)?;
    let (file, bytes) = archive.finish()?;
    let lacking = lacking.len();
    let exported = Exported {
        file,
        bytes,
        cases: 1,
        lacking,
    };
    Ok((number, exported))
}

/// The dossier of the case that `sight` finds, with what its instruments lack made now, as far as it can be made.
///
/// # Errors
/// What `sight` returns; failures of the database; a template that cannot be filled in.
pub fn dossier(tools: Tools<'_>, sight: &dyn Fn(&mut Db) -> Result<Sight, Error>) -> Result<Dossier, Error> {
    let found = tools.store.read(sight)?;
    let unprinted = complete(tools, found.row.id())?;
    let dossier = tools.store.at_one_moment().read(|db| {
        let sight = sight(db)?;
        gather(db, tools.desk, sight)
    })?;
    Ok(Dossier { unprinted, ..dossier })
}

/// Makes the files that the instruments of a case lack, and tells why some have no print; what cannot be made for another
/// reason is logged.
fn complete(tools: Tools<'_>, id: CaseId) -> Result<BTreeMap<InstrumentId, NoPdf>, Error> {
    let rows = tools.store.read(|db| Ok::<_, Error>(instruments_of_case(db, id)?))?;
    let mut unprinted = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.on_paper) {
        let own = row.same_as().unwrap_or(row.id());
        match files_make(tools.store, tools.blobs, tools.printer, tools.desk.now, own) {
            Ok(why) => unprinted.extend(why.map(|why| (row.id(), why))),
            Err(error) => tracing::error!(instrument = %own, error = %chain(&error), "files cannot be made"),
        }
    }
    Ok(unprinted)
}

/// The case in sight as it stands.
fn gather(db: &mut Db, desk: &Desk, sight: Sight) -> Result<Dossier, Error> {
    let seen = look(db, desk, sight)?;
    let mut log: Vec<Entry> = Vec::new();
    loop {
        let after = log.last().map_or(0, |entry| entry.row.seq);
        let page = entries(db, &seen.sight, after, PAGE)?;
        if page.is_empty() {
            break;
        }
        log.extend(page);
    }
    let at = log.last().map_or(desk.now, |entry| entry.row.recorded_at());
    let desk = match seen.case.data().state.is_open() || seen.unreadable.is_some() {
        true => desk.clone(),
        // What is over says the same for ever.
        false => desk.at(noon(seen.case.last_entered_on())),
    };
    let (mut clock, mut forms) = (None, Vec::new());
    if seen.unreadable.is_none() {
        clock = clock_explained(&seen, &desk);
        let book = book_of(db, &seen.sight.agency.path)?;
        for code in FORMS {
            let paper = form(db, &desk, (&seen.sight, &seen.case), code, &book, desk.today)?;
            forms.push((code, paper));
        }
    }
    let papers = instruments(db, &seen.sight)?;
    Ok(Dossier {
        seen,
        desk,
        at,
        entries: log,
        clock,
        papers,
        unprinted: BTreeMap::new(),
        forms,
    })
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + NOON
}

fn clock_explained(seen: &Seen, desk: &Desk) -> Option<Report> {
    let law = desk.law();
    let report = seen.case.clock(&law, desk.today, true);
    let report = report
        .inspect_err(|errors| tracing::error!(case = %seen.case.id(), ?errors, "facts contradict each other"))
        .ok()?
        .unwrap_or_else(Report::not_started);
    let risks = seen.case.risks(&law, desk.today, &report);
    let notes = seen.case.notes(&law, desk.today, &report);
    Some(Report { risks, ..report }.noting(notes))
}

impl Dossier {
    /// The instrument with this id.
    pub fn instrument(&self, id: InstrumentId) -> Option<&InstrumentRow> {
        self.papers.rows.iter().find(|row| row.id() == id)
    }
}

/// An archive while the dossier of one case goes into it.
struct Packing<'a, 'b> {
    tools: Tools<'a>,
    pack: &'b mut Pack,
    folder: &'a str,
    /// Where the documents of the case lie in it.
    documents: BTreeMap<String, PackedFile>,
}

/// A content on its way into the archive.
struct Content<'a> {
    name: &'a str,
    path: String,
    at: DateTime<Utc>,
    bytes: u64,
    sha256: &'a str,
    format: Option<FileFormat>,
}

impl Packing<'_, '_> {
    fn piece(&mut self, dossier: &Dossier, piece: Piece<'_>, place: u32) -> Result<Filed, Error> {
        match piece {
            Piece::Paper(paper) => {
                let document = paper.document;
                let mut filed = Filed {
                    place: Some(place),
                    source: FiledSource::Document(document.id.clone()),
                    title: document.name.clone(),
                    number: None,
                    on: paper.added_on,
                    pages: None,
                    files: Vec::new(),
                    lacking: Vec::new(),
                };
                let content = Content {
                    name: &document.name,
                    path: format!("材料/{}", safe_name(&format!("{place:03} "), &document.name)),
                    at: document.uploaded_at,
                    bytes: document.bytes,
                    sha256: &document.sha256,
                    format: None,
                };
                if let Some(file) = self.content(content, &mut filed.lacking)? {
                    self.documents.insert(document.id.clone(), file.clone());
                    filed.files.push(file);
                }
                Ok(filed)
            }
            Piece::Instrument(logged, issued) => {
                let title = issued.code.label();
                let mut filed = Filed {
                    place: Some(place),
                    source: FiledSource::Instrument(issued.id),
                    title: title.to_owned(),
                    number: issued.number.clone(),
                    on: logged.occurred_on,
                    pages: None,
                    files: Vec::new(),
                    lacking: Vec::new(),
                };
                match dossier.instrument(issued.id) {
                    Some(row) => self.instrument(dossier, row, place, &mut filed)?,
                    None => filed.lacking.push(Lacking::NotMade),
                }
                Ok(filed)
            }
        }
    }

    fn instrument(
        &mut self,
        dossier: &Dossier,
        row: &InstrumentRow,
        place: u32,
        filed: &mut Filed,
    ) -> Result<(), Error> {
        filed.pages = dossier.papers.pages(row);
        let title = row.code().title();
        let name = match &row.number {
            Some(number) => format!("{title}（{number}）"),
            None => title.to_owned(),
        };
        for (file, document) in dossier.papers.files_of(row) {
            // A scan is a paper of the case, and lies among those.
            if let Some(known) = self.documents.get(&document.id().to_string()) {
                filed.files.push(PackedFile {
                    format: Some(file.format()),
                    ..known.clone()
                });
                continue;
            }
            let ending = document.media_type().extensions().first().copied().unwrap_or_default();
            let before = format!("{place:03} {} ", row.code().code());
            let content = Content {
                name: &document.name,
                path: format!("文书/{}", safe_name(&before, &format!("{name}.{ending}"))),
                at: noon(row.issued_on),
                bytes: document.bytes(),
                sha256: &document.sha256,
                format: Some(file.format()),
            };
            filed.files.extend(self.content(content, &mut filed.lacking)?);
        }
        self.lacks(dossier, row, filed);
        Ok(())
    }

    /// What an instrument lacks beside contents that are gone.
    fn lacks(&self, dossier: &Dossier, row: &InstrumentRow, filed: &mut Filed) {
        let has = |format| dossier.papers.files_of(row).any(|(file, _)| file.format() == format);
        if row.on_paper {
            if dossier.papers.files_of(row).next().is_none() {
                filed.lacking.push(Lacking::Scan);
            }
        } else if !has(FileFormat::Docx) {
            filed.lacking.push(Lacking::NotMade);
        } else if !has(FileFormat::Pdf) {
            let characters = match dossier.unprinted.get(&row.id()) {
                Some(NoPdf::Missing(missing)) => missing.iter().map(ToString::to_string).collect(),
                _ => Vec::new(),
            };
            filed.lacking.push(Lacking::Print(characters));
        }
    }

    /// A content of the store; what is not there any more is named.
    fn content(&mut self, content: Content<'_>, lacking: &mut Vec<Lacking>) -> Result<Option<PackedFile>, Error> {
        let gone = |name: &str| Lacking::Content {
            name: name.to_owned(),
            sha256: content.sha256.to_owned(),
        };
        let reader = match self.tools.blobs.open(content.sha256) {
            Ok(reader) => reader,
            Err(BlobError::Missing(_) | BlobError::Malformed) => {
                tracing::error!(sha256 = content.sha256, "a content of a dossier is not in the store");
                lacking.push(gone(content.name));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let file = self.file(content.path, content.at, content.bytes, content.format, reader)?;
        if file.sha256 != content.sha256 {
            lacking.push(Lacking::Changed {
                name: content.name.to_owned(),
                sha256: content.sha256.to_owned(),
            });
        }
        Ok(Some(file))
    }

    fn file(
        &mut self,
        path: String,
        at: DateTime<Utc>,
        bytes: u64,
        format: Option<FileFormat>,
        content: impl Read,
    ) -> Result<PackedFile, Error> {
        let packed = self.pack.file(&format!("{}{path}", self.folder), at, bytes, content)?;
        let (bytes, sha256) = (packed.size, packed.sha256.clone());
        Ok(PackedFile {
            path,
            format,
            bytes,
            sha256,
        })
    }

    /// A form made of the log, as a file to edit and, where there are fonts, as a print.
    fn form(&mut self, dossier: &Dossier, code: InstrumentCode, paper: &Paper) -> Result<Filed, Error> {
        let mut filed = Filed {
            place: None,
            source: FiledSource::Form(code),
            title: code.label().to_owned(),
            number: None,
            on: dossier.desk.today,
            pages: None,
            files: Vec::new(),
            lacking: Vec::new(),
        };
        for (format, ending) in [(FileFormat::Pdf, "pdf"), (FileFormat::Docx, "docx")] {
            match write_paper(self.tools.printer, paper, format) {
                Ok(bytes) => {
                    let path = format!("表格/{} {}.{ending}", code.code(), code.title());
                    let file = self.file(path, dossier.at, 0, Some(format), bytes.as_slice())?;
                    filed.files.push(file);
                }
                Err(Error::NoGlyphs { characters }) => filed.lacking.push(Lacking::Print(characters)),
                Err(error) => {
                    tracing::error!(form = code.code(), error = %chain(&error), "a form cannot be made");
                    filed.lacking.push(Lacking::NotMade);
                }
            }
        }
        Ok(filed)
    }
}
