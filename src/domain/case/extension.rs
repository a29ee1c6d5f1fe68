//! 延长答复 (Art 33(2)): once a run of the clock, proposed by the officer, agreed by the head of the office and told to the
//! applicant before the due date.

use super::check::Check;
use super::guard::{ALWAYS, Look, Period, guards};
use super::state::CaseData;
use super::step::{
    Deciding, Entry, Side, Since, Step, Told, dated_by, fields, issues_papers, itself, leaves, payloads, since_opening,
    since_receipt, with_papers,
};
use super::sub::{Extension, SubStatus};
use crate::domain::law::deadline::{ClockStatus, Fact};
use crate::domain::law::refusal::{Rejection, Window, reasons};
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    ProposeExtension {
        working_days: u32, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    ApproveExtension {
        notified_on: NaiveDate,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    RejectExtension {
        reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

payloads! {
    ExtensionApproved {
        notified_on: NaiveDate, working_days: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    UNUSED "extension_unused", "extension_already_used", "《条例》第三十三条第二款",
        "延长答复期限只能办理一次，本案已经延期或者正在提请延期。请在期限内答复。",
        "The time can be extended once; it is extended or proposed already. Reply in time.",
        |look| !look.data.subs.any_open::<Extension>() && !extended_in_run_of(&look.data.facts, look.on);

    /// There is a day by which to reply, so that it can be moved and a fee can be decided before it.
    DUE_DATE_KNOWN "due_date_known", "no_due_date", "《条例》第三十三条第二款",
        "等待补正、等待缴费期间或者答复之后没有答复期限，不能办理这一动作。",
        "While an amendment or a payment is awaited, and after the reply, there is no due date.",
        |look| {
            look.data.clock(look.law, look.on).is_some_and(|report| {
                !matches!(
                    report.status,
                    ClockStatus::AwaitingAmendment | ClockStatus::AwaitingPayment | ClockStatus::Stopped
                )
            })
        };

    /// A day that was set is not counted, so that more working days do not move it.
    DUE_DATE_COUNTED "due_date_counted", "due_date_fixed", "《条例》第三十三条第二款",
        "本案的答复日期是确定的日期（复议、诉讼决定的期限，或者已经告知申请人的延迟答复日期），延长工作日数不会改变它，不能办理延期。请在该日期以前答复；确需更晚的，按第三十五条另行确定延迟答复的日期并告知申请人（set_delay）；决定、判决确定的期限不能变更。",
        "The day to reply by is a fixed date (ordered by a decision, or set and told under Art 35), which more working days do not move. Reply by then, or set another date under Art 35 (set_delay); a date ordered by a decision cannot be moved.",
        |look| !fixed_in_run_of(&look.data.facts, look.on);

    PROPOSED "extension_proposed", "no_extension_proposed", "《条例》第三十三条第二款",
        "没有待批准的延期申请。请先由经办人提请延期（propose_extension）。",
        "No extension is proposed; an officer proposes it first (propose_extension).",
        |look| look.data.subs.any_open::<Extension>();

    NOT_PROPOSER "not_proposer", "same_person_as_proposer", "《条例》第三十三条第二款",
        "提请延期的人不能批准自己的提请，请由其他负责人批准。",
        "Who proposed the extension cannot approve it; another person must.",
        |look| {
            let mut open = look.data.subs.extensions.iter().filter(|sub| sub.is_open());
            !open.any(|sub| sub.detail.proposed_by.is_some() && sub.detail.proposed_by == look.who.user_id)
        };
}

/// Until the due date, the projected one while suspended (Art 33(2)).
pub const PERIOD: Period = Period {
    name: "extension",
    label: "答复期限届满之前",
    days: until_due_date,
    early: Some(&AFTER_DUE_DATE),
    late: Some(&AFTER_DUE_DATE),
    ..ALWAYS
};

reasons! {
    AFTER_DUE_DATE "extension_after_due_date", "《条例》第三十三条第二款",
        "延长答复期限应当在原答复期限（{to}）届满前批准并告知申请人。期限已过，不能延期，请尽快答复。",
        "An extension must be approved and told before the due date ({to}) has passed; reply as soon as you can.";

    TOO_LONG "extension_too_long", "《条例》第三十三条第二款",
        "适用的规则最多延长 {longest} 个工作日，请减少天数。",
        "The rules of this case allow at most {longest} working days.";
}

/// The days from receipt until the due date.
pub fn until_due_date(look: &Look<'_>) -> Option<Window> {
    Some(Window {
        from: look.data.received_on,
        to: look.data.due_on(look.law, look.on),
    })
}

/// Whether the run of the clock in which `on` lies is extended already, before or after that day (Art 33(2): once).
fn extended_in_run_of(facts: &[Fact], on: NaiveDate) -> bool {
    in_run_of(facts, on, |fact| matches!(fact, Fact::Extended { .. }))
}

/// Whether a day to reply by was set in the run of the clock in which `on` lies.
fn fixed_in_run_of(facts: &[Fact], on: NaiveDate) -> bool {
    in_run_of(facts, on, |fact| {
        matches!(fact, Fact::DelaySet { .. } | Fact::ReplyOrdered { until: Some(_), .. })
    })
}

/// Whether such a fact belongs to the run of the clock in which `on` lies.
fn in_run_of(facts: &[Fact], on: NaiveDate, wanted: impl Fn(&Fact) -> bool) -> bool {
    let restarts = |fact: &&Fact| {
        matches!(
            fact,
            Fact::AmendmentReceived { .. } | Fact::FeePaid { .. } | Fact::ReplyOrdered { .. }
        )
    };
    let restarted_between = |one: NaiveDate, other: NaiveDate| {
        let mut restarts = facts.iter().filter(restarts);
        restarts.any(|restart| one.min(other) < restart.on() && restart.on() <= one.max(other))
    };
    facts
        .iter()
        .any(|fact| wanted(fact) && !restarted_between(fact.on(), on))
}

fn since_proposal(data: &CaseData) -> Since {
    since_opening(data, data.subs.open::<Extension>(), "提请延期的日期", "proposal")
}

impl Step for ProposeExtension {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    /// No rules allow more; what those of the case allow is said when it is decided.
    fn check_for(&self, side: &Side<'_>, check: &mut Check<'_>) {
        let longest = side.law.rules.all().map(|pack| pack.extension_max).max().unwrap_or(0);
        if !(1..=longest).contains(&self.working_days) {
            check.errors.push(FieldError::new(
                "/working_days",
                format!("延长的期限为 1 至 {longest} 个工作日。"),
                format!("An extension is 1 to {longest} working days."),
            ));
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_receipt(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let pack = deciding.pack();
        let allowed = deciding.law().limits(&pack).extension();
        if !allowed.contains(&self.working_days) {
            return Err(TOO_LONG.with(&[("longest", allowed.end())]).into());
        }
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"working_days": 20, "reason": "档案调阅需要较长时间"})
    }
}

impl Told for ProposeExtension {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let extension = Extension {
            working_days: self.working_days,
            reason: self.reason.clone(),
            proposed_by: entry.by,
        };
        data.subs.begin(entry.seq, entry.on, None, extension);
    }
}

impl Step for ApproveExtension {
    type Made = Option<ExtensionApproved>;
    with_papers!();
    dated_by!(notified_on);
    const MOVES_CLOCK: bool = true;

    fn since(&self, data: &CaseData) -> Since {
        since_proposal(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Option<ExtensionApproved>, Rejection> {
        let proposed = deciding.data.subs.open::<Extension>();
        Ok(proposed.map(|sub| ExtensionApproved {
            notified_on: self.notified_on,
            working_days: sub.detail.working_days,
            document_ids: self.document_ids,
        }))
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"notified_on": day})
    }
}

impl From<ExtensionApproved> for ApproveExtension {
    fn from(approval: ExtensionApproved) -> Self {
        Self {
            notified_on: approval.notified_on,
            document_ids: approval.document_ids,
        }
    }
}

impl Told for ExtensionApproved {
    const CORRECTABLE: &'static [&'static str] = &["notified_on"];

    issues_papers!();

    leaves!(D06);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.facts.push(Fact::Extended {
            on: entry.on,
            working_days: self.working_days,
        });
        data.subs.settle::<Extension>(SubStatus::Approved, entry.on);
    }
}

impl Step for RejectExtension {
    itself!();
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn since(&self, data: &CaseData) -> Since {
        since_proposal(data)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "可以在期限内答复"})
    }
}

impl Told for RejectExtension {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.subs.settle::<Extension>(SubStatus::Rejected, entry.on);
    }
}
