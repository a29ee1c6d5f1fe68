//! 征求意见 (Arts 32, 34): a third party whose secrets or privacy are touched, or an agency that made the information
//! together with this one, is asked; the days until it answers do not count (Art 33(3)).

use super::check::{Check, FurtherDates};
use super::guard::{Look, guards};
use super::letter::Letter;
use super::notice;
use super::state::{CaseData, Draft};
use super::step::{
    Deciding, Entry, Id, Since, Step, Told, dated_by, fields, itself, leaves, missing, since_opening, since_receipt,
    since_state, with_papers,
};
use super::sub::{Consultation, Opinion, Sub, SubId, SubStatus};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::Order;
use crate::domain::law::deadline::{ConsultationKind, Fact};
use crate::domain::law::refusal::{Refusal, Rejection, reasons};
use crate::domain::people::party::Party;
use crate::domain::reply::{Outcome, ReplyItem};
use crate::domain::words::codes::codes;
use chrono::NaiveDate;
use serde_json::{Value, json};

codes! {
    pub enum ConsultationEnd {
        Undeliverable "undeliverable" "无法送达",
        Withdrawn "withdrawn" "撤回",
        NotNeeded "not_needed" "不再需要",
    }
}

fields! {
    ConsultThirdParty {
        party: Party, concerning: String, sent_on: NaiveDate, delivered_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    ConsultAgency {
        agency_name: String, concerning: String, joint: bool, sent_on: NaiveDate, delivered_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    RecordOpinion {
        #[schema(value_type = String)] consultation_id: SubId<Consultation>, received_on: NaiveDate, opinion: Opinion,
        reason: Option<String>, #[serde(default)] document_ids: Vec<String>,
        /// The day written on the opinion; the clock counts by the day on which it was received.
        #[serde(default, skip_serializing_if = "Option::is_none")] dated_on: Option<NaiveDate>,
    }
    EndConsultation {
        #[schema(value_type = String)] consultation_id: SubId<Consultation>, ended_on: NaiveDate, reason: ConsultationEnd,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    NotifyThirdParty {
        #[schema(value_type = String)] consultation_id: SubId<Consultation>, reason: String, sent_on: NaiveDate,
        delivered_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    OPINION_OUTSTANDING "opinion_outstanding", "no_open_consultation", "《条例》第三十二条",
        "本案没有待反馈的征求意见。",
        "No consultation of this case is open.",
        |look| look.data.subs.any_open::<Consultation>();

    OBJECTION_UNANSWERED "objection_unanswered", "no_objection", "《条例》第三十二条",
        "没有第三方不同意公开，或者已经告知过，不需要再告知。",
        "No third party objected, or it has been told already.",
        |look| {
            look.data
                .subs
                .consultations
                .iter()
                .any(|sub| sub.detail.is_unanswered_objection())
        };

    /// Before something is released over an objection with reasons, the third party is told what and why (Art 32).
    OBJECTORS_TOLD "objectors_told", "objector_not_told", "《条例》第三十二条",
        "拟公开的内容第三方有合理理由不同意公开。因公共利益决定公开的，应当先将决定公开的内容和理由书面告知第三方（notify_third_party）；不公开其内容的，请退回修改，在相应事项上填写 consultation_id。",
        "A third party objected with reasons; tell it in writing what is released and why first (notify_third_party). If nothing of it is released, have the draft returned and name its consultation in the item that withholds it.",
        |look: &Look<'_>| {
            let untold =
                |sub: &&Sub<Consultation>| sub.detail.opinion == Some(Opinion::Object) && sub.detail.told_on.is_none();
            look.data.draft.as_ref().is_none_or(|draft| {
                let mut untold = look.data.subs.consultations.iter().filter(untold);
                !untold.any(|sub| releases_over(&draft.items, sub))
            })
        };
}

reasons! {
    NO_OBJECTION "no_objection", "《条例》第三十二条",
        "这一第三方没有表示不同意，或者已经告知过，不需要再告知。",
        "This party did not object, or has been told already.";

    ALREADY_ENDED "already_ended", "《条例》第三十二条",
        "这项征求意见已经反馈或者结束，不能再次登记。登记有误的，请提请更正（correct_fact）。",
        "This consultation is answered or ended already; propose a correction if the record is wrong.";
}

/// The letter to whoever is asked, and that to the applicant with the first one that is out.
fn asks(data: &CaseData, letter: Order) -> Vec<Order> {
    let open = data.subs.consultations.iter().filter(|sub| sub.is_open()).count();
    let told = (open <= 1).then(|| Order::to_applicant(InstrumentCode::D09));
    std::iter::once(letter).chain(told).collect()
}

const CONSULTATION_ID: &[Id] = &[("/consultation_id", "consultation-0")];

impl Consultation {
    /// A letter to nobody in particular yet, unanswered.
    fn sent(kind: ConsultationKind, concerning: &str, on: NaiveDate, delivered_on: Option<NaiveDate>) -> Self {
        Self {
            consultation_kind: kind,
            joint: false,
            agency_name: None,
            party: None,
            concerning: concerning.to_owned(),
            sent_on: on,
            letter: Letter::sent(on, None, delivered_on),
            opinion: None,
            opinion_on: None,
            told_on: None,
        }
    }

    /// The party objects and was not told of a release.
    fn is_unanswered_objection(&self) -> bool {
        let objects = matches!(self.opinion, Some(Opinion::Object | Opinion::ObjectWithoutReason));
        objects && self.told_on.is_none()
    }
}

/// Whether the items release something over the objection made in a consultation: the items that name it decide; where
/// none does, nothing shows that what is granted is not what the third party objects to.
fn releases_over(items: &[ReplyItem], consultation: &Sub<Consultation>) -> bool {
    let id = consultation.id().to_string();
    let granted = |item: &ReplyItem| item.outcome == Outcome::Granted;
    let names_it = |item: &ReplyItem| item.consultation_id.as_deref() == Some(id.as_str());
    let named = items.iter().any(names_it);
    items.iter().any(|item| granted(item) && (names_it(item) || !named))
}

/// The last day on which a third party was told of the release of something that the draft grants.
pub fn objectors_told_on(data: &CaseData, draft: &Draft) -> Option<NaiveDate> {
    let consultations = data.subs.consultations.iter();
    let released = consultations.filter(|sub| releases_over(&draft.items, sub));
    released.filter_map(|sub| sub.detail.told_on).max()
}

fn still_open(deciding: &Deciding<'_>, id: SubId<Consultation>) -> Result<(), Refusal> {
    match deciding.data.subs.get(id) {
        Some(sub) if sub.is_open() => Ok(()),
        _ => Err((&ALREADY_ENDED).into()),
    }
}

fn since_letter(data: &CaseData, id: SubId<Consultation>) -> Since {
    since_opening(data, data.subs.get(id), "征求意见书发出日期", "sending of the letter")
}

/// A letter goes out: the clock is suspended until the answer.
fn begin(data: &mut CaseData, entry: &Entry<'_>, consultation: Consultation) {
    let id = SubId::<Consultation>::new(entry.seq).to_string();
    data.tell(Fact::ConsultationSent {
        id: id.clone(),
        kind: consultation.consultation_kind,
        on: entry.on,
    });
    if let Some(on) = consultation.letter.delivered_on {
        data.tell(Fact::ConsultationDelivered { id, on });
    }
    notice::begin(data, entry, consultation);
}

impl Step for ConsultThirdParty {
    itself!();
    with_papers!();
    dated_by!(sent_on);
    const MOVES_CLOCK: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.errors.extend(self.party.check("/party"));
        check.note("/concerning", &self.concerning);
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::delivered(self.delivered_on)
    }

    /// A letter may have left before a review that was entered earlier.
    fn since(&self, data: &CaseData) -> Since {
        since_receipt(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "party": {"name": "澄溪某建材有限公司", "address": "澄溪县工业路8号"},
            "concerning": "贵公司报送的评估报告", "sent_on": day,
        })
    }
}

