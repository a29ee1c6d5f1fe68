//! 专人负责 (Art 4): from registration to archive every case has one named owner.

use super::check::Check;
use super::guard::guards;
use super::state::CaseData;
use super::step::{Deciding, Entry, Id, NOTHING, Since, Step, Told, Unknown, fields, payloads, since_arrival};
use crate::domain::law::refusal::Rejection;
use crate::domain::words::ids::UserId;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    Take {}
    HandOver { #[schema(value_type = String)] user_id: UserId, reason: String }
}

payloads! {
    Taken { owner_id: UserId }
}

guards! {
    NOT_OWNER "not_owner", "already_owner", "《条例》第四条",
        "您已经是本案的经办人，无需再认领。",
        "You own this case already.",
        |look| look.data.owner_id.is_none() || look.data.owner_id != look.who.user_id;
}

const NO_COLLEAGUE: Unknown = (
    "/user_id",
    "接收人应当是本机关在岗的收件登记或公开机构经办人员，请核对。",
    "The new owner must be an active clerk or officer of the agency.",
);

impl Step for Take {
    type Made = Option<Taken>;

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Option<Taken>, Rejection> {
        Ok(deciding.who.user_id.map(|owner_id| Taken { owner_id }))
    }
}

impl From<Taken> for Take {
    fn from(_: Taken) -> Self {
        Self {}
    }
}

impl Told for Taken {
    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.owner_id = Some(self.owner_id);
    }
}

impl Step for HandOver {
    type Made = Self;
    const IDS: &'static [Id] = &[("/user_id", NOTHING)];

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        if !deciding.ctx.lookups.colleague_found {
            let (pointer, zh, en) = NO_COLLEAGUE;
            return Err(FieldError::new(pointer, zh, en).into());
        }
        Ok(self)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"user_id": super::step::ID, "reason": "岗位调整"})
    }
}

impl Told for HandOver {
    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.owner_id = Some(self.user_id);
    }
}
