//! Tables of applicants that Article 29 accepts and that it does not.

use chrono::NaiveDate;
use serde_json::{Value, json};

use gongkai::domain::people::party::*;
use gongkai::domain::people::profile::ApplicantProfile;

fn today() -> NaiveDate {
    "2026-03-02".parse().unwrap()
}

fn person() -> Value {
    json!({
        "kind": "natural_person", "name": "陈明远", "phone": "13800000000",
        "id_document": {"kind": "resident_id", "number": "11010519491231002X"},
    })
}

fn company() -> Value {
    json!({
        "kind": "business", "name": "云溪某某有限公司", "email": "office@example.cn",
        "id_document": {"kind": "uscc", "number": "91350100M000100Y43"},
    })
}

fn with(mut value: Value, field: &str, to: Value) -> Value {
    value[field] = to;
    value
}

fn without(mut value: Value, field: &str) -> Value {
    value.as_object_mut().unwrap().remove(field);
    value
}

fn read(value: Value) -> Applicant {
    serde_json::from_value(value).unwrap()
}

fn pointers(value: Value, mail_route: bool) -> Vec<String> {
    let errors = read(value).check("/applicant", mail_route, today());
    errors.into_iter().map(|e| e.pointer).collect()
}

#[test]
fn acceptable_applicants_have_no_errors() {
    for good in [
        person(),
        company(),
        with(company(), "legal_representative", json!("王立")),
        with(
            without(person(), "phone"),
            "email",
            json!("chen.mingyuan+foi@mail.example.cn"),
        ),
        with(without(person(), "phone"), "address", json!("云溪县城关镇人民路1号")),
        with(person(), "phone", json!("+86 (0513) 8123-4567")),
        with(
            person(),
            "co_applicants",
            json!([{"name": "李静", "id_document": {"kind": "passport", "number": "EA1234567"}}]),
        ),
        with(
            person(),
            "agent",
            json!({
                "name": "赵律师", "id_document": {"kind": "resident_id", "number": "440524188001010014"},
                "authorisation_document_id": "0192f3a1-0000-7000-8000-00000000000a",
            }),
        ),
    ] {
        assert_eq!(pointers(good.clone(), false), [""; 0], "{good}");
    }
}

#[test]
fn each_impossible_field_is_named() {
    let long = "长".repeat(101);
    for (bad, mail, expected) in [
        (with(person(), "name", json!("  ")), false, "/applicant/name"),
        (with(person(), "name", json!(long)), false, "/applicant/name"),
        (with(person(), "name", json!("陈\u{0}")), false, "/applicant/name"),
        (
            with(person(), "contact_name", json!("")),
            false,
            "/applicant/contact_name",
        ),
        (without(person(), "phone"), false, "/applicant/phone"),
        (with(person(), "phone", json!("一三八")), false, "/applicant/phone"),
        (with(person(), "phone", json!("1234")), false, "/applicant/phone"),
        (
            with(person(), "phone", json!("1380000000013800000000")),
            false,
            "/applicant/phone",
        ),
        (with(person(), "email", json!("chen")), false, "/applicant/email"),
        (
            with(person(), "email", json!("a@b\r\nBcc: c@d.cn")),
            false,
            "/applicant/email",
        ),
        (with(person(), "email", json!("a@-b.cn")), false, "/applicant/email"),
        (person(), true, "/applicant/address"),
        (
            with(person(), "kind", json!("research")),
            false,
            "/applicant/id_document/kind",
        ),
        (
            with(company(), "kind", json!("natural_person")),
            false,
            "/applicant/id_document/kind",
        ),
        (
            with(
                person(),
                "id_document",
                json!({"kind": "resident_id", "number": "110105194912310021"}),
            ),
            false,
            "/applicant/id_document/number",
        ),
        (
            with(
                person(),
                "co_applicants",
                json!([{"name": "陈明远", "id_document": {"kind": "resident_id", "number": "11010519491231002x"}}]),
            ),
            false,
            "/applicant/co_applicants/0/id_document",
        ),
        (
            with(
                person(),
                "agent",
                json!({
                    "name": "", "id_document": {"kind": "passport", "number": "EA1234567"},
                    "authorisation_document_id": "0192f3a1-0000-7000-8000-00000000000a",
                }),
            ),
            false,
            "/applicant/agent/name",
        ),
    ] {
        assert_eq!(pointers(bad.clone(), mail), [expected], "{bad}");
    }
}

