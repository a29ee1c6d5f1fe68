//! How an application ends: the reply and its way to the applicant, the archive, the remedies.

use super::*;

impl Life<'_> {
    /// From the draft to the reply and its delivery.
    pub(super) fn reply(&mut self, end: End, drafted: NaiveDate, known: &References) -> Option<()> {
        let items = items(end, &self.wish, known, &mut self.draw);
        let verdicts: Vec<ItemVerdict> = (0_u32..)
            .zip(&items)
            .filter(|(_, item)| item.needs_secrecy_verdict())
            .map(|(item, _)| ItemVerdict {
                item,
                verdict: SecrecyVerdict::Release,
                ground: None,
                note: None,
            })
            .collect();
        let needs_legal = reply::needs_legal_pass(&items);
        let draft = DraftReply { items, principal: None };
        let mut day = self.on(drafted, Role::Officer, |_| Command::DraftReply(draft))?;
        if !verdicts.is_empty() {
            let reviewed = self.later(day, 0, 1);
            day = self.on(reviewed, Role::Secrecy, |_| {
                Command::ReviewSecrecy(ReviewSecrecy { verdicts })
            })?;
        }
        if needs_legal {
            self.on(day, Role::Officer, |_| {
                Command::SubmitForLegalReview(SubmitForLegalReview {})
            })?;
            let passed = self.later(day, 0, 1);
            day = self.on(passed, Role::Legal, |_| {
                Command::ReviewLegally(ReviewLegally {
                    opinion: LegalOpinion::Pass,
                    note: None,
                })
            })?;
        }
        self.on(day, Role::Officer, |_| Command::SubmitForApproval(SubmitForApproval {}))?;
        let signed = self.later(day, 0, 1);
        let signed = self.on(signed, Role::Approver, |_| Command::ApproveReply(ApproveReply {}))?;
        let method = match self.case.data().submission.route {
            Route::Mail => ReplyMethod::Mail,
            Route::Email => ReplyMethod::Email,
            Route::Online => ReplyMethod::Online,
            Route::Pickup => ReplyMethod::Pickup,
        };
        let issued = self.later(signed, 0, 1);
        let issued = self.on(issued, Role::Officer, |day| {
            Command::IssueReply(IssueReply {
                method,
                replied_on: (method != ReplyMethod::Pickup).then_some(day),
            })
        })?;
        let (result, low, high) = match method {
            ReplyMethod::Mail if self.draw.chance(25) => (DeliveryResult::Returned, 6, 12),
            ReplyMethod::Email | ReplyMethod::Online => (DeliveryResult::Opened, 0, 2),
            ReplyMethod::Mail | ReplyMethod::InPerson | ReplyMethod::Pickup => (DeliveryResult::Signed, 1, 5),
        };
        let delivered = self.later(issued, low, high);
        let delivered = self.delivered(delivered, result)?;
        // A few files are never put away.
        if self.draw.chance(6) {
            return None;
        }
        self.archive(delivered)?;
        self.contest()
    }

    /// Records the delivery, in one case of a hundred some days late.
    pub(super) fn delivered(&mut self, day: NaiveDate, result: DeliveryResult) -> Option<NaiveDate> {
        let day = day.max(civil_date(self.last));
        let record = |delivered_on| {
            Command::RecordDelivery(RecordDelivery {
                result,
                delivered_on,
                proof: Some("送达回证".to_owned()),
            })
        };
        if !self.draw.chance(10) {
            return self.on(day, Role::Clerk, record);
        }
        let entered = self.later(day, 2, 5);
        let instruction = Instruction {
            command: record(day),
            on: Some(day),
            late_entry_reason: Some("回执退回较晚".to_owned()),
        };
        self.take(office_hour(entered, 120), Role::Clerk, &instruction)?;
        Some(entered)
    }

    pub(super) fn archive(&mut self, day: NaiveDate) -> Option<()> {
        let day = self.later(day, 3, 18);
        self.on(day, Role::Clerk, |day| {
            Command::Archive(Archive {
                retention: Retention::TenYears,
                volume: Some(format!("{}年依申请公开卷", day.year())),
            })
        })?;
        Some(())
    }

    /// One refusal in ten is contested, and one review in five goes to court.
    pub(super) fn contest(&mut self) -> Option<()> {
        let outcome = self.case.data().ending()?.outcome;
        if outcome.gives_what_was_asked() || !self.draw.chance(100) {
            return None;
        }
        let archived = civil_date(self.last);
        let kind = self
            .draw
            .weighted(&[(9, RemedyKind::Reconsideration), (1, RemedyKind::DirectSuit)])?;
        let decided = self.remedy(archived, kind, "江临市人民政府")?;
        if kind == RemedyKind::Reconsideration && self.draw.chance(200) {
            self.remedy(decided, RemedyKind::SuitAfterReconsideration, "江临市中级人民法院")?;
        }
        Some(())
    }

    pub(super) fn remedy(&mut self, day: NaiveDate, kind: RemedyKind, organ: &str) -> Option<NaiveDate> {
        let day = self.later(day, 2, 10);
        let filed = self.on(day, Role::Officer, |filed_on| {
            Command::FileRemedy(FileRemedy {
                kind,
                filed_on,
                organ: organ.to_owned(),
                reference: None,
            })
        })?;
        let remedy_id = self.newest(SubDetail::is_remedy)?;
        let day = self.later(filed, 25, 60);
        let result = self.draw.weighted(&[
            (74, RemedyResult::Upheld),
            (5, RemedyResult::Corrected),
            (21, RemedyResult::Other),
        ])?;
        self.on(day, Role::Officer, |decided_on| {
            Command::DecideRemedy(DecideRemedy {
                remedy_id,
                decided_on,
                result,
                reply_again: Some(false),
                reply_by: None,
            })
        })
    }
}
