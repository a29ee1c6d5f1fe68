//! A story: what happens to one application, step by step, each step by one person on one working day, counted back from
//! the start (see [`Days`]).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::applicants::applicant;
use super::days::{Days, office_hour};
use super::people::{Region, username};
use super::steps::*;
use crate::domain::case::Submission;
use crate::domain::case::submission::Description;
use crate::domain::case::submission::{Channel, Form, Route};
use crate::domain::document::Purpose;
use crate::domain::people::access::Role;
use crate::domain::people::id_document::{IdDocument, IdDocumentKind};
use crate::domain::people::party::Applicant;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{AgencyId, UserId};

/// What is done in one step.
#[derive(Debug, Clone)]
pub enum Deed {
    Submit(Role, Box<Submission>),
    Act(Step),
}

/// One step of one story.
#[derive(Debug, Clone)]
pub struct Told {
    /// The case, by the key of its story.
    pub case: String,
    pub day: NaiveDate,
    /// The moment of entry.
    pub at: DateTime<Utc>,
    pub username: &'static str,
    pub deed: Deed,
}

/// What all stories share.
#[derive(Debug)]
pub struct Stage<'a> {
    days: Days<'a>,
    government: AgencyId,
    office: AgencyId,
    department: AgencyId,
    /// The account `applicant` with its profile.
    account: Option<(UserId, Applicant)>,
}

impl<'a> Stage<'a> {
    pub fn new(days: Days<'a>, region: &Region) -> Self {
        let mut profiles = region.users.iter().map(|user| (user.id, &user.applicant));
        Self {
            days,
            government: region.government,
            office: region.office,
            department: region.department,
            account: profiles.find_map(|(id, profile)| Some((id, profile.clone()?))),
        }
    }

    pub fn day(&self, ago: i32) -> NaiveDate {
        self.days.day(ago)
    }

