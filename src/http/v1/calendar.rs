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
    /// No yearly notice is loaded: only weekends and the days of the decree are known, and dates counted through the year may
    /// still move.
    pub provisional: bool,
    /// How many days of the year are worked; for a year without its notice as far as the decree says: those listed less those
    /// that make good its days on weekends.
    #[schema(examples(248))]
    pub working_days: i64,
    /// How many days are worked by the days listed here, which is how periods are counted. As `working_days` but for a year
    /// that only the decree speaks of.
    #[schema(examples(248))]
    pub working_days_listed: i64,
    /// Days of the decree on weekends whose working day off in exchange is not known before the notice. 0 for a year with its
    /// notice, and for one of which nothing is loaded.
    #[schema(examples(0))]
    pub uncertain_days_off: i64,
    /// Days off on weekdays or by name, and weekend days that are worked, as now in force. Of a year without its notice the
    /// days off that the decree itself fixes.
    pub days: Vec<CalendarDay>,
    /// Each publication that speaks of the year, the decree among them, oldest first; notices replace the decree, and later
    /// ones earlier ones, day by day.
    pub revisions: Vec<CalendarRevision>,
    /// SHA-256 of all loaded notices and days of the decree of all years: the version of the calendar.
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
    /// Whether it stays so: fixed by the decree, or by a notice that none still to come can change. The notice of the next
    /// year may change the days from 20 December on.
    #[schema(examples(true))]
    pub certain: bool,
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
                certain: calendar.is_certain(notice.date),
            });
        let revisions = revisions
            .into_iter()
            .map(|(published_on, days)| CalendarRevision { published_on, days });
        Self {
            year,
            provisional: !calendar.is_loaded(year),
            working_days: calendar.working_days_in(year),
            working_days_listed: calendar.working_days_listed(year),
            uncertain_days_off: calendar.uncertain_days_off(year),
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
pub async fn calendar_show(site: web::Data<Site>, year: web::Path<String>) -> Result<web::Json<CalendarView>, Error> {
    let year: i32 = path_id(&year)?;
    if !FILE_YEARS.contains(&year) {
        return Err(Error::NotFound);
    }
    Ok(web::Json(CalendarView::new(&site.law.calendar, year)))
}
