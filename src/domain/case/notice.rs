//! 送达 of notices (Arts 30, 32, 35; fee rules, Art 6): the day on which a letter that awaits an answer arrived. No delivery,
//! no period: until one is recorded nobody is late with an answer.

use super::check::Check;
use super::guard::guards;
use super::letter::{Letter, NoticeResult};
use super::sent::SignedAs;
use super::state::CaseData;
use super::step::{
    Deciding, Entry, Id, Since, Step, Told, dated_by, fields, leaves, missing, payloads, since_opening, with_papers,
};
use super::sub::{AmendmentNotice, Consultation, Detail, FeeNotice, NotASub, ReasonsRequest, Sub, SubId};
use crate::domain::law::deadline::Fact;
use crate::domain::law::limits::Limits;
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::words::codes::codes;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;

codes! {
    pub enum NoticeTarget {
        Consultation "consultation" "征求意见函",
        FeeNotice "fee_notice" "收费通知",
        AmendmentNotice "amendment_notice" "补正告知书",
        ReasonsRequest "reasons_request" "说明理由告知书",
    }
}

/// The id of a notice of any kind, written as that of its sub-process.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum NoticeId {
    Consultation(SubId<Consultation>),
    FeeNotice(SubId<FeeNotice>),
    AmendmentNotice(SubId<AmendmentNotice>),
    ReasonsRequest(SubId<ReasonsRequest>),
}

impl FromStr for NoticeId {
    type Err = NotASub;

    fn from_str(text: &str) -> Result<Self, NotASub> {
        let consultation = text.parse().map(Self::Consultation);
        consultation
            .or_else(|_| text.parse().map(Self::FeeNotice))
            .or_else(|_| text.parse().map(Self::AmendmentNotice))
            .or_else(|_| text.parse().map(Self::ReasonsRequest))
    }
}

/// The same of a notice whatever its kind.
macro_rules! of_each {
    ($notice:expr, $id:ident => $value:expr) => {
        match $notice {
            NoticeId::Consultation($id) => $value,
            NoticeId::FeeNotice($id) => $value,
            NoticeId::AmendmentNotice($id) => $value,
            NoticeId::ReasonsRequest($id) => $value,
        }
    };
}

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        of_each!(self, id => id.fmt(f))
    }
}

impl TryFrom<String> for NoticeId {
    type Error = NotASub;

    fn try_from(text: String) -> Result<Self, NotASub> {
        text.parse()
    }
}

impl From<NoticeId> for String {
    fn from(id: NoticeId) -> Self {
        id.to_string()
    }
}

/// A serialised field that is not there because nothing else than usual happened.
fn none(ids: &[String]) -> bool {
    ids.is_empty()
}

impl NoticeId {
    fn target(self) -> NoticeTarget {
        match self {
            Self::Consultation(_) => NoticeTarget::Consultation,
            Self::FeeNotice(_) => NoticeTarget::FeeNotice,
            Self::AmendmentNotice(_) => NoticeTarget::AmendmentNotice,
            Self::ReasonsRequest(_) => NoticeTarget::ReasonsRequest,
        }
    }
}

fields! {
    RecordNoticeDelivery {
        target: NoticeTarget, #[schema(value_type = String)] id: NoticeId,
        /// What came of the last sending; it arrived where nothing else is said.
        #[serde(default)] result: NoticeResult,
        /// The day of the result. `delivered_on` is an older name of the field.
        #[serde(alias = "delivered_on")] on: NaiveDate,
        method: Option<String>,
        /// Who signed for it, and as whom.
        signed_by: Option<String>, signed_as: Option<SignedAs>,
        /// Who saw that the addressee refused the notice.
        witness: Option<String>, proof: Option<String>, #[serde(default)] document_ids: Vec<String>,
    }
    ResendNotice {
        target: NoticeTarget, #[schema(value_type = String)] id: NoticeId, sent_on: NaiveDate, method: String,
        #[serde(default)] document_ids: Vec<String>,
    }
}

