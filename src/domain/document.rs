//! Uploaded files (文件): what they are for, which kinds are accepted, and under which name they are kept.
//!
//! Owns the kinds and the names that are safe to keep. Which kind some content is, `crate::documents` finds out. Keeps Art 29 (proof of identity, the application itself) and Art 40 (the form in which
//! information is given).

use crate::domain::words::codes::codes;
use crate::domain::words::text::FieldError;

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
    }
}

impl Purpose {
    /// Whether applicants supply such documents; the others are the agency's own.
    pub const fn is_applicants(self) -> bool {
        matches!(
            self,
            Self::Identity | Self::Application | Self::Authorisation | Self::Evidence
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
