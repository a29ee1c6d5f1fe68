//! What the two clocks are compared on: the days of the calendar files, histories, and random ones of them,
//! reproducible from their seed: mostly valid, crowding their facts around holidays, due dates and each other, and a
//! share that contradict themselves.

use crate::clock::naive::{due_dates, refusals};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The facts of the preview in the order in which they apply on one date.
pub const KINDS: [&str; 12] = [
    "amendment_requested",
    "amendment_received",
    "fee_notified",
    "fee_paid",
    "consultation_sent",
    "consultation_delivered",
    "opinion_received",
    "consultation_ended",
    "extended",
    "delay_set",
    "replied",
    "reply_ordered",
];

/// One fact of any kind; fields that its kind lacks are `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub fact: &'static str,
    pub on: NaiveDate,
    pub id: Option<String>,
    pub kind: Option<&'static str>,
    pub respond_by: Option<NaiveDate>,
    pub delivered_on: Option<NaiveDate>,
    pub working_days: Option<u32>,
    pub until: Option<NaiveDate>,
}

impl Entry {
    pub fn new(fact: &'static str, on: NaiveDate) -> Self {
        Self {
            fact,
            on,
            id: None,
            kind: None,
            respond_by: None,
            delivered_on: None,
            working_days: None,
            until: None,
        }
    }

    pub fn rank(&self) -> usize {
        KINDS.iter().position(|kind| *kind == self.fact).unwrap()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// `regulation-2019` or `regulation-2008`.
    pub pack: &'static str,
    pub received_on: NaiveDate,
    pub as_of: NaiveDate,
    pub facts: Vec<Entry>,
}

impl History {
    /// Base allowance and longest extension, which have the same length in both packs.
    pub fn allowance(&self) -> u32 {
        if self.pack == "regulation-2008" { 15 } else { 20 }
    }

    /// The history as the body of `POST /api/v1/clock/preview`.
    pub fn body(&self) -> Value {
        let facts: Vec<Value> = self
            .facts
            .iter()
            .map(|f| {
                let mut fact = json!({"fact": f.fact, "on": f.on});
                let mut put = |key: &str, value: Value| {
                    if !value.is_null() {
                        fact[key] = value;
                    }
                };
                put("id", json!(f.id));
                put("kind", json!(f.kind));
                put("respond_by", json!(f.respond_by));
                put("delivered_on", json!(f.delivered_on));
                put("working_days", json!(f.working_days));
                put("until", json!(f.until));
                fact
            })
            .collect();
        json!({"received_on": self.received_on, "as_of": self.as_of, "explain": true, "facts": facts})
    }
}

/// The days of the calendar files that differ from Monday to Friday.
#[derive(Debug, Clone, Default)]
pub struct Days {
    off: BTreeMap<NaiveDate, String>,
    worked: BTreeSet<NaiveDate>,
    years: BTreeSet<i32>,
}

impl Days {
    /// Reads lines `date,status,holiday,published_on`; of several lines for one date the latest published one counts. A line
    /// with `decree` in place of the publication comes before them all and makes no year known.
    pub fn read<'a>(files: impl IntoIterator<Item = &'a str>) -> Self {
        let lines = files
            .into_iter()
            .flat_map(str::lines)
            .filter(|line| !line.starts_with("date"));
        let mut rows: Vec<Vec<&str>> = lines.map(|line| line.trim().split(',').collect()).collect();
        rows.sort_by_key(|row| row.get(3).copied().filter(|published| *published != "decree"));
        let mut days = Self::default();
        for row in rows.iter().filter(|row| row.len() > 2) {
            let date: NaiveDate = row[0].parse().unwrap();
            days.off.remove(&date);
            days.worked.remove(&date);
            match row[1] {
                "holiday" => drop(days.off.insert(date, row[2].to_owned())),
                "workday" => drop(days.worked.insert(date)),
                "ordinary" => {}
                other => panic!("unknown status {other} of {date}"),
            }
            if date.ordinal() == 1 && row.get(3) != Some(&"decree") {
                days.years.insert(date.year());
            }
        }
        days
    }

    /// The name of the holiday to which the day off belongs.
    pub fn holiday(&self, day: NaiveDate) -> Option<&String> {
        self.off.get(&day)
    }

    pub fn is_working(&self, day: NaiveDate) -> bool {
        if is_weekend(day) {
            self.worked.contains(&day)
        } else {
            !self.off.contains_key(&day)
        }
    }

