//! What each outcome must say, one row a rule (Arts 36–41).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Value, json};

use gongkai::domain::reply::*;

fn known() -> ItemReferences<'static> {
    ItemReferences {
        consultations: BTreeSet::from(["c1"]),
        searched_assignments: BTreeSet::from(["a1"]),
        answered: BTreeSet::from(["n1"]),
        documents: BTreeSet::from(["d1", "d2"]),
    }
}

fn item(outcome: &str, fields: Value) -> ReplyItem {
    let mut value = json!({"description": "征收补偿方案", "outcome": outcome});
    value
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    serde_json::from_value(value).unwrap()
}

fn pointers(kind: CaseKind, items: &[ReplyItem], principal: Option<usize>) -> Vec<String> {
    check_items(kind, items, principal, &known())
        .into_iter()
        .map(|error| error.pointer)
        .collect()
}

#[test]
fn each_outcome_names_what_is_missing() {
    let full = json!({"article": "第十四条", "explanation": "理由"});
    let table: Vec<(&str, Value, &[&str])> = vec![
        ("granted", json!({}), &["where"]),
        ("granted", json!({"where": " "}), &["where"]),
        ("granted", json!({"where": "https://www.example.gov.cn/a"}), &[]),
        ("granted", json!({"document_ids": ["d1"]}), &[]),
        (
            "granted",
            json!({"document_ids": ["d1"], "cause": "already_public"}),
            &["where"],
        ),
        ("granted", json!({"cause": "already_public"}), &["where"]),
        (
            "granted",
            json!({"document_ids": ["d1", "dx", "d1"]}),
            &["document_ids/1", "document_ids/2"],
        ),
        (
            "granted",
            json!({"where": "档案馆", "cause": "not_existing"}),
            &["cause", "assignment_id"],
        ),
        ("partly_granted", json!({}), &["outcome"]),
        ("state_secret", json!({}), &["article", "explanation"]),
        ("state_secret", full.clone(), &[]),
        ("other_law_forbids", full.clone(), &["law"]),
        ("safety_stability", full.clone(), &[]),
        ("third_party_rights", full.clone(), &["consultation_id"]),
        (
            "third_party_rights",
            json!({"article": "第十五条", "explanation": "不同意", "consultation_id": "c2"}),
            &["consultation_id"],
        ),
        (
            "third_party_rights",
            json!({"article": "第十五条", "explanation": "不同意", "consultation_id": "c1"}),
            &[],
        ),
        ("internal_affairs", json!({"article": "第十六条"}), &["explanation"]),
        ("process_information", json!({"explanation": "过程稿"}), &["article"]),
        ("enforcement_file", full.clone(), &[]),
        ("administrative_query", json!({}), &["explanation"]),
        (
            "administrative_query",
            json!({"explanation": "依照不动产登记资料查询办法"}),
            &[],
        ),
        ("not_held", json!({}), &["cause", "explanation"]),
        (
            "not_held",
            json!({"cause": "not_existing", "explanation": "经检索没有"}),
            &["assignment_id"],
        ),
        (
            "not_held",
            json!({"cause": "not_existing", "explanation": "经检索没有", "assignment_id": "a2"}),
            &["assignment_id"],
        ),
        (
            "not_held",
            json!({"cause": "not_existing", "explanation": "经检索没有", "assignment_id": "a1"}),
            &[],
        ),
        (
            "not_held",
            json!({"cause": "not_our_agency", "explanation": "非本机关"}),
            &[],
        ),
        (
            "not_held",
            json!({"cause": "not_our_agency", "explanation": "非本机关", "competent_agency": {"name": ""}}),
            &["competent_agency/name"],
        ),
        ("needs_creation", json!({}), &["explanation"]),
        ("still_unclear", json!({}), &["explanation"]),
        ("petition_complaint", json!({}), &["explanation"]),
        ("repeated", json!({}), &["earlier_number"]),
        ("repeated", json!({"earlier_number": "n1"}), &[]),
        (
            "repeated",
            json!({"earlier_number": "〔2025〕3号"}),
            &["earlier_number"],
        ),
        (
            "repeated",
            json!({"earlier_number": "〔2025〕3号", "earlier_on_paper": true}),
            &[],
        ),
        ("repeated", json!({"earlier_on_paper": true}), &["earlier_number"]),
        (
            "publication",
            json!({"explanation": "公开出版", "earlier_on_paper": true}),
            &["earlier_on_paper"],
        ),
        ("publication", json!({}), &["explanation"]),
        ("excessive_unjustified", json!({}), &["explanation"]),
        ("reconfirmation", json!({}), &["explanation"]),
        ("amendment_lapsed", json!({}), &["outcome"]),
        ("fee_lapsed", json!({}), &["outcome"]),
        ("other", json!({}), &["explanation"]),
        (
            "other",
            json!({"explanation": "不属于政府信息", "cause": "not_government_information"}),
            &[],
        ),
        (
            "other",
            json!({"explanation": "撤回", "cause": "withdrawn"}),
            &["cause"],
        ),
        ("corrected", json!({"explanation": "已更正"}), &["outcome"]),
    ];
    for (outcome, fields, expected) in table {
        let expected: Vec<_> = expected.iter().map(|field| format!("/items/0/{field}")).collect();
        let got = pointers(CaseKind::Disclosure, &[item(outcome, fields.clone())], None);
        assert_eq!(got, expected, "{outcome} {fields}");
    }
}

