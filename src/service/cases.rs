//! Cases: submitting and acting. The same functions serve HTTP, the command line and the demonstration.
//!
//! Every function that changes something runs inside one transaction of the caller; nothing is believed before
//! [`case_append`] found the version that was seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::Value;

use super::documents::{attachable, named_in};
use super::law::LawBook;
use super::sight::{Seen, Sight, sight};
use crate::auth::query_code::QueryCodeHash;
use crate::domain::case::checks::check_description;
use crate::domain::case::state::Route;
use crate::domain::case::{
    Action, Applied, Author, Case, Command, Context, Instruction, Law, Lookups, MergeTarget, Submission, action_of,
};
use crate::domain::civil_date;
use crate::domain::law::refusal::Rejection;
use crate::domain::people::access::{Actor, AgencyPath, Role};
use crate::domain::words::ids::{AgencyId, CaseId, QueryCode, UnitId, UserId};
use crate::domain::words::text::{Bilingual, FieldError};
use crate::error::Error;
use crate::random;
use crate::store::agencies::{AgencyName, agency_fetch, agency_name, unit_fetch};
use crate::store::cases::{CaseRow, case_append, case_insert, case_load, case_row, month_ordinal};
use crate::store::counters::counter_next;
use crate::store::users::{actor_of, user_fetch};
use crate::store::{Db, StoreError, Tx};

/// The circumstances under which a person works: the law, the moment, the legal day.
#[derive(Debug, Clone)]
pub struct Desk {
    book: Arc<LawBook>,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    /// What all documents of one case may have together, in bytes.
    pub case_quota_bytes: u64,
}

impl Desk {
    pub fn new(book: Arc<LawBook>, now: DateTime<Utc>) -> Self {
        Self {
            book,
            now,
            today: civil_date(now),
            case_quota_bytes: u64::MAX,
        }
    }

    /// The same desk, where a case takes no more than this.
    pub fn with_case_quota(self, bytes: u64) -> Self {
        Self {
            case_quota_bytes: bytes,
            ..self
        }
    }

    pub fn law(&self) -> Law<'_> {
        self.book.law()
    }

    pub(super) fn context(&self, lookups: Lookups) -> Context<'_> {
        Context {
            law: self.law(),
            today: self.today,
            now: self.now,
            lookups,
        }
    }
}

/// A submission with its query code, told once.
#[derive(Debug)]
pub struct Submitted {
    pub seen: Seen,
    pub query_code: QueryCode,
}

/// An application as it comes in; numbers are the system's.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    pub submission: Submission,
    /// To which it is directed, whatever agency the submission names.
    pub agency: AgencyName,
    /// The role in which it is entered.
    pub role: Role,
}

/// Enters an application: gives the intake number and the query code (Art 29; the receipt comes with confirmation).
///
/// # Errors
/// `Fields` for content that is impossible by itself; failures of the database.
pub fn submit(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    new: NewSubmission,
    query_code: impl FnOnce(CaseId) -> Option<QueryCode>,
) -> Result<Submitted, Error> {
    let NewSubmission {
        mut submission,
        agency,
        role,
    } = new;
    submission.agency_id = agency.id;
    let mut errors = check_submission(&submission, desk.today);
    let attachable = attachable(tx, desk, actor, None, named_in(&submission))?;
    errors.extend(attachable.missing);
    if !errors.is_empty() {
        return Err(Error::Fields(errors));
    }
    submission.applicant = submission.applicant.normalised();
    submission.intake_number = intake_number(tx, &agency, submission.arrived_on)?;
    let id: CaseId = random::id(desk.now);
    let author = Author {
        user_id: Some(actor.user_id),
        role: Some(role),
    };
    let context = desk.context(Lookups {
        attached: attachable.attached,
        ..Lookups::default()
    });
    let (case, applied) = Case::submit(id, submission, author, &context);
    let query_code = query_code(id).unwrap_or_else(random::query_code);
    let sealed = QueryCodeHash::seal(&query_code, random::bytes());
    let row = case_insert(tx, &case, &applied, &sealed.to_string(), &desk.law())?;
    // A new case has no owner and no unit.
    let sight = Sight::of(actor, row, agency, None, &[]).ok_or(Error::NotFound)?;
    Ok(Submitted {
        seen: Seen { case, sight },
        query_code,
    })
}

/// Enters an application in the name of an agency or of an applicant: as [`submit`], to the agency that it names.
///
/// # Errors
/// As [`submit`]; `Fields` for an agency that takes no applications; `Forbidden` for a clerk of another agency.
pub fn submit_as(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    role: Role,
    submission: Submission,
    query_code: impl FnOnce(CaseId) -> Option<QueryCode>,
) -> Result<Submitted, Error> {
    let agency = addressee(tx, submission.agency_id)?;
    if role == Role::Clerk {
        check_intake_role(actor, &agency)?;
    }
    let new = NewSubmission {
        submission,
        agency,
        role,
    };
    submit(tx, desk, actor, new, query_code)
}

