//! Uploaded files (文件): what they are for, which kinds are accepted, and under which name they are kept.
//!
//! Owns the kinds and the names that are safe to keep. Which kind some content is, `crate::documents` finds out. Keeps Art 29 (proof of identity, the application itself) and Art 40 (the form in which
//! information is given).

use crate::domain::words::codes::codes;
use crate::domain::words::ids::DocumentId;
use crate::domain::words::text::FieldError;
use serde_json::Value;

/// Longest file name, in characters.
pub const NAME_MAX: usize = 200;

codes! {
    /// What a document is for (用途).
    pub enum Purpose {
        Identity "identity" "身份证明",
        Application "application" "申请书",
        Authorisation "authorisation" "授权委托书",
        Evidence "evidence" "证明材料",
        SearchResult "search_result" "检索所得材料",
        Reply "reply" "答复附件",
        DeliveryProof "delivery_proof" "送达凭证",
        Notice "notice" "告知书",
        Opinion "opinion" "意见反馈",
        Payment "payment" "缴费凭证",
        Decision "decision" "决定、裁判文书",
        Withdrawal "withdrawal" "撤回申请",
        Review "review" "审核意见",
        Supplement "supplement" "补充材料",
        Other "other" "其他",
    }
}

impl Purpose {
    /// Whether applicants supply such documents; the others are the agency's own.
    pub const fn is_applicants(self) -> bool {
        matches!(
            self,
            Self::Identity
                | Self::Application
                | Self::Authorisation
                | Self::Evidence
                | Self::Payment
                | Self::Withdrawal
                | Self::Supplement
                | Self::Other
        )
    }

    /// A purpose that applicants may not give.
    pub fn not_applicants(pointer: &str) -> FieldError {
        let theirs = || Self::ALL.iter().filter(|purpose| purpose.is_applicants());
        let labels: Vec<_> = theirs().map(|purpose| purpose.label()).collect();
        let codes: Vec<_> = theirs().map(|purpose| purpose.code()).collect();
        FieldError::new(
            pointer,
            format!("申请人提交的文件，用途请从以下各项中选择：{}。", labels.join("、")),
            format!("Applicants give one of these purposes: {}.", codes.join(", ")),
        )
    }
}

codes! {
    /// The accepted kinds of file (文件格式), found by content; the codes are the media types of HTTP.
    pub enum MediaType {
        Pdf "application/pdf" "PDF",
        Ofd "application/ofd" "OFD",
        Doc "application/msword" "DOC",
        Docx "application/vnd.openxmlformats-officedocument.wordprocessingml.document" "DOCX",
        Xls "application/vnd.ms-excel" "XLS",
        Xlsx "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" "XLSX",
        Ppt "application/vnd.ms-powerpoint" "PPT",
        Pptx "application/vnd.openxmlformats-officedocument.presentationml.presentation" "PPTX",
        Wps "application/wps-office.wps" "WPS",
        Et "application/wps-office.et" "ET",
        Dps "application/wps-office.dps" "DPS",
        Jpeg "image/jpeg" "JPEG",
        Png "image/png" "PNG",
        Tiff "image/tiff" "TIFF",
        Text "text/plain" "TXT",
        Zip "application/zip" "ZIP",
    }
}

impl MediaType {
    /// The endings a name may have, the usual one first.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Ofd => &["ofd"],
            Self::Doc => &["doc"],
            Self::Docx => &["docx"],
            Self::Xls => &["xls"],
            Self::Xlsx => &["xlsx"],
            Self::Ppt => &["ppt"],
            Self::Pptx => &["pptx"],
            Self::Wps => &["wps"],
            Self::Et => &["et"],
            Self::Dps => &["dps"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Tiff => &["tif", "tiff"],
            Self::Text => &["txt"],
            Self::Zip => &["zip"],
        }
    }
}

/// A document that is not there for the person who names it.
pub fn no_document(pointer: impl Into<String>) -> FieldError {
    FieldError::new(
        pointer,
        "没有这份文件，或者您无权使用它。请先上传文件，再填写返回的编号。",
        "There is no such document for you; upload it first and use the id of the answer.",
    )
}

/// Most documents that one body may name.
pub const NAMED_MAX: usize = 500;

/// More documents than one body may name.
pub fn too_many(pointer: &str, count: usize) -> FieldError {
    FieldError::new(
        pointer,
        format!("一次最多列出 {NAMED_MAX} 份文件，现有 {count} 份。请合并文件，或者分次提交。"),
        format!("At most {NAMED_MAX} documents at once; there are {count}. Join files, or hand in the others later."),
    )
}

/// An id in a text of a body: where a document has it, the text names that document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub pointer: String,
    pub id: DocumentId,
    /// The text is the id and nothing else.
    pub alone: bool,
}

/// The ids in all texts of a body, whatever the fields are called; a field that names something else by its id is no text.
pub fn mentioned_in(body: &Value) -> Vec<Mention> {
    let mut mentions = Vec::new();
    collect_mentions(body, &mut String::new(), &mut mentions);
    mentions
}

fn collect_mentions(value: &Value, pointer: &mut String, mentions: &mut Vec<Mention>) {
    let mut below = |name: &str, value: &Value| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(name);
        collect_mentions(value, pointer, mentions);
        pointer.truncate(length);
    };
    match value {
        Value::Object(fields) => {
            let other = |name: &str| name == "id" || (name.ends_with("_id") && !name.ends_with("document_id"));
            let texts = fields.iter().filter(|(name, _)| !other(name));
            texts.for_each(|(name, value)| below(name, value));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| below(&index.to_string(), value));
        }
        Value::String(text) => {
            let words = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
            mentions.extend(words.filter_map(|word| {
                Some(Mention {
                    pointer: pointer.clone(),
                    id: word.parse().ok()?,
                    alone: word == text.trim(),
                })
            }));
        }
        _ => {}
    }
}

/// The ending of a name in lower case, without the dot; empty when there is none.
pub fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// The name under which a file is kept: the last component of what was sent, without characters that deceive a reader or
/// mean something to an operating system, at most [`NAME_MAX`] characters, and with an ending that fits the content.
///
/// A program called `报告.pdf.exe` that is in truth a PDF is kept as `报告.pdf.exe.pdf`.
pub fn kept_name(sent: &str, media_type: MediaType) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_deceptive(*c))
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    let known = media_type.extensions();
    let ending = extension(clean);
    let (stem, ending) = if known.contains(&ending.as_str()) {
        (clean.rsplit_once('.').map_or(clean, |(stem, _)| stem), ending)
    } else {
        (clean, known.first().copied().unwrap_or_default().to_owned())
    };
    let stem = if stem.trim().is_empty() { "未命名" } else { stem };
    let longest = NAME_MAX.saturating_sub(ending.chars().count() + 1);
    let stem: String = stem.chars().take(longest).collect();
    format!("{}.{ending}", stem.trim_end())
}

/// Characters that are not seen, or make a name read in another order than it is written.
fn is_deceptive(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFD}' | '\u{E0000}'..='\u{E007F}'
    )
}
