//! A story: what happens to one application, step by step, each step by one person on one working day.
//!
//! Days are counted back from the start (see [`Days`]). In a text `%Y` is the year of the step and `%P` the year before.
//! A whole text that begins with `@` stands for something that is known only when the step is taken: see
//! [`super::play`].

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::{Value, json};

use super::days::{Days, office_hour};
use super::people::Region;
use crate::domain::case::Submission;
use crate::domain::case::fields::Description;
use crate::domain::case::state::{Channel, Form, Route};
use crate::domain::document::Purpose;
use crate::domain::people::access::Role;
use crate::domain::people::party::Applicant;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{AgencyId, UserId};

/// Where an application is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    Government,
    Office,
    /// Its people are `clerk2` and `officer2` only.
    Department,
}

impl Seat {
    /// The account of the one who works in this role here.
    pub fn username(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::Department, Role::Clerk) => "clerk2",
            (Self::Department, Role::Officer) => "officer2",
            _ => role.code(),
        }
    }
}

/// What is done in one step.
#[derive(Debug, Clone)]
pub enum Deed {
    Submit(Box<Submission>),
    /// The body of an action as it would be sent.
    Act(Value),
}

/// One step of one story.
#[derive(Debug, Clone)]
pub struct Step {
    /// The case, by the key of its story.
    pub case: String,
    /// The moment of entry.
    pub at: DateTime<Utc>,
    pub username: &'static str,
    pub role: Role,
    pub deed: Deed,
}

/// What all stories share.
#[derive(Debug)]
pub struct Stage<'a> {
    pub days: Days<'a>,
    pub government: AgencyId,
    pub office: AgencyId,
    pub department: AgencyId,
    /// The account `applicant` with its profile.
    pub applicant: Option<(UserId, Applicant)>,
}

impl<'a> Stage<'a> {
    pub fn new(days: Days<'a>, region: &Region) -> Self {
        let applicant = region
            .users
            .iter()
            .find_map(|user| user.applicant.clone().map(|profile| (user.id, profile)));
        Self {
            days,
            government: region.government,
            office: region.office,
            department: region.department,
            applicant,
        }
    }

    /// An application of someone who comes, writes or faxes; the clerk enters it.
    pub fn story(&self, key: &'static str, seat: Seat, channel: Channel, applicant: Applicant) -> Story<'_> {
        Story {
            stage: self,
            key,
            target: key.to_owned(),
            seat,
            channel,
            applicant,
            account: None,
            kind: CaseKind::Disclosure,
            wanted: (Form::Paper, Route::Mail),
            steps: Vec::new(),
        }
    }

    /// An application that the account `applicant` sends online.
    pub fn online(&self, key: &'static str, seat: Seat) -> Option<Story<'_>> {
        let (account, profile) = self.applicant.clone()?;
        Some(Story {
            account: Some(account),
            wanted: (Form::Electronic, Route::Online),
            ..self.story(key, seat, Channel::Online, profile)
        })
    }
}

/// A story being told; every method adds one step.
#[derive(Debug)]
pub struct Story<'a> {
    stage: &'a Stage<'a>,
    key: &'static str,
    target: String,
    seat: Seat,
    channel: Channel,
    applicant: Applicant,
    account: Option<UserId>,
    kind: CaseKind,
    wanted: (Form, Route),
    steps: Vec<Step>,
}

impl Story<'_> {
    pub fn day(&self, ago: i32) -> NaiveDate {
        self.stage.days.day(ago)
    }

    pub fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    /// An application to correct a record about oneself (Art 41).
    pub fn correction(mut self) -> Self {
        self.kind = CaseKind::Correction;
        self
    }

    pub fn wanting(mut self, form: Form, route: Route) -> Self {
        self.wanted = (form, route);
        self
    }

    /// Goes on with the n-th part of the split application; the first is the original.
    pub fn part(mut self, number: usize) -> Self {
        self.target = if number <= 1 {
            self.key.to_owned()
        } else {
            part_key(self.key, number)
        };
        self
    }

    fn step(mut self, ago: i32, role: Role, deed: Deed) -> Self {
        let day = self.day(ago);
        let same_day = self.steps.iter().filter(|step| step.at >= office_hour(day, 0)).count();
        // Stories begin their days at different minutes, and each takes its steps in order.
        let first: u32 = self.key.bytes().map(u32::from).sum::<u32>() % 50;
        let minutes = i64::from(first) + i64::try_from(same_day).unwrap_or(0) * 9;
        self.steps.push(Step {
            case: self.target.clone(),
            at: office_hour(day, minutes),
            username: self.seat.username(role),
            role,
            deed,
        });
        self
    }

