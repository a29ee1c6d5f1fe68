//! The four effects on a clock: suspension, restart, extension and delay, and the timers that watch them.

use serde_json::json;

use crate::clock::{Example, check, delay, delivered, ended, extended, opinion, plain, report, sent, timers};

/// Art 33(3): the days after the sending up to and including the end; edges of the reference §2.2.
#[test]
fn suspensions() {
    let open = || json!([sent("a", "2025-09-26"), delivered("a", "2025-09-26")]);
    let example = |name, as_of, facts, expected| Example {
        name,
        received: "2025-09-22",
        as_of,
        facts,
        expected,
    };
    check(vec![
        example(
            "the sending day counts and is open",
            "2025-09-26",
            open(),
            json!({"status": "suspended", "used": 4, "due_on": null, "projected_due_on": "2025-11-14"}),
        ),
        example(
            "nothing counts while silent",
            "2025-10-23",
            open(),
            json!({"status": "suspended", "used": 4, "left": 16, "projected_due_on": "2025-11-14"}),
        ),
        example(
            "silence ends it on the 15th working day",
            "2025-10-24",
            open(),
            json!({"status": "running", "used": 5, "due_on": "2025-11-14", "projected_due_on": null}),
        ),
        example(
            "an opinion after that changes nothing",
            "2025-10-28",
            json!([
                sent("a", "2025-09-26"),
                delivered("a", "2025-09-26"),
                opinion("a", "2025-10-28")
            ]),
            json!({"status": "running", "used": 7, "due_on": "2025-11-14"}),
        ),
        example(
            "on the day of the opinion it is no longer open, and the day does not count",
            "2025-10-15",
            json!([
                sent("a", "2025-09-26"),
                delivered("a", "2025-09-26"),
                opinion("a", "2025-10-15")
            ]),
            json!({"status": "running", "used": 4, "due_on": "2025-11-06"}),
        ),
        example(
            "no limit before delivery",
            "2025-12-31",
            json!([sent("a", "2025-09-26")]),
            json!({"status": "suspended", "used": 4, "due_on": null, "projected_due_on": null, "overdue": false}),
        ),
        example(
            "an opinion ends it without a delivery",
            "2025-10-16",
            json!([
                sent("a", "2025-09-26"),
                opinion("a", "2025-10-15"),
                delivered("a", "2025-10-16")
            ]),
            json!({"status": "running", "due_on": "2025-11-06"}),
        ),
        example(
            "of an opinion and an ending the earlier counts",
            "2025-10-16",
            json!([
                sent("a", "2025-09-26"),
                ended("a", "2025-10-10"),
                opinion("a", "2025-10-15")
            ]),
            json!({"status": "running", "used": 9, "due_on": "2025-10-31"}),
        ),
        example(
            "one that ends on its sending day suspends no day",
            "2025-09-26",
            json!([sent("a", "2025-09-26"), ended("a", "2025-09-26")]),
            json!({"status": "running", "used": 4, "due_on": "2025-10-24"}),
        ),
        example(
            "overlapping ones count once",
            "2025-10-14",
            json!([
                sent("a", "2025-09-24"),
                opinion("a", "2025-10-10"),
                sent("b", "2025-09-26"),
                opinion("b", "2025-10-14")
            ]),
            json!({"status": "running", "used": 2, "due_on": "2025-11-07"}),
        ),
        example(
            "both kinds suspend alike",
            "2025-10-16",
            json!([{"fact": "consultation_sent", "id": "a", "kind": "agency", "on": "2025-09-26"}, opinion("a", "2025-10-15")]),
            json!({"status": "running", "due_on": "2025-11-06"}),
        ),
        example(
            "sent on day 20: the allowance is used up, and the day passes",
            "2025-10-27",
            json!([sent("a", "2025-10-24")]),
            json!({"status": "suspended", "used": 20, "left": 0, "projected_due_on": "2025-10-24",
                "missed_on": "2025-10-24", "overdue": false}),
        ),
        example(
            "sent after day 20: used up while suspended",
            "2025-10-28",
            json!([sent("a", "2025-10-28"), delivered("a", "2025-10-28")]),
            json!({"status": "suspended", "used": 22, "left": -2, "projected_due_on": "2025-10-24",
                "missed_on": "2025-10-24"}),
        ),
        example(
            "while one of two is undelivered nothing is projected",
            "2025-10-10",
            json!([
                sent("a", "2025-09-26"),
                delivered("a", "2025-09-26"),
                sent("b", "2025-10-09")
            ]),
            json!({"status": "suspended", "projected_due_on": null}),
        ),
        example(
            "several short stops gain no day beyond what they took",
            "2025-10-17",
            json!([
                sent("a", "2025-09-23"),
                opinion("a", "2025-09-24"),
                sent("b", "2025-09-25"),
                opinion("b", "2025-09-28"),
                sent("c", "2025-10-16"),
                opinion("c", "2025-10-17")
            ]),
            json!({"status": "running", "used": 11, "due_on": "2025-10-30"}),
        ),
    ]);
}

