//! Applicants by themselves: registration, and the profile with which they submit online.

use chrono::{DateTime, Utc};

use super::people::{NewUser, save, user_add};
use crate::domain::civil_date;
use crate::domain::people::access::Actor;
use crate::domain::people::party::Applicant;
use crate::domain::words::text::{Bilingual, none_wrong};
use crate::error::Error;
use crate::store::users::{User, user_fetch};
use crate::store::{Db, Tx};

/// Refuses whoever has no profile as an applicant.
///
/// # Errors
/// `Forbidden`.
pub fn require_applicant(actor: &Actor) -> Result<(), Error> {
    match actor.applicant {
        true => Ok(()),
        false => Err(no_profile()),
    }
}

/// The person's profile as an applicant.
///
/// # Errors
/// `Forbidden` for whoever has none.
pub fn own_profile(db: &mut Db, actor: &Actor) -> Result<Applicant, Error> {
    user_fetch(db, actor.user_id)?.applicant.ok_or_else(no_profile)
}

fn no_profile() -> Error {
    Error::Forbidden {
        detail: Bilingual::new(
            "在线提交申请需要申请人身份。请先完善申请人信息（PUT /api/v1/me/applicant），或者注册申请人账号。",
            "Submitting online needs an applicant's profile: complete yours, or register as an applicant.",
        ),
    }
}

/// Adds an applicant's account at the applicant's own wish.
///
/// # Errors
/// `Fields`, or `Conflict` when the username is taken.
pub fn applicant_register(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    username: String,
    applicant: Applicant,
    password_hash: &str,
) -> Result<User, Error> {
    let new = NewUser {
        username,
        name: applicant.name.clone().unwrap_or_default(),
        applicant: Some(applicant),
        ..NewUser::default()
    };
    user_add(tx, now, new, password_hash)
}

/// Replaces the own profile as an applicant.
///
/// # Errors
/// `Fields` or `Stale`.
pub fn applicant_change(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    current: User,
    applicant: Applicant,
) -> Result<User, Error> {
    none_wrong::<Error>(applicant.check("", false, civil_date(now)))?;
    let applicant = applicant.normalised();
    // The account of somebody who works nowhere carries the applicant's name.
    let name = if current.agency_id.is_none() && !current.administrator {
        applicant.name.clone().unwrap_or_default()
    } else {
        current.name.clone()
    };
    let user = User {
        name,
        applicant: Some(applicant),
        ..current
    };
    save(tx, user, now)
}
