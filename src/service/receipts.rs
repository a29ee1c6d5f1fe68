//! The receipt (登记回执) of a case in sight, as a page to print.

use super::desk::Desk;
use super::sight::{Sight, look_whole};
use crate::domain::words::ids::QueryCode;
use crate::error::Error;
use crate::papers::{self, Holder, Page};
use crate::store::Db;
use crate::store::agencies::agency_fetch;

/// The receipt for the person in whose sight the case is; with the query code, if it was shown.
///
/// # Errors
/// `Refused` for a case whose log cannot be read; failures of the database.
pub fn receipt(
    db: &mut Db,
    desk: &Desk,
    sight: Sight,
    query_code: Option<&QueryCode>,
    public_url: &str,
) -> Result<Page, Error> {
    let holder = Holder {
        mask: sight.mask(),
        public_url,
        query_code,
        today: desk.today,
    };
    let seen = look_whole(db, desk, sight)?;
    let law = desk.law();
    let report = seen.case.clock(&law, desk.today, false).map_err(Error::Fields)?;
    let agency = agency_fetch(db, seen.sight.agency.id)?;
    papers::receipt(&seen.case, &agency.data, report.as_ref(), &law, holder).map_err(Error::internal)
}
