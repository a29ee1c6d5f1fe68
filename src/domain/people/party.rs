//! Who applies and who is consulted: applicants (申请人), their agents and co-applicants, third parties (第三方).
//!
//! Keeps Article 29(2)(1): name, identity document and a way to be reached; nothing about a purpose is ever asked
//! (Article 27). The applicant's kind is a column of table 三 of the annual report.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::people::contact::{check_email, check_phone, mask_address, mask_email, mask_phone};
use crate::domain::people::id_document::{IdDocument, IdDocumentKind};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::DocumentId;
use crate::domain::words::text::{FieldError, check_text};

/// Longest name of a person or organisation, in characters.
pub const NAME_MAX: usize = 100;
/// Longest postal address, in characters.
pub const ADDRESS_MAX: usize = 300;
/// Most people who apply together in one application.
pub const CO_APPLICANTS_MAX: usize = 50;

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

/// An applicant (申请人) as the application names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    pub kind: ApplicantKind,
    #[schema(examples("陈明远"), max_length = 100)]
    pub name: String,
    pub id_document: IdDocument,
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub co_applicants: Vec<CoApplicant>,
}

/// An agent (代理人) with the document that authorises him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    #[schema(max_length = 100)]
    pub name: String,
    pub id_document: IdDocument,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    /// 授权委托书
    pub authorisation_document_id: DocumentId,
}