payloads! {
    /// The notice arrived, or counts as arrived: refused, or announced on `delivered_on`.
    NoticeDelivered {
        target: NoticeTarget, id: NoticeId, delivered_on: NaiveDate, method: Option<String>, proof: Option<String>,
        #[serde(default, skip_serializing_if = "NoticeResult::is_delivered")] result: NoticeResult,
        #[serde(default, skip_serializing_if = "Option::is_none")] witness: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] signed_by: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] signed_as: Option<SignedAs>,
        #[serde(default, skip_serializing_if = "none")] document_ids: Vec<String>,
    }
    /// The notice came back.
    NoticeReturned {
        target: NoticeTarget, id: NoticeId, returned_on: NaiveDate, method: Option<String>, proof: Option<String>,
        #[serde(default)] document_ids: Vec<String>,
    }
}

guards! {
    UNDELIVERED "notice_undelivered", "no_notice_undelivered", "《条例》第三十条、第三十二条、第三十五条；国办函〔2020〕109号第六条",
        "本案没有等待送达的文书：已经登记送达，或者对方已经补正、答复、缴费，期限不再取决于送达。此后收到的送达回执，请用 add_document 入卷。",
        "No notice of this case awaits its delivery: it is recorded, or the addressee has answered or paid, so that no period hangs on it. Keep a slip that comes later with add_document.",
        |look| {
            let subs = &look.data.subs;
            let on = look.on;
            waits(&subs.consultations, on) || waits(&subs.fees, on) || waits(&subs.amendments, on) || waits(&subs.reasons, on)
        };
}

/// A notice that somebody receives and is to answer.
pub trait Delivered: Detail {
    fn letter(&self) -> &Letter;

    fn letter_mut(&mut self) -> &mut Letter;

    /// The last day to answer the notice of `sent_on` when it arrived on `delivered_on`; none where nothing sets one.
    fn answer_by(&self, limits: Limits<'_>, sent_on: NaiveDate, delivered_on: NaiveDate) -> Option<NaiveDate>;
}

macro_rules! delivered {
    ($($notice:ident |$detail:ident, $limits:ident, $sent_on:ident, $day:ident| $answer_by:expr;)*) => {$(
        impl Delivered for $notice {
            fn letter(&self) -> &Letter {
                &self.letter
            }

            fn letter_mut(&mut self) -> &mut Letter {
                &mut self.letter
            }

            fn answer_by(&self, $limits: Limits<'_>, $sent_on: NaiveDate, $day: NaiveDate) -> Option<NaiveDate> {
                let $detail = self;
                $answer_by
            }
        }
    )*};
}

delivered! {
    Consultation |_detail, limits, _sent_on, day| Some(limits.opinion(day));
    FeeNotice |_detail, limits, _sent_on, day| Some(limits.fee_payment(day));
    AmendmentNotice |detail, limits, sent_on, day| Some(limits.answer(sent_on, detail.respond_by, day));
    ReasonsRequest |detail, limits, sent_on, day| {
        detail.letter.stated_on.map(|stated_on| limits.answer(sent_on, stated_on, day))
    };
}

/// A notice goes out: it is to be answered by the day that its delivery gives, where that is known already.
pub fn begin<D: Delivered>(data: &mut CaseData, entry: &Entry<'_>, notice: D) {
    let delivered_on = notice.letter().delivered_on;
    let pack = data.pack(entry.law);
    let due_on = delivered_on.and_then(|day| notice.answer_by(entry.law.limits(&pack), entry.on, day));
    data.subs.begin(entry.seq, entry.on, due_on, notice);
}

fn waits<D: Delivered>(notices: &[Sub<D>], on: NaiveDate) -> bool {
    let can_arrive = |sub: &Sub<D>| sub.is_open() && sub.detail.letter().can_arrive(on);
    notices.iter().any(can_arrive)
}

/// The day of the delivery that rules out another one on a day.
fn delivered_on<D: Delivered>(data: &CaseData, id: SubId<D>, on: NaiveDate) -> Option<NaiveDate> {
    let letter = data.subs.get(id).map(|sub| sub.detail.letter());
    letter
        .filter(|letter| !letter.can_arrive(on))
        .and_then(|letter| letter.delivered_on)
}

reasons! {
    ALREADY_DELIVERED "already_delivered", "《条例》第四十五条",
        "这份文书已登记于 {day} 送达。登记有误的，请提请更正（correct_fact）。",
        "The delivery is recorded for {day} already; propose a correction if it is wrong.";
}

const NOTICE_ID: &[Id] = &[("/id", "consultation-0")];

fn missing_notice(data: &CaseData, target: NoticeTarget, id: NoticeId) -> Option<&'static str> {
    of_each!(id, id => missing(data, "/id", id)).or((id.target() != target).then_some("/id"))
}

