//! The reply (Arts 36–41): its items by what became of them, what goes with it, and the remedies against it.

use std::collections::BTreeMap;

use super::source::{Source, clause, organs};
use crate::domain::case::sub::{Assignment, Consultation, SubId, SubStatus};
use crate::domain::case::{CaseData, Event};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::reply::{Outcome, RemedyClass, ReplyItem};
use crate::papers::letters::Pieces;
use crate::papers::numerals::chinese_date;
use crate::papers::{facts, remedy};

/// The article by which a refusal is told.
const REFUSAL_TOLD: &str = "第三十六条第（三）项";

pub(super) struct Answer {
    pub facts: facts::Reply,
    pub pieces: Pieces,
    pub remedy: RemedyClass,
}

/// The items of the reply in force, of its draft, or of what is told on the spot.
fn items(data: &CaseData) -> &[ReplyItem] {
    match (&data.reply, &data.draft) {
        (Some(reply), _) => &reply.items,
        (None, Some(draft)) => &draft.items,
        (None, None) => &[],
    }
}

/// The part of a letter that tells an item.
fn part_of(item: &ReplyItem) -> InstrumentCode {
    item.document_kind().unwrap_or(InstrumentCode::D48)
}

pub(super) fn reply(source: Source<'_>, code: InstrumentCode) -> Answer {
    let data = source.data();
    let of_all = source
        .all()
        .flat_map(|of| items(of.data()).iter().map(move |item| (of, item)));
    let (of, items): (Vec<Source<'_>>, Vec<&ReplyItem>) = of_all.unzip();
    let told: Vec<facts::Item> = of
        .iter()
        .zip(&items)
        .zip(1..)
        .map(|((of, item), place)| self::item(*of, item, place))
        .collect();
    let mut parts: Vec<(InstrumentCode, Vec<facts::Item>)> = Vec::new();
    for (item, told) in items.iter().zip(&told) {
        let code = part_of(item);
        match parts.iter_mut().find(|(known, _)| *known == code) {
            Some((_, items)) => items.push(told.clone()),
            None => parts.push((code, vec![told.clone()])),
        }
    }
    let (withheld, rest) = by_class(source, &items);
    let class = match withheld.is_empty() {
        true => RemedyClass::R2,
        false => RemedyClass::R1,
    };
    let organs = organs(source, code);
    let facts = facts::Reply {
        all: u32::try_from(items.len()).unwrap_or_default(),
        several: parts.len() > 1,
        items: told,
        replaces: replaced(data),
        ordered: data
            .subs
            .remedies
            .iter()
            .any(|sub| sub.detail.reply_again && sub.status == SubStatus::Decided),
        numbers: together(source),
        amended: amended_on(data),
    };
    let pieces = Pieces {
        attachments: of
            .iter()
            .zip(&items)
            .flat_map(|(of, item)| attachments(of.data(), item))
            .collect(),
        remedy: remedy::paragraphs(organs, &withheld, &rest, class),
        answer: parts,
        ..Pieces::default()
    };
    Answer {
        facts,
        pieces,
        remedy: class,
    }
}

/// The numbers of all applications that the paper answers; none where it answers one.
fn together(source: Source<'_>) -> Vec<String> {
    match source.known.together.is_empty() {
        true => Vec::new(),
        false => source.all().map(|of| of.number().to_owned()).collect(),
    }
}

/// The numbers of the items that go to reconsideration first, and of the others, by the day of the reply.
fn by_class(source: Source<'_>, items: &[&ReplyItem]) -> (Vec<u32>, Vec<u32>) {
    let numbered = items.iter().copied().zip(1..);
    let (withheld, rest): (Vec<_>, Vec<_>) =
        numbered.partition(|(item, _)| item.remedy_class(source.on) == RemedyClass::R1);
    let numbers = |items: Vec<(&ReplyItem, u32)>| items.into_iter().map(|(_, number)| number).collect();
    (numbers(withheld), numbers(rest))
}

fn item(source: Source<'_>, item: &ReplyItem, place: u32) -> facts::Item {
    let data = source.data();
    let consultation: Option<SubId<Consultation>> = item.consultation_id.as_deref().and_then(|id| id.parse().ok());
    let consultation = consultation.and_then(|id| data.subs.get(id)).map(|sub| &sub.detail);
    let granted = item.outcome == Outcome::Granted;
    let excessive = item.outcome == Outcome::ExcessiveUnjustified;
    let asked = data.subs.reasons.last().filter(|_| excessive);
    facts::Item {
        place,
        number: (!source.known.together.is_empty()).then(|| source.number().to_owned()),
        amended_on: amended_on(data),
        description: clause(&item.description),
        article: item.article.as_deref().map(ground_article),
        other: item.outcome == Outcome::Other && item.cause.is_none(),
        law: item.law.clone(),
        ground: item.ground.clone(),
        reason: item.explanation.as_deref().map(clause),
        wherever: item.place.as_deref().map(clause),
        documents: documents(data, item),
        pages: item.pages,
        redactions: item.redactions.as_deref().map(clause),
        form: data.form.filter(|_| granted).map(|form| form.label().to_owned()),
        route: data.route.filter(|_| granted).map(|route| route.label().to_owned()),
        search: search(source, item),
        party_asked_on: consultation.map(|detail| chinese_date(detail.sent_on)),
        party_opinion: consultation
            .and_then(|detail| detail.opinion)
            .map(|opinion| opinion.label().to_owned()),
        reasons_asked_on: asked.map(|sub| chinese_date(sub.opened_on)),
        reasons_given_on: asked
            .filter(|sub| sub.status == SubStatus::Answered)
            .and_then(|sub| sub.closed_on)
            .map(chinese_date),
        earlier_number: item.earlier_number.clone(),
        earlier_on: item
            .earlier_number
            .as_ref()
            .and_then(|number| source.known.earlier.get(number))
            .map(|day| chinese_date(*day)),
        competent_agency: item.competent_agency.as_ref().map(|agency| agency.name.clone()),
        competent_contact: item.competent_agency.as_ref().and_then(|agency| agency.contact.clone()),
    }
}

/// The article of the ground: the letters of refusal name by themselves that a refusal is told (Art 36(3)).
fn ground_article(article: &str) -> String {
    let named: Vec<&str> = article.split(['、', '，', '；']).map(str::trim).collect();
    let grounds: Vec<&str> = named.iter().copied().filter(|one| *one != REFUSAL_TOLD).collect();
    match grounds.is_empty() {
        true => article.to_owned(),
        false => grounds.join("、"),
    }
}

/// The files of an item that go out with the letter: those of what is withheld stay.
fn documents(data: &CaseData, item: &ReplyItem) -> Vec<facts::Attached> {
    if item.outcome != Outcome::Granted {
        return Vec::new();
    }
    let names: BTreeMap<&str, &str> = data
        .documents
        .iter()
        .map(|one| (one.id.as_str(), one.name.as_str()))
        .collect();
    let named = item.document_ids.iter().filter_map(|id| names.get(id.as_str()));
    named
        .map(|name| facts::Attached {
            name: without_ending(name).to_owned(),
        })
        .collect()
}

/// What a file is called on paper.
fn without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 4 => stem,
        _ => name,
    }
}

