//! The working lists: each holds exactly what it should for the person who works it, in pages that neither repeat nor
//! skip, from an index.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use gongkai::domain::case::Queue;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::words::codes::Coded;
use gongkai::store::cases::list::{CaseFilter, ListDays, ListScope, Share, case_list};
use gongkai::store::{Backend, Db, StoreError};
use serde_json::{Value, json};

use crate::harness::{Office, Walk, both};

/// Two months of an office, in the order in which things happened; ends on Friday, 10 April 2026.
fn region(office: &Office) -> BTreeMap<&'static str, Walk<'_>> {
    let mut cases = BTreeMap::new();
    let department = |office: &Office| {
        let mut entry = office.entry("in_person");
        entry["description"]["title"] = json!("关于耕地保护的信息");
        entry
    };
    let consult = |case: &mut Walk<'_>, on: &str, delivered: bool| {
        let mut fields = json!({"party": {"name": "某公司"}, "concerning": "报价", "sent_on": on});
        if delivered {
            fields["delivered_on"] = json!(on);
        }
        case.act("officer", "consult_third_party", fields);
    };
    cases.insert("overdue", office.enter("in_person").through("review_substantively"));
    let mut overdue_below = office.enter_as("clerk2", &department(office));
    overdue_below.act("clerk2", "confirm_receipt", json!({"received_on": "2026-03-10"}));
    cases.insert("overdue below", overdue_below);
    let mut was_silent = office.enter("in_person").through("review_substantively");
    consult(&mut was_silent, "2026-03-10", true);
    cases.insert("silent", was_silent);

    office.on("2026-03-13");
    cases.insert("due soon", office.enter("in_person").through("review_substantively"));

    office.on("2026-04-08");
    let fresh = |action: &str| office.enter("in_person").through(action);
    let mut amending = fresh("confirm_receipt");
    amending.act(
        "officer",
        "request_amendment",
        json!({"notified_on": "2026-04-08", "defects": ["请写明地块"]}),
    );
    cases.insert("amending", amending);
    let mut paying = fresh("review_substantively");
    paying.act(
        "officer",
        "issue_fee_notice",
        json!({
            "scheme": "per_page", "count": 200, "issued_on": "2026-04-08", "delivered_on": "2026-04-08",
        }),
    );
    cases.insert("paying", paying);
    let mut suspended = fresh("review_substantively");
    consult(&mut suspended, "2026-04-08", true);
    cases.insert("suspended", suspended);
    let mut undelivered = fresh("review_substantively");
    consult(&mut undelivered, "2026-04-08", false);
    cases.insert("undelivered", undelivered);

    office.on("2026-04-10");
    cases.insert("unconfirmed", office.apply());
    cases.insert("intake", office.enter("in_person"));
    cases.insert("drafted", fresh("draft_reply"));
    let mut reviewed = fresh("review_secrecy");
    reviewed.act("officer", "submit_for_legal_review", json!({}));
    cases.insert("in review", reviewed);
    cases.insert("in approval", fresh("submit_for_approval"));
    cases.insert("approved", fresh("approve_reply"));
    let mut extending = fresh("review_substantively");
    extending.act(
        "officer",
        "propose_extension",
        json!({"working_days": 5, "reason": "档案较多"}),
    );
    cases.insert("extending", extending);
    cases.insert("replied", fresh("issue_reply"));
    cases.insert("delivered", fresh("record_delivery"));
    let mut withdrawn = fresh("confirm_receipt");
    withdrawn.act("clerk", "withdraw", json!({}));
    cases.insert("withdrawn", withdrawn);
    cases.insert("archived", fresh("archive"));
    let mut late = office.entry("in_person");
    late["arrived_on"] = json!("2026-04-02");
    let mut late = office.enter_as("clerk", &late);
    late.act(
        "clerk",
        "confirm_receipt",
        json!({"received_on": "2026-04-02", "late_entry_reason": "补录"}),
    );
    cases.insert("late", late);
    let units = &office.app.region().office_units;
    for (name, unit) in [("assigned", 0), ("assigned elsewhere", 1)] {
        let mut assigned = fresh("review_substantively");
        assigned.act(
            "officer",
            "assign",
            json!({"unit_id": units[unit].to_string(), "due_on": "2026-04-15"}),
        );
        cases.insert(name, assigned);
    }
    let mut answered = fresh("review_substantively");
    answered.act(
        "officer",
        "assign",
        json!({"unit_id": units[0].to_string(), "due_on": "2026-04-15"}),
    );
    let assignment = answered.sub_id("assignment");
    answered.act(
        "handler",
        "return_assignment",
        json!({"assignment_id": assignment, "reason": "不属于本科室"}),
    );
    cases.insert("returned", answered);
    cases
}

