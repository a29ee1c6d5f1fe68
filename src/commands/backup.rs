//! `gongkai backup` and `gongkai restore`.

use std::path::Path;

use anyhow::{Context, bail};
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::service::backup::{BackupError, backup, restore as unpack};
use gongkai::service::maintenance::{AuditVerdict, audit};
use gongkai::site::Site;

use super::numbers;
use super::terminal::{note, say};

/// Writes an archive of the installation while it runs.
pub fn write(config: &Config, archive: &Path) -> anyhow::Result<()> {
    match backup(config, archive, Clock::system().now(), &mut |line| note!("{line}")) {
        Ok(manifest) => {
            say!("{}: {} entries", archive.display(), manifest.entries.len())?;
            Ok(())
        }
        Err(BackupError::Postgres) => bail!(
            "the data is in PostgreSQL ({url}); back it up with its own tools, the database first:\n  \
             pg_dump --format=custom --file={archive} '{url}'\n  \
             tar -cf {archive}.blobs.tar -C {dir} blobs    (or a copy of the bucket, if documents are kept in one)\n\
             and restore it into an empty database with\n  \
             pg_restore --exit-on-error --no-owner --dbname='{url}' {archive}\n  \
             tar -xf {archive}.blobs.tar -C {dir}\n  \
             gongkai migrate && gongkai audit verify\n  \
             gongkai numbers skip --since MOMENT_OF_THE_BACKUP",
            url = config.database.url,
            archive = archive.display(),
            dir = config.data.dir.display(),
        ),
        Err(error) => Err(error).context("there is no backup"),
    }
}

/// Puts an archive into an empty data directory, brings the database up to date, verifies every log, and passes over numbers
/// of instruments: what was given after the backup is lost with it and must not be given again.
pub fn restore(config: Config, archive: &Path) -> anyhow::Result<()> {
    let manifest = match unpack(&config, archive, &mut |line| note!("{line}")) {
        Err(BackupError::Postgres) => bail!(
            "the data is in PostgreSQL; restore it with\n  pg_restore --exit-on-error --no-owner --dbname='{}' FILE",
            config.database.url
        ),
        restored => restored.context("nothing was restored")?,
    };
    let site =
        Site::open(config, Clock::system()).context("restored, but the database cannot be brought up to date")?;
    match audit(&site.store, &site.law, &site.documents)? {
        AuditVerdict::Sound { cases, documents } => {
            say!(
                "restored as of {}: {} entries, {cases} cases, every log sound, {documents} documents as they came",
                manifest.created_at,
                manifest.entries.len()
            )?;
            numbers::skip(&site, manifest.created_at, numbers::SKIPPED)
        }
        AuditVerdict::Broken { case, entry } => bail!(
            "restored, but the log of case {} ({}) was broken before the backup: entry {}, {}",
            case.id,
            case.number,
            entry.seq,
            entry.reason
        ),
    }
}
