//! The letters of the procedure before the reply (Arts 30–35; 国办函〔2020〕109号).

use chrono::NaiveDate;

use super::source::{Source, clause, earlier};
use crate::domain::case::sub::{AmendmentNotice, Consultation, FeeNotice, Sub};
use crate::domain::case::{CaseData, Event};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::law::deadline::{ConsultationKind, Fact, as_known_on, evaluate};
use crate::domain::law::fee::{FeeScheme, fee_lines};
use crate::papers::facts;
use crate::papers::numerals::{chinese_date, yuan_in_words};

pub(super) fn amendment(source: Source<'_>) -> facts::Amendment {
    let data = source.data();
    let Some(notice) = data.subs.amendments.last() else {
        return facts::Amendment::default();
    };
    let given = source
        .law
        .calendar
        .working_days_between(notice.opened_on, notice.detail.respond_by);
    facts::Amendment {
        defects: notice.detail.defects.iter().map(|defect| clause(defect)).collect(),
        respond_by: notice.detail.letter.stated_on.map(chinese_date),
        working_days: u32::try_from(given).unwrap_or_default(),
    }
}

pub(super) fn reasons(source: Source<'_>) -> facts::Reasons {
    let request = source.data().subs.reasons.last();
    facts::Reasons {
        respond_by: request.and_then(|sub| sub.detail.letter.stated_on).map(chinese_date),
        in_month: source.known.in_month,
    }
}

/// Art 33(2): the day before the extension is that without it.
pub(super) fn extension(source: Source<'_>) -> facts::Extension {
    let data = source.data();
    let extension = data.subs.extensions.last();
    let day = |day: Option<NaiveDate>| day.map(chinese_date).unwrap_or_default();
    facts::Extension {
        old_due_on: day(without_extension(source)),
        new_due_on: day(data.due_on(source.law, source.on)),
        working_days: extension.map_or(0, |sub| sub.detail.working_days),
        reason: extension.map(|sub| clause(&sub.detail.reason)).unwrap_or_default(),
        approved_on: chinese_date(source.on),
    }
}

fn without_extension(source: Source<'_>) -> Option<NaiveDate> {
    let data = source.data();
    let mut known = as_known_on(&data.facts, source.on);
    let newest = known.iter().rposition(|fact| matches!(fact, Fact::Extended { .. }))?;
    known.remove(newest);
    let pack = data.pack(source.law);
    let report = evaluate(&pack, source.law.calendar, data.received_on?, &known, source.on).ok()?;
    report.due_on.or(report.projected_due_on)
}

/// The consultation that the entry is about, or the newest.
fn consulted(source: Source<'_>) -> Option<&Sub<Consultation>> {
    let consultations = &source.case.data().subs.consultations;
    let id = match &source.case.log().last()?.event {
        Event::OpinionRecorded(opinion) => Some(opinion.consultation_id),
        Event::ThirdPartyNotified(told) => Some(told.consultation_id),
        _ => None,
    };
    match id {
        Some(id) => source.case.data().subs.get(id),
        None => consultations.last(),
    }
}

fn addressee(consultation: &Consultation) -> String {
    let party = consultation.party.as_ref().map(|party| party.name.clone());
    party.or_else(|| consultation.agency_name.clone()).unwrap_or_default()
}

pub(super) fn consultation(source: Source<'_>) -> facts::Consultation {
    let Some(sub) = consulted(source) else {
        return facts::Consultation::default();
    };
    let detail = &sub.detail;
    let opinion = match source.event() {
        Some(Event::OpinionRecorded(recorded)) => recorded.reason.as_deref().map(clause),
        _ => None,
    };
    facts::Consultation {
        addressee: addressee(detail),
        concerning: clause(&detail.concerning),
        working_days: source.data().pack(source.law).opinion_days,
        due_on: sub.due_on.map(chinese_date),
        joint: detail.joint,
        third_party: detail.consultation_kind == ConsultationKind::ThirdParty,
        started_on: chinese_date(detail.sent_on),
        opinion: detail.opinion.map(|opinion| opinion.label().to_owned()),
        opinion_reason: opinion,
        opinion_on: detail.opinion_on.map(chinese_date),
    }
}

pub(super) fn assignment(source: Source<'_>) -> facts::Assignment {
    let assignment = source.data().subs.assignments.last();
    facts::Assignment {
        unit: source.known.unit.clone().unwrap_or_default(),
        due_on: assignment
            .and_then(|sub| sub.due_on)
            .map(chinese_date)
            .unwrap_or_default(),
        note: assignment.and_then(|sub| sub.detail.note.as_deref()).map(clause),
    }
}

