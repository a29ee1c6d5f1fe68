//! Instruments (文书): what an action leaves on paper. Number, facts and text are fixed in its transaction; the files follow
//! outside it, see [`super::paperwork`].

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::approval::{Approved, approved, none_edited};
use super::desk::Desk;
use super::made::Made;
use super::sight::Sight;
use super::templates::book_of;
use super::wording::{Worded, add_others, is_worded_later, known, letter_for_all, sheet, together};
use crate::domain::case::{Applied, Case, Command, Event, Instruction};
use crate::domain::instrument::catalog::is_numbered;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::{FileFormat, Issued, Making, OnPaper, Order};
use crate::domain::instrument::numbers::rule_for;
use crate::domain::people::access::Actor;
use crate::domain::people::party::Mask;
use crate::domain::reply::RemedyClass;
use crate::domain::words::ids::InstrumentId;
use crate::error::Error;
use crate::papers::gather::{Source, gather};
use crate::papers::letters::Book;
use crate::random;
use crate::store::Tx;
use crate::store::agencies::{Agency, agency_and_templates};
use crate::store::instruments::{
    Cancelled, NewInstrument, Taken, file_insert, instrument_exists, instrument_insert, instruments_cancel, number_take,
};

/// An instrument of another case that answers this one too (合并答复).
#[derive(Debug, Clone)]
pub struct SameAs {
    pub id: InstrumentId,
    pub code: InstrumentCode,
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
    leave_these(tx, leaving, case, applied, (&orders, None))
}

/// The receipt of a part of a request that was split (Art 31): the applicant learns its number on the day of the split.
///
/// # Errors
/// As [`leave`].
pub fn leave_receipt(
    tx: &mut Tx<'_>,
    leaving: Leaving<'_>,
    part: &mut Case,
    applied: &mut Applied,
    on: NaiveDate,
) -> Result<Left, Error> {
    let orders = [Order::to_applicant(InstrumentCode::D03)];
    leave_these(tx, leaving, part, applied, (&orders, Some(on)))
}

fn leave_these(
    tx: &mut Tx<'_>,
    leaving: Leaving<'_>,
    case: &mut Case,
    applied: &mut Applied,
    (orders, day): (&[Order], Option<NaiveDate>),
) -> Result<Left, Error> {
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
    let (agency, own_templates) = agency_and_templates(tx, leaving.sight.agency.id)?;
    let book = match own_templates {
        true => Cow::Owned(book_of(tx, &agency.path)?),
        false => Cow::Borrowed(Book::built_in().map_err(Error::internal)?),
    };
    let (mut left, mut told) = (Vec::new(), Vec::new());
    let replies = orders.iter().any(|order| order.code.is_reply());
    let others = match replies && leaving.same_as.is_none() {
        true => together(tx, leaving.desk, leaving.instruction)?,
        false => Vec::new(),
    };
    none_edited(tx, &others)?;
    for (order, place) in orders.iter().zip(0..) {
        let order = &match (order.code.is_reply(), leaving.same_as) {
            (true, Some(same)) => Order {
                code: same.code,
                ..order.clone()
            },
            (true, None) if !others.is_empty() => letter_for_all(case, &others, order),
            _ => order.clone(),
        };
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
            issued_on: day.unwrap_or(on),
            remedy: RemedyClass::R0,
            template_version: None,
            frozen: None,
            on_paper: false,
            same_as: None,
            due: false,
            issued_by: Some(leaving.actor.user_id),
            edited_document_id: None,
            differs_from_draft: false,
        };
        let made = on_paper_of(leaving.instruction, order, late);
        let (new, issued) = match (made, leaving.same_as) {
            (Some(paper), _) => on_paper(new, paper),
            (None, Some(same)) if order.code.is_reply() => same_paper(new, same),
            (None, _) => made_here(tx, leaving, (&agency, &book), (case, &others), order, new)?,
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
    (agency, book): (&Agency, &Book),
    (case, others): (&Case, &[Case]),
    order: &Order,
    new: NewInstrument,
) -> Result<(NewInstrument, Issued), Error> {
    let taken = take_number(tx, agency, case, order.code, new.issued_on)?;
    let (number, taken) = match taken {
        Some((number, taken)) => (Some(number), taken),
        None => (None, None),
    };
    let mut known = known(tx, leaving.sight, case, order.code)?;
    add_others(tx, &mut known, others)?;
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
    let sheet = sheet(order.code, &agency.data, number.clone(), Some(new.issued_on), &gathered);
    let version = i32::try_from(book.version(sheet.template())).ok();
    if is_worded_later(order.code, version) {
        let new = NewInstrument {
            template_version: version,
            frozen: Some(json!({"facts": gathered.facts}).to_string()),
            ..new
        };
        let issued = told(&new);
        return Ok((new, issued));
    }
    let paper = sheet.write(book).map_err(Error::internal)?;
    let worded = Worded {
        facts: gathered.facts,
        paper,
        template_version: version,
    };
    let approved = match order.code.is_reply() {
        true => approved(tx, case, order.code, worded, !others.is_empty())?,
        false => Approved::unseen(worded),
    };
    // A letter that was revoked has left once; what is issued after it is another one.
    let id = match approved.id {
        Some(id) if !instrument_exists(tx, id)? => id,
        _ => new.id,
    };
    let new = NewInstrument {
        id,
        edited_document_id: approved.edited,
        differs_from_draft: approved.differs,
        addressee: order.addressee.name.clone().unwrap_or_default(),
        number,
        taken,
        remedy: gathered.remedy,
        template_version: approved.worded.template_version,
        frozen: Some(approved.worded.frozen()),
        due: order.leaves() && order.code != InstrumentCode::D03,
        ..new
    };
    let issued = told(&new);
    Ok((new, issued))
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

/// Stores what a case that begins leaves: nothing of it was sent on paper, and nothing is taken back.
///
/// # Errors
/// Failures of the database.
pub fn keep_first(tx: &mut Tx<'_>, desk: &Desk, left: Left) -> Result<(), Error> {
    for new in left.0 {
        instrument_insert(tx, &new, desk.now)?;
    }
    Ok(())
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