/// Arts 30 and 33, fee rules Art 6: what starts the clock again, and what survives it.
#[test]
fn restarts() {
    let example = |name, as_of, facts, expected| Example {
        name,
        received: "2025-09-22",
        as_of,
        facts,
        expected,
    };
    check(vec![
        example(
            "no day counts after the request",
            "2025-10-16",
            json!([plain("amendment_requested", "2025-09-24")]),
            json!({"status": "awaiting_amendment", "used": 2, "left": 18, "due_on": null, "projected_due_on": null}),
        ),
        example(
            "nor after the fee notice",
            "2025-10-16",
            json!([plain("fee_notified", "2025-09-24")]),
            json!({"status": "awaiting_payment", "used": 2, "due_on": null}),
        ),
        example(
            "awaiting goes before suspended",
            "2025-10-16",
            json!([plain("fee_notified", "2025-09-24"), sent("a", "2025-09-23")]),
            json!({"status": "awaiting_payment", "used": 1, "projected_due_on": null}),
        ),
        example(
            "an earlier extension does not carry over",
            "2025-10-09",
            json!([
                extended("2025-09-25", 20),
                plain("amendment_requested", "2025-09-29"),
                plain("amendment_received", "2025-10-09")
            ]),
            json!({"status": "running", "day_zero": "2025-10-09", "allowance": 20, "due_on": "2025-11-05"}),
        ),
        example(
            "one dated on the restart day belongs to the new run",
            "2025-10-09",
            json!([
                extended("2025-10-09", 5),
                plain("amendment_requested", "2025-09-29"),
                plain("amendment_received", "2025-10-09")
            ]),
            json!({"allowance": 25, "due_on": "2025-11-12"}),
        ),
        example(
            "nor does an earlier delay, though set while awaiting",
            "2025-10-09",
            json!([
                plain("fee_notified", "2025-09-24"),
                delay("2025-09-26", "2026-01-05"),
                plain("fee_paid", "2025-10-09")
            ]),
            json!({"status": "running", "due_on": "2025-11-05", "left": 20}),
        ),
        example(
            "a consultation still open keeps suspending",
            "2025-09-30",
            json!([
                sent("a", "2025-09-24"),
                delivered("a", "2025-09-24"),
                plain("amendment_requested", "2025-09-25"),
                plain("amendment_received", "2025-09-29")
            ]),
            json!({"status": "suspended", "day_zero": "2025-09-29", "used": 0, "projected_due_on": "2025-11-18"}),
        ),
        example(
            "receipt, request, amendment, notice and payment on one day",
            "2025-09-22",
            json!([
                plain("fee_paid", "2025-09-22"),
                plain("fee_notified", "2025-09-22"),
                plain("amendment_received", "2025-09-22"),
                plain("amendment_requested", "2025-09-22")
            ]),
            json!({"status": "running", "day_zero": "2025-09-22", "used": 0, "due_on": "2025-10-24"}),
        ),
        example(
            "payment may come before delivery",
            "2025-10-10",
            json!([{"fact": "fee_notified", "on": "2025-09-24", "delivered_on": "2025-10-10"}, plain("fee_paid", "2025-10-09")]),
            json!({"status": "running", "due_on": "2025-11-05", "used": 1}),
        ),
        example(
            "a late notice is computed",
            "2025-10-28",
            json!([
                plain("amendment_requested", "2025-10-27"),
                plain("amendment_received", "2025-10-28")
            ]),
            json!({"status": "running", "day_zero": "2025-10-28", "due_on": "2025-11-25", "missed_on": "2025-10-24"}),
        ),
        example(
            "an order to reply again",
            "2025-12-01",
            json!([
                plain("replied", "2025-10-10"),
                plain("reply_ordered", "2025-12-01"),
                sent("a", "2025-09-26"),
                extended("2025-09-25", 20)
            ]),
            json!({"status": "running", "day_zero": "2025-12-01", "allowance": 20, "used": 0, "due_on": "2025-12-29"}),
        ),
        example(
            "an order with a date of its own",
            "2025-12-02",
            json!([plain("replied", "2025-10-10"), {"fact": "reply_ordered", "on": "2025-12-01", "until": "2025-12-20"}]),
            json!({"status": "running", "due_on": "2025-12-20", "left": 13, "used": 1}),
        ),
        example(
            "extension and delay on the day of the order belong to its run; its own date wins",
            "2025-10-10",
            json!([extended("2025-09-25", 1), extended("2025-10-10", 3), delay("2025-10-10", "2025-11-01"), plain("replied", "2025-10-10"), {"fact": "reply_ordered", "on": "2025-10-10", "until": "2025-12-20"}]),
            json!({"status": "running", "allowance": 23, "due_on": "2025-12-20"}),
        ),
    ]);
}

