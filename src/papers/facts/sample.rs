//! 示例案件: the facts that a template is tried with before any case uses it.

use serde_json::{Map, Value, json};

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
    for (group, name, value) in own_values(code) {
        let place = match group {
            "" => Some(&mut facts),
            group => facts.get_mut(group).and_then(Value::as_object_mut),
        };
        if let Some(place) = place {
            place.insert((*name).to_owned(), value.clone());
        }
    }
    facts
}

/// Where an instrument has another example than the variable: the letters of others are not to the applicant, and so on.
fn own_values(code: InstrumentCode) -> Vec<(&'static str, &'static str, Value)> {
    use InstrumentCode::*;
    let (party, organ) = ("江临市鼎成建设有限公司", "澄溪县自然资源和规划局");
    let letter = |name: &str| json!({"名称": name, "文号": "云政公开〔2026〕12号", "日期": "2026年3月12日"});
    match code {
        D07 | D41 => vec![("", "收件人", json!(party))],
        D10 => vec![
            ("", "收件人", json!(organ)),
            ("征求意见", "对象", json!(organ)),
            ("征求意见", "为第三方", json!(false)),
        ],
        D14 => vec![
            ("逾期", "告知书", letter("政府信息公开信息处理费收费通知书")),
            ("逾期", "期限", json!("2026年4月10日")),
        ],
        D42 => vec![("案件", "为更正申请", json!(true))],
        D46 => vec![("更换", "原答复", letter("政府信息公开告知书"))],
        D47 => vec![("恢复", "原文书", letter("政府信息公开申请不再处理告知书"))],
        _ => Vec::new(),
    }
}

/// How much a sample says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What an ordinary case says, to be looked at.
    Ordinary,
    /// Everything that can be there, so that each part of a template is filled in once.
    Everything,
}

/// The sample of a template: which instrument it stands in, with which facts and pieces.
pub fn sample_of(code: TemplateCode, agency: Option<&AgencyData>, extent: Extent) -> (InstrumentCode, Facts, Pieces) {
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
    let whole: Item = facts
        .get("答复")
        .and_then(|reply| reply.get("事项")?.get(0))
        .and_then(|item| serde_json::from_value(item.clone()).ok())
        .unwrap_or_default();
    let ordinary = extent == Extent::Ordinary;
    if let Some(Value::Object(reply)) = facts.get_mut("答复").filter(|_| ordinary) {
        plain_reply(reply, instrument, parts.len());
    }
    let answer: Vec<_> = parts
        .iter()
        .zip(1..)
        .map(|(code, place)| match ordinary {
            true => (*code, vec![told(&whole, *code, place, parts.len() > 1)]),
            false => (*code, vec![Item { place, ..whole.clone() }]),
        })
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
        attachments: parts
            .iter()
            .filter(|code| **code == InstrumentCode::D20)
            .map(|_| "某地块征收补偿安置方案（12页）".to_owned())
            .collect(),
        barcode: Some(text_of(&facts, "案件", "编号")),
        qr: Some(text_of(&facts, "回执", "查询网址")).filter(|address| !address.is_empty()),
    };
    (instrument, facts, pieces)
}

/// An ordinary reply to one application, that replaces none; only after an amendment it speaks of one.
fn plain_reply(reply: &mut Map<String, Value>, code: InstrumentCode, parts: usize) {
    reply.insert("一并答复编号".to_owned(), Value::Array(Vec::new()));
    reply.insert("原答复".to_owned(), Value::Null);
    reply.insert("全部事项数".to_owned(), parts.into());
    reply.insert("有多部分".to_owned(), (parts > 1).into());
    if code != InstrumentCode::D33 {
        reply.insert("补正日期".to_owned(), Value::Null);
    }
}

