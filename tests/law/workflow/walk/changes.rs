//! What changes after the application was sent is a fact of its own day.

use gongkai::domain::case::defect::{DefectCode, defects};
use gongkai::domain::case::{Action, State, Who};
use gongkai::domain::people::access::Role;
use gongkai::domain::people::party::ApplicantKind;
use serde_json::{Value, json};

use crate::workflow::desk::{Desk, day, granted, person};

fn names(desk: &Desk) -> Vec<String> {
    let people = desk.case.data().people();
    people.map(|person| person.name.unwrap_or("-").to_owned()).collect()
}

fn received() -> Desk {
    let mut desk = Desk::registered("2026-11-02");
    desk.excuse_late_entries = true;
    desk
}

fn add(name: &str) -> Value {
    json!({"action": "add_party", "received_on": "2026-11-02", "name": name, "reason": "共同申请"})
}

fn remove(name: &str, index: Option<u32>) -> Value {
    json!({"action": "remove_party", "received_on": "2026-11-02", "name": name, "index": index, "reason": "不再参加"})
}

fn with_document(mut body: Value, kind: &str, number: &str) -> Value {
    let at = if body["action"] == "succeed_party" {
        "/successor"
    } else {
        ""
    };
    body.pointer_mut(at).unwrap()["id_document"] = json!({"kind": kind, "number": number});
    body
}

fn succeed(index: u32, name: &str) -> Value {
    json!({
        "action": "succeed_party", "index": index, "reason": "death", "received_on": "2026-11-02",
        "successor": {"name": name}, "document_ids": ["doc-1"],
    })
}

fn lacks(desk: &Desk, code: DefectCode) -> bool {
    defects(desk.case.data()).iter().any(|defect| defect.code == code)
}

/// The submission keeps the address of its day; what is sent from then on goes to the new one.
#[test]
fn a_new_address_rewrites_nothing() {
    let mut desk = received();
    desk.on("2026-11-18").act(
        Role::Clerk,
        json!({
            "action": "change_contact", "from_on": "2026-11-16", "received_on": "2026-11-18",
            "contact": {"address": "江临市澄溪县城关镇新民路3号"},
        }),
    );
    let data = desk.case.data();
    assert_eq!(data.submission.applicant.address, None);
    assert_eq!(data.applicant.address.as_deref(), Some("江临市澄溪县城关镇新民路3号"));
    assert_eq!(
        data.applicant.phone.as_deref(),
        Some("13800000000"),
        "what is not said stays"
    );
    assert_eq!(data.contacts[0].from_on, day("2026-11-16"));
    // An older change that becomes known later does not undo a newer one.
    desk.on("2026-11-19").act(
        Role::Clerk,
        json!({
            "action": "change_contact", "from_on": "2026-11-10", "received_on": "2026-11-19",
            "contact": {"address": "临时住处"},
        }),
    );
    assert_eq!(
        desk.case.data().applicant.address.as_deref(),
        Some("江临市澄溪县城关镇新民路3号")
    );
    let nothing =
        json!({"action": "change_contact", "from_on": "2026-11-16", "received_on": "2026-11-18", "contact": {}});
    assert_eq!(desk.wrong(Role::Clerk, nothing), ["/contact"]);
}

/// One of several leaves and the case goes on; who is alone withdraws.
#[test]
fn one_of_several_applicants_leaves() {
    let mut desk = received();
    let alone = desk.refused(Role::Clerk, remove("陈明远", None));
    assert_eq!(alone.code, "last_party");
    assert!(alone.reason.zh.contains("withdraw"), "{}", alone.reason.zh);
    desk.act(Role::Clerk, add("周桂兰"))
        .act(Role::Clerk, add("吴德明"))
        .act(Role::Clerk, add("周桂兰"));
    assert_eq!(names(&desk), ["陈明远", "周桂兰", "吴德明", "周桂兰"]);
    assert_eq!(
        desk.wrong(Role::Clerk, remove("周桂兰", None)),
        ["/name"],
        "two of this name"
    );
    assert_eq!(desk.wrong(Role::Clerk, remove("吴德明", Some(1))), ["/index"]);
    desk.act(Role::Clerk, remove("周桂兰", Some(3)));
    desk.act(Role::Clerk, remove("陈明远", None));
    assert_eq!(
        (names(&desk), desk.state()),
        (vec!["周桂兰".to_owned(), "吴德明".to_owned()], State::Registered)
    );
    desk.act(Role::Clerk, remove("吴德明", None));
    assert_eq!(desk.refused(Role::Clerk, remove("周桂兰", None)).code, "last_party");
}

