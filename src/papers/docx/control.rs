//! Content controls (`w:sdt`): the three places of a draft that the system fills or guards.

use std::fmt::Write;

use super::model::{DATE_BLANK, NUMBER_BLANK};
use super::role::BLANK;
use super::xml::{RunLook, run};

/// What stands in a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// 发文字号.
    Number,
    /// 成文日期.
    Date,
    /// 救济告知.
    Remedy,
}

impl Tag {
    pub const ALL: [Self; 3] = [Self::Number, Self::Date, Self::Remedy];

    /// The tag as it stands in the file.
    #[must_use]
    pub const fn value(self) -> &'static str {
        match self {
            Self::Number => "gongkai-number",
            Self::Date => "gongkai-date",
            Self::Remedy => "gongkai-remedy",
        }
    }

    /// What the program shows on the control.
    const fn title(self) -> &'static str {
        match self {
            Self::Number => "发文字号（签发时填入）",
            Self::Date => "成文日期（签发时填入）",
            Self::Remedy => "救济告知（不可修改）",
        }
    }

    /// A control may not be deleted; the wording of the remedy may not be changed either.
    const fn lock(self) -> &'static str {
        match self {
            Self::Number | Self::Date => "sdtLocked",
            Self::Remedy => "sdtContentLocked",
        }
    }
}

/// A control within a line. `id` must be one of its own in the file.
///
/// Always within a line, and never for plain text (`w:text`): LibreOffice 7.4 multiplies the text of a control around
/// paragraphs, and that of a plain one, when it saves. It drops the tag too; the style of the paragraph then tells the
/// reader which control it was.
pub(super) fn control(out: &mut String, tag: Tag, id: u32, blank: bool, runs: &str) {
    let _ = write!(
        out,
        r#"<w:sdt><w:sdtPr><w:alias w:val="{}"/><w:tag w:val="{}"/><w:id w:val="{id}"/><w:lock w:val="{}"/>"#,
        tag.title(),
        tag.value(),
        tag.lock()
    );
    if blank {
        out.push_str("<w:showingPlcHdr/>");
    }
    let _ = write!(out, "</w:sdtPr><w:sdtContent>{runs}</w:sdtContent></w:sdt>");
}

/// The control of the number or the day: its text, or the blank for it in grey.
pub(super) fn filled(out: &mut String, tag: Tag, id: u32, text: Option<&str>) {
    let blank = match tag {
        Tag::Number => NUMBER_BLANK,
        Tag::Date | Tag::Remedy => DATE_BLANK,
    };
    let style = text.is_none().then_some(BLANK.0);
    let mut runs = String::new();
    let look = RunLook {
        style,
        ..RunLook::default()
    };
    run(&mut runs, text.unwrap_or(blank), look);
    control(out, tag, id, text.is_none(), &runs);
}
