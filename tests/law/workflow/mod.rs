//! The workflow as pure functions: commands go in, a case comes out. No HTTP, no database.
//!
//! [`desk`] plays a case by the bodies that outside code sends; `matrix` and `reach` hold it against the table, `walk`
//! against the law rule by rule, `properties` against everything at once on random sequences.

mod defects;
pub mod desk;
mod examples;
mod invariants;
mod matrix;
mod private;
mod properties;
pub mod reach;
mod walk;
