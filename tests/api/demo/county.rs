//! The demonstration: on whatever day it is first started, it shows every state, clock, queue and leaf, and its log is sound.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use gongkai::auth::passwords::DEMO_PASSWORD;
use gongkai::config::Config;
use gongkai::demo::{Played, demo_seed, welcome};
use gongkai::documents::Blobs;
use gongkai::domain::case::Event;
use gongkai::domain::case::Queue;
use gongkai::domain::case::defect::defects;
use gongkai::domain::case::sub::SubStatus;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, Case, LateEntry, State};
use gongkai::domain::civil_date;
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Actor;
use gongkai::domain::people::party::ApplicantKind;
use gongkai::domain::reply::{CaseKind, Outcome};
use gongkai::domain::words::codes::Coded;
use gongkai::domain::words::ids::CaseId;
use gongkai::error::Error;
use gongkai::service::auth::Auth;
use gongkai::service::law::LawBook;
use gongkai::service::sight::list_scope;
use gongkai::store::cases::list::{CaseFilter, ListDays, case_list};
use gongkai::store::cases::rebuild::{audit_page, rebuild_page};
use gongkai::store::cases::{CaseRow, case_load};
use gongkai::store::users::{actor_of, user_by_username};
use gongkai::store::{Db, Store};

use crate::harness::{Actor as Person, Database, TestApp, both};

const PUBLIC_URL: &str = "https://gongkai.example.gov.cn";

/// Who works each queue.
const QUEUES: [(&str, Queue); 19] = [
    ("clerk", Queue::Intake),
    ("clerk", Queue::Unconfirmed),
    ("clerk", Queue::Mine),
    ("clerk", Queue::ToDeliver),
    ("clerk", Queue::ToArchive),
    ("clerk2", Queue::Intake),
    ("officer", Queue::Mine),
    ("officer", Queue::DueSoon),
    ("officer", Queue::Overdue),
    ("officer", Queue::Suspended),
    ("officer", Queue::Awaiting),
    ("officer2", Queue::DueSoon),
    ("handler", Queue::Unit),
    ("secrecy", Queue::ToReviewSecrecy),
    ("legal", Queue::ToReviewLegal),
    ("approver", Queue::ToApprove),
    ("supervisor", Queue::Overdue),
    ("supervisor", Queue::LateEntries),
    ("supervisor", Queue::All),
];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A moment of a day in China, `minutes` after its midnight.
fn in_china(day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8) + TimeDelta::minutes(minutes)
}

#[track_caller]
fn signed_in(app: &TestApp, username: &str) -> Person {
    let answer = app.login(username, DEMO_PASSWORD).expect(200);
    app.anon()
        .with_token(answer.json["access_token"].as_str().expect("a token"))
}

/// The demonstration in a database of its own, started at a moment.
struct Demonstration {
    store: Store,
    blobs: Blobs,
    book: Arc<LawBook>,
    auth: Auth,
    now: DateTime<Utc>,
    played: Played,
}

impl Demonstration {
    fn start(database: &Database, now: DateTime<Utc>) -> Self {
        let mut config = Config::from_layers(None, &[]).expect("the defaults are valid");
        config.auth.password_memory_kib = 8;
        config.auth.password_passes = 1;
        config.demo = true;
        config.data.dir = database.directory.path().to_owned();
        let blobs = Blobs::new(&config);
        let store = database.store();
        store.migrate().expect("migrations run");
        let auth = Auth::new(&config).expect("hashing works");
        let book = Arc::new(LawBook::load(&config).expect("the law is embedded"));
        let played = demo_seed(&store, &blobs, &auth, &book, PUBLIC_URL, now)
            .expect("the database works")
            .expect("an empty database");
        Self {
            store,
            blobs,
            book,
            auth,
            now,
            played,
        }
    }

    fn today(&self) -> NaiveDate {
        civil_date(self.now)
    }

    fn read<T>(&self, mut work: impl FnMut(&mut Db) -> Result<T, Error>) -> T {
        self.store.read(|db| work(db)).expect("the database works")
    }

    fn actor(&self, username: &str) -> Actor {
        self.read(|db| {
            let (user, _) = user_by_username(db, username)?.expect("an account");
            Ok(actor_of(db, &user)?)
        })
    }

