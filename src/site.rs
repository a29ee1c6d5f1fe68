//! What every handler shares, and the way from an async handler to the blocking store.

use std::sync::{Arc, PoisonError, RwLock};

use actix_web::web;
use chrono::NaiveDate;
use tracing::Span;

use crate::clock::Clock;
use crate::config::Config;
use crate::documents::Blobs;
use crate::error::Error;
use crate::service::auth::Auth;
use crate::service::cases::Desk;
use crate::service::law::LawBook;
use crate::store::{Db, Store, Tx};
use crate::telemetry::Metrics;

/// Shared by all workers; clones are cheap.
#[derive(Debug, Clone)]
pub struct AppState {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub store: Store,
    pub blobs: Blobs,
    pub auth: Arc<Auth>,
    pub book: Arc<LawBook>,
    pub metrics: Arc<Metrics>,
    /// The last day for which the loaded calendars know the working days; `None` before any is loaded.
    calendar_through: Arc<RwLock<Option<NaiveDate>>>,
}

impl AppState {
    pub fn new(
        config: Config,
        clock: Clock,
        store: Store,
        blobs: Blobs,
        auth: Auth,
        book: LawBook,
        metrics: Metrics,
    ) -> Self {
        Self {
            config: Arc::new(config),
            clock,
            store,
            blobs,
            auth: Arc::new(auth),
            book: Arc::new(book),
            metrics: Arc::new(metrics),
            calendar_through: Arc::default(),
        }
    }

    /// The law and the moment, as a service function wants them.
    pub fn desk(&self) -> Desk {
        Desk::new(self.book.clone(), self.clock.now()).with_case_quota(self.config.documents.case_quota_bytes)
    }

    /// Says how far the loaded calendars reach; shown by `/readyz` and `/metrics`.
    pub fn set_calendar_through(&self, last_day: Option<NaiveDate>) {
        *self.calendar_through.write().unwrap_or_else(PoisonError::into_inner) = last_day;
    }

    /// How far the loaded calendars reach.
    pub fn calendar_through(&self) -> Option<NaiveDate> {
        *self.calendar_through.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// [`Store::read`] on a thread that may block, inside the request's span.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Db) -> Result<T, Error> + Send + 'static,
    {
        self.block(move |store| store.read(work)).await
    }

    /// [`Store::glance`] where that is possible, else [`AppState::read`].
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn glance<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Db) -> Result<T, Error> + Send + 'static,
    {
        match self.store.glance(&mut work) {
            Some(outcome) => outcome,
            None => self.read(work).await,
        }
    }

    /// Reads one case: as [`AppState::glance`] where the pages it stands on are in memory, else [`AppState::read`].
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn look<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Db) -> Result<T, Error> + Send + 'static,
    {
        match self.store.is_small() {
            true => self.glance(work).await,
            false => self.read(work).await,
        }
    }

    /// [`Store::read`] at one moment on a thread that may block, inside the request's span.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Db) -> Result<T, Error> + Send + 'static,
    {
        self.block(move |store| store.at_one_moment().read(work)).await
    }

    /// [`Store::write`] on a thread that may block, inside the request's span. `work` may be run more than once.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.block(move |store| store.write(work)).await
    }

    /// Any blocking work, such as hashing a password, inside the request's span.
    ///
    /// # Errors
    /// What `work` returns; an internal error when it panicked.
    pub async fn block<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, Error> + Send + 'static,
    {
        let store = self.store.clone();
        let span = Span::current();
        web::block(move || span.in_scope(|| work(&store)))
            .await
            .map_err(Error::internal)?
    }
}
