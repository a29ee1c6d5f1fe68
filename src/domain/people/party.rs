//! Who applies and who is consulted: applicants (申请人), their agents, guardians and co-applicants, third parties (第三方).
//!
//! Article 29(2)(1) asks for name, identity document and a way to be reached; nothing about a purpose is ever asked
//! (Article 27). A letter may leave any of it out or have it wrong: it is kept as it is stated, and mended by amendment
//! (Article 30). What the form online asks for is in [`super::profile`]. The applicant's kind is a column of table 三 of the
//! annual report.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::people::contact::{PHONE_MAX, check_phone};
use crate::domain::people::id_document::{IdDocument, IdDocumentKind};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::DocumentId;
use crate::domain::words::text::{FieldError, check_stated, check_text};

/// Longest name of a person or organisation, in characters.
pub const NAME_MAX: usize = 100;
/// Longest postal address, in characters.
pub const ADDRESS_MAX: usize = 300;
/// Longest e-mail address, in characters.
const EMAIL_MAX: usize = 254;
/// Longest word for what a guardian is to the applicant, in characters.
const RELATION_MAX: usize = 50;
/// Most people who apply together with the applicant in one application.
pub const CO_APPLICANTS_MAX: usize = 999;

codes! {
    /// The column of table 三 under which an applicant is counted (申请人类型).
    pub enum ApplicantKind {
        NaturalPerson "natural_person" "自然人",
        Business "business" "商业企业",
        Research "research" "科研机构",
        PublicBenefit "public_benefit" "社会公益组织",
        LegalService "legal_service" "法律服务机构",
        OtherOrganisation "other_organisation" "其他",
    }
}

impl ApplicantKind {
    /// The kind, where a document shows it: a personal one is a natural person's, a credit code many kinds have.
    pub fn shown_by(document: &IdDocument) -> Option<Self> {
        match document.kind {
            IdDocumentKind::ResidentId
            | IdDocumentKind::Passport
            | IdDocumentKind::HkMacaoPermit
            | IdDocumentKind::TaiwanPermit
            | IdDocumentKind::ForeignerPermit => Some(Self::NaturalPerson),
            IdDocumentKind::Uscc | IdDocumentKind::Other => None,
        }
    }
}

/// An applicant (申请人) as far as the application states it; null is what it does not state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Counted as another organisation until it is known; needed before the reply.
    pub kind: Option<ApplicantKind>,
    #[schema(examples("陈明远"), max_length = 100)]
    pub name: Option<String>,
    pub id_document: Option<IdDocument>,
    /// 法定代表人, of an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub legal_representative: Option<String>,
    /// 联系人, where it is not the applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub contact_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("13800000000"), max_length = 30)]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<Guardian>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 999)]
    pub co_applicants: Vec<CoApplicant>,
}

/// An agent (代理人) with the document that authorises him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    #[schema(max_length = 100)]
    pub name: Option<String>,
    pub id_document: Option<IdDocument>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// 授权委托书
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation_document_id: Option<DocumentId>,
}

/// A guardian (法定代理人), who acts for somebody by law and needs no authorisation (《民法典》 Art 23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Guardian {
    #[schema(max_length = 100)]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_document: Option<IdDocument>,
    /// What he is to the applicant.
    #[schema(examples("母亲"), max_length = 50)]
    pub relation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// What shows it: a household register, a certificate of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<DocumentId>,
}

/// One more person who applies in the same application (共同申请人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoApplicant {
    #[schema(max_length = 100)]
    pub name: Option<String>,
    pub id_document: Option<IdDocument>,
}

/// A third party whose rights a disclosure may touch (第三方, Article 32).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    #[schema(max_length = 100)]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
}

/// Whether the reader may see how to reach a person. Identity numbers are masked either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// Contact data in clear: the agency's clerk and officer, who write and telephone.
    ContactClear,
    /// Contact data masked: everyone else.
    ContactMasked,
}

