//! `gongkai demo seed`: a database as large as one likes, to try the service out at its size.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::demo::{CityPlan, city_seed};
use gongkai::error::Error;
use gongkai::service::auth::Auth;
use gongkai::service::law::LawBook;
use gongkai::store::Store;

use super::terminal::{self, note, say};

/// Connections for the threads that write.
const CONNECTIONS: u32 = 8;

/// Fills the configured database and tells how far it is on standard error.
pub fn seed(config: &Config, city: CityPlan) -> anyhow::Result<()> {
    let timeout = Duration::from_millis(config.database.pool_timeout_ms);
    let store = Store::open(&config.database.url, CONNECTIONS, timeout)
        .with_context(|| format!("cannot open the database {}", config.database.url))?;
    store.migrate().context("cannot bring the database up to date")?;
    let auth = Auth::new(config).context("cannot prepare password hashing")?;
    let book = LawBook::load(config).context("cannot read calendars and rule packs")?;
    let began = Instant::now();
    let told = Mutex::new(began);
    let most = AtomicUsize::new(0);
    let progress = |written: usize| {
        let written = most.fetch_max(written, Ordering::Relaxed).max(written);
        let Ok(mut told) = told.lock() else { return };
        if told.elapsed() >= Duration::from_secs(1) {
            *told = Instant::now();
            terminal::aside(format_args!(
                "\r{written} / {} cases, {:.0} s ",
                city.cases,
                began.elapsed().as_secs_f64()
            ));
        }
    };
    let seeded = match city_seed(&store, &auth, &book, Clock::system().now(), city, &progress) {
        Ok(seeded) => seeded,
        Err(Error::Conflict { detail, .. }) => bail!("{} {}", detail.zh, detail.en),
        Err(error) => return Err(error.into()),
    };
    note!(
        "\r{} cases, {:.0} s{:20}",
        seeded.cases,
        began.elapsed().as_secs_f64(),
        ""
    );
    for (step, times) in &seeded.refused {
        note!("refused {times} times: {step}");
    }
    say!(
        "{} cases in {} agencies; `gongkai serve --demo` serves them",
        seeded.cases,
        seeded.agencies
    )?;
    Ok(())
}
