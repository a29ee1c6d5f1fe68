//! What the command line does beside serving: looking after the data and printing what the service knows.

pub mod backup;
pub mod calendar;
pub mod demo;
pub mod maintenance;
pub mod report;
pub mod terminal;

use std::time::Duration;

use anyhow::{Context, bail};
use gongkai::config::Config;
use gongkai::store::Store;

/// The database as it is; bringing it up to date is `gongkai migrate`'s.
fn open(config: &Config) -> anyhow::Result<Store> {
    let timeout = Duration::from_millis(config.database.pool_timeout_ms);
    let store = Store::open(&config.database.url, 1, timeout)
        .with_context(|| format!("cannot open the database {}", config.database.url))?;
    match store.pending_migrations()? {
        0 => Ok(store),
        pending => bail!("the database lacks {pending} migrations; run `gongkai migrate` first"),
    }
}
