//! Finding cases: the words of a text and of a query alike, what a query asks, and how alike two applications are.

pub mod query;
pub mod similarity;
pub mod tokens;
