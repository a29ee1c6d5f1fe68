//! `gongkai audit`: whether the logs still say what they said.

use anyhow::bail;
use clap::Subcommand;
use gongkai::config::Config;
use gongkai::service::maintenance::{AuditVerdict, audit};

use super::terminal::say;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Verify the hash chain of every case; names the first bad entry
    Verify,
}

pub fn run(config: Config, command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify => verify(config),
    }
}

/// Verifies the log of every case; the first bad entry is an error.
fn verify(config: Config) -> anyhow::Result<()> {
    let site = super::open(config)?;
    match audit(&site.store, &site.law, &site.documents)? {
        AuditVerdict::Sound { cases, documents: 0 } => {
            say!("{cases} cases, every log sound")?;
            Ok(())
        }
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