fn items(office: &Office, who: &str, query: &str) -> Vec<Value> {
    let list = office
        .user(who)
        .get(&format!("/api/v1/cases?limit=200&{query}"))
        .expect(200);
    assert_eq!(list.json["next_cursor"], Value::Null);
    list.json["items"].as_array().unwrap().clone()
}

/// The names of the cases that a list holds.
fn names<'a>(cases: &BTreeMap<&'a str, Walk<'_>>, items: &[Value]) -> BTreeSet<&'a str> {
    let found: BTreeSet<&str> = items
        .iter()
        .map(|item| {
            let (name, case) = cases
                .iter()
                .find(|(_, case)| item["id"] == case.id.as_str())
                .expect("a known case");
            assert_eq!(item["version"], case.version, "{name}");
            *name
        })
        .collect();
    assert_eq!(found.len(), items.len(), "a case stands twice");
    found
}

both! {
    fn unconfirmed_are_the_channels_that_need_both_sides(db) {
        let office = Office::open(db);
        let mut expected = BTreeSet::from([office.apply().id]);
        for channel in Channel::ALL.iter().filter(|channel| **channel != Channel::Online) {
            let entered = office.enter(channel.as_code()).id;
            if channel.needs_confirmation() {
                expected.insert(entered);
            }
        }
        let listed = items(&office, "clerk", "queue=unconfirmed");
        let ids: BTreeSet<String> = listed.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, expected);
        assert_eq!(items(&office, "clerk", "queue=intake").len(), Channel::ALL.len());
    }

    fn each_queue_holds_exactly_its_cases_for_the_person_who_works_it(db) {
        let office = Office::open(db);
        let cases = region(&office);
        let below = BTreeSet::from(["overdue below"]);
        let all: BTreeSet<&str> = cases.keys().copied().collect();
        let own: BTreeSet<&str> = all.difference(&below).copied().collect();
        let not_mine = ["unconfirmed", "intake", "archived", "late"];
        let mine: Vec<&str> = own.iter().copied().filter(|name| !not_mine.contains(name)).collect();
        let drafted = ["drafted", "in review", "in approval", "approved", "replied", "delivered", "archived"];
        let rows: [(&str, &str, &[&str]); 33] = [
            ("clerk", "intake", &["intake", "unconfirmed"]),
            ("clerk2", "intake", &[]),
            ("officer", "unconfirmed", &["unconfirmed"]),
            ("officer", "mine", &mine),
            ("clerk", "mine", &["late"]),
            ("supervisor", "mine", &[]),
            ("handler", "unit", &["assigned"]),
            ("handler", "all", &["assigned", "returned"]),
            ("officer", "unit", &[]),
            ("secrecy", "to_review_secrecy", &["drafted"]),
            ("officer", "to_review_secrecy", &["drafted"]),
            ("secrecy", "all", &drafted),
            ("legal", "to_review_legal", &["in review"]),
            ("legal", "all", &["in review"]),
            ("legal", "to_approve", &[]),
            ("approver", "to_approve", &["in approval", "extending"]),
            ("clerk", "to_deliver", &["replied"]),
            ("officer", "to_archive", &["delivered", "withdrawn"]),
            ("officer", "due_soon", &["due soon"]),
            ("officer", "overdue", &["overdue"]),
            ("officer2", "overdue", &["overdue below"]),
            ("supervisor", "overdue", &["overdue", "overdue below"]),
            ("secrecy", "overdue", &[]),
            ("officer", "suspended", &["suspended", "undelivered"]),
            ("officer", "awaiting", &["amending", "paying"]),
            ("supervisor", "late_entries", &["late"]),
            ("officer", "all", &own.iter().copied().collect::<Vec<_>>()),
            ("approver", "all", &own.iter().copied().collect::<Vec<_>>()),
            ("officer2", "all", &["overdue below"]),
            ("supervisor", "all", &all.iter().copied().collect::<Vec<_>>()),
            ("supervisor", "to_review_secrecy", &["drafted"]),
            ("supervisor", "to_deliver", &["replied"]),
            ("clerk2", "late_entries", &[]),
        ];
        let mut asked = BTreeSet::new();
        for (who, queue, expected) in rows {
            let list = items(&office, who, &format!("queue={queue}"));
            assert_eq!(names(&cases, &list), expected.iter().copied().collect(), "{queue} of {who}");
            let order: Vec<_> = list.iter().map(|item| (item["act_by"].to_string(), item["id"].to_string())).collect();
            assert!(order.is_sorted(), "{queue} of {who}");
            asked.insert(json!(queue).to_string());
        }
        let every: BTreeSet<String> = Queue::ALL.iter().map(|queue| json!(queue).to_string()).collect();
        assert_eq!(asked, every, "a queue without a row");

        let overdue = &items(&office, "officer", "queue=overdue")[0];
        assert_eq!((&overdue["overdue"], &overdue["due_on"]), (&json!(true), &json!("2026-04-08")));
        // The queues are right on another day without anything being written.
        office.on("2026-04-20");
        let later = |queue: &str| names(&cases, &items(&office, "officer", &format!("queue={queue}")));
        assert_eq!(later("overdue"), ["due soon", "overdue"].into());
        assert_eq!(later("due_soon"), [].into());
        // Silence ends a consultation that was delivered on 8 April after its fifteenth working day; the one that was
        // not delivered goes on.
        office.on("2026-04-29");
        assert_eq!(later("suspended"), ["suspended", "undelivered"].into());
        office.on("2026-04-30");
        assert_eq!(later("suspended"), ["undelivered"].into());
        office.user("applicant").get("/api/v1/cases?queue=all").expect(403);
        office.user("admin").get("/api/v1/cases").expect(403);
    }

    fn filters_narrow_what_is_in_sight(db) {
        let office = Office::open(db);
        let cases = region(&office);
        let region = office.app.region();
        let clerk = region.users.iter().find(|user| user.username == "clerk").unwrap().id;
        let other_unit = region.office_units[1];
        let late = cases["late"].last["number"].as_str().unwrap().to_lowercase();
        let intake = cases["unconfirmed"].last["intake_number"].as_str().unwrap();
        let rows: [(&str, String, &[&str]); 13] = [
            ("officer", "state=closed".to_owned(), &["withdrawn"]),
            ("officer", "kind=correction".to_owned(), &[]),
            ("officer", format!("owner_id={clerk}"), &["late"]),
            ("officer", format!("unit_id={}", region.office_units[0]), &["assigned", "returned"]),
            ("officer", format!("unit_id={other_unit}&queue=mine&q=%E5%BE%81%E6%94%B6"), &["assigned elsewhere"]),
            ("officer", "due_before=2026-04-14".to_owned(), &["overdue", "due soon"]),
            ("officer", "received_from=2026-03-13&received_to=2026-04-01".to_owned(), &["due soon"]),
            ("officer", format!("q={late}"), &["late"]),
            ("officer", format!("q={intake}"), &["unconfirmed"]),
            ("officer", "q=%E8%80%95%E5%9C%B0".to_owned(), &[]),
            ("supervisor", "q=%E8%80%95%E5%9C%B0".to_owned(), &["overdue below"]),
            ("supervisor", format!("agency_id={}", region.department), &["overdue below"]),
            ("officer", format!("agency_id={}", region.department), &[]),
        ];
        for (who, query, expected) in rows {
            let found = names(&cases, &items(&office, who, &query));
            assert_eq!(found, expected.iter().copied().collect(), "{query} of {who}");
        }
        for (query, pointer) in [
            ("queue=everything", "?queue"), ("state=open", "?state"), ("due_before=2026-02-30", "?due_before"),
            ("unit_id=1", "?unit_id"), ("limit=0", "?limit"), ("limit=201", "?limit"), ("cursor=e30", "?cursor"),
            ("page=2", "?page"), ("q=%07", "?q"), ("q=%25", "?q"), ("limit=2&limit=3", "?limit"),
        ] {
            let answer = office.user("officer").get(&format!("/api/v1/cases?{query}")).expect(422);
            assert_eq!(answer.pointers(), [pointer]);
        }
    }

    fn pages_neither_repeat_nor_skip_while_cases_come_in(db) {
        let office = Office::open(db);
        let officer = office.user("officer");
        let mut known: Vec<String> = Vec::new();
        for day in ["2026-03-10", "2026-03-11", "2026-03-12"] {
            office.on(day);
            for _ in 0..3 {
                known.push(office.enter("in_person").id);
            }
        }
        let mut seen: Vec<String> = Vec::new();
        let mut query = "queue=intake&limit=2".to_owned();
        loop {
            let page = officer.get(&format!("/api/v1/cases?{query}")).expect(200).json;
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            query = format!("queue=intake&limit=2&cursor={next}");
            // One comes before everything that was shown, as an old letter, and one after.
            let mut old = office.entry("in_person");
            old["arrived_on"] = json!("2026-02-02");
            office.enter_as("clerk", &old);
        }
        let pages_of_known: Vec<&String> = seen.iter().filter(|id| known.contains(id)).collect();
        assert_eq!(pages_of_known, known.iter().collect::<Vec<_>>());
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());

        // The applicant's own list goes from the newest to the oldest.
        let a_second_later = || {
            office.app.clock.advance(chrono::Duration::seconds(1));
            office.apply().id
        };
        let own: Vec<String> = (0..5).map(|_| a_second_later()).collect();
        let mut listed = Vec::new();
        let mut query = "limit=2".to_owned();
        loop {
            let page = office.user("applicant").get(&format!("/api/v1/requests?{query}")).expect(200).json;
            listed.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            query = format!("limit=2&cursor={next}");
            a_second_later();
        }
        listed.reverse();
        assert_eq!(listed, own);
    }

    fn every_queue_is_read_from_an_index_that_gives_its_order(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        let region = office.app.region();
        let unit = region.office_units[0];
        case.act("officer", "assign", json!({"unit_id": unit.to_string(), "due_on": office.today()}));
        copy(&office, &case.id, 3000);
        let days = ListDays { today: office.today(), soon: office.today() };
        let store = office.app.database.store();
        let one = ListScope { agencies: [region.office].into(), ..ListScope::default() };
        let scopes = [
            ("one agency", one.clone()),
            ("two agencies", ListScope { agencies: [region.office, region.department].into(), ..ListScope::default() }),
            ("two ways to see one", ListScope { after_draft: [region.department].into(), ..one.clone() }),
            ("all agencies", ListScope { agencies: [region.office, region.department].into(), share: Share::All, ..ListScope::default() }),
            ("most agencies", ListScope { agencies: [region.office, region.department].into(), share: Share::Most, ..ListScope::default() }),
            ("a unit", ListScope { unit: Some((unit, [region.office].into())), ..ListScope::default() }),
            ("not the own", ListScope { except_applicant: region.users.last().map(|user| user.id), ..one }),
        ];
        for (name, scope) in scopes {
            for queue in Queue::ALL.iter().copied() {
                let filter = CaseFilter {
                    queue: Some(queue),
                    me: region.users.first().map(|user| user.id),
                    my_unit: Some(unit),
                    ..CaseFilter::default()
                };
                let after = Some((office.today(), region_id()));
                for after in [None, after] {
                    let plan = store
                        .read(|db| {
                            let sql = sql_of(db, |db| case_list(db, &scope, &filter, days, after, 51).map(drop))?;
                            plan_of(db, &sql)
                        })
                        .unwrap();
                    let unordered = ["TEMP B-TREE FOR ORDER", "Sort", "Seq Scan", "Bitmap", "hashed"].iter().any(|sign| plan.contains(sign));
                    let unindexed = plan.lines().any(|line| line.contains("SCAN cases") && !line.contains("INDEX"));
                    let own = index_of(queue, name);
                    assert!(plan.contains(own) && !unordered && !unindexed, "{queue:?} of {name} from {own}:\n{plan}");
                }
            }
        }
    }
}

