//! The annual report.

mod annual;
