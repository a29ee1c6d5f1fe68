//! From the draft to the archive (Arts 17, 32, 33, 36, 45).

use gongkai::domain::case::sent::DeliveryResult;
use gongkai::domain::case::sub::SubStatus;
use gongkai::domain::case::{Action, State, Who};
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::{Outcome, SecrecyVerdict};
use serde_json::{Value, json};

use super::super::desk::{Desk, day, granted, law, person, withheld};

fn approve() -> Value {
    json!({"action": "approve_reply"})
}

fn issue(method: &str, on: &str) -> Value {
    json!({"action": "issue_reply", "method": method, "replied_on": on})
}

fn delivery(result: &str, on: &str) -> Value {
    json!({"action": "record_delivery", "result": result, "delivered_on": on})
}

fn with_role(who: Who, role: Role) -> Who {
    let mut who = who;
    who.roles.insert(role);
    who
}

/// Art 17: nothing is released without a verdict on exactly that item.
#[test]
fn each_granted_item_needs_its_secrecy_verdict() {
    let second = json!({"description": "附件", "outcome": "granted", "document_ids": ["doc-2"]});
    let mut desk = Desk::in_progress("2025-09-22");
    let review = |verdicts: Value| json!({"action": "review_secrecy", "verdicts": verdicts});
    assert_eq!(
        desk.refused(Role::Secrecy, review(json!([{"item": 0, "verdict": "release"}])))
            .code,
        "no_draft"
    );
    desk.draft(json!([granted(), withheld(), second]));
    assert!(desk.case.projection(&law()).awaits_secrecy);
    let submit = json!({"action": "submit_for_legal_review"});
    assert_eq!(
        desk.refused(Role::Officer, submit.clone()).code,
        "secrecy_review_missing"
    );
    assert_eq!(
        desk.wrong(Role::Secrecy, review(json!([{"item": 3, "verdict": "release"}]))),
        ["/verdicts/0/item"]
    );
    assert_eq!(
        desk.wrong(
            Role::Secrecy,
            review(json!([{"item": 0, "verdict": "release"}, {"item": 0, "verdict": "redact"}]))
        ),
        ["/verdicts/1/item"]
    );
    desk.act(Role::Secrecy, review(json!([{"item": 0, "verdict": "release"}])));
    assert!(desk.sub("secrecy_review").is_open());
    assert_eq!(
        desk.refused(Role::Officer, submit.clone()).code,
        "secrecy_review_missing"
    );
    desk.act(Role::Secrecy, review(json!([{"item": 2, "verdict": "withhold"}])));
    assert_eq!(
        desk.sub("secrecy_review").status(),
        SubStatus::Passed,
        "every item is judged"
    );
    assert_eq!(
        desk.refused(Role::Officer, submit.clone()).code,
        "secrecy_review_missing",
        "but one may not go out"
    );
    desk.act(Role::Secrecy, review(json!([{"item": 2, "verdict": "redact"}])));
    assert!(!desk.case.projection(&law()).awaits_secrecy);
    desk.act(Role::Officer, submit);
}

#[test]
fn a_changed_draft_voids_the_verdicts_on_what_changed() {
    let second = json!({"description": "附件", "outcome": "granted", "document_ids": ["doc-2"]});
    let mut desk = Desk::in_progress("2025-09-22");
    desk.draft(json!([granted(), second])).act(
        Role::Secrecy,
        json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}, {"item": 1, "verdict": "redact"}]}),
    );
    let verdicts = |desk: &Desk| desk.case.data().draft.as_ref().unwrap().verdicts.clone();
    // The first is changed, the second only moves.
    let changed = json!({"description": "补偿方案正文（修订）", "outcome": "granted", "document_ids": ["doc-1"]});
    desk.draft(json!([second, changed]));
    assert_eq!(verdicts(&desk), [Some(SecrecyVerdict::Redact), None]);
    assert!(desk.sub("secrecy_review").is_open());
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "submit_for_approval"}))
            .code,
        "secrecy_review_missing"
    );
    desk.act(
        Role::Secrecy,
        json!({"action": "review_secrecy", "verdicts": [{"item": 1, "verdict": "release"}]}),
    )
    .act(Role::Officer, json!({"action": "submit_for_approval"}));
}

