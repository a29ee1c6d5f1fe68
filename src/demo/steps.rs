//! The life of a case, told once: each step with whose it is and the fields as they would be sent. The stories of the
//! county and the lives of the city are made of these.
//!
//! A step is told before it is taken. What is known only then is written in its fields: `%Y` in a text for the year of
//! the step's day and `%P` for the year before, and for a whole text that begins with `@`: `@on` that day, `@sub:KIND` the
//! newest sub-process of the kind, `@seq:EVENT` the newest event of the code, `@fee` what was charged,
//! `@suggested:ACTION:FIELD` what the case fills in for whoever takes the action; the player of stories knows some more.
//! [`fill`] puts them in.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::case::dispatch::suggested;
use crate::domain::case::submission::Description;
use crate::domain::case::submission::{Channel, Form, Route};
use crate::domain::case::{Action, Case, Submission};
use crate::domain::people::access::Role;
use crate::domain::people::party::Applicant;
use crate::domain::reply::{CaseKind, needs_legal_pass};
use crate::domain::words::ids::AgencyId;
use crate::error::Error;

/// What somebody does with a case.
#[derive(Debug, Clone)]
pub struct Step {
    pub role: Role,
    /// The body as it would be sent, but for what [`fill`] puts in.
    pub body: Value,
}

impl Step {
    fn new(role: Role, action: &str, mut body: Value) -> Self {
        set(&mut body, "action", action);
        Self { role, body }
    }

    /// The same, done by somebody else whose step it can be.
    pub fn by(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// It is entered after its day, for this reason.
    pub fn enter_late(&mut self, reason: &str) {
        set(&mut self.body, "late_entry_reason", reason);
    }

    /// A field of it is what the case itself suggests.
    pub fn suggesting(mut self, field: &str) -> Self {
        let suggested = format!("@suggested:{}:{field}", self.action());
        set(&mut self.body, field, suggested);
        self
    }

    pub fn action(&self) -> &str {
        self.body.get("action").and_then(Value::as_str).unwrap_or_default()
    }
}

fn set(object: &mut Value, field: &str, value: impl Into<Value>) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(field.to_owned(), value.into());
    }
}

/// Who writes for the applicant: the account itself, otherwise the clerk to whom the applicant came.
pub fn petitioner(account: bool) -> Role {
    match account {
        true => Role::Applicant,
        false => Role::Clerk,
    }
}

macro_rules! steps {
    ($($role:ident $action:ident($($field:ident: $type:ty),*) { $($body:tt)* })*) => {$(
        pub fn $action($($field: $type),*) -> Step {
            Step::new(Role::$role, stringify!($action), json!({ $($body)* }))
        }
    )*};
}

