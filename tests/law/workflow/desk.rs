//! One case on the desk: a day, people in roles, and bodies as outside code sends them.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use gongkai::domain::case::Author;
use gongkai::domain::case::parts::SplitPart;
use gongkai::domain::case::retention::OwnRetention;
use gongkai::domain::case::sub::SubProcess;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{
    Action, Applied, Case, Context, Instruction, Law, Lookups, MergeTarget, OtherApplication, State, Submission, Who,
};
use gongkai::domain::instrument::issued::Issued;
use gongkai::domain::law::calendar::Calendar;
use gongkai::domain::law::deadline::Report;
use gongkai::domain::law::refusal::{Refusal, Rejection};
use gongkai::domain::law::rules::RulePacks;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::{CaseKind, Outcome};
use gongkai::domain::words::ids::{CaseId, UnitId, UserId};
use gongkai::domain::words::text::FieldError;
use serde_json::{Value, json};

use super::invariants::check_invariants;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::embedded().unwrap());
static RULES: LazyLock<RulePacks> = LazyLock::new(|| RulePacks::embedded().unwrap());

thread_local! {
    static IN_FORCE: Cell<Option<Law<'static>>> = const { Cell::new(None) };
}

/// Puts other law in force for the rest of this test.
pub fn enact(rules: &'static RulePacks) {
    let calendar = &CALENDAR;
    IN_FORCE.set(Some(Law { rules, calendar }));
}

pub fn law() -> Law<'static> {
    IN_FORCE.get().unwrap_or(Law {
        rules: &RULES,
        calendar: &CALENDAR,
    })
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The n-th working day after `from`.
pub fn working_day(from: NaiveDate, n: u32) -> NaiveDate {
    CALENDAR.add_working_days(from, n)
}

fn uuid(n: usize) -> String {
    format!("01990000-0000-7000-8000-{n:012}")
}

pub fn unit(n: usize) -> UnitId {
    uuid(500 + n).parse().unwrap()
}

/// The `n`-th person who holds one role; `person(role, 0)` is the usual one.
pub fn person(role: Role, n: usize) -> Who {
    let place = Role::ALL.iter().position(|known| *known == role).unwrap();
    Who {
        user_id: Some(uuid(100 + 10 * place + n).parse::<UserId>().unwrap()),
        roles: BTreeSet::from([role]),
        unit_id: (role == Role::Handler).then(|| unit(n)),
        timer: false,
    }
}

/// One person who holds every role of an agency, as in a small office.
pub fn jack_of_all_trades() -> Who {
    Who {
        user_id: Some(uuid(99).parse().unwrap()),
        roles: Role::ALL
            .iter()
            .copied()
            .filter(|role| role.is_held_in_agency())
            .collect(),
        unit_id: Some(unit(0)),
        timer: false,
    }
}

pub fn timer() -> Who {
    Who {
        timer: true,
        ..Who::default()
    }
}

impl From<RoleOrWho> for Who {
    fn from(someone: RoleOrWho) -> Self {
        someone.0
    }
}

/// Either a role, played by its usual person, or a certain person.
pub struct RoleOrWho(Who);

impl From<Role> for RoleOrWho {
    fn from(role: Role) -> Self {
        Self(person(role, 0))
    }
}

impl From<&Who> for RoleOrWho {
    fn from(who: &Who) -> Self {
        Self(who.clone())
    }
}

impl From<Who> for RoleOrWho {
    fn from(who: Who) -> Self {
        Self(who)
    }
}

pub fn submission(kind: CaseKind, channel: Channel, arrived_on: NaiveDate) -> Submission {
    Submission {
        kind,
        agency_id: uuid(1).parse().unwrap(),
        channel,
        arrived_on,
        intake_number: "SQ-2025-00001".into(),
        applicant: serde_json::from_value(json!({
            "kind": "natural_person", "name": "陈明远", "phone": "13800000000",
            "id_document": {"kind": "resident_id", "number": "11010519491231002X"},
        }))
        .unwrap(),
        applicant_user_id: person(Role::Applicant, 0).user_id,
        filled_by_agency: false,
        read_back: None,
        description: serde_json::from_value(json!({"title": "2024年度征地补偿方案", "features": "城东片区，含附件"}))
            .unwrap(),
        form: serde_json::from_value(json!("paper")).unwrap(),
        route: serde_json::from_value(json!("email")).unwrap(),
        document_ids: Vec::new(),
        accessibility_needs: None,
        split_from: None,
    }
}

