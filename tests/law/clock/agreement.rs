//! Two clocks, one answer: the production clock and the naive one on ten thousand random histories, or as many as
//! `GONGKAI_CLOCK_HISTORIES` says. A difference is shrunk and printed as the body of a clock preview.

use crate::clock::histories::{Days, Dice, Entry, History, history};
use crate::clock::naive::report;
use chrono::{NaiveDate, TimeDelta};
use gongkai::domain::law::calendar::Calendar;
use gongkai::domain::law::deadline::{ConsultationKind, Fact, Report, evaluate, explain};
use gongkai::domain::law::rules::{RulePack, RulePacks};
use gongkai::domain::words::text::FieldError;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;

type Answer = Result<Value, Vec<String>>;
type Clock = fn(&RulePack, &Calendar, NaiveDate, &[Fact], NaiveDate) -> Result<Report, Vec<FieldError>>;

/// The production clock's answer; without the day list it must say the same.
fn production(rules: &RulePacks, calendar: &Calendar, h: &History) -> Answer {
    let rules = rules.get(h.pack).unwrap();
    let facts: Vec<Fact> = h.facts.iter().map(production_fact).collect();
    let answer = |clock: Clock| {
        let answer = clock(rules, calendar, h.received_on, &facts, h.as_of);
        answer.map_err(|errors| errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>())
    };
    let (mut explained, plain) = (answer(explain), answer(evaluate));
    let days = explained.as_mut().ok().and_then(|report| report.days.take());
    assert_eq!(plain, explained, "evaluate and explain differ on {}", h.body());
    explained.map(|report| {
        let mut report = serde_json::to_value(Report { days, ..report }).unwrap();
        // The naive clock knows one reading only.
        report.as_object_mut().unwrap().remove("risks");
        report
    })
}

fn production_fact(f: &Entry) -> Fact {
    let (on, id) = (f.on, f.id.clone().unwrap_or_default());
    match f.fact {
        "amendment_requested" => Fact::AmendmentRequested {
            on,
            respond_by: f.respond_by,
            delivered_on: f.delivered_on.map(Some),
        },
        "amendment_received" => Fact::AmendmentReceived { on },
        "fee_notified" => Fact::FeeNotified {
            on,
            delivered_on: f.delivered_on,
        },
        "fee_paid" => Fact::FeePaid { on },
        "consultation_sent" => {
            let kind = match f.kind.unwrap() {
                "agency" => ConsultationKind::Agency,
                _ => ConsultationKind::ThirdParty,
            };
            Fact::ConsultationSent { id, kind, on }
        }
        "consultation_delivered" => Fact::ConsultationDelivered { id, on },
        "opinion_received" => Fact::OpinionReceived { id, on },
        "consultation_ended" => Fact::ConsultationEnded { id, on },
        "extended" => Fact::Extended {
            on,
            working_days: f.working_days.unwrap(),
        },
        "delay_set" => Fact::DelaySet {
            on,
            until: f.until.unwrap(),
        },
        "replied" => Fact::Replied { on },
        "reply_ordered" => Fact::ReplyOrdered { on, until: f.until },
        other => panic!("no such fact: {other}"),
    }
}

/// The first field in which the production clock's answer differs from the naive one's, if any.
fn difference(real: &Answer, naive: &Result<Value, Vec<Vec<String>>>) -> Option<String> {
    match (real, naive) {
        (Ok(_), Err(refusals)) => Some(format!("only the naive clock refuses: {refusals:?}")),
        (Err(pointers), Ok(_)) => Some(format!("only the production clock refuses: {pointers:?}")),
        (Err(pointers), Err(refusals)) => match refusals.as_slice() {
            [expected] => {
                let hit = |p: &String| expected.iter().any(|e| p == e || p.starts_with(&format!("{e}/")));
                let found = pointers.iter().any(hit);
                (!found).then(|| format!("pointers {pointers:?} have none of {expected:?}"))
            }
            _ => None,
        },
        (Ok(real), Ok(naive)) => fields(real, naive)
            .or_else(|| timers(real, naive))
            .or_else(|| days(real, naive))
            .or_else(|| notes(real, naive)),
    }
}