#[test]
fn somebody_takes_the_place_of_an_applicant() {
    let mut desk = received();
    let mut succession = json!({
        "action": "succeed_party", "index": 0, "reason": "death", "received_on": "2026-11-02",
        "successor": {"name": "陈小明", "phone": "13900000000"}, "document_ids": [],
    });
    assert_eq!(desk.wrong(Role::Clerk, succession.clone()), ["/document_ids"]);
    succession["document_ids"] = json!(["doc-1"]);
    succession["index"] = json!(7);
    assert_eq!(desk.wrong(Role::Clerk, succession.clone()), ["/index"]);
    succession["index"] = json!(0);
    desk.act(Role::Clerk, succession);
    let applicant = &desk.case.data().applicant;
    assert_eq!(applicant.name.as_deref(), Some("陈小明"));
    assert_eq!(applicant.phone.as_deref(), Some("13900000000"));
    assert!(applicant.id_document.is_none());
    assert!(
        defects(desk.case.data())
            .iter()
            .any(|defect| defect.code == DefectCode::IdMissing)
    );
}

#[test]
fn a_matter_given_up_leaves_the_others() {
    let mut desk = received();
    desk.act(
        Role::Applicant,
        json!({"action": "narrow_request", "received_on": "2026-11-02", "given_up": "评估机构的报价资料"}),
    );
    assert_eq!((desk.case.data().given_up.len(), desk.state()), (1, State::Registered));
}

/// What the amendment supplies is taken over; what it does not speak of stays.
#[test]
fn an_amendment_supplies_the_applicant() {
    let mut desk = Desk::amendment_pending("2026-11-02");
    desk.on("2026-11-09").act(
        Role::Clerk,
        json!({
            "action": "receive_amendment", "received_on": "2026-11-09", "form": "electronic",
            "applicant": {"id_document": {"kind": "passport", "number": "E12345678"}, "address": "文昌路12号"},
        }),
    );
    let data = desk.case.data();
    let applicant = &data.applicant;
    assert_eq!(
        applicant.id_document.as_ref().unwrap().number.as_deref(),
        Some("E12345678")
    );
    assert_eq!(
        (applicant.name.as_deref(), applicant.address.as_deref()),
        (Some("陈明远"), Some("文昌路12号"))
    );
    assert_eq!(data.form.map(|form| form.code()), Some("electronic"));
    assert_ne!(
        data.submission.applicant.id_document, applicant.id_document,
        "the submission stays"
    );
}

/// Nobody gives up what others ask for: the one who sent the application leaves, or all withdraw together.
#[test]
fn an_applicant_cannot_withdraw_for_the_others() {
    let mut desk = received();
    desk.act(Role::Clerk, add("周桂兰"));
    let refusal = desk.refused(Role::Applicant, json!({"action": "withdraw"}));
    assert_eq!(
        (refusal.code, refusal.article),
        ("others_apply", Some("《条例》第四十五条"))
    );
    assert!(refusal.reason.zh.contains("remove_party"), "{}", refusal.reason.zh);
    assert!(!desk.allowed(Role::Applicant).contains(&Action::Withdraw));
    assert_eq!(desk.state(), State::Registered);
    let mut together = desk.clone();
    together.act(Role::Clerk, json!({"action": "withdraw", "reason": "两人共同书面撤回"}));
    assert_eq!(together.state(), State::Closed);
    desk.act(Role::Clerk, remove("周桂兰", None))
        .act(Role::Applicant, json!({"action": "withdraw"}));
    assert_eq!(desk.state(), State::Closed);
}

/// The account from which the application was sent ends with the person who sent it, and with nothing else.
#[test]
fn the_account_ends_with_its_person() {
    let mut desk = received();
    let account = person(Role::Applicant, 0).user_id;
    let of = |desk: &Desk| desk.case.data().applicant_account();
    desk.act(Role::Clerk, add("周桂兰")).act(
        Role::Officer,
        json!({"action": "part_persons", "index": 0, "reason": "账号系他人代为提交"}),
    );
    assert_eq!(of(&desk), account, "what was sent from an account stays open to it");
    let mut succeeded = desk.clone();
    succeeded.act(Role::Clerk, succeed(1, "周小兰"));
    assert_eq!(of(&succeeded), account);
    succeeded.act(Role::Clerk, succeed(0, "陈小明"));
    assert_eq!(of(&succeeded), None);
    desk.act(Role::Clerk, remove("陈明远", None));
    assert_eq!(of(&desk), None);
    // Nor is a part the account's; who comes next never had one.
    desk.plainly(Role::Officer, Action::Split);
    let part = desk.second_part();
    assert_eq!(part.data().applicant_account(), None);
    let first = part.data().people().next().unwrap();
    assert_eq!((first.name, part.data().account(&first)), (Some("周桂兰"), None));
}

