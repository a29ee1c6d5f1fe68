//! The signed-in person as a handler argument: a handler that takes [`Actor`] cannot be reached without a valid token, and
//! [`Caller`] gives nobody without one.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use chrono::{DateTime, Utc};

use crate::domain::people::access::Actor;
use crate::error::Error;
use crate::service::Db;
use crate::service::auth::{Auth, authenticate};
use crate::service::directory::AsOf;
use crate::site::Site;
use crate::telemetry;

/// Who sends a request, before the token was looked at: for what is asked most, so that it goes to the database once.
pub struct Caller {
    auth: Arc<Auth>,
    token: String,
    now: DateTime<Utc>,
}

impl Caller {
    /// The person; comes before everything else that a request may be refused for.
    ///
    /// # Errors
    /// `Unauthenticated`; failures of the database.
    pub fn actor(&self, db: &mut Db) -> Result<Actor, Error> {
        self.actor_in_directory(db).map(|(actor, _)| actor)
    }

    /// The person, with the directory for whoever names more people.
    ///
    /// # Errors
    /// As [`Self::actor`].
    pub fn actor_in_directory(&self, db: &mut Db) -> Result<(Actor, AsOf<'_>), Error> {
        let (actor, directory) = authenticate(db, &self.auth, &self.token, self.now)?;
        telemetry::record_actor(&actor.user_id.to_string());
        Ok((actor, directory))
    }

    fn of(request: &HttpRequest) -> Result<(web::Data<Site>, Self), Error> {
        let site = request.app_data::<web::Data<Site>>().cloned();
        let site = site.ok_or_else(|| Error::internal("the application has no site"))?;
        let caller = Self {
            auth: site.auth.clone(),
            token: bearer(request).ok_or(Error::Unauthenticated)?,
            now: site.clock.now(),
        };
        Ok((site, caller))
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).map(|(_, caller)| caller))
    }
}

impl FromRequest for Actor {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = Caller::of(request);
        Box::pin(async move {
            let (site, caller) = caller?;
            site.glance(move |db| caller.actor(db)).await
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Where a request comes from, as far as it can be known; only for counting failed logins.
#[derive(Debug, Clone)]
pub struct RemoteAddress(pub String);

impl FromRequest for RemoteAddress {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let behind_proxy = request
            .app_data::<web::Data<Site>>()
            .is_some_and(|site| site.config.auth.trust_forwarded_for);
        // The last entry is the one that the own proxy added; those before it are the client's to invent.
        let forwarded = request
            .headers()
            .get_all("X-Forwarded-For")
            .last()
            .filter(|_| behind_proxy)
            .and_then(|value| value.to_str().ok())
            .and_then(|list| list.rsplit(',').next())
            .map(|entry| entry.trim().to_owned());
        let peer = || request.peer_addr().map(|address| address.ip().to_string());
        ready(Ok(Self(forwarded.or_else(peer).unwrap_or_default())))
    }
}

/// An id in a path: what is not one names nothing.
///
/// # Errors
/// `NotFound`.
pub fn path_id<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::NotFound)
}
