//! Putting an instrument together: the template of its kind over its facts; of a reply, the common frame with the part of
//! each outcome in it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use serde_json::Value;

use super::facts::{Facts, Field, Item, Kind, Piece, put, variables};
use super::model::{Block, Layout, Number, Paper, Run, Text};
use super::numerals::chinese;
use super::template::{Fault, Part, Template};
use crate::domain::instrument::code::InstrumentCode;

/// Whose text a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TemplateCode {
    /// Of an instrument; of a reply, the part that tells one outcome.
    Of(InstrumentCode),
    /// 答复书通用格式: what stands around the parts of every reply.
    Reply,
}

/// How the frame of the replies is called.
pub const FRAME: (&str, &str) = ("reply", "答复书通用格式");

impl TemplateCode {
    /// Every template there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let letters = InstrumentCode::ALL.iter().map(|code| Self::Of(*code));
        letters.chain([Self::Reply])
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Of(code) => code.code(),
            Self::Reply => FRAME.0,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Of(code) => code.label(),
            Self::Reply => FRAME.1,
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|one| one.code() == code)
    }

    /// The variables that it may show.
    pub fn variables(self) -> Vec<Field> {
        match self {
            Self::Of(code) if code.is_reply() => {
                let parts = variables(code).into_iter();
                parts.filter(|field| !matches!(field.kind, Kind::Piece)).collect()
            }
            Self::Of(code) => variables(code),
            Self::Reply => {
                let (_, name, meaning) = Piece::ALL[0];
                let answer = Field {
                    name,
                    meaning,
                    example: &[],
                    kind: Kind::Piece,
                    optional: false,
                };
                variables(InstrumentCode::D22).into_iter().chain([answer]).collect()
            }
        }
    }
}

/// The templates that an agency uses, each with its version; 0 is the one that comes with the program.
#[derive(Debug, Clone)]
pub struct Book(BTreeMap<TemplateCode, (u32, Arc<Template>)>);

macro_rules! texts {
    ($($code:literal),*) => {
        &[$(($code, include_str!(concat!("../../config/templates/", $code, ".md")))),*]
    };
}

/// The texts that come with the program.
pub const TEXTS: &[(&str, &str)] = texts!(
    "D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D09", "D10", "D11", "D12", "D13", "D14", "D20", "D21",
    "D22", "D23", "D24", "D25", "D26", "D27", "D28", "D29", "D30", "D31", "D32", "D33", "D34", "D35", "D36", "D37",
    "D38", "D39", "D40", "D41", "D42", "D43", "D44", "D45", "D46", "D47", "D48", "reply"
);

/// A template that cannot be used, and why.
#[derive(Debug, Clone, thiserror::Error)]
#[error("template {code}: {}", told(faults))]
pub struct Unusable {
    pub code: &'static str,
    pub faults: Vec<Fault>,
}

fn told(faults: &[Fault]) -> String {
    let told = faults.iter().map(|fault| match fault.line {
        Some(line) => format!("line {line}: {}", fault.reason.en),
        None => fault.reason.en.to_string(),
    });
    told.collect::<Vec<_>>().join("; ")
}

impl Book {
    /// The templates that come with the program.
    ///
    /// # Errors
    /// One of them is unsound: the tests read them all.
    pub fn built_in() -> Result<&'static Self, &'static Unusable> {
        static BOOK: OnceLock<Result<Book, Unusable>> = OnceLock::new();
        BOOK.get_or_init(|| {
            let read = TemplateCode::all().map(|code| {
                let text = TEXTS.iter().find(|(name, _)| *name == code.code());
                let text = text.map_or("", |(_, text)| text);
                let template = Template::read_own(text, &code.variables()).map_err(|faults| Unusable {
                    code: code.code(),
                    faults,
                })?;
                Ok((code, (0, Arc::new(template))))
            });
            read.collect::<Result<_, _>>().map(Book)
        })
        .as_ref()
    }

    /// The same, but with one of another text.
    pub fn with(&self, code: TemplateCode, version: u32, template: Arc<Template>) -> Self {
        let mut book = self.0.clone();
        book.insert(code, (version, template));
        Self(book)
    }

    pub fn version(&self, code: TemplateCode) -> u32 {
        self.0.get(&code).map_or(0, |(version, _)| *version)
    }

    fn fill(&self, code: TemplateCode, facts: &Facts) -> Result<Vec<Part>, Unusable> {
        let unusable = |faults| Unusable {
            code: code.code(),
            faults,
        };
        match self.0.get(&code) {
            Some((_, template)) => template.fill(facts).map_err(unusable),
            None => Err(unusable(Vec::new())),
        }
    }
}

