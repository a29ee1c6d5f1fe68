//! One case, decided and folded: [`Case::apply`] is the only way to a changed case.

use super::author::Author;
use super::catalog::Action;
use super::context::{Context, Who};
use super::correction::IMPOSSIBLE;
use super::dates::{check_dates, consistent, late_entry, not_before};
use super::dispatch::{Event, Instruction, suggested};
use super::guard::Look;
use super::log::{BrokenLog, LoggedEvent, fold};
use super::state::{CaseData, State};
use super::step::{Deciding, NO_SUCH_SUB};
use super::submission::Submission;
use super::table::{self, Rule};
use crate::domain::document::no_document;
use crate::domain::instrument::issued::{Issued, Order};
use crate::domain::law::Law;
use crate::domain::law::deadline::{self, Report};
use crate::domain::law::refusal::{Refusal, Rejection, Window, reasons};
use crate::domain::words::ids::CaseId;
use crate::domain::words::text::{FieldError, none_wrong};
use chrono::NaiveDate;
use serde_json::Value;

reasons! {
    /// No row of the table gives the action in the present state.
    WRONG_STATE "wrong_state", "流程表中该动作所依据的条款",
        "案件当前状态为“{state}”，“{action}”只能在{states}状态下进行。",
        "The case is {state_code}; `{action_code}` is possible in {state_codes}.";
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
    /// Its fields as far as the case fills them in, where it may be taken.
    pub suggested: Option<Value>,
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
            late_entry: None,
            instruments: Vec::new(),
            event: Event::Submitted(Box::new(submission.clone())),
        };
        let data = CaseData::found(&submission, author, false);
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
        if !who.has_action(action) || self.is_handled_by_its_sender(who) {
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
        let on = instruction.on.unwrap_or(ctx.today);
        let late_entry = late_entry(&instruction.command, on, ctx);
        check_dates(instruction, on, late_entry, who, ctx)?;
        instruction.check_for(&self.data, who, &ctx.law)?;
        let rules = table::rules_of(instruction.command.action());
        let rule = self.permit(who, rules, &ctx.law, on)?;
        let events = self.events(who, instruction, on, ctx)?;
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
                // A reason given for an entry in time makes it no late one.
                late_entry_reason: instruction.late_entry_reason.clone().filter(|_| late_entry.is_some()),
                late_entry,
                instruments: Vec::new(),
            };
            next.append(logged.clone(), &ctx.law)?;
            logged_events.push(logged);
        }
        consistent(&next.data, ctx)?;
        *self = next;
        Ok(Applied { events: logged_events })
    }

    /// The case as it would be with a command of today, whoever may take it and whatever the workflow allows: for trying
    /// out what it would print. Nothing of it is kept.
    ///
    /// # Errors
    /// Impossible fields, or what the command itself refuses.
    pub fn suppose(&self, who: &Who, instruction: &Instruction, ctx: &Context<'_>) -> Result<Self, Rejection> {
        let on = instruction.on.unwrap_or(ctx.today);
        instruction.check_for(&self.data, who, &ctx.law)?;
        let author = Author {
            user_id: who.user_id,
            role: None,
        };
        let mut next = self.clone();
        for document in &ctx.lookups.attached {
            let event = Event::DocumentAttached(document.clone());
            next.tell(event, ctx.today, author, ctx);
        }
        for event in next.events(who, instruction, on, ctx)? {
            next.tell(event, on, author, ctx);
        }
        Ok(next)
    }

    /// The events of a permitted command.
    fn events(
        &self,
        who: &Who,
        instruction: &Instruction,
        on: NaiveDate,
        ctx: &Context<'_>,
    ) -> Result<Vec<Event>, Rejection> {
        let command = &instruction.command;
        let mut errors = Vec::new();
        if let Some(pointer) = command.missing_sub(&self.data) {
            errors.push(FieldError::new(pointer, NO_SUCH_SUB.0, NO_SUCH_SUB.1));
        }
        let documents = command.document_references().into_iter().chain(instruction.scans());
        let unknown = documents.filter(|(_, id)| !ctx.lookups.documents.contains(*id));
        errors.extend(unknown.map(|(pointer, _)| no_document(pointer)));
        none_wrong::<Rejection>(errors)?;
        not_before(command, &self.data, on, ctx.today)?;
        command.clone().decide(&Deciding {
            case_id: self.id,
            data: &self.data,
            record: &self.log,
            who,
            on,
            ctx,
        })
    }

    /// Adds a fact that follows from no command of its own.
    pub(super) fn tell(
        &mut self,
        event: Event,
        occurred_on: NaiveDate,
        author: Author,
        ctx: &Context<'_>,
    ) -> LoggedEvent {
        let logged = LoggedEvent {
            seq: self.version().saturating_add(1),
            event,
            occurred_on,
            recorded_at: ctx.now,
            author,
            late_entry_reason: None,
            late_entry: None,
            instruments: Vec::new(),
        };
        logged.fold(&mut self.data, &ctx.law);
        self.log.push(logged.clone());
        logged
    }

    fn append(&mut self, logged: LoggedEvent, law: &Law<'_>) -> Result<(), Rejection> {
        let refold = matches!(logged.event, Event::CorrectionConfirmed(_) | Event::EndingRevoked(_));
        if refold {
            self.log.push(logged);
            self.data = fold(&self.log, law).map_err(|broken| IMPOSSIBLE.with(&[("seq", &broken.seq)]))?;
        } else {
            logged.fold(&mut self.data, law);
            self.log.push(logged);
        }
        Ok(())
    }

    /// The instruments that the newest entry leaves.
    pub fn orders(&self) -> Vec<Order> {
        let last = self.log.last();
        last.map(|logged| logged.event.instruments(&self.data))
            .unwrap_or_default()
    }

    /// The newest entry tells the instruments that it left.
    pub fn leave(&mut self, applied: &mut Applied, issued: Vec<Issued>) {
        let told = applied.events.last_mut();
        for logged in self.log.last_mut().into_iter().chain(told) {
            logged.instruments.clone_from(&issued);
        }
        if let Some(logged) = self.log.last() {
            logged.leave_instruments(&mut self.data);
        }
    }

    /// The row of an action's `rules` under which `who` may take it now.
    fn permit(
        &self,
        who: &Who,
        rules: &'static [Rule],
        law: &Law<'_>,
        on: NaiveDate,
    ) -> Result<&'static Rule, Refusal> {
        let look = self.look(who, law, on);
        let mut first_refusal = None;
        for rule in rules.iter().filter(|rule| rule.is_for(who) && self.stands_in(rule)) {
            match rule.check(&look) {
                Ok(()) => return Ok(rule),
                Err(refusal) => {
                    first_refusal.get_or_insert(refusal);
                }
            }
        }
        Err(first_refusal.unwrap_or_else(|| self.wrong_state(who, rules)))
    }

    /// Nobody handles the own application, not even who has left it since and sees it as staff.
    fn is_handled_by_its_sender(&self, who: &Who) -> bool {
        let sender = self.data.submission.applicant_user_id;
        sender.is_some() && sender == who.user_id && !who.acts_as_applicant_only()
    }

    /// Whether the case is in a state in which the row applies.
    fn stands_in(&self, rule: &Rule) -> bool {
        rule.from.contains(&self.data.state)
    }

    /// None of an action's `rules` gives it to `who` in the present state.
    fn wrong_state(&self, who: &Who, rules: &[Rule]) -> Refusal {
        let mine = || rules.iter().filter(|rule| rule.is_for(who));
        let (mut labels, mut codes) = (String::new(), String::new());
        for state in State::ALL
            .iter()
            .filter(|state| mine().any(|rule| rule.from.contains(state)))
        {
            if !labels.is_empty() {
                labels.push('、');
                codes.push_str(", ");
            }
            labels.extend(["“", state.label(), "”"]);
            codes.push_str(state.code());
        }
        let (state, first) = (self.data.state, mine().next());
        Refusal {
            article: first.map(|rule| rule.article),
            ..WRONG_STATE.with(&[
                ("state", &state.label()),
                ("action", &first.map_or("", |rule| rule.action.label())),
                ("states", &labels),
                ("state_code", &state.code()),
                ("action_code", &first.map_or("", |rule| rule.action.code())),
                ("state_codes", &codes),
            ])
        }
    }

    fn look<'a>(&'a self, who: &'a Who, law: &'a Law<'a>, on: NaiveDate) -> Look<'a> {
        Look {
            data: &self.data,
            who,
            law,
            on,
        }
    }

    /// Every action one of the roles has, in table order, with the refusal where it is not lawful today.
    pub fn options(&self, who: &Who, ctx: &Context<'_>) -> Vec<ActionOption> {
        let own = self.is_handled_by_its_sender(who);
        table::by_action()
            .filter(|_| !own)
            .filter_map(|rules| self.option(who, rules, ctx))
            .collect()
    }

    /// The action of these `rules`, where one of the roles has it and it is for a case that is there.
    fn option(&self, who: &Who, rules: &'static [Rule], ctx: &Context<'_>) -> Option<ActionOption> {
        let mine = || rules.iter().filter(|rule| rule.is_for(who));
        let action = mine().next()?.action;
        if action == Action::Submit {
            return None;
        }
        let rule = mine().find(|rule| self.stands_in(rule));
        let refusal = self.permit(who, rules, &ctx.law, self.likely_day(action, ctx)).err();
        let look = self.look(who, &ctx.law, ctx.today);
        let lawful = refusal.is_none().then_some(action);
        Some(ActionOption {
            action,
            suggested: lawful.and_then(|action| suggested(action, &self.data, ctx.today)),
            refusal,
            window: rule.and_then(|rule| (rule.window.days)(&look)),
            article: rule.or(rules.first())?.article,
        })
    }

    /// What `who` may do now.
    pub fn allowed_actions(&self, who: &Who, ctx: &Context<'_>) -> Vec<Action> {
        let own = self.is_handled_by_its_sender(who);
        table::by_action()
            .filter(|_| !own)
            .filter(|rules| rules.iter().any(|rule| rule.is_for(who) && self.stands_in(rule)))
            .filter_map(|rules| {
                let action = rules.first()?.action;
                let on = self.likely_day(action, ctx);
                self.permit(who, rules, &ctx.law, on).is_ok().then_some(action)
            })
            .collect()
    }

    /// The day for which an action is offered: today, but the law's own day for a receipt that can have no other.
    fn likely_day(&self, action: Action, ctx: &Context<'_>) -> NaiveDate {
        let submission = &self.data.submission;
        let fixed = action == Action::ConfirmReceipt && !submission.channel.needs_confirmation();
        if fixed { submission.arrived_on } else { ctx.today }
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
        let pack = self.data.pack(law);
        let run = if explain { deadline::explain } else { deadline::evaluate };
        let mut report = run(&pack, law.calendar, received_on, &facts, as_of)?;
        // An announcement sets the end of the wait already, though it counts as delivered only later.
        if let Some(day) = self
            .data
            .announced_until(as_of)
            .filter(|_| report.projected_due_on.is_none())
        {
            report.projected_due_on = self.data.clock(law, day).and_then(|then| then.projected_due_on);
        }
        Ok(Some(report))
    }
}
