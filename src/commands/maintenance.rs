//! `gongkai rebuild` and `gongkai audit verify`.

use anyhow::{Context, bail};
use gongkai::config::Config;
use gongkai::documents::Blobs;
use gongkai::service::law::LawBook;
use gongkai::service::maintenance::{AuditVerdict, audit, rebuild as rebuild_all};

/// Makes every projection from the logs and prints which cases changed.
pub fn rebuild(config: &Config) -> anyhow::Result<()> {
    let store = super::open(config)?;
    let book = LawBook::load(config)?;
    let summary =
        rebuild_all(&store, &book).context("rebuilding stopped; `gongkai audit verify` names a broken log")?;
    for case in &summary.changed {
        println!("{}  {}", case.id, case.number);
    }
    println!("{} cases, {} changed", summary.cases, summary.changed.len());
    Ok(())
}

/// Verifies the log of every case; the first bad entry is an error.
pub fn verify(config: &Config) -> anyhow::Result<()> {
    match audit(&super::open(config)?, &LawBook::load(config)?, &Blobs::new(config))? {
        AuditVerdict::Sound { cases, documents: 0 } => {
            println!("{cases} cases, every log sound");
            Ok(())
        }
        AuditVerdict::Sound { cases, documents } => {
            println!("{cases} cases, every log sound; {documents} documents, every content as it came");
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
