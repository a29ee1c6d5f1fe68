//! Plays stories: every step through the same functions as a real one, by its own person, at its own moment in the past.
//!
//! The steps of all stories are taken in the order of time, so that numbers run as they would have. A step that the law
//! in force refuses (another calendar, another rule pack) ends its own story and is named; it never ends the start.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::files::content;
use super::people::Region;
use super::story::{Deed, Step, part_key};
use crate::documents::Blobs;
use crate::documents::blobs::BlobError;
use crate::domain::case::Case;
use crate::domain::case::event::Event;
use crate::domain::document::Purpose;
use crate::domain::people::access::Actor;
use crate::domain::words::codes::Coded;
use crate::domain::words::ids::{CaseId, QueryCode};
use crate::error::Error;
use crate::service::cases::act;
use crate::service::desk::Desk;
use crate::service::documents::document_add;
use crate::service::law::LawBook;
use crate::service::sight::sight;
use crate::service::submissions::{NewSubmission, submit};
use crate::store::Tx;
use crate::store::agencies::agency_fetch;
use crate::store::cases::case_load;
use crate::store::users::actor_of;

/// A step that was refused, and why; its story went no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The key of the story.
    pub case: String,
    pub action: String,
    pub why: String,
}

/// What was played.
#[derive(Debug, Default)]
pub struct Played {
    pub cases: usize,
    pub stopped: Vec<Stopped>,
    /// Number and query code of one case, for the public tracking.
    pub tracked: Option<(String, QueryCode)>,
}

/// Takes all steps in the order of time, none later than `now`.
///
/// # Errors
/// Failures of the database.
pub fn play(
    tx: &mut Tx<'_>,
    blobs: &Blobs,
    book: &Arc<LawBook>,
    region: &Region,
    now: DateTime<Utc>,
    mut steps: Vec<Step>,
    tracked: &str,
) -> Result<Played, Error> {
    steps.sort_by_key(|step| step.at);
    let mut actors = BTreeMap::new();
    for user in &region.users {
        actors.insert(user.username.clone(), actor_of(tx, user)?);
    }
    let mut player = Player {
        blobs,
        book,
        region,
        actors,
        cases: BTreeMap::new(),
        stopped: BTreeSet::new(),
    };
    let mut played = Played::default();
    let mut tracked_code = None;
    for step in &steps {
        if player.stopped.contains(&step.case) {
            continue;
        }
        let desk = Desk::new(book.clone(), step.at.min(now));
        match tx.savepoint(|tx| player.take(tx, &desk, step)) {
            Ok(code) => {
                if step.case == tracked {
                    tracked_code = code.or(tracked_code);
                }
            }
            Err(error) => {
                let why = refusal(error)?;
                played.stopped.push(Stopped {
                    case: step.case.clone(),
                    action: step.name(),
                    why,
                });
                player.stopped.insert(step.case.clone());
            }
        }
    }
    played.cases = player.cases.len();
    let number = player.cases.get(tracked).and_then(|case| case.data().number.clone());
    played.tracked = number.zip(tracked_code);
    Ok(played)
}

impl Step {
    fn name(&self) -> String {
        match &self.deed {
            Deed::Submit(_) => "submit".to_owned(),
            Deed::Act(body) => body
                .get("action")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        }
    }
}

/// The reason of a step that cannot be taken; every other failure is passed on.
fn refusal(error: Error) -> Result<String, Error> {
    match error {
        Error::Refused(refusal) => Ok(format!("{}: {}", refusal.code, refusal.reason.zh)),
        Error::Fields(fields) => Ok(fields
            .iter()
            .map(|field| format!("{} {}", field.pointer, field.detail.zh))
            .collect::<Vec<_>>()
            .join("; ")),
        Error::Forbidden { .. } | Error::NotFound | Error::Stale { .. } => Ok(error.to_string()),
        other => Err(other),
    }
}

struct Player<'a> {
    blobs: &'a Blobs,
    book: &'a Arc<LawBook>,
    region: &'a Region,
    actors: BTreeMap<String, Actor>,
    cases: BTreeMap<String, Case>,
    stopped: BTreeSet<String>,
}

