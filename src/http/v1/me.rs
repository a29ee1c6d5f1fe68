//! The signed-in person: who am I, my password, my profile as an applicant.

use actix_web::{get, put, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::passwords::check_new_password;
use crate::config::Secret;
use crate::domain::people::access::Actor;
use crate::domain::people::profile::ApplicantProfile;
use crate::domain::words::text::none_wrong;
use crate::error::Error;
use crate::http::actor::RemoteAddress;
use crate::http::etag::IfMatch;
use crate::http::idempotency::Answer;
use crate::http::json::Body;
use crate::http::problem::{ActionProblems, ReadProblems};
use crate::service::applicants::applicant_change;
use crate::service::auth::password_confirm;
use crate::service::directory::Person;
use crate::service::people::{self, By, person, user};
use crate::site::Site;
use crate::views::person::MeView;

fn answer(person: &Person) -> Result<Answer, Error> {
    Answer::ok(&MeView::from(person), Some(person.user.version))
}

/// The signed-in person.
#[utoipa::path(tag = "people", responses((status = 200, body = MeView, headers(("ETag" = String))), ReadProblems))]
#[get("/me")]
pub async fn me(site: web::Data<Site>, actor: Actor) -> Result<Answer, Error> {
    site.read(move |db| answer(&person(db, actor.user_id)?)).await
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
    site: web::Data<Site>,
    actor: Actor,
    seen: IfMatch,
    address: RemoteAddress,
    body: Body,
) -> Result<Answer, Error> {
    let (auth, now) = (site.auth.clone(), site.clock.now());
    site.block(move |store| {
        store.read(|db| seen.check(user(db, actor.user_id)?.version))?;
        let change: OwnPasswordBody = body.json()?;
        let mut errors = Vec::new();
        check_new_password(
            "/new_password",
            change.new_password.expose(),
            &actor.username,
            &mut errors,
        );
        none_wrong::<Error>(errors)?;
        password_confirm(store, &auth, now, &actor, change.current_password.expose(), &address.0)?;
        let hash = auth.passwords.hash(change.new_password.expose())?;
        store.write(|tx| {
            let user = user(tx, actor.user_id)?;
            seen.check(user.version)?;
            let user = people::password_set(tx, By::Person(&actor), now, user, &hash)?;
            answer(&Person::of(tx, user)?)
        })
    })
    .await
}

/// Replaces the own profile as an applicant; cases already submitted keep what they were submitted with.
#[utoipa::path(
    tag = "people", request_body = ApplicantProfile,
    params(("If-Match" = String, Header, description = "version of /me")),
    responses((status = 200, body = MeView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/me/applicant")]
pub async fn my_applicant_put(site: web::Data<Site>, actor: Actor, seen: IfMatch, body: Body) -> Result<Answer, Error> {
    let now = site.clock.now();
    site.write(move |tx| {
        let user = user(tx, actor.user_id)?;
        seen.check(user.version)?;
        let profile: ApplicantProfile = body.json()?;
        let user = applicant_change(tx, now, user, profile.into())?;
        answer(&Person::of(tx, user)?)
    })
    .await
}
