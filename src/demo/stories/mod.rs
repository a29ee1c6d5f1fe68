//! The stories of the demonstration: what people of a county ask their government for, and how it goes.
//!
//! Together they show every state, every clock, every leaf of table 三 within this and the last year, every queue. A day
//! is counted in working days back from the start; [`Story`] keeps the rest. All names are invented.

// Stories are tables: a step a line, what belongs together on one.
#[rustfmt::skip] mod ended;
#[rustfmt::skip] mod intake;
#[rustfmt::skip] mod mishaps;
#[rustfmt::skip] mod open;
#[rustfmt::skip] mod refused;

use super::story::{Stage, Story, Told};

/// The story whose number and query code are shown at the first start.
pub const TRACKED: &str = "suspended";

/// The steps of all stories.
pub fn all(stage: &Stage<'_>) -> Vec<Told> {
    let stories = [
        intake::stories(stage),
        open::stories(stage),
        open::at_the_end(stage),
        ended::stories(stage),
        refused::stories(stage),
        mishaps::stories(stage),
    ];
    stories.into_iter().flatten().flat_map(Story::into_steps).collect()
}
