//! The numbers of cases: one counter for each agency, year and kind, taken in the transaction that uses the number.

use chrono::{Datelike, NaiveDate};

use crate::store::agencies::AgencyName;
use crate::store::counters::counter_next;
use crate::store::{StoreError, Tx};

/// `<agency code>-<year of arrival>-S<5 digits>`, without gaps.
pub(super) fn intake_number(tx: &mut Tx<'_>, agency: &AgencyName, arrived_on: NaiveDate) -> Result<String, StoreError> {
    let year = arrived_on.year();
    let number = counter_next(tx, &format!("intake/{}/{year}", agency.code))?;
    Ok(format!("{}-{year}-S{number:05}", agency.code))
}

/// `<agency code>-<year of receipt>-<5 digits>`, without gaps.
pub(super) fn case_number(tx: &mut Tx<'_>, agency: &AgencyName, received_on: NaiveDate) -> Result<String, StoreError> {
    let year = received_on.year();
    let number = counter_next(tx, &format!("case/{}/{year}", agency.code))?;
    Ok(format!("{}-{year}-{number:05}", agency.code))
}
