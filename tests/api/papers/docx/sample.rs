//! Papers as the service makes them.

use chrono::NaiveDate;
use gongkai::papers::model::{Block, Layout, Number, Paper, Run, Text};

pub fn text(text: &str) -> Text {
    vec![Run {
        text: text.to_owned(),
        strong: false,
    }]
}

pub fn strong(before: &str, bold: &str, after: &str) -> Text {
    [(before, false), (bold, true), (after, false)]
        .into_iter()
        .filter(|(text, _)| !text.is_empty())
        .map(|(text, strong)| Run {
            text: text.to_owned(),
            strong,
        })
        .collect()
}

pub fn paragraph(words: &str) -> Block {
    Block::Paragraph { text: text(words) }
}

pub fn item(label: &str, words: &str) -> Block {
    Block::Item {
        label: label.to_owned(),
        text: text(words),
    }
}

/// A reply that opens a part and withholds another, three pages with everything a letter can have.
pub fn reply() -> Paper {
    Paper {
        name: "政府信息公开申请答复书".to_owned(),
        layout: Layout::Letter,
        organ: "云溪县自然资源局".to_owned(),
        number: Number::Is("云自然资信公复〔2026〕18号".to_owned()),
        dated: NaiveDate::from_ymd_opt(2026, 3, 10),
        watermark: None,
        blocks: vec![
            Block::Title {
                text: "云溪县自然资源局关于政府信息公开申请的部分公开告知书".to_owned(),
            },
            Block::Addressee {
                text: "王𠮷祥：".to_owned(),
            },
            paragraph(
                "本机关于2026年2月11日收到您提交的政府信息公开申请（登记编号：YX-2026-0018），申请获取“云溪县东湖片区2023年度第三批次建设用地的征收土地公告、征地补偿安置方案以及补偿款发放明细”。经审查，您的申请符合《中华人民共和国政府信息公开条例》第二十九条的规定，现答复如下：",
            ),
            Block::Heading {
                level: 1,
                text: text("一、予以公开的政府信息"),
            },
            Block::Paragraph {
                text: strong(
                    "根据《中华人民共和国政府信息公开条例》第三十六条第二项的规定，本机关",
                    "予以公开",
                    "下列政府信息，详见附件；电子版同时可在 https://www.yunxi.gov.cn/zwgk/fdzdgknr/zdxm/2026/t20260310_0018.html 查阅，联系电话 0730-8412345：",
                ),
            },
            item("1.", "《云溪县人民政府征收土地公告》（云政征公〔2023〕7号），共3页；"),
            item("2.", "《东湖片区征地补偿安置方案》及其修改说明，共12页；"),
            item("（1）", "其中第5页至第6页的权属调查表按下表提供。"),
            pieces(),
            Block::Heading {
                level: 1,
                text: text("二、不予公开的政府信息"),
            },
            Block::Heading {
                level: 2,
                text: text("（一）补偿款发放明细"),
            },
            paragraph(
                "经审查，补偿款发放明细中被征收人的姓名、身份证件号码、银行账号和联系方式涉及个人隐私，公开会对第三方合法权益造成损害。本机关于2026年2月13日依照《中华人民共和国政府信息公开条例》第三十二条的规定书面征求了相关第三方的意见，第三方在法定期限内书面表示不同意公开且理由合理。根据《中华人民共和国政府信息公开条例》第十五条、第三十六条第三项和第三十七条的规定，对该部分内容不予公开。",
            ),
            Block::Heading {
                level: 2,
                text: text("（二）内部讨论记录"),
            },
            paragraph(
                "您申请的方案讨论记录属于行政机关在履行行政管理职能过程中形成的过程性信息，依照《中华人民共和国政府信息公开条例》第十六条第二款的规定，不予公开。\n特此说明。",
            ),
            Block::Remedy {
                paragraphs: vec![
                    text(
                        "如对本答复中不予公开的内容不服，依照《中华人民共和国行政复议法》第二十条、第二十三条的规定，您应当自收到本答复书之日起60日内先向云溪县人民政府申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向云溪县人民法院提起行政诉讼。",
                    ),
                    text(
                        "如对本答复中的其他内容不服，可以自收到本答复书之日起60日内向云溪县人民政府申请行政复议，或者自收到本答复书之日起6个月内向云溪县人民法院提起行政诉讼。",
                    ),
                ],
            },
            Block::Attachments {
                names: vec![
                    "云溪县人民政府征收土地公告".to_owned(),
                    "东湖片区征地补偿安置方案及其修改说明（节选，已作区分处理，隐去第三方个人信息）".to_owned(),
                ],
            },
            Block::Signature {
                organ: "云溪县自然资源局".to_owned(),
            },
            Block::Note {
                text: text("（联系人：李㛃；地址：云溪县云中大道88号；邮政编码：414009）"),
            },
        ],
    }
}

