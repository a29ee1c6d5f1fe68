//! When and where each application comes in, and which numbers it gets: drawn for all of them, then put in the order of
//! entry, so that numbers run as they would have.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

use super::draw::Draw;
use super::places::Office;
use crate::demo::days::office_hour;
use crate::domain::case::submission::Channel;
use crate::domain::civil_date;
use crate::domain::law::calendar::Calendar;

/// The first day on which someone applied.
const FIRST: (i32, u32, u32) = (2019, 1, 2);
/// Working days that count as fresh: somewhat more applications came in them.
const FRESH: u32 = 40;
/// Applications that come one after another and may carry the same text.
const ALIKE: usize = 64;

/// What is fixed of an application before its story is told.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Draws of the story.
    pub seed: u64,
    /// Draws of the text; at times those of a neighbour.
    pub words: u64,
    pub office: usize,
    pub channel: Channel,
    pub arrived_on: NaiveDate,
    pub entered_at: DateTime<Utc>,
    /// The moment of the receipt; `None` where it is never received, or not yet.
    pub received_at: Option<DateTime<Utc>>,
    /// Whether the application was given up before its receipt.
    pub lost: bool,
    pub intake: i64,
    pub number: i64,
}

/// Numbers given so far, by counter scope.
pub type Counters = BTreeMap<String, i64>;

/// The scopes of the two numbers of a case, as submitting and receiving name them.
pub fn scopes(office: &Office, plan: &Plan) -> (String, Option<String>) {
    let intake = format!("intake/{}/{}", office.code, plan.arrived_on.year());
    let received = plan.received_at.map(civil_date);
    (
        intake,
        received.map(|day| format!("case/{}/{}", office.code, day.year())),
    )
}

/// The days on which applications arrive, with the sum of the weights up to each.
struct Season {
    days: Vec<(u64, NaiveDate)>,
    total: u32,
}

impl Season {
    fn until(calendar: &Calendar, last: NaiveDate) -> Self {
        let first = NaiveDate::from_ymd_opt(FIRST.0, FIRST.1, FIRST.2).unwrap_or(last);
        let mut sum: u64 = 0;
        let mut days = Vec::new();
        for day in first.iter_days().take_while(|day| *day <= last) {
            // More come in spring and before the end of the year, and more in each year than in the one before.
            let month: u64 = match day.month() {
                1 | 2 => 70,
                3..=6 => 115,
                9..=11 => 108,
                _ => 92,
            };
            let year = 80 + 6 * u64::try_from(day.year() - FIRST.0).unwrap_or(0);
            let weekday = if calendar.is_working_day(day) { 10 } else { 3 };
            let fresh = if calendar.working_days_between(day, last) < i64::from(FRESH) {
                15
            } else {
                10
            };
            sum += month * year * weekday * fresh / 1000;
            days.push((sum, day));
        }
        Self {
            days,
            total: u32::try_from(sum).unwrap_or(u32::MAX),
        }
    }

    fn day(&self, draw: &mut Draw) -> Option<NaiveDate> {
        let at = u64::from(draw.below(self.total));
        let index = self.days.partition_point(|(sum, _)| *sum <= at);
        self.days.get(index).or(self.days.last()).map(|(_, day)| *day)
    }
}

/// Plans this many applications up to yesterday, in the order of entry; numbers go on from `counters`.
pub fn plans(
    seed: u64,
    cases: u32,
    calendar: &Calendar,
    offices: &[Office],
    now: DateTime<Utc>,
    counters: &Counters,
) -> Vec<Plan> {
    let Some(last) = civil_date(now).checked_sub_days(Days::new(1)) else {
        return Vec::new();
    };
    let season = Season::until(calendar, last);
    let mut all: Vec<Plan> = (0..cases)
        .filter_map(|number| one(Draw::new(seed, number.into()), &season, calendar, last, now))
        .collect();
    all.sort_by_key(|plan| (plan.entered_at, plan.seed));
    let weights: Vec<(u32, usize)> = offices.iter().map(|office| office.weight).zip(0..).collect();
    let mut given = counters.clone();
    let mut next = |scope: String| {
        let value = given.entry(scope).or_default();
        *value += 1;
        *value
    };
    for (index, plan) in all.iter_mut().enumerate() {
        let mut draw = Draw::new(plan.seed, 1);
        if draw.chance(30) {
            plan.words = seed ^ u64::try_from(index / ALIKE).unwrap_or(0);
            draw = Draw::new(plan.words, 2);
        }
        plan.office = draw.weighted(&weights).unwrap_or(0);
        let Some(office) = offices.get(plan.office) else {
            continue;
        };
        let (intake, number) = scopes(office, plan);
        plan.intake = next(intake);
        plan.number = number.map_or(0, &mut next);
    }
    all
}

fn one(mut draw: Draw, season: &Season, calendar: &Calendar, last: NaiveDate, now: DateTime<Utc>) -> Option<Plan> {
    let drawn = season.day(&mut draw)?;
    let worked = calendar.is_working_day(drawn);
    let channel = draw
        .weighted(&[
            (600, Channel::Online),
            (190, Channel::RegisteredMail),
            (140, Channel::InPerson),
            (45, Channel::OrdinaryMail),
            (25, Channel::Fax),
        ])
        // Outside working days only the network takes applications.
        .filter(|_| worked)
        .unwrap_or(Channel::Online);
    // What comes in the night before a free day is entered when the office opens again.
    let mut arrived_on = drawn;
    let mut entered_on = calendar.roll_to_working_day(drawn);
    while entered_on > last {
        arrived_on = arrived_on.pred_opt()?;
        entered_on = calendar.roll_to_working_day(arrived_on);
        if calendar.is_working_day(arrived_on) {
            entered_on = arrived_on;
        }
    }
    let entered_at = office_hour(entered_on, draw.between(0, 430).into());
    let lost = channel.needs_confirmation() && draw.chance(32);
    let wait = match channel {
        Channel::InPerson | Channel::RegisteredMail => 0,
        Channel::OrdinaryMail => draw.below(2),
        Channel::Online | Channel::Fax => draw.below(3),
    };
    // Within two working days of the arrival (Art 31(3)), the first of which a free day leaves no time for.
    let wait = if entered_on == arrived_on { wait } else { wait.min(1) };
    let received_at = match wait {
        0 => entered_at + TimeDelta::minutes(draw.between(15, 45).into()),
        days => office_hour(calendar.add_working_days(entered_on, days), draw.between(0, 300).into()),
    };
    Some(Plan {
        seed: draw.any(),
        words: draw.any(),
        office: 0,
        channel,
        arrived_on,
        entered_at,
        received_at: Some(received_at).filter(|at| !lost && *at <= now),
        lost,
        intake: 0,
        number: 0,
    })
}