/// What an item with this outcome says; `whole` says everything that any can.
fn told(whole: &Item, code: InstrumentCode, place: u32, in_part: bool) -> Item {
    use InstrumentCode::*;
    let item = Item {
        place,
        description: whole.description.clone(),
        ..Item::default()
    };
    match code {
        D20 => Item {
            documents: whole.documents.clone(),
            pages: whole.pages,
            redactions: whole.redactions.clone().filter(|_| in_part),
            form: whole.form.clone(),
            route: whole.route.clone(),
            ..item
        },
        D21 => Item {
            wherever: said("县政府网站“政府信息公开”栏目，索引号 CX0120250800013"),
            ..item
        },
        D23 | D24 | D25 | D26 | D27 | D28 | D29 => refused(whole, code, item),
        D30 => Item {
            search: whole.search.clone(),
            ..item
        },
        D31 => Item {
            competent_agency: whole.competent_agency.clone(),
            competent_contact: whole.competent_contact.clone(),
            ..because(item, "该信息由负责土地登记的机关制作和保存")
        },
        D32 => because(item, "所要求的逐户对照表需要从现有台账中逐件摘录、计算"),
        D33 => Item {
            amended_on: whole.amended_on.clone(),
            ..because(item, "补正后的申请仍没有写明地块或者文件的名称")
        },
        D34 => because(item, "所提内容是要求查处违法建设，属于投诉举报"),
        D35 | D38 => Item {
            earlier_number: whole.earlier_number.clone(),
            earlier_on: whole.earlier_on.clone(),
            reason: said("所申请的方案已经提供，本次没有新的内容").filter(|_| code == D38),
            ..item
        },
        D36 => Item {
            wherever: said("县图书馆地方文献室，《澄溪年鉴》2025年卷"),
            ground: said("书籍"),
            ..because(item, "该内容已载于公开出版的年鉴")
        },
        D37 => Item {
            reasons_asked_on: whole.reasons_asked_on.clone(),
            reasons_given_on: whole.reasons_given_on.clone(),
            ..because(item, "本月共提出申请36件，内容反复涉及同一地块")
        },
        D39 => Item {
            ground: said("不动产登记资料"),
            law: said("《不动产登记暂行条例》第二十七条"),
            wherever: said("县不动产登记中心，凭身份证明申请查询"),
            ..item
        },
        D42 => because(item, "登记表所载出生日期与户籍档案不一致，已按户籍档案更正"),
        _ => because(item, "所提内容是就政策执行提出的咨询"),
    }
}

/// What is withheld, by its ground (Arts 14–16).
fn refused(whole: &Item, code: InstrumentCode, item: Item) -> Item {
    use InstrumentCode::*;
    let (article, ground, reason) = match code {
        D23 => ("第十四条", None, ""),
        D24 => ("第十四条", None, "所申请的信息是能够识别单个统计调查对象身份的资料"),
        D25 => ("第十四条", Some("公共安全"), "公开储存点位的具体坐标，可能危及公共安全"),
        D26 => (
            "第十五条",
            Some("商业秘密"),
            "协议所列报价尚未为同行业知悉，公开会损害该公司的竞争地位",
        ),
        D27 => (
            "第十六条第一款",
            Some("人事管理"),
            "该信息是内部岗位考核的安排，不影响他人的权利义务",
        ),
        D28 => ("第十六条第二款", Some("讨论记录"), "该信息是形成决定过程中的讨论记录"),
        _ => ("第十六条第二款", None, "该信息是行政处罚案件的询问笔录，已归入执法案卷"),
    };
    let (forbidden, asked) = (code == D24, code == D26);
    Item {
        article: said(article),
        ground: ground.map(str::to_owned),
        law: said("《中华人民共和国统计法》第二十八条").filter(|_| forbidden),
        party_asked_on: whole.party_asked_on.clone().filter(|_| asked),
        party_opinion: whole.party_opinion.clone().filter(|_| asked),
        ..because(item, reason)
    }
}

fn because(item: Item, reason: &str) -> Item {
    Item {
        reason: said(reason),
        ..item
    }
}

fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
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
        ("名称", agency.name.as_str()),
        ("地址", &agency.guide.address),
        ("邮寄地址", agency.post_address()),
        ("领取地址", agency.pickup_address()),
        ("电话", &agency.guide.phone),
        ("办公时间", &agency.guide.office_hours),
        ("复议机关", &agency.reconsideration_organ),
        ("法院", &agency.court),
    ] {
        group.insert(name.to_owned(), value.into());
    }
}