/// Nobody handles the own application, and who has left it comes to it as staff no more than before.
#[test]
fn who_sent_an_application_never_handles_it() {
    let mut desk = received();
    desk.act(Role::Clerk, add("周桂兰"))
        .act(Role::Clerk, remove("陈明远", None));
    let sender = Who {
        user_id: person(Role::Applicant, 0).user_id,
        ..person(Role::Clerk, 0)
    };
    assert_eq!(desk.allowed(&sender), []);
    assert!(desk.case.options(&sender, &desk.ctx()).is_empty());
    desk.forbidden(&sender, add("陈明远"));
    assert!(!desk.allowed(Role::Clerk).is_empty());
}

/// Who moves up is of the kind that the document shows; where none shows it, the kind is asked for before the reply.
#[test]
fn who_moves_up_is_of_an_own_kind() {
    for (kind, number, shown) in [
        ("resident_id", "440524188001010014", Some(ApplicantKind::NaturalPerson)),
        ("passport", "E12345678", Some(ApplicantKind::NaturalPerson)),
        ("uscc", "91350100M000100Y43", None),
        ("other", "海字第1号", None),
    ] {
        let mut desk = received();
        desk.act(Role::Clerk, with_document(add("周桂兰"), kind, number))
            .act(Role::Clerk, remove("陈明远", None));
        assert_eq!(desk.case.data().applicant.kind, shown, "{kind}");
        assert_eq!(lacks(&desk, DefectCode::KindMissing), shown.is_none(), "{kind}");
        let mut desk = received();
        desk.act(Role::Clerk, with_document(succeed(0, "周桂兰"), kind, number));
        assert_eq!(desk.case.data().applicant.kind, shown, "{kind}");
    }
    let mut desk = received();
    desk.act(Role::Clerk, add("周桂兰"))
        .act(Role::Clerk, remove("陈明远", None))
        .review()
        .draft(json!([granted()]));
    desk.act(
        Role::Secrecy,
        json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}]}),
    );
    let refusal = desk.refused(Role::Officer, json!({"action": "submit_for_approval"}));
    assert_eq!(refusal.code, "kind_missing");
    assert!(refusal.reason.zh.contains("next_kind"), "{}", refusal.reason.zh);
    let seq = desk.seq("party_removed");
    desk.act(
        Role::Officer,
        json!({"action": "correct_fact", "seq": seq, "field": "next_kind", "value": "natural_person", "reason": "漏填"}),
    )
    .act(Role::Approver, json!({"action": "confirm_correction", "seq": seq}))
    .act(Role::Officer, json!({"action": "submit_for_approval"}));
    // It can be said at once, and only where somebody moves up.
    let of_kind = |mut body: Value| {
        body["next_kind"] = json!("business");
        body
    };
    let mut desk = received();
    desk.act(Role::Clerk, add("澄溪某公司")).act(Role::Clerk, add("周桂兰"));
    assert_eq!(desk.wrong(Role::Clerk, of_kind(remove("周桂兰", None))), ["/next_kind"]);
    desk.act(Role::Clerk, of_kind(remove("陈明远", None)));
    assert_eq!(desk.case.data().applicant.kind, Some(ApplicantKind::Business));
}