    fn queue(&self, username: &str, queue: Queue) -> Vec<CaseRow> {
        let actor = self.actor(username);
        let filter = CaseFilter {
            queue: Some(queue),
            me: Some(actor.user_id),
            my_unit: actor.unit_id,
            ..CaseFilter::default()
        };
        let days = ListDays {
            today: self.today(),
            soon: self.book.calendar.add_working_days(self.today(), 5),
        };
        self.read(|db| {
            let scope = list_scope(db, &actor)?;
            Ok(case_list(db, &scope, &filter, days, None, 200)?)
        })
    }

    /// All cases: those of the supervised agencies and those of the county government.
    fn cases(&self) -> Vec<(CaseRow, Case)> {
        let rows = self.queue("supervisor", Queue::All);
        self.read(|db| {
            rows.iter()
                .map(|row| Ok((row.clone(), case_load(db, row.id(), &self.book.law())?)))
                .collect()
        })
    }

    fn check(&self) {
        assert_eq!(self.played.stopped, [], "on {}", self.today());
        for (username, queue) in QUEUES {
            assert!(
                !self.queue(username, queue).is_empty(),
                "{queue:?} of {username} on {}",
                self.today()
            );
        }
        let cases = self.cases();
        assert_eq!(cases.len(), self.played.cases);
        self.check_variety(&cases);
        self.check_leaves(&cases);
        for (_, case) in &cases {
            self.check_log(case);
        }
        self.check_store(cases.len());
    }

    fn check_variety(&self, cases: &[(CaseRow, Case)]) {
        let all = |what: &str, missing: Vec<String>| assert_eq!(missing, [""; 0], "{what} on {}", self.today());
        let states: BTreeSet<State> = cases.iter().map(|(row, _)| row.state()).collect();
        all("states", missing(State::ALL, &states));
        let waiting = cases.iter().filter(|(row, _)| row.state() == State::Submitted);
        let channels: BTreeSet<Channel> = waiting.map(|(row, _)| row.channel()).collect();
        all("channels", missing(Channel::ALL, &channels));
        let kinds: BTreeSet<ApplicantKind> = cases.iter().map(|(row, _)| row.applicant_kind()).collect();
        all("kinds of applicant", missing(ApplicantKind::ALL, &kinds));
        let law = self.book.law();
        let mut clocks = Vec::new();
        for (_, case) in cases {
            let report = case.clock(&law, self.today(), true).expect("the facts agree");
            clocks.push(report.map_or(ClockStatus::NotStarted, |report| report.status));
        }
        for status in [
            ClockStatus::NotStarted,
            ClockStatus::Running,
            ClockStatus::Suspended,
            ClockStatus::AwaitingAmendment,
            ClockStatus::AwaitingPayment,
            ClockStatus::Stopped,
        ] {
            assert!(clocks.contains(&status), "{status:?} on {}", self.today());
        }
        let missed = |open: bool| {
            cases
                .iter()
                .any(|(row, _)| row.missed_on.is_some() && row.stopped_on.is_none() == open)
        };
        assert!(missed(true) && missed(false), "missed on {}", self.today());
        let subs = || cases.iter().map(|(_, case)| &case.data().subs);
        let assignment = |status| subs().any(|subs| subs.assignments.iter().any(|sub| sub.status == status));
        assert!(
            [SubStatus::Open, SubStatus::Answered, SubStatus::Returned]
                .into_iter()
                .all(assignment)
        );
        let remedies: BTreeSet<_> = subs()
            .flat_map(|subs| &subs.remedies)
            .map(|sub| sub.detail.remedy_kind)
            .collect();
        assert_eq!(remedies.len(), 3, "kinds of remedy");
        assert!(
            cases
                .iter()
                .any(|(row, _)| row.kind() == CaseKind::Correction && row.outcome().is_some())
        );
        assert!(
            cases
                .iter()
                .any(|(_, case)| case.data().submission.split_from.is_some())
        );
        let scanned = cases.iter().map(|(_, case)| case.data());
        let scanned: Vec<_> = scanned.filter(|data| data.submission.description.is_none()).collect();
        assert!(
            scanned
                .iter()
                .any(|data| data.description.is_some() && !defects(data).is_empty()),
            "a letter of which only the scan was there is amended, on {}",
            self.today()
        );
    }

