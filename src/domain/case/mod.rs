//! The workflow of a case (办理流程): state machine, permission matrix and log in one.
//!
//! [`table`] says who may do what when; [`guard`] the conditions; [`decide`] turns a command into events or a refusal;
//! [`evolve`] folds events into the case. [`Case::apply`] is the only way to a changed case. Nothing here knows a
//! database, the network or the wall clock: the day, the law and what must be looked up come in [`Context`].

pub mod checks;
pub mod command;
pub mod decide;
pub mod diagram;
pub mod event;
mod evolve;
pub mod example;
pub mod fields;
pub mod guard;
pub mod progress;
pub mod projection;
pub mod queue;
mod split;
mod standing;
pub mod state;
pub mod table;
pub mod unreadable;

use crate::domain::law::calendar::Calendar;
use crate::domain::law::deadline::{self, Report};
use crate::domain::law::refusal::{Refusal, Rejection, Window};
use crate::domain::law::rules::{RulePack, RulePacks};
use crate::domain::people::access::Role;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{CaseId, UnitId, UserId};
use crate::domain::words::text::FieldError;
use chrono::{DateTime, NaiveDate, Utc};
pub use command::{Action, Command, Instruction, action_of};
pub use event::{Author, DocumentAttached, Event, LoggedEvent};
pub use projection::Projection;
pub use state::{CaseData, State, Submission};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The law in force: calendar and rule packs.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    pub rules: &'a RulePacks,
    pub calendar: &'a Calendar,
}

impl Law<'_> {
    /// The rule pack pinned to the case, or the one for its arrival before it is received.
    pub fn pack(&self, data: &CaseData) -> Cow<'_, RulePack> {
        let pack = data
            .rule_set
            .as_deref()
            .and_then(|code| self.rules.get(code))
            .unwrap_or_else(|| self.rules.for_receipt(data.submission.arrived_on));
        match data.submission.kind {
            CaseKind::Disclosure => Cow::Borrowed(pack),
            CaseKind::Correction => Cow::Owned(pack.for_correction()),
        }
    }
}

/// Who acts on a case, with the roles that apply to this case.
#[derive(Debug, Clone, Default)]
pub struct Who {
    pub user_id: Option<UserId>,
    pub roles: BTreeSet<Role>,
    pub unit_id: Option<UnitId>,
    /// A timer of the system instead of a person.
    pub timer: bool,
}

impl Who {
    fn may(&self, rule: &table::Rule) -> bool {
        (self.timer && rule.timer) || rule.roles.iter().any(|role| self.roles.contains(role))
    }

    /// Whether any row of the table gives this action to one of the roles.
    pub fn has_action(&self, action: Action) -> bool {
        table::rules_of(action).any(|rule| self.may(rule))
    }

    fn acts_as_applicant_only(&self) -> bool {
        !self.timer && self.roles.iter().all(|role| *role == Role::Applicant)
    }
}

/// The open case into which another is merged.
#[derive(Debug, Clone, Copy)]
pub struct MergeTarget {
    pub open: bool,
    pub same_agency: bool,
    pub same_applicant: bool,
    pub same_kind: bool,
}

/// What a command needs from outside the case, looked up in the same transaction.
#[derive(Debug, Clone, Default)]
pub struct Lookups {
    /// The next case number, for the actions that receive an application.
    pub number: Option<String>,
    /// Ids for the parts of a split but the first.
    pub part_ids: Vec<CaseId>,
    pub merge_target: Option<MergeTarget>,
    /// Whether the unit of an assignment belongs to the agency and is in use.
    pub unit_found: bool,
    /// Whether the person a case is handed to works on cases of the agency.
    pub colleague_found: bool,
    /// The applicant's ordinal in the month of receipt, for fees by request.
    pub fee_ordinal: u32,
    /// Working days that the agency gives for an amendment; the rule pack's where it says nothing.
    pub amendment_working_days: Option<u32>,
    /// Which of the documents named by the command the case holds or may take.
    pub documents: BTreeSet<String>,
    /// Those of them that no case holds yet: they become the case's with this command.
    pub attached: Vec<DocumentAttached>,
}

/// The circumstances of one command.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    pub law: Law<'a>,
    /// Legal today, the civil date of Asia/Shanghai.
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
    pub lookups: Lookups,
}

/// The events of one command, to be appended before anything else is believed.
#[must_use = "events that are not appended are lost"]
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    pub events: Vec<LoggedEvent>,
}

/// One case, folded from its log.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    id: CaseId,
    log: Vec<LoggedEvent>,
    data: CaseData,
}

/// What a person may do with a case now, and if not, why.
#[derive(Debug, Clone)]
pub struct ActionOption {
    pub action: Action,
    pub refusal: Option<Refusal>,
    pub window: Option<Window>,
    pub article: &'static str,
}

