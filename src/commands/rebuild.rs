//! `gongkai rebuild`: every projection made from the logs again.

use anyhow::Context;
use gongkai::config::Config;
use gongkai::service::maintenance::rebuild;

use super::terminal::say;

/// Makes every projection from the logs and prints which cases changed.
pub fn run(config: Config) -> anyhow::Result<()> {
    let site = super::open(config)?;
    let summary =
        rebuild(&site.store, &site.law).context("rebuilding stopped; `gongkai audit verify` names a broken log")?;
    for case in &summary.changed {
        say!("{}  {}", case.id, case.number)?;
    }
    say!("{} cases, {} changed", summary.cases, summary.changed.len())?;
    Ok(())
}
