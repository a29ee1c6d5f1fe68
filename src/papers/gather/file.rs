//! What stays in the file: slips of delivery, the sheet of approval, the index of the archive (Arts 17, 45; 235号).

use super::source::{Source, applicants, consulted};
use crate::domain::case::notice::{NoticeDelivered, NoticeTarget};
use crate::domain::case::papers::Piece;
use crate::domain::case::sent::Dispatch;
use crate::domain::case::state::Instrument;
use crate::domain::case::{Case, CaseData, Event};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::AddresseeKind;
use crate::domain::reply::{self, Outcome, ReplyItem, SecrecyVerdict};
use crate::papers::facts;
use crate::papers::numerals::chinese_date;

/// 送达回证: of a reply by its dispatch, of a notice by its letter.
pub(super) fn delivery(source: Source<'_>) -> facts::Delivery {
    match source.event() {
        Some(Event::DeliveryRecorded(recorded)) => {
            let data = source.data();
            let reply = data.reply.as_ref();
            let dispatch =
                reply.and_then(|reply| reply.dispatch(recorded.dispatch_id.as_deref(), Some(recorded.result)));
            facts::Delivery {
                result: Some(recorded.result.label().to_owned()),
                on: Some(chinese_date(recorded.delivered_on)),
                witness: recorded.witness.clone(),
                signed_by: recorded.signed_by.clone(),
                relation: recorded.signed_as.map(|signed_as| signed_as.label().to_owned()),
                proof: recorded.proof.clone(),
                ..of_dispatch(data, reply.map(|reply| reply.seq), dispatch)
            }
        }
        Some(Event::NoticeDelivered(delivered)) => notice(source.case, delivered),
        _ => blank(source.case),
    }
}

/// A slip to take along (民诉法 Art 87, by analogy): of the newest letter that left, with room for who signs and when.
fn blank(case: &Case) -> facts::Delivery {
    let data = case.data();
    let outgoing = |one: &&Instrument| {
        let kind = one.issued.addressee;
        kind != AddresseeKind::Internal && one.issued.code != InstrumentCode::D03 && !one.cancelled
    };
    match data.instruments.iter().rev().find(outgoing) {
        Some(letter) if letter.issued.code.is_reply() => {
            let newest = data.reply.as_ref().and_then(|reply| reply.dispatches.last());
            of_dispatch(data, Some(letter.seq), newest)
        }
        Some(letter) => facts::Delivery {
            paper: letter.issued.code.title().to_owned(),
            number: letter.issued.number.clone(),
            recipient: match letter.issued.addressee {
                AddresseeKind::Applicant => applicants(&data.applicant),
                _ => asked(case, letter.seq).unwrap_or_default(),
            },
            sent_on: Some(chinese_date(letter.on)),
            ..facts::Delivery::default()
        },
        None => facts::Delivery {
            paper: "政府信息公开申请答复".to_owned(),
            recipient: applicants(&data.applicant),
            ..facts::Delivery::default()
        },
    }
}

/// Whom the letter of an entry asks for an opinion.
fn asked(case: &Case, seq: u32) -> Option<String> {
    let detail = &consulted(case, seq)?.detail;
    let party = detail.party.as_ref().map(|party| party.name.clone());
    party.or_else(|| detail.agency_name.clone())
}

fn of_dispatch(data: &CaseData, seq: Option<u32>, dispatch: Option<&Dispatch>) -> facts::Delivery {
    let letter = data
        .instruments
        .iter()
        .find(|one| Some(one.seq) == seq && one.issued.code.is_reply());
    facts::Delivery {
        paper: letter
            .map_or("政府信息公开申请答复", |one| one.issued.code.title())
            .to_owned(),
        number: letter.and_then(|one| one.issued.number.clone()),
        recipient: applicants(&data.applicant),
        method: dispatch.map(|dispatch| dispatch.method.label().to_owned()),
        reference: dispatch.and_then(|dispatch| dispatch.reference.clone()),
        sent_on: dispatch.map(|dispatch| chinese_date(dispatch.sent_on)),
        ..facts::Delivery::default()
    }
}

