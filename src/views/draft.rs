//! The draft of a reply as those who review and sign it see it (答复稿).

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use utoipa::ToSchema;

use super::parts::PersonRef;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{DocumentId, InstrumentId};
use crate::domain::words::language::Language;
use crate::service::approval::DraftFault;
use crate::service::drafts::VersionTold;
use crate::store::drafts::DraftRow;

codes! {
    /// Where a version of a draft comes from.
    pub enum DraftSource {
        /// The program put the items into words.
        Drafted "drafted" "系统拟制",
        /// The office edited the file and brought it back.
        Edited "edited" "修改后上传",
    }

    /// What became of a line between two versions.
    pub enum LineChange {
        Same "same" "未变",
        Removed "removed" "删去",
        Added "added" "增加",
    }
}

/// What keeps an edited draft from being issued, and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftFaultView {
    #[schema(examples("缺少发文字号的空位，请从原稿复制回来。"))]
    pub reason: String,
}

impl DraftFaultView {
    fn of(faults: Vec<DraftFault>, language: Language) -> Vec<Self> {
        let told = faults.into_iter().map(|fault| match language {
            Language::Chinese => fault.zh,
            Language::English => fault.en,
        });
        told.map(|reason| Self { reason }).collect()
    }
}

/// A version that was just brought back.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftBrought {
    /// The letter that the draft becomes.
    pub instrument_id: InstrumentId,
    pub code: InstrumentCode,
    #[schema(examples(2))]
    pub draft_version: i32,
    /// The version of the case.
    #[schema(examples(12))]
    pub version: i64,
    pub document_id: Option<DocumentId>,
    /// Empty where it can be issued.
    pub faults: Vec<DraftFaultView>,
}

impl DraftBrought {
    pub fn new(row: &DraftRow, version: i64, faults: Vec<DraftFault>, language: Language) -> Self {
        Self {
            instrument_id: row.instrument_id(),
            code: row.code(),
            draft_version: row.version,
            version,
            document_id: row.document_id(),
            faults: DraftFaultView::of(faults, language),
        }
    }
}

/// A version of a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftVersionView {
    #[schema(examples(2))]
    pub version: i32,
    pub code: InstrumentCode,
    pub source: DraftSource,
    /// The entry of the log that made it.
    #[schema(examples(11))]
    pub seq: i64,
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
    pub by: Option<PersonRef>,
    pub note: Option<String>,
    /// The edited file; null for what was drafted here.
    pub document_id: Option<DocumentId>,
    /// Why it cannot be issued; empty where it can.
    pub faults: Vec<DraftFaultView>,
}

/// The versions of a letter, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftVersionList {
    pub items: Vec<DraftVersionView>,
}

impl DraftVersionList {
    pub fn new(versions: Vec<VersionTold>, language: Language) -> Self {
        let view = |told: VersionTold| DraftVersionView {
            version: told.row.version,
            code: told.row.code(),
            source: match told.row.document_id() {
                Some(_) => DraftSource::Edited,
                None => DraftSource::Drafted,
            },
            seq: told.row.seq,
            on: told.on,
            at: told.at,
            by: told.by.map(|(id, name)| PersonRef {
                id,
                name: name.to_string(),
            }),
            note: told.note,
            document_id: told.row.document_id(),
            faults: DraftFaultView::of(told.faults, language),
        };
        Self {
            items: versions.into_iter().map(view).collect(),
        }
    }
}

/// A line of two versions laid side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedLine {
    pub change: LineChange,
    #[schema(examples("经检索，本机关没有该信息。"))]
    pub text: String,
}

/// What changed between two versions, line by line; a line is a paragraph or a row of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftComparison {
    /// Whether both say the same.
    pub same: bool,
    pub lines: Vec<ComparedLine>,
}

impl DraftComparison {
    pub fn new(from: &[String], to: &[String]) -> Self {
        let (from, to): (Vec<&str>, Vec<&str>) = (
            from.iter().map(String::as_str).collect(),
            to.iter().map(String::as_str).collect(),
        );
        let compared = TextDiff::from_slices(&from, &to);
        let lines = compared.iter_all_changes().map(|change| ComparedLine {
            change: match change.tag() {
                ChangeTag::Equal => LineChange::Same,
                ChangeTag::Delete => LineChange::Removed,
                ChangeTag::Insert => LineChange::Added,
            },
            text: change.value().to_owned(),
        });
        Self {
            same: from == to,
            lines: lines.collect(),
        }
    }
}
