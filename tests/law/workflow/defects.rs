//! What an application lacks (Arts 29, 30), what the review and the request to amend make of it, and how it goes away.

use gongkai::domain::case::defect::{Defect, DefectCode, FormalCheck, defect_reference, defects};
use gongkai::domain::case::submission::{Channel, StatedDescription};
use gongkai::domain::case::{Action, Submission};
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::CaseKind;
use serde_json::{Value, json};

use super::desk::{Desk, day, granted, person, submission};

const ON: &str = "2026-03-02";

/// A letter that lacks nothing.
fn letter() -> Submission {
    let mut letter = submission(CaseKind::Disclosure, Channel::InPerson, day(ON));
    letter.applicant_user_id = None;
    letter
}

/// The same with other words about the applicant.
fn from_whom(change: Value) -> Submission {
    let mut letter = letter();
    let mut applicant = serde_json::to_value(&letter.applicant).unwrap();
    for (field, value) in change.as_object().unwrap() {
        applicant[field] = value.clone();
    }
    letter.applicant = serde_json::from_value(applicant).unwrap();
    letter.applicant = letter.applicant.normalised();
    letter
}

fn found(letter: Submission) -> Vec<(&'static str, String)> {
    let desk = Desk::entered(letter);
    let defects = defects(desk.case.data());
    defects
        .into_iter()
        .map(|defect| (defect.code.code(), defect.field))
        .collect()
}