/// Refuses whoever is nowhere a clerk.
///
/// # Errors
/// `Forbidden`.
pub fn require_clerk(actor: &Actor) -> Result<(), Error> {
    match actor.holds(Role::Clerk) {
        true => Ok(()),
        false => Err(forbidden(Action::Submit)),
    }
}

fn check_submission(submission: &Submission, today: NaiveDate) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if submission.arrived_on > today {
        errors.push(FieldError::new(
            "/arrived_on",
            format!("到达日期不能晚于今天（{today}）。"),
            format!("The arrival cannot lie in the future (today is {today})."),
        ));
    }
    if submission.arrived_on < NaiveDate::from_ymd_opt(2008, 5, 1).unwrap_or(NaiveDate::MIN) {
        errors.push(FieldError::new(
            "/arrived_on",
            "《政府信息公开条例》自 2008 年 5 月 1 日起施行，到达日期不能早于这一天。",
            "The Regulation is in force since 2008-05-01; the arrival cannot lie before that.",
        ));
    }
    let mail = submission.route == Route::Mail;
    errors.extend(submission.applicant.check("/applicant", mail, today));
    check_description("/description", &submission.description, &mut errors);
    if let Some(needs) = &submission.accessibility_needs {
        crate::domain::words::text::check_text("/accessibility_needs", needs, 500, &mut errors);
    }
    if submission.filled_by_agency && submission.read_back.is_none() {
        errors.push(FieldError::new(
            "/read_back",
            "代填的申请应当向申请人宣读核对，请填写宣读日期和宣读人。",
            "An application filled in by the agency is read back to the applicant: say when and by whom.",
        ));
    }
    if let Some(read_back) = &submission.read_back {
        crate::domain::words::text::check_text("/read_back/by", &read_back.by, 100, &mut errors);
        if read_back.on < submission.arrived_on || read_back.on > today {
            errors.push(FieldError::new(
                "/read_back/on",
                "宣读日期应当在到达日期与今天之间。",
                "The reading lies between the arrival and today.",
            ));
        }
    }
    errors
}

/// `<agency code>-<year of arrival>-S<5 digits>`, without gaps.
fn intake_number(tx: &mut Tx<'_>, agency: &AgencyName, arrived_on: NaiveDate) -> Result<String, StoreError> {
    let year = arrived_on.year();
    let number = counter_next(tx, &format!("intake/{}/{year}", agency.code))?;
    Ok(format!("{}-{year}-S{number:05}", agency.code))
}

/// `<agency code>-<year of receipt>-<5 digits>`, without gaps.
fn case_number(tx: &mut Tx<'_>, agency: &AgencyName, received_on: NaiveDate) -> Result<String, StoreError> {
    let year = received_on.year();
    let number = counter_next(tx, &format!("case/{}/{year}", agency.code))?;
    Ok(format!("{}-{year}-{number:05}", agency.code))
}

/// Takes an action on a case in sight: role, then fields, then workflow. The version was compared by the caller and is
/// compared again when the events are appended.
///
/// # Errors
/// `Forbidden`, `Fields`, `Refused`, or `Stale` when another person was faster.
pub fn act(tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, sight: Sight, body: Value) -> Result<Seen, Error> {
    let action = action_of(&body)?;
    if !sight.who.has_action(action) {
        return Err(forbidden(action));
    }
    let instruction = Instruction::parse(body).map_err(Error::Fields)?;
    let mut case = case_load(tx, sight.row.id(), &desk.law())?;
    // Between the row and its log another person's entry may have come in: nothing is judged on that.
    let current_version = i64::from(case.version());
    if current_version != sight.row.version {
        return Err(Error::Stale { current_version });
    }
    let lookups = look_up(tx, desk, actor, &sight, &case, &instruction)?;
    let context = desk.context(lookups);
    let applied = case
        .apply(&sight.who, &instruction, &context)
        .map_err(|rejection| rejected(rejection, action))?;
    let row = append(tx, desk, &case, &sight, &applied)?;
    if let Command::Split(split) = &instruction.command {
        for (part, id) in split.parts.iter().skip(1).zip(&context.lookups.part_ids) {
            add_part(tx, desk, &case, &sight, part, *id, &context)?;
        }
    }
    let owner = match row.owner_id() {
        same if same == sight.row.owner_id() => sight.owner,
        Some(owner) => Some(user_fetch(tx, owner)?.name),
        None => None,
    };
    let sight = Sight { row, owner, ..sight };
    Ok(Seen { case, sight })
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
    desk: &Desk,
    case: &Case,
    sight: &Sight,
    part: &crate::domain::case::fields::SplitPart,
    id: CaseId,
    context: &Context<'_>,
) -> Result<(), Error> {
    let arrived_on = case.data().submission.arrived_on;
    let received_on = case.data().received_on.unwrap_or(arrived_on);
    let intake = intake_number(tx, &sight.agency, arrived_on)?;
    let number = case_number(tx, &sight.agency, received_on)?;
    let author = Author {
        user_id: sight.who.user_id,
        role: Some(Role::Officer),
    };
    let (part, applied) = case
        .split_off(id, part, intake, number, author, context)
        .ok_or_else(|| Error::internal("a case that is not received was split"))?;
    // The applicant's query code opens the parts too: no second secret to hand over.
    case_insert(tx, &part, &applied, &sight.row.query_code, &desk.law())?;
    Ok(())
}

