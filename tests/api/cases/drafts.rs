//! What legal reviewer and approver say of a draft is seen by whoever works on the case, and what they ask to be changed
//! is not skipped unseen.

use serde_json::{Value, json};

use crate::harness::{Office, both};

fn name(office: &Office, username: &str) -> String {
    let users = &office.app.region().users;
    let user = users.iter().find(|user| user.username == username).expect("an account");
    user.name.clone()
}

both! {
    fn returns_and_passes_with_changes_are_shown_by_whom_when_and_what(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        let items = |explanation: &str| json!({"principal": 0, "items": [
            {"description": "方案", "outcome": "granted", "where": "附件"},
            {"description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "explanation": explanation},
        ]});
        case.act("officer", "draft_reply", items("讨论记录"));
        case.act("secrecy", "review_secrecy", json!({"verdicts": [{"item": 0, "verdict": "release"}]}));
        case.act("officer", "submit_for_legal_review", json!({}));
        case.act("legal", "review_legally", json!({"opinion": "return", "note": "理由不充分"}));
        case.act("officer", "draft_reply", items("属于决策过程中形成的讨论记录"));
        case.act("officer", "submit_for_legal_review", json!({}));
        office.on("2026-03-11");
        let asked = json!(["写明第十六条第二款", "救济途径改用新格式"]);
        case.act("legal", "review_legally", json!({"opinion": "pass_with_changes", "note": "其余无意见", "changes": asked}));
        assert_eq!(case.last["state"], "in_progress");
        let changes = case.view("officer")["changes"].as_array().unwrap().clone();
        let open: Vec<_> = changes.iter().map(|change| (&change["index"], &change["text"], &change["open"], &change["made"])).collect();
        assert_eq!(open, [
            (&json!(0), &json!("写明第十六条第二款"), &json!(true), &Value::Null),
            (&json!(1), &json!("救济途径改用新格式"), &json!(true), &Value::Null),
        ]);
        assert_eq!((&changes[0]["asked_by"]["name"], &changes[0]["asked_on"]), (&json!(name(&office, "legal")), &json!("2026-03-11")));

        // Skipped unseen: refused, naming what is open.
        for answers in [json!({}), json!({"changes": [{"made": true}]})] {
            let refused = case.refused("officer", "submit_for_approval", answers, 422);
            assert_eq!(refused.pointers(), ["/changes"]);
            assert!(refused.text.contains("写明第十六条第二款") && refused.text.contains("救济途径改用新格式"), "{}", refused.text);
        }
        let unsaid = json!({"changes": [{"made": true}, {"made": false}]});
        assert_eq!(case.refused("officer", "submit_for_approval", unsaid, 422).pointers(), ["/changes/1/note"]);
        // Only the changed item loses its verdict, and no second legal review is needed.
        case.act("officer", "draft_reply", items("属于决策过程中形成的讨论记录，依据第十六条第二款"));
        assert_eq!(case.last["items"][0]["secrecy_verdict"], "release");
        let answers = json!({"changes": [{"made": true}, {"made": false, "note": "新格式下月启用"}]});
        case.act("officer", "submit_for_approval", answers);
        assert_eq!(case.last["state"], "in_approval");
        let answered = &case.last["changes"][1];
        assert_eq!((&answered["made"], &answered["made_note"], &answered["open"]), (&json!(false), &json!("新格式下月启用"), &json!(false)));
        assert_eq!((&answered["answered_by"]["name"], &answered["answered_on"]), (&json!(name(&office, "officer")), &json!("2026-03-11")));
        case.act("approver", "return_reply", json!({"reason": "语气生硬"}));

        let reviews = case.view("supervisor")["reviews"].as_array().unwrap().clone();
        let said: Vec<String> = reviews
            .iter()
            .map(|review| {
                let part = |field: &str| review[field].as_str().unwrap().to_owned();
                let by = review["by"]["name"].as_str().unwrap();
                format!("{} {} {} {by} {}", part("on"), part("stage"), part("opinion"), part("note"))
            })
            .collect();
        let (legal, approver) = (name(&office, "legal"), name(&office, "approver"));
        assert_eq!(said, [
            format!("2026-03-10 legal return {legal} 理由不充分"),
            format!("2026-03-11 legal pass_with_changes {legal} 其余无意见"),
            format!("2026-03-11 approval return {approver} 语气生硬"),
        ]);
        assert_eq!(reviews[1]["changes"], asked);
        let codes = case.event_codes();
        let seq = usize::try_from(reviews[2]["seq"].as_u64().unwrap()).unwrap();
        assert_eq!(codes[seq - 1], "reply_returned");
        // What is said inside is not the applicant's to read, and stands beside the log.
        let site = office.app.app.site();
        let rebuilt = gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap();
        assert_eq!((rebuilt.cases, rebuilt.changed.len()), (1, 0));
    }

    /// Whoever has another name since is shown by that with the next look.
    fn a_reviewer_is_shown_by_the_present_name(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("submit_for_approval");
        case.act("approver", "return_reply", json!({"reason": "语气生硬"}));
        let shown = || case.view("officer")["reviews"][0]["by"]["name"].clone();
        assert_eq!((shown(), shown()), (json!(name(&office, "approver")), json!(name(&office, "approver"))));
        let users = &office.app.region().users;
        let approver = users.iter().find(|user| user.username == "approver").unwrap();
        let path = format!("/api/v1/admin/users/{}", approver.id);
        let admin = office.user("admin");
        let version = admin.get(&path).expect(200).json["version"].as_i64().unwrap();
        let agency = office.app.region().office.to_string();
        let change = json!({"name": "改了名", "agency_id": agency, "administrator": false, "active": true});
        admin.if_match(version).put(&path, &change).expect(200);
        assert_eq!(shown(), "改了名");
    }

    fn the_applicant_does_not_read_what_was_said_inside(db) {
        let office = Office::open(db);
        let mut case = office.apply().through("submit_for_approval");
        case.act("approver", "return_reply", json!({"reason": "内部意见不外传"}));
        let own = case.view("applicant").to_string();
        assert!(!own.contains("内部意见不外传") && !own.contains("reviews"), "{own}");
    }
}
