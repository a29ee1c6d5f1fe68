//! 撤回、归档 (Art 45): a case ends because the applicant takes it back, and its file is closed with a retention class.

use super::check::Check;
use super::delivery::never_handed_over;
use super::guard::guards;
use super::retention::{OwnRetention, Retention, RetentionClass, no_retention};
use super::state::{CaseData, ClosingKind, State};
use super::step::{
    Deciding, Entry, Since, Step, Told, fields, itself, leaves, payloads, since_receipt, since_state, with_papers,
};
use crate::domain::law::deadline::Fact;
use crate::domain::law::refusal::Rejection;
use crate::domain::reply::{Outcome, OutcomeCause};
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

guards! {
    /// Nobody gives up what others ask for.
    OTHERS_WITHDRAW_TOO "nobody_else_applies", "others_apply", "《条例》第四十五条",
        "本件另有共同申请人，您一人撤回不能结束本件。您本人不再申请的，请书面告知受理机关退出（由机关登记 remove_party）；全体申请人都不再申请的，请共同书面撤回（由机关登记 withdraw）。",
        "Others apply in the same case, and you alone cannot end it. To leave it, tell the agency in writing (it enters \
         remove_party); where all withdraw, do so together in writing (the agency enters withdraw).",
        |look| !look.who.acts_as_applicant_only() || look.data.applicant.co_applicants.is_empty();
}

fields! {
    Withdraw {
        reason: Option<String>, #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    Archive {
        /// 保管期限: `permanent` 永久, `30y` 30 年, `10y` 10 年, or a code of the agency's own table.
        #[schema(max_length = 20, examples("30y"))] retention: String,
        volume: Option<String>,
        /// Why a reply that was never served is filed.
        #[serde(default, skip_serializing_if = "Option::is_none")] without_service_reason: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

payloads! {
    /// What an archived file is kept by. A class of the agency's own stands with it in full: its table may change.
    Archived {
        retention: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] own_retention: Option<OwnRetention>,
        volume: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] without_service_reason: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

/// The last day on which something went from the agency to the applicant or back, or on which the case was set going again.
fn last_dealt_with(data: &CaseData) -> Option<NaiveDate> {
    let clock = data.facts.iter().filter(|fact| !fact.is_of_consultation());
    let reasons = data.subs.reasons.iter();
    let reasons = reasons.flat_map(|sub| [Some(sub.opened_on), sub.closed_on]);
    let paid = data.subs.fees.iter().map(|sub| sub.detail.last_paid_on);
    let replaced = data.past_replies.iter().map(|reply| reply.replaced_on);
    let others = reasons.chain(paid).chain(replaced).flatten();
    clock.map(Fact::on).chain(others).max()
}

impl Step for Withdraw {
    itself!();
    const FROM_OUTSIDE: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/reason", self.reason.as_ref());
    }

    with_papers!();

    /// It ends the case on the day on which the agency had it, whatever the office did since without knowing of it. With
    /// whom the agency dealt on a later day, that one went on.
    fn since(&self, data: &CaseData) -> Since {
        let receipt = since_receipt(data);
        match last_dealt_with(data) {
            Some(day) if day > receipt.0 => (
                day,
                "与申请人最近一次往来（告知、收费、答复等）的日期",
                "last dealing with the applicant",
            ),
            _ => receipt,
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "已通过其他途径获得"})
    }
}

impl Told for Withdraw {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        // What was asked of others after that day moves no clock any more.
        data.facts
            .retain(|fact| !fact.is_of_consultation() || fact.on() <= entry.on);
        data.end(entry.on, Some((Outcome::Other, Some(OutcomeCause::Withdrawn))));
        entry.closes(data, ClosingKind::Withdrawn);
    }
}

impl Step for Archive {
    type Made = Archived;

    fn check(&self, check: &mut Check<'_>) {
        check.optional_line("/volume", self.volume.as_ref());
        check.optional_note("/without_service_reason", self.without_service_reason.as_ref());
    }

    with_papers!();

    /// What was not served is not finished: filing it needs a reason, and somebody who answers for it.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Archived, Rejection> {
        let own_retention = self.own_retention(&deciding.ctx.lookups.retentions)?;
        let data = deciding.data;
        let served_on = data.reply.as_ref().and_then(|reply| reply.served_on);
        let unserved = data.state == State::Replied && served_on.is_none_or(|day| day > deciding.on);
        match (unserved, &self.without_service_reason) {
            (true, None) => Err(FieldError::new(
                "/without_service_reason",
                "答复没有送达。请写明未能送达的原因和已经采取的送达方式；还可以送达的，请先送达（dispatch_reply、record_delivery）。",
                "The reply was not served. Say why, and what was tried; or serve it first (dispatch_reply, record_delivery).",
            )
            .into()),
            (false, Some(_)) => Err(FieldError::new(
                "/without_service_reason",
                "本案没有未送达的答复，请不要填写此项。",
                "No reply of this case is unserved; leave this out.",
            )
            .into()),
            _ => Ok(Archived {
                retention: self.retention,
                own_retention,
                volume: self.volume,
                without_service_reason: self.without_service_reason,
                document_ids: self.document_ids,
            }),
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        let state = since_state(data);
        match data.reply.as_ref().and_then(|reply| reply.delivery) {
            Some((_, day)) if day > state.0 => (day, "送达结果的日期", "result of the delivery"),
            _ => state,
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"retention": "10y", "volume": "2026-依申请公开-003"})
    }
}

impl Archive {
    /// The class of the agency's own table that it names; none for those that come with the program.
    fn own_retention(&self, table: &[OwnRetention]) -> Result<Option<OwnRetention>, FieldError> {
        if Retention::ALL.iter().any(|known| known.code() == self.retention) {
            return Ok(None);
        }
        let own = table.iter().find(|known| known.code == self.retention);
        own.cloned().map(Some).ok_or_else(|| no_retention(table))
    }
}

impl From<Archived> for Archive {
    fn from(archived: Archived) -> Self {
        Self {
            retention: archived.retention,
            volume: archived.volume,
            without_service_reason: archived.without_service_reason,
            document_ids: archived.document_ids,
        }
    }
}

impl Archived {
    fn class(&self) -> RetentionClass {
        let shipped = Retention::ALL.iter().find(|known| known.code() == self.retention);
        match (shipped, &self.own_retention) {
            (Some(shipped), _) => (*shipped).into(),
            (None, Some(own)) => own.clone().into(),
            (None, None) => RetentionClass {
                code: self.retention.clone(),
                label: self.retention.clone(),
                years: None,
            },
        }
    }
}

impl Told for Archived {
    const PRIVATE: &'static [&'static str] = &["without_service_reason"];

    leaves!(internal D45);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.retention = Some(self.class());
        never_handed_over(data, entry.on);
        data.enter(State::Archived, entry.on);
        entry.closes(data, ClosingKind::Archived);
    }
}
