//! `gongkai calendar`: looking at calendar files before they are put in force.

use std::path::PathBuf;

use gongkai::config::Config;
use gongkai::service::law::LawBook;

use super::terminal::say;

/// Reads calendar files as the service would and prints what they say of each year.
pub fn check(mut config: Config, directory: Option<PathBuf>) -> anyhow::Result<()> {
    if directory.is_some() {
        config.data.calendars = directory;
    }
    let calendar = LawBook::load(&config)?.calendar;
    for year in calendar.loaded_years() {
        say!("{year}  {} working days", calendar.working_days_in(year))?;
    }
    say!("sha256 {}", calendar.hash())
}
