//! What can be reached: every state, every action, every leaf; and from everywhere the archive.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gongkai::domain::case::sub::SubProcess;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::table::RULES;
use gongkai::domain::case::{Action, Case, State, Who};
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::{CaseKind, Outcome};
use serde_json::{Value, json};

use super::desk::{Desk, day, granted, law, person, search_record, timer, unit, withheld};

/// The plainest body of an action for this case: today's date, the newest ids, an invented one where there is none.
pub fn plainest_body(action: Action, desk: &Desk) -> Value {
    bodies(action, desk).swap_remove(0)
}

/// Bodies that lead to different places.
pub fn bodies(action: Action, desk: &Desk) -> Vec<Value> {
    let data = desk.case.data();
    let today = desk.today;
    let newest = |kind: &str| {
        let of_kind = |open: bool| {
            let subs = data.subs.all();
            let found = subs
                .iter()
                .rev()
                .find(|sub| sub.kind() == kind && (sub.is_open() || !open));
            found.map(|sub| sub.id())
        };
        of_kind(true)
            .or_else(|| of_kind(false))
            .unwrap_or_else(|| format!("{kind}-99"))
    };
    let fields = match action {
        Action::Submit => vec![json!({})],
        Action::RecordContactAttempt => vec![json!({"on": today, "means": "phone", "result": "无人接听"})],
        Action::ConfirmReceipt => {
            vec![json!({"received_on": today, "evidence": {"means": "phone", "by": "陈明远"}})]
        }
        Action::CloseIntake => vec![json!({"reason": "unreachable"})],
        Action::Split => vec![json!({"parts": [
            {"title": "补偿方案", "features": "正文"}, {"title": "评估报告", "features": "全部"},
        ]})],
        Action::Merge => vec![json!({"into_case_id": "01990000-0000-7000-8000-000000000080", "reason": "同一事项"})],
        Action::HandOver => vec![json!({"user_id": person(Role::Officer, 1).user_id, "reason": "休假"})],
        Action::ReviewFormally => vec![json!({"checks": {
            "name": true, "contact": true, "content": true, "form": true, "identity": true,
        }})],
        Action::ReviewSubstantively => vec![json!({"checks": {
            "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false, "already_public": false,
        }})],
        Action::RequestAmendment => vec![
            json!({"notified_on": today, "defects": ["内容不明确"], "delivered_on": today}),
            json!({"notified_on": today, "defects": ["内容不明确"]}),
        ],
        Action::ReceiveAmendment => vec![json!({"received_on": today})],
        Action::Reopen => vec![json!({"reason": "住院"})],
        Action::Assign => vec![json!({"unit_id": unit(0), "due_on": today})],
        Action::AnswerAssignment => vec![json!({
            "assignment_id": newest("assignment"), "result": "found", "search": search_record(today),
        })],
        Action::ReturnAssignment => vec![json!({"assignment_id": newest("assignment"), "reason": "不属本科室"})],
        Action::ConsultThirdParty => vec![json!({
            "party": {"name": "某公司", "address": "城东路1号"}, "concerning": "报价", "sent_on": today,
        })],
        Action::ConsultAgency => vec![json!({
            "agency_name": "县财政局", "concerning": "补偿标准", "joint": true, "sent_on": today, "delivered_on": today,
        })],
        Action::RecordNoticeDelivery => ["consultation", "fee_notice", "amendment_notice", "reasons_request"]
            .into_iter()
            .map(|target| json!({"target": target, "id": newest(target), "on": today}))
            .collect(),
        Action::ResendNotice => ["consultation", "fee_notice", "amendment_notice", "reasons_request"]
            .into_iter()
            .map(|target| json!({"target": target, "id": newest(target), "sent_on": today, "method": "直接送达"}))
            .collect(),
        Action::RecordOpinion => vec![
            json!({"consultation_id": newest("consultation"), "received_on": today, "opinion": "object", "reason": "商业秘密"}),
            json!({"consultation_id": newest("consultation"), "received_on": today, "opinion": "consent"}),
        ],
        Action::EndConsultation => {
            vec![json!({"consultation_id": newest("consultation"), "ended_on": today, "reason": "not_needed"})]
        }
        Action::NotifyThirdParty => {
            vec![json!({"consultation_id": newest("consultation"), "reason": "重大公共利益", "sent_on": today})]
        }
        Action::RequestReasons => vec![json!({})],
        Action::RecordReasons => vec![
            json!({"reasonable": true}),
            json!({"reasonable": false}),
            json!({"reasons": "研究"}),
        ],
        Action::SetDelay => vec![json!({"until": today + chrono::Days::new(90), "reason": "数量较多"})],
        Action::ReviewSecrecy => {
            let items = data.draft.as_ref().map_or(1, |draft| draft.items.len());
            let verdicts = |verdict: &str| -> Vec<_> {
                (0..items)
                    .map(|item| json!({"item": item, "verdict": verdict}))
                    .collect()
            };
            vec![
                json!({"verdicts": verdicts("release")}),
                json!({"verdicts": verdicts("withhold")}),
            ]
        }
        Action::ProposeExtension => vec![json!({"working_days": 10, "reason": "检索量大"})],
        Action::ApproveExtension => vec![json!({"notified_on": today})],
        Action::IssueFeeNotice => vec![json!({"scheme": "per_page", "count": 40, "issued_on": today})],
        Action::RecordPayment => vec![json!({"paid_on": today, "amount_yuan": 100, "reference": "0001"})],
        Action::DraftReply => vec![json!({"items": [granted()]}), json!({"items": [withheld()]})],
        Action::EditDraft => vec![json!({"document_id": "doc-1"})],
        Action::ReviewLegally => vec![
            json!({"opinion": "pass"}),
            json!({"opinion": "return", "note": "引用条款有误"}),
            json!({"opinion": "pass_with_changes", "changes": ["写明条款", "改用新格式"]}),
        ],
        Action::SubmitForApproval => {
            let answers: Vec<_> = data.open_changes().map(|_| json!({"made": true})).collect();
            vec![json!({"changes": answers})]
        }
        Action::IssueReply => vec![
            json!({"method": "online", "replied_on": today}),
            json!({"method": "mail", "replied_on": today}),
            json!({"method": "pickup"}),
        ],
        Action::RecordDelivery => ["signed", "opened", "refused", "returned", "public_notice"]
            .into_iter()
            .map(|result| json!({"result": result, "delivered_on": today}))
            .collect(),
        Action::ChangeContact => {
            vec![json!({"from_on": today, "received_on": today, "contact": {"address": "新民路3号"}})]
        }
        Action::AddParty => vec![json!({"received_on": today, "name": "周桂兰", "reason": "共同申请"})],
        Action::RemoveParty => vec![json!({"received_on": today, "name": "周桂兰", "reason": "不再参加"})],
        Action::NarrowRequest => vec![json!({"received_on": today, "given_up": "附件"})],
        Action::SucceedParty => vec![json!({
            "index": 0, "successor": {"name": "陈小明"}, "reason": "death", "received_on": today,
            "document_ids": ["doc-1"],
        })],
        Action::DispatchReply => vec![
            json!({"method": "mail", "sent_on": today}),
            json!({"method": "pickup", "sent_on": today}),
        ],
        Action::RevokeEnding | Action::ReplaceReply => vec![json!({"reason": "登记有误"})],
        Action::ReplyOnTheSpot => {
            vec![json!({"received_on": today, "explanation": "已主动公开", "where": "县政府网站"})]
        }
        Action::Archive => vec![
            json!({"retention": "30y"}),
            json!({"retention": "30y", "without_service_reason": "三次投递未果"}),
        ],
        Action::FileRemedy => vec![json!({"kind": "reconsideration", "filed_on": today, "organ": "县人民政府"})],
        Action::DecideRemedy => vec![
            json!({"remedy_id": newest("remedy"), "decided_on": today, "result": "upheld"}),
            json!({"remedy_id": newest("remedy"), "decided_on": today, "result": "corrected", "reply_again": true}),
        ],
        Action::VoidRemedy => vec![json!({"remedy_id": newest("remedy"), "reason": "登记了两次"})],
        Action::ConfirmVoidRemedy => vec![json!({"remedy_id": newest("remedy")})],
        Action::RejectVoidRemedy => vec![json!({"remedy_id": newest("remedy"), "reason": "两件文号不同"})],
        Action::CorrectFact => {
            vec![json!({"seq": 1, "field": "arrived_on", "value": data.submission.arrived_on, "reason": "登记有误"})]
        }
        Action::CancelInstrument => {
            let left = data
                .instruments
                .iter()
                .rev()
                .find(|one| !one.cancelled && !one.issued.code.is_reply());
            let id = left.map_or_else(
                || "01990000-0000-7000-8000-000000099999".to_owned(),
                |one| one.issued.id.to_string(),
            );
            vec![json!({"instrument_id": id, "reason": "列错了内容，另行发出"})]
        }
        Action::NoteForceMajeure => vec![json!({"from_on": today, "what": "汛情"})],
        Action::VerifyIdentity => vec![json!({"index": 0, "means": "original_seen", "on": today})],
        Action::JoinPersons => vec![json!({
            "index": 0, "person_id": "01990000-0000-7000-8000-0000000000f1", "reason": "照片一致", "document_ids": ["doc-1"],
        })],
        Action::PartPersons => vec![json!({"index": 0, "reason": "同名同姓的另一人"})],
        Action::AddDocument => vec![json!({"document_ids": ["doc-1"]})],
        Action::ConfirmCorrection => vec![json!({"seq": 1})],
        Action::RejectCorrection => vec![json!({"seq": 1, "reason": "原记录无误"})],
        Action::ReturnReply => vec![json!({"reason": "措辞"})],
        Action::RejectExtension => vec![json!({"reason": "可以按期办结"})],
        Action::ConfirmSubmission
        | Action::Take
        | Action::LapseAmendment
        | Action::LapseFee
        | Action::Withdraw
        | Action::SubmitForLegalReview
        | Action::ApproveReply => vec![json!({})],
    };
    fields
        .into_iter()
        .map(|mut body| {
            body["action"] = json!(action.code());
            body
        })
        .collect()
}

