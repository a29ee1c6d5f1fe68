//! 网上查收: the applicant opens a reply that was sent online (国办公开办函〔2016〕235号, point 4). The first opening is its delivery.

use serde_json::json;

use super::cases::{Asked, act};
use super::desk::Desk;
use super::opening::open;
use super::sight::{Sight, sight};
use crate::domain::case::sent::ReplyMethod;
use crate::domain::case::{Case, State};
use crate::domain::people::access::Actor;
use crate::domain::words::ids::{CaseId, DocumentId, InstrumentId};
use crate::error::Error;
use crate::store::documents::document_cases;
use crate::store::instruments::{InstrumentRow, instrument_fetch, instrument_of_document};
use crate::store::{Db, Tx};

/// What somebody reads.
#[derive(Debug, Clone, Copy)]
pub enum Read {
    Instrument(InstrumentId),
    Document(DocumentId),
}

/// The requests of the person that are delivered by reading this: answered online, and never opened before.
///
/// # Errors
/// Failures of the database.
pub fn openings(db: &mut Db, desk: &Desk, actor: &Actor, read: Read) -> Result<Vec<Sight>, Error> {
    let instrument = match read {
        Read::Instrument(id) => Some(instrument_fetch(db, id)?),
        Read::Document(id) => instrument_of_document(db, id)?,
    };
    let cases = match (&instrument, read) {
        (Some(instrument), _) => vec![instrument.case_id()],
        (None, Read::Document(id)) => document_cases(db, id)?,
        (None, Read::Instrument(_)) => Vec::new(),
    };
    let mut awaiting = Vec::new();
    for case_id in cases {
        awaiting.extend(awaits(db, desk, actor, case_id, (instrument.as_ref(), read))?);
    }
    Ok(awaiting)
}

fn awaits(
    db: &mut Db,
    desk: &Desk,
    actor: &Actor,
    case_id: CaseId,
    (instrument, read): (Option<&InstrumentRow>, Read),
) -> Result<Option<Sight>, Error> {
    let sight = match sight(db, actor, case_id) {
        Err(Error::NotFound) => return Ok(None),
        sight => sight?,
    };
    if !sight.is_applicant() || sight.row.state() != State::Replied {
        return Ok(None);
    }
    let case = open(db, desk, &sight.row)?.case;
    let of_reply = match (instrument, read) {
        (Some(instrument), _) => is_letter_in_force(&case, instrument),
        (None, Read::Document(id)) => case.data().released.contains(&id.to_string()),
        (None, Read::Instrument(_)) => false,
    };
    Ok((of_reply && is_unopened(&case)).then_some(sight))
}

fn is_letter_in_force(case: &Case, instrument: &InstrumentRow) -> bool {
    let reply = case.data().reply.as_ref();
    instrument.code().is_reply() && reply.is_some_and(|reply| i64::from(reply.seq) == instrument.seq)
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