#[track_caller]
fn expect(letter: Submission, expected: &[(&'static str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, field)| (*code, (*field).to_owned()))
        .collect();
    assert_eq!(found(letter), expected);
}

#[test]
fn a_letter_that_states_everything_lacks_nothing() {
    expect(letter(), &[]);
    expect(from_whom(json!({"phone": null, "email": "c@example.cn"})), &[]);
    expect(from_whom(json!({"phone": null, "address": "南坡村12号"})), &[]);
    expect(from_whom(json!({"phone": "13800000000（晚上打）"})), &[]);
    let bodies = [
        // A village group, an owners' committee, a company of Hong Kong have no unified social credit code.
        json!({"kind": "other_organisation", "name": "南坡村第三村民小组",
               "id_document": {"kind": "resident_id", "number": "11010519491231002X"}}),
        json!({"kind": "other_organisation", "name": "康宁小区业主委员会",
               "id_document": {"kind": "other", "name": "业主委员会备案证明", "number": "澄住建备〔2024〕7号"}}),
        json!({"kind": "business", "name": "香港青禾贸易有限公司",
               "id_document": {"kind": "other", "name": "公司注册证明书", "number": "1234567"}}),
        json!({"id_document": {"kind": "other", "name": "香港居民身份证", "number": "A123456(3)"}}),
        json!({"id_document": {"kind": "other", "name": "军官证", "number": "南字第1234567号"}}),
        json!({"id_document": {"kind": "other", "name": "户口簿"}}),
        json!({"id_document": {"kind": "hk_macao_permit", "number": "HA1234567"}}),
    ];
    for applicant in bodies {
        expect(from_whom(applicant), &[]);
    }
}

#[test]
fn each_element_of_article_29_that_is_missing_or_wrong_is_named() {
    let nobody = json!({"kind": null, "name": null, "id_document": null, "phone": null});
    expect(
        from_whom(nobody),
        &[
            ("name_missing", "/applicant/name"),
            ("id_missing", "/applicant/id_document"),
            ("contact_missing", "/applicant/phone"),
            ("kind_missing", "/applicant/kind"),
        ],
    );
    let number = |kind: &str, number: &str| from_whom(json!({"id_document": {"kind": kind, "number": number}}));
    let wrong = ("id_number_check", "/applicant/id_document/number");
    expect(number("resident_id", "110105194912310021"), &[wrong]);
    expect(number("resident_id", "1101051949123100"), &[wrong]);
    // Born after the letter arrived.
    expect(number("resident_id", "110105202603030016"), &[wrong]);
    expect(number("passport", "不清楚"), &[wrong]);
    expect(number("hk_macao_permit", "HB1234567"), &[wrong]);
    expect(
        number("resident_id", "  "),
        &[("id_missing", "/applicant/id_document/number")],
    );
    let unnamed = from_whom(json!({"id_document": {"kind": "other"}}));
    expect(unnamed, &[("id_missing", "/applicant/id_document/number")]);
    // A credit code does not identify a person.
    expect(
        number("uscc", "91350100M000100Y43"),
        &[("id_missing", "/applicant/id_document/kind")],
    );
    for phone in ["不详", "1234"] {
        expect(
            from_whom(json!({"phone": phone})),
            &[("contact_missing", "/applicant/phone")],
        );
    }
    let mut by_mail = letter();
    by_mail.route = serde_json::from_value(json!("mail")).unwrap();
    expect(by_mail, &[("contact_missing", "/applicant/address")]);
    let mut unclear = letter();
    (unclear.form, unclear.route, unclear.description) = (None, None, None);
    unclear.document_ids = vec!["doc-1".to_owned()];
    expect(
        unclear,
        &[
            ("content_missing", "/description"),
            ("form_missing", "/form"),
            ("route_missing", "/route"),
        ],
    );
}

#[test]
fn agents_guardians_and_co_applicants_have_their_own() {
    let document = json!({"kind": "resident_id", "number": "440524188001010014"});
    let agent = |agent: Value| from_whom(json!({ "agent": agent }));
    expect(
        agent(json!({"name": "赵律师", "id_document": document})),
        &[("authorisation_missing", "/applicant/agent/authorisation_document_id")],
    );
    expect(
        agent(json!({"authorisation_document_id": "0192f3a1-0000-7000-8000-00000000000a"})),
        &[
            ("name_missing", "/applicant/agent/name"),
            ("id_missing", "/applicant/agent/id_document"),
        ],
    );
    // A guardian acts by law and shows no authorisation; his telephone is a way to reach the applicant.
    let guardian = json!({"name": "陈母", "relation": "母亲", "phone": "13900000000"});
    expect(from_whom(json!({"guardian": guardian, "phone": null})), &[]);
    let guardian = json!({"relation": "母亲", "id_document": {"kind": "resident_id", "number": "1"}});
    expect(
        from_whom(json!({ "guardian": guardian })),
        &[
            ("name_missing", "/applicant/guardian/name"),
            ("id_number_check", "/applicant/guardian/id_document/number"),
        ],
    );
    // Of many who lack the same one defect is told.
    let villager = |lacks: bool| json!({"name": "村民", "id_document": (!lacks).then_some(&document)});
    let others: Vec<Value> = (0..59).map(|index| villager(index % 2 == 0)).collect();
    let letter = from_whom(json!({ "co_applicants": others }));
    let desk = Desk::entered(letter);
    let [defect] = defects(desk.case.data()).try_into().unwrap();
    assert_eq!(
        (defect.code, defect.field.as_str()),
        (DefectCode::IdMissing, "/applicant/co_applicants")
    );
    assert_eq!(
        defect.zh,
        "第 1、3、5、7、9、11、13、15、17、19 等共 30 位共同申请人未提供身份证明（证件种类和号码），请补充或者更正。"
    );
    expect(
        from_whom(json!({"co_applicants": [villager(false), {"name": null, "id_document": document}]})),
        &[("name_missing", "/applicant/co_applicants/1/name")],
    );
    let wrong = json!({"name": "甲", "id_document": {"kind": "passport", "number": "1"}});
    expect(
        from_whom(json!({ "co_applicants": [wrong] })),
        &[("id_number_check", "/applicant/co_applicants/0/id_document/number")],
    );
}

#[test]
fn a_private_use_character_is_kept_and_told_with_its_place() {
    let mut letter = from_whom(
        json!({"name": "高\u{E863}方\u{F8F0}", "co_applicants": [{"name": "\u{F0001}", "id_document": null}]}),
    );
    letter.applicant.co_applicants[0].id_document = letter.applicant.id_document.clone();
    letter.description =
        serde_json::from_value(json!({"title": "补偿方案", "features": "一\u{E000}二\u{E001}"})).unwrap();
    let desk = Desk::entered(letter);
    let told: Vec<_> = defects(desk.case.data())
        .into_iter()
        .map(|defect| {
            assert_eq!(defect.code, DefectCode::PrivateUseCharacter);
            assert_eq!(defect.failed_check(), None, "no element is missing");
            (defect.field, defect.position)
        })
        .collect();
    let place = |field: &str, position: usize| (field.to_owned(), Some(position));
    assert_eq!(
        told,
        [
            // The second has a standard character since (GB 18030) and is read as that.
            place("/applicant/name", 3),
            place("/description/features", 1),
            place("/description/features", 3),
            place("/applicant/co_applicants/0/name", 0),
        ]
    );
    let mut many = submission(CaseKind::Disclosure, Channel::InPerson, day(ON));
    many.accessibility_needs = Some("\u{E000}".repeat(400));
    assert_eq!(found(many).len(), 20);
}

/// The agency finds out the kind by itself; a correction of one's own record stands in no column.
#[test]
fn the_kind_is_needed_before_the_reply_and_never_asked_of_the_applicant() {
    let entered = |kind: CaseKind| {
        let mut letter = from_whom(json!({"kind": null}));
        letter.kind = kind;
        Desk::entered(letter)
    };
    let mut desk = entered(CaseKind::Disclosure);
    let spot = json!({"action": "reply_on_the_spot", "received_on": ON, "explanation": "已公开", "where": "门户网站"});
    assert_eq!(desk.refused(Role::Officer, spot).code, "kind_missing");
    desk.plainly(Role::Clerk, Action::ConfirmReceipt).review();
    assert_eq!(suggested(&desk, Action::RequestAmendment), None);
    desk.draft(json!([granted()])).act(
        Role::Secrecy,
        json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}]}),
    );
    let refusal = desk.refused(Role::Officer, json!({"action": "submit_for_approval"}));
    assert_eq!(
        (refusal.code, refusal.article),
        ("kind_missing", Some("《条例》第五十条"))
    );
    let mut applicant = serde_json::to_value(&desk.case.data().submission.applicant).unwrap();
    applicant["kind"] = json!("natural_person");
    correct(&mut desk, "applicant", applicant);
    desk.act(Role::Officer, json!({"action": "submit_for_approval"}));

    let desk = entered(CaseKind::Correction);
    assert_eq!(defects(desk.case.data()), []);
}

