//! What templates may say (模板变量): the facts of an instrument under Chinese names, each with its meaning and an example.
//! The names and meanings are declared together with the types, so that what a jurist reads of a variable is what it holds.

mod groups;
mod kinds;
pub mod sample;

pub use groups::*;
pub use kinds::{Field, Kind, example};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::instrument::code::InstrumentCode;

/// The version of the names and meanings; it grows when a name goes or changes its meaning.
pub const CONTEXT_VERSION: u32 = 1;

/// A piece of a letter: put in place of its name after the template was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// 答复内容: the items of a reply.
    Answer,
    /// 附件
    Attachments,
    /// 救济告知
    Remedy,
    /// 落款
    Signature,
    /// 条形码、二维码
    Codes,
    /// Where a slip is cut off.
    CutLine,
    PageBreak,
}

impl Piece {
    pub const ALL: [(Self, &'static str, &'static str); 7] = [
        (
            Self::Answer,
            "答复内容",
            "各答复事项的正文，按办理结果分部分排列，由各结果的模板逐项生成",
        ),
        (
            Self::Attachments,
            "附件",
            "附件说明：随文提供的文件名称、页数；没有附件的，不印",
        ),
        (
            Self::Remedy,
            "救济告知",
            "不服时的救济途径、期限，由法律规定确定（复议机关、法院在机关设置中填写）；没有的，不印",
        ),
        (Self::Signature, "落款", "发文机关名称、成文日期和用印位置"),
        (Self::Codes, "条码", "登记编号的条形码和进度查询的二维码"),
        (Self::CutLine, "剪线", "回执联的裁剪线"),
        (Self::PageBreak, "分页", "另起一页"),
    ];

    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(piece, ..)| *piece == self);
        found.map_or("", |(_, name, _)| name)
    }

    pub fn of_name(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == name);
        found.map(|(piece, ..)| *piece)
    }
}

/// The facts of one instrument, as they are frozen with it.
pub type Facts = Map<String, Value>;

/// The variables of an instrument: those that all have, its own group, and the pieces of letters.
pub fn variables(code: InstrumentCode) -> Vec<Field> {
    let common = common_groups(code.is_reply());
    let own = groups_of(code);
    let pieces = pieces_of(code).iter().map(|piece| {
        let (_, name, meaning) = Piece::ALL
            .iter()
            .find(|(known, ..)| known == piece)
            .copied()
            .unwrap_or((*piece, "", ""));
        Field {
            name,
            meaning,
            example: &[],
            kind: Kind::Piece,
            optional: false,
        }
    });
    common.into_iter().chain(own).chain(pieces).collect()
}

/// The pieces that a paper of this kind can have.
fn pieces_of(code: InstrumentCode) -> &'static [Piece] {
    use InstrumentCode::*;
    match code {
        D03 => &[Piece::Codes, Piece::Signature, Piece::CutLine, Piece::PageBreak],
        D01 | D02 | D08 | D11 | D43 | D44 | D45 => &[Piece::Codes, Piece::Signature, Piece::CutLine, Piece::PageBreak],
        _ => &[
            Piece::Attachments,
            Piece::Remedy,
            Piece::Signature,
            Piece::CutLine,
            Piece::PageBreak,
        ],
    }
}

/// Adds a group under its name.
pub fn put(facts: &mut Facts, name: &str, group: &impl Serialize) {
    facts.insert(name.to_owned(), serde_json::to_value(group).unwrap_or_default());
}
