//! One item of a draft reply 答复事项: its fields, and what each outcome must say (Arts 36–41).
//!
//! A document released with redactions is two items over the same document, one granted and one withheld.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::outcome::{CaseKind, Outcome, OutcomeCause, RequiredField};
use super::remedy::RemedyClass;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::words::text::{FieldError, check_optional_text, check_text};

const MAX_DOCUMENTS: usize = 200;
const MAX_DESCRIPTION: usize = 2_000;
const MAX_EXPLANATION: usize = 8_000;
const MAX_LINE: usize = 500;
const PAGES_MAX: u32 = 100_000;

/// One piece of information asked for, and what is decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyItem {
    /// The information as the applicant described it.
    pub description: String,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<OutcomeCause>,
    /// Which of the kinds an article names, such as 讨论记录 under Art 16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The article relied on, such as 第十六条第二款.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Name of the other law or administrative regulation relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// The reasons told to the applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consultation_id: Option<String>,
    /// Number of the case in which the same person was answered before (Art 36(6)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier_number: Option<String>,
    /// The earlier reply stands in no case of this installation: its number is then whatever the paper says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub earlier_on_paper: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competent_agency: Option<CompetentAgency>,
    /// Address, place or index number where the information can be had.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The answered assignment whose search record is relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub document_ids: Vec<String>,
    /// Pages of what is given with this item, one side of A4 each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100000)]
    pub pages: Option<u32>,
    /// What was blacked out and why (区分处理, Art 37).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub redactions: Option<String>,
}

/// The agency that is responsible instead (Art 36(5)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompetentAgency {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

impl ReplyItem {
    /// The number of the case in which the same person is said to have been answered, where that is one of this system.
    pub fn earlier_in_system(&self) -> Option<&str> {
        let repeated = self.outcome == Outcome::Repeated && !self.earlier_on_paper;
        self.earlier_number.as_deref().filter(|_| repeated)
    }

    /// An item with nothing but its description and outcome.
    pub fn new(description: impl Into<String>, outcome: Outcome) -> Self {
        Self {
            description: description.into(),
            outcome,
            cause: None,
            ground: None,
            article: None,
            law: None,
            explanation: None,
            consultation_id: None,
            earlier_number: None,
            earlier_on_paper: false,
            competent_agency: None,
            place: None,
            assignment_id: None,
            document_ids: Vec::new(),
            pages: None,
            redactions: None,
        }
    }

    /// Everything that is impossible about the item at this place of a draft.
    pub(super) fn check(&self, index: usize, kind: CaseKind, known: &ItemReferences<'_>, errors: &mut Vec<FieldError>) {
        let item = self;
        Check { index, item, errors }.run(kind, known);
    }

    /// Whether the item leaves the agency, so that the secrecy review must have said release or redact (Art 17).
    pub fn needs_secrecy_verdict(&self) -> bool {
        self.outcome == Outcome::Granted
    }

    /// The code of the letter, or part of a letter, that tells this item.
    pub fn document_kind(&self) -> Option<InstrumentCode> {
        self.outcome.document_kind(self.cause)
    }

    /// The remedy class of this item when the reply is made on this day.
    pub fn remedy_class(&self, on: NaiveDate) -> RemedyClass {
        match self.outcome {
            // A reply that nothing is government information is a decision, unlike a withdrawal.
            Outcome::Other => RemedyClass::R2,
            outcome => outcome.remedy_class(on),
        }
    }
}

/// What the case knows that an item may point to.
#[derive(Debug, Clone, Default)]
pub struct ItemReferences<'a> {
    /// Consultations of the case, open or ended.
    pub consultations: BTreeSet<&'a str>,
    /// Assignments answered with a search record.
    pub searched_assignments: BTreeSet<&'a str>,
    /// Numbers of other cases in which the applicant was answered.
    pub answered: BTreeSet<&'a str>,
    /// Documents the drafter may attach.
    pub documents: BTreeSet<&'a str>,
}

