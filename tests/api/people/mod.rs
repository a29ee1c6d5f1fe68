//! Accounts, agencies, and signing in.

mod admin;
mod agencies;
mod auth;
