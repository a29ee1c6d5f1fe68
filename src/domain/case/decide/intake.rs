//! Intake and ownership: receipt by channel (Art 31), splitting and merging, owners, amendment, assignments.

use super::{Deciding, Decision};
use crate::domain::case::event::{AmendmentRequested, Event, ReceiptConfirmed, RequestSplit, Taken};
use crate::domain::case::fields::*;
use crate::domain::case::guard;
use crate::domain::law::refusal::Refusal;
use crate::domain::words::text::FieldError;

impl Deciding<'_> {
    pub(super) fn receipt(&self, received_on: chrono::NaiveDate, evidence: Option<Evidence>) -> ReceiptConfirmed {
        ReceiptConfirmed {
            received_on,
            evidence,
            number: self.ctx.lookups.number.clone().unwrap_or_default(),
            rule_set: self.ctx.law.rules.for_receipt(received_on).code.clone(),
            owner_id: self.who.user_id,
        }
    }

    /// Receipt by channel; ordinary mail, fax and online need evidence that both sides confirmed (Art 31(2), 31(3)).
    pub(super) fn confirm_receipt(&self, fields: ConfirmReceipt) -> Decision {
        let channel = self.data.submission.channel;
        let confirmed_by_applicant = self.data.submission_confirmed_on.is_some();
        if channel.needs_confirmation() && fields.evidence.is_none() && !confirmed_by_applicant {
            return Err(FieldError::new(
                "/evidence",
                format!(
                    "以“{}”提出的申请，以双方确认之日为收到申请之日，请填写确认的方式和确认人。",
                    channel.label()
                ),
                "This channel needs evidence that both sides confirmed: how and by whom.",
            )
            .into());
        }
        Ok(vec![Event::ReceiptConfirmed(
            self.receipt(fields.received_on, fields.evidence),
        )])
    }

    pub(super) fn split(&self, fields: Split) -> Decision {
        let into = self.ctx.lookups.part_ids.iter().map(ToString::to_string).collect();
        Ok(vec![Event::RequestSplit(RequestSplit {
            parts: fields.parts,
            into,
        })])
    }

    pub(super) fn merge(&self, fields: Merge) -> Decision {
        let not_there = || {
            FieldError::new(
                "/into_case_id",
                "没有这个案件。请填写同一申请人另一件在办案件的编号。",
                "There is no such case; name another open case of the same applicant.",
            )
        };
        if fields.into_case_id == self.case.id().to_string() {
            return Err(not_there().into());
        }
        let target = self.ctx.lookups.merge_target.ok_or_else(not_there)?;
        if !target.same_agency {
            return Err(not_there().into());
        }
        if !target.open || !target.same_applicant || !target.same_kind {
            return Err(Refusal::new(
                "merge_target_unfit",
                Some("《条例》第四十五条"),
                "只能并入同一申请人、同一类型、尚在办理的另一案件。请核对案件编号。",
                "A case can be merged only into another open case of the same applicant and kind.",
            )
            .into());
        }
        Ok(vec![Event::Merged(fields)])
    }

    pub(super) fn take(&self) -> Decision {
        let Some(owner_id) = self.who.user_id else {
            return Ok(Vec::new());
        };
        Ok(vec![Event::Taken(Taken { owner_id })])
    }

    pub(super) fn hand_over(&self, fields: HandOver) -> Decision {
        if !self.ctx.lookups.colleague_found {
            return Err(FieldError::new(
                "/user_id",
                "接收人应当是本机关在岗的收件登记或公开机构经办人员，请核对。",
                "The new owner must be an active clerk or officer of the agency.",
            )
            .into());
        }
        Ok(vec![Event::HandedOver(fields)])
    }

    /// One amendment notice, all defects at once; the agency sets a reasonable time to respond (Art 30), by default the pack's.
    pub(super) fn request_amendment(&self, fields: RequestAmendment) -> Decision {
        let own = self.ctx.lookups.amendment_working_days;
        let days = own.unwrap_or_else(|| self.ctx.law.pack(self.data).amendment_response_days);
        let respond_by = fields
            .respond_by
            .unwrap_or_else(|| self.ctx.law.calendar.add_working_days(fields.notified_on, days));
        Ok(vec![Event::AmendmentRequested(AmendmentRequested {
            notified_on: fields.notified_on,
            defects: fields.defects,
            respond_by,
            delivered_on: fields.delivered_on,
        })])
    }

    /// A unit's time ends inside the statutory one.
    pub(super) fn assign(&self, fields: Assign) -> Decision {
        if !self.ctx.lookups.unit_found {
            return Err(FieldError::new(
                "/unit_id",
                "本机关没有这个科室，或者该科室已停用。请从 GET /api/v1/agencies/{id}/units 中选择。",
                "The agency has no such unit in use; choose one from GET /api/v1/agencies/{id}/units.",
            )
            .into());
        }
        let due_on = guard::report_as_of(self.data, &self.ctx.law, self.ctx.today)
            .and_then(|report| report.due_on.or(report.projected_due_on));
        // Once the statutory time is over, no day of it is left to give; the search must be made all the same.
        if let Some(limit) = due_on.filter(|limit| *limit >= self.on)
            && fields.due_on > limit
        {
            return Err(Refusal::new(
                "assignment_beyond_due_date",
                Some("《条例》第三十三条第二款"),
                format!("科室反馈的期限不能晚于答复期限（{limit}），请提前。"),
                format!("A unit's time must end by the due date of the case ({limit})."),
            )
            .within(Some(self.on), Some(limit))
            .into());
        }
        Ok(vec![Event::Assigned(fields)])
    }
}
