//! The rules of the procedure as the law reads: one test a rule, its article in the name or beside it.

mod changes;
mod corrections;
mod drafts;
mod endings;
mod fields;
mod handling;
mod intake;
mod mended;
mod notices;
pub mod papers;
mod people;
mod receipts;
mod remedies;
mod reply;
