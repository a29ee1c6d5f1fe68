//! The law in force in this installation: calendars and rule packs, embedded or from the configured directories.

use std::path::Path;

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;

use crate::config::Config;
use crate::domain::law::Law;
use crate::domain::law::calendar::Calendar;
use crate::domain::law::rules::RulePacks;

/// Calendar and rule packs, read once at the start.
#[derive(Debug)]
pub struct LawBook {
    pub calendar: Calendar,
    pub rules: RulePacks,
}

impl LawBook {
    /// Reads what the configuration names, or the embedded files.
    ///
    /// # Errors
    /// A directory without files of the kind, or a file that cannot be read; the message names it.
    pub fn load(config: &Config) -> Result<Self> {
        let calendar = match &config.data.calendars {
            None => Calendar::embedded()?,
            Some(directory) => {
                let files = read_all(directory, "csv").context("cannot read data.calendars")?;
                Calendar::from_csv_sources(pairs(&files))?
            }
        };
        let rules = match &config.data.rules {
            None => RulePacks::embedded()?,
            Some(directory) => {
                let files = read_all(directory, "toml").context("cannot read data.rules")?;
                RulePacks::from_toml_sources(pairs(&files))?
            }
        };
        Ok(Self { calendar, rules })
    }

    /// The last day of which the loaded calendars know whether people work; shown by `/readyz` and `/metrics`.
    pub fn covered_through(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.calendar.last_loaded_year(), 12, 31)
    }

    pub fn law(&self) -> Law<'_> {
        Law {
            rules: &self.rules,
            calendar: &self.calendar,
        }
    }
}

fn pairs(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

/// The files of a directory with this extension, by name.
fn read_all(directory: &Path, extension: &str) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(directory).with_context(|| format!("cannot open {}", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
    }
    if files.is_empty() {
        bail!("{} holds no .{extension} file", directory.display());
    }
    files.sort();
    Ok(files)
}