steps! {
    Clerk record_contact_attempt(means: &str, result: &str) { "on": "@on", "means": means, "result": result }
    Applicant confirm_submission() {}
    Officer confirm_receipt(evidence: Option<Value>) { "received_on": "@on", "evidence": evidence }
    Officer close_intake(reason: &str, other: Option<&str>, note: Option<&str>) {
        "reason": reason, "other_case_id": other, "note": note
    }
    Officer split(parts: &[Value]) { "parts": parts }
    Officer merge(into: &str, reason: &str) { "into_case_id": into, "reason": reason }
    Officer take() {}
    Officer hand_over(user: &str, reason: &str) { "user_id": user, "reason": reason }
    Officer review_formally() {
        "checks": { "name": true, "contact": true, "content": true, "form": true, "identity": true }
    }
    Officer review_substantively() { "checks": {
        "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false,
        "already_public": false
    } }
    Officer request_amendment(defect: &str) { "notified_on": "@on", "defects": [defect] }
    Clerk receive_amendment(description: impl Serialize) { "received_on": "@on", "description": description }
    Officer lapse_amendment() {}
    Approver reopen(reason: &str) { "reason": reason }
    Officer assign(due_on: NaiveDate, note: &str) { "unit_id": "@unit", "due_on": due_on, "note": note }
    Handler answer_assignment(result: &str, scope: &str, keywords: &[&str], searched_by: &str) {
        "assignment_id": "@sub:assignment", "result": result,
        "search": {
            "scope": scope, "systems": ["档案管理系统", "公文办理系统"], "keywords": keywords,
            "searched_by": searched_by, "searched_on": "@on"
        }
    }
    Handler return_assignment(reason: &str) { "assignment_id": "@sub:assignment", "reason": reason }
    Officer consult_third_party(name: &str, address: &str, concerning: &str) {
        "party": { "name": name, "address": address }, "concerning": concerning, "sent_on": "@on"
    }
    Officer consult_agency(agency: &str, concerning: &str, joint: bool) {
        "agency_name": agency, "concerning": concerning, "joint": joint, "sent_on": "@on"
    }
    Clerk record_notice_delivery(target: &str, method: &str, proof: Option<&str>) {
        "target": target, "id": format!("@sub:{target}"), "delivered_on": "@on", "method": method, "proof": proof
    }
    Clerk resend_notice(target: &str, method: &str) {
        "target": target, "id": format!("@sub:{target}"), "sent_on": "@on", "method": method
    }
    Officer record_opinion(opinion: &str, reason: Option<&str>) {
        "consultation_id": "@sub:consultation", "received_on": "@on", "opinion": opinion, "reason": reason
    }
    Officer request_reasons(respond_by: NaiveDate) { "respond_by": respond_by }
    Officer record_reasons(reasons: &str, reasonable: bool) {
        "received_on": "@on", "reasons": reasons, "reasonable": reasonable
    }
    Approver set_delay(until: NaiveDate, reason: &str) { "until": until, "reason": reason }
    Secrecy review_secrecy(verdicts: &[Value]) { "verdicts": verdicts }
    Officer propose_extension(working_days: u32, reason: &str) { "working_days": working_days, "reason": reason }
    Approver approve_extension() { "notified_on": "@on" }
    Officer issue_fee_notice(pages: u32) { "scheme": "per_page", "count": pages, "issued_on": "@on" }
    Clerk record_payment(amount: impl Serialize, reference: &str) {
        "paid_on": "@on", "amount_yuan": amount, "reference": reference
    }
    Officer lapse_fee() {}
    Clerk withdraw(reason: &str) { "reason": reason }
    Officer draft_reply(items: &[Item]) { "items": items }
    Officer submit_for_legal_review() {}
    Legal review_legally(opinion: &str, note: Option<&str>) { "opinion": opinion, "note": note }
    Officer submit_for_approval() {}
    Approver approve_reply() {}
    Approver return_reply(reason: &str) { "reason": reason }
    Clerk record_delivery(result: &str, proof: Option<&str>) {
        "result": result, "delivered_on": "@on", "proof": proof
    }
    Officer reply_on_the_spot(explanation: &str, place: &str) {
        "received_on": "@on", "explanation": explanation, "where": place
    }
    Officer dispatch_reply(method: &str) { "method": method, "sent_on": "@on", "reference": "EMS 1099887766554" }
    Approver revoke_ending(reason: &str) { "reason": reason }
    Approver replace_reply(reason: &str) { "reason": reason }
    Clerk archive() { "retention": "10y", "volume": "%Y年依申请公开卷" }
    Officer file_remedy(kind: &str, organ: &str) { "kind": kind, "filed_on": "@on", "organ": organ }
    Officer decide_remedy(result: &str, reply_again: bool) {
        "remedy_id": "@sub:remedy", "decided_on": "@on", "result": result, "reply_again": reply_again
    }
    Approver cancel_instrument(code: &str, reason: &str) {
        "instrument_id": format!("@instrument:{code}"), "reason": reason
    }
    Officer note_force_majeure(what: &str) { "from_on": "@on", "what": what }
    Clerk verify_identity(means: &str) { "index": 0, "means": means, "on": "@on" }
    Officer join_persons(other: &str, reason: &str) {
        "index": 0, "person_id": format!("@person:{other}"), "reason": reason
    }
    Clerk change_contact(address: &str) {
        "from_on": "@on", "received_on": "@on", "contact": { "address": address }
    }
    Officer add_party(name: &str, reason: &str) { "received_on": "@on", "name": name, "reason": reason }
    Officer remove_party(name: &str, reason: &str) { "received_on": "@on", "name": name, "reason": reason }
    Officer narrow_request(given_up: &str) { "received_on": "@on", "given_up": given_up }
    Officer succeed_party(successor: &str, phone: &str, reason: &str) {
        "index": 0, "successor": { "name": successor, "phone": phone }, "reason": reason, "received_on": "@on"
    }
    Clerk add_document(note: &str) { "document_ids": [], "note": note }
    Officer void_remedy(reason: &str) { "remedy_id": "@sub:remedy", "reason": reason }
    Approver confirm_void_remedy() { "remedy_id": "@sub:remedy" }
    Officer correct_fact(event: &str, field: &str, value: impl Serialize, reason: &str) {
        "seq": format!("@seq:{event}"), "field": field, "value": value, "reason": reason
    }
    Approver confirm_correction(event: &str) { "seq": format!("@seq:{event}") }
}

