//! 作废误登的复议、诉讼 (Art 45): a remedy that was entered though there was none, or twice, is voided by one person and
//! confirmed by another. It is shown as voided and counts nowhere; what stood in the log stays there.

use super::check::Check;
use super::guard::guards;
use super::state::CaseData;
use super::step::{Deciding, Entry, Id, Since, Step, Told, fields, missing, since_opening, with_papers};
use super::sub::{Remedy, RemedyVoid, Sub, SubId, SubStatus};
use crate::domain::law::refusal::{Rejection, reasons};
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    VoidRemedy {
        #[schema(value_type = String)] remedy_id: SubId<Remedy>, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    ConfirmVoidRemedy { #[schema(value_type = String)] remedy_id: SubId<Remedy> }
    RejectVoidRemedy { #[schema(value_type = String)] remedy_id: SubId<Remedy>, reason: String }
}

guards! {
    ENTERED "remedy_entered", "no_remedy_to_void", "《条例》第四十五条",
        "本案没有可以作废的复议或者诉讼登记。",
        "The case has no remedy that could be voided.",
        |look| look.data.subs.remedies.iter().any(|sub| sub.status != SubStatus::Voided);

    PROPOSED "remedy_void_proposed", "no_remedy_void_proposed", "《条例》第四十五条",
        "没有待确认的作废。请先由经办人提请作废（void_remedy）。",
        "No voiding of a remedy is proposed; an officer proposes it first (void_remedy).",
        |look| look.data.subs.any_open::<RemedyVoid>();
}

reasons! {
    VOIDED "remedy_voided", "《条例》第四十五条",
        "这件复议或者诉讼的登记已经作废。",
        "This remedy is voided.";

    ORDERED "remedy_ordered_reply", "《条例》第五十一条",
        "已按这件复议或者诉讼的决定恢复办理、重新答复，登记不能作废。日期、文号等登记有误的，请提请更正（correct_fact）；决定并未责令重新答复、或者登记在了别的案件上的，请先将“责令重新答复”更正为否（correct_fact，字段 reply_again），再作废。",
        "A new reply was ordered by this remedy, so that it cannot be voided; propose a correction of what is wrong in its record. If no new reply was ordered, or the decision is of another case, correct `reply_again` to false first (correct_fact) and void it then.";

    PENDING "remedy_void_pending", "《条例》第四十五条",
        "这件复议或者诉讼已有待确认的作废，请先确认或者否决。",
        "A voiding of this remedy is pending; confirm or reject it first.";

    NOT_PENDING "remedy_void_settled", "《条例》第四十五条",
        "这件复议或者诉讼没有待确认的作废：尚未提请，或者已经确认、否决。",
        "No voiding of this remedy is pending: none was proposed, or it is confirmed or rejected already.";

    SAME_PERSON "same_person_as_proposer", "《条例》第四十五条",
        "提请作废的人不能确认自己的作废，请由其他负责人确认。",
        "Who proposed the voiding cannot confirm it; another person must.";
}

/// The open proposal to void a remedy.
fn proposal(data: &CaseData, remedy: SubId<Remedy>) -> Option<&Sub<RemedyVoid>> {
    let voids = data.subs.remedy_voids.iter();
    voids
        .filter(|sub| sub.is_open())
        .find(|sub| sub.detail.remedy_id == remedy)
}

fn pending<'a>(deciding: &Deciding<'a>, remedy: SubId<Remedy>) -> Result<&'a Sub<RemedyVoid>, Rejection> {
    proposal(deciding.data, remedy).ok_or_else(|| (&NOT_PENDING).into())
}

/// What was answered by handling the case anew cannot be taken for never entered.
fn not_answered(data: &CaseData, remedy: SubId<Remedy>) -> Result<(), Rejection> {
    match data.subs.get(remedy) {
        Some(sub) if sub.status == SubStatus::Voided => Err((&VOIDED).into()),
        Some(sub) if sub.detail.reply_again => Err((&ORDERED).into()),
        _ => Ok(()),
    }
}

fn since_proposal(data: &CaseData, remedy: SubId<Remedy>) -> Since {
    since_opening(data, proposal(data, remedy), "提请作废的日期", "proposal")
}

fn settle(data: &mut CaseData, remedy: SubId<Remedy>, status: SubStatus, on: NaiveDate) {
    let voids = data.subs.remedy_voids.iter_mut();
    for sub in voids.filter(|sub| sub.is_open() && sub.detail.remedy_id == remedy) {
        sub.close(status, on);
    }
}

impl Step for VoidRemedy {
    type Made = Self;
    with_papers!();
    const IDS: &'static [Id] = &[("/remedy_id", "remedy-0")];

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/remedy_id", self.remedy_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_opening(data, data.subs.get(self.remedy_id), "复议或诉讼提起日期", "filing")
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        not_answered(deciding.data, self.remedy_id)?;
        match proposal(deciding.data, self.remedy_id) {
            Some(_) => Err((&PENDING).into()),
            None => Ok(self),
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"remedy_id": "remedy-20", "reason": "同一件复议登记了两次"})
    }
}

impl Told for VoidRemedy {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let void = RemedyVoid {
            remedy_id: self.remedy_id,
            reason: self.reason.clone(),
            proposed_by: entry.by,
        };
        data.subs.begin(entry.seq, entry.on, None, void);
    }
}

impl Step for ConfirmVoidRemedy {
    type Made = Self;
    const IDS: &'static [Id] = &[("/remedy_id", "remedy-0")];

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/remedy_id", self.remedy_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_proposal(data, self.remedy_id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let void = &pending(deciding, self.remedy_id)?.detail;
        if void.proposed_by.is_some() && void.proposed_by == deciding.who.user_id {
            return Err((&SAME_PERSON).into());
        }
        // It may have been decided since.
        not_answered(deciding.data, self.remedy_id)?;
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"remedy_id": "remedy-20"})
    }
}

impl Told for ConfirmVoidRemedy {
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        settle(data, self.remedy_id, SubStatus::Confirmed, entry.on);
        data.subs
            .change(self.remedy_id, |sub| sub.close(SubStatus::Voided, entry.on));
    }
}

impl Step for RejectVoidRemedy {
    type Made = Self;
    const IDS: &'static [Id] = &[("/remedy_id", "remedy-0")];

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/remedy_id", self.remedy_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_proposal(data, self.remedy_id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        pending(deciding, self.remedy_id)?;
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"remedy_id": "remedy-20", "reason": "两件文号不同，并非重复"})
    }
}

impl Told for RejectVoidRemedy {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        settle(data, self.remedy_id, SubStatus::Rejected, entry.on);
    }
}