    /// Every leaf of table 三 ended a case within this or the last year, so that both reports show figures.
    fn check_leaves(&self, cases: &[(CaseRow, Case)]) {
        let since = NaiveDate::from_ymd_opt(self.today().year() - 1, 1, 1).expect("a date");
        let leaves: BTreeSet<Outcome> = cases
            .iter()
            .filter(|(row, _)| row.ended_on.is_some_and(|day| day >= since && day <= self.today()))
            .filter_map(|(row, _)| row.outcome())
            .collect();
        let missing: Vec<_> = Outcome::LEAVES.iter().filter(|leaf| !leaves.contains(leaf)).collect();
        assert!(missing.is_empty(), "{missing:?} on {}", self.today());
    }

    /// Nothing lies in the future, every entry was made on its own day or says why not.
    fn check_log(&self, case: &Case) {
        let mut last = DateTime::<Utc>::MIN_UTC;
        for logged in case.log() {
            let at = format!(
                "{} {} on {}",
                case.data().submission.intake_number,
                logged.event.code(),
                self.today()
            );
            assert!(logged.recorded_at <= self.now && logged.recorded_at >= last, "{at}");
            let of_a_part = case.data().submission.split_from.is_some() && logged.seq <= 2;
            let entered = civil_date(logged.recorded_at);
            let passed = self
                .book
                .law()
                .calendar
                .working_days_between(logged.occurred_on, entered);
            let late = logged.occurred_on < entered && passed > 3;
            assert!(late == logged.late_entry.is_some() || of_a_part, "{at}");
            let inside = logged.late_entry == Some(LateEntry::Inside);
            assert!(!inside || logged.late_entry_reason.is_some(), "{at}");
            last = logged.recorded_at;
        }
    }

    fn check_store(&self, cases: usize) {
        let law = self.book.law();
        let audited = self.read(|db| Ok(audit_page(db, &law, None)?));
        assert_eq!((audited.cases, audited.bad), (cases as u64, None));
        let rebuilt = self
            .store
            .write(|tx| rebuild_page(tx, &law, None))
            .expect("the logs can be read");
        assert_eq!((rebuilt.cases, rebuilt.changed), (cases as u64, Vec::<CaseId>::new()));
    }
}

fn missing<T: Coded + Ord>(all: &[T], there: &BTreeSet<T>) -> Vec<String> {
    let absent = all.iter().filter(|one| !there.contains(one));
    absent.map(|one| one.as_code().to_owned()).collect()
}

/// Holidays and their eves, make-up days, ends of years with and without a calendar, and days without a reason.
fn start_days() -> Vec<NaiveDate> {
    let mut days: Vec<_> = [
        "2026-01-01",
        "2026-01-04",
        "2026-02-14",
        "2026-02-24",
        "2026-03-02",
        "2026-10-08",
        "2026-10-09",
        "2026-11-21",
        "2026-12-31",
        "2027-01-01",
        "2027-03-01",
    ]
    .map(day)
    .to_vec();
    let mut draw: u64 = 20_260_302;
    days.extend((0..20).map(|_| {
        draw = draw
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        day("2025-06-01") + Days::new((draw >> 33) % 1000)
    }));
    days
}

#[test]
fn every_start_day_shows_everything() {
    let days = match std::env::var("GONGKAI_TEST_DEMO_DAYS") {
        Ok(count) => (0..count.parse().expect("a number of days"))
            .map(|n| day("2025-06-01") + Days::new(n))
            .collect(),
        Err(_) => start_days(),
    };
    let half = days.len().div_ceil(2);
    std::thread::scope(|scope| {
        for part in days.chunks(half) {
            scope.spawn(move || {
                for (index, day) in part.iter().enumerate() {
                    // Also just after midnight and just before it.
                    let minutes = [0, 545, 1439][index % 3];
                    Demonstration::start(&Database::sqlite(), in_china(*day, minutes)).check();
                }
            });
        }
    });
}

