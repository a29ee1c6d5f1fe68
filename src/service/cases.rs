//! Acting on cases. The same function serves HTTP, the command line and the demonstration.
//!
//! Every function that changes something runs inside one transaction of the caller; nothing is believed before
//! [`case_append`] found the version that was seen.

use std::collections::BTreeSet;

use serde_json::Value;

use super::approval::{Brought, keep_draft};
use super::desk::Desk;
use super::documents::{Named, attachable};
use super::identities::{in_month_of_all, look_up_people};
use super::instruments::{Leaving, SameAs, keep, keep_first, leave, leave_receipt};
use super::numbers::{case_number, intake_number};
use super::opening::{Opened, open, open_to_act};
use super::sight::{Seen, Sight, sight, staff_sight};
use crate::domain::case::delivery::{IssueReply, TOGETHER_STALE, TOGETHER_UNFIT, Together};
use crate::domain::case::intake::no_other_case;
use crate::domain::case::parts::SplitPart;
use crate::domain::case::{
    Action, Applied, Author, Case, Command, Context, Instruction, Lookups, MergeTarget, action_of,
};
use crate::domain::case::{OtherApplication, State};
use crate::domain::instrument::catalog::issues_letters;
use crate::domain::law::refusal::Rejection;
use crate::domain::people::access::{Actor, AgencyPath, Role};
use crate::domain::reply::ReplyItem;
use crate::domain::words::folding::key_of_number;
use crate::domain::words::ids::{AgencyId, CaseId, UserId};
use crate::domain::words::text::{Bilingual, FieldError, none_wrong};
use crate::error::Error;
use crate::random;
use crate::store::agencies::{agency_fetch, unit_fetch};
use crate::store::cases::alike::may_be_same;
use crate::store::cases::people::applicants_are_among;
use crate::store::cases::{CaseRow, case_append, case_insert, case_row, case_row_by_number};
use crate::store::users::{actor_of, user_fetch};
use crate::store::{Db, StoreError, Tx};

/// An action as it was sent, read before the turn to write comes. What is wrong with its fields is said in its place
/// among the checks, after the role.
#[derive(Debug)]
pub struct Asked {
    action: Action,
    instruction: Result<Instruction, Vec<FieldError>>,
    /// The edited draft that the action brings.
    edited: Option<Brought>,
}

impl Asked {
    /// # Errors
    /// `Fields` when the body names no action.
    pub fn read(body: Value) -> Result<Self, Error> {
        let action = action_of(&body)?;
        let instruction = Instruction::parse(body);
        Ok(Self {
            action,
            instruction,
            edited: None,
        })
    }

    /// The action with the edited draft that it brings.
    pub(super) fn with_edited(self, edited: Brought) -> Self {
        Self {
            edited: Some(edited),
            ..self
        }
    }

    /// Whether papers go out with it, whose files are made before the answer.
    pub fn issues_letters(&self) -> bool {
        issues_letters(self.action)
    }

    /// The action with its fields.
    ///
    /// # Errors
    /// What is impossible about its fields whatever the case is.
    pub fn instruction(self) -> Result<Instruction, Error> {
        self.instruction.map_err(Error::Fields)
    }

    /// What is impossible about its fields whatever the case is.
    pub fn wrong_fields(self) -> Vec<FieldError> {
        self.instruction.err().unwrap_or_default()
    }
}

/// Takes an action on a case in sight: role, then fields, then workflow. The version was compared by the caller and is
/// compared again when the events are appended.
///
/// # Errors
/// `Forbidden`, `Fields`, `Refused`, or `Stale` when another person was faster.
pub fn act(tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, sight: Sight, asked: Asked) -> Result<Seen, Error> {
    let combined = match &asked.instruction {
        Ok(instruction) => match &instruction.command {
            Command::IssueReply(reply) if !reply.together_with.is_empty() => Some((reply.clone(), instruction.clone())),
            _ => None,
        },
        Err(_) => None,
    };
    let seen = act_alone(tx, desk, actor, sight, asked, None)?;
    if let Some((reply, instruction)) = combined {
        let paper = seen.made.iter().find(|made| made.code.is_reply() && !made.on_paper);
        let paper = paper.map(|made| SameAs {
            id: made.id,
            code: made.code,
            number: made.number.clone(),
        });
        issue_together(tx, desk, actor, &seen.sight.row, (&reply, &instruction), paper.as_ref())?;
    }
    Ok(seen)
}

