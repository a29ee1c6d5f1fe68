//! How an entry of the log is shown: as it was hashed, but with personal data masked.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::access::Role;
use crate::domain::ids::UserId;
use crate::domain::party::Mask;
use crate::domain::workflow::{Event, LoggedEvent};
use crate::error::Error;
use crate::store::cases::log::EventRow;

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
    #[schema(value_type = Object)]
    pub data: Value,
    pub hash: String,
    pub previous_hash: String,
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
    pub fn new(row: EventRow, logged: &LoggedEvent, name: Option<String>, mask: Mask) -> Result<Self, Error> {
        Ok(Self {
            seq: row.seq,
            actor: row.actor_id().map(|id| EventActor {
                id,
                name: name.unwrap_or_default(),
                role: row.actor_role(),
            }),
            recorded_at: row.recorded_at(),
            data: shown(&logged.event, mask).map_err(Error::internal)?,
            event: row.event,
            occurred_on: row.occurred_on,
            late_entry_reason: row.late_entry_reason,
            hash: row.hash,
            previous_hash: row.previous_hash,
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
        // A corrected party is shown where it stands corrected; here only that it was.
        Event::CorrectionProposed(proposal) if matches!(proposal.field.as_str(), "applicant" | "party") => {
            put("value", Value::Null);
            put("old_value", Value::Null);
        }
        Event::CorrectionConfirmed(confirmed) if matches!(confirmed.field.as_str(), "applicant" | "party") => {
            put("value", Value::Null);
        }
        _ => {}
    }
    Ok(data)
}
