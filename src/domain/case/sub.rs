//! What goes on beside the state of a case (子程序): assignments, consultations, notices that await an answer, reviews,
//! proposals, remedies. Each kind has a slot of its own in [`Subs`]; any number may be open at once.

use super::letter::Letter;
use crate::domain::law::deadline::ConsultationKind;
use crate::domain::law::fee::FeeScheme;
use crate::domain::people::party::Party;
use crate::domain::reply::SecrecyVerdict;
use crate::domain::report::{RemedyKind, RemedyResult};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{UnitId, UserId};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

codes! {
    /// Where a sub-process stands.
    pub enum SubStatus {
        Open "open" "进行中",
        Answered "answered" "已答复",
        Returned "returned" "已退回",
        Silent "silent" "逾期未答复",
        Ended "ended" "已结束",
        Approved "approved" "已批准",
        Rejected "rejected" "未批准",
        Paid "paid" "已缴清",
        Lapsed "lapsed" "逾期",
        Decided "decided" "已有结果",
        /// Entered though there was none, or twice; counts nowhere.
        Voided "voided" "已作废",
        Confirmed "confirmed" "已确认",
        Passed "passed" "已通过",
        /// Ended because the case left the open states.
        Cancelled "cancelled" "随案终止",
    }

    pub enum SearchResult {
        Found "found" "找到",
        Partly "partly" "部分找到",
        NotFound "not_found" "未找到",
    }

    /// Who filed a remedy (提起人).
    pub enum RemedyFiler {
        Applicant "applicant" "申请人",
        ThirdParty "third_party" "第三方",
    }

    pub enum Opinion {
        Consent "consent" "同意",
        Object "object" "不同意",
        ObjectWithoutReason "object_without_reason" "不同意，未说明理由",
    }
}

/// What was searched, where, with which words, by whom and when (检索记录, Art 36(4)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRecord {
    pub scope: String,
    pub systems: Vec<String>,
    pub keywords: Vec<String>,
    pub searched_by: String,
    pub searched_on: NaiveDate,
}

/// The answer of a business unit with its search record (检索记录).
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AssignmentAnswer {
    pub result: SearchResult,
    pub search: SearchRecord,
    pub document_ids: Vec<String>,
}

