//! Instruments: what a step leaves on paper, numbered, frozen, filed, and for whom.

use gongkai::papers::docx::{Limits, read};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::documents::samples::PDF;
use crate::documents::uploaded;
use crate::harness::{Office, Walk, both};

/// The instruments of a case as someone sees them.
#[track_caller]
pub fn instruments(case: &Walk<'_>, who: &str) -> Vec<Value> {
    let path = format!("{}/instruments", case.path(who));
    case.office.user(who).get(&path).expect(200).json["items"]
        .as_array()
        .unwrap()
        .clone()
}

/// The newest instrument with this code.
#[track_caller]
pub fn instrument(case: &Walk<'_>, code: &str) -> Value {
    let all = instruments(case, "officer");
    let found = all.iter().rev().find(|one| one["code"] == code);
    found.unwrap_or_else(|| panic!("no {code} in {all:#?}")).clone()
}

/// A file of an instrument.
#[track_caller]
pub fn file(case: &Walk<'_>, who: &str, instrument: &Value, format: &str) -> Vec<u8> {
    let id = instrument["id"].as_str().unwrap();
    let path = format!("{}/instruments/{id}/content?format={format}", case.path(who));
    let answer = case.office.user(who).get(&path).expect(200);
    answer.bytes
}

/// The text of an instrument, as the office would edit it.
#[track_caller]
pub fn text(case: &Walk<'_>, code: &str) -> String {
    let bytes = file(case, "officer", &instrument(case, code), "docx");
    docx_text(&bytes)
}

#[track_caller]
pub fn docx_text(bytes: &[u8]) -> String {
    read(bytes, Limits::default()).unwrap().text
}

/// A person whose reply is ready to leave.
fn approved(office: &Office) -> Walk<'_> {
    office.enter("in_person").through("approve_reply")
}

fn issue(day: &str) -> Value {
    json!({"method": "mail", "replied_on": day, "reference": "EMS 1234567890123"})
}

