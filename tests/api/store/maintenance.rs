//! The commands of operators on both databases: rebuilding projections, verifying logs, printing a report.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};
use gongkai::config::DatabaseUrl;
use gongkai::domain::people::access::Role;
use gongkai::service::submissions::{NewSubmission, submit};
use gongkai::store::agencies::agency_fetch;
use gongkai::store::cases::case_load;
use gongkai::store::schema::{
    case_assignments, case_events, case_people, case_remedies, case_search, case_text, cases,
};
use gongkai::store::users::actor_of;
use gongkai::store::{Backend, Store, StoreError};
use serde_json::{Value, json};

use crate::harness::files::{File, Office, item};
use crate::harness::{TestApp, both};

/// Runs the program on the database of a test.
pub fn run(app: &TestApp, arguments: &[&str]) -> (bool, String, String) {
    let url = match &app.database.url {
        DatabaseUrl::Postgres(url) => url.expose().to_owned(),
        sqlite => sqlite.to_string(),
    };
    let directory = app.database.directory.path().to_string_lossy();
    let environment = [
        ("GONGKAI__DATABASE__URL", url.as_str()),
        ("GONGKAI__DATA__DIR", &directory),
    ];
    crate::contract::platform::gongkai(arguments, &environment)
}

fn change(app: &TestApp, work: impl FnMut(&mut gongkai::store::Tx<'_>) -> Result<usize, StoreError>) {
    assert_eq!(app.app.site().store.write(work).unwrap(), 1);
}

/// The whole content of the case tables.
fn everything(store: &Store) -> Vec<String> {
    store
        .at_one_moment()
        .read(|db| {
            let rows: Vec<gongkai::store::cases::CaseRow> = cases::table.order(cases::id).load(db)?;
            let assignments: Vec<(String, String, String, bool, chrono::NaiveDate)> = case_assignments::table
                .order((case_assignments::case_id, case_assignments::assignment_id))
                .load(db)?;
            let remedies: Vec<(String, String, String)> = case_remedies::table
                .order((case_remedies::case_id, case_remedies::remedy_id))
                .select((case_remedies::case_id, case_remedies::remedy_id, case_remedies::kind))
                .load(db)?;
            let people: Vec<(String, i32, String, bool, bool, bool)> = case_people::table
                .order((case_people::case_id, case_people::slot, case_people::person_id))
                .select((
                    case_people::case_id,
                    case_people::slot,
                    case_people::person_id,
                    case_people::shown,
                    case_people::known,
                    case_people::verified,
                ))
                .load(db)?;
            let people = people.iter().map(|row| format!("{row:?}"));
            let rows = rows.iter().map(|row| format!("{row:?}"));
            let assignments = assignments.iter().map(|row| format!("{row:?}"));
            let remedies = remedies.iter().map(|row| format!("{row:?}"));
            let entries: Vec<(i64, String, String)> = case_search::table
                .order(case_search::entry)
                .select((case_search::entry, case_search::case_id, case_search::digest))
                .load(db)?;
            let entries = entries.iter().map(|row| format!("{row:?}"));
            Ok::<_, StoreError>(
                rows.chain(assignments)
                    .chain(remedies)
                    .chain(people)
                    .chain(entries)
                    .collect(),
            )
        })
        .unwrap()
}

/// One case with assignment, consultation, reply and remedy, one that is only submitted; the first comes back with its
/// number.
fn two_cases(office: &Office<'_>) -> (File, String) {
    let region = office.app.region();
    let mut file = office.open("disclosure", "natural_person", "2026-01-05");
    office.act(
        &mut file,
        "officer",
        "assign",
        json!({
            "unit_id": region.office_units[0], "due_on": "2026-01-20", "occurred_on": "2026-01-06",
        }),
    );
    office.reply(&mut file, "2026-01-26", json!([item("internal_affairs")]));
    let case = office.act(
        &mut file,
        "officer",
        "file_remedy",
        json!({
            "kind": "reconsideration", "filed_on": "2026-02-09", "organ": "澄溪县人民政府",
        }),
    );
    office.enter("clerk", "disclosure", "business", "2026-03-10");
    (file, case["number"].as_str().unwrap().to_owned())
}

/// Columns of a case that are decided once, or that the log does not tell.
const NOT_FROM_THE_LOG: [&str; 8] = [
    "agency_id",
    "head_hash",
    "id",
    "intake_number",
    "kind",
    "number",
    "query_code",
    "version",
];

/// What the log tells of a case, each with a value that the case of the test does not have.
const FROM_THE_LOG: [(&str, &str); 24] = [
    ("state", "'submitted'"),
    ("channel", "'fax'"),
    ("arrived_on", "'2001-01-01'"),
    ("applicant_user_id", "(SELECT max(id) FROM users)"),
    ("applicant_kind", "'business'"),
    ("applicant_name", "'别人'"),
    ("title", "'别的'"),
    ("received_on", "'2001-01-01'"),
    ("owner_id", "(SELECT max(id) FROM users)"),
    ("due_on", "'2001-01-01'"),
    ("suspended_until", "'2001-01-01'"),
    ("awaiting", "'payment'"),
    ("missed_on", "'2001-01-01'"),
    ("stopped_on", "'2001-01-01'"),
    ("act_by", "'2001-01-01'"),
    ("awaits_secrecy", "NOT awaits_secrecy"),
    ("awaits_legal", "NOT awaits_legal"),
    ("awaits_approval", "NOT awaits_approval"),
    ("served", "NOT served"),
    ("reached", "'intake'"),
    ("late_entries", "77"),
    ("outcome", "'state_secret'"),
    ("ended_on", "'2001-01-01'"),
    ("reopened_on", "'2001-01-01'"),
];

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

fn columns_of_cases(store: &Store) -> Vec<String> {
    let sql = match store.backend() {
        Backend::Sqlite => "SELECT name FROM pragma_table_info('cases') ORDER BY name",
        Backend::Postgres => {
            "SELECT CAST(column_name AS text) AS name FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name = 'cases' ORDER BY column_name"
        }
    };
    let columns: Vec<Column> = store
        .read(|db| Ok::<_, StoreError>(diesel::sql_query(sql).load(db)?))
        .unwrap();
    columns.into_iter().map(|column| column.name).collect()
}

both! {
    fn an_untouched_database_is_sound_and_rebuilds_to_itself(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let (ok, shown, _) = run(&app, &["audit", "verify"]);
        assert!(ok);
        assert_eq!(shown, "0 cases, every log sound\n");
        two_cases(&office);
        let before = everything(&app.app.site().store);
        assert_eq!(before.len(), 8);
        assert_eq!(run(&app, &["audit", "verify"]), (true, "2 cases, every log sound\n".to_owned(), String::new()));
        assert_eq!(run(&app, &["rebuild"]), (true, "2 cases, 0 changed\n".to_owned(), String::new()));
        assert_eq!(everything(&app.app.site().store), before);
    }

    fn a_changed_log_is_named_with_its_first_bad_entry(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let (file, number) = two_cases(&office);
        let store = &app.app.site().store;
        let entry = |seq: i64| case_events::case_id.eq(file.id.clone()).and(case_events::seq.eq(seq));
        let named = |seq: i64, reason: &str| {
            let (ok, shown, error) = run(&app, &["audit", "verify"]);
            assert!(!ok && shown.is_empty(), "{shown}");
            assert_eq!(error, format!("gongkai: case {} ({number}), entry {seq}: {reason}\n", file.id));
        };

        let (data, occurred_on, hash): (String, chrono::NaiveDate, String) = store
            .read(|db| Ok::<_, StoreError>(
                case_events::table.filter(entry(3)).select((case_events::data, case_events::occurred_on, case_events::hash)).get_result(db)?,
            ))
            .unwrap();
        // One byte of the public data.
        let changed = data.replacen("true", "tRue", 1);
        assert_ne!(changed, data);
        change(&app, |tx| Ok(diesel::update(case_events::table.filter(entry(3))).set(case_events::data.eq(&changed)).execute(&mut **tx)?));
        named(3, "the entry was changed");
        change(&app, |tx| Ok(diesel::update(case_events::table.filter(entry(3))).set(case_events::data.eq(&data)).execute(&mut **tx)?));

        // A day, and then the hash with it: the next entry still knows the old one.
        let day_before = occurred_on.pred_opt().unwrap();
        change(&app, |tx| Ok(diesel::update(case_events::table.filter(entry(3))).set(case_events::occurred_on.eq(day_before)).execute(&mut **tx)?));
        named(3, "the entry was changed");
        let forged: gongkai::store::cases::log::EventRow = store
            .read(|db| Ok::<_, StoreError>(case_events::table.filter(entry(3)).get_result(db)?))
            .unwrap();
        change(&app, |tx| Ok(diesel::update(case_events::table.filter(entry(3))).set(case_events::hash.eq(forged.expected_hash())).execute(&mut **tx)?));
        named(4, "the entry does not follow the one before it");
        change(&app, |tx| Ok(diesel::update(case_events::table.filter(entry(3)))
            .set((case_events::occurred_on.eq(occurred_on), case_events::hash.eq(&hash)))
            .execute(&mut **tx)?));

        // The applicant's words beside the log.
        let text = case_text::case_id.eq(file.id.clone()).and(case_text::seq.eq(1));
        let body: String = store
            .read(|db| Ok::<_, StoreError>(case_text::table.filter(text.clone()).select(case_text::body).get_result(db)?))
            .unwrap();
        let changed = body.replacen("陈", "程", 1);
        assert_ne!(changed, body);
        change(&app, |tx| Ok(diesel::update(case_text::table.filter(text.clone())).set(case_text::body.eq(&changed)).execute(&mut **tx)?));
        named(1, "the text of the entry was changed");
        change(&app, |tx| Ok(diesel::update(case_text::table.filter(text.clone())).set(case_text::body.eq(&body)).execute(&mut **tx)?));
        assert!(run(&app, &["audit", "verify"]).0);

        // The last entry, cut off; a rebuild does not make that good.
        store
            .write(|tx| {
                let last = case_text::case_id.eq(file.id.clone()).and(case_text::seq.eq(file.version));
                diesel::delete(case_text::table.filter(last)).execute(&mut **tx)?;
                assert_eq!(diesel::delete(case_events::table.filter(entry(file.version))).execute(&mut **tx)?, 1);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let cut = "entries are missing at the end, or the head of the case was changed";
        named(file.version, cut);
        assert!(run(&app, &["rebuild"]).0);
        named(file.version, cut);
        // One from the middle.
        change(&app, |tx| Ok(diesel::delete(case_events::table.filter(entry(5))).execute(&mut **tx)?));
        named(5, "the entry is missing");
    }

    fn a_changed_projection_is_mended_from_the_log(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let (file, number) = two_cases(&office);
        let store = &app.app.site().store;
        let before = everything(store);
        let mended = |what: &str| {
            assert_ne!(everything(store), before, "{what}");
            // The log is whole, so the audit has nothing to say.
            assert!(run(&app, &["audit", "verify"]).0, "{what}");
            let (ok, shown, _) = run(&app, &["rebuild"]);
            assert!(ok, "{what}");
            assert_eq!(shown, format!("{}  {number}\n2 cases, 1 changed\n", file.id), "{what}");
            assert_eq!(everything(store), before, "{what}");
        };
        let mut columns = NOT_FROM_THE_LOG.to_vec();
        for (column, value) in FROM_THE_LOG {
            let set = format!("UPDATE cases SET {column} = {value} WHERE id = '{}'", file.id);
            change(&app, |tx| Ok(diesel::sql_query(&set).execute(&mut **tx)?));
            mended(column);
            columns.push(column);
        }
        columns.sort_unstable();
        assert_eq!(columns_of_cases(store), columns, "a new column is tried here too");
        change(&app, |tx| Ok(diesel::delete(case_assignments::table).execute(&mut **tx)?));
        mended("the assignments");
        change(&app, |tx| Ok(diesel::update(case_remedies::table).set(case_remedies::kind.eq("direct_suit")).execute(&mut **tx)?));
        mended("the remedies");
        change(&app, |tx| Ok(diesel::update(case_people::table.filter(case_people::case_id.eq(&file.id))).set(case_people::known.eq(true)).execute(&mut **tx)?));
        mended("the people");
    }

    fn more_cases_than_a_page_are_all_seen(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let pattern = office.enter("clerk", "disclosure", "natural_person", "2026-03-10");
        let site = app.app.site();
        let desk = site.desk();
        let clerk = app.region().users.iter().find(|user| user.username == "clerk").unwrap();
        site
            .store
            .write(|tx| {
                let actor = actor_of(tx, clerk)?;
                let case = case_load(tx, pattern.id.parse().unwrap(), &desk.law())?;
                for _ in 0..204 {
                    let submission = case.data().submission.clone();
                    let agency = agency_fetch(tx, submission.agency_id)?.into();
                    submit(tx, &desk, &actor, NewSubmission { submission, agency, role: Role::Clerk }, |_| None)?;
                }
                Ok::<_, gongkai::error::Error>(())
            })
            .unwrap();
        // The last one of the second page.
        change(&app, |tx| {
            let last: String = cases::table.order(cases::id.desc()).select(cases::id).first(&mut **tx)?;
            Ok(diesel::update(cases::table.filter(cases::id.eq(last))).set(cases::title.eq("x")).execute(&mut **tx)?)
        });
        assert_eq!(run(&app, &["audit", "verify"]).1, "205 cases, every log sound\n");
        assert!(run(&app, &["rebuild"]).1.ends_with("\n205 cases, 1 changed\n"));
        assert_eq!(run(&app, &["rebuild"]).1, "205 cases, 0 changed\n");
        change(&app, |tx| {
            let last: String = cases::table.order(cases::id.desc()).select(cases::id).first(&mut **tx)?;
            Ok(diesel::update(case_events::table.filter(case_events::case_id.eq(last))).set(case_events::data.eq("{}")).execute(&mut **tx)?)
        });
        assert!(run(&app, &["audit", "verify"]).2.ends_with("entry 1: the entry was changed\n"));
        let (ok, _, error) = run(&app, &["rebuild"]);
        assert!(!ok && error.contains("gongkai audit verify"), "{error}");
    }

    fn the_command_line_prints_the_report_of_an_agency(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let mut below = office.enter("clerk2", "disclosure", "natural_person", "2025-03-10");
        office.receive("officer2", &mut below, "2025-03-10");
        let printed = |arguments: &[&str]| -> Value {
            let (ok, shown, error) = run(&app, arguments);
            assert!(ok, "{error}");
            serde_json::from_str(&shown).unwrap()
        };
        let own = printed(&["report", "annual", "2025", "--agency", "CXFB"]);
        assert_eq!(own["requests"]["r01"][6], 0);
        let tree = printed(&["report", "annual", "2025", "--agency", "CXFB", "--tree"]);
        assert_eq!(tree["requests"]["r01"][6], 1);
        let served = office.person("supervisor").get("/api/v1/reports/annual/2025?scope=tree").expect(200).json;
        assert_eq!(tree, served);
        for (year, agency, reason) in [("2025", "NONE", "no agency has the code NONE"), ("2007", "CXFB", "no report for 2007")] {
            let (ok, _, error) = run(&app, &["report", "annual", year, "--agency", agency]);
            assert!(!ok && error.contains(reason), "{error}");
        }
        app.app.site().store.revert_all_migrations().unwrap();
        let (ok, _, error) = run(&app, &["audit", "verify"]);
        assert!(!ok && error.contains("gongkai migrate"), "{error}");
    }
}
