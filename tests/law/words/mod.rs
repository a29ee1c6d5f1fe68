//! Texts, numbers, ids and bodies.

mod ids;
mod json;
mod numbers;
mod text;
