//! A changed rule pack is honoured everywhere: the present rules with each number doubled, through every place that uses one.

use std::sync::LazyLock;

use chrono::NaiveDate;
use gongkai::domain::case::parts::SplitPart;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, Case};
use gongkai::domain::law::deadline::{Report, evaluate, parse_facts};
use gongkai::domain::law::refusal::Rejection;
use gongkai::domain::law::rules::RulePacks;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::CaseKind;
use serde_json::{Value, json};

use crate::clock::{CALENDAR, PACKS, d, delivered, extended, plain, sent};
use crate::workflow::desk::{Desk, enact, granted, law, person, timer, unit, working_day};

static DOUBLED: LazyLock<RulePacks> = LazyLock::new(|| {
    let lines = include_str!("../../config/rules/regulation-2019.toml").lines();
    let doubled = lines.map(|line| match line.strip_prefix("value = ").map(str::parse::<u32>) {
        Some(Ok(number)) => format!("value = {}", 2 * number),
        _ => line.to_owned(),
    });
    let text = doubled.collect::<Vec<_>>().join("\n");
    RulePacks::from_toml_sources([("doubled.toml", text.as_str())]).unwrap()
});

const RECEIVED: &str = "2025-09-22";

/// The `n`-th working day after `from`.
fn nth(from: &str, n: u32) -> NaiveDate {
    working_day(d(from), n)
}

fn clock(as_of: &str, facts: Value) -> Report {
    let facts = parse_facts(&facts, "/facts").unwrap();
    evaluate(
        DOUBLED.for_receipt(d(RECEIVED)),
        &CALENDAR,
        d(RECEIVED),
        &facts,
        d(as_of),
    )
    .unwrap()
}

fn limit(report: &Report, timer: &str) -> Option<NaiveDate> {
    let found = report
        .timers
        .iter()
        .find(|one| serde_json::to_value(one.timer).unwrap() == timer);
    found.unwrap_or_else(|| panic!("no {timer}")).due_on
}

/// Under the doubled rules.
fn case(make: impl FnOnce() -> Desk) -> Desk {
    enact(&DOUBLED);
    make()
}

fn consult(kind: &str, delivered_on: Option<&str>) -> Value {
    match kind {
        "third_party" => {
            json!({"action": "consult_third_party", "party": {"name": "某公司"}, "concerning": "报价", "sent_on": RECEIVED, "delivered_on": delivered_on})
        }
        _ => {
            json!({"action": "consult_agency", "agency_name": "县财政局", "concerning": "标准", "joint": true, "sent_on": RECEIVED, "delivered_on": delivered_on})
        }
    }
}

fn fee(delivered_on: Option<&str>) -> Value {
    json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 101, "issued_on": RECEIVED, "delivered_on": delivered_on})
}

fn deliver(desk: &Desk, target: &str) -> Value {
    json!({"action": "record_notice_delivery", "target": target, "id": desk.id(target), "delivered_on": RECEIVED})
}

fn propose(working_days: u32) -> Value {
    json!({"action": "propose_extension", "working_days": working_days, "reason": "检索量大"})
}

fn ask_to_amend(on: NaiveDate) -> Value {
    json!({"action": "request_amendment", "notified_on": on, "defects": ["内容不明确"], "delivered_on": on})
}

#[test]
fn every_number_of_the_pack_is_doubled() {
    let json = |packs: &RulePacks| serde_json::to_value(packs.for_receipt(d(RECEIVED))).unwrap();
    let (shipped, doubled) = (json(&PACKS), json(&DOUBLED));
    let numbers: Vec<_> = shipped
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, value)| value.is_u64())
        .collect();
    assert_eq!(
        numbers.len(),
        9,
        "a new number has to be followed through below: {numbers:?}"
    );
    for (name, number) in numbers {
        assert_eq!(
            doubled[name].as_u64(),
            number.as_u64().map(|number| 2 * number),
            "{name}"
        );
    }
}