impl Player<'_> {
    fn take(&mut self, tx: &mut Tx<'_>, desk: &Desk, step: &Step) -> Result<Option<QueryCode>, Error> {
        let actor = self.actors.get(step.username).ok_or(Error::NotFound)?;
        match &step.deed {
            Deed::Submit(submission) => {
                let mut submission = submission.as_ref().clone();
                let line = submission.description.title.clone();
                for id in &mut submission.document_ids {
                    self.upload(tx, desk, actor, id, &line)?;
                }
                let new = NewSubmission {
                    agency: agency_fetch(tx, submission.agency_id)?.into(),
                    submission,
                    role: step.role,
                };
                let submitted = submit(tx, desk, actor, new, |_| None)?;
                self.cases.insert(step.case.clone(), submitted.seen.case);
                Ok(Some(submitted.query_code))
            }
            Deed::Act(body) => {
                let id = self.case(&step.case)?.id();
                let mut body = body.clone();
                let line = self.case(&step.case)?.data().description.title.clone();
                self.upload_all(tx, desk, actor, &mut body, &line)?;
                self.resolve(&step.case, &mut body)?;
                let sight = sight(tx, actor, id)?;
                let seen = act(tx, desk, actor, sight, body)?;
                let parts = split_into(&seen.case);
                self.cases.insert(step.case.clone(), seen.case);
                for (part, id) in parts.into_iter().enumerate() {
                    let key = part_key(&step.case, part + 2);
                    if !self.cases.contains_key(&key) {
                        let case = case_load(tx, id, &self.book.law())?;
                        self.cases.insert(key, case);
                    }
                }
                Ok(None)
            }
        }
    }

    fn case(&self, key: &str) -> Result<&Case, Error> {
        self.cases.get(key).ok_or(Error::NotFound)
    }

    /// Uploads what `@doc:PURPOSE:NAME` stands for, a file that says `line`, and puts its id in the place of the text.
    fn upload(&self, tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, text: &mut String, line: &str) -> Result<(), Error> {
        let Some((purpose, name)) = text.strip_prefix("@doc:").and_then(|rest| rest.split_once(':')) else {
            return Ok(());
        };
        let purpose = Purpose::from_code(purpose).ok_or(Error::NotFound)?;
        let content = content(name, line);
        let limit = u64::try_from(content.len()).map_err(Error::internal)?;
        let mut spool = self.blobs.spool(limit).map_err(BlobError::from)?;
        spool.write(&content)?;
        let file = spool.finish(name)?;
        let row = document_add(tx, self.blobs, desk.now, actor, purpose, &file, u64::MAX)?;
        *text = row.id().to_string();
        Ok(())
    }

    fn upload_all(
        &self,
        tx: &mut Tx<'_>,
        desk: &Desk,
        actor: &Actor,
        value: &mut Value,
        line: &str,
    ) -> Result<(), Error> {
        match value {
            Value::Array(list) => list
                .iter_mut()
                .try_for_each(|value| self.upload_all(tx, desk, actor, value, line)),
            Value::Object(fields) => fields
                .values_mut()
                .try_for_each(|value| self.upload_all(tx, desk, actor, value, line)),
            Value::String(text) => self.upload(tx, desk, actor, text, line),
            _ => Ok(()),
        }
    }

    /// Puts what is known now in the place of texts that begin with `@`:
    /// `@sub:KIND` the newest sub-process of the kind, `@seq:EVENT` the newest event of the code, `@unit` the handler's
    /// unit, `@user:NAME` an account, `@case:KEY` and `@number:KEY` another case.
    fn resolve(&self, key: &str, value: &mut Value) -> Result<(), Error> {
        match value {
            Value::Array(list) => list.iter_mut().try_for_each(|value| self.resolve(key, value)),
            Value::Object(fields) => fields.values_mut().try_for_each(|value| self.resolve(key, value)),
            Value::String(text) => {
                if let Some(name) = text.strip_prefix('@') {
                    *value = self.look_up(self.case(key)?, name).ok_or(Error::NotFound)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn look_up(&self, case: &Case, name: &str) -> Option<Value> {
        let (what, which) = name.split_once(':').unwrap_or((name, ""));
        match what {
            "sub" => {
                let of_kind = |id: &&str| id.rsplit_once('-').is_some_and(|(kind, _)| kind == which);
                let mut ids = case.data().subs.iter().rev().map(|sub| sub.id.as_str());
                ids.find(of_kind).map(|id| json!(id))
            }
            "seq" => {
                let mut log = case.log().iter().rev();
                log.find(|logged| logged.event.code() == which)
                    .map(|logged| json!(logged.seq))
            }
            "unit" => self.region.office_units.first().map(|id| json!(id)),
            "user" => self.actors.get(which).map(|actor| json!(actor.user_id)),
            "case" => self.cases.get(which).map(|case| json!(case.id())),
            "number" => self
                .cases
                .get(which)
                .and_then(|case| case.data().number.clone())
                .map(Value::from),
            _ => None,
        }
    }
}

/// The cases that this one was split into.
fn split_into(case: &Case) -> Vec<CaseId> {
    case.log()
        .iter()
        .filter_map(|logged| match &logged.event {
            Event::RequestSplit(split) => Some(split.into.iter().filter_map(|id| id.parse().ok())),
            _ => None,
        })
        .flatten()
        .collect()
}
