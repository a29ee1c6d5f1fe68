//! The command line: one binary for the service and for those who run it.

// The command line talks to people on standard output; the service itself logs.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod commands;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use actix_web::rt;
use actix_web::rt::signal::unix::{SignalKind, signal};
use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use gongkai::app::{self, App};
use gongkai::chain::chain;
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::demo::{CityPlan, Played, demo_seed, welcome};
use gongkai::domain::people::access::Role;
use gongkai::domain::people::account::normalise_username;
use gongkai::domain::report::ReportScope;
use gongkai::error::Error;
use gongkai::service::people::{
    By, NewUser, first_administrator, new_password, only_demo_accounts, password_set, user_create,
};
use gongkai::store::agencies::agency_by_code;
use gongkai::store::users::{UserFilter, user_by_username, user_list};
use gongkai::telemetry;

/// The C library's allocator keeps what password hashing once used: hundreds of MB after many logins at once.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How often the service looks for due jobs.
const JOBS_EVERY: Duration = Duration::from_secs(300);

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
        command: DemoCommand,
    },
    /// Accounts of people
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Look at the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Make every projection of the cases from their logs again
    Rebuild,
    /// Check the logs of the cases
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
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
    /// Print figures
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Look at working-day calendars
    Calendar {
        #[command(subcommand)]
        command: CalendarCommand,
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

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Create an account with a random password, printed once
    Create {
        username: String,
        /// Name of the person
        #[arg(long)]
        name: String,
        /// Code of the agency the person works in
        #[arg(long, value_name = "CODE")]
        agency: Option<String>,
        /// A role in that agency; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<Role>,
        /// Administers the installation
        #[arg(long)]
        admin: bool,
    },
    /// Give an account a new random password, printed once; all its sessions end
    ResetPassword { username: String },
    /// List all accounts
    List,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the configuration and print what is in force, without secrets
    Check,
}

