//! Who may see what: roles, grants, the tree of agencies, and what a case shows to a person.
//!
//! Owns sight only. What a person may *do* is the workflow table's, which takes the roles found here; the separation
//! of persons (drafter ≠ approver) is a guard there. A case that a person may not see does not exist for him.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::domain::document::Purpose;
use crate::domain::report::ReportScope;
use crate::domain::words::codes::{Coded, codes};
use crate::domain::words::ids::{AgencyId, UnitId, UserId};

codes! {
    /// What a person is in the procedure (角色).
    pub enum Role {
        /// Has own requests; not tied to an agency.
        Applicant "applicant" "申请人",
        Clerk "clerk" "收件登记",
        Officer "officer" "公开机构经办",
        Handler "handler" "业务科室承办",
        Secrecy "secrecy" "保密审查",
        Legal "legal" "法制审核",
        Approver "approver" "签发领导",
        /// Of the own agency and all below it.
        Supervisor "supervisor" "政务公开主管部门",
        /// Of the whole installation; sees no case.
        Admin "admin" "系统管理员",
    }
}

impl Role {
    /// Whether the role is held in an agency: all but the applicant's and the administrator's.
    pub const fn is_held_in_agency(self) -> bool {
        !matches!(self, Self::Applicant | Self::Admin)
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(code: &str) -> Result<Self, UnknownRole> {
        Self::from_code(code).ok_or(UnknownRole)
    }
}

/// A word that names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a role")]
pub struct UnknownRole;

/// The place of an agency in the tree: the ids from the root down, as in `/city/county/`.
///
/// One agency lies below another exactly when its path begins with the other's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgencyPath(String);

impl AgencyPath {
    /// The path of an agency without parent.
    pub fn root(id: AgencyId) -> Self {
        Self(format!("/{id}/"))
    }

    /// The path of an agency directly below this one.
    pub fn child(&self, id: AgencyId) -> Self {
        Self(format!("{}{id}/", self.0))
    }

    /// Whether `other` is this agency or lies below it.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The agencies that stand in the path, the topmost first, itself last.
    pub fn agencies(&self) -> Vec<AgencyId> {
        self.0.split('/').filter_map(|part| part.parse().ok()).collect()
    }

    /// How many agencies stand in the path, itself included.
    pub fn depth(&self) -> usize {
        self.0.split('/').filter(|part| !part.is_empty()).count()
    }

    /// The written form, for prefix comparison in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgencyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is not a path of agency ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a path of agencies")]
pub struct PathError;

impl FromStr for AgencyPath {
    type Err = PathError;
    fn from_str(text: &str) -> Result<Self, PathError> {
        let inner = text
            .strip_prefix('/')
            .and_then(|t| t.strip_suffix('/'))
            .ok_or(PathError)?;
        let well_formed = inner
            .split('/')
            .all(|part| part.parse::<AgencyId>().is_ok_and(|id| id.to_string() == part));
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(PathError)
        }
    }
}

/// The roles a person holds in one agency, and where that agency stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub path: AgencyPath,
    pub roles: BTreeSet<Role>,
}

/// A signed-in person with everything that decides about sight and permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user_id: UserId,
    pub username: String,
    pub name: String,
    /// The agency the person works in; none for applicants and for an administrator from outside.
    pub agency_id: Option<AgencyId>,
    pub unit_id: Option<UnitId>,
    /// Whether the person has a profile as an applicant.
    pub applicant: bool,
    /// Whether the person administers the installation.
    pub administrator: bool,
    /// Roles by agency: the own one, and others that borrow this person (a small office asks its parent for a second
    /// pair of eyes).
    pub grants: BTreeMap<AgencyId, Grant>,
}

impl Actor {
    /// The roles in the own agency, with those that belong to no agency: what the person is told about himself.
    pub fn roles(&self) -> BTreeSet<Role> {
        let mut roles: BTreeSet<Role> = self
            .agency_id
            .and_then(|id| self.grants.get(&id))
            .map(|grant| grant.roles.clone())
            .unwrap_or_default();
        if self.applicant {
            roles.insert(Role::Applicant);
        }
        if self.administrator {
            roles.insert(Role::Admin);
        }
        roles
    }

    /// The roles the person exercises in an agency: those granted there, and `supervisor` from any agency above it.
    pub fn roles_in(&self, agency_id: AgencyId, path: &AgencyPath) -> BTreeSet<Role> {
        let mut roles = self
            .grants
            .get(&agency_id)
            .map(|grant| grant.roles.clone())
            .unwrap_or_default();
        if self.supervises(path) {
            roles.insert(Role::Supervisor);
        }
        roles
    }

