//! The working-day calendar and the rule packs: shipped data, arithmetic, revisions, refused files.

use chrono::{Datelike, Days, NaiveDate};
use gongkai::domain::law::calendar::{Calendar, CalendarError, CivilLimit, DayKind};
use gongkai::domain::law::rules::{RulePacks, RulesError};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar::embedded().expect("the shipped calendars are readable")
}

/// Reference §2.3, C1–C6: the n-th working day after the day of receipt (民诉法第八十五条第二款; yearly holiday notices).
#[test]
fn worked_dates_of_working_day_periods() {
    let calendar = calendar();
    for (case, received, n, expected) in [
        ("C1", "2025-09-26", 1, "2025-09-28"),
        ("C1", "2025-09-26", 7, "2025-10-13"),
        ("C1", "2025-09-26", 15, "2025-10-23"),
        ("C1", "2025-09-26", 20, "2025-10-30"),
        ("C1", "2025-09-26", 40, "2025-11-27"),
        ("C2", "2026-02-11", 7, "2026-02-27"),
        ("C2", "2026-02-11", 15, "2026-03-10"),
        ("C2", "2026-02-11", 20, "2026-03-17"),
        ("C2", "2026-02-11", 40, "2026-04-15"),
        ("C3", "2025-01-24", 1, "2025-01-26"),
        ("C3", "2025-01-24", 7, "2025-02-10"),
        ("C3", "2025-01-24", 20, "2025-02-27"),
        ("C4", "2024-09-12", 7, "2024-09-24"),
        ("C4", "2024-09-12", 15, "2024-10-10"),
        ("C4", "2024-09-12", 20, "2024-10-16"),
        ("C4", "2024-09-12", 40, "2024-11-13"),
        ("C5", "2025-12-31", 7, "2026-01-12"),
        ("C5", "2025-12-31", 20, "2026-01-29"),
        ("C5", "2025-12-31", 40, "2026-03-04"),
        ("C6", "2026-09-30", 7, "2026-10-15"),
        ("C6", "2026-09-30", 20, "2026-11-03"),
    ] {
        let day = calendar.add_working_days(d(received), n);
        assert_eq!(day, d(expected), "{case}: {n} working days after {received}");
        assert_eq!(calendar.working_days_between(d(received), day), i64::from(n), "{case}");
    }
}

/// Reference §2.3, C10–C12 (民诉法第八十五条第三款), and month ends around December, where another system went a year wrong.
#[test]
fn worked_dates_of_civil_periods() {
    let calendar = calendar();
    for (case, from, limit, expected) in [
        // A Saturday that is worked is not a day off.
        ("C10", "2026-03-10", CivilLimit::Days(60), "2026-05-09"),
        ("C11", "2026-03-06", CivilLimit::Days(60), "2026-05-06"),
        ("C12", "2025-08-31", CivilLimit::Months(6), "2026-02-28"),
        ("December", "2025-06-30", CivilLimit::Months(6), "2025-12-30"),
        ("from December", "2025-12-31", CivilLimit::Months(6), "2026-06-30"),
        ("15 days", "2026-03-06", CivilLimit::Days(15), "2026-03-23"),
    ] {
        assert_eq!(calendar.last_day_of(d(from), limit), d(expected), "{case}");
    }
}

/// Working days a year as they were counted by hand in the reference (§2.1).
#[test]
fn working_days_of_whole_years() {
    let calendar = calendar();
    for (year, days) in [(2024, 251), (2025, 248), (2026, 248)] {
        let from = NaiveDate::from_ymd_opt(year - 1, 12, 31).unwrap();
        let to = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
        assert_eq!(calendar.working_days_between(from, to), days, "{year}");
    }
}

/// The prefix counts against a walk from day to day, from before the first loaded year to after the last.
#[test]
fn arithmetic_equals_walking() {
    let calendar = calendar();
    let start = d("2006-12-20");
    let mut working = Vec::new();
    let mut day = start;
    while day < d("2028-02-01") {
        day = day.succ_opt().unwrap();
        if calendar.is_working_day(day) {
            working.push(day);
        }
        assert_eq!(calendar.working_days_between(start, day), working.len() as i64, "{day}");
        assert_eq!(
            calendar.working_days_between(day, start),
            -(working.len() as i64),
            "{day}"
        );
        let off = matches!(calendar.day(day), DayKind::Weekend | DayKind::Holiday(_));
        assert_eq!(off, !calendar.is_working_day(day), "{day}");
        let rolled = calendar.roll_to_working_day(day);
        assert!(rolled >= day && calendar.is_working_day(rolled), "{day}");
    }
    for (n, day) in working.iter().enumerate() {
        assert_eq!(calendar.add_working_days(start, n as u32 + 1), *day);
        if let Some(later) = working.get(n + 37) {
            assert_eq!(calendar.add_working_days(*day, 37), *later);
        }
    }
    assert_eq!(calendar.add_working_days(d("2025-10-01"), 0), d("2025-10-01"));
}