    /// The `n`-th working day after `day`.
    pub fn nth_after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let (mut day, mut found) = (day, 0);
        while found < n {
            day = next(day);
            found += u32::from(self.is_working(day));
        }
        day
    }

    /// Working days after `from` up to and including `to`.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        days_after(from, to).filter(|day| self.is_working(*day)).count() as i64
    }

    pub fn is_loaded(&self, day: NaiveDate) -> bool {
        self.years.contains(&day.year())
    }

    /// Whether a count that starts after `from` and ends on `to` passes a year without a calendar, or a day from 20 December
    /// on before such a year.
    pub fn guesses(&self, from: NaiveDate, to: NaiveDate) -> bool {
        let may_move = |day: NaiveDate| (day.month(), day.day()) >= (12, 20) && !self.years.contains(&(day.year() + 1));
        days_after(from, to).any(|day| !self.is_loaded(day) || may_move(day))
    }

    pub fn listed(&self) -> Vec<NaiveDate> {
        self.off.keys().chain(&self.worked).copied().collect()
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

pub fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap()
}

fn days_after(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().skip(1).take_while(move |day| *day <= to)
}

const IDS: [&str; 6] = ["m", "b", "乙", "a", "10", "9"];

/// SplitMix64: the histories stay the same whatever becomes of a random number crate.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ 0x5DEE_CE66)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn day(&mut self, from: NaiveDate, to: NaiveDate) -> NaiveDate {
        plus(from, self.below((to - from).num_days() as usize + 1) as i64)
    }
}

fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    day + TimeDelta::days(days)
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Where the last fact, with its delivery, ends.
fn last_date(h: &History) -> NaiveDate {
    let dates = h.facts.iter().flat_map(|f| [Some(f.on), f.delivered_on]).flatten();
    dates.max().map_or(h.received_on, |last| last.max(h.received_on))
}

/// Dates at which something turns: due dates, limits, and their neighbours.
fn turning_points(days: &Days, h: &History) -> Vec<NaiveDate> {
    due_dates(days, h)
        .into_iter()
        .flat_map(|on| [plus(on, -1), on, plus(on, 1)])
        .filter(|on| *on >= h.as_of && *on < plus(h.as_of, 250))
        .collect()
}

fn receipt(dice: &mut Dice, listed: &[NaiveDate]) -> NaiveDate {
    match dice.below(10) {
        0..=3 => plus(dice.pick(listed), dice.below(16) as i64 - 12),
        4 => {
            let year = 2008 + dice.below(19) as i32;
            dice.day(date(year, 12, 1), date(year, 12, 31))
        }
        5 => dice.day(date(2026, 8, 15), date(2026, 12, 31)),
        6 => dice.day(date(2027, 1, 1), date(2029, 12, 31)),
        _ => dice.day(date(2009, 1, 1), date(2026, 12, 31)),
    }
}

/// A kind that has a fair chance to be possible after the facts so far.
fn likely_kind(dice: &mut Dice, facts: &[Entry]) -> &'static str {
    let last_of = |kinds: &[&str]| {
        facts
            .iter()
            .rposition(|f| kinds.contains(&f.fact))
            .map_or(0, |at| at + 1)
    };
    let replied = last_of(&["replied"]);
    let restarted = last_of(&["amendment_received", "fee_paid", "reply_ordered"]);
    let (asked, noticed) = (last_of(&["amendment_requested"]), last_of(&["fee_notified"]));
    let consultation = [
        "consultation_delivered",
        "opinion_received",
        "consultation_ended",
        "consultation_delivered",
    ];
    let any_sent = last_of(&["consultation_sent"]) > 0;
    let roll = dice.below(100);
    if roll < 12 {
        dice.pick(&KINDS)
    } else if replied > restarted {
        "reply_ordered"
    } else if any_sent && roll < 58 {
        dice.pick(&consultation)
    } else if asked.max(noticed) > restarted && roll < 75 {
        if asked > noticed {
            "amendment_received"
        } else {
            "fee_paid"
        }
    } else {
        dice.pick(&[
            "consultation_sent",
            "consultation_sent",
            "consultation_sent",
            "amendment_requested",
            "fee_notified",
            "extended",
            "delay_set",
            "replied",
        ])
    }
}

