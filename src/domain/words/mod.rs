//! What every room needs to speak: text in two languages, JSON with pointers to what is wrong, codes with labels, ids.

pub mod codes;
pub mod folding;
pub mod ids;
pub mod json;
pub mod language;
pub mod numbers;
pub mod text;