#[test]
fn arithmetic_is_total() {
    let calendar = calendar();
    for day in [NaiveDate::MIN, NaiveDate::MAX, d("1990-01-01"), d("2200-12-31")] {
        for n in [1, 40, u32::MAX] {
            assert!(calendar.add_working_days(day, n) >= day.checked_add_days(Days::new(1)).unwrap_or(day));
        }
        calendar.roll_to_working_day(day);
        calendar.last_day_of(day, CivilLimit::Days(u32::MAX));
        calendar.last_day_of(day, CivilLimit::Months(u32::MAX));
    }
    let span = calendar.working_days_between(NaiveDate::MIN, NaiveDate::MAX);
    assert_eq!(span, -calendar.working_days_between(NaiveDate::MAX, NaiveDate::MIN));
}

#[test]
fn days_are_named() {
    let calendar = calendar();
    for (day, kind) in [
        ("2025-09-26", DayKind::Working),
        ("2025-09-27", DayKind::Weekend),
        ("2025-09-28", DayKind::MakeUp("国庆节")),
        ("2025-10-04", DayKind::Holiday("国庆节")),
        ("2022-12-31", DayKind::Holiday("元旦")),
        ("2023-01-02", DayKind::Holiday("元旦")),
        // Weekends and the days of the decree where no notice is loaded.
        ("2027-01-01", DayKind::Holiday("元旦")),
        ("2027-01-02", DayKind::Weekend),
        ("2027-02-09", DayKind::Working),
        ("2028-01-03", DayKind::Working),
    ] {
        assert_eq!(calendar.day(d(day)), kind, "{day}");
    }
}

#[test]
fn loaded_years() {
    let calendar = calendar();
    assert_eq!(
        calendar.loaded_years().collect::<Vec<_>>(),
        (2008..=2026).collect::<Vec<_>>()
    );
    assert_eq!(calendar.last_loaded_year(), 2026);
    // The notice for 2008 set no day of 2007, the missing one for 2027 none of 2027.
    assert!(!calendar.is_loaded(2007) && !calendar.is_loaded(2027));
    assert!(!calendar.is_uncertain(d("2007-12-31"), d("2026-12-19")));
    assert!(calendar.is_uncertain(d("2026-12-31"), d("2027-01-01")));
    assert!(calendar.is_uncertain(d("2007-12-30"), d("2008-01-01")));
}

/// The three notices that changed a year under way: before its publication the first notice stands.
#[test]
fn revisions_are_known_from_their_publication() {
    let calendar = calendar();
    for (published, day, before, after) in [
        ("2015-05-31", "2015-09-03", true, false),
        ("2015-05-31", "2015-09-04", true, false),
        ("2015-05-31", "2015-09-06", false, true),
        ("2019-03-22", "2019-04-28", false, true),
        ("2019-03-22", "2019-05-01", false, false),
        ("2019-03-22", "2019-05-02", true, false),
        ("2019-03-22", "2019-05-05", false, true),
        ("2020-01-26", "2020-01-31", true, false),
        ("2020-01-26", "2020-02-01", true, false),
        ("2020-01-26", "2020-02-02", false, false),
    ] {
        let eve = calendar.known_on(d(published).pred_opt().unwrap());
        let since = calendar.known_on(d(published));
        assert_eq!(eve.is_working_day(d(day)), before, "{day} before {published}");
        assert_eq!(since.is_working_day(d(day)), after, "{day} since {published}");
        assert_eq!(calendar.is_working_day(d(day)), after, "{day}");
        assert_ne!(eve.hash(), since.hash());
    }
    // A period that the prolonged Spring Festival of 2020 moves by the two working days it took.
    let due = |calendar: &Calendar| calendar.add_working_days(d("2020-01-10"), 20);
    assert_eq!(due(&calendar.known_on(d("2020-01-20"))), d("2020-02-12"));
    assert_eq!(due(&calendar), d("2020-02-14"));
}

/// 国办 published the arrangement for 2025 on 2024-11-12 and the one for 2026 on 2025-11-04; of the years before, the day is
/// not in our source, and the 1st of December before stands for it.
#[test]
fn a_year_is_known_since_its_notice() {
    let calendar = calendar();
    for (eve, since, year) in [
        ("2025-11-03", "2025-11-04", 2026),
        ("2024-11-11", "2024-11-12", 2025),
        ("2023-11-30", "2023-12-01", 2024),
    ] {
        assert_eq!(calendar.known_on(d(eve)).last_loaded_year(), year - 1);
        assert_eq!(calendar.known_on(d(since)).last_loaded_year(), year);
    }
    let unknown = calendar.known_on(d("2000-01-01"));
    assert_eq!(unknown.last_loaded_year(), 0);
    assert_eq!(unknown.add_working_days(d("2025-09-26"), 20), d("2025-10-24"));
}

