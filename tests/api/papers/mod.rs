//! What is printed.

mod receipt;
