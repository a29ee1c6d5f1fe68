//! From a case and its agency to the facts of an instrument. Pure: whatever stands outside the case comes in [`Source`].

mod application;
mod file;
mod notices;
mod reply;
mod source;

use super::facts::{self, Facts, put};
use super::letters::Pieces;
use super::numerals::chinese_date;
use super::remedy;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::{AddresseeKind, Order};
use crate::domain::people::agency::AgencyData;
use crate::domain::reply::RemedyClass;

pub use application::tracking_code;
pub(super) use application::{Due, due, id_document, receipt_rule};
pub use source::{Known, Source, applicants, consulted};
use source::{clause, organs};

/// The facts of an instrument, the pieces of its letter, and which remedies it tells.
#[derive(Debug, Clone)]
pub struct Gathered {
    pub facts: Facts,
    pub pieces: Pieces,
    pub remedy: RemedyClass,
}

/// Everything that is printed on an instrument beside its template.
pub fn gather(source: Source<'_>, order: &Order) -> Gathered {
    let mut facts = Facts::new();
    let addressee = addressee(source, order);
    put(&mut facts, "机关", &agency(source.agency));
    put(&mut facts, "案件", &application::case(source));
    match order.code.is_reply() {
        true => put(&mut facts, "文书", &letter(order.code)),
        false => put(&mut facts, "文书", &instrument(source, order.code)),
    }
    put(&mut facts, "收件人", &addressee);
    put(
        &mut facts,
        "条例",
        &application::regulation(&source.data().pack(source.law)),
    );
    use InstrumentCode::*;
    let mut pieces = Pieces::default();
    let mut remedy = remedy_class(order.code);
    match order.code {
        D01 | D02 => put(&mut facts, "申请", &application::application(source)),
        D03 => {
            put(&mut facts, "回执", &application::receipt(source));
        }
        D04 => put(&mut facts, "补正", &notices::amendment(source)),
        D05 => put(&mut facts, "说明", &notices::reasons(source)),
        D06 => put(&mut facts, "延期", &notices::extension(source)),
        D07 | D08 | D09 | D10 => put(&mut facts, "征求意见", &notices::consultation(source)),
        D11 => put(&mut facts, "协办", &notices::assignment(source)),
        D12 => put(&mut facts, "收费", &notices::fee(source)),
        D13 => put(&mut facts, "逾期", &notices::lapsed_amendment(source)),
        D14 => put(&mut facts, "逾期", &notices::lapsed_fee(source)),
        D40 => put(&mut facts, "延迟", &notices::delay(source)),
        D41 => put(&mut facts, "公开决定", &notices::release(source)),
        D43 => put(&mut facts, "送达", &file::delivery(source)),
        D44 => put(&mut facts, "审批", &file::approval(source)),
        D45 => put(&mut facts, "归档", &file::archive(source)),
        D46 => put(&mut facts, "更换", &reply::replacement(source)),
        D47 => put(&mut facts, "恢复", &notices::resumption(source)),
        _ => {
            let answer = reply::reply(source, order.code);
            remedy = answer.remedy;
            put(&mut facts, "答复", &answer.facts);
            pieces = answer.pieces;
        }
    }
    if matches!(order.code, D01 | D02 | D03) {
        let (barcode, qr) = application::codes(source);
        pieces.barcode = Some(barcode);
        pieces.qr = Some(qr);
    }
    if !order.code.is_reply() {
        pieces.remedy = remedy::paragraphs(organs(source, order.code), &[], &[], remedy);
    }
    Gathered { facts, pieces, remedy }
}

/// The remedies against what is no reply: against the end of a case, and against a release over an objection
/// (法释〔2025〕8号 Art 1(4)); what only moves the procedure on has none.
fn remedy_class(code: InstrumentCode) -> RemedyClass {
    match code {
        InstrumentCode::D13 | InstrumentCode::D14 | InstrumentCode::D41 => RemedyClass::R2,
        _ => RemedyClass::R0,
    }
}

fn addressee(source: Source<'_>, order: &Order) -> String {
    match (&order.addressee.name, order.addressee.kind) {
        (Some(name), _) => name.clone(),
        (None, AddresseeKind::Internal) => source.agency.name.clone(),
        (None, _) => applicants(&source.data().applicant),
    }
}

fn agency(agency: &AgencyData) -> facts::Agency {
    facts::Agency {
        name: agency.name.clone(),
        address: agency.guide.address.clone(),
        post_address: agency.post_address().to_owned(),
        pickup_address: agency.pickup_address().to_owned(),
        phone: agency.guide.phone.clone(),
        office_hours: agency.guide.office_hours.clone(),
        reconsideration_organ: agency.reconsideration_organ.clone(),
        court: agency.court.clone(),
        local_basis: agency.settings.local_basis.as_deref().map(clause),
        payment: agency.settings.payment.as_deref().map(clause),
    }
}

/// A reply is worded before its day is known: the day stands in the signature alone.
fn letter(code: InstrumentCode) -> facts::Letter {
    facts::Letter {
        name: code.label().to_owned(),
        title: code.title().to_owned(),
    }
}

fn instrument(source: Source<'_>, code: InstrumentCode) -> facts::Instrument {
    facts::Instrument {
        name: code.label().to_owned(),
        title: code.title().to_owned(),
        issued_on: chinese_date(source.on),
    }
}