/// Art 17: who drafted it neither reviews nor approves it, in whatever role.
#[test]
fn drafter_secrecy_reviewer_and_approver_are_different_people() {
    let mut desk = Desk::in_progress("2025-09-22");
    let drafter = with_role(with_role(person(Role::Officer, 0), Role::Secrecy), Role::Approver);
    desk.act(&drafter, json!({"action": "draft_reply", "items": [granted()]}));
    let refusal = desk.refused(
        &drafter,
        json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}]}),
    );
    assert_eq!(refusal.code, "same_person_as_drafter");
    desk.lead_to_approver();
    assert_eq!(desk.refused(&drafter, approve()).code, "same_person_as_drafter");
    assert!(!desk.allowed(&drafter).contains(&Action::ApproveReply));
    // Another officer's new draft moves the separation with it.
    let other = with_role(person(Role::Officer, 7), Role::Approver);
    desk.act(&drafter, json!({"action": "return_reply", "reason": "措辞"}))
        .act(&other, json!({"action": "draft_reply", "items": [granted()]}))
        .lead_to_approver();
    assert_eq!(desk.refused(&other, approve()).code, "same_person_as_drafter");
    desk.act(&drafter, approve());
}

#[test]
fn what_is_withheld_passes_the_lawyers_first() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.draft(json!([withheld()]));
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "submit_for_approval"}))
            .code,
        "legal_review_required"
    );
    desk.act(Role::Officer, json!({"action": "submit_for_legal_review"}));
    assert!(desk.case.projection(&law()).awaits_legal);
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "submit_for_approval"}))
            .code,
        "legal_review_missing"
    );
    desk.act(
        Role::Legal,
        json!({"action": "review_legally", "opinion": "return", "note": "条款有误"}),
    );
    assert_eq!(desk.state(), State::InProgress);
    desk.draft(json!([withheld()]))
        .act(Role::Officer, json!({"action": "submit_for_legal_review"}))
        .act(
            Role::Legal,
            json!({"action": "review_legally", "opinion": "pass", "note": "第二段请再斟酌"}),
        );
    assert_eq!(desk.state(), State::InReview);
    assert!(!desk.case.projection(&law()).awaits_legal);
    assert_eq!(
        desk.refused(Role::Legal, json!({"action": "review_legally", "opinion": "pass"}))
            .code,
        "already_reviewed_legally"
    );
    desk.act(Role::Officer, json!({"action": "submit_for_approval"}));
    assert!(desk.case.projection(&law()).awaits_approval);
    // Returned by the approver, it passes the lawyers again.
    desk.act(Role::Approver, json!({"action": "return_reply", "reason": "补充说明"}));
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "submit_for_approval"}))
            .code,
        "legal_review_required"
    );
}

#[test]
fn a_reply_is_issued_only_after_its_approval() {
    let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
    desk.on("2025-09-25");
    assert_eq!(
        desk.refused(Role::Officer, issue("mail", "2025-09-25")).code,
        "not_approved"
    );
    desk.on("2025-09-24").act(Role::Approver, approve());
    assert_eq!(desk.refused(Role::Approver, approve()).code, "already_approved");
    desk.on("2025-09-26");
    assert_eq!(
        desk.refused(Role::Officer, issue("mail", "2025-09-23")).code,
        "date_before_antecedent"
    );
    desk.act(Role::Officer, issue("mail", "2025-09-25"));
}

/// Art 33 and 207号: posted, sent or put online, the clock stops on that day.
#[test]
fn mail_email_and_online_stop_the_clock_on_the_day_they_are_sent() {
    for method in ["mail", "email", "online"] {
        let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
        desk.act(Role::Approver, approve());
        assert_eq!(
            desk.wrong(Role::Officer, json!({"action": "issue_reply", "method": method})),
            ["/replied_on"]
        );
        desk.on("2025-10-13").act(Role::Officer, issue(method, "2025-10-10"));
        let report = desk.clock();
        assert_eq!(
            (desk.state(), report.status, report.used),
            (State::Replied, ClockStatus::Stopped, 9),
            "{method}"
        );
        assert_eq!(desk.case.projection(&law()).stopped_on, Some(day("2025-10-10")));
        assert_eq!(desk.outcome(), Some(Outcome::Granted));
    }
}

