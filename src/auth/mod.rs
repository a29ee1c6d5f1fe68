//! Proof of who speaks: passwords, tokens and query codes. Pure computation over secrets that `store` keeps; what a
//! person may then see and do is `domain::access` and the workflow table.

mod hs256;
pub mod passwords;
pub mod query_code;
pub mod tokens;