#[test]
fn the_clock() {
    let plainly = clock(RECEIVED, json!([]));
    assert_eq!((plainly.allowance, plainly.due_on), (40, Some(nth(RECEIVED, 40))));
    assert_eq!(limit(&plainly, "amendment_notice"), Some(nth(RECEIVED, 14)));
    for working_days in [25, 40] {
        let longer = clock(RECEIVED, json!([extended(RECEIVED, working_days)]));
        assert_eq!(longer.due_on, Some(nth(RECEIVED, 40 + working_days)));
    }
    let facts = parse_facts(&json!([extended(RECEIVED, 41)]), "/facts").unwrap();
    let rules = DOUBLED.for_receipt(d(RECEIVED));
    let errors = evaluate(rules, &CALENDAR, d(RECEIVED), &facts, d(RECEIVED)).unwrap_err();
    assert_eq!(errors[0].pointer, "/facts/0/working_days");
    assert!(errors[0].detail.zh.contains("1 至 40 个工作日"), "{:?}", errors[0]);

    let awaiting = clock("2025-09-23", json!([plain("amendment_requested", "2025-09-23")]));
    assert_eq!(limit(&awaiting, "amendment_response"), Some(nth("2025-09-23", 30)));
    let consulted = clock(
        "2025-09-23",
        json!([sent("a", "2025-09-22"), delivered("a", "2025-09-23")]),
    );
    assert_eq!(limit(&consulted, "third_party_opinion"), Some(nth("2025-09-23", 30)));
    assert_eq!(consulted.projected_due_on, Some(working_day(nth("2025-09-23", 30), 40)));
    let charged = json!([{"fact": "fee_notified", "on": RECEIVED, "delivered_on": "2025-09-23"}]);
    assert_eq!(
        limit(&clock("2025-09-23", charged), "fee_payment"),
        Some(nth("2025-09-23", 40))
    );
    let amended = json!([
        plain("amendment_requested", RECEIVED),
        plain("amendment_received", "2025-09-23")
    ]);
    let second: Vec<_> = (clock("2025-09-23", amended)
        .timers
        .into_iter()
        .map(|timer| timer.due_on))
    .take(2)
    .collect();
    assert_eq!(
        second,
        [Some(nth(RECEIVED, 14)), Some(nth("2025-09-23", 14))],
        "two notices"
    );
    let ordered = clock(
        "2025-09-24",
        json!([plain("replied", "2025-09-23"), plain("reply_ordered", "2025-09-24")]),
    );
    assert_eq!(ordered.due_on, Some(nth("2025-09-24", 40)));
}

#[test]
fn the_reply_and_what_is_bound_by_its_day() {
    let mut desk = case(|| Desk::in_progress(RECEIVED));
    let due = nth(RECEIVED, 40);
    assert_eq!(desk.clock().due_on, Some(due));
    assert_eq!(desk.case.projection(&law()).due_on, Some(due));
    let assign = |due: NaiveDate| json!({"action": "assign", "unit_id": unit(0), "due_on": due});
    assert_eq!(
        desk.refused(Role::Officer, assign(due.succ_opt().unwrap())).code,
        "assignment_beyond_due_date"
    );
    desk.act(Role::Officer, assign(due));
    desk.today = due;
    desk.clone().act(
        Role::Officer,
        json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 101, "issued_on": due}),
    );
    desk.act(Role::Officer, propose(10));

    let correction = case(|| {
        let mut desk = Desk::of(CaseKind::Correction, Channel::InPerson, d(RECEIVED));
        desk.act(
            Role::Clerk,
            json!({"action": "confirm_receipt", "received_on": RECEIVED}),
        );
        desk
    });
    assert_eq!(correction.clock().due_on, Some(due));
}

#[test]
fn an_order_to_reply() {
    let against_silence = case(|| Desk::in_progress(RECEIVED));
    let after_a_reply = case(|| Desk::replied(RECEIVED, json!([granted()])));
    for mut desk in [against_silence, after_a_reply] {
        desk.on("2025-10-28").plainly(Role::Officer, Action::FileRemedy);
        let id = desk.id("remedy");
        desk.on("2025-11-03").act(
            Role::Officer,
            json!({"action": "decide_remedy", "remedy_id": id, "decided_on": "2025-11-03", "result": "corrected", "reply_again": true}),
        );
        assert_eq!(desk.clock().due_on, Some(nth("2025-11-03", 40)));
    }
}