/// 国办函〔2020〕109号 Arts 4–6, line by line.
pub(super) fn fee(source: Source<'_>) -> facts::Fee {
    let Some(sub) = source.case.data().subs.fees.last() else {
        return facts::Fee::default();
    };
    let FeeNotice {
        scheme,
        count,
        amount_yuan,
        ..
    } = sub.detail;
    let by_page = scheme == FeeScheme::PerPage;
    let ordinal = match source.event() {
        Some(Event::FeeNoticeIssued(notice)) => notice.ordinal,
        _ => 1,
    };
    let first = if by_page { 1 } else { ordinal };
    let lines = fee_lines(scheme, count, first).map(|fee| fee.lines).unwrap_or_default();
    let line = |line: &crate::domain::law::fee::FeeLine| facts::FeeLine {
        from: line.from,
        to: line.to,
        count: line.to.saturating_sub(line.from).saturating_add(1),
        rate: line.rate,
        amount: line.amount.to_string(),
    };
    facts::Fee {
        by_page,
        unit: if by_page { "页" } else { "件" }.to_owned(),
        count,
        ordinal,
        lines: lines.iter().map(line).collect(),
        amount: amount_yuan,
        amount_in_words: yuan_in_words(amount_yuan),
        working_days: source.data().pack(source.law).fee_payment_days,
        pay_by: sub.due_on.map(chinese_date),
    }
}

pub(super) fn lapsed_amendment(source: Source<'_>) -> facts::Lapse {
    let data = source.data();
    let sub = data.subs.amendments.last();
    let letter = sub.map(|sub: &Sub<AmendmentNotice>| &sub.detail.letter);
    lapse(
        data,
        InstrumentCode::D04,
        sub.and_then(|sub| sub.due_on),
        letter.and_then(|letter| letter.delivered_on),
        None,
    )
}

pub(super) fn lapsed_fee(source: Source<'_>) -> facts::Lapse {
    let data = source.data();
    let sub = data.subs.fees.last();
    let delivered_on = sub.and_then(|sub| sub.detail.letter.delivered_on);
    let amount = sub.map(|sub| sub.detail.amount_yuan);
    lapse(
        data,
        InstrumentCode::D12,
        sub.and_then(|sub| sub.due_on),
        delivered_on,
        amount,
    )
}

fn lapse(
    data: &CaseData,
    notice: InstrumentCode,
    due_on: Option<NaiveDate>,
    delivered_on: Option<NaiveDate>,
    amount: Option<u32>,
) -> facts::Lapse {
    facts::Lapse {
        notice: earlier(data, notice),
        due_on: due_on.map(chinese_date).unwrap_or_default(),
        delivered_on: delivered_on.map(chinese_date),
        amount,
    }
}

pub(super) fn delay(source: Source<'_>) -> facts::Delay {
    match source.event() {
        Some(Event::DelaySet(delay)) => facts::Delay {
            until: chinese_date(delay.until),
            reason: clause(&delay.reason),
        },
        _ => facts::Delay::default(),
    }
}

pub(super) fn release(source: Source<'_>) -> facts::Release {
    let Some(sub) = consulted(source) else {
        return facts::Release::default();
    };
    let reason = match source.event() {
        Some(Event::ThirdPartyNotified(told)) => clause(&told.reason),
        _ => String::new(),
    };
    facts::Release {
        party: addressee(&sub.detail),
        concerning: clause(&sub.detail.concerning),
        reason,
        opinion_on: sub.detail.opinion_on.map(chinese_date),
    }
}

/// A case that was ended goes on: for a good reason accepted later (Art 30), or because the ending was none.
pub(super) fn resumption(source: Source<'_>) -> facts::Resumption {
    let data = source.data();
    match source.event() {
        Some(Event::Reopened(reopened)) => facts::Resumption {
            ending: "逾期未补正，不再处理".to_owned(),
            notice: earlier(data, InstrumentCode::D13),
            reason: clause(&reopened.reason),
            reopened: true,
        },
        Some(Event::EndingRevoked(revoked)) => {
            let ended = source.case.log().iter().find(|logged| logged.seq == revoked.seq);
            let notice = ended.and_then(|logged| {
                let issued = logged.instruments.first()?;
                Some(facts::Earlier {
                    name: issued.code.title().to_owned(),
                    number: issued.number.clone(),
                    issued_on: chinese_date(logged.occurred_on),
                })
            });
            facts::Resumption {
                ending: revoked.kind.map_or("", |kind| kind.label()).to_owned(),
                notice,
                reason: clause(&revoked.reason),
                reopened: false,
            }
        }
        _ => facts::Resumption::default(),
    }
}
