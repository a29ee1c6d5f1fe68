//! 撤回、归档 (Art 45): a case ends because the applicant takes it back, and its file is closed with a retention class.

use super::check::Check;
use super::delivery::never_handed_over;
use super::state::{CaseData, Retention, State};
use super::step::{Entry, Since, Step, Told, fields, itself, since_state};
use crate::domain::reply::{Outcome, OutcomeCause};
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    Withdraw { reason: Option<String> }
    Archive { retention: Retention, volume: Option<String> }
}

impl Step for Withdraw {
    itself!();

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/reason", self.reason.as_ref());
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "已通过其他途径获得"})
    }
}

impl Told for Withdraw {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.end(entry.on, Some((Outcome::Other, Some(OutcomeCause::Withdrawn))));
    }
}

impl Step for Archive {
    itself!();

    fn check(&self, check: &mut Check<'_>) {
        check.optional_line("/volume", self.volume.as_ref());
    }

    fn since(&self, data: &CaseData) -> Since {
        let state = since_state(data);
        match data.reply.as_ref().and_then(|reply| reply.delivery) {
            Some((_, day)) if day > state.0 => (day, "送达结果的日期", "result of the delivery"),
            _ => state,
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"retention": "10y", "volume": "2026-依申请公开-003"})
    }
}

impl Told for Archive {
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.retention = Some(self.retention);
        never_handed_over(data, entry.on);
        data.enter(State::Archived, entry.on);
    }
}
