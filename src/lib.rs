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
//! | [`views`] | what a person may see: masking, language, labels |
//! | [`papers`] | pages for paper: the receipt with its barcode and QR code |
//! | [`http`] | the API: extractors, problem documents, resources under `/api/v1` |
//! | [`app`] | builds all of it from a [`config::Config`] and a [`clock::Clock`], and serves it |
//! | [`clock`] | the only wall clock |
//! | [`chain`] | errors with all their causes on one line |
//! | [`random`] | the only source of randomness |
//! | [`telemetry`] | logs without personal data, and metrics |

pub mod app;
pub mod auth;
pub mod chain;
pub mod clock;
pub mod config;
pub mod demo;
pub mod documents;
pub mod domain;
pub mod error;
pub mod http;
pub mod papers;
pub mod random;
pub mod service;
pub mod site;
pub mod store;
pub mod telemetry;
pub mod views;