fn since_notice(data: &CaseData, id: NoticeId) -> Since {
    let (zh, en) = ("文书发出日期", "sending of the notice");
    of_each!(id, id => since_opening(data, data.subs.get(id), zh, en))
}

fn still_undelivered(deciding: &Deciding<'_>, id: NoticeId) -> Result<(), Rejection> {
    match of_each!(id, id => delivered_on(deciding.data, id, deciding.on)) {
        Some(day) => Err(ALREADY_DELIVERED.with(&[("day", &day)]).into()),
        None => Ok(()),
    }
}

impl CaseData {
    /// The last day on which an announced consultation of others counts as delivered, where that is still to come.
    pub fn announced_until(&self, as_of: NaiveDate) -> Option<NaiveDate> {
        let open = self.subs.consultations.iter().filter(|sub| sub.is_open());
        let announced = open.map(|sub| sub.detail.letter()).filter(|letter| {
            let announced_on = letter.sendings.last().and_then(|sending| sending.on);
            letter.is_announced() && announced_on.is_some_and(|on| on <= as_of)
        });
        announced
            .filter_map(|letter| letter.delivered_on)
            .max()
            .filter(|day| *day > as_of)
    }
}

fn not_announced(data: &CaseData, id: NoticeId) -> Result<(), Rejection> {
    let letter = of_each!(id, id => data.subs.get(id).map(|sub| sub.detail.letter()));
    match letter
        .filter(|letter| letter.is_announced())
        .and_then(|letter| letter.delivered_on)
    {
        Some(day) => Err(ALREADY_DELIVERED.with(&[("day", &day)]).into()),
        None => Ok(()),
    }
}

impl Step for RecordNoticeDelivery {
    type Made = (Option<NoticeDelivered>, Option<NoticeReturned>);
    dated_by!(on);
    const FROM_OUTSIDE: bool = true;
    const IDS: &'static [Id] = NOTICE_ID;

    fn check(&self, check: &mut Check<'_>) {
        check.optional_line("/method", self.method.as_ref());
        check.optional_line("/witness", self.witness.as_ref());
        check.optional_line("/proof", self.proof.as_ref());
        check.signature((self.signed_by.as_ref(), self.signed_as), self.result.is_delivered());
        if self.result == NoticeResult::Refused && self.witness.is_none() && self.document_ids.is_empty() {
            check.wrong(
                "/witness",
                "拒收的，请写明在场的见证人，或者附上送达回证、照片、录像（document_ids）。",
                "A refusal needs a witness, or the slip, photograph or recording as a document (`document_ids`).",
            );
        }
    }

    with_papers!();

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing_notice(data, self.target, self.id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_notice(data, self.id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self::Made, Rejection> {
        still_undelivered(deciding, self.id)?;
        // After an announcement it can only come to hand after all, which counts from that day.
        if !matches!(self.result, NoticeResult::Delivered | NoticeResult::Refused) {
            not_announced(deciding.data, self.id)?;
        }
        if self.result == NoticeResult::Returned {
            return Ok((None, Some(self.into())));
        }
        Ok((Some(self.into()), None))
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "target": "consultation", "id": "consultation-7", "result": "delivered", "on": day,
            "method": "邮政特快专递", "proof": "EMS 1234567890123",
        })
    }
}

impl From<RecordNoticeDelivery> for NoticeDelivered {
    fn from(sent: RecordNoticeDelivery) -> Self {
        Self {
            target: sent.target,
            id: sent.id,
            delivered_on: sent.on,
            method: sent.method,
            proof: sent.proof,
            result: sent.result,
            witness: sent.witness,
            signed_by: sent.signed_by,
            signed_as: sent.signed_as,
            document_ids: sent.document_ids,
        }
    }
}

impl From<NoticeDelivered> for RecordNoticeDelivery {
    fn from(told: NoticeDelivered) -> Self {
        Self {
            target: told.target,
            id: told.id,
            result: told.result,
            on: told.delivered_on,
            method: told.method,
            witness: told.witness,
            signed_by: told.signed_by,
            signed_as: told.signed_as,
            proof: told.proof,
            document_ids: told.document_ids,
        }
    }
}