#[test]
fn files_replace_the_shipped_ones() {
    let header = "date,status,holiday,published_on\n";
    let first = format!("\u{feff}{header}2027-01-01,holiday,元旦,2026-12-01\n2027-10-01,holiday,国庆节,2026-12-01\n");
    let local = format!("{header}2027-03-15,holiday,地方节日,2027-01-05\n2027-10-01,ordinary,,2027-02-01\n");
    let calendar = Calendar::from_csv_sources([("2027.csv", first.as_str()), ("local.csv", local.as_str())]).unwrap();
    assert_eq!(calendar.loaded_years().collect::<Vec<_>>(), [2027]);
    assert_eq!(calendar.day(d("2027-03-15")), DayKind::Holiday("地方节日"));
    assert!(calendar.is_working_day(d("2027-10-01")), "a later notice took it back");
    assert!(!calendar.known_on(d("2027-01-31")).is_working_day(d("2027-10-01")));
    let empty = Calendar::from_csv_sources([]).unwrap();
    assert_eq!(empty.working_days_between(d("2027-01-03"), d("2027-01-10")), 5);
}

#[test]
fn broken_calendar_files_are_refused_with_their_line() {
    let header = "date,status,holiday,published_on\n";
    for (rows, expected) in [
        ("2027-02-30,holiday,春节,2026-12-01\n", "2027.csv: not a calendar table"),
        ("2027-02-01,closed,春节,2026-12-01\n", "2027.csv: not a calendar table"),
        ("2027-02-01,holiday\n", "2027.csv: not a calendar table"),
        (
            "2027-01-01,holiday,元旦,2026-12-01\n2207-02-01,holiday,春节,2026-12-01\n",
            "2027.csv, line 3: 2207-02-01 is outside the years 1990 to 2200",
        ),
        (
            "2027-02-01,workday,春节,2026-12-01\n",
            "2027.csv, line 2: 2027-02-01 is a weekday and needs no make-up; use `ordinary` to take a holiday back",
        ),
        (
            "2027-02-01,holiday,春节,2026-12-01\n2027-02-01,ordinary,春节,2026-12-01\n",
            "2027.csv, line 3: 2027-02-01 stands twice with the same day of publication",
        ),
    ] {
        let text = format!("{header}{rows}");
        let error: CalendarError = Calendar::from_csv_sources([("2027.csv", text.as_str())]).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    assert!(Calendar::from_csv_sources([("2027.csv", "date,status\n2027-01-01,holiday\n")]).is_err());
}

#[test]
fn rule_packs_follow_the_receipt_date() {
    let packs = RulePacks::embedded().expect("the shipped rule packs are readable");
    for (received, code, reply, extension) in [
        ("2019-05-15", "regulation-2019", 20, 20),
        ("2026-01-05", "regulation-2019", 20, 20),
        ("2019-05-14", "regulation-2008", 15, 15),
        ("2008-05-01", "regulation-2008", 15, 15),
        ("1995-01-01", "regulation-2008", 15, 15),
    ] {
        let pack = packs.for_receipt(d(received));
        assert_eq!(
            (pack.code.as_str(), pack.reply_days, pack.extension_max),
            (code, reply, extension)
        );
        assert_eq!(packs.get(code), Some(pack));
        // These limits are the same under both packs.
        assert_eq!(
            (
                pack.amendment_notice_days,
                pack.amendment_response_days,
                pack.opinion_days,
                pack.fee_payment_days
            ),
            (7, 15, 15, 20)
        );
    }
    assert!(packs.get("regulation-1999").is_none());
    assert_eq!(packs.all().count(), 2);
    let last_old = packs.get("regulation-2008").unwrap().valid_to.unwrap();
    let first_new = packs.get("regulation-2019").unwrap().valid_from;
    assert_eq!(last_old.succ_opt(), Some(first_new), "no gap between the packs");
    assert_eq!(first_new.year(), 2019);
    assert_eq!(packs.get("regulation-2019").unwrap().articles.amendment, "第三十条");
}

#[test]
fn broken_rule_files_are_refused() {
    let text = include_str!("../../config/rules/regulation-2019.toml");
    let load = |sources: &[(&str, &str)]| RulePacks::from_toml_sources(sources.iter().copied());
    assert!(matches!(load(&[]), Err(RulesError::Empty)));
    assert!(matches!(load(&[("a.toml", "code = 1")]), Err(RulesError::Toml { .. })));
    let zero = text.replacen("value = 20", "value = 0", 1);
    let error = load(&[("a.toml", &zero)]).unwrap_err();
    assert_eq!(error.to_string(), "a.toml: `reply_days` must be 1 to 1000 working days");
    let unknown = format!("{text}\n[surprise]\nvalue = 1\n");
    assert!(matches!(load(&[("a.toml", &unknown)]), Err(RulesError::Toml { .. })));
    assert!(matches!(
        load(&[("a.toml", text), ("b.toml", text)]),
        Err(RulesError::Overlap(..))
    ));
}

/// A file in the directory that is not built in would say something to whoever reads it, and nothing to the program.
#[test]
fn every_file_of_the_directory_is_built_in() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/config/calendars");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    let pairs = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let all = Calendar::from_csv_sources(pairs).unwrap();
    assert_eq!(
        Calendar::embedded().unwrap().hash(),
        all.hash(),
        "enter it in EMBEDDED of domain/law/calendar.rs"
    );
}
