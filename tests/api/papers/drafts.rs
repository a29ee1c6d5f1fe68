//! Drafts of replies: what reviewers read before it leaves, what an office edits in its own word processor and brings back,
//! and that number and day are all that changes at issue.

use serde_json::{Value, json};

use super::docx::kit::{control, edit_text, parts};
use super::instruments::{docx_text, file, instrument, instruments, text};
use crate::documents::samples::PDF;
use crate::documents::{form, uploaded};
use crate::harness::{Actor, Office, Response, Walk, both};

/// The reply that the case is drafting.
#[track_caller]
fn draft(case: &Walk<'_>) -> Value {
    let all = instruments(case, "officer");
    let found = all.iter().find(|one| one["status"] == "draft");
    found.unwrap_or_else(|| panic!("no draft in {all:#?}")).clone()
}

fn path(case: &Walk<'_>, letter: &Value, end: &str) -> String {
    format!(
        "/api/v1/cases/{}/instruments/{}/{end}",
        case.id,
        letter["id"].as_str().unwrap()
    )
}

/// Of the reply that the case is drafting.
fn path_of(case: &Walk<'_>, end: &str) -> String {
    path(case, &draft(case), end)
}

fn put(actor: &Actor, path: &str, content: &[u8], note: Option<&str>) -> Response {
    let mut parts: Vec<(&str, Option<&str>, &[u8])> = Vec::new();
    if let Some(note) = note {
        parts.push(("note", None, note.as_bytes()));
    }
    parts.push(("file", Some("filename=\"答复稿.docx\""), content));
    let (media_type, body) = form(&parts);
    actor.send("PUT", path, Some((&media_type, &body)))
}

/// Someone brings an edited file back.
fn bring(case: &Walk<'_>, who: &str, content: &[u8]) -> Response {
    let letter = draft(case);
    let actor = case.office.user(who).if_match(case.version);
    put(&actor, &path(case, &letter, "draft"), content, Some("补充了咨询方式"))
}

/// Brought back and taken.
#[track_caller]
fn brought(case: &mut Walk<'_>, content: &[u8]) -> Value {
    let answer = bring(case, "officer", content).expect(200).json;
    case.version = answer["version"].as_i64().unwrap();
    answer
}

#[track_caller]
fn drafted(case: &Walk<'_>) -> Vec<u8> {
    file(case, "officer", &draft(case), "docx")
}

/// The file with a sentence more, as an office would write it.
fn with_sentence(bytes: &[u8], sentence: &str) -> Vec<u8> {
    edit_text(bytes, |document| {
        let at = document.find("补偿安置方案全文").unwrap();
        let end = at + document[at..].find("</w:p>").unwrap() + "</w:p>".len();
        let added = format!("<w:p><w:r><w:t>{sentence}</w:t></w:r></w:p>");
        format!("{}{added}{}", &document[..end], &document[end..])
    })
}

/// The file without a control of a tag.
fn without(bytes: &[u8], tag: &str) -> Vec<u8> {
    edit_text(bytes, |document| document.replace(&control(&document, tag), ""))
}

/// What a letter says beside number and day.
fn rest(text: &str) -> Vec<String> {
    let blank = |line: &&str| {
        !line.contains("〔")
            && !line.contains("2026年3月10日")
            && !line.contains("年  月  日")
            && !line.trim().is_empty()
    };
    text.lines().filter(blank).map(str::to_owned).collect()
}

#[track_caller]
fn reasons(answer: &Value) -> String {
    let faults = answer["faults"].as_array().unwrap();
    faults.iter().map(|fault| fault["reason"].as_str().unwrap()).collect()
}

/// Names another court of the office; gives the one before.
#[track_caller]
fn court(office: &Office, court: &str) -> String {
    let (before, answer) = office.change_agency("court", json!(court));
    answer.expect(200);
    before.as_str().unwrap().to_owned()
}

fn issue() -> Value {
    json!({"method": "mail", "replied_on": "2026-03-10", "reference": "EMS 1234567890123"})
}