pub fn lookups() -> Lookups {
    Lookups {
        amendment_working_days: None,
        number: Some("YX-2025-00001".into()),
        part_ids: vec![uuid(71).parse().unwrap()],
        merge_target: Some(MergeTarget {
            open: true,
            same_agency: true,
            same_applicant: true,
            same_kind: true,
            due_later: false,
        }),
        other_application: Some(OtherApplication {
            alive: true,
            alike: true,
        }),
        answered: ["YX-2024-00007".to_owned()].into(),
        person_of_document: None,
        person_found: true,
        unit_found: true,
        colleague_found: true,
        fee_ordinal: 11,
        look_alikes: 0,
        late_entry_days: 3,
        retentions: vec![OwnRetention {
            code: "15y".into(),
            label: "15 年".into(),
            years: Some(15),
            permanent: false,
        }],
        documents: ["doc-1", "doc-2"].map(String::from).into(),
        edited: true,
        attached: Vec::new(),
    }
}

/// Noon in Shanghai.
pub fn noon(today: NaiveDate) -> DateTime<Utc> {
    today.and_hms_opt(4, 0, 0).unwrap().and_utc()
}

pub fn granted() -> Value {
    json!({"description": "补偿方案正文", "outcome": "granted", "document_ids": ["doc-1"]})
}

pub fn withheld() -> Value {
    json!({
        "description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "explanation": "属于讨论记录",
    })
}

pub fn search_record(searched_on: NaiveDate) -> Value {
    json!({
        "scope": "2020年以来的发文和档案", "systems": ["OA", "档案系统"], "keywords": ["征地", "补偿"],
        "searched_by": "李静", "searched_on": searched_on,
    })
}

#[derive(Clone)]
pub struct Desk {
    pub case: Case,
    pub today: NaiveDate,
    pub lookups: Lookups,
    /// Whether an action dated before today gets the usual reason when the body gives none.
    pub excuse_late_entries: bool,
}

impl Desk {
    pub fn of(kind: CaseKind, channel: Channel, arrived_on: NaiveDate) -> Self {
        Self::entered(submission(kind, channel, arrived_on))
    }

    /// An application as the clerk entered it on the day it arrived.
    pub fn entered(submission: Submission) -> Self {
        let arrived_on = submission.arrived_on;
        let by = person(Role::Clerk, 0);
        let author = Author {
            user_id: by.user_id,
            role: Some(Role::Clerk),
        };
        let lookups = lookups();
        let ctx = Context {
            law: law(),
            today: arrived_on,
            now: noon(arrived_on),
            lookups: lookups.clone(),
        };
        let id: CaseId = uuid(70).parse().unwrap();
        let (case, applied) = Case::submit(id, submission, author, &ctx);
        assert_eq!(applied.events.as_slice(), case.log());
        let desk = Self {
            case,
            today: arrived_on,
            lookups,
            excuse_late_entries: true,
        };
        desk.check();
        desk
    }

    pub fn submitted(channel: Channel, arrived_on: &str) -> Self {
        Self::of(CaseKind::Disclosure, channel, day(arrived_on))
    }

    /// Received in person on that day.
    pub fn registered(received_on: &str) -> Self {
        let mut desk = Self::submitted(Channel::InPerson, received_on);
        desk.act(
            Role::Clerk,
            json!({"action": "confirm_receipt", "received_on": received_on}),
        );
        desk
    }

    /// Received in person on that day and found in order the same day.
    pub fn in_progress(received_on: &str) -> Self {
        let mut desk = Self::registered(received_on);
        desk.review();
        desk
    }

    pub fn review(&mut self) -> &mut Self {
        self.act(Role::Officer, json!({"action": "review_formally", "checks": {"name": true, "contact": true, "content": true, "form": true, "identity": true}}))
            .act(Role::Officer, json!({"action": "review_substantively", "checks": {
                "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false, "already_public": false,
            }}))
    }

    /// With a draft of these items, its secrecy verdicts given, in legal review where needed, and before the approver.
    pub fn before_approver(received_on: &str, items: Value) -> Self {
        let mut desk = Self::in_progress(received_on);
        desk.draft(items).lead_to_approver();
        desk
    }

    pub fn draft(&mut self, items: Value) -> &mut Self {
        self.act(Role::Officer, json!({"action": "draft_reply", "items": items}))
    }