/// Where a case stands, as far as it decides what can follow.
fn place(desk: &Desk) -> String {
    let data = desk.case.data();
    let draft = data.draft.as_ref().filter(|_| data.state.is_open()).map(|draft| {
        let passes = draft.items.iter().all(|item| item.outcome.gives_what_was_asked());
        (
            passes,
            &draft.verdicts,
            (draft.legally_passed, draft.changes_of.is_some()),
            draft.approved_on.is_some(),
        )
    });
    let subs = data.subs.all();
    let subs: BTreeSet<_> = subs.into_iter().filter_map(|sub| what_it_leaves(desk, sub)).collect();
    let reply = data.reply.as_ref().map(|reply| {
        let result = reply.delivery.map(|(result, _)| result);
        let newest = reply
            .dispatches
            .last()
            .map(|dispatch| (dispatch.method, dispatch.result));
        (newest, result, reply.served_on.is_some())
    });
    let reply = reply.filter(|_| data.state == State::Replied);
    // Whether somebody else applies too, while nothing has happened yet.
    let joint = desk.case.log().len() < 5 && !data.applicant.co_applicants.is_empty();
    let ended_from = data.closings.last().map(|closing| {
        let log = desk.case.log().iter().take_while(|logged| logged.seq < closing.seq);
        let before = Case::replay(desk.case.id(), log.cloned().collect(), &law()).unwrap();
        (closing.kind, before.data().state)
    });
    format!(
        "{joint} {ended_from:?} {:?} {:?} confirmed {} reviewed {} draft {draft:?} subs {subs:?} reply {reply:?} stopped {} ended {}",
        data.state,
        (data.state == State::Submitted).then_some(data.submission.channel),
        data.submission_confirmed_on.is_some() && data.state == State::Submitted,
        data.formally_reviewed && data.state == State::Registered,
        data.is_stopped(),
        data.ending().is_some()
    )
}

