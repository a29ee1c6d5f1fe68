//! Trying out an instrument before its action (预览): the paper that would be printed, with a watermark and without a number.
//! Nothing of it is kept.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::cases::{Asked, look_up};
use super::desk::Desk;
use super::opening::open_to_act;
use super::sight::Sight;
use super::templates::{book_of, refused};
use super::wording::{reply_code, worded};
use crate::domain::case::{Action, Case};
use crate::domain::instrument::catalog::catalogue;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::Order;
use crate::domain::people::access::Actor;
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::papers::letters::{Book, TemplateCode};
use crate::papers::model::Paper;
use crate::papers::template::Template;
use crate::store::{Db, Tx};

/// What is tried out: the fields are those of the action that issues the instrument; of a reply those of `draft_reply`.
#[derive(Debug, Clone)]
pub struct Tried {
    pub code: InstrumentCode,
    pub fields: Option<Map<String, Value>>,
}

/// What a trial says when it ends, so that nothing of it stays.
#[derive(Debug, thiserror::Error)]
#[error("tried only")]
struct Ended;

/// The paper of an instrument that is tried out on the case in sight.
///
/// # Errors
/// `Fields`, `Refused` by the action itself; failures of the database.
pub fn preview(tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, sight: &Sight, tried: &Tried) -> Result<Paper, Error> {
    let mut made = None;
    let outcome = tx.savepoint(|tx| {
        made = Some(tried_out(tx, desk, actor, sight, tried)?);
        Err::<(), Error>(Error::Caller(Box::new(Ended)))
    });
    match (made, outcome) {
        (Some(paper), _) => Ok(paper),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(Error::internal("a trial that ended without a paper")),
    }
}

fn tried_out(tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, sight: &Sight, tried: &Tried) -> Result<Paper, Error> {
    let case = open_to_act(tx, desk, &sight.row, false)?;
    let book = book_of(tx, &sight.agency.path)?;
    let code = tried.code;
    // What is filled in stands in the log, and a slip of delivery is taken along to be signed: neither is a trial.
    let to_sign = code == InstrumentCode::D43 && tried.fields.is_none();
    if matches!(code, InstrumentCode::D01 | InstrumentCode::D02) || to_sign {
        return as_it_stands(tx, desk, (sight, &case), &Order::internal(code), &book);
    }
    if code.is_reply() {
        let case = match &tried.fields {
            Some(fields) => supposed(tx, desk, actor, sight, &case, Action::DraftReply, fields)?,
            None => case,
        };
        let real = reply_code(&case)?;
        if real != code {
            return Err(other_code(code, real));
        }
        return shown(tx, desk, (sight, &case), &Order::to_applicant(code), &book);
    }
    let empty = Map::new();
    let fields = tried.fields.as_ref().unwrap_or(&empty);
    let listed = catalogue().into_iter().find(|listed| listed.code == code);
    let actions = listed.map_or(&[][..], |listed| listed.actions);
    let mut refused = Error::field(FieldError::missing("/code"));
    for action in actions {
        match supposed(tx, desk, actor, sight, &case, *action, fields) {
            Ok(case) => match case.orders().into_iter().find(|order| order.code == code) {
                Some(order) => return shown(tx, desk, (sight, &case), &order, &book),
                None => refused = none_here(code),
            },
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// The case as the action would leave it.
fn supposed(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    sight: &Sight,
    case: &Case,
    action: Action,
    fields: &Map<String, Value>,
) -> Result<Case, Error> {
    let mut body = fields.clone();
    body.insert("action".to_owned(), json!(action.code()));
    let instruction = Asked::read(Value::Object(body))?.instruction().map_err(below_fields)?;
    let lookups = look_up(tx, desk, actor, sight, case, &instruction).map_err(below_fields)?;
    let context = desk.context(lookups);
    let supposed = case.suppose(sight.who(), &instruction, &context);
    supposed.map_err(|rejection| below_fields(super::cases::rejected(rejection, action)))
}

/// What is wrong with the fields of the action stands below `fields` of the trial.
fn below_fields(error: Error) -> Error {
    match error {
        Error::Fields(errors) => Error::Fields(
            errors
                .into_iter()
                .map(|error| FieldError {
                    pointer: format!("/fields{}", error.pointer),
                    ..error
                })
                .collect(),
        ),
        other => other,
    }
}

fn other_code(asked: InstrumentCode, real: InstrumentCode) -> Error {
    let (asked_name, real_name) = (asked.label(), real.label());
    let (asked, real) = (asked.code(), real.code());
    Error::field(FieldError::new(
        "/code",
        format!("按各事项的结果，这份答复是 {real}（{real_name}），不是 {asked}（{asked_name}）。请改用 {real}。"),
        format!("By its items the reply is {real}, not {asked}."),
    ))
}

fn none_here(code: InstrumentCode) -> Error {
    let name = code.label();
    Error::field(FieldError::new(
        "/code",
        format!("按所填的内容，本案不产生“{name}”。"),
        format!("With these fields the case makes no {}.", code.code()),
    ))
}

/// What the case makes today, with what its reader may see.
fn as_it_stands(
    db: &mut Db,
    desk: &Desk,
    (sight, case): (&Sight, &Case),
    order: &Order,
    book: &Book,
) -> Result<Paper, Error> {
    let shown = (desk.today, sight.mask());
    Ok(worded(db, desk, (sight, case), order, book, shown)?.0.paper)
}

fn shown(db: &mut Db, desk: &Desk, of: (&Sight, &Case), order: &Order, book: &Book) -> Result<Paper, Error> {
    as_it_stands(db, desk, of, order, book).map(marked)
}

/// What is only tried out says so on every page.
fn marked(paper: Paper) -> Paper {
    Paper {
        watermark: Some("预览".to_owned()),
        ..paper
    }
}

/// A form of the file (D01, D02, D45) as the case stands on a day, for the person in whose sight it is. It says what stands
/// in the log: nothing of it is a trial.
///
/// # Errors
/// Failures of the database; a template that cannot be filled in.
pub fn form(
    db: &mut Db,
    desk: &Desk,
    (sight, case): (&Sight, &Case),
    code: InstrumentCode,
    book: &Book,
    on: NaiveDate,
) -> Result<Paper, Error> {
    let shown = (on, sight.mask());
    Ok(worded(db, desk, (sight, case), &Order::internal(code), book, shown)?
        .0
        .paper)
}

/// A template as it would be filled in for a real case, as the case stands.
///
/// # Errors
/// `Fields` with what is wrong with the template.
pub fn case_shown(db: &mut Db, desk: &Desk, sight: &Sight, code: TemplateCode, text: &str) -> Result<Paper, Error> {
    let case = open_to_act(db, desk, &sight.row, false)?;
    let template = Template::read(text, &code.variables()).map_err(|faults| refused(&faults))?;
    let book = book_of(db, &sight.agency.path)?.with(code, 0, Arc::new(template));
    let instrument = match code {
        TemplateCode::Of(code) if !code.is_reply() => code,
        TemplateCode::Of(_) | TemplateCode::Reply => reply_code(&case)?,
    };
    let order = Order::to_applicant(instrument);
    shown(db, desk, (sight, &case), &order, &book)
}
