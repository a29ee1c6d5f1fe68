//! 作废文书 (Art 45): an instrument that went out wrongly, or need not have gone out, holds no more. It keeps its number, with
//! the reason; what the log tells of its step stays as it is.

use super::check::Check;
use super::guard::guards;
use super::state::{CaseData, Instrument};
use super::step::{Deciding, Entry, Since, Step, Told, fields, since_receipt, with_papers};
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::words::ids::InstrumentId;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    CancelInstrument {
        instrument_id: InstrumentId, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    CANCELLABLE "instrument_to_cancel", "no_instrument_to_cancel", "《条例》第四十五条",
        "本案没有可以作废的文书。",
        "The case has no instrument that can be cancelled.",
        |look| look.data.instruments.iter().any(|one| !one.cancelled && !one.issued.code.is_reply());
}

reasons! {
    CANCELLED "instrument_cancelled", "《条例》第四十五条",
        "这份文书已经作废，不能再次作废。",
        "This instrument is cancelled already.";

    A_REPLY "reply_not_cancelled", "《条例》第四十五条",
        "答复不能单独作废：没有送出的，请撤销终结（revoke_ending）；已经送出而有误的，请更换答复（replace_reply）。答复文书随之作废或者被替换。",
        "A reply is not cancelled by itself: revoke the ending if it never left (revoke_ending), replace the reply if it left with a mistake (replace_reply).";
}

fn found(data: &CaseData, id: InstrumentId) -> Option<&Instrument> {
    data.instruments.iter().find(|one| one.issued.id == id)
}

impl Step for CancelInstrument {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn since(&self, data: &CaseData) -> Since {
        found(data, self.instrument_id).map_or(since_receipt(data), |one| {
            (one.on, "文书的成文日期", "day of the instrument")
        })
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        match found(deciding.data, self.instrument_id) {
            None => Err(FieldError::new(
                "/instrument_id",
                "本案没有这份文书。本案的文书见 GET /api/v1/cases/{id}/instruments。",
                "The case has no such instrument; GET /api/v1/cases/{id}/instruments lists them.",
            )
            .into()),
            Some(one) if one.cancelled => Err((&CANCELLED).into()),
            Some(one) if one.issued.code.is_reply() => Err((&A_REPLY).into()),
            Some(_) => Ok(self),
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"instrument_id": super::step::ID, "reason": "告知书列错了需要补正的内容，另行发出"})
    }
}

impl Told for CancelInstrument {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        if let Some(one) = data
            .instruments
            .iter_mut()
            .find(|one| one.issued.id == self.instrument_id)
        {
            one.cancelled = true;
        }
    }
}
