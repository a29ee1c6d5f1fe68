//! gongkai (公开): case management for freedom-of-information requests (依申请公开) of Chinese public bodies.
//!
//! One direction: `main → app → http → service → store → domain`.
//!
//! | module | owns |
//! |---|---|
//! | [`domain`] | the law as pure functions: no database, no network, no wall clock |
//! | [`documents`] | files on their way in and out: spooled, looked into, kept by the hash of their content |
//! | [`auth`] | proof of who speaks: passwords, tokens, query codes |
//! | [`store`] | SQLite and PostgreSQL behind one set of queries; `Store::read`, `Store::write` |
//! | [`service`] | use cases: the same from HTTP, from jobs and from the command line |
//! | [`error`] | what a use case can answer other than success |
//! | [`papers`] | pages for paper: the receipt with its barcode and QR code |
//! | [`http`] | the API: extractors, problem documents, resources under `/api/v1` |
//! | [`app`] | builds all of it from a [`config::Config`] and a [`clock::Clock`], and serves it |
//! | [`clock`] | the only wall clock |
//! | [`chain`] | errors with all their causes on one line |
//! | [`random`] | the only source of randomness |
//! | [`telemetry`] | logs without personal data, and metrics |

#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod auth;
#[cfg(feature = "server")]
pub mod chain;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod demo;
#[cfg(feature = "server")]
pub mod documents;
pub mod domain;
#[cfg(feature = "server")]
pub mod error;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod papers;
#[cfg(feature = "server")]
pub mod random;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub mod site;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod telemetry;