/// 合并答复: one reply to several applications of one person. Each stays a case of its own, with its own entry, row of table 三
/// and delivery; all of them leave in one transaction or none does.
///
/// # Errors
/// `Fields` for a case that is not there or stands twice; `Refused`, naming the case, for one of another person or one whose
/// reply cannot leave.
fn issue_together(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    first: &CaseRow,
    (reply, instruction): (&IssueReply, &Instruction),
    paper: Option<&SameAs>,
) -> Result<(), Error> {
    let first_of_all = Together {
        case_id: first.id(),
        version: first.version,
    };
    let all: Vec<Together> = std::iter::once(first_of_all)
        .chain(reply.together_with.clone())
        .collect();
    for (place, other) in reply.together_with.iter().enumerate() {
        let pointer = format!("/together_with/{place}/case_id");
        if all.iter().filter(|one| one.case_id == other.case_id).count() > 1 {
            return Err(Error::field(FieldError::new(
                pointer,
                "同一案件在合并答复中只能列出一次，本案不用再列。",
                "Each case stands once in a combined reply; this one is not named again.",
            )));
        }
        let sight = match staff_sight(tx, actor, other.case_id) {
            Ok(sight) => sight,
            Err(Error::NotFound) => return Err(Error::field(no_case_to_join(pointer))),
            Err(error) => return Err(error),
        };
        let number = sight
            .row
            .number
            .clone()
            .unwrap_or_else(|| sight.row.intake_number.clone());
        fits_together(tx, first, &sight.row, other, &number)?;
        let command = IssueReply {
            together_with: all.iter().filter(|one| one.case_id != other.case_id).cloned().collect(),
            ..reply.clone()
        };
        // All leave on one day.
        let instruction = Instruction {
            command: command.into(),
            ..instruction.clone()
        };
        let asked = Asked {
            action: Action::IssueReply,
            instruction: Ok(instruction),
            edited: None,
        };
        act_alone(tx, desk, actor, sight, asked, paper).map_err(|error| naming(&number, error))?;
    }
    Ok(())
}

fn no_case_to_join(pointer: String) -> FieldError {
    FieldError::new(
        pointer,
        "没有这个案件。请填写本机关同一申请人另一件已签发答复的案件编号（id）。",
        "There is no such case; name another case of the same applicant whose reply is approved.",
    )
}

fn fits_together(db: &mut Db, first: &CaseRow, row: &CaseRow, other: &Together, number: &str) -> Result<(), Error> {
    let (agency_id, id) = (first.agency_id(), first.id());
    // One paper goes to all: nobody may read what another asked for.
    let same_people = row.agency_id() == agency_id
        && applicants_are_among(db, agency_id, id, row.id())?
        && applicants_are_among(db, agency_id, row.id(), id)?;
    if !same_people {
        return Err(TOGETHER_UNFIT.with(&[("number", &number)]).into());
    }
    if row.version != other.version {
        let places: [(&str, &dyn std::fmt::Display); 2] = [("number", &number), ("version", &row.version)];
        return Err(TOGETHER_STALE.with(&places).into());
    }
    Ok(())
}

/// A refusal in another case, which it names.
fn naming(number: &str, error: Error) -> Error {
    let Error::Refused(mut refusal) = error else {
        return error;
    };
    let Bilingual { zh, en } = &refusal.reason;
    refusal.reason = Bilingual::new(format!("案件 {number}：{zh}"), format!("Case {number}: {en}"));
    Error::Refused(refusal)
}

fn act_alone(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    sight: Sight,
    asked: Asked,
    same_as: Option<&SameAs>,
) -> Result<Seen, Error> {
    let action = asked.action;
    if !sight.who.has_action(action) {
        return Err(forbidden(action));
    }
    let instruction = asked.instruction?;
    let mut case = open_to_act(tx, desk, &sight.row, sight.is_applicant())?;
    // Between the row and its log another person's entry may have come in: nothing is judged on that.
    let current_version = i64::from(case.version());
    if current_version != sight.row.version {
        return Err(Error::Stale { current_version });
    }
    let mut lookups = look_up(tx, desk, actor, &sight, &case, &instruction)?;
    lookups.edited = asked.edited.is_some();
    let context = desk.context(lookups);
    let mut applied = case
        .apply(&sight.who, &instruction, &context)
        .map_err(|rejection| rejected(rejection, action))?;
    let leaving = Leaving {
        desk,
        actor,
        sight: &sight,
        instruction: Some(&instruction),
        same_as,
    };
    let left = leave(tx, leaving, &mut case, &mut applied)?;
    let row = append(tx, desk, &case, &sight, &applied)?;
    let made = keep(tx, desk, &case, left, &instruction)?;
    keep_draft(tx, desk, (&sight, &case), asked.edited.as_ref())?;
    if let Command::Split(split) = &instruction.command {
        for (part, id) in split.parts.iter().skip(1).zip(&context.lookups.part_ids) {
            add_part(tx, leaving, &case, part, *id, &context)?;
        }
    }
    let owner = match row.owner_id() {
        same if same == sight.row.owner_id() => sight.owner,
        Some(owner) => Some(user_fetch(tx, owner)?.name),
        None => None,
    };
    let sight = Sight { row, owner, ..sight };
    let seen = Seen::new(tx, sight, Opened::whole(case))?;
    Ok(Seen { made, ..seen })
}

