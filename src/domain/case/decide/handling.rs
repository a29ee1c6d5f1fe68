//! Handling: consultations, reasons, extension, fee.

use super::{Deciding, Decision};
use crate::domain::case::event::{Event, ExtensionApproved, FeeNoticeIssued};
use crate::domain::case::fields::*;
use crate::domain::case::state::SubDetail;
use crate::domain::law::fee;
use crate::domain::law::refusal::Refusal;
use crate::domain::words::text::FieldError;

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
            .open_sub(SubDetail::is_extension)
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
            .open_sub(SubDetail::is_fee_notice)
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
}

/// The applicant gives the reasons; the agency says whether they are reasonable (Art 35).
pub(super) fn check_reasons(by_applicant: bool, fields: &RecordReasons) -> Option<FieldError> {
    if !by_applicant {
        return fields.reasonable.is_none().then(|| FieldError::missing("/reasonable"));
    }
    if fields.reasonable.is_some() {
        return Some(FieldError::new(
            "/reasonable",
            "理由是否合理由行政机关认定，请只填写理由。",
            "Whether the reasons are reasonable is for the agency to say; give the reasons only.",
        ));
    }
    fields.reasons.is_none().then(|| FieldError::missing("/reasons"))
}
