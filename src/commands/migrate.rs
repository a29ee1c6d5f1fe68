//! `gongkai migrate`: the database brought up to date, without serving.

use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::site::Site;
use gongkai::telemetry;

use super::terminal::say;

pub fn run(config: Config) -> anyhow::Result<()> {
    telemetry::init(&config.log)?;
    let url = config.database.url.clone();
    Site::open(config, Clock::system())?;
    say!("{url}: up to date")?;
    Ok(())
}
