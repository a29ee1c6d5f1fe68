//! Signing in and out, and self-registration of applicants.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::passwords::check_new_password;
use crate::config::Secret;
use crate::domain::people::account::check_username;
use crate::domain::people::party::Applicant;
use crate::domain::people::profile::ApplicantProfile;
use crate::domain::words::ids::UserId;
use crate::domain::words::text::none_wrong;
use crate::error::Error;
use crate::http::actor::RemoteAddress;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::json::Body;
use crate::http::problem::{LoginProblems, PublicProblems, RegisterProblems};
use crate::service::applicants::applicant_register;
use crate::service::auth::{self, Attempt};
use crate::site::Site;
use crate::views::person::SessionView;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "chen.mingyuan", "password": "a long passphrase",
    "applicant": {
        "kind": "natural_person", "name": "陈明远", "phone": "13800000000",
        "id_document": {"kind": "resident_id", "number": "11010519491231002X"}
    }
}))]
pub struct RegisterBody {
    #[schema(min_length = 2, max_length = 64)]
    username: String,
    #[schema(value_type = String, format = "password", min_length = 10, max_length = 200)]
    password: Secret,
    applicant: ApplicantProfile,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Registered {
    pub id: UserId,
}

/// Opens an applicant's account.
#[utoipa::path(
    tag = "people", security(()), request_body = RegisterBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same request sent again gets the same answer")),
    responses((status = 201, body = Registered, headers(("Location" = String))), RegisterProblems)
)]
#[post("/auth/register")]
pub async fn register(site: web::Data<Site>, key: IdempotencyKey, body: Body) -> Result<Answer, Error> {
    let keyed = key.bind_without("anonymous", &body, &["password"])?;
    let new: RegisterBody = body.json()?;
    let now = site.clock.now();
    let mut errors = Vec::new();
    check_username("/username", &new.username, &mut errors);
    check_new_password("/password", new.password.expose(), &new.username, &mut errors);
    let applicant = Applicant::from(new.applicant.clone());
    errors.extend(applicant.check("/applicant", false, site.clock.today()));
    none_wrong::<Error>(errors)?;
    let auth = site.auth.clone();
    site.block(move |store| {
        let hash = auth.passwords.hash(new.password.expose())?;
        store.write(|tx| {
            keyed.run(tx, now, |tx| {
                let user = applicant_register(tx, now, new.username.clone(), applicant.clone(), &hash)?;
                Answer::created(&Registered { id: user.id }, None, "/api/v1/me".to_owned())
            })
        })
    })
    .await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "officer", "password": "gongkai-demo"}))]
pub struct LoginBody {
    username: String,
    #[schema(value_type = String, format = "password")]
    password: Secret,
}

/// Signs in with username and password.
#[utoipa::path(
    tag = "people", security(()), request_body = LoginBody,
    responses((status = 200, body = SessionView), LoginProblems)
)]
#[post("/auth/login")]
pub async fn login(site: web::Data<Site>, address: RemoteAddress, body: Body) -> Result<web::Json<SessionView>, Error> {
    let LoginBody { username, password } = body.json()?;
    let attempt = Attempt {
        username,
        password,
        address: address.0,
    };
    let (auth, now) = (site.auth.clone(), site.clock.now());
    let session = site
        .block(move |store| auth::login(store, &auth, now, &attempt))
        .await?;
    Ok(web::Json(session.into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "…"}))]
pub struct RefreshBody {
    #[schema(value_type = String, format = "password")]
    refresh_token: Secret,
}

/// Exchanges a refresh token for a new pair. Using an old one again ends the whole session.
#[utoipa::path(
    tag = "people", security(()), request_body = RefreshBody,
    responses((status = 200, body = SessionView), LoginProblems)
)]
#[post("/auth/refresh")]
pub async fn refresh(site: web::Data<Site>, body: Body) -> Result<web::Json<SessionView>, Error> {
    let RefreshBody { refresh_token } = body.json()?;
    let (auth, now) = (site.auth.clone(), site.clock.now());
    let session = site
        .write(move |tx| auth::refresh(tx, &auth, refresh_token.expose(), now))
        .await?;
    session
        .map(|session| web::Json(session.into()))
        .ok_or(Error::Unauthenticated)
}

/// Ends the session that a refresh token belongs to.
#[utoipa::path(
    tag = "people", security(()), request_body = RefreshBody,
    responses((status = 204, description = "signed out"), PublicProblems)
)]
#[post("/auth/logout")]
pub async fn logout(site: web::Data<Site>, body: Body) -> Result<HttpResponse, Error> {
    let RefreshBody { refresh_token } = body.json()?;
    let now = site.clock.now();
    site.write(move |tx| auth::logout(tx, refresh_token.expose(), now))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