/// What is particular to one kind of sub-process.
pub trait Detail: fmt::Debug + Clone + PartialEq + Serialize + 'static {
    /// The kind, as it stands in views and in front of ids.
    const KIND: &'static str;

    fn slot(subs: &Subs) -> &Vec<Sub<Self>>;

    fn slot_mut(subs: &mut Subs) -> &mut Vec<Sub<Self>>;

    /// The third party that it concerns; only some may see it.
    fn party(&self) -> Option<&Party> {
        None
    }

    /// Whether somebody outside was asked who is taken to be silent after the last day for an answer (Arts 32, 34).
    const SILENCE: bool = false;
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Declares the kinds with their slots.
macro_rules! kinds {
    ($($(#[$meta:meta])* $slot:ident: $name:ident $kind:literal { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }
        $(+ { $($more:item)* })?)*) => {
        $($(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        impl Detail for $name {
            const KIND: &'static str = $kind;

            fn slot(subs: &Subs) -> &Vec<Sub<Self>> {
                &subs.$slot
            }

            fn slot_mut(subs: &mut Subs) -> &mut Vec<Sub<Self>> {
                &mut subs.$slot
            }

            $($($more)*)?
        })*

        /// The sub-processes of a case, each kind in the order of opening.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct Subs { $(pub $slot: Vec<Sub<$name>>,)* }

        impl Subs {
            /// All of them, in the order of opening.
            pub fn all(&self) -> Vec<&dyn SubProcess> {
                let mut all: Vec<&dyn SubProcess> = Vec::new();
                $(all.extend(self.$slot.iter().map(|sub| -> &dyn SubProcess { sub }));)*
                all.sort_by_key(|sub| sub.seq());
                all
            }
        }
    };
}

kinds! {
    /// Handed to a business unit for search (交办).
    assignments: Assignment "assignment" {
        unit_id: UnitId,
        note: Option<String>,
        answer: Option<AssignmentAnswer>,
    }
    /// An opinion asked of a third party or another agency (征求意见, Arts 32, 34).
    consultations: Consultation "consultation" {
        consultation_kind: ConsultationKind,
        joint: bool,
        agency_name: Option<String>,
        #[serde(skip)]
        party: Option<Party>,
        concerning: String,
        sent_on: NaiveDate,
        #[serde(flatten)]
        letter: Letter,
        opinion: Option<Opinion>,
        opinion_on: Option<NaiveDate>,
        /// The day the party was told of a release over its objection.
        told_on: Option<NaiveDate>,
    } + {
        const SILENCE: bool = true;

        fn party(&self) -> Option<&Party> {
            self.party.as_ref()
        }
    }
    /// 补正告知 (Art 30).
    amendments: AmendmentNotice "amendment_notice" {
        defects: Vec<String>,
        #[serde(flatten)]
        letter: Letter,
        /// The day stated, or the one that the rules give a notice that states none.
        #[serde(skip)]
        respond_by: NaiveDate,
    }
    /// 保密审查 of a draft (Art 17).
    secrecy_reviews: SecrecyReview "secrecy_review" {
        verdicts: Vec<Option<SecrecyVerdict>>,
    }
    /// 要求说明理由 (Art 35).
    reasons: ReasonsRequest "reasons_request" {
        #[serde(flatten)]
        letter: Letter,
        reasons: Option<String>,
        reasonable: Option<bool>,
    }
    /// 延长答复 (Art 33(2)).
    extensions: Extension "extension" {
        working_days: u32,
        reason: String,
        proposed_by: Option<UserId>,
    }
    /// 信息处理费 (国办函〔2020〕109号).
    fees: FeeNotice "fee_notice" {
        scheme: FeeScheme,
        count: u32,
        amount_yuan: u32,
        paid_yuan: u32,
        /// Beyond the amount, to be given back.
        #[serde(skip_serializing_if = "is_zero")]
        overpaid_yuan: u32,
        issued_on: NaiveDate,
        #[serde(flatten)]
        letter: Letter,
        last_paid_on: Option<NaiveDate>,
        /// Day, amount and slip of each payment.
        #[serde(skip)]
        payments: Vec<(NaiveDate, u32, String)>,
    }
    /// 行政复议、行政诉讼 (Art 51).
    remedies: Remedy "remedy" {
        remedy_kind: RemedyKind,
        organ: String,
        reference: Option<String>,
        filed_on: NaiveDate,
        /// None in records of before.
        filed_by: Option<RemedyFiler>,
        result: Option<RemedyResult>,
        reply_again: bool,
    }
    /// 提请作废误登的复议、诉讼.
    remedy_voids: RemedyVoid "remedy_void" {
        remedy_id: SubId<Remedy>,
        reason: String,
        proposed_by: Option<UserId>,
    }
    /// 更正记录.
    corrections: Correction "correction" {
        seq: u32,
        field: String,
        reason: String,
        proposed_by: Option<UserId>,
    }
}

/// The id of a sub-process, unique within the case: its kind and the position of the event that opened it, written
/// `remedy-11`.
pub struct SubId<D> {
    seq: u32,
    kind: PhantomData<fn() -> D>,
}

/// The text is not the id of a sub-process of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotASub;

impl<D> SubId<D> {
    pub fn new(seq: u32) -> Self {
        Self { seq, kind: PhantomData }
    }
}

impl<D> Clone for SubId<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for SubId<D> {}

impl<D> PartialEq for SubId<D> {
    fn eq(&self, other: &Self) -> bool {
        self.seq == other.seq
    }
}

impl<D: Detail> fmt::Display for SubId<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", D::KIND, self.seq)
    }
}

impl<D: Detail> fmt::Debug for SubId<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<D: Detail> FromStr for SubId<D> {
    type Err = NotASub;

    fn from_str(text: &str) -> Result<Self, NotASub> {
        let digits = text.strip_prefix(D::KIND).and_then(|rest| rest.strip_prefix('-'));
        let seq = digits.and_then(|digits| digits.parse().ok()).ok_or(NotASub)?;
        // One id is written in one way: no zeros in front, no sign.
        let id = Self::new(seq);
        if id.to_string() == text { Ok(id) } else { Err(NotASub) }
    }
}

impl<D: Detail> Serialize for SubId<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, D: Detail> Deserialize<'de> for SubId<D> {
    fn deserialize<S: Deserializer<'de>>(deserializer: S) -> Result<Self, S::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A sub-process of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Sub<D> {
    /// The position of the event that opened it.
    pub seq: u32,
    pub status: SubStatus,
    pub opened_on: NaiveDate,
    /// The day by which it is to be answered.
    pub due_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub detail: D,
}

