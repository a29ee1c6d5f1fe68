//! Putting an instrument into words: what is known of a case, the sheet that a template fills, and the text with its facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::desk::Desk;
use super::directory::names_read;
use super::identities::in_month_of_all;
use super::opening::open;
use super::papers::Papers;
use super::sight::Sight;
use super::templates::book_of;
use crate::domain::case::{Case, Command, Instruction};
use crate::domain::instrument::catalog::is_numbered;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::Order;
use crate::domain::people::agency::AgencyData;
use crate::domain::people::party::Mask;
use crate::domain::reply::{RemedyClass, ReplyItem, case_outcome};
use crate::domain::words::ids::InstrumentId;
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::papers::facts::Facts;
use crate::papers::gather::{Gathered, Known, Source, gather, tracking_code};
use crate::papers::letters::{Book, Pieces, Sheet};
use crate::papers::model::{Number, Paper};
use crate::store::agencies::{agency_fetch, unit_fetch};
use crate::store::cases::{case_row, case_row_by_number};
use crate::store::drafts::DraftRow;
use crate::store::instruments::{InstrumentRow, instruments_of_case};
use crate::store::{Db, StoreError};

/// What of a case changes while its reply is signed, and makes it no other reply.
const RUNNING: [&str; 2] = ["答复期限", "经办人"];

/// An instrument in words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Worded {
    pub facts: Facts,
    pub paper: Paper,
    #[serde(skip)]
    pub template_version: Option<i32>,
}

impl Worded {
    /// JSON text, as it is kept.
    pub fn frozen(&self) -> String {
        json!({"facts": self.facts, "paper": self.paper}).to_string()
    }

    pub fn of(row: &DraftRow) -> Result<Self, Error> {
        let worded: Self = serde_json::from_str(&row.frozen).map_err(Error::internal)?;
        Ok(Self {
            template_version: row.template_version,
            ..worded
        })
    }

    /// Whether both tell the same of the request and its answer.
    pub fn tells_as(&self, other: &Self) -> bool {
        let told = |worded: &Self| {
            let mut facts = worded.facts.clone();
            facts.remove("文书");
            if let Some(Value::Object(case)) = facts.get_mut("案件") {
                case.retain(|name, _| !RUNNING.contains(&name.as_str()));
            }
            facts
        };
        told(self) == told(other)
    }

    /// This text with the number and the day of another.
    pub fn numbered_as(self, other: &Paper) -> Self {
        let paper = Paper {
            number: other.number.clone(),
            dated: other.dated,
            ..self.paper
        };
        Self { paper, ..self }
    }
}

