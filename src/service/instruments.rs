//! Instruments (文书): what an action leaves on paper. Number, facts and text are fixed in its transaction; the files follow
//! outside it, see [`super::paperwork`].

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::desk::Desk;
use super::directory::names_read;
use super::identities::in_month_of_all;
use super::made::Made;
use super::sight::Sight;
use super::templates::book_of;
use crate::domain::case::{Applied, Case, Command, Event, Instruction};
use crate::domain::instrument::catalog::is_numbered;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::{FileFormat, Issued, Making, OnPaper, Order};
use crate::domain::instrument::numbers::rule_for;
use crate::domain::people::access::Actor;
use crate::domain::people::party::Mask;
use crate::domain::reply::{RemedyClass, ReplyItem};
use crate::domain::words::ids::{CaseId, InstrumentId};
use crate::error::Error;
use crate::papers::gather::{Gathered, Known, Source, gather};
use crate::papers::letters::Sheet;
use crate::papers::model::{Number, Paper};
use crate::random;
use crate::store::agencies::{Agency, agency_fetch, unit_fetch};
use crate::store::cases::{case_row, case_row_by_number};
use crate::store::documents::{DocumentRow, documents_find};
use crate::store::instruments::{
    Cancelled, FileRow, InstrumentRow, NewInstrument, Taken, file_insert, files_of, instrument_fetch,
    instrument_insert, instruments_cancel, instruments_of_case, number_take,
};
use crate::store::{Db, Tx};

/// An instrument of another case that answers this one too (合并答复).
#[derive(Debug, Clone)]
pub struct SameAs {
    pub id: InstrumentId,
    pub number: Option<String>,
}

/// Instruments whose entry is decided and not stored yet.
#[derive(Debug, Default)]
pub struct Left(Vec<NewInstrument>);

/// Under which circumstances the papers of an action are made.
#[derive(Debug, Clone, Copy)]
pub struct Leaving<'a> {
    pub desk: &'a Desk,
    pub actor: &'a Actor,
    pub sight: &'a Sight,
    /// None where it is only tried out.
    pub instruction: Option<&'a Instruction>,
    pub same_as: Option<&'a SameAs>,
}

/// Makes the instruments that the newest entry of the case leaves: takes their numbers, fixes their facts and texts, and
/// tells them to the log.
///
/// # Errors
/// Failures of the database; a template that cannot be filled in.
pub fn leave(tx: &mut Tx<'_>, leaving: Leaving<'_>, case: &mut Case, applied: &mut Applied) -> Result<Left, Error> {
    let orders = case.orders();
    if orders.is_empty() {
        return Ok(Left::default());
    }
    let Some((seq, on, late)) = applied
        .events
        .last()
        .map(|last| (last.seq, last.occurred_on, last.late_entry.is_some()))
    else {
        return Ok(Left::default());
    };
    let agency = agency_fetch(tx, leaving.sight.agency.id)?;
    let (mut left, mut told) = (Vec::new(), Vec::new());
    for (order, place) in orders.iter().zip(0..) {
        let id: InstrumentId = random::id(leaving.desk.now);
        let new = NewInstrument {
            id,
            case_id: case.id(),
            seq: i64::from(seq),
            place,
            agency_id: agency.id,
            code: order.code,
            addressee_kind: order.addressee.kind,
            addressee: String::new(),
            number: None,
            taken: None,
            issued_on: on,
            remedy: RemedyClass::R0,
            template_version: None,
            frozen: None,
            on_paper: false,
            same_as: None,
            due: false,
            issued_by: Some(leaving.actor.user_id),
        };
        let made = on_paper_of(leaving.instruction, order, late);
        let (new, issued) = match (made, leaving.same_as) {
            (Some(paper), _) => on_paper(new, paper),
            (None, Some(same)) if order.code.is_reply() => same_paper(new, same),
            (None, _) => made_here(tx, leaving, &agency, case, order, new)?,
        };
        left.push(new);
        told.push(issued);
    }
    case.leave(applied, told);
    Ok(Left(left))
}

/// What was sent on paper, where it was.
fn on_paper_of(instruction: Option<&Instruction>, order: &Order, late: bool) -> Option<OnPaper> {
    let making = instruction.map(|instruction| &instruction.making);
    match making {
        _ if !order.leaves() || order.code == InstrumentCode::D03 => None,
        Some(Making::OnPaper(paper)) => Some(paper.clone()),
        None | Some(Making::ByAge) if late => Some(OnPaper::default()),
        None | Some(Making::ByAge | Making::Here) => None,
    }
}