/// Arts 33(2) and 35; what is due, overdue and missed.
#[test]
fn extension_delay_reply_and_overdue() {
    let example = |name, as_of, facts, expected| Example {
        name,
        received: "2025-09-22",
        as_of,
        facts,
        expected,
    };
    check(vec![
        example(
            "the due date itself is in time",
            "2025-10-24",
            json!([]),
            json!({"due_on": "2025-10-24", "used": 20, "left": 0, "overdue": false, "missed_on": null}),
        ),
        example(
            "overdue on the free day after it, by no working day",
            "2025-10-26",
            json!([]),
            json!({"overdue": true, "overdue_by": 0, "used": 20, "missed_on": "2025-10-24"}),
        ),
        example(
            "overdue by one working day",
            "2025-10-27",
            json!([]),
            json!({"overdue": true, "overdue_by": 1, "used": 21, "left": -1, "missed_on": "2025-10-24"}),
        ),
        example(
            "a late extension moves the due date and cures nothing",
            "2025-10-27",
            json!([extended("2025-10-27", 10)]),
            json!({"due_on": "2025-11-07", "overdue": false, "missed_on": "2025-10-24"}),
        ),
        example(
            "reply on the last day",
            "2025-12-31",
            json!([plain("replied", "2025-10-24")]),
            json!({"status": "stopped", "due_on": "2025-10-24", "used": 20, "left": 0, "overdue": false, "missed_on": null}),
        ),
        example(
            "reply two working days late",
            "2025-12-31",
            json!([plain("replied", "2025-10-28")]),
            json!({"status": "stopped", "overdue": true, "overdue_by": 2, "used": 22, "left": -2, "missed_on": "2025-10-24"}),
        ),
        example(
            "reply on the free day after the due date",
            "2025-10-25",
            json!([plain("replied", "2025-10-25")]),
            json!({"overdue": true, "overdue_by": 0, "missed_on": "2025-10-24"}),
        ),
        example(
            "a reply ends open consultations on its day, which does not count; later days do",
            "2025-10-10",
            json!([
                sent("a", "2025-09-26"),
                delivered("a", "2025-09-26"),
                plain("replied", "2025-10-10")
            ]),
            json!({"status": "stopped", "used": 4, "left": 16, "due_on": "2025-10-31", "projected_due_on": null}),
        ),
        example(
            "a reply on the sending day: that day counts",
            "2025-09-26",
            json!([sent("a", "2025-09-26"), plain("replied", "2025-09-26")]),
            json!({"used": 4, "due_on": "2025-10-24"}),
        ),
        example(
            "a reply while awaiting",
            "2025-10-10",
            json!([
                plain("amendment_requested", "2025-09-24"),
                plain("replied", "2025-10-10")
            ]),
            json!({"status": "stopped", "used": 2, "left": 18, "due_on": null, "overdue": false, "missed_on": null}),
        ),
        example(
            "a delay decides alone and is not rolled",
            "2025-10-20",
            json!([extended("2025-10-15", 10), delay("2025-10-20", "2025-11-08")]),
            json!({"status": "running", "due_on": "2025-11-08", "allowance": 30, "used": 16, "left": 14}),
        ),
        example(
            "of several delays the latest set wins",
            "2025-10-21",
            json!([delay("2025-10-21", "2025-10-31"), delay("2025-10-20", "2025-11-08")]),
            json!({"due_on": "2025-10-31", "left": 8}),
        ),
        example(
            "past the delay, on a free day",
            "2025-11-09",
            json!([delay("2025-10-20", "2025-11-08")]),
            json!({"overdue": true, "overdue_by": 0, "left": 0, "missed_on": "2025-11-08"}),
        ),
        example(
            "past the delay",
            "2025-11-10",
            json!([delay("2025-10-20", "2025-11-08")]),
            json!({"overdue": true, "overdue_by": 1, "left": -1}),
        ),
        example(
            "a delay while suspended: days left are working days, suspended or not",
            "2025-10-21",
            json!([sent("a", "2025-10-15"), delay("2025-10-20", "2025-11-08")]),
            json!({"status": "suspended", "due_on": null, "projected_due_on": "2025-11-08", "used": 13, "left": 13}),
        ),
        example(
            "suspended days after a delay are not overdue days",
            "2025-11-13",
            json!([
                delay("2025-10-20", "2025-11-07"),
                sent("a", "2025-11-10"),
                opinion("a", "2025-11-12")
            ]),
            json!({"status": "running", "overdue": true, "overdue_by": 2, "left": -4, "missed_on": "2025-11-07"}),
        ),
        example(
            "a missed day stays through restart, reply and order",
            "2026-01-05",
            json!([
                plain("fee_notified", "2025-10-27"),
                plain("fee_paid", "2025-10-28"),
                plain("replied", "2025-10-29"),
                plain("reply_ordered", "2026-01-05")
            ]),
            json!({"status": "running", "day_zero": "2026-01-05", "overdue": false, "missed_on": "2025-10-24"}),
        ),
        example(
            "silence to the limit and beyond misses the projected day",
            "2025-11-17",
            json!([
                sent("a", "2025-09-26"),
                delivered("a", "2025-09-26"),
                extended("2025-11-17", 20)
            ]),
            json!({"status": "running", "due_on": "2025-12-12", "missed_on": "2025-11-14"}),
        ),
    ]);
}

