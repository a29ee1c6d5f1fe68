//! 示例案件: the facts that a template is tried with before any case uses it. Everything that can be there is there.

use serde_json::Value;

use super::{Facts, Item, Kind, example, variables};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::people::agency::AgencyData;
use crate::domain::reply::RemedyClass;
use crate::papers::letters::{Pieces, TemplateCode};
use crate::papers::remedy::{self, Organs};

/// The sample facts of an instrument.
pub fn sample(code: InstrumentCode) -> Facts {
    let mut facts = Facts::new();
    for field in variables(code) {
        if !matches!(field.kind, Kind::Piece) {
            facts.insert(field.name.to_owned(), example(&field.kind, field.example));
        }
    }
    let instrument = facts.get_mut("文书").and_then(Value::as_object_mut);
    if let Some(instrument) = instrument {
        instrument.insert("名称".to_owned(), code.label().into());
        instrument.insert("标题".to_owned(), code.title().into());
    }
    facts
}

/// The sample of a template: which instrument it stands in, with which facts and pieces.
pub fn sample_of(code: TemplateCode, agency: Option<&AgencyData>) -> (InstrumentCode, Facts, Pieces) {
    let (instrument, parts) = match code {
        TemplateCode::Reply | TemplateCode::Of(InstrumentCode::D22) => {
            (InstrumentCode::D22, vec![InstrumentCode::D20, InstrumentCode::D28])
        }
        TemplateCode::Of(code) if code.is_reply() => (code, vec![code]),
        TemplateCode::Of(code) => (code, Vec::new()),
    };
    let mut facts = sample(instrument);
    if let Some(agency) = agency {
        name_agency(&mut facts, agency);
    }
    let item: Option<Item> = facts
        .get("答复")
        .and_then(|reply| reply.get("事项")?.get(0))
        .and_then(|item| serde_json::from_value(item.clone()).ok());
    let numbered = |place: u32| Item {
        place,
        ..item.clone().unwrap_or_default()
    };
    let answer: Vec<_> = parts
        .iter()
        .zip(1..)
        .map(|(code, place)| (*code, vec![numbered(place)]))
        .collect();
    let (withheld, rest): (&[u32], &[u32]) = match (instrument, answer.len()) {
        (_, 2) => (&[2], &[1]),
        _ => (&[], &[1]),
    };
    let organ = |name: &str| text_of(&facts, "机关", name);
    let (reconsideration, court) = (organ("复议机关"), organ("法院"));
    let organs = Organs {
        paper: instrument.paper(),
        reconsideration: &reconsideration,
        court: &court,
        state_council: false,
    };
    let pieces = Pieces {
        remedy: remedy::paragraphs(organs, withheld, rest, class_of(instrument)),
        answer,
        attachments: vec!["某地块征收补偿安置方案（12页）".to_owned()],
        barcode: Some(text_of(&facts, "案件", "编号")),
        qr: Some(text_of(&facts, "回执", "查询网址")).filter(|address| !address.is_empty()),
    };
    (instrument, facts, pieces)
}

/// The remedies that a sample tells.
fn class_of(code: InstrumentCode) -> RemedyClass {
    use InstrumentCode::*;
    match code {
        D22 | D23 | D24 | D25 | D26 | D27 | D28 | D29 => RemedyClass::R1,
        D13 | D14 | D41 => RemedyClass::R2,
        code if code.is_reply() => RemedyClass::R2,
        _ => RemedyClass::R0,
    }
}

fn text_of(facts: &Facts, group: &str, name: &str) -> String {
    let text = facts.get(group).and_then(|group| group.get(name)?.as_str());
    text.unwrap_or_default().to_owned()
}

/// The agency's own name and organs in place of the sample's.
fn name_agency(facts: &mut Facts, agency: &AgencyData) {
    let Some(Value::Object(group)) = facts.get_mut("机关") else {
        return;
    };
    for (name, value) in [
        ("名称", &agency.name),
        ("地址", &agency.guide.address),
        ("电话", &agency.guide.phone),
        ("办公时间", &agency.guide.office_hours),
        ("复议机关", &agency.reconsideration_organ),
        ("法院", &agency.court),
    ] {
        group.insert(name.to_owned(), value.clone().into());
    }
}