fn told(new: &NewInstrument) -> Issued {
    Issued {
        id: new.id,
        code: new.code,
        addressee: new.addressee_kind,
        number: new.number.clone(),
        sha256: new
            .frozen
            .as_ref()
            .map(|frozen| hex::encode(Sha256::digest(frozen.as_bytes()))),
        template_version: new.template_version.and_then(|version| u32::try_from(version).ok()),
        on_paper: None,
        same_as: new.same_as,
    }
}

fn on_paper(new: NewInstrument, paper: OnPaper) -> (NewInstrument, Issued) {
    let new = NewInstrument {
        number: paper.number.clone(),
        on_paper: true,
        ..new
    };
    let issued = Issued {
        on_paper: Some(paper),
        ..told(&new)
    };
    (new, issued)
}

fn same_paper(new: NewInstrument, same: &SameAs) -> (NewInstrument, Issued) {
    let new = NewInstrument {
        number: same.number.clone(),
        same_as: Some(same.id),
        ..new
    };
    let issued = told(&new);
    (new, issued)
}

fn made_here(
    tx: &mut Tx<'_>,
    leaving: Leaving<'_>,
    agency: &Agency,
    case: &Case,
    order: &Order,
    new: NewInstrument,
) -> Result<(NewInstrument, Issued), Error> {
    let taken = take_number(tx, agency, case, order.code, new.issued_on)?;
    let (number, taken) = match taken {
        Some((number, taken)) => (Some(number), taken),
        None => (None, None),
    };
    let known = known(tx, leaving.sight, leaving.instruction, case, order.code)?;
    let law = leaving.desk.law();
    let source = Source {
        case,
        agency: &agency.data,
        law: &law,
        on: new.issued_on,
        public_url: &leaving.desk.public_url,
        known: &known,
        mask: Mask::ContactClear,
    };
    let gathered = gather(source, order);
    let book = book_of(tx, &agency.path)?;
    let sheet = sheet(
        order.code,
        &agency.data.name,
        number.clone(),
        Some(new.issued_on),
        &gathered,
    );
    let paper = sheet.write(&book).map_err(Error::internal)?;
    let frozen = json!({"facts": gathered.facts, "paper": paper}).to_string();
    let version = book.version(sheet.template());
    let new = NewInstrument {
        addressee: order.addressee.name.clone().unwrap_or_default(),
        number,
        taken,
        remedy: gathered.remedy,
        template_version: i32::try_from(version).ok(),
        frozen: Some(frozen),
        due: order.leaves() && order.code != InstrumentCode::D03,
        ..new
    };
    let issued = told(&new);
    Ok((new, issued))
}

/// The paper before it is put into words.
pub(super) fn sheet<'a>(
    code: InstrumentCode,
    organ: &'a str,
    number: Option<String>,
    dated: Option<NaiveDate>,
    gathered: &'a Gathered,
) -> Sheet<'a> {
    Sheet {
        code,
        organ,
        number: match (number, is_numbered(code)) {
            (Some(number), _) => Number::Is(number),
            (None, true) => Number::Blank,
            (None, false) => Number::None,
        },
        dated,
        facts: &gathered.facts,
        pieces: &gathered.pieces,
    }
}

type Numbered = (String, Option<Taken>);

/// The number of an instrument of this day; none for what takes none.
fn take_number(
    tx: &mut Tx<'_>,
    agency: &Agency,
    case: &Case,
    code: InstrumentCode,
    on: NaiveDate,
) -> Result<Option<Numbered>, Error> {
    if !is_numbered(code) {
        return Ok(None);
    }
    let data = case.data();
    let case_number = data.number.as_ref().unwrap_or(&data.submission.intake_number);
    let rule = rule_for(&agency.data.settings.series, &agency.data.document_prefix, code);
    if !rule.takes_ordinal() {
        return Ok(Some((rule.number(on.year(), 0, case_number), None)));
    }
    let taken = number_take(tx, agency.id, rule.series, on.year(), on)?;
    Ok(Some((rule.number(on.year(), taken.ordinal, case_number), Some(taken))))
}

