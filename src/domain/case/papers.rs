//! 案卷材料 (Art 45): the papers of a case: those that come by themselves, and what is known of each.

use super::apply::Case;
use super::attached::DocumentAttached;
use super::check::Check;
use super::dispatch::Event;
use super::log::LoggedEvent;
use super::state::CaseData;
use super::step::{Entry, Side, Since, Step, Told, fields, itself, since_arrival, with_papers};
use super::submission::Submission;
use crate::domain::document::{Purpose, mentioned_in};
use crate::domain::instrument::issued::Issued;
use crate::domain::words::ids::UserId;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fields! {
    AddDocument {
        #[schema(min_items = 1)] document_ids: Vec<String>,
        /// What the papers are for, where that is not what was said when they were uploaded.
        purpose: Option<Purpose>,
        note: Option<String>,
    }
}

impl Step for AddDocument {
    itself!();
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        if self.document_ids.is_empty() {
            check.errors.push(FieldError::missing("/document_ids"));
        }
        check.optional_note("/note", self.note.as_ref());
    }

    fn check_for(&self, side: &Side<'_>, check: &mut Check<'_>) {
        if side.by_applicant && self.purpose.is_some_and(|purpose| !purpose.is_applicants()) {
            check.errors.push(Purpose::not_applicants("/purpose"));
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"document_ids": [super::step::ID], "purpose": "supplement", "note": "申请人当面补交"})
    }
}

impl Told for AddDocument {
    const PRIVATE: &'static [&'static str] = &["note"];

    fn fold(&self, _: &mut CaseData, _: &Entry<'_>) {}
}

impl Told for DocumentAttached {
    const PRIVATE: &'static [&'static str] = &["name"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.documents.push(self.clone());
    }
}

impl CaseData {
    /// Papers that went out to the applicant with an entry: notices, and with a reply its own papers. What stands in an
    /// item that is withheld never goes out, nor do the agency's own papers that lie beside.
    pub fn issue(&mut self, document_ids: &[String]) {
        let withheld = self
            .reply
            .as_ref()
            .map(super::delivery::withheld_by)
            .unwrap_or_default();
        for id in document_ids.iter().filter(|id| !withheld.contains(*id)) {
            let goes_out = |document: &DocumentAttached| match document.purpose {
                Purpose::Notice => true,
                Purpose::Reply => self.reply.is_some(),
                _ => false,
            };
            if self
                .documents
                .iter()
                .any(|document| document.id == *id && goes_out(document))
            {
                self.released.insert(id.clone());
            }
        }
    }
}

/// A paper of a case: what it is for, and by whom, when and with which entry it came.
#[derive(Debug, Clone, Copy)]
pub struct Paper<'a> {
    pub document: &'a DocumentAttached,
    pub purpose: Purpose,
    pub added_by: Option<UserId>,
    pub added_on: NaiveDate,
    pub seq: u32,
}

/// A piece of the file (卷内文件): a paper that came, or an instrument that an entry left.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    Paper(Paper<'a>),
    Instrument(&'a LoggedEvent, &'a Issued),
}

impl Case {
    /// Everything in the file, in the order of the log: with each entry its papers, then its instruments.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let papers = self.papers();
        let mut pieces = Vec::new();
        for logged in self.log() {
            let with_entry = papers.iter().filter(|paper| paper.seq == logged.seq);
            pieces.extend(with_entry.map(|paper| Piece::Paper(*paper)));
            let left = logged.instruments.iter();
            pieces.extend(left.map(|issued| Piece::Instrument(logged, issued)));
        }
        pieces
    }

    /// Those whom its views name beside the owner: whoever gave it a paper, looked at a draft or changed it.
    pub fn people(&self) -> BTreeSet<UserId> {
        let data = self.data();
        let added = self.log().iter().map(|logged| match logged.event {
            Event::DocumentAttached(_) => logged.author.user_id,
            _ => None,
        });
        let reviewed = data.reviews.iter().map(|review| review.by);
        let answers = data.changes.iter().filter_map(|change| change.answer.as_ref());
        let changed = answers.map(|answer| answer.by);
        added.chain(reviewed).chain(changed).flatten().collect()
    }

    /// The papers of the case, in the order in which they came.
    pub fn papers(&self) -> Vec<Paper<'_>> {
        let mut papers: Vec<Paper<'_>> = Vec::new();
        // Told before the entry that names them; but an application comes first, with its papers after it.
        let mut waiting = 0;
        let mut submitted: Option<&Submission> = None;
        for logged in self.log() {
            match &logged.event {
                Event::Submitted(submission) => submitted = Some(submission),
                Event::DocumentAttached(document) => papers.push(Paper {
                    document,
                    purpose: document.purpose,
                    added_by: logged.author.user_id,
                    added_on: logged.occurred_on,
                    seq: 1,
                }),
                event => {
                    let with_application = match submitted.take() {
                        Some(submission) if waiting < papers.len() => named_in(submission),
                        _ => BTreeSet::new(),
                    };
                    for paper in papers.iter_mut().skip(waiting) {
                        if !with_application.contains(&paper.document.id) {
                            paper.seq = logged.seq;
                        }
                    }
                    waiting = papers.len();
                    if let Event::DocumentAdded(AddDocument {
                        document_ids,
                        purpose: Some(purpose),
                        ..
                    }) = event
                    {
                        let added = papers
                            .iter_mut()
                            .filter(|paper| document_ids.contains(&paper.document.id));
                        added.for_each(|paper| paper.purpose = *purpose);
                    }
                }
            }
        }
        papers
    }
}

fn named_in(submission: &Submission) -> BTreeSet<String> {
    let named = mentioned_in(&serde_json::to_value(submission).unwrap_or_default()).into_iter();
    named.map(|mention| mention.id.to_string()).collect()
}
