//! `gongkai config`: what is in force, seen before it is used.

use clap::Subcommand;
use gongkai::config::Config;

use super::terminal::text;

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration and print what is in force, without secrets
    Check,
}

pub fn run(config: &Config, command: ConfigCommand) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Check => text(&config.to_toml()?),
    }
}
