//! 答复与送达 (Art 36; 国办公开办函〔2016〕235号): the reply leaves, the clock stops, and its delivery is recorded.

use super::approval::since_approval;
use super::check::Check;
use super::consultation::objectors_told_on;
use super::guard::guards;
use super::sent::{Before, DeliveryResult, Dispatch, Ending, Reply, ReplyMethod, ReturnedBecause, SignedAs};
use super::state::{CaseData, ClosingKind, State};
use super::step::{
    Deciding, Entry, Side, Since, Step, Told, dated_by, fields, issues_papers, itself, leaves, payloads, since_state,
    with_papers,
};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::Order;
use crate::domain::law::refusal::{Refusal, Rejection, reasons};
use crate::domain::reply::{self, Outcome, OutcomeCause, ReplyItem};
use crate::domain::words::ids::CaseId;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fields! {
    /// Another case of the same applicant that one paper answers too.
    Together { #[schema(value_type = String)] case_id: CaseId, version: i64 }
    IssueReply {
        method: ReplyMethod, replied_on: Option<NaiveDate>,
        /// A combined reply (合并答复): the other cases, each approved, that leave with this one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")] #[schema(max_items = 50)] together_with: Vec<Together>,
        /// The number of the item in the post.
        #[serde(default, skip_serializing_if = "Option::is_none")] reference: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    DispatchReply {
        method: ReplyMethod, sent_on: NaiveDate, reference: Option<String>, #[serde(default)] document_ids: Vec<String>,
    }
    RecordDelivery {
        /// The newest dispatch where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")] dispatch_id: Option<String>,
        result: DeliveryResult, delivered_on: NaiveDate,
        /// Why it came back; where nothing is said, the address that the applicant gave did not hold.
        #[serde(default, skip_serializing_if = "Option::is_none")] returned_because: Option<ReturnedBecause>,
        /// Who saw that the reply was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")] witness: Option<String>,
        /// Who signed for it, and as whom.
        #[serde(default, skip_serializing_if = "Option::is_none")] signed_by: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] signed_as: Option<SignedAs>,
        proof: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

payloads! {
    ReplyIssued {
        method: ReplyMethod, replied_on: Option<NaiveDate>, outcome: Outcome, outcome_cause: Option<OutcomeCause>,
        #[serde(default, skip_serializing_if = "Option::is_none")] reference: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
        /// The other cases that the same paper answers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")] together_with: Vec<CaseId>,
    }
}

guards! {
    /// Ready for the archive without a signature: refused or announced. What came back is still to be served.
    FAILED "delivery_failed", "delivery_outstanding", "《条例》第四十五条",
        "答复尚未送达，退回的也没有送达。请先登记送达结果（record_delivery）；被退回的，请改用其他方式再次寄送（dispatch_reply）或者公告送达。确实无法送达的，由负责人写明原因（without_service_reason）后归档。",
        "The reply is not served yet; what came back is not either. Record the delivery (record_delivery), dispatch a returned reply again (dispatch_reply) or announce it. Where service is impossible, an approver archives with the reason (`without_service_reason`).",
        |look| look.data.reply.as_ref().is_some_and(|reply| reply.served_on.is_some());

    /// Announced, a reply counts as served after thirty days (《民事诉讼法》 Art 95, by analogy).
    ANNOUNCED "announcement_over", "announcement_running", "《条例》第四十五条",
        "答复以公告方式送达，自公告之日起满三十日才视为送达，届满之前不能归档。其间申请人领取的，请登记签收（record_delivery）。确需提前归档的，由负责人写明原因（without_service_reason）。",
        "The reply was announced and counts as served thirty days later; the file stays open until then. If the applicant fetches it meanwhile, record that (record_delivery). To close it earlier an approver gives the reason (`without_service_reason`).",
        |look| {
            let reply = look.data.reply.as_ref();
            let announced = reply.filter(|reply| matches!(reply.delivery, Some((DeliveryResult::PublicNotice, _))));
            announced.and_then(|reply| reply.served_on).is_none_or(|day| day <= look.on)
        };

    UNANSWERED "dispatch_open", "already_delivered", "国办公开办函〔2016〕235号第四点",
        "每一次寄送的结果都已登记。登记有误的，请提请更正（correct_fact）。",
        "The result of every dispatch is recorded; propose a correction if one is wrong.",
        |look| look.data.reply.as_ref().is_some_and(|reply| reply.dispatches.iter().any(|dispatch| dispatch.result.is_none()));
}

reasons! {
    EARLIER_GONE "earlier_reply_gone", "《条例》第三十六条第（六）项",
        "答复所依据的 {number} 号答复已被撤销、正在更换，或者已不能认定为同一申请人的申请，不能再按重复申请答复。请退回经办人，重新拟制答复。",
        "The earlier reply under {number} was taken back or is being replaced, or is not known to be the same applicant's any more; return the draft and reply anew.";

    TOGETHER_UNFIT "together_unfit", "《条例》第四十五条",
        "案件 {number} 不属于同一申请人，或者不由本机关办理，不能合并答复。申请人相同而尚未核验身份的，请先在各件中核验（verify_identity）；不是同一申请人的，请分别答复。",
        "Case {number} is of another applicant or another agency; it cannot be answered by the same paper. Where nobody has verified yet that the applicant is the same, do so first in each case (verify_identity).";

    TOGETHER_STALE "together_stale", "《条例》第四十五条",
        "案件 {number} 已经由他人更新（当前版本 {version}），合并答复没有发出。请重新查看该案后再发出。",
        "Case {number} was changed meanwhile (current version {version}), so nothing was issued; look at it again first.";

    ALREADY_DELIVERED "already_delivered", "国办公开办函〔2016〕235号第四点",
        "同样的送达结果已经登记过。登记有误的，请提请更正（correct_fact）。",
        "This delivery result is recorded already; propose a correction if it is wrong.";

    NOT_DELIVERED_ONLINE "not_delivered_online", "国办公开办函〔2016〕235号第四点",
        "本答复不是在线或以电子邮件发出的，请登记签收、拒收、退回或公告送达。",
        "The reply was not sent online or by e-mail; record that it was signed for, refused, returned or announced.";
}

/// Only what was sent online or by e-mail is opened.
///
/// # Errors
/// It was sent otherwise.
pub fn fits(delivery: &RecordDelivery, data: &CaseData) -> Result<(), Refusal> {
    let reply = data.reply.as_ref();
    let dispatch = reply.and_then(|reply| reply.dispatch(delivery.dispatch_id.as_deref(), Some(delivery.result)));
    let electronic = dispatch.is_some_and(|dispatch| dispatch.method.is_electronic());
    match delivery.result == DeliveryResult::Opened && !electronic {
        true => Err((&NOT_DELIVERED_ONLINE).into()),
        false => Ok(()),
    }
}

/// The reply leaves: what is still open ends with it, and the clock stops as soon as one sending of it counts.
pub fn reply_out(data: &mut CaseData, entry: &Entry<'_>, reply: Reply) {
    data.subs.cancel_open(entry.on);
    let before = Before {
        facts: data.facts.clone(),
        endings: data.endings.clone(),
        counted: data.counted,
    };
    data.draft = None;
    data.released.extend(released_by(&reply));
    data.reply = Some(Reply {
        before: Box::new(before),
        ..reply
    });
    settle(data);
    data.replacing = false;
    data.ordered_by = None;
    data.enter(State::Replied, entry.on);
    entry.closes(data, ClosingKind::Replied);
}

/// The clock stops with the earliest sending that counts, and so does the case end under its leaf (235号 point 4). One that
/// stopped with a reply which is replaced stays stopped by that.
fn settle(data: &mut CaseData) {
    let Some(reply) = &data.reply else { return };
    let Before {
        facts,
        endings,
        counted,
    } = (*reply.before).clone();
    let replaces = reply.replaces;
    let ending = reply.counts_on().map(|on| Ending {
        on,
        outcome: reply.outcome,
        cause: reply.outcome_cause,
    });
    data.facts = facts;
    data.endings = endings;
    data.counted = counted;
    if let Some(ending) = ending {
        stop_by_reply(data, ending, replaces);
    }
}

fn stop_by_reply(data: &mut CaseData, ending: Ending, replaces: bool) {
    if !data.is_stopped() {
        data.stop(ending.on);
    }
    data.ended_by_reply(ending, replaces);
}

/// A reply that was offered and never taken ends the case when its file is closed.
pub fn never_handed_over(data: &mut CaseData, on: NaiveDate) {
    let Some(reply) = &data.reply else { return };
    if reply.counts_on().is_none() {
        let (outcome, cause, replaces) = (reply.outcome, reply.outcome_cause, reply.replaces);
        stop_by_reply(data, Ending { on, outcome, cause }, replaces);
    }
}

/// The letter of the reply in force (Arts 36–39, 41).
pub fn reply_letter(data: &CaseData) -> Vec<Order> {
    let letter = data.reply.as_ref().map(|reply| {
        let code = reply.outcome.document_kind(reply.outcome_cause);
        Order::to_applicant(code.unwrap_or(InstrumentCode::D48))
    });
    letter.into_iter().collect()
}

/// The documents that a reply gives to the applicant. One that stands in a withheld item too was to be redacted: the
/// redacted copy is a document of its own, and the original stays with the agency.
pub fn released_by(reply: &Reply) -> BTreeSet<String> {
    let withheld = withheld_by(reply);
    named_by(reply, true).difference(&withheld).cloned().collect()
}

/// The documents in the items that a reply does not grant.
pub fn withheld_by(reply: &Reply) -> BTreeSet<String> {
    named_by(reply, false)
}

fn named_by(reply: &Reply, granted: bool) -> BTreeSet<String> {
    let items = reply.items.iter();
    let items = items.filter(|item| (item.outcome == Outcome::Granted) == granted);
    items.flat_map(|item| item.document_ids.iter().cloned()).collect()
}

impl Step for IssueReply {
    type Made = Option<ReplyIssued>;

    fn day(&self) -> Option<(&'static str, NaiveDate)> {
        self.replied_on.map(|day| ("replied_on", day))
    }

    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.optional_line("/reference", self.reference.as_ref());
        check.list("/together_with", &self.together_with, 0, |_, _, _| ());
        match (self.method.is_handed_over(), self.replied_on) {
            (true, Some(_)) => check.wrong(
                "/replied_on",
                "当面领取和自取以申请人签收之日为答复日期，请不要填写，待签收后登记送达。",
                "Handed over in person, the reply is dated by the signature; leave this out and record the delivery.",
            ),
            (false, None) => check.errors.push(FieldError::missing("/replied_on")),
            _ => {}
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        let Some(draft) = &data.draft else {
            return since_state(data);
        };
        let approved = since_approval(data, draft);
        match objectors_told_on(data, draft) {
            Some(told_on) if told_on > approved.0 => (told_on, "告知第三方的日期", "letter to the third party"),
            _ => approved,
        }
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Option<ReplyIssued>, Rejection> {
        let Some(draft) = &deciding.data.draft else {
            return Ok(None);
        };
        let answered = &deciding.ctx.lookups.answered;
        let mut earlier = draft.items.iter().filter_map(ReplyItem::earlier_in_system);
        if let Some(number) = earlier.find(|number| !answered.contains(*number)) {
            return Err(EARLIER_GONE.with(&[("number", &number)]).into());
        }
        let (outcome, outcome_cause) = reply::case_outcome(deciding.data.kind(), &draft.items, draft.principal)?;
        Ok(Some(ReplyIssued {
            method: self.method,
            replied_on: self.replied_on,
            outcome,
            outcome_cause,
            reference: self.reference,
            document_ids: self.document_ids,
            together_with: self.together_with.iter().map(|other| other.case_id).collect(),
        }))
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"method": "mail", "replied_on": day})
    }
}

impl From<ReplyIssued> for IssueReply {
    fn from(issued: ReplyIssued) -> Self {
        Self {
            method: issued.method,
            replied_on: issued.replied_on,
            reference: issued.reference,
            document_ids: issued.document_ids,
            together_with: issued
                .together_with
                .into_iter()
                .map(|case_id| Together { case_id, version: 0 })
                .collect(),
        }
    }
}

impl Told for ReplyIssued {
    const PRIVATE: &'static [&'static str] = &["reference"];
    const CORRECTABLE: &'static [&'static str] = &["replied_on"];

    issues_papers!();

    fn instruments(&self, data: &CaseData) -> Vec<Order> {
        reply_letter(data)
    }

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let first = Dispatch::new(entry.seq, self.method, entry.on, self.reference.clone());
        let reply = Reply {
            seq: entry.seq,
            items: data.draft.as_ref().map(|draft| draft.items.clone()).unwrap_or_default(),
            method: Some(self.method),
            issued_on: entry.on,
            outcome: self.outcome,
            outcome_cause: self.outcome_cause,
            delivery: None,
            dispatches: vec![first],
            served_on: None,
            replaced_on: None,
            replaces: data.replacing,
            together_with: self.together_with.clone(),
            draft: data.draft.as_ref().map(|draft| draft.seq),
            before: Box::default(),
        };
        if self.method.is_handed_over() && !data.is_stopped() {
            data.end_consultations(entry.on);
        }
        reply_out(data, entry, reply);
    }
}