    /// Whether the person is `supervisor` of this agency or of one above it.
    pub fn supervises(&self, path: &AgencyPath) -> bool {
        self.supervised().any(|own| own.covers(path))
    }

    /// The agencies whose whole subtree the person supervises.
    pub fn supervised(&self) -> impl Iterator<Item = &AgencyPath> {
        self.grants
            .values()
            .filter(|grant| grant.roles.contains(&Role::Supervisor))
            .map(|grant| &grant.path)
    }

    /// Whether the person holds the role anywhere.
    pub fn holds(&self, role: Role) -> bool {
        match role {
            Role::Applicant => self.applicant,
            Role::Admin => self.administrator,
            _ => self.grants.values().any(|grant| grant.roles.contains(&role)),
        }
    }

    /// Whether the person works for any agency, in whatever role.
    pub fn is_staff(&self) -> bool {
        self.grants.values().any(|grant| !grant.roles.is_empty())
    }

    /// The agencies in which the person holds the role.
    pub fn agencies_as(&self, role: Role) -> impl Iterator<Item = AgencyId> {
        self.grants
            .iter()
            .filter(move |(_, grant)| grant.roles.contains(&role))
            .map(|(id, _)| *id)
    }
}

/// The facts of a case on which sight depends.
#[derive(Debug, Clone, Copy)]
pub struct CaseAccess<'a> {
    pub agency_id: AgencyId,
    pub agency_path: &'a AgencyPath,
    /// The account of the applicant, where the application came online and whoever sent it still applies.
    pub applicant_user_id: Option<UserId>,
    /// Every unit the case was ever assigned to.
    pub assigned_units: &'a [UnitId],
    /// Whether a reply was ever drafted: from then on the secrecy reviewer sees the case.
    pub reached_draft: bool,
    /// Whether the case was ever submitted for legal review: from then on the legal reviewer sees it.
    pub reached_legal: bool,
}

/// What a case is to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Visibility {
    /// Not to be known of: answered as if it did not exist.
    None,
    /// The applicant's own request.
    Applicant,
    /// A case of the agency, seen in these roles.
    Staff {
        roles: BTreeSet<Role>,
        /// Whether telephone, e-mail and address are shown in clear: to the agency's clerk and officer.
        contact_clear: bool,
    },
}

impl Visibility {
    /// The roles in which the person may act on the case.
    pub fn roles(&self) -> BTreeSet<Role> {
        match self {
            Self::None => BTreeSet::new(),
            Self::Applicant => BTreeSet::from([Role::Applicant]),
            Self::Staff { roles, .. } => roles.clone(),
        }
    }
}

/// Decides what a case is to a person.
///
/// An applicant is never staff in the own case, whatever roles the agency gave him: nobody handles his own request.
pub fn visibility(actor: &Actor, case: &CaseAccess<'_>) -> Visibility {
    if case.applicant_user_id == Some(actor.user_id) {
        return Visibility::Applicant;
    }
    let roles: BTreeSet<Role> = actor
        .roles_in(case.agency_id, case.agency_path)
        .into_iter()
        .filter(|role| applies(*role, actor, case))
        .collect();
    if roles.is_empty() {
        return Visibility::None;
    }
    let contact_clear = roles.contains(&Role::Clerk) || roles.contains(&Role::Officer);
    Visibility::Staff { roles, contact_clear }
}

/// Whether a role held in the case's agency reaches this case.
fn applies(role: Role, actor: &Actor, case: &CaseAccess<'_>) -> bool {
    match role {
        Role::Clerk | Role::Officer | Role::Approver | Role::Supervisor => true,
        Role::Handler => actor.unit_id.is_some_and(|unit| case.assigned_units.contains(&unit)),
        Role::Secrecy => case.reached_draft,
        Role::Legal => case.reached_legal,
        Role::Applicant | Role::Admin => false,
    }
}

/// All cases that a person sees as staff, as a union of sets that a database can select.
///
/// Holds exactly the cases for which [`visibility`] answers `Staff`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseScope {
    /// Every case of these agencies (clerk, officer, approver).
    pub agencies: BTreeSet<AgencyId>,
    /// Cases of these agencies that reached a draft reply (secrecy).
    pub after_draft: BTreeSet<AgencyId>,
    /// Cases of these agencies that reached legal review (legal).
    pub after_legal: BTreeSet<AgencyId>,
    /// Cases of these agencies assigned to the unit (handler).
    pub unit: Option<(UnitId, BTreeSet<AgencyId>)>,
    /// Every case of these agencies and of all below them (supervisor).
    pub subtrees: BTreeSet<AgencyPath>,
    /// Own requests are left out, as for [`visibility`].
    pub except_applicant: Option<UserId>,
}

