//! What a reply must say.

mod draft;
mod item;
mod outcome;
mod reference;
mod remedy;
