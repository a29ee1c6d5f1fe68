//! No delivery, no period (Arts 30, 32, 35; fee rules, Art 6): one rule for all notices.

use gongkai::domain::case::{Action, State};
use gongkai::domain::law::deadline::{ClockStatus, TimerKind};
use gongkai::domain::people::access::Role;
use serde_json::{Value, json};

use crate::workflow::desk::{Desk, day, granted, working_day};

fn asked(respond_by: Option<&str>) -> Desk {
    let mut desk = Desk::registered("2026-09-07");
    desk.on("2026-09-09").act(
        Role::Officer,
        json!({
            "action": "request_amendment", "notified_on": "2026-09-09", "defects": ["请写明地块"], "respond_by": respond_by,
        }),
    );
    desk
}

fn delivery(desk: &Desk, kind: &str, more: Value) -> Value {
    let mut body = json!({"action": "record_notice_delivery", "target": kind, "id": desk.id(kind)});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn lapse() -> Value {
    json!({"action": "lapse_amendment"})
}

#[test]
fn an_undelivered_amendment_notice_never_lapses() {
    for respond_by in [None, Some("2026-09-28")] {
        let mut desk = asked(respond_by);
        let refusal = desk.on("2026-12-31").refused(Role::Officer, lapse());
        assert_eq!(
            (refusal.code, refusal.article),
            ("notice_undelivered", Some("《条例》第三十条"))
        );
        let notice = desk.sub("amendment_notice");
        assert_eq!(notice.due_on(), None);
        assert_eq!(notice.fields().unwrap()["stated_on"], json!(respond_by));
        let report = desk.clock();
        let timer = report
            .timers
            .iter()
            .find(|timer| timer.timer == TimerKind::AmendmentResponse);
        assert_eq!(timer.unwrap().due_on, None);
    }
}

/// The last day: the later of the day stated and of as many working days after the delivery as the notice gave.
#[test]
fn the_time_to_amend_counts_from_the_delivery() {
    for (respond_by, delivered_on, last_day) in [
        (Some("2026-09-28"), "2026-10-12", "2026-10-29"),
        (None, "2026-10-12", "2026-11-02"),
        (Some("2026-09-28"), "2026-09-09", "2026-09-28"),
        (None, "2026-09-09", "2026-09-30"),
        (Some("2026-09-28"), "2026-09-10", "2026-09-29"),
    ] {
        let mut desk = asked(respond_by);
        desk.on("2026-10-12");
        let delivered = delivery(
            &desk,
            "amendment_notice",
            json!({"on": delivered_on, "late_entry_reason": "查询投递结果"}),
        );
        desk.act(Role::Clerk, delivered);
        assert_eq!(desk.sub("amendment_notice").due_on(), Some(day(last_day)));
        assert_eq!(
            desk.case.projection(&crate::workflow::desk::law()).act_by,
            day(last_day)
        );
        for on in [delivered_on, last_day] {
            if day(on) >= desk.today {
                let refusal = desk.clone().on(on).refused(Role::Officer, lapse());
                assert_eq!(refusal.code, "amendment_not_overdue", "{respond_by:?} on {on}");
            }
        }
        desk.today = day(last_day).succ_opt().unwrap().max(desk.today);
        desk.act(Role::Officer, lapse());
        assert_eq!(desk.state(), State::Closed);
    }
}

#[test]
fn a_returned_notice_is_sent_again_and_only_then_runs_its_time() {
    let mut desk = asked(Some("2026-09-28"));
    desk.on("2026-09-18");
    let body = delivery(
        &desk,
        "amendment_notice",
        json!({"result": "returned", "on": "2026-09-18", "method": "挂号信"}),
    );
    desk.act(Role::Clerk, body);
    assert_eq!(desk.sub("amendment_notice").due_on(), None);
    assert_eq!(
        desk.on("2026-10-08").refused(Role::Officer, lapse()).code,
        "notice_undelivered"
    );
    let id = desk.id("amendment_notice");
    desk.act(
        Role::Clerk,
        json!({
            "action": "resend_notice", "target": "amendment_notice", "id": id, "sent_on": "2026-10-08", "method": "直接送达",
        }),
    );
    let refused = json!({"result": "refused", "on": "2026-10-08"});
    assert_eq!(
        desk.wrong(Role::Clerk, delivery(&desk, "amendment_notice", refused)),
        ["/witness"]
    );
    let refused = delivery(
        &desk,
        "amendment_notice",
        json!({"result": "refused", "on": "2026-10-08", "witness": "社区干部周敏"}),
    );
    desk.act(Role::Clerk, refused);
    assert_eq!(desk.sub("amendment_notice").due_on(), Some(day("2026-10-26")));
    let sendings = desk.sub("amendment_notice").fields().unwrap()["sendings"].clone();
    assert_eq!(
        sendings,
        json!([
            {"sent_on": "2026-09-09", "method": "挂号信", "result": "returned", "on": "2026-09-18"},
            {"sent_on": "2026-10-08", "method": "直接送达", "result": "refused", "on": "2026-10-08"},
        ])
    );
    let again = delivery(&desk, "amendment_notice", json!({"on": "2026-10-08"}));
    assert_eq!(desk.refused(Role::Clerk, again).code, "no_notice_undelivered");
}

/// Announced, a notice counts as delivered after thirty days: until then no period runs.
#[test]
fn a_public_notice_counts_after_thirty_days() {
    let mut desk = Desk::in_progress("2026-09-07");
    desk.act(
        Role::Officer,
        json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 44, "issued_on": "2026-09-07"}),
    );
    let refusal = desk
        .on("2027-01-29")
        .refused(Role::Officer, json!({"action": "lapse_fee"}));
    assert_eq!(
        (refusal.code, refusal.article),
        ("notice_undelivered", Some("国办函〔2020〕109号第六条"))
    );
    desk.on("2026-09-10");
    let announced = delivery(
        &desk,
        "fee_notice",
        json!({"result": "public_notice", "on": "2026-09-10"}),
    );
    desk.act(Role::Clerk, announced);
    let notice = desk.sub("fee_notice").fields().unwrap();
    assert_eq!(notice["delivered_on"], "2026-10-10");
    let due_on = desk.sub("fee_notice").due_on();
    assert_eq!(due_on, Some(crate::workflow::desk::working_day(day("2026-10-10"), 20)));
    assert_eq!(
        desk.clock()
            .timers
            .iter()
            .find(|timer| timer.timer == TimerKind::FeePayment)
            .unwrap()
            .due_on,
        None
    );
    desk.on("2026-10-10");
    assert_eq!(
        desk.clock()
            .timers
            .iter()
            .find(|timer| timer.timer == TimerKind::FeePayment)
            .unwrap()
            .due_on,
        due_on
    );
}