fn correct(desk: &mut Desk, field: &str, value: Value) {
    desk.act(
        Role::Officer,
        json!({"action": "correct_fact", "seq": 1, "field": field, "value": value, "reason": "据扫描件录入"}),
    )
    .act(Role::Approver, json!({"action": "confirm_correction", "seq": 1}));
}

fn suggested(desk: &Desk, action: Action) -> Option<Value> {
    let options = desk.case.options(&person(Role::Officer, 0), &desk.ctx());
    let option = options.into_iter().find(|option| option.action == action);
    option.unwrap_or_else(|| panic!("no {action:?}")).suggested
}

#[test]
fn the_review_and_the_request_to_amend_are_filled_in_and_can_be_sent_as_they_are() {
    let mut letter =
        from_whom(json!({"id_document": {"kind": "resident_id", "number": "110105194912310021"}, "phone": null}));
    letter.form = None;
    let mut desk = Desk::entered(letter);
    desk.plainly(Role::Clerk, Action::ConfirmReceipt);
    let checks = json!({"name": true, "contact": false, "content": true, "form": false, "identity": false});
    assert_eq!(
        suggested(&desk, Action::ReviewFormally),
        Some(json!({ "checks": checks }))
    );
    let mut request = suggested(&desk, Action::RequestAmendment).unwrap();
    assert_eq!(request["notified_on"], ON);
    let texts: Vec<&str> = request["defects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect();
    assert_eq!(texts.len(), 3);
    assert!(
        texts[0].starts_with("申请人的居民身份证号码有误：校验码不符"),
        "{texts:?}"
    );
    assert!(texts[1].starts_with("未提供有效的联系方式"), "{texts:?}");
    assert!(texts[2].starts_with("未写明获取信息的方式"), "{texts:?}");
    request["action"] = json!("request_amendment");
    desk.act(Role::Officer, request);
    assert_eq!(suggested(&desk, Action::RequestAmendment), None, "asked once");

    let in_order = json!({"checks": {"name": true, "contact": true, "content": true, "form": true, "identity": true}});
    let desk = Desk::registered(ON);
    assert_eq!(suggested(&desk, Action::ReviewFormally), Some(in_order));
    assert_eq!(suggested(&desk, Action::RequestAmendment), None);
    assert_eq!(suggested(&desk, Action::Take), None);
}

#[test]
fn what_an_amendment_or_a_correction_supplies_is_missing_no_more() {
    let mut letter = from_whom(json!({"id_document": null}));
    (letter.description, letter.form, letter.route) = (None, None, None);
    letter.document_ids = vec!["doc-1".to_owned()];
    let mut desk = Desk::entered(letter);
    desk.plainly(Role::Clerk, Action::ConfirmReceipt);
    let codes = |desk: &Desk| -> Vec<&str> {
        defects(desk.case.data())
            .iter()
            .map(|defect| defect.code.code())
            .collect()
    };
    assert_eq!(
        codes(&desk),
        ["id_missing", "content_missing", "form_missing", "route_missing"]
    );
    assert_eq!(desk.case.data().title(), "见扫描件");
    desk.act(
        Role::Officer,
        json!({"action": "request_amendment", "notified_on": ON, "defects": ["请补充"]}),
    );
    let described = json!({"title": "补偿方案", "features": "2025年"});
    desk.act(
        Role::Clerk,
        json!({"action": "receive_amendment", "received_on": ON, "description": described}),
    );
    assert_eq!(codes(&desk), ["id_missing", "form_missing", "route_missing"]);
    assert_eq!(desk.case.data().title(), "补偿方案");
    correct(&mut desk, "form", json!("paper"));
    correct(&mut desk, "route", json!("pickup"));
    let mut applicant = serde_json::to_value(&desk.case.data().submission.applicant).unwrap();
    applicant["id_document"] = json!({"kind": "passport", "number": "EA1234567"});
    correct(&mut desk, "applicant", applicant);
    assert_eq!(codes(&desk), [""; 0]);
}

/// What came through the form online is held to it whenever its record is corrected; a letter is not.
#[test]
fn a_correction_is_held_to_what_was_asked_when_it_was_entered() {
    let proposal = |field: &str, value: Value| json!({"action": "correct_fact", "seq": 1, "field": field, "value": value, "reason": "录错"});
    let nobody = json!({"kind": null, "name": "陈明远"});
    let mut letter = Desk::entered(letter());
    letter.act(Role::Officer, proposal("applicant", nobody.clone()));
    letter.act(Role::Approver, json!({"action": "confirm_correction", "seq": 1}));
    assert_eq!(
        letter.wrong(Role::Officer, proposal("description", Value::Null)),
        ["/value"]
    );
    assert_eq!(
        letter.wrong(Role::Officer, proposal("form", json!("smoke"))),
        ["/value"]
    );
    let too_long = json!({"name": "长".repeat(101)});
    assert_eq!(
        letter.wrong(Role::Officer, proposal("applicant", too_long)),
        ["/value/name"]
    );
    let agent = json!({"name": "赵", "agent": {"authorisation_document_id": "0192f3a1-0000-7000-8000-00000000000a"}});
    let unknown = letter.wrong(Role::Officer, proposal("applicant", agent));
    assert_eq!(unknown, ["/value/agent/authorisation_document_id"]);
    let mut online = Desk::submitted(Channel::Online, ON);
    let wrong = online.wrong(Role::Officer, proposal("applicant", nobody));
    assert_eq!(wrong, ["/value/kind", "/value/id_document", "/value/phone"]);
    assert_eq!(online.wrong(Role::Officer, proposal("route", Value::Null)), ["/value"]);
    assert_eq!(
        online.wrong(Role::Officer, proposal("route", json!("mail"))),
        ["/value"]
    );
}

#[test]
fn a_description_is_kept_as_far_as_it_is_stated() {
    let read = |value: Value| {
        serde_json::from_value::<StatedDescription>(value)
            .unwrap()
            .description()
    };
    let kept = |value: Value| read(value).map(|kept| (kept.title, kept.document_number, kept.features));
    let words = |title: &str, number: Option<&str>, features: &str| {
        Some((title.to_owned(), number.map(str::to_owned), features.to_owned()))
    };
    assert_eq!(kept(json!({})), None);
    assert_eq!(kept(json!({"title": " ", "features": "\n"})), None);
    assert_eq!(kept(json!({"title": "方案"})), words("方案", None, ""));
    assert_eq!(
        kept(json!({"document_number": "澄政发〔2025〕8号"})),
        words("澄政发〔2025〕8号", Some("澄政发〔2025〕8号"), "")
    );
    assert_eq!(
        kept(json!({"features": "修路的文件\n占了我家的地"})),
        words("修路的文件", None, "修路的文件\n占了我家的地")
    );
    let long = "长".repeat(4000);
    assert_eq!(kept(json!({"features": long})), words(&"长".repeat(60), None, &long));
}

#[test]
fn the_reference_names_every_code_with_its_article() {
    let listed = defect_reference();
    let codes: Vec<&str> = listed.iter().map(|one| one.code.code()).collect();
    assert_eq!(
        codes,
        [
            "name_missing",
            "id_missing",
            "id_number_check",
            "contact_missing",
            "authorisation_missing",
            "content_missing",
            "form_missing",
            "route_missing",
            "kind_missing",
            "private_use_character"
        ]
    );
    for one in &listed {
        let element = one.article.contains("第二十九条") || one.code == DefectCode::KindMissing;
        assert!(element, "{}", one.article);
        assert_eq!(one.article.contains("第三十条"), one.check.is_some(), "{}", one.article);
    }
    let by = |check: FormalCheck| listed.iter().any(|one| one.check == Some(check));
    assert!(FormalCheck::ALL.iter().all(|check| by(*check)));
}

/// A doubt about a number is for the agency to look at; it is not put to the applicant.
#[test]
fn a_series_of_permits_to_come_is_a_doubt() {
    let letter = from_whom(json!({"id_document": {"kind": "hk_macao_permit", "number": "HB1234567"}}));
    let mut desk = Desk::entered(letter);
    desk.plainly(Role::Clerk, Action::ConfirmReceipt);
    let told: Vec<Defect> = defects(desk.case.data());
    assert_eq!(told.len(), 1);
    assert!(told[0].zh.contains("尚未收录的系列"), "{}", told[0].zh);
    assert_eq!(
        suggested(&desk, Action::ReviewFormally).unwrap()["checks"]["identity"],
        true
    );
    assert_eq!(suggested(&desk, Action::RequestAmendment), None);
}
