//! `gongkai report`: the figures that the API gives, for those who run the installation.

use anyhow::Context;
use clap::Subcommand;
use gongkai::config::Config;
use gongkai::domain::report::ReportScope;
use gongkai::error::Error;
use gongkai::service::reports::target;
use gongkai::store::agencies::agency_by_code;
use gongkai::views::report::AnnualReportView;

use super::terminal::say;

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The annual report of an agency as JSON
    Annual {
        year: i32,
        /// Code of the agency
        #[arg(long, value_name = "CODE")]
        agency: String,
        /// With the agencies below it
        #[arg(long)]
        tree: bool,
    },
}

pub fn run(config: Config, command: ReportCommand) -> anyhow::Result<()> {
    match command {
        ReportCommand::Annual { year, agency, tree } => {
            let scope = if tree { ReportScope::Tree } else { ReportScope::Own };
            annual(config, year, &agency, scope)
        }
    }
}

/// Prints the annual report of an agency as JSON.
fn annual(config: Config, year: i32, code: &str, scope: ReportScope) -> anyhow::Result<()> {
    let site = super::open(config)?;
    let agency = site
        .store
        .read(|db| agency_by_code(db, code))
        .with_context(|| format!("no agency has the code {code}"))?;
    let target =
        target(site.clock.today(), year, agency, scope).with_context(|| format!("there is no report for {year}"))?;
    let (figures, reopened) = site
        .store
        .at_one_moment()
        .read(|db| Ok::<_, Error>((target.figures(db)?, target.reopened(db)?)))?;
    let report = AnnualReportView::new(target, figures, reopened);
    say!("{}", serde_json::to_string_pretty(&report)?)?;
    Ok(())
}
