//! 更正记录 (Art 45): one person proposes, another confirms, and the whole log must still hold. Nothing is rewritten: the
//! fold reads the corrected value.

use super::check::Check;
use super::guard::guards;
use super::state::CaseData;
use super::step::{Deciding, Entry, Since, Step, Told, fields, payloads, since_arrival, with_papers};
use super::sub::{Correction, Sub, SubStatus};
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    CorrectFact {
        seq: u32, field: String, value: serde_json::Value, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    ConfirmCorrection { seq: u32 }
    RejectCorrection { seq: u32, reason: String }
}

payloads! {
    CorrectionProposed {
        seq: u32, field: String, value: Value, old_value: Value, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    CorrectionConfirmed { seq: u32, field: String, value: Value }
}

guards! {
    PROPOSED "correction_proposed", "no_correction_proposed", "《条例》第四十五条",
        "没有待确认的更正。请先由经办人提请更正（correct_fact）。",
        "No correction is proposed; an officer proposes it first (correct_fact).",
        |look| look.data.subs.any_open::<Correction>();

    NONE_PROPOSED "no_correction_proposed", "correction_pending", "《条例》第四十五条",
        "本案有待确认的更正。请先确认（confirm_correction）或者否决（reject_correction），再归档。",
        "A correction of the record is pending; confirm or reject it before archiving.",
        |look| !look.data.subs.any_open::<Correction>();
}

reasons! {
    PENDING "correction_pending", "《条例》第四十五条",
        "这一条记录已有待确认的更正，请先确认或者否决。",
        "A correction of this entry is pending; confirm or reject it first.";

    SAME_PERSON "same_person_as_proposer", "《条例》第四十五条",
        "提请更正的人不能确认自己的更正，请由其他负责人确认。",
        "Who proposed the correction cannot confirm it; another person must.";

    SETTLED "correction_settled", "《条例》第四十五条",
        "这一更正已经确认或者否决。",
        "This correction is confirmed or rejected already.";

    LAPSE_UNLAWFUL "correction_impossible", "《条例》第四十五条",
        "按更正后的日期，第 {seq} 条记录的逾期处理作出时期限尚未届满（最后一日 {last_day}）。请先由负责人撤销该处理（revoke_ending），再更正。",
        "By the corrected date the period had not ended when the case lapsed with entry {seq} (last day {last_day}); an approver revokes the lapse first (revoke_ending).";

    REPLACED "correction_without_effect", "《条例》第四十五条",
        "这项内容后来已由补正、变更或者承继代替，更正这一条不会改变现在的记录。请更正后来的那一条（见案件日志 events）。",
        "An amendment, change or succession took the place of this since, so that correcting this entry changes nothing; correct the later entry (see the events of the case).";

    IMPOSSIBLE "correction_impossible", "《条例》第四十五条",
        "更正后，第 {seq} 条记录的日期不再成立。请先更正第 {seq} 条记录，或核对新值。",
        "With this correction entry {seq} could not stand; correct entry {seq} first, or check the new value.";
}

/// The newest correction that was proposed for an entry.
fn correction_of(data: &CaseData, seq: u32) -> Option<&Sub<Correction>> {
    data.subs.corrections.iter().rev().find(|sub| sub.detail.seq == seq)
}

fn open_correction<'a>(deciding: &Deciding<'a>, seq: u32) -> Result<&'a Sub<Correction>, Rejection> {
    let Some(sub) = correction_of(deciding.data, seq) else {
        return Err(FieldError::new(
            "/seq",
            "没有对这一条记录提请的更正。",
            "No correction of this entry was proposed.",
        )
        .into());
    };
    if sub.is_open() { Ok(sub) } else { Err((&SETTLED).into()) }
}

/// Where a field stands in the data of an entry: `applicant.kind` is `/applicant/kind`.
pub fn pointer_of(field: &str) -> String {
    format!("/{}", field.replace('.', "/"))
}

/// Whether somebody sends back what a view does not show in full.
fn is_masked(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("**"),
        Value::Array(values) => values.iter().any(is_masked),
        Value::Object(fields) => fields.values().any(is_masked),
        _ => false,
    }
}