/// What a sub-process means for what can follow; nothing once it is over and forgotten.
fn what_it_leaves(desk: &Desk, sub: &dyn SubProcess) -> Option<String> {
    let open = desk.state().is_open();
    let fields = sub.fields().unwrap();
    let lasting = match sub.kind() {
        "consultation" if open => format!("{} told {}", fields["opinion"], !fields["told_on"].is_null()),
        "reasons_request" if open => fields["reasonable"].to_string(),
        "fee_notice" | "amendment_notice" if open => "once".to_owned(),
        "amendment_notice" if desk.state() == State::Closed => format!("{:?}", sub.status()),
        _ if sub.is_open() => String::new(),
        _ => return None,
    };
    let undelivered = sub.is_open() && sub.due_on().is_none();
    let overdue = sub.is_open() && sub.due_on().is_some_and(|due| due < desk.today);
    Some(format!(
        "{} {lasting} open {} undelivered {undelivered} overdue {overdue}",
        sub.kind(),
        sub.is_open()
    ))
}

/// A case is led into one complication at a time.
fn begins_a_complication(action: Action) -> bool {
    use Action::*;
    matches!(
        action,
        Assign
            | ConsultThirdParty
            | ConsultAgency
            | RequestReasons
            | ProposeExtension
            | IssueFeeNotice
            | RequestAmendment
            | FileRemedy
            | CorrectFact
    )
}