fn region_id() -> gongkai::domain::words::ids::CaseId {
    "01900000-0000-7000-8000-000000000000".parse().unwrap()
}

/// The index that holds the cases of a queue in the order of the list, and few others.
fn index_of(queue: Queue, scope: &str) -> &'static str {
    let (agency, everything) = match queue {
        Queue::Mine => ("cases_mine_idx", "cases_mine_idx"),
        Queue::Unit => ("case_assignments_open_idx", "case_assignments_open_idx"),
        Queue::ToReviewSecrecy => ("cases_agency_secrecy_idx", "cases_secrecy_idx"),
        Queue::ToReviewLegal => ("cases_agency_legal_idx", "cases_legal_idx"),
        Queue::ToApprove => ("cases_agency_approval_idx", "cases_approval_idx"),
        Queue::ToDeliver => ("cases_agency_deliver_idx", "cases_deliver_idx"),
        Queue::ToArchive => ("cases_agency_archive_idx", "cases_archive_idx"),
        Queue::Suspended => ("cases_agency_suspended_idx", "cases_suspended_idx"),
        Queue::Awaiting => ("cases_agency_awaiting_idx", "cases_awaiting_idx"),
        Queue::LateEntries => ("cases_agency_late_idx", "cases_late_idx"),
        // Of days that it does not know, PostgreSQL takes few to be near: then either index will do.
        Queue::DueSoon | Queue::Overdue => ("due_idx", "cases_due_idx"),
        Queue::Intake => ("cases_agency_state_idx", "cases_state_idx"),
        Queue::Unconfirmed => ("cases_agency_unconfirmed_idx", "cases_unconfirmed_idx"),
        Queue::All if scope == "a unit" => ("case_assignments_unit_idx", ""),
        Queue::All => ("cases_agency_act_by_idx", "cases_act_by_idx"),
    };
    if ["all agencies", "most agencies"].contains(&scope) {
        everything
    } else {
        agency
    }
}