fn since_proposal(data: &CaseData, seq: u32) -> Since {
    let proposed = correction_of(data, seq);
    let day = proposed.map_or(data.submission.arrived_on, |sub| sub.opened_on);
    (day, "提请更正的日期", "proposal")
}

fn settle(data: &mut CaseData, seq: u32, status: SubStatus, on: NaiveDate) {
    let corrections = data.subs.corrections.iter_mut();
    for sub in corrections.filter(|sub| sub.is_open() && sub.detail.seq == seq) {
        sub.close(status, on);
    }
}

impl Step for CorrectFact {
    type Made = CorrectionProposed;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.line("/field", &self.field);
        check.note("/reason", &self.reason);
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<CorrectionProposed, Rejection> {
        let Some((correctable, entry)) = deciding.record.entry(self.seq, deciding.law())? else {
            return Err(FieldError::new(
                "/seq",
                "本案没有这一序号的记录。",
                "The case has no entry with this number.",
            )
            .into());
        };
        let (whole, _) = self.field.split_once('.').unwrap_or((&self.field, ""));
        if !correctable.contains(&whole) {
            let allowed = correctable.join("、");
            let zh = match allowed.is_empty() {
                true => "这一条记录没有可以更正的字段。整条登记有误的：误登的结束请撤销（revoke_ending），误登的复议、诉讼请作废（void_remedy）。".to_owned(),
                false => format!("这一条记录可以更正的字段：{allowed}。可以写到下一级，例如 applicant.kind。"),
            };
            return Err(FieldError::new("/field", zh, "This field of this entry cannot be corrected.").into());
        }
        if correction_of(deciding.data, self.seq).is_some_and(Sub::is_open) {
            return Err((&PENDING).into());
        }
        let old_value = entry.pointer(&pointer_of(&self.field)).cloned().unwrap_or(Value::Null);
        if is_masked(&self.value) && !is_masked(&old_value) {
            return Err(FieldError::new(
                "/value",
                "新值含有遮盖符号（*），是页面上遮盖后的显示。请填写完整内容，或者只更正需要改的字段（例如 applicant.name）。",
                "The value holds asterisks, as views show it. Give it in full, or correct only what is wrong, such as `applicant.name`.",
            )
            .into());
        }
        deciding
            .record
            .check_corrected(deciding, self.seq, &self.field, &self.value)?;
        Ok(CorrectionProposed {
            seq: self.seq,
            field: self.field,
            value: self.value,
            old_value,
            reason: self.reason,
            document_ids: self.document_ids,
        })
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"seq": 3, "field": "received_on", "value": day, "reason": "登记时看错了邮戳"})
    }
}

impl Told for CorrectionProposed {
    const PRIVATE: &'static [&'static str] = &["value", "old_value", "reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let correction = Correction {
            seq: self.seq,
            field: self.field.clone(),
            reason: self.reason.clone(),
            proposed_by: entry.by,
        };
        data.subs.begin(entry.seq, entry.on, None, correction);
    }
}

impl Step for ConfirmCorrection {
    type Made = CorrectionConfirmed;

    fn since(&self, data: &CaseData) -> Since {
        since_proposal(data, self.seq)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<CorrectionConfirmed, Rejection> {
        let correction = &open_correction(deciding, self.seq)?.detail;
        if correction.proposed_by.is_some() && correction.proposed_by == deciding.who.user_id {
            return Err((&SAME_PERSON).into());
        }
        let value = deciding.record.proposed(self.seq).unwrap_or(Value::Null);
        deciding
            .record
            .check_corrected(deciding, self.seq, &correction.field, &value)?;
        Ok(CorrectionConfirmed {
            seq: self.seq,
            field: correction.field.clone(),
            value,
        })
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"seq": 3})
    }
}

impl Told for CorrectionConfirmed {
    const PRIVATE: &'static [&'static str] = &["value"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        settle(data, self.seq, SubStatus::Confirmed, entry.on);
    }
}

impl Step for RejectCorrection {
    type Made = Self;

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn since(&self, data: &CaseData) -> Since {
        since_proposal(data, self.seq)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        open_correction(deciding, self.seq)?;
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"seq": 3, "reason": "原登记无误"})
    }
}

impl Told for RejectCorrection {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        settle(data, self.seq, SubStatus::Rejected, entry.on);
    }
}
