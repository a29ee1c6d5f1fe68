//! Texts, numbers, ids and bodies.

mod folding;
mod ids;
mod json;
mod numbers;
mod text;