fn may_follow(desk: &Desk, action: Action) -> bool {
    let subs = desk.case.data().subs.all();
    let complicated = subs.iter().any(|sub| sub.kind() != "secrecy_review");
    match action {
        // They lead nowhere: once is enough.
        Action::Take
        | Action::HandOver
        | Action::RecordContactAttempt
        | Action::AddDocument
        | Action::VerifyIdentity
        | Action::JoinPersons
        | Action::PartPersons
        | Action::CancelInstrument
        | Action::NoteForceMajeure => desk.case.log().len() < 3,
        // A text is edited as often as one likes; once shows where it leads.
        Action::EditDraft => desk.case.data().draft.as_ref().is_some_and(|draft| draft.version < 2),
        // Whoever applies, the procedure is the same.
        Action::ChangeContact
        | Action::AddParty
        | Action::RemoveParty
        | Action::NarrowRequest
        | Action::SucceedParty => desk.case.log().len() < 5,
        Action::FileRemedy if desk.state() == State::AmendmentPending => true,
        _ => !(complicated && begins_a_complication(action)),
    }
}

pub struct Explored {
    cases: BTreeMap<String, Desk>,
    /// The events that each action leaves.
    pub told: BTreeMap<Action, BTreeSet<&'static str>>,
    /// Place to places that follow.
    next: BTreeMap<String, BTreeSet<String>>,
    moves: BTreeSet<(State, Action, State)>,
}

pub fn explore() -> Explored {
    let mut found = Explored {
        cases: BTreeMap::new(),
        told: BTreeMap::new(),
        next: BTreeMap::new(),
        moves: BTreeSet::new(),
    };
    let mut waiting = VecDeque::new();
    for channel in [Channel::InPerson, Channel::Online] {
        let mut desk = Desk::submitted(channel, "2025-09-22");
        desk.excuse_late_entries = true;
        waiting.push_back((None::<String>, desk));
    }
    while let Some((from, desk)) = waiting.pop_front() {
        let here = place(&desk);
        if let Some(from) = from {
            found.next.entry(from).or_default().insert(here.clone());
        }
        if found.cases.contains_key(&here) {
            continue;
        }
        desk.check();
        found.cases.insert(here.clone(), desk.clone());
        let ctx = desk.ctx();
        let people = Role::ALL.iter().map(|&role| person(role, 0)).chain([timer()]);
        let mut allowed: BTreeMap<Action, Who> = people
            .flat_map(|who| {
                let actions = desk.case.allowed_actions(&who, &ctx);
                actions.into_iter().map(move |action| (action, who.clone()))
            })
            .collect();
        // What an approver entered another one takes back.
        let another = person(Role::Approver, 1);
        if desk
            .case
            .allowed_actions(&another, &ctx)
            .contains(&Action::RevokeEnding)
        {
            allowed.insert(Action::RevokeEnding, another);
        }
        for (action, who) in allowed.iter().filter(|(action, _)| may_follow(&desk, **action)) {
            for body in bodies(*action, &desk) {
                let mut after = desk.clone();
                if let Ok(applied) = after.send(who, body) {
                    let codes = applied.events.iter().map(|logged| logged.event.code());
                    found.told.entry(*action).or_default().extend(codes);
                    found.moves.insert((desk.state(), *action, after.state()));
                    waiting.push_back((Some(here.clone()), after));
                }
            }
        }
        // Silence moves a case as well.
        let subs = desk.case.data().subs.all();
        let open = subs.iter().filter(|sub| sub.is_open());
        let limit = open.filter_map(|sub| sub.due_on()).max();
        if let Some(limit) = limit.filter(|limit| *limit >= desk.today) {
            let mut after = desk.clone();
            after.today = limit.succ_opt().unwrap();
            waiting.push_back((Some(here.clone()), after));
        }
    }
    found
}