/// A log that cannot be a case: empty, not beginning with a submission, or with a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log of the case is broken at entry {seq}")]
pub struct BrokenLog {
    pub seq: u32,
}

impl Case {
    /// A new case from a submission.
    pub fn submit(id: CaseId, submission: Submission, author: Author, ctx: &Context<'_>) -> (Self, Applied) {
        let logged = LoggedEvent {
            seq: 1,
            occurred_on: submission.arrived_on,
            recorded_at: ctx.now,
            author,
            late_entry_reason: None,
            event: Event::Submitted(Box::new(submission.clone())),
        };
        let data = evolve::found(&submission, &logged);
        let mut case = Self {
            id,
            log: vec![logged.clone()],
            data,
        };
        let mut applied = Applied { events: vec![logged] };
        for document in &ctx.lookups.attached {
            let event = Event::DocumentAttached(document.clone());
            applied.events.push(case.tell(event, ctx.today, author, ctx));
        }
        (case, applied)
    }

    /// Folds a whole log, with confirmed corrections in effect from the start.
    ///
    /// # Errors
    /// The log is not one of a case.
    pub fn replay(id: CaseId, log: Vec<LoggedEvent>, law: &Law<'_>) -> Result<Self, BrokenLog> {
        for (index, logged) in log.iter().enumerate() {
            if usize::try_from(logged.seq).ok() != index.checked_add(1) {
                return Err(BrokenLog { seq: logged.seq });
            }
        }
        let data = fold(&log, law)?;
        Ok(Self { id, log, data })
    }

    pub fn id(&self) -> CaseId {
        self.id
    }

    /// The position of the last event: the version of the case.
    pub fn version(&self) -> u32 {
        self.log.last().map_or(0, |logged| logged.seq)
    }

    pub fn data(&self) -> &CaseData {
        &self.data
    }

    pub fn log(&self) -> &[LoggedEvent] {
        &self.log
    }

    /// Decides a command and folds its events into the case.
    ///
    /// # Errors
    /// Forbidden by role, impossible fields, or refused by the workflow; the case is unchanged then.
    pub fn apply(&mut self, who: &Who, instruction: &Instruction, ctx: &Context<'_>) -> Result<Applied, Rejection> {
        let action = instruction.command.action();
        if !who.has_action(action) {
            return Err(Rejection::Forbidden);
        }
        self.decide(who, instruction, ctx).map_err(|rejection| match rejection {
            Rejection::Refused(mut refusal) => {
                refusal.allowed_actions = self.allowed_actions(who, ctx);
                Rejection::Refused(refusal)
            }
            other => other,
        })
    }

    fn decide(&mut self, who: &Who, instruction: &Instruction, ctx: &Context<'_>) -> Result<Applied, Rejection> {
        let action = instruction.command.action();
        let on = instruction.on.unwrap_or(ctx.today);
        decide::check_dates(instruction, on, who, ctx)?;
        decide::check_fields(&self.data, who, &instruction.command)?;
        let rule = self.permit(who, action, &ctx.law, on)?;
        let events = decide::decide(self, who, &instruction.command, on, ctx)?;
        let role = rule.roles.iter().copied().find(|role| who.roles.contains(role));
        let author = Author {
            user_id: who.user_id,
            role,
        };
        let mut next = self.clone();
        // A machine whose clock was set back must not record an entry as older than the one it follows.
        let recorded_at = self.log.last().map_or(ctx.now, |last| ctx.now.max(last.recorded_at));
        let mut logged_events = Vec::new();
        for document in &ctx.lookups.attached {
            let event = Event::DocumentAttached(document.clone());
            logged_events.push(next.tell(event, ctx.today, author, ctx));
        }
        for event in events {
            let logged = LoggedEvent {
                seq: next.version().saturating_add(1),
                event,
                occurred_on: on,
                recorded_at,
                author,
                // A reason given for an entry of today makes it no late entry.
                late_entry_reason: instruction.late_entry_reason.clone().filter(|_| on < ctx.today),
            };
            next.append(logged.clone(), &ctx.law)?;
            logged_events.push(logged);
        }
        consistent(&next.data, ctx)?;
        *self = next;
        Ok(Applied { events: logged_events })
    }

    /// Adds a fact that follows from no command of its own.
    fn tell(&mut self, event: Event, occurred_on: NaiveDate, author: Author, ctx: &Context<'_>) -> LoggedEvent {
        let logged = LoggedEvent {
            seq: self.version().saturating_add(1),
            event,
            occurred_on,
            recorded_at: ctx.now,
            author,
            late_entry_reason: None,
        };
        evolve::evolve(&mut self.data, &logged, &ctx.law);
        self.log.push(logged.clone());
        logged
    }

