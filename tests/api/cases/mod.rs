//! Applications over HTTP, from submission to archive: what every person may see and do, and what is refused.

mod access;
mod bad_input;
mod changes;
mod drafts;
mod effective;
mod entry;
mod folding;
mod late;
mod log;
mod mishaps;
mod operations;
mod people;
mod queues;
mod races;
mod receipt;
mod review;
mod search;
mod unreadable;
mod walk;
