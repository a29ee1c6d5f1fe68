//! The clock over HTTP, without a case.

mod doubled;
mod preview;
