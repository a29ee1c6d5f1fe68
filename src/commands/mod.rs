//! What each command of the program does: one file a command, with its arguments.

pub mod archive;
pub mod audit;
pub mod backup;
pub mod calendar;
pub mod config;
pub mod demo;
pub mod migrate;
pub mod numbers;
pub mod openapi;
pub mod rebuild;
pub mod report;
pub mod serve;
pub mod terminal;
pub mod user;
pub mod workflow;

use gongkai::clock::Clock;
use gongkai::config::Config;
use gongkai::site::Site;

/// The site with its database as it is; bringing it up to date is `gongkai migrate`'s.
fn open(config: Config) -> anyhow::Result<Site> {
    Site::open_as_it_is(config, Clock::system())
}
