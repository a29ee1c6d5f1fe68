//! What happens to an application between its receipt and its reply: assignment, consultation, fee, reasons, extension.

use super::*;

impl Life<'_> {
    /// From the substantive review to the archive.
    pub(super) fn handle(&mut self, end: End, start: NaiveDate, day: NaiveDate) -> Option<()> {
        let base = self.world.law.pack(self.case.data()).reply_days;
        let mut known = References {
            earlier_number: format!(
                "{}-{}-{:05}",
                self.office.code,
                self.plan.arrived_on.year(),
                self.plan.number.max(2) - 1
            ),
            ..References::default()
        };
        let (mut start, mut day) = (start, day);
        if end == End::NotExisting || self.draw.chance(350) {
            day = self.search(day, end == End::NotExisting)?;
            known.assignment = self.newest(SubDetail::is_assignment);
        }
        let third_party = matches!(
            end,
            End::Partly(Outcome::ThirdPartyRights) | End::Withheld(Outcome::ThirdPartyRights)
        );
        if third_party || self.draw.chance(12) {
            day = self.consult(day, third_party)?;
            known.consultation = self.newest(SubDetail::is_consultation);
        }
        if end == End::FeeLapsed || (matches!(end, End::Granted) && self.draw.chance(6)) {
            let delivered = self.charge(day)?;
            if end == End::FeeLapsed {
                let lapsed = self.later(delivered, 21, 24);
                let closed = self.on(lapsed, Role::Officer, |_| Command::LapseFee(LapseFee {}))?;
                return self.archive(closed);
            }
            start = self.pay(delivered)?;
            day = start;
        }
        if end == End::Excessive {
            day = self.reasons(day)?;
        }
        let mut pace = self.draw.between(base / 3, base - 5);
        if self.draw.chance(12) {
            pace = base + self.draw.between(1, 15);
        } else if self.draw.chance(70)
            && let Some(extended) = self.extend(start, day, base)
        {
            day = extended;
            pace = base + self.draw.between(1, base - 6);
        }
        let drafted = self.after(start, pace).max(self.after(day, 1));
        self.reply(end, drafted, &known)
    }

    pub(super) fn search(&mut self, day: NaiveDate, in_vain: bool) -> Option<NaiveDate> {
        let Some((_, unit)) = self.office.handler else {
            return Some(day);
        };
        let due_on = self.later(day, 5, 9);
        let note = format!("请检索{}", self.wish.information);
        let assigned = self.on(day, Role::Officer, |_| {
            Command::Assign(Assign {
                unit_id: unit.to_string(),
                due_on,
                note: Some(note),
            })
        })?;
        let answered = self.later(assigned, 1, 6);
        let assignment_id = self.newest(SubDetail::is_assignment)?;
        let result = match in_vain {
            true => SearchResult::NotFound,
            false => SearchResult::Found,
        };
        let keywords = vec![self.wish.place.clone(), self.wish.matter.to_owned()];
        let scope = format!("{}年以来的文书档案", self.wish.year - 2);
        self.on(answered, Role::Handler, |searched_on| {
            Command::AnswerAssignment(AnswerAssignment {
                assignment_id,
                result,
                search: SearchRecord {
                    scope,
                    systems: vec!["档案管理系统".to_owned(), "公文办理系统".to_owned()],
                    keywords,
                    searched_by: "业务科".to_owned(),
                    searched_on,
                },
                document_ids: Vec::new(),
            })
        })
    }

    pub(super) fn consult(&mut self, day: NaiveDate, objects: bool) -> Option<NaiveDate> {
        let party = Party {
            name: format!("江临市{}有限公司", self.wish.place),
            address: Some(format!("江临市{}", self.wish.place)),
            phone: None,
        };
        let concerning = self.wish.information.clone();
        let sent = self.on(day, Role::Officer, |sent_on| {
            Command::ConsultThirdParty(ConsultThirdParty {
                party,
                concerning,
                sent_on,
                delivered_on: None,
            })
        })?;
        let delivered = self.later(sent, 1, 4);
        let delivered = self.notice_delivered(delivered, NoticeTarget::Consultation, SubDetail::is_consultation)?;
        if self.draw.chance(180) {
            // The party stays silent: the agency decides after its fifteen working days.
            return Some(self.after(delivered, 16));
        }
        let consultation_id = self.newest(SubDetail::is_consultation)?;
        let answered = self.later(delivered, 2, 12);
        let (opinion, reason) = match objects {
            true => (Opinion::Object, Some("涉及商业秘密和个人隐私，不同意公开".to_owned())),
            false => (Opinion::Consent, None),
        };
        self.on(answered, Role::Officer, |received_on| {
            Command::RecordOpinion(RecordOpinion {
                consultation_id,
                received_on,
                opinion,
                reason,
                document_ids: Vec::new(),
            })
        })
    }

    pub(super) fn charge(&mut self, day: NaiveDate) -> Option<NaiveDate> {
        let pages = self.draw.between(60, 900);
        let issued = self.on(day, Role::Officer, |issued_on| {
            Command::IssueFeeNotice(IssueFeeNotice {
                scheme: FeeScheme::PerPage,
                count: pages,
                issued_on,
                delivered_on: None,
            })
        })?;
        let day = self.later(issued, 1, 3);
        self.notice_delivered(day, NoticeTarget::FeeNotice, SubDetail::is_fee_notice)
    }

    pub(super) fn pay(&mut self, delivered: NaiveDate) -> Option<NaiveDate> {
        let amount = self.case.data().subs.iter().rev().find_map(|sub| match sub.detail {
            SubDetail::FeeNotice { amount_yuan, .. } => Some(amount_yuan),
            _ => None,
        });
        let amount_yuan = amount?;
        let day = self.later(delivered, 2, 12);
        let reference = format!("财政票据 {:07}", self.draw.below(9_999_999));
        self.on(day, Role::Clerk, |paid_on| {
            Command::RecordPayment(RecordPayment {
                paid_on,
                amount_yuan,
                reference,
            })
        })
    }

    pub(super) fn reasons(&mut self, day: NaiveDate) -> Option<NaiveDate> {
        let respond_by = self.after(day, 7);
        self.on(day, Role::Officer, |_| {
            Command::RequestReasons(RequestReasons {
                respond_by: Some(respond_by),
                delivered_on: None,
            })
        })?;
        let given = self.later(day, 3, 6);
        self.on(given, Role::Officer, |received_on| {
            Command::RecordReasons(RecordReasons {
                received_on: Some(received_on),
                reasons: Some("希望全面了解情况".to_owned()),
                reasonable: Some(false),
            })
        })
    }

    /// An extension near the end of the allowance; `None` where it is too late for one.
    pub(super) fn extend(&mut self, start: NaiveDate, day: NaiveDate, base: u32) -> Option<NaiveDate> {
        let proposed = self.later(start, base - 6, base - 3);
        if day > proposed || self.case.data().subs.iter().any(|sub| sub.is_open()) {
            return None;
        }
        let working_days = self.draw.between(base / 2, base);
        self.on(proposed, Role::Officer, |_| {
            Command::ProposeExtension(ProposeExtension {
                working_days,
                reason: "涉及资料较多，需要延长答复期限".to_owned(),
            })
        })?;
        let approved = self.after(proposed, 1);
        self.on(approved, Role::Approver, |notified_on| {
            Command::ApproveExtension(ApproveExtension { notified_on })
        })
    }
}
