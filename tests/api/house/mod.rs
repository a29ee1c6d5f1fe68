//! The layout of the source itself.

mod directions;
