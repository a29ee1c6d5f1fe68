//! What the form online asks of an applicant (Article 29(2)(1)): all of it, and nothing that cannot be right. Whoever fills
//! it in can mend it at once; a letter cannot, see [`super::party`].

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::people::contact::{check_email, check_phone};
use crate::domain::people::id_document::{IdDocument, IdDocumentKind};
use crate::domain::people::party::{ADDRESS_MAX, Agent, Applicant, ApplicantKind, CoApplicant, NAME_MAX};
use crate::domain::words::text::{FieldError, check_text};

/// An applicant (申请人) who applies online.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicantProfile {
    pub kind: ApplicantKind,
    #[schema(examples("陈明远"), max_length = 100)]
    pub name: String,
    pub id_document: IdDocument,
    /// 法定代表人, of an organisation.
    #[schema(max_length = 100)]
    pub legal_representative: Option<String>,
    /// 联系人, where it is not the applicant.
    #[schema(max_length = 100)]
    pub contact_name: Option<String>,
    #[schema(examples("13800000000"), max_length = 30)]
    pub phone: Option<String>,
    #[schema(max_length = 254)]
    pub email: Option<String>,
    #[schema(max_length = 300)]
    pub address: Option<String>,
    pub agent: Option<Agent>,
    #[serde(default)]
    #[schema(max_items = 999)]
    pub co_applicants: Vec<CoApplicant>,
}

impl From<ApplicantProfile> for Applicant {
    fn from(profile: ApplicantProfile) -> Self {
        Self {
            kind: Some(profile.kind),
            name: Some(profile.name),
            id_document: Some(profile.id_document),
            legal_representative: profile.legal_representative,
            contact_name: profile.contact_name,
            phone: profile.phone,
            email: profile.email,
            address: profile.address,
            agent: profile.agent,
            guardian: None,
            co_applicants: profile.co_applicants,
        }
    }
}

impl Applicant {
    /// Checks that everything is there and can be right; `base` is the pointer of the applicant in the body, `mail_route`
    /// whether the reply is wanted by post, `today` the legal day.
    pub fn check(&self, base: &str, mail_route: bool, today: NaiveDate) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.kind.is_none() {
            errors.push(FieldError::missing(format!("{base}/kind")));
        }
        check_person(base, &self.name, &self.id_document, today, &mut errors);
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
            check_agent(&format!("{base}/agent"), agent, today, &mut errors);
        }
        self.check_co_applicants(base, today, &mut errors);
        errors
    }

    /// Natural persons show a personal document, organisations their credit code.
    fn check_document_fits(&self, base: &str, errors: &mut Vec<FieldError>) {
        let Some((kind, document)) = self.kind.zip(self.id_document.as_ref()) else {
            return;
        };
        let at = format!("{base}/id_document/kind");
        let organisation = kind != ApplicantKind::NaturalPerson;
        match (organisation, document.kind) {
            // Told already.
            (_, IdDocumentKind::Other) | (true, IdDocumentKind::Uscc) => {}
            (true, _) => errors.push(FieldError::new(
                at,
                "单位申请请填写统一社会信用代码（uscc）。",
                "An organisation is identified by its unified social credit code (uscc).",
            )),
            (false, IdDocumentKind::Uscc) => errors.push(FieldError::new(
                at,
                "自然人申请请填写本人身份证件，不能使用统一社会信用代码。",
                "A natural person is identified by a personal document, not by a credit code.",
            )),
            (false, _) => {}
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
        if let Some(error) = self.too_many(base) {
            errors.push(error);
            return;
        }
        let key = |document: &Option<IdDocument>| document.as_ref().and_then(IdDocument::key);
        let mut earlier: BTreeSet<String> = key(&self.id_document).into_iter().collect();
        for (index, person) in self.co_applicants.iter().enumerate() {
            let at = format!("{base}/co_applicants/{index}");
            check_person(&at, &person.name, &person.id_document, today, errors);
            if key(&person.id_document).is_some_and(|key| !earlier.insert(key)) {
                errors.push(FieldError::new(
                    format!("{at}/id_document"),
                    "该证件在本申请中已出现，请勿重复填写同一申请人。",
                    "This document already stands in the application; name each applicant once.",
                ));
            }
        }
    }
}

/// Name and identity document of one person.
fn check_person(
    base: &str,
    name: &Option<String>,
    document: &Option<IdDocument>,
    today: NaiveDate,
    errors: &mut Vec<FieldError>,
) {
    check_text(
        &format!("{base}/name"),
        name.as_deref().unwrap_or_default(),
        NAME_MAX,
        errors,
    );
    let at = format!("{base}/id_document");
    match document {
        Some(document) => document.check(&at, today, errors),
        None => errors.push(FieldError::missing(at)),
    }
}

fn check_agent(base: &str, agent: &Agent, today: NaiveDate, errors: &mut Vec<FieldError>) {
    check_person(base, &agent.name, &agent.id_document, today, errors);
    if let Some(phone) = &agent.phone {
        check_phone(&format!("{base}/phone"), phone, errors);
    }
    if agent.authorisation_document_id.is_none() {
        errors.push(FieldError::missing(format!("{base}/authorisation_document_id")));
    }
}
