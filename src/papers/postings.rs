//! 邮寄清单 and 地址标签: forms for the post of a day.

use chrono::NaiveDate;

use super::model::{Block, Layout, Number, Paper, Run, Text};
use super::numerals::chinese_date;
use crate::domain::people::agency::AgencyData;
use crate::domain::words::ids::{CaseId, InstrumentId};

/// A letter that is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub case_id: CaseId,
    pub case_number: String,
    /// The entry of the log that sends it.
    pub seq: u32,
    /// What the letter is called.
    pub letter: String,
    pub number: Option<String>,
    pub recipient: String,
    pub address: Option<String>,
    pub phone: Option<String>,
    /// The number of the item in the post.
    pub reference: Option<String>,
    /// The instrument that is in the envelope.
    pub paper: Option<InstrumentId>,
    /// The numbers of the other applications that the letter answers.
    pub together_with: Vec<String>,
}

impl Posting {
    /// 申请编号, of all applications that the letter answers.
    fn numbers(&self) -> String {
        let all = std::iter::once(&self.case_number).chain(&self.together_with);
        all.cloned().collect::<Vec<_>>().join("、")
    }

    /// 内件: what lies inside.
    fn content(&self) -> String {
        match &self.number {
            Some(number) => format!("{}（{number}）", self.letter),
            None => self.letter.clone(),
        }
    }
}

/// 邮寄清单: handed over with the letters, stamped by the post office, kept as the proof of the day of posting.
pub fn list(agency: &AgencyData, on: NaiveDate, postings: &[Posting]) -> Paper {
    let head = ["序号", "收件人", "地址", "电话", "内件", "申请编号", "邮件号"];
    let mut rows = vec![head.map(text).to_vec()];
    rows.extend(postings.iter().zip(1_u32..).map(|(posting, place)| {
        let cells = [
            place.to_string(),
            posting.recipient.clone(),
            posting.address.clone().unwrap_or_default(),
            posting.phone.clone().unwrap_or_default(),
            posting.content(),
            posting.numbers(),
            posting.reference.clone().unwrap_or_default(),
        ];
        cells.iter().map(|cell| text(cell)).collect()
    }));
    let told = format!(
        "寄件单位：{}　　交寄日期：{}　　共{}件",
        agency.name,
        chinese_date(on),
        postings.len()
    );
    paper(
        "邮寄清单",
        agency,
        vec![
            Block::Title {
                text: "政府信息公开文书邮寄清单".to_owned(),
            },
            Block::Paragraph { text: text(&told) },
            Block::Table {
                head: true,
                widths: vec![5, 11, 22, 15, 17, 17, 13],
                rows,
            },
            Block::Paragraph {
                text: text("寄件经手人（签名）：　　　　　　　　收寄人（签名、日戳）："),
            },
            Block::Note {
                text: text(
                    "请通过邮政企业寄送，由收寄人加盖收寄日戳。以交寄日期确定答复日期（国办公开办函〔2016〕235号第四点），盖戳后的清单应当归档。",
                ),
            },
        ],
    )
}

/// 地址标签: one for each letter, to be cut out; the barcode is the number of the application.
pub fn labels(agency: &AgencyData, postings: &[Posting]) -> Paper {
    let mut blocks = Vec::new();
    for posting in postings {
        if !blocks.is_empty() {
            blocks.push(Block::CutLine {
                text: "沿此线剪下".to_owned(),
            });
        }
        let sender = format!("{}　{}　{}", agency.name, agency.post_address(), agency.guide.phone);
        let rows = [
            ("收件人", posting.recipient.clone()),
            ("地址", posting.address.clone().unwrap_or_default()),
            ("电话", posting.phone.clone().unwrap_or_default()),
            ("寄件人", sender),
            ("内件", posting.content()),
        ];
        blocks.push(Block::Table {
            head: false,
            widths: vec![16, 84],
            rows: rows.iter().map(|(name, value)| vec![text(name), text(value)]).collect(),
        });
        blocks.push(Block::Codes {
            barcode: Some(posting.case_number.clone()),
            qr: None,
            caption: Some(posting.case_number.clone()),
        });
    }
    if blocks.is_empty() {
        blocks.push(Block::Paragraph {
            text: text("当日没有需要邮寄的文书。"),
        });
    }
    paper("地址标签", agency, blocks)
}

fn paper(name: &str, agency: &AgencyData, blocks: Vec<Block>) -> Paper {
    Paper {
        name: name.to_owned(),
        layout: Layout::Form,
        organ: agency.name.clone(),
        number: Number::None,
        dated: None,
        blocks,
        watermark: None,
    }
}

fn text(text: &str) -> Text {
    vec![Run {
        text: text.to_owned(),
        strong: false,
    }]
}
