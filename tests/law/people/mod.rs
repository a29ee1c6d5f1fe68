//! Who takes part: what people may see, and which applicants are possible.

mod access;
mod account;
mod agency;
mod contact;
mod id_document;
mod party;
