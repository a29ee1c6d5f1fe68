//! Papers for the tests of files, and the words that stand on them in the order in which they are read.

use chrono::{Datelike, NaiveDate};
use gongkai::papers::model::{Block, Layout, Number, Paper, Run, Text};

use super::reader::squeezed;

pub fn run(text: &str) -> Run {
    Run {
        text: text.to_owned(),
        strong: false,
    }
}

pub fn strong(text: &str) -> Run {
    Run {
        text: text.to_owned(),
        strong: true,
    }
}

pub fn text(text: &str) -> Text {
    vec![run(text)]
}

pub fn paper(layout: Layout, blocks: Vec<Block>) -> Paper {
    Paper {
        name: "政府信息公开申请答复书".to_owned(),
        layout,
        organ: "云溪县自然资源和规划局".to_owned(),
        number: Number::None,
        dated: NaiveDate::from_ymd_opt(2026, 3, 10),
        blocks,
        watermark: None,
    }
}

/// A letter with all that letters have.
pub fn letter() -> Paper {
    let paragraph = |words: &str| Block::Paragraph { text: text(words) };
    let item = |label: &str, words: &str| Block::Item {
        label: label.to_owned(),
        text: text(words),
    };
    let blocks = vec![
        Block::Title {
            text: "云溪县自然资源和规划局关于政府信息公开申请的答复书".to_owned(),
        },
        Block::Addressee {
            text: "买买提·吐尔逊、李㛃：".to_owned(),
        },
        paragraph(
            "本机关于2026年2月12日收到你（们）提交的政府信息公开申请（受理编号：YXZR-2026-00037），申请公开“城关镇东风路片区旧城改造项目国有土地上房屋征收补偿方案”。现根据《中华人民共和国政府信息公开条例》（国务院令第711号）第三十六条的规定，答复如下：",
        ),
        Block::Heading {
            level: 1,
            text: text("一、予以公开的信息"),
        },
        Block::Paragraph {
            text: vec![
                run("你申请的"),
                strong("《征收补偿方案》"),
                run(
                    "属于本机关制作并保存的政府信息，现予以公开——你也可以登录https://www.yunxi.gov.cn/zwgk/fdzdgknr/index.html?type=zrzy&id=20260310查阅，或致电0871-12345678咨询，电子邮箱public@yunxi.gov.cn……",
                ),
            ],
        },
        Block::Heading {
            level: 2,
            text: text("（一）关于补偿标准"),
        },
        paragraph("标准为每平方米3,850元至5,200元，占总面积的37.5%，\n共计12,345.67平方米。"),
        Block::Heading {
            level: 1,
            text: text("二、不予公开的信息"),
        },
        item(
            "1.",
            "对第三方的身份证号码、银行账号和联系电话作区分处理后，提供其余内容；",
        ),
        item(
            "（2）",
            "书面征求第三方意见，第三方在收到征求意见书之日起15个工作日内未提出意见的，由本机关决定是否公开。",
        ),
        Block::Table {
            head: true,
            widths: vec![1, 4, 2],
            rows: vec![
                vec![text("序号"), text("信息名称"), text("处理")],
                vec![
                    text("1"),
                    text("东风路片区旧城改造项目国有土地上房屋征收补偿方案及其批复"),
                    text("予以公开"),
                ],
                vec![text("2"), text("评估报告"), text("不予公开（《条例》第十五条）")],
            ],
        },
        Block::Remedy {
            paragraphs: vec![
                text("如对本答复不服，可以自收到本答复书之日起六十日内依法向云溪县人民政府申请行政复议，"),
                text("或者在六个月内向人民法院提起行政诉讼。"),
            ],
        },
        Block::Attachments {
            names: vec![
                "征收补偿方案".to_owned(),
                "关于东风路片区旧城改造项目国有土地上房屋征收补偿方案的批复（区分处理后）".to_owned(),
            ],
        },
        Block::Signature {
            organ: "云溪县自然资源和规划局".to_owned(),
        },
        Block::Note {
            text: text("（联系电话：0871-12345678）"),
        },
        Block::CutLine {
            text: "送达回执".to_owned(),
        },
        Block::Codes {
            barcode: Some("YXZR-2026-00037".to_owned()),
            qr: Some("https://www.yunxi.gov.cn/q?c=K7M2PX".to_owned()),
            caption: Some("查询码：K7M2PX".to_owned()),
        },
    ];
    let mut letter = paper(Layout::Letter, blocks);
    letter.number = Number::Is("云自然资公开〔2026〕12号".to_owned());
    letter
}

pub fn form() -> Paper {
    let row = |name: &str, value: &str| vec![text(name), text(value)];
    let blocks = vec![
        Block::Title {
            text: "政府信息公开申请受理回执".to_owned(),
        },
        Block::Table {
            head: false,
            widths: vec![1, 3],
            rows: vec![
                row("申请人", "王某祥"),
                row("收到日期", "2026年2月12日"),
                row("申请内容", &"东风路片区旧城改造项目的批复文件、".repeat(6)),
            ],
        },
        Block::Note {
            text: text("注：自收到申请之日起20个工作日内答复。"),
        },
        Block::Signature {
            organ: "云溪县人民政府办公室".to_owned(),
        },
    ];
    let mut form = paper(Layout::Form, blocks);
    form.number = Number::Blank;
    form
}

/// Every word of a paper, without white space.
pub fn words(paper: &Paper) -> String {
    let mut words = String::new();
    if paper.layout == Layout::Letter {
        words.push_str(&paper.organ);
    }
    match &paper.number {
        Number::None => {}
        Number::Blank => words.push_str("〔〕号"),
        Number::Is(number) => words.push_str(number),
    }
    let day = paper
        .dated
        .map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.day()));
    let day = day.as_deref().unwrap_or("年月日");
    let flat = |text: &Text| text.iter().map(|run| run.text.as_str()).collect::<String>();
    for block in &paper.blocks {
        let said = match block {
            Block::Title { text } | Block::Addressee { text } | Block::CutLine { text } => text.clone(),
            Block::Heading { text, .. } | Block::Paragraph { text } | Block::Note { text } => flat(text),
            Block::Item { label, text } => format!("{label}{}", flat(text)),
            Block::Table { rows, .. } => rows.iter().flatten().map(flat).collect(),
            Block::Remedy { paragraphs } => paragraphs.iter().map(flat).collect(),
            Block::Attachments { names } => {
                let names = names.iter().enumerate().map(|(at, name)| format!("{}.{name}", at + 1));
                format!("附件：{}", names.collect::<String>())
            }
            Block::Signature { organ } => format!("{organ}{day}"),
            Block::Codes { barcode, qr, caption } => [barcode, caption, qr].into_iter().flatten().cloned().collect(),
            Block::PageBreak => String::new(),
        };
        words.push_str(&said);
    }
    squeezed(&words)
}
