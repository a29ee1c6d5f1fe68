//! A reply that went out (答复): its sendings, what came of each, and which of them stops the clock (235号 point 4).

use crate::domain::law::deadline::Fact;
use crate::domain::reply::{Outcome, OutcomeCause, ReplyItem};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::CaseId;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

codes! {
    pub enum ReplyMethod {
        Mail "mail" "邮寄",
        InPerson "in_person" "当面",
        Email "email" "电子邮件",
        Online "online" "网上",
        Pickup "pickup" "自行领取",
    }

    pub enum DeliveryResult {
        Signed "signed" "签收",
        Opened "opened" "网上查收",
        Refused "refused" "拒收",
        Returned "returned" "退回",
        PublicNotice "public_notice" "公告送达",
    }

    /// Why a reply came back.
    pub enum ReturnedBecause {
        AddressGiven "address_given" "按申请人提供的地址无法投递",
        Moved "moved" "收件人迁移新址",
        Unclaimed "unclaimed" "逾期未领取",
        OurError "our_error" "本机关填写有误",
    }

    /// Who signed, as seen from the recipient (与受送达人的关系; 《民事诉讼法》 Art 88, by analogy).
    pub enum SignedAs {
        Recipient "recipient" "本人",
        /// 同住成年家属
        AdultFamily "adult_family" "同住成年家属",
        LegalRepresentative "legal_representative" "法定代理人",
        Agent "agent" "代理人",
        /// Of an organisation: who is in charge of its mail.
        MailRoom "mail_room" "单位收件人员",
        Designated "designated" "指定代收人",
    }
}

impl ReplyMethod {
    pub fn is_electronic(self) -> bool {
        matches!(self, Self::Email | Self::Online)
    }

    /// Handed over in person, today or another day: the reply is dated by the signature.
    pub fn is_handed_over(self) -> bool {
        matches!(self, Self::InPerson | Self::Pickup)
    }
}

impl DeliveryResult {
    /// The applicant has it: signed for, or opened online.
    pub fn reached(self) -> bool {
        matches!(self, Self::Signed | Self::Opened)
    }
}

/// One sending of a reply, or one offer to hand it over.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Dispatch {
    #[schema(examples("dispatch-14"))]
    pub id: String,
    pub method: ReplyMethod,
    /// The day of posting or sending; of the offer, where the reply is handed over.
    pub sent_on: NaiveDate,
    pub reference: Option<String>,
    /// The last thing that is known of it.
    pub result: Option<DeliveryResult>,
    /// The day of the result.
    pub on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_because: Option<ReturnedBecause>,
    /// The day on which it counts as the reply, where it does.
    #[serde(skip)]
    pub counts_on: Option<NaiveDate>,
}

impl Dispatch {
    /// The id of the sending told by the entry `seq` of the log.
    pub fn id_of(seq: u32) -> String {
        format!("dispatch-{seq}")
    }

    /// The sending told by the entry `seq` of the log.
    pub fn new(seq: u32, method: ReplyMethod, sent_on: NaiveDate, reference: Option<String>) -> Self {
        Self {
            id: Self::id_of(seq),
            method,
            sent_on,
            reference,
            result: None,
            on: None,
            returned_because: None,
            counts_on: (!method.is_handed_over()).then_some(sent_on),
        }
    }

    /// What came of it. Post counts on its posting day, even when it comes back from the address that the applicant gave;
    /// an e-mail that bounced, and what came back by the agency's own error, never did; what is handed over counts on the
    /// day of the signature, its refusal or the announcement, and so does what was given up for lost and arrived after all.
    pub fn end(&mut self, result: DeliveryResult, on: NaiveDate, because: Option<ReturnedBecause>) {
        let returned = result == DeliveryResult::Returned;
        self.result = Some(result);
        self.on = Some(on);
        self.returned_because = because.filter(|_| returned);
        let electronic = self.method.is_electronic();
        if returned && (electronic || because == Some(ReturnedBecause::OurError)) {
            self.counts_on = None;
        } else if !returned {
            self.counts_on = self.counts_on.or(Some(on));
        }
    }
}

/// How and when a received case ended; table 三 counts one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub on: NaiveDate,
    pub outcome: Outcome,
    pub cause: Option<OutcomeCause>,
}

/// What the case was before the reply stopped its clock.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Before {
    pub facts: Vec<Fact>,
    pub endings: Vec<Ending>,
    pub counted: Option<Ending>,
}

/// A reply that went out.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The position of the entry that told it.
    pub seq: u32,
    pub items: Vec<ReplyItem>,
    pub method: Option<ReplyMethod>,
    pub issued_on: NaiveDate,
    pub outcome: Outcome,
    pub outcome_cause: Option<OutcomeCause>,
    /// The last result that is known of any sending.
    pub delivery: Option<(DeliveryResult, NaiveDate)>,
    /// Newest last.
    pub dispatches: Vec<Dispatch>,
    /// The day from which nothing more is to be served: signed for, opened, refused; announced, thirty days later.
    pub served_on: Option<NaiveDate>,
    /// The day on which another reply took its place, or on which a new one was ordered.
    pub replaced_on: Option<NaiveDate>,
    /// It takes the place of an earlier one that left with a mistake.
    pub replaces: bool,
    /// The other cases that the same paper answers.
    pub together_with: Vec<CaseId>,
    /// The entry that made the newest version of its draft; none where nothing was drafted.
    pub draft: Option<u32>,
    pub before: Box<Before>,
}

impl Reply {
    /// The day of the earliest sending that counts.
    pub fn counts_on(&self) -> Option<NaiveDate> {
        self.dispatches.iter().filter_map(|dispatch| dispatch.counts_on).min()
    }

    /// The dispatch of this id, or the newest one that can have the result: only what was sent electronically is opened,
    /// and of a reply that arrived already only the others are open.
    pub fn dispatch(&self, id: Option<&str>, result: Option<DeliveryResult>) -> Option<&Dispatch> {
        let opened = result == Some(DeliveryResult::Opened);
        let fits = |dispatch: &&Dispatch| !opened || dispatch.method.is_electronic();
        let arrived = |dispatch: &Dispatch| dispatch.result.is_some_and(DeliveryResult::reached);
        let newest = || self.dispatches.iter().rev();
        match id {
            Some(id) => self.dispatches.iter().find(|dispatch| dispatch.id == id),
            None if self.dispatches.iter().any(arrived) => newest()
                .find(|dispatch| dispatch.result.is_none())
                .or(self.dispatches.last()),
            None => newest().find(fits).or(self.dispatches.last()),
        }
    }
}
