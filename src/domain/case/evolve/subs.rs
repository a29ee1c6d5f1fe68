//! Sub-processes: opening, changing and closing them, and what their notices, opinions and payments do to the clock.

use super::super::Law;
use super::super::fields::*;
use super::super::state::*;
use crate::domain::law::deadline::Fact;
use chrono::NaiveDate;

/// Marks the open proposal to correct the event `seq` as settled.
pub(super) fn correction_settled(data: &mut CaseData, seq: u32, status: SubStatus, on: NaiveDate) {
    settle(
        data,
        |detail| matches!(detail, SubDetail::Correction { seq: corrected, .. } if *corrected == seq),
        status,
        on,
    );
}

pub(super) fn enter(data: &mut CaseData, state: State, on: NaiveDate) {
    data.state = state;
    data.state_since = on;
}

/// The id of a sub-process: its kind and the position of the event that opened it, unique within the case.
pub(super) fn open(
    data: &mut CaseData,
    kind: &str,
    seq: u32,
    on: NaiveDate,
    due_on: Option<NaiveDate>,
    detail: SubDetail,
) {
    data.subs.push(SubProcess {
        id: format!("{kind}-{seq}"),
        status: SubStatus::Open,
        opened_on: on,
        due_on,
        closed_on: None,
        detail,
    });
}

pub(super) fn change(data: &mut CaseData, id: &str, with: impl FnOnce(&mut SubProcess)) {
    if let Some(sub) = data.subs.iter_mut().find(|sub| sub.id == id) {
        with(sub);
    }
}

pub(super) fn close_sub(
    data: &mut CaseData,
    id: &str,
    status: SubStatus,
    on: NaiveDate,
    with: impl FnOnce(&mut SubDetail),
) {
    change(data, id, |sub| {
        sub.status = status;
        sub.closed_on = Some(on);
        with(&mut sub.detail);
    });
}

/// Closes every open sub-process that `wanted` accepts.
pub(super) fn settle(data: &mut CaseData, wanted: impl Fn(&SubDetail) -> bool, status: SubStatus, on: NaiveDate) {
    for sub in data.subs.iter_mut().filter(|sub| sub.is_open() && wanted(&sub.detail)) {
        sub.status = status;
        sub.closed_on = Some(on);
    }
}

/// Leaving the open states ends what is still open; remedies and corrections have a life of their own.
pub(super) fn cancel_open(data: &mut CaseData, on: NaiveDate) {
    settle(
        data,
        |detail| !matches!(detail, SubDetail::Remedy { .. } | SubDetail::Correction { .. }),
        SubStatus::Cancelled,
        on,
    );
}

pub(super) fn consult_sent(data: &mut CaseData, seq: u32, on: NaiveDate, detail: SubDetail, law: &Law<'_>) {
    let SubDetail::Consultation {
        consultation_kind,
        delivered_on,
        ..
    } = &detail
    else {
        return;
    };
    let id = format!("consultation-{seq}");
    let (kind, delivered_on) = (*consultation_kind, *delivered_on);
    data.facts.push(Fact::ConsultationSent {
        id: id.clone(),
        kind,
        on,
    });
    let due_on = delivered_on.map(|day| {
        data.facts.push(Fact::ConsultationDelivered { id, on: day });
        opinion_limit(data, day, law)
    });
    open(data, "consultation", seq, on, due_on, detail);
}

/// The last day for an opinion: the 15th working day after the party received the letter (Arts 32, 34).
pub(super) fn opinion_limit(data: &CaseData, delivered_on: NaiveDate, law: &Law<'_>) -> NaiveDate {
    law.calendar.add_working_days(delivered_on, law.pack(data).opinion_days)
}

/// The last day for a payment: the 20th working day after the notice was received (fee rules, Art 6).
pub(super) fn payment_limit(data: &CaseData, delivered_on: NaiveDate, law: &Law<'_>) -> NaiveDate {
    law.calendar
        .add_working_days(delivered_on, law.pack(data).fee_payment_days)
}

pub(super) fn notice_delivered(data: &mut CaseData, delivery: &RecordNoticeDelivery, law: &Law<'_>) {
    let day = delivery.delivered_on;
    let answer_by = match data.sub(&delivery.id).map(|sub| &sub.detail) {
        Some(SubDetail::Consultation { .. }) => opinion_limit(data, day, law),
        _ => payment_limit(data, day, law),
    };
    let mut fee_issued_on = None;
    let mut consulted = false;
    change(data, &delivery.id, |sub| match &mut sub.detail {
        SubDetail::Consultation { delivered_on, .. } => {
            *delivered_on = Some(day);
            sub.due_on = Some(answer_by);
            consulted = true;
        }
        SubDetail::FeeNotice {
            delivered_on,
            issued_on,
            ..
        } => {
            *delivered_on = Some(day);
            sub.due_on = Some(answer_by);
            fee_issued_on = Some(*issued_on);
        }
        SubDetail::AmendmentNotice { delivered_on, .. } | SubDetail::ReasonsRequest { delivered_on, .. } => {
            *delivered_on = Some(day);
        }
        _ => {}
    });
    if consulted {
        data.facts.push(Fact::ConsultationDelivered {
            id: delivery.id.clone(),
            on: day,
        });
    }
    if let Some(issued_on) = fee_issued_on {
        for fact in &mut data.facts {
            if let Fact::FeeNotified { on, delivered_on } = fact
                && *on == issued_on
            {
                *delivered_on = Some(day);
            }
        }
    }
}

pub(super) fn payment_recorded(data: &mut CaseData, payment: &RecordPayment, on: NaiveDate) {
    let mut paid_in_full_on = None;
    for sub in data.subs.iter_mut().filter(|sub| sub.is_open()) {
        if let SubDetail::FeeNotice {
            amount_yuan,
            paid_yuan,
            last_paid_on,
            ..
        } = &mut sub.detail
        {
            *paid_yuan = paid_yuan.saturating_add(payment.amount_yuan);
            *last_paid_on = (*last_paid_on).max(Some(on));
            if paid_yuan >= amount_yuan {
                paid_in_full_on = *last_paid_on;
                sub.status = SubStatus::Paid;
                sub.closed_on = *last_paid_on;
            }
        }
    }
    if let Some(on) = paid_in_full_on {
        data.facts.push(Fact::FeePaid { on });
    }
}
