//! The reply and what follows: draft, secrecy verdicts, issue, delivery, remedies.

use super::{Deciding, Decision};
use crate::domain::case::event::{Event, RemedyDecided, RepliedOnTheSpot, ReplyIssued};
use crate::domain::case::fields::*;
use crate::domain::case::state::{State, SubDetail};
use crate::domain::law::refusal::Refusal;
use crate::domain::reply::{self, CaseKind, ItemReferences, Outcome, OutcomeCause, ReplyItem};
use crate::domain::words::text::FieldError;
use std::collections::BTreeSet;

/// The errors of a draft that hold whatever it points to.
pub(super) fn check_draft_alone(kind: CaseKind, fields: &DraftReply) -> Vec<FieldError> {
    let named = |id: fn(&ReplyItem) -> Option<&str>| fields.items.iter().filter_map(id).collect();
    let everything = ItemReferences {
        consultations: named(|item| item.consultation_id.as_deref()),
        searched_assignments: named(|item| item.assignment_id.as_deref()),
        documents: fields
            .items
            .iter()
            .flat_map(|item| item.document_ids.iter().map(String::as_str))
            .collect(),
    };
    reply::check_items(kind, &fields.items, principal(fields), &everything)
}

fn principal(fields: &DraftReply) -> Option<usize> {
    fields.principal.and_then(|index| usize::try_from(index).ok())
}

