//! The annual report of an agency, computed from the cases as they are (Arts 49–50), and the cases behind its cells.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::sight::list_scope;
use crate::domain::people::access::{Actor, ReportAccess, report_access};
use crate::domain::report::{AnnualFigures, CellSelection, RemedyTable, ReportColumn, ReportScope, RequestTable, Row};
use crate::domain::words::ids::AgencyId;
use crate::domain::words::text::{Bilingual, FieldError};
use crate::error::Error;
use crate::store::Db;
use crate::store::agencies::agencies_below;
use crate::store::agencies::{Agency, agency_fetch};
use crate::store::cases::CaseRow;
pub use crate::store::cases::statistics::CellKey;
use crate::store::cases::statistics::{ReportDays, cell_cases, remedy_counts, reopened_cases, request_counts};

/// The Regulation came into force on 2008-05-01: no application lies before that year.
pub(super) const FIRST_YEAR: i32 = 2008;

/// Whose report is asked for.
#[derive(Debug, Clone)]
pub struct ReportTarget {
    pub year: i32,
    pub agency: Agency,
    pub scope: ReportScope,
}

/// Finds the agency of a report and decides whether the person may read it; the own agency when none is named.
///
/// # Errors
/// `NotFound` for the report of an agency in which the person has no role, and for a year that cannot have one;
/// `Forbidden` when none of the roles there reads reports of that scope.
pub fn target_for(
    db: &mut Db,
    actor: &Actor,
    today: NaiveDate,
    year: i32,
    agency_id: Option<AgencyId>,
    scope: ReportScope,
) -> Result<ReportTarget, Error> {
    let Some(agency_id) = agency_id.or(actor.agency_id) else {
        return Err(if actor.is_staff() {
            Error::field(FieldError::missing("?agency_id"))
        } else {
            forbidden(ReportAccess::Forbidden)
        });
    };
    let agency = agency_fetch(db, agency_id)?;
    match report_access(actor, agency.id, &agency.path, scope) {
        ReportAccess::Allowed => target(today, year, agency, scope),
        ReportAccess::Hidden => Err(Error::NotFound),
        refused => Err(forbidden(refused)),
    }
}

/// The report of an agency for those who run the installation.
///
/// # Errors
/// `NotFound` for a year before the Regulation or after `today`.
pub fn target(today: NaiveDate, year: i32, agency: Agency, scope: ReportScope) -> Result<ReportTarget, Error> {
    if !(FIRST_YEAR..=today.year()).contains(&year) {
        return Err(Error::NotFound);
    }
    Ok(ReportTarget { year, agency, scope })
}

fn forbidden(access: ReportAccess) -> Error {
    let detail = match access {
        ReportAccess::OwnOnly => Bilingual::new(
            "含下级机关的汇总（scope=tree）由政务公开主管部门查看，您可以查看本机关的数据（scope=own）。",
            "Figures with the agencies below (scope=tree) are for supervisors; ask for scope=own.",
        ),
        _ => Bilingual::new(
            "年度报告数据由政务公开主管部门和本机关的收件、经办、法制、签发人员查看。",
            "Annual reports are for supervisors and for the agency's clerks, officers, legal advisers and approvers.",
        ),
    };
    Error::Forbidden { detail }
}

impl ReportTarget {
    fn agencies(&self, db: &mut Db) -> Result<BTreeSet<AgencyId>, Error> {
        match self.scope {
            ReportScope::Own => Ok(BTreeSet::from([self.agency.id])),
            ReportScope::Tree => Ok(agencies_below(db, &BTreeSet::from([self.agency.path.clone()]))?),
        }
    }

    fn days(&self) -> Result<ReportDays, Error> {
        let day = |month, day| NaiveDate::from_ymd_opt(self.year, month, day).ok_or(Error::NotFound);
        Ok(ReportDays {
            first: day(1, 1)?,
            last: day(12, 31)?,
        })
    }

    /// The cases that the report counts as ended and that were set going again after its year; no later year counts them.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn reopened(&self, db: &mut Db) -> Result<Vec<CaseRow>, Error> {
        let agencies = self.agencies(db)?;
        Ok(reopened_cases(db, &agencies, self.days()?)?)
    }

    /// Counts the report; in the running year what is open now is carried over.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn figures(&self, db: &mut Db) -> Result<AnnualFigures, Error> {
        let days = self.days()?;
        let agencies = self.agencies(db)?;
        let requests = request_counts(db, &agencies, days)?;
        let remedies = remedy_counts(db, &agencies, days)?;
        Ok(AnnualFigures::new(
            self.year,
            RequestTable::count(self.year, requests),
            RemedyTable::count(self.year, remedies),
        ))
    }

    /// One page of the cases behind a cell, as far as the person may see them.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn cases(
        &self,
        db: &mut Db,
        actor: &Actor,
        cell: (Row, ReportColumn),
        after: Option<CellKey>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, Error> {
        let (row, column) = cell;
        let selection = CellSelection::of(self.year, row, column).ok_or(Error::NotFound)?;
        let scope = list_scope(db, actor)?;
        let agencies = self.agencies(db)?;
        Ok(cell_cases(db, &agencies, &scope, &selection, after, limit)?)
    }
}
