//! Instruments and their files. A row is written once, with the entry of the log that left it; afterwards only its files are
//! added, and it may be cancelled. Its number is taken in the same transaction.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
};

use super::connection::Db;
use super::counters::counter_next;
use super::fixed::{OneOf, fixed, on_either, update};
use super::key::Key;
use super::schema::{documents, instrument_files, instruments};
use super::sql::{Code, Instant};
use super::{StoreError, Tx};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::{AddresseeKind, FileFormat};
use crate::domain::reply::RemedyClass;
use crate::domain::words::ids::{AgencyId, CaseId, DocumentId, InstrumentId, UserId};

/// An instrument as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct InstrumentRow {
    id: Key<InstrumentId>,
    case_id: Key<CaseId>,
    pub seq: i64,
    pub place: i32,
    agency_id: Key<AgencyId>,
    code: Code<InstrumentCode>,
    addressee_kind: Code<AddresseeKind>,
    pub addressee: String,
    pub number: Option<String>,
    pub series: Option<String>,
    pub year: Option<i32>,
    pub ordinal: Option<i64>,
    /// Its day lies before that of the number before it.
    pub out_of_order: bool,
    pub issued_on: NaiveDate,
    remedy: Code<RemedyClass>,
    pub template_version: Option<i32>,
    /// JSON text of the facts and the paper, exactly as it was hashed.
    pub frozen: Option<String>,
    pub on_paper: bool,
    same_as: Option<Key<InstrumentId>>,
    pub cancelled_on: Option<NaiveDate>,
    pub cancelled_because: Option<String>,
    /// Its files are still to be made.
    pub due: bool,
    issued_by: Option<Key<UserId>>,
    _created_at: Instant,
    edited_document_id: Option<Key<DocumentId>>,
    /// What was issued differs from the draft that was approved.
    pub differs_from_draft: bool,
    /// JSON text of the paper of a receipt, whose facts alone are frozen.
    pub worded: Option<String>,
}

impl InstrumentRow {
    pub fn id(&self) -> InstrumentId {
        self.id.0
    }

    pub fn case_id(&self) -> CaseId {
        self.case_id.0
    }

    pub fn agency_id(&self) -> AgencyId {
        self.agency_id.0
    }

    pub fn code(&self) -> InstrumentCode {
        self.code.0
    }

    pub fn addressee_kind(&self) -> AddresseeKind {
        self.addressee_kind.0
    }

    pub fn remedy(&self) -> RemedyClass {
        self.remedy.0
    }

    /// The instrument of another case that answers this one too.
    pub fn same_as(&self) -> Option<InstrumentId> {
        self.same_as.map(|key| key.0)
    }

    /// The edited file that it was made of.
    pub fn edited_document_id(&self) -> Option<DocumentId> {
        self.edited_document_id.map(|key| key.0)
    }

    /// Whether it went out to the applicant.
    pub fn is_applicants(&self) -> bool {
        self.addressee_kind() == AddresseeKind::Applicant
    }

    pub fn issued_by(&self) -> Option<UserId> {
        self.issued_by.map(|key| key.0)
    }
}

/// An instrument to be stored.
#[derive(Debug, Clone)]
pub struct NewInstrument {
    pub id: InstrumentId,
    pub case_id: CaseId,
    pub seq: i64,
    pub place: i32,
    pub agency_id: AgencyId,
    pub code: InstrumentCode,
    pub addressee_kind: AddresseeKind,
    pub addressee: String,
    pub number: Option<String>,
    pub taken: Option<Taken>,
    pub issued_on: NaiveDate,
    pub remedy: RemedyClass,
    pub template_version: Option<i32>,
    pub frozen: Option<String>,
    pub on_paper: bool,
    pub same_as: Option<InstrumentId>,
    pub due: bool,
    pub issued_by: Option<UserId>,
    pub edited_document_id: Option<DocumentId>,
    pub differs_from_draft: bool,
}

/// A place in a series of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub series: String,
    pub year: i32,
    pub ordinal: i64,
    pub out_of_order: bool,
}

/// Takes the next number of a series of an agency for a paper of this day.
///
/// # Errors
/// Failures of the database.
pub fn number_take(
    tx: &mut Tx<'_>,
    agency_id: AgencyId,
    series: &str,
    year: i32,
    on: NaiveDate,
) -> Result<Taken, StoreError> {
    let ordinal = counter_next(tx, &format!("instrument/{agency_id}/{series}/{year}"))?;
    let before = instruments::table
        .filter(instruments::agency_id.eq(Key(agency_id)))
        .filter(instruments::series.eq(series))
        .filter(instruments::year.eq(year))
        .filter(instruments::ordinal.eq(ordinal - 1))
        .select(instruments::issued_on);
    let before: Option<NaiveDate> = on_either!(&mut **tx, c => fixed!(before).get_result(c)).optional()?;
    Ok(Taken {
        series: series.to_owned(),
        year,
        ordinal,
        out_of_order: before.is_some_and(|before| before > on),
    })
}

