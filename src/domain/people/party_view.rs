//! Applicants and third parties in answers: identity numbers masked always, contact data by who reads it. Of many
//! co-applicants the first are shown, with their number.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::people::contact::{mask_address, mask_email, mask_phone};
use crate::domain::people::id_document::{IdDocument, IdDocumentKind};
use crate::domain::people::party::{Applicant, ApplicantKind, Mask, Party};
use crate::domain::words::ids::DocumentId;

/// Co-applicants that a view shows; all of them are a list of their own.
const CO_APPLICANTS_SHOWN: usize = 20;

/// An applicant in an answer; the shape of what was stated, with masked values. Null is what the application leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApplicantView {
    /// Null while it is not known; counted as another organisation until then.
    pub kind: Option<ApplicantKind>,
    #[schema(examples("自然人"))]
    pub kind_label: Option<&'static str>,
    pub name: Option<String>,
    pub id_document: Option<IdDocumentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("138******00"))]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardian: Option<GuardianView>,
    /// The first twenty; all of them at `/cases/{id}/people`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub co_applicants: Vec<CoApplicantView>,
    /// How many there are.
    pub co_applicant_count: usize,
}

/// An identity document in an answer; the number is never complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IdDocumentView {
    pub kind: IdDocumentKind,
    #[schema(examples("1101**********002X"))]
    pub number: Option<String>,
    /// What a document of kind `other` is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("军官证"))]
    pub name: Option<String>,
}

/// An agent in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgentView {
    pub name: Option<String>,
    pub id_document: Option<IdDocumentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub authorisation_document_id: Option<DocumentId>,
}

/// A guardian in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GuardianView {
    pub name: Option<String>,
    pub id_document: Option<IdDocumentView>,
    #[schema(examples("母亲"))]
    pub relation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub document_id: Option<DocumentId>,
}

/// A co-applicant in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoApplicantView {
    pub name: Option<String>,
    pub id_document: Option<IdDocumentView>,
}

/// A third party in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartyView {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Applicant {
    /// The applicant as a reader with this much sight sees it.
    pub fn view(&self, mask: Mask) -> ApplicantView {
        let contact = |text: &Option<String>, hide: fn(&str) -> String| mask.apply(text.as_deref(), hide);
        ApplicantView {
            kind: self.kind,
            kind_label: self.kind.map(ApplicantKind::label),
            name: self.name.clone(),
            id_document: IdDocumentView::of(&self.id_document),
            legal_representative: self.legal_representative.clone(),
            contact_name: self.contact_name.clone(),
            phone: contact(&self.phone, mask_phone),
            email: contact(&self.email, mask_email),
            address: contact(&self.address, mask_address),
            agent: self.agent.as_ref().map(|agent| AgentView {
                name: agent.name.clone(),
                id_document: IdDocumentView::of(&agent.id_document),
                phone: contact(&agent.phone, mask_phone),
                authorisation_document_id: agent.authorisation_document_id,
            }),
            guardian: self.guardian.as_ref().map(|guardian| GuardianView {
                name: guardian.name.clone(),
                id_document: IdDocumentView::of(&guardian.id_document),
                relation: guardian.relation.clone(),
                phone: contact(&guardian.phone, mask_phone),
                document_id: guardian.document_id,
            }),
            co_applicants: self
                .co_applicants
                .iter()
                .take(CO_APPLICANTS_SHOWN)
                .map(|person| CoApplicantView {
                    name: person.name.clone(),
                    id_document: IdDocumentView::of(&person.id_document),
                })
                .collect(),
            co_applicant_count: self.co_applicants.len(),
        }
    }
}

impl IdDocumentView {
    fn of(document: &Option<IdDocument>) -> Option<Self> {
        document.as_ref().map(|document| Self {
            kind: document.kind,
            number: document.number.is_some().then(|| document.masked_number()),
            name: document.name.clone(),
        })
    }
}

impl Party {
    /// The party as a reader with this much sight sees it.
    pub fn view(&self, mask: Mask) -> PartyView {
        PartyView {
            name: self.name.clone(),
            address: mask.apply(self.address.as_deref(), mask_address),
            phone: mask.apply(self.phone.as_deref(), mask_phone),
        }
    }
}

impl Mask {
    fn apply(self, text: Option<&str>, hide: fn(&str) -> String) -> Option<String> {
        text.map(|text| match self {
            Self::ContactClear => text.to_owned(),
            Self::ContactMasked => hide(text),
        })
    }
}
