//! What a person may see of cases: one case and what it is to that person, lists, and the way in with a query code.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::directory::{AsOf, Names, names_read};
use super::made::Made;
use super::opening::{Opened, Unreadable, open};
use crate::auth::query_code::QueryCodeHash;
use crate::domain::case::{ActionOption, Case, LoggedEvent, Lookups, Who};
use crate::domain::people::access::{Actor, CaseAccess, CaseScope, Visibility, visibility};
use crate::domain::people::party::Mask;
use crate::domain::words::folding::key_of_number;
use crate::domain::words::ids::{CaseId, QueryCode, UnitId, UserId};
use crate::domain::words::text::{Bilingual, FieldError};
use crate::error::Error;
use crate::store::agencies::{Agency, AgencyName, agencies_below, agency_count, agency_fetch};
use crate::store::cases::list::{ListScope, Share};
use crate::store::cases::log::{EventRow, case_log_page};
use crate::store::cases::{CaseRow, case_row_by_number, case_row_in_agency, case_units};
use crate::store::users::user_fetch;
use crate::store::{Db, StoreError};

/// From which side a person comes to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `/cases`: whoever works on it.
    Agency,
    /// `/requests`: whose application it is.
    Applicant,
}

/// A case that a person may see, with what it is to that person.
#[derive(Debug, Clone)]
pub struct Sight {
    pub row: CaseRow,
    pub agency: AgencyName,
    /// The name of the owner.
    pub owner: Option<String>,
    pub visibility: Visibility,
    pub(super) who: Who,
}

impl Sight {
    /// What a case is to the person; `None` when its existence is confidential.
    pub(super) fn of(
        actor: &Actor,
        row: CaseRow,
        agency: AgencyName,
        owner: Option<String>,
        assigned_units: &[UnitId],
    ) -> Option<Self> {
        let access = CaseAccess {
            agency_id: row.agency_id(),
            agency_path: &agency.path,
            applicant_user_id: row.applicant_user_id(),
            assigned_units,
            reached_draft: row.reached_draft(),
            reached_legal: row.reached_legal(),
        };
        let visibility = visibility(actor, &access);
        let who = Who {
            user_id: Some(actor.user_id),
            roles: visibility.roles(),
            unit_id: actor.unit_id,
            timer: false,
        };
        (visibility != Visibility::None).then_some(Self {
            row,
            agency,
            owner,
            visibility,
            who,
        })
    }

    /// A case to whoever runs the installation, who reads the database as well.
    pub(super) fn of_operator(row: CaseRow, agency: AgencyName, owner: Option<String>) -> Self {
        Self {
            row,
            agency,
            owner,
            visibility: Visibility::Staff {
                roles: BTreeSet::new(),
                contact_clear: true,
            },
            who: Who::default(),
        }
    }

    /// The person in front of it, with the roles that apply.
    pub(super) fn who(&self) -> &Who {
        &self.who
    }

    /// The person in front of it.
    pub fn user_id(&self) -> Option<UserId> {
        self.who.user_id
    }

    pub fn is_applicant(&self) -> bool {
        matches!(self.visibility, Visibility::Applicant)
    }

    /// Contact data is clear to the agency's clerk and officer, and to the applicant, whose own it is.
    pub fn mask(&self) -> Mask {
        match self.visibility {
            Visibility::Applicant
            | Visibility::Staff {
                contact_clear: true, ..
            } => Mask::ContactClear,
            _ => Mask::ContactMasked,
        }
    }
}

/// A case in front of a person: what views are made from.
#[derive(Debug, Clone)]
pub struct Seen {
    pub case: Case,
    pub sight: Sight,
    /// Where the log cannot be read on; then the case is what came before.
    pub unreadable: Option<Unreadable>,
    /// The names of those whom the views name.
    pub names: Names,
    /// The instruments that the action just taken left.
    pub made: Vec<Made>,
}

impl Seen {
    /// # Errors
    /// Failures of the database.
    pub(super) fn new(db: &mut Db, sight: Sight, opened: Opened) -> Result<Self, StoreError> {
        let names = names_read(db, opened.case.people())?;
        Ok(Self::named(sight, opened, names))
    }