    /// An application of someone who comes, writes or faxes to the county government; the clerk enters it.
    pub fn government(&self, key: &'static str, channel: Channel, name: &str) -> Story<'_> {
        self.story(key, self.government, channel, applicant(name))
    }

    /// The same to the office of the county government.
    pub fn office(&self, key: &'static str, channel: Channel, name: &str) -> Story<'_> {
        self.story(key, self.office, channel, applicant(name))
    }

    /// The same to the department, whose people are `clerk2` and `officer2` only.
    pub fn department(&self, key: &'static str, channel: Channel, name: &str) -> Story<'_> {
        self.story(key, self.department, channel, applicant(name))
    }

    /// An application that the account `applicant` sends online to the office.
    pub fn online(&self, key: &'static str) -> Option<Story<'_>> {
        let (account, profile) = self.account.clone()?;
        let mut story = self.story(key, self.office, Channel::Online, profile);
        story.submission.applicant_user_id = Some(account);
        Some(story.wanting(Form::Electronic, Route::Online))
    }

    fn story(&self, key: &'static str, agency: AgencyId, channel: Channel, applicant: Applicant) -> Story<'_> {
        Story {
            stage: self,
            key,
            target: key.to_owned(),
            submission: application(agency, channel, self.day(0), applicant, None),
            steps: Vec::new(),
        }
    }
}

/// A story being told; every method adds steps.
#[derive(Debug)]
pub struct Story<'a> {
    stage: &'a Stage<'a>,
    key: &'static str,
    target: String,
    submission: Submission,
    steps: Vec<Told>,
}

impl Story<'_> {
    pub fn into_steps(self) -> Vec<Told> {
        self.steps
    }

    /// An application to correct a record about oneself (Art 41).
    pub fn correction(mut self) -> Self {
        self.submission.kind = CaseKind::Correction;
        self
    }

    pub fn wanting(mut self, form: Form, route: Route) -> Self {
        (self.submission.form, self.submission.route) = (Some(form), Some(route));
        self
    }

    /// The applicant shows another document.
    pub fn holding(mut self, kind: IdDocumentKind, number: &str) -> Self {
        self.submission.applicant.id_document = Some(IdDocument::new(kind, number));
        self
    }

    /// The same account, writing to the department.
    pub fn for_department(mut self) -> Self {
        self.submission.agency_id = self.stage.department;
        self
    }

    /// Goes on with the n-th part of the split application, from the second.
    pub fn part(mut self, number: usize) -> Self {
        self.target = part_key(self.key, number);
        self
    }

    fn tell(mut self, ago: i32, role: Role, deed: Deed) -> Self {
        let day = self.stage.day(ago);
        let same_day = self.steps.iter().filter(|step| step.at >= office_hour(day, 0)).count();
        // Stories begin their days at different minutes, and each takes its steps in order.
        let first: u32 = self.key.bytes().map(u32::from).sum::<u32>() % 50;
        let minutes = i64::from(first) + i64::try_from(same_day).unwrap_or(0) * 9;
        let username = username(role, self.submission.agency_id == self.stage.department);
        self.steps.push(Told {
            case: self.target.clone(),
            day,
            at: office_hour(day, minutes),
            username,
            deed,
        });
        self
    }

    fn petitioner(&self) -> Role {
        petitioner(self.submission.applicant_user_id.is_some())
    }

    /// The application is submitted, online by the account, otherwise entered by the clerk.
    pub fn submit(mut self, ago: i32, title: &str, features: &str) -> Self {
        let day = self.stage.day(ago);
        self.submission.arrived_on = day;
        self.submission.description = Some(Description {
            title: in_year(title, day),
            document_number: None,
            features: in_year(features, day),
        });
        let (role, submission) = (self.petitioner(), Box::new(self.submission.clone()));
        self.tell(ago, role, Deed::Submit(role, submission))
    }

    /// A letter of which the clerk enters nothing but the scan, and misreads the number of the identity document.
    pub fn submit_misread_scan(mut self, ago: i32) -> Self {
        self.submission.arrived_on = self.stage.day(ago);
        (self.submission.form, self.submission.route) = (None, None);
        if let Some(document) = &mut self.submission.applicant.id_document {
            document.number = document.number.take().map(|number| number.replace('1', "7"));
        }
        let submission = Box::new(self.submission.clone());
        self.tell(ago, Role::Clerk, Deed::Submit(Role::Clerk, submission))
            .enclosing(Purpose::Application, "申请书.pdf")
    }

    /// Any step.
    pub fn on(self, ago: i32, step: Step) -> Self {
        self.tell(ago, step.role, Deed::Act(step))
    }

    /// The last step encloses a file: with the application, the answer, or the first item of the draft.
    pub fn enclosing(mut self, purpose: Purpose, name: &str) -> Self {
        let file = format!("@doc:{}:{name}", purpose.code());
        match self.steps.last_mut().map(|step| &mut step.deed) {
            Some(Deed::Submit(_, submission)) => submission.document_ids.push(file),
            Some(Deed::Act(Step { body, .. })) => {
                let place = match body.pointer("/items/0") {
                    Some(_) => body.pointer_mut("/items/0"),
                    None => Some(body),
                };
                if let Some(fields) = place.and_then(Value::as_object_mut) {
                    fields.insert("document_ids".to_owned(), json!([file]));
                }
            }
            None => {}
        }
        self
    }

    /// The last step was entered only later; it has a date of its own.
    pub fn entered_late(mut self, ago: i32, reason: &str) -> Self {
        let entered = office_hour(self.stage.day(ago), 200);
        if let Some(Told {
            at,
            deed: Deed::Act(step),
            ..
        }) = self.steps.last_mut()
        {
            *at = entered;
            step.enter_late(reason);
        }
        self
    }

    /// The officer confirms the receipt.
    pub fn receive(self, ago: i32) -> Self {
        self.receive_by(ago, Role::Officer)
    }

    pub fn receive_by(self, ago: i32, role: Role) -> Self {
        let step = received(&self.submission, Some("电话与申请人确认收到申请"));
        self.on(ago, step.by(role))
    }

    /// Both reviews on one day.
    pub fn review(self, ago: i32) -> Self {
        self.on(ago, review_formally()).on(ago, review_substantively())
    }

    pub fn request_amendment(self, ago: i32, delivered: i32, defect: &str) -> Self {
        let delivery = record_notice_delivery("amendment_notice", "邮政特快专递", Some("邮件查询单"));
        self.on(ago, request_amendment(defect)).on(delivered, delivery)
    }

    /// The account amends online, others through the clerk.
    pub fn amend(self, ago: i32, title: &str, features: &str) -> Self {
        let role = self.petitioner();
        let description = json!({ "title": title, "features": features });
        self.on(ago, receive_amendment(description).by(role))
    }

    pub fn consult(self, ago: i32, party: &str, concerning: &str) -> Self {
        self.on(ago, consult_third_party(party, "江临市澄溪县工业园区", concerning))
    }

    /// The letter of the last consultation reached its addressee.
    pub fn consultation_delivered(self, ago: i32) -> Self {
        let delivery = record_notice_delivery("consultation", "邮政特快专递", Some("邮件查询单"));
        self.on(ago, delivery)
    }

    pub fn fee_by_page(self, ago: i32, delivered: i32, pages: u32) -> Self {
        let delivery = record_notice_delivery("fee_notice", "直接送达", Some("送达回证"));
        self.on(ago, issue_fee_notice(pages)).on(delivered, delivery)
    }

    /// The secrecy review releases the first item.
    pub fn release(self, ago: i32) -> Self {
        self.on(ago, released(&[0]))
    }

    /// From the draft of a reply that gives what was asked to its approval, in three days.
    pub fn granted(self, ago: i32, item: Item) -> Self {
        self.on(ago, draft_reply(&[item]))
            .release(ago - 1)
            .on(ago - 1, submit_for_approval())
            .on(ago - 2, approve_reply())
    }

    /// From the draft of a reply that refuses to its approval, in three days.
    pub fn refused(self, ago: i32, item: Item) -> Self {
        self.on(ago, draft_reply(&[item]))
            .on(ago, submit_for_legal_review())
            .on(ago - 1, review_legally("pass", None))
            .on(ago - 1, submit_for_approval())
            .on(ago - 2, approve_reply())
    }

    pub fn issue(self, ago: i32, method: &str) -> Self {
        self.on(ago, issue_reply(method))
    }

    pub fn deliver(self, ago: i32, result: &str) -> Self {
        self.on(ago, record_delivery(result, Some("送达回证")))
    }

    /// By mail: sent, signed for, archived.
    pub fn mailed(self, issued: i32, delivered: i32, archived: i32) -> Self {
        self.issue(issued, "mail")
            .deliver(delivered, "signed")
            .on(archived, archive())
    }

    pub fn withdraw(self, ago: i32, reason: &str) -> Self {
        let role = self.petitioner();
        self.on(ago, withdraw(reason).by(role))
    }
}

/// The key of a part of a split application.
pub fn part_key(key: &str, number: usize) -> String {
    format!("{key}-{number}")
}