/// None of the person's roles has the action.
pub fn forbidden(action: Action) -> Error {
    let roles: BTreeSet<&str> = crate::domain::case::table::rules_of(action)
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

fn rejected(rejection: Rejection, action: Action) -> Error {
    match rejection {
        Rejection::Forbidden => forbidden(action),
        Rejection::Fields(errors) => Error::Fields(errors),
        Rejection::Refused(refusal) => Error::Refused(refusal),
    }
}

/// What the command needs from outside the case, read in the same transaction.
fn look_up(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    sight: &Sight,
    case: &Case,
    instruction: &Instruction,
) -> Result<Lookups, Error> {
    let data = case.data();
    let attachable = attachable(tx, desk, actor, Some(data), instruction.command.named_documents())?;
    let mut lookups = Lookups {
        documents: attachable.known,
        attached: attachable.attached,
        ..Lookups::default()
    };
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
            if let Some(other) = &fields.other_case_id
                && merge_target(tx, actor, sight, other)?.is_none_or(|_| *other == case.id().to_string())
            {
                return Err(Error::field(FieldError::new(
                    "/other_case_id",
                    "没有这个案件。请填写本机关另一件申请的编号（id），或者不填。",
                    "There is no such case; name another case by its id, or leave this out.",
                )));
            }
        }
        Command::Merge(fields) => lookups.merge_target = merge_target(tx, actor, sight, &fields.into_case_id)?,
        Command::Assign(fields) => {
            let unit = fields.unit_id.parse::<UnitId>().ok().map(|id| unit_fetch(tx, id));
            lookups.unit_found = match unit {
                Some(Ok(unit)) => unit.active && unit.agency_id == sight.row.agency_id(),
                Some(Err(StoreError::NotFound)) | None => false,
                Some(Err(error)) => return Err(error.into()),
            };
        }
        Command::HandOver(fields) => {
            // Nobody handles the own application.
            let applicant = data.submission.applicant_user_id;
            lookups.colleague_found = applicant.is_none_or(|id| fields.user_id.parse().ok() != Some(id))
                && colleague(tx, &sight.agency.path, sight.row.agency_id(), &fields.user_id)?;
        }
        Command::RequestAmendment(_) => {
            lookups.amendment_working_days =
                Some(agency_fetch(tx, sight.agency.id)?.data.settings.amendment_working_days);
        }
        Command::IssueFeeNotice(_) => {
            if let (Some(received_on), Some(number)) = (data.received_on, &data.number) {
                let agency_id = sight.row.agency_id();
                lookups.fee_ordinal = month_ordinal(tx, &data.submission.applicant, agency_id, received_on, number)?;
            }
        }
        _ => {}
    }
    Ok(lookups)
}

fn merge_target(tx: &mut Tx<'_>, actor: &Actor, from: &Sight, id: &str) -> Result<Option<MergeTarget>, Error> {
    let Ok(id) = id.parse::<CaseId>() else {
        return Ok(None);
    };
    match sight(tx, actor, id) {
        Ok(target) => Ok(Some(MergeTarget {
            open: target.row.state().is_open() && target.row.received_on.is_some(),
            same_agency: target.row.agency_id() == from.row.agency_id(),
            same_applicant: target.row.applicant_key == from.row.applicant_key,
            same_kind: target.row.kind() == from.row.kind(),
        })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a person works on cases of the agency as clerk or officer.
fn colleague(tx: &mut Tx<'_>, path: &AgencyPath, agency_id: AgencyId, id: &str) -> Result<bool, Error> {
    let Ok(id) = id.parse::<UserId>() else {
        return Ok(false);
    };
    let user = match user_fetch(tx, id) {
        Ok(user) => user,
        Err(StoreError::NotFound) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let roles = actor_of(tx, &user)?.roles_in(agency_id, path);
    Ok(user.active && (roles.contains(&Role::Clerk) || roles.contains(&Role::Officer)))
}

/// The agency to which an application is directed.
///
/// # Errors
/// `Fields` when there is none, or it no longer takes applications.
pub fn addressee(db: &mut Db, agency_id: AgencyId) -> Result<AgencyName, Error> {
    match agency_name(db, agency_id) {
        Ok((agency, true)) => Ok(agency),
        Ok(_) | Err(StoreError::NotFound) => Err(Error::field(FieldError::new(
            "/agency_id",
            "没有这个行政机关，或者它已不再受理申请。请从 GET /api/v1/agencies 中选择。",
            "There is no such agency, or it takes no applications any more; choose one from GET /api/v1/agencies.",
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Whether the person may enter applications for the agency.
///
/// # Errors
/// `Forbidden` without the clerk's role there.
pub fn check_intake_role(actor: &Actor, agency: &AgencyName) -> Result<(), Error> {
    if actor.roles_in(agency.id, &agency.path).contains(&Role::Clerk) {
        Ok(())
    } else {
        Err(forbidden(Action::Submit))
    }
}