fn fields(real: &Value, naive: &Value) -> Option<String> {
    let naive = naive.as_object().unwrap();
    let differs = naive
        .iter()
        .find(|(key, value)| !matches!(key.as_str(), "timers" | "days") && real.get(key) != Some(*value));
    let known = |key: &String| naive.contains_key(key) || key == "notes";
    let unknown = real.as_object().unwrap().keys().find(|key| !known(key));
    differs
        .map(|(key, value)| format!("{key}: {:?}, naive {value}", real.get(key)))
        .or_else(|| unknown.map(|key| format!("unexpected field {key}")))
}

/// Timers are compared as a set; their articles are tested elsewhere.
fn timers(real: &Value, naive: &Value) -> Option<String> {
    let set = |report: &Value| {
        let one = |t: &Value| {
            ["timer", "id", "due_on", "status"]
                .map(|key| t[key].to_string())
                .join(" ")
        };
        let mut set: Vec<String> = report["timers"].as_array().unwrap().iter().map(one).collect();
        set.sort();
        set
    };
    let (real, naive) = (set(real), set(naive));
    (real != naive).then(|| {
        let only = |a: &[String], b: &[String]| a.iter().filter(|t| !b.contains(t)).cloned().collect::<Vec<_>>();
        format!("timers: {:?}, naive {:?}", only(&real, &naive), only(&naive, &real))
    })
}

fn days(real: &Value, naive: &Value) -> Option<String> {
    let (real, naive) = (real["days"].as_array().unwrap(), naive["days"].as_array().unwrap());
    let same = |(real, naive): (&Value, &Value)| {
        ["date", "counted", "reason", "detail"]
            .iter()
            .all(|key| real[key] == naive[key])
    };
    let alike = real.iter().zip(naive).take_while(|pair| same(*pair)).count();
    (alike < real.len().max(naive.len())).then(|| format!("days: {:?}, naive {:?}", real.get(alike), naive.get(alike)))
}

/// What is provisional is said to be so, and from which day on.
fn notes(real: &Value, naive: &Value) -> Option<String> {
    // The naive clock says nothing of it.
    let days: Vec<&str> = (real["notes"].as_array()?.iter())
        .filter(|note| note["code"] == "calendar_not_loaded")
        .map(|note| note["on"].as_str().unwrap())
        .collect();
    let loaded = "2008-01-01".."2026-12-20";
    let fits = match days.as_slice() {
        [] => naive["provisional"] == false,
        [on] => !loaded.contains(on),
        _ => false,
    };
    (!fits).then(|| format!("notes: {days:?}, provisional {}", naive["provisional"]))
}

/// Drops facts, then days at the end, as long as the clocks differ in the same field.
fn shrink(mut h: History, differs: impl Fn(&History) -> Option<String>) -> History {
    let field = |h: &History| differs(h).and_then(|d| d.split(':').next().map(str::to_owned));
    let first = field(&h);
    loop {
        let without = |i: usize| {
            let mut less = h.clone();
            less.facts.remove(i);
            less
        };
        let fewer = (0..h.facts.len()).map(without);
        let shorter = [30, 7, 1].map(|days| History {
            as_of: h.as_of - TimeDelta::days(days),
            ..h.clone()
        });
        match fewer.chain(shorter).find(|less| field(less) == first) {
            Some(less) => h = less,
            None => return h,
        }
    }
}

/// A report as it is printed; its day list only where the days differ.
fn shown(mut report: Value, field: &str) -> String {
    if field != "days" {
        report["days"] = Value::Null;
    }
    report.to_string()
}

