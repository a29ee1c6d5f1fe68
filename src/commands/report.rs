//! `gongkai report`: the figures that the API gives, for those who run the installation.

use anyhow::Context;
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::domain::report::ReportScope;
use gongkai::service::reports::target;
use gongkai::store::agencies::agency_by_code;
use gongkai::views::report::AnnualReportView;

/// Prints the annual report of an agency as JSON.
pub fn annual(config: &Config, year: i32, code: &str, scope: ReportScope) -> anyhow::Result<()> {
    let store = super::open(config)?;
    let today = Clock::system().today();
    let agency = store
        .read(|db| agency_by_code(db, code))
        .with_context(|| format!("no agency has the code {code}"))?;
    let target = target(today, year, agency, scope).with_context(|| format!("there is no report for {year}"))?;
    let figures = store.snapshot(|db| target.figures(db))?;
    println!(
        "{}",
        serde_json::to_string_pretty(&AnnualReportView::new(target, figures))?
    );
    Ok(())
}