/// The refusal of an outcome that a reply in this kind of case cannot give.
pub(super) fn outcome_not_given(index: usize, kind: CaseKind) -> FieldError {
    let (zh, en) = match kind {
        CaseKind::Disclosure => (
            "答复事项不能取这一结果：部分公开由各事项合并得出，逾期不补正、逾期未缴费由期限届满产生，更正类结果只用于更正申请。请改选其他结果。",
            "An item of a reply cannot end so: a partial grant is derived, lapses follow from silence, and corrections belong to correction cases.",
        ),
        CaseKind::Correction => (
            "更正申请的结果只能是予以更正、不予更正、转送或者告知向有关机关提出，请改选。",
            "A correction ends as corrected, not_corrected, transferred or transfer_told.",
        ),
    };
    FieldError::new(format!("/items/{index}/outcome"), zh, en)
}

struct Check<'a> {
    index: usize,
    item: &'a ReplyItem,
    errors: &'a mut Vec<FieldError>,
}

impl Check<'_> {
    fn run(mut self, kind: CaseKind, known: &ItemReferences<'_>) {
        self.texts();
        if !self.item.outcome.given_for_item(kind) {
            self.errors.push(outcome_not_given(self.index, kind));
            // What else the outcome would need says nothing once it is impossible.
            return;
        }
        self.cause();
        for field in self.item.outcome.required_fields() {
            self.required(*field);
        }
        self.references(known);
    }

    fn pointer(&self, field: &str) -> String {
        format!("/items/{}/{field}", self.index)
    }

    fn texts(&mut self) {
        let item = self.item;
        check_text(
            &self.pointer("description"),
            &item.description,
            MAX_DESCRIPTION,
            self.errors,
        );
        for (field, text, max) in [
            ("ground", &item.ground, MAX_LINE),
            ("article", &item.article, MAX_LINE),
            ("law", &item.law, MAX_LINE),
            ("explanation", &item.explanation, MAX_EXPLANATION),
            ("earlier_number", &item.earlier_number, MAX_LINE),
            ("where", &item.place, MAX_DESCRIPTION),
            ("redactions", &item.redactions, MAX_DESCRIPTION),
        ] {
            if let Some(text) = text {
                check_optional_text(&self.pointer(field), text, max, self.errors);
            }
        }
        if item.pages.is_some_and(|pages| !(1..=PAGES_MAX).contains(&pages)) {
            self.errors.push(FieldError::new(
                self.pointer("pages"),
                format!("页数应为 1 至 {PAGES_MAX}。"),
                format!("Between 1 and {PAGES_MAX} pages."),
            ));
        }
        if let Some(agency) = &item.competent_agency {
            check_text(
                &self.pointer("competent_agency/name"),
                &agency.name,
                MAX_LINE,
                self.errors,
            );
            if let Some(contact) = &agency.contact {
                check_optional_text(
                    &self.pointer("competent_agency/contact"),
                    contact,
                    MAX_LINE,
                    self.errors,
                );
            }
        }
    }

    fn cause(&mut self) {
        let Some(cause) = self.item.cause else { return };
        if cause.outcome() != self.item.outcome || !cause.given_for_item() {
            self.errors.push(FieldError::new(
                self.pointer("cause"),
                format!(
                    "原因“{}”不适用于结果“{}”，请改正或者删除。",
                    cause.label(),
                    self.item.outcome.label()
                ),
                format!(
                    "The cause `{}` does not fit an item with the outcome `{}`; change or remove it.",
                    cause.code(),
                    self.item.outcome.code()
                ),
            ));
        }
    }

    fn required(&mut self, field: RequiredField) {
        let item = self.item;
        let (name, absent) = match field {
            RequiredField::PlaceOrDocuments => ("where", is_blank(&item.place) && item.document_ids.is_empty()),
            RequiredField::Cause => ("cause", item.cause.is_none()),
            RequiredField::Article => ("article", is_blank(&item.article)),
            RequiredField::Law => ("law", is_blank(&item.law)),
            RequiredField::Explanation => ("explanation", is_blank(&item.explanation)),
            RequiredField::ConsultationId => ("consultation_id", is_blank(&item.consultation_id)),
            RequiredField::EarlierNumber => ("earlier_number", is_blank(&item.earlier_number)),
        };
        if !absent {
            return;
        }
        let pointer = self.pointer(name);
        self.errors.push(match field {
            RequiredField::PlaceOrDocuments => FieldError::new(
                pointer,
                "予以公开的，须附上文件（document_ids）或者写明获取的方式、途径（where）。",
                "What is granted needs the documents (`document_ids`) or the place to get it (`where`).",
            ),
            RequiredField::Cause => FieldError::new(
                pointer,
                "请写明是信息不存在（not_existing）还是不属于本机关负责公开（not_our_agency）。",
                "Say whether it does not exist (`not_existing`) or another agency is responsible (`not_our_agency`).",
            ),
            RequiredField::ConsultationId => FieldError::new(
                pointer,
                "以第三方权益为由不予公开的，须指明征求第三方意见的记录。",
                "Withholding for a third party needs the consultation of that party.",
            ),
            _ => FieldError::missing(pointer),
        });
    }

    /// 重复申请 (Art 36(6)): what was answered before is named by the case in which it was.
    fn earlier(&mut self, known: &ItemReferences<'_>) {
        let item = self.item;
        if item.outcome != Outcome::Repeated {
            if item.earlier_on_paper {
                self.errors.push(FieldError::new(
                    self.pointer("earlier_on_paper"),
                    "只有重复申请（repeated）才填写此前答复的编号，请删除此项。",
                    "Only a repeated application has an earlier reply; leave this out.",
                ));
            }
            return;
        }
        let named = item
            .earlier_number
            .as_deref()
            .filter(|number| !number.trim().is_empty());
        if let Some(number) = named
            && !item.earlier_on_paper
            && !known.answered.contains(number)
        {
            self.errors.push(FieldError::new(
                self.pointer("earlier_number"),
                format!(
                    "“{number}”不是本机关已经答复同一申请人的另一件申请。请填写该件的编号；两件的申请人身份尚未核验的，请先核验（verify_identity）；此前的答复不在本系统中的，请同时填写 earlier_on_paper: true。"
                ),
                format!(
                    "`{number}` is no other case of this agency in which the same applicant was answered. Give its number; where nobody has verified yet that the applicant is the same, do so first (`verify_identity`); if the earlier reply is not in this system, add `earlier_on_paper: true`."
                ),
            ));
        }
    }

    fn references(&mut self, known: &ItemReferences<'_>) {
        let item = self.item;
        if item.cause == Some(OutcomeCause::AlreadyPublic) && is_blank(&item.place) && !item.document_ids.is_empty() {
            self.errors.push(FieldError::new(
                self.pointer("where"),
                "已主动公开的，须告知获取该信息的方式、途径。",
                "What is already public needs the place where it can be had.",
            ));
        }
        if item.cause == Some(OutcomeCause::NotExisting) && is_blank(&item.assignment_id) {
            self.errors.push(FieldError::new(
                self.pointer("assignment_id"),
                "答复信息不存在的，须指明附有检索记录的交办答复。",
                "A reply that nothing exists needs the answered assignment with its search record.",
            ));
        }
        self.earlier(known);
        // A blank id is absent; where one is required, that was said above.
        if let Some(id) = item.consultation_id.as_deref().filter(|id| !id.trim().is_empty())
            && !known.consultations.contains(id)
        {
            self.errors.push(FieldError::new(
                self.pointer("consultation_id"),
                "本件没有这一征求意见记录，请核对。",
                "This case has no such consultation.",
            ));
        }
        if let Some(id) = item.assignment_id.as_deref().filter(|id| !id.trim().is_empty())
            && !known.searched_assignments.contains(id)
        {
            self.errors.push(FieldError::new(
                self.pointer("assignment_id"),
                "本件没有这一交办，或者该交办尚未答复、没有检索记录，请核对。",
                "This case has no such assignment, or it is not answered with a search record.",
            ));
        }
        if item.document_ids.len() > MAX_DOCUMENTS {
            self.errors.push(FieldError::new(
                self.pointer("document_ids"),
                format!("每个事项最多 {MAX_DOCUMENTS} 份文件。"),
                format!("At most {MAX_DOCUMENTS} documents an item."),
            ));
            return;
        }
        let mut seen = BTreeSet::new();
        for (position, id) in item.document_ids.iter().enumerate() {
            let pointer = self.pointer(&format!("document_ids/{position}"));
            if !known.documents.contains(id.as_str()) {
                self.errors.push(FieldError::new(
                    pointer,
                    "没有这份文件，或者它不属于本件，请先上传。",
                    "There is no such document in this case; upload it first.",
                ));
            } else if !seen.insert(id) {
                self.errors.push(FieldError::new(
                    pointer,
                    "同一事项重复列出了这份文件，请删除一处。",
                    "The document stands twice in this item; remove one.",
                ));
            }
        }
    }
}

fn is_blank(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(|text| text.trim().is_empty())
}