both! {
    fn the_demonstration_is_the_same_on_both_databases_and_stays(db) {
        let demonstration = Demonstration::start(&db, in_china(day("2026-11-21"), 600));
        demonstration.check();
        // A second start keeps the data.
        let later = demonstration.now + TimeDelta::days(30);
        let again = demo_seed(&demonstration.store, &demonstration.blobs, &demonstration.auth, &demonstration.book, PUBLIC_URL, later);
        assert!(again.expect("the database works").is_none());
        assert_eq!(demonstration.cases().len(), demonstration.played.cases);
    }

    fn numbers_follow_the_days_of_receipt_without_gaps(db) {
        let demonstration = Demonstration::start(&db, in_china(day("2026-07-15"), 600));
        let mut numbers: Vec<(String, i32, u32, DateTime<Utc>)> = demonstration
            .cases()
            .iter()
            .filter_map(|(row, case)| {
                let receipt = case.log().iter().find(|logged| matches!(logged.event, Event::ReceiptConfirmed(_)))?;
                let mut parts = row.number.as_ref()?.split('-');
                let (agency, year, number) = (parts.next()?.to_owned(), parts.next()?, parts.next()?);
                Some((agency, year.parse().unwrap(), number.parse().unwrap(), receipt.recorded_at))
            })
            .collect();
        numbers.sort();
        let mut expected = 0;
        for (index, (agency, year, number, at)) in numbers.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &numbers[before]).filter(|before| (&before.0, before.1) == (agency, *year));
            expected = if before.is_some() { expected + 1 } else { 1 };
            assert_eq!(*number, expected, "{agency} {year}");
            assert!(before.is_none_or(|before| before.3 <= *at), "{agency} {year} {number}");
        }
    }

    fn every_case_can_be_looked_at_and_the_welcome_tells_the_truth(db) {
        let app = TestApp::start(db);
        let site = app.app.site();
        let played = demo_seed(&site.store, &site.documents, &site.auth, &site.law, PUBLIC_URL, site.clock.now()).unwrap().unwrap();
        let address = app.base_url.trim_start_matches("http://").parse().unwrap();
        let text = welcome(address, Some(&played));
        let track = text.split('\'').find(|part| part.contains("/track?")).expect("an example");
        let answer = app.anon().get(track.trim_start_matches(&app.base_url)).expect(200);
        assert_eq!(answer.json["steps"].as_array().map(Vec::len), Some(5), "{}", answer.text);
        let mut actions = BTreeSet::new();
        for username in ["clerk", "officer", "handler", "secrecy", "legal", "approver", "supervisor", "clerk2", "officer2"] {
            assert!(text.contains(&format!("\n  {username} ")), "{username}");
            let person = signed_in(&app, username);
            let list = person.get("/api/v1/cases?limit=200").expect(200);
            let items = list.json["items"].as_array().expect("a list").clone();
            assert!(!items.is_empty(), "{username}");
            for item in items {
                let id = item["id"].as_str().expect("an id");
                let case = person.get(&format!("/api/v1/cases/{id}")).expect(200);
                for option in case.json["actions"].as_array().expect("actions") {
                    if option["allowed"] == true {
                        actions.insert(option["action"].as_str().expect("a code").to_owned());
                    }
                }
                person.get(&format!("/api/v1/cases/{id}/clock?explain=true")).expect(200);
                if username == "officer" {
                    person.get(&format!("/api/v1/cases/{id}/events")).expect(200);
                }
            }
        }
        let applicant = signed_in(&app, "applicant");
        let own = applicant.get("/api/v1/requests").expect(200);
        for item in own.json["items"].as_array().expect("a list") {
            let request = applicant.get(&format!("/api/v1/requests/{}", item["id"].as_str().unwrap())).expect(200);
            for option in request.json["actions"].as_array().expect("actions") {
                if option["allowed"] == true {
                    actions.insert(option["action"].as_str().expect("a code").to_owned());
                }
            }
        }
        // Somewhere in the demonstration every action can be tried at once.
        let missing: Vec<_> = Action::ALL[1..].iter().filter(|action| !actions.contains(action.code())).collect();
        assert!(missing.is_empty(), "{missing:?}");
        // The two annual reports add up, and between them every row of table 三 has a figure.
        let supervisor = signed_in(&app, "supervisor");
        let mut rows = BTreeSet::new();
        for year in [2025, 2026] {
            let found = app.anon().get("/api/v1/agencies?q=CXZF").expect(200);
            let government = found.json["items"][0]["id"].as_str().expect("the county government");
            let path = format!("/api/v1/reports/annual/{year}?agency_id={government}&scope=tree");
            let report = supervisor.get(&path).expect(200).json;
            for identity in report["identities"].as_array().expect("identities") {
                assert_eq!(identity["holds"], true, "{year}: {identity}");
            }
            for (row, cells) in report["requests"].as_object().expect("rows") {
                if cells[6].as_u64() > Some(0) {
                    rows.insert(row.clone());
                }
            }
        }
        let empty: Vec<_> = (1..=25).map(|row| format!("r{row:02}")).filter(|row| !rows.contains(row)).collect();
        assert_eq!(empty, [""; 0]);
        let second = welcome(address, None);
        assert!(!second.contains("/track?") && second.contains("/docs/"));
    }
}
