//! The life of one case, told in the domain alone: every step by the person whose step it is, on a working day, as far as
//! the present. What lies ahead is left out, so that fresh cases stand where they would stand.

mod ending;
mod handling;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::answers::{End, References, end, items};
use super::crowd::Crowd;
use super::draw::Draw;
use super::places::Office;
use super::plan::Plan;
use super::words::{Wish, wish};
use crate::demo::days::office_hour;
use crate::domain::case::fields::*;
use crate::domain::case::state::{Channel, Form, Route, SubDetail};
use crate::domain::case::{Applied, Author, Case, Command, Context, Instruction, Law, Lookups, Submission, Who};
use crate::domain::civil_date;
use crate::domain::law::refusal::Rejection;
use crate::domain::people::access::Role;
use crate::domain::people::party::{Applicant, Party};
use crate::domain::reply::{self, CaseKind, Outcome, SecrecyVerdict};
use crate::domain::words::ids::{CaseId, Id, UserId};
use chrono::Datelike;

/// What all lives share.
#[derive(Debug)]
pub struct World<'a> {
    pub law: Law<'a>,
    pub now: DateTime<Utc>,
    pub offices: &'a [Office],
    pub crowd: Crowd,
    /// The account that applies online at times.
    pub account: Option<(UserId, Applicant)>,
}

/// A case as it stands now, with all its events.
#[derive(Debug)]
pub struct Lived {
    pub case: Case,
    pub applied: Applied,
    /// A step that the law in force refused; the case goes no further.
    pub refused: Option<String>,
}

/// One online application in so many is the account's.
const OF_THE_ACCOUNT: u32 = 700;

struct Life<'a> {
    world: &'a World<'a>,
    office: &'a Office,
    plan: &'a Plan,
    draw: Draw,
    wish: Wish,
    case: Case,
    officer: UserId,
    account: Option<UserId>,
    /// The moment of the last step.
    last: DateTime<Utc>,
    refused: Option<String>,
}

/// Tells the life of a planned case; `None` for a plan of an agency that is not there.
pub fn live(world: &World<'_>, plan: &Plan) -> Option<Lived> {
    let office = world.offices.get(plan.office)?;
    let mut draw = Draw::new(plan.seed, 2);
    let end = match end(&mut draw) {
        // Without units nobody searches.
        End::NotExisting if office.handler.is_none() => End::Elsewhere,
        end => end,
    };
    let year = plan.arrived_on.year();
    let mut wish = wish(&mut Draw::new(plan.words, 0), office.field, year, &office.prefix);
    let same_day = civil_date(plan.entered_at) == plan.arrived_on;
    let by_account = plan.channel == Channel::Online && same_day && draw.below(OF_THE_ACCOUNT) == 0;
    let account = world.account.as_ref().filter(|_| by_account && !plan.lost);
    let kind = match end {
        End::Correction(_) => {
            wish.description.title = format!("更正本人的{}登记信息", wish.matter);
            CaseKind::Correction
        }
        _ => CaseKind::Disclosure,
    };
    let submission = Submission {
        kind,
        agency_id: office.id,
        channel: plan.channel,
        arrived_on: plan.arrived_on,
        intake_number: format!("{}-{year}-S{:05}", office.code, plan.intake),
        applicant: match account {
            Some((_, profile)) => profile.clone(),
            None => world.crowd.applicant(world.crowd.someone(&mut draw)),
        }
        .normalised(),
        applicant_user_id: account.map(|(id, _)| *id),
        filled_by_agency: false,
        read_back: None,
        description: wish.description.clone(),
        form: Form::Paper,
        route: Route::Mail,
        document_ids: Vec::new(),
        accessibility_needs: None,
        split_from: None,
    };
    let submission = wanted(submission, &mut draw);
    let author = match account {
        Some((id, _)) => (*id, Role::Applicant),
        None => (office.clerk, Role::Clerk),
    };
    let author = Author {
        user_id: Some(author.0),
        role: Some(author.1),
    };
    let context = Context {
        law: world.law,
        today: civil_date(plan.entered_at),
        now: plan.entered_at,
        lookups: Lookups::default(),
    };
    let id = CaseId::from_parts(plan.entered_at, draw.ten_bytes());
    let (case, _) = Case::submit(id, submission, author, &context);
    let officer = draw.weighted(&office.officers.iter().map(|id| (1, *id)).collect::<Vec<_>>())?;
    let mut life = Life {
        world,
        office,
        plan,
        draw,
        wish,
        case,
        officer,
        account: account.map(|(id, _)| *id),
        last: plan.entered_at,
        refused: None,
    };
    // How far it came is in the case.
    let _ = life.tell(end);
    let events = life.case.log().to_vec();
    Some(Lived {
        case: life.case,
        applied: Applied { events },
        refused: life.refused,
    })
}