/// Handed over or picked up, the clock stops at the signature.
#[test]
fn in_person_and_pickup_stop_the_clock_at_the_signature() {
    for method in ["in_person", "pickup"] {
        let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
        desk.act(Role::Approver, approve());
        assert_eq!(desk.wrong(Role::Officer, issue(method, "2025-09-22")), ["/replied_on"]);
        desk.on("2025-10-10")
            .act(Role::Officer, json!({"action": "issue_reply", "method": method}));
        assert_eq!(
            (desk.state(), desk.clock().status, desk.outcome()),
            (State::Replied, ClockStatus::Running, None)
        );
        desk.on("2025-10-14");
        assert_eq!(
            desk.refused(Role::Clerk, delivery("signed", "2025-10-09")).code,
            "date_before_antecedent"
        );
        desk.act(Role::Clerk, delivery("signed", "2025-10-13"));
        assert_eq!(
            (desk.state(), desk.outcome()),
            (State::Delivered, Some(Outcome::Granted)),
            "{method}"
        );
        assert_eq!(desk.case.projection(&law()).stopped_on, Some(day("2025-10-13")));
    }
}

/// A consultation still open when the reply is offered for pick-up no longer suspends.
#[test]
fn an_issued_reply_ends_what_is_open() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::ConsultThirdParty)
        .plainly(Role::Officer, Action::Assign)
        .plainly(Role::Officer, Action::ProposeExtension)
        .draft(json!([granted()]))
        .lead_to_approver()
        .act(Role::Approver, approve())
        .on("2025-09-25")
        .act(Role::Officer, json!({"action": "issue_reply", "method": "pickup"}));
    assert_eq!(desk.clock().status, ClockStatus::Running);
    for kind in ["consultation", "assignment", "extension"] {
        assert_eq!(desk.sub(kind).status(), SubStatus::Cancelled, "{kind}");
    }
}

/// Art 32: the third party is told before something is released over its reasoned objection.
#[test]
fn an_objecting_third_party_is_told_before_the_release() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    let id = desk.id("consultation");
    desk.on("2025-09-25").act(
        Role::Officer,
        json!({"action": "record_opinion", "consultation_id": id, "received_on": "2025-09-24", "opinion": "object", "reason": "商业秘密"}),
    );
    let tell = |on: &str| json!({"action": "notify_third_party", "consultation_id": id, "reason": "重大公共利益", "sent_on": on});
    let mut item = granted();
    item["consultation_id"] = json!(id);
    desk.draft(json!([item])).lead_to_approver();
    desk.act(Role::Approver, approve());
    let refusal = desk.refused(Role::Officer, issue("mail", "2025-09-25"));
    assert_eq!(
        (refusal.code, refusal.article),
        ("objector_not_told", Some("《条例》第三十二条"))
    );
    assert_eq!(
        desk.refused(Role::Officer, tell("2025-09-23")).code,
        "date_before_antecedent"
    );
    desk.on("2025-09-28").act(Role::Officer, tell("2025-09-26"));
    assert_eq!(desk.refused(Role::Officer, tell("2025-09-26")).code, "no_objection");
    // Not released before it was told, whatever day is entered.
    assert_eq!(
        desk.refused(Role::Officer, issue("mail", "2025-09-25")).code,
        "date_before_antecedent"
    );
    desk.act(Role::Officer, issue("mail", "2025-09-26"));

    // What is withheld for its sake needs no such letter; nor does an objection without reasons.
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    let id = desk.id("consultation");
    desk.act(Role::Officer, json!({"action": "record_opinion", "consultation_id": id, "received_on": "2025-09-22", "opinion": "object_without_reason"}));
    let mut item = granted();
    item["consultation_id"] = json!(id);
    desk.draft(json!([item])).lead_to_approver();
    desk.act(Role::Approver, approve())
        .act(Role::Officer, issue("mail", "2025-09-22"));
}

/// 送达回证: signed or opened is delivered; the other results are kept.
#[test]
fn delivery_results() {
    for (method, result, state) in [
        ("mail", "signed", State::Delivered),
        ("mail", "refused", State::Replied),
        ("mail", "returned", State::Replied),
        ("mail", "public_notice", State::Replied),
        ("online", "opened", State::Delivered),
        ("email", "opened", State::Delivered),
    ] {
        let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
        desk.act(Role::Approver, approve())
            .act(Role::Officer, issue(method, "2025-09-22"));
        desk.on("2025-09-26");
        desk.act(Role::Clerk, delivery(result, "2025-09-25"));
        assert_eq!(desk.state(), state, "{method} {result}");
    }
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    assert_eq!(
        desk.refused(Role::Clerk, delivery("opened", "2025-09-22")).code,
        "not_delivered_online"
    );
    assert_eq!(
        desk.wrong(Role::Applicant, delivery("signed", "2025-09-22")),
        ["/result"]
    );
    desk.on("2025-09-26")
        .act(Role::Clerk, delivery("returned", "2025-09-25"));
    assert_eq!(
        desk.refused(Role::Clerk, delivery("returned", "2025-09-25")).code,
        "already_delivered"
    );
    // The letter comes back a second time; then it is handed over.
    desk.act(Role::Clerk, delivery("returned", "2025-09-26"));
    desk.act(Role::Clerk, delivery("signed", "2025-09-26"));
    assert_eq!(desk.state(), State::Delivered, "a second attempt reached the applicant");
}