fn notice(case: &Case, delivered: &NoticeDelivered) -> facts::Delivery {
    let data = case.data();
    let id = delivered.id.to_string();
    let seq = id.rsplit_once('-').and_then(|(_, seq)| seq.parse::<u32>().ok());
    let letter = data.instruments.iter().find(|one| Some(one.seq) == seq);
    let asked = seq
        .filter(|_| delivered.target == NoticeTarget::Consultation)
        .and_then(|seq| asked(case, seq));
    facts::Delivery {
        paper: letter
            .map_or(delivered.target.label(), |one| one.issued.code.title())
            .to_owned(),
        number: letter.and_then(|one| one.issued.number.clone()),
        recipient: asked.unwrap_or_else(|| applicants(&data.applicant)),
        method: delivered.method.clone(),
        sent_on: letter.map(|one| chinese_date(one.on)),
        result: Some(delivered.result.label().to_owned()),
        on: Some(chinese_date(delivered.delivered_on)),
        witness: delivered.witness.clone(),
        signed_by: delivered.signed_by.clone(),
        relation: delivered.signed_as.map(|signed_as| signed_as.label().to_owned()),
        proof: delivered.proof.clone(),
        ..facts::Delivery::default()
    }
}

/// 审查呈批单 (Art 17): who drafted, who reviewed, what was decided of each item.
pub(super) fn approval(source: Source<'_>) -> facts::Approval {
    let data = source.data();
    let Some(draft) = &data.draft else {
        return facts::Approval::default();
    };
    let outcome = reply::case_outcome(data.kind(), &draft.items, draft.principal).ok();
    let numbered = draft.items.iter().zip(&draft.verdicts).zip(1..);
    let secrecy = source.case.log().iter().filter_map(|logged| match &logged.event {
        Event::SecrecyReviewed(_) => Some(facts::Review {
            stage: "保密审查".to_owned(),
            by: source.name(logged.author.user_id),
            on: chinese_date(logged.occurred_on),
            opinion: "逐项审查，结论见上".to_owned(),
            note: None,
        }),
        _ => None,
    });
    let reviews = data.reviews.iter().map(|review| facts::Review {
        stage: review.stage.label().to_owned(),
        by: source.name(review.by),
        on: chinese_date(review.on),
        opinion: review.opinion.label().to_owned(),
        note: review.note.clone(),
    });
    facts::Approval {
        drafted_by: source.name(draft.drafted_by),
        drafted_on: chinese_date(draft.drafted_on),
        outcome: outcome
            .map(|(outcome, _)| outcome.label().to_owned())
            .unwrap_or_default(),
        items: numbered
            .map(|((item, verdict), place)| approval_item(item, *verdict, place))
            .collect(),
        reviews: secrecy.chain(reviews).collect(),
    }
}

fn approval_item(item: &ReplyItem, verdict: Option<SecrecyVerdict>, place: u32) -> facts::ApprovalItem {
    let articles = || item.outcome.articles().join("、");
    facts::ApprovalItem {
        place,
        description: item.description.clone(),
        outcome: item.outcome.label().to_owned(),
        basis: item.article.clone().unwrap_or_else(articles),
        secrecy: verdict.map(|verdict| verdict.label().to_owned()),
    }
}

/// 归档目录: the papers of the case in the order in which they came, each instrument with the entry that left it.
pub(super) fn archive(source: Source<'_>) -> facts::Archive {
    let data = source.data();
    let outcome = data.ending().map(|ending| ending.outcome.label().to_owned());
    facts::Archive {
        retention: data
            .retention
            .as_ref()
            .map(|class| class.label.clone())
            .unwrap_or_default(),
        on: chinese_date(source.on),
        outcome: outcome.or_else(|| {
            data.reply
                .as_ref()
                .map(|reply| Outcome::label(reply.outcome).to_owned())
        }),
        pieces: pieces(source),
    }
}

fn pieces(source: Source<'_>) -> Vec<facts::FiledPiece> {
    let filed = source.case.pieces().into_iter().zip(1..);
    filed
        .map(|(piece, place)| match piece {
            Piece::Paper(paper) => facts::FiledPiece {
                place,
                name: paper.document.name.clone(),
                on: chinese_date(paper.added_on),
                ..facts::FiledPiece::default()
            },
            Piece::Instrument(logged, issued) => facts::FiledPiece {
                place,
                name: issued.code.label().to_owned(),
                number: issued.number.clone(),
                author: Some(source.agency.name.clone()),
                on: chinese_date(logged.occurred_on),
                pages: source.known.pages.get(&issued.id).copied(),
            },
        })
        .collect()
}
