//! What shows on which day an application, or an amended one, was received (Art 31).

use super::check::{Check, FurtherDates};
use crate::domain::words::codes::codes;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

codes! {
    /// What shows that both sides confirmed (Art 31).
    pub enum EvidenceMeans {
        Phone "phone" "电话",
        Page "page" "网页确认",
        Email "email" "电子邮件",
        Visit "visit" "当面",
        Postmark "postmark" "邮戳",
    }
}

/// Evidence that both sides confirmed the application (双方确认), or that a letter reached the office later than the mail
/// room, because another unit was addressed (国办公开办函〔2015〕207号).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub means: EvidenceMeans,
    pub by: String,
    pub note: Option<String>,
    /// The day that it speaks of, `received_on` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
}

impl Evidence {
    /// Adds what is impossible about evidence of a receipt on `received_on`.
    pub fn check(&self, received_on: NaiveDate, check: &mut Check<'_>) {
        check.line("/evidence/by", &self.by);
        check.optional_note("/evidence/note", self.note.as_ref());
        if self.on.is_some_and(|on| on > received_on) {
            check.wrong(
                "/evidence/on",
                "证据所载的日期不能晚于收到日期（received_on）：双方确认之日即为收到之日。请核对后重新填写。",
                "The evidence cannot be of a day after the receipt (`received_on`): the day of confirmation is the day of receipt.",
            );
        }
    }
}

/// The day of the evidence, which is past.
pub fn dates_of(evidence: Option<&Evidence>) -> FurtherDates {
    FurtherDates::past("evidence/on", evidence.and_then(|evidence| evidence.on))
}
