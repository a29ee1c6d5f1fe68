//! The one integration binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod calendar;
mod clock;
mod clock_agreement;
mod clock_contradictions;
mod clock_effects;
mod clock_histories;
mod clock_naive;
mod clock_properties;
