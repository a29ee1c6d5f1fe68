//! gongkai (公开): case management for freedom-of-information requests (依申请公开) of Chinese public bodies.
//!
//! One direction, from the top of this table to its end; a module uses those below it, never one above. (`tests/api/house`
//! reads the source and says so.)
//!
//! | module | owns |
//! |---|---|
//! | `main`, `commands` | the command line: one file a command |
//! | [`demo`] | a region, its stories and a whole city, told through use cases; only the command line asks for them |
//! | [`app`] | the listener, the routers and the jobs; serves until told to stop |
//! | [`http`] | the API: extractors, problem documents, the contract, resources under `/api/v1` |
//! | [`views`] | what a person may see of a case, a line, an event: masking, language, labels |
//! | [`site`] | the installation as one value, opened once: configuration, clock, store, documents, sign-in, law |
//! | [`service`] | use cases: the same from HTTP, from jobs and from the command line |
//! | [`papers`] | pages for paper: the receipt with its barcode and QR code |
//! | [`fonts`] | which fonts this installation has, found once, read when a paper needs them |
//! | [`documents`] | files on their way in and out: spooled, looked into, kept by the hash of their content |
//! | [`auth`] | proof of who speaks: passwords, tokens, query codes |
//! | [`error`] | what a use case can answer other than success |
//! | [`store`] | SQLite and PostgreSQL behind one set of queries; `Store::read`, `Store::write` |
//! | [`domain`] | the law as pure functions: no database, no network, no wall clock |
//! | [`config`] | what those who run it decide, in three layers |
//! | [`clock`] | the only wall clock |
//! | [`random`] | the only source of randomness |
//! | [`chain`] | errors with all their causes on one line |
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
pub mod fonts;
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
#[cfg(feature = "server")]
pub mod views;
