//! 答复稿的文字修改 (Arts 17, 45): the office edits the drafted letter in its own word processor and brings it back as a new version
//! of the draft. What was decided of the items stays; a legal pass was for the text as it was.

use super::check::Check;
use super::draft::since_draft;
use super::state::{CaseData, State};
use super::step::{Deciding, Entry, Since, Step, Told, fields};
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    EditDraft {
        /// The edited file.
        document_id: String,
        note: Option<String>,
    }
}

reasons! {
    DRAFT_FAULTY "draft_faulty", "《条例》第四十五条",
        "答复稿最后上传的修改稿不能发出：{faults} 请改正后重新上传，或者重新拟制答复（draft_reply）。",
        "The edited draft cannot be issued: {faults} Correct it and upload it again, or draft the reply anew (draft_reply).";
}

impl Step for EditDraft {
    type Made = Self;

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/note", self.note.as_ref());
    }

    fn document_ids(&self) -> &[String] {
        std::slice::from_ref(&self.document_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_draft(data)
    }

    /// The file was read and kept before.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        match deciding.ctx.lookups.edited {
            true => Ok(self),
            false => Err(FieldError::new(
                "/document_id",
                "请把修改后的文件上传到 PUT /api/v1/cases/{id}/instruments/{iid}/draft，系统会检查编号、日期的空位和救济告知。",
                "Upload the edited file with PUT /api/v1/cases/{id}/instruments/{iid}/draft, where it is checked.",
            )
            .into()),
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"document_id": super::step::ID, "note": "补充了咨询方式"})
    }
}

impl Told for EditDraft {
    const PRIVATE: &'static [&'static str] = &["note"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        // The legal reviewer's own words, and the changes that a review asked for, need no second one.
        let reviewing = data.state == State::InReview;
        if let Some(draft) = &mut data.draft {
            draft.version += 1;
            draft.seq = entry.seq;
            draft.legally_passed &= reviewing || draft.changes_of.is_some();
            draft.edited_by.extend(entry.by);
            draft.drafted_on = entry.on.max(draft.drafted_on);
        }
    }
}
