//! 行政复议、行政诉讼 (Art 51): remedies against a reply or against silence; one that orders a new reply gives the case a
//! clock of its own.

use super::check::{Check, FurtherDates};
use super::guard::guards;
use super::state::{CaseData, State};
use super::step::{
    Deciding, Entry, Id, Since, Step, Told, dated_by, fields, missing, payloads, since_opening, since_receipt,
    with_papers,
};
use super::sub::{AmendmentNotice, FeeNotice, Remedy, RemedyFiler, SecrecyReview, Sub, SubId, SubStatus};
use super::voiding::VOIDED;
use crate::domain::law::deadline::Fact;
use crate::domain::law::refusal::{Refusal, Rejection, reasons};
use crate::domain::report::{RemedyKind, RemedyResult};
use crate::domain::words::folding::fold;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    FileRemedy {
        kind: RemedyKind, filed_on: NaiveDate, organ: String, reference: Option<String>,
        /// Who filed it: the applicant, or a third party who opposes the disclosure (Art 51).
        #[serde(default, skip_serializing_if = "Option::is_none")] filed_by: Option<RemedyFiler>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    DecideRemedy {
        #[schema(value_type = String)] remedy_id: SubId<Remedy>, decided_on: NaiveDate,
        /// The day on which the decision reached the agency, `decided_on` when left out: the time to reply anew counts
        /// from it.
        received_on: Option<NaiveDate>,
        result: RemedyResult, reply_again: Option<bool>, reply_by: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

payloads! {
    /// `reply_by` is set where the decision names a date, and where a new reply was ordered against silence: the clock had
    /// not stopped.
    RemedyDecided {
        remedy_id: SubId<Remedy>, decided_on: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")] received_on: Option<NaiveDate>,
        result: RemedyResult, reply_again: bool, reply_by: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    OPEN "remedy_open", "no_open_remedy", "《条例》第五十一条",
        "本案没有尚未审结的复议或者诉讼。",
        "No remedy of this case is pending.",
        |look| look.data.subs.any_open::<Remedy>();
}

guards! {
    /// What a decision or judgment orders stands by itself: no later fact moves it.
    NO_DAY_ORDERED "no_day_ordered", "due_date_fixed", "《条例》第五十一条",
        "复议决定或者判决已经确定重新答复的期限，这一动作会改变它，不能办理。请在确定的期限内答复。",
        "A decision ordered the day to reply by, which this would move. Reply by that day.",
        |look| look.data.ordered_by.is_none();
}

reasons! {
    ALREADY_FILED "remedy_already_filed", "《条例》第五十一条",
        "本案已经登记这件复议或者诉讼（{id}，{filed_on}提起），种类、机关和文号相同，请勿重复登记。确属另一件的，请填写各自的文号（reference）；原登记有误的，请提请更正（correct_fact）或者作废（void_remedy）。",
        "The case already has this remedy ({id}, filed on {filed_on}): the same kind, organ and reference. If it is another one, give its own reference; if the record is wrong, propose its correction (correct_fact) or void it (void_remedy).";

    DECIDED "remedy_decided", "《条例》第五十一条",
        "这件复议或者诉讼已经登记结果。登记有误的，请提请更正（correct_fact）。",
        "This remedy is decided already; propose a correction if the record is wrong.";

    NEVER_RECEIVED "never_received", "《条例》第三十一条",
        "本件没有登记收到，不能直接恢复办理。请将申请重新登记为新件。",
        "The application was never received; register it anew.";
}

/// Letters and digits as they are compared: document numbers are typed with all kinds of brackets and spaces.
fn compared(text: &str) -> String {
    text.chars()
        .map(fold)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl FileRemedy {
    /// One remedy is entered once: the same kind and organ with the same reference, or both without one and of the same
    /// day. `own` is the entry that is corrected; what was voided is none.
    ///
    /// # Errors
    /// The refusal that names the one that stands.
    pub fn filed_once(&self, data: &CaseData, own: Option<u32>) -> Result<(), Refusal> {
        let reference = |text: Option<&String>| text.map(|text| compared(text)).filter(|text| !text.is_empty());
        let (organ, mine) = (compared(&self.organ), reference(self.reference.as_ref()));
        let same = |sub: &&Sub<Remedy>| {
            let other = &sub.detail;
            let same_case = match (&mine, reference(other.reference.as_ref())) {
                (Some(mine), Some(other)) => *mine == other,
                (None, None) => self.filed_on == other.filed_on,
                _ => false,
            };
            same_case && self.kind == other.remedy_kind && organ == compared(&other.organ)
        };
        let standing = data.subs.remedies.iter();
        let mut others = standing.filter(|sub| sub.status != SubStatus::Voided && Some(sub.seq) != own);
        match others.find(same) {
            Some(sub) => Err(ALREADY_FILED.with(&[("id", &sub.id()), ("filed_on", &sub.detail.filed_on)])),
            None => Ok(()),
        }
    }
}

impl Step for FileRemedy {
    type Made = Self;
    with_papers!();
    dated_by!(filed_on);
    const FROM_OUTSIDE: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.line("/organ", &self.organ);
        check.optional_line("/reference", self.reference.as_ref());
    }

    fn since(&self, data: &CaseData) -> Since {
        since_receipt(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        self.filed_once(deciding.data, None)?;
        Ok(self)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"kind": "reconsideration", "filed_on": day, "organ": "江临市人民政府", "filed_by": "applicant"})
    }
}

impl Told for FileRemedy {
    const CORRECTABLE: &'static [&'static str] = &["kind", "filed_on", "organ", "reference", "filed_by"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let remedy = Remedy {
            remedy_kind: self.kind,
            organ: self.organ.clone(),
            reference: self.reference.clone(),
            filed_on: entry.on,
            filed_by: self.filed_by,
            result: None,
            reply_again: false,
        };
        data.subs.begin(entry.seq, entry.on, None, remedy);
    }
}