/// One more person who applies in the same application (共同申请人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoApplicant {
    #[schema(max_length = 100)]
    pub name: String,
    pub id_document: IdDocument,
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
    /// Checks what is impossible by itself; `base` is the pointer of the applicant in the body, `mail_route` whether
    /// the reply is wanted by post, `today` the legal day.
    pub fn check(&self, base: &str, mail_route: bool, today: NaiveDate) -> Vec<FieldError> {
        let mut errors = Vec::new();
        check_text(&format!("{base}/name"), &self.name, NAME_MAX, &mut errors);
        self.id_document
            .check(&format!("{base}/id_document"), today, &mut errors);
        self.check_document_fits(base, &mut errors);
        for (field, text) in [
            ("legal_representative", &self.legal_representative),
            ("contact_name", &self.contact_name),
        ] {
            if let Some(text) = text {
                check_text(&format!("{base}/{field}"), text, NAME_MAX, &mut errors);
            }
        }
        if let Some(phone) = &self.phone {
            check_phone(&format!("{base}/phone"), phone, &mut errors);
        }
        if let Some(email) = &self.email {
            check_email(&format!("{base}/email"), email, &mut errors);
        }
        if let Some(address) = &self.address {
            check_text(&format!("{base}/address"), address, ADDRESS_MAX, &mut errors);
        }
        self.check_reachable(base, mail_route, &mut errors);
        if let Some(agent) = &self.agent {
            agent.check(&format!("{base}/agent"), today, &mut errors);
        }
        self.check_co_applicants(base, today, &mut errors);
        errors
    }

    /// Natural persons show a personal document, organisations their credit code.
    fn check_document_fits(&self, base: &str, errors: &mut Vec<FieldError>) {
        let at = format!("{base}/id_document/kind");
        let organisation = self.kind != ApplicantKind::NaturalPerson;
        match (organisation, self.id_document.kind == IdDocumentKind::Uscc) {
            (true, false) => errors.push(FieldError::new(
                at,
                "单位申请请填写统一社会信用代码（uscc）。",
                "An organisation is identified by its unified social credit code (uscc).",
            )),
            (false, true) => errors.push(FieldError::new(
                at,
                "自然人申请请填写本人身份证件，不能使用统一社会信用代码。",
                "A natural person is identified by a personal document, not by a credit code.",
            )),
            _ => {}
        }
    }

    /// Article 29(2)(1) asks for a way to be reached; which one is the applicant's choice.
    fn check_reachable(&self, base: &str, mail_route: bool, errors: &mut Vec<FieldError>) {
        if mail_route && self.address.is_none() {
            errors.push(FieldError::new(
                format!("{base}/address"),
                "选择邮寄获取的，请填写邮寄地址。",
                "An address is needed when the reply is wanted by post.",
            ));
        } else if self.phone.is_none() && self.email.is_none() && self.address.is_none() {
            errors.push(FieldError::new(
                format!("{base}/phone"),
                "电话、电子邮箱、通信地址请至少填写一项，以便与您联系。",
                "Give at least one of phone, email and address, so that you can be reached.",
            ));
        }
    }

    fn check_co_applicants(&self, base: &str, today: NaiveDate, errors: &mut Vec<FieldError>) {
        if self.co_applicants.len() > CO_APPLICANTS_MAX {
            errors.push(FieldError::new(
                format!("{base}/co_applicants"),
                format!("共同申请人最多 {CO_APPLICANTS_MAX} 人，请分件提交。"),
                format!("At most {CO_APPLICANTS_MAX} co-applicants; send several applications."),
            ));
            return;
        }
        let mut earlier = vec![&self.id_document];
        for (index, person) in self.co_applicants.iter().enumerate() {
            let at = format!("{base}/co_applicants/{index}");
            check_text(&format!("{at}/name"), &person.name, NAME_MAX, errors);
            person.id_document.check(&format!("{at}/id_document"), today, errors);
            if earlier.iter().any(|document| document.same_as(&person.id_document)) {
                errors.push(FieldError::new(
                    format!("{at}/id_document"),
                    "该证件在本申请中已出现，请勿重复填写同一申请人。",
                    "This document already stands in the application; name each applicant once.",
                ));
            }
            earlier.push(&person.id_document);
        }
    }

    /// Whether both are the same person, judged by the identity document alone.
    pub fn same_person(&self, other: &Self) -> bool {
        self.id_document.same_as(&other.id_document)
    }

    /// The applicant as it is kept: outer spaces gone, document numbers in canonical form.
    pub fn normalised(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self.id_document = self.id_document.normalised();
        for text in [
            &mut self.legal_representative,
            &mut self.contact_name,
            &mut self.phone,
            &mut self.email,
            &mut self.address,
        ] {
            *text = text.take().map(|t| t.trim().to_owned());
        }
        if let Some(agent) = &mut self.agent {
            agent.name = agent.name.trim().to_owned();
            agent.id_document = agent.id_document.normalised();
            agent.phone = agent.phone.take().map(|t| t.trim().to_owned());
        }
        for person in &mut self.co_applicants {
            person.name = person.name.trim().to_owned();
            person.id_document = person.id_document.normalised();
        }
        self
    }

    /// The applicant as a reader with this much sight sees it.
    pub fn view(&self, mask: Mask) -> ApplicantView {
        let contact = |text: &Option<String>, hide: fn(&str) -> String| mask.apply(text.as_deref(), hide);
        ApplicantView {
            kind: self.kind,
            kind_label: self.kind.label(),
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
            co_applicants: self
                .co_applicants
                .iter()
                .map(|person| CoApplicantView {
                    name: person.name.clone(),
                    id_document: IdDocumentView::of(&person.id_document),
                })
                .collect(),
        }
    }
}

impl Agent {
    fn check(&self, base: &str, today: NaiveDate, errors: &mut Vec<FieldError>) {
        check_text(&format!("{base}/name"), &self.name, NAME_MAX, errors);
        self.id_document.check(&format!("{base}/id_document"), today, errors);
        if let Some(phone) = &self.phone {
            check_phone(&format!("{base}/phone"), phone, errors);
        }
    }
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

/// An applicant in an answer; the shape of [`Applicant`] with masked values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApplicantView {
    pub kind: ApplicantKind,
    #[schema(examples("自然人"))]
    pub kind_label: &'static str,
    pub name: String,
    pub id_document: IdDocumentView,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub co_applicants: Vec<CoApplicantView>,
}

/// An identity document in an answer; the number is never complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IdDocumentView {
    pub kind: IdDocumentKind,
    #[schema(examples("1101**********002X"))]
    pub number: String,
}

impl IdDocumentView {
    fn of(document: &IdDocument) -> Self {
        Self {
            kind: document.kind,
            number: document.masked_number(),
        }
    }
}

/// An agent in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgentView {
    pub name: String,
    pub id_document: IdDocumentView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub authorisation_document_id: DocumentId,
}

/// A co-applicant in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoApplicantView {
    pub name: String,
    pub id_document: IdDocumentView,
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
