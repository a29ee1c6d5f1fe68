//! The law by itself: calendar, clock, workflow, people and replies as pure functions. No HTTP, no database; `cargo test
//! --no-default-features` builds nothing else.

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

mod calendar;
mod clock;
mod decree;
mod document;
mod doubled;
mod fee;
mod people;
mod policies;
mod reply;
mod report;
mod search;
mod words;
mod workflow;
