//! 大量、反复申请 (Art 35): the applicant is asked for reasons; unreasonable ones end the case, reasonable ones may give the
//! agency a later date.

use super::check::{Check, FurtherDates};
use super::guard::guards;
use super::letter::Letter;
use super::notice;
use super::state::CaseData;
use super::step::{
    Deciding, Entry, Side, Since, Step, Told, fields, issues_papers, itself, leaves, since_opening, since_state,
    with_papers,
};
use super::sub::{ReasonsRequest, Sub, SubStatus};
use super::submission::FEATURES_MAX;
use crate::domain::law::deadline::{Fact, policy};
use crate::domain::law::refusal::{Refusal, Rejection, reasons};
use crate::domain::words::text::{FieldError, check_text};
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    RequestReasons {
        respond_by: Option<NaiveDate>, delivered_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    /// Officers and clerks also say whether the reasons are reasonable; applicants give the reasons only.
    RecordReasons {
        received_on: Option<NaiveDate>, reasons: Option<String>, reasonable: Option<bool>,
        /// The day written on them.
        #[serde(default, skip_serializing_if = "Option::is_none")] dated_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    SetDelay {
        until: NaiveDate, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    NOT_REQUESTED "reasons_not_requested", "reasons_already_requested", "《条例》第三十五条",
        "已经要求申请人说明理由，不能重复要求。",
        "Reasons have been requested already.",
        |look| look.data.subs.reasons.is_empty();

    REQUESTED "reasons_outstanding", "no_reasons_request", "《条例》第三十五条",
        "没有尚待说明的理由。请先用 request_reasons 要求申请人说明理由。",
        "No reasons are outstanding; request them first (request_reasons).",
        |look| look.data.subs.any_open::<ReasonsRequest>();

    REASONABLE "reasons_reasonable", "reasons_not_reasonable", "《条例》第三十五条",
        "只有在申请人说明了合理理由之后，才能确定延迟答复的期限。",
        "A later date can be set only after the applicant gave reasonable reasons.",
        |look| {
            let mut requests = look.data.subs.reasons.iter();
            requests.any(|sub| sub.detail.reasonable == Some(true))
        };
}

reasons! {
    FOUND_REASONABLE "reasons_reasonable", "《条例》第三十五条",
        "申请人说明的理由已认定为合理，不能以“无正当理由大量反复申请”不予处理。请继续办理，必要时确定延迟答复的期限（set_delay）。",
        "The applicant's reasons were found reasonable; go on with the case and set a later date where needed (set_delay).";

    STILL_OUTSTANDING "reasons_outstanding", "《条例》第三十五条",
        "已要求申请人说明理由，尚未认定理由是否合理，说明理由的期限也没有届满。请先登记理由及认定（record_reasons）。",
        "The applicant was asked for reasons and may still give them; record them with your finding first (record_reasons).";

    NOT_LATER "delay_not_later", "《条例》第三十五条",
        "延迟答复的期限应当晚于现在的答复期限（{due_on}）。能够按期答复的，不用确定延迟答复的期限。",
        "The later date must lie after the present due date ({due_on}); where the reply can be in time none is needed.";

    UNDELIVERED "notice_undelivered", "《条例》第三十五条",
        "说明理由告知书尚未登记送达，说明理由的期限还没有起算。请先用 record_notice_delivery 登记送达日期；申请人已经说明理由的，请登记理由及认定（record_reasons）。",
        "The request for reasons has no recorded delivery, so the time to give them has not begun; record the delivery first (record_notice_delivery), or the reasons with your finding (record_reasons).";
}

/// Art 35: an applicant who was asked for reasons is turned away only when they are unreasonable or stay away.
///
/// # Errors
/// The reasons are reasonable, or may still come.
pub fn are_wanting(data: &CaseData, on: NaiveDate) -> Result<(), Refusal> {
    let asked = data.subs.reasons.last();
    let undelivered = |sub: &&Sub<ReasonsRequest>| sub.is_open() && sub.detail.letter.delivered_on.is_none();
    if asked.is_some_and(|sub| undelivered(&sub)) {
        return Err((&UNDELIVERED).into());
    }
    match asked.map(|sub| (sub.due_on, sub.detail.reasonable)) {
        None | Some((_, Some(false))) => Ok(()),
        Some((_, Some(true))) => Err((&FOUND_REASONABLE).into()),
        Some((due_on, None)) if due_on.is_some_and(|due_on| due_on < on) => Ok(()),
        Some((due_on, None)) => {
            Err(Refusal::from(&STILL_OUTSTANDING).within(due_on.and_then(|due_on| due_on.succ_opt()), None))
        }
    }
}

impl Step for RequestReasons {
    itself!();
    with_papers!();

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::delivered(self.delivered_on).and_limit("respond_by", self.respond_by)
    }

    fn example(_: NaiveDate, later: NaiveDate) -> Value {
        json!({"respond_by": later})
    }
}