/// Adds an instrument.
///
/// # Errors
/// Failures of the database.
pub fn instrument_insert(tx: &mut Tx<'_>, new: &NewInstrument, now: DateTime<Utc>) -> Result<(), StoreError> {
    let taken = new.taken.as_ref();
    let insert = diesel::insert_into(instruments::table).values((
        instruments::id.eq(Key(new.id)),
        instruments::case_id.eq(Key(new.case_id)),
        instruments::seq.eq(new.seq),
        instruments::place.eq(new.place),
        instruments::agency_id.eq(Key(new.agency_id)),
        instruments::code.eq(Code(new.code)),
        instruments::addressee_kind.eq(Code(new.addressee_kind)),
        instruments::addressee.eq(&new.addressee),
        instruments::number.eq(&new.number),
        instruments::series.eq(taken.map(|taken| &taken.series)),
        instruments::year.eq(taken.map(|taken| taken.year)),
        instruments::ordinal.eq(taken.map(|taken| taken.ordinal)),
        instruments::out_of_order.eq(taken.is_some_and(|taken| taken.out_of_order)),
        instruments::issued_on.eq(new.issued_on),
        instruments::remedy.eq(Code(new.remedy)),
        instruments::template_version.eq(new.template_version),
        instruments::frozen.eq(&new.frozen),
        instruments::on_paper.eq(new.on_paper),
        instruments::same_as.eq(new.same_as.map(Key)),
        instruments::due.eq(new.due),
        instruments::issued_by.eq(new.issued_by.map(Key)),
        instruments::created_at.eq(Instant::from(now)),
        instruments::edited_document_id.eq(new.edited_document_id.map(Key)),
        instruments::differs_from_draft.eq(new.differs_from_draft),
    ));
    on_either!(&mut **tx, c => fixed!(insert).execute(c))?;
    Ok(())
}

/// An instrument.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn instrument_fetch(db: &mut Db, id: InstrumentId) -> Result<InstrumentRow, StoreError> {
    Ok(instruments::table.find(Key(id)).get_result(db)?)
}

/// Whether an instrument has this id.
///
/// # Errors
/// Failures of the database.
pub fn instrument_exists(db: &mut Db, id: InstrumentId) -> Result<bool, StoreError> {
    Ok(diesel::select(exists(instruments::table.find(Key(id)))).get_result(db)?)
}

/// The instruments of a case, in the order of its log.
///
/// # Errors
/// Failures of the database.
pub fn instruments_of_case(db: &mut Db, case_id: CaseId) -> Result<Vec<InstrumentRow>, StoreError> {
    Ok(instruments::table
        .filter(instruments::case_id.eq(Key(case_id)))
        .order((instruments::seq, instruments::place))
        .load(db)?)
}

/// Keeps the words of a receipt, as they are first asked for.
///
/// # Errors
/// Failures of the database.
pub fn instrument_words(tx: &mut Tx<'_>, id: InstrumentId, worded: &str) -> Result<(), StoreError> {
    let unworded = instruments::table.find(Key(id)).filter(instruments::worded.is_null());
    diesel::update(unworded)
        .set(instruments::worded.eq(worded))
        .execute(&mut **tx)?;
    Ok(())
}

/// The instruments that one paper is: its own, and those of the other cases that it answers (合并答复).
///
/// # Errors
/// Failures of the database.
pub fn instruments_of_paper(db: &mut Db, id: InstrumentId) -> Result<Vec<InstrumentRow>, StoreError> {
    Ok(instruments::table
        .filter(instruments::id.eq(Key(id)).or(instruments::same_as.eq(Key(id))))
        .order((instruments::case_id, instruments::seq))
        .load(db)?)
}

/// Instruments from before a moment whose files are still to be made, oldest first.
///
/// # Errors
/// Failures of the database.
pub fn instruments_due(db: &mut Db, before: DateTime<Utc>, limit: i64) -> Result<Vec<InstrumentRow>, StoreError> {
    Ok(instruments::table
        .filter(instruments::due.eq(true))
        .filter(instruments::created_at.lt(Instant::from(before)))
        .order(instruments::id)
        .limit(limit)
        .load(db)?)
}

