//! The demonstration: a fictional county with its people and some seventy applications, made through the same functions
//! as real ones, at moments in the past that are counted back from the first start.
//!
//! [`steps`] are the words in which the life of a case is told. [`people`] makes the region, [`stories`] tell what happens
//! to each application, [`play`] takes their steps. All of it is one transaction: a start that is interrupted leaves
//! nothing, and the next one begins again; a database that has an account is left alone. [`city`] fills a database with
//! as many applications as one likes, whose lives are drawn.

mod agencies;
mod applicants;
mod city;
mod days;
mod files;
mod people;
mod play;
mod steps;
mod stories;
mod story;
mod welcome;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::documents::Blobs;
use crate::domain::civil_date;
use crate::error::Error;
use crate::service::auth::Auth;
use crate::service::desk::Desk;
use crate::service::law::LawBook;
use crate::service::seeding::{Inhabited, Store, Tx, inhabited};
pub use city::{CityPlan, CitySeeded, city_seed};
use days::{Days, office_hour};
pub use people::{DEPARTMENT_CODE, OFFICE_CODE, Region, people_seed};
pub use play::{Played, Stopped};
use story::Stage;
pub use welcome::welcome;

/// The agencies opened, and the accounts were made, this many working days before the first start.
const OPENED: i32 = 299;

/// Makes region, people and applications, in a database without accounts; `None` when there is one.
///
/// # Errors
/// Failures of the database, of the store of documents or of password hashing.
pub fn demo_seed(
    store: &Store,
    blobs: &Blobs,
    auth: &Auth,
    book: &Arc<LawBook>,
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<Option<Played>, Error> {
    let played = store.write(|tx| {
        if inhabited(tx)? != Inhabited::Nobody {
            return Ok(None);
        }
        seed(tx, blobs, auth, &Desk::new(book.clone(), now).reached_at(public_url)).map(Some)
    })?;
    for stopped in played.iter().flat_map(|played| &played.stopped) {
        tracing::warn!(
            case = stopped.case,
            action = stopped.action,
            why = stopped.why,
            "a demonstration case ends early"
        );
    }
    Ok(played)
}

fn seed(tx: &mut Tx<'_>, blobs: &Blobs, auth: &Auth, desk: &Desk) -> Result<Played, Error> {
    let now = desk.now;
    let days = Days::new(desk.law().calendar, civil_date(now));
    let opened = office_hour(days.day(OPENED), 0);
    let region = people_seed(tx, auth, opened.min(now))?;
    let stage = Stage::new(days, &region);
    play::play(tx, blobs, desk, &region, stories::all(&stage), stories::TRACKED)
}
