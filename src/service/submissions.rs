//! Applications on their way in: to whom, by whom, with what; the intake number and the query code (Art 29).

use chrono::NaiveDate;

use super::cases::forbidden;
use super::desk::Desk;
use super::documents::{Attachable, Named, attachable};
use super::numbers::intake_number;
use super::opening::Opened;
use super::sight::{Seen, Sight};
use crate::auth::query_code::QueryCodeHash;
use crate::domain::case::{Action, Author, Case, Lookups, Submission};
use crate::domain::people::access::{Actor, Role};
use crate::domain::words::ids::{AgencyId, CaseId, QueryCode};
use crate::domain::words::text::{FieldError, check_text, none_wrong};
use crate::error::Error;
use crate::random;
use crate::store::agencies::{AgencyName, agency_name};
use crate::store::cases::case_insert;
use crate::store::{Db, StoreError, Tx};

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
    let attachable = match Named::in_submission(&submission) {
        Ok(named) => attachable(tx, desk, actor, None, named)?,
        Err(error) => {
            errors.push(error);
            Attachable::default()
        }
    };
    errors.extend(attachable.missing);
    errors.extend(attachable.out_of_reach);
    none_wrong::<Error>(errors)?;
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
    let seen = Seen::new(tx, sight, Opened::whole(case))?;
    Ok(Submitted { seen, query_code })
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
    errors.extend(submission.check_content(today));
    if let Some(needs) = &submission.accessibility_needs {
        check_text("/accessibility_needs", needs, 500, &mut errors);
    }
    if submission.filled_by_agency && submission.read_back.is_none() {
        errors.push(FieldError::new(
            "/read_back",
            "代填的申请应当向申请人宣读核对，请填写宣读日期和宣读人。",
            "An application filled in by the agency is read back to the applicant: say when and by whom.",
        ));
    }
    if let Some(read_back) = &submission.read_back {
        check_text("/read_back/by", &read_back.by, 100, &mut errors);
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
fn check_intake_role(actor: &Actor, agency: &AgencyName) -> Result<(), Error> {
    if actor.roles_in(agency.id, &agency.path).contains(&Role::Clerk) {
        Ok(())
    } else {
        Err(forbidden(Action::Submit))
    }
}