/// The paper before it is put into words.
pub(super) fn sheet<'a>(
    code: InstrumentCode,
    agency: &'a AgencyData,
    number: Option<String>,
    dated: Option<NaiveDate>,
    gathered: &'a Gathered,
) -> Sheet<'a> {
    Sheet {
        code,
        organ: &agency.name,
        letterhead: agency.letterhead(),
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

/// What the case names and does not hold itself, as far as the instrument prints it.
pub(super) fn known(db: &mut Db, sight: &Sight, case: &Case, code: InstrumentCode) -> Result<Known, Error> {
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

/// 合并答复: the other cases that an action answers by one paper, as they stand before they are answered.
///
/// # Errors
/// Failures of the database.
pub(super) fn together(db: &mut Db, desk: &Desk, instruction: Option<&Instruction>) -> Result<Vec<Case>, Error> {
    let Some(Command::IssueReply(reply)) = instruction.map(|instruction| &instruction.command) else {
        return Ok(Vec::new());
    };
    let mut others = Vec::new();
    for other in &reply.together_with {
        // What cannot be answered together is refused when its turn comes.
        match case_row(db, other.case_id) {
            Err(StoreError::NotFound) => {}
            row => others.push(open(db, desk, &row?)?.case),
        }
    }
    Ok(others)
}

/// What the other cases that one paper answers name and do not hold themselves.
///
/// # Errors
/// Failures of the database.
pub(super) fn add_others(db: &mut Db, known: &mut Known, others: &[Case]) -> Result<(), Error> {
    for other in others {
        known.earlier.extend(earlier_replies(db, other)?);
    }
    known.together = others.to_vec();
    Ok(())
}

/// The letter that tells all items of the cases that it answers.
pub(super) fn letter_for_all(case: &Case, others: &[Case], order: &Order) -> Order {
    let items = |case: &Case| {
        let data = case.data();
        let replied = data.reply.as_ref().map(|reply| reply.items.clone());
        replied
            .or_else(|| data.draft.as_ref().map(|draft| draft.items.clone()))
            .unwrap_or_default()
    };
    let all: Vec<ReplyItem> = std::iter::once(case).chain(others).flat_map(items).collect();
    let together = case_outcome(case.data().kind(), &all, None).ok();
    let code = together.and_then(|(outcome, cause)| outcome.document_kind(cause));
    Order {
        code: code.unwrap_or(order.code),
        ..order.clone()
    }
}

/// An instrument in words, and whether it was worded only now: a receipt is, when it is first asked for.
///
/// # Errors
/// A text that is not what was frozen; a template that cannot be filled in.
pub(super) fn paper_of_row(row: &InstrumentRow) -> Result<Option<(Paper, bool)>, Error> {
    let (Some(frozen), worded) = (&row.frozen, &row.worded) else {
        return Ok(None);
    };
    match worded {
        None if is_worded_later(row.code(), row.template_version) => Ok(Some((receipt(frozen, row.issued_on)?, true))),
        worded => Ok(Some((paper_of(worded.as_ref().unwrap_or(frozen))?, false))),
    }
}

/// Every application has a receipt and few ask for it: one with the program's own text is worded from its frozen facts then.
pub(super) fn is_worded_later(code: InstrumentCode, template_version: Option<i32>) -> bool {
    code == InstrumentCode::D03 && template_version == Some(0)
}

fn receipt(frozen: &str, on: NaiveDate) -> Result<Paper, Error> {
    #[derive(Deserialize)]
    struct Frozen {
        facts: Facts,
    }
    let Frozen { facts } = serde_json::from_str(frozen).map_err(Error::internal)?;
    let text = |group: &str, name: &str| {
        let value = facts.get(group).and_then(|group| group.get(name)?.as_str());
        value.unwrap_or_default().to_owned()
    };
    let (organ, number) = (text("机关", "名称"), text("案件", "编号"));
    let pieces = Pieces {
        qr: Some(tracking_code(&text("回执", "查询网址"), &number)),
        barcode: Some(number),
        ..Pieces::default()
    };
    let sheet = Sheet {
        code: InstrumentCode::D03,
        organ: &organ,
        letterhead: &organ,
        number: Number::None,
        dated: Some(on),
        facts: &facts,
        pieces: &pieces,
    };
    let book = Book::built_in().map_err(Error::internal)?;
    sheet.write(book).map_err(Error::internal)
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

/// The reply of the case as its draft words it, number and day blank; for its addressee, as it will leave.
///
/// # Errors
/// Failures of the database; a template that cannot be filled in.
pub(super) fn as_drafted(
    db: &mut Db,
    desk: &Desk,
    (sight, case): (&Sight, &Case),
    code: InstrumentCode,
) -> Result<(Worded, RemedyClass), Error> {
    let book = book_of(db, &sight.agency.path)?;
    let shown = (desk.today, Mask::ContactClear);
    worded(db, desk, (sight, case), &Order::to_applicant(code), &book, shown)
}

pub(super) fn worded(
    db: &mut Db,
    desk: &Desk,
    (sight, case): (&Sight, &Case),
    order: &Order,
    book: &Book,
    (on, mask): (NaiveDate, Mask),
) -> Result<(Worded, RemedyClass), Error> {
    let agency = agency_fetch(db, sight.agency.id)?;
    let known = known(db, sight, case, order.code)?;
    let law = desk.law();
    let source = Source {
        case,
        agency: &agency.data,
        law: &law,
        on,
        public_url: &desk.public_url,
        known: &known,
        mask,
    };
    let gathered = gather(source, order);
    let sheet = sheet(order.code, &agency.data, None, None, &gathered);
    let paper = sheet.write(book).map_err(Error::internal)?;
    let version = book.version(sheet.template());
    let worded = Worded {
        template_version: i32::try_from(version).ok(),
        facts: gathered.facts,
        paper,
    };
    Ok((worded, gathered.remedy))
}

/// The letter that the draft, or the reply in force, makes.
pub(super) fn reply_code(case: &Case) -> Result<InstrumentCode, Error> {
    let data = case.data();
    let (outcome, cause) = match (&data.reply, &data.draft) {
        (_, Some(draft)) => case_outcome(data.kind(), &draft.items, draft.principal)?,
        (Some(reply), None) => (reply.outcome, reply.outcome_cause),
        (None, None) => {
            return Err(Error::field(FieldError::new(
                "/fields",
                "本案还没有拟制答复，请填写答复事项（与 draft_reply 相同），或者先拟制答复。",
                "The case has no draft reply yet; give its items as `draft_reply` takes them, or draft it first.",
            )));
        }
    };
    Ok(outcome.document_kind(cause).unwrap_or(InstrumentCode::D48))
}
