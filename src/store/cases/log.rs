//! The log of a case: events with a hash chain, and beside them the private texts they commit to.
//!
//! The hash of an entry covers the hash before it and every column but the private text, of which it covers the salted
//! hash: a text can be erased later without breaking the chain.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, Queryable, RunQueryDsl,
};
use serde_json::Map;
use sha2::{Digest, Sha256};

use super::told::join;
use crate::domain::case::{Author, Event, LateEntry, LoggedEvent};
use crate::domain::instrument::issued::Issued;
use crate::domain::people::access::Role;
use crate::domain::words::codes::Coded;
use crate::domain::words::ids::{CaseId, UserId};
use crate::store::connection::Db;
use crate::store::fixed::{fixed, on_either};
use crate::store::key::Key;
use crate::store::schema::{case_events, case_text};
use crate::store::sql::{Day, Instant};
use crate::store::{StoreError, Tx};

/// The hash before the first entry of a case.
pub const GENESIS: &str = "";

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct EventRow {
    case_id: Key<CaseId>,
    pub seq: i64,
    pub event: String,
    pub occurred_on: NaiveDate,
    recorded_at: Instant,
    /// As text, so that an audit can name what is no id.
    actor_id: Option<String>,
    actor_role: Option<String>,
    pub late_entry_reason: Option<String>,
    /// JSON text of the public data, exactly as it was hashed.
    pub data: String,
    pub text_hash: Option<String>,
    pub previous_hash: String,
    pub hash: String,
    pub late_entry: Option<String>,
    /// JSON text of the instruments that it left, exactly as it was hashed.
    pub instruments: Option<String>,
}

/// The private part of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
struct TextRow {
    salt: String,
    body: String,
}

/// An entry ready to be stored, with its private text if it has one.
#[derive(Debug)]
pub(super) struct Sealed {
    row: EventRow,
    text: Option<TextRow>,
    pub(super) hash: String,
}

impl EventRow {
    pub fn case_id(&self) -> CaseId {
        self.case_id.0
    }

    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded_at.utc()
    }

    pub fn actor_id(&self) -> Option<UserId> {
        self.actor_id.as_deref().and_then(|id| id.parse().ok())
    }

    pub fn actor_role(&self) -> Option<Role> {
        self.actor_role.as_deref().and_then(Role::from_code)
    }

    /// The hash this entry should have: every column, each with its length, so that no two rows read alike.
    pub fn expected_hash(&self) -> String {
        let mut digest = Sha256::new();
        let mut part = |text: &str| {
            digest.update(text.len().to_be_bytes());
            digest.update(text.as_bytes());
        };
        part(&self.previous_hash);
        part(&self.case_id.0.to_string());
        part(&self.seq.to_string());
        part(&self.event);
        part(&self.occurred_on.to_string());
        part(&self.recorded_at().to_rfc3339_opts(SecondsFormat::Millis, true));
        part(self.actor_id.as_deref().unwrap_or_default());
        part(self.actor_role.as_deref().unwrap_or_default());
        part(self.late_entry_reason.as_deref().unwrap_or_default());
        part(&self.data);
        part(self.text_hash.as_deref().unwrap_or_default());
        // A later column: entries without it keep the hash that they had.
        if let Some(late_entry) = &self.late_entry {
            part(late_entry);
        }
        // Told apart from a late entry by its brackets.
        if let Some(instruments) = &self.instruments {
            part(instruments);
        }
        hex::encode(digest.finalize())
    }
}

fn text_hash(salt: &str, body: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(salt.as_bytes());
    digest.update(body.as_bytes());
    hex::encode(digest.finalize())
}

/// Splits an event into its public data and its private text.
fn split(event: &Event) -> Result<(String, Option<String>), serde_json::Error> {
    let mut data = event.data()?;
    let mut private = Map::new();
    if let Some(fields) = data.as_object_mut() {
        for name in Event::private_fields(event.code()) {
            if let Some(value) = fields.get_mut(*name)
                && !value.is_null()
            {
                private.insert((*name).to_owned(), value.take());
            }
        }
    }
    let text = (!private.is_empty())
        .then(|| serde_json::to_string(&private))
        .transpose()?;
    Ok((serde_json::to_string(&data)?, text))
}

fn told_instruments(left: &[Issued]) -> serde_json::Result<Option<String>> {
    (!left.is_empty()).then(|| serde_json::to_string(left)).transpose()
}