#[test]
fn timers_tell_what_was_done_in_time() {
    let received = "2025-09-22";
    for (name, as_of, facts, expected) in [
        (
            "nothing done yet",
            "2025-09-30",
            json!([]),
            vec!["amendment_notice 2025-09-30 open", "reply 2025-10-24 open"],
        ),
        (
            "giving no notice misses nothing",
            "2025-10-27",
            json!([]),
            vec!["amendment_notice 2025-09-30 void", "reply 2025-10-24 missed"],
        ),
        (
            "a reply makes the notice void",
            "2025-09-25",
            json!([plain("replied", "2025-09-25")]),
            vec!["amendment_notice 2025-09-30 void", "reply 2025-10-24 met"],
        ),
        (
            "late notice, default time to amend",
            "2025-10-10",
            json!([plain("amendment_requested", "2025-10-09")]),
            vec![
                "amendment_notice 2025-09-30 missed",
                "amendment_response 2025-10-29 open",
                "reply unknown open",
            ],
        ),
        (
            "amended after the agency's own date",
            "2025-10-10",
            json!([{"fact": "amendment_requested", "on": "2025-09-24", "respond_by": "2025-10-09"}, plain("amendment_received", "2025-10-10")]),
            vec![
                "amendment_notice 2025-09-30 met",
                "amendment_response 2025-10-09 missed",
                "reply 2025-11-06 open",
            ],
        ),
        (
            "not amended",
            "2025-10-10",
            json!([{"fact": "amendment_requested", "on": "2025-09-24", "respond_by": "2025-10-09"}]),
            vec![
                "amendment_notice 2025-09-30 met",
                "amendment_response 2025-10-09 missed",
                "reply unknown open",
            ],
        ),
        (
            "reply while an amendment could still come",
            "2025-10-10",
            json!([{"fact": "amendment_requested", "on": "2025-09-24", "respond_by": "2025-10-09"}, plain("replied", "2025-10-09")]),
            vec![
                "amendment_notice 2025-09-30 met",
                "amendment_response 2025-10-09 void",
                "reply unknown void",
            ],
        ),
        (
            "fee notice not delivered",
            "2025-12-31",
            json!([plain("fee_notified", "2025-09-24")]),
            vec![
                "amendment_notice 2025-09-30 void",
                "fee_payment unknown open",
                "reply unknown open",
            ],
        ),
        (
            "paid on the last day",
            "2025-10-28",
            json!([{"fact": "fee_notified", "on": "2025-09-23", "delivered_on": "2025-09-24"}, plain("fee_paid", "2025-10-28")]),
            vec![
                "amendment_notice 2025-09-30 void",
                "fee_payment 2025-10-28 met",
                "reply 2025-11-25 open",
            ],
        ),
        (
            "opinions: met, silent, undelivered, ended, open at the reply",
            "2025-11-03",
            json!([
                sent("met", "2025-09-23"), delivered("met", "2025-09-23"), opinion("met", "2025-10-20"),
                sent("silent", "2025-09-24"), delivered("silent", "2025-09-24"), opinion("silent", "2025-10-22"),
                {"fact": "consultation_sent", "id": "withdrawn", "kind": "agency", "on": "2025-09-25"}, ended("withdrawn", "2025-09-26"),
                sent("undelivered", "2025-09-26"),
                sent("open", "2025-10-30"), delivered("open", "2025-10-31"),
                plain("replied", "2025-11-03")
            ]),
            vec![
                "amendment_notice 2025-09-30 void",
                "third_party_opinion met 2025-10-20 met",
                "third_party_opinion silent 2025-10-21 missed",
                "agency_opinion withdrawn unknown void",
                "third_party_opinion undelivered unknown void",
                "third_party_opinion open 2025-11-21 void",
                "reply 2025-11-28 met",
            ],
        ),
    ] {
        assert_eq!(timers(received, as_of, facts), expected, "{name}");
    }
    let articles: Vec<String> = report(
        received,
        "2025-09-26",
        json!([sent("a", "2025-09-23"), {"fact": "consultation_sent", "id": "b", "kind": "agency", "on": "2025-09-24"}, plain("fee_notified", "2025-09-25")]),
    )
    .timers
    .into_iter()
    .map(|timer| timer.article)
    .collect();
    assert_eq!(
        articles,
        [
            "第三十条",
            "第三十二条",
            "第三十四条",
            "信息处理费管理办法第六条",
            "第三十三条"
        ]
    );
}
