//! The application as it came in (申请): its channel, what it asks for, and in which form and by which way (Art 29).

use crate::domain::people::party::Applicant;
use crate::domain::reply::CaseKind;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{AgencyId, CaseId, UserId};
use crate::domain::words::text::{FieldError, check_line, check_text};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Longest title of an application, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest description of what identifies the information, in characters.
pub const FEATURES_MAX: usize = 4_000;
/// Longest number of a document, in characters.
const NUMBER_MAX: usize = 200;

codes! {
    /// How an application arrives (Art 31 gives each its receipt date).
    pub enum Channel {
        InPerson "in_person" "当面提交",
        RegisteredMail "registered_mail" "挂号信或特快专递",
        OrdinaryMail "ordinary_mail" "平常信函",
        Fax "fax" "传真",
        Online "online" "互联网渠道",
    }

    /// The form in which the information is wanted (获取方式).
    pub enum Form {
        Paper "paper" "纸质",
        Electronic "electronic" "电子文件",
        Inspection "inspection" "当场查阅、抄录",
    }

    /// The way on which the information is wanted (获取途径).
    pub enum Route {
        Mail "mail" "邮寄",
        Email "email" "电子邮件",
        Online "online" "网上获取",
        Pickup "pickup" "自行领取",
    }
}

impl Channel {
    pub fn is_paper(self) -> bool {
        matches!(self, Self::InPerson | Self::RegisteredMail | Self::OrdinaryMail)
    }

    /// Whether receipt needs the confirmation of both sides, shown by evidence (Art 31(2), 31(3)).
    pub fn needs_confirmation(self) -> bool {
        matches!(self, Self::OrdinaryMail | Self::Fax | Self::Online)
    }
}

/// What is asked for (申请内容): title, document number if known, and what else identifies it (Art 29).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Description {
    pub title: String,
    #[serde(default)]
    pub document_number: Option<String>,
    pub features: String,
}

impl Description {
    /// Adds what is impossible about it; pointers begin with `base`.
    pub fn check(&self, base: &str, errors: &mut Vec<FieldError>) {
        check_title_and_features(base, &self.title, &self.features, errors);
        if let Some(number) = &self.document_number {
            check_line(&format!("{base}/document_number"), number, NUMBER_MAX, errors);
        }
    }
}

/// Checks the two texts that every description has.
pub fn check_title_and_features(base: &str, title: &str, features: &str, errors: &mut Vec<FieldError>) {
    check_line(&format!("{base}/title"), title, TITLE_MAX, errors);
    check_text(&format!("{base}/features"), features, FEATURES_MAX, errors);
}

/// The day an oral application was read back to the applicant, and by whom (Art 29).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadBack {
    pub on: NaiveDate,
    pub by: String,
}

/// An application as submitted (申请表): the three content groups of Art 29.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub kind: CaseKind,
    pub agency_id: AgencyId,
    pub channel: Channel,
    pub arrived_on: NaiveDate,
    pub intake_number: String,
    pub applicant: Applicant,
    /// The applicant's account, when there is one.
    pub applicant_user_id: Option<UserId>,
    pub filled_by_agency: bool,
    pub read_back: Option<ReadBack>,
    pub description: Description,
    pub form: Form,
    pub route: Route,
    pub document_ids: Vec<String>,
    pub accessibility_needs: Option<String>,
    /// The case this one was split from (一事一申请).
    pub split_from: Option<CaseId>,
}

/// Fields of a submission that hold personal data or the applicant's words.
pub const PRIVATE: &[&str] = &["applicant", "read_back", "description", "accessibility_needs"];
/// Fields of a submission that a correction of the record may change.
pub const CORRECTABLE: &[&str] = &["arrived_on", "channel", "applicant"];