/// Copies a case with its assignment many times into two agencies, most of them archived, a few in each working list:
/// the planners decide by how much there is.
fn copy(office: &Office, id: &str, count: u32) {
    let same = "version, kind, arrived_on, applicant_user_id, applicant_kind, applicant_name, title, \
         received_on, owner_id, due_on, missed_on, reached, outcome, ended_on, head_hash, query_code";
    let department = office.app.region().department;
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO cases (id, intake_number, number, agency_id, channel, state, stopped_on, served, suspended_until, awaiting, \
         awaits_secrecy, awaits_legal, awaits_approval, late_entries, act_by, {same}) \
         SELECT substr(id, 1, 24) || CAST(100000000000 + i AS TEXT), intake_number || '-' || i, NULL, \
         CASE WHEN i % 3 = 0 THEN '{department}' ELSE agency_id END, CASE WHEN i % 40 = 1 THEN 'fax' ELSE channel END, \
         CASE i % 20 WHEN 0 THEN state WHEN 1 THEN 'submitted' WHEN 2 THEN 'replied' WHEN 3 THEN 'delivered' ELSE 'archived' END, \
         CASE WHEN i % 20 = 0 THEN NULL ELSE due_on END, i % 40 = 2, CASE WHEN i % 20 = 4 THEN due_on END, \
         CASE WHEN i % 20 = 5 THEN 'payment' END, i % 20 = 6, i % 20 = 7, i % 20 = 8, CASE WHEN i % 20 = 9 THEN 1 ELSE 0 END, \
         CASE i * 31 % 7 WHEN 0 THEN act_by WHEN 1 THEN '2026-01-05' WHEN 2 THEN '2026-02-03' WHEN 3 THEN '2025-07-09' \
         WHEN 4 THEN '2026-05-05' WHEN 5 THEN '2024-11-20' ELSE '2025-03-31' END, \
         {same} FROM cases, n WHERE id = '{id}'; \
         INSERT INTO case_assignments (case_id, assignment_id, unit_id, is_open, act_by) \
         SELECT c.id, a.assignment_id, a.unit_id, c.state <> 'archived', c.act_by \
         FROM cases c, case_assignments a WHERE a.case_id = '{id}' AND c.id <> '{id}'; ANALYZE;"
    );
    let copied = office
        .app
        .database
        .store()
        .read(|db| Ok::<_, StoreError>(db.batch_execute(&sql)?));
    copied.unwrap();
}

