//! Handling: consultations, reasons, extension, fee, corrections of the record.

use super::{Deciding, Decision};
use crate::domain::fee;
use crate::domain::refusal::{Refusal, Rejection};
use crate::domain::reply::CaseKind;
use crate::domain::text::FieldError;
use crate::domain::workflow::event::{
    CorrectionConfirmed, CorrectionProposed, Event, ExtensionApproved, FeeNoticeIssued, LoggedEvent,
};
use crate::domain::workflow::fields::*;
use crate::domain::workflow::state::{SubDetail, SubProcess};
use crate::domain::workflow::{Case, fold};
use serde_json::Value;

impl Deciding<'_> {
    pub(super) fn record_notice_delivery(&self, fields: RecordNoticeDelivery) -> Decision {
        let sub = self.sub(&fields.id);
        let delivered = sub.and_then(|sub| match &sub.detail {
            SubDetail::Consultation { delivered_on, .. }
            | SubDetail::FeeNotice { delivered_on, .. }
            | SubDetail::AmendmentNotice { delivered_on, .. }
            | SubDetail::ReasonsRequest { delivered_on, .. } => *delivered_on,
            _ => None,
        });
        if let Some(day) = delivered {
            return Err(Refusal::new(
                "already_delivered",
                Some("《条例》第四十五条"),
                format!("这份文书已登记于 {day} 送达。登记有误的，请提请更正（correct_fact）。"),
                format!("The delivery is recorded for {day} already; propose a correction if it is wrong."),
            )
            .into());
        }
        Ok(vec![Event::NoticeDelivered(fields)])
    }

    /// Before something is released over an objection, the third party is told what and why (Art 32).
    pub(super) fn notify_third_party(&self, fields: NotifyThirdParty) -> Decision {
        let objected = self.sub(&fields.consultation_id).is_some_and(|sub| {
            matches!(
                sub.detail,
                SubDetail::Consultation {
                    opinion: Some(Opinion::Object | Opinion::ObjectWithoutReason),
                    told_on: None,
                    ..
                }
            )
        });
        if !objected {
            return Err(Refusal::new(
                "no_objection",
                Some("《条例》第三十二条"),
                "这一第三方没有表示不同意，或者已经告知过，不需要再告知。",
                "This party did not object, or has been told already.",
            )
            .into());
        }
        Ok(vec![Event::ThirdPartyNotified(fields)])
    }

    /// The applicant gives the reasons; the agency says whether they are reasonable (Art 35).
    pub(super) fn record_reasons(&self, fields: RecordReasons) -> Decision {
        let missing = |pointer: &str| Rejection::from(FieldError::missing(pointer));
        if self.who.acts_as_applicant_only() {
            if fields.reasonable.is_some() {
                return Err(FieldError::new(
                    "/reasonable",
                    "理由是否合理由行政机关认定，请只填写理由。",
                    "Whether the reasons are reasonable is for the agency to say; give the reasons only.",
                )
                .into());
            }
            if fields.reasons.is_none() {
                return Err(missing("/reasons"));
            }
        } else if fields.reasonable.is_none() {
            return Err(missing("/reasonable"));
        }
        Ok(vec![Event::ReasonsRecorded(fields)])
    }

    /// Reasons are asked for and fees charged for disclosure only (Arts 35 and 42), not for correcting one's own record.
    pub(super) fn for_disclosure(&self) -> Result<(), Refusal> {
        match self.data.kind() {
            CaseKind::Disclosure => Ok(()),
            CaseKind::Correction => Err(Refusal::new(
                "not_for_corrections",
                Some("《条例》第四十一条"),
                "本件是更正申请，不适用大量、反复申请的规定，也不收取信息处理费。请核实后答复。",
                "This asks to correct a record: the rules on excessive applications and fees do not apply. Check it and reply.",
            )),
        }
    }

    pub(super) fn propose_extension(&self, fields: ProposeExtension) -> Decision {
        let longest = self.ctx.law.pack(self.data).extension_max;
        if fields.working_days > longest {
            return Err(Refusal::new(
                "extension_too_long",
                Some("《条例》第三十三条第二款"),
                format!("适用的规则最多延长 {longest} 个工作日，请减少天数。"),
                format!("The rules of this case allow at most {longest} working days."),
            )
            .into());
        }
        Ok(vec![Event::ExtensionProposed(fields)])
    }

    pub(super) fn approve_extension(&self, fields: ApproveExtension) -> Decision {
        let proposed = self
            .data
            .open_sub(|detail| matches!(detail, SubDetail::Extension { .. }))
            .and_then(|sub| match sub.detail {
                SubDetail::Extension { working_days, .. } => Some(working_days),
                _ => None,
            });
        Ok(proposed
            .map(|working_days| {
                Event::ExtensionApproved(ExtensionApproved {
                    notified_on: fields.notified_on,
                    working_days,
                })
            })
            .into_iter()
            .collect())
    }

    /// The amount follows from the scheme, the count and the applicant's ordinal in the month (国办函〔2020〕109号).
    pub(super) fn issue_fee_notice(&self, fields: IssueFeeNotice) -> Decision {
        self.for_disclosure()?;
        let ordinal = match fields.scheme {
            FeeScheme::PerRequest => self.ctx.lookups.fee_ordinal.max(1),
            FeeScheme::PerPage => 1,
        };
        let fee = fee::fee_lines(fields.scheme, fields.count, ordinal)?;
        let amount_yuan = u32::try_from(fee.amount_yuan).unwrap_or(u32::MAX);
        if amount_yuan == 0 {
            return Err(Refusal::new(
                "nothing_to_charge",
                Some("国办函〔2020〕109号第四条、第五条"),
                "按照收费标准，本件在免费额度之内，不收取信息处理费，请直接办理。",
                "By the tiers this is free of charge; go on without a fee.",
            )
            .into());
        }
        Ok(vec![Event::FeeNoticeIssued(FeeNoticeIssued {
            scheme: fields.scheme,
            count: fields.count,
            issued_on: fields.issued_on,
            delivered_on: fields.delivered_on,
            ordinal,
            amount_yuan,
        })])
    }

    /// Parts add up to the amount and never beyond it.
    pub(super) fn record_payment(&self, fields: RecordPayment) -> Decision {
        let rest = self
            .data
            .open_sub(|detail| matches!(detail, SubDetail::FeeNotice { .. }))
            .and_then(|sub| match sub.detail {
                SubDetail::FeeNotice {
                    amount_yuan, paid_yuan, ..
                } => amount_yuan.checked_sub(paid_yuan),
                _ => None,
            })
            .unwrap_or(0);
        if fields.amount_yuan > rest {
            return Err(Refusal::new(
                "overpaid",
                Some("国办函〔2020〕109号第六条"),
                format!("尚欠 {rest} 元，登记金额不能超过欠缴数。请核对缴款凭证。"),
                format!("{rest} yuan are outstanding; the payment cannot exceed that."),
            )
            .into());
        }
        Ok(vec![Event::PaymentRecorded(fields)])
    }

    pub(super) fn correct_fact(&self, fields: CorrectFact) -> Decision {
        let unknown = |pointer: &str, zh: String, en: &'static str| Rejection::from(FieldError::new(pointer, zh, en));
        let Some(target) = self.case.log().iter().find(|logged| logged.seq == fields.seq) else {
            return Err(unknown(
                "/seq",
                "本案没有这一序号的记录。".into(),
                "The case has no entry with this number.",
            ));
        };
        if !target.event.correctable_fields().contains(&fields.field.as_str()) {
            let allowed = target.event.correctable_fields().join("、");
            let zh = if allowed.is_empty() {
                "这一条记录没有可以更正的字段。".to_owned()
            } else {
                format!("这一条记录可以更正的字段：{allowed}。")
            };
            return Err(unknown("/field", zh, "This field of this entry cannot be corrected."));
        }
        let corrected = target.corrected(&fields.field, &fields.value).map_err(|error| {
            unknown(
                "/value",
                format!("新值不符合该字段的格式（{error}）。"),
                "The value does not fit the field.",
            )
        })?;
        if corrected.occurred_on > self.ctx.today {
            return Err(unknown(
                "/value",
                format!("日期不能晚于今天（{}）。", self.ctx.today),
                "The date cannot lie in the future.",
            ));
        }
        if self.correction_of(fields.seq).is_some_and(SubProcess::is_open) {
            return Err(Refusal::new(
                "correction_pending",
                Some("《条例》第四十五条"),
                "这一条记录已有待确认的更正，请先确认或者否决。",
                "A correction of this entry is pending; confirm or reject it first.",
            )
            .into());
        }
        self.check_corrected(fields.seq, &fields.field, &fields.value)?;
        let old_value = target
            .event
            .data()
            .ok()
            .and_then(|data| data.get(&fields.field).cloned())
            .unwrap_or(Value::Null);
        Ok(vec![Event::CorrectionProposed(CorrectionProposed {
            seq: fields.seq,
            field: fields.field,
            value: fields.value,
            old_value,
            reason: fields.reason,
        })])
    }

    pub(super) fn confirm_correction(&self, fields: ConfirmCorrection) -> Decision {
        let sub = self.open_correction(fields.seq)?;
        let SubDetail::Correction { field, proposed_by, .. } = &sub.detail else {
            return Ok(Vec::new());
        };
        if proposed_by.is_some() && *proposed_by == self.who.user_id {
            return Err(Refusal::new(
                "same_person_as_proposer",
                Some("《条例》第四十五条"),
                "提请更正的人不能确认自己的更正，请由其他负责人确认。",
                "Who proposed the correction cannot confirm it; another person must.",
            )
            .into());
        }
        let value = self
            .case
            .log()
            .iter()
            .rev()
            .find_map(|logged| match &logged.event {
                Event::CorrectionProposed(proposal) if proposal.seq == fields.seq => Some(proposal.value.clone()),
                _ => None,
            })
            .unwrap_or(Value::Null);
        self.check_corrected(fields.seq, field, &value)?;
        Ok(vec![Event::CorrectionConfirmed(CorrectionConfirmed {
            seq: fields.seq,
            field: field.clone(),
            value,
        })])
    }

    fn correction_of(&self, seq: u32) -> Option<&SubProcess> {
        let of = |sub: &&SubProcess| matches!(&sub.detail, SubDetail::Correction { seq: of, .. } if *of == seq);
        self.data.subs.iter().rev().find(of)
    }

    pub(super) fn open_correction(&self, seq: u32) -> Result<&SubProcess, Rejection> {
        let Some(sub) = self.correction_of(seq) else {
            return Err(FieldError::new(
                "/seq",
                "没有对这一条记录提请的更正。",
                "No correction of this entry was proposed.",
            )
            .into());
        };
        if sub.is_open() {
            return Ok(sub);
        }
        Err(Refusal::new(
            "correction_settled",
            Some("《条例》第四十五条"),
            "这一更正已经确认或者否决。",
            "This correction is confirmed or rejected already.",
        )
        .into())
    }

    /// With the correction in place, every later fact must still be possible; the first that is not is named.
    fn check_corrected(&self, seq: u32, field: &str, value: &Value) -> Result<(), Rejection> {
        let mut log: Vec<LoggedEvent> = Vec::new();
        for logged in self.case.log() {
            let entry = if logged.seq == seq {
                logged.corrected(field, value).map_err(|_| {
                    FieldError::new(
                        "/value",
                        "新值不符合该字段的格式。",
                        "The value does not fit the field.",
                    )
                })?
            } else {
                logged.clone()
            };
            if logged.seq >= seq && !log.is_empty() {
                self.still_possible(&log, &entry)?;
            }
            log.push(entry);
        }
        let data = fold(&log, &self.ctx.law).map_err(|broken| impossible(broken.seq))?;
        let corrected = Case {
            id: self.case.id(),
            log,
            data,
        };
        corrected.check_consistent(self.ctx).map_err(Rejection::from)
    }

    /// Whether `entry` could follow the corrected entries before it.
    fn still_possible(&self, before: &[LoggedEvent], entry: &LoggedEvent) -> Result<(), Rejection> {
        let data = fold(before, &self.ctx.law).map_err(|broken| impossible(broken.seq))?;
        let floor = data.received_on.unwrap_or(data.submission.arrived_on);
        let sub_opened = |id: &str| data.sub(id).map(|sub| sub.opened_on);
        let earliest = match &entry.event {
            Event::CorrectionProposed(_) | Event::CorrectionConfirmed(_) | Event::CorrectionRejected(_) => {
                return Ok(());
            }
            Event::NoticeDelivered(fields) => sub_opened(&fields.id),
            Event::OpinionRecorded(fields) => sub_opened(&fields.consultation_id),
            Event::ConsultationEnded(fields) => sub_opened(&fields.consultation_id),
            Event::RemedyDecided(fields) => sub_opened(&fields.remedy_id),
            Event::DeliveryRecorded(_) => data.reply.as_ref().map(|reply| reply.issued_on),
            Event::ReplyIssued(_) => data.draft.as_ref().and_then(|draft| draft.approved_on),
            _ => None,
        };
        let own_delivery = match &entry.event {
            Event::ThirdPartyConsulted(fields) => fields.delivered_on,
            Event::AgencyConsulted(fields) => fields.delivered_on,
            Event::AmendmentRequested(fields) => fields.delivered_on,
            Event::FeeNoticeIssued(fields) => fields.delivered_on,
            _ => None,
        };
        let possible = entry.occurred_on >= earliest.unwrap_or(floor).max(floor)
            && own_delivery.is_none_or(|day| day >= entry.occurred_on);
        if possible { Ok(()) } else { Err(impossible(entry.seq)) }
    }
}

fn impossible(seq: u32) -> Rejection {
    Refusal::new(
        "correction_impossible",
        Some("《条例》第四十五条"),
        format!("更正后，第 {seq} 条记录的日期不再成立。请先更正第 {seq} 条记录，或核对新值。"),
        format!("With this correction entry {seq} could not stand; correct entry {seq} first, or check the new value."),
    )
    .into()
}
