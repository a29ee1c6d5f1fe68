//! The document model (文书模型): what a paper says, once for every writer, so that DOCX, PDF and pages can never say
//! different things. Pure data: it is frozen as JSON when an instrument is issued, and written from that ever after.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a draft shows where issue puts the number.
pub(super) const NUMBER_BLANK: &str = "〔    〕    号";
/// What a draft shows where issue puts the day.
pub(super) const DATE_BLANK: &str = "    年  月  日";

/// A paper with everything that is printed on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// What it is called in lists and in the metadata of files.
    pub name: String,
    pub layout: Layout,
    /// 发文机关标志: the organ that issues it.
    pub organ: String,
    /// 发文字号.
    pub number: Number,
    /// The day of issue; a draft has none yet.
    pub dated: Option<NaiveDate>,
    pub blocks: Vec<Block>,
    /// Printed across every page of what is no paper yet, such as 样稿.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
}

/// How a paper is laid out (GB/T 9704-2012).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// 信函格式 (10.1): letters that leave the agency.
    Letter,
    /// Forms and slips that stay inside or lie beside a letter: no red head, small type.
    Form,
}

/// 发文字号.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// The paper carries none of its own.
    None,
    /// Given at issue; a marked blank until then.
    Blank,
    Is(String),
}

/// A piece of text in one weight. A line feed in it begins a new line of the same paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub text: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
}

/// Text as it runs on.
pub type Text = Vec<Run>;

/// A part of a paper, in the order in which it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// 标题: 2号小标宋, centred, broken into lines of about equal length.
    Title {
        text: String,
    },
    /// 主送: flush left, with its full-width colon.
    Addressee {
        text: String,
    },
    /// 一、 (level 1, 黑体) or （一） (level 2, 楷体), its numbering in the text.
    Heading {
        level: u8,
        text: Text,
    },
    /// Indented by two characters.
    Paragraph {
        text: Text,
    },
    /// A numbered piece, `label` such as `1.` or `（1）`: indented like a paragraph, its label run in.
    Item {
        label: String,
        text: Text,
    },
    /// Rows of cells; the first row is the head where `head` is set. Widths are shares of the line.
    Table {
        head: bool,
        widths: Vec<u16>,
        rows: Vec<Vec<Text>>,
    },
    /// 救济告知: its paragraphs, kept apart so that an edited draft can be checked for it.
    Remedy {
        paragraphs: Vec<Text>,
    },
    /// 附件说明: one line below the text, indented by two.
    Attachments {
        names: Vec<String>,
    },
    /// 落款: organ and day at the right, with the place for the seal over both. The day is `Paper::dated`.
    Signature {
        organ: String,
    },
    /// Code 128 and QR, side by side, with what they hold in letters below.
    Codes {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        barcode: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        qr: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
    },
    /// Where a slip is cut off (回执), with a word on the line.
    CutLine {
        text: String,
    },
    /// Small type: what is said beside the text, such as a note to a form.
    Note {
        text: Text,
    },
    PageBreak,
}

impl Paper {
    /// What it says, a line for each paragraph and each row of a table; without its number and its day.
    pub fn lines(&self) -> Vec<String> {
        self.blocks.iter().flat_map(Block::lines).collect()
    }

    /// 救济告知: what it says of the remedies.
    pub fn remedies(&self) -> Vec<String> {
        let remedies = self.blocks.iter().filter(|block| matches!(block, Block::Remedy { .. }));
        remedies.flat_map(Block::lines).collect()
    }
}

impl Block {
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Title { text } | Self::Addressee { text } | Self::CutLine { text } => vec![text.clone()],
            Self::Heading { text, .. } | Self::Paragraph { text } | Self::Note { text } => vec![plain(text)],
            Self::Item { label, text } => vec![format!("{label}{}", plain(text))],
            Self::Table { rows, .. } => rows
                .iter()
                .map(|row| row.iter().map(plain).collect::<Vec<_>>().join("\t"))
                .collect(),
            Self::Remedy { paragraphs } => paragraphs.iter().map(plain).collect(),
            Self::Attachments { names } => names.iter().map(|name| format!("附件：{name}")).collect(),
            Self::Signature { organ } => vec![organ.clone()],
            Self::Codes { caption, .. } => caption.clone().into_iter().collect(),
            Self::PageBreak => Vec::new(),
        }
    }
}

fn plain(text: &Text) -> String {
    text.iter().map(|run| run.text.as_str()).collect()
}