impl Deciding<'_> {
    pub(super) fn draft_reply(&self, fields: DraftReply) -> Decision {
        let ids = |wanted: fn(&SubDetail) -> bool| -> BTreeSet<&str> {
            self.data
                .subs
                .iter()
                .filter(|sub| wanted(&sub.detail))
                .map(|sub| sub.id.as_str())
                .collect()
        };
        let known = ItemReferences {
            consultations: ids(SubDetail::is_consultation),
            searched_assignments: ids(|detail| matches!(detail, SubDetail::Assignment { answer: Some(_), .. })),
            documents: self.ctx.lookups.documents.iter().map(String::as_str).collect(),
        };
        let errors = reply::check_items(self.data.kind(), &fields.items, principal(&fields), &known);
        if !errors.is_empty() {
            return Err(errors.into());
        }
        if fields
            .items
            .iter()
            .any(|item| item.outcome == Outcome::ExcessiveUnjustified)
        {
            self.reasons_are_wanting()?;
        }
        Ok(vec![Event::ReplyDrafted(fields)])
    }

    /// Art 35: an applicant who was asked for reasons is turned away only when they are unreasonable or stay away.
    fn reasons_are_wanting(&self) -> Result<(), Refusal> {
        let asked = self.data.subs.iter().rev().find_map(|sub| match &sub.detail {
            SubDetail::ReasonsRequest { reasonable, .. } => Some((sub.due_on, *reasonable)),
            _ => None,
        });
        match asked {
            None | Some((_, Some(false))) => Ok(()),
            Some((_, Some(true))) => Err(Refusal::new(
                "reasons_reasonable",
                Some("《条例》第三十五条"),
                "申请人说明的理由已认定为合理，不能以“无正当理由大量反复申请”不予处理。请继续办理，必要时确定延迟答复的期限（set_delay）。",
                "The applicant's reasons were found reasonable; go on with the case and set a later date where needed (set_delay).",
            )),
            Some((due_on, None)) if due_on.is_some_and(|due_on| due_on < self.on) => Ok(()),
            Some((due_on, None)) => Err(Refusal::new(
                "reasons_outstanding",
                Some("《条例》第三十五条"),
                "已要求申请人说明理由，尚未认定理由是否合理，说明理由的期限也没有届满。请先登记理由及认定（record_reasons）。",
                "The applicant was asked for reasons and may still give them; record them with your finding first (record_reasons).",
            )
            .within(due_on.and_then(|due_on| due_on.succ_opt()), None)),
        }
    }

    pub(super) fn review_secrecy(&self, fields: ReviewSecrecy) -> Decision {
        let items = self.data.draft.as_ref().map_or(0, |draft| draft.items.len());
        let mut errors = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, verdict) in fields.verdicts.iter().enumerate() {
            let there = usize::try_from(verdict.item).is_ok_and(|item| item < items);
            if !there || !seen.insert(verdict.item) {
                errors.push(FieldError::new(
                    format!("/verdicts/{index}/item"),
                    format!("答复稿共有 {items} 项，序号从 0 起，每项只能审查一次。"),
                    format!("The draft has {items} items, counted from 0; give one verdict an item."),
                ));
            }
        }
        if errors.is_empty() {
            Ok(vec![Event::SecrecyReviewed(fields)])
        } else {
            Err(errors.into())
        }
    }

    pub(super) fn issue_reply(&self, fields: IssueReply) -> Decision {
        let Some(draft) = &self.data.draft else {
            return Ok(Vec::new());
        };
        let (outcome, outcome_cause) = reply::case_outcome(self.data.kind(), &draft.items, draft.principal)?;
        Ok(vec![Event::ReplyIssued(ReplyIssued {
            method: fields.method,
            replied_on: fields.replied_on,
            outcome,
            outcome_cause,
        })])
    }

    /// Applicants confirm online that they opened the reply; every other result is recorded by the agency.
    pub(super) fn record_delivery(&self, fields: RecordDelivery) -> Decision {
        self.delivery_fits(fields.result)?;
        if self.data.state == State::Replied
            && matches!(self.data.reply.as_ref().and_then(|reply| reply.delivery), Some(earlier) if earlier == (fields.result, fields.delivered_on))
        {
            return Err(Refusal::new(
                "already_delivered",
                Some("国办公开办函〔2016〕235号第四点"),
                "同样的送达结果已经登记过。登记有误的，请提请更正（correct_fact）。",
                "This delivery result is recorded already; propose a correction if it is wrong.",
            )
            .into());
        }
        Ok(vec![Event::DeliveryRecorded(fields)])
    }

    /// Only what was sent online or by e-mail is opened.
    pub(super) fn delivery_fits(&self, result: DeliveryResult) -> Result<(), Refusal> {
        let method = self.data.reply.as_ref().and_then(|reply| reply.method);
        let electronic = matches!(method, Some(ReplyMethod::Online | ReplyMethod::Email));
        if result == DeliveryResult::Opened && !electronic {
            return Err(Refusal::new(
                "not_delivered_online",
                Some("国办公开办函〔2016〕235号第四点"),
                "本答复不是在线或以电子邮件发出的，请登记签收、拒收、退回或公告送达。",
                "The reply was not sent online or by e-mail; record that it was signed for, refused, returned or announced.",
            ));
        }
        Ok(())
    }

    /// Art 33(1): what is already public can be told at once; it implies receipt on that day.
    pub(super) fn reply_on_the_spot(&self, fields: ReplyOnTheSpot) -> Decision {
        let mut events = Vec::new();
        if self.data.received_on.is_none() {
            events.push(Event::ReceiptConfirmed(self.receipt(fields.received_on, None)));
        }
        let item = ReplyItem {
            cause: Some(OutcomeCause::AlreadyPublic),
            explanation: Some(fields.explanation),
            place: fields.r#where,
            document_ids: fields.document_ids,
            ..ReplyItem::new(self.data.description.title.clone(), Outcome::Granted)
        };
        events.push(Event::RepliedOnTheSpot(RepliedOnTheSpot {
            received_on: fields.received_on,
            items: vec![item],
            outcome: Outcome::Granted,
            outcome_cause: Some(OutcomeCause::AlreadyPublic),
        }));
        Ok(events)
    }

    /// A decision that orders a new reply gives the case a clock of its own; against silence it sets the date to reply by.
    pub(super) fn decide_remedy(&self, fields: DecideRemedy) -> Decision {
        if self.sub(&fields.remedy_id).is_some_and(|sub| !sub.is_open()) {
            return Err(Refusal::new(
                "remedy_decided",
                Some("《条例》第五十一条"),
                "这件复议或者诉讼已经登记结果。登记有误的，请提请更正（correct_fact）。",
                "This remedy is decided already; propose a correction if the record is wrong.",
            )
            .into());
        }
        let reply_again = fields.reply_again.unwrap_or(false);
        if reply_again && self.data.received_on.is_none() {
            return Err(Refusal::new(
                "never_received",
                Some("《条例》第三十一条"),
                "本件没有登记收到，不能直接恢复办理。请将申请重新登记为新件。",
                "The application was never received; register it anew.",
            )
            .into());
        }
        let reply_by = if reply_again && !self.data.is_stopped() {
            let days = self.ctx.law.pack(self.data).reply_days;
            Some(
                fields
                    .reply_by
                    .unwrap_or_else(|| self.ctx.law.calendar.add_working_days(fields.decided_on, days)),
            )
        } else {
            fields.reply_by
        };
        Ok(vec![Event::RemedyDecided(RemedyDecided {
            remedy_id: fields.remedy_id,
            decided_on: fields.decided_on,
            result: fields.result,
            reply_again,
            reply_by,
        })])
    }
}

/// Online an applicant can only confirm having opened the reply; every other result is the agency's to record.
pub(super) fn check_delivery(by_applicant: bool, fields: &RecordDelivery) -> Option<FieldError> {
    (by_applicant && fields.result != DeliveryResult::Opened).then(|| {
        FieldError::new(
            "/result",
            "申请人在线只能确认已查看（opened）。",
            "Online an applicant can only confirm having opened the reply (`opened`).",
        )
    })
}
