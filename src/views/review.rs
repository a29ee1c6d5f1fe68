//! What was said of the draft of a reply: by whom, when, and what became of the changes that were asked for.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::PersonRef;
use crate::domain::case::reviewed::{Change, LegalOpinion, Review, ReviewStage};
use crate::service::sight::Seen;

/// One look at a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// The entry of the log that told it.
    pub seq: u32,
    pub stage: ReviewStage,
    #[schema(examples("法制审核"))]
    pub stage_label: &'static str,
    pub by: Option<PersonRef>,
    pub on: NaiveDate,
    pub opinion: LegalOpinion,
    #[schema(examples("退回"))]
    pub opinion_label: &'static str,
    #[schema(examples("引用条款有误"))]
    pub note: Option<String>,
    /// The changes that it asked for.
    pub changes: Vec<String>,
}

/// A change that was asked for with a pass.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its place among all changes of the case, from 0; the open ones are answered in this order.
    #[schema(examples(0))]
    pub index: usize,
    /// The review that asked for it.
    pub seq: u32,
    pub asked_by: Option<PersonRef>,
    pub asked_on: NaiveDate,
    #[schema(examples("第二项请写明所依据的条款"))]
    pub text: String,
    /// Whether the draft still owes an answer to it.
    #[schema(examples(false))]
    pub open: bool,
    /// Null while it is not answered, and where the draft was given up before.
    #[schema(examples(true))]
    pub made: Option<bool>,
    #[schema(examples("已补充第十六条第二款"))]
    pub made_note: Option<String>,
    pub answered_by: Option<PersonRef>,
    pub answered_on: Option<NaiveDate>,
}

pub(super) fn reviews(seen: &Seen) -> Vec<ReviewView> {
    let data = seen.case.data();
    let of = |review: &Review| ReviewView {
        seq: review.seq,
        stage: review.stage,
        stage_label: review.stage.label(),
        by: review.by.map(|id| PersonRef::of(id, seen)),
        on: review.on,
        opinion: review.opinion,
        opinion_label: review.opinion.label(),
        note: review.note.clone(),
        changes: data
            .changes
            .iter()
            .filter(|change| change.seq == review.seq)
            .map(|change| change.text.clone())
            .collect(),
    };
    data.reviews.iter().map(of).collect()
}

pub(super) fn changes(seen: &Seen) -> Vec<ChangeView> {
    let data = seen.case.data();
    let of = |(index, change): (usize, &Change)| {
        let answer = change.answer.as_ref();
        ChangeView {
            index,
            seq: change.seq,
            asked_by: change.asked_by.map(|id| PersonRef::of(id, seen)),
            asked_on: change.asked_on,
            text: change.text.clone(),
            open: data.is_open_change(change),
            made: answer.map(|answer| answer.made),
            made_note: answer.and_then(|answer| answer.note.clone()),
            answered_by: answer.and_then(|answer| answer.by).map(|id| PersonRef::of(id, seen)),
            answered_on: answer.map(|answer| answer.on),
        }
    };
    data.changes.iter().enumerate().map(of).collect()
}
