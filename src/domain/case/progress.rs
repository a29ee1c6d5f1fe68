//! A case as an applicant follows it: five steps in plain words, with their days and what is awaited.

use super::apply::Case;
use super::dispatch::Event;
use super::log::revoked;
use super::state::State;
use super::sub::{AmendmentNotice, FeeNotice, ReasonsRequest};
use crate::domain::law::deadline::{ClockStatus, Report};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// One of the five steps (办理进度).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// `submitted`, `received`, `handling`, `replied` or `finished`.
    pub step: &'static str,
    #[schema(examples("已受理"))]
    pub label: &'static str,
    /// The day on which the step was reached; null while it is to come.
    pub reached_on: Option<NaiveDate>,
    /// What the step means for the applicant, and what to do.
    pub note: String,
}

impl Case {
    /// The five steps. Names nobody and nothing of the content, so that the public tracking may show them.
    pub fn steps(&self, report: Option<&Report>) -> Vec<Step> {
        let data = self.data();
        let revoked = revoked(self.log());
        let mut standing = self.log().iter().filter(|logged| !revoked.contains(&logged.seq));
        let handling = standing.find_map(|logged| {
            matches!(
                logged.event,
                Event::SubstantivelyReviewed(_) | Event::RepliedOnTheSpot(_)
            )
            .then_some(logged.occurred_on)
        });
        let replied = data.reply.as_ref().map(|reply| reply.issued_on);
        let finished = match data.state {
            State::Delivered | State::Archived => Some(match &data.reply {
                // What came back was not served: it is over when the file is closed.
                Some(reply) => reply
                    .served_on
                    .map_or(data.state_since, |day| day.min(data.state_since)),
                None => data.ending().map_or(data.state_since, |ending| ending.on),
            }),
            State::Closed => Some(data.ending().map_or(data.state_since, |ending| ending.on)),
            _ => None,
        };
        let step = |step, label, reached_on, note: String| Step {
            step,
            label,
            reached_on,
            note,
        };
        vec![
            step(
                "submitted",
                "已提交",
                Some(data.submission.arrived_on),
                self.submitted_note(),
            ),
            step("received", "已受理", data.received_on, self.received_note(report)),
            step("handling", "办理中", handling, self.handling_note(report)),
            step("replied", "已答复", replied, self.replied_note()),
            step("finished", "已办结", finished, self.finished_note()),
        ]
    }

    fn submitted_note(&self) -> String {
        match self.data().state {
            State::Submitted if self.data().submission.channel.needs_confirmation() => {
                "等待双方确认，确认之日为收到申请之日。工作人员会与您联系。".to_owned()
            }
            State::Submitted => "等待登记。".to_owned(),
            _ => String::new(),
        }
    }

    fn received_note(&self, report: Option<&Report>) -> String {
        match report.and_then(|report| report.due_on) {
            Some(due_on) if self.data().state.is_open() => format!("答复期限为 {due_on}。"),
            _ => String::new(),
        }
    }

    fn handling_note(&self, report: Option<&Report>) -> String {
        let data = self.data();
        if !data.state.is_open() {
            return String::new();
        }
        if let Some(sub) = data.subs.open::<AmendmentNotice>() {
            let by = sub.due_on.or(sub.detail.letter.stated_on);
            let by = by.map_or_else(String::new, |limit| format!("请在 {limit} 以前补正；"));
            return format!("您的申请需要补正，{by}收到补正后重新计算答复期限。");
        }
        if let Some(sub) = data.subs.open::<FeeNotice>() {
            let by = sub.due_on.map_or_else(String::new, |day| format!("请在 {day} 以前"));
            let scheme = sub.detail.scheme.label();
            let rest = sub.detail.amount_yuan.saturating_sub(sub.detail.paid_yuan);
            return format!("{by}缴纳信息处理费 {rest} 元（{scheme}计收）；缴清后重新计算答复期限。");
        }
        let asked = data.subs.open::<ReasonsRequest>();
        if asked.is_some_and(|sub| sub.detail.reasons.is_none()) {
            return "请说明大量、反复申请的理由。".to_owned();
        }
        if report.is_some_and(|report| report.status == ClockStatus::Suspended) {
            return "正在征求有关方面的意见，征求意见所需时间不计入答复期限。".to_owned();
        }
        String::new()
    }

    fn replied_note(&self) -> String {
        match self.data().state {
            State::Replied => "答复已作出，等待送达。".to_owned(),
            _ => String::new(),
        }
    }

    fn finished_note(&self) -> String {
        let data = self.data();
        match (data.state, data.ending()) {
            (State::Closed | State::Archived, Some(ending)) if data.reply.is_none() => {
                let why = ending.cause.map_or(ending.outcome.label(), |cause| cause.label());
                format!("已终结：{why}。")
            }
            (State::Closed | State::Archived, None) if data.received_on.is_none() => {
                "未登记为申请，已结束。".to_owned()
            }
            _ => String::new(),
        }
    }
}