/// The instruments of an entry hold no more: they keep their numbers, with the reason.
///
/// # Errors
/// Failures of the database.
pub fn instruments_cancel(
    tx: &mut Tx<'_>,
    case_id: CaseId,
    which: Cancelled,
    on: NaiveDate,
    because: &str,
) -> Result<usize, StoreError> {
    let of_case = instruments::case_id
        .eq(Key(case_id))
        .and(instruments::cancelled_on.is_null());
    let set = (
        instruments::cancelled_on.eq(on),
        instruments::cancelled_because.eq(because),
    );
    Ok(match which {
        Cancelled::OfEntry(seq) => diesel::update(instruments::table.filter(of_case).filter(instruments::seq.eq(seq)))
            .set(set)
            .execute(&mut **tx)?,
        Cancelled::One(id) => diesel::update(instruments::table.filter(of_case).filter(instruments::id.eq(Key(id))))
            .set(set)
            .execute(&mut **tx)?,
    })
}

/// Which instruments are cancelled.
#[derive(Debug, Clone, Copy)]
pub enum Cancelled {
    OfEntry(i64),
    One(InstrumentId),
}

/// A file of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct FileRow {
    instrument_id: Key<InstrumentId>,
    document_id: Key<DocumentId>,
    format: Code<FileFormat>,
    pub pages: Option<i32>,
}

impl FileRow {
    pub fn instrument_id(&self) -> InstrumentId {
        self.instrument_id.0
    }

    pub fn document_id(&self) -> DocumentId {
        self.document_id.0
    }

    pub fn format(&self) -> FileFormat {
        self.format.0
    }
}

/// The files of these instruments.
///
/// # Errors
/// Failures of the database.
pub fn files_of(db: &mut Db, ids: &[InstrumentId]) -> Result<Vec<FileRow>, StoreError> {
    let keys: Vec<Key<InstrumentId>> = ids.iter().copied().map(Key).collect();
    let order = (
        instrument_files::instrument_id,
        instrument_files::format,
        instrument_files::document_id,
    );
    let files = instrument_files::table.order(order);
    Ok(match db {
        Db::Postgres(c) => files.filter(instrument_files::instrument_id.eq_any(keys)).load(c)?,
        Db::Sqlite(c) => fixed!(files.filter(OneOf::new("instrument_id", keys))).load(c)?,
    })
}

/// The contents of the files of a case's instruments, each with the entry that left the instrument.
///
/// # Errors
/// Failures of the database.
pub fn instrument_contents(db: &mut Db, case_id: CaseId) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(instrument_files::table
        .inner_join(instruments::table.on(instruments::id.eq(instrument_files::instrument_id)))
        .inner_join(documents::table.on(documents::id.eq(instrument_files::document_id)))
        .filter(instruments::case_id.eq(Key(case_id)))
        .order((instruments::seq, documents::id))
        .select((instruments::seq, documents::sha256))
        .load(db)?)
}

/// The instrument of which a document is a file.
///
/// # Errors
/// Failures of the database.
pub fn instrument_of_document(db: &mut Db, id: DocumentId) -> Result<Option<InstrumentRow>, StoreError> {
    let found: Option<Key<InstrumentId>> = instrument_files::table
        .filter(instrument_files::document_id.eq(Key(id)))
        .select(instrument_files::instrument_id)
        .first(db)
        .optional()?;
    found.map(|key| instrument_fetch(db, key.0)).transpose()
}

/// Adds a file, unless the instrument has one of its format made already; returns whether it was added.
///
/// # Errors
/// Failures of the database.
pub fn file_insert(
    tx: &mut Tx<'_>,
    id: InstrumentId,
    document_id: DocumentId,
    format: FileFormat,
    pages: Option<i32>,
) -> Result<(), StoreError> {
    diesel::insert_into(instrument_files::table)
        .values((
            instrument_files::instrument_id.eq(Key(id)),
            instrument_files::document_id.eq(Key(document_id)),
            instrument_files::format.eq(Code(format)),
            instrument_files::pages.eq(pages),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Holds the row of an instrument until the transaction ends, so that its files are made once; returns it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn instrument_hold(tx: &mut Tx<'_>, id: InstrumentId) -> Result<InstrumentRow, StoreError> {
    let held = update(
        instruments::table,
        instruments::place.eq(instruments::place),
        instruments::id.eq(Key(id)),
    );
    on_either!(&mut **tx, c => fixed!(held).execute(c))?;
    instrument_fetch(tx, id)
}

/// Its files are made, as far as they can be.
///
/// # Errors
/// Failures of the database.
pub fn instrument_made(tx: &mut Tx<'_>, id: InstrumentId) -> Result<(), StoreError> {
    let made = update(
        instruments::table,
        instruments::due.eq(false),
        instruments::id.eq(Key(id)),
    );
    on_either!(&mut **tx, c => fixed!(made).execute(c))?;
    Ok(())
}
