//! The clock over HTTP, without a case.

mod preview;
