//! What every resource relies on, and the contract itself.

mod edge;
mod limits;
mod lint;
mod pages;
pub mod platform;
mod reference;
mod workflow;
