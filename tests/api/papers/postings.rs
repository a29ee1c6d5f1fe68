//! The post of a day: the list that the post office stamps, the labels, and what an agency says of itself on its letters.

use serde_json::{Value, json};

use super::instruments::{docx_text, text};
use crate::harness::{Office, Walk, both};

fn posted<'a>(office: &'a Office, name: &str, reference: &str) -> Walk<'a> {
    let mut entry = office.entry("in_person");
    entry["applicant"]["name"] = json!(name);
    let mut case = office.enter_as("clerk", &entry).through("approve_reply");
    let fields = json!({"method": "mail", "replied_on": office.today(), "reference": reference});
    case.act("officer", "issue_reply", fields);
    case
}

#[track_caller]
fn recipients(office: &Office, query: &str) -> Vec<String> {
    let list = office
        .user("clerk")
        .get(&format!("/api/v1/postings{query}"))
        .expect(200)
        .json;
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["recipient"].as_str().unwrap().to_owned())
        .collect()
}

/// Changes the settings of the office.
#[track_caller]
fn settings(office: &Office, settings: Value, status: u16) -> Vec<String> {
    let (_, answer) = office.change_agency("settings", settings);
    let answer = answer.expect(status);
    answer.pointers().into_iter().map(str::to_owned).collect()
}