    fn append(&mut self, logged: LoggedEvent, law: &Law<'_>) -> Result<(), Rejection> {
        let refold = matches!(logged.event, Event::CorrectionConfirmed(_));
        if refold {
            self.log.push(logged);
            self.data = fold(&self.log, law).map_err(|broken| {
                Refusal::new(
                    "correction_impossible",
                    None,
                    format!("更正后第 {} 条记录不再成立，不能更正。", broken.seq),
                    format!("With the correction entry {} could not stand.", broken.seq),
                )
            })?;
        } else {
            evolve::evolve(&mut self.data, &logged, law);
            self.log.push(logged);
        }
        Ok(())
    }

    /// The row of the table under which `who` may take `action` now.
    fn permit(&self, who: &Who, action: Action, law: &Law<'_>, on: NaiveDate) -> Result<&'static table::Rule, Refusal> {
        let mine = || table::rules_of(action).filter(|rule| who.may(rule));
        let mut first_refusal = None;
        for rule in mine().filter(|rule| rule.from.contains(&self.data.state)) {
            match self.check_rule(rule, who, law, on) {
                Ok(()) => return Ok(rule),
                Err(refusal) => {
                    first_refusal.get_or_insert(refusal);
                }
            }
        }
        Err(first_refusal.unwrap_or_else(|| {
            let states: BTreeSet<State> = mine().flat_map(|rule| rule.from.iter().copied()).collect();
            let labels: Vec<_> = states.iter().map(|state| format!("“{}”", state.label())).collect();
            let codes: Vec<_> = states.iter().map(|state| state.code()).collect();
            Refusal::new(
                "wrong_state",
                mine().next().map(|rule| rule.article),
                format!(
                    "案件当前状态为“{}”，“{}”只能在{}状态下进行。",
                    self.data.state.label(),
                    action.label(),
                    labels.join("、")
                ),
                format!(
                    "The case is {}; `{}` is possible in {}.",
                    self.data.state.code(),
                    action.code(),
                    codes.join(", ")
                ),
            )
        }))
    }

    fn check_rule(&self, rule: &table::Rule, who: &Who, law: &Law<'_>, on: NaiveDate) -> Result<(), Refusal> {
        for guard in rule.guards {
            guard.check(&self.data, who, law, on)?;
        }
        guard::check_window(rule.window, &self.data, law, on)
    }

    /// Every action one of the roles has, in table order, with the refusal where it is not lawful today.
    pub fn options(&self, who: &Who, ctx: &Context<'_>) -> Vec<ActionOption> {
        Action::ALL
            .iter()
            .copied()
            .filter(|action| *action != Action::Submit && who.has_action(*action))
            .filter_map(|action| {
                let rule = table::rules_of(action).find(|rule| who.may(rule) && rule.from.contains(&self.data.state));
                let any = rule.or_else(|| table::rules_of(action).next())?;
                let refusal = self.permit(who, action, &ctx.law, self.likely_day(action, ctx)).err();
                let window = rule.and_then(|rule| guard::window(rule.window, &self.data, &ctx.law, ctx.today));
                Some(ActionOption {
                    action,
                    refusal,
                    window,
                    article: any.article,
                })
            })
            .collect()
    }

    /// What `who` may do now.
    pub fn allowed_actions(&self, who: &Who, ctx: &Context<'_>) -> Vec<Action> {
        Action::ALL
            .iter()
            .copied()
            .filter(|action| *action != Action::Submit && who.has_action(*action))
            .filter(|action| {
                self.permit(who, *action, &ctx.law, self.likely_day(*action, ctx))
                    .is_ok()
            })
            .collect()
    }

    /// The day for which an action is offered: today, but the law's own day for a receipt that can have no other.
    fn likely_day(&self, action: Action, ctx: &Context<'_>) -> NaiveDate {
        let fixed = (action == Action::ConfirmReceipt)
            .then(|| guard::window(guard::WindowKind::Receipt, &self.data, &ctx.law, ctx.today))
            .flatten()
            .and_then(|window| window.to);
        fixed.unwrap_or(ctx.today)
    }

    /// The clock as of a day, with only the facts up to then; `None` before receipt.
    ///
    /// # Errors
    /// Facts that contradict each other: cannot happen for a case made by [`Case::apply`].
    pub fn clock(&self, law: &Law<'_>, as_of: NaiveDate, explain: bool) -> Result<Option<Report>, Vec<FieldError>> {
        let Some(received_on) = self.data.received_on.filter(|received| *received <= as_of) else {
            return Ok(None);
        };
        let facts = deadline::as_known_on(&self.data.facts, as_of);
        let pack = law.pack(&self.data);
        let run = if explain { deadline::explain } else { deadline::evaluate };
        run(&pack, law.calendar, received_on, &facts, as_of).map(Some)
    }
}

/// The clock of the case must be computable from its facts; a contradiction names the fact.
fn consistent(data: &CaseData, ctx: &Context<'_>) -> Result<(), Refusal> {
    let Some(received_on) = data.received_on else {
        return Ok(());
    };
    let as_of = data
        .facts
        .iter()
        .map(deadline::Fact::on)
        .chain([ctx.today, received_on])
        .max()
        .unwrap_or(ctx.today);
    match deadline::evaluate(&ctx.law.pack(data), ctx.law.calendar, received_on, &data.facts, as_of) {
        Ok(_) => Ok(()),
        Err(errors) => {
            let zh: Vec<_> = errors.iter().map(|error| error.detail.zh.as_ref()).collect();
            let en: Vec<_> = errors.iter().map(|error| error.detail.en.as_ref()).collect();
            Err(Refusal::new(
                "contradicts_record",
                Some("《条例》第四十五条"),
                format!(
                    "与案件已有的记录矛盾：{} 请核对日期；已有记录登记有误的，请先提请更正（correct_fact）。",
                    zh.join(" ")
                ),
                format!(
                    "Contradicts what the case already records: {} Check the date, or propose a correction first.",
                    en.join(" ")
                ),
            ))
        }
    }
}

/// An entry with one field corrected, and with what follows from it: the rules are chosen by the receipt date.
fn corrected_entry(
    entry: &LoggedEvent,
    field: &str,
    value: &serde_json::Value,
    law: &Law<'_>,
) -> Result<LoggedEvent, serde_json::Error> {
    let mut corrected = entry.corrected(field, value)?;
    if let Event::ReceiptConfirmed(receipt) = &mut corrected.event
        && field == "received_on"
    {
        receipt.rule_set = law.rules.for_receipt(receipt.received_on).code.clone();
    }
    Ok(corrected)
}

/// In person and by registered mail an application is received on the day it arrived (Art 31): a receipt follows the
/// arrival wherever that is corrected.
fn follow_arrival(entry: &mut Cow<'_, LoggedEvent>, submission: &Submission, law: &Law<'_>) {
    let arrived_on = submission.arrived_on;
    let follows = match &entry.event {
        Event::ReceiptConfirmed(receipt) => {
            !submission.channel.needs_confirmation() && receipt.received_on != arrived_on
        }
        _ => false,
    };
    if follows {
        let entry = entry.to_mut();
        entry.occurred_on = arrived_on;
        if let Event::ReceiptConfirmed(receipt) = &mut entry.event {
            receipt.received_on = arrived_on;
            receipt.rule_set = law.rules.for_receipt(arrived_on).code.clone();
        }
    }
}

/// The log with confirmed corrections in effect on the entries they correct, the latest last.
fn effective_log<'a>(log: &'a [LoggedEvent], law: &Law<'_>) -> Result<Vec<Cow<'a, LoggedEvent>>, BrokenLog> {
    let mut corrections: BTreeMap<u32, Vec<(&str, &serde_json::Value)>> = BTreeMap::new();
    for logged in log {
        if let Event::CorrectionConfirmed(confirmed) = &logged.event {
            corrections
                .entry(confirmed.seq)
                .or_default()
                .push((&confirmed.field, &confirmed.value));
        }
    }
    let mut submission: Option<Submission> = None;
    let effective = |logged: &'a LoggedEvent| {
        let mut entry = Cow::Borrowed(logged);
        for (field, value) in corrections.get(&logged.seq).into_iter().flatten() {
            let corrected = corrected_entry(&entry, field, value, law).map_err(|_| BrokenLog { seq: logged.seq })?;
            entry = Cow::Owned(corrected);
        }
        match (&entry.event, &submission) {
            (Event::Submitted(first), None) if corrections.contains_key(&entry.seq) => {
                submission = Some(*first.clone())
            }
            (_, Some(first)) => follow_arrival(&mut entry, first, law),
            _ => {}
        }
        Ok(entry)
    };
    log.iter().map(effective).collect()
}

/// Folds one entry of the effective log; the first founds the case.
fn fold_entry(data: &mut Option<CaseData>, entry: &LoggedEvent, law: &Law<'_>) -> Result<(), BrokenLog> {
    match (&mut *data, &entry.event) {
        (None, Event::Submitted(submission)) => *data = Some(evolve::found(submission, entry)),
        (None, _) | (Some(_), Event::Submitted(_)) => return Err(BrokenLog { seq: entry.seq }),
        (Some(data), _) => evolve::evolve(data, entry, law),
    }
    Ok(())
}

/// Folds a log; confirmed corrections take effect on the entry they correct.
fn fold(log: &[LoggedEvent], law: &Law<'_>) -> Result<CaseData, BrokenLog> {
    let mut data = None;
    for entry in effective_log(log, law)? {
        fold_entry(&mut data, &entry, law)?;
    }
    data.ok_or(BrokenLog { seq: 0 })
}
