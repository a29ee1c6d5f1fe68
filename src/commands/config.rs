//! `gongkai config`: what is in force, seen before it is used.

use clap::Subcommand;
use gongkai::config::Config;
use gongkai::service::paperwork::Printer;

use super::terminal::{say, text};

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration and print what is in force, without secrets
    Check,
}

pub fn run(config: &Config, command: ConfigCommand) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Check => {
            text(&config.to_toml()?)?;
            fonts(&Printer::new(&config.fonts, &config.seal))
        }
    }
}

/// Which fonts papers are printed with, as comments behind the configuration.
fn fonts(printer: &Printer) -> anyhow::Result<()> {
    let fonts = printer.fonts();
    for found in fonts.describe() {
        say!("# font for {found}")?;
    }
    for problem in fonts.problems() {
        say!("# font problem: {problem}")?;
    }
    if !fonts.is_usable() {
        say!("# no font with Chinese characters: papers are issued as DOCX, their PDF follows when there is one")?;
    }
    Ok(())
}
