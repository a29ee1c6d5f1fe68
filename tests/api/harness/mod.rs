//! What every test stands on: a database of its own, a served application, and actors who ask it things.

// A harness offers more than the tests of any one moment use.
#![allow(dead_code, unused_imports)]

pub mod actor;
pub mod app;
pub mod case;
pub mod database;
pub mod files;
pub mod people;
pub mod postgres;
pub mod watch;

pub use actor::{Actor, Response};
pub use app::TestApp;
pub use case::{Office, Walk};
pub use database::Database;
pub use watch::Watch;

/// Runs each test on a SQLite file of its own and on a PostgreSQL database of its own.
///
/// ```ignore
/// both! {
///     fn the_service_is_alive(db) { … TestApp::start(db) … }
/// }
/// ```
macro_rules! both {
    ($($(#[$attribute:meta])* fn $name:ident($db:ident) $body:block)+) => {
        $(
            $(#[$attribute])*
            mod $name {
                #[allow(unused_imports)]
                use super::*;

                fn check($db: $crate::harness::Database) $body

                #[test]
                fn sqlite() {
                    check($crate::harness::Database::sqlite());
                }

                #[test]
                fn postgres() {
                    if let Some(database) = $crate::harness::Database::postgres() {
                        check(database);
                    }
                }
            }
        )+
    };
}
pub(crate) use both;
