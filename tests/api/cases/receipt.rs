//! Receipt by channel (Art 31), numbers without gaps, query codes, and following a case without an account.

use std::collections::BTreeSet;

use gongkai::domain::words::ids::{QUERY_CODE_ALPHABET, QUERY_CODE_LENGTH};
use serde_json::{Value, json};

use crate::harness::{Office, both};

const CLERKS: usize = 8;
const ROUNDS: usize = 6;

fn evidence(means: &str) -> Value {
    json!({"means": means, "by": "许文静"})
}

/// The numbers 1, 2, 3 … behind a prefix, as they must come without gaps.
fn numbers(prefix: &str, count: usize) -> BTreeSet<String> {
    (1..=count).map(|number| format!("{prefix}{number:05}")).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

both! {
    fn paper_that_is_handed_in_or_registered_is_received_on_the_day_it_arrived(db) {
        let office = Office::open(db);
        for channel in ["in_person", "registered_mail"] {
            let mut entry = office.entry(channel);
            entry["arrived_on"] = json!("2026-03-04");
            let mut case = office.enter_as("clerk", &entry);
            for (day, reason) in [("2026-03-09", None), ("2026-03-03", Some("补录")), ("2026-03-10", None)] {
                let mut fields = json!({"received_on": day});
                if let Some(reason) = reason {
                    fields["late_entry_reason"] = json!(reason);
                }
                let refusal = case.refused("clerk", "confirm_receipt", fields, 409);
                assert_eq!(refusal.code(), "receipt_date_impossible", "{channel} {day}");
                // A registered letter to another unit comes over later, with evidence.
                let open = channel == "registered_mail" && day == "2026-03-03";
                let last = (!open).then_some("2026-03-04");
                assert_eq!(refusal.json["window"], json!({"from": "2026-03-04", "to": last}));
                assert_eq!(refusal.json["article"], "《条例》第三十一条");
            }
            let unreasoned = case.refused("clerk", "confirm_receipt", json!({"received_on": "2026-03-04"}), 422);
            assert_eq!(unreasoned.pointers(), ["/late_entry_reason"]);
            let fields = json!({"received_on": "2026-03-04", "late_entry_reason": "上周收件，今日补录"});
            case.act("clerk", "confirm_receipt", fields);
            assert_eq!(case.last["received_on"], "2026-03-04");
            assert_eq!(case.last["clock"]["due_on"], "2026-04-01");
        }
    }

    fn other_channels_are_received_on_the_day_both_sides_confirmed(db) {
        let office = Office::open(db);
        for (channel, means) in [("ordinary_mail", "phone"), ("fax", "visit"), ("online", "email")] {
            let mut entry = office.entry(channel);
            entry["arrived_on"] = json!("2026-03-09");
            let mut case = office.enter_as("clerk", &entry);
            let bare = case.refused("officer", "confirm_receipt", json!({"received_on": "2026-03-10"}), 422);
            assert_eq!(bare.pointers(), ["/evidence"], "{channel}");
            for (evidence, pointer) in [
                (json!({"means": "dream", "by": "许文静"}), "/evidence/means"),
                (json!({"means": means, "by": " "}), "/evidence/by"),
                (json!({"means": means}), "/evidence/by"),
            ] {
                let fields = json!({"received_on": "2026-03-10", "evidence": evidence});
                assert_eq!(case.refused("officer", "confirm_receipt", fields, 422).pointers(), [pointer]);
            }
            let early = json!({
                "received_on": "2026-03-08", "evidence": evidence(means), "late_entry_reason": "补录",
            });
            let early = case.refused("officer", "confirm_receipt", early, 409);
            assert_eq!(early.json["window"], json!({"from": "2026-03-09", "to": null}));
            let call = json!({"on": "2026-03-10", "means": "phone", "result": "已接通"});
            case.act("officer", "record_contact_attempt", call);
            case.act("officer", "confirm_receipt", json!({"received_on": "2026-03-10", "evidence": evidence(means)}));
            assert_eq!(case.last["clock"]["day_zero"], "2026-03-10");
            let receipt = &case.events("officer")[2];
            assert_eq!(receipt["event"], "receipt_confirmed");
            assert_eq!(receipt["data"]["evidence"]["means"], means);
        }
    }

    fn the_applicant_s_own_confirmation_is_evidence(db) {
        let office = Office::open(db);
        let mut case = office.apply();
        case.refused("officer", "confirm_receipt", json!({"received_on": "2026-03-10"}), 422);
        office.on("2026-03-11");
        case.act("applicant", "confirm_submission", json!({}));
        assert_eq!(case.refused("applicant", "confirm_submission", json!({}), 409).code(), "already_confirmed");
        let before = json!({"received_on": "2026-03-10", "late_entry_reason": "补录"});
        assert_eq!(case.refused("clerk", "confirm_receipt", before, 409).code(), "date_before_antecedent");
        case.act("clerk", "confirm_receipt", json!({"received_on": "2026-03-11"}));
        assert_eq!(case.last["state"], "registered");
    }

    fn the_office_is_told_by_when_to_confirm(db) {
        let office = Office::open(db);
        for (channel, act_by) in [("ordinary_mail", "2026-03-10"), ("fax", "2026-03-12"), ("in_person", "2026-03-10")] {
            let case = office.enter(channel);
            let list = office.user("clerk").get("/api/v1/cases?queue=intake&limit=200").expect(200);
            let line = list.json["items"].as_array().unwrap().iter().find(|line| line["id"] == case.id.as_str());
            assert_eq!(line.unwrap()["act_by"], act_by, "{channel}");
        }
        let online = office.apply();
        let list = office.user("clerk").get("/api/v1/cases?queue=unconfirmed").expect(200);
        let line = list.json["items"].as_array().unwrap().iter().find(|line| line["id"] == online.id.as_str());
        assert_eq!(line.unwrap()["act_by"], "2026-03-12");
    }

    fn an_oral_application_is_filled_in_and_read_back(db) {
        let office = Office::open(db);
        let mut entry = office.entry("in_person");
        entry["filled_by_agency"] = json!(true);
        let clerk = office.user("clerk");
        assert_eq!(clerk.post("/api/v1/cases", &entry).expect(422).pointers(), ["/read_back"]);
        entry["read_back"] = json!({"on": "2026-03-11", "by": "许文静"});
        assert_eq!(clerk.post("/api/v1/cases", &entry).expect(422).pointers(), ["/read_back/on"]);
        entry["read_back"] = json!({"on": "2026-03-10", "by": "许文静"});
        let case = office.enter_as("clerk", &entry);
        assert_eq!(case.last["filled_by_agency"], true);
        assert_eq!(case.last["read_back"]["by"], "许文静");
    }

    fn what_is_already_public_is_answered_on_the_spot_and_received_by_that(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person");
        case.act("officer", "reply_on_the_spot", json!({
            "received_on": "2026-03-10", "explanation": "您申请的信息已主动公开", "where": "县政府网站“征地信息”专栏",
        }));
        assert_eq!(case.last["state"], "replied");
        assert_eq!((&case.last["number"], &case.last["outcome"]), (&json!("CXFB-2026-00001"), &json!("granted")));
        assert_eq!(case.last["outcome_cause"], "already_public");
        assert_eq!(case.event_codes(), ["submitted", "receipt_confirmed", "replied_on_the_spot"]);
        // On a later day there is nothing on the spot any more.
        let late = office.enter("in_person").through("confirm_receipt");
        office.on("2026-03-11");
        let fields = json!({"received_on": "2026-03-11", "explanation": "已公开", "where": "网站"});
        assert_eq!(late.refused("officer", "reply_on_the_spot", fields, 409).code(), "not_on_the_spot");
    }

    fn numbers_carry_the_agency_and_the_years_of_arrival_and_receipt(db) {
        let office = Office::open(db);
        office.on("2026-01-04");
        let mut entry = office.entry("ordinary_mail");
        entry["arrived_on"] = json!("2025-12-31");
        let case = office.enter_as("clerk", &entry).through("confirm_receipt");
        assert_eq!(case.last["intake_number"], "CXFB-2025-S00001");
        assert_eq!(case.last["number"], "CXFB-2026-00001");
        let next = office.enter("in_person").through("confirm_receipt");
        assert_eq!(next.last["intake_number"], "CXFB-2026-S00001");
        assert_eq!(next.last["number"], "CXFB-2026-00002");
        let other = office.enter_as("clerk2", &office.entry("in_person"));
        assert_eq!(other.last["intake_number"], "CXZR-2026-S00001");
    }

    fn eight_clerks_at_once_leave_no_gap_although_some_are_refused(db) {
        let office = Office::open(db);
        let clerk = office.user("clerk");
        let given: Vec<(String, String)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..CLERKS)
                .map(|n| {
                    let (office, clerk) = (&office, &clerk);
                    scope.spawn(move || {
                        let mut given = Vec::new();
                        for round in 0..ROUNDS {
                            let mut wrong = office.entry("in_person");
                            wrong["applicant"]["name"] = json!("长".repeat(101));
                            if (n + round) % 2 == 0 {
                                clerk.post("/api/v1/cases", &wrong).expect(422);
                            }
                            let mut case = office.enter("in_person");
                            let intake = text(&case.last["intake_number"]);
                            if (n + round) % 3 == 0 {
                                let yesterday = json!({"received_on": "2026-03-09", "late_entry_reason": "补录"});
                                case.ask("clerk", "confirm_receipt", yesterday).expect(409);
                            }
                            case.act("clerk", "confirm_receipt", json!({"received_on": "2026-03-10"}));
                            given.push((intake, text(&case.last["number"])));
                        }
                        given
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let (intake, case): (BTreeSet<String>, BTreeSet<String>) = given.into_iter().unzip();
        assert_eq!(intake, numbers("CXFB-2026-S", CLERKS * ROUNDS));
        assert_eq!(case, numbers("CXFB-2026-", CLERKS * ROUNDS));
    }

    fn the_parts_of_a_split_application_are_numbered_like_any_other(db) {
        let office = Office::open(db);
        let mut case = office.apply().through("confirm_receipt");
        let one = json!({"parts": [{"title": "一", "features": "一"}]});
        assert_eq!(case.refused("officer", "split", one, 422).pointers(), ["/parts"]);
        case.act("officer", "split", json!({"parts": [
            {"title": "征收补偿方案", "features": "城北地块"}, {"title": "风险评估报告", "features": "城北地块"},
            {"title": "听证笔录", "features": "城北地块"},
        ]}));
        assert_eq!(case.last["description"]["title"], "征收补偿方案");
        let own = office.user("applicant").get("/api/v1/requests").expect(200);
        let parts: Vec<_> = own.json["items"].as_array().unwrap().iter()
            .map(|line| (text(&line["number"]), text(&line["title"]), text(&line["due_on"])))
            .collect();
        let due = "2026-04-08".to_owned();
        let mut expected = vec![
            ("CXFB-2026-00001".to_owned(), "征收补偿方案".to_owned(), due.clone()),
            ("CXFB-2026-00002".to_owned(), "风险评估报告".to_owned(), due.clone()),
            ("CXFB-2026-00003".to_owned(), "听证笔录".to_owned(), due),
        ];
        let mut found = parts;
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        // The code that the applicant already has opens the parts too.
        let path = format!("/api/v1/track?number=CXFB-2026-00003&code={}", case.query_code);
        office.app.anon().get(&path).expect(200);
    }

    fn a_query_code_is_unmistakable_and_opens_exactly_its_case(db) {
        let office = Office::open(db);
        let (case, other) = (office.apply(), office.apply());
        for code in [&case.query_code, &other.query_code] {
            assert_eq!(code.chars().count(), QUERY_CODE_LENGTH);
            assert!(code.chars().all(|letter| QUERY_CODE_ALPHABET.contains(letter)), "{code}");
        }
        for mistakable in "0OQ1IL2Z5S8BUV".chars() {
            assert!(!QUERY_CODE_ALPHABET.contains(mistakable), "{mistakable}");
        }
        let anyone = office.app.anon();
        let number = text(&case.last["intake_number"]);
        let spoken = format!("{}-{}", &case.query_code[..5].to_lowercase(), &case.query_code[5..]);
        let tracked = anyone.get(&format!("/api/v1/track?number={number}&code={spoken}")).expect(200);
        assert_eq!(tracked.json["intake_number"], number);
        assert_eq!(tracked.header("cache-control"), "no-store");
        // As it is typed on a telephone or with a Chinese keyboard: small letters, full-width characters and dashes, spaces.
        let wide = |text: &str| -> String {
            let widened = text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap());
            widened.flat_map(|c| c.to_string().into_bytes()).map(|byte| format!("%{byte:02X}")).collect()
        };
        for (number, code) in [
            (number.to_lowercase(), spoken.clone()),
            (format!("%20{number}%20"), spoken.clone()),
            (number.replace('-', "%E2%80%94"), spoken.clone()),
            (wide(&number), wide(&case.query_code)),
        ] {
            let tracked = anyone.get(&format!("/api/v1/track?number={number}&code={code}")).expect(200);
            assert_eq!(tracked.json["intake_number"], case.last["intake_number"]);
        }
        for secret in ["陈明远", "城北", "征收", "13800000000", &case.query_code, &case.id] {
            assert!(!tracked.text.contains(secret), "{secret} in {}", tracked.text);
        }
        let code = &case.query_code;
        let wrong = [
            format!("number={number}&code={}", other.query_code),
            format!("number={}&code={code}", text(&other.last["intake_number"])),
            format!("number=CXFB-2026-S99999&code={code}"),
            format!("number=CXFB-2026-00001&code={code}"),
            format!("number={number}&code=0000000000"),
            format!("number={number}&code={}", &code[1..]),
            format!("number={number}&code={code}{code}"),
            format!("number={number}&code=%E7%A0%81"),
            format!("number={}&code={code}", "9".repeat(3000)),
            format!("number={number}&number={number}&code={code}"),
            format!("number={number}&code=%00"),
            format!("number=%27%20OR%201=1--&code={code}"),
            format!("number={number}"),
            format!("code={code}"),
            String::new(),
        ];
        let answers: BTreeSet<String> = wrong
            .iter()
            .map(|query| anyone.get(&format!("/api/v1/track?{query}")).expect(404).text)
            .collect();
        assert_eq!(answers.len(), 1, "a wrong pair is told apart: {answers:#?}");
        assert!(!answers.iter().any(|answer| answer.contains(code.as_str())));
        let other = anyone.get(&format!("/api/v1/track?number={number}&code={code}&title=x")).expect(422);
        assert_eq!(other.pointers(), ["?title"]);
    }
}