/// Both sides confirmed the application only after the two working days.
pub fn confirmed_late(by: &str, why: &str) -> Step {
    let mut step = confirm_receipt(Some(json!({ "means": "phone", "by": by, "on": "@on" })));
    set(&mut step.body, "late_confirmation_reason", why);
    step
}

/// One paper answers the application and another one of the same person.
pub fn issue_together(method: &str, other: &str) -> Step {
    let mut step = issue_reply(method);
    let other = json!([{ "case_id": format!("@case:{other}"), "version": format!("@version:{other}") }]);
    set(&mut step.body, "together_with", other);
    step
}

/// A letter to another agency is sent on to it.
pub fn sent_on(to: &str, note: &str) -> Step {
    let mut step = close_intake("misdirected", None, Some(note));
    set(&mut step.body, "sent_to", to);
    step
}

/// The letter of a notice came back.
pub fn notice_returned(target: &str, method: &str) -> Step {
    let mut step = record_notice_delivery(target, method, None);
    set(&mut step.body, "result", "returned");
    step
}

/// The legal reviewer passes the draft, once it is changed.
pub fn pass_with_changes(changes: &[&str]) -> Step {
    let body = json!({ "opinion": "pass_with_changes", "changes": changes });
    Step::new(Role::Legal, "review_legally", body)
}

/// The changed draft goes to the approver, with what became of each change.
pub fn submit_changed(answers: &[Value]) -> Step {
    Step::new(Role::Officer, "submit_for_approval", json!({ "changes": answers }))
}

/// The reply goes out; handed over in person it has no date yet.
pub fn issue_reply(method: &str) -> Step {
    let by_hand = matches!(method, "in_person" | "pickup");
    let replied_on = (!by_hand).then_some("@on");
    let body = json!({ "method": method, "replied_on": replied_on });
    Step::new(Role::Officer, "issue_reply", body)
}

/// The receipt by the rule of the channel: what came by a way on which nobody was seen is confirmed on the telephone
/// (Art 31).
pub fn received(submission: &Submission, note: Option<&str>) -> Step {
    let asked = submission.channel.needs_confirmation() && submission.applicant_user_id.is_none();
    let applicant = &submission.applicant;
    let by = applicant.contact_name.as_ref().or(applicant.name.as_ref());
    let by = by.map_or("来信人", String::as_str);
    confirm_receipt(asked.then(|| json!({ "means": "phone", "by": by, "note": note })))
}

/// The secrecy review says the same of these items of the draft.
pub fn released(items: &[usize]) -> Step {
    let verdict = |item| json!({ "item": item, "verdict": "release" });
    review_secrecy(&items.iter().map(verdict).collect::<Vec<_>>())
}

