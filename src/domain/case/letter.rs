//! A notice on its way (送达): the day that it states, when it was sent, what came of each sending.

use crate::domain::words::codes::codes;
use chrono::NaiveDate;
use serde::Serialize;

codes! {
    /// What came of sending a notice.
    #[derive(Default)]
    pub enum NoticeResult {
        #[default]
        Delivered "delivered" "送达",
        Returned "returned" "退回",
        Refused "refused" "拒收",
        PublicNotice "public_notice" "公告送达",
    }
}

impl NoticeResult {
    /// Nothing was said of the result: the notice arrived.
    pub fn is_delivered(&self) -> bool {
        *self == Self::Delivered
    }
}

/// One sending of a notice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sending {
    pub sent_on: NaiveDate,
    pub method: Option<String>,
    pub result: Option<NoticeResult>,
    /// The day of the result: of the signature, the refusal, the return, the announcement.
    pub on: Option<NaiveDate>,
}

/// A notice with its sendings, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Letter {
    /// The day by which the notice itself asks for an answer.
    pub stated_on: Option<NaiveDate>,
    /// The day from which the time to answer counts; none while nothing shows that the notice arrived.
    pub delivered_on: Option<NaiveDate>,
    pub sendings: Vec<Sending>,
}

impl Letter {
    /// A notice of `on`, delivered already where that is known.
    pub fn sent(on: NaiveDate, stated_on: Option<NaiveDate>, delivered_on: Option<NaiveDate>) -> Self {
        let mut letter = Self {
            stated_on,
            delivered_on,
            sendings: Vec::new(),
        };
        letter.resend(on, None);
        if let Some(day) = delivered_on {
            letter.result(NoticeResult::Delivered, day, None);
        }
        letter
    }

    /// Whether it can arrive on a day: while nothing shows that it did, and after an announcement until it counts by that.
    pub fn can_arrive(&self, on: NaiveDate) -> bool {
        self.delivered_on.is_none_or(|day| on < day && self.is_announced())
    }

    pub fn is_announced(&self) -> bool {
        let last = self.sendings.last();
        last.is_some_and(|sending| sending.result == Some(NoticeResult::PublicNotice))
    }

    /// It goes out again.
    pub fn resend(&mut self, sent_on: NaiveDate, method: Option<String>) {
        self.sendings.push(Sending {
            sent_on,
            method,
            result: None,
            on: None,
        });
    }

    /// What came of the last sending that has no result yet, or of the last one.
    pub fn result(&mut self, result: NoticeResult, on: NaiveDate, method: Option<&String>) {
        let open = self.sendings.iter().rposition(|sending| sending.result.is_none());
        let place = open.or(self.sendings.len().checked_sub(1));
        if let Some(sending) = place.and_then(|place| self.sendings.get_mut(place)) {
            sending.result = Some(result);
            sending.on = Some(on);
            if let Some(method) = method {
                sending.method = Some(method.clone());
            }
        }
    }
}