both! {
    fn a_reply_leaves_a_letter_that_is_numbered_frozen_and_filed(db) {
        let office = Office::open(db);
        let mut case = office.apply().through("approve_reply");
        let answer = case.act("officer", "issue_reply", json!({"method": "email", "replied_on": "2026-03-10"})).clone();
        let told = answer["instruments"].as_array().unwrap();
        assert_eq!(told.len(), 1);
        let letter = instrument(&case, "D20");
        assert_eq!(told[0], letter);
        assert_eq!(letter["number"], "澄政办公开〔2026〕1号");
        assert_eq!(letter["status"], "issued");
        assert_eq!(letter["addressee"], json!({"kind": "applicant", "name": null}));
        assert_eq!((&letter["issued_on"], &letter["remedy"]), (&json!("2026-03-10"), &json!("R2")));
        assert_eq!(letter["seq"], answer["version"]);

        // The file is what its hash says, and the text is the letter's.
        let files = letter["files"].as_array().unwrap();
        assert_eq!(files.len(), 1, "without fonts there is no print: {files:#?}");
        let bytes = file(&case, "officer", &letter, "docx");
        assert_eq!(files[0]["sha256"], hex::encode(Sha256::digest(&bytes)));
        assert_eq!(files[0]["bytes"], bytes.len());
        let text = docx_text(&bytes);
        for part in [
            "澄政办公开〔2026〕1号", "政府信息公开告知书", "陈明远：", "CXFB-2026-00001", "关于城北地块征收补偿方案的信息",
            "补偿安置方案全文", "60日内", "6个月内", "2026年3月10日",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(!text.contains("。。"), "{text}");
        assert!(!text.contains("1101051949"), "an identity number in\n{text}");

        // The log holds the hash of what was frozen; the applicant reads what went out to him and nothing else.
        let events = case.events("officer");
        let issued = events.iter().find(|event| event["event"] == "reply_issued").unwrap();
        assert_eq!(issued["instruments"][0]["number"], letter["number"]);
        assert_eq!(issued["instruments"][0]["sha256"].as_str().unwrap().len(), 64);
        let own: Vec<_> = instruments(&case, "applicant").iter().map(|one| one["code"].clone()).collect();
        assert_eq!(own, ["D03", "D20"]);
        assert_eq!(file(&case, "applicant", &letter, "docx"), bytes);
        let document = format!("/api/v1/documents/{}/content", files[0]["document_id"].as_str().unwrap());
        office.user("applicant").get(&document).expect(200);
        office.user("clerk").get(&document).expect(200);
        office.user("officer2").get(&document).expect(404);
        let approval = instrument(&case, "D44");
        let path = format!("{}/instruments/{}/content?format=docx", case.path("applicant"), approval["id"].as_str().unwrap());
        office.user("applicant").get(&path).expect(404);
        // A print needs fonts: what is missing is said, and how to go on.
        let print = format!("{}/instruments/{}/content?format=pdf", case.path("officer"), letter["id"].as_str().unwrap());
        let refused = office.user("officer").get(&print).expect(409);
        assert_eq!(refused.code(), "no_glyphs");
        // Nothing of it stands beside the log: it is made of it again.
        let site = office.app.app.site();
        assert_eq!(gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.len(), 0);
        assert!(matches!(
            gongkai::service::maintenance::audit(&site.store, &site.law, &site.documents).unwrap(),
            gongkai::service::maintenance::AuditVerdict::Sound { .. }
        ));
    }

    fn every_notice_says_what_the_law_wants_of_it(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_formally");
        case.act("officer", "request_amendment", json!({
            "notified_on": "2026-03-10", "defects": ["请写明项目名称", "请补充身份证明"], "respond_by": "2026-03-31",
        }));
        let amendment = text(&case, "D04");
        for part in ["请写明项目名称", "请补充身份证明", "2026年3月31日", "第三十条", "不再处理", "林晓月："] {
            assert!(amendment.contains(part), "{part} in\n{amendment}");
        }
        assert!(!amendment.contains("起诉") && !amendment.contains("复议"), "{amendment}");
        let delivered = json!({
            "target": "amendment_notice", "id": case.sub_id("amendment_notice"), "on": "2026-03-10", "method": "邮寄",
        });
        case.act("clerk", "record_notice_delivery", delivered);
        assert!(text(&case, "D43").contains("补正告知书"));
        office.on("2026-04-02");
        case.act("officer", "lapse_amendment", json!({}));
        let lapse = text(&case, "D13");
        let notice = instrument(&case, "D04")["number"].as_str().unwrap().to_owned();
        for part in [notice.as_str(), "2026年3月31日", "第三十条", "60日内", "6个月内"] {
            assert!(lapse.contains(part), "{part} in\n{lapse}");
        }
        assert_eq!(instrument(&case, "D13")["remedy"], "R2");
        // Taken back, it keeps its number with the reason, and the applicant is told.
        let revoked = json!({"reason": "补正材料已由收发室签收"});
        case.act("approver", "revoke_ending", revoked);
        let lapse = instrument(&case, "D13");
        assert_eq!(lapse["status"], "cancelled");
        assert_eq!(lapse["cancelled"]["because"], "补正材料已由收发室签收");
        assert!(text(&case, "D47").contains(lapse["number"].as_str().unwrap()));
    }

    fn what_was_sent_on_paper_takes_no_number(db) {
        let office = Office::open(db);
        let scan = uploaded(&office.user("officer"), "答复.pdf", "reply", PDF);
        let mut case = approved(&office);
        let paper = json!({"number": "澄政办函〔2026〕77号", "document_ids": [scan]});
        let fields = json!({"method": "mail", "replied_on": "2026-03-10", "on_paper": paper});
        case.act("officer", "issue_reply", fields);
        let letter = instrument(&case, "D20");
        assert_eq!((&letter["number"], &letter["on_paper"]), (&json!("澄政办函〔2026〕77号"), &json!(true)));
        assert_eq!(letter["files"][0]["format"], "scan");
        assert_eq!(letter["files"][0]["document_id"], scan);
        // Entered days later it was sent on paper, unless it is said otherwise; a scan that is missing is named.
        let mut late = approved(&office);
        let mut told = approved(&office);
        office.on("2026-03-20");
        let fields = json!({"method": "mail", "replied_on": "2026-03-10", "late_entry_reason": "纸质登记簿补录"});
        late.act("officer", "issue_reply", fields.clone());
        let letter = instrument(&late, "D20");
        assert_eq!((&letter["number"], &letter["on_paper"]), (&Value::Null, &json!(true)));
        assert_eq!(letter["notes"][0]["code"], "scan_missing");
        let mut here = fields;
        here["on_paper"] = Value::Null;
        told.act("officer", "issue_reply", here);
        let letter = instrument(&told, "D20");
        assert_eq!((&letter["number"], &letter["on_paper"]), (&json!("澄政办公开〔2026〕1号"), &json!(false)));
        // What makes no letter cannot have sent one on paper.
        let refused = told.refused("officer", "add_document", json!({"document_ids": [scan], "on_paper": {}}), 422);
        assert_eq!(refused.pointers(), ["/on_paper"]);
    }

    fn numbers_follow_the_day_of_issue_without_gaps(db) {
        let office = Office::open(db);
        let mut cases: Vec<_> = (0..6).map(|_| approved(&office)).collect();
        let number = |case: &Walk<'_>| instrument(case, "D20")["number"].as_str().unwrap().to_owned();
        cases[0].act("officer", "issue_reply", issue("2026-03-10"));
        // What is refused takes no number.
        cases[1].refused("officer", "issue_reply", json!({"method": "mail"}), 422);
        cases[1].refused("officer", "issue_reply", issue("2027-01-01"), 422);
        cases[1].act("officer", "issue_reply", issue("2026-03-10"));
        assert_eq!((number(&cases[0]), number(&cases[1])), ("澄政办公开〔2026〕1号".into(), "澄政办公开〔2026〕2号".into()));
        // A paper of December that is entered in January goes on with December's numbers; January begins anew.
        office.on("2026-12-31");
        let mut december = approved(&office);
        office.on("2027-01-04");
        let mut january = approved(&office);
        january.act("officer", "issue_reply", issue("2027-01-04"));
        december.act("officer", "issue_reply", issue("2026-12-31"));
        assert_eq!((number(&january), number(&december)), ("澄政办公开〔2027〕1号".into(), "澄政办公开〔2026〕3号".into()));
        // An earlier day than that of the number before is no mistake, but it is said.
        let mut earlier = approved(&office);
        office.on("2027-01-06");
        let mut later = approved(&office);
        later.act("officer", "issue_reply", issue("2027-01-06"));
        let answer = earlier.act("officer", "issue_reply", issue("2027-01-05")).clone();
        assert_eq!(answer["instruments"][0]["number"], "澄政办公开〔2027〕3号");
        assert_eq!(answer["instruments"][0]["notes"][0]["code"], "number_order");
    }

    fn many_who_issue_at_once_get_different_numbers_and_no_gap(db) {
        let office = Office::open(db);
        let cases: Vec<_> = (0..12).map(|_| approved(&office)).collect();
        std::thread::scope(|scope| {
            for case in &cases {
                // Each reply twice at once: one of the two is told that it came too late.
                for _ in 0..2 {
                    scope.spawn(|| {
                        let answer = case.ask("officer", "issue_reply", issue("2026-03-10"));
                        assert!(matches!(answer.status, 200 | 409 | 412), "{}", answer.text);
                    });
                }
            }
        });
        let mut numbers: Vec<u32> = cases
            .iter()
            .map(|case| {
                let all = instruments(case, "officer");
                let letters: Vec<_> = all.iter().filter(|one| one["code"] == "D20").collect();
                assert_eq!(letters.len(), 1);
                let number = letters[0]["number"].as_str().unwrap();
                number.trim_start_matches("澄政办公开〔2026〕").trim_end_matches('号').parse().unwrap()
            })
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    }

    fn one_paper_answers_two_applications(db) {
        let office = Office::open(db);
        let mut first = office.enter("in_person").identified().through("approve_reply");
        let second = office.enter("in_person").identified().through("approve_reply");
        let fields = json!({
            "method": "mail", "replied_on": "2026-03-10",
            "together_with": [{"case_id": second.id, "version": second.version}],
        });
        first.act("officer", "issue_reply", fields);
        let (one, other) = (instrument(&first, "D20"), instrument(&second, "D20"));
        assert_eq!(one["number"], other["number"]);
        assert_eq!(one["files"], other["files"]);
        assert_eq!(other["notes"][0]["code"], "combined");
        let both = text(&second, "D20");
        assert!(both.contains("CXFB-2026-00001") && both.contains("CXFB-2026-00002"), "{both}");
        // It answers everything that was asked for, each piece under its application, with the remedies of each.
        let mut first = office.enter("in_person").identified().through("approve_reply");
        let mut second = office.enter("in_person").identified().through("review_substantively");
        second.act("officer", "draft_reply", json!({"items": [{
            "description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "explanation": "属于讨论记录",
        }]}));
        second.act("officer", "submit_for_legal_review", json!({}));
        second.act("legal", "review_legally", json!({"opinion": "pass"}));
        second.act("officer", "submit_for_approval", json!({}));
        second.act("approver", "approve_reply", json!({}));
        let fields = json!({
            "method": "mail", "replied_on": "2026-03-10",
            "together_with": [{"case_id": second.id, "version": second.version}],
        });
        first.act("officer", "issue_reply", fields);
        let letter = instrument(&first, "D22");
        assert_eq!(letter["number"], instrument(&second, "D22")["number"]);
        let both = text(&first, "D22");
        for part in [
            "补偿安置方案全文", "讨论记录", "编号为CXFB-2026-00003的申请", "编号为CXFB-2026-00004的申请",
            "对本告知书第二项不予公开的决定", "对本告知书第一项的答复",
        ] {
            assert!(both.contains(part), "{part} in\n{both}");
        }
    }

    fn each_part_of_a_request_has_its_receipt(db) {
        let office = Office::open(db);
        let mut whole = office.enter("in_person").identified().through("confirm_receipt");
        office.on("2026-03-12");
        whole.act("officer", "split", json!({"parts": [
            {"title": "征收补偿方案", "features": "方案全文"}, {"title": "评估报告", "features": "地块评估报告"},
        ]}));
        let part = whole.last["split_into"][0].as_str().unwrap().to_owned();
        let path = format!("/api/v1/cases/{part}/instruments");
        let list = office.user("officer").get(&path).expect(200).json;
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list:#}");
        let receipt = &list["items"][0];
        assert_eq!((&receipt["code"], &receipt["status"]), (&json!("D03"), &json!("issued")));
        // Of the day of the split, not of the day on which the whole was told of its applicant.
        assert_eq!(receipt["issued_on"], "2026-03-12");
        let content = format!("{path}/{}/content?format=docx", receipt["id"].as_str().unwrap());
        let told = docx_text(&office.user("officer").get(&content).expect(200).bytes);
        assert!(told.contains("CXFB-2026-00002") && told.contains("评估报告"), "{told}");
        let site = office.app.app.site();
        assert_eq!(gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.len(), 0);
        assert!(matches!(
            gongkai::service::maintenance::audit(&site.store, &site.law, &site.documents).unwrap(),
            gongkai::service::maintenance::AuditVerdict::Sound { .. }
        ));
    }

    fn a_cancelled_instrument_keeps_its_number(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_formally");
        let wrong = json!({"notified_on": "2026-03-10", "defects": ["写错了"]});
        case.act("officer", "request_amendment", wrong);
        let notice = instrument(&case, "D04");
        let fields = json!({"instrument_id": notice["id"], "reason": "补正内容列错"});
        case.refused("officer", "cancel_instrument", fields.clone(), 403);
        case.act("approver", "cancel_instrument", fields.clone());
        let notice = instrument(&case, "D04");
        assert_eq!((&notice["status"], &notice["number"]), (&json!("cancelled"), &json!("澄政办公开〔2026〕1号")));
        assert_eq!(case.refused("approver", "cancel_instrument", fields, 409).code(), "instrument_cancelled");
        let unknown = json!({"instrument_id": case.id, "reason": "没有"});
        assert_eq!(case.refused("approver", "cancel_instrument", unknown, 422).pointers(), ["/instrument_id"]);
        // A reply is taken back or replaced, with its letter.
        let mut replied = office.enter("in_person").through("issue_reply");
        let letter = json!({"instrument_id": instrument(&replied, "D20")["id"], "reason": "x"});
        assert_eq!(replied.refused("approver", "cancel_instrument", letter, 409).code(), "reply_not_cancelled");
        replied.act("approver", "replace_reply", json!({"reason": "遗漏附件"}));
        let old = instrument(&replied, "D20")["number"].as_str().unwrap().to_owned();
        assert!(text(&replied, "D46").contains(&old));
        replied.skip_to("draft_reply");
        let replied = replied.through("issue_reply");
        let new = text(&replied, "D20");
        assert!(new.contains(&old) && new.contains("撤销"), "{new}");
    }

    fn names_and_titles_print_as_they_are_written(db) {
        let office = Office::open(db);
        let odd = "**王𠮷祥**·买买提<b>&amp;{{ 1 }}</b>\u{200f}";
        let mut entry = office.entry("in_person");
        entry["applicant"]["name"] = json!(odd);
        let title = "# 一、`代码` [链接](http://x) | 表格 | ".to_owned() + &"长".repeat(140);
        entry["description"]["title"] = json!(title);
        let case = office.enter_as("clerk", &entry).through("issue_reply");
        let text = text(&case, "D20");
        let name = case.last["applicant"]["name"].as_str().unwrap();
        assert!(name.starts_with("**王𠮷祥**") && text.contains(name), "{text}");
        assert!(text.contains(title.trim()), "{text}");
    }

    fn what_could_not_be_made_is_made_later(db) {
        let office = Office::open(db);
        let mut case = approved(&office);
        // Nothing can be put where the contents belong.
        let blobs = office.app.database.directory.path().join("blobs");
        let aside = blobs.with_extension("aside");
        std::fs::rename(&blobs, &aside).ok();
        std::fs::write(&blobs, b"not a directory").unwrap();
        let answer = case.act("officer", "issue_reply", issue("2026-03-10")).clone();
        assert_eq!(answer["instruments"][0]["number"], "澄政办公开〔2026〕1号");
        assert_eq!(answer["instruments"][0]["files"], json!([]));
        std::fs::remove_file(&blobs).unwrap();
        std::fs::rename(&aside, &blobs).ok();
        office.app.clock.advance(chrono::TimeDelta::minutes(5));
        office.app.app.run_due_jobs().unwrap();
        let letter = instrument(&case, "D20");
        assert_eq!(letter["files"][0]["format"], "docx");
        assert!(text(&case, "D20").contains("澄政办公开〔2026〕1号"));
    }

    fn the_catalogue_is_open_and_whole(db) {
        let office = Office::open(db);
        let items = office.app.anon().get("/api/v1/reference/instruments").expect(200).json["items"].clone();
        let codes: Vec<_> = items.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        let expected: Vec<String> = (1..=14).chain(20..=48).map(|number| format!("D{number:02}")).collect();
        assert_eq!(codes, expected);
    }
}
