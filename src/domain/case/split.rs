//! One application, one matter (一事一申请): the parts of a split application become cases of their own.
//!
//! A part begins where the whole stood: with its receipt date and rules, and with what had moved its clock (Arts 30, 33).

use super::event::{AmendmentRequested, DocumentAttached, Event, ExtensionApproved, ReceiptConfirmed};
use super::fields::*;
use super::state::{SubDetail, SubProcess, SubStatus};
use super::{Applied, Author, Case, Context, Submission};
use crate::domain::words::ids::CaseId;
use chrono::NaiveDate;

impl Case {
    /// A part of a split case as a case of its own; `None` before receipt.
    pub fn split_off(
        &self,
        id: CaseId,
        part: &SplitPart,
        intake_number: String,
        number: String,
        author: Author,
        ctx: &Context<'_>,
    ) -> Option<(Self, Applied)> {
        let received_on = self.data.received_on?;
        let submission = Submission {
            intake_number,
            description: Description {
                title: part.title.clone(),
                document_number: None,
                features: part.features.clone(),
            },
            split_from: Some(self.id),
            ..self.data.submission.clone()
        };
        let receipt = Event::ReceiptConfirmed(ReceiptConfirmed {
            received_on,
            evidence: None,
            number,
            rule_set: self.data.rule_set.clone()?,
            owner_id: self.data.owner_id,
        });
        let (mut case, mut applied) = Self::submit(id, submission, author, ctx);
        // The part needs what came with the whole: its own log covers those contents too.
        let documents = self.data.documents.iter().map(|document| {
            let document = DocumentAttached {
                from_case: document.from_case.or(Some(self.id)),
                ..document.clone()
            };
            (ctx.today, Event::DocumentAttached(document))
        });
        let receipt = std::iter::once((received_on, receipt));
        for (occurred_on, event) in documents.chain(receipt).chain(self.clock_so_far()) {
            applied.events.push(case.tell(event, occurred_on, author, ctx));
        }
        Some((case, applied))
    }

    /// What has moved the clock since receipt, told again for a part: the amendment with its answer or the reopening, and
    /// extensions. Consultations concern one part and stay with the whole.
    fn clock_so_far(&self) -> Vec<(NaiveDate, Event)> {
        let told = |sub: &SubProcess| match &sub.detail {
            SubDetail::AmendmentNotice { defects, delivered_on } => self.amendment_told(sub, defects, *delivered_on),
            SubDetail::Extension {
                working_days, reason, ..
            } if sub.status == SubStatus::Approved => {
                let proposed = Event::ExtensionProposed(ProposeExtension {
                    working_days: *working_days,
                    reason: reason.clone(),
                });
                let approved = |notified_on| {
                    Event::ExtensionApproved(ExtensionApproved {
                        notified_on,
                        working_days: *working_days,
                    })
                };
                let approved = sub.closed_on.map(|day| (day, approved(day)));
                std::iter::once((sub.opened_on, proposed)).chain(approved).collect()
            }
            _ => Vec::new(),
        };
        self.data.subs.iter().flat_map(told).collect()
    }

    fn amendment_told(
        &self,
        sub: &SubProcess,
        defects: &[String],
        delivered_on: Option<NaiveDate>,
    ) -> Vec<(NaiveDate, Event)> {
        let (Some(respond_by), Some(closed_on)) = (sub.due_on, sub.closed_on) else {
            return Vec::new();
        };
        let requested = Event::AmendmentRequested(AmendmentRequested {
            notified_on: sub.opened_on,
            defects: defects.to_vec(),
            respond_by,
            delivered_on,
        });
        let mut events = vec![(sub.opened_on, requested)];
        if sub.status == SubStatus::Answered {
            let received = ReceiveAmendment {
                received_on: closed_on,
                description: None,
                document_ids: Vec::new(),
            };
            events.push((closed_on, Event::AmendmentReceived(received)));
        } else {
            events.push((closed_on, Event::AmendmentLapsed(LapseAmendment {})));
            events.extend(self.log.iter().rev().find_map(|logged| match &logged.event {
                Event::Reopened(reopen) => Some((logged.occurred_on, Event::Reopened(reopen.clone()))),
                _ => None,
            }));
        }
        events
    }
}
