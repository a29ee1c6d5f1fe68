//! `gongkai archive`: what an agency filed in a year, for its archive.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;
use gongkai::config::Config;
use gongkai::service::archive::{Bearer, archive_target, export};
use gongkai::service::dossier::Tools;
use gongkai::store::agencies::agency_by_code;
use gongkai::views::dossier::told;

use super::terminal::note;

#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Everything that an agency filed in a year, with catalogue and checksums, as one ZIP archive
    Export {
        year: i32,
        /// Code of the agency
        #[arg(long, value_name = "CODE")]
        agency: String,
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

pub fn run(config: Config, command: ArchiveCommand) -> anyhow::Result<()> {
    match command {
        ArchiveCommand::Export { year, agency, output } => write(config, year, &agency, &output),
    }
}

fn write(config: Config, year: i32, code: &str, output: &Path) -> anyhow::Result<()> {
    let site = super::open(config)?;
    // Before the work: nothing is overwritten, and only this user may read it.
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(output)
        .with_context(|| format!("cannot make {}", output.display()))?;
    let mut exported = || {
        let agency = site
            .store
            .read(|db| agency_by_code(db, code))
            .with_context(|| format!("no agency has the code {code}"))?;
        let desk = site.desk();
        let target =
            archive_target(desk.today, year, agency).with_context(|| format!("nothing was filed in {year}"))?;
        let tools = Tools {
            store: &site.store,
            blobs: &site.documents,
            printer: &site.printer,
            desk: &desk,
        };
        let mut exported = export(tools, &target, &Bearer::Operator, told)?;
        io::copy(&mut exported.file, &mut file)?;
        file.sync_all()?;
        anyhow::Ok(exported)
    };
    match exported() {
        Ok(exported) => {
            note!(
                "{} cases, {} bytes in {}",
                exported.cases,
                exported.bytes,
                output.display()
            );
            if exported.lacking > 0 {
                note!(
                    "{} files are missing; the index.html of each case names them",
                    exported.lacking
                );
            }
            Ok(())
        }
        Err(error) => {
            // Best effort: an error here must not hide the first one.
            let _ = std::fs::remove_file(output);
            Err(error)
        }
    }
}
