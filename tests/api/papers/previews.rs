//! Trying out an instrument before its action.

use serde_json::{Value, json};

use super::instruments::docx_text;
use crate::harness::{Office, Response, Walk, both};

fn tried(case: &Walk<'_>, who: &str, code: &str, fields: Option<Value>) -> Response {
    let mut body = json!({"code": code, "format": "docx"});
    if let Some(fields) = fields {
        body["fields"] = fields;
    }
    case.office
        .user(who)
        .post(&format!("{}/instruments/preview", case.path(who)), &body)
}

#[track_caller]
fn shown(case: &Walk<'_>, code: &str, fields: Option<Value>) -> String {
    let before = case.office.written();
    let answer = tried(case, "officer", code, fields).expect(200);
    assert_eq!(case.office.written(), before, "a preview left something");
    docx_text(&answer.bytes)
}

both! {
    fn an_instrument_is_seen_before_its_action(db) {
        let office = Office::open(db);
        let case = office.apply();
        // Before receipt: the receipt, and what the applicant filled in.
        let receipt = json!({"received_on": "2026-03-10", "evidence": {"means": "phone", "by": "陈明远"}});
        assert!(shown(&case, "D03", Some(receipt)).contains("CXFB-2026-00001"));
        assert!(shown(&case, "D01", None).contains("关于城北地块征收补偿方案的信息"));
        let case = case.through("review_substantively");
        let defects = json!({"notified_on": "2026-03-10", "defects": ["请写明项目名称"]});
        let notice = shown(&case, "D04", Some(defects));
        assert!(notice.contains("请写明项目名称") && !notice.contains("〔2026〕1号"), "{notice}");
        // Whatever the state: an extension that nobody proposed cannot be told, but a fee or a delay can.
        let fee = json!({"scheme": "per_page", "count": 72, "issued_on": "2026-03-10"});
        let fee = shown(&case, "D12", Some(fee));
        assert!(fee.contains("420元") && fee.contains("肆佰贰拾元整"), "{fee}");
        let party = json!({"party": {"name": "江临市鼎成建设有限公司"}, "concerning": "补偿金额", "sent_on": "2026-03-10"});
        let asked = shown(&case, "D07", Some(party.clone()));
        assert!(asked.contains("江临市鼎成建设有限公司") && !asked.contains("陈明远"), "{asked}");
        assert!(shown(&case, "D09", Some(party)).contains("陈明远"));
        // A reply by the items that are being drafted, then by the draft itself.
        let items = json!({"items": [
            {"description": "方案全文", "outcome": "granted", "where": "附件"},
            {"description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "ground": "讨论记录",
                "explanation": "属于决策过程中的讨论记录。"},
        ]});
        let partly = shown(&case, "D22", Some(items.clone()));
        for part in ["一、", "二、", "对本告知书第二项不予公开的决定", "对本告知书第一项的答复", "先向"] {
            assert!(partly.contains(part), "{part} in\n{partly}");
        }
        let other = tried(&case, "officer", "D20", Some(items)).expect(422);
        assert_eq!(other.pointers(), ["/code"]);
        assert!(other.text.contains("D22"));
        assert_eq!(tried(&case, "officer", "D22", None).expect(422).pointers(), ["/fields"]);
        let case = case.through("draft_reply");
        assert!(shown(&case, "D20", None).contains("补偿安置方案全文"));
    }

    fn contact_data_is_shown_as_the_case_shows_it(db) {
        let office = Office::open(db);
        let case = office.enter("in_person").through("review_substantively");
        let seen = office.user("officer").get(&format!("/api/v1/cases/{}", case.id)).expect(200);
        let phone = seen.json["applicant"]["phone"].as_str().unwrap().to_owned();
        for (who, clear) in [("officer", true), ("supervisor", false)] {
            let form = docx_text(&tried(&case, who, "D01", None).expect(200).bytes);
            assert_eq!(form.contains(&phone), clear, "{who}: {form}");
        }
    }

    fn what_is_wrong_with_a_preview_is_named_at_its_field(db) {
        let office = Office::open(db);
        let case = office.enter("in_person").through("review_substantively");
        let missing = tried(&case, "officer", "D04", Some(json!({"notified_on": "2026-03-10"}))).expect(422);
        assert_eq!(missing.pointers(), ["/fields/defects"]);
        let none = tried(&case, "officer", "D04", None).expect(422);
        assert!(none.pointers().iter().all(|pointer| pointer.starts_with("/fields/")), "{:?}", none.pointers());
        let scan = json!({"code": "D04", "format": "scan", "fields": {"notified_on": "2026-03-10", "defects": ["x"]}});
        let path = format!("{}/instruments/preview", case.path("officer"));
        assert_eq!(office.user("officer").post(&path, &scan).expect(422).pointers(), ["/format"]);
        assert_eq!(office.user("officer").post(&path, &json!({"code": "D99", "format": "pdf"})).expect(422).pointers(), ["/code"]);
        office.user("officer2").post(&path, &scan).expect(404);
        // Nobody else's consultation, no fee that the law does not know.
        let free = json!({"scheme": "per_page", "count": 12, "issued_on": "2026-03-10"});
        assert_eq!(tried(&case, "officer", "D12", Some(free)).expect(409).code(), "nothing_to_charge");
    }
}
