//! 一事一申请 (国办函〔2020〕109号第四条): an application over several matters is split, and two over one matter are merged.

use super::check::Check;
use super::state::{CaseData, ClosingKind};
use super::step::{Deciding, Entry, Id, NOTHING, Step, Told, Unknown, fields, issues_papers, payloads, with_papers};
use super::submission::{Description, check_title_and_features};
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::reply::{Outcome, OutcomeCause};
use crate::domain::words::ids::CaseId;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    SplitPart { title: String, features: String }
    Split { parts: Vec<SplitPart>, #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
    Merge {
        #[schema(value_type = String)] into_case_id: CaseId, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

payloads! {
    /// The parts became these cases, in order; the first part stays in this one.
    RequestSplit {
        parts: Vec<SplitPart>, into: Vec<CaseId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

reasons! {
    MERGE_TARGET_UNFIT "merge_target_unfit", "《条例》第四十五条",
        "只能并入同一申请人、同一类型、尚在办理的另一案件。请核对案件编号；申请人相同而尚未核验身份的，请先在两件中核验（verify_identity）或者认定为同一人（join_persons）。",
        "A case can be merged only into another open case of the same applicant and kind; where nobody has verified yet that the applicant is the same, do so first in both (verify_identity, join_persons).";

    MERGE_TARGET_LATER "merge_target_unfit", "《条例》第三十三条",
        "目标案件的答复期限晚于本件，并入之后本件的答复会被推迟到本件的期限之后。请把期限在后的案件并入期限在先的案件，或者分别答复。",
        "The other case is due later, so that merging would put off this one beyond its own due date; merge the later case into the earlier, or answer each.";
}

const NO_CASE: Unknown = (
    "/into_case_id",
    "没有这个案件。请填写同一申请人另一件在办案件的编号。",
    "There is no such case; name another open case of the same applicant.",
);

impl SplitPart {
    /// What the part asks for.
    pub fn description(&self) -> Description {
        Description {
            title: self.title.clone(),
            document_number: None,
            features: self.features.clone(),
        }
    }
}

impl Step for Split {
    type Made = RequestSplit;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.list("/parts", &self.parts, 2, |check, at, part| {
            check_title_and_features(at, &part.title, &part.features, check.errors);
        });
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<RequestSplit, Rejection> {
        Ok(RequestSplit {
            parts: self.parts,
            into: deciding.ctx.lookups.part_ids.clone(),
            document_ids: self.document_ids,
        })
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"parts": [
            {"title": "补偿安置方案", "features": "2025年批准的某地块征收补偿安置方案"},
            {"title": "社会稳定风险评估报告", "features": "同一地块的社会稳定风险评估报告"},
        ]})
    }
}

impl From<RequestSplit> for Split {
    fn from(split: RequestSplit) -> Self {
        Self {
            parts: split.parts,
            document_ids: split.document_ids,
        }
    }
}

impl Told for RequestSplit {
    const PRIVATE: &'static [&'static str] = &["parts"];

    issues_papers!();

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        if let Some(first) = self.parts.first() {
            data.description = Some(first.description());
        }
    }
}

impl Step for Merge {
    type Made = Self;
    with_papers!();
    const IDS: &'static [Id] = &[("/into_case_id", NOTHING)];

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let target = deciding.ctx.lookups.merge_target.filter(|target| target.same_agency);
        let target = target
            .filter(|_| self.into_case_id != deciding.case_id)
            .ok_or_else(|| {
                let (pointer, zh, en) = NO_CASE;
                FieldError::new(pointer, zh, en)
            })?;
        if target.open && target.due_later {
            return Err((&MERGE_TARGET_LATER).into());
        }
        if !target.open || !target.same_applicant || !target.same_kind {
            return Err((&MERGE_TARGET_UNFIT).into());
        }
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"into_case_id": super::step::ID, "reason": "同一申请人就同一事项提出的申请"})
    }
}

impl Told for Merge {
    const PRIVATE: &'static [&'static str] = &["reason"];

    issues_papers!();

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.end(entry.on, Some((Outcome::Other, Some(OutcomeCause::Merged))));
        entry.closes(data, ClosingKind::Merged);
    }
}
