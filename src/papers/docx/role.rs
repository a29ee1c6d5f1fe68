//! What a paragraph is in a paper, as its style says it: the writer gives the style, the reader knows it again.
//!
//! By its name, not its id: WPS numbers the ids anew, LibreOffice derives them from the names, both keep the names.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Heading1,
    Heading2,
    Body,
    Addressee,
    Item,
    Remedy,
    Attachments,
    Signature,
    Date,
    Number,
    Cell,
    Note,
    Codes,
    CodesCaption,
    CutLine,
    /// Of the head and the foot.
    Organ,
    PageNumber,
    /// Holds nothing: what stands between two tables, or below a rule.
    Gap,
}

/// The style of characters in a label such as `1.`.
pub(super) const LABEL: (&str, &str) = ("gongkaiLabel", "公文序号");
/// The style of characters in a blank that is filled at issue.
pub(super) const BLANK: (&str, &str) = ("gongkaiBlank", "公文待填");

impl Role {
    pub const ALL: [Self; 19] = [
        Self::Title,
        Self::Heading1,
        Self::Heading2,
        Self::Body,
        Self::Addressee,
        Self::Item,
        Self::Remedy,
        Self::Attachments,
        Self::Signature,
        Self::Date,
        Self::Number,
        Self::Cell,
        Self::Note,
        Self::Codes,
        Self::CodesCaption,
        Self::CutLine,
        Self::Organ,
        Self::PageNumber,
        Self::Gap,
    ];

    pub const fn id(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Heading1 => "Heading1",
            Self::Heading2 => "Heading2",
            Self::Body => "gongkaiBody",
            Self::Addressee => "gongkaiAddressee",
            Self::Item => "gongkaiItem",
            Self::Remedy => "gongkaiRemedy",
            Self::Attachments => "gongkaiAttachments",
            Self::Signature => "gongkaiSignature",
            Self::Date => "gongkaiDate",
            Self::Number => "gongkaiNumber",
            Self::Cell => "gongkaiCell",
            Self::Note => "gongkaiNote",
            Self::Codes => "gongkaiCodes",
            Self::CodesCaption => "gongkaiCodesCaption",
            Self::CutLine => "gongkaiCutLine",
            Self::Organ => "gongkaiOrgan",
            Self::PageNumber => "gongkaiPageNumber",
            Self::Gap => "gongkaiGap",
        }
    }

    /// As it stands in the list of styles; the first three are Word's own.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Heading1 => "heading 1",
            Self::Heading2 => "heading 2",
            Self::Body => "公文正文",
            Self::Addressee => "公文主送",
            Self::Item => "公文条目",
            Self::Remedy => "公文救济告知",
            Self::Attachments => "公文附件说明",
            Self::Signature => "公文署名",
            Self::Date => "公文成文日期",
            Self::Number => "公文文号",
            Self::Cell => "公文表格文字",
            Self::Note => "公文注",
            Self::Codes => "公文条码",
            Self::CodesCaption => "公文条码说明",
            Self::CutLine => "公文裁切线",
            Self::Organ => "公文发文机关",
            Self::PageNumber => "公文页码",
            Self::Gap => "公文间隔",
        }
    }

    /// The role of a style with this name.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|role| role.name().eq_ignore_ascii_case(name))
    }
}