#[test]
fn unknown_and_missing_fields_are_refused_when_read() {
    for (bad, only_online) in [
        (with(person(), "purpose", json!("科研")), false),
        (without(person(), "kind"), true),
        (without(person(), "name"), true),
        (without(person(), "id_document"), true),
        (with(person(), "kind", json!(null)), true),
        (
            with(person(), "guardian", json!({"name": "陈母", "relation": "母亲"})),
            true,
        ),
        (with(person(), "kind", json!("martian")), false),
        (with(person(), "name", json!(["陈明远"])), false),
        (
            with(
                person(),
                "id_document",
                json!({"kind": "resident_id", "number": "1", "copy": true}),
            ),
            false,
        ),
    ] {
        assert!(
            serde_json::from_value::<ApplicantProfile>(bad.clone()).is_err(),
            "{bad}"
        );
        assert_eq!(
            serde_json::from_value::<Applicant>(bad.clone()).is_ok(),
            only_online,
            "{bad}"
        );
    }
}

/// What is wrong or missing is told online, and kept of a letter.
#[test]
fn what_a_letter_leaves_out_or_has_wrong_is_kept() {
    let agent = json!({"name": "赵律师", "id_document": null});
    for stated in [
        json!({}),
        without(person(), "name"),
        with(person(), "name", json!("  ")),
        without(person(), "id_document"),
        with(
            person(),
            "id_document",
            json!({"kind": "resident_id", "number": "11010519491231002"}),
        ),
        with(person(), "id_document", json!({"kind": "other", "name": "户口簿"})),
        with(person(), "phone", json!("不详")),
        with(person(), "email", json!("chen")),
        without(person(), "phone"),
        with(person(), "kind", json!("other_organisation")),
        with(company(), "kind", json!("natural_person")),
        with(person(), "agent", agent),
        with(
            person(),
            "co_applicants",
            json!([{"name": "陈明远", "id_document": person()["id_document"]}]),
        ),
    ] {
        let applicant = read(stated.clone());
        assert_eq!(applicant.check_stated("/applicant"), [], "{stated}");
        assert_ne!(applicant.check("/applicant", false, today()), [], "{stated}");
    }
}

#[test]
fn what_cannot_be_kept_is_named() {
    let long = |count: usize| json!("长".repeat(count));
    let guardian = json!({"name": "王", "relation": long(51), "phone": long(31)});
    let many = json!(vec![json!({"name": "村民", "id_document": null}); 1000]);
    for (bad, expected) in [
        (with(person(), "name", long(101)), vec!["/applicant/name"]),
        (with(person(), "name", json!("陈\u{0}")), vec!["/applicant/name"]),
        (
            with(person(), "email", json!("a@b\r\nBcc: c@d.cn")),
            vec!["/applicant/email"],
        ),
        (with(person(), "address", long(301)), vec!["/applicant/address"]),
        (
            with(
                person(),
                "id_document",
                json!({"kind": "other", "name": long(101), "number": long(41)}),
            ),
            vec!["/applicant/id_document/number", "/applicant/id_document/name"],
        ),
        (
            with(person(), "agent", json!({"name": long(101)})),
            vec!["/applicant/agent/name"],
        ),
        (
            with(person(), "guardian", guardian),
            vec!["/applicant/guardian/phone", "/applicant/guardian/relation"],
        ),
        (with(person(), "co_applicants", many), vec!["/applicant/co_applicants"]),
        (
            with(person(), "co_applicants", json!([{"name": "甲"}, {"name": long(101)}])),
            vec!["/applicant/co_applicants/1/name"],
        ),
    ] {
        let errors = read(bad).check_stated("/applicant");
        let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, expected);
    }
    let most = json!(vec![json!({"name": "村民"}); 999]);
    assert_eq!(
        read(with(person(), "co_applicants", most)).check_stated("/applicant"),
        []
    );
}

#[test]
fn what_is_blank_is_not_stated() {
    let stated = json!({
        "kind": null, "name": "  ", "id_document": {"kind": "resident_id", "number": " - "}, "phone": "", "address": " 村 ",
        "guardian": {"name": " 陈母 ", "relation": ""}, "agent": {"name": "", "phone": " "}, "co_applicants": [{"name": " "}],
    });
    let kept = read(stated).normalised();
    assert_eq!(
        (kept.kind, &kept.name, &kept.phone, kept.address.as_deref()),
        (None, &None, &None, Some("村"))
    );
    assert_eq!(kept.id_document.as_ref().unwrap().number, None);
    assert_eq!(kept.guardian.as_ref().unwrap().name.as_deref(), Some("陈母"));
    assert_eq!(kept.guardian.as_ref().unwrap().relation, None);
    assert_eq!(kept.agent.as_ref().unwrap().name, None);
    assert_eq!(kept.co_applicants[0].name, None);
    assert_eq!(kept.counted_as(), ApplicantKind::OtherOrganisation);
    assert!(!kept.same_person(&kept), "nobody is known by nothing");
}