    pub fn lead_to_approver(&mut self) -> &mut Self {
        let items = self.case.data().draft.as_ref().unwrap().items.clone();
        let verdicts: Vec<_> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.needs_secrecy_verdict())
            .map(|(index, _)| json!({"item": index, "verdict": "release"}))
            .collect();
        if !verdicts.is_empty() {
            self.act(Role::Secrecy, json!({"action": "review_secrecy", "verdicts": verdicts}));
        }
        if items.iter().any(|item| !item.outcome.gives_what_was_asked()) {
            self.act(Role::Officer, json!({"action": "submit_for_legal_review"}))
                .act(Role::Legal, json!({"action": "review_legally", "opinion": "pass"}));
        }
        self.act(Role::Officer, json!({"action": "submit_for_approval"}))
    }

    /// Approved and sent by mail today.
    pub fn replied(received_on: &str, items: Value) -> Self {
        let mut desk = Self::before_approver(received_on, items);
        let today = desk.today;
        desk.act(Role::Approver, json!({"action": "approve_reply"})).act(
            Role::Officer,
            json!({"action": "issue_reply", "method": "mail", "replied_on": today}),
        );
        desk
    }

    pub fn delivered(received_on: &str) -> Self {
        let mut desk = Self::replied(received_on, json!([granted()]));
        let today = desk.today;
        desk.act(
            Role::Clerk,
            json!({"action": "record_delivery", "result": "signed", "delivered_on": today}),
        );
        desk
    }

    pub fn closed(received_on: &str) -> Self {
        let mut desk = Self::in_progress(received_on);
        desk.act(Role::Applicant, json!({"action": "withdraw"}));
        desk
    }

    pub fn archived(received_on: &str) -> Self {
        let mut desk = Self::delivered(received_on);
        desk.act(Role::Clerk, json!({"action": "archive", "retention": "30y"}));
        desk
    }

    pub fn amendment_pending(received_on: &str) -> Self {
        let mut desk = Self::registered(received_on);
        desk.act(
            Role::Officer,
            json!({
                "action": "request_amendment", "notified_on": received_on, "defects": ["内容不明确"],
                "delivered_on": received_on,
            }),
        );
        desk
    }

    /// A real case in each state.
    pub fn in_state(state: State) -> Self {
        const ON: &str = "2025-09-22";
        match state {
            State::Submitted => Self::submitted(Channel::InPerson, ON),
            State::Registered => Self::registered(ON),
            State::AmendmentPending => Self::amendment_pending(ON),
            State::InProgress => Self::in_progress(ON),
            State::InReview => {
                let mut desk = Self::in_progress(ON);
                desk.draft(json!([withheld()]))
                    .act(Role::Officer, json!({"action": "submit_for_legal_review"}));
                desk
            }
            State::InApproval => Self::before_approver(ON, json!([granted()])),
            State::Replied => Self::replied(ON, json!([granted()])),
            State::Delivered => Self::delivered(ON),
            State::Closed => Self::closed(ON),
            State::Archived => Self::archived(ON),
        }
    }

    pub fn on(&mut self, today: &str) -> &mut Self {
        self.today = day(today);
        self
    }

    pub fn ctx(&self) -> Context<'static> {
        Context {
            law: law(),
            today: self.today,
            now: noon(self.today),
            lookups: self.lookups.clone(),
        }
    }

    /// Sends a body as it is.
    pub fn send(&mut self, who: impl Into<RoleOrWho>, body: Value) -> Result<Applied, Rejection> {
        let who = who.into().0;
        let mut instruction = Instruction::parse(body).map_err(Rejection::Fields)?;
        if self.excuse_late_entries && instruction.on.is_some_and(|on| on < self.today) {
            instruction
                .late_entry_reason
                .get_or_insert_with(|| "纸质登记簿补录".into());
        }
        let before = self.case.clone();
        let ctx = self.ctx();
        let answer = self.case.apply(&who, &instruction, &ctx);
        match &answer {
            Ok(applied) => {
                let added = self.case.log().strip_prefix(before.log()).unwrap();
                assert_eq!(applied.events.as_slice(), added, "what was applied is what was logged");
                assert!(!added.is_empty(), "every accepted command leaves a trace");
                leave_instruments(&mut self.case, applied.clone());
            }
            Err(_) => assert_eq!(self.case, before, "a refused command leaves the case as it was"),
        }
        answer
    }

    /// Sends a body that must be accepted.
    #[track_caller]
    pub fn act(&mut self, who: impl Into<RoleOrWho>, body: Value) -> &mut Self {
        let answer = self.send(who, body.clone());
        assert!(answer.is_ok(), "{body}\n{answer:#?}");
        self.check();
        self
    }

    /// Takes an action with its plainest body.
    #[track_caller]
    pub fn plainly(&mut self, who: impl Into<RoleOrWho>, action: Action) -> &mut Self {
        let body = super::reach::plainest_body(action, self);
        self.act(who, body)
    }

    /// Sends a body that the workflow must refuse.
    #[track_caller]
    pub fn refused(&mut self, who: impl Into<RoleOrWho>, body: Value) -> Refusal {
        match self.send(who, body.clone()) {
            Err(Rejection::Refused(refusal)) => {
                let words = [refusal.reason.zh.as_ref(), refusal.reason.en.as_ref()];
                assert!(
                    words.iter().all(|words| !words.contains('{')),
                    "a place is not filled in: {words:?}"
                );
                *refusal
            }
            other => panic!("{body}\nshould be refused: {other:#?}"),
        }
    }

    /// The pointers of the fields for which a body must be refused.
    #[track_caller]
    pub fn wrong(&mut self, who: impl Into<RoleOrWho>, body: Value) -> Vec<String> {
        let errors = self.wrong_fields(who, body);
        errors.into_iter().map(|error| error.pointer).collect()
    }

    /// The same with what is said of each field.
    #[track_caller]
    pub fn wrong_fields(&mut self, who: impl Into<RoleOrWho>, body: Value) -> Vec<FieldError> {
        match self.send(who, body.clone()) {
            Err(Rejection::Fields(errors)) => errors,
            other => panic!("{body}\nshould have wrong fields: {other:#?}"),
        }
    }

    #[track_caller]
    pub fn forbidden(&mut self, who: impl Into<RoleOrWho>, body: Value) {
        let answer = self.send(who, body.clone());
        assert_eq!(answer, Err(Rejection::Forbidden), "{body}");
    }

    pub fn state(&self) -> State {
        self.case.data().state
    }

    pub fn outcome(&self) -> Option<Outcome> {
        self.case.data().ending().map(|ending| ending.outcome)
    }

    /// The newest sub-process of a kind.
    #[track_caller]
    pub fn sub(&self, kind: &str) -> &dyn SubProcess {
        let subs = self.case.data().subs.all();
        let newest = subs.iter().rev().find(|sub| sub.kind() == kind);
        *newest.unwrap_or_else(|| panic!("no {kind} among {subs:#?}"))
    }

    #[track_caller]
    pub fn id(&self, kind: &str) -> String {
        self.sub(kind).id()
    }

    /// The clock today.
    #[track_caller]
    pub fn clock(&self) -> Report {
        self.case.clock(&law(), self.today, false).unwrap().unwrap()
    }

    /// The position of the newest event with a code.
    #[track_caller]
    pub fn seq(&self, code: &str) -> u32 {
        let found = self.case.log().iter().rev().find(|logged| logged.event.code() == code);
        found.unwrap_or_else(|| panic!("no {code}")).seq
    }

    pub fn allowed(&self, who: impl Into<RoleOrWho>) -> Vec<Action> {
        self.case.allowed_actions(&who.into().0, &self.ctx())
    }

    #[track_caller]
    /// The second part of a split application, as a case of its own.
    pub fn second_part(&self) -> Case {
        let second = SplitPart {
            title: "评估报告".into(),
            features: "全部".into(),
        };
        let author = Author {
            user_id: person(Role::Officer, 0).user_id,
            role: Some(Role::Officer),
        };
        let (intake, number) = ("SQ-2026-00002".to_owned(), "YX-2026-00002".to_owned());
        let id = self.lookups.part_ids[0];
        let (part, _) = self
            .case
            .split_off(id, &second, intake, number, author, &self.ctx())
            .expect("a received case");
        part
    }

    pub fn check(&self) {
        if let Err(wrong) = check_invariants(&self.case, self.today) {
            panic!("{wrong}\n{:#?}", self.case);
        }
    }
}

/// As the service does with every entry: the instruments that it orders stand in the log.
fn leave_instruments(case: &mut Case, mut applied: Applied) {
    let version = usize::try_from(case.version()).unwrap();
    let orders = case.orders().into_iter().enumerate();
    let issued: Vec<Issued> = orders
        .map(|(place, order)| Issued {
            id: uuid(10_000 * (place + 1) + version).parse().unwrap(),
            code: order.code,
            addressee: order.addressee.kind,
            number: None,
            sha256: None,
            template_version: None,
            on_paper: None,
            same_as: None,
        })
        .collect();
    if !issued.is_empty() {
        case.leave(&mut applied, issued);
    }
}
