//! 邮寄清单: what an agency posts on a day, for the list that the post office stamps and for the labels. The stamp of the post
//! office is the proof of the day of posting, which is the day of the reply (国办公开办函〔2016〕235号, point 4).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::desk::Desk;
use super::opening::open;
use crate::domain::case::notice::NoticeId;
use crate::domain::case::sent::{Dispatch, ReplyMethod};
use crate::domain::case::state::Instrument;
use crate::domain::case::{Case, CaseData, Event};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::AddresseeKind;
use crate::domain::people::access::{Actor, Role};

use crate::domain::words::ids::{AgencyId, CaseId};
use crate::domain::words::text::Bilingual;
use crate::error::Error;
use crate::papers::gather::{applicants, consulted};
use crate::papers::postings::Posting;
use crate::store::Db;
use crate::store::agencies::{Agency, agency_fetch};
use crate::store::cases::case_row;
use crate::store::postings::{instruments_out_on, sent_in_corrected, sent_on};

/// What people call the post when they say how a notice was sent.
const POST: [&str; 6] = ["邮寄", "邮政", "EMS", "特快专递", "挂号", "信函"];

/// The agency whose post a person prepares; the own one when none is named.
///
/// # Errors
/// `NotFound` for an agency in which the person has no role; `Forbidden` for who is neither clerk nor officer there: the list
/// shows addresses in clear.
pub fn agency_of_mail_room(db: &mut Db, actor: &Actor, id: Option<AgencyId>) -> Result<Agency, Error> {
    let id = id.or(actor.agency_id).ok_or_else(forbidden)?;
    let agency = agency_fetch(db, id)?;
    let roles = actor.roles_in(agency.id, &agency.path);
    match roles.contains(&Role::Clerk) || roles.contains(&Role::Officer) {
        true => Ok(agency),
        false if roles.is_empty() && actor.is_staff() => Err(Error::NotFound),
        false => Err(forbidden()),
    }
}

fn forbidden() -> Error {
    Error::Forbidden {
        detail: Bilingual::new(
            "邮寄清单和地址标签由本机关的收件、经办人员打印。",
            "Lists of postings and labels are for the agency's clerks and officers.",
        ),
    }
}

/// What the agency posts on a day: replies by what their entry says, notices that were sent again by post; with `notices` also
/// every other letter of the day, of which nobody has said how it is sent. One's own application is not among them.
///
/// # Errors
/// Failures of the database.
pub fn postings(
    db: &mut Db,
    desk: &Desk,
    actor: &Actor,
    agency: &Agency,
    (on, notices): (NaiveDate, bool),
) -> Result<Vec<Posting>, Error> {
    let mut entries: BTreeMap<CaseId, BTreeSet<u32>> = BTreeMap::new();
    for (case_id, seq) in sent_on(db, agency.id, on)? {
        entries.entry(case_id).or_default().insert(seq);
    }
    // A day that was put right is that of the dispatch, and not that of its entry.
    for (case_id, seq) in sent_in_corrected(db, agency.id)? {
        entries.entry(case_id).or_default().insert(seq);
    }
    if notices {
        for row in instruments_out_on(db, agency.id, on)? {
            if !row.code().is_reply() {
                let seqs = entries.entry(row.case_id()).or_default();
                seqs.extend(u32::try_from(row.seq));
            }
        }
    }
    let mut postings = Vec::new();
    for (case_id, seqs) in entries {
        let row = case_row(db, case_id)?;
        if row.applicant_user_id() == Some(actor.user_id) {
            continue;
        }
        let case = open(db, desk, &row)?.case;
        for seq in seqs {
            postings.extend(of_entry(&case, seq, (on, notices)));
        }
    }
    postings.sort_by(|one, other| (&one.case_number, one.seq).cmp(&(&other.case_number, other.seq)));
    Ok(one_for_each_paper(postings))
}

/// 合并答复: one letter to several applications goes to the post office once.
fn one_for_each_paper(postings: Vec<Posting>) -> Vec<Posting> {
    let mut letters: Vec<Posting> = Vec::new();
    for posting in postings {
        let same = |one: &&mut Posting| {
            let (paper, reference) = (&one.paper, &one.reference);
            paper.is_some()
                && *paper == posting.paper
                && *reference == posting.reference
                && one.case_id != posting.case_id
        };
        match letters.iter_mut().find(same) {
            Some(known) => known.together_with.push(posting.case_number),
            None => letters.push(posting),
        }
    }
    letters
}