both! {
    fn what_reviewers_read_is_what_leaves(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("draft_reply");
        let letter = draft(&case);
        assert_eq!((&letter["code"], &letter["number"], &letter["issued_on"]), (&json!("D20"), &Value::Null, &Value::Null));
        assert_eq!(letter["draft_version"], 1);
        let before = docx_text(&drafted(&case));
        assert!(before.contains("补偿安置方案全文") && before.contains("60日内") && !before.contains("〔2026〕1号"), "{before}");
        // All who check and sign see it; those whom the file is nothing to, and the applicant, do not.
        let content = path(&case, &letter, "content?format=docx");
        for who in ["secrecy", "approver", "supervisor"] {
            assert_eq!(docx_text(&office.user(who).get(&content).expect(200).bytes), before, "{who}");
        }
        office.user("officer2").get(&content).expect(404);
        let asked = office.apply().through("draft_reply");
        let letters = instruments(&asked, "applicant");
        assert!(letters.iter().all(|one| one["status"] == "issued"), "{letters:#?}");
        for end in ["content?format=docx", "versions", "compare?from=1"] {
            let path = path(&asked, &draft(&asked), end);
            office.user("applicant").get(&path).expect(403);
            office.user("applicant").get(&path.replace("/cases/", "/requests/")).expect(404);
        }

        case = case.through("approve_reply");
        case.act("officer", "issue_reply", issue());
        let issued = instrument(&case, "D20");
        assert_eq!(issued["id"], letter["id"]);
        assert_eq!((&issued["status"], &issued["notes"]), (&json!("issued"), &Value::Null));
        let after = text(&case, "D20");
        assert_eq!(rest(&after), rest(&before));
        assert!(after.contains("澄政办公开〔2026〕1号") && after.contains("2026年3月10日"), "{after}");
        // Nothing is drafted any more, and what was is still read.
        assert!(instruments(&case, "officer").iter().all(|one| one["status"] == "issued"));
        let versions = office.user("officer").get(&path(&case, &letter, "versions")).expect(200).json;
        assert_eq!(versions["items"].as_array().unwrap().len(), 1);
        let compared = office.user("secrecy").get(&path(&case, &letter, "compare?from=1")).expect(200).json;
        assert_eq!(compared["same"], true);
    }

    fn a_text_that_was_signed_leaves_whatever_template_came_since(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("approve_reply");
        let before = docx_text(&drafted(&case));
        let legal = office.user("legal");
        let view = legal.get("/api/v1/templates/reply").expect(200).json;
        let changed = view["text"].as_str().unwrap().replace("{{ 落款 }}", "窗口咨询时间为工作日上午。\n\n{{ 落款 }}");
        let version = legal.post("/api/v1/templates/reply/versions", &json!({"text": changed, "note": "x"})).expect(201).json;
        let publish = format!("/api/v1/templates/reply/versions/{}/publish", version["version"]);
        legal.post(&publish, &json!({})).expect(200);
        case.act("officer", "issue_reply", issue());
        let issued = instrument(&case, "D20");
        assert_eq!((&issued["template_version"], &issued["notes"]), (&json!(0), &Value::Null));
        assert_eq!(rest(&text(&case, "D20")), rest(&before));
        // A draft of after the publication says what the template says.
        let later = office.enter("in_person").through("draft_reply");
        assert!(docx_text(&drafted(&later)).contains("窗口咨询时间"));
    }

    fn what_became_another_reply_is_worded_anew_and_told(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("approve_reply");
        // The letter of one who took the applicant's place goes to that person.
        let proof = uploaded(&office.user("officer"), "死亡证明.pdf", "evidence", PDF);
        case.act("officer", "succeed_party", json!({
            "index": 0, "reason": "death", "received_on": "2026-03-10", "document_ids": [proof],
            "successor": {"name": "林小满", "phone": "13800001111", "address": "江临市澄溪县文昌路8号",
                "id_document": {"kind": "passport", "number": "E87654321"}},
        }));
        let answer = case.act("officer", "issue_reply", issue()).clone();
        let letter = answer["instruments"].as_array().unwrap().iter().find(|one| one["code"] == "D20").unwrap().clone();
        assert_eq!(letter["notes"][0]["code"], "differs_from_draft", "{letter:#}");
        assert!(text(&case, "D20").contains("林小满："));
        let compared = office.user("officer").get(&path(&case, &letter, "compare?from=1")).expect(200).json;
        assert_eq!(compared["same"], false);
        let lines = compared["lines"].as_array().unwrap();
        assert!(lines.contains(&json!({"change": "added", "text": "林小满："})), "{lines:#?}");
        // What the office has to look after is told to the office.
        let mut asked = office.apply().through("approve_reply");
        let before = court(&office, "江临铁路运输法院");
        asked.act("officer", "issue_reply", issue());
        court(&office, &before);
        let notes = |who: &str| {
            let list = instruments(&asked, who);
            list.iter().find(|one| one["code"] == "D20").unwrap()["notes"].clone()
        };
        assert_eq!((&notes("officer")[0]["code"], notes("applicant")), (&json!("differs_from_draft"), Value::Null));
    }

    fn an_office_edits_its_draft_and_brings_it_back(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("draft_reply");
        let letter = draft(&case);
        let edited = with_sentence(&drafted(&case), "纸质件可于工作日到窗口领取。");
        let answer = brought(&mut case, &edited);
        assert_eq!((&answer["draft_version"], &answer["faults"], &answer["instrument_id"]), (&json!(2), &json!([]), &letter["id"]));
        // The file stays as it came; its text is what reviewers read.
        assert_eq!(drafted(&case), edited);
        assert_eq!(draft(&case)["draft_version"], 2);
        let versions = office.user("secrecy").get(&path(&case, &letter, "versions")).expect(200).json;
        let sources: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| one["source"].clone()).collect();
        assert_eq!(sources, ["drafted", "edited"]);
        assert_eq!(versions["items"][1]["note"], "补充了咨询方式");
        assert_eq!(versions["items"][1]["by"]["name"], versions["items"][0]["by"]["name"]);
        let compared = office.user("secrecy").get(&path(&case, &letter, "compare?from=1&to=2")).expect(200).json;
        let changed: Vec<_> = compared["lines"].as_array().unwrap().iter().filter(|line| line["change"] != "same").collect();
        assert_eq!(changed, [&json!({"change": "added", "text": "纸质件可于工作日到窗口领取。"})]);
        for (query, pointer) in [("compare?from=9", "?from"), ("compare?from=1&to=9", "?to"), ("compare", "?from")] {
            let refused = office.user("secrecy").get(&path(&case, &letter, query)).expect(422);
            assert_eq!(refused.pointers(), [pointer]);
        }

        case = case.through("approve_reply");
        case.act("officer", "issue_reply", issue());
        let issued = instrument(&case, "D20");
        assert_eq!((&issued["id"], &issued["number"]), (&letter["id"], &json!("澄政办公开〔2026〕1号")));
        let after = file(&case, "officer", &issued, "docx");
        // Of the file nothing changes but the place of the number and that of the day.
        let (mut old, mut new) = (parts(&edited), parts(&after));
        let text_of = |parts: &mut Vec<(String, Vec<u8>)>| {
            let at = parts.iter().position(|(name, _)| name == "word/document.xml").unwrap();
            String::from_utf8(parts.remove(at).1).unwrap()
        };
        let (old_text, new_text) = (text_of(&mut old), text_of(&mut new));
        assert_eq!(old, new);
        let mut expected = old_text.clone();
        for tag in ["gongkai-number", "gongkai-date"] {
            expected = expected.replace(&control(&old_text, tag), &control(&new_text, tag));
        }
        assert_eq!(new_text, expected);
        let text = docx_text(&after);
        assert!(text.contains("纸质件可于工作日到窗口领取。") && text.contains("〔2026〕1号") && text.contains("2026年3月10日"), "{text}");
    }

    fn what_is_missing_doubled_or_changed_is_named_and_stops_the_issue(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("draft_reply");
        let clean = drafted(&case);
        let remedy = edit_text(&clean, |document| document.replace("60日内", "15日内"));
        let doubled = edit_text(&clean, |document| {
            let number = control(&document, "gongkai-number");
            document.replace(&number, &format!("{number}{number}"))
        });
        for (file, reason) in [
            (without(&clean, "gongkai-number"), "发文字号的空位"),
            (without(&clean, "gongkai-date"), "成文日期的空位"),
            (doubled, "多于一处"),
            (remedy.clone(), "救济告知被改动"),
        ] {
            let answer = brought(&mut case, &file);
            assert!(reasons(&answer).contains(reason), "{reason}: {answer:#}");
            assert_eq!(draft(&case)["notes"][0]["code"], "draft_faulty");
        }
        // It may be looked at and signed; it does not leave.
        case = case.through("approve_reply");
        let refused = case.refused("officer", "issue_reply", issue(), 409);
        assert_eq!(refused.code(), "draft_faulty");
        assert!(refused.text.contains("救济告知被改动"), "{}", refused.text);
        let english = office.user("officer").with("Accept-Language", "en").if_match(case.version);
        let mut body = issue();
        body["action"] = json!("issue_reply");
        let told = english.post(&format!("/api/v1/cases/{}/actions", case.id), &body);
        assert!(told.expect(409).text.contains("remedies were changed"));
        // Sent back and put right, it leaves with the first number.
        case.act("approver", "return_reply", json!({"reason": "救济告知有误"}));
        brought(&mut case, &clean);
        case.skip_to("submit_for_approval");
        case.act("officer", "submit_for_legal_review", json!({}));
        case.act("legal", "review_legally", json!({"opinion": "pass"}));
        case.act("officer", "submit_for_approval", json!({}));
        case.act("approver", "approve_reply", json!({}));
        case.act("officer", "issue_reply", issue());
        assert_eq!(instrument(&case, "D20")["number"], "澄政办公开〔2026〕1号");
    }

    fn remedies_of_another_day_stop_an_edited_letter(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("approve_reply");
        case.act("approver", "return_reply", json!({"reason": "补充说明"}));
        let edited = with_sentence(&drafted(&case), "纸质件可于工作日到窗口领取。");
        brought(&mut case, &edited);
        case.skip_to("submit_for_approval");
        let mut case = case.through("approve_reply");
        // The court that the letter names is not the agency's any more.
        let before = court(&office, "江临铁路运输法院");
        let refused = case.refused("officer", "issue_reply", issue(), 409);
        assert_eq!(refused.code(), "draft_faulty");
        assert!(refused.text.contains("救济告知与签发日应当告知的不一致"), "{}", refused.text);
        // A letter that the program worded names the court of the day, and that it differs is told.
        let mut worded = office.enter("in_person").through("approve_reply");
        court(&office, &before);
        let answer = worded.act("officer", "issue_reply", issue()).clone();
        assert!(answer["instruments"].to_string().contains("differs_from_draft"));
        assert!(text(&worded, "D20").contains(&before));
        case.act("officer", "issue_reply", issue());
    }

    fn what_a_reply_could_say_besides_is_told_before_it_is_signed(db) {
        let office = Office::open(db);
        let given = uploaded(&office.user("officer"), "方案.pdf", "reply", PDF);
        let mut case = office.enter("in_person").through("review_substantively");
        let party = json!({"name": "江临市鼎成建设有限公司"});
        let asked = json!({"party": party, "concerning": "补偿金额", "sent_on": "2026-03-10"});
        case.act("officer", "consult_third_party", asked);
        let consultation = case.sub_id("consultation");
        let mut items = json!([
            {"description": "方案全文", "outcome": "granted", "document_ids": [given]},
            {"description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "explanation": "属于讨论记录"},
            {"description": "补偿金额", "outcome": "third_party_rights", "article": "第十五条", "explanation": "商业秘密",
                "ground": "商业秘密", "consultation_id": consultation},
            {"description": "军事设施图", "outcome": "state_secret", "article": "第十四条", "explanation": "国家秘密"},
            {"description": "区划资料", "outcome": "not_held", "cause": "not_our_agency", "explanation": "由民政部门负责"},
        ]);
        let hints = |view: &Value| -> Vec<Vec<String>> {
            let codes = |item: &Value| {
                let hints = item["hints"].as_array().cloned().unwrap_or_default();
                hints.iter().map(|hint| hint["code"].as_str().unwrap().to_owned()).collect()
            };
            view["items"].as_array().unwrap().iter().map(codes).collect()
        };
        case.act("officer", "draft_reply", json!({"items": items}));
        let view = case.view("approver");
        let expected = [&["pages", "redactions"][..], &["ground"], &["party_address"], &["secrecy_review"], &["competent_agency"]];
        assert_eq!(hints(&view), expected);
        assert_eq!(view["items"][0]["hints"][0]["field"], "/items/0/pages");
        assert!(view["items"][0]["hints"][0]["label"].as_str().unwrap().contains("页数"));
        // Said, they are gone; nothing was refused for them.
        items[0]["pages"] = json!(12);
        items[0]["redactions"] = json!("遮盖了身份证号码");
        items[1]["ground"] = json!("讨论记录");
        items[4]["competent_agency"] = json!({"name": "澄溪县民政局"});
        case.act("officer", "draft_reply", json!({"items": items}));
        let expected = [&[][..], &[], &["party_address"], &["secrecy_review"], &["competent_contact"]];
        assert_eq!(hints(&case.view("officer")), expected);
        let text = docx_text(&drafted(&case));
        assert!(text.contains("共12页") && text.contains("遮盖了身份证号码"), "{text}");
    }

    fn a_reply_to_a_correction_request_is_edited_too(db) {
        let office = Office::open(db);
        let mut entry = office.entry("in_person");
        entry["kind"] = json!("correction");
        let mut case = office.enter_as("clerk", &entry).through("review_formally");
        case.act("officer", "review_substantively", json!({"checks": {
            "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false, "already_public": false,
        }}));
        case.act("officer", "draft_reply", json!({"items": [
            {"description": "出生日期", "outcome": "corrected", "explanation": "已按户籍档案更正"},
        ]}));
        let clean = drafted(&case);
        assert!(docx_text(&clean).contains("本答复书不服"), "{}", docx_text(&clean));
        brought(&mut case, &clean);
        case.act("officer", "submit_for_approval", json!({}));
        case.act("approver", "approve_reply", json!({}));
        case.act("officer", "issue_reply", issue());
        assert_eq!(instrument(&case, "D42")["notes"], Value::Null);
    }

    fn whoever_rewrote_a_reply_does_not_sign_it(db) {
        let office = Office::open(db);
        let user = office.app.region().users.iter().find(|user| user.username == "approver").unwrap().id;
        let admin = office.user("admin");
        let path = format!("/api/v1/admin/users/{user}");
        let version = admin.get(&path).expect(200).json["version"].as_i64().unwrap();
        let grant = format!("{path}/grants/{}/officer", office.app.region().office);
        admin.if_match(version).put(&grant, &json!({})).expect(200);
        let mut case = office.enter("in_person").through("draft_reply");
        let edited = with_sentence(&drafted(&case), "签发人自己写的一句。");
        let answer = bring(&case, "approver", &edited).expect(200).json;
        case.version = answer["version"].as_i64().unwrap();
        let versions = office.user("officer").get(&path_of(&case, "versions")).expect(200).json;
        let by: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| one["by"]["name"].clone()).collect();
        assert!(by.iter().all(Value::is_string) && by[0] != by[1], "{by:?}");
        case.skip_to("review_secrecy");
        let case = case.through("submit_for_approval");
        assert_eq!(case.refused("approver", "approve_reply", json!({}), 409).code(), "same_person_as_drafter");
    }

    fn changes_that_a_review_asked_for_are_made_in_the_file(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        case.act("officer", "draft_reply", json!({"principal": 0, "items": [
            {"description": "方案", "outcome": "granted", "where": "附件"},
            {"description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "explanation": "讨论记录"},
        ]}));
        case.act("secrecy", "review_secrecy", json!({"verdicts": [{"item": 0, "verdict": "release"}]}));
        case.act("officer", "submit_for_legal_review", json!({}));
        let asked = json!({"opinion": "pass_with_changes", "changes": ["写明咨询方式"]});
        case.act("legal", "review_legally", asked);
        let file = edit_text(&drafted(&case), |document| document.replace("属于过程性信息", "属于过程性信息，咨询方式见下"));
        brought(&mut case, &file);
        case.act("officer", "submit_for_approval", json!({"changes": [{"made": true}]}));
        case.act("approver", "approve_reply", json!({}));
        case.act("officer", "issue_reply", issue());
        assert!(text(&case, "D22").contains("咨询方式见下"));
    }

    fn a_reply_that_was_taken_back_leaves_as_another_letter(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("issue_reply");
        let first = instrument(&case, "D20");
        case.act("approver", "revoke_ending", json!({"reason": "误登发出"}));
        let again = draft(&case);
        assert_ne!(again["id"], first["id"]);
        docx_text(&drafted(&case));
        case.act("officer", "issue_reply", issue());
        let second = instrument(&case, "D20");
        assert_eq!((&second["id"], &second["number"]), (&again["id"], &json!("澄政办公开〔2026〕2号")));
        assert_eq!(instruments(&case, "officer").iter().find(|one| one["id"] == first["id"]).unwrap()["status"], "cancelled");
    }

    fn an_edited_letter_answers_one_application(db) {
        let office = Office::open(db);
        let mut first = office.enter("in_person").identified().through("draft_reply");
        let edited = with_sentence(&drafted(&first), "纸质件可于工作日到窗口领取。");
        brought(&mut first, &edited);
        let mut first = first.through("approve_reply");
        let second = office.enter("in_person").identified().through("approve_reply");
        let mut fields = issue();
        fields["together_with"] = json!([{"case_id": second.id, "version": second.version}]);
        let refused = first.refused("officer", "issue_reply", fields, 409);
        assert!(refused.text.contains("合并答复"), "{}", refused.text);
        // Nor is that of another case left out unseen.
        let mut fields = issue();
        fields["together_with"] = json!([{"case_id": first.id, "version": first.version}]);
        let refused = second.refused("officer", "issue_reply", fields, 409);
        assert!(refused.text.contains("CXFB-2026-00001"), "{}", refused.text);
        first.act("officer", "issue_reply", issue());
    }

    fn who_may_bring_a_draft_back_and_what_is_no_draft(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("draft_reply");
        let clean = drafted(&case);
        let letter = draft(&case);
        let path = path(&case, &letter, "draft");
        for (who, status) in [("secrecy", 403), ("approver", 403), ("legal", 404), ("officer2", 404), ("applicant", 404)] {
            assert_eq!(bring(&case, who, &clean).status, status, "{who}");
        }
        // What is no DOCX is refused and leaves nothing.
        let before = office.written();
        for content in [&b"%PDF-1.4"[..], b"PK\x03\x04", b"plain text", b""] {
            let refused = bring(&case, "officer", content);
            assert!(matches!(refused.status, 415 | 422), "{}", refused.text);
        }
        let officer = office.user("officer");
        assert_eq!(put(&officer, &path, &clean, None).status, 428);
        assert_eq!(put(&officer.if_match(case.version - 1), &path, &clean, None).status, 412);
        let unknown = path.replace(letter["id"].as_str().unwrap(), &case.id);
        assert_eq!(put(&officer.if_match(case.version), &unknown, &clean, None).status, 404);
        let long = "长".repeat(2100);
        let long = put(&officer.if_match(case.version), &path, &clean, Some(&long)).expect(422);
        assert_eq!(long.pointers(), ["/note"]);
        let written = |rows: Vec<(String, i64)>| -> Vec<_> { rows.into_iter().filter(|(table, _)| !table.starts_with("document")).collect() };
        assert_eq!(written(office.written()), written(before));
        // Without its file the action says where the file goes.
        let refused = case.refused("officer", "edit_draft", json!({"document_id": case.id}), 422);
        assert!(refused.text.contains("/document_id"), "{}", refused.text);
        // Twice with one key is once.
        let keyed = officer.if_match(case.version).with("Idempotency-Key", "draft-once-0001");
        let first = put(&keyed, &path, &clean, None).expect(200);
        let again = put(&keyed, &path, &clean, None).expect(200);
        assert_eq!(first.json, again.json);
        let other = put(&keyed, &path, &with_sentence(&clean, "别的内容"), None);
        assert_eq!(other.status, 422, "{}", other.text);
        case.version = first.json["version"].as_i64().unwrap();
        assert_eq!(draft(&case)["draft_version"], 2);
        // In legal review the reviewer words it, and nobody else; who words it passes it too.
        case.skip_to("review_secrecy");
        let mut case = case.through("review_secrecy");
        case.act("officer", "submit_for_legal_review", json!({}));
        assert_eq!(bring(&case, "officer", &clean).expect(409).code(), "wrong_state");
        let edited = with_sentence(&clean, "审核人补充的说明。");
        let worded = bring(&case, "legal", &edited).expect(200).json;
        case.version = worded["version"].as_i64().unwrap();
        case.act("legal", "review_legally", json!({"opinion": "pass"}));
        case.act("officer", "submit_for_approval", json!({}));
        case.act("approver", "approve_reply", json!({}));
        assert_eq!(bring(&case, "officer", &clean).status, 409);
        case.act("officer", "issue_reply", issue());
        assert!(text(&case, "D20").contains("审核人补充的说明。"));
    }
}
