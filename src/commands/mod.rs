//! What the command line does beside serving: looking after the data and printing what the service knows.

pub mod calendar;
