//! How an entry of the log is shown: as it was hashed, but with personal data masked.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::parts::LogProblem;
use crate::domain::case::changes::{AddParty, RemoveParty, Successor};
use crate::domain::case::{Event, LateEntry};
use crate::domain::instrument::issued::Issued;
use crate::domain::people::access::Role;
use crate::domain::people::party::{Applicant, Mask, Party};
use crate::domain::words::codes::Coded;
use crate::domain::words::ids::UserId;
use crate::error::Error;
use crate::service::sight::Entry;

/// One entry of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    pub seq: i64,
    #[schema(examples("receipt_confirmed"))]
    pub event: String,
    /// Date of legal effect.
    pub occurred_on: NaiveDate,
    /// Moment of entry.
    pub recorded_at: DateTime<Utc>,
    /// Null for a timer of the system.
    pub actor: Option<EventActor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_entry_reason: Option<String>,
    /// Set where it was entered later than the agency allows: its own step, or a fact from outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_entry: Option<LateEntry>,
    /// The instruments that it left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instruments: Vec<Issued>,
    #[schema(value_type = Object)]
    pub data: Value,
    pub hash: String,
    pub previous_hash: String,
    /// Only when the entry cannot be read; then its data is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<LogProblem>,
}

/// Who made an entry, and in which role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventActor {
    pub id: UserId,
    pub name: String,
    pub role: Option<Role>,
}

impl EventView {
    /// The entry for a reader who sees contact data through `mask`.
    ///
    /// # Errors
    /// Only when the data has no JSON form.
    pub fn new(entry: Entry, mask: Mask) -> Result<Self, Error> {
        let Entry { row, logged, actor } = entry;
        let (data, instruments, problem) = match logged {
            Ok(logged) => (
                shown(&logged.event, mask).map_err(Error::internal)?,
                logged.instruments,
                None,
            ),
            Err(unreadable) => (
                Value::Object(Map::new()),
                Vec::new(),
                Some(LogProblem::new(unreadable, false)),
            ),
        };
        Ok(Self {
            seq: row.seq,
            actor: row.actor_id().map(|id| EventActor {
                id,
                name: actor.unwrap_or_default(),
                role: row.actor_role(),
            }),
            recorded_at: row.recorded_at(),
            data,
            instruments,
            event: row.event,
            occurred_on: row.occurred_on,
            late_entry_reason: row.late_entry_reason,
            late_entry: row.late_entry.as_deref().and_then(LateEntry::from_code),
            hash: row.hash,
            previous_hash: row.previous_hash,
            problem,
        })
    }
}

/// The data of an event with identity numbers masked always and contact data by `mask`.
fn shown(event: &Event, mask: Mask) -> Result<Value, serde_json::Error> {
    let mut data = event.data()?;
    let mut put = |name: &str, value: Value| {
        if let Some(fields) = data.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
    };
    match event {
        Event::Submitted(submission) => put("applicant", serde_json::to_value(submission.applicant.view(mask))?),
        Event::ThirdPartyConsulted(consult) => put("party", serde_json::to_value(consult.party.view(mask))?),
        Event::AmendmentReceived(received) => {
            if let Some(applicant) = &received.applicant {
                put("applicant", serde_json::to_value(applicant.view(mask))?);
            }
        }
        Event::ContactChanged(change) => put(
            "contact",
            serde_json::to_value(Applicant::from(change.contact.clone()).view(mask))?,
        ),
        Event::PartyAdded(AddParty { id_document, .. }) | Event::PartyRemoved(RemoveParty { id_document, .. }) => {
            let person = Applicant {
                id_document: id_document.clone(),
                ..Applicant::default()
            };
            put("id_document", serde_json::to_value(person.view(mask).id_document)?);
        }
        Event::PartySucceeded(succession) => put("successor", shown_successor(&succession.successor, mask)?),
        // Who confirms must see both values, as far as the party itself is shown.
        Event::CorrectionProposed(proposal) if is_party(&proposal.field) => {
            put("value", shown_party(&proposal.value, mask)?);
            put("old_value", shown_party(&proposal.old_value, mask)?);
        }
        Event::CorrectionConfirmed(confirmed) if is_party(&confirmed.field) => {
            put("value", shown_party(&confirmed.value, mask)?);
        }
        _ => {}
    }
    Ok(data)
}

fn shown_successor(successor: &Successor, mask: Mask) -> Result<Value, serde_json::Error> {
    let successor = successor.clone();
    let person = Applicant {
        name: Some(successor.name),
        kind: successor.kind,
        id_document: successor.id_document,
        phone: successor.phone,
        email: successor.email,
        address: successor.address,
        ..Applicant::default()
    };
    serde_json::to_value(person.view(mask))
}

/// Fields whose values are people: never shown with the whole number of a document.
fn is_party(field: &str) -> bool {
    matches!(field, "applicant" | "party" | "contact" | "successor" | "id_document")
}

fn shown_party(value: &Value, mask: Mask) -> Result<Value, serde_json::Error> {
    if let Ok(applicant) = serde_json::from_value::<Applicant>(value.clone()) {
        return serde_json::to_value(applicant.view(mask));
    }
    match serde_json::from_value::<Party>(value.clone()) {
        Ok(party) => serde_json::to_value(party.view(mask)),
        Err(_) => Ok(Value::Null),
    }
}