    /// The application is submitted, online by the account, otherwise entered by the clerk.
    pub fn submit(self, ago: i32, title: &str, features: &str) -> Self {
        let day = self.day(ago);
        let submission = Submission {
            kind: self.kind,
            agency_id: match self.seat {
                Seat::Government => self.stage.government,
                Seat::Office => self.stage.office,
                Seat::Department => self.stage.department,
            },
            channel: self.channel,
            arrived_on: day,
            intake_number: String::new(),
            applicant: self.applicant.clone(),
            applicant_user_id: self.account,
            filled_by_agency: false,
            read_back: None,
            description: Description {
                title: in_year(title, day),
                document_number: None,
                features: in_year(features, day),
            },
            form: self.wanted.0,
            route: self.wanted.1,
            document_ids: Vec::new(),
            accessibility_needs: None,
            split_from: None,
        };
        let role = match self.account {
            Some(_) => Role::Applicant,
            None => Role::Clerk,
        };
        self.step(ago, role, Deed::Submit(Box::new(submission)))
    }

    /// Any action, with the fields as they are sent.
    pub fn act(self, ago: i32, role: Role, action: &str, mut fields: Value) -> Self {
        let day = self.day(ago);
        years(&mut fields, day);
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("action".to_owned(), json!(action));
        }
        self.step(ago, role, Deed::Act(fields))
    }

    /// The last step encloses a file: with the application, the answer, or the first item of the draft.
    pub fn enclosing(mut self, purpose: Purpose, name: &str) -> Self {
        let file = format!("@doc:{}:{name}", purpose.code());
        match self.steps.last_mut().map(|step| &mut step.deed) {
            Some(Deed::Submit(submission)) => submission.document_ids.push(file),
            Some(Deed::Act(body)) => {
                let place = match body.pointer("/items/0") {
                    Some(_) => body.pointer_mut("/items/0"),
                    None => Some(body),
                };
                if let Some(fields) = place.and_then(Value::as_object_mut)
                    && let Value::Array(ids) = fields.entry("document_ids").or_insert_with(|| json!([]))
                {
                    ids.push(Value::from(file));
                }
            }
            None => {}
        }
        self
    }

    /// The last step was entered only later; it has a date of its own.
    pub fn entered_late(mut self, ago: i32, reason: &str) -> Self {
        let at = office_hour(self.day(ago), 200);
        if let Some(Step {
            at: entered,
            deed: Deed::Act(Value::Object(fields)),
            ..
        }) = self.steps.last_mut()
        {
            *entered = at;
            fields.insert("late_entry_reason".to_owned(), json!(reason));
        }
        self
    }

    /// The officer confirms the receipt, by the rule of the channel (Art 31).
    pub fn receive(self, ago: i32) -> Self {
        self.receive_by(ago, Role::Officer)
    }

    pub fn receive_by(self, ago: i32, role: Role) -> Self {
        let day = self.day(ago);
        let mut fields = json!({"received_on": day});
        if self.channel.needs_confirmation() && self.account.is_none() {
            let by = self.applicant.contact_name.as_ref().unwrap_or(&self.applicant.name);
            let evidence = json!({"means": "phone", "by": by, "note": "电话与申请人确认收到申请"});
            if let Some(fields) = fields.as_object_mut() {
                fields.insert("evidence".to_owned(), evidence);
            }
        }
        self.act(ago, role, "confirm_receipt", fields)
    }

    pub fn review_formally(self, ago: i32) -> Self {
        let checks = json!({"name": true, "contact": true, "content": true, "form": true, "identity": true});
        self.act(ago, Role::Officer, "review_formally", json!({"checks": checks}))
    }

    /// Both reviews on one day.
    pub fn review(self, ago: i32) -> Self {
        let checks = json!({
            "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false,
            "already_public": false,
        });
        self.review_formally(ago)
            .act(ago, Role::Officer, "review_substantively", json!({"checks": checks}))
    }

    pub fn request_amendment(self, ago: i32, delivered: i32, defect: &str) -> Self {
        let (day, delivered_on) = (self.day(ago), self.day(delivered));
        let fields = json!({"notified_on": day, "defects": [defect]});
        let delivery = json!({
            "target": "amendment_notice", "id": "@sub:amendment_notice", "delivered_on": delivered_on,
            "method": "邮政特快专递", "proof": "邮件查询单",
        });
        self.act(ago, Role::Officer, "request_amendment", fields).act(
            delivered,
            Role::Clerk,
            "record_notice_delivery",
            delivery,
        )
    }

    /// The account amends online, others through the clerk.
    pub fn receive_amendment(self, ago: i32, title: &str, features: &str) -> Self {
        let role = match self.account {
            Some(_) => Role::Applicant,
            None => Role::Clerk,
        };
        let description = json!({"title": title, "features": features});
        let fields = json!({"received_on": self.day(ago), "description": description});
        self.act(ago, role, "receive_amendment", fields)
    }

    /// The unit of the handler is asked to search.
    pub fn assign(self, ago: i32, due: i32, note: &str) -> Self {
        let fields = json!({"unit_id": "@unit", "due_on": self.day(due), "note": note});
        self.act(ago, Role::Officer, "assign", fields)
    }

    pub fn answer(self, ago: i32, result: &str, scope: &str, keywords: &[&str]) -> Self {
        let search = json!({
            "scope": scope, "systems": ["档案管理系统", "公文办理系统"], "keywords": keywords, "searched_by": "陆海峰",
            "searched_on": self.day(ago),
        });
        let fields = json!({"assignment_id": "@sub:assignment", "result": result, "search": search});
        self.act(ago, Role::Handler, "answer_assignment", fields)
    }

    pub fn consult(self, ago: i32, party: &str, concerning: &str) -> Self {
        let fields = json!({
            "party": {"name": party, "address": "江临市澄溪县工业园区"}, "concerning": concerning, "sent_on": self.day(ago),
        });
        self.act(ago, Role::Officer, "consult_third_party", fields)
    }

    pub fn consult_agency(self, ago: i32, agency: &str, concerning: &str, joint: bool) -> Self {
        let fields = json!({
            "agency_name": agency, "concerning": concerning, "joint": joint, "sent_on": self.day(ago),
        });
        self.act(ago, Role::Officer, "consult_agency", fields)
    }

    /// The letter of the last consultation reached its addressee.
    pub fn consultation_delivered(self, ago: i32) -> Self {
        let fields = json!({
            "target": "consultation", "id": "@sub:consultation", "delivered_on": self.day(ago),
            "method": "邮政特快专递", "proof": "邮件查询单",
        });
        self.act(ago, Role::Clerk, "record_notice_delivery", fields)
    }

    pub fn opinion(self, ago: i32, opinion: &str, reason: Option<&str>) -> Self {
        let fields = json!({
            "consultation_id": "@sub:consultation", "received_on": self.day(ago), "opinion": opinion, "reason": reason,
        });
        self.act(ago, Role::Officer, "record_opinion", fields)
    }

    /// Reasons of the applicant, as the officer judges them (Art 35).
    pub fn reasons(self, ago: i32, reasons: &str, reasonable: bool) -> Self {
        let fields = json!({"received_on": self.day(ago), "reasons": reasons, "reasonable": reasonable});
        self.act(ago, Role::Officer, "record_reasons", fields)
    }

    pub fn extension(self, proposed: i32, notified: i32, working_days: u32, reason: &str) -> Self {
        let proposal = json!({"working_days": working_days, "reason": reason});
        let approval = json!({"notified_on": self.day(notified)});
        self.act(proposed, Role::Officer, "propose_extension", proposal).act(
            notified,
            Role::Approver,
            "approve_extension",
            approval,
        )
    }

    pub fn fee_by_page(self, ago: i32, delivered: i32, pages: u32) -> Self {
        let fields = json!({"scheme": "per_page", "count": pages, "issued_on": self.day(ago)});
        let delivery = json!({
            "target": "fee_notice", "id": "@sub:fee_notice", "delivered_on": self.day(delivered), "method": "直接送达",
            "proof": "送达回证",
        });
        self.act(ago, Role::Officer, "issue_fee_notice", fields).act(
            delivered,
            Role::Clerk,
            "record_notice_delivery",
            delivery,
        )
    }

    pub fn pay(self, ago: i32, amount_yuan: u32, reference: &str) -> Self {
        let fields = json!({"paid_on": self.day(ago), "amount_yuan": amount_yuan, "reference": reference});
        self.act(ago, Role::Clerk, "record_payment", fields)
    }

    pub fn draft(self, ago: i32, items: Value) -> Self {
        self.act(ago, Role::Officer, "draft_reply", json!({"items": items}))
    }

    pub fn secrecy(self, ago: i32, verdicts: Value) -> Self {
        self.act(ago, Role::Secrecy, "review_secrecy", json!({"verdicts": verdicts}))
    }

    /// The secrecy review releases the first item.
    pub fn release(self, ago: i32) -> Self {
        self.secrecy(ago, json!([{"item": 0, "verdict": "release"}]))
    }

    pub fn sent_to_legal(self, ago: i32) -> Self {
        self.act(ago, Role::Officer, "submit_for_legal_review", json!({}))
    }

    pub fn legal_pass(self, ago: i32) -> Self {
        self.act(ago, Role::Legal, "review_legally", json!({"opinion": "pass"}))
    }

    pub fn sent_to_approver(self, ago: i32) -> Self {
        self.act(ago, Role::Officer, "submit_for_approval", json!({}))
    }

    pub fn approve(self, ago: i32) -> Self {
        self.act(ago, Role::Approver, "approve_reply", json!({}))
    }

    /// From the draft of a reply that gives what was asked to its approval, in three days.
    pub fn granted(self, ago: i32, items: Value) -> Self {
        self.draft(ago, items)
            .release(ago - 1)
            .sent_to_approver(ago - 1)
            .approve(ago - 2)
    }

    /// From the draft of a reply that refuses to its approval, in three days.
    pub fn refused(self, ago: i32, items: Value) -> Self {
        self.draft(ago, items)
            .sent_to_legal(ago)
            .legal_pass(ago - 1)
            .sent_to_approver(ago - 1)
            .approve(ago - 2)
    }

    /// The reply goes out; handed over in person it has no date yet.
    pub fn issue(self, ago: i32, method: &str) -> Self {
        let fields = match method {
            "in_person" | "pickup" => json!({"method": method}),
            _ => json!({"method": method, "replied_on": self.day(ago)}),
        };
        self.act(ago, Role::Officer, "issue_reply", fields)
    }

    pub fn deliver(self, ago: i32, result: &str) -> Self {
        let fields = json!({"result": result, "delivered_on": self.day(ago), "proof": "送达回证"});
        self.act(ago, Role::Clerk, "record_delivery", fields)
    }

    /// The account opens the reply online.
    pub fn open_online(self, ago: i32) -> Self {
        let fields = json!({"result": "opened", "delivered_on": self.day(ago)});
        self.act(ago, Role::Applicant, "record_delivery", fields)
    }

    /// By mail: sent, signed for, archived.
    pub fn mailed(self, issued: i32, delivered: i32, archived: i32) -> Self {
        self.issue(issued, "mail")
            .deliver(delivered, "signed")
            .archive(archived)
    }

    pub fn archive(self, ago: i32) -> Self {
        self.act(
            ago,
            Role::Clerk,
            "archive",
            json!({"retention": "10y", "volume": "%Y年依申请公开卷"}),
        )
    }

    pub fn withdraw(self, ago: i32, reason: &str) -> Self {
        let role = match self.account {
            Some(_) => Role::Applicant,
            None => Role::Clerk,
        };
        self.act(ago, role, "withdraw", json!({"reason": reason}))
    }

    pub fn remedy(self, ago: i32, kind: &str, organ: &str) -> Self {
        let fields = json!({"kind": kind, "filed_on": self.day(ago), "organ": organ});
        self.act(ago, Role::Officer, "file_remedy", fields)
    }

    pub fn remedy_decided(self, ago: i32, result: &str, reply_again: bool) -> Self {
        let fields = json!({
            "remedy_id": "@sub:remedy", "decided_on": self.day(ago), "result": result, "reply_again": reply_again,
        });
        self.act(ago, Role::Officer, "decide_remedy", fields)
    }

    /// A date was entered wrongly: the officer proposes the right one for the newest event of this code.
    pub fn propose_correction(self, ago: i32, event: &str, field: &str, right: i32, reason: &str) -> Self {
        let fields = json!({
            "seq": format!("@seq:{event}"), "field": field, "value": self.day(right), "reason": reason,
        });
        self.act(ago, Role::Officer, "correct_fact", fields)
    }
}

/// The key of a part of a split application.
pub fn part_key(key: &str, number: usize) -> String {
    format!("{key}-{number}")
}

fn in_year(text: &str, day: NaiveDate) -> String {
    text.replace("%Y", &day.year().to_string())
        .replace("%P", &(day.year() - 1).to_string())
}

fn years(value: &mut Value, day: NaiveDate) {
    match value {
        Value::String(text) => *text = in_year(text, day),
        Value::Array(list) => list.iter_mut().for_each(|value| years(value, day)),
        Value::Object(fields) => fields.values_mut().for_each(|value| years(value, day)),
        _ => {}
    }
}
