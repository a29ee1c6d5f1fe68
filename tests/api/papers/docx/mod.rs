//! Office documents: as they are written, as they come back.

mod edited;
mod hostile;
pub mod kit;
mod office;
mod order;
mod sample;
mod written;