both! {
    fn the_post_of_a_day_is_listed_and_labelled(db) {
        let office = Office::open(db);
        let case = posted(&office, "陈明远", "EMS 1111111111111");
        posted(&office, "林国强", "EMS 2222222222222");
        // Handed over, and sent online: not for the post office.
        let mut other = office.enter("in_person").through("approve_reply");
        other.act("officer", "issue_reply", json!({"method": "in_person"}));
        assert_eq!(recipients(&office, ""), ["陈明远", "林国强"]);
        assert_eq!(recipients(&office, "?on=2026-03-10"), ["陈明远", "林国强"]);
        assert_eq!(recipients(&office, "?on=2026-03-11"), [""; 0]);
        let list = office.user("officer").get("/api/v1/postings").expect(200).json;
        let first = &list["items"][0];
        assert_eq!(first["case_id"], json!(case.id));
        assert_eq!((&first["number"], &first["reference"]), (&json!("澄政办公开〔2026〕1号"), &json!("EMS 1111111111111")));
        let print = |paper: &str| {
            let path = format!("/api/v1/postings/content?paper={paper}&format=docx");
            docx_text(&office.user("clerk").get(&path).expect(200).bytes)
        };
        let stamped = print("list");
        for part in ["政府信息公开文书邮寄清单", "共2件", "陈明远", "EMS 2222222222222", "CXFB-2026-00001", "日戳"] {
            assert!(stamped.contains(part), "{part} in\n{stamped}");
        }
        let labels = print("labels");
        for part in ["收件人", "寄件人", "澄溪县人民政府办公室", "林国强", "政府信息公开告知书（澄政办公开〔2026〕1号）"] {
            assert!(labels.contains(part), "{part} in\n{labels}");
        }
        // Addresses stand there in clear: for the mail room, of its own agency.
        for (who, status) in [("supervisor", 403), ("approver", 403), ("applicant", 403), ("clerk2", 200)] {
            assert_eq!(office.user(who).get("/api/v1/postings").status, status, "{who}");
        }
        assert_eq!(office.user("clerk2").get("/api/v1/postings").expect(200).json["items"], json!([]));
        let foreign = format!("/api/v1/postings?agency_id={}", office.app.region().office);
        office.user("clerk2").get(&foreign).expect(404);
        assert_eq!(office.user("clerk").get("/api/v1/postings?on=tomorrow").expect(422).pointers(), ["?on"]);
        assert_eq!(office.user("clerk").get("/api/v1/postings/content?paper=list").expect(422).pointers(), ["?format"]);
    }

    fn what_came_back_is_posted_again(db) {
        let office = Office::open(db);
        let mut case = posted(&office, "陈明远", "EMS 1111111111111");
        office.on("2026-03-16");
        case.act("clerk", "record_delivery", json!({"result": "returned", "delivered_on": "2026-03-16", "returned_because": "moved"}));
        office.on("2026-03-17");
        case.act("officer", "dispatch_reply", json!({"method": "mail", "sent_on": "2026-03-17", "reference": "EMS 3333333333333"}));
        let list = office.user("clerk").get("/api/v1/postings").expect(200).json;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let again = &list["items"][0];
        assert_eq!((&again["reference"], &again["number"]), (&json!("EMS 3333333333333"), &json!("澄政办公开〔2026〕1号")));
        assert_eq!(recipients(&office, "?on=2026-03-10"), ["陈明远"]);
    }

    fn notices_are_listed_when_they_are_asked_for(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        let party = json!({"name": "江临市鼎成建设有限公司", "address": "江临市建设路9号"});
        case.act("officer", "consult_third_party", json!({"party": party, "concerning": "补偿金额", "sent_on": "2026-03-10"}));
        assert_eq!(recipients(&office, ""), [""; 0]);
        let list = office.user("clerk").get("/api/v1/postings?notices=true").expect(200).json;
        let all: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["recipient"].clone()).collect();
        assert!(all.contains(&json!("江临市鼎成建设有限公司")), "{list:#}");
        // The applicant is told of it by a letter of its own.
        assert!(all.contains(&json!("林晓月")) && all.len() == 2, "{list:#}");
        let asked = list["items"].as_array().unwrap().iter().find(|item| item["recipient"] == "江临市鼎成建设有限公司").unwrap();
        assert_eq!(asked["address"], "江临市建设路9号");
        // Sent again by post it is for the post office; by hand it is not.
        office.on("2026-03-12");
        let again = |method: &str, id: &str| json!({"target": "consultation", "id": id, "sent_on": "2026-03-12", "method": method});
        let id = case.sub_id("consultation");
        for method in ["派人送达", "电子邮件", "短信", "微信"] {
            case.act("officer", "resend_notice", again(method, &id));
        }
        assert_eq!(recipients(&office, ""), [""; 0]);
        case.act("officer", "resend_notice", again("邮政特快专递", &id));
        assert_eq!(recipients(&office, ""), ["江临市鼎成建设有限公司"]);
    }

    fn a_letter_to_two_applications_is_one_item(db) {
        let office = Office::open(db);
        let mut first = office.enter("in_person").identified().through("approve_reply");
        let second = office.enter("in_person").identified().through("approve_reply");
        let fields = json!({
            "method": "mail", "replied_on": "2026-03-10", "reference": "EMS 1111111111111",
            "together_with": [{"case_id": second.id, "version": second.version}],
        });
        first.act("officer", "issue_reply", fields);
        let list = office.user("clerk").get("/api/v1/postings").expect(200).json;
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list:#}");
        assert_eq!(list["items"][0]["together_with"], json!(["CXFB-2026-00002"]));
        let print = office.user("clerk").get("/api/v1/postings/content?paper=list&format=docx").expect(200);
        let print = docx_text(&print.bytes);
        assert!(print.contains("共1件") && print.contains("CXFB-2026-00001、CXFB-2026-00002"), "{print}");
    }

    fn a_day_that_was_put_right_moves_the_letter(db) {
        let office = Office::open(db);
        let mut case = posted(&office, "陈明远", "EMS 1111111111111");
        let seq = case.events("officer").iter().find(|event| event["event"] == "reply_issued").unwrap()["seq"].clone();
        office.on("2026-03-12");
        let fix = json!({"seq": seq, "field": "replied_on", "value": "2026-03-11", "reason": "收寄戳为十一日"});
        case.act("officer", "correct_fact", fix);
        case.act("approver", "confirm_correction", json!({"seq": seq}));
        assert_eq!(recipients(&office, "?on=2026-03-10"), [""; 0]);
        assert_eq!(recipients(&office, "?on=2026-03-11"), ["陈明远"]);
    }

    fn nobody_prepares_the_post_of_the_own_application(db) {
        let office = Office::open(db);
        let mut case = office.apply().through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": "2026-03-10", "reference": "EMS 1"}));
        assert_eq!(recipients(&office, "").len(), 1);
        let user = office.app.region().users.iter().find(|user| user.username == "applicant").unwrap().id;
        let admin = office.user("admin");
        let path = format!("/api/v1/admin/users/{user}");
        let version = admin.get(&path).expect(200).json["version"].as_i64().unwrap();
        let grant = format!("{path}/grants/{}/clerk", office.app.region().office);
        admin.if_match(version).put(&grant, &json!({})).expect(200);
        let path = format!("/api/v1/postings?agency_id={}", office.app.region().office);
        let list = office.user("applicant").get(&path).expect(200).json;
        assert_eq!(list["items"], json!([]));
    }

    fn an_agency_says_what_stands_on_its_letters(db) {
        let office = Office::open(db);
        let long = "长".repeat(301);
        let wrong = json!({"letterhead": "", "post_address": long, "pickup_address": "窗口\u{7}"});
        assert_eq!(settings(&office, wrong, 422).len(), 3);
        settings(&office, json!({
            "letterhead": "澄溪县人民政府办公室文件", "post_address": "江临市澄溪县文昌路1号政务公开科",
            "pickup_address": "澄溪县政务服务中心一楼窗口",
        }), 200);
        let mut entry = office.entry("in_person");
        entry["form"] = json!("paper");
        entry["route"] = json!("pickup");
        let mut case = office.enter_as("clerk", &entry).through("review_formally");
        case.act("officer", "request_amendment", json!({"notified_on": "2026-03-10", "defects": ["请写明项目名称"]}));
        let notice = text(&case, "D04");
        assert!(notice.contains("邮寄地址：江临市澄溪县文昌路1号政务公开科"), "{notice}");
        let id = case.sub_id("amendment_notice");
        let label = office.user("clerk").get("/api/v1/postings/content?paper=labels&format=docx&notices=true").expect(200);
        assert!(docx_text(&label.bytes).contains("文昌路1号政务公开科"), "{id}");
    }
}
