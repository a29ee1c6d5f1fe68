//! 审核记录: who looked at the draft, when, and what came of it; and the changes that the legal reviewer asked for.

use crate::domain::words::codes::codes;
use crate::domain::words::ids::UserId;
use chrono::NaiveDate;

codes! {
    /// Who looks at a draft (审核环节).
    pub enum ReviewStage {
        Legal "legal" "法制审核",
        Approval "approval" "签发",
    }

    pub enum LegalOpinion {
        Pass "pass" "通过",
        PassWithChanges "pass_with_changes" "修改后通过",
        Return "return" "退回",
    }
}

/// One look at a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The position of the entry that told it.
    pub seq: u32,
    pub stage: ReviewStage,
    pub by: Option<UserId>,
    pub on: NaiveDate,
    pub opinion: LegalOpinion,
    pub note: Option<String>,
}

/// A change that was asked for with a pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The review that asked for it.
    pub seq: u32,
    pub asked_by: Option<UserId>,
    pub asked_on: NaiveDate,
    pub text: String,
    pub answer: Option<Answer>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub made: bool,
    pub note: Option<String>,
    pub by: Option<UserId>,
    pub on: NaiveDate,
}
