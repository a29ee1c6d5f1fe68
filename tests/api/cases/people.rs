//! Who applies is found out by people: what counts by the person counts those only of whom it was found out.

use serde_json::{Value, json};

use crate::documents::{samples, uploaded};
use crate::harness::case::Walk;
use crate::harness::{Office, both};

const RESIDENCE: (&str, &str) = ("resident_id", "810000198503150017");
const PERMIT: (&str, &str) = ("hk_macao_permit", "H12345678");
const ANOTHER: (&str, &str) = ("resident_id", "110105198704200027");

fn letter(office: &Office, name: &str, (kind, number): (&str, &str)) -> Value {
    let mut entry = office.entry("in_person");
    entry["applicant"]["name"] = json!(name);
    entry["applicant"]["id_document"] = json!({"kind": kind, "number": number});
    entry
}

fn received<'a>(office: &'a Office, name: &str, document: (&str, &str)) -> Walk<'a> {
    let case = office.enter_as("clerk", &letter(office, name, document));
    case.through("confirm_receipt")
}

/// A clerk has seen the document of the first applicant of each, all at once.
fn seen(office: &Office, cases: &mut [Walk<'_>]) {
    let listed: Vec<Value> = cases
        .iter()
        .map(|case| json!({"id": case.id, "version": case.version}))
        .collect();
    let fields = json!({"index": 0, "means": "copy_seen", "on": office.today()});
    let body = json!({"action": "verify_identity", "fields": fields, "cases": listed});
    let clerk = office.user("clerk").with("Idempotency-Key", "seen");
    let answer = clerk.post("/api/v1/cases/actions", &body).expect(200).json;
    for (case, item) in cases.iter_mut().zip(answer["items"].as_array().unwrap()) {
        assert_eq!(item["done"], true, "{item}");
        case.version = item["version"].as_i64().unwrap();
    }
}

fn fee() -> Value {
    json!({"scheme": "per_request", "count": 1, "issued_on": "2026-03-10"})
}

fn similar(case: &Walk<'_>) -> (usize, usize) {
    let path = format!("/api/v1/cases/{}/similar", case.id);
    let answer = case.office.user("officer").get(&path).expect(200).json;
    let count = |name: &str| answer[name].as_array().unwrap().len();
    (count("same_applicant"), count("look_alikes"))
}

fn in_month(person: &Value) -> (u64, u64) {
    let month = &person["in_month"];
    (
        month["ordinal"].as_u64().unwrap(),
        month["not_counted"].as_u64().unwrap(),
    )
}

fn scan(office: &Office) -> String {
    uploaded(&office.user("officer"), "两证复印件.pdf", "identity", samples::PDF)
}

both! {
    /// One person with a residence permit and a travel permit: the eleventh application of the month is not free.
    fn two_documents_are_one_person_once_it_was_found_out(db) {
        let office = Office::open(db);
        office.on("2026-03-10");
        let mut ten: Vec<_> = (0..10).map(|_| received(&office, "陈嘉敏", RESIDENCE)).collect();
        seen(&office, &mut ten);
        let mut case = received(&office, "陈 嘉敏", PERMIT).through("review_substantively");
        let person = case.people()[0].clone();
        assert_eq!((&person["verified"], in_month(&person)), (&Value::Null, (1, 10)));
        let candidates = person["candidates"].as_array().unwrap();
        assert_eq!(candidates.len(), 1, "{candidates:?}");
        assert_eq!(candidates[0]["why"], "姓名相同，证件不同");
        assert_eq!((&candidates[0]["verified"], candidates[0]["cases"].as_array().unwrap().len()), (&json!(true), 10));
        let known = candidates[0]["person_id"].clone();
        assert_eq!(ten[3].people()[0]["person_id"], known);
        assert_ne!(person["person_id"], known);
        assert_eq!(similar(&case), (0, 10));
        let path = format!("/api/v1/cases/{}/people", case.id);
        let shown = office.user("supervisor").get(&path).expect(200).json["items"][0].clone();
        assert_eq!((&shown["candidates"], &shown["person_id"]), (&json!([]), &person["person_id"]));

        // While nobody found out, it counts as the first, and the way to find out is told.
        let refused = case.refused("officer", "issue_fee_notice", fee(), 409);
        assert_eq!(refused.code(), "nothing_to_charge");
        assert!(refused.text.contains("10 件") && refused.text.contains("join_persons"), "{}", refused.text);
        let merge = json!({"into_case_id": ten[0].id, "reason": "同一事项"});
        assert_eq!(case.refused("officer", "merge", merge.clone(), 409).code(), "merge_target_unfit");

        let joined = json!({"index": 0, "person_id": known, "reason": "照片、出生日期一致", "document_ids": [scan(&office)]});
        let mut bare = joined.clone();
        bare["document_ids"] = json!([]);
        assert_eq!(case.refused("officer", "join_persons", bare, 422).pointers(), ["/document_ids"]);
        let mut nobody = joined.clone();
        nobody["person_id"] = json!(case.id);
        assert_eq!(case.refused("officer", "join_persons", nobody, 422).pointers(), ["/person_id"]);
        let mut nowhere = joined.clone();
        nowhere["index"] = json!(7);
        assert_eq!(case.refused("officer", "join_persons", nowhere, 422).pointers(), ["/index"]);
        case.refused("clerk", "join_persons", joined.clone(), 403);
        case.act("officer", "join_persons", joined.clone());
        assert_eq!(case.refused("officer", "join_persons", joined, 409).code(), "same_person_already");
        let person = case.people()[0].clone();
        assert_eq!((&person["person_id"], &person["candidates"], in_month(&person)), (&known, &json!([]), (11, 0)));
        assert_eq!(similar(&case), (10, 0));
        let mut charged = case.clone();
        charged.act("officer", "issue_fee_notice", fee());
        assert_eq!((&charged.sub("fee_notice")["amount_yuan"], &charged.sub("fee_notice")["count"]), (&json!(100), &json!(1)));

        // The permit is the same person's in the next letter too, once somebody has looked at it.
        let next = received(&office, "陈嘉敏", PERMIT).identified();
        assert_eq!(in_month(&next.people()[0]), (1, 11), "nobody saw the permit that was joined");
        let mut seen = charged.clone();
        seen.act("clerk", "verify_identity", json!({"index": 0, "means": "original_seen", "on": "2026-03-10"}));
        let again = received(&office, "陈嘉敏", PERMIT).identified();
        assert_eq!(in_month(&again.people()[0]), (13, 0));

        // It was another person of that name after all.
        seen.act("officer", "part_persons", json!({"index": 0, "reason": "经核实系同名同姓的另一人"}));
        let person = seen.people()[0].clone();
        assert_ne!(person["person_id"], known);
        assert_eq!(in_month(&person).0, 1);
        let nothing = json!({"index": 0, "reason": "重复"});
        assert_eq!(seen.refused("officer", "part_persons", nothing, 409).code(), "not_identified");
    }

    /// An application of several people is the next one of each of them.
    fn a_joint_application_counts_for_each(db) {
        let office = Office::open(db);
        office.on("2026-03-10");
        let mut ten: Vec<_> = (0..10).map(|_| received(&office, "陈嘉敏", RESIDENCE)).collect();
        seen(&office, &mut ten);
        let mut joint = letter(&office, "何建国", ANOTHER);
        joint["applicant"]["co_applicants"] = json!([
            {"name": "陈嘉敏", "id_document": {"kind": "resident_id", "number": "810000198503150017"}},
        ]);
        let mut case = office.enter_as("clerk", &joint).through("review_substantively").identified();
        assert_eq!(case.refused("officer", "issue_fee_notice", fee(), 409).code(), "nothing_to_charge");
        case.act("clerk", "verify_identity", json!({"index": 1, "means": "original_seen", "on": "2026-03-10"}));
        let people = case.people();
        assert_eq!((in_month(&people[0]), in_month(&people[1])), ((1, 0), (11, 0)));
        assert_eq!(people[1]["verified"]["by"]["name"], people[0]["verified"]["by"]["name"]);
        assert_eq!(similar(&case), (10, 0));
        // One of the two did not apply there: nobody's application may vanish in another's.
        let merge = json!({"into_case_id": ten[0].id, "reason": "同一事项"});
        assert_eq!(case.refused("officer", "merge", merge, 409).code(), "merge_target_unfit");
        let mut charged = case.clone();
        charged.act("officer", "issue_fee_notice", fee());
        assert_eq!(charged.sub("fee_notice")["amount_yuan"], 100);
        // The other way round it goes.
        let mut single = ten.remove(0);
        single.skip_to("review_formally");
        let mut single = single.through("review_substantively");
        single.act("officer", "merge", json!({"into_case_id": charged.id, "reason": "同一事项"}));
        assert_eq!(single.last["outcome_cause"], "merged");
    }

    /// What is sent from one account is one person's; a letter on paper joins it when the document was seen on both sides.
    fn an_account_is_one_person(db) {
        let office = Office::open(db);
        office.on("2026-03-10");
        let received = |mut case: Walk<'_>| {
            case.act("officer", "confirm_receipt", json!({
                "received_on": "2026-03-10", "evidence": {"means": "page", "by": "沈志远"},
            }));
            case.version
        };
        for _ in 0..10 {
            received(office.apply());
        }
        let mut case = office.apply();
        case.version = received(case.clone());
        let person = case.people()[0].clone();
        assert_eq!((&person["verified"], in_month(&person)), (&Value::Null, (11, 0)));
        case.act("officer", "verify_identity", json!({"index": 0, "means": "unified_login", "on": "2026-03-10"}));
        let shown = case.people()[0].clone();
        assert_eq!((&shown["person_id"], &shown["verified"]["means"]), (&person["person_id"], &json!("unified_login")));
        let account = office.app.region().users.iter().find(|user| user.username == "applicant").unwrap();
        let applicant = json!(account.applicant);
        let mut paper = office.entry("in_person");
        paper["applicant"] = applicant;
        let mut paper = office.enter_as("clerk", &paper).through("confirm_receipt");
        assert_eq!(in_month(&paper.people()[0]).0, 1);
        let login = json!({"index": 0, "means": "unified_login", "on": "2026-03-10"});
        assert_eq!(paper.refused("officer", "verify_identity", login, 409).code(), "not_signed_in");
        paper.act("clerk", "verify_identity", json!({"index": 0, "means": "original_seen", "on": "2026-03-10"}));
        assert_eq!(in_month(&paper.people()[0]).0, 12);
    }

    /// A number that somebody wrote is no proof, and what was seen was one document and no other.
    fn what_was_not_looked_at_counts_nowhere(db) {
        let office = Office::open(db);
        office.on("2026-03-10");
        let one = received(&office, "陈嘉敏", RESIDENCE).through("review_substantively");
        let other = received(&office, "陈嘉敏", RESIDENCE).through("review_substantively");
        assert_eq!(one.people()[0]["candidates"][0]["why"], "证件号码相同，均未核验");
        // Another day of birth is another person.
        let namesake = received(&office, "陈嘉敏", ANOTHER);
        assert_eq!(namesake.people()[0]["candidates"], json!([]));
        let merge = json!({"into_case_id": other.id, "reason": "同一事项"});
        let refused = one.refused("officer", "merge", merge.clone(), 409);
        assert!(refused.text.contains("verify_identity"), "{}", refused.text);
        let mut one = one.identified();
        assert_eq!(one.refused("officer", "merge", merge.clone(), 409).code(), "merge_target_unfit");
        let other = other.identified();
        one.act("officer", "merge", merge);
        assert_eq!(one.last["outcome_cause"], "merged");

        // Without a document there is nothing to compare.
        let mut bare = office.entry("in_person");
        bare["applicant"]["id_document"] = Value::Null;
        let mut bare = office.enter_as("clerk", &bare).through("confirm_receipt");
        let look = json!({"index": 0, "means": "original_seen", "on": "2026-03-10"});
        assert_eq!(bare.refused("clerk", "verify_identity", look.clone(), 409).code(), "no_document_to_verify");
        bare.act("officer", "request_amendment", json!({"notified_on": "2026-03-10", "delivered_on": "2026-03-10", "defects": ["请补充身份证明"]}));
        let passport = |number: &str| json!({
            "received_on": "2026-03-10", "applicant": {"name": "林晓月", "kind": "natural_person",
                "id_document": {"kind": "passport", "number": number}},
        });
        bare.act("clerk", "receive_amendment", passport("E12345678"));
        let bare = bare.identified();
        assert_eq!(bare.people()[0]["verified"]["means"], "copy_seen");
        // It was written down wrongly: what was seen was the right one.
        let seq = bare.events("officer").iter().find(|event| event["event"] == "amendment_received").unwrap()["seq"].clone();
        let right = passport("E12345679")["applicant"].clone();
        let mut bare = bare;
        bare.act("officer", "correct_fact", json!({"seq": seq, "field": "applicant", "value": right, "reason": "抄错一位"}));
        bare.act("approver", "confirm_correction", json!({"seq": seq}));
        assert_eq!(bare.people()[0]["verified"]["means"], "copy_seen");
        let days = json!({"index": 0, "means": "copy_seen", "on": "2026-03-09"});
        assert_eq!(bare.refused("clerk", "verify_identity", days, 409).code(), "date_before_antecedent");
        assert_eq!(other.people()[0]["verified"]["on"], "2026-03-10");
    }

    /// A file that is closed was somebody's too: it can be found out afterwards whose.
    fn whose_an_archived_case_was_can_be_found_out(db) {
        let office = Office::open(db);
        office.on("2026-03-10");
        let archived = received(&office, "陈嘉敏", RESIDENCE).through("archive");
        let case = received(&office, "陈嘉敏", RESIDENCE).through("review_substantively").identified();
        let item = json!({"description": "方案", "outcome": "repeated", "explanation": "已经答复", "earlier_number": archived.last["number"]});
        let draft = json!({"items": [item]});
        let refused = case.refused("officer", "draft_reply", draft.clone(), 422);
        assert!(refused.text.contains("verify_identity"), "{}", refused.text);
        archived.identified();
        let mut case = case;
        case.act("officer", "draft_reply", draft);
    }

    /// Cases from before are entered beside the service; until then the applications of one account count already.
    fn the_people_of_earlier_cases_are_entered_beside_the_service(db) {
        use gongkai::store::StoreError;
        use diesel::connection::SimpleConnection;
        let office = Office::open(db);
        office.on("2026-03-10");
        let case = received(&office, "陈嘉敏", RESIDENCE).identified();
        let site = office.app.app.site();
        let before = "DELETE FROM case_people; UPDATE case_search SET digest = '1:'; \
             UPDATE installation SET value = '1' WHERE key = 'search_words';";
        site.store.read(|db| Ok::<_, StoreError>(db.batch_execute(before)?)).unwrap();
        let other = received(&office, "陈嘉敏", RESIDENCE);
        assert_eq!(other.people()[0]["candidates"], json!([]));
        office.app.app.run_due_jobs().unwrap();
        assert_eq!(other.people()[0]["candidates"][0]["cases"][0]["id"], case.id.as_str());
        assert!(gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.is_empty());
        // A rebuild enters them as well, and calls nothing wrong that an earlier build left.
        site.store.read(|db| Ok::<_, StoreError>(db.batch_execute(before)?)).unwrap();
        assert!(gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.is_empty());
        assert_eq!(other.people()[0]["candidates"][0]["cases"][0]["id"], case.id.as_str());
    }
}