    fn named(sight: Sight, opened: Opened, names: Names) -> Self {
        let Opened { case, unreadable } = opened;
        Self {
            case,
            sight,
            unreadable,
            names,
            made: Vec::new(),
        }
    }

    /// What the person may do now, and if not, why; nothing on a case that cannot be read to its end.
    pub fn options(&self, desk: &Desk) -> Vec<ActionOption> {
        if self.unreadable.is_some() {
            return Vec::new();
        }
        self.case.options(&self.sight.who, &desk.context(Lookups::default()))
    }
}

/// Finds a case and decides what it is to the person.
///
/// # Errors
/// `NotFound` when there is none, or its existence is confidential to the person.
pub fn sight(db: &mut Db, actor: &Actor, id: CaseId) -> Result<Sight, Error> {
    let (row, agency, owner) = case_row_in_agency(db, id)?;
    // Only who belongs to a unit can see a case by its assignments.
    let assigned_units = match actor.unit_id {
        Some(_) => case_units(db, id)?,
        None => Vec::new(),
    };
    Sight::of(actor, row, agency, owner, &assigned_units).ok_or(Error::NotFound)
}

/// A case as it is come to from one side.
///
/// # Errors
/// As [`staff_sight`] and [`own_sight`].
pub fn sight_from(db: &mut Db, actor: &Actor, side: Side, id: CaseId) -> Result<Sight, Error> {
    match side {
        Side::Agency => staff_sight(db, actor, id),
        Side::Applicant => own_sight(db, actor, id),
    }
}

/// A case of the agency's side.
///
/// # Errors
/// `NotFound`; `Forbidden` for one's own application, which is handled under `/requests`.
pub fn staff_sight(db: &mut Db, actor: &Actor, id: CaseId) -> Result<Sight, Error> {
    let sight = sight(db, actor, id)?;
    if sight.is_applicant() {
        return Err(Error::Forbidden {
            detail: Bilingual::new(
                "这是您本人的申请，请在“我的申请”（/api/v1/requests）中办理。",
                "This is your own application; use /api/v1/requests.",
            ),
        });
    }
    Ok(sight)
}

/// A request of the applicant's own.
///
/// # Errors
/// `NotFound` when it is not the person's own.
pub fn own_sight(db: &mut Db, actor: &Actor, id: CaseId) -> Result<Sight, Error> {
    let sight = sight(db, actor, id)?;
    if sight.is_applicant() {
        Ok(sight)
    } else {
        Err(Error::NotFound)
    }
}

/// Loads the case that is in sight, as far as its log can be read.
///
/// # Errors
/// Failures of the database.
pub fn look(db: &mut Db, desk: &Desk, sight: Sight) -> Result<Seen, Error> {
    let opened = open(db, desk, &sight.row)?;
    Ok(Seen::new(db, sight, opened)?)
}

/// As [`look`], for what is asked most: the directory as of this request knows most of the names.
///
/// # Errors
/// As [`look`].
pub fn look_in_directory(db: &mut Db, desk: &Desk, sight: Sight, directory: &AsOf<'_>) -> Result<Seen, Error> {
    let opened = open(db, desk, &sight.row)?;
    let names = directory.names(db, opened.case.people())?;
    Ok(Seen::named(sight, opened, names))
}

/// As [`look`], for what must not rest on a part of the log.
///
/// # Errors
/// As [`look`]; `Refused` when the log cannot be read.
pub fn look_whole(db: &mut Db, desk: &Desk, sight: Sight) -> Result<Seen, Error> {
    let seen = look(db, desk, sight)?;
    match seen.unreadable {
        Some(unreadable) => Err(unreadable.refusal(seen.sight.is_applicant()).into()),
        None => Ok(seen),
    }
}

/// An entry of a case's log with the name of whoever made it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub row: EventRow,
    /// The event; what of it cannot be read otherwise.
    pub logged: Result<LoggedEvent, Unreadable>,
    pub actor: Option<String>,
}

