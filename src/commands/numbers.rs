//! `gongkai numbers`: the series of the instruments.

use chrono::{DateTime, Utc};
use clap::Subcommand;
use gongkai::config::Config;
use gongkai::service::register::numbers_skip;
use gongkai::site::Site;

use super::terminal::say;

/// How many numbers of each series are passed over where nothing else is said.
pub const SKIPPED: i64 = 100;

#[derive(Debug, Subcommand)]
pub enum NumbersCommand {
    /// Pass over the next numbers of every series, as after a restoration with pg_restore: those that were given after the
    /// backup must not be given again. The register shows them with the reason
    Skip {
        /// How many of each series
        #[arg(long, default_value_t = SKIPPED, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        count: i64,
        /// The moment of the backup, such as 2026-03-10T01:00:00Z
        #[arg(long)]
        since: DateTime<Utc>,
    },
}

pub fn run(config: Config, command: NumbersCommand) -> anyhow::Result<()> {
    let NumbersCommand::Skip { count, since } = command;
    let site = super::open(config)?;
    skip(&site, since, count)
}

/// Passes over numbers and says which.
pub fn skip(site: &Site, since: DateTime<Utc>, count: i64) -> anyhow::Result<()> {
    let now = site.clock.now();
    let reason = "自备份恢复，恢复前可能已经编出的号码不再使用";
    let skipped = site.store.write(|tx| numbers_skip(tx, since, now, count, reason))?;
    for one in skipped {
        say!(
            "{} {} {}: {}–{} passed over",
            one.agency,
            one.year,
            one.series,
            one.first,
            one.last
        )?;
    }
    Ok(())
}
