//! The installation as one value: opened once, the same for the API, for jobs, for the command line and for tests.
//!
//! All of it blocks. [`Site::read`] and its kin are the way there from a task that must not.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tracing::Span;

use crate::clock::Clock;
use crate::config::Config;
use crate::documents::Blobs;
use crate::error::Error;
use crate::service::auth::Auth;
use crate::service::desk::Desk;
use crate::service::law::LawBook;
use crate::service::paperwork::Printer;
use crate::store::{Db, Store, Tx};

/// What every use case may need; clones are cheap and share everything.
#[derive(Debug, Clone)]
pub struct Site {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub store: Store,
    /// The contents of documents.
    pub documents: Blobs,
    pub auth: Arc<Auth>,
    pub law: Arc<LawBook>,
    /// What papers are printed with.
    pub printer: Printer,
}

impl Site {
    /// Opens what the configuration names and brings the database up to date.
    ///
    /// # Errors
    /// A database that cannot be reached or migrated; calendars or rule packs that cannot be read.
    pub fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let store = opened(&config)?;
        let applied = store.migrate().context("cannot bring the database up to date")?;
        if !applied.is_empty() {
            tracing::info!(migrations = applied.len(), "database brought up to date");
        }
        Self::over(store, config, clock)
    }

    /// As [`Site::open`], but changes nothing: for those who look after data that a service may be using.
    ///
    /// # Errors
    /// As [`Site::open`], and a database that is not up to date.
    pub fn open_as_it_is(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let store = opened(&config)?;
        match store.pending_migrations()? {
            0 => Self::over(store, config, clock),
            pending => bail!("the database lacks {pending} migrations; run `gongkai migrate` first"),
        }
    }

    fn over(store: Store, config: Config, clock: Clock) -> anyhow::Result<Self> {
        let auth = Auth::new(&config).context("cannot prepare password hashing")?;
        let law = LawBook::load(&config).context("cannot read calendars and rule packs")?;
        let documents = Blobs::new(&config);
        let printer = Printer::new(&config.fonts, &config.seal);
        Ok(Self {
            config: Arc::new(config),
            clock,
            store,
            documents,
            auth: Arc::new(auth),
            law: Arc::new(law),
            printer,
        })
    }

    /// The law and the moment, as a use case wants them.
    pub fn desk(&self) -> Desk {
        Desk::new(self.law.clone(), self.clock.now())
            .with_case_quota(self.config.documents.case_quota_bytes)
            .reached_at(&self.config.server.public_url)
    }

    /// [`Store::read`] on a thread that may block, inside the caller's span.
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

    /// [`Store::glance`] where that is possible, else [`Site::read`].
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

    /// Reads one case: as [`Site::glance`] where the pages it stands on are in memory, else [`Site::read`].
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

    /// [`Store::read`] at one moment on a thread that may block, inside the caller's span.
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

    /// [`Store::write`] on a thread that may block, inside the caller's span. `work` may be run more than once.
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

    /// Any blocking work, such as hashing a password, inside the caller's span.
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
        tokio::task::spawn_blocking(move || span.in_scope(|| work(&store)))
            .await
            .map_err(Error::internal)?
    }
}

fn opened(config: &Config) -> anyhow::Result<Store> {
    let timeout = Duration::from_millis(config.database.pool_timeout_ms);
    Store::open(&config.database.url, config.database.pool_size, timeout)
        .with_context(|| format!("cannot open the database {}", config.database.url))
}