impl<D: Detail> Sub<D> {
    pub fn id(&self) -> SubId<D> {
        SubId::new(self.seq)
    }

    pub fn is_open(&self) -> bool {
        self.status == SubStatus::Open
    }

    pub fn close(&mut self, status: SubStatus, on: NaiveDate) {
        self.status = status;
        self.closed_on = Some(on);
    }
}

/// A sub-process of any kind, for those who list them all.
pub trait SubProcess: fmt::Debug {
    fn seq(&self) -> u32;
    fn id(&self) -> String;
    fn kind(&self) -> &'static str;
    fn status(&self) -> SubStatus;
    fn opened_on(&self) -> NaiveDate;
    fn due_on(&self) -> Option<NaiveDate>;
    /// Where it stands on a day, and since when it is closed: who did not answer by the last day is silent from then on.
    fn standing(&self, today: NaiveDate) -> (SubStatus, Option<NaiveDate>);
    fn party(&self) -> Option<&Party>;
    fn is_open(&self) -> bool;
    /// What is particular to its kind, as a JSON object; parties are left out, as only some may see them.
    ///
    /// # Errors
    /// None in practice: every detail is plain data.
    fn fields(&self) -> serde_json::Result<Value>;
}

impl<D: Detail> SubProcess for Sub<D> {
    fn seq(&self) -> u32 {
        self.seq
    }

    fn id(&self) -> String {
        Self::id(self).to_string()
    }

    fn kind(&self) -> &'static str {
        D::KIND
    }

    fn status(&self) -> SubStatus {
        self.status
    }

    fn opened_on(&self) -> NaiveDate {
        self.opened_on
    }

    fn due_on(&self) -> Option<NaiveDate> {
        self.due_on
    }

    fn standing(&self, today: NaiveDate) -> (SubStatus, Option<NaiveDate>) {
        let passed = self
            .due_on
            .filter(|due_on| D::SILENCE && self.is_open() && *due_on < today);
        match passed {
            Some(due_on) => (SubStatus::Silent, Some(due_on)),
            None => (self.status, self.closed_on),
        }
    }

    fn party(&self) -> Option<&Party> {
        self.detail.party()
    }

    fn is_open(&self) -> bool {
        Self::is_open(self)
    }

    fn fields(&self) -> serde_json::Result<Value> {
        serde_json::to_value(&self.detail)
    }
}

impl Subs {
    pub fn get<D: Detail>(&self, id: SubId<D>) -> Option<&Sub<D>> {
        D::slot(self).iter().find(|sub| sub.seq == id.seq)
    }

    /// The newest one of a kind that is open.
    pub fn open<D: Detail>(&self) -> Option<&Sub<D>> {
        D::slot(self).iter().rev().find(|sub| sub.is_open())
    }

    pub fn any_open<D: Detail>(&self) -> bool {
        self.open::<D>().is_some()
    }

    pub fn begin<D: Detail>(&mut self, seq: u32, on: NaiveDate, due_on: Option<NaiveDate>, detail: D) {
        D::slot_mut(self).push(Sub {
            seq,
            status: SubStatus::Open,
            opened_on: on,
            due_on,
            closed_on: None,
            detail,
        });
    }

    pub fn change<D: Detail>(&mut self, id: SubId<D>, with: impl FnOnce(&mut Sub<D>)) {
        if let Some(sub) = D::slot_mut(self).iter_mut().find(|sub| sub.seq == id.seq) {
            with(sub);
        }
    }

    /// Closes every open one of a kind; one that was opened after the day of what ends it ends as it begins.
    pub fn settle<D: Detail>(&mut self, status: SubStatus, on: NaiveDate) {
        for sub in D::slot_mut(self).iter_mut().filter(|sub| sub.is_open()) {
            sub.close(status, on.max(sub.opened_on));
        }
    }

    /// Leaving the open states ends what is still open; remedies and corrections have a life of their own.
    pub fn cancel_open(&mut self, on: NaiveDate) {
        self.settle::<Assignment>(SubStatus::Cancelled, on);
        self.settle::<Consultation>(SubStatus::Cancelled, on);
        self.settle::<AmendmentNotice>(SubStatus::Cancelled, on);
        self.settle::<SecrecyReview>(SubStatus::Cancelled, on);
        self.settle::<ReasonsRequest>(SubStatus::Cancelled, on);
        self.settle::<Extension>(SubStatus::Cancelled, on);
        self.settle::<FeeNotice>(SubStatus::Cancelled, on);
    }
}
