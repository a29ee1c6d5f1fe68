//! Uploaded files (文件): what they are for, which kinds are accepted, and under which name they are kept.
//!
//! Owns decisions only: which media type some content is ([`sniff`]), which name is safe to keep. Reading files is
//! `crate::documents`' part. Keeps Art 29 (proof of identity, the application itself) and Art 40 (the form in which
//! information is given).

pub mod sniff;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::words::codes::Coded;
use crate::domain::words::text::FieldError;

/// Longest file name, in characters.
pub const NAME_MAX: usize = 200;

/// What a document is for (用途).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 身份证明
    Identity,
    /// 申请书
    Application,
    /// 授权委托书
    Authorisation,
    /// 证明材料
    Evidence,
    /// 检索所得材料
    SearchResult,
    /// 答复附件
    Reply,
    /// 送达凭证
    DeliveryProof,
}

impl Purpose {
    /// Every purpose, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Application,
        Self::Authorisation,
        Self::Evidence,
        Self::SearchResult,
        Self::Reply,
        Self::DeliveryProof,
    ];

    /// The code used in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Application => "application",
            Self::Authorisation => "authorisation",
            Self::Evidence => "evidence",
            Self::SearchResult => "search_result",
            Self::Reply => "reply",
            Self::DeliveryProof => "delivery_proof",
        }
    }

    /// Whether applicants supply such documents; the others are the agency's own.
    pub const fn is_applicants(self) -> bool {
        matches!(
            self,
            Self::Identity | Self::Application | Self::Authorisation | Self::Evidence
        )
    }
}

impl Coded for Purpose {
    fn as_code(&self) -> &'static str {
        self.code()
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

macro_rules! media_types {
    ($($variant:ident $code:literal [$($extension:literal),+];)+) => {
        /// The accepted kinds of file (文件格式), found by content.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MediaType { $($variant),+ }

        impl MediaType {
            /// Every accepted type.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The media type as HTTP names it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The endings a name may have, the usual one first.
            pub const fn extensions(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($extension),+]),+ }
            }
        }

        impl Coded for MediaType {
            fn as_code(&self) -> &'static str {
                self.code()
            }

            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

media_types! {
    Pdf "application/pdf" ["pdf"];
    Ofd "application/ofd" ["ofd"];
    Doc "application/msword" ["doc"];
    Docx "application/vnd.openxmlformats-officedocument.wordprocessingml.document" ["docx"];
    Xls "application/vnd.ms-excel" ["xls"];
    Xlsx "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" ["xlsx"];
    Ppt "application/vnd.ms-powerpoint" ["ppt"];
    Pptx "application/vnd.openxmlformats-officedocument.presentationml.presentation" ["pptx"];
    Wps "application/wps-office.wps" ["wps"];
    Et "application/wps-office.et" ["et"];
    Dps "application/wps-office.dps" ["dps"];
    Jpeg "image/jpeg" ["jpg", "jpeg"];
    Png "image/png" ["png"];
    Tiff "image/tiff" ["tif", "tiff"];
    Text "text/plain" ["txt"];
    Zip "application/zip" ["zip"];
}

impl Serialize for MediaType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for MediaType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom("not an accepted media type"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_readable_and_harmless() {
        let long = "长".repeat(300);
        let cut = format!("{}.pdf", "长".repeat(196));
        for (sent, media_type, kept) in [
            ("申请书.pdf", MediaType::Pdf, "申请书.pdf"),
            ("申请书.PDF", MediaType::Pdf, "申请书.pdf"),
            ("C:\\用户\\桌面\\申请书.pdf", MediaType::Pdf, "申请书.pdf"),
            ("../../etc/passwd", MediaType::Text, "passwd.txt"),
            ("报告.pdf.exe", MediaType::Pdf, "报告.pdf.exe.pdf"),
            ("page.html", MediaType::Text, "page.html.txt"),
            ("发票\u{202E}fdp.exe", MediaType::Png, "发票fdp.exe.png"),
            ("a\r\nb\u{0}.txt", MediaType::Text, "ab.txt"),
            ("照片.jpeg", MediaType::Jpeg, "照片.jpeg"),
            ("公文.wps", MediaType::Wps, "公文.wps"),
            ("a<b>:\"c\"|?*.zip", MediaType::Zip, "a_b___c____.zip"),
            (".pdf", MediaType::Pdf, "pdf.pdf"),
            ("", MediaType::Pdf, "未命名.pdf"),
            (" . ", MediaType::Pdf, "未命名.pdf"),
            (&long, MediaType::Pdf, &cut),
        ] {
            assert_eq!(kept_name(sent, media_type), kept, "{sent:?}");
        }
    }

    #[test]
    fn codes_read_back() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::from_code(purpose.code()), Some(purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.code());
        }
        for media_type in MediaType::ALL {
            assert_eq!(MediaType::from_code(media_type.code()), Some(*media_type));
        }
    }
}