/// Compares `count` histories and describes the first difference of each field.
fn compare(days: &Days, count: u64, real: impl Fn(&History) -> Answer + Sync) -> Vec<String> {
    let listed = days.listed();
    let differs = |h: &History| difference(&real(h), &report(days, h));
    let found: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (differs, found, listed, real) = (&differs, &found, &listed, &real);
            scope.spawn(move || {
                for seed in (worker..count).step_by(workers as usize) {
                    let h = history(&mut Dice::new(seed), days, listed);
                    let Some(d) = differs(&h) else { continue };
                    let field = d.split(':').next().unwrap_or_default().to_owned();
                    if found.lock().unwrap().contains_key(&field) {
                        continue;
                    }
                    let h = shrink(h, differs);
                    let d = differs(&h).unwrap_or_default();
                    let text = format!(
                        "seed {seed}, {}: {d}\n  body  {}\n  clock {:?}\n  naive {:?}",
                        h.pack,
                        h.body(),
                        real(&h).map(|r| shown(r, &field)),
                        report(days, &h).map(|r| shown(r, &field)),
                    );
                    found.lock().unwrap().entry(field).or_insert(text);
                }
            });
        }
    });
    found.into_inner().unwrap().into_values().collect()
}

fn date(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

/// Reads `kind on [field=value …]`.
fn fact(text: &str) -> Entry {
    let words: Vec<&str> = text.split(' ').collect();
    let kind = crate::clock::histories::KINDS
        .into_iter()
        .find(|kind| *kind == words[0])
        .unwrap();
    let mut e = Entry::new(kind, date(words[1]));
    for (key, value) in words[2..].iter().map(|word| word.split_once('=').unwrap()) {
        match key {
            "id" => e.id = Some(value.to_owned()),
            "kind" => e.kind = ["agency", "third_party"].into_iter().find(|kind| *kind == value),
            "respond_by" => e.respond_by = Some(date(value)),
            "delivered_on" => e.delivered_on = Some(date(value)),
            "until" => e.until = Some(date(value)),
            "working_days" => e.working_days = Some(value.parse().unwrap()),
            other => panic!("no field {other}"),
        }
    }
    e
}

type Worked = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The worked dates: receipt, facts, `as_of`, then fields of the report that follow from them.
const WORKED: &[Worked] = &[
    // Plain periods: the 7th, 20th and 40th working day across holidays, make-up days and the turn of the year.
    (
        "2025-09-26",
        &[],
        "2025-09-26",
        &[("due_on", "2025-10-30"), ("/timers/0/due_on", "2025-10-13")],
    ),
    (
        "2025-09-26",
        &["extended 2025-09-26 working_days=20"],
        "2025-09-26",
        &[("due_on", "2025-11-27")],
    ),
    (
        "2026-02-11",
        &[],
        "2026-02-11",
        &[("due_on", "2026-03-17"), ("/timers/0/due_on", "2026-02-27")],
    ),
    (
        "2026-02-11",
        &["extended 2026-03-17 working_days=20"],
        "2026-03-17",
        &[("due_on", "2026-04-15")],
    ),
    (
        "2025-01-24",
        &[],
        "2025-01-26",
        &[
            ("due_on", "2025-02-27"),
            ("/timers/0/due_on", "2025-02-10"),
            ("used", "1"),
        ],
    ),
    (
        "2024-09-12",
        &[],
        "2024-09-12",
        &[("due_on", "2024-10-16"), ("/timers/0/due_on", "2024-09-24")],
    ),
    (
        "2024-09-12",
        &["extended 2024-09-12 working_days=20"],
        "2024-09-12",
        &[("due_on", "2024-11-13")],
    ),
    (
        "2025-12-31",
        &[],
        "2025-12-31",
        &[("due_on", "2026-01-29"), ("/timers/0/due_on", "2026-01-12")],
    ),
    (
        "2025-12-31",
        &["extended 2025-12-31 working_days=20"],
        "2025-12-31",
        &[("due_on", "2026-03-04")],
    ),
    (
        "2026-09-30",
        &[],
        "2026-09-30",
        &[("due_on", "2026-11-03"), ("/timers/0/due_on", "2026-10-15")],
    ),
    // Art 32: a third party's opinion.
    (
        "2025-09-22",
        &[
            "opinion_received 2025-10-15 id=a",
            "consultation_sent 2025-09-26 id=a kind=third_party",
            "consultation_delivered 2025-09-26 id=a",
        ],
        "2025-10-16",
        &[
            ("due_on", "2025-11-06"),
            ("used", "5"),
            ("left", "15"),
            ("/timers/1/due_on", "2025-10-23"),
        ],
    ),
    (
        "2025-09-22",
        &[
            "consultation_sent 2025-09-26 id=a kind=agency",
            "consultation_delivered 2025-09-26 id=a",
        ],
        "2025-10-15",
        &[
            ("due_on", "null"),
            ("used", "4"),
            ("left", "16"),
            ("projected_due_on", "2025-11-14"),
        ],
    ),
    // Art 30: an amendment restarts the clock.
    (
        "2026-02-10",
        &["amendment_received 2026-03-05", "amendment_requested 2026-02-26"],
        "2026-03-05",
        &[
            ("due_on", "2026-04-02"),
            ("day_zero", "2026-03-05"),
            ("/timers/0/status", "met"),
        ],
    ),
    // Art 42: so does the payment.
    (
        "2025-04-21",
        &["fee_notified 2025-04-29 delivered_on=2025-04-29"],
        "2025-05-12",
        &[
            ("status", "awaiting_payment"),
            ("due_on", "null"),
            ("/timers/1/due_on", "2025-05-30"),
        ],
    ),
    (
        "2025-04-21",
        &["fee_notified 2025-04-29 delivered_on=2025-04-29", "fee_paid 2025-05-12"],
        "2025-05-12",
        &[
            ("status", "running"),
            ("due_on", "2025-06-10"),
            ("/timers/1/status", "met"),
        ],
    ),
];

#[test]
fn the_naive_clock_knows_the_worked_dates() {
    let days = calendar_days();
    for (received_on, facts, as_of, expected) in WORKED {
        let h = History {
            pack: "regulation-2019",
            received_on: date(received_on),
            as_of: date(as_of),
            facts: facts.iter().map(|f| fact(f)).collect(),
        };
        let found = report(&days, &h).unwrap();
        for (field, value) in *expected {
            let pointer = if field.starts_with('/') {
                (*field).to_owned()
            } else {
                format!("/{field}")
            };
            let got = found.pointer(&pointer).unwrap();
            assert_eq!(got.to_string().trim_matches('"'), *value, "{field} of {}", h.body());
        }
    }
}

fn calendar_days() -> Days {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/config/calendars");
    let files = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    let texts: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    Days::read(texts.iter().map(String::as_str))
}

#[test]
fn both_clocks_agree_on_random_histories() {
    let count = std::env::var("GONGKAI_CLOCK_HISTORIES").map_or(10_000, |n| n.parse().unwrap());
    let (rules, calendar) = (RulePacks::embedded().unwrap(), Calendar::embedded().unwrap());
    let found = compare(&calendar_days(), count, |h| production(&rules, &calendar, h));
    assert!(found.is_empty(), "the clocks differ:\n{}", found.join("\n"));
}

/// A clock that is wrong only here and there: the comparison has to find it, or it proves nothing.
#[test]
fn the_comparison_finds_a_clock_that_is_wrong_in_one_corner() {
    let days = calendar_days();
    let wrong = |h: &History| {
        let mut less = h.clone();
        for f in less.facts.iter_mut().filter(|f| f.fact == "consultation_ended") {
            f.fact = "opinion_received";
        }
        report(&days, &less).map_err(|refusals| refusals.concat())
    };
    let found = compare(&days, 500, wrong);
    assert!(found.iter().any(|d| d.contains("timers: ")), "{found:#?}");
    let right = |h: &History| report(&days, h).map_err(|refusals| refusals.concat());
    assert_eq!(compare(&days, 500, right), Vec::<String>::new());
}