#[test]
fn a_correction_is_checked_against_its_own_outcomes() {
    for outcome in ["corrected", "not_corrected", "transferred", "transfer_told"] {
        assert_eq!(
            pointers(CaseKind::Correction, &[item(outcome, json!({}))], None),
            ["/items/0/explanation"]
        );
        let told = item(outcome, json!({"explanation": "经核实"}));
        assert_eq!(pointers(CaseKind::Correction, &[told], None), [""; 0]);
    }
    let granted = item("granted", json!({"where": "网站"}));
    assert_eq!(pointers(CaseKind::Correction, &[granted], None), ["/items/0/outcome"]);
}

#[test]
fn a_redacted_document_is_two_items() {
    let granted = item("granted", json!({"document_ids": ["d1"]}));
    let withheld = item(
        "third_party_rights",
        json!({"article": "第十五条", "explanation": "个人隐私", "consultation_id": "c1", "document_ids": ["d1"]}),
    );
    let items = [granted, withheld];
    assert_eq!(pointers(CaseKind::Disclosure, &items, None), [""; 0]);
    assert_eq!(
        case_outcome(CaseKind::Disclosure, &items, None),
        Ok((Outcome::PartlyGranted, None))
    );
}

#[test]
fn the_principal_is_named_where_it_is_needed() {
    let granted = item("granted", json!({"where": "网站"}));
    let unclear = item("still_unclear", json!({"explanation": "仍不明确"}));
    let items = [granted, unclear];
    assert_eq!(pointers(CaseKind::Disclosure, &items, None), ["/principal"]);
    assert_eq!(pointers(CaseKind::Disclosure, &items, Some(2)), ["/principal"]);
    assert_eq!(pointers(CaseKind::Disclosure, &items, Some(1)), [""; 0]);
    assert_eq!(pointers(CaseKind::Disclosure, &[], None), ["/items"]);
}

#[test]
fn texts_and_numbers_have_limits() {
    let mut long = item("granted", json!({"where": "网站", "ground": "a\u{0}"}));
    long.description = "长".repeat(2_001);
    assert_eq!(
        pointers(CaseKind::Disclosure, &[long], None),
        ["/items/0/description", "/items/0/ground"]
    );
    let many = vec![item("granted", json!({"where": "网站"})); 201];
    assert_eq!(pointers(CaseKind::Disclosure, &many, None), ["/items"]);
}

#[test]
fn unknown_fields_are_refused_and_what_is_absent_stays_absent() {
    let unknown = json!({"description": "x", "outcome": "granted", "reason": "y"});
    assert!(serde_json::from_value::<ReplyItem>(unknown).is_err());
    let plain = json!({"description": "x", "outcome": "granted", "where": "网站"});
    let item: ReplyItem = serde_json::from_value(plain.clone()).unwrap();
    assert_eq!(serde_json::to_value(item).unwrap(), plain);
}

#[test]
fn an_item_of_a_reply_always_decides_something() {
    let on = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    assert_eq!(item("other", json!({})).remedy_class(on), RemedyClass::R2);
    assert_eq!(item("enforcement_file", json!({})).remedy_class(on), RemedyClass::R1);
}