/// Whoever represented the first applicant, and how that one was reached, does not follow the next one.
#[test]
fn nobody_writes_to_who_has_left() {
    let represented = || {
        let mut desk = Desk::amendment_pending("2026-11-02");
        desk.excuse_late_entries = true;
        desk.act(
            Role::Clerk,
            json!({
                "action": "receive_amendment", "received_on": "2026-11-02",
                "applicant": {
                    "email": "chen@example.cn", "address": "文昌路12号", "contact_name": "陈小明",
                    "legal_representative": "陈明远", "agent": {"name": "何律师", "id_document": null, "phone": "13711112222"},
                    "guardian": {"name": "陈母", "phone": "13711113333"},
                },
            }),
        )
        .act(
            Role::Clerk,
            json!({
                "action": "change_contact", "from_on": "2026-11-02", "received_on": "2026-11-02",
                "contact": {"address": "新民路3号"},
            }),
        )
        .act(Role::Clerk, with_document(add("周桂兰"), "passport", "E12345678"));
        desk
    };
    let mut merged = succeed(0, "澄溪新公司");
    merged["reason"] = json!("merger");
    for (leaves, others) in [(remove("陈明远", None), 0), (succeed(0, "陈小明"), 1), (merged, 1)] {
        let mut desk = represented();
        desk.act(Role::Clerk, leaves);
        let applicant = &desk.case.data().applicant;
        assert!(
            applicant.agent.is_none() && applicant.guardian.is_none(),
            "{applicant:?}"
        );
        for text in [
            &applicant.phone,
            &applicant.email,
            &applicant.address,
            &applicant.contact_name,
            &applicant.legal_representative,
        ] {
            assert_eq!(*text, None, "{applicant:?}");
        }
        assert_eq!(applicant.co_applicants.len(), others);
        assert!(lacks(&desk, DefectCode::ContactMissing));
        // An address of the next one holds, though it is older than one of the person before.
        desk.on("2026-11-04").act(
            Role::Clerk,
            json!({
                "action": "change_contact", "from_on": "2026-10-01", "received_on": "2026-11-04",
                "contact": {"address": "桃花巷9号"},
            }),
        );
        assert_eq!(desk.case.data().applicant.address.as_deref(), Some("桃花巷9号"));
        assert!(!lacks(&desk, DefectCode::ContactMissing));
    }
    // A co-applicant who leaves takes nothing along.
    let mut desk = represented();
    desk.act(Role::Clerk, remove("周桂兰", None));
    assert_eq!(desk.case.data().applicant.address.as_deref(), Some("新民路3号"));
    assert!(desk.case.data().applicant.agent.is_some());
}

/// One person stands once among the applicants.
#[test]
fn a_co_applicant_is_no_successor() {
    let mut desk = received();
    desk.act(Role::Clerk, with_document(add("周桂兰"), "passport", "E1234567"));
    let again = with_document(add("周桂兰"), "passport", "e 1234567");
    assert_eq!(desk.refused(Role::Clerk, again).code, "already_party");
    let heir = with_document(succeed(0, "周桂兰"), "passport", "Ｅ１２３４５６７");
    let refusal = desk.refused(Role::Clerk, heir);
    assert_eq!(refusal.code, "already_party");
    assert!(refusal.reason.zh.contains("remove_party"), "{}", refusal.reason.zh);
    // A new name under the same document takes the same place.
    desk.act(
        Role::Clerk,
        with_document(succeed(1, "周桂兰（更名）"), "passport", "E1234567"),
    );
    assert_eq!(names(&desk), ["陈明远", "周桂兰（更名）"]);
}

/// Characters that are the same to a reader name the same person.
#[test]
fn a_name_is_found_however_it_is_typed() {
    let mut desk = received();
    desk.act(Role::Clerk, add("⾼⽂⽅"))
        .act(Role::Clerk, add("阿依古丽·买买提"))
        .act(Role::Clerk, add("LI Ming"));
    desk.act(Role::Clerk, remove("高文方", None))
        .act(Role::Clerk, remove("阿依古丽•买买提", None))
        .act(Role::Clerk, remove("ｌｉ ｍｉｎｇ", Some(1)));
    assert_eq!(names(&desk), ["陈明远"]);
    desk.act(Role::Clerk, add("⾼⽂⽅")).act(Role::Clerk, add("高文方"));
    assert_eq!(desk.wrong(Role::Clerk, remove("高文方", None)), ["/name"]);
    desk.act(Role::Clerk, remove("高文方", Some(1)));
    assert_eq!(names(&desk), ["陈明远", "高文方"]);
}

/// What came to the agency before a step that it took without knowing of it is entered under its own day.
#[test]
fn a_letter_may_be_older_than_the_newest_review() {
    let mut reviewed = Desk::registered("2026-12-01");
    reviewed.on("2026-12-07").review().on("2026-12-09");
    let on = |mut body: Value, on: &str| {
        body["received_on"] = json!(on);
        body
    };
    let narrowed = json!({"action": "narrow_request", "given_up": "评估机构的报价资料"});
    let mut desk = reviewed.clone();
    desk.act(Role::Clerk, on(narrowed.clone(), "2026-12-04"))
        .act(Role::Clerk, on(add("周桂兰"), "2026-12-04"))
        .act(Role::Clerk, on(remove("周桂兰", None), "2026-12-04"))
        .act(Role::Clerk, on(succeed(0, "陈小明"), "2026-12-04"));
    assert_eq!(desk.case.data().given_up[0].on, day("2026-12-04"));
    for body in [narrowed, add("周桂兰"), succeed(0, "陈小明")] {
        let refusal = desk.refused(Role::Clerk, on(body, "2026-11-30"));
        assert_eq!(refusal.code, "date_before_antecedent");
    }
    let mut consulted = reviewed.clone();
    let party = json!({"name": "澄溪某建材有限公司"});
    consulted
        .act(
            Role::Officer,
            json!({"action": "consult_third_party", "party": party, "concerning": "评估报告", "sent_on": "2026-12-03"}),
        )
        .act(
            Role::Officer,
            json!({"action": "consult_agency", "agency_name": "县自然资源局", "joint": false, "concerning": "补偿方案", "sent_on": "2026-12-04"}),
        );
    let early =
        json!({"action": "consult_third_party", "party": party, "concerning": "评估报告", "sent_on": "2026-11-30"});
    assert_eq!(consulted.refused(Role::Officer, early).code, "date_before_antecedent");
}

