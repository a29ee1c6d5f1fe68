//! `Idempotency-Key`: the same request sent again gets the same answer, and the work is done once.
//!
//! The stored answer is written in the transaction of the work ([`Idempotency::run`] inside `Site::write`). Only
//! successful answers are kept: a failure rolls the key back with everything else.

use std::future::{Ready, ready};

use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, dev::Payload};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::etag::etag;
use super::json::Body;
use crate::domain::words::ids::{CaseId, QueryCode};
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::service::Tx;
use crate::service::idempotency::{KeyedRequest, Once, StoredAnswer, once};

pub const HEADER: &str = "Idempotency-Key";
const MAX_LENGTH: usize = 200;
/// Says that the answer is one given before.
const REPLAYED_HEADER: &str = "Idempotency-Replayed";

/// The key of a request, if it has one; judged only when used.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    key: Result<Option<String>, ()>,
    target: String,
}

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(HEADER);
        let key = match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value
                .to_str()
                .ok()
                .filter(|key| (1..=MAX_LENGTH).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
                .map(|key| Some(key.to_owned()))
                .ok_or(()),
            (Some(_), Some(_)) => Err(()),
        };
        ready(Ok(Self {
            key,
            target: format!("{} {}", request.method(), request.path()),
        }))
    }
}

impl IdempotencyKey {
    /// Binds the key to the person and the body.
    ///
    /// # Errors
    /// `Fields` when the key is not 1 to 200 visible ASCII characters.
    pub fn bind(&self, actor: impl Into<String>, body: &Body) -> Result<Idempotency, Error> {
        self.bind_to(actor.into(), || Ok(body.sha256()))
    }

    /// As [`IdempotencyKey::bind`], for a body with secrets: the named fields do not belong to what is compared.
    ///
    /// # Errors
    /// As [`IdempotencyKey::bind`] and [`Body::value`].
    pub fn bind_without(&self, actor: impl Into<String>, body: &Body, secrets: &[&str]) -> Result<Idempotency, Error> {
        self.bind_to(actor.into(), || body.sha256_without(secrets))
    }

    /// As [`IdempotencyKey::bind`], for a request that is no JSON: `hash` says what was asked for, in hexadecimal.
    ///
    /// # Errors
    /// As [`IdempotencyKey::bind`].
    pub fn bind_hash(&self, actor: impl Into<String>, hash: String) -> Result<Idempotency, Error> {
        self.bind_to(actor.into(), || Ok(hash))
    }

    fn bind_to(
        &self,
        actor: String,
        body_sha256: impl FnOnce() -> Result<String, Error>,
    ) -> Result<Idempotency, Error> {
        match &self.key {
            Ok(None) => Ok(Idempotency::none()),
            Ok(Some(key)) => Ok(Idempotency {
                request: Some(KeyedRequest {
                    actor,
                    // Only the client knows the key itself: from it the query code is told again.
                    key: hex::encode(Sha256::digest(key)),
                    target: self.target.clone(),
                    body_sha256: body_sha256()?,
                }),
                seed: Some(Sha256::digest(format!("query code\n{key}")).into()),
            }),
            Err(()) => Err(Error::field(FieldError::new(
                HEADER,
                format!("Idempotency-Key 须为 1 至 {MAX_LENGTH} 个可见 ASCII 字符。"),
                format!("Idempotency-Key must be 1 to {MAX_LENGTH} visible ASCII characters."),
            ))),
        }
    }
}

/// A request whose work is done once.
#[derive(Debug, Clone)]
pub struct Idempotency {
    request: Option<KeyedRequest>,
    /// What only this client can know, for secrets that a repeated answer must tell again.
    seed: Option<[u8; 32]>,
}

impl Idempotency {
    /// The query code of a case made under this key: the same for the same key and case, so that a stored answer need
    /// not hold it. `None` without a key: then it is drawn at random and told once.
    pub fn query_code(&self, case: CaseId) -> Option<QueryCode> {
        self.seed.as_ref().map(|seed| {
            let mut digest = Sha256::new();
            digest.update(seed);
            digest.update(case.to_string());
            let bytes = digest.finalize();
            let mut draws = bytes.chunks_exact(2).map(|pair| match pair {
                [high, low] => u32::from(*high) << 8 | u32::from(*low),
                _ => 0,
            });
            QueryCode::from_draws(std::array::from_fn(|_| draws.next().unwrap_or(0)))
        })
    }

