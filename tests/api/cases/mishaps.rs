//! What happens in an office around the clock, over HTTP: letters that are late or lost, endings entered in ignorance,
//! replies that come back, papers with two dates.

use serde_json::{Value, json};

use crate::harness::{Office, Walk, both};

/// A letter that came by registered mail on a day and was received on it.
fn received<'a>(office: &'a Office, on: &str) -> Walk<'a> {
    office.on(on);
    let mut case = office.enter("registered_mail");
    case.act("clerk", "confirm_receipt", json!({"received_on": on}));
    case.skip_to("review_formally");
    case
}

fn in_progress<'a>(office: &'a Office, on: &str) -> Walk<'a> {
    received(office, on).through("review_substantively")
}

fn days(case: &Walk<'_>) -> (Value, Value, Value) {
    let clock = &case.last["clock"];
    (
        clock["day_zero"].clone(),
        clock["due_on"].clone(),
        clock["missed_on"].clone(),
    )
}

fn late(mut fields: Value) -> Value {
    fields["late_entry_reason"] = json!("事后得知");
    fields
}

fn delivery(case: &Walk<'_>, kind: &str, on: &str) -> Value {
    json!({"target": kind, "id": case.sub_id(kind), "on": on})
}

both! {
    fn a_lapse_is_revoked_and_the_letter_counts_from_the_mail_room(db) {
        let office = Office::open(db);
        let mut case = received(&office, "2026-09-07");
        office.on("2026-09-09");
        case.act("officer", "request_amendment", json!({
            "notified_on": "2026-09-09", "defects": ["请写明地块"], "respond_by": "2026-09-28", "delivered_on": "2026-09-09",
        }));
        office.on("2026-09-29");
        case.act("officer", "lapse_amendment", json!({}));
        assert_eq!(case.last["endings"][0]["kind"], "amendment_lapsed");
        office.on("2026-10-09");
        case.act("approver", "revoke_ending", json!({"reason": "补正材料9月24日已由收发室签收"}));
        assert_eq!((&case.last["state"], &case.last["endings"]), (&json!("amendment_pending"), &json!([])));
        assert_eq!(case.sub("amendment_notice")["due_on"], "2026-09-28");
        case.act("clerk", "receive_amendment", late(json!({"received_on": "2026-09-24"})));
        assert_eq!(days(&case), (json!("2026-09-24"), json!("2026-10-29"), Value::Null));
    }

    fn a_fee_paid_in_time_undoes_the_lapse(db) {
        let office = Office::open(db);
        let mut case = in_progress(&office, "2026-08-03");
        office.on("2026-08-07");
        case.act("officer", "issue_fee_notice", json!({"scheme": "per_page", "count": 44, "issued_on": "2026-08-07"}));
        assert_eq!(case.sub("fee_notice")["amount_yuan"], 140);
        let delivered = delivery(&case, "fee_notice", "2026-08-07");
        case.act("clerk", "record_notice_delivery", delivered);
        assert_eq!(case.sub("fee_notice")["due_on"], "2026-09-04");
        office.on("2026-09-07");
        case.act("officer", "lapse_fee", json!({}));
        office.on("2026-09-09");
        case.act("approver", "revoke_ending", json!({"reason": "银行回单显示9月4日已缴费"}));
        let slip = json!({"paid_on": "2026-09-04", "amount_yuan": 140, "reference": "回单 0012"});
        case.act("clerk", "record_payment", late(slip));
        assert_eq!(days(&case), (json!("2026-09-04"), json!("2026-10-09"), Value::Null));
    }

    fn a_withdrawal_on_the_wrong_case_leaves_nothing_behind(db) {
        let office = Office::open(db);
        let mut case = in_progress(&office, "2026-08-03");
        let before = case.last.clone();
        case.act("clerk", "withdraw", json!({"reason": "申请人来电"}));
        assert_eq!(case.last["state"], "closed");
        case.act("approver", "revoke_ending", json!({"reason": "撤回的是另一件申请"}));
        for field in ["state", "clock", "outcome", "endings"] {
            assert_eq!(case.view("officer")[field], before[field], "{field}");
        }
        let again = case.refused("approver", "revoke_ending", json!({"reason": "重复"}), 409);
        assert_eq!(again.code(), "wrong_state");
    }

    fn a_reply_with_the_wrong_annex_is_replaced(db) {
        let office = Office::open(db);
        let mut case = in_progress(&office, "2026-08-03").through("issue_reply");
        let stopped = case.last["replied_on"].clone();
        case.act("approver", "replace_reply", json!({"reason": "附件装错"}));
        assert_eq!((&case.last["state"], &case.last["clock"]["status"]), (&json!("in_progress"), &json!("stopped")));
        assert_eq!(case.last["clock"]["risks"][0]["code"], "replacement");
        case.skip_to("draft_reply");
        let case = case.through("issue_reply");
        let view = case.view("officer");
        assert_eq!((&view["replied_on"], &view["state"]), (&stopped, &json!("replied")));
        let replies = view["replies"].as_array().unwrap();
        assert_eq!(replies.len(), 2);
        assert_eq!((&replies[0]["replaced_on"], &replies[1]["replaced_on"]), (&json!("2026-08-03"), &Value::Null));
        assert_eq!(view["clock"]["risks"][0]["due_on"], view["clock"]["due_on"]);
    }

    fn without_a_delivery_no_period_runs(db) {
        let office = Office::open(db);
        for (respond_by, last_day) in [(Some("2026-09-28"), "2026-10-29"), (None, "2026-11-02")] {
            let mut case = received(&office, "2026-09-07");
            office.on("2026-09-09");
            case.act("officer", "request_amendment", json!({
                "notified_on": "2026-09-09", "defects": ["请写明地块"], "respond_by": respond_by,
            }));
            assert_eq!(case.sub("amendment_notice")["due_on"], Value::Null);
            assert_eq!(case.sub("amendment_notice")["stated_on"], json!(respond_by));
            office.on("2026-10-12");
            let refusal = case.refused("officer", "lapse_amendment", json!({}), 409);
            assert_eq!((refusal.code(), &refusal.json["article"]), ("notice_undelivered", &json!("《条例》第三十条")));
            let delivered = delivery(&case, "amendment_notice", "2026-10-12");
            case.act("clerk", "record_notice_delivery", delivered);
            for on in ["2026-10-12", last_day] {
                office.on(on);
                let refusal = case.refused("officer", "lapse_amendment", json!({}), 409);
                assert_eq!(refusal.code(), "amendment_not_overdue", "{on}");
            }
            assert_eq!(case.sub("amendment_notice")["due_on"], last_day);
            office.on("2026-11-03");
            case.act("officer", "lapse_amendment", json!({}));
        }
    }

    fn the_preview_knows_of_deliveries(db) {
        let office = Office::open(db);
        let due = |fact: Value| {
            let body = json!({"received_on": "2026-09-07", "as_of": "2026-10-12", "facts": [fact]});
            let report = office.user("officer").post("/api/v1/clock/preview", &body).expect(200).json;
            report["timers"][1]["due_on"].clone()
        };
        let asked = |more: Value| {
            let mut fact = json!({"fact": "amendment_requested", "on": "2026-09-09", "respond_by": "2026-09-28"});
            fact.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            fact
        };
        assert_eq!(due(asked(json!({}))), "2026-09-28");
        assert_eq!(due(asked(json!({"delivered_on": "2026-10-12"}))), "2026-10-29");
        assert_eq!(due(asked(json!({"delivered_on": null}))), Value::Null);
    }

    fn a_pick_up_that_is_posted_in_the_end_is_in_time_on_the_posting_day(db) {
        let office = Office::open(db);
        let mut case = in_progress(&office, "2026-10-12");
        office.on("2026-10-26");
        case = case.through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "pickup"}));
        assert_eq!(case.last["clock"]["due_on"], "2026-11-09");
        office.on("2026-11-06");
        case.act("officer", "dispatch_reply", json!({"method": "mail", "sent_on": "2026-11-06", "reference": "EMS 1"}));
        office.on("2026-11-12");
        case.act("clerk", "record_delivery", json!({"result": "signed", "delivered_on": "2026-11-12"}));
        assert_eq!((&case.last["replied_on"], &case.last["state"]), (&json!("2026-11-06"), &json!("delivered")));
        assert_eq!(days(&case).2, Value::Null);
        let dispatches = case.last["dispatches"].as_array().unwrap();
        let shown: Vec<_> = dispatches.iter().map(|one| (&one["method"], &one["sent_on"], &one["result"])).collect();
        assert_eq!(shown, [
            (&json!("pickup"), &json!("2026-10-26"), &Value::Null),
            (&json!("mail"), &json!("2026-11-06"), &json!("signed")),
        ]);
    }

    fn what_came_back_is_still_to_be_delivered(db) {
        let office = Office::open(db);
        let mut case = in_progress(&office, "2026-08-03").through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": "2026-08-03"}));
        office.on("2026-08-12");
        case.act("clerk", "record_delivery", json!({
            "result": "returned", "delivered_on": "2026-08-12", "returned_because": "address_given",
        }));
        let listed = |queue: &str| {
            let page = office.user("clerk").get(&format!("/api/v1/cases?queue={queue}")).expect(200).json;
            page["items"].as_array().unwrap().iter().any(|line| line["id"] == case.id)
        };
        assert!(listed("to_deliver") && !listed("to_archive"));
        assert_eq!(case.refused("clerk", "archive", json!({"retention": "10y"}), 409).code(), "delivery_outstanding");
        let number = case.last["number"].as_str().unwrap();
        let track = office.app.anon().get(&format!("/api/v1/track?number={number}&code={}", case.query_code));
        assert_eq!(track.expect(200).json["steps"][4]["reached_on"], Value::Null);
        let reason = "按申请人提供的地址投递三次未果，电话停机";
        case.act("approver", "archive", json!({"retention": "10y", "without_service_reason": reason}));
        assert_eq!(case.last["state"], "archived");
    }

    fn a_late_confirmation_online_gives_its_reason_and_shows_the_earlier_day(db) {
        let office = Office::open(db);
        office.on("2026-11-02");
        let mut case = office.apply();
        assert_eq!(case.view("officer")["clock"]["risks"][0]["due_on"], "2026-11-30");
        office.on("2026-11-20");
        let confirmed = json!({"received_on": "2026-11-20", "evidence": {"means": "phone", "by": "林晓"}});
        let missing = case.refused("officer", "confirm_receipt", confirmed.clone(), 422);
        assert_eq!(missing.json["errors"][0]["pointer"], "/late_confirmation_reason");
        let mut explained = confirmed;
        explained["late_confirmation_reason"] = json!("多次电话无人接听");
        case.act("officer", "confirm_receipt", explained);
        assert_eq!(case.last["clock"]["due_on"], "2026-12-18");
        let risk = &case.last["clock"]["risks"][0];
        assert_eq!((&risk["code"], &risk["due_on"]), (&json!("online_confirmation"), &json!("2026-11-30")));
    }

    fn an_amended_letter_counts_from_the_mail_room(db) {
        let office = Office::open(db);
        let mut case = received(&office, "2026-11-02");
        case.act("officer", "request_amendment", json!({"notified_on": "2026-11-02", "defects": ["请写明地块"]}));
        office.on("2026-11-26");
        let letter = json!({"arrived_on": "2026-11-10", "received_on": "2026-11-26"});
        case.act("clerk", "receive_amendment", late(letter));
        assert_eq!(days(&case), (json!("2026-11-10"), json!("2026-12-08"), Value::Null));
    }

    fn a_day_that_was_set_is_not_extended(db) {
        let office = Office::open(db);
        let mut case = in_progress(&office, "2026-08-03");
        case.act("officer", "request_reasons", json!({}));
        case.act("officer", "record_reasons", json!({"reasonable": true}));
        case.act("officer", "propose_extension", json!({"working_days": 20, "reason": "检索量大"}));
        case.act("approver", "set_delay", json!({"until": "2026-09-21", "reason": "数量较大"}));
        let refusal = case.refused("approver", "approve_extension", json!({"notified_on": "2026-08-03"}), 409);
        assert_eq!(refusal.code(), "due_date_fixed");
        assert_eq!(case.last["clock"]["due_on"], "2026-09-21");
        let body = json!({"received_on": "2026-08-03", "as_of": "2026-08-04", "facts": [
            {"fact": "delay_set", "on": "2026-08-03", "until": "2026-09-21"},
            {"fact": "extended", "on": "2026-08-04", "working_days": 20},
        ]});
        let report = office.user("officer").post("/api/v1/clock/preview", &body).expect(200).json;
        assert_eq!(report["notes"][0]["code"], "due_date_fixed");
        assert_eq!((&report["allowance"], &report["due_on"]), (&json!(40), &json!("2026-09-21")));
    }

    fn one_paper_answers_several_applications_and_each_counts(db) {
        let office = Office::open(db);
        let cases: Vec<_> = (0..4).map(|_| in_progress(&office, "2026-08-03").through("approve_reply").identified()).collect();
        let [first, others @ ..] = cases.as_slice() else { panic!("four cases") };
        let others: Vec<_> = others.iter().map(|case| json!({"case_id": case.id, "version": case.version})).collect();
        let reply = json!({"method": "mail", "replied_on": "2026-08-03", "together_with": others});
        let mut first = first.clone();
        let mut stale = reply.clone();
        stale["together_with"][2]["version"] = json!(1);
        assert_eq!(first.refused("officer", "issue_reply", stale, 409).code(), "together_stale");
        let mut twice = reply.clone();
        twice["together_with"][2]["case_id"] = json!(first.id);
        let wrong = first.refused("officer", "issue_reply", twice, 422);
        assert_eq!(wrong.json["errors"][0]["pointer"], "/together_with/2/case_id");
        // Of the same name and number, but nobody has looked: one paper must not go to somebody else.
        let stranger = in_progress(&office, "2026-08-03").through("approve_reply");
        let mut unseen = reply.clone();
        unseen["together_with"][2] = json!({"case_id": stranger.id, "version": stranger.version});
        assert_eq!(first.refused("officer", "issue_reply", unseen, 409).code(), "together_unfit");
        first.act("officer", "issue_reply", reply);
        for case in &cases {
            let view = case.view("officer");
            assert_eq!((&view["state"], &view["outcome"]), (&json!("replied"), &json!("granted")));
            assert_eq!(view["replies"][0]["together_with"].as_array().unwrap().len(), 3);
        }
        let report = office.user("supervisor").get("/api/v1/reports/annual/2026?scope=own").expect(200).json;
        assert_eq!((&report["requests"]["r03"][6], &report["requests"]["r23"][6]), (&json!(4), &json!(0)));
    }

    fn what_is_handed_over_together_is_offered_on_one_day(db) {
        let office = Office::open(db);
        let cases: Vec<_> = (0..2).map(|_| in_progress(&office, "2026-08-03").through("approve_reply").identified()).collect();
        office.on("2026-08-05");
        let mut first = cases[0].clone();
        // A colleague scanned the signed reply into one of the cases; it is the paper of both.
        let scan = crate::documents::uploaded(&office.user("clerk"), "答复书.pdf", "reply", crate::documents::samples::PDF);
        first.act("clerk", "add_document", json!({"document_ids": [scan]}));
        first.act("officer", "issue_reply", json!({
            "method": "pickup", "occurred_on": "2026-08-04", "document_ids": [scan],
            "together_with": [{"case_id": cases[1].id, "version": cases[1].version}],
        }));
        assert_eq!(cases[1].view("officer")["documents"][0]["id"], json!(scan));
        for case in &cases {
            assert_eq!(case.view("officer")["dispatches"][0]["sent_on"], "2026-08-04");
        }
    }

    /// One of two equal letters is answered: neither of two closes for the other, nor for somebody else's.
    fn two_letters_do_not_close_each_other(db) {
        let office = Office::open(db);
        office.on("2026-08-03");
        let mut entry = office.entry("ordinary_mail");
        entry["applicant"]["name"] = json!("何建国");
        entry["applicant"]["id_document"]["number"] = json!("11010519491231002X");
        let stranger = office.enter_as("clerk", &entry);
        let mut one = office.enter("ordinary_mail");
        let other = office.enter("fax");
        let of = |case: &Walk<'_>| json!({"reason": "duplicate", "other_case_id": case.id});
        assert_eq!(one.refused("officer", "close_intake", of(&stranger), 409).code(), "duplicate_unfit");
        let alone = json!({"reason": "duplicate"});
        assert_eq!(one.refused("officer", "close_intake", alone, 422).pointers(), ["/other_case_id"]);
        one.act("officer", "close_intake", of(&other));
        assert_eq!(other.refused("officer", "close_intake", of(&one), 409).code(), "duplicate_unfit");
    }

    /// Whichever way two cases are merged, neither is answered after its own day: an extension counts too.
    fn merging_puts_off_no_due_date(db) {
        let office = Office::open(db);
        let mut first = in_progress(&office, "2026-08-03").identified();
        let second = in_progress(&office, "2026-08-20").identified();
        let into = |case: &Walk<'_>| json!({"into_case_id": case.id, "reason": "同一事项"});
        assert_eq!(first.refused("officer", "merge", into(&second), 409).code(), "merge_target_unfit");
        office.on("2026-08-21");
        first.act("officer", "propose_extension", json!({"working_days": 20, "reason": "需要检索历年档案"}));
        first.act("approver", "approve_extension", json!({"notified_on": "2026-08-21"}));
        assert!(first.last["clock"]["due_on"].as_str() > second.last["clock"]["due_on"].as_str());
        let refused = second.refused("officer", "merge", into(&first), 409);
        assert!(refused.text.contains("期限"), "{}", refused.text);
        first.act("officer", "merge", into(&second));
        assert_eq!((&first.last["outcome_cause"], &second.view("officer")["state"]), (&json!("merged"), &json!("in_progress")));
    }

    /// What is announced counts as served after thirty days; the file stays open until then.
    fn an_announced_reply_is_not_finished_at_once(db) {
        let office = Office::open(db);
        let mut case = in_progress(&office, "2026-08-03").through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": "2026-08-03"}));
        office.on("2026-08-10");
        case.act("clerk", "record_delivery", json!({"result": "returned", "delivered_on": "2026-08-10", "returned_because": "address_given"}));
        case.act("clerk", "record_delivery", json!({"result": "public_notice", "delivered_on": "2026-08-10"}));
        let archive = json!({"retention": "10y"});
        assert_eq!(case.refused("clerk", "archive", archive.clone(), 409).code(), "announcement_running");
        office.on("2026-09-09");
        case.act("clerk", "archive", archive);
    }

    fn an_action_on_many_cases_is_taken_in_each_by_itself(db) {
        let office = Office::open(db);
        let cases: Vec<_> = (0..3).map(|_| received(&office, "2026-08-03")).collect();
        let mut body = json!({
            "action": "review_formally",
            "fields": {"checks": {"name": true, "contact": true, "content": true, "form": true, "identity": true}},
            "cases": cases.iter().map(|case| json!({"id": case.id, "version": case.version})).collect::<Vec<_>>(),
        });
        body["cases"][1]["version"] = json!(1);
        let send = |body: &Value, key: &str| {
            let officer = office.user("officer").with("Idempotency-Key", key);
            officer.post("/api/v1/cases/actions", body)
        };
        let mut tried = body.clone();
        tried["dry_run"] = json!(true);
        let before = office.written();
        let answer = send(&tried, "k1").expect(200).json;
        assert_eq!(office.written(), before, "only tried");
        let done = |answer: &Value| -> Vec<bool> {
            answer["items"].as_array().unwrap().iter().map(|item| item["done"] == true).collect()
        };
        assert_eq!(done(&answer), [true, false, true]);
        let answer = send(&body, "k1").expect(200).json;
        assert_eq!(done(&answer), [true, false, true]);
        assert_eq!(answer["items"][1]["refusal"]["code"], "stale_version");
        let written = office.written();
        let again = send(&body, "k1").expect(200).json;
        assert_eq!(again["items"][0], answer["items"][0], "what was done stays done");
        assert_eq!(office.written(), written);
        // What is wrong with the fields is wrong in every case.
        body["fields"] = json!({"checks": {}});
        let wrong = send(&body, "k2").expect(422);
        assert_eq!(wrong.json["errors"][0]["pointer"], "/fields/checks/name");
        body["cases"] = json!([]);
        send(&body, "k3").expect(422);
    }
}