/// What the case names and does not hold itself, as far as the instrument prints it.
pub(super) fn known(
    db: &mut Db,
    sight: &Sight,
    instruction: Option<&Instruction>,
    case: &Case,
    code: InstrumentCode,
) -> Result<Known, Error> {
    let data = case.data();
    let mut known = Known::default();
    if let (Some(owner), Some(name)) = (data.owner_id, &sight.owner) {
        known.people.insert(owner, Arc::new(name.clone()));
    }
    match code {
        InstrumentCode::D44 => {
            let draft = data.draft.iter().filter_map(|draft| draft.drafted_by);
            let worked = case.log().iter().filter_map(|logged| logged.author.user_id);
            known.people = names_read(db, draft.chain(worked).collect())?;
        }
        InstrumentCode::D11 => {
            let newest = data.subs.assignments.last();
            known.unit = newest
                .map(|sub| unit_fetch(db, sub.detail.unit_id))
                .transpose()?
                .map(|unit| unit.name);
        }
        InstrumentCode::D05 => {
            if let (Some(received_on), Some(number)) = (data.received_on, &data.number) {
                let place = in_month_of_all(db, sight.row.agency_id(), case.id(), received_on, number)?;
                known.in_month = Some(place.ordinal);
            }
        }
        InstrumentCode::D45 => known.pages = pages_printed(db, case)?,
        _ => {}
    }
    if code.is_reply() {
        known.earlier = earlier_replies(db, case)?;
        known.together = together(db, instruction, case)?;
    }
    Ok(known)
}

/// How long the prints of the case's instruments are.
fn pages_printed(db: &mut Db, case: &Case) -> Result<BTreeMap<InstrumentId, u32>, Error> {
    let rows = instruments_of_case(db, case.id())?;
    let papers = Papers::of(db, rows)?;
    let counted = papers
        .rows
        .iter()
        .filter_map(|row| Some((row.id(), papers.pages(row)?)));
    Ok(counted.collect())
}

/// The days of the replies that the items name as given before.
fn earlier_replies(db: &mut Db, case: &Case) -> Result<BTreeMap<String, NaiveDate>, Error> {
    let data = case.data();
    let items = data.reply.as_ref().map(|reply| &reply.items);
    let items = items.or_else(|| data.draft.as_ref().map(|draft| &draft.items));
    let mut days = BTreeMap::new();
    for number in items.into_iter().flatten().filter_map(ReplyItem::earlier_in_system) {
        if let Some(day) = case_row_by_number(db, number)?.and_then(|row| row.ended_on) {
            days.insert(number.to_owned(), day);
        }
    }
    Ok(days)
}

/// The numbers of all applications that one paper answers; none where it answers one.
fn together(db: &mut Db, instruction: Option<&Instruction>, case: &Case) -> Result<Vec<String>, Error> {
    let Some(Command::IssueReply(reply)) = instruction.map(|instruction| &instruction.command) else {
        return Ok(Vec::new());
    };
    if reply.together_with.is_empty() {
        return Ok(Vec::new());
    }
    let data = case.data();
    let own = data
        .number
        .clone()
        .unwrap_or_else(|| data.submission.intake_number.clone());
    let mut numbers = vec![own];
    for other in &reply.together_with {
        let row = case_row(db, other.case_id)?;
        numbers.push(row.number.unwrap_or(row.intake_number));
    }
    Ok(numbers)
}

/// Stores what was left, once its entry is stored.
///
/// # Errors
/// Failures of the database.
pub fn keep(
    tx: &mut Tx<'_>,
    desk: &Desk,
    case: &Case,
    left: Left,
    instruction: &Instruction,
) -> Result<Vec<Made>, Error> {
    cancel(tx, desk, case, instruction)?;
    let mut made = Vec::new();
    for new in left.0 {
        instrument_insert(tx, &new, desk.now)?;
        if new.on_paper {
            keep_scans(tx, new.id, instruction)?;
        }
        made.push(Made {
            id: new.id,
            code: new.code,
            out_of_order: new.taken.is_some_and(|taken| taken.out_of_order),
            number: new.number,
            on_paper: new.on_paper,
            due: new.due,
        });
    }
    Ok(made)
}

