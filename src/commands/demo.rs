//! `gongkai demo seed`: a database as large as one likes, to try the service out at its size.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Subcommand;
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::demo::{CityPlan, city_seed};
use gongkai::error::Error;
use gongkai::site::Site;

use super::terminal::{self, note, say};

/// Connections for the threads that write.
const CONNECTIONS: u32 = 8;

#[derive(Debug, Subcommand)]
pub enum DemoCommand {
    /// Fill an empty or demonstration database with the applications of a whole city, for `serve --demo`
    Seed {
        /// How many applications
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
        cases: u32,
        /// What is drawn depends on this number only
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

pub fn run(config: Config, command: DemoCommand) -> anyhow::Result<()> {
    match command {
        DemoCommand::Seed { cases, seed } => fill(config, CityPlan { cases, seed }),
    }
}

/// Fills the configured database and tells how far it is on standard error.
fn fill(mut config: Config, city: CityPlan) -> anyhow::Result<()> {
    config.database.pool_size = CONNECTIONS;
    let site = Site::open(config, Clock::system())?;
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
    let seeded = match city_seed(&site.store, &site.auth, &site.law, site.clock.now(), city, &progress) {
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