/// A table with a head, and a row that is shorter than the others.
fn pieces() -> Block {
    Block::Table {
        head: true,
        widths: vec![1, 4, 2, 2],
        rows: vec![
            vec![text("序号"), text("名称"), text("页数"), text("提供方式")],
            vec![text("1"), text("征收土地公告"), text("3"), text("纸质复印件")],
            vec![
                text("2"),
                text("征地补偿安置方案及其修改说明（含权属调查表、青苗补偿标准）"),
                text("12"),
                text("电子邮件"),
            ],
            vec![text("合计"), strong("", "共15页", "")],
        ],
    }
}

/// The draft of the same reply: number and day are blanks, 样稿 across every page.
pub fn draft() -> Paper {
    Paper {
        number: Number::Blank,
        dated: None,
        watermark: Some("样稿".to_owned()),
        ..reply()
    }
}

/// A form with codes and a slip to be cut off.
pub fn form() -> Paper {
    let rows = [
        ("送达文书", "政府信息公开申请答复书（云自然资信公复〔2026〕18号）"),
        ("受送达人", "王𠮷祥"),
        ("送达方式", "□直接送达　□留置送达　□邮寄送达　□电子送达"),
        ("受送达人签名或者盖章", "\n\n年　月　日　时　分"),
    ];
    Paper {
        name: "送达回证".to_owned(),
        layout: Layout::Form,
        organ: "云溪县自然资源局".to_owned(),
        number: Number::None,
        dated: NaiveDate::from_ymd_opt(2026, 3, 10),
        watermark: None,
        blocks: vec![
            Block::Title {
                text: "送达回证".to_owned(),
            },
            Block::Table {
                head: false,
                widths: vec![2, 5],
                rows: rows
                    .iter()
                    .map(|(left, right)| vec![strong("", left, ""), text(right)])
                    .collect(),
            },
            Block::Note {
                text: text("填写说明：受送达人拒收的，送达人应当注明拒收事由和日期，由见证人签名或者盖章。"),
            },
            Block::Codes {
                barcode: Some("YX-2026-0018".to_owned()),
                qr: Some("https://www.yunxi.gov.cn/foi/query?number=YX-2026-0018&code=7K2M9".to_owned()),
                caption: Some("登记编号：YX-2026-0018　查询码：7K2M9".to_owned()),
            },
            Block::CutLine {
                text: "（沿此线剪下，交申请人）".to_owned(),
            },
            Block::Title {
                text: "政府信息公开申请登记回执".to_owned(),
            },
            paragraph("王𠮷祥：您的政府信息公开申请已于2026年2月11日登记，登记编号为YX-2026-0018。"),
            Block::Signature {
                organ: "云溪县自然资源局".to_owned(),
            },
            Block::PageBreak,
            paragraph("（背面）"),
        ],
    }
}

/// A letter with these blocks, which has neither number nor day.
pub fn letter(blocks: Vec<Block>) -> Paper {
    Paper {
        number: Number::None,
        blocks,
        ..reply()
    }
}

pub fn all() -> [Paper; 3] {
    [reply(), draft(), form()]
}