fn append(tx: &mut Tx<'_>, desk: &Desk, case: &Case, sight: &Sight, applied: &Applied) -> Result<CaseRow, Error> {
    if let Some(row) = case_append(tx, case, &sight.row, applied, &desk.law())? {
        return Ok(row);
    }
    let current_version = case_row(tx, case.id())?.version;
    Err(Error::Stale { current_version })
}

fn add_part(
    tx: &mut Tx<'_>,
    leaving: Leaving<'_>,
    case: &Case,
    part: &SplitPart,
    id: CaseId,
    context: &Context<'_>,
) -> Result<(), Error> {
    let Leaving { desk, sight, .. } = leaving;
    let arrived_on = case.data().submission.arrived_on;
    let received_on = case.data().received_on.unwrap_or(arrived_on);
    let intake = intake_number(tx, &sight.agency, arrived_on)?;
    let number = case_number(tx, &sight.agency, received_on)?;
    let author = Author {
        user_id: sight.who.user_id,
        role: Some(Role::Officer),
    };
    let (mut part, mut applied) = case
        .split_off(id, part, intake, number, author, context)
        .ok_or_else(|| Error::internal("a case that is not received was split"))?;
    // The applicant's query code opens the parts too: no second secret to hand over.
    let split_on = case.log().last().map_or(desk.today, |split| split.occurred_on);
    let left = leave_receipt(tx, leaving, &mut part, &mut applied, split_on)?;
    case_insert(tx, &part, &applied, &sight.row.query_code, &desk.law())?;
    keep_first(tx, desk, left)
}

/// None of the person's roles has the action.
pub fn forbidden(action: Action) -> Error {
    let roles: BTreeSet<&str> = crate::domain::case::table::rules_of(action)
        .iter()
        .flat_map(|rule| rule.roles.iter().map(|role| role.label()))
        .collect();
    let labels = roles.into_iter().collect::<Vec<_>>().join("、");
    Error::Forbidden {
        detail: Bilingual::new(
            format!("您在本案中的角色不能办理“{}”，请由{labels}办理。", action.label()),
            format!("None of your roles in this case may `{}`.", action.code()),
        ),
    }
}

pub(super) fn rejected(rejection: Rejection, action: Action) -> Error {
    match rejection {
        Rejection::Forbidden => forbidden(action),
        Rejection::Fields(errors) => Error::Fields(errors),
        Rejection::Refused(refusal) => Error::Refused(refusal),
    }
}

/// What the command needs from outside the case, read in the same transaction.
pub(super) fn look_up(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    sight: &Sight,
    case: &Case,
    instruction: &Instruction,
) -> Result<Lookups, Error> {
    let data = case.data();
    let attachable = attachable(tx, desk, actor, Some(data), Named::in_action(instruction))?;
    none_wrong::<Error>(attachable.out_of_reach)?;
    let dated_back = instruction.on.is_some_and(|on| on < desk.today);
    let by_settings = matches!(&instruction.command, Command::RequestAmendment(_) | Command::Archive(_));
    let settings = match dated_back || by_settings {
        true => Some(agency_fetch(tx, sight.agency.id)?.data.settings),
        false => None,
    };
    let mut lookups = Lookups {
        amendment_working_days: settings.as_ref().map(|settings| settings.amendment_working_days),
        late_entry_days: settings
            .as_ref()
            .map(|settings| settings.late_entry_days)
            .unwrap_or_default(),
        retentions: settings.map(|settings| settings.retentions).unwrap_or_default(),
        documents: attachable.known,
        attached: attachable.attached,
        ..Lookups::default()
    };
    look_up_people(tx, sight.row.agency_id(), case, &instruction.command, &mut lookups)?;
    match &instruction.command {
        Command::ConfirmReceipt(fields) if fields.received_on <= desk.today => {
            lookups.number = Some(case_number(tx, &sight.agency, fields.received_on)?);
        }
        Command::ReplyOnTheSpot(fields) if data.received_on.is_none() && fields.received_on <= desk.today => {
            lookups.number = Some(case_number(tx, &sight.agency, fields.received_on)?);
        }
        Command::Split(fields) => {
            lookups.part_ids = fields.parts.iter().skip(1).map(|_| random::id(desk.now)).collect();
        }
        Command::CloseIntake(fields) => {
            if let Some(other) = fields.other_case_id {
                lookups.other_application = other_application(tx, actor, sight, other)?;
                if other == case.id() || lookups.other_application.is_none() {
                    return Err(Error::field(no_other_case()));
                }
            }
        }
        Command::Merge(fields) => lookups.merge_target = merge_target(tx, actor, sight, fields.into_case_id)?,
        Command::DraftReply(draft) => {
            lookups.answered = those_answered(tx, desk, sight, draft.earlier_numbers())?;
        }
        // What the draft rests on may have been taken back since.
        Command::IssueReply(_) => {
            let items = data.draft.iter().flat_map(|draft| draft.items.iter());
            lookups.answered = those_answered(tx, desk, sight, items.filter_map(ReplyItem::earlier_in_system))?;
        }
        Command::Assign(fields) => {
            lookups.unit_found = match unit_fetch(tx, fields.unit_id) {
                Ok(unit) => unit.active && unit.agency_id == sight.row.agency_id(),
                Err(StoreError::NotFound) => false,
                Err(error) => return Err(error.into()),
            };
        }
        Command::HandOver(fields) => {
            // Nobody handles the own application, not even who has left it since.
            lookups.colleague_found = data.submission.applicant_user_id != Some(fields.user_id)
                && colleague(tx, &sight.agency.path, sight.row.agency_id(), fields.user_id)?;
        }
        Command::IssueFeeNotice(_) => {
            if let (Some(received_on), Some(number)) = (data.received_on, &data.number) {
                let place = in_month_of_all(tx, sight.row.agency_id(), case.id(), received_on, number)?;
                (lookups.fee_ordinal, lookups.look_alikes) = (place.ordinal, place.look_alikes);
            }
        }
        _ => {}
    }
    Ok(lookups)
}

