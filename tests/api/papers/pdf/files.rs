//! What stands in a file: its text, its structure, its pages, the same each time.

use gongkai::papers::CodeError;
use gongkai::papers::model::{Block, Number, Paper};
use gongkai::papers::pdf::{PdfError, write};
use rxing::BarcodeFormat;

use super::papers::{form, letter, text, words};
use super::reader::{Reader, seen, tool};
use super::{find, fonts, paragraph, text_of, with, written};

#[test]
fn what_is_read_is_what_was_written() {
    let Some(fonts) = fonts() else { return };
    let mut draft = letter();
    draft.number = Number::Blank;
    draft.dated = None;
    draft.watermark = Some("样稿".to_owned());
    for paper in [letter(), draft, form()] {
        let pdf = written(fonts, &paper);
        let Some(text) = text_of(&pdf) else { return };
        assert_eq!(text, words(&paper));
    }
}

#[test]
fn files_are_in_order() {
    let Some(fonts) = fonts() else { return };
    for paper in [letter(), form(), with(Vec::new())] {
        let Some(said) = tool("qpdf", &["--check"], &written(fonts, &paper).bytes) else {
            return;
        };
        assert!(said.contains("No syntax or stream encoding errors"), "{said}");
    }
}

#[test]
fn the_same_paper_makes_the_same_file() {
    let Some(fonts) = fonts() else { return };
    let again = find();
    for paper in [letter(), form()] {
        let pdf = written(fonts, &paper);
        assert!(pdf == written(fonts, &paper));
        assert!(pdf == write(&paper, &again).unwrap());
        let elsewhere = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| written(fonts, &paper))).collect();
            threads.into_iter().all(|thread| thread.join().unwrap() == pdf)
        });
        assert!(elsewhere);
    }
    let mut other = letter();
    other.name.push('二');
    assert!(written(fonts, &letter()) != written(fonts, &other));
}

#[test]
fn the_file_says_what_it_is() {
    let Some(fonts) = fonts() else { return };
    let reader = Reader::new(&written(fonts, &letter()).bytes);
    assert_eq!(reader.language(), "zh-CN");
    assert!(reader.is_marked());
    let metadata = reader.metadata();
    for said in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "政府信息公开申请答复书",
        "云溪县自然资源和规划局",
        "2026-03-10T00:00:00+08:00",
    ] {
        assert!(metadata.contains(said), "{said} in {metadata}");
    }
}

#[test]
fn the_structure_is_that_of_the_paper() {
    let Some(fonts) = fonts() else { return };
    let outline = |paper: &Paper| Reader::new(&written(fonts, paper).bytes).structure();
    let blocks = vec![
        Block::Title {
            text: "告知书".to_owned(),
        },
        Block::Addressee {
            text: "王某：".to_owned(),
        },
        Block::Heading {
            level: 1,
            text: text("一、事实"),
        },
        Block::Heading {
            level: 2,
            text: text("（一）其一"),
        },
        paragraph("本机关已收到。"),
        Block::Item {
            label: "1.".to_owned(),
            text: text("甲"),
        },
        Block::Item {
            label: "2.".to_owned(),
            text: text("乙"),
        },
        Block::Table {
            head: true,
            widths: vec![1, 1],
            rows: vec![vec![text("名"), text("值")], vec![text("甲"), text("")]],
        },
        Block::Attachments {
            names: vec!["甲".to_owned(), "乙".to_owned()],
        },
        Block::Signature {
            organ: "某局".to_owned(),
        },
        Block::Codes {
            barcode: Some("A-1".to_owned()),
            qr: Some("https://a.cn".to_owned()),
            caption: None,
        },
    ];
    let mut numbered = with(blocks);
    numbered.number = Number::Is("云〔2026〕1号".to_owned());
    assert_eq!(
        outline(&numbered),
        "Document(P P H1 P H2 H3 P L(LI(Lbl LBody) LI(Lbl LBody)) Table(TR(TH TH) TR(TD TD)) P \
         L(LI(Lbl LBody) LI(Lbl LBody)) P P Figure[条形码：A-1] P Figure[二维码：https://a.cn] P)"
    );
    // An item after another block begins another list; a paragraph that goes on over a page is still one.
    let long = "依法公开政府信息。".repeat(200);
    let item = |label: &str| Block::Item {
        label: label.to_owned(),
        text: text("甲"),
    };
    let mut plain = with(vec![item("1."), paragraph(&long), item("2.")]);
    plain.number = Number::None;
    assert_eq!(outline(&plain), "Document(P L(LI(Lbl LBody)) P L(LI(Lbl LBody)))");
}

#[test]
fn pages_are_filled_with_22_lines_of_28_characters() {
    let Some(fonts) = fonts() else { return };
    let pdf = written(fonts, &with(vec![paragraph(&"依法公开".repeat(400))]));
    let Some(pages) = tool("pdftotext", &["-raw"], &pdf.bytes) else {
        return;
    };
    let second = pages.split('\u{c}').nth(1).unwrap();
    let lines: Vec<&str> = second.lines().filter(|line| !line.contains('—')).collect();
    assert_eq!(lines.len(), 22, "{second}");
    assert!(lines.iter().all(|line| line.chars().count() == 28), "{second}");
}

#[test]
fn codes_that_cannot_be_made_are_refused() {
    let Some(fonts) = fonts() else { return };
    let refused = |barcode: Option<&str>, qr: Option<String>| {
        let block = Block::Codes {
            barcode: barcode.map(str::to_owned),
            qr,
            caption: None,
        };
        write(&with(vec![block]), fonts).unwrap_err()
    };
    assert!(matches!(
        refused(Some("云溪-1"), None),
        PdfError::Code(CodeError::Barcode { .. })
    ));
    assert!(matches!(
        refused(None, Some("x".repeat(3000))),
        PdfError::Code(CodeError::Qr { length: 3000 })
    ));
}

#[test]
fn codes_are_read_back_from_the_page() {
    let Some(fonts) = fonts() else { return };
    let (number, address) = (
        "YXZR-2026-00037",
        "https://www.yunxi.gov.cn/foi/track#number=YXZR-2026-00037&code=7KXM4WRP9A",
    );
    let pdf = written(
        fonts,
        &with(vec![Block::Codes {
            barcode: Some(number.to_owned()),
            qr: Some(address.to_owned()),
            caption: None,
        }]),
    );
    let Some((width, height, pixels)) = seen(&pdf.bytes, "203") else {
        return;
    };
    for (format, text) in [(BarcodeFormat::CODE_128, number), (BarcodeFormat::QR_CODE, address)] {
        let found = rxing::helpers::detect_in_luma(pixels.clone(), width, height, Some(format)).unwrap();
        assert_eq!(found.getText(), text);
    }
}

#[test]
fn organ_and_day_never_stand_alone_on_a_page() {
    let Some(fonts) = fonts() else { return };
    // However long the text is, the page with the day has a line of it.
    for lines in 1..60 {
        let text = vec!["依法公开政府信息依法公开政府信息"; lines].join("\n");
        let pdf = written(
            fonts,
            &with(vec![
                paragraph(&text),
                Block::Signature {
                    organ: "云溪县人民政府".to_owned(),
                },
            ]),
        );
        let Some(pages) = tool("pdftotext", &["-raw"], &pdf.bytes) else {
            return;
        };
        let last = pages.split('\u{c}').rfind(|page| !page.trim().is_empty()).unwrap();
        assert!(
            last.contains("依法公开") && last.contains("2026年3月10日"),
            "{lines} lines: {last}"
        );
    }
}
