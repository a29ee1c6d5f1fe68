//! `gongkai calendar`: looking at calendar files before they are put in force.

use std::path::PathBuf;

use gongkai::config::Config;
use gongkai::service::law::LawBook;

/// Reads calendar files as the service would and prints what they say of each year.
pub fn check(mut config: Config, directory: Option<PathBuf>) -> anyhow::Result<()> {
    if directory.is_some() {
        config.data.calendars = directory;
    }
    let calendar = LawBook::load(&config)?.calendar;
    for year in calendar.listed_years() {
        let unknown = match calendar.is_loaded(year) {
            true => String::new(),
            false => format!(
                ", no notice yet: {} days off not known",
                calendar.uncertain_days_off(year)
            ),
        };
        println!("{year}  {} working days{unknown}", calendar.working_days_in(year));
    }
    println!("sha256 {}", calendar.hash());
    Ok(())
}
