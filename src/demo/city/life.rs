//! One case of the city, in the domain alone: how it comes in, and how its people take each step on a working day, as far
//! as the present. What lies ahead is left out, so that fresh cases stand where they would stand.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::answers::{End, end};
use super::crowd::Crowd;
use super::draw::Draw;
use super::places::Office;
use super::plan::Plan;
use super::words::{Wish, wish};
use crate::demo::days::office_hour;
use crate::demo::steps::{Step, application, fill, petitioner, told_by};
use crate::domain::case::submission::{Channel, Form, Route};
use crate::domain::case::{Applied, Author, Case, Context, Instruction, Law, Lookups, Submission, Who};
use crate::domain::civil_date;
use crate::domain::law::refusal::Rejection;
use crate::domain::people::access::Role;
use crate::domain::people::agency::AgencySettings;
use crate::domain::people::party::Applicant;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{CaseId, Id, UserId};

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

/// A case being lived.
#[derive(Debug)]
pub struct Life<'a> {
    pub world: &'a World<'a>,
    pub office: &'a Office,
    pub plan: &'a Plan,
    pub draw: Draw,
    pub wish: Wish,
    pub case: Case,
    applied: Applied,
    officer: UserId,
    pub account: Option<UserId>,
    /// The moment of the last step.
    pub last: DateTime<Utc>,
    refused: Option<String>,
}

fn submitted(office: &Office, plan: &Plan, end: End, applicant: Applicant, wish: &Wish) -> Submission {
    let year = plan.arrived_on.year();
    let applicant = applicant.normalised();
    Submission {
        kind: match end {
            End::Correction(_) => CaseKind::Correction,
            _ => CaseKind::Disclosure,
        },
        intake_number: format!("{}-{year}-S{:05}", office.code, plan.intake),
        ..application(
            office.id,
            plan.channel,
            plan.arrived_on,
            applicant,
            Some(wish.description.clone()),
        )
    }
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
        form: Some(form),
        route: Some(route),
        ..submission
    }
}

impl<'a> Life<'a> {
    /// The application comes in as planned; `None` for a plan of an agency that is not there.
    pub fn begin(world: &'a World<'a>, plan: &'a Plan) -> Option<(Self, End)> {
        let office = world.offices.get(plan.office)?;
        let mut draw = Draw::new(plan.seed, 2);
        let end = match end(&mut draw) {
            // Without units nobody searches.
            End::NotExisting if office.handler.is_none() => End::Elsewhere,
            end => end,
        };
        let mut words = Draw::new(plan.words, 0);
        let mut wish = wish(&mut words, office.field, plan.arrived_on.year(), &office.prefix);
        if matches!(end, End::Correction(_)) {
            wish.description.title = format!("更正本人的{}登记信息", wish.matter);
        }
        let same_day = civil_date(plan.entered_at) == plan.arrived_on;
        let by_account = plan.channel == Channel::Online && same_day && draw.below(OF_THE_ACCOUNT) == 0;
        let profile = world.account.as_ref().filter(|_| by_account && !plan.lost);
        let applicant = match profile {
            Some((_, profile)) => profile.clone(),
            None => world.crowd.applicant(world.crowd.someone(&mut draw)),
        };
        let account = profile.map(|(id, _)| *id);
        let submission = Submission {
            applicant_user_id: account,
            ..submitted(office, plan, end, applicant, &wish)
        };
        let submission = wanted(submission, &mut draw);
        let author = Author {
            user_id: Some(account.unwrap_or(office.clerk)),
            role: Some(petitioner(account.is_some())),
        };
        let context = Context {
            law: world.law,
            today: civil_date(plan.entered_at),
            now: plan.entered_at,
            lookups: Lookups::default(),
        };
        let id = CaseId::from_parts(plan.entered_at, draw.ten_bytes());
        let (case, applied) = Case::submit(id, submission, author, &context);
        let among = u32::try_from(office.officers.len()).unwrap_or(0);
        let officer = usize::try_from(draw.below(among)).ok();
        let life = Self {
            world,
            office,
            plan,
            draw,
            wish,
            case,
            applied,
            officer: *office.officers.get(officer?)?,
            account,
            last: plan.entered_at,
            refused: None,
        };
        Some((life, end))
    }

    pub fn into_lived(self) -> Lived {
        Lived {
            case: self.case,
            applied: self.applied,
            refused: self.refused,
        }
    }

    /// `count` working days after a day; the day itself for 0.
    pub fn after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        match count {
            0 => day,
            count => self.world.law.calendar.add_working_days(day, count),
        }
    }

    pub fn later(&mut self, day: NaiveDate, low: u32, high: u32) -> NaiveDate {
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

    /// The number that a case of this agency has, or would have.
    pub fn number(&self, year: i32, number: i64) -> String {
        format!("{}-{year}-{number:05}", self.office.code)
    }

    fn known(&self, name: &str) -> Result<Value, crate::error::Error> {
        match (name, self.office.handler) {
            ("unit", Some((_, unit))) => Ok(json!(unit)),
            _ => told_by(&self.case, name),
        }
    }

    /// Takes a step of a day at a moment; `None` when it lies ahead or is refused: the story ends there.
    pub fn take(&mut self, at: DateTime<Utc>, day: NaiveDate, mut step: Step) -> Option<()> {
        if at > self.world.now {
            return None;
        }
        let filled = fill(&mut step.body, day, &mut |name| self.known(name)).map_err(|error| error.to_string());
        let unit = self.office.handler.map(|(_, unit)| unit);
        let who = Who {
            user_id: self.person(step.role),
            roles: BTreeSet::from([step.role]),
            unit_id: unit.filter(|_| step.role == Role::Handler),
            timer: false,
        };
        let unnumbered = self.plan.received_at.filter(|_| self.case.data().number.is_none());
        let number = unnumbered.map(|received| self.number(civil_date(received).year(), self.plan.number));
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
                late_entry_days: AgencySettings::default().late_entry_days,
                ..Lookups::default()
            },
        };
        let action = step.action().to_owned();
        let taken = filled.and_then(|()| {
            Instruction::parse(step.body)
                .map_err(Rejection::Fields)
                .and_then(|instruction| self.case.apply(&who, &instruction, &context))
                .map_err(|rejection| why(&rejection))
        });
        match taken {
            Ok(applied) => {
                self.applied.events.extend(applied.events);
                self.last = at;
                Some(())
            }
            Err(why) => {
                self.refused = Some(format!("{action}: {why}"));
                None
            }
        }
    }

    /// Takes a step on a day in office hours, or on the day of the last step where that is later; tells the day.
    pub fn on(&mut self, day: NaiveDate, step: Step) -> Option<NaiveDate> {
        let day = day.max(civil_date(self.last));
        let pause = TimeDelta::minutes(self.draw.between(3, 14).into());
        let at = office_hour(day, self.draw.between(0, 240).into()).max(self.last + pause);
        self.take(at, day, step)?;
        Some(day)
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
