//! The signed-in person: who am I, my password, my profile as an applicant.

use actix_web::{get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::passwords::check_new_password;
use crate::config::Secret;
use crate::domain::people::access::{Actor, Role};
use crate::domain::people::party::{Applicant, ApplicantView, Mask};
use crate::domain::words::ids::{AgencyId, UnitId, UserId};
use crate::error::Error;
use crate::http::actor::RemoteAddress;
use crate::http::etag::IfMatch;
use crate::http::idempotency::Answer;
use crate::http::json::Body;
use crate::http::problem::{ActionProblems, ReadProblems};
use crate::service::auth::password_confirm;
use crate::service::people::{self, By};
use crate::site::Site;
use crate::store::Db;
use crate::store::users::{User, actor_of, user_fetch};

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

/// The grants of a person, as they are shown.
pub fn grant_views(actor: &Actor) -> Vec<GrantView> {
    actor
        .grants
        .iter()
        .map(|(agency_id, grant)| GrantView {
            agency_id: *agency_id,
            roles: grant.roles.iter().copied().collect(),
        })
        .collect()
}

impl MeView {
    fn answer(db: &mut Db, user: &User) -> Result<Answer, Error> {
        let actor = actor_of(db, user)?;
        let view = Self {
            id: user.id,
            name: user.name.clone(),
            username: user.username.clone(),
            roles: actor.roles().into_iter().collect(),
            agency_id: user.agency_id,
            unit_id: user.unit_id,
            grants: grant_views(&actor),
            applicant: user
                .applicant
                .as_ref()
                .map(|applicant| applicant.view(Mask::ContactMasked)),
            version: user.version,
        };
        Answer::ok(&view, Some(user.version))
    }
}

/// The signed-in person.
#[utoipa::path(tag = "people", responses((status = 200, body = MeView, headers(("ETag" = String))), ReadProblems))]
#[get("/me")]
pub async fn me(state: web::Data<Site>, actor: Actor) -> Result<Answer, Error> {
    state
        .read(move |db| {
            let user = user_fetch(db, actor.user_id)?;
            MeView::answer(db, &user)
        })
        .await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "a long passphrase", "new_password": "another passphrase"}))]
pub struct OwnPasswordBody {
    #[schema(value_type = String, format = "password")]
    current_password: Secret,
    #[schema(value_type = String, format = "password", min_length = 10, max_length = 200)]
    new_password: Secret,
}

/// Changes the own password. Every session ends, this one too.
#[utoipa::path(
    tag = "people", request_body = OwnPasswordBody,
    params(("If-Match" = String, Header, description = "version of /me")),
    responses((status = 200, body = MeView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/me/password")]
pub async fn my_password_set(
    state: web::Data<Site>,
    actor: Actor,
    seen: IfMatch,
    address: RemoteAddress,
    body: Body,
) -> Result<Answer, Error> {
    let (auth, now) = (state.auth.clone(), state.clock.now());
    state
        .block(move |store| {
            store.read(|db| seen.check(user_fetch(db, actor.user_id)?.version))?;
            let change: OwnPasswordBody = body.json()?;
            let mut errors = Vec::new();
            check_new_password(
                "/new_password",
                change.new_password.expose(),
                &actor.username,
                &mut errors,
            );
            if !errors.is_empty() {
                return Err(Error::Fields(errors));
            }
            password_confirm(store, &auth, now, &actor, change.current_password.expose(), &address.0)?;
            let hash = auth.passwords.hash(change.new_password.expose())?;
            store.write(|tx| {
                let user = user_fetch(tx, actor.user_id)?;
                seen.check(user.version)?;
                let user = people::password_set(tx, By::Person(&actor), now, user, &hash)?;
                MeView::answer(tx, &user)
            })
        })
        .await
}

/// Replaces the own profile as an applicant; cases already submitted keep what they were submitted with.
#[utoipa::path(
    tag = "people", request_body = Applicant,
    params(("If-Match" = String, Header, description = "version of /me")),
    responses((status = 200, body = MeView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/me/applicant")]
pub async fn my_applicant_put(
    state: web::Data<Site>,
    actor: Actor,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Error> {
    let now = state.clock.now();
    state
        .write(move |tx| {
            let user = user_fetch(tx, actor.user_id)?;
            seen.check(user.version)?;
            let user = people::applicant_change(tx, now, user, body.json()?)?;
            MeView::answer(tx, &user)
        })
        .await
}