fn merge_target(tx: &mut Tx<'_>, actor: &Actor, from: &Sight, id: CaseId) -> Result<Option<MergeTarget>, Error> {
    match sight(tx, actor, id) {
        Ok(target) => Ok(Some(MergeTarget {
            open: target.row.state().is_open() && target.row.received_on.is_some(),
            same_agency: target.row.agency_id() == from.row.agency_id(),
            same_applicant: applicants_are_among(tx, from.row.agency_id(), from.row.id(), id)?,
            same_kind: target.row.kind() == from.row.kind(),
            due_later: match (target.row.due_on, from.row.due_on) {
                (Some(target), Some(own)) => target > own,
                _ => target.row.received_on > from.row.received_on,
            },
        })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Another application of the agency, of which one may be a duplicate; none where the person cannot see it.
fn other_application(
    tx: &mut Tx<'_>,
    actor: &Actor,
    from: &Sight,
    id: CaseId,
) -> Result<Option<OtherApplication>, Error> {
    let other = match sight(tx, actor, id) {
        Ok(other) => other.row,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(OtherApplication {
        alive: other.state() != State::Closed && other.agency_id() == from.row.agency_id(),
        alike: may_be_same(tx, from.row.agency_id(), from.row.id(), id)?,
    }))
}

/// Those of some numbers under which the agency answered the same person.
fn those_answered<'a>(
    tx: &mut Tx<'_>,
    desk: &Desk,
    sight: &Sight,
    numbers: impl Iterator<Item = &'a str>,
) -> Result<BTreeSet<String>, Error> {
    let mut answered = BTreeSet::new();
    for number in numbers {
        if answered_before(tx, desk, sight, number)? {
            answered.insert(number.to_owned());
        }
    }
    Ok(answered)
}

/// Whether the agency answered the same person under this number, in another case (重复申请, Art 36(6)).
fn answered_before(tx: &mut Tx<'_>, desk: &Desk, sight: &Sight, number: &str) -> Result<bool, Error> {
    let agency_id = sight.row.agency_id();
    let row = case_row_by_number(tx, &key_of_number(number))?;
    let other = row.filter(|row| row.agency_id() == agency_id && row.id() != sight.row.id());
    match other {
        Some(row) if applicants_are_among(tx, agency_id, sight.row.id(), row.id())? => {
            // A reply that is being replaced answers nobody.
            let earlier = open(tx, desk, &row)?.case;
            Ok(earlier.data().reply.is_some() && !earlier.data().replacing)
        }
        _ => Ok(false),
    }
}

/// Whether a person works on cases of the agency as clerk or officer.
fn colleague(tx: &mut Tx<'_>, path: &AgencyPath, agency_id: AgencyId, id: UserId) -> Result<bool, Error> {
    let user = match user_fetch(tx, id) {
        Ok(user) => user,
        Err(StoreError::NotFound) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let roles = actor_of(tx, &user)?.roles_in(agency_id, path);
    Ok(user.active && (roles.contains(&Role::Clerk) || roles.contains(&Role::Officer)))
}
