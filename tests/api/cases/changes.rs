//! What changes after an application was sent: a new address, people who join or leave, what is given up.

use serde_json::{Value, json};

use crate::documents::{samples, uploaded};
use crate::harness::case::Walk;
use crate::harness::{Office, both};

fn received<'a>(office: &'a Office, day: &str) -> Walk<'a> {
    office.on(day);
    office.enter("in_person").through("confirm_receipt")
}

fn proof(office: &Office, who: &str, name: &str) -> Value {
    json!([uploaded(&office.user(who), name, "evidence", samples::PDF)])
}

fn names(case: &Walk<'_>) -> Vec<String> {
    let people = case.people();
    let name = |person: &Value| person["name"].as_str().unwrap().to_owned();
    people.as_array().unwrap().iter().map(name).collect()
}

both! {
    /// A copy of the passport that was asked for is an answer to the request, without another word.
    fn a_document_sent_on_request_is_the_amendment(db) {
        let office = Office::open(db);
        office.on("2026-11-02");
        let mut entry = office.entry("in_person");
        entry["applicant"]["id_document"] = Value::Null;
        let mut case = office.enter_as("clerk", &entry).through("confirm_receipt");
        assert_eq!(case.last["defects"][0]["code"], "id_missing");
        let suggested = case.option("officer", "request_amendment")["suggested"].clone();
        let mut ask = suggested;
        ask["delivered_on"] = json!("2026-11-02");
        case.act("officer", "request_amendment", ask);
        office.on("2026-11-05");
        let answer = json!({
            "received_on": "2026-11-05", "document_ids": proof(&office, "clerk", "护照.pdf"),
            "applicant": {"kind": "natural_person", "name": "林晓月", "id_document": {"kind": "passport", "number": "E12345678"}},
        });
        case.act("clerk", "receive_amendment", answer);
        assert_eq!((&case.last["defects"], &case.last["clock"]["day_zero"]), (&json!([]), &json!("2026-11-05")));
        assert_eq!(case.last["applicant"]["id_document"]["kind"], "passport");
        // What was not stated anew stays.
        assert_eq!(case.last["applicant"]["phone"], "13911112222");
        assert_eq!(case.last["description"]["title"], "关于城北地块征收补偿方案的信息");
        // The scan alone is an answer too.
        entry["arrived_on"] = json!("2026-11-05");
        let mut scan = office.enter_as("clerk", &entry).through("confirm_receipt");
        scan.act("officer", "request_amendment", json!({"notified_on": "2026-11-05", "delivered_on": "2026-11-05", "defects": ["请补充身份证明"]}));
        scan.act("clerk", "receive_amendment", json!({"received_on": "2026-11-05", "document_ids": proof(&office, "clerk", "身份证.pdf")}));
        assert_eq!(scan.last["state"], "registered");
    }

    /// A new address holds from its day on; what was sent before was sent to the old one, and the application stays as it is.
    fn a_new_address_rewrites_nothing(db) {
        let office = Office::open(db);
        let mut case = received(&office, "2026-11-02");
        let (old, new) = ("江临市澄溪县城关镇桃花巷9号302室", "江临市澄溪县城关镇新民路3号2单元");
        office.on("2026-11-16");
        let told = json!({"from_on": "2026-11-16", "received_on": "2026-11-16", "contact": {"address": new}});
        let mut empty = told.clone();
        empty["contact"] = json!({});
        assert_eq!(case.refused("clerk", "change_contact", empty, 422).pointers(), ["/contact"]);
        case.act("clerk", "change_contact", told);
        assert_eq!((&case.last["applicant"]["address"], &case.last["applicant"]["phone"]), (&json!(new), &json!("13911112222")));
        assert_eq!(case.last["contacts"][0]["from_on"], "2026-11-16");
        assert_eq!(case.last["contacts"][0]["address"], new);
        let log = case.events("officer");
        assert_eq!(log[0]["data"]["applicant"]["address"], old, "the application as it was sent");
        assert_eq!(log.last().unwrap()["event"], "contact_changed");
        // Whoever does not write to applicants does not read where they live.
        assert_ne!(case.view("supervisor")["contacts"][0]["address"], new);
        // Entered late, it needs no reason: it came from outside.
        office.on("2026-12-07");
        let late = json!({"from_on": "2026-11-20", "received_on": "2026-11-20", "contact": {"phone": "0799-6210001转12"}});
        case.act("clerk", "change_contact", late);
        assert_eq!(case.last["applicant"]["phone"], "0799-6210001转12");
        // What holds since an earlier day does not displace what holds since a later one.
        let earlier = json!({"from_on": "2026-11-10", "received_on": "2026-12-07", "contact": {"address": old}});
        case.act("clerk", "change_contact", earlier);
        assert_eq!(case.last["applicant"]["address"], new);
        case.refused("applicant", "change_contact", json!({}), 404);
    }

    /// One of two who applied together leaves, and the other's application goes on; the last one leaving is a withdrawal.
    fn one_of_several_applicants_leaves(db) {
        let office = Office::open(db);
        office.on("2026-11-02");
        let mut entry = office.entry("in_person");
        entry["applicant"]["co_applicants"] = json!([{"name": "何建国", "id_document": null}]);
        let mut case = office.enter_as("clerk", &entry).through("confirm_receipt").identified();
        let leaves = |name: &str| json!({"received_on": "2026-11-02", "name": name, "reason": "本人书面表示不再参加申请"});
        assert_eq!(case.refused("officer", "remove_party", leaves("赵六"), 422).pointers(), ["/name"]);
        case.act("officer", "remove_party", leaves("林晓月"));
        assert_eq!((names(&case), &case.last["state"]), (vec!["何建国".to_owned()], &json!("registered")));
        assert_eq!(case.last["applicant"]["name"], "何建国");
        // Letters would go to who has left; how the other is reached, and of what kind, is to be found out.
        let applicant = &case.last["applicant"];
        assert_eq!([&applicant["address"], &applicant["phone"], &applicant["email"], &applicant["kind"]], [&Value::Null; 4]);
        let lacking: Vec<_> = case.last["defects"].as_array().unwrap().iter().map(|defect| &defect["code"]).collect();
        assert_eq!(lacking, ["id_missing", "contact_missing", "kind_missing"]);
        let moved = json!({"from_on": "2026-11-02", "received_on": "2026-11-02", "contact": {"address": "城关镇新民路3号"}});
        case.act("clerk", "change_contact", moved);
        assert_eq!(case.last["applicant"]["address"], "城关镇新民路3号");
        // Nobody has seen the document of the one who is left.
        assert_eq!(case.people()[0]["verified"], Value::Null);
        assert_eq!(case.refused("officer", "remove_party", leaves("何建国"), 409).code(), "last_party");
        case.act("officer", "add_party", json!({"received_on": "2026-11-02", "name": "周有福", "reason": "书面要求共同申请"}));
        assert_eq!(names(&case), ["何建国", "周有福"]);
        let listed = office.user("officer").get("/api/v1/cases?state=registered").expect(200).json;
        assert_eq!(listed["items"][0]["applicant_name"], "何建国");
        case.act("clerk", "withdraw", json!({"reason": "两人均不再需要"}));
        assert_eq!(case.last["state"], "closed");
    }

    /// Of two matters one is given up; the case goes on with the other, and the clock with it.
    fn one_of_two_matters_is_given_up(db) {
        let office = Office::open(db);
        let mut case = received(&office, "2026-11-02");
        let due = case.last["clock"]["due_on"].clone();
        office.on("2026-11-04");
        let given_up = json!({"received_on": "2026-11-04", "given_up": "评估机构的报价资料，已从其他途径取得"});
        case.act("clerk", "narrow_request", given_up);
        assert_eq!(case.last["given_up"], json!([{"on": "2026-11-04", "text": "评估机构的报价资料，已从其他途径取得"}]));
        assert_eq!((&case.last["state"], &case.last["clock"]["due_on"]), (&json!("registered"), &due));
        assert_eq!(case.through("archive").last["state"], "archived");
    }

    /// The applicant dies, and an heir goes on: nobody writes to the dead, and the heir is another person.
    fn somebody_takes_the_place_of_an_applicant(db) {
        let office = Office::open(db);
        let mut case = received(&office, "2026-11-02").identified();
        let before = case.people()[0]["person_id"].clone();
        let mut heir = json!({
            "index": 0, "successor": {"name": "林小溪", "phone": "13800001111", "id_document": {"kind": "passport", "number": "E87654321"}},
            "reason": "death", "received_on": "2026-11-02", "document_ids": [],
        });
        assert_eq!(case.refused("officer", "succeed_party", heir.clone(), 422).pointers(), ["/document_ids"]);
        heir["document_ids"] = proof(&office, "officer", "死亡证明.pdf");
        let mut nobody = heir.clone();
        nobody["index"] = json!(3);
        assert_eq!(case.refused("officer", "succeed_party", nobody, 422).pointers(), ["/index"]);
        case.act("officer", "succeed_party", heir);
        let applicant = &case.last["applicant"];
        assert_eq!((&applicant["name"], &applicant["phone"]), (&json!("林小溪"), &json!("13800001111")));
        assert_eq!((&applicant["address"], &applicant["email"]), (&Value::Null, &Value::Null));
        // The reply was wanted by post, and nobody knows yet where the heir lives.
        assert_eq!(case.last["defects"][0]["code"], "contact_missing");
        let person = case.people()[0].clone();
        assert_ne!(person["person_id"], before);
        assert_eq!(person["verified"], Value::Null);
    }

    /// Nobody gives up what others ask for: online one leaves or all withdraw together, both in writing.
    fn an_applicant_cannot_withdraw_for_the_others(db) {
        let office = Office::open(db);
        office.on("2026-11-02");
        let mut case = office.apply().through("confirm_receipt");
        case.act("officer", "add_party", json!({"received_on": "2026-11-02", "name": "周有福", "reason": "书面要求共同申请"}));
        let option = case.option("applicant", "withdraw");
        assert_eq!((&option["allowed"], &option["refusal"]["code"]), (&json!(false), &json!("others_apply")));
        let refused = case.refused("applicant", "withdraw", json!({"reason": "不再需要"}), 409);
        assert_eq!((refused.code(), &refused.json["article"]), ("others_apply", &json!("《条例》第四十五条")));
        assert!(refused.text.contains("remove_party"), "{}", refused.text);
        case.act("clerk", "withdraw", json!({"reason": "两人共同书面撤回"}));
        assert_eq!(case.last["state"], "closed");
    }

    /// Who has left a case, or was succeeded in it, has nothing to do with it any more: not even its account.
    fn the_account_ends_with_its_person(db) {
        let office = Office::open(db);
        office.on("2026-11-02");
        let own = |query: &str| -> Vec<Value> {
            let listed = office.user("applicant").get(&format!("/api/v1/requests{query}")).expect(200).json;
            listed["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
        };
        // 征收
        let found = "?q=%E5%BE%81%E6%94%B6";
        let passport = |number: &str| json!({"kind": "passport", "number": number});
        let succeeded = json!({
            "index": 0, "successor": {"name": "林小溪", "phone": "13800001111", "id_document": passport("E11111111")},
            "reason": "death", "received_on": "2026-11-02",
        });
        for ending in ["remove_party", "succeed_party"] {
            let mut case = office.apply().through("confirm_receipt");
            case.act("officer", "add_party", json!({
                "received_on": "2026-11-02", "name": "周有福", "id_document": passport("E22222222"), "reason": "书面要求共同申请",
            }));
            // A wrong finding about the person takes nothing away from the account.
            case.act("officer", "part_persons", json!({"index": 0, "reason": "账号系他人代为提交"}));
            assert_eq!((own(""), own(found)), (vec![json!(case.id)], vec![json!(case.id)]));
            assert_eq!(case.view("applicant")["id"], json!(case.id));
            let fields = match ending {
                "remove_party" => json!({"received_on": "2026-11-02", "name": names(&case)[0], "reason": "不再参加"}),
                _ => {
                    let mut fields = succeeded.clone();
                    fields["document_ids"] = proof(&office, "officer", "死亡证明.pdf");
                    fields
                }
            };
            case.act("officer", ending, fields);
            assert_eq!((own(""), own(found)), (Vec::new(), Vec::new()), "{ending}");
            office.user("applicant").get(&case.path("applicant")).expect(404);
            case.refused("applicant", "withdraw", json!({}), 404);
            case.refused("applicant", "narrow_request", json!({"received_on": "2026-11-02", "given_up": "全部"}), 404);
            case.through("archive");
        }
    }

    /// One person stands once in a case, and is found however the name is typed.
    fn the_same_person_stands_once(db) {
        let office = Office::open(db);
        let mut case = received(&office, "2026-11-02");
        let passport = json!({"kind": "passport", "number": "E87654321"});
        case.act("officer", "add_party", json!({
            "received_on": "2026-11-02", "name": "⾼⽂⽅", "id_document": passport, "reason": "书面要求共同申请",
        }));
        let heir = json!({
            "index": 0, "successor": {"name": "高文方", "id_document": passport}, "reason": "death", "received_on": "2026-11-02",
            "document_ids": proof(&office, "officer", "死亡证明.pdf"),
        });
        let refused = case.refused("officer", "succeed_party", heir, 409);
        assert_eq!(refused.code(), "already_party");
        assert!(refused.text.contains("remove_party"), "{}", refused.text);
        let leaves = |name: &str| json!({"received_on": "2026-11-02", "name": name, "reason": "死亡"});
        case.act("officer", "remove_party", leaves("林晓月"));
        assert_eq!((&case.last["applicant"]["kind"], names(&case).len()), (&json!("natural_person"), 1));
        assert_eq!(case.refused("officer", "remove_party", leaves("高文方"), 409).code(), "last_party");
    }

    /// A letter lay in the mail room while the office went on: what it says is entered under the day on which it came.
    fn a_letter_may_be_older_than_the_newest_review(db) {
        let office = Office::open(db);
        let case = received(&office, "2026-12-01");
        office.on("2026-12-07");
        let mut case = case.through("review_substantively");
        office.on("2026-12-09");
        let late = |mut fields: Value| {
            fields["late_entry_reason"] = json!("收发室转交迟延");
            fields
        };
        case.act("clerk", "narrow_request", late(json!({"received_on": "2026-12-04", "given_up": "评估机构的报价资料"})));
        let party = json!({"name": "澄溪某建材有限公司"});
        case.act("officer", "consult_third_party", late(json!({"party": party, "concerning": "评估报告", "sent_on": "2026-12-03"})));
        case.act("clerk", "withdraw", json!({"occurred_on": "2026-12-04", "reason": "申请人来信撤回"}));
        assert_eq!((&case.last["state"], &case.last["endings"][0]["on"]), (&json!("closed"), &json!("2026-12-04")));
        assert_eq!(case.sub("consultation")["closed_on"], "2026-12-04");
    }
}