    /// The same for one part of the work, which is done and kept by itself.
    pub fn part(&self, name: &str) -> Self {
        let request = self.request.clone().map(|whole| KeyedRequest {
            key: hex::encode(Sha256::digest(format!("{}\n{name}", whole.key))),
            ..whole
        });
        Self {
            request,
            ..self.clone()
        }
    }

    /// Work that is done as often as it is asked for.
    pub fn none() -> Self {
        Self {
            request: None,
            seed: None,
        }
    }

    /// Tells the query code once more when the answer to a submission is a stored one.
    ///
    /// # Errors
    /// A stored answer without the id of its case.
    pub fn tell_again(&self, answer: Answer) -> Result<Answer, Error> {
        if !answer.replayed {
            return Ok(answer);
        }
        let view: serde_json::Value = serde_json::from_str(&answer.stored.body).map_err(Error::internal)?;
        let id = view.get("id").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| Error::internal("a stored submission has no id"))?;
        let code = self.query_code(id);
        Ok(match code {
            Some(code) => answer.telling("query_code", code.reveal()),
            None => answer,
        })
    }

    /// [`once`] with answers as they are sent.
    ///
    /// # Errors
    /// As [`once`].
    pub fn run(
        &self,
        tx: &mut Tx<'_>,
        now: DateTime<Utc>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<Answer, Error>,
    ) -> Result<Answer, Error> {
        match once(tx, self.request.as_ref(), now, work, |answer| &answer.stored)? {
            Once::Done(answer) => Ok(answer),
            Once::Again(stored) => Ok(Answer {
                stored,
                replayed: true,
                told: None,
            }),
        }
    }
}

/// A successful answer in a form that can be kept.
#[derive(Debug, Clone)]
#[must_use]
pub struct Answer {
    stored: StoredAnswer,
    replayed: bool,
    /// A field that is told but never stored.
    told: Option<(&'static str, serde_json::Value)>,
}

impl Answer {
    /// 200 with a body, and the version if the object has one.
    ///
    /// # Errors
    /// When the view has no JSON form.
    pub fn ok(view: &impl Serialize, version: Option<i64>) -> Result<Self, Error> {
        Self::new(StatusCode::OK, view, version, None)
    }

    /// 201 with a body, the version and the path of what was made.
    ///
    /// # Errors
    /// When the view has no JSON form.
    pub fn created(view: &impl Serialize, version: Option<i64>, location: String) -> Result<Self, Error> {
        Self::new(StatusCode::CREATED, view, version, Some(location))
    }

    fn new(
        status: StatusCode,
        view: &impl Serialize,
        version: Option<i64>,
        location: Option<String>,
    ) -> Result<Self, Error> {
        Ok(Self {
            stored: StoredAnswer {
                status: status.as_u16(),
                etag: version.map(etag),
                location,
                body: serde_json::to_string(view).map_err(Error::internal)?,
            },
            replayed: false,
            told: None,
        })
    }

    /// The body as it was stored.
    ///
    /// # Errors
    /// When it is not a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.stored.body).map_err(Error::internal)
    }

    /// The version that its entity tag names.
    pub fn version(&self) -> Option<i64> {
        self.stored.etag.as_deref()?.trim_matches('"').parse().ok()
    }

    /// Adds a field to the body that is sent, not to the one that is stored.
    pub fn telling(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.told = Some((name, value.into()));
        self
    }

    /// The body as it is sent.
    fn body(stored: String, told: Option<(&'static str, serde_json::Value)>) -> String {
        let Some((name, value)) = told else {
            return stored;
        };
        let told = serde_json::json!({name: value}).to_string();
        match (stored.strip_suffix('}'), told.strip_prefix('{')) {
            (Some("{"), _) => told,
            (Some(fields), Some(told)) => format!("{fields},{told}"),
            _ => stored,
        }
    }
}

impl Responder for Answer {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.stored.status).unwrap_or(StatusCode::OK);
        let mut builder = HttpResponse::build(status);
        builder.content_type("application/json");
        if let Some(etag) = self.stored.etag {
            builder.insert_header((header::ETAG, etag));
        }
        if let Some(location) = self.stored.location {
            builder.insert_header((header::LOCATION, location));
        }
        if self.replayed {
            builder.insert_header((REPLAYED_HEADER, "true"));
        }
        builder.body(Self::body(self.stored.body, self.told))
    }
}
