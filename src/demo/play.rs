//! Plays stories: every step through the same functions as a real one, by its own person, at its own moment in the past.
//!
//! The steps of all stories are taken in the order of time, so that numbers run as they would have. A step that the law
//! in force refuses (another calendar, another rule pack) ends its own story and is named; it never ends the start.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::files::content;
use super::people::Region;
use super::steps::{fill, told_by};
use super::story::{Deed, Told, part_key};
use crate::documents::Blobs;
use crate::documents::blobs::BlobError;
use crate::domain::case::Case;
use crate::domain::case::Event;
use crate::domain::document::Purpose;
use crate::domain::people::access::Actor;
use crate::domain::words::codes::Coded;
use crate::domain::words::ids::{CaseId, QueryCode};
use crate::error::Error;
use crate::service::cases::{Asked, act};
use crate::service::desk::Desk;
use crate::service::documents::document_add;
use crate::service::seeding::{Tx, actor_of};
use crate::service::sight::{look, sight};
use crate::service::submissions::{NewSubmission, addressee, submit};

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

/// Takes all steps in the order of time, none later than the moment of the desk.
///
/// # Errors
/// Failures of the database.
pub fn play(
    tx: &mut Tx<'_>,
    blobs: &Blobs,
    desk: &Desk,
    region: &Region,
    mut steps: Vec<Told>,
    tracked: &str,
) -> Result<Played, Error> {
    steps.sort_by_key(|step| step.at);
    let mut actors = BTreeMap::new();
    for user in &region.users {
        actors.insert(user.username.clone(), actor_of(tx, user)?);
    }
    let mut player = Player {
        blobs,
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
        let desk = desk.at(step.at.min(desk.now));
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
                    action: match &step.deed {
                        Deed::Submit(..) => "submit".to_owned(),
                        Deed::Act(step) => step.action().to_owned(),
                    },
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
    region: &'a Region,
    actors: BTreeMap<String, Actor>,
    cases: BTreeMap<String, Case>,
    stopped: BTreeSet<String>,
}

impl Player<'_> {
    fn take(&mut self, tx: &mut Tx<'_>, desk: &Desk, told: &Told) -> Result<Option<QueryCode>, Error> {
        let actor = self.actors.get(told.username).ok_or(Error::NotFound)?;
        match &told.deed {
            Deed::Submit(role, submission) => {
                let mut submission = submission.as_ref().clone();
                let description = submission.description.as_ref();
                let title = description.map_or_else(String::new, |description| description.title.clone());
                for id in &mut submission.document_ids {
                    if let Some(file) = id.strip_prefix("@doc:") {
                        *id = self.upload(tx, desk, actor, file, &title)?;
                    }
                }
                let new = NewSubmission {
                    agency: addressee(tx, submission.agency_id)?,
                    submission,
                    role: *role,
                };
                let submitted = submit(tx, desk, actor, new, |_| None)?;
                self.cases.insert(told.case.clone(), submitted.seen.case);
                Ok(Some(submitted.query_code))
            }
            Deed::Act(step) => {
                let case = self.cases.get(&told.case).ok_or(Error::NotFound)?;
                let mut body = step.body.clone();
                fill(&mut body, told.day, &mut |name| self.known(tx, desk, actor, case, name))?;
                let sight_of = sight(tx, actor, case.id())?;
                let seen = act(tx, desk, actor, sight_of, Asked::read(body)?)?;
                for (part, id) in (2..).zip(split_into(&seen.case)) {
                    if let Entry::Vacant(place) = self.cases.entry(part_key(&told.case, part)) {
                        let sight = sight(tx, actor, id)?;
                        place.insert(look(tx, desk, sight)?.case);
                    }
                }
                self.cases.insert(told.case.clone(), seen.case);
                Ok(None)
            }
        }
    }

    /// What stands behind an `@` in the fields of a step: a file to be uploaded as `doc:PURPOSE:NAME`, the handler's `unit`,
    /// an account as `user:NAME`, another story's `case:KEY`, `number:KEY`, `version:KEY` or `person:KEY`, and what the case itself tells.
    fn known(&self, tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, case: &Case, name: &str) -> Result<Value, Error> {
        let (what, which) = name.split_once(':').unwrap_or((name, ""));
        let found = match what {
            "doc" => Some(Value::from(self.upload(tx, desk, actor, which, case.data().title())?)),
            "unit" => self.region.office_units.first().map(|id| json!(id)),
            "user" => self.actors.get(which).map(|actor| json!(actor.user_id)),
            "case" => self.cases.get(which).map(|case| json!(case.id())),
            "version" => self.cases.get(which).map(|case| json!(case.version())),
            "person" => {
                let case = self.cases.get(which).ok_or(Error::NotFound)?;
                let first = case.data().people().next();
                first.map(|person| json!(case.data().shown_as(case.id(), &person)))
            }
            "number" => {
                let case = self.cases.get(which);
                case.and_then(|case| case.data().number.clone()).map(Value::from)
            }
            _ => return told_by(case, name),
        };
        found.ok_or(Error::NotFound)
    }

    /// Uploads `PURPOSE:NAME`, a file that says `line`; tells its id.
    fn upload(&self, tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, file: &str, line: &str) -> Result<String, Error> {
        let (purpose, name) = file.split_once(':').ok_or(Error::NotFound)?;
        let purpose = Purpose::from_code(purpose).ok_or(Error::NotFound)?;
        let content = content(name, line);
        let limit = u64::try_from(content.len()).map_err(Error::internal)?;
        let mut spool = self.blobs.spool(limit).map_err(BlobError::from)?;
        spool.write(&content)?;
        let file = spool.finish(name)?;
        let row = document_add(tx, self.blobs, desk.now, actor, purpose, &file, u64::MAX)?;
        Ok(row.id().to_string())
    }
}

/// The cases that this one was split into.
fn split_into(case: &Case) -> Vec<CaseId> {
    case.log()
        .iter()
        .filter_map(|logged| match &logged.event {
            Event::RequestSplit(split) => Some(split.into.iter().copied()),
            _ => None,
        })
        .flatten()
        .collect()
}
