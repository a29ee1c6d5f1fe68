//! Whatever is wrong is answered clearly, in a fixed order of checks, and leaves nothing half written.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use gongkai::auth::tokens::{SigningKey, issue};
use serde_json::{Value, json};

use crate::harness::case::body;
use crate::harness::{Office, both};

const JSON: &str = "application/json";

/// Sets the value at a JSON pointer, making the last field where it is not there.
fn set(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[field] = new;
    value
}

fn one_item(outcome: &str) -> Value {
    json!({"items": [{"description": "x", "outcome": outcome}]})
}

fn long(count: usize) -> Value {
    json!("长".repeat(count))
}

both! {
    fn a_body_that_is_not_json_is_400_and_one_that_is_not_declared_415(db) {
        let office = Office::open(db);
        let case = office.apply();
        let before = office.written();
        let applicant = office.user("applicant");
        let officer = office.user("officer").if_match(case.version);
        let actions = format!("/api/v1/cases/{}/actions", case.id);
        for bytes in [&b""[..], b"{", b"{\"action\": \"take\",}", b"take", b"{\"action\": \"t\xff\"}", b"{} {}"] {
            assert_eq!(applicant.send("POST", "/api/v1/requests", Some((JSON, bytes))).expect(400).code(), "bad_json");
            assert_eq!(officer.send("POST", &actions, Some((JSON, bytes))).expect(400).code(), "bad_json");
        }
        let text = Some(("text/plain", &b"{\"action\": \"take\"}"[..]));
        assert_eq!(officer.send("POST", &actions, text).expect(415).code(), "unsupported_media");
        let huge = format!("{{\"action\": \"{}\"}}", "x".repeat(3 << 20));
        assert_eq!(officer.send("POST", &actions, Some((JSON, huge.as_bytes()))).expect(413).code(), "too_large");
        for (bytes, pointer) in [
            (&b"[]"[..], ""),
            (b"\"take\"", ""),
            (b"{\"action\": \"take\", \"action\": \"take\"}", "/action"),
        ] {
            let answer = officer.send("POST", &actions, Some((JSON, bytes))).expect(422);
            assert_eq!(answer.pointers(), [pointer], "{}", answer.text);
        }
        assert_eq!(office.written(), before);
    }

    fn impossible_fields_of_an_application_are_named(db) {
        let office = Office::open(db);
        let (clerk, good) = (office.user("clerk"), office.entry("in_person"));
        let before = office.written();
        for (pointer, value, named) in [
            // A purpose is never asked for, and never taken.
            ("/purpose", json!("自用"), "/purpose"),
            ("/description/purpose", json!("自用"), "/description/purpose"),
            ("/applicant/nickname", json!("小林"), "/applicant/nickname"),
            ("/kind", json!("complaint"), "/kind"),
            ("/kind", json!(5), "/kind"),
            ("/kind", json!(null), "/kind"),
            ("/channel", json!("pigeon"), "/channel"),
            ("/form", json!([]), "/form"),
            ("/description", json!("方案"), "/description"),
            ("/document_ids", json!("none"), "/document_ids"),
            ("/document_ids", json!(["01997000-0000-7000-8000-000000000001"]), "/document_ids/0"),
            ("/filled_by_agency", json!("false"), "/filled_by_agency"),
            ("/agency_id", json!("CXFB"), "/agency_id"),
            ("/agency_id", json!("01997000-0000-7000-8000-000000000001"), "/agency_id"),
            ("/description/title", long(201), "/description/title"),
            ("/description/title", json!("响铃\u{7}"), "/description/title"),
            ("/description/features", long(4001), "/description/features"),
            ("/description/features", json!("\u{1b}[31m"), "/description/features"),
            ("/description/features", json!("空\u{0}字符"), "/description/features"),
            ("/description/document_number", long(201), "/description/document_number"),
            ("/accessibility_needs", long(501), "/accessibility_needs"),
            ("/arrived_on", json!("2026-02-30"), "/arrived_on"),
            ("/arrived_on", json!("2026-3-1"), "/arrived_on"),
            ("/arrived_on", json!("10.03.2026"), "/arrived_on"),
            ("/arrived_on", json!(20260310), "/arrived_on"),
            ("/arrived_on", json!("2026-03-11"), "/arrived_on"),
            ("/arrived_on", json!("2008-04-30"), "/arrived_on"),
            ("/applicant/name", long(101), "/applicant/name"),
            ("/applicant/id_document/number", long(41), "/applicant/id_document/number"),
            ("/applicant/id_document/number", json!(440_524), "/applicant/id_document/number"),
            ("/applicant/id_document/kind", json!("badge"), "/applicant/id_document/kind"),
            ("/applicant/phone", long(31), "/applicant/phone"),
            ("/applicant/email", json!("a@b\r\nBcc: x@example.cn"), "/applicant/email"),
            ("/applicant/guardian", json!({"name": "林母", "sister": true}), "/applicant/guardian/sister"),
            // Neither its words nor its scan.
            ("/description", json!(null), "/description"),
            ("/description", json!({"title": " "}), "/description"),
        ] {
            let answer = clerk.post("/api/v1/cases", &set(good.clone(), pointer, value.clone())).expect(422);
            assert!(answer.pointers().contains(&named), "{pointer} = {value}: {}", answer.text);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.code(), "fields");
        }
        assert_eq!(office.written(), before);
        // At the limits everything is possible; a clerk of another agency is not told more than that.
        let limits = set(set(good.clone(), "/description/title", long(200)), "/description/features", long(4000));
        office.enter_as("clerk", &limits);
        let elsewhere = set(good, "/agency_id", json!(office.app.region().office.to_string()));
        office.user("clerk2").post("/api/v1/cases", &elsewhere).expect(403);
    }

    fn impossible_fields_of_actions_are_named(db) {
        let office = Office::open(db);
        let case = office.enter("in_person").through("review_substantively");
        let party = json!({"name": "某公司"});
        for (who, action, fields, pointer) in [
            ("officer", "vanish", json!({}), "/action"),
            ("officer", "Take", json!({}), "/action"),
            ("clerk", "submit", json!({}), "/action"),
            ("officer", "take", json!({"by": "me"}), "/by"),
            ("officer", "take", json!({"occurred_on": "2026-02-30"}), "/occurred_on"),
            ("officer", "take", json!({"occurred_on": "2026-03-11"}), "/occurred_on"),
            ("officer", "take", json!({"occurred_on": 20260310}), "/occurred_on"),
            ("officer", "take", json!({"late_entry_reason": long(501)}), "/late_entry_reason"),
            ("officer", "request_amendment", json!({"notified_on": "2026-02-30", "defects": ["x"]}), "/notified_on"),
            ("officer", "request_amendment", json!({"notified_on": "2026-03-11", "defects": ["x"]}), "/notified_on"),
            ("officer", "request_amendment", json!({"notified_on": "2026-03-10"}), "/defects"),
            ("officer", "request_amendment", json!({"notified_on": "2026-03-10", "defects": []}), "/defects"),
            ("officer", "request_amendment", json!({"notified_on": "2026-03-10", "defects": ["\u{8}"]}), "/defects/0"),
            (
                "officer", "request_amendment",
                json!({"notified_on": "2026-03-10", "defects": ["x"], "respond_by": "2026-03-10"}), "/respond_by",
            ),
            (
                "officer", "request_amendment",
                json!({"notified_on": "2026-03-10", "defects": ["x"], "delivered_on": "2026-03-09"}), "/delivered_on",
            ),
            (
                "officer", "request_amendment",
                json!({"notified_on": "2026-03-10", "defects": ["x"], "occurred_on": "2026-03-10"}), "/occurred_on",
            ),
            ("officer", "propose_extension", json!({"working_days": 21, "reason": "x"}), "/working_days"),
            ("officer", "propose_extension", json!({"working_days": 0, "reason": "x"}), "/working_days"),
            ("officer", "propose_extension", json!({"working_days": -1, "reason": "x"}), "/working_days"),
            ("officer", "propose_extension", json!({"working_days": 1.5, "reason": "x"}), "/working_days"),
            ("officer", "propose_extension", json!({"working_days": "5", "reason": "x"}), "/working_days"),
            ("officer", "propose_extension", json!({"working_days": 5, "reason": long(2001)}), "/reason"),
            ("officer", "assign", json!({"unit_id": "1", "due_on": "2026-03-20"}), "/unit_id"),
            ("officer", "assign", json!({"unit_id": "1", "due_on": "2300-01-01"}), "/due_on"),
            ("officer", "hand_over", json!({"user_id": "officer2", "reason": "x"}), "/user_id"),
            ("officer", "merge", json!({"into_case_id": case.id, "reason": "x"}), "/into_case_id"),
            (
                "officer", "consult_third_party",
                json!({"party": party, "concerning": "x", "sent_on": "2026-03-11"}), "/sent_on",
            ),
            (
                "officer", "consult_third_party",
                json!({"party": {"name": "某", "fax": "1"}, "concerning": "x", "sent_on": "2026-03-10"}), "/party/fax",
            ),
            (
                "officer", "issue_fee_notice",
                json!({"scheme": "per_page", "count": 0, "issued_on": "2026-03-10"}), "/count",
            ),
            ("officer", "draft_reply", json!({"items": []}), "/items"),
            ("officer", "draft_reply", one_item("granted"), "/items/0/where"),
            ("officer", "draft_reply", one_item("partly_granted"), "/items/0/outcome"),
            ("officer", "draft_reply", one_item("not_held"), "/items/0/cause"),
            ("officer", "file_remedy", json!({"kind": "petition", "filed_on": "2026-03-10", "organ": "x"}), "/kind"),
            ("officer", "file_remedy", json!({"kind": "direct_suit", "filed_on": "2026-03-10", "organ": ""}), "/organ"),
            ("officer", "correct_fact", json!({"seq": 99, "field": "x", "value": 1, "reason": "x"}), "/seq"),
            (
                "officer", "correct_fact",
                json!({"seq": 1, "field": "intake_number", "value": "x", "reason": "x"}), "/field",
            ),
            (
                "officer", "correct_fact",
                json!({"seq": 2, "field": "received_on", "value": "soon", "reason": "x"}), "/value",
            ),
        ] {
            let answer = case.refused(who, action, fields.clone(), 422);
            assert!(answer.pointers().contains(&pointer), "{action} {fields}: {}", answer.text);
        }
    }

    fn a_date_before_what_it_answers_is_refused_with_the_earliest_day(db) {
        let office = Office::open(db);
        let mut entry = office.entry("in_person");
        office.on("2026-03-16");
        entry["arrived_on"] = json!("2026-03-12");
        let mut case = office.enter_as("clerk", &entry);
        let late = |mut fields: Value| { fields["late_entry_reason"] = json!("补录"); fields };
        let refusal = case.refused("clerk", "record_contact_attempt",
            late(json!({"on": "2026-03-11", "means": "phone", "result": "x"})), 409);
        assert_eq!(refusal.code(), "date_before_antecedent");
        assert_eq!(refusal.json["window"], json!({"from": "2026-03-12", "to": "2026-03-16"}));
        case.act("clerk", "confirm_receipt", late(json!({"received_on": "2026-03-12"})));
        case.skip_to("review_formally");
        case = case.through("review_substantively");
        let sent = json!({"party": {"name": "某公司"}, "concerning": "报价", "sent_on": "2026-03-11"});
        // Before the receipt; a review may have been made without knowing of the letter.
        let refusal = case.refused("officer", "consult_third_party", late(sent.clone()), 409);
        assert_eq!(refusal.code(), "date_before_antecedent");
        case.act("officer", "consult_third_party", {
            let mut today = sent; today["sent_on"] = json!("2026-03-16"); today
        });
        let consultation = case.sub_id("consultation");
        let (id, day) = (&consultation, "2026-03-15");
        for (who, action, fields) in [
            ("officer", "record_opinion", json!({"consultation_id": id, "received_on": day, "opinion": "consent"})),
            ("officer", "end_consultation", json!({"consultation_id": id, "ended_on": day, "reason": "not_needed"})),
            ("clerk", "record_notice_delivery", json!({"target": "consultation", "id": id, "delivered_on": day})),
        ] {
            let refusal = case.refused(who, action, late(fields), 409);
            assert_eq!(refusal.code(), "date_before_antecedent", "{action}");
            assert_eq!(refusal.json["window"]["from"], "2026-03-16");
        }
        let other = json!({"consultation_id": "consultation-99", "received_on": "2026-03-16", "opinion": "consent"});
        assert_eq!(case.refused("officer", "record_opinion", other, 422).pointers(), ["/consultation_id"]);
    }

    fn an_amendment_can_be_asked_for_within_seven_working_days_and_once(db) {
        let office = Office::open(db);
        let case = office.enter("in_person").through("confirm_receipt");
        let notice = |day: &str| json!({"notified_on": day, "defects": ["请写明地块"]});
        let window = json!({"from": "2026-03-10", "to": "2026-03-19"});
        office.on("2026-03-19");
        let option = case.option("officer", "request_amendment");
        assert_eq!((&option["allowed"], &option["window"]), (&json!(true), &window));

        office.on("2026-03-20");
        let refusal = case.refused("officer", "request_amendment", notice("2026-03-20"), 409);
        assert_eq!(refusal.code(), "amendment_notice_late");
        assert_eq!((&refusal.json["article"], &refusal.json["window"]), (&json!("《条例》第三十条"), &window));
        let open = refusal.json["allowed_actions"].as_array().unwrap();
        assert!(open.contains(&json!("review_formally")) && !open.contains(&json!("request_amendment")), "{open:?}");
        let option = case.option("officer", "request_amendment");
        assert_eq!((&option["allowed"], &option["window"]), (&json!(false), &window));
        assert_eq!(option["refusal"]["code"], "amendment_notice_late");
        let english = office.user("officer").with("Accept-Language", "en").if_match(case.version);
        let path = format!("{}/actions", case.path("officer"));
        let english = english.post(&path, &body("request_amendment", notice("2026-03-20"))).expect(409);
        assert!(english.json["detail"].as_str().unwrap().contains("2026-03-19"), "{}", english.text);

        // What was told in time may still be entered, and nothing may be told a second time.
        let mut in_time = notice("2026-03-19");
        in_time["late_entry_reason"] = json!("昨日已邮寄，今日补录");
        let mut case = case;
        case.act("officer", "request_amendment", in_time);
        case.act("clerk", "receive_amendment", json!({"received_on": "2026-03-20"}));
        let again = case.refused("officer", "request_amendment", notice("2026-03-20"), 409);
        assert_eq!(again.code(), "amendment_already_requested");
    }

    fn an_extension_comes_once_and_before_the_due_date_has_passed(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        let proposal = json!({"working_days": 20, "reason": "需要检索的档案较多"});
        office.on("2026-04-08");
        case.act("officer", "propose_extension", proposal.clone());
        let proposed = case.refused("officer", "propose_extension", proposal.clone(), 409);
        assert_eq!(proposed.code(), "extension_already_used");
        // Proposed on the last day but told after it: too late, on the day of the notice.
        office.on("2026-04-09");
        let late = case.refused("approver", "approve_extension", json!({"notified_on": "2026-04-09"}), 409);
        assert_eq!(late.code(), "extension_after_due_date");
        assert_eq!(late.json["window"], json!({"from": "2026-03-10", "to": "2026-04-08"}));
        case.act("approver", "reject_extension", json!({"reason": "期限已过"}));
        let late = case.refused("officer", "propose_extension", proposal.clone(), 409);
        assert_eq!(late.code(), "extension_after_due_date");
        assert_eq!(case.last["clock"]["overdue"], true);

        let mut in_time = office.enter("in_person").through("review_substantively");
        in_time.act("officer", "propose_extension", proposal.clone());
        in_time.act("approver", "approve_extension", json!({"notified_on": "2026-04-09"}));
        assert_eq!(in_time.last["clock"]["allowance"], 40);
        assert_eq!(in_time.refused("officer", "propose_extension", proposal, 409).code(), "extension_already_used");
    }

    fn a_version_is_one_strong_tag_and_the_current_one(db) {
        let office = Office::open(db);
        let case = office.enter("in_person").through("confirm_receipt");
        let before = office.written();
        let path = format!("{}/actions", case.path("officer"));
        let officer = office.user("officer");
        for (tag, status, code) in [
            (None, 428, "version_required"),
            (Some("*"), 412, "version_malformed"),
            (Some("W/\"2\""), 412, "version_malformed"),
            (Some("2"), 412, "version_malformed"),
            (Some("\"2\", \"3\""), 412, "version_malformed"),
            (Some("\"1\""), 412, "stale_version"),
            (Some("\"3\""), 412, "stale_version"),
        ] {
            let officer = tag.map_or(officer.clone(), |tag| officer.with("If-Match", tag));
            assert_eq!(officer.post(&path, &json!({"action": "hand_over"})).expect(status).code(), code, "{tag:?}");
        }
        assert_eq!(office.written(), before);
    }

    fn a_token_that_is_not_ours_not_current_or_not_signed_opens_nothing(db) {
        let office = Office::open(db);
        let case = office.apply();
        let officer = office.app.region().users.iter().find(|user| user.username == "officer").unwrap().id;
        let now = office.app.clock.now();
        let foreign = issue(&SigningKey::generate(), officer, 1, now, chrono::Duration::hours(1)).unwrap();
        let login = office.app.login("officer", gongkai::auth::passwords::DEMO_PASSWORD).expect(200);
        let good = login.json["access_token"].as_str().unwrap().to_owned();
        let [header, claims, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("{good}") };
        let kid: Value = serde_json::from_slice(&BASE64.decode(header).unwrap()).unwrap();
        let unsigned = |alg: &str| BASE64.encode(json!({"typ": "JWT", "alg": alg, "kid": kid["kid"]}).to_string());
        let lower = claims.to_lowercase();
        let tokens = [
            foreign,
            format!("{}.{claims}.", unsigned("none")),
            format!("{}.{claims}.{signature}", unsigned("NONE")),
            format!("{}.{claims}.{signature}", unsigned("HS512")),
            format!("{header}.{lower}.{signature}"),
            format!("{header}.{claims}"),
            "e30.e30.e30".to_owned(),
            String::new(),
        ];
        let before = office.written();
        let refuse = |token: &str| {
            let stranger = office.app.anon().with_token(token).if_match(case.version);
            for path in ["/api/v1/cases".to_owned(), case.path("officer"), format!("{}/events", case.path("officer")),
                "/api/v1/cases?limit=none".to_owned(), "/api/v1/requests?limit=none".to_owned()] {
                let answer = stranger.get(&path).expect(401);
                assert_eq!((answer.code(), answer.header("www-authenticate")), ("unauthenticated", "Bearer"), "{path}");
            }
            let actions = format!("{}/actions", case.path("officer"));
            stranger.post(&actions, &json!({"action": "take"})).expect(401);
            stranger.post("/api/v1/cases", &office.entry("in_person")).expect(401);
            stranger.send("POST", "/api/v1/requests", Some((JSON, b"{"))).expect(401);
        };
        for token in &tokens {
            refuse(token);
        }
        office.app.anon().with_token(&good).get(&case.path("officer")).expect(200);
        office.app.clock.advance(chrono::Duration::days(3651));
        refuse(&good);
        assert_eq!(office.written(), before);
    }

    /// 401 → 404 → the stored answer → 428 or 412 → 403 → 422 → 409: each request is wrong in every later respect.
    fn the_checks_come_in_their_order(db) {
        let office = Office::open(db);
        let (own, done) = (office.enter("in_person"), office.enter("in_person"));
        let foreign = office.enter_as("clerk2", &office.entry("in_person"));
        let key = |key: &str, who: &str| office.user(who).with("Idempotency-Key", key);
        key("done", "clerk").if_match(1)
            .post(&format!("{}/actions", done.path("clerk")), &body("take", json!({}))).expect(200);
        let before = office.written();
        let own_path = format!("{}/actions", own.path("clerk"));
        let done_path = format!("{}/actions", done.path("clerk"));
        let foreign_path = format!("{}/actions", foreign.path("clerk"));
        let no_case = "/api/v1/cases/01997000-0000-7000-8000-000000000001/actions".to_owned();
        let no_id = "/api/v1/cases/1/actions".to_owned();
        // An action that is not the clerk's, with an impossible field, in a state that forbids it.
        let nothing_right = json!({"action": "approve_reply", "nonsense": true});
        let only_too_early = json!({"action": "approve_reply"});
        let not_json = json!(null);
        for (step, (actor, path, body), status, code) in [
            ("anonymous, foreign case", (office.app.anon(), &foreign_path, &nothing_right), 401, "unauthenticated"),
            ("anonymous, no id", (office.app.anon(), &no_id, &not_json), 401, "unauthenticated"),
            ("foreign case", (office.user("clerk"), &foreign_path, &nothing_right), 404, "not_found"),
            ("foreign case, not JSON", (office.user("clerk"), &foreign_path, &not_json), 404, "not_found"),
            ("no case", (office.user("clerk"), &no_case, &nothing_right), 404, "not_found"),
            ("no id", (office.user("clerk"), &no_id, &nothing_right), 404, "not_found"),
            ("no stored answer for a foreign case", (key("done", "clerk"), &foreign_path, &not_json), 404, "not_found"),
            ("stored answer, other body", (key("done", "clerk"), &done_path, &not_json), 422, "idempotency_key_reused"),
            ("no version", (key("new", "clerk"), &own_path, &nothing_right), 428, "version_required"),
            ("no version, not JSON", (office.user("clerk"), &own_path, &not_json), 428, "version_required"),
            ("stale", (office.user("clerk").if_match(7), &own_path, &nothing_right), 412, "stale_version"),
            ("stale, not JSON", (office.user("clerk").if_match(7), &own_path, &not_json), 412, "stale_version"),
            ("not JSON", (office.user("clerk").if_match(1), &own_path, &not_json), 400, "bad_json"),
            ("role", (office.user("clerk").if_match(1), &own_path, &nothing_right), 403, "forbidden"),
            ("fields", (office.user("approver").if_match(1), &own_path, &nothing_right), 422, "fields"),
            ("workflow", (office.user("approver").if_match(1), &own_path, &only_too_early), 409, "wrong_state"),
        ] {
            let bytes = if body.is_null() { "{".to_owned() } else { body.to_string() };
            let answer = actor.send("POST", path, Some((JSON, bytes.as_bytes())));
            assert_eq!((answer.status, answer.code()), (status, code), "{step}: {}", answer.text);
        }
        // The stored answer comes before the version and everything after it.
        let again = key("done", "clerk").post(&done_path, &body("take", json!({}))).expect(200);
        assert_eq!(again.header("idempotency-replayed"), "true");
        // Submitting: who may not is told so before anything in the body is looked at.
        office.user("officer").post("/api/v1/cases", &json!({"nonsense": true})).expect(403);
        office.user("clerk").post("/api/v1/requests", &json!({"nonsense": true})).expect(403);
        assert_eq!(office.written(), before);
    }
}