#[test]
fn the_applicant_confirms_having_opened_the_reply() {
    let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
    desk.act(Role::Approver, approve())
        .act(Role::Officer, issue("online", "2025-09-22"));
    desk.on("2025-09-24");
    assert_eq!(
        desk.wrong(Role::Applicant, delivery("opened", "2025-09-23")),
        ["/delivered_on"],
        "online is today"
    );
    desk.act(Role::Applicant, delivery("opened", "2025-09-24"));
    assert_eq!(desk.state(), State::Delivered);
}

#[test]
fn a_closed_case_keeps_its_state_when_its_decision_is_delivered() {
    let mut desk = Desk::amendment_pending("2025-09-22");
    desk.on("2025-10-20").plainly(Role::Officer, Action::LapseAmendment);
    desk.on("2025-10-22")
        .act(Role::Clerk, delivery("refused", "2025-10-21"));
    assert_eq!(desk.state(), State::Closed);
    desk.forbidden_in_closed();

    let mut never = Desk::submitted(gongkai::domain::case::submission::Channel::Online, "2025-09-22");
    never.plainly(Role::Officer, Action::CloseIntake);
    assert_eq!(
        never.refused(Role::Clerk, delivery("signed", "2025-09-22")).code,
        "never_received"
    );
}

impl Desk {
    /// The applicant confirms replies, not decisions to close.
    fn forbidden_in_closed(&mut self) {
        let today = self.today;
        let refusal = self.refused(
            Role::Applicant,
            json!({"action": "record_delivery", "result": "opened", "delivered_on": today}),
        );
        assert_eq!(refusal.code, "wrong_state");
    }
}

/// Delivered or closed; replied only after the delivery failed; nothing pending.
#[test]
fn what_may_be_archived() {
    let archive = json!({"action": "archive", "retention": "30y", "volume": "2025-公开-017"});
    for state in State::ALL {
        let mut desk = Desk::in_state(*state);
        match state {
            State::Delivered | State::Closed => {
                desk.act(Role::Clerk, archive.clone());
                assert_eq!(desk.state(), State::Archived);
            }
            State::Replied => assert_eq!(desk.refused(Role::Clerk, archive.clone()).code, "delivery_outstanding"),
            _ => assert_eq!(
                desk.refused(Role::Clerk, archive.clone()).code,
                "wrong_state",
                "{state:?}"
            ),
        }
    }
    for result in ["refused", "public_notice"] {
        let mut desk = Desk::replied("2025-09-22", json!([granted()]));
        desk.on("2025-09-28").act(Role::Clerk, delivery(result, "2025-09-26"));
        let mut early = archive.clone();
        early["occurred_on"] = json!("2025-09-25");
        // Announced, it counts as served after thirty days; who refused it has it at once.
        let early = desk.refused(Role::Clerk, early).code;
        if result == "public_notice" {
            assert_eq!(early, "announcement_running");
            let running = desk.on("2025-10-24").refused(Role::Clerk, archive.clone());
            assert_eq!(running.code, "announcement_running");
            desk.on("2025-10-27");
        } else {
            assert_eq!(early, "date_before_antecedent", "not before the failed delivery");
        }
        desk.act(Role::Clerk, archive.clone());
        assert_eq!(
            (desk.state(), desk.outcome()),
            (State::Archived, Some(Outcome::Granted)),
            "{result}"
        );
    }
}

