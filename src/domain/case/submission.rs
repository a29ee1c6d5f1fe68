//! The application as it came in (申请): its channel, what it asks for, and in which form and by which way (Art 29).

use crate::domain::people::party::Applicant;
use crate::domain::reply::CaseKind;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{AgencyId, CaseId, UserId};
use crate::domain::words::text::{FieldError, check_line, check_optional_text, check_stated, check_text};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Longest title of an application, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest description of what identifies the information, in characters.
pub const FEATURES_MAX: usize = 4_000;
/// Longest number of a document, in characters.
const NUMBER_MAX: usize = 200;
/// Longest title that is made from the beginning of what is asked for, in characters.
const HEADING_MAX: usize = 60;
/// The title of an application of which only the scan is there.
pub const SEE_SCAN: &str = "见扫描件";

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

    /// Adds only what cannot be kept: texts that are too long or hold control characters.
    fn check_stated(&self, base: &str, errors: &mut Vec<FieldError>) {
        check_stated(&format!("{base}/title"), Some(&self.title), TITLE_MAX, errors);
        let number = self.document_number.as_ref();
        check_stated(&format!("{base}/document_number"), number, NUMBER_MAX, errors);
        check_optional_text(&format!("{base}/features"), &self.features, FEATURES_MAX, errors);
    }
}

/// What a letter asks for, as far as somebody typed it: any of the three may be left out.
#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedDescription {
    /// Left out: the beginning of the features.
    #[schema(max_length = 200)]
    pub title: Option<String>,
    #[schema(max_length = 200)]
    pub document_number: Option<String>,
    #[schema(max_length = 4000)]
    pub features: Option<String>,
}

impl StatedDescription {
    /// The description under which the case is kept; none where all is blank.
    pub fn description(self) -> Option<Description> {
        let stated = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let number = stated(self.document_number);
        let features = stated(self.features).unwrap_or_default();
        let first_line = features.trim().lines().next().unwrap_or_default();
        let heading: String = first_line.chars().take(HEADING_MAX).collect();
        let heading = Some(heading).filter(|heading| !heading.is_empty());
        let title = stated(self.title).or(heading).or_else(|| number.clone())?;
        Some(Description {
            title,
            document_number: number,
            features,
        })
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

/// An application as submitted (申请表): the three content groups of Art 29, as far as it states them.
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
    /// None where only the scan is there.
    pub description: Option<Description>,
    pub form: Option<Form>,
    pub route: Option<Route>,
    pub document_ids: Vec<String>,
    pub accessibility_needs: Option<String>,
    /// The case this one was split from (一事一申请).
    pub split_from: Option<CaseId>,
}

impl Submission {
    /// What is impossible about what the applicant states. The form online, which an account sends, asks for all of it and
    /// says what cannot be right. A letter that arrived is entered as it is: it needs its words or its scan, and what else
    /// is missing is mended by amendment (Art 30).
    pub fn check_content(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.applicant_user_id.is_some() {
            let by_mail = self.route == Some(Route::Mail);
            errors.extend(self.applicant.check("/applicant", by_mail, today));
            match &self.description {
                Some(description) => description.check("/description", &mut errors),
                None => errors.push(FieldError::missing("/description")),
            }
            let missing = [("/form", self.form.is_none()), ("/route", self.route.is_none())];
            let missing = missing.into_iter().filter(|(_, missing)| *missing);
            errors.extend(missing.map(|(pointer, _)| FieldError::missing(pointer)));
            return errors;
        }
        errors.extend(self.applicant.check_stated("/applicant"));
        match &self.description {
            Some(description) => description.check_stated("/description", &mut errors),
            None if self.document_ids.is_empty() => errors.push(FieldError::new(
                "/description",
                "请录入申请内容，或者先上传申请书的扫描件，再把返回的编号填入 document_ids。",
                "Enter what is asked for, or upload the scan of the letter and name it in `document_ids`.",
            )),
            None => {}
        }
        errors
    }
}

/// Fields of a submission that hold personal data or the applicant's words.
pub const PRIVATE: &[&str] = &["applicant", "read_back", "description", "accessibility_needs"];
/// Fields of a submission that a correction of the record may change.
pub const CORRECTABLE: &[&str] = &["arrived_on", "channel", "applicant", "description", "form", "route"];
