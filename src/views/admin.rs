//! Signing keys, without their secrets, and entries of the administrators' log.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::tokens::SigningKey;
use crate::domain::words::ids::{EventId, UserId};
use crate::service::admin_log::AdminEntry;
use crate::store::tokens::KeyInfo;

/// A signing key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    kid: String,
    created_at: DateTime<Utc>,
    /// Up to when tokens of a retired key are taken; null while it signs.
    verify_until: Option<DateTime<Utc>>,
}

impl From<KeyInfo> for KeyView {
    fn from(key: KeyInfo) -> Self {
        Self {
            kid: key.kid,
            created_at: key.created_at,
            verify_until: key.verify_until,
        }
    }
}

impl KeyView {
    /// The key that signs from `now` on.
    pub fn signing(key: SigningKey, now: DateTime<Utc>) -> Self {
        Self {
            kid: key.kid,
            created_at: now,
            verify_until: None,
        }
    }
}

/// All signing keys, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyList {
    items: Vec<KeyView>,
}

impl From<Vec<KeyInfo>> for KeyList {
    fn from(keys: Vec<KeyInfo>) -> Self {
        Self {
            items: keys.into_iter().map(KeyView::from).collect(),
        }
    }
}

/// One thing an administrator changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminEntryView {
    id: EventId,
    at: DateTime<Utc>,
    /// Null for the command line.
    actor_id: Option<UserId>,
    #[schema(examples("user_created"))]
    action: String,
    #[schema(examples("user/01997000-0000-7000-8000-000000000001"))]
    target: String,
    /// The new values.
    #[schema(value_type = Object)]
    data: Value,
}

impl From<AdminEntry> for AdminEntryView {
    fn from(entry: AdminEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor_id: entry.actor_id,
            action: entry.action,
            target: entry.target,
            data: entry.data,
        }
    }
}