impl Applicant {
    /// Checks only what cannot be kept: texts that are too long or hold control characters, and too many people; pointers
    /// begin with `base`. What is missing or cannot be right is a defect, and no reason to refuse a letter (Article 30).
    pub fn check_stated(&self, base: &str) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (field, text, max) in [
            ("name", &self.name, NAME_MAX),
            ("legal_representative", &self.legal_representative, NAME_MAX),
            ("contact_name", &self.contact_name, NAME_MAX),
            ("phone", &self.phone, PHONE_MAX),
            ("email", &self.email, EMAIL_MAX),
            ("address", &self.address, ADDRESS_MAX),
        ] {
            check_stated(&format!("{base}/{field}"), text.as_ref(), max, &mut errors);
        }
        let mut person = |at: &str, name: &Option<String>, document: &Option<IdDocument>| {
            check_stated(&format!("{at}/name"), name.as_ref(), NAME_MAX, &mut errors);
            if let Some(document) = document {
                document.check_stated(&format!("{at}/id_document"), &mut errors);
            }
        };
        person(base, &None, &self.id_document);
        if let Some(agent) = &self.agent {
            person(&format!("{base}/agent"), &agent.name, &agent.id_document);
        }
        if let Some(guardian) = &self.guardian {
            person(&format!("{base}/guardian"), &guardian.name, &guardian.id_document);
        }
        for (index, other) in self.co_applicants.iter().take(CO_APPLICANTS_MAX).enumerate() {
            person(
                &format!("{base}/co_applicants/{index}"),
                &other.name,
                &other.id_document,
            );
        }
        let agent = self.agent.as_ref().and_then(|agent| agent.phone.as_ref());
        check_stated(&format!("{base}/agent/phone"), agent, PHONE_MAX, &mut errors);
        let guardian = self.guardian.as_ref();
        let (phone, relation) = (
            guardian.and_then(|guardian| guardian.phone.as_ref()),
            guardian.and_then(|guardian| guardian.relation.as_ref()),
        );
        check_stated(&format!("{base}/guardian/phone"), phone, PHONE_MAX, &mut errors);
        check_stated(
            &format!("{base}/guardian/relation"),
            relation,
            RELATION_MAX,
            &mut errors,
        );
        errors.extend(self.too_many(base));
        errors
    }

    /// The error for more people than one application holds.
    pub(super) fn too_many(&self, base: &str) -> Option<FieldError> {
        (self.co_applicants.len() > CO_APPLICANTS_MAX).then(|| {
            FieldError::new(
                format!("{base}/co_applicants"),
                format!("共同申请人最多 {CO_APPLICANTS_MAX} 人，请分件提交。"),
                format!("At most {CO_APPLICANTS_MAX} co-applicants; send several applications."),
            )
        })
    }

    /// The documents that it names beside those of the application, each with the end of its pointer.
    pub fn documents(&self) -> impl Iterator<Item = (&'static str, DocumentId)> {
        let authorisation = self.agent.as_ref().and_then(|agent| agent.authorisation_document_id);
        let guardianship = self.guardian.as_ref().and_then(|guardian| guardian.document_id);
        let authorisation = authorisation.map(|id| ("/agent/authorisation_document_id", id));
        let guardianship = guardianship.map(|id| ("/guardian/document_id", id));
        authorisation.into_iter().chain(guardianship)
    }

    /// Takes over what `newer` states; the rest stays.
    pub fn supply(&mut self, newer: Self) {
        self.kind = newer.kind.or(self.kind);
        for (place, new) in [
            (&mut self.name, newer.name),
            (&mut self.legal_representative, newer.legal_representative),
            (&mut self.contact_name, newer.contact_name),
            (&mut self.phone, newer.phone),
            (&mut self.email, newer.email),
            (&mut self.address, newer.address),
        ] {
            if new.is_some() {
                *place = new;
            }
        }
        self.id_document = newer.id_document.or(self.id_document.take());
        self.agent = newer.agent.or(self.agent.take());
        self.guardian = newer.guardian.or(self.guardian.take());
        if !newer.co_applicants.is_empty() {
            self.co_applicants = newer.co_applicants;
        }
    }

    /// The column of table 三 in which the applicant is counted.
    pub fn counted_as(&self) -> ApplicantKind {
        self.kind.unwrap_or(ApplicantKind::OtherOrganisation)
    }

    /// Whether both are the same person, judged by the identity document alone.
    pub fn same_person(&self, other: &Self) -> bool {
        let documents = self.id_document.as_ref().zip(other.id_document.as_ref());
        documents.is_some_and(|(own, other)| own.same_as(other))
    }

    /// The applicant as it is kept: outer spaces gone, blank texts not stated, document numbers in canonical form.
    pub fn normalised(mut self) -> Self {
        for text in [
            &mut self.name,
            &mut self.legal_representative,
            &mut self.contact_name,
            &mut self.phone,
            &mut self.email,
            &mut self.address,
        ] {
            trim(text);
        }
        self.id_document = self.id_document.map(|document| document.normalised());
        if let Some(agent) = &mut self.agent {
            trim(&mut agent.name);
            trim(&mut agent.phone);
            agent.id_document = agent.id_document.take().map(|document| document.normalised());
        }
        if let Some(guardian) = &mut self.guardian {
            trim(&mut guardian.name);
            trim(&mut guardian.relation);
            trim(&mut guardian.phone);
            guardian.id_document = guardian.id_document.take().map(|document| document.normalised());
        }
        for person in &mut self.co_applicants {
            trim(&mut person.name);
            person.id_document = person.id_document.take().map(|document| document.normalised());
        }
        self
    }
}

fn trim(text: &mut Option<String>) {
    let kept = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    *text = kept.map(str::to_owned);
}

impl Party {
    /// Checks what is impossible by itself; `base` is the pointer of the party in the body.
    pub fn check(&self, base: &str) -> Vec<FieldError> {
        let mut errors = Vec::new();
        check_text(&format!("{base}/name"), &self.name, NAME_MAX, &mut errors);
        if let Some(address) = &self.address {
            check_text(&format!("{base}/address"), address, ADDRESS_MAX, &mut errors);
        }
        if let Some(phone) = &self.phone {
            check_phone(&format!("{base}/phone"), phone, &mut errors);
        }
        errors
    }
}
