//! What a written file holds.

use chrono::NaiveDate;
use gongkai::papers::CodeError;
use gongkai::papers::docx::{DocxError, Limits, check, read, to_paper, write};
use gongkai::papers::model::{Block, Layout, Number, Paper, Run, Text};
use proptest::prelude::*;

use super::{kit, sample};

#[test]
fn the_same_paper_gives_the_same_bytes() {
    for paper in sample::all() {
        assert_eq!(write(&paper).unwrap(), write(&paper).unwrap());
    }
}

#[test]
fn a_reply_is_small() {
    assert!(write(&sample::reply()).unwrap().len() < 16 * 1024);
    assert!(write(&sample::form()).unwrap().len() < 16 * 1024);
}

#[test]
fn properties_come_from_the_paper() {
    let core = kit::part(&write(&sample::reply()).unwrap(), "docProps/core.xml");
    assert!(core.contains("<dc:title>政府信息公开申请答复书</dc:title>"));
    assert!(core.contains("<dc:creator>云溪县自然资源局</dc:creator>"));
    assert!(core.contains("2026-03-10T00:00:00Z"));
    let draft = kit::part(&write(&sample::draft()).unwrap(), "docProps/core.xml");
    assert!(draft.contains("2000-01-01T00:00:00Z"));
}

#[test]
fn a_draft_shows_blanks_and_its_mark() {
    let bytes = write(&sample::draft()).unwrap();
    let edited = read(&bytes, Limits::default()).unwrap();
    assert_eq!(edited.number, ["〔    〕    号"]);
    assert_eq!(edited.date, ["    年  月  日"]);
    for header in ["word/header1.xml", "word/header2.xml", "word/header3.xml"] {
        assert!(kit::part(&bytes, header).contains("string=\"样稿\""), "{header}");
    }
    let names: Vec<_> = kit::parts(&write(&sample::reply()).unwrap())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(!names.contains(&"word/header2.xml".to_owned()));
}

#[test]
fn everything_is_read_back_as_it_was_written() {
    for paper in sample::all() {
        let bytes = write(&paper).unwrap();
        let edited = read(&bytes, Limits::default()).unwrap();
        assert_eq!(check(&edited, &paper), [], "{}", paper.name);
        assert!(edited.findings.is_empty());
        assert_eq!(to_paper(&edited, &paper), paper);
    }
}

#[test]
fn text_is_kept_whatever_it_holds() {
    let odd = "<w:p>&amp;]]>\u{200F}王𠮷祥\u{E0100}\u{1F}\u{0}\u{FFFF}“引”\u{202E}\t尾";
    let paper = sample::letter(vec![sample::paragraph(odd)]);
    let edited = read(&write(&paper).unwrap(), Limits::default()).unwrap();
    assert!(
        edited
            .text
            .contains("<w:p>&amp;]]>\u{200F}王𠮷祥\u{E0100}“引”\u{202E}\t尾")
    );
}

#[test]
fn codes_that_cannot_be_made_are_refused() {
    let codes = |barcode: Option<&str>, qr: Option<String>| {
        sample::letter(vec![Block::Codes {
            barcode: barcode.map(str::to_owned),
            qr,
            caption: None,
        }])
    };
    assert!(matches!(
        write(&codes(Some("云溪-1"), None)),
        Err(DocxError::Code(CodeError::Barcode { .. }))
    ));
    assert!(matches!(
        write(&codes(None, Some("x".repeat(3000)))),
        Err(DocxError::Code(CodeError::Qr { length: 3000 }))
    ));
}

#[test]
fn codes_can_be_scanned() {
    let bytes = write(&sample::form()).unwrap();
    let expected = [
        ("word/media/code1.png", "YX-2026-0018"),
        (
            "word/media/code2.png",
            "https://www.yunxi.gov.cn/foi/query?number=YX-2026-0018&code=7K2M9",
        ),
    ];
    for (name, content) in expected {
        let (_, png) = kit::parts(&bytes).into_iter().find(|(other, _)| other == name).unwrap();
        let (width, height, pixels) = grey(&png);
        // A picture of few rows is drawn higher.
        let times = (100 / height).max(1);
        let rows: Vec<u8> = pixels
            .chunks(width)
            .flat_map(|row| std::iter::repeat_n(row, times).flatten().copied())
            .collect();
        let mut hints = rxing::DecodeHints {
            TryHarder: Some(true),
            ..rxing::DecodeHints::default()
        };
        let (width, height) = (u32::try_from(width).unwrap(), u32::try_from(height * times).unwrap());
        let found = rxing::helpers::detect_in_luma_with_hints(rows, width, height, None, &mut hints).unwrap();
        assert_eq!(found.getText(), content);
    }
}

