//! `gongkai calendar`: looking at calendar files before they are put in force.

use std::path::PathBuf;

use clap::Subcommand;
use gongkai::config::Config;
use gongkai::service::law::LawBook;

use super::terminal::say;

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Read the calendar files of a directory, or those in force
    Check {
        #[arg(value_name = "DIR")]
        directory: Option<PathBuf>,
    },
}

pub fn run(config: Config, command: CalendarCommand) -> anyhow::Result<()> {
    match command {
        CalendarCommand::Check { directory } => check(config, directory),
    }
}

/// Reads calendar files as the service would and prints what they say of each year.
fn check(mut config: Config, directory: Option<PathBuf>) -> anyhow::Result<()> {
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
        say!("{year}  {} working days{unknown}", calendar.working_days_in(year))?;
    }
    say!("sha256 {}", calendar.hash())?;
    Ok(())
}
