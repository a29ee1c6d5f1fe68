//! The national report tables as pure functions.

mod hash;
mod identities;
mod remedies;
mod requests;
mod selection;