/// The pixels of a PNG of one bit that is not packed.
fn grey(png: &[u8]) -> (usize, usize, Vec<u8>) {
    let number = |at: usize| usize::try_from(u32::from_be_bytes(png[at..at + 4].try_into().unwrap())).unwrap();
    let (width, height) = (number(16), number(20));
    let length = number(33);
    let mut data = &png[41 + 2..41 + length - 4];
    let mut raw: Vec<u8> = Vec::new();
    loop {
        let last = data[0] == 1;
        let size = usize::from(u16::from_le_bytes([data[1], data[2]]));
        raw.extend(&data[5..5 + size]);
        data = &data[5 + size..];
        if last {
            break;
        }
    }
    let pixels = raw
        .chunks(width.div_ceil(8) + 1)
        .flat_map(|row| {
            (0..width).map(|at| {
                if row[1 + at / 8] >> (7 - at % 8) & 1 == 1 {
                    255
                } else {
                    0
                }
            })
        })
        .collect();
    (width, height, pixels)
}

#[test]
fn papers_without_anything_are_documents_too() {
    let empty = Paper {
        name: String::new(),
        layout: Layout::Form,
        organ: String::new(),
        number: Number::None,
        dated: None,
        blocks: Vec::new(),
        watermark: Some(String::new()),
    };
    assert!(read(&write(&empty).unwrap(), Limits::default()).is_ok());
    let hollow = sample::letter(vec![
        Block::Table {
            head: true,
            widths: vec![],
            rows: vec![],
        },
        Block::Table {
            head: true,
            widths: vec![1],
            rows: vec![vec![], vec![Text::new(), Text::new()]],
        },
        Block::Remedy { paragraphs: vec![] },
        Block::Attachments { names: vec![] },
        Block::Codes {
            barcode: None,
            qr: None,
            caption: None,
        },
        Block::PageBreak,
        Block::PageBreak,
        Block::Table {
            head: false,
            widths: vec![1],
            rows: vec![vec![sample::text("一")]],
        },
        Block::PageBreak,
    ]);
    let edited = read(&write(&hollow).unwrap(), Limits::default()).unwrap();
    assert!(edited.text.contains('一'));
}

fn words() -> impl Strategy<Value = String> {
    "[一-龥a-zA-Z0-9〔〕（）“”、，。：；—…<>&\"']{1,40}"
}

fn text() -> impl Strategy<Value = Text> {
    (proptest::collection::vec(words(), 1..4), any::<bool>()).prop_map(|(pieces, first)| {
        let weights = std::iter::successors(Some(first), |strong| Some(!strong));
        pieces
            .into_iter()
            .zip(weights)
            .map(|(text, strong)| Run { text, strong })
            .collect()
    })
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        words().prop_map(|text| Block::Title { text }),
        words().prop_map(|text| Block::Addressee { text }),
        (1_u8..=2, text()).prop_map(|(level, text)| Block::Heading { level, text }),
        text().prop_map(|text| Block::Paragraph { text }),
        ("（[1-9]）|[1-9]\\.|[一二三]、", text()).prop_map(|(label, text)| Block::Item { label, text }),
        (
            any::<bool>(),
            proptest::collection::vec(proptest::collection::vec(text(), 3), 1..4)
        )
            .prop_map(|(head, rows)| Block::Table {
                head,
                widths: vec![1, 3, 2],
                rows
            }),
        words().prop_map(|text| Block::CutLine { text }),
        text().prop_map(|text| Block::Note { text }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read(blocks in proptest::collection::vec(block(), 0..12)) {
        let paper = sample::letter(blocks);
        let edited = read(&write(&paper).unwrap(), Limits::default()).unwrap();
        prop_assert_eq!(to_paper(&edited, &paper), paper);
    }
}

#[test]
fn days_are_written_without_noughts() {
    let mut paper = sample::reply();
    paper.dated = NaiveDate::from_ymd_opt(2026, 11, 1);
    let edited = read(&write(&paper).unwrap(), Limits::default()).unwrap();
    assert_eq!(edited.date, ["2026年11月1日"]);
}