#[test]
fn every_state_and_every_action_is_reached_as_the_table_says_and_none_is_a_dead_end() {
    let found = explore();
    let states: BTreeSet<_> = found.cases.values().map(Desk::state).collect();
    assert_eq!(
        states,
        State::ALL.iter().copied().collect(),
        "every state can be reached"
    );

    let done: BTreeSet<_> = found.moves.iter().map(|(_, action, _)| *action).collect();
    let never: Vec<_> = Action::ALL
        .iter()
        .filter(|action| **action != Action::Submit && !done.contains(action))
        .collect();
    assert!(never.is_empty(), "never possible: {never:?}");

    let mut written = BTreeSet::new();
    for rule in RULES {
        for from in rule.from {
            let to = if rule.to.is_empty() {
                std::slice::from_ref(from)
            } else {
                rule.to
            };
            written.extend(to.iter().map(|to| (*from, rule.action, *to)));
        }
    }
    let unwritten: Vec<_> = found.moves.difference(&written).collect();
    assert!(
        unwritten.is_empty(),
        "moves that the table does not know: {unwritten:?}"
    );
    let unmade: Vec<_> = written
        .difference(&found.moves)
        .filter(|(from, action, to)| from != to && *action != Action::Submit)
        .collect();
    assert!(unmade.is_empty(), "moves of the table that no case makes: {unmade:?}");

    // Backwards from the archive.
    let mut back: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (from, to) in &found.next {
        for to in to {
            back.entry(to).or_default().push(from);
        }
    }
    let mut open: Vec<&String> = found
        .cases
        .iter()
        .filter(|(_, desk)| desk.state() == State::Archived)
        .map(|(place, _)| place)
        .collect();
    let mut alive: BTreeSet<&String> = open.iter().copied().collect();
    while let Some(place) = open.pop() {
        for from in back.get(place).into_iter().flatten() {
            if alive.insert(from) {
                open.push(from);
            }
        }
    }
    let dead: Vec<_> = found.cases.keys().filter(|place| !alive.contains(place)).collect();
    assert!(dead.is_empty(), "dead ends: {dead:#?}");
    // Not a claim about the table; it keeps the driver from quietly exploring nothing.
    assert!(found.cases.len() > 200, "only {} places explored", found.cases.len());
    every_clock_says_what_it_does_and_why(&found);
}

fn every_clock_says_what_it_does_and_why(found: &Explored) {
    let mut seen = Vec::new();
    for desk in found.cases.values() {
        let report = desk.case.clock(&law(), desk.today, true).unwrap();
        let Some(report) = report else {
            assert!(desk.case.data().received_on.is_none());
            continue;
        };
        if !seen.contains(&report.status) {
            seen.push(report.status);
        }
        for counted in report.days.as_ref().unwrap() {
            assert!(counted.counted.is_some() != counted.reason.is_some(), "{counted:?}");
        }
        assert!(report.timers.iter().all(|timer| !timer.article.is_empty()));
        assert!(
            report.due_on.is_some() || report.status != ClockStatus::Running,
            "a running clock has a due date"
        );
    }
    for status in [
        ClockStatus::Running,
        ClockStatus::Suspended,
        ClockStatus::AwaitingAmendment,
        ClockStatus::AwaitingPayment,
        ClockStatus::Stopped,
    ] {
        assert!(seen.contains(&status), "no case is {status:?}");
    }
}

