//! The command line: one binary for the service and for those who run it.

// The command line talks to people on standard output; the service itself logs.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actix_web::rt;
use actix_web::rt::signal::unix::{SignalKind, signal};
use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use gongkai::app::{self, App};
use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::telemetry;

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
    /// Look at the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the OpenAPI document
    Openapi {
        /// Write openapi.json and problems.json into this directory instead
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the configuration and print what is in force, without secrets
    Check,
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
        Command::Config {
            command: ConfigCommand::Check,
        } => {
            print!("{}", config()?.to_toml()?);
            Ok(())
        }
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
        println!("gongkai  http://{address}  ·  接口文档 API page: http://{address}/docs/");
        server.await.context("the server failed")
    })
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
    for (name, text) in [("openapi.json", document), ("problems.json", app::problems_json()?)] {
        let path = directory.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
