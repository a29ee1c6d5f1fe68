//! An instrument of a case as its people see it (文书).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::{AddresseeKind, FileFormat};
use crate::domain::reply::RemedyClass;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{DocumentId, InstrumentId};
use crate::service::papers::Papers;
use crate::service::paperwork::NoPdf;
use crate::store::documents::DocumentRow;
use crate::store::drafts::DraftRow;
use crate::store::instruments::{FileRow, InstrumentRow};

codes! {
    /// Where an instrument stands.
    pub enum InstrumentStatus {
        Draft "draft" "草稿",
        Issued "issued" "已发出",
        /// It keeps its number, and holds no more.
        Cancelled "cancelled" "已作废",
    }

    /// What there is to say of an instrument.
    pub enum InstrumentNoteCode {
        /// Its day lies before that of the number before it.
        NumberOrder "number_order" "成文日期早于前一号文书",
        /// The paper was made elsewhere and its scan is not there.
        ScanMissing "scan_missing" "纸质文书的扫描件尚未上传",
        /// One paper answers several applications.
        Combined "combined" "与另一件申请合并答复",
        /// It was worded when it was issued, and not as its draft was: a template or the agency changed meanwhile.
        DiffersFromDraft "differs_from_draft" "文字与签批的答复稿不同，请核对",
        /// Its newest version cannot be issued.
        DraftFaulty "draft_faulty" "修改稿不能发出，请查看各稿的问题",
    }
}

/// An instrument of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentView {
    pub id: InstrumentId,
    pub code: InstrumentCode,
    #[schema(examples("补正告知书"))]
    pub name: &'static str,
    /// 发文字号
    #[schema(examples("云政公开〔2026〕12号"))]
    pub number: Option<String>,
    pub status: InstrumentStatus,
    pub addressee: AddresseeView,
    /// Null for a draft.
    pub issued_on: Option<NaiveDate>,
    /// The entry of the log that left it; of a draft that of its newest version.
    pub seq: i64,
    /// The version of the draft; null for what was issued.
    pub draft_version: Option<i32>,
    /// The version of its template, 0 for the one that comes with the program; null where the paper was made elsewhere.
    pub template_version: Option<i32>,
    pub remedy: RemedyClass,
    /// It was sent on paper and takes no number here.
    pub on_paper: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<CancelledView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<InstrumentNote>,
    pub files: Vec<InstrumentFile>,
    /// Characters that no font of this installation has, so that there is no PDF yet; only in the answer to the action.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_glyphs: Vec<String>,
}

/// To whom an instrument goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddresseeView {
    pub kind: AddresseeKind,
    /// The name of a third party or of an agency; the applicant's stands with the case.
    #[schema(examples("江临市鼎成建设有限公司"))]
    pub name: Option<String>,
}

/// When and why an instrument was cancelled.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancelledView {
    pub on: NaiveDate,
    #[schema(examples("文书内容有误"))]
    pub because: String,
}

impl CancelledView {
    pub(super) fn of(row: &InstrumentRow) -> Option<Self> {
        row.cancelled_on.map(|on| Self {
            on,
            because: row.cancelled_because.clone().unwrap_or_default(),
        })
    }
}

pub(super) fn addressee_view(row: &InstrumentRow) -> AddresseeView {
    AddresseeView {
        kind: row.addressee_kind(),
        name: Some(row.addressee.clone()).filter(|name| !name.is_empty()),
    }
}

/// Something to know of an instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentNote {
    pub code: InstrumentNoteCode,
    #[schema(examples("成文日期早于前一号文书"))]
    pub label: &'static str,
}

impl From<InstrumentNoteCode> for InstrumentNote {
    fn from(code: InstrumentNoteCode) -> Self {
        Self {
            code,
            label: code.label(),
        }
    }
}

/// A file of an instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentFile {
    pub format: FileFormat,
    pub document_id: DocumentId,
    #[schema(examples(52431))]
    pub bytes: u64,
    #[schema(examples("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))]
    pub sha256: String,
    /// Pages of the print; null where nobody counted.
    pub pages: Option<i32>,
}