#[derive(Debug, Subcommand)]
enum DemoCommand {
    /// Fill an empty or demonstration database with the applications of a whole city, for `serve --demo`
    Seed {
        /// How many applications
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
        cases: u32,
        /// What is drawn depends on this number only
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Verify the hash chain of every case; names the first bad entry
    Verify,
}

#[derive(Debug, Subcommand)]
enum ReportCommand {
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

#[derive(Debug, Subcommand)]
enum CalendarCommand {
    /// Read the calendar files of a directory, or those in force
    Check {
        #[arg(value_name = "DIR")]
        directory: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gongkai: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let config = || Config::load(cli.config.as_deref()).context("the configuration cannot be used");
    match cli.command {
        Command::Serve { demo } => serve(config()?, demo),
        Command::Migrate => migrate(config()?),
        Command::Demo {
            command: DemoCommand::Seed { cases, seed },
        } => commands::demo::seed(&config()?, CityPlan { cases, seed }),
        Command::Config {
            command: ConfigCommand::Check,
        } => {
            print!("{}", config()?.to_toml()?);
            Ok(())
        }
        Command::Rebuild => commands::maintenance::rebuild(&config()?),
        Command::Backup { file } => commands::backup::backup(&config()?, &file),
        Command::Restore { file } => commands::backup::restore(&config()?, &file),
        Command::Audit {
            command: AuditCommand::Verify,
        } => commands::maintenance::verify(&config()?),
        Command::Report {
            command: ReportCommand::Annual { year, agency, tree },
        } => {
            let scope = if tree { ReportScope::Tree } else { ReportScope::Own };
            commands::report::annual(&config()?, year, &agency, scope)
        }
        Command::Calendar {
            command: CalendarCommand::Check { directory },
        } => commands::calendar::check(config()?, directory),
        Command::Workflow => {
            print!("{}", app::workflow_mermaid());
            Ok(())
        }
        Command::User { command } => user(config()?, command),
        Command::Openapi { out } => openapi(out.as_deref()),
    }
}

fn serve(mut config: Config, demo: bool) -> anyhow::Result<()> {
    if demo && !config.server.bind.ip().is_loopback() {
        bail!(
            "--demo has well-known passwords and is only allowed on a loopback address, not on {}",
            config.server.bind
        );
    }
    config.demo = demo;
    telemetry::init(&config.log)?;
    let listener = TcpListener::bind(config.server.bind)
        .with_context(|| format!("cannot listen on {} (server.bind)", config.server.bind))?;
    let address = listener.local_addr()?;
    let app = App::build(config, Clock::system())?;
    let played = first_accounts(&app, demo)?;
    rt::System::new().block_on(async move {
        let server = app.serve(listener)?;
        let handle = server.handle();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        rt::spawn(async move {
            // Whichever comes first; both end the service after the requests that are being answered.
            std::future::poll_fn(|context| {
                if terminate.poll_recv(context).is_ready() {
                    return std::task::Poll::Ready(());
                }
                interrupt.poll_recv(context).map(drop)
            })
            .await;
            tracing::info!("stopping");
            handle.stop(true).await;
        });
        rt::spawn(due_jobs(app));
        println!("gongkai  http://{address}  ·  接口文档 API page: http://{address}/docs/");
        if demo {
            println!("{}", welcome(address, played.as_ref()));
        }
        server.await.context("the server failed")
    })
}

/// Runs what is due, now and every few minutes, until the service ends.
async fn due_jobs(app: App) {
    loop {
        let due = app.clone();
        match rt::task::spawn_blocking(move || due.run_due_jobs()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = %chain(&error), "a due job failed and will be tried again"),
            Err(error) => tracing::error!(%error, "a due job panicked"),
        }
        rt::time::sleep(JOBS_EVERY).await;
    }
}

/// An empty database gets the demonstration, or one administrator whose password is shown once.
fn first_accounts(app: &App, demo: bool) -> anyhow::Result<Option<Played>> {
    let (site, now) = (app.site(), app.site().clock.now());
    if demo {
        return Ok(demo_seed(&site.store, &site.documents, &site.auth, &site.law, now)?);
    }
    if let Some(first) = first_administrator(&site.store, &site.auth, now)? {
        println!(
            "首个管理员 first administrator: {}  密码 password: {}  （仅显示一次 shown once）",
            first.username, first.password
        );
    } else if only_demo_accounts(&site.store)? {
        tracing::warn!(
            "this database holds the demonstration, whose accounts are refused without --demo; \
             create an administrator with `gongkai user create NAME --admin`"
        );
    }
    Ok(None)
}

fn user(config: Config, command: UserCommand) -> anyhow::Result<()> {
    telemetry::init(&config.log)?;
    let app = App::build(config, Clock::system())?;
    let (site, now) = (app.site(), app.site().clock.now());
    match command {
        UserCommand::Create {
            username,
            name,
            agency,
            roles,
            admin,
        } => {
            let password = new_password();
            let hash = site.auth.passwords.hash(&password)?;
            let user = site.store.write(|tx| {
                let agency_id = match &agency {
                    Some(code) => Some(agency_by_code(tx, code)?.id),
                    None => None,
                };
                let new = NewUser {
                    username: username.clone(),
                    name: name.clone(),
                    agency_id,
                    roles: roles.iter().copied().collect(),
                    administrator: admin,
                    ..NewUser::default()
                };
                user_create(tx, By::Console, now, new, &hash)
            });
            let user = user.map_err(explained)?;
            println!(
                "{}  密码 password: {password}  （仅显示一次 shown once）",
                user.username
            );
        }
        UserCommand::ResetPassword { username } => {
            let password = new_password();
            let hash = site.auth.passwords.hash(&password)?;
            let changed = site.store.write(|tx| {
                let (user, _) = user_by_username(tx, &normalise_username(&username))?.ok_or(Error::NotFound)?;
                password_set(tx, By::Console, now, user, &hash)
            });
            let user = changed.map_err(explained)?;
            println!(
                "{}  密码 password: {password}  （仅显示一次 shown once）",
                user.username
            );
        }
        UserCommand::List => {
            let mut filter = UserFilter {
                limit: 200,
                ..UserFilter::default()
            };
            loop {
                let page = site.store.read(|db| user_list(db, &filter))?;
                for user in &page {
                    let active = if user.active { "active" } else { "closed" };
                    let kind = if user.administrator { "admin" } else { "" };
                    println!("{}\t{}\t{}\t{active}\t{kind}", user.id, user.username, user.name);
                }
                match page.last() {
                    Some(last) => filter.after = Some(last.id),
                    None => break,
                }
            }
        }
    }
    Ok(())
}

/// The fields that are wrong belong to the message on the terminal.
fn explained(error: Error) -> anyhow::Error {
    match &error {
        Error::Fields(fields) => {
            let lines: Vec<String> = fields
                .iter()
                .map(|f| format!("{}: {}", f.pointer, f.detail.zh))
                .collect();
            anyhow::anyhow!(lines.join("\n"))
        }
        Error::Conflict { detail, .. } => anyhow::anyhow!(detail.zh.to_string()),
        Error::NotFound => anyhow::anyhow!("没有这个用户或机关 no such user or agency"),
        _ => error.into(),
    }
}

fn migrate(config: Config) -> anyhow::Result<()> {
    telemetry::init(&config.log)?;
    let url = config.database.url.clone();
    App::build(config, Clock::system())?;
    println!("{url}: up to date");
    Ok(())
}

fn openapi(out: Option<&Path>) -> anyhow::Result<()> {
    let document = app::openapi_json()?;
    let Some(directory) = out else {
        print!("{document}");
        return Ok(());
    };
    std::fs::create_dir_all(directory)?;
    for (name, text) in [
        ("openapi.json", document),
        ("problems.json", app::problems_json()?),
        ("workflow.mmd", app::workflow_mermaid()),
    ] {
        let path = directory.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