/// What came back is not served: it stays to be delivered, and is filed only by somebody who answers for it.
#[test]
fn a_returned_reply_is_not_finished() {
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    desk.on("2025-09-28")
        .act(Role::Clerk, delivery("returned", "2025-09-26"));
    assert!(!desk.case.projection(&law()).served);
    let archive =
        |reason: Option<&str>| json!({"action": "archive", "retention": "30y", "without_service_reason": reason});
    assert_eq!(desk.refused(Role::Clerk, archive(None)).code, "delivery_outstanding");
    assert_eq!(
        desk.refused(Role::Clerk, archive(Some("地址不详"))).code,
        "delivery_outstanding"
    );
    assert_eq!(desk.wrong(Role::Approver, archive(None)), ["/without_service_reason"]);
    assert_eq!(
        desk.clock().status,
        ClockStatus::Stopped,
        "it came back from the address that was given"
    );
    let mut sent_again = desk.clone();
    desk.act(Role::Approver, archive(Some("按提供的地址三次投递未果，电话停机")));
    assert_eq!(desk.state(), State::Archived);

    sent_again.act(
        Role::Clerk,
        json!({"action": "dispatch_reply", "method": "mail", "sent_on": "2025-09-28"}),
    );
    sent_again
        .on("2025-10-09")
        .act(Role::Clerk, delivery("signed", "2025-10-09"));
    assert_eq!(sent_again.state(), State::Delivered);
    assert_eq!(
        sent_again.case.projection(&law()).stopped_on,
        Some(day("2025-09-22")),
        "the first posting"
    );
}

/// Never picked up: the reply that was offered is what the case ends with, on the day the file is closed.
#[test]
fn a_reply_never_picked_up_still_ends_under_its_leaf() {
    let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
    desk.act(Role::Approver, approve())
        .act(Role::Officer, json!({"action": "issue_reply", "method": "pickup"}));
    desk.on("2025-10-09")
        .act(Role::Clerk, delivery("returned", "2025-10-09"));
    assert_eq!(
        (desk.clock().status, desk.outcome()),
        (ClockStatus::Running, None),
        "returned is not handed over"
    );
    let mut refused = desk.clone();
    desk.on("2025-10-10").act(
        Role::Approver,
        json!({"action": "archive", "retention": "30y", "without_service_reason": "通知后一直未来领取"}),
    );
    assert_eq!(
        (desk.outcome(), desk.clock().status),
        (Some(Outcome::Granted), ClockStatus::Stopped)
    );
    assert_eq!(desk.case.projection(&law()).stopped_on, Some(day("2025-10-10")));

    refused
        .on("2025-10-10")
        .act(Role::Clerk, delivery("refused", "2025-10-10"));
    assert_eq!(refused.outcome(), Some(Outcome::Granted), "refusing to sign is service");
}

/// 保管期限: a class of the program or of the agency's own table; that stands in the log in full, as the table may change.
#[test]
fn a_file_is_kept_by_a_class_of_the_program_or_of_the_agency() {
    for (code, label, archival) in [
        ("permanent", "永久", "Y"),
        ("30y", "30 年", "D30"),
        ("10y", "10 年", "D10"),
        ("15y", "15 年", "D15"),
    ] {
        let mut desk = Desk::delivered("2025-09-22");
        desk.act(Role::Clerk, json!({"action": "archive", "retention": code}));
        let class = desk.case.data().retention.clone().unwrap();
        assert_eq!((class.code.as_str(), class.label.as_str()), (code, label));
        assert_eq!(class.archival_code(), archival);
        let told = desk.case.log().last().unwrap().event.data().unwrap();
        assert_eq!(told.get("own_retention").is_some(), code == "15y", "{told}");
    }
    let mut desk = Desk::delivered("2025-09-22");
    let unknown = json!({"action": "archive", "retention": "20y"});
    assert_eq!(desk.wrong(Role::Clerk, unknown), ["/retention"]);
    // As records of before have it.
    let before = json!({"retention": "30y", "volume": null});
    let event = gongkai::domain::case::Event::from_data("archived", before.clone()).unwrap();
    assert_eq!(event.data().unwrap(), before);
}

#[test]
fn an_archived_case_has_its_class_and_nothing_pending_but_remedies() {
    let mut desk = Desk::delivered("2025-09-22");
    desk.plainly(Role::Officer, Action::CorrectFact);
    let archive = json!({"action": "archive", "retention": "permanent"});
    assert_eq!(desk.refused(Role::Clerk, archive.clone()).code, "correction_pending");
    desk.plainly(Role::Approver, Action::RejectCorrection)
        .plainly(Role::Officer, Action::FileRemedy)
        .act(Role::Clerk, archive);
    assert!(desk.case.data().retention.is_some());
    assert!(desk.sub("remedy").is_open());
}

