//! The parts of a split application as cases of their own (一事一申请).
//!
//! A part begins where the whole stood: with its receipt date and rules, and with what had moved its clock (Arts 30, 33).

use super::amendment::{AmendmentRequested, LapseAmendment, ReceiveAmendment};
use super::apply::{Applied, Case};
use super::attached::DocumentAttached;
use super::author::Author;
use super::context::Context;
use super::dispatch::Event;
use super::extension::{ExtensionApproved, ProposeExtension};
use super::identity::{IdentityVerified, JoinPersons, PartPersons};
use super::intake::ReceiptConfirmed;
use super::parts::SplitPart;
use super::sub::{AmendmentNotice, Extension, Sub, SubStatus};
use super::submission::Submission;
use crate::domain::words::ids::{CaseId, UserId};
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
        let received_on = self.data().received_on?;
        let submission = Submission {
            intake_number,
            description: Some(part.description()),
            split_from: Some(self.id()),
            // A part begins with whom and with what the whole has become.
            applicant: self.data().applicant.clone(),
            applicant_user_id: self.data().applicant_account(),
            form: self.data().form,
            route: self.data().route,
            ..self.data().submission.clone()
        };
        let receipt = Event::ReceiptConfirmed(ReceiptConfirmed {
            received_on,
            evidence: None,
            late_confirmation_reason: None,
            number,
            rule_set: self.data().rule_set.clone()?,
            owner_id: self.data().owner_id,
            document_ids: Vec::new(),
        });
        let (mut case, mut applied) = Self::submit(id, submission, author, ctx);
        // The part needs what came with the whole: its own log covers those contents too.
        let documents = self.data().documents.iter().map(|document| {
            let document = DocumentAttached {
                from_case: document.from_case.or(Some(self.id())),
                ..document.clone()
            };
            (ctx.today, Event::DocumentAttached(document))
        });
        let receipt = std::iter::once((received_on, receipt));
        for (occurred_on, event) in documents.chain(receipt).chain(self.clock_so_far()) {
            applied.events.push(case.tell(event, occurred_on, author, ctx));
        }
        for (by, occurred_on, event) in self.people_so_far(ctx.today) {
            let author = Author {
                user_id: by.or(author.user_id),
                ..author
            };
            applied.events.push(case.tell(event, occurred_on, author, ctx));
        }
        Some((case, applied))
    }

    /// As whom the people are known, told again for a part.
    fn people_so_far(&self, today: NaiveDate) -> Vec<(Option<UserId>, NaiveDate, Event)> {
        let data = self.data();
        let mut told = Vec::new();
        for person in data.people() {
            let Ok(index) = u32::try_from(person.index) else {
                continue;
            };
            let reason = "承接拆分前案件的认定".to_owned();
            let sent_by_another = data.applicant_account().is_some() && data.account(&person).is_none();
            if person.index == 0 && sent_by_another {
                let parted = PartPersons {
                    index,
                    reason: reason.clone(),
                    document_ids: Vec::new(),
                };
                told.push((None, today, Event::PersonsParted(parted)));
            }
            if let Some(verified) = data.verified(&person) {
                let event = IdentityVerified {
                    index,
                    means: verified.means,
                    on: verified.on,
                    person_id: verified.person_id,
                    document_ids: Vec::new(),
                };
                told.push((verified.by, verified.on, Event::IdentityVerified(event)));
            }
            told.extend(data.joined(&person).iter().map(|person_id| {
                let joined = JoinPersons {
                    index,
                    person_id: *person_id,
                    reason: reason.clone(),
                    document_ids: Vec::new(),
                };
                (None, today, Event::PersonsJoined(joined))
            }));
        }
        told
    }

    /// What has moved the clock since receipt, told again for a part: the amendment with its answer or the reopening, and
    /// extensions. Consultations concern one part and stay with the whole.
    fn clock_so_far(&self) -> Vec<(NaiveDate, Event)> {
        let subs = &self.data().subs;
        let amendments = subs.amendments.iter().map(|sub| (sub.seq, self.amendment_told(sub)));
        let extensions = subs.extensions.iter().map(|sub| (sub.seq, extension_told(sub)));
        let mut told: Vec<_> = amendments.chain(extensions).collect();
        told.sort_by_key(|(seq, _)| *seq);
        told.into_iter().flat_map(|(_, events)| events).collect()
    }

    fn amendment_told(&self, sub: &Sub<AmendmentNotice>) -> Vec<(NaiveDate, Event)> {
        let Some(closed_on) = sub.closed_on else {
            return Vec::new();
        };
        let requested = Event::AmendmentRequested(AmendmentRequested {
            notified_on: sub.opened_on,
            defects: sub.detail.defects.clone(),
            respond_by: sub.detail.respond_by,
            delivered_on: sub.detail.letter.delivered_on,
            by_default: sub.detail.letter.stated_on.is_none(),
            document_ids: Vec::new(),
        });
        let mut events = vec![(sub.opened_on, requested)];
        if sub.status == SubStatus::Lapsed {
            // The next reopening is that of this lapse.
            let mut later = self.log().iter().filter(|logged| logged.seq > sub.seq);
            let reopened = later.find_map(|logged| match &logged.event {
                Event::Reopened(reopen) => Some((logged.occurred_on, Event::Reopened(reopen.clone()))),
                _ => None,
            });
            events.push((
                closed_on,
                Event::AmendmentLapsed(LapseAmendment {
                    document_ids: Vec::new(),
                }),
            ));
            events.extend(reopened);
        } else {
            // Answered, or awaited no more since a new reply was ordered: for the clock it is the same.
            let received = ReceiveAmendment {
                received_on: closed_on,
                description: None,
                applicant: None,
                form: None,
                route: None,
                document_ids: Vec::new(),
                channel: None,
                arrived_on: None,
                evidence: None,
                dated_on: None,
            };
            events.push((closed_on, Event::AmendmentReceived(received)));
        }
        events
    }
}

fn extension_told(sub: &Sub<Extension>) -> Vec<(NaiveDate, Event)> {
    if sub.status != SubStatus::Approved {
        return Vec::new();
    }
    let working_days = sub.detail.working_days;
    let proposed = Event::ExtensionProposed(ProposeExtension {
        working_days,
        reason: sub.detail.reason.clone(),
        document_ids: Vec::new(),
    });
    let approved = sub.closed_on.map(|notified_on| {
        let approved = ExtensionApproved {
            notified_on,
            working_days,
            document_ids: Vec::new(),
        };
        (notified_on, Event::ExtensionApproved(approved))
    });
    std::iter::once((sub.opened_on, proposed)).chain(approved).collect()
}
