//! What the decree fixes of a year before its notice is known (全国年节及纪念日放假办法 Arts 2 and 6), and how it gives way to the notice.

use chrono::NaiveDate;
use gongkai::domain::law::calendar::{Calendar, DayKind};

const DECREE: &str = include_str!("../../config/calendars/decree-2027.csv");
const NOTICE: &str = "date,status,holiday,published_on\n";

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn with(notice: &str) -> Calendar {
    let text = format!("{NOTICE}{notice}");
    Calendar::from_csv_sources([("decree-2027.csv", DECREE), ("2027.csv", text.as_str())]).unwrap()
}

#[test]
fn the_thirteen_days_of_2027_are_off_and_the_year_stays_unloaded() {
    let calendar = Calendar::embedded().unwrap();
    assert_eq!(calendar.last_loaded_year(), 2026);
    assert!(!calendar.is_loaded(2027));
    let off: Vec<String> = NaiveDate::from_ymd_opt(2027, 1, 1)
        .unwrap()
        .iter_days()
        .take(365)
        .filter(|day| matches!(calendar.day(*day), DayKind::Holiday(_)))
        .map(|day| day.format("%m-%d").to_string())
        .collect();
    assert_eq!(
        off.join(" "),
        "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"
    );
    // 261 weekdays; seven days of the decree fall on one, and the other six are made good by a weekday each (Art 6).
    assert_eq!(calendar.working_days_listed(2027), 254);
    assert_eq!(calendar.uncertain_days_off(2027), 6);
    assert_eq!(calendar.working_days_in(2027), 248);
    // A loaded year has no such days, a year of which nothing is listed knows weekends only.
    for (year, worked) in [(2026, 248), (2025, 248), (2028, 260), (2007, 261)] {
        assert_eq!(calendar.working_days_in(year), worked, "{year}");
        assert_eq!(calendar.working_days_listed(year), worked, "{year}");
        assert_eq!(calendar.uncertain_days_off(year), 0, "{year}");
    }
    // An application received on 2026-12-04 cannot fall due on New Year's Day.
    assert_eq!(calendar.add_working_days(d("2026-12-04"), 20), d("2027-01-04"));
    assert!(calendar.is_uncertain(d("2026-12-04"), d("2027-01-04")));
}

#[test]
fn before_the_decree_nothing_of_it_was_known() {
    let calendar = Calendar::embedded().unwrap();
    assert!(calendar.known_on(d("2024-11-09")).is_working_day(d("2027-01-01")));
    assert!(!calendar.known_on(d("2024-11-10")).is_working_day(d("2027-01-01")));
}

/// What a notice says of a day counts; a day it does not name stays as the decree has it, whether the year is loaded or not.
#[test]
fn it_gives_way_to_the_notice_day_by_day() {
    // A notice that does not list the 1st of January loads nothing, but what it says counts.
    let partial = with("2027-02-06,workday,春节,2026-11-05\n2027-02-09,holiday,春节,2026-11-05\n");
    assert!(!partial.is_loaded(2027));
    assert_eq!(partial.day(d("2027-02-06")), DayKind::MakeUp("春节"));
    assert_eq!(partial.day(d("2027-02-09")), DayKind::Holiday("春节"));
    assert_eq!(partial.day(d("2027-02-05")), DayKind::Holiday("春节"));
    assert_eq!(partial.uncertain_days_off(2027), 5);

    let rows =
        "2027-01-01,holiday,新年,2026-11-05\n2027-02-05,ordinary,,2026-11-05\n2027-02-06,workday,春节,2026-11-05\n";
    let loaded = with(rows);
    assert!(loaded.is_loaded(2027));
    assert_eq!(
        loaded.day(d("2027-01-01")),
        DayKind::Holiday("新年"),
        "the notice's name"
    );
    assert_eq!(
        loaded.day(d("2027-02-05")),
        DayKind::Working,
        "taken back by the notice"
    );
    assert_eq!(loaded.day(d("2027-02-06")), DayKind::MakeUp("春节"));
    assert_eq!(
        loaded.day(d("2027-06-09")),
        DayKind::Holiday("端午"),
        "not named, not taken back"
    );
    assert_eq!(loaded.uncertain_days_off(2027), 0);
    assert_eq!(loaded.working_days_in(2027), loaded.working_days_listed(2027));

    // A later notice that takes the 1st of January back unloads the year; the decree has its day only before.
    let taken_back = with("2027-01-01,holiday,元旦,2026-11-05\n2027-01-01,ordinary,,2026-12-01\n");
    assert!(!taken_back.is_loaded(2027));
    assert!(taken_back.is_working_day(d("2027-01-01")));
}