/// The first statement that `work` sends.
fn sql_of(db: &mut Db, work: impl FnOnce(&mut Db) -> Result<(), StoreError>) -> Result<String, StoreError> {
    let sent = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&sent);
    db.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let mut kept = kept.lock().unwrap();
            if kept.is_empty() {
                *kept = query.to_string();
            }
        }
    });
    work(db)?;
    db.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let sql = sent.lock().unwrap().clone();
    let statement = sql.split(" -- binds").next().unwrap_or_default().to_owned();
    assert!(statement.starts_with("SELECT"), "{sql}");
    Ok(statement)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How the database would run a statement whatever its parameters are.
fn plan_of(db: &mut Db, sql: &str) -> Result<String, StoreError> {
    let lines: Vec<Line> = match db.backend() {
        Backend::Sqlite => diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(db)?,
        Backend::Postgres => {
            let parameters = (1..).take_while(|n| sql.contains(&format!("${n}"))).count();
            let nulls = vec!["NULL"; parameters].join(", ");
            db.batch_execute(&format!(
                "CREATE OR REPLACE FUNCTION pg_temp.plan(statement TEXT) RETURNS SETOF TEXT AS \
                 $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || statement; END $$ LANGUAGE plpgsql; \
                 SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; PREPARE listed AS {sql}"
            ))?;
            let explain = format!("SELECT plan AS detail FROM pg_temp.plan('EXECUTE listed({nulls})')");
            let lines = diesel::sql_query(explain).load(db)?;
            db.batch_execute("DEALLOCATE listed; RESET ALL")?;
            lines
        }
    };
    Ok(lines.into_iter().map(|line| line.detail).collect::<Vec<_>>().join("\n"))
}
