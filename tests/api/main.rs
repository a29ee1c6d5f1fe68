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
    clippy::print_stderr
)]

mod harness;

mod admin;
mod agencies;
mod auth;
mod backup;
mod calendar;
mod cases;
mod city;
mod clock;
mod clock_agreement;
mod clock_contradictions;
mod clock_effects;
mod clock_histories;
mod clock_naive;
mod clock_preview;
mod clock_properties;
mod contract_lint;
mod demo;
mod documents;
mod faults;
mod files;
mod group_commit;
mod imports;
mod limits;
mod maintenance;
mod pages;
mod platform;
mod races;
mod receipt_page;
mod reference;
mod reports;
mod requests;
mod review;
mod store;
mod workflow;
mod workflow_view;
