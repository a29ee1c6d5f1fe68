//! Files on their way in and out: written to disk while they arrive, looked into, kept by the hash of their content.
//!
//! [`pack`] puts what goes out together into one archive. [`spool`] takes what arrives, [`inspect`] opens it so that [`sniff`] can say what it is, [`blobs`] keeps it.
//! Which person may have which document is not decided here.

pub mod blobs;
pub mod inspect;
pub mod pack;
pub mod sniff;
pub mod spool;

pub use blobs::{Blobs, Integrity};
pub use spool::{Spool, SpoolError, Spooled};
