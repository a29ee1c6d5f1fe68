//! 送达 of notices (Arts 30, 32, 35; fee rules, Art 6): the day on which a letter that awaits an answer arrived.

use super::check::Check;
use super::consultation::opinion_limit;
use super::fee_notice;
use super::guard::guards;
use super::state::CaseData;
use super::step::{Deciding, Entry, Id, Since, Step, Told, dated_by, fields, missing, since_opening};
use super::sub::{AmendmentNotice, Consultation, Detail, FeeNotice, NotASub, ReasonsRequest, Sub, SubId};
use crate::domain::law::deadline::Fact;
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
        target: NoticeTarget, #[schema(value_type = String)] id: NoticeId, delivered_on: NaiveDate,
        method: Option<String>, proof: Option<String>,
    }
}

guards! {
    UNDELIVERED "notice_undelivered", "no_notice_undelivered", "《条例》第三十条",
        "本案没有待登记送达的文书。",
        "Every notice of this case already has its delivery.",
        |look| {
            let subs = &look.data.subs;
            waits(&subs.consultations) || waits(&subs.fees) || waits(&subs.amendments) || waits(&subs.reasons)
        };
}

/// A notice that somebody receives.
pub trait Delivered: Detail {
    fn delivered_on(&self) -> Option<NaiveDate>;
}

macro_rules! delivered {
    ($($notice:ident)*) => {$(
        impl Delivered for $notice {
            fn delivered_on(&self) -> Option<NaiveDate> {
                self.delivered_on
            }
        }
    )*};
}
delivered! { Consultation FeeNotice AmendmentNotice ReasonsRequest }

fn waits<D: Delivered>(notices: &[Sub<D>]) -> bool {
    notices
        .iter()
        .any(|sub| sub.is_open() && sub.detail.delivered_on().is_none())
}

fn delivered_on<D: Delivered>(data: &CaseData, id: SubId<D>) -> Option<NaiveDate> {
    data.subs.get(id).and_then(|sub| sub.detail.delivered_on())
}

reasons! {
    ALREADY_DELIVERED "already_delivered", "《条例》第四十五条",
        "这份文书已登记于 {day} 送达。登记有误的，请提请更正（correct_fact）。",
        "The delivery is recorded for {day} already; propose a correction if it is wrong.";
}

impl Step for RecordNoticeDelivery {
    type Made = Self;
    dated_by!(delivered_on);
    const IDS: &'static [Id] = &[("/id", "consultation-0")];

    fn check(&self, check: &mut Check<'_>) {
        check.optional_line("/method", self.method.as_ref());
        check.optional_line("/proof", self.proof.as_ref());
    }

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        of_each!(self.id, id => missing(data, "/id", id)).or((self.id.target() != self.target).then_some("/id"))
    }

    fn since(&self, data: &CaseData) -> Since {
        let (zh, en) = ("文书发出日期", "sending of the notice");
        of_each!(self.id, id => since_opening(data, data.subs.get(id), zh, en))
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let data = deciding.data;
        match of_each!(self.id, id => delivered_on(data, id)) {
            Some(day) => Err(ALREADY_DELIVERED.with(&[("day", &day)]).into()),
            None => Ok(self),
        }
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "target": "consultation", "id": "consultation-7", "delivered_on": day, "method": "邮政特快专递",
            "proof": "EMS 1234567890123",
        })
    }
}

impl Told for RecordNoticeDelivery {
    const PRIVATE: &'static [&'static str] = &["proof"];
    const CORRECTABLE: &'static [&'static str] = &["delivered_on", "method", "proof"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let day = self.delivered_on;
        match self.id {
            NoticeId::Consultation(id) if data.subs.get(id).is_some() => {
                let answer_by = opinion_limit(data, day, entry.law);
                data.subs.change(id, |sub| {
                    sub.detail.delivered_on = Some(day);
                    sub.due_on = Some(answer_by);
                });
                let id = id.to_string();
                data.facts.push(Fact::ConsultationDelivered { id, on: day });
            }
            NoticeId::Consultation(_) => {}
            NoticeId::FeeNotice(id) => fee_notice::delivered(data, id, day, entry.law),
            NoticeId::AmendmentNotice(id) => data.subs.change(id, |sub| sub.detail.delivered_on = Some(day)),
            NoticeId::ReasonsRequest(id) => data.subs.change(id, |sub| sub.detail.delivered_on = Some(day)),
        }
    }
}
