//! The circumstances of a use case: the law, the moment, the legal day.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::law::LawBook;
use crate::domain::case::{Context, Law, Lookups};
use crate::domain::civil_date;

/// The circumstances under which a person works: the law, the moment, the legal day.
#[derive(Debug, Clone)]
pub struct Desk {
    book: Arc<LawBook>,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    /// What all documents of one case may have together, in bytes.
    pub case_quota_bytes: u64,
    /// The address at which people reach this service, as papers print it.
    pub public_url: Arc<str>,
}

impl Desk {
    pub fn new(book: Arc<LawBook>, now: DateTime<Utc>) -> Self {
        Self {
            book,
            now,
            today: civil_date(now),
            case_quota_bytes: u64::MAX,
            public_url: Arc::from(""),
        }
    }

    /// The same desk, reached at this address.
    pub fn reached_at(self, public_url: &str) -> Self {
        Self {
            public_url: Arc::from(public_url),
            ..self
        }
    }

    /// The same desk at another moment.
    pub fn at(&self, now: DateTime<Utc>) -> Self {
        Self {
            now,
            today: civil_date(now),
            ..self.clone()
        }
    }

    /// The same desk, where a case takes no more than this.
    pub fn with_case_quota(self, bytes: u64) -> Self {
        Self {
            case_quota_bytes: bytes,
            ..self
        }
    }

    pub fn law(&self) -> Law<'_> {
        self.book.law()
    }

    pub(super) fn context(&self, lookups: Lookups) -> Context<'_> {
        Context {
            law: self.law(),
            today: self.today,
            now: self.now,
            lookups,
        }
    }
}
