//! The integration tests: one binary, one file per resource, every test on SQLite and on PostgreSQL.
//!
//! Actors make real HTTP requests to a server in this process whose clock is set by hand. PostgreSQL is a temporary
//! cluster made from the installed binaries (or `GONGKAI_TEST_POSTGRES_URL`); see `harness::postgres`.

// Tests fail by panicking, and say so on the terminal.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::too_many_lines
)]

mod harness;

mod cases;
mod clock;
mod contract;
mod demo;
mod documents;
mod faults;
mod house;
mod papers;
mod people;
mod reports;
mod store;
