//! People: the signed-in person, accounts for administrators, and a session.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::people::access::{Actor, Role};
use crate::domain::people::party::Mask;
use crate::domain::people::party_view::ApplicantView;
use crate::domain::words::ids::{AgencyId, UnitId, UserId};
use crate::service::auth::Session;
use crate::service::directory::Person;
use crate::store::users::User;

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    id: UserId,
    name: String,
    username: String,
    /// In the own agency.
    roles: Vec<Role>,
    agency_id: Option<AgencyId>,
    unit_id: Option<UnitId>,
    /// Roles in every agency, the own one among them.
    grants: Vec<GrantView>,
    /// The profile as an applicant.
    #[serde(skip_serializing_if = "Option::is_none")]
    applicant: Option<ApplicantView>,
    version: i64,
}

/// Roles held in one agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantView {
    agency_id: AgencyId,
    roles: Vec<Role>,
}

fn grant_views(actor: &Actor) -> Vec<GrantView> {
    actor
        .grants
        .iter()
        .map(|(agency_id, grant)| GrantView {
            agency_id: *agency_id,
            roles: grant.roles.iter().copied().collect(),
        })
        .collect()
}

impl From<&Person> for MeView {
    fn from(Person { user, actor }: &Person) -> Self {
        Self {
            id: user.id,
            name: user.name.clone(),
            username: user.username.clone(),
            roles: actor.roles().into_iter().collect(),
            agency_id: user.agency_id,
            unit_id: user.unit_id,
            grants: grant_views(actor),
            applicant: user
                .applicant
                .as_ref()
                .map(|applicant| applicant.view(Mask::ContactMasked)),
            version: user.version,
        }
    }
}

/// An account in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserItem {
    id: UserId,
    username: String,
    name: String,
    agency_id: Option<AgencyId>,
    unit_id: Option<UnitId>,
    administrator: bool,
    /// Whether the person has a profile as an applicant.
    applicant: bool,
    active: bool,
    version: i64,
}

impl From<&User> for UserItem {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            username: user.username.clone(),
            name: user.name.clone(),
            agency_id: user.agency_id,
            unit_id: user.unit_id,
            administrator: user.administrator,
            applicant: user.applicant.is_some(),
            active: user.active,
            version: user.version,
        }
    }
}

/// An account with its roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    #[serde(flatten)]
    account: UserItem,
    /// In the own agency, with those that belong to none.
    roles: Vec<Role>,
    grants: Vec<GrantView>,
}

impl From<&Person> for UserView {
    fn from(Person { user, actor }: &Person) -> Self {
        Self {
            account: user.into(),
            roles: actor.roles().into_iter().collect(),
            grants: grant_views(actor),
        }
    }
}

/// Tokens and whose they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// For the Authorization header, as `Bearer …`.
    access_token: String,
    #[schema(examples("Bearer"))]
    token_type: &'static str,
    /// Life of the access token in seconds.
    #[schema(examples(900))]
    expires_in: i64,
    /// Good for one exchange at `/auth/refresh`.
    refresh_token: String,
    user: SessionUser,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUser {
    id: UserId,
    name: String,
    roles: Vec<Role>,
    agency_id: Option<AgencyId>,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        let roles = session.actor.roles().into_iter().collect();
        Self {
            access_token: session.access_token,
            token_type: "Bearer",
            expires_in: session.expires_in,
            refresh_token: session.refresh_token,
            user: SessionUser {
                id: session.actor.user_id,
                name: session.actor.name,
                roles,
                agency_id: session.actor.agency_id,
            },
        }
    }
}
