//! Who the people of a case are is a fact of its own: found out, found out again, and taken back.

use gongkai::domain::case::Action;
use gongkai::domain::case::people::PersonRole;
use gongkai::domain::people::access::Role;
use gongkai::domain::words::ids::PersonId;
use serde_json::{Value, json};

use crate::workflow::desk::{Desk, day};

const KNOWN: &str = "01990000-0000-7000-8000-0000000000f1";

fn known_as(desk: &Desk) -> Vec<Vec<PersonId>> {
    let data = desk.case.data();
    data.people().map(|person| data.known_as(&person)).collect()
}

fn verify(index: u32) -> Value {
    json!({"action": "verify_identity", "index": index, "means": "original_seen", "on": "2026-11-02"})
}

fn join(index: u32) -> Value {
    json!({
        "action": "join_persons", "index": index, "person_id": KNOWN, "reason": "两证照片一致", "document_ids": ["doc-1"],
    })
}

fn on_paper() -> Desk {
    let mut desk = Desk::registered("2026-11-02");
    desk.excuse_late_entries = true;
    desk
}

fn add(name: &str, number: &str) -> Value {
    json!({
        "action": "add_party", "received_on": "2026-11-02", "name": name, "reason": "共同申请",
        "id_document": {"kind": "passport", "number": number},
    })
}

/// The agency knows the document: it is the same person as in the other case.
#[test]
fn a_document_that_was_seen_before_names_the_person() {
    let mut desk = on_paper();
    desk.lookups.person_of_document = Some(KNOWN.parse().unwrap());
    desk.act(Role::Clerk, verify(0));
    assert!(known_as(&desk)[0].contains(&KNOWN.parse().unwrap()));
}

/// Others come and leave; each keeps what was found out about him, and nobody inherits it.
#[test]
fn what_was_found_out_stays_with_its_person() {
    let mut desk = on_paper();
    desk.act(Role::Clerk, add("周桂兰", "E1"))
        .act(Role::Clerk, add("吴德明", "E2"));
    desk.act(Role::Clerk, verify(2));
    let of_wu = known_as(&desk)[2].clone();
    assert_eq!(of_wu.len(), 1);
    let leaves =
        |name: &str| json!({"action": "remove_party", "received_on": "2026-11-02", "name": name, "reason": "不再参加"});
    desk.act(Role::Clerk, leaves("周桂兰"));
    assert_eq!((known_as(&desk)[1].clone(), known_as(&desk).len()), (of_wu.clone(), 2));
    desk.act(Role::Clerk, add("林巧云", "E3"));
    assert_eq!(known_as(&desk)[2], []);
    desk.act(Role::Clerk, leaves("陈明远"));
    assert_eq!(known_as(&desk), [of_wu, Vec::new()]);
    desk.act(
        Role::Clerk,
        json!({
            "action": "succeed_party", "index": 0, "reason": "death", "received_on": "2026-11-02",
            "successor": {"name": "吴小明"}, "document_ids": ["doc-1"],
        }),
    );
    assert_eq!(known_as(&desk)[0], []);
}

/// Another document was not looked at.
#[test]
fn a_document_that_is_stated_otherwise_is_not_verified() {
    let mut desk = Desk::amendment_pending("2026-11-02");
    desk.excuse_late_entries = true;
    let mut seen = verify(0);
    seen["on"] = json!(desk.today);
    desk.act(Role::Clerk, seen);
    let before = known_as(&desk)[0].clone();
    assert!(!before.is_empty());
    let amended = |number: &str| {
        json!({
            "action": "receive_amendment", "received_on": "2026-11-09",
            "applicant": {"id_document": {"kind": "passport", "number": number}},
        })
    };
    desk.on("2026-11-09").act(Role::Clerk, amended("E12345678"));
    let data = desk.case.data();
    let first = data.people().next().unwrap();
    assert!(data.verified(&first).is_none());
    assert_eq!(
        known_as(&desk)[0].len(),
        before.len() - 1,
        "the account, where there is one, stays"
    );
}

#[test]
fn a_finding_can_be_taken_back_and_made_anew() {
    let mut desk = on_paper();
    desk.act(Role::Officer, join(0));
    let twice = desk.refused(Role::Officer, join(0));
    assert_eq!(twice.code, "same_person_already");
    let part = json!({"action": "part_persons", "index": 0, "reason": "另一人"});
    desk.act(Role::Officer, part.clone());
    assert_eq!(known_as(&desk)[0], [], "not even by the account");
    assert_eq!(desk.refused(Role::Officer, part).code, "not_identified");
    desk.act(Role::Officer, join(0));
    assert_eq!(known_as(&desk)[0], [KNOWN.parse().unwrap()]);
    desk.lookups.person_found = false;
    let mut stranger = join(0);
    stranger["person_id"] = json!(KNOWN.replace('1', "2"));
    assert_eq!(desk.wrong(Role::Officer, stranger), ["/person_id"]);
}

/// The parts of a split application are the same people's.
#[test]
fn parts_know_their_people() {
    let mut desk = on_paper();
    desk.act(
        Role::Officer,
        json!({"action": "part_persons", "index": 0, "reason": "账号系他人代为提交"}),
    );
    desk.act(Role::Clerk, verify(0)).act(Role::Officer, join(0));
    let verifier = desk.case.log().iter().rev().nth(1).unwrap().author.user_id;
    desk.plainly(Role::Officer, Action::Split);
    let part = desk.second_part();
    let first = part.data().people().next().unwrap();
    assert_eq!(part.data().known_as(&first), known_as(&desk)[0]);
    let verified = part.data().verified(&first).unwrap();
    assert_eq!((verified.by, verified.on), (verifier, day("2026-11-02")));
}

#[test]
fn whom_the_case_does_not_have_cannot_be_found_out() {
    let mut desk = on_paper();
    for mut body in [
        verify(0),
        join(0),
        json!({"action": "part_persons", "index": 0, "reason": "x"}),
    ] {
        body["index"] = json!(9);
        assert_eq!(desk.wrong(Role::Officer, body), ["/index"]);
    }
    assert_eq!(desk.case.data().people().next().unwrap().role, PersonRole::Applicant);
}