impl Step for DispatchReply {
    itself!();
    dated_by!(sent_on);

    fn check(&self, check: &mut Check<'_>) {
        check.optional_line("/reference", self.reference.as_ref());
    }

    with_papers!();

    fn since(&self, data: &CaseData) -> Since {
        since_reply(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"method": "mail", "sent_on": day, "reference": "EMS 1234567890123"})
    }
}

impl Told for DispatchReply {
    const PRIVATE: &'static [&'static str] = &["reference"];
    const CORRECTABLE: &'static [&'static str] = &["method", "sent_on", "reference"];

    /// It is to be served again, by this way.
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let Some(reply) = &mut data.reply else { return };
        let dispatch = Dispatch::new(entry.seq, self.method, entry.on, self.reference.clone());
        reply.dispatches.push(dispatch);
        reply.served_on = None;
        settle(data);
    }
}

fn since_reply(data: &CaseData) -> Since {
    let reply = data.reply.as_ref();
    reply.map_or(since_state(data), |reply| (reply.issued_on, "答复发出日期", "reply"))
}

impl Step for RecordDelivery {
    type Made = Self;
    dated_by!(delivered_on);
    const FROM_OUTSIDE: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.optional_line("/proof", self.proof.as_ref());
        check.optional_line("/witness", self.witness.as_ref());
        let signed = self.result == DeliveryResult::Signed;
        check.signature((self.signed_by.as_ref(), self.signed_as), signed);
        if self.returned_because.is_some() && self.result != DeliveryResult::Returned {
            check.wrong(
                "/returned_because",
                "只有退回的（returned）才填写退回原因。",
                "Why it came back is said of a returned reply only.",
            );
        }
    }

    with_papers!();

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        let id = self.dispatch_id.as_deref()?;
        let found = data.reply.as_ref().and_then(|reply| reply.dispatch(Some(id), None));
        found.is_none().then_some("/dispatch_id")
    }

    /// Online an applicant can only confirm having opened the reply; every other result is the agency's to record.
    fn check_for(&self, side: &Side<'_>, check: &mut Check<'_>) {
        if side.by_applicant && self.result != DeliveryResult::Opened {
            check.wrong(
                "/result",
                "申请人在线只能确认已查看（opened）。",
                "Online an applicant can only confirm having opened the reply (`opened`).",
            );
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        let reply = data.reply.as_ref();
        let dispatch = reply.and_then(|reply| reply.dispatch(self.dispatch_id.as_deref(), Some(self.result)));
        dispatch.map_or(since_reply(data), |dispatch| {
            (dispatch.sent_on, "答复发出日期", "reply")
        })
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let data = deciding.data;
        fits(&self, data)?;
        let reply = data.reply.as_ref();
        let Some(dispatch) = reply.and_then(|reply| reply.dispatch(self.dispatch_id.as_deref(), Some(self.result)))
        else {
            return Ok(self);
        };
        let same = dispatch.result == Some(self.result) && dispatch.on == Some(self.delivered_on);
        let settled = data.state == State::Delivered && dispatch.result.is_some();
        if data.state == State::Replied && same || settled {
            return Err((&ALREADY_DELIVERED).into());
        }
        Ok(Self {
            dispatch_id: Some(dispatch.id.clone()),
            ..self
        })
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"result": "signed", "delivered_on": day, "proof": "EMS 回执"})
    }
}