#[test]
fn the_outcome_of_the_case_follows_from_its_items() {
    let not_held = json!({"description": "评估报告", "outcome": "needs_creation", "explanation": "需另行制作"});
    for (items, outcome) in [
        (json!([granted()]), Outcome::Granted),
        (json!([granted(), withheld()]), Outcome::PartlyGranted),
        (json!([withheld()]), Outcome::ProcessInformation),
    ] {
        assert_eq!(
            Desk::replied("2025-09-22", items.clone()).outcome(),
            Some(outcome),
            "{items}"
        );
    }
    let mut desk = Desk::in_progress("2025-09-22");
    let mixed = json!({"action": "draft_reply", "items": [granted(), not_held]});
    assert_eq!(desk.wrong(Role::Officer, mixed.clone()), ["/principal"]);
    let mut named = mixed;
    named["principal"] = json!(1);
    desk.act(Role::Officer, named).lead_to_approver();
    desk.act(Role::Approver, approve())
        .act(Role::Officer, issue("mail", "2025-09-22"));
    assert_eq!(desk.outcome(), Some(Outcome::NeedsCreation));
}

#[test]
fn what_an_item_must_say_and_point_to() {
    let mut desk = Desk::in_progress("2025-09-22");
    for (item, pointer) in [
        (json!({"description": "x", "outcome": "granted"}), "/items/0/where"),
        (
            json!({"description": "x", "outcome": "granted", "document_ids": ["doc-9"]}),
            "/items/0/document_ids/0",
        ),
        (
            json!({"description": "x", "outcome": "partly_granted"}),
            "/items/0/outcome",
        ),
        (
            json!({"description": "x", "outcome": "internal_affairs", "explanation": "y"}),
            "/items/0/article",
        ),
        (
            json!({"description": "x", "outcome": "third_party_rights", "article": "十五", "explanation": "y"}),
            "/items/0/consultation_id",
        ),
        (
            json!({"description": "x", "outcome": "third_party_rights", "article": "十五", "explanation": "y", "consultation_id": "consultation-9"}),
            "/items/0/consultation_id",
        ),
        (
            json!({"description": "x", "outcome": "not_held", "cause": "not_existing", "explanation": "y"}),
            "/items/0/assignment_id",
        ),
        (
            json!({"description": "x", "outcome": "repeated"}),
            "/items/0/earlier_number",
        ),
    ] {
        assert_eq!(
            desk.wrong(Role::Officer, json!({"action": "draft_reply", "items": [item]})),
            [pointer],
            "{item}"
        );
    }
}

/// Art 30: what comes in is another application, and a reply drafted before does not answer it.
#[test]
fn an_amendment_voids_the_draft() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.draft(json!([granted()]))
        .plainly(Role::Officer, Action::RequestAmendment);
    desk.on("2025-09-24")
        .plainly(Role::Clerk, Action::ReceiveAmendment)
        .review();
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "submit_for_approval"}))
            .code,
        "no_draft"
    );
    assert_eq!(desk.sub("secrecy_review").status(), SubStatus::Ended);
    desk.check();
}

/// Each sending may get its slip, also when another one arrived first.
#[test]
fn every_sending_gets_its_result() {
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    desk.excuse_late_entries = true;
    let first = desk.case.data().reply.as_ref().unwrap().dispatches[0].id.clone();
    desk.on("2025-09-28").act(
        Role::Officer,
        json!({"action": "dispatch_reply", "method": "mail", "sent_on": "2025-09-28"}),
    );
    desk.on("2025-10-14").act(Role::Clerk, delivery("signed", "2025-10-09"));
    assert_eq!(desk.state(), State::Delivered);
    let slip = |id: Option<&str>, result: &str, on: &str| json!({"action": "record_delivery", "dispatch_id": id, "result": result, "delivered_on": on});
    let stopped = desk.case.data().stopped_on();
    desk.act(Role::Clerk, slip(Some(&first), "returned", "2025-10-10"));
    let reply = desk.case.data().reply.clone().unwrap();
    assert_eq!(desk.state(), State::Delivered);
    let results: Vec<_> = reply
        .dispatches
        .iter()
        .map(|dispatch| (dispatch.result, dispatch.on))
        .collect();
    assert_eq!(
        results,
        [
            (Some(DeliveryResult::Returned), Some(day("2025-10-10"))),
            (Some(DeliveryResult::Signed), Some(day("2025-10-09"))),
        ]
    );
    assert_eq!(desk.case.data().stopped_on(), stopped);
    let again = desk.refused(Role::Clerk, slip(None, "signed", "2025-10-11"));
    assert_eq!(again.code, "already_delivered");
}