impl DecideRemedy {
    /// The day on which the decision reached the agency.
    fn reached_on(&self) -> NaiveDate {
        self.received_on.unwrap_or(self.decided_on)
    }
}

impl Step for DecideRemedy {
    type Made = RemedyDecided;
    with_papers!();
    dated_by!(decided_on);
    const FROM_OUTSIDE: bool = true;
    const IDS: &'static [Id] = &[("/remedy_id", "remedy-0")];

    fn check(&self, check: &mut Check<'_>) {
        if self.reply_by.is_some() && self.reply_again != Some(true) {
            check.wrong(
                "/reply_by",
                "只有责令重新答复（reply_again 为 true）时才填写重新答复的期限。",
                "A date to reply by goes with `reply_again: true` only.",
            );
        }
        if self.reply_again == Some(true) && self.result == RemedyResult::Upheld {
            check.wrong(
                "/reply_again",
                "维持原答复的决定不会责令重新答复。",
                "A decision that upholds the reply does not order a new one.",
            );
        }
        if self
            .received_on
            .is_some_and(|received_on| received_on < self.decided_on)
        {
            check.wrong(
                "/received_on",
                "收到决定的日期不能早于作出决定的日期（decided_on）。请核对后重新填写。",
                "The decision cannot be received before it was made (`decided_on`).",
            );
        }
        let received_on = self.reached_on();
        if self
            .reply_by
            .is_some_and(|reply_by| reply_by > self.decided_on && reply_by <= received_on)
        {
            check.wrong(
                "/reply_by",
                "重新答复的期限应当晚于收到决定的日期（received_on）。请核对后重新填写。",
                "The date to reply by must lie after the day on which the decision was received (`received_on`).",
            );
        }
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates {
            past: self.received_on.map(|day| ("received_on", day)).into_iter().collect(),
            ..FurtherDates::default()
        }
        .and_limit("reply_by", self.reply_by)
    }

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/remedy_id", self.remedy_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_opening(data, data.subs.get(self.remedy_id), "复议或诉讼提起日期", "filing")
    }

    /// A decision that orders a new reply gives the case a clock of its own; against silence it sets the date to reply by.
    fn decide(self, deciding: &Deciding<'_>) -> Result<RemedyDecided, Rejection> {
        let data = deciding.data;
        match data.subs.get(self.remedy_id).map(|sub| sub.status) {
            Some(SubStatus::Voided) => return Err((&VOIDED).into()),
            Some(status) if status != SubStatus::Open => return Err((&DECIDED).into()),
            _ => {}
        }
        let reply_again = self.reply_again.unwrap_or(false);
        if reply_again && data.received_on.is_none() {
            return Err((&NEVER_RECEIVED).into());
        }
        let against_silence = reply_again && !data.is_stopped();
        let ordered = || {
            let pack = deciding.pack();
            deciding.law().limits(&pack).reply_to_order(self.reached_on())
        };
        let reply_by = self.reply_by.or_else(|| against_silence.then(ordered));
        // An order that still runs stands by itself: the earlier of two days counts.
        let running = against_silence && data.subs.remedies.iter().any(|sub| sub.detail.reply_again);
        let standing = data
            .due_on(deciding.law(), deciding.on)
            .filter(|_| running && data.reply.is_none());
        let reply_by = reply_by.map(|day| standing.map_or(day, |standing| day.min(standing)));
        Ok(RemedyDecided {
            remedy_id: self.remedy_id,
            decided_on: self.decided_on,
            received_on: self.received_on,
            result: self.result,
            reply_again,
            reply_by,
            document_ids: self.document_ids,
        })
    }

    fn example(day: NaiveDate, later: NaiveDate) -> Value {
        json!({
            "remedy_id": "remedy-20", "decided_on": day, "result": "corrected", "reply_again": true, "reply_by": later,
        })
    }
}

