//! What commands say to people. `println!` panics when standard output is gone or its disk is full; here that is an
//! error, with which the command ends, or which the service logs.

use std::fmt::Arguments;
use std::io::{Write, stderr, stdout};

use anyhow::Context;

/// A line on standard output: `say!("{count} cases")?`.
macro_rules! say {
    ($($line:tt)+) => { $crate::commands::terminal::line(format_args!($($line)+)) };
}
/// A line on standard error, for the eye only: what cannot be written is lost.
macro_rules! note {
    ($($line:tt)+) => { $crate::commands::terminal::aside(format_args!("{}\n", format_args!($($line)+))) };
}
pub(crate) use {note, say};

/// # Errors
/// Standard output cannot be written.
pub fn line(line: Arguments) -> anyhow::Result<()> {
    text(&format!("{line}\n"))
}

/// A text that has its own last line end.
///
/// # Errors
/// Standard output cannot be written.
pub fn text(text: &str) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// A text on standard error, without a line end of its own.
pub fn aside(text: Arguments) {
    // There is nobody left to tell.
    let _ = stderr().lock().write_fmt(text);
}

/// What the service says when it starts: it serves also when nobody can read it.
pub fn shown(said: anyhow::Result<()>) {
    if let Err(error) = said {
        tracing::warn!(error = %format_args!("{error:#}"), "a message to the terminal is lost");
    }
}