impl Told for RecordDelivery {
    const PRIVATE: &'static [&'static str] = &["proof", "witness", "signed_by"];
    const CORRECTABLE: &'static [&'static str] = &[
        "result",
        "delivered_on",
        "returned_because",
        "proof",
        "signed_by",
        "signed_as",
    ];

    leaves!(internal D43);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let pack = data.pack(entry.law);
        let Some(reply) = &mut data.reply else { return };
        if data.state == State::Delivered {
            // The slip of another sending; the reply arrived already.
            if let Some(dispatch) = reply
                .dispatches
                .iter_mut()
                .find(|dispatch| Some(&dispatch.id) == self.dispatch_id.as_ref())
            {
                dispatch.end(self.result, entry.on, self.returned_because);
            }
            settle(data);
            return;
        }
        reply.delivery = Some((self.result, entry.on));
        if data.state != State::Replied {
            return;
        }
        let newest = reply.dispatches.len().saturating_sub(1);
        let id = self.dispatch_id.as_deref();
        let place = reply
            .dispatches
            .iter()
            .position(|dispatch| Some(dispatch.id.as_str()) == id);
        // Entries from before a reply could be dispatched twice speak of its only sending; a return ended its service.
        let only = id.is_none();
        if let Some(dispatch) = reply.dispatches.get_mut(place.unwrap_or(newest)) {
            let counts_on = dispatch.counts_on;
            dispatch.end(self.result, entry.on, self.returned_because);
            if only && self.result == DeliveryResult::Returned {
                dispatch.counts_on = counts_on;
            }
        }
        let served_on = match self.result {
            DeliveryResult::PublicNotice => Some(entry.law.limits(&pack).public_notice(entry.on)),
            DeliveryResult::Returned if !only => None,
            _ => Some(entry.on),
        };
        reply.served_on = served_on.or(reply.served_on);
        settle(data);
        if self.result.reached() {
            data.enter(State::Delivered, entry.on);
        }
    }
}