/// What a letter is put together from beside its templates.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    /// The parts of a reply: the items of each outcome, in the order in which they come first.
    pub answer: Vec<(InstrumentCode, Vec<Item>)>,
    pub attachments: Vec<String>,
    pub remedy: Vec<Text>,
    pub barcode: Option<String>,
    pub qr: Option<String>,
}

/// An instrument before it is put into words.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    pub code: InstrumentCode,
    /// 发文机关, which signs.
    pub organ: &'a str,
    /// 发文机关标志, which stands above a letter.
    pub letterhead: &'a str,
    pub number: Number,
    /// None while it is a draft.
    pub dated: Option<NaiveDate>,
    pub facts: &'a Facts,
    pub pieces: &'a Pieces,
}

impl Sheet<'_> {
    /// The template that gives its frame.
    pub fn template(&self) -> TemplateCode {
        match self.code.is_reply() {
            true => TemplateCode::Reply,
            false => TemplateCode::Of(self.code),
        }
    }

    /// The paper.
    ///
    /// # Errors
    /// A template that cannot be filled in.
    pub fn write(&self, book: &Book) -> Result<Paper, Unusable> {
        let mut blocks = Vec::new();
        for part in book.fill(self.template(), self.facts)? {
            match part {
                Part::Block(block) => blocks.push(block),
                Part::Piece(piece) => blocks.extend(self.piece(piece, book)?),
            }
        }
        let layout = layout(self.code);
        let organ = match layout {
            Layout::Letter => self.letterhead,
            Layout::Form => self.organ,
        };
        Ok(Paper {
            name: self.code.label().to_owned(),
            layout,
            organ: organ.to_owned(),
            number: self.number.clone(),
            dated: self.dated,
            blocks,
            watermark: None,
        })
    }

    fn piece(&self, piece: Piece, book: &Book) -> Result<Vec<Block>, Unusable> {
        let pieces = self.pieces;
        let block = match piece {
            Piece::Answer => return self.answer(book),
            Piece::Attachments if pieces.attachments.is_empty() => None,
            Piece::Attachments => Some(Block::Attachments {
                names: pieces.attachments.clone(),
            }),
            Piece::Remedy if pieces.remedy.is_empty() => None,
            Piece::Remedy => Some(Block::Remedy {
                paragraphs: pieces.remedy.clone(),
            }),
            Piece::Signature => Some(Block::Signature {
                organ: self.organ.to_owned(),
            }),
            Piece::Codes => Some(Block::Codes {
                barcode: pieces.barcode.clone(),
                qr: pieces.qr.clone(),
                caption: pieces.barcode.clone(),
            }),
            Piece::CutLine => Some(Block::CutLine {
                text: "沿此线剪下".to_owned(),
            }),
            Piece::PageBreak => Some(Block::PageBreak),
        };
        Ok(block.into_iter().collect())
    }

    /// 答复内容: a part for each outcome; where there are several, each under its own heading.
    fn answer(&self, book: &Book) -> Result<Vec<Block>, Unusable> {
        let parts = &self.pieces.answer;
        let mut blocks = Vec::new();
        if self.code == InstrumentCode::D22 {
            blocks.extend(self.part(InstrumentCode::D22, &[], 0, book)?);
        }
        for ((code, items), place) in parts.iter().zip(1..) {
            let place = if parts.len() > 1 { place } else { 0 };
            blocks.extend(self.part(*code, items, place, book)?);
        }
        Ok(blocks)
    }

    /// One part; `place` counts from 1 among several, and is 0 where it is the only one.
    fn part(&self, code: InstrumentCode, items: &[Item], place: u32, book: &Book) -> Result<Vec<Block>, Unusable> {
        let mut facts = self.facts.clone();
        if let Some(Value::Object(reply)) = facts.get_mut("答复") {
            put(reply, "事项", &items);
        }
        let mut blocks = Vec::new();
        for part in book.fill(TemplateCode::Of(code), &facts)? {
            match part {
                // What a part is headed tells it from others.
                Part::Block(Block::Heading { level: 1, .. }) if place == 0 => {}
                Part::Block(Block::Heading { level: 1, text }) => {
                    let number = Run {
                        text: format!("{}、", chinese(place)),
                        strong: false,
                    };
                    let text = std::iter::once(number).chain(text).collect();
                    blocks.push(Block::Heading { level: 1, text });
                }
                Part::Block(block) => blocks.push(block),
                Part::Piece(_) => {}
            }
        }
        Ok(blocks)
    }
}

/// Letters have a head; what stays inside, and the receipt, are forms.
fn layout(code: InstrumentCode) -> Layout {
    use InstrumentCode::*;
    match code {
        D01 | D02 | D03 | D08 | D11 | D43 | D44 | D45 => Layout::Form,
        _ => Layout::Letter,
    }
}
