//! Accounts and roles for administrators.

use std::collections::BTreeSet;

use actix_web::{delete, get, post, put, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::auth::passwords::check_new_password;
use crate::config::Secret;
use crate::domain::people::access::{Actor, Role};
use crate::domain::words::ids::{AgencyId, UnitId, UserId};
use crate::domain::words::text::none_wrong;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::etag::IfMatch;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::json::Body;
use crate::http::page::{List, Page};
use crate::http::problem::{ActionProblems, CreateProblems, ReadProblems};
use crate::http::query::RawQuery;
use crate::service::directory::Person;
use crate::service::people::{
    By, GrantChange, NewUser, UserChange, UserFilter, grant_change, password_set, person, require_administrator, user,
    user_change, user_create, users,
};
use crate::site::Site;
use crate::views::person::{UserItem, UserView};

fn answer(person: &Person) -> Result<Answer, Error> {
    Answer::ok(&UserView::from(person), Some(person.user.version))
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "zhou.yiming", "password": "a long passphrase", "name": "周一鸣",
    "agency_id": "01997000-0000-7000-8000-000000000001", "roles": ["officer"]
}))]
pub struct UserCreateBody {
    #[schema(min_length = 2, max_length = 64)]
    username: String,
    #[schema(value_type = String, format = "password", min_length = 10, max_length = 200)]
    password: Secret,
    #[schema(max_length = 100)]
    name: String,
    agency_id: Option<AgencyId>,
    unit_id: Option<UnitId>,
    /// Roles in the own agency.
    #[serde(default)]
    roles: BTreeSet<Role>,
    #[serde(default)]
    administrator: bool,
}

/// Adds an account.
#[utoipa::path(
    tag = "administration", request_body = UserCreateBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same request sent again gets the same answer")),
    responses((status = 201, body = UserView, headers(("ETag" = String), ("Location" = String))), CreateProblems)
)]
#[post("/admin/users")]
pub async fn admin_user_create(
    site: web::Data<Site>,
    actor: Actor,
    key: IdempotencyKey,
    body: Body,
) -> Result<Answer, Error> {
    require_administrator(&actor)?;
    let keyed = key.bind_without(actor.user_id.to_string(), &body, &["password"])?;
    let body: UserCreateBody = body.json()?;
    let mut errors = Vec::new();
    check_new_password("/password", body.password.expose(), &body.username, &mut errors);
    none_wrong::<Error>(errors)?;
    let (auth, now) = (site.auth.clone(), site.clock.now());
    site.block(move |store| {
        let hash = auth.passwords.hash(body.password.expose())?;
        let new = NewUser {
            username: body.username,
            name: body.name,
            agency_id: body.agency_id,
            unit_id: body.unit_id,
            roles: body.roles,
            administrator: body.administrator,
            ..NewUser::default()
        };
        store.write(|tx| {
            keyed.run(tx, now, |tx| {
                let user = user_create(tx, By::Person(&actor), now, new.clone(), &hash)?;
                let location = format!("/api/v1/admin/users/{}", user.id);
                let person = Person::of(tx, user)?;
                Answer::created(&UserView::from(&person), Some(person.user.version), location)
            })
        })
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// A part of the username.
    q: Option<String>,
    agency_id: Option<AgencyId>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The accounts, oldest first.
#[utoipa::path(
    tag = "administration", params(UserQuery), responses((status = 200, body = List<UserItem>), ReadProblems)
)]
#[get("/admin/users")]
pub async fn admin_user_list(
    site: web::Data<Site>,
    actor: Actor,
    query: RawQuery,
) -> Result<web::Json<List<UserItem>>, Error> {
    require_administrator(&actor)?;
    let query: UserQuery = query.parse()?;
    let page = Page::<UserId>::new(query.cursor.as_deref(), query.limit)?;
    let filter = UserFilter {
        q: query.q,
        agency_id: query.agency_id,
        after: page.after,
        limit: page.fetch_limit(),
    };
    let rows = site.read(move |db| users(db, &filter)).await?;
    let list = page.finish(rows, |user| user.id)?;
    Ok(web::Json(list.map(|user| UserItem::from(&user))))
}

/// One account with its roles.
#[utoipa::path(
    tag = "administration", params(("id" = UserId, Path, description = "user")),
    responses((status = 200, body = UserView, headers(("ETag" = String))), ReadProblems)
)]
#[get("/admin/users/{id}")]
pub async fn admin_user_show(site: web::Data<Site>, actor: Actor, id: web::Path<String>) -> Result<Answer, Error> {
    let id: UserId = path_id(&id)?;
    site.read(move |db| {
        let person = person(db, id)?;
        require_administrator(&actor)?;
        answer(&person)
    })
    .await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "周一鸣", "agency_id": "01997000-0000-7000-8000-000000000001", "administrator": false, "active": true}))]