/// The bound is the pack's alone: 25 and 40 are within it, 41 is not.
#[test]
fn the_extension() {
    for working_days in [25, 40] {
        let mut desk = case(|| Desk::in_progress(RECEIVED));
        desk.act(Role::Officer, propose(working_days))
            .plainly(Role::Approver, Action::ApproveExtension);
        assert_eq!(desk.clock().due_on, Some(nth(RECEIVED, 40 + working_days)));
    }
    let mut desk = case(|| Desk::in_progress(RECEIVED));
    for working_days in [0, 41] {
        let refused = desk.send(Role::Officer, propose(working_days)).unwrap_err();
        let told = format!("{refused:?}");
        assert!(!told.contains("20"), "{told}");
        assert!(working_days == 0 || told.contains("40"), "{told}");
    }
}

#[test]
fn the_amendment() {
    let last = nth(RECEIVED, 14);
    let mut desk = case(|| Desk::in_progress(RECEIVED));
    desk.today = working_day(last, 1);
    let late = desk.refused(Role::Officer, ask_to_amend(desk.today));
    assert_eq!(
        (late.code, late.window.unwrap().to),
        ("amendment_notice_late", Some(last))
    );
    assert!(
        late.reason.zh.contains("十四个工作日") && late.reason.en.contains("14"),
        "{:?}",
        late.reason
    );
    desk.today = last;
    desk.act(Role::Officer, ask_to_amend(last));
    let respond_by = working_day(last, 30);
    assert_eq!(desk.sub("amendment_notice").due_on(), Some(respond_by));
    assert_eq!(desk.case.projection(&law()).act_by, respond_by);
    desk.today = respond_by;
    assert_eq!(
        desk.refused(timer(), json!({"action": "lapse_amendment"})).code,
        "amendment_not_overdue"
    );
    desk.today = respond_by.succ_opt().unwrap();
    desk.act(timer(), json!({"action": "lapse_amendment"}));
}

/// Two notices; the second within its days from the amended application, whatever has passed since the first receipt.
#[test]
fn a_second_amendment_notice() {
    let mut desk = case(|| Desk::amendment_pending(RECEIVED));
    desk.on("2025-10-27")
        .plainly(Role::Applicant, Action::ReceiveAmendment)
        .review();
    let last = nth("2025-10-27", 14);
    let mut late = desk.clone();
    late.today = working_day(last, 1);
    let refusal = late.refused(Role::Officer, ask_to_amend(late.today));
    let window = refusal.window.unwrap();
    assert_eq!(
        (refusal.code, window.from, window.to),
        ("amendment_notice_late", Some(d("2025-10-27")), Some(last))
    );
    desk.today = last;
    desk.act(Role::Officer, ask_to_amend(last));
    let again = last.succ_opt().unwrap();
    desk.today = again;
    desk.plainly(Role::Applicant, Action::ReceiveAmendment).review();
    assert_eq!(desk.clock().day_zero, Some(again));
    assert_eq!(
        desk.refused(Role::Officer, ask_to_amend(again)).code,
        "amendment_already_requested"
    );
}

/// Each lapse is taken back by its own reopening, in the case and in the parts it is split into.
#[test]
fn a_second_lapse_is_taken_back_as_the_first_was() {
    let mut desk = case(|| Desk::registered(RECEIVED));
    for _ in 0..2 {
        desk.today = desk.today + chrono::Days::new(1);
        let mut body = ask_to_amend(desk.today);
        body["respond_by"] = json!(desk.today.succ_opt().unwrap());
        desk.act(Role::Officer, body);
        desk.today = desk.today + chrono::Days::new(2);
        desk.plainly(Role::Officer, Action::LapseAmendment)
            .plainly(Role::Approver, Action::Reopen);
    }
    assert_eq!(desk.clock().day_zero, Some(desk.today));
    let codes = |case: &Case| -> Vec<&'static str> {
        let log = case.log().iter().map(|logged| logged.event.code());
        log.filter(|code| code.starts_with("amendment") || *code == "reopened")
            .collect()
    };
    let whole = codes(&desk.case);
    assert_eq!(whole.len(), 6, "{whole:?}");
    desk.plainly(Role::Officer, Action::Split);
    let split = SplitPart {
        title: "评估报告".into(),
        features: "全部".into(),
    };
    let id = desk.lookups.part_ids[0];
    let author = desk.case.log().last().unwrap().author;
    let part = desk
        .case
        .split_off(id, &split, "S-2".into(), "N-2".into(), author, &desk.ctx());
    let (part, _) = part.unwrap();
    assert_eq!(codes(&part), whole);
    assert_eq!(
        part.clock(&desk.ctx().law, desk.today, false)
            .unwrap()
            .unwrap()
            .day_zero,
        Some(desk.today)
    );
}

