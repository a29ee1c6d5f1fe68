//! Words, queries and likeness.

mod query;
mod similarity;
mod tokens;