/// What one entry of a case posts.
fn of_entry(case: &Case, seq: u32, (on, notices): (NaiveDate, bool)) -> Vec<Posting> {
    let data = case.data();
    let Some(logged) = case.log().iter().find(|logged| logged.seq == seq) else {
        return Vec::new();
    };
    let leaving = |seq: u32| data.instruments.iter().filter(move |one| one.seq == seq && leaves(one));
    match &logged.event {
        Event::ReplyIssued(_) | Event::ReplyDispatched(_) => {
            let Some((reply, dispatch)) = dispatched(data, seq) else {
                return Vec::new();
            };
            let posted = dispatch.method == ReplyMethod::Mail && dispatch.sent_on == on;
            let letter = leaving(reply).next();
            let posting = posted.then(|| to_applicant(case, seq, letter, dispatch.reference.clone()));
            posting.into_iter().collect()
        }
        Event::NoticeResent(resent) if logged.occurred_on == on && is_by_post(&resent.method) => {
            let first = sent_first(resent.id);
            let asks = matches!(resent.id, NoticeId::Consultation(_));
            let letter = first.and_then(|first| {
                leaving(first).find(|one| (one.issued.addressee != AddresseeKind::Applicant) == asks)
            });
            vec![match asks {
                true => to_party(case, seq, letter, first.unwrap_or(seq)),
                false => to_applicant(case, seq, letter, None),
            }]
        }
        _ if notices && logged.occurred_on == on => leaving(seq)
            .map(|letter| match letter.issued.addressee {
                AddresseeKind::Applicant => to_applicant(case, seq, Some(letter), None),
                _ => to_party(case, seq, Some(letter), seq),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn is_by_post(method: &str) -> bool {
    !method.contains("电子") && POST.iter().any(|way| method.contains(way))
}

fn leaves(one: &Instrument) -> bool {
    one.issued.addressee != AddresseeKind::Internal && one.issued.code != InstrumentCode::D03 && !one.cancelled
}

/// The sending that an entry tells, and the entry of the reply that it sends.
fn dispatched(data: &CaseData, seq: u32) -> Option<(u32, &Dispatch)> {
    let id = Dispatch::id_of(seq);
    let replies = data.past_replies.iter().chain(&data.reply);
    replies
        .filter_map(|reply| {
            let dispatch = reply.dispatches.iter().find(|dispatch| dispatch.id == id)?;
            Some((reply.seq, dispatch))
        })
        .next()
}

/// The entry that sent a notice first.
fn sent_first(id: NoticeId) -> Option<u32> {
    let id = id.to_string();
    id.rsplit_once('-')?.1.parse().ok()
}

fn to_applicant(case: &Case, seq: u32, letter: Option<&Instrument>, reference: Option<String>) -> Posting {
    let applicant = &case.data().applicant;
    Posting {
        recipient: applicants(applicant),
        address: applicant.address.clone(),
        phone: applicant.phone.clone(),
        reference,
        ..of_letter(case, seq, letter)
    }
}

/// To whom an opinion is asked of (Arts 32, 34); of another agency the name is known only.
fn to_party(case: &Case, seq: u32, letter: Option<&Instrument>, asked: u32) -> Posting {
    let detail = consulted(case, asked).map(|sub| &sub.detail);
    let party = detail.and_then(|detail| detail.party.as_ref());
    let agency = detail.and_then(|detail| detail.agency_name.clone());
    Posting {
        recipient: party.map(|party| party.name.clone()).or(agency).unwrap_or_default(),
        address: party.and_then(|party| party.address.clone()),
        phone: party.and_then(|party| party.phone.clone()),
        ..of_letter(case, seq, letter)
    }
}

fn of_letter(case: &Case, seq: u32, letter: Option<&Instrument>) -> Posting {
    let data = case.data();
    Posting {
        case_id: case.id(),
        case_number: data
            .number
            .clone()
            .unwrap_or_else(|| data.submission.intake_number.clone()),
        seq,
        letter: letter
            .map_or("政府信息公开申请答复", |one| one.issued.code.title())
            .to_owned(),
        number: letter.and_then(|one| one.issued.number.clone()),
        recipient: String::new(),
        address: None,
        phone: None,
        reference: None,
        paper: letter.map(|one| one.issued.same_as.unwrap_or(one.issued.id)),
        together_with: Vec::new(),
    }
}
