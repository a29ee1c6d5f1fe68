//! The command line: one binary for the service and for those who run it. Each command is a file of [`commands`].

// The command line talks to people on standard output; the service itself logs.

mod commands;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use commands::{
    archive, audit, backup, calendar, config, demo, migrate, numbers, openapi, rebuild, report, serve, user, workflow,
};
use gongkai::config::Config;

use crate::commands::terminal::note;

/// The C library's allocator keeps what password hashing once used: hundreds of MB after many logins at once.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Debug, Parser)]
#[command(
    name = "gongkai",
    version,
    about = "依申请公开办理系统 · case management for freedom-of-information requests"
)]
struct Cli {
    /// Configuration file; without it gongkai.toml in the working directory, if there is one
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the service
    Serve {
        /// A demonstration region with well-known passwords; only on a loopback address
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database up to date and stop
    Migrate,
    /// The demonstration beyond `serve --demo`
    Demo {
        #[command(subcommand)]
        command: demo::DemoCommand,
    },
    /// Accounts of people
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// Look at the configuration
    Config {
        #[command(subcommand)]
        command: config::ConfigCommand,
    },
    /// Make every projection of the cases from their logs again
    Rebuild,
    /// Check the logs of the cases
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Write everything into one archive while the service runs (SQLite)
    Backup {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Put an archive into an empty data directory (SQLite)
    Restore {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Numbers of instruments
    Numbers {
        #[command(subcommand)]
        command: numbers::NumbersCommand,
    },
    /// Print figures
    Report {
        #[command(subcommand)]
        command: report::ReportCommand,
    },
    /// Take out what was filed
    Archive {
        #[command(subcommand)]
        command: archive::ArchiveCommand,
    },
    /// Look at working-day calendars
    Calendar {
        #[command(subcommand)]
        command: calendar::CalendarCommand,
    },
    /// Print the workflow as a Mermaid diagram
    Workflow,
    /// Print the OpenAPI document
    Openapi {
        /// Write openapi.json, problems.json and workflow.mmd into this directory instead
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note!("gongkai: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let load = || Config::load(cli.config.as_deref()).context("the configuration cannot be used");
    match cli.command {
        Command::Serve { demo } => serve::run(load()?, demo),
        Command::Migrate => migrate::run(load()?),
        Command::Demo { command } => demo::run(load()?, command),
        Command::User { command } => user::run(load()?, command),
        Command::Config { command } => config::run(&load()?, command),
        Command::Rebuild => rebuild::run(load()?),
        Command::Audit { command } => audit::run(load()?, command),
        Command::Backup { file } => backup::write(&load()?, &file),
        Command::Restore { file } => backup::restore(load()?, &file),
        Command::Numbers { command } => numbers::run(load()?, command),
        Command::Report { command } => report::run(load()?, command),
        Command::Archive { command } => archive::run(load()?, command),
        Command::Calendar { command } => calendar::run(load()?, command),
        Command::Workflow => workflow::run(),
        Command::Openapi { out } => openapi::run(out.as_deref()),
    }
}
