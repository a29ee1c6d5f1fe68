//! Papers that are longer, emptier or odder than any that an agency issues.

use gongkai::papers::model::{Block, Layout};
use gongkai::papers::pdf::{PdfError, write};
use proptest::prelude::*;

use super::papers::{paper, run, strong, text};
use super::reader::{Reader, tool};
use super::{fonts, paragraph, with, written};

#[test]
fn tables_repeat_their_head_and_part_what_is_higher_than_a_page() {
    let Some(fonts) = fonts() else { return };
    let row = |at: usize| vec![text(&at.to_string()), text("信息名称"), text("依法公开")];
    let mut rows = vec![vec![text("序号"), text("名称"), text("处理")]];
    rows.extend((1..300).map(row));
    rows.push(vec![text("300"), text(&"很长的说明".repeat(800)), text("完")]);
    let table = with(vec![Block::Table {
        head: true,
        widths: vec![1, 5, 2],
        rows,
    }]);
    let pdf = written(fonts, &table);
    assert!(pdf.pages > 10 && pdf.pages < 40, "{}", pdf.pages);
    let Some(pages) = tool("pdftotext", &["-raw"], &pdf.bytes) else {
        return;
    };
    let heads = pages.split('\u{c}').filter(|page| page.contains("序号")).count();
    assert_eq!(heads, pdf.pages);
    assert_eq!(pages.matches('很').count(), 800);
    assert_eq!(pages.matches("信息名称").count(), 299);
    assert!(Reader::new(&pdf.bytes).structure().matches("TR").count() == 301);
}

#[test]
fn papers_that_nobody_should_write_are_written_all_the_same() {
    let Some(fonts) = fonts() else { return };
    let long = "依法".repeat(100);
    let cases: Vec<Vec<Block>> = vec![
        vec![Block::Title { text: long.clone() }],
        vec![paragraph(&"依法公开政府信息，".repeat(1_100))],
        vec![paragraph(&"a".repeat(1_000))],
        vec![paragraph(&"，".repeat(500))],
        vec![paragraph(&format!("a{}", "\u{301}".repeat(20)))],
        vec![paragraph(&"\n".repeat(500))],
        vec![paragraph(&" ".repeat(500))],
        vec![paragraph("שלום عليكم \u{200f}買買提")],
        vec![Block::Table {
            head: true,
            widths: vec![0, 0],
            rows: vec![Vec::new(), vec![text(&long); 60]],
        }],
        vec![Block::Table {
            head: true,
            widths: Vec::new(),
            rows: Vec::new(),
        }],
        vec![Block::Table {
            head: true,
            widths: vec![1],
            rows: vec![vec![text(&long.repeat(20))], vec![text("甲")]],
        }],
        vec![
            Block::Signature { organ: long.clone() },
            Block::Signature { organ: String::new() },
        ],
        vec![
            Block::CutLine { text: long.clone() },
            Block::CutLine { text: String::new() },
        ],
        vec![
            Block::PageBreak,
            Block::PageBreak,
            paragraph("甲"),
            Block::PageBreak,
            Block::PageBreak,
            paragraph("乙"),
            Block::PageBreak,
        ],
        vec![
            Block::Attachments { names: Vec::new() },
            Block::Attachments {
                names: vec![String::new(), long.clone()],
            },
        ],
        vec![
            Block::Heading {
                level: 255,
                text: text(&long)
            };
            60
        ],
        vec![
            Block::Codes {
                barcode: None,
                qr: None,
                caption: None,
            },
            Block::Note { text: Vec::new() },
        ],
        vec![Block::Paragraph {
            text: vec![run(""), strong("\u{0}\u{1}"), run("")],
        }],
    ];
    for layout in [Layout::Letter, Layout::Form] {
        for blocks in cases.clone() {
            let mut paper = paper(layout, blocks);
            paper.name = "\u{1}\u{fffe}<&>".to_owned();
            paper.organ = long.clone();
            let pdf = match write(&paper, fonts) {
                Ok(pdf) => pdf,
                Err(PdfError::Missing(_)) => continue,
                Err(error) => panic!("{error}"),
            };
            assert!(pdf.pages > 0);
        }
    }
    let breaks = vec![
        Block::PageBreak,
        paragraph("甲"),
        Block::PageBreak,
        Block::PageBreak,
        paragraph("乙"),
        Block::PageBreak,
    ];
    assert_eq!(written(fonts, &with(breaks)).pages, 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_either_refused_or_in_order(words in prop::collection::vec(any::<String>(), 1..6), level in any::<u8>()) {
        let Some(fonts) = fonts() else { return Ok(()) };
        let mut blocks: Vec<Block> = words.iter().map(|words| paragraph(words)).collect();
        blocks.push(Block::Title { text: words[0].clone() });
        blocks.push(Block::Heading { level, text: text(&words[0]) });
        blocks.push(Block::Table { head: true, widths: vec![u16::from(level)], rows: vec![words.iter().map(|words| text(words)).collect()] });
        match write(&with(blocks), fonts) {
            Ok(pdf) => prop_assert!(pdf.bytes.starts_with(b"%PDF-1.7")),
            Err(PdfError::Missing(missing)) => prop_assert!(!missing.is_empty()),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}