/// How the information is wanted; who writes from the network rarely wants paper.
fn wanted(submission: Submission, draw: &mut Draw) -> Submission {
    let online = submission.channel == Channel::Online;
    let (form, route) = match draw.below(10) {
        0..=4 if online => (Form::Electronic, Route::Online),
        5..=7 if online => (Form::Electronic, Route::Email),
        8..=9 if !online => (Form::Paper, Route::Pickup),
        _ => (Form::Paper, Route::Mail),
    };
    Submission {
        form,
        route,
        ..submission
    }
}

impl Life<'_> {
    /// `count` working days after a day; the day itself for 0.
    fn after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        match count {
            0 => day,
            count => self.world.law.calendar.add_working_days(day, count),
        }
    }

    fn later(&mut self, day: NaiveDate, low: u32, high: u32) -> NaiveDate {
        let count = self.draw.between(low, high);
        self.after(day, count)
    }

    fn person(&self, role: Role) -> Option<UserId> {
        match role {
            Role::Applicant => self.account,
            Role::Clerk => Some(self.office.clerk),
            Role::Officer => Some(self.officer),
            Role::Handler => self.office.handler.map(|(user, _)| user),
            Role::Secrecy => Some(self.office.secrecy),
            Role::Legal => Some(self.office.legal),
            Role::Approver => Some(self.office.approver),
            Role::Supervisor | Role::Admin => None,
        }
    }

    /// Takes a step at a moment; `None` when it lies ahead or is refused: the story ends there.
    fn take(&mut self, at: DateTime<Utc>, role: Role, instruction: &Instruction) -> Option<()> {
        if at > self.world.now {
            return None;
        }
        let who = Who {
            user_id: self.person(role),
            roles: BTreeSet::from([role]),
            unit_id: self
                .office
                .handler
                .map(|(_, unit)| unit)
                .filter(|_| role == Role::Handler),
            timer: false,
        };
        let number = self.plan.received_at.map(|received| {
            let year = civil_date(received).year();
            format!("{}-{year}-{:05}", self.office.code, self.plan.number)
        });
        let context = Context {
            law: self.world.law,
            today: civil_date(at),
            now: at,
            lookups: Lookups {
                number,
                unit_found: true,
                colleague_found: true,
                fee_ordinal: 1,
                amendment_working_days: Some(self.office.amendment_working_days),
                ..Lookups::default()
            },
        };
        match self.case.apply(&who, instruction, &context) {
            Ok(_) => {
                self.last = at;
                Some(())
            }
            Err(rejection) => {
                self.refused = Some(format!("{}: {}", instruction.command.action().code(), why(&rejection)));
                None
            }
        }
    }

    /// Takes a step on a day in office hours, or on the day of the last step where that is later; tells the day.
    fn on(&mut self, day: NaiveDate, role: Role, command: impl FnOnce(NaiveDate) -> Command) -> Option<NaiveDate> {
        let day = day.max(civil_date(self.last));
        let pause = TimeDelta::minutes(self.draw.between(3, 14).into());
        let at = office_hour(day, self.draw.between(0, 240).into()).max(self.last + pause);
        let instruction = Instruction {
            command: command(day),
            on: None,
            late_entry_reason: None,
        };
        self.take(at, role, &instruction)?;
        Some(day)
    }

    /// The newest sub-process of a kind.
    fn newest(&self, wanted: fn(&SubDetail) -> bool) -> Option<String> {
        let mut subs = self.case.data().subs.iter().rev();
        subs.find(|sub| wanted(&sub.detail)).map(|sub| sub.id.clone())
    }

    fn tell(&mut self, end: End) -> Option<()> {
        let Some(received_at) = self.plan.received_at else {
            return self.never_received();
        };
        let received = civil_date(received_at);
        if end == End::AlreadyPublic && self.plan.channel == Channel::InPerson && self.draw.chance(250) {
            return self.on_the_spot(received_at);
        }
        self.receive(received_at)?;
        let reviewed = self.later(received, 0, 2);
        let reviewed = self.review_formally(reviewed)?;
        let mut start = received;
        let mut day = reviewed;
        let unclear = matches!(end, End::AmendmentLapsed | End::StillUnclear);
        if unclear || self.draw.chance(45) {
            let notified = self.request_amendment(reviewed)?;
            if end == End::AmendmentLapsed {
                let lapsed = self.later(
                    notified,
                    self.office.amendment_working_days + 1,
                    self.office.amendment_working_days + 4,
                );
                let closed = self.on(lapsed, Role::Officer, |_| Command::LapseAmendment(LapseAmendment {}))?;
                return self.archive(closed);
            }
            start = self.receive_amendment(notified)?;
            let again = self.later(start, 0, 2);
            day = self.review_formally(again)?;
        }
        if end == End::Withdrawn {
            let day = self.later(day, 0, 8);
            let reason = self
                .draw
                .pick(&["已从其他途径取得", "与经办人沟通后不再需要", "申请内容有误，另行申请"]);
            let role = if self.account.is_some() {
                Role::Applicant
            } else {
                Role::Clerk
            };
            let closed = self.on(day, role, |_| {
                Command::Withdraw(Withdraw {
                    reason: Some(reason.to_owned()),
                })
            })?;
            return self.archive(closed);
        }
        let day = self.later(day, 0, 2);
        let day = self.review_substantively(day)?;
        self.handle(end, start, day)
    }

    fn never_received(&mut self) -> Option<()> {
        if !self.plan.lost {
            return None;
        }
        let first = civil_date(self.last);
        let second = self.later(first, 2, 4);
        for (day, means, result) in [
            (first, ContactMeans::Phone, "拨打申请书所留电话，无人接听"),
            (second, ContactMeans::Letter, "已寄出请其与我机关联系确认的信函"),
        ] {
            self.on(day, Role::Clerk, |on| {
                Command::RecordContactAttempt(RecordContactAttempt {
                    on,
                    means,
                    result: result.to_owned(),
                })
            })?;
        }
        let closed = self.later(second, 8, 20);
        let reason = self
            .draw
            .weighted(&[(7, IntakeEnd::Unreachable), (3, IntakeEnd::NotARequest)])?;
        let closed = self.on(closed, Role::Officer, |_| {
            Command::CloseIntake(CloseIntake {
                reason,
                other_case_id: None,
                note: None,
            })
        })?;
        self.archive(closed)
    }

    fn on_the_spot(&mut self, at: DateTime<Utc>) -> Option<()> {
        let command = Command::ReplyOnTheSpot(ReplyOnTheSpot {
            received_on: civil_date(at),
            explanation: "您申请的信息已经主动公开，当场告知查询途径。".to_owned(),
            r#where: Some(format!("门户网站“政府信息公开”专栏，{}", self.wish.matter)),
            document_ids: Vec::new(),
        });
        let instruction = Instruction {
            command,
            on: None,
            late_entry_reason: None,
        };
        self.take(at, Role::Officer, &instruction)?;
        let day = self.delivered(civil_date(at), DeliveryResult::Signed)?;
        self.archive(day)
    }

    /// Receipt by the rule of the channel (Art 31).
    fn receive(&mut self, at: DateTime<Utc>) -> Option<()> {
        if self.account.is_some() {
            let confirmed = Instruction {
                command: Command::ConfirmSubmission(ConfirmSubmission {}),
                on: None,
                late_entry_reason: None,
            };
            self.take(self.last + TimeDelta::minutes(2), Role::Applicant, &confirmed)?;
        }
        let applicant = &self.case.data().submission.applicant;
        let by = applicant.contact_name.as_ref().unwrap_or(&applicant.name).clone();
        let asked = self.plan.channel.needs_confirmation() && self.account.is_none();
        let command = Command::ConfirmReceipt(ConfirmReceipt {
            received_on: civil_date(at),
            evidence: asked.then_some(Evidence {
                means: EvidenceMeans::Phone,
                by,
                note: None,
            }),
        });
        let instruction = Instruction {
            command,
            on: None,
            late_entry_reason: None,
        };
        self.take(at, Role::Officer, &instruction)
    }

    fn review_formally(&mut self, day: NaiveDate) -> Option<NaiveDate> {
        self.on(day, Role::Officer, |_| {
            Command::ReviewFormally(ReviewFormally {
                checks: FormalChecks {
                    name: true,
                    contact: true,
                    content: true,
                    form: true,
                    identity: true,
                },
                note: None,
            })
        })
    }

    fn review_substantively(&mut self, day: NaiveDate) -> Option<NaiveDate> {
        self.on(day, Role::Officer, |_| {
            Command::ReviewSubstantively(ReviewSubstantively {
                checks: SubstantiveChecks {
                    relevant: true,
                    government_information: true,
                    held_by_us: true,
                    needs_processing: false,
                    already_public: false,
                },
                note: None,
            })
        })
    }

    fn request_amendment(&mut self, day: NaiveDate) -> Option<NaiveDate> {
        let day = self.later(day, 0, 3);
        let defect = self.draw.pick(&[
            "请写明地块位置、项目名称或者文件文号",
            "请写明所需信息的年度和种类",
            "请补充身份证明",
        ]);
        let notified = self.on(day, Role::Officer, |notified_on| {
            Command::RequestAmendment(RequestAmendment {
                notified_on,
                defects: vec![defect.to_owned()],
                respond_by: None,
                delivered_on: None,
            })
        })?;
        let day = self.later(notified, 1, 3);
        self.notice_delivered(day, NoticeTarget::AmendmentNotice, SubDetail::is_amendment_notice)?;
        Some(notified)
    }

    fn receive_amendment(&mut self, notified: NaiveDate) -> Option<NaiveDate> {
        let day = self.later(notified, 4, 12);
        let mut description = self.wish.description.clone();
        description.features = format!("补正：{}，形成于{}年", self.wish.information, self.wish.year);
        let role = if self.account.is_some() {
            Role::Applicant
        } else {
            Role::Clerk
        };
        self.on(day, role, |received_on| {
            Command::ReceiveAmendment(ReceiveAmendment {
                received_on,
                description: Some(description),
                document_ids: Vec::new(),
            })
        })
    }

    fn notice_delivered(
        &mut self,
        day: NaiveDate,
        target: NoticeTarget,
        sub: fn(&SubDetail) -> bool,
    ) -> Option<NaiveDate> {
        let id = self.newest(sub)?;
        self.on(day, Role::Clerk, |delivered_on| {
            Command::RecordNoticeDelivery(RecordNoticeDelivery {
                target,
                id,
                delivered_on,
                method: Some("邮政特快专递".to_owned()),
                proof: None,
            })
        })
    }
}

/// The reason of a refusal, for those who look after the data.
fn why(rejection: &Rejection) -> String {
    match rejection {
        Rejection::Forbidden => "forbidden".to_owned(),
        Rejection::Fields(errors) => errors
            .iter()
            .map(|error| format!("{} {}", error.pointer, error.detail.en))
            .collect::<Vec<_>>()
            .join("; "),
        Rejection::Refused(refusal) => format!("{}: {}", refusal.code, refusal.reason.en),
    }
}
