//! What changes after the application was sent is a fact of its own day.

use gongkai::domain::case::State;
use gongkai::domain::case::defect::{DefectCode, defects};
use gongkai::domain::people::access::Role;
use serde_json::{Value, json};

use crate::workflow::desk::{Desk, day};

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
