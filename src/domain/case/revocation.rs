//! 撤销终结、更换答复 (Arts 30, 45): an ending that was entered by mistake is taken back as if it had never been; a reply
//! that left with a mistake in it is replaced by another.

use super::check::Check;
use super::delivery::released_by;
use super::guard::{Look, guards};
use super::sent::Reply;
use super::state::{CaseData, ClosingKind, State};
use super::step::{Deciding, Entry, Since, Step, Told, fields, itself, leaves, payloads, since_state, with_papers};
use super::sub::{Remedy, Sub, SubStatus};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::Order;
use crate::domain::law::refusal::Rejection;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    RevokeEnding { reason: String, #[serde(default)] document_ids: Vec<String> }
    ReplaceReply { reason: String, #[serde(default)] document_ids: Vec<String> }
}

payloads! {
    /// The entry `seq` ended the case and is taken back: whatever reads the log leaves it out.
    EndingRevoked {
        seq: u32, reason: String, document_ids: Vec<String>,
        /// None in records of before.
        #[serde(default, skip_serializing_if = "Option::is_none")] kind: Option<ClosingKind>,
    }
}

guards! {
    ENDED "ended", "no_ending_to_revoke", "《条例》第四十五条",
        "本案没有可以撤销的终结。",
        "No ending of this case can be revoked.",
        |look| !look.data.closings.is_empty();

    /// What one person entered by mistake another one takes back.
    NOT_RECORDER "not_recorder", "same_person_as_recorder", "《条例》第四十五条",
        "登记这一终结的人不能自己撤销，请由其他负责人撤销。",
        "Who entered the ending cannot revoke it; another person must.",
        |look| {
            let by = look.data.closings.last().and_then(|closing| closing.by);
            by.is_none() || by != look.who.user_id
        };

    NO_DECISION "no_remedy_decided", "remedy_decided", "《条例》第五十一条",
        "针对这一终结的复议或者诉讼已有结果，不能撤销。请按照决定或者判决办理。",
        "A remedy against this ending is decided; the ending cannot be revoked. Follow the decision.",
        |look| {
            let ended_on = look.data.closings.last().map(|closing| closing.on);
            let against = |sub: &&Sub<Remedy>| Some(sub.detail.filed_on) >= ended_on;
            let mut remedies = look.data.subs.remedies.iter().filter(against);
            !remedies.any(|sub| sub.status == SubStatus::Decided)
        };

    /// What the applicant holds in hands is not undone by an entry.
    NEVER_LEFT "reply_never_left", "reply_left", "《条例》第四十五条",
        "答复已经送出并登记了送达结果，不能撤销。答复有误的，请更换答复（replace_reply）；送达结果登记有误的，请提请更正（correct_fact）。",
        "The reply left and its delivery is recorded, so it cannot be revoked. Replace a wrong reply (replace_reply), or correct a wrong delivery (correct_fact).",
        |look| !closed_by_reply(look) || look.data.reply.as_ref().is_none_or(|reply| reply.delivery.is_none());

    /// The clock is stopped by the reply that left: nothing moves it any more.
    NOT_REPLACING "reply_not_being_replaced", "reply_being_replaced", "《条例》第四十五条",
        "本案的答复正在更换，答复期限已经停止计算，不能办理这一动作。请拟制新的答复并发出。",
        "The reply of this case is being replaced and its clock is stopped; draft and issue the new reply.",
        |look| !look.data.replacing;

    LEFT "reply_left", "reply_never_left", "《条例》第四十五条",
        "答复还没有送出，不需要更换。误登记发出的，请撤销终结（revoke_ending）。",
        "The reply has not left, so there is nothing to replace. If its issue was entered by mistake, revoke the ending (revoke_ending).",
        |look| look.data.reply.as_ref().is_some_and(|reply| reply.counts_on().is_some());
}

fn closed_by_reply(look: &Look<'_>) -> bool {
    let last = look.data.closings.last();
    last.is_some_and(|closing| closing.kind == ClosingKind::Replied)
}

impl Step for RevokeEnding {
    type Made = Option<EndingRevoked>;

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    with_papers!();

    fn since(&self, data: &CaseData) -> Since {
        let last = data.closings.last();
        last.map_or(since_state(data), |closing| (closing.on, "终结日期", "ending"))
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self::Made, Rejection> {
        let last = deciding.data.closings.last();
        Ok(last.map(|closing| EndingRevoked {
            seq: closing.seq,
            reason: self.reason,
            document_ids: self.document_ids,
            kind: Some(closing.kind),
        }))
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "申请人的补正材料已由收发室于期限内签收"})
    }
}

impl From<EndingRevoked> for RevokeEnding {
    fn from(revoked: EndingRevoked) -> Self {
        Self {
            reason: revoked.reason,
            document_ids: revoked.document_ids,
        }
    }
}

impl Told for EndingRevoked {
    const PRIVATE: &'static [&'static str] = &["reason"];

    /// Who was told that the case is not handled any more is told that it goes on.
    fn instruments(&self, _: &CaseData) -> Vec<Order> {
        let told = matches!(
            self.kind,
            Some(ClosingKind::AmendmentLapsed | ClosingKind::FeeLapsed | ClosingKind::Withdrawn | ClosingKind::Merged)
        );
        let letter = told.then(|| Order::to_applicant(InstrumentCode::D47));
        letter.into_iter().collect()
    }

    /// The log is folded without the entry: the case stands where it stood, with what the ending had ended.
    fn fold(&self, _: &mut CaseData, _: &Entry<'_>) {}
}

impl Step for ReplaceReply {
    itself!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    with_papers!();

    fn since(&self, data: &CaseData) -> Since {
        let issued_on = data.reply.as_ref().and_then(Reply::counts_on);
        issued_on.map_or(since_state(data), |day| (day, "答复日期", "reply"))
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "附件装错，寄出的是另一份文件"})
    }
}

impl Told for ReplaceReply {
    const PRIVATE: &'static [&'static str] = &["reason"];

    leaves!(D46);

    /// Another reply is owed. The clock stays stopped by the first posting (235号 point 4: our choice), so that a mistake that
    /// is mended is no missed period; the day of the replacement is shown as a risk.
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        // What was enclosed by mistake is not given out any further.
        let given = data.reply.as_ref().map(released_by).unwrap_or_default();
        data.released.retain(|id| !given.contains(id));
        data.set_aside_reply(entry.on);
        data.closings.retain(|closing| closing.kind != ClosingKind::Replied);
        data.replacing = true;
        data.enter(State::InProgress, entry.on);
    }
}
