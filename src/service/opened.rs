//! 网上查收: the applicant opens a reply that was sent online (国办公开办函〔2016〕235号, point 4). The first opening is its delivery.

use std::collections::BTreeSet;

use serde_json::json;

use super::cases::{Asked, act};
use super::desk::Desk;
use super::opening::open;
use super::sight::{Sight, sight};
use crate::domain::case::delivery::released_by;
use crate::domain::case::sent::ReplyMethod;
use crate::domain::case::{Case, Event, State};
use crate::domain::people::access::Actor;
use crate::domain::words::ids::{CaseId, DocumentId, InstrumentId};
use crate::error::Error;
use crate::store::documents::document_cases;
use crate::store::instruments::{InstrumentRow, instrument_of_document, instruments_of_paper};
use crate::store::{Db, Tx};

/// What somebody reads.
#[derive(Debug, Clone, Copy)]
pub enum Read {
    Instrument(InstrumentId),
    Document(DocumentId),
}

/// The requests of the person that are delivered by reading this: answered online, and never opened before. One paper may answer
/// several of them.
///
/// # Errors
/// Failures of the database.
pub fn openings(db: &mut Db, desk: &Desk, actor: &Actor, read: Read) -> Result<Vec<Sight>, Error> {
    let instrument = match read {
        Read::Instrument(id) => Some(id),
        Read::Document(id) => instrument_of_document(db, id)?.map(|row| row.id()),
    };
    let letters = match instrument {
        Some(id) => instruments_of_paper(db, id)?,
        None => Vec::new(),
    };
    let cases: BTreeSet<CaseId> = match read {
        Read::Document(id) if instrument.is_none() => document_cases(db, id)?.into_iter().collect(),
        Read::Document(_) | Read::Instrument(_) => letters.iter().map(InstrumentRow::case_id).collect(),
    };
    let mut awaiting = Vec::new();
    for case_id in cases {
        awaiting.extend(awaits(db, desk, actor, case_id, (&letters, read))?);
    }
    Ok(awaiting)
}

fn awaits(
    db: &mut Db,
    desk: &Desk,
    actor: &Actor,
    case_id: CaseId,
    (letters, read): (&[InstrumentRow], Read),
) -> Result<Option<Sight>, Error> {
    let sight = match sight(db, actor, case_id) {
        Err(Error::NotFound) => return Ok(None),
        sight => sight?,
    };
    if !sight.is_applicant() || sight.row.state() != State::Replied {
        return Ok(None);
    }
    let case = open(db, desk, &sight.row)?.case;
    let letter = letters.iter().find(|letter| letter.case_id() == case_id);
    let of_reply = match (letter, read) {
        (Some(letter), _) => is_letter_in_force(&case, letter),
        (None, Read::Document(id)) => goes_with_reply(&case, &id.to_string()),
        (None, Read::Instrument(_)) => false,
    };
    Ok((of_reply && is_unopened(&case)).then_some(sight))
}

fn is_letter_in_force(case: &Case, instrument: &InstrumentRow) -> bool {
    let reply = case.data().reply.as_ref();
    instrument.code().is_reply() && reply.is_some_and(|reply| i64::from(reply.seq) == instrument.seq)
}

/// Whether a file was given to the applicant with the reply in force, and not with a notice before it.
fn goes_with_reply(case: &Case, id: &str) -> bool {
    let Some(reply) = &case.data().reply else { return false };
    let entry = case.log().iter().find(|logged| logged.seq == reply.seq);
    let beside = match entry.map(|logged| &logged.event) {
        Some(Event::ReplyIssued(issued)) => issued.document_ids.iter().any(|one| one == id),
        _ => false,
    };
    beside || released_by(reply).contains(id)
}

fn is_unopened(case: &Case) -> bool {
    let reply = case.data().reply.as_ref();
    let newest = reply.and_then(|reply| reply.dispatches.last());
    newest.is_some_and(|dispatch| dispatch.method == ReplyMethod::Online && dispatch.result.is_none())
}

/// Records what reading this delivers.
///
/// # Errors
/// Those of the action `record_delivery`.
pub fn record_openings(tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, read: Read) -> Result<(), Error> {
    for sight in openings(tx, desk, actor, read)? {
        let opened = json!({"action": "record_delivery", "result": "opened", "delivered_on": desk.today});
        act(tx, desk, actor, sight, Asked::read(opened)?)?;
    }
    Ok(())
}