impl Told for RequestReasons {
    const CORRECTABLE: &'static [&'static str] = &["respond_by", "delivered_on"];

    issues_papers!();

    leaves!(D05);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let request = ReasonsRequest {
            letter: Letter::sent(entry.on, self.respond_by, self.delivered_on),
            reasons: None,
            reasonable: None,
        };
        notice::begin(data, entry, request);
        if policy::REASONS_REQUEST_STOPS_CLOCK {
            let (on, respond_by) = (entry.on, self.respond_by);
            let delivered_on = Some(self.delivered_on);
            data.facts.push(Fact::AmendmentRequested {
                on,
                respond_by,
                delivered_on,
            });
        }
    }
}

impl Step for RecordReasons {
    itself!();
    with_papers!();
    const FROM_OUTSIDE: bool = true;

    fn day(&self) -> Option<(&'static str, NaiveDate)> {
        self.received_on.map(|day| ("received_on", day))
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::past("dated_on", self.dated_on)
    }

    fn check(&self, check: &mut Check<'_>) {
        if let Some(reasons) = &self.reasons {
            check_text("/reasons", reasons, FEATURES_MAX, check.errors);
        }
    }

    /// The applicant gives the reasons; the agency says whether they are reasonable (Art 35).
    fn check_for(&self, side: &Side<'_>, check: &mut Check<'_>) {
        let missing = |there: bool, pointer: &str| (!there).then(|| FieldError::missing(pointer));
        let error = match (side.by_applicant, self.reasonable) {
            (false, reasonable) => missing(reasonable.is_some(), "/reasonable"),
            (true, None) => missing(self.reasons.is_some(), "/reasons"),
            (true, Some(_)) => Some(FieldError::new(
                "/reasonable",
                "理由是否合理由行政机关认定，请只填写理由。",
                "Whether the reasons are reasonable is for the agency to say; give the reasons only.",
            )),
        };
        check.errors.extend(error);
    }

    fn since(&self, data: &CaseData) -> Since {
        let request = data.subs.open::<ReasonsRequest>();
        since_opening(data, request, "要求说明理由的日期", "request for reasons")
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"received_on": day, "reasons": "用于历史研究", "reasonable": true})
    }
}

impl Told for RecordReasons {
    const PRIVATE: &'static [&'static str] = &["reasons"];
    const CORRECTABLE: &'static [&'static str] = &["received_on"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        if policy::REASONS_REQUEST_STOPS_CLOCK && self.reasons.is_some() {
            data.facts.push(Fact::AmendmentReceived { on: entry.on });
        }
        let Some(id) = data.subs.open::<ReasonsRequest>().map(|sub| sub.id()) else {
            return;
        };
        data.subs.change(id, |sub| {
            if self.reasons.is_some() {
                sub.detail.reasons.clone_from(&self.reasons);
            }
            sub.detail.reasonable = self.reasonable;
            if self.reasonable.is_some() {
                sub.close(SubStatus::Answered, entry.on);
            }
        });
    }
}

impl Step for SetDelay {
    type Made = Self;
    with_papers!();
    const MOVES_CLOCK: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::default().and_limit("until", Some(self.until))
    }

    /// A later date than the one that holds: nobody is answered late by being told an earlier one.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        match deciding.data.due_on(deciding.law(), deciding.on) {
            Some(due_on) if self.until <= due_on => Err(NOT_LATER.with(&[("due_on", &due_on)]).into()),
            _ => Ok(self),
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        let answered_on = data.subs.reasons.last().and_then(|sub| sub.closed_on);
        answered_on.map_or(since_state(data), |day| (day, "说明理由的日期", "reasons"))
    }

    fn example(_: NaiveDate, later: NaiveDate) -> Value {
        json!({"until": later, "reason": "需要查阅的档案数量较大"})
    }
}

impl Told for SetDelay {
    const PRIVATE: &'static [&'static str] = &["reason"];
    const CORRECTABLE: &'static [&'static str] = &["until"];

    issues_papers!();

    leaves!(D40);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.facts.push(Fact::DelaySet {
            on: entry.on,
            until: self.until,
        });
    }
}
