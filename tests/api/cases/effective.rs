//! What is accepted has an effect, or a note says why it has none.

use serde_json::{Value, json};

use crate::harness::case::Walk;
use crate::harness::{Office, both};

fn note(case: &Walk<'_>, code: &str) -> Value {
    let notes = case.clock("")["notes"].as_array().expect("notes").clone();
    assert_eq!(
        case.view("officer")["clock"]["notes"],
        json!(notes),
        "the view says the same"
    );
    let found = notes.into_iter().find(|note| note["code"] == code);
    found.unwrap_or(Value::Null)
}

both! {
    /// 重复申请 (Art 36(6)): another case of the agency in which the same person was answered.
    fn a_repeated_application_names_the_case_in_which_it_was_answered(db) {
        let office = Office::open(db);
        let answered = office.enter("in_person").through("issue_reply").identified().last["number"].clone();
        let unseen = office.enter("in_person").through("issue_reply").last["number"].clone();
        let unanswered = office.enter("in_person").through("review_substantively").identified().last["number"].clone();
        let mut withdrawn = office.enter("in_person").through("confirm_receipt").identified();
        withdrawn.act("clerk", "withdraw", json!({}));
        let mut other = office.entry("in_person");
        other["applicant"]["name"] = json!("何建国");
        other["applicant"]["id_document"]["number"] = json!("11010519491231002X");
        let another_s = office.enter_as("clerk", &other).through("issue_reply").identified().last["number"].clone();
        office.on("2026-03-12");
        let mut case = office.enter("in_person").through("review_substantively").identified();
        let own = case.last["number"].clone();
        let draft = |number: &Value, more: Value| {
            let mut item = json!({"description": "方案", "outcome": "repeated", "explanation": "已经答复", "earlier_number": number});
            item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"items": [item]})
        };
        for number in [&json!("CXFB-2019-99999"), &own, &another_s, &unseen, &unanswered, &withdrawn.last["number"], &json!("〔2019〕3号")] {
            let refused = case.refused("officer", "draft_reply", draft(number, json!({})), 422);
            assert_eq!(refused.pointers(), ["/items/0/earlier_number"], "{number}");
            assert!(refused.text.contains("earlier_on_paper"), "{}", refused.text);
        }
        case.act("officer", "draft_reply", draft(&answered, json!({})));
        assert_eq!(case.last["items"][0]["earlier_number"], answered);
        // However it is typed, it is found; what was typed stays.
        let typed = json!(answered.as_str().unwrap().to_lowercase().replace('-', "－"));
        case.act("officer", "draft_reply", draft(&typed, json!({})));
        assert_eq!(case.last["items"][0]["earlier_number"], typed);
        // A reply from before this system stands on paper.
        case.act("officer", "draft_reply", draft(&json!("〔2019〕3号"), json!({"earlier_on_paper": true})));
        assert_eq!(case.last["items"][0]["earlier_on_paper"], true);
        let granted = json!({"items": [{"description": "方案", "outcome": "granted", "where": "附件", "earlier_on_paper": true}]});
        assert_eq!(case.refused("officer", "draft_reply", granted, 422).pointers(), ["/items/0/earlier_on_paper"]);
    }

    /// The slip shows more than was asked for: it is entered as it stands, the case goes on, and the rest is given back.
    fn an_overpayment_is_entered_as_the_slip_shows_it(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        case.act("officer", "issue_fee_notice", json!({
            "scheme": "per_page", "count": 44, "issued_on": "2026-03-10", "delivered_on": "2026-03-10",
        }));
        assert_eq!(case.sub("fee_notice")["amount_yuan"], 140);
        office.on("2026-03-16");
        case.act("clerk", "record_payment", json!({"paid_on": "2026-03-16", "amount_yuan": 150, "reference": "票据 0001"}));
        let notice = case.sub("fee_notice").clone();
        assert_eq!(notice["status"], "paid");
        assert_eq!((&notice["paid_yuan"], &notice["overpaid_yuan"]), (&json!(150), &json!(10)));
        assert_eq!((&case.last["clock"]["status"], &case.last["clock"]["day_zero"]), (&json!("running"), &json!("2026-03-16")));
        let told = note(&case, "overpaid");
        assert_eq!(told["on"], "2026-03-16");
        assert!(told["zh"].as_str().unwrap().contains("多缴 10 元"), "{told}");
    }

    fn intake_ends_for_a_letter_to_somebody_else_and_for_one_that_never_came(db) {
        let office = Office::open(db);
        let mut case = office.enter("ordinary_mail");
        let bare = case.refused("officer", "close_intake", json!({"reason": "misdirected"}), 422);
        assert_eq!(bare.pointers(), ["/sent_to"]);
        let odd = json!({"reason": "not_received", "sent_to": "澄溪县自然资源局"});
        assert_eq!(case.refused("officer", "close_intake", odd, 422).pointers(), ["/sent_to"]);
        case.act("officer", "close_intake", json!({"reason": "misdirected", "sent_to": "澄溪县自然资源局"}));
        assert_eq!(case.last["intake_end"], json!({"reason": "misdirected", "sent_to": "澄溪县自然资源局"}));
        assert_eq!((&case.last["state"], &case.last["outcome"]), (&json!("closed"), &Value::Null));
        let mut lost = office.enter("fax");
        lost.act("officer", "close_intake", json!({"reason": "not_received", "note": "传真机记录中没有来件"}));
        assert_eq!(lost.last["intake_end"]["reason"], "not_received");
    }

    /// Art 33 knows no suspension by force majeure: it is on record with its proof, and the date stays.
    fn force_majeure_is_noted_and_moves_nothing(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        let before = case.last["clock"].clone();
        office.on("2026-03-16");
        let proof = crate::documents::uploaded(&office.user("officer"), "停电通告.pdf", "evidence", crate::documents::samples::PDF);
        let flood = json!({
            "from_on": "2026-03-11", "until_on": "2026-03-13", "what": "汛情期间档案库房断电封闭", "document_ids": [proof],
        });
        let mut backwards = flood.clone();
        backwards["until_on"] = json!("2026-03-10");
        assert_eq!(case.refused("officer", "note_force_majeure", backwards, 422).pointers(), ["/until_on"]);
        case.act("officer", "note_force_majeure", flood);
        assert_eq!(case.last["force_majeure"], json!([
            {"from_on": "2026-03-11", "until_on": "2026-03-13", "what": "汛情期间档案库房断电封闭"},
        ]));
        let after = &case.last["clock"];
        for field in ["due_on", "allowance", "day_zero", "status", "missed_on"] {
            assert_eq!(after[field], before[field], "{field}");
        }
        assert_eq!(case.last["documents"][0]["id"], json!(proof));
        let told = note(&case, "force_majeure");
        assert_eq!(told["on"], "2026-03-11");
        assert!(told["zh"].as_str().unwrap().contains("第三十三条第三款"), "{told}");
        assert_eq!(case.clock("?as_of=2026-03-10")["notes"], json!([]));
        case.refused("handler", "note_force_majeure", json!({"from_on": "2026-03-16", "what": "x"}), 404);
    }
}
