//! The layout of the source itself.

mod actions;
mod circles;
mod directions;
mod size;
mod source;
