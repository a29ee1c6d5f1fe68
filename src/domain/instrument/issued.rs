//! What the log of a case says of an instrument (文书) that one of its entries left, and how one is ordered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code::InstrumentCode;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::InstrumentId;

codes! {
    /// To whom an instrument goes (主送).
    pub enum AddresseeKind {
        Applicant "applicant" "申请人",
        ThirdParty "third_party" "第三方",
        Agency "agency" "其他行政机关",
        /// It stays in the file.
        Internal "internal" "内部",
    }
}

codes! {
    /// What a file of an instrument is.
    pub enum FileFormat {
        Docx "docx" "可编辑文书",
        Pdf "pdf" "打印文书",
        /// Of a paper that was not made here.
        Scan "scan" "扫描件",
    }
}

/// To whom an instrument goes, with the name where it is not the applicant's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    pub kind: AddresseeKind,
    pub name: Option<String>,
}

/// An instrument that an entry of the log leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub code: InstrumentCode,
    pub addressee: Addressee,
}

impl Order {
    pub fn to_applicant(code: InstrumentCode) -> Self {
        Self::to(code, AddresseeKind::Applicant, None)
    }

    pub fn to_third_party(code: InstrumentCode, name: &str) -> Self {
        Self::to(code, AddresseeKind::ThirdParty, Some(name))
    }

    pub fn to_agency(code: InstrumentCode, name: &str) -> Self {
        Self::to(code, AddresseeKind::Agency, Some(name))
    }

    pub fn internal(code: InstrumentCode) -> Self {
        Self::to(code, AddresseeKind::Internal, None)
    }

    fn to(code: InstrumentCode, kind: AddresseeKind, name: Option<&str>) -> Self {
        let name = name.map(str::to_owned);
        Self {
            code,
            addressee: Addressee { kind, name },
        }
    }

    /// Whether it leaves the agency.
    pub fn leaves(&self) -> bool {
        self.addressee.kind != AddresseeKind::Internal
    }
}

/// 纸质文书: what was sent before the system or by hand. The paper itself is the instrument; it takes no number here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnPaper {
    /// The number that stands on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, examples("云政公开〔2026〕12号"))]
    pub number: Option<String>,
    /// Its scan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub document_ids: Vec<String>,
}

/// Who makes the papers of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Making {
    /// The agency here; what is entered late was sent on paper.
    #[default]
    ByAge,
    /// The agency here, however late it is entered.
    Here,
    OnPaper(OnPaper),
}

impl Making {
    /// The scans of what was sent on paper.
    pub fn scans(&self) -> &[String] {
        match self {
            Self::OnPaper(paper) => &paper.document_ids,
            Self::ByAge | Self::Here => &[],
        }
    }
}

/// An instrument as the entry that left it tells it: the chain of hashes holds what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Issued {
    pub id: InstrumentId,
    pub code: InstrumentCode,
    pub addressee: AddresseeKind,
    /// 发文字号; the one on the paper where it was not issued here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("云政公开〔2026〕12号"))]
    pub number: Option<String>,
    /// Of the frozen facts and text; none where the paper itself is the instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The version of the template; 0 is the one that comes with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_version: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_paper: Option<OnPaper>,
    /// 合并答复: the instrument of another case that answers this one too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<InstrumentId>,
}