impl From<RemedyDecided> for DecideRemedy {
    fn from(decided: RemedyDecided) -> Self {
        Self {
            remedy_id: decided.remedy_id,
            decided_on: decided.decided_on,
            received_on: decided.received_on,
            result: decided.result,
            reply_again: Some(decided.reply_again),
            reply_by: decided.reply_by,
            document_ids: decided.document_ids,
        }
    }
}

impl Told for RemedyDecided {
    const CORRECTABLE: &'static [&'static str] = &["decided_on", "received_on", "result", "reply_again", "reply_by"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.subs.change(self.remedy_id, |sub| {
            sub.close(SubStatus::Decided, entry.on);
            sub.detail.result = Some(self.result);
            sub.detail.reply_again = self.reply_again;
        });
        if self.reply_again {
            reply_again(data, self.reply_by, self.received_on.unwrap_or(entry.on));
            data.ordered_by = self.reply_by;
        }
    }
}

/// After a reply a new run begins. Against silence the order sets the date, and what was awaited is awaited no more.
fn reply_again(data: &mut CaseData, reply_by: Option<NaiveDate>, on: NaiveDate) {
    data.goes_on(on);
    if data.is_stopped() {
        data.facts.push(Fact::ReplyOrdered { on, until: reply_by });
    } else {
        if data.subs.any_open::<AmendmentNotice>() {
            data.facts.push(Fact::AmendmentReceived { on });
        }
        // A fee notice may have been dropped by a reply that nobody took; the clock waits for its payment still.
        let is_notice = |fact: &Fact| matches!(fact, Fact::FeeNotified { .. });
        let is_payment = |fact: &Fact| matches!(fact, Fact::FeePaid { .. });
        if data.facts.iter().any(is_notice) && !data.facts.iter().any(is_payment) {
            data.facts.push(Fact::FeePaid { on });
        }
        if let Some(until) = reply_by {
            data.facts
                .retain(|fact| !matches!(fact, Fact::DelaySet { on: set_on, .. } if *set_on == on));
            data.facts.push(Fact::DelaySet { on, until });
        }
    }
    data.subs.settle::<AmendmentNotice>(SubStatus::Cancelled, on);
    data.subs.settle::<FeeNotice>(SubStatus::Cancelled, on);
    data.subs.settle::<SecrecyReview>(SubStatus::Cancelled, on);
    data.draft = None;
    data.set_aside_reply(on);
    data.closings.clear();
    data.replacing = false;
    data.retention = None;
    data.enter(State::InProgress, on);
}
