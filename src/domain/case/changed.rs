//! What has become another since the application was sent.

use crate::domain::people::party::Applicant;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the applicant is reached from a day on; what is left out stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    #[schema(max_length = 30)]
    pub phone: Option<String>,
    #[schema(max_length = 254)]
    pub email: Option<String>,
    #[schema(max_length = 300)]
    pub address: Option<String>,
    #[schema(max_length = 100)]
    pub contact_name: Option<String>,
}

impl From<NewContact> for Applicant {
    /// Somebody of whom nothing else is known: to be checked, supplied and masked as an applicant is.
    fn from(contact: NewContact) -> Self {
        Self {
            phone: contact.phone,
            email: contact.email,
            address: contact.address,
            contact_name: contact.contact_name,
            ..Self::default()
        }
    }
}

/// A way to be reached with the day from which it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactFrom {
    pub from_on: NaiveDate,
    pub received_on: NaiveDate,
    pub contact: NewContact,
}

/// A part of the request that the applicant gave up.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GivenUp {
    pub on: NaiveDate,
    pub text: String,
}
