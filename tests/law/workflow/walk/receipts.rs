//! Papers from outside have two dates (Art 31; 国办公开办函〔2015〕207号): the day that counts, and what another reading says.

use gongkai::domain::case::Action;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::law::deadline::Risk;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::CaseKind;
use serde_json::{Value, json};

use crate::workflow::desk::{Desk, day, law};

fn risks(desk: &Desk) -> Vec<(&'static str, String)> {
    let report = desk.case.clock(&law(), desk.today, false).unwrap();
    let report = report.unwrap_or_else(gongkai::domain::law::deadline::Report::not_started);
    let risks = desk.case.risks(&law(), desk.today, &report);
    let told = |risk: Risk| {
        (
            risk.code.code(),
            risk.due_on.map(|day| day.to_string()).unwrap_or_default(),
        )
    };
    risks.into_iter().map(told).collect()
}

fn confirm(received_on: &str, more: Value) -> Value {
    let mut body = json!({
        "action": "confirm_receipt", "received_on": received_on,
        "evidence": {"means": "phone", "by": "林晓"},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn arrived(channel: Channel, on: &str) -> Desk {
    let mut desk = Desk::of(CaseKind::Disclosure, channel, day(on));
    desk.excuse_late_entries = true;
    desk
}

/// Both days are shown from the submission on, and a late confirmation says why.
#[test]
fn an_online_application_confirmed_late_shows_the_earlier_day() {
    let mut desk = arrived(Channel::Online, "2026-11-02");
    assert_eq!(risks(&desk), [("online_confirmation", "2026-11-30".to_owned())]);
    desk.on("2026-11-20");
    assert_eq!(
        desk.wrong(Role::Officer, confirm("2026-11-20", json!({}))),
        ["/late_confirmation_reason"]
    );
    let body = confirm("2026-11-20", json!({"late_confirmation_reason": "电话多次无人接听"}));
    desk.act(Role::Officer, body);
    assert_eq!(desk.clock().due_on, Some(day("2026-12-18")));
    assert_eq!(risks(&desk), [("online_confirmation", "2026-11-30".to_owned())]);

    let mut in_time = arrived(Channel::Online, "2026-11-02");
    in_time
        .on("2026-11-04")
        .act(Role::Officer, confirm("2026-11-04", json!({})));
    assert_eq!(in_time.clock().due_on, Some(day("2026-12-02")));
    assert_eq!(risks(&in_time), [("online_confirmation", "2026-11-30".to_owned())]);
    let mut at_once = arrived(Channel::Online, "2026-11-02");
    at_once.act(Role::Officer, confirm("2026-11-02", json!({})));
    assert_eq!(risks(&at_once), []);
}

#[test]
fn the_evidence_is_not_of_a_later_day_than_the_receipt() {
    let mut desk = arrived(Channel::Fax, "2026-11-02");
    desk.on("2026-11-04");
    let dated = |on: &str| {
        confirm(
            "2026-11-03",
            json!({"evidence": {"means": "phone", "by": "林晓", "on": on}}),
        )
    };
    assert_eq!(desk.wrong(Role::Officer, dated("2026-11-04")), ["/evidence/on"]);
    desk.act(Role::Officer, dated("2026-11-02"));
    assert_eq!(risks(&desk), [("earlier_receipt", "2026-11-30".to_owned())]);
}

/// Signed for by the gate office, received by the office to which it was passed on, with evidence.
#[test]
fn a_registered_letter_to_another_unit_counts_from_the_day_it_came_over() {
    let mut desk = arrived(Channel::RegisteredMail, "2026-11-02");
    desk.on("2026-11-05");
    let bare = json!({"action": "confirm_receipt", "received_on": "2026-11-05"});
    assert_eq!(desk.refused(Role::Officer, bare).code, "receipt_date_impossible");
    let evidence = json!({"evidence": {"means": "visit", "by": "信息中心", "note": "收件人写的是信息中心"}});
    desk.act(Role::Officer, confirm("2026-11-05", evidence));
    assert_eq!(desk.clock().due_on, Some(day("2026-12-03")));
    assert_eq!(risks(&desk), [("earlier_receipt", "2026-11-30".to_owned())]);
    // The arrival is corrected; the day on which it came over stays.
    desk.corrected("submitted", "arrived_on", "2026-11-03");
    assert_eq!(desk.clock().due_on, Some(day("2026-12-03")));

    let mut in_person = arrived(Channel::InPerson, "2026-11-02");
    in_person.on("2026-11-05");
    assert_eq!(
        in_person.refused(Role::Officer, confirm("2026-11-05", json!({}))).code,
        "receipt_date_impossible"
    );
}

/// An amended letter counts from the day on which the mail room signed for it.
#[test]
fn an_amended_letter_counts_from_the_mail_room() {
    let asked = || {
        let mut desk = Desk::amendment_pending("2026-11-02");
        desk.excuse_late_entries = true;
        desk.on("2026-11-26");
        desk
    };
    let letter = |more: Value| {
        let mut body = json!({"action": "receive_amendment", "received_on": "2026-11-26", "arrived_on": "2026-11-10"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let evidence = json!({"evidence": {"means": "visit", "by": "信访局收发室"}});
    for (more, day_zero, due_on, risk) in [
        (json!({}), "2026-11-10", "2026-12-08", None),
        (json!({"channel": "registered_mail"}), "2026-11-10", "2026-12-08", None),
        (evidence, "2026-11-26", "2026-12-24", Some("2026-12-08")),
        (
            json!({"channel": "online"}),
            "2026-11-26",
            "2026-12-24",
            Some("2026-12-08"),
        ),
    ] {
        let mut desk = asked();
        desk.act(Role::Clerk, letter(more.clone()));
        let report = desk.clock();
        assert_eq!(
            (report.day_zero, report.due_on),
            (Some(day(day_zero)), Some(day(due_on))),
            "{more}"
        );
        let expected: Vec<_> = risk
            .map(|due_on| ("earlier_receipt", due_on.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(risks(&desk), expected, "{more}");
    }
    let later = json!({"action": "receive_amendment", "received_on": "2026-11-20", "arrived_on": "2026-11-21"});
    assert_eq!(asked().wrong(Role::Clerk, later), ["/arrived_on"]);
}

/// What came from outside has the day written on it beside the day that counts.
#[test]
fn opinions_reasons_and_slips_have_a_second_date() {
    let mut desk = Desk::in_progress("2026-11-02");
    desk.excuse_late_entries = true;
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    desk.on("2026-11-12");
    let opinion = |dated_on: &str, desk: &Desk| {
        json!({
            "action": "record_opinion", "consultation_id": desk.id("consultation"), "received_on": "2026-11-10",
            "opinion": "consent", "dated_on": dated_on,
        })
    };
    assert_eq!(desk.wrong(Role::Clerk, opinion("2026-11-13", &desk)), ["/dated_on"]);
    desk.act(Role::Clerk, opinion("2026-11-06", &desk));
    desk.plainly(Role::Officer, Action::IssueFeeNotice);
    desk.on("2026-11-16");
    let slip = |received_on: &str| {
        json!({
            "action": "record_payment", "paid_on": "2026-11-13", "amount_yuan": 100, "reference": "0001",
            "received_on": received_on,
        })
    };
    assert_eq!(desk.wrong(Role::Clerk, slip("2026-11-12")), ["/received_on"]);
    desk.act(Role::Clerk, slip("2026-11-16"));
    assert_eq!(desk.clock().day_zero, Some(day("2026-11-13")));
}