impl CaseScope {
    /// The scope of a person.
    pub fn of(actor: &Actor) -> Self {
        let held = |role| actor.agencies_as(role).collect::<BTreeSet<AgencyId>>();
        let mut agencies = held(Role::Clerk);
        agencies.extend(held(Role::Officer));
        agencies.extend(held(Role::Approver));
        let handles = held(Role::Handler);
        Self {
            agencies,
            after_draft: held(Role::Secrecy),
            after_legal: held(Role::Legal),
            unit: actor
                .unit_id
                .filter(|_| !handles.is_empty())
                .map(|unit| (unit, handles)),
            subtrees: actor.supervised().cloned().collect(),
            except_applicant: actor.applicant.then_some(actor.user_id),
        }
    }

    /// Whether no case can be in it.
    pub fn is_empty(&self) -> bool {
        self.agencies.is_empty()
            && self.after_draft.is_empty()
            && self.after_legal.is_empty()
            && self.unit.is_none()
            && self.subtrees.is_empty()
    }

    /// Whether a case is in it: the same question as the database's, for tests and single cases.
    pub fn contains(&self, case: &CaseAccess<'_>) -> bool {
        if self.except_applicant.is_some() && self.except_applicant == case.applicant_user_id {
            return false;
        }
        self.agencies.contains(&case.agency_id)
            || (case.reached_draft && self.after_draft.contains(&case.agency_id))
            || (case.reached_legal && self.after_legal.contains(&case.agency_id))
            || self
                .unit
                .as_ref()
                .is_some_and(|(unit, at)| at.contains(&case.agency_id) && case.assigned_units.contains(unit))
            || self.subtrees.iter().any(|path| path.covers(case.agency_path))
    }
}

/// What a case that holds a document is to the person who asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Holding<'a> {
    pub visibility: &'a Visibility,
    /// Whether the document stands in a granted item of a reply that went out.
    pub released: bool,
}

/// Decides whether a person may read a document.
///
/// While no case holds it, it is its uploader's alone. After that access follows the case: staff who see the case see
/// its documents; the applicant sees what he supplied himself and what a reply released to him, and nothing of the
/// agency's search, deliberation and delivery. After a split several cases hold one document; each opens it.
pub fn may_read_document<'a>(
    actor: UserId,
    uploaded_by: UserId,
    purpose: Purpose,
    held_by: impl IntoIterator<Item = Holding<'a>>,
) -> bool {
    let mut held_by = held_by.into_iter().peekable();
    if held_by.peek().is_none() {
        return actor == uploaded_by;
    }
    held_by.any(|holding| match holding.visibility {
        Visibility::None => false,
        Visibility::Staff { .. } => true,
        Visibility::Applicant => holding.released || (actor == uploaded_by && purpose.is_applicants()),
    })
}

/// What the annual report of an agency is to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum ReportAccess {
    /// Another agency's: answered as if it did not exist.
    Hidden,
    /// None of the roles reads reports.
    Forbidden,
    /// The own figures may be read, those with the agencies below not.
    OwnOnly,
    Allowed,
}

/// Decides who reads the annual figures: supervisors those of their agencies and of all below, with or without what
/// lies below; clerks, officers, legal advisers and approvers those of their own agency.
pub fn report_access(actor: &Actor, agency_id: AgencyId, path: &AgencyPath, scope: ReportScope) -> ReportAccess {
    let roles = actor.roles_in(agency_id, path);
    if roles.contains(&Role::Supervisor) {
        return ReportAccess::Allowed;
    }
    let reads = |role: &Role| matches!(role, Role::Clerk | Role::Officer | Role::Legal | Role::Approver);
    match (roles.iter().any(reads), scope) {
        (true, ReportScope::Own) => ReportAccess::Allowed,
        (true, ReportScope::Tree) => ReportAccess::OwnOnly,
        (false, _) if roles.is_empty() && actor.is_staff() => ReportAccess::Hidden,
        (false, _) => ReportAccess::Forbidden,
    }
}

/// What the archive of an agency is to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum ArchiveAccess {
    /// Another agency's: answered as if it did not exist.
    Hidden,
    /// None of the roles files cases.
    Forbidden,
    Allowed,
}

/// Decides who takes the filed cases of an agency out: its clerks, officers and approvers, who see all of them, and the
/// supervisors above it.
pub fn archive_access(actor: &Actor, agency_id: AgencyId, path: &AgencyPath) -> ArchiveAccess {
    let roles = actor.roles_in(agency_id, path);
    let files = |role: &Role| matches!(role, Role::Clerk | Role::Officer | Role::Approver | Role::Supervisor);
    match roles.iter().any(files) {
        true => ArchiveAccess::Allowed,
        false if roles.is_empty() && actor.is_staff() => ArchiveAccess::Hidden,
        false => ArchiveAccess::Forbidden,
    }
}