/// A notice lists every day off of its holidays, so that the decree's file may stay when it is loaded.
#[test]
fn beside_a_whole_notice_it_changes_nothing() {
    let shipped = Calendar::embedded().unwrap();
    let decree = "date,status,holiday,certainty\n2026-01-01,holiday,元旦,decree\n2026-10-01,holiday,国庆节,decree\n";
    let text = include_str!("../../config/calendars/2026.csv");
    let both = Calendar::from_csv_sources([("2026.csv", text), ("decree-2026.csv", decree)]).unwrap();
    for day in d("2026-01-01").iter_days().take(365) {
        assert_eq!(both.day(day), shipped.day(day), "{day}");
    }
    let alone = Calendar::from_csv_sources([("2026.csv", text)]).unwrap();
    assert_ne!(
        alone.hash(),
        both.hash(),
        "the version of the calendar covers the days of the decree"
    );
}

#[test]
fn a_day_is_certain_by_the_decree_or_by_a_notice_that_none_can_change() {
    let calendar = Calendar::embedded().unwrap();
    for (day, certain) in [
        ("2027-01-01", true),
        ("2027-10-03", true),
        ("2027-10-04", false),
        ("2026-10-07", true),
        ("2026-12-19", true),
        ("2026-12-20", false),
        ("2025-12-31", true),
        ("2028-01-01", false),
    ] {
        assert_eq!(calendar.is_certain(d(day)), certain, "{day}");
    }
    assert!(!with("2027-02-06,workday,春节,2026-11-05\n").is_certain(d("2027-02-06")));
}

/// The notice of a year sets days of the December before; the earliest known is the 29th, and the line is drawn at the 20th.
#[test]
fn the_last_days_of_the_last_loaded_year_are_uncertain() {
    let calendar = Calendar::embedded().unwrap();
    for (after, to, uncertain) in [
        ("2026-12-01", "2026-12-19", false),
        ("2026-12-01", "2026-12-20", true),
        ("2026-12-30", "2026-12-31", true),
        ("2025-12-01", "2026-12-19", false),
        ("2025-12-01", "2025-12-31", false),
        ("2018-12-20", "2018-12-31", false),
    ] {
        assert_eq!(calendar.is_uncertain(d(after), d(to)), uncertain, "({after}, {to}]");
    }
    let known = calendar.known_on(d("2018-11-30"));
    assert!(
        known.is_uncertain(d("2018-12-01"), d("2018-12-28")),
        "2019 was not known then"
    );
}

#[test]
fn broken_files_of_the_decree_are_refused_with_their_line() {
    for (rows, expected) in [
        (
            "2027-01-01,workday,元旦,decree\n",
            "2027-01-01 is a weekday and needs no make-up; use `ordinary` to take a holiday back",
        ),
        (
            "2027-02-06,workday,春节,decree\n",
            "2027-02-06 is a day of the decree, which only gives days off",
        ),
        (
            "2027-01-01,ordinary,元旦,decree\n",
            "2027-01-01 is a day of the decree, which only gives days off",
        ),
        (
            "2027-01-01,holiday,元旦,\n",
            "2027-01-01 needs either its day of publication or the certainty of the decree",
        ),
    ] {
        let text = format!("date,status,holiday,certainty\n{rows}");
        let error = Calendar::from_csv_sources([("decree.csv", text.as_str())]).unwrap_err();
        assert_eq!(error.to_string(), format!("decree.csv, line 2: {expected}"));
    }
    let guess = "date,status,holiday,certainty\n2027-01-01,holiday,元旦,guess\n";
    assert!(Calendar::from_csv_sources([("decree.csv", guess)]).is_err());
    let twice = Calendar::from_csv_sources([("a.csv", DECREE), ("b.csv", DECREE)]).unwrap_err();
    assert_eq!(
        twice.to_string(),
        "b.csv, line 2: 2027-01-01 stands twice among the days of the decree"
    );
}
