//! 案卷首页: what stands in the dossier of a case, as a page that is read in any browser without a network.

use serde::Serialize;

use super::{Page, PrintError};

const TEMPLATE: &str = include_str!("../../config/templates/dossier.html");

/// Everything that the page shows, in words.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DossierPage {
    /// The number of the case.
    pub number: String,
    pub agency: String,
    /// The day of which it speaks.
    pub as_of: String,
    /// What of the log cannot be read.
    pub problem: Option<String>,
    /// The data of the case, by name.
    pub facts: Vec<Named>,
    pub pieces: Vec<PieceLine>,
    pub forms: Vec<PieceLine>,
    /// What should be there and is not.
    pub lacking: Vec<String>,
    pub timeline: Vec<EntryLine>,
    pub clock: Vec<Named>,
    pub notes: Vec<String>,
    pub days: Vec<DayLine>,
    /// The files with the same data for programs.
    pub data: Vec<FileLink>,
}

/// A value with its name.
#[derive(Debug, Clone, Serialize)]
pub struct Named {
    pub name: &'static str,
    pub value: String,
}

/// A file of the dossier, with its address below the page.
#[derive(Debug, Clone, Serialize)]
pub struct FileLink {
    pub name: String,
    pub href: String,
}

/// A piece of the file.
#[derive(Debug, Clone, Serialize)]
pub struct PieceLine {
    pub place: Option<u32>,
    pub title: String,
    pub number: String,
    pub on: String,
    pub state: String,
    pub pages: Option<u32>,
    pub files: Vec<FileLink>,
    pub lacking: Vec<String>,
}

/// An entry of the log.
#[derive(Debug, Clone, Serialize)]
pub struct EntryLine {
    pub seq: i64,
    /// The day of its legal effect.
    pub on: String,
    /// The moment of its entry.
    pub at: String,
    pub by: String,
    pub what: String,
    /// Why it was entered late.
    pub late: String,
    /// Its data as it is shown.
    pub data: String,
    pub hash: String,
    pub previous_hash: String,
}

/// A day of the clock.
#[derive(Debug, Clone, Serialize)]
pub struct DayLine {
    pub date: String,
    pub counted: Option<u32>,
    pub reason: String,
}

/// The page.
///
/// # Errors
/// Only when the template cannot be filled.
pub fn dossier_page(page: &DossierPage) -> Result<String, PrintError> {
    Page::fill("dossier.html", TEMPLATE, page).map(|page| page.html)
}

/// The address of a file beside the page: every byte that means something in an address is written as its number.
pub fn href(path: &str) -> String {
    let mut address = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_people_wrote_stays_text() {
        let link = FileLink {
            name: "a\"><script>.pdf".to_owned(),
            href: href("材料/001 100%#a?.pdf"),
        };
        let page = DossierPage {
            number: "<script>alert(1)</script>".to_owned(),
            data: vec![link],
            ..DossierPage::default()
        };
        let html = dossier_page(&page).unwrap();
        assert!(!html.contains("<script"), "{html}");
        assert!(
            html.contains("href=\"%E6%9D%90%E6%96%99&#x2f;001%20100%25%23a%3F.pdf\""),
            "{html}"
        );
        assert!(!html.contains("http:") && !html.contains("https:"), "{html}");
    }
}