/// Items that end a case under a leaf, beyond what every item needs.
fn item(outcome: Outcome, desk: &mut Desk) -> Value {
    let mut item = json!({"description": "补偿方案", "outcome": outcome.code(), "explanation": "见答复书"});
    match outcome {
        Outcome::Granted => return granted(),
        Outcome::OtherLawForbids => {
            item["law"] = json!("中华人民共和国统计法");
            item["article"] = json!("第九条");
        }
        Outcome::StateSecret
        | Outcome::SafetyStability
        | Outcome::InternalAffairs
        | Outcome::ProcessInformation
        | Outcome::EnforcementFile => {
            item["article"] = json!("第十六条");
        }
        Outcome::ThirdPartyRights => {
            desk.plainly(Role::Officer, Action::ConsultThirdParty);
            item["article"] = json!("第十五条");
            item["consultation_id"] = json!(desk.id("consultation"));
        }
        Outcome::NotHeld => {
            desk.plainly(Role::Officer, Action::Assign)
                .plainly(Role::Handler, Action::AnswerAssignment);
            item["cause"] = json!("not_existing");
            item["assignment_id"] = json!(desk.id("assignment"));
        }
        Outcome::Repeated => item["earlier_number"] = json!("YX-2024-00007"),
        Outcome::ExcessiveUnjustified => {
            desk.plainly(Role::Officer, Action::RequestReasons)
                .act(Role::Officer, json!({"action": "record_reasons", "reasonable": false}));
        }
        _ => {}
    }
    item
}

#[test]
fn every_leaf_of_table_three_is_the_end_of_some_case_and_every_case_ends_once() {
    let mut leaves = BTreeSet::new();
    for &kind in CaseKind::ALL {
        for outcome in Outcome::ALL
            .iter()
            .copied()
            .filter(|outcome| outcome.given_for_item(kind))
        {
            let mut desk = Desk::of(kind, Channel::InPerson, day("2025-09-22"));
            desk.plainly(Role::Clerk, Action::ConfirmReceipt).review();
            let item = item(outcome, &mut desk);
            desk.draft(json!([item])).lead_to_approver();
            desk.plainly(Role::Approver, Action::ApproveReply)
                .plainly(Role::Officer, Action::IssueReply);
            assert_eq!(desk.outcome(), Some(outcome));
            assert_eq!(desk.case.data().endings.len(), 1);
            assert_eq!(outcome.row().is_some(), kind == CaseKind::Disclosure);
            leaves.insert(outcome);
        }
    }
    let partly = Desk::replied("2025-09-22", json!([granted(), withheld()]));
    leaves.extend(partly.outcome());

    let mut lapsed = Desk::amendment_pending("2025-09-22");
    lapsed.on("2025-12-01").plainly(timer(), Action::LapseAmendment);
    leaves.extend(lapsed.outcome());

    let mut unpaid = Desk::in_progress("2025-09-22");
    unpaid.act(Role::Officer, json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 31, "issued_on": "2025-09-22", "delivered_on": "2025-09-22"}));
    unpaid.on("2025-12-01").plainly(timer(), Action::LapseFee);
    leaves.extend(unpaid.outcome());

    assert_eq!(leaves, Outcome::ALL.iter().copied().collect());
}

#[test]
fn a_case_closed_at_intake_or_withdrawn_before_receipt_is_under_no_leaf() {
    for (role, action) in [
        (Role::Officer, Action::CloseIntake),
        (Role::Applicant, Action::Withdraw),
    ] {
        let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
        desk.plainly(role, action);
        assert_eq!((desk.state(), desk.outcome()), (State::Closed, None));
        desk.plainly(Role::Clerk, Action::Archive);
        assert_eq!((desk.state(), desk.outcome()), (State::Archived, None));
    }
}