/// An application for information as everybody may make it, to be changed where it is another.
pub fn application(
    agency_id: AgencyId,
    channel: Channel,
    arrived_on: NaiveDate,
    applicant: Applicant,
    description: Option<Description>,
) -> Submission {
    Submission {
        kind: CaseKind::Disclosure,
        agency_id,
        channel,
        arrived_on,
        intake_number: String::new(),
        applicant,
        applicant_user_id: None,
        filled_by_agency: false,
        read_back: None,
        description,
        form: Some(Form::Paper),
        route: Some(Route::Mail),
        document_ids: Vec::new(),
        accessibility_needs: None,
        split_from: None,
    }
}

/// One piece of information in a reply, as it is sent.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Item(Value);

impl Item {
    pub fn new(description: &str, outcome: &str) -> Self {
        Self(json!({ "description": description, "outcome": outcome }))
    }

    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        set(&mut self.0, field, value);
        self
    }

    /// Why, as the applicant is told.
    pub fn because(self, explanation: impl Into<Value>) -> Self {
        self.with("explanation", explanation)
    }
}

/// Information that is given, and where it is.
pub fn granted(description: &str, place: impl Into<Value>) -> Item {
    Item::new(description, "granted").with("where", place)
}

/// A text in which the year of a day is put.
pub fn in_year(text: &str, day: NaiveDate) -> String {
    text.replace("%Y", &day.year().to_string())
        .replace("%P", &(day.year() - 1).to_string())
}

/// Puts into the fields of a step what is known when it is taken, on its day; `known` tells what follows an `@`.
///
/// # Errors
/// Those of `known`.
pub fn fill(
    value: &mut Value,
    day: NaiveDate,
    known: &mut dyn FnMut(&str) -> Result<Value, Error>,
) -> Result<(), Error> {
    match value {
        Value::Array(list) => list.iter_mut().try_for_each(|value| fill(value, day, known))?,
        Value::Object(fields) => fields.values_mut().try_for_each(|value| fill(value, day, known))?,
        Value::String(text) => match text.strip_prefix('@') {
            Some("on") => *value = json!(day),
            Some(name) => *value = known(name)?,
            None if text.contains('%') => *text = in_year(text, day),
            None => {}
        },
        _ => {}
    }
    Ok(())
}

/// What a case tells of itself where a step has left it open.
///
/// # Errors
/// `NotFound` when there is no such thing in the case.
pub fn told_by(case: &Case, name: &str) -> Result<Value, Error> {
    let (what, which) = name.split_once(':').unwrap_or((name, ""));
    let subs = &case.data().subs;
    let found = match what {
        "sub" => {
            let all = subs.all();
            let newest = all.iter().rev().find(|sub| sub.kind() == which);
            newest.map(|sub| Value::from(sub.id()))
        }
        "seq" => {
            let mut log = case.log().iter().rev();
            let found = log.find(|logged| logged.event.code() == which);
            found.map(|logged| json!(logged.seq))
        }
        "instrument" => {
            let mut left = case.data().instruments.iter().rev();
            let found = left.find(|one| one.issued.code.code() == which);
            found.map(|one| json!(one.issued.id))
        }
        "suggested" => {
            let (action, field) = which.split_once(':').unwrap_or((which, ""));
            let action = Action::ALL.iter().find(|known| known.code() == action);
            let fields = action.and_then(|action| suggested(*action, case.data(), case.data().state_since));
            fields.and_then(|mut fields| fields.get_mut(field).map(Value::take))
        }
        "fee" => subs.fees.last().map(|sub| json!(sub.detail.amount_yuan)),
        _ => None,
    };
    found.ok_or(Error::NotFound)
}

/// Whether something beside the main procedure is still open.
pub fn is_waiting(case: &Case) -> bool {
    case.data().subs.all().iter().any(|sub| sub.is_open())
}

/// The items of the draft that the secrecy review has to see, and whether the draft has to pass legally.
pub fn reviews_of_draft(case: &Case) -> (Vec<usize>, bool) {
    let items = case.data().draft.as_ref().map_or(&[][..], |draft| &draft.items);
    let secret = (0..).zip(items).filter(|(_, item)| item.needs_secrecy_verdict());
    (secret.map(|(index, _)| index).collect(), needs_legal_pass(items))
}