/// Chains new events to the entry with `previous_hash`.
pub(super) fn seal(case_id: CaseId, previous_hash: &str, events: &[LoggedEvent]) -> Result<Vec<Sealed>, StoreError> {
    let mut previous = previous_hash.to_owned();
    let unreadable = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
    events
        .iter()
        .map(|logged| {
            let (data, body) = split(&logged.event).map_err(unreadable)?;
            let text = body.map(|body| TextRow {
                salt: hex::encode(crate::random::bytes::<16>()),
                body,
            });
            let mut row = EventRow {
                case_id: Key(case_id),
                seq: i64::from(logged.seq),
                event: logged.event.code().to_owned(),
                occurred_on: logged.occurred_on,
                recorded_at: Instant::from(logged.recorded_at),
                actor_id: logged.author.user_id.map(|id| id.to_string()),
                actor_role: logged.author.role.map(|role| role.code().to_owned()),
                late_entry_reason: logged.late_entry_reason.clone(),
                data,
                text_hash: text.as_ref().map(|text| text_hash(&text.salt, &text.body)),
                previous_hash: previous.clone(),
                hash: String::new(),
                late_entry: logged.late_entry.map(|late_entry| late_entry.code().to_owned()),
                instruments: told_instruments(&logged.instruments).map_err(unreadable)?,
            };
            row.hash = row.expected_hash();
            previous.clone_from(&row.hash);
            Ok(Sealed {
                hash: row.hash.clone(),
                row,
                text,
            })
        })
        .collect()
}

pub(super) fn append(tx: &mut Tx<'_>, case_id: CaseId, sealed: &[Sealed]) -> Result<(), StoreError> {
    for Sealed { row, text, .. } in sealed {
        let event = diesel::insert_into(case_events::table).values((
            case_events::case_id.eq(row.case_id),
            case_events::seq.eq(row.seq),
            case_events::event.eq(&row.event),
            case_events::occurred_on.eq(row.occurred_on),
            case_events::recorded_at.eq(row.recorded_at),
            case_events::actor_id.eq(&row.actor_id),
            case_events::actor_role.eq(&row.actor_role),
            case_events::late_entry_reason.eq(&row.late_entry_reason),
            case_events::data.eq(&row.data),
            case_events::text_hash.eq(&row.text_hash),
            case_events::previous_hash.eq(&row.previous_hash),
            case_events::hash.eq(&row.hash),
            case_events::late_entry.eq(&row.late_entry),
            case_events::instruments.eq(&row.instruments),
        ));
        on_either!(&mut **tx, c => fixed!(event).execute(c))?;
        if let Some(text) = text {
            let text = diesel::insert_into(case_text::table).values((
                case_text::case_id.eq(Key(case_id)),
                case_text::seq.eq(row.seq),
                case_text::salt.eq(&text.salt),
                case_text::body.eq(&text.body),
            ));
            on_either!(&mut **tx, c => fixed!(text).execute(c))?;
        }
    }
    Ok(())
}

/// Stored entries after `after_seq` in order, each with its private text; all of them without a limit.
fn entries(
    db: &mut Db,
    case_id: CaseId,
    after_seq: i64,
    limit: Option<i64>,
) -> Result<Vec<(EventRow, Option<TextRow>)>, StoreError> {
    let texts = case_text::case_id
        .eq(case_events::case_id)
        .and(case_text::seq.eq(case_events::seq));
    let query = case_events::table
        .left_join(case_text::table.on(texts))
        .filter(case_events::case_id.eq(Key(case_id)))
        .filter(case_events::seq.gt(after_seq))
        .order(case_events::seq)
        .select((case_events::all_columns, (case_text::salt, case_text::body).nullable()));
    // SQLite plans a statement anew each time another LIMIT is bound to it, which costs more than reading a log.
    Ok(match limit {
        None => query.load(db)?,
        Some(limit) => query.limit(limit).load(db)?,
    })
}

/// What of a stored entry its event is made from.
#[derive(Queryable)]
struct Told {
    seq: i64,
    event: String,
    occurred_on: Day,
    recorded_at: Instant,
    /// As text, so that an audit can name what is no id.
    actor_id: Option<String>,
    actor_role: Option<String>,
    late_entry_reason: Option<String>,
    late_entry: Option<String>,
    instruments: Option<String>,
    data: String,
    body: Option<String>,
}

impl Told {
    fn logged(self, case_id: CaseId) -> Result<LoggedEvent, StoreError> {
        let seq = self.seq;
        let broken = |reason: String| StoreError::Log { case_id, seq, reason };
        let event = join(&self.event, &self.data, self.body.as_deref()).map_err(|e| broken(e.to_string()))?;
        let user_id = self
            .actor_id
            .map(|id| id.parse().map_err(|_| broken(format!("actor `{id}`"))));
        let role = self
            .actor_role
            .map(|code| Role::from_code(&code).ok_or_else(|| broken(format!("role `{code}`"))));
        let late_entry = self
            .late_entry
            .map(|code| LateEntry::from_code(&code).ok_or_else(|| broken(format!("late entry `{code}`"))));
        let instruments = match &self.instruments {
            Some(told) => serde_json::from_str(told),
            None => Ok(Vec::new()),
        };
        Ok(LoggedEvent {
            seq: u32::try_from(seq).map_err(|e| broken(e.to_string()))?,
            event,
            occurred_on: self.occurred_on.0,
            recorded_at: self.recorded_at.utc(),
            author: Author {
                user_id: user_id.transpose()?,
                role: role.transpose()?,
            },
            late_entry_reason: self.late_entry_reason,
            late_entry: late_entry.transpose()?,
            instruments: instruments.map_err(|e| broken(e.to_string()))?,
        })
    }
}