fn entry(dice: &mut Dice, fact: &'static str, on: NaiveDate, h: &History, turns: &[NaiveDate]) -> Entry {
    let mut e = Entry::new(fact, on);
    let later = |dice: &mut Dice, least: i64| {
        if !turns.is_empty() && dice.chance(30) {
            Some(dice.pick(turns))
                .filter(|day| *day >= plus(on, least))
                .unwrap_or(plus(on, least))
        } else {
            plus(on, least + dice.below(30) as i64)
        }
    };
    match fact {
        "amendment_requested" => {
            e.respond_by = dice.chance(60).then(|| later(dice, 1));
            e.delivered_on = dice.chance(40).then(|| plus(on, [0, 1, 9, 30][dice.below(4)]));
        }
        "fee_notified" if dice.chance(75) => e.delivered_on = Some(plus(on, [0, 0, 1, 3, 9, 30][dice.below(6)])),
        "extended" => e.working_days = Some([1, 5, h.allowance(), 1 + dice.below(15) as u32][dice.below(4)]),
        "delay_set" => e.until = Some(later(dice, 1)),
        "reply_ordered" if dice.chance(50) => e.until = Some(later(dice, 1)),
        "consultation_sent" => {
            e.kind = Some(dice.pick(&["third_party", "agency"]));
            e.id = Some(dice.pick(&IDS).to_owned());
        }
        "consultation_delivered" | "opinion_received" | "consultation_ended" => {
            let sent: Vec<String> = h
                .facts
                .iter()
                .filter(|f| f.fact == "consultation_sent")
                .filter_map(|f| f.id.clone())
                .collect();
            e.id = Some(if sent.is_empty() {
                dice.pick(&IDS).to_owned()
            } else {
                dice.pick(&sent)
            });
        }
        _ => {}
    }
    e
}

/// A history whose facts came one after the other, each possible after those before it; then the list is shuffled.
pub fn history(dice: &mut Dice, days: &Days, listed: &[NaiveDate]) -> History {
    let received_on = receipt(dice, listed);
    let usual = if received_on < date(2019, 5, 15) { 0 } else { 1 };
    let at = if dice.chance(15) { 1 - usual } else { usual };
    let mut h = History {
        pack: ["regulation-2008", "regulation-2019"][at],
        received_on,
        as_of: received_on,
        facts: Vec::new(),
    };
    let mut cursor = received_on;
    for _ in 0..dice.below(15) {
        let turns = if dice.chance(35) {
            turning_points(days, &h)
        } else {
            Vec::new()
        };
        let on = if !turns.is_empty() && dice.chance(70) {
            dice.pick(&turns).max(cursor)
        } else {
            let wide = dice.pick(&[1, 1, 1, 4, 4, 9, 9, 25, 45]);
            plus(cursor, dice.below(wide) as i64)
        };
        let fact = likely_kind(dice, &h.facts);
        let mut longer = h.clone();
        longer.facts.push(entry(dice, fact, on, &h, &turns));
        longer.as_of = last_date(&longer);
        if refusals(days, &longer).is_empty() {
            cursor = on;
            h = longer;
        }
    }
    let turns = turning_points(days, &h);
    h.as_of = match dice.below(10) {
        0..=2 => h.as_of,
        3..=5 if !turns.is_empty() => dice.pick(&turns),
        3..=6 => plus(h.as_of, dice.below(8) as i64),
        7..=8 => plus(h.as_of, dice.below(40) as i64),
        _ => plus(h.as_of, dice.below(300) as i64),
    };
    if dice.chance(12) {
        spoil(dice, &mut h);
    }
    for i in (1..h.facts.len()).rev() {
        h.facts.swap(i, dice.below(i + 1));
    }
    h
}

/// Changes one thing so that the history probably contradicts itself.
fn spoil(dice: &mut Dice, h: &mut History) {
    if h.facts.is_empty() {
        h.as_of = plus(h.received_on, -1 - dice.below(3) as i64);
        return;
    }
    let at = dice.below(h.facts.len());
    let f = &mut h.facts[at];
    match dice.below(12) {
        0 => f.on = plus(h.received_on, -1),
        1 => f.on = plus(h.as_of, 1),
        2 => f.on = plus(f.on, dice.below(61) as i64 - 30),
        3 => h.as_of = plus(h.as_of, -(dice.below(30) as i64)),
        4 => drop(h.facts.remove(at)),
        5 => {
            let mut twin = f.clone();
            twin.on = plus(twin.on, dice.below(3) as i64);
            h.facts.push(twin);
        }
        6 => match f.fact {
            "extended" => f.working_days = Some(dice.pick(&[0, 16, 21, 400])),
            "delay_set" | "reply_ordered" => f.until = Some(plus(f.on, -(dice.below(2) as i64))),
            "amendment_requested" => f.respond_by = Some(plus(f.on, -(dice.below(2) as i64))),
            "fee_notified" => f.delivered_on = Some(dice.pick(&[plus(f.on, -1), plus(h.as_of, 1)])),
            _ => f.id = f.id.is_some().then(|| "nobody".to_owned()),
        },
        7 => h.as_of = plus(h.received_on, -1),
        _ => {
            let fact = dice.pick(&KINDS);
            let on = dice.day(h.received_on, h.as_of.max(h.received_on));
            let fact = entry(dice, fact, on, h, &[]);
            h.facts.push(fact);
        }
    }
}
