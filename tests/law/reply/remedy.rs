//! Which remedies a reply must tell, by day and ground.

use chrono::NaiveDate;

use gongkai::domain::reply::outcome::Outcome;
use gongkai::domain::reply::remedy::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn remedies_follow_the_law_of_the_day() {
    use Outcome::*;
    use RemedyClass::*;
    for (outcome, on, class) in [
        (StateSecret, day(2023, 12, 31), R2),
        (StateSecret, day(2024, 1, 1), R1),
        (EnforcementFile, day(2025, 6, 1), R1),
        (PartlyGranted, day(2025, 6, 1), R1),
        (PartlyGranted, day(2023, 12, 31), R2),
        (AdministrativeQuery, day(2025, 6, 1), R2),
        (Granted, day(2026, 1, 5), R2),
        (NotHeld, day(2026, 1, 5), R2),
        (Repeated, day(2026, 1, 5), R2),
        (AmendmentLapsed, day(2026, 1, 5), R2),
        (Other, day(2026, 1, 5), R0),
        (NotCorrected, day(2026, 1, 5), R2),
    ] {
        assert_eq!(outcome.remedy_class(on), class, "{outcome:?} {on}");
    }
}