/// The log of a case up to an entry.
///
/// # Errors
/// [`StoreError::Log`] when an entry cannot be read back.
pub fn case_log(db: &mut Db, case_id: CaseId, up_to: i64) -> Result<Vec<LoggedEvent>, StoreError> {
    let texts = case_text::case_id
        .eq(case_events::case_id)
        .and(case_text::seq.eq(case_events::seq));
    let query = case_events::table
        .left_join(case_text::table.on(texts))
        .filter(case_events::case_id.eq(Key(case_id)))
        .order(case_events::seq)
        .select((
            case_events::seq,
            case_events::event,
            case_events::occurred_on,
            case_events::recorded_at,
            case_events::actor_id,
            case_events::actor_role,
            case_events::late_entry_reason,
            case_events::late_entry,
            case_events::instruments,
            case_events::data,
            case_text::body.nullable(),
        ));
    let told: Vec<Told> = on_either!(db, c => fixed!(query).load(c))?;
    let mut log = Vec::with_capacity(told.len());
    for entry in told.into_iter().take_while(|entry| entry.seq <= up_to) {
        log.push(entry.logged(case_id)?);
    }
    Ok(log)
}

/// An entry as it is stored, and its event or why that cannot be read.
pub type PageEntry = (EventRow, Result<LoggedEvent, StoreError>);

/// One page of a log after an entry, each with the event as the domain knows it, or why it cannot be read.
///
/// # Errors
/// Failures of the database.
pub fn case_log_page(db: &mut Db, case_id: CaseId, after_seq: i64, limit: i64) -> Result<Vec<PageEntry>, StoreError> {
    let page = entries(db, case_id, after_seq, Some(limit))?.into_iter();
    Ok(page
        .map(|(row, text)| {
            let event = logged(&row, text.as_ref());
            (row, event)
        })
        .collect())
}

fn logged(row: &EventRow, text: Option<&TextRow>) -> Result<LoggedEvent, StoreError> {
    let told = Told {
        seq: row.seq,
        event: row.event.clone(),
        occurred_on: Day(row.occurred_on),
        recorded_at: row.recorded_at,
        actor_id: row.actor_id.clone(),
        actor_role: row.actor_role.clone(),
        late_entry_reason: row.late_entry_reason.clone(),
        late_entry: row.late_entry.clone(),
        instruments: row.instruments.clone(),
        data: row.data.clone(),
        body: text.map(|text| text.body.clone()),
    };
    told.logged(row.case_id())
}

/// The first entry of a case whose chain does not hold, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEntry {
    pub case_id: CaseId,
    /// The position in the log; one beyond the last when entries are missing at the end.
    pub seq: i64,
    pub reason: Cow<'static, str>,
}

/// Checks the chain of one case against the hashes, the private texts and the head kept with the case.
///
/// # Errors
/// Failures of the database.
pub fn chain_check(
    db: &mut Db,
    case_id: CaseId,
    version: i64,
    head_hash: &str,
) -> Result<Option<BadEntry>, StoreError> {
    let mut previous = GENESIS.to_owned();
    let mut expected_seq = 1;
    let bad = |seq, reason: &'static str| {
        Ok(Some(BadEntry {
            case_id,
            seq,
            reason: reason.into(),
        }))
    };
    for (row, text) in entries(db, case_id, 0, None)? {
        if row.seq != expected_seq {
            return bad(expected_seq, "the entry is missing");
        }
        if row.previous_hash != previous {
            return bad(row.seq, "the entry does not follow the one before it");
        }
        if row.hash != row.expected_hash() {
            return bad(row.seq, "the entry was changed");
        }
        if let Some(text) = text
            && row.text_hash.as_deref() != Some(text_hash(&text.salt, &text.body).as_str())
        {
            return bad(row.seq, "the text of the entry was changed");
        }
        previous = row.hash;
        expected_seq += 1;
    }
    if expected_seq != version + 1 || previous != head_hash {
        return bad(
            expected_seq,
            "entries are missing at the end, or the head of the case was changed",
        );
    }
    Ok(None)
}
