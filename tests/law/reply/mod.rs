//! What a reply must say.

mod item;