#[test]
fn opinions() {
    let last = nth(RECEIVED, 30);
    for kind in ["third_party", "agency"] {
        let mut at_once = case(|| Desk::in_progress(RECEIVED));
        at_once.act(Role::Officer, consult(kind, Some(RECEIVED)));
        let mut later = case(|| Desk::in_progress(RECEIVED));
        later.act(Role::Officer, consult(kind, None));
        let body = deliver(&later, "consultation");
        later.act(Role::Clerk, body);
        for desk in [at_once, later] {
            assert_eq!(desk.sub("consultation").due_on(), Some(last), "{kind}");
            assert_eq!(desk.clock().projected_due_on, Some(working_day(last, 40)), "{kind}");
            assert_eq!(desk.case.projection(&law()).suspended_until, Some(last), "{kind}");
        }
    }
}

#[test]
fn the_fee() {
    let last = nth(RECEIVED, 40);
    let mut at_once = case(|| Desk::in_progress(RECEIVED));
    at_once.act(Role::Officer, fee(Some(RECEIVED)));
    let mut later = case(|| Desk::in_progress(RECEIVED));
    later.act(Role::Officer, fee(None));
    let undelivered = later.refused(timer(), json!({"action": "lapse_fee"}));
    assert_eq!(undelivered.code, "notice_undelivered");
    assert!(
        undelivered.reason.zh.contains("四十个工作日"),
        "{:?}",
        undelivered.reason
    );
    let body = deliver(&later, "fee_notice");
    later.act(Role::Clerk, body);
    for mut desk in [at_once, later] {
        assert_eq!(desk.sub("fee_notice").due_on(), Some(last));
        assert_eq!(limit(&desk.clock(), "fee_payment"), Some(last));
        assert_eq!(desk.case.projection(&law()).act_by, last);
        desk.today = last;
        assert_eq!(
            desk.refused(timer(), json!({"action": "lapse_fee"})).code,
            "fee_not_overdue"
        );
        desk.today = last.succ_opt().unwrap();
        desk.act(timer(), json!({"action": "lapse_fee"}));
    }
}

#[test]
fn the_alarm_of_an_unconfirmed_submission() {
    for channel in [Channel::Online, Channel::Fax] {
        let desk = case(|| Desk::submitted(channel, RECEIVED));
        assert_eq!(desk.case.projection(&law()).act_by, nth(RECEIVED, 4));
    }
    // The same days are those within which a receipt is confirmed, in the words too.
    let last = nth(RECEIVED, 4);
    let mut desk = case(|| Desk::submitted(Channel::Online, RECEIVED));
    desk.excuse_late_entries = true;
    desk.today = working_day(last, 1);
    let confirmed = |on: NaiveDate| json!({"action": "confirm_receipt", "received_on": on, "evidence": {"means": "phone", "by": "陈明远"}});
    let Err(Rejection::Fields(errors)) = desk.clone().send(person(Role::Officer, 0), confirmed(desk.today)) else {
        panic!("a late confirmation without a reason");
    };
    assert!(
        errors[0].detail.zh.contains("四个工作日") && errors[0].detail.en.contains("four"),
        "{errors:?}"
    );
    desk.act(Role::Officer, confirmed(last));
}

/// Nothing but the calendar, the periods and the count around consultations adds working days to a day.
#[test]
fn no_period_is_reckoned_a_second_time() {
    fn files(directory: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let domain = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain");
    let mut found = Vec::new();
    files(&domain, &mut found);
    let calls = |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap().contains("add_working_days(");
    let mut reckoning: Vec<String> = (found.into_iter().filter(calls))
        .map(|path| path.strip_prefix(&domain).unwrap().to_str().unwrap().replace('\\', "/"))
        .collect();
    reckoning.sort();
    assert_eq!(
        reckoning,
        ["law/calendar.rs", "law/deadline/suspension.rs", "law/limits.rs"]
    );
}