/// The scans of what was sent on paper are its files.
fn keep_scans(tx: &mut Tx<'_>, id: InstrumentId, instruction: &Instruction) -> Result<(), Error> {
    for scan in instruction.making.scans() {
        // That each is a document of the case was looked at before.
        let document = scan.parse().map_err(Error::internal)?;
        file_insert(tx, id, document, FileFormat::Scan, None)?;
    }
    Ok(())
}

/// What an action takes back keeps its number, with the reason: one instrument, or all of a revoked ending.
fn cancel(tx: &mut Tx<'_>, desk: &Desk, case: &Case, instruction: &Instruction) -> Result<(), Error> {
    let (which, reason) = match (&instruction.command, case.log().last().map(|logged| &logged.event)) {
        (Command::CancelInstrument(cancel), _) => (Cancelled::One(cancel.instrument_id), &cancel.reason),
        (Command::RevokeEnding(revoke), Some(Event::EndingRevoked(revoked))) => {
            (Cancelled::OfEntry(i64::from(revoked.seq)), &revoke.reason)
        }
        _ => return Ok(()),
    };
    let on = instruction.on.unwrap_or(desk.today);
    instruments_cancel(tx, case.id(), which, on, reason)?;
    Ok(())
}

/// The paper of what was frozen.
///
/// # Errors
/// A text that is not what was frozen.
pub(super) fn paper_of(frozen: &str) -> Result<Paper, Error> {
    #[derive(serde::Deserialize)]
    struct Frozen {
        paper: Paper,
    }
    let frozen: Frozen = serde_json::from_str(frozen).map_err(Error::internal)?;
    Ok(frozen.paper)
}

/// The instruments of a case with what is known of their files.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    pub rows: Vec<InstrumentRow>,
    pub files: Vec<FileRow>,
    pub documents: Vec<DocumentRow>,
}

impl Papers {
    /// The files of one of them; of a combined reply those that all share.
    pub fn files_of<'a>(&'a self, row: &InstrumentRow) -> impl Iterator<Item = (&'a FileRow, &'a DocumentRow)> {
        let own = row.same_as().unwrap_or(row.id());
        let files = self.files.iter().filter(move |file| file.instrument_id() == own);
        files.filter_map(|file| {
            let document = self
                .documents
                .iter()
                .find(|document| document.id() == file.document_id());
            Some((file, document?))
        })
    }

    /// How long the print of one of them is, where it is printed.
    pub fn pages(&self, row: &InstrumentRow) -> Option<u32> {
        let pages = self.files_of(row).find_map(|(file, _)| file.pages);
        pages.and_then(|pages| u32::try_from(pages).ok())
    }

    fn of(db: &mut Db, rows: Vec<InstrumentRow>) -> Result<Self, Error> {
        let ids: Vec<InstrumentId> = rows.iter().map(|row| row.same_as().unwrap_or(row.id())).collect();
        let files = match ids.is_empty() {
            true => Vec::new(),
            false => files_of(db, &ids)?,
        };
        let documents = documents_find(db, files.iter().map(FileRow::document_id))?;
        Ok(Self { rows, files, documents })
    }
}

/// The instruments of the case in sight, in the order of its log; to the applicant those that went out to him.
///
/// # Errors
/// Failures of the database.
pub fn instruments(db: &mut Db, sight: &Sight) -> Result<Papers, Error> {
    let mut rows = instruments_of_case(db, sight.row.id())?;
    rows.retain(|row| !sight.is_applicant() || row.is_applicants());
    Papers::of(db, rows)
}

/// Those that one entry of a case left.
///
/// # Errors
/// Failures of the database.
pub fn instruments_of_entry(db: &mut Db, case_id: CaseId, seq: i64) -> Result<Papers, Error> {
    let mut rows = instruments_of_case(db, case_id)?;
    rows.retain(|row| row.seq == seq);
    Papers::of(db, rows)
}

/// The instrument of a case in sight whose files are read: of a combined reply, the one that all of them share.
///
/// # Errors
/// `NotFound` for one of another case, or one that is not for the person.
pub fn instrument_in(db: &mut Db, sight: &Sight, id: InstrumentId) -> Result<InstrumentId, Error> {
    let row = instrument_fetch(db, id)?;
    let own = row.case_id() == sight.row.id() && (!sight.is_applicant() || row.is_applicants());
    match own {
        true => Ok(row.same_as().unwrap_or(id)),
        false => Err(Error::NotFound),
    }
}
