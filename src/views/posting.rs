//! What an agency posts on a day (邮寄清单).

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::AgencyRef;
use crate::domain::words::ids::CaseId;
use crate::papers::postings::Posting;
use crate::store::agencies::Agency;

/// The letters that go to the post office on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostingList {
    pub agency: AgencyRef,
    pub on: NaiveDate,
    pub items: Vec<PostingView>,
}

/// A letter that is posted.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostingView {
    pub case_id: CaseId,
    #[schema(examples("CXFB-2026-00012"))]
    pub case_number: String,
    /// The entry of the log that sends it.
    #[schema(examples(9))]
    pub seq: u32,
    #[schema(examples("政府信息公开告知书"))]
    pub letter: String,
    #[schema(examples("云政公开〔2026〕12号"))]
    pub number: Option<String>,
    #[schema(examples("陈明远"))]
    pub recipient: String,
    /// Null where nobody entered one: the letter cannot be posted yet.
    #[schema(examples("江临市澄溪县城关镇文昌路12号"))]
    pub address: Option<String>,
    #[schema(examples("13800000000"))]
    pub phone: Option<String>,
    #[schema(examples("EMS 1234567890123"))]
    pub reference: Option<String>,
    /// The numbers of the other applications that the same letter answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub together_with: Vec<String>,
}

impl PostingList {
    pub fn new(agency: &Agency, on: NaiveDate, postings: Vec<Posting>) -> Self {
        let view = |posting: Posting| PostingView {
            case_id: posting.case_id,
            case_number: posting.case_number,
            seq: posting.seq,
            letter: posting.letter,
            number: posting.number,
            recipient: posting.recipient,
            address: posting.address,
            phone: posting.phone,
            reference: posting.reference,
            together_with: posting.together_with,
        };
        Self {
            agency: AgencyRef::from(agency),
            on,
            items: postings.into_iter().map(view).collect(),
        }
    }
}
