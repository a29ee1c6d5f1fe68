//! The working-day calendar of a year as it is in force here, with the notices it comes from.

use std::collections::BTreeMap;

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::law::calendar::{Calendar, FILE_YEARS, Notice, NoticeStatus};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::problem::PublicReadProblems;
use crate::site::Site;

/// The exceptions of one year: all other days are worked Monday to Friday.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarView {
    #[schema(examples(2026))]
    pub year: i32,
    /// No yearly notice is loaded: only weekends are known, and dates counted through the year may still move.
    pub provisional: bool,
    pub working_days: i64,
    /// Days off on weekdays or by name, and weekend days that are worked, as now in force.
    pub days: Vec<CalendarDay>,
    /// Each publication that speaks of the year, oldest first; later ones replace earlier ones day by day.
    pub revisions: Vec<CalendarRevision>,
    /// SHA-256 of all loaded notices of all years: the version of the calendar.
    pub hash: String,
}

/// One day that is not as its weekday says.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    pub date: NaiveDate,
    pub status: NoticeStatus,
    #[schema(examples("国庆节"))]
    pub name: String,
    /// The day of the publication that this rests on.
    pub known_since: NaiveDate,
}

/// What one publication said.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarRevision {
    pub published_on: NaiveDate,
    pub days: Vec<RevisedDay>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RevisedDay {
    pub date: NaiveDate,
    pub status: NoticeStatus,
    #[schema(examples("春节"))]
    pub name: String,
}

impl CalendarView {
    fn new(calendar: &Calendar, year: i32) -> Self {
        let mut in_force: BTreeMap<NaiveDate, Notice<'_>> = BTreeMap::new();
        let mut revisions: BTreeMap<NaiveDate, Vec<RevisedDay>> = BTreeMap::new();
        for notice in calendar.notices(year) {
            // Notices of one day come by publication, so the latest one stays.
            in_force.insert(notice.date, notice);
            revisions.entry(notice.published_on).or_default().push(RevisedDay {
                date: notice.date,
                status: notice.status,
                name: notice.name.to_owned(),
            });
        }
        let days = in_force
            .into_values()
            .filter(|notice| notice.status != NoticeStatus::Ordinary)
            .map(|notice| CalendarDay {
                date: notice.date,
                status: notice.status,
                name: notice.name.to_owned(),
                known_since: notice.published_on,
            });
        let revisions = revisions
            .into_iter()
            .map(|(published_on, days)| CalendarRevision { published_on, days });
        Self {
            year,
            provisional: !calendar.is_loaded(year),
            working_days: calendar.working_days_in(year),
            days: days.collect(),
            revisions: revisions.collect(),
            hash: calendar.hash(),
        }
    }
}

/// The days off and the make-up working days of a year.
#[utoipa::path(
    tag = "reference", security(()), params(("year" = i32, Path, description = "1990–2200", example = 2026)),
    responses((status = 200, body = CalendarView), PublicReadProblems)
)]
#[get("/calendar/{year}")]
pub async fn calendar_show(state: web::Data<Site>, year: web::Path<String>) -> Result<web::Json<CalendarView>, Error> {
    let year: i32 = path_id(&year)?;
    if !FILE_YEARS.contains(&year) {
        return Err(Error::NotFound);
    }
    Ok(web::Json(CalendarView::new(&state.law.calendar, year)))
}