impl From<RecordNoticeDelivery> for NoticeReturned {
    fn from(sent: RecordNoticeDelivery) -> Self {
        Self {
            target: sent.target,
            id: sent.id,
            returned_on: sent.on,
            method: sent.method,
            proof: sent.proof,
            document_ids: sent.document_ids,
        }
    }
}

impl From<NoticeReturned> for RecordNoticeDelivery {
    fn from(told: NoticeReturned) -> Self {
        Self {
            target: told.target,
            id: told.id,
            result: NoticeResult::Returned,
            on: told.returned_on,
            method: told.method,
            witness: None,
            signed_by: None,
            signed_as: None,
            proof: told.proof,
            document_ids: told.document_ids,
        }
    }
}

/// The notice arrived: the time to answer begins, for the addressee and for the clock.
fn arrives<D: Delivered>(data: &mut CaseData, entry: &Entry<'_>, id: SubId<D>, told: &NoticeDelivered, day: NaiveDate) {
    let pack = data.pack(entry.law);
    let limits = entry.law.limits(&pack);
    data.subs.change(id, |sub| {
        sub.due_on = sub.detail.answer_by(limits, sub.opened_on, day);
        let letter = sub.detail.letter_mut();
        if letter.is_announced() {
            letter.resend(told.delivered_on, told.method.clone());
        }
        letter.delivered_on = Some(day);
        letter.result(told.result, told.delivered_on, told.method.as_ref());
    });
}

/// What the clock is told of the delivery.
fn tell_clock(data: &mut CaseData, id: NoticeId, day: NaiveDate) {
    let sent_on = of_each!(id, id => data.subs.get(id).map(|sub| sub.opened_on));
    if let (NoticeId::Consultation(id), Some(_)) = (id, sent_on) {
        let id = id.to_string();
        if !data.replacing {
            let earlier = |fact: &Fact| matches!(fact, Fact::ConsultationDelivered { id: of, .. } if *of == id);
            data.facts.retain(|fact| !earlier(fact));
        }
        data.tell(Fact::ConsultationDelivered { id, on: day });
    }
    for fact in &mut data.facts {
        match (id, fact) {
            (NoticeId::FeeNotice(_), Fact::FeeNotified { on, delivered_on }) if Some(*on) == sent_on => {
                *delivered_on = Some(day);
            }
            (NoticeId::AmendmentNotice(_), Fact::AmendmentRequested { on, delivered_on, .. })
                if Some(*on) == sent_on =>
            {
                *delivered_on = Some(Some(day));
            }
            _ => {}
        }
    }
}

impl Told for NoticeDelivered {
    const PRIVATE: &'static [&'static str] = &["proof", "witness", "signed_by"];
    const CORRECTABLE: &'static [&'static str] = &["delivered_on", "method", "proof", "signed_by", "signed_as"];

    leaves!(internal D43);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let day = match self.result {
            NoticeResult::PublicNotice => entry.law.limits(&data.pack(entry.law)).public_notice(self.delivered_on),
            _ => self.delivered_on,
        };
        of_each!(self.id, id => arrives(data, entry, id, self, day));
        tell_clock(data, self.id, day);
    }
}

impl Told for NoticeReturned {
    const PRIVATE: &'static [&'static str] = &["proof"];
    const CORRECTABLE: &'static [&'static str] = &["returned_on", "method", "proof"];

    /// It is still to be delivered: no period runs.
    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        let method = self.method.as_ref();
        of_each!(self.id, id => data.subs.change(id, |sub| {
            sub.detail.letter_mut().result(NoticeResult::Returned, self.returned_on, method);
        }));
    }
}

impl Step for ResendNotice {
    type Made = Self;
    dated_by!(sent_on);
    const IDS: &'static [Id] = NOTICE_ID;

    fn check(&self, check: &mut Check<'_>) {
        check.line("/method", &self.method);
    }

    with_papers!();

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing_notice(data, self.target, self.id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_notice(data, self.id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        still_undelivered(deciding, self.id)?;
        not_announced(deciding.data, self.id)?;
        Ok(self)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"target": "amendment_notice", "id": "amendment_notice-5", "sent_on": day, "method": "直接送达"})
    }
}

impl Told for ResendNotice {
    const CORRECTABLE: &'static [&'static str] = &["sent_on", "method"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        let method = Some(self.method.clone());
        of_each!(self.id, id => data.subs.change(id, |sub| sub.detail.letter_mut().resend(self.sent_on, method)));
    }
}