/// Whoever comes for it while it hangs has it from that day.
#[test]
fn an_announced_notice_can_still_come_to_hand() {
    let mut desk = Desk::in_progress("2026-09-07");
    desk.excuse_late_entries = true;
    desk.act(
        Role::Officer,
        json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 44, "issued_on": "2026-09-07"}),
    );
    let told = |desk: &Desk, result: &str, on: &str| delivery(desk, "fee_notice", json!({"result": result, "on": on}));
    let announced = told(&desk, "public_notice", "2026-09-10");
    desk.on("2026-09-21").act(Role::Clerk, announced);
    assert_eq!(
        desk.sub("fee_notice").due_on(),
        Some(working_day(day("2026-10-10"), 20))
    );
    for wrong in ["public_notice", "returned"] {
        let again = told(&desk, wrong, "2026-09-21");
        assert_eq!(desk.refused(Role::Clerk, again).code, "already_delivered", "{wrong}");
    }
    let fetched = told(&desk, "delivered", "2026-09-18");
    desk.act(Role::Clerk, fetched);
    assert_eq!(
        desk.sub("fee_notice").due_on(),
        Some(working_day(day("2026-09-18"), 20))
    );
    let sendings = desk.sub("fee_notice").fields().unwrap()["sendings"].clone();
    assert_eq!(sendings.as_array().unwrap().len(), 2);
    assert_eq!(
        (&sendings[0]["result"], &sendings[1]["on"]),
        (&json!("public_notice"), &json!("2026-09-18"))
    );
    let again = told(&desk, "delivered", "2026-09-21");
    assert_eq!(desk.refused(Role::Clerk, again).code, "no_notice_undelivered");
}

/// Who asks others by an announcement knows from that day until when to wait at most.
#[test]
fn an_announced_consultation_has_its_end() {
    let mut desk = Desk::in_progress("2026-09-07");
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    let before = desk.clock();
    assert_eq!((before.status, before.projected_due_on), (ClockStatus::Suspended, None));
    let announced = delivery(
        &desk,
        "consultation",
        json!({"result": "public_notice", "on": "2026-09-10"}),
    );
    desk.on("2026-09-10").act(Role::Clerk, announced);
    let silent_on = working_day(day("2026-10-10"), 15);
    assert_eq!(desk.sub("consultation").due_on(), Some(silent_on));
    let after = desk.clock();
    assert_eq!(after.status, ClockStatus::Suspended);
    assert_eq!(
        after.projected_due_on,
        desk.on("2026-10-12").clock().projected_due_on,
        "the same as once it counts as delivered"
    );
    assert!(after.projected_due_on.is_some_and(|due_on| due_on > silent_on));
}

/// The same for whoever is asked: an opinion, reasons.
#[test]
fn opinions_and_reasons_wait_for_the_delivery_too() {
    let mut desk = Desk::in_progress("2026-09-07");
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    let returned = delivery(&desk, "consultation", json!({"result": "returned", "on": "2026-09-07"}));
    desk.act(Role::Clerk, returned);
    assert_eq!(desk.sub("consultation").due_on(), None);
    let delivered = delivery(&desk, "consultation", json!({"on": "2026-09-07"}));
    desk.act(Role::Clerk, delivered);
    assert_eq!(
        desk.sub("consultation").due_on(),
        Some(crate::workflow::desk::working_day(day("2026-09-07"), 15))
    );

    let mut desk = Desk::in_progress("2026-09-07");
    desk.act(
        Role::Officer,
        json!({"action": "request_reasons", "respond_by": "2026-09-14"}),
    );
    desk.on("2026-09-21");
    let delivered = delivery(&desk, "reasons_request", json!({"on": "2026-09-21"}));
    desk.act(Role::Clerk, delivered);
    // Five working days were given: 8, 9, 10, 11, 14 September.
    assert_eq!(desk.sub("reasons_request").due_on(), Some(day("2026-09-29")));
    desk.draft(json!([granted()]));
}
