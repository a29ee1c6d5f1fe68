//! `gongkai rebuild` and `gongkai audit verify`.

use anyhow::{Context, bail};
use gongkai::config::Config;
use gongkai::documents::Blobs;
use gongkai::service::law::LawBook;
use gongkai::service::maintenance::{AuditVerdict, audit, rebuild as rebuild_all};

use super::terminal::say;

/// Makes every projection from the logs and prints which cases changed.
pub fn rebuild(config: &Config) -> anyhow::Result<()> {
    let store = super::open(config)?;
    let book = LawBook::load(config)?;
    let summary =
        rebuild_all(&store, &book).context("rebuilding stopped; `gongkai audit verify` names a broken log")?;
    for case in &summary.changed {
        say!("{}  {}", case.id, case.number)?;
    }
    say!("{} cases, {} changed", summary.cases, summary.changed.len())
}

/// Verifies the log of every case; the first bad entry is an error.
pub fn verify(config: &Config) -> anyhow::Result<()> {
    match audit(&super::open(config)?, &Blobs::new(config))? {
        AuditVerdict::Sound { cases, documents: 0 } => say!("{cases} cases, every log sound"),
        AuditVerdict::Sound { cases, documents } => {
            say!("{cases} cases, every log sound; {documents} documents, every content as it came")?;
            Ok(())
        }
        AuditVerdict::Broken { case, entry } => bail!(
            "case {} ({}), entry {}: {}",
            case.id,
            case.number,
            entry.seq,
            entry.reason
        ),
    }
}