/// The instruments of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentList {
    pub items: Vec<InstrumentView>,
}

impl InstrumentList {
    /// As the applicant sees them: what the office has to look after is not for him.
    pub fn for_applicant(papers: Papers) -> Self {
        let mut list = Self::new(papers);
        for view in &mut list.items {
            view.notes.retain(|note| note.code == InstrumentNoteCode::Combined);
        }
        list
    }

    pub fn new(papers: Papers) -> Self {
        let documents: BTreeMap<DocumentId, DocumentRow> = papers
            .documents
            .into_iter()
            .map(|document| (document.id(), document))
            .collect();
        let view = |row: InstrumentRow| {
            let own = row.same_as().unwrap_or(row.id());
            let files = papers.files.iter().filter(|file| file.instrument_id() == own);
            let files = files.filter_map(|file| file_view(file, documents.get(&file.document_id())?));
            InstrumentView::new(&row, files.collect())
        };
        let issued = papers.rows.into_iter().map(view);
        Self {
            items: issued
                .chain(papers.draft.as_ref().map(InstrumentView::drafted))
                .collect(),
        }
    }

    /// As an answer to the action tells them: with what no font could print.
    pub fn told(papers: Papers, unprinted: &BTreeMap<InstrumentId, NoPdf>) -> Vec<InstrumentView> {
        let mut views = Self::new(papers).items;
        for view in &mut views {
            if let Some(NoPdf::Missing(missing)) = unprinted.get(&view.id) {
                view.missing_glyphs = missing.iter().map(ToString::to_string).collect();
            }
        }
        views
    }
}

fn file_view(file: &FileRow, document: &DocumentRow) -> Option<InstrumentFile> {
    Some(InstrumentFile {
        format: file.format(),
        document_id: file.document_id(),
        bytes: document.bytes(),
        sha256: document.sha256.clone(),
        pages: file.pages,
    })
}

impl InstrumentView {
    /// A reply that is being drafted.
    fn drafted(row: &DraftRow) -> Self {
        let faulty = (row.faults != "[]").then(|| InstrumentNoteCode::DraftFaulty.into());
        Self {
            id: row.instrument_id(),
            code: row.code(),
            name: row.code().label(),
            number: None,
            status: InstrumentStatus::Draft,
            addressee: AddresseeView {
                kind: AddresseeKind::Applicant,
                name: None,
            },
            issued_on: None,
            seq: row.seq,
            draft_version: Some(row.version),
            template_version: None,
            remedy: row.remedy(),
            on_paper: false,
            cancelled: None,
            notes: faulty.into_iter().collect(),
            files: Vec::new(),
            missing_glyphs: Vec::new(),
        }
    }

    fn new(row: &InstrumentRow, files: Vec<InstrumentFile>) -> Self {
        let cancelled = CancelledView::of(row);
        let notes = [
            (row.out_of_order, InstrumentNoteCode::NumberOrder),
            (row.on_paper && files.is_empty(), InstrumentNoteCode::ScanMissing),
            (row.same_as().is_some(), InstrumentNoteCode::Combined),
            (row.differs_from_draft, InstrumentNoteCode::DiffersFromDraft),
        ];
        Self {
            id: row.id(),
            code: row.code(),
            name: row.code().label(),
            number: row.number.clone(),
            status: match cancelled {
                Some(_) => InstrumentStatus::Cancelled,
                None => InstrumentStatus::Issued,
            },
            addressee: addressee_view(row),
            issued_on: Some(row.issued_on),
            seq: row.seq,
            draft_version: None,
            template_version: row.template_version,
            remedy: row.remedy(),
            on_paper: row.on_paper,
            cancelled,
            notes: notes
                .into_iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, code)| code.into())
                .collect(),
            files,
            missing_glyphs: Vec::new(),
        }
    }
}