/// Entries of logs and profiles before the letter could leave something out read and write as they did.
#[test]
fn what_was_stored_reads_and_writes_the_same() {
    let agent = json!({
        "name": "赵律师", "id_document": {"kind": "resident_id", "number": "440524188001010014"}, "phone": "13900001111",
        "authorisation_document_id": "0192f3a1-0000-7000-8000-00000000000a",
    });
    let others = json!([{"name": "李静", "id_document": {"kind": "passport", "number": "EA1234567"}}]);
    for stored in [
        person(),
        company(),
        with(person(), "agent", agent),
        with(company(), "legal_representative", json!("王立")),
        with(person(), "co_applicants", others),
    ] {
        assert_eq!(serde_json::to_value(read(stored.clone())).unwrap(), stored);
    }
}

#[test]
fn of_many_co_applicants_the_first_are_shown_with_their_number() {
    let many = json!(vec![json!({"name": "村民"}); 60]);
    let view = read(with(person(), "co_applicants", many)).view(Mask::ContactClear);
    assert_eq!((view.co_applicants.len(), view.co_applicant_count), (20, 60));
}

#[test]
fn same_person_ignores_spelling_of_the_number() {
    let typed = with(
        with(person(), "name", json!("陈 明远")),
        "id_document",
        json!({"kind": "resident_id", "number": " 11010519491231002x"}),
    );
    assert!(read(person()).same_person(&read(typed.clone())));
    assert!(!read(person()).same_person(&read(company())));
    assert_eq!(
        read(typed).normalised().id_document.unwrap().number.unwrap(),
        "11010519491231002X"
    );
}

#[test]
fn views_mask_by_reader() {
    let value = with(
        with(
            with(person(), "email", json!("chen@example.cn")),
            "address",
            json!("云溪县城关镇人民路1号3幢201室"),
        ),
        "agent",
        json!({
            "name": "赵律师", "id_document": {"kind": "resident_id", "number": "440524188001010014"}, "phone": "13900001111",
            "authorisation_document_id": "0192f3a1-0000-7000-8000-00000000000a",
        }),
    );
    let applicant = read(value);
    let masked = serde_json::to_value(applicant.view(Mask::ContactMasked)).unwrap();
    assert_eq!(masked["id_document"]["number"], "1101**********002X");
    assert_eq!(masked["phone"], "138******00");
    assert_eq!(masked["email"], "c***@example.cn");
    assert_eq!(masked["address"], "云溪县城关****");
    assert_eq!(masked["agent"]["phone"], "139******11");
    assert_eq!(masked["agent"]["id_document"]["number"], "4405**********0014");
    assert_eq!(masked["kind_label"], "自然人");
    let clear = serde_json::to_value(applicant.view(Mask::ContactClear)).unwrap();
    assert_eq!(clear["id_document"]["number"], "1101**********002X");
    assert_eq!(clear["phone"], "13800000000");
    assert_eq!(clear["address"], "云溪县城关镇人民路1号3幢201室");
}

#[test]
fn third_parties_are_checked_and_masked() {
    let party: Party = serde_json::from_value(json!({"name": "某公司", "phone": "051381234567"})).unwrap();
    assert_eq!(party.check("/party"), []);
    assert_eq!(party.view(Mask::ContactMasked).phone.as_deref(), Some("051*******67"));
    let party: Party = serde_json::from_value(json!({"name": "", "phone": "x", "address": " "})).unwrap();
    let at: Vec<String> = party.check("/party").into_iter().map(|e| e.pointer).collect();
    assert_eq!(at, ["/party/name", "/party/address", "/party/phone"]);
}

#[test]
fn codes_are_the_json_words_and_the_report_columns() {
    let codes: Vec<&str> = ApplicantKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(
        codes,
        [
            "natural_person",
            "business",
            "research",
            "public_benefit",
            "legal_service",
            "other_organisation"
        ]
    );
    for kind in ApplicantKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
}