/// One page of the log of the case that is in sight, after an entry.
///
/// # Errors
/// Failures of the database.
pub fn entries(db: &mut Db, sight: &Sight, after_seq: i64, limit: i64) -> Result<Vec<Entry>, Error> {
    let mut names: BTreeMap<UserId, String> = BTreeMap::new();
    let mut entries = Vec::new();
    for (row, logged) in case_log_page(db, sight.row.id(), after_seq, limit)? {
        let actor = match row.actor_id() {
            Some(id) => Some(match names.get(&id) {
                Some(name) => name.clone(),
                None => names.entry(id).or_insert(user_fetch(db, id)?.name).clone(),
            }),
            None => None,
        };
        let logged = match logged {
            Err(StoreError::Log { seq, .. }) => Err(Unreadable { seq }),
            other => Ok(other?),
        };
        entries.push(Entry { row, logged, actor });
    }
    Ok(entries)
}

/// Whose cases a person may list; subtrees are resolved to agencies.
///
/// # Errors
/// `Forbidden` when the person has no role in any agency.
pub fn list_scope(db: &mut Db, actor: &Actor) -> Result<ListScope, Error> {
    let scope = CaseScope::of(actor);
    if scope.is_empty() {
        return Err(Error::Forbidden {
            detail: Bilingual::new(
                "您没有办理案件的角色。申请人请使用“我的申请”（/api/v1/requests）。",
                "You have no role in the handling of cases. Applicants use /api/v1/requests.",
            ),
        });
    }
    let mut agencies = scope.agencies;
    agencies.extend(agencies_below(db, &scope.subtrees)?);
    let share = match scope.subtrees.is_empty() {
        true => Share::Some,
        false => Share::of(agencies.len(), agency_count(db)?),
    };
    Ok(ListScope {
        agencies,
        after_draft: scope.after_draft,
        after_legal: scope.after_legal,
        unit: scope.unit,
        except_applicant: scope.except_applicant,
        share,
    })
}

/// A case in front of whoever holds its number and query code.
#[derive(Debug, Clone)]
pub struct Tracked {
    pub row: CaseRow,
    pub agency: Agency,
    pub case: Case,
    pub unreadable: Option<Unreadable>,
}

/// The case that number and query code open; takes the same time whether there is one or not.
///
/// # Errors
/// `NotFound` for a wrong or ill-formed pair.
pub fn track(db: &mut Db, desk: &Desk, number: &str, code: &str) -> Result<Tracked, Error> {
    let number = key_of_number(number);
    let row = match (1..=64).contains(&number.len()) {
        true => case_row_by_number(db, &number)?,
        false => None,
    };
    let sealed = match &row {
        Some(row) => row.query_code.parse().map_err(Error::internal)?,
        None => QueryCodeHash::of_nothing(),
    };
    let code: QueryCode = code.trim().parse().map_err(|_| Error::NotFound)?;
    let row = row.filter(|_| sealed.matches(&code)).ok_or(Error::NotFound)?;
    let agency = agency_fetch(db, row.agency_id())?;
    let Opened { case, unreadable } = open(db, desk, &row)?;
    Ok(Tracked {
        row,
        agency,
        case,
        unreadable,
    })
}

/// The query code that a person shows, if it is that of the case in sight.
///
/// # Errors
/// `Fields` for another one.
pub fn check_query_code(sight: &Sight, shown: &str) -> Result<QueryCode, Error> {
    let sealed: QueryCodeHash = sight.row.query_code.parse().map_err(Error::internal)?;
    let code = shown.trim().parse::<QueryCode>().ok();
    code.filter(|code| sealed.matches(code)).ok_or_else(|| {
        Error::field(FieldError::new(
            "/query_code",
            "这不是本件的查询码。请按提交申请时告知的 10 位查询码填写；不带查询码也可以打印回执（GET）。",
            "This is not the query code of this case. Send the ten characters told at submission, or print the receipt \
             without a code (GET).",
        ))
    })
}
