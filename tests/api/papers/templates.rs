//! Templates: written, looked at, published, used; what was issued keeps its version.

use serde_json::{Value, json};

use super::instruments::{docx_text, instrument, text};
use crate::harness::{Office, Response, both};

fn write(office: &Office, who: &str, code: &str, text: &str) -> Response {
    let body = json!({"text": text, "note": "试改"});
    office
        .user(who)
        .post(&format!("/api/v1/templates/{code}/versions"), &body)
}

/// The text in use with something put in place of a part of it.
#[track_caller]
fn changed(office: &Office, code: &str, old: &str, new: &str) -> String {
    let view = office
        .user("legal")
        .get(&format!("/api/v1/templates/{code}"))
        .expect(200);
    let text = view.json["text"].as_str().unwrap();
    assert!(text.contains(old), "{old} in\n{text}");
    text.replace(old, new)
}

fn publish(office: &Office, code: &str, version: &Value) -> Response {
    office.user("legal").post(
        &format!("/api/v1/templates/{code}/versions/{version}/publish"),
        &json!({}),
    )
}

fn amended(office: &Office) -> crate::harness::Walk<'_> {
    let mut case = office.enter("in_person").through("review_formally");
    let fields = json!({"notified_on": "2026-03-10", "defects": ["请写明项目名称"]});
    case.act("officer", "request_amendment", fields);
    case
}

both! {
    fn a_legal_adviser_changes_a_wording(db) {
        let office = Office::open(db);
        let before = amended(&office);
        let text_now = changed(&office, "D04", "{{ 落款 }}", "窗口咨询时间为工作日上午。\n\n{{ 落款 }}");
        let draft = write(&office, "legal", "D04", &text_now).expect(201);
        assert_eq!((&draft.json["version"], &draft.json["status"]), (&json!(1), &json!("draft")));
        assert_eq!(draft.json["faults"], Value::Null, "{}", draft.text);
        // A draft is nobody's yet.
        assert!(!text(&amended(&office), "D04").contains("窗口咨询时间"));
        // Tried on the sample case and on a real one.
        let path = "/api/v1/templates/D04/versions/1/preview";
        let sample = office.user("legal").post(path, &json!({"format": "docx"})).expect(200);
        let sample = docx_text(&sample.bytes);
        assert!(sample.contains("窗口咨询时间") && sample.contains("YXZF-2026-000012"), "{sample}");
        let real = office.user("officer").post(path, &json!({"format": "docx", "case_id": before.id})).expect(200);
        let real = docx_text(&real.bytes);
        assert!(real.contains("窗口咨询时间") && real.contains("请写明项目名称"), "{real}");
        // Published by the adviser and by nobody else; then it is used, and what was issued before stays as it is.
        office.user("officer").post("/api/v1/templates/D04/versions/1/publish", &json!({})).expect(403);
        office.user("clerk").post("/api/v1/templates/D04/versions", &json!({"text": "x", "note": "y"})).expect(403);
        let published = publish(&office, "D04", &json!(1)).expect(200);
        assert_eq!(published.json["status"], "in_force");
        let after = amended(&office);
        assert!(text(&after, "D04").contains("窗口咨询时间"));
        assert_eq!(instrument(&after, "D04")["template_version"], 1);
        assert!(!text(&before, "D04").contains("窗口咨询时间"));
        assert_eq!(instrument(&before, "D04")["template_version"], 0);
        // Another version takes its place.
        let second = write(&office, "legal", "D04", &text_now.replace("上午", "全天")).expect(201);
        assert_eq!(second.json["version"], 2);
        publish(&office, "D04", &json!(2)).expect(200);
        let view = office.user("officer").get("/api/v1/templates/D04").expect(200).json;
        assert_eq!(view["version"], 2);
        let states: Vec<_> = view["versions"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
        assert_eq!(states, ["in_force", "superseded"]);
        let log = office.user("admin").get("/api/v1/admin/log").expect(200);
        assert!(log.text.contains("template_published"));
    }

    fn what_the_law_wants_or_has_left_behind_is_refused_with_its_line(db) {
        let office = Office::open(db);
        for (code, old, new, line, reason) in [
            ("D04", "补正.事项", "补正.缺陷", true, "没有“缺陷”这一项"),
            ("D04", "{{ 收件人 }}", "{{ 收信人 }}", true, "没有“收信人”这个变量"),
            ("D04", "{{ 收件人 }}", "{{ 收件人|upper }}", true, "没有“upper”这个过滤器"),
            ("D04", "{{ 落款 }}", "", false, "没有使用变量“落款”"),
            ("D04", "{{ 收件人 }}", "{{ 收件人 }", true, "占位写法有误"),
            ("D04", "{{ 落款 }}", "{% for a in range(9999999) %}x{% endfor %}\n\n{{ 落款 }}", true, "函数"),
            ("D04", "{{ 落款 }}", "{% include \"别的模板\" %}\n\n{{ 落款 }}", true, "占位"),
            ("D04", "{{ 落款 }}", "<b>粗体</b>\n\n{{ 落款 }}", true, "HTML"),
            ("D04", "{{ 落款 }}", "本机关将在十五个工作日内答复。\n\n{{ 落款 }}", true, "二十个工作日"),
            ("D06", "{{ 延期.理由 }}", "工作需要", false, "延期.理由"),
            ("D23", "本机关决定不予公开", "可以在3个月内向人民法院提起诉讼", true, "六个月"),
            ("D28", "{{ 项.理由 }}", "略", false, "理由"),
            ("reply", "{{ 救济告知 }}", "", false, "救济告知"),
            ("reply", "{{ 落款 }}", "不服的，可以向上级主管部门申请行政复议。\n\n{{ 落款 }}", true, "本级人民政府"),
        ] {
            let draft = write(&office, "legal", code, &changed(&office, code, old, new)).expect(201);
            assert!(draft.json["faults"].as_array().is_some_and(|faults| !faults.is_empty()), "{code} {new}");
            let refused = publish(&office, code, &draft.json["version"]).expect(422);
            assert_eq!(refused.pointers()[0], "/text");
            assert!(refused.text.contains(reason), "{code} {new}: {}", refused.text);
            assert_eq!(refused.text.contains("第 "), line, "{code} {new}: {}", refused.text);
        }
        // The fifteen working days of Arts 32 and 34 are right, and so are the fifteen days after reconsideration.
        let asked = changed(&office, "D07", "{{ 落款 }}", "请在15个工作日内提出意见。\n\n{{ 落款 }}");
        let draft = write(&office, "legal", "D07", &asked).expect(201);
        publish(&office, "D07", &draft.json["version"]).expect(200);
    }

    fn every_template_of_the_program_can_be_published_as_it_is(db) {
        let office = Office::open(db);
        let list = office.user("legal").get("/api/v1/templates").expect(200).json;
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 44);
        for item in items {
            let code = item["code"].as_str().unwrap();
            let view = office.user("legal").get(&format!("/api/v1/templates/{code}")).expect(200).json;
            let draft = write(&office, "legal", code, view["text"].as_str().unwrap()).expect(201);
            assert_eq!(draft.json["faults"], Value::Null, "{code}");
            publish(&office, code, &draft.json["version"]).expect(200);
            let context = office.user("legal").get(&format!("/api/v1/templates/{code}/context")).expect(200).json;
            for variable in context["variables"].as_array().unwrap() {
                assert!(!variable["meaning"].as_str().unwrap().is_empty(), "{code}: {variable}");
            }
        }
    }
}