pub struct UserChangeBody {
    #[schema(max_length = 100)]
    name: String,
    agency_id: Option<AgencyId>,
    unit_id: Option<UnitId>,
    administrator: bool,
    /// A closed account cannot sign in; its sessions end at once.
    active: bool,
}

/// Replaces what may change about an account, and closes or reopens it.
#[utoipa::path(
    tag = "administration", request_body = UserChangeBody,
    params(("id" = UserId, Path, description = "user"), ("If-Match" = String, Header, description = "version")),
    responses((status = 200, body = UserView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/admin/users/{id}")]
pub async fn admin_user_put(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Error> {
    let id: UserId = path_id(&id)?;
    let now = site.clock.now();
    site.write(move |tx| {
        let user = user(tx, id)?;
        seen.check(user.version)?;
        require_administrator(&actor)?;
        let body: UserChangeBody = body.json()?;
        let change = UserChange {
            name: body.name,
            agency_id: body.agency_id,
            unit_id: body.unit_id,
            administrator: body.administrator,
            active: body.active,
        };
        let user = user_change(tx, By::Person(&actor), now, user, change)?;
        answer(&Person::of(tx, user)?)
    })
    .await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "another passphrase"}))]
pub struct PasswordBody {
    #[schema(value_type = String, format = "password", min_length = 10, max_length = 200)]
    password: Secret,
}

/// Sets somebody's password. Every session of the account ends.
#[utoipa::path(
    tag = "administration", request_body = PasswordBody,
    params(("id" = UserId, Path, description = "user"), ("If-Match" = String, Header, description = "version")),
    responses((status = 200, body = UserView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/admin/users/{id}/password")]
pub async fn admin_user_password_set(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    seen: IfMatch,
    body: Body,
) -> Result<Answer, Error> {
    let id: UserId = path_id(&id)?;
    let (auth, now) = (site.auth.clone(), site.clock.now());
    site.block(move |store| {
        let username = store.read(|db| {
            let user = user(db, id)?;
            seen.check(user.version)?;
            require_administrator(&actor)?;
            Ok::<_, Error>(user.username)
        })?;
        let body: PasswordBody = body.json()?;
        let mut errors = Vec::new();
        check_new_password("/password", body.password.expose(), &username, &mut errors);
        none_wrong::<Error>(errors)?;
        let hash = auth.passwords.hash(body.password.expose())?;
        store.write(|tx| {
            let user = user(tx, id)?;
            seen.check(user.version)?;
            let user = password_set(tx, By::Person(&actor), now, user, &hash)?;
            answer(&Person::of(tx, user)?)
        })
    })
    .await
}

/// Gives a role in an agency, the own one or another that borrows the person.
#[utoipa::path(
    tag = "administration",
    params(
        ("id" = UserId, Path, description = "user"), ("agency_id" = AgencyId, Path, description = "agency"),
        ("role" = Role, Path, description = "role"), ("If-Match" = String, Header, description = "version of the user")
    ),
    responses((status = 200, body = UserView, headers(("ETag" = String))), ActionProblems)
)]
#[put("/admin/users/{id}/grants/{agency_id}/{role}")]
pub async fn admin_grant_put(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String, String)>,
    seen: IfMatch,
) -> Result<Answer, Error> {
    granted(&site, actor, path.into_inner(), seen, GrantChange::Give).await
}

/// Takes a role away.
#[utoipa::path(
    tag = "administration",
    params(
        ("id" = UserId, Path, description = "user"), ("agency_id" = AgencyId, Path, description = "agency"),
        ("role" = Role, Path, description = "role"), ("If-Match" = String, Header, description = "version of the user")
    ),
    responses((status = 200, body = UserView, headers(("ETag" = String))), ActionProblems)
)]
#[delete("/admin/users/{id}/grants/{agency_id}/{role}")]
pub async fn admin_grant_delete(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String, String)>,
    seen: IfMatch,
) -> Result<Answer, Error> {
    granted(&site, actor, path.into_inner(), seen, GrantChange::Take).await
}

async fn granted(
    site: &Site,
    actor: Actor,
    (id, agency, role): (String, String, String),
    seen: IfMatch,
    change: GrantChange,
) -> Result<Answer, Error> {
    let (id, place): (UserId, (AgencyId, Role)) = (path_id(&id)?, (path_id(&agency)?, path_id(&role)?));
    let now = site.clock.now();
    site.write(move |tx| {
        let user = user(tx, id)?;
        seen.check(user.version)?;
        require_administrator(&actor)?;
        let user = grant_change(tx, By::Person(&actor), now, user, place, change)?;
        answer(&Person::of(tx, user)?)
    })
    .await
}