impl Told for ConsultThirdParty {
    const PRIVATE: &'static [&'static str] = &["party", "concerning"];
    const CORRECTABLE: &'static [&'static str] = &["party", "sent_on", "delivered_on"];

    /// The letter to whoever is asked; the applicant is told once that the days do not count (Art 33(3)).
    fn instruments(&self, data: &CaseData) -> Vec<Order> {
        asks(data, Order::to_third_party(InstrumentCode::D07, &self.party.name))
    }

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let letter = Consultation::sent(
            ConsultationKind::ThirdParty,
            &self.concerning,
            entry.on,
            self.delivered_on,
        );
        let party = Some(self.party.clone());
        begin(data, entry, Consultation { party, ..letter });
    }
}

impl Step for ConsultAgency {
    itself!();
    with_papers!();
    dated_by!(sent_on);
    const MOVES_CLOCK: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.line("/agency_name", &self.agency_name);
        check.note("/concerning", &self.concerning);
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::delivered(self.delivered_on)
    }

    /// A letter may have left before a review that was entered earlier.
    fn since(&self, data: &CaseData) -> Since {
        since_receipt(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "agency_name": "澄溪县自然资源局", "concerning": "共同制作的补偿方案", "joint": true, "sent_on": day,
        })
    }
}

impl Told for ConsultAgency {
    const PRIVATE: &'static [&'static str] = &["concerning"];
    const CORRECTABLE: &'static [&'static str] = &["agency_name", "sent_on", "delivered_on"];

    /// The letter to whoever is asked; the applicant is told once that the days do not count (Art 33(3)).
    fn instruments(&self, data: &CaseData) -> Vec<Order> {
        asks(data, Order::to_agency(InstrumentCode::D10, &self.agency_name))
    }

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let letter = Consultation::sent(ConsultationKind::Agency, &self.concerning, entry.on, self.delivered_on);
        let (joint, agency_name) = (self.joint, Some(self.agency_name.clone()));
        begin(
            data,
            entry,
            Consultation {
                joint,
                agency_name,
                ..letter
            },
        );
    }
}

