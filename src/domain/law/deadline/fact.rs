//! The dated facts that move a clock (期限事实).

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::domain::words::codes::codes;

codes! {
    /// Whose opinion is asked.
    pub enum ConsultationKind {
        /// Art 32: silence leaves the decision to the agency.
        ThirdParty "third_party" "第三方",
        /// 共同制作机关 too, Arts 33(3) and 34: silence is consent.
        Agency "agency" "其他机关",
    }
}

/// One fact with the day of its legal effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "fact", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// 补正告知, Art 30.
    AmendmentRequested {
        on: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        respond_by: Option<NaiveDate>,
        /// Left out: the day to amend by is that of the notice. A day: the later of that and of as many working days after
        /// the delivery. Null: not delivered yet, so that no day is known.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<NaiveDate>)]
        delivered_on: Option<Option<NaiveDate>>,
    },
    /// The amended application arrived: the clock starts again.
    AmendmentReceived { on: NaiveDate },
    /// 收费通知 issued; `delivered_on` starts the time to pay.
    FeeNotified {
        on: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivered_on: Option<NaiveDate>,
    },
    /// Paid in full: the clock starts again.
    FeePaid { on: NaiveDate },
    /// 征求意见书 sent.
    ConsultationSent {
        id: String,
        kind: ConsultationKind,
        on: NaiveDate,
    },
    /// The consulted party received the letter: its time to answer starts.
    ConsultationDelivered { id: String, on: NaiveDate },
    /// The party's opinion arrived.
    OpinionReceived { id: String, on: NaiveDate },
    /// The consultation ended without an opinion: undeliverable, withdrawn, not needed.
    ConsultationEnded { id: String, on: NaiveDate },
    /// 延长答复 told to the applicant, Art 33(2).
    Extended { on: NaiveDate, working_days: u32 },
    /// 合理延迟 told to the applicant, Art 35.
    DelaySet { on: NaiveDate, until: NaiveDate },
    /// 答复; also any other end of the case.
    Replied { on: NaiveDate },
    /// 责令重新答复 after review or suit: the clock starts again.
    ReplyOrdered {
        on: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
}

/// A field that is there, be it null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<NaiveDate>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Fact {
    /// The day on which the notice that the fact speaks of was delivered.
    fn delivered_on(&self) -> Option<NaiveDate> {
        match self {
            Self::AmendmentRequested { delivered_on, .. } => delivered_on.flatten(),
            Self::FeeNotified { delivered_on, .. } => *delivered_on,
            _ => None,
        }
    }

    /// The latest day that it speaks of as past.
    pub fn last_on(&self) -> NaiveDate {
        self.delivered_on().map_or(self.on(), |day| day.max(self.on()))
    }

    /// The day of legal effect.
    pub fn on(&self) -> NaiveDate {
        match self {
            Self::AmendmentRequested { on, .. }
            | Self::AmendmentReceived { on }
            | Self::FeeNotified { on, .. }
            | Self::FeePaid { on }
            | Self::ConsultationSent { on, .. }
            | Self::ConsultationDelivered { on, .. }
            | Self::OpinionReceived { on, .. }
            | Self::ConsultationEnded { on, .. }
            | Self::Extended { on, .. }
            | Self::DelaySet { on, .. }
            | Self::Replied { on }
            | Self::ReplyOrdered { on, .. } => *on,
        }
    }

    /// Whether it is about an opinion that was asked of somebody else.
    pub fn is_of_consultation(&self) -> bool {
        matches!(
            self,
            Self::ConsultationSent { .. }
                | Self::ConsultationDelivered { .. }
                | Self::OpinionReceived { .. }
                | Self::ConsultationEnded { .. }
        )
    }

    /// The place among facts of one day: notices before what answers them, the reply before an order to reply again.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::AmendmentRequested { .. } => 0,
            Self::AmendmentReceived { .. } => 1,
            Self::FeeNotified { .. } => 2,
            Self::FeePaid { .. } => 3,
            Self::ConsultationSent { .. } => 4,
            Self::ConsultationDelivered { .. } => 5,
            Self::OpinionReceived { .. } => 6,
            Self::ConsultationEnded { .. } => 7,
            Self::Extended { .. } => 8,
            Self::DelaySet { .. } => 9,
            Self::Replied { .. } => 10,
            Self::ReplyOrdered { .. } => 11,
        }
    }

    /// The consultation a fact belongs to; empty for the others.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::ConsultationSent { id, .. }
            | Self::ConsultationDelivered { id, .. }
            | Self::OpinionReceived { id, .. }
            | Self::ConsultationEnded { id, .. } => id,
            _ => "",
        }
    }
}

/// The day a clock is read when none is named: the latest of today, the receipt and the last dated fact, deliveries included.
pub fn default_as_of(received_on: NaiveDate, facts: &[Fact], today: NaiveDate) -> NaiveDate {
    facts
        .iter()
        .map(Fact::last_on)
        .fold(today.max(received_on), NaiveDate::max)
}

/// The facts as they stood on `as_of`: later ones left out, and a later delivery of a notice too.
pub fn as_known_on(facts: &[Fact], as_of: NaiveDate) -> Vec<Fact> {
    let known = facts.iter().filter(|fact| fact.on() <= as_of).cloned();
    known
        .map(|mut fact| {
            match &mut fact {
                Fact::AmendmentRequested {
                    delivered_on: Some(delivered_on),
                    ..
                }
                | Fact::FeeNotified { delivered_on, .. } => *delivered_on = delivered_on.filter(|day| *day <= as_of),
                _ => {}
            }
            fact
        })
        .collect()
}