/// 附件说明: the files of a granted item, with pages where it gives one file.
fn attachments(data: &CaseData, item: &ReplyItem) -> Vec<String> {
    let names = documents(data, item);
    let pages = item.pages.filter(|_| names.len() == 1);
    let pages = pages.map(|pages| format!("（{pages}页）")).unwrap_or_default();
    let named = names.into_iter().map(|document| format!("{}{pages}", document.name));
    named.collect()
}

/// The record of the search that an item rests on (Art 36(4)).
fn search(source: Source<'_>, item: &ReplyItem) -> Option<facts::Search> {
    let id: SubId<Assignment> = item.assignment_id.as_deref()?.parse().ok()?;
    let sub = source.case.data().subs.get(id)?;
    let search = &sub.detail.answer.as_ref()?.search;
    Some(facts::Search {
        scope: search.scope.clone(),
        systems: search.systems.join("、"),
        keywords: search.keywords.join("、"),
        by: search.searched_by.clone(),
        on: chinese_date(search.searched_on),
        unit: source.known.unit.clone(),
    })
}

fn amended_on(data: &CaseData) -> Option<String> {
    let answered = data
        .subs
        .amendments
        .iter()
        .rev()
        .find(|sub| sub.status == SubStatus::Answered);
    answered.and_then(|sub| sub.closed_on).map(chinese_date)
}

/// The letter that a reply which replaces another takes the place of.
fn replaced(data: &CaseData) -> Option<facts::Earlier> {
    let replaces = data.reply.as_ref().map_or(data.replacing, |reply| reply.replaces);
    let past = data.past_replies.last().filter(|_| replaces)?;
    letter_of(data, past.seq)
}

/// The letter that an entry left.
fn letter_of(data: &CaseData, seq: u32) -> Option<facts::Earlier> {
    let left = data
        .instruments
        .iter()
        .find(|one| one.seq == seq && one.issued.code.is_reply())?;
    Some(facts::Earlier {
        name: left.issued.code.title().to_owned(),
        number: left.issued.number.clone(),
        issued_on: chinese_date(left.on),
    })
}

pub(super) fn replacement(source: Source<'_>) -> facts::Replacement {
    let data = source.data();
    let reason = match source.event() {
        Some(Event::ReplyReplaced(replaced)) => clause(&replaced.reason),
        _ => String::new(),
    };
    facts::Replacement {
        reply: data.past_replies.last().and_then(|past| letter_of(data, past.seq)),
        reason,
    }
}