impl Step for RecordOpinion {
    type Made = Self;
    dated_by!(received_on);
    const FROM_OUTSIDE: bool = true;
    const IDS: &'static [Id] = CONSULTATION_ID;

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/reason", self.reason.as_ref());
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::past("dated_on", self.dated_on)
    }

    fn document_ids(&self) -> &[String] {
        &self.document_ids
    }

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/consultation_id", self.consultation_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_letter(data, self.consultation_id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        still_open(deciding, self.consultation_id)?;
        Ok(self)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"consultation_id": "consultation-7", "received_on": day, "opinion": "object", "reason": "涉及商业秘密"})
    }
}

impl Told for RecordOpinion {
    const PRIVATE: &'static [&'static str] = &["reason"];
    const CORRECTABLE: &'static [&'static str] = &["received_on", "opinion", "reason", "dated_on"];

    leaves!(internal D08);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.tell(Fact::OpinionReceived {
            id: self.consultation_id.to_string(),
            on: entry.on,
        });
        data.subs.change(self.consultation_id, |sub| {
            sub.close(SubStatus::Answered, entry.on);
            sub.detail.opinion = Some(self.opinion);
            sub.detail.opinion_on = Some(entry.on);
        });
    }
}

impl Step for EndConsultation {
    type Made = Self;
    with_papers!();
    dated_by!(ended_on);
    const IDS: &'static [Id] = CONSULTATION_ID;

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/consultation_id", self.consultation_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_letter(data, self.consultation_id)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        still_open(deciding, self.consultation_id)?;
        Ok(self)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"consultation_id": "consultation-7", "ended_on": day, "reason": "undeliverable"})
    }
}

impl Told for EndConsultation {
    const CORRECTABLE: &'static [&'static str] = &["ended_on", "reason"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.tell(Fact::ConsultationEnded {
            id: self.consultation_id.to_string(),
            on: entry.on,
        });
        data.subs
            .change(self.consultation_id, |sub| sub.close(SubStatus::Ended, entry.on));
    }
}

impl Step for NotifyThirdParty {
    type Made = Self;
    with_papers!();
    dated_by!(sent_on);
    const IDS: &'static [Id] = CONSULTATION_ID;

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::delivered(self.delivered_on)
    }

    fn missing_sub(&self, data: &CaseData) -> Option<&'static str> {
        missing(data, "/consultation_id", self.consultation_id)
    }

    fn since(&self, data: &CaseData) -> Since {
        let consultation = data.subs.get(self.consultation_id);
        let answered_on = consultation.and_then(|sub| sub.closed_on);
        answered_on.map_or(since_state(data), |day| (day, "反馈意见日期", "opinion"))
    }

    /// Before something is released over an objection, the third party is told what and why (Art 32).
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let consultation = deciding.data.subs.get(self.consultation_id);
        match consultation.is_some_and(|sub| sub.detail.is_unanswered_objection()) {
            true => Ok(self),
            false => Err((&NO_OBJECTION).into()),
        }
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"consultation_id": "consultation-7", "reason": "不公开可能对公共利益造成重大影响", "sent_on": day})
    }
}

impl Told for NotifyThirdParty {
    const PRIVATE: &'static [&'static str] = &["reason"];
    const CORRECTABLE: &'static [&'static str] = &["sent_on", "delivered_on"];

    fn instruments(&self, data: &CaseData) -> Vec<Order> {
        let consultation = data.subs.get(self.consultation_id);
        let party = consultation.and_then(|sub| sub.detail.party.as_ref());
        let name = party.map_or("", |party| party.name.as_str());
        vec![Order::to_third_party(InstrumentCode::D41, name)]
    }

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.subs
            .change(self.consultation_id, |sub| sub.detail.told_on = Some(entry.on));
    }
}