fn withdraw(on: &str) -> Value {
    json!({"action": "withdraw", "occurred_on": on, "reason": "申请人来信撤回"})
}

/// The agency goes on until it learns of the letter; the case still ends on the day on which it had it.
#[test]
fn a_withdrawal_may_be_older_than_what_the_office_did_since() {
    let mut desk = Desk::registered("2026-12-01");
    desk.on("2026-12-03").plainly(Role::Officer, Action::Assign);
    desk.on("2026-12-07").review();
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    desk.on("2026-12-08").draft(json!([granted()])).lead_to_approver();
    desk.on("2026-12-09").act(Role::Clerk, withdraw("2026-12-04"));
    let data = desk.case.data();
    assert_eq!(data.ending().map(|ending| ending.on), Some(day("2026-12-04")));
    assert_eq!(data.stopped_on(), Some(day("2026-12-04")));
    assert_eq!(desk.sub("assignment").standing(desk.today).1, Some(day("2026-12-04")));
    let consulted = desk.sub("consultation");
    assert_eq!(
        consulted.standing(desk.today).1,
        Some(consulted.opened_on()),
        "none ends before it began"
    );
    // Taken back, everything stands where it stood.
    let revoke = json!({"action": "revoke_ending", "reason": "撤回的是另一件"});
    desk.act(Role::Approver, revoke);
    assert_eq!((desk.state(), desk.case.data().facts.len()), (State::InApproval, 1));
}

/// Whoever was told something on a later day, or gave something, went on.
#[test]
fn a_withdrawal_does_not_lie_before_the_last_dealing_with_the_applicant() {
    let reviewed = || {
        let mut desk = Desk::registered("2026-12-01");
        desk.on("2026-12-07").review();
        desk
    };
    let amended = || {
        let mut desk = Desk::registered("2026-12-01");
        desk.on("2026-12-07").act(
            Role::Officer,
            json!({"action": "request_amendment", "notified_on": "2026-12-07", "delivered_on": "2026-12-07", "defects": ["内容不明确"]}),
        );
        desk
    };
    let with = |action: Action, role: Role| {
        let mut desk = reviewed();
        desk.plainly(role, action);
        desk
    };
    let extended = || {
        let mut desk = with(Action::ProposeExtension, Role::Officer);
        desk.act(
            Role::Approver,
            json!({"action": "approve_extension", "notified_on": "2026-12-07"}),
        );
        desk
    };
    for mut desk in [
        amended(),
        extended(),
        with(Action::IssueFeeNotice, Role::Officer),
        with(Action::RequestReasons, Role::Officer),
    ] {
        desk.on("2026-12-09");
        let refusal = desk.refused(Role::Clerk, withdraw("2026-12-04"));
        assert_eq!(refusal.code, "date_before_antecedent");
        assert!(refusal.reason.zh.contains("2026-12-07"), "{}", refusal.reason.zh);
        desk.act(Role::Clerk, withdraw("2026-12-07"));
    }
    // The day counts on which a notice left, not that on which it came to hand.
    let mut desk = Desk::registered("2026-12-01");
    desk.on("2026-12-07").act(
        Role::Officer,
        json!({"action": "request_amendment", "notified_on": "2026-12-03", "delivered_on": "2026-12-07", "defects": ["内容不明确"]}),
    );
    desk.act(Role::Clerk, withdraw("2026-12-04"));
    let mut desk = reviewed();
    assert_eq!(
        desk.refused(Role::Clerk, withdraw("2026-11-30")).code,
        "date_before_antecedent"
    );
    let mut proposed = with(Action::ProposeExtension, Role::Officer);
    proposed.on("2026-12-09").act(Role::Clerk, withdraw("2026-12-04"));
}
