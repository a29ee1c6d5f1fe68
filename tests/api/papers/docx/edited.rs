//! Drafts as offices send them back.

use chrono::NaiveDate;
use gongkai::papers::docx::{DocxError, Edited, Fault, Finding, Limits, Tag, check, fill, read, to_paper, write};
use gongkai::papers::model::{Block, Paper};

use super::{kit, sample};

fn draft() -> Vec<u8> {
    write(&sample::draft()).unwrap()
}

fn reread(bytes: &[u8]) -> Edited {
    read(bytes, Limits::default()).unwrap()
}

fn faults(bytes: &[u8]) -> Vec<Fault> {
    check(&reread(bytes), &sample::draft())
}

fn without(tag: &'static str) -> Vec<u8> {
    kit::edit_text(&draft(), |text| text.replace(&kit::control(&text, tag), ""))
}

fn doubled(tag: &'static str) -> Vec<u8> {
    kit::edit_text(&draft(), |text| {
        let control = kit::control(&text, tag);
        text.replace(&control, &control.repeat(2))
    })
}

/// The text with something put before its first addressee.
fn with(piece: &str) -> Vec<u8> {
    let before = "<w:p><w:pPr><w:pStyle w:val=\"gongkaiAddressee\"/></w:pPr>";
    kit::edit_text(&draft(), |text| text.replace(before, &format!("{piece}{before}")))
}

#[test]
fn controls_are_counted() {
    assert_eq!(faults(&draft()), []);
    assert_eq!(faults(&without("gongkai-number")), [Fault::NumberMissing]);
    assert_eq!(faults(&doubled("gongkai-number")), [Fault::NumberDoubled]);
    assert_eq!(faults(&without("gongkai-date")), [Fault::DateMissing]);
    assert_eq!(faults(&doubled("gongkai-date")), [Fault::DateDoubled]);
}

#[test]
fn a_remedy_stays_as_it_was() {
    let changed = kit::edit_text(&draft(), |text| text.replace("之日起60日内先向", "之日起50日内先向"));
    let faults = faults(&changed);
    let [Fault::RemedyChanged { expected, found }] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    assert!(expected.contains("60日内先向") && found.contains("50日内先向"));
    // Blanks, which programs put between characters and digits, change nothing.
    let spaced = kit::edit_text(&draft(), |text| text.replace("之日起60日内", "之日起 60 日内"));
    assert_eq!(self::faults(&spaced), []);
}

#[test]
fn a_remedy_that_loses_a_part_or_gains_one_is_changed() {
    let lost = without("gongkai-remedy");
    assert!(matches!(faults(&lost).as_slice(), [Fault::RemedyChanged { .. }]));
    let nothing = kit::edit_text(&lost, |text| text.replace(&kit::control(&text, "gongkai-remedy"), ""));
    assert_eq!(faults(&nothing), [Fault::RemedyMissing]);
    let beside = kit::edit_text(&draft(), |text| {
        let control = kit::control(&text, "gongkai-remedy");
        text.replace(&control, &format!("{control}<w:r><w:t>以上不适用。</w:t></w:r>"))
    });
    assert!(matches!(faults(&beside).as_slice(), [Fault::RemedyChanged { .. }]));
    let between = kit::edit_text(&draft(), |text| {
        let control = kit::control(&text, "gongkai-remedy");
        text.replace(
            &control,
            &format!("{control}</w:p><w:p><w:r><w:t>或者：</w:t></w:r></w:p><w:p>"),
        )
    });
    assert_eq!(faults(&between), [Fault::RemedyDoubled]);
}

#[test]
fn a_remedy_may_stand_in_one_control_around_its_paragraphs() {
    let block = kit::edit_text(&draft(), |text| {
        let start = text.find("<w:p><w:pPr><w:pStyle w:val=\"gongkaiRemedy\"/>").unwrap();
        let end = start
            + text[start..]
                .find("<w:p><w:pPr><w:pStyle w:val=\"gongkaiAttachments\"/>")
                .unwrap();
        let mut inner = text[start..end].to_owned();
        for _ in 0..2 {
            let control = kit::control(&inner, "gongkai-remedy");
            let from = control.find("<w:sdtContent>").unwrap() + "<w:sdtContent>".len();
            let content = control[from..control.rfind("</w:sdtContent>").unwrap()].to_owned();
            inner = inner.replace(&control, &content);
        }
        let control = format!(
            "<w:sdt><w:sdtPr><w:tag w:val=\"gongkai-remedy\"/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
        );
        format!("{}{control}{}", &text[..start], &text[end..])
    });
    assert_eq!(faults(&block), []);
    assert_eq!(to_paper(&reread(&block), &sample::draft()), sample::draft());
}

#[test]
fn tracked_changes_are_told_and_read_as_if_accepted() {
    let tracked = with(concat!(
        "<w:p><w:ins w:id=\"1\" w:author=\"a\"><w:r><w:t>新增</w:t></w:r></w:ins>",
        "<w:del w:id=\"2\" w:author=\"a\"><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
    ));
    assert_eq!(faults(&tracked), [Fault::TrackedChanges]);
    let edited = reread(&tracked);
    assert!(edited.text.contains("新增") && !edited.text.contains("删去"));
    let formatted = with("<w:p><w:pPr><w:pPrChange w:id=\"1\" w:author=\"a\"><w:pPr/></w:pPrChange></w:pPr></w:p>");
    assert_eq!(faults(&formatted), [Fault::TrackedChanges]);
    let moved = with("<w:moveFrom w:id=\"1\"><w:p/></w:moveFrom>");
    assert_eq!(faults(&moved), [Fault::TrackedChanges]);
    let row = "<w:tr><w:tc><w:p><w:r><w:t>一行</w:t></w:r></w:p></w:tc></w:tr>";
    for (change, read) in [("ins", true), ("del", false)] {
        let rows = with(&format!(
            "<w:tbl><w:{change} w:id=\"1\" w:author=\"a\">{row}</w:{change}></w:tbl>"
        ));
        assert_eq!(faults(&rows), [Fault::TrackedChanges], "{change}");
        assert_eq!(reread(&rows).text.contains("一行"), read, "{change}");
    }
}

#[test]
fn what_would_not_be_seen_on_paper_is_told() {
    for (piece, expected) in [
        ("<w:p><w:commentRangeStart w:id=\"0\"/></w:p>", Fault::Comments),
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>",
            Fault::HiddenText,
        ),
        (
            "<w:p><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>",
            Fault::NotTaken(Finding::Notes),
        ),
        (
            "<w:p><m:oMath xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"/></w:p>",
            Fault::NotTaken(Finding::Equations),
        ),
        (
            "<w:p><w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/></w:r></w:p>",
            Fault::NotTaken(Finding::Symbols),
        ),
        (
            "<w:p><w:r><w:object/></w:r></w:p>",
            Fault::ActiveContent(Finding::EmbeddedObjects),
        ),
        (
            "<w:altChunk r:id=\"x\"/>",
            Fault::ActiveContent(Finding::EmbeddedObjects),
        ),
        (
            "<w:p><w:r><w:instrText>INCLUDETEXT \"//server/a.docx\"</w:instrText></w:r></w:p>",
            Fault::ActiveContent(Finding::ExternalContent),
        ),
        ("<w:p><w:r><w:drawing/></w:r></w:p>", Fault::Pictures),
    ] {
        assert!(faults(&with(piece)).contains(&expected), "{piece}");
    }
    assert!(
        !reread(&with("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>"))
            .text
            .contains("隐藏")
    );
}

#[test]
fn other_parts_are_looked_at() {
    let mut parts = kit::parts(&draft());
    parts.push(("word/vbaProject.bin".to_owned(), b"x".to_vec()));
    assert_eq!(faults(&kit::pack(&parts)), [Fault::ActiveContent(Finding::Macros)]);
    let typed = kit::edit(&draft(), "[Content_Types].xml", |text| {
        text.replace(
            "wordprocessingml.document.main+xml",
            "ms-word.document.macroEnabled.main+xml",
        )
    });
    assert_eq!(faults(&typed), [Fault::ActiveContent(Finding::Macros)]);
    let related_to = |kind: &'static str, target: &'static str| {
        kit::edit(&draft(), "word/_rels/document.xml.rels", |text| {
            let relationship = format!(
                "<Relationship Id=\"x\" Type=\"http://a/{kind}\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>"
            );
            text.replace("</Relationships>", &relationship)
        })
    };
    let related = |kind| related_to(kind, "https://b.example/");
    assert_eq!(
        faults(&related("attachedTemplate")),
        [Fault::ActiveContent(Finding::ExternalContent)]
    );
    assert_eq!(faults(&related("hyperlink")), []);
    assert_eq!(
        faults(&related_to("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm")),
        []
    );
    assert_ne!(
        faults(&related_to("attachedTemplate", "file:///\\\\server\\a.dotm")),
        []
    );
    assert!(reread(&related("hyperlink")).findings.contains(&Finding::Hyperlinks));
}

#[test]
fn issue_fills_number_and_day_and_nothing_else() {
    let before = draft();
    let day = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    let after = fill(&before, "云自然资〔2026〕18号&<", day).unwrap();
    assert_eq!(after, fill(&before, "云自然资〔2026〕18号&<", day).unwrap());
    let (old, new) = (kit::parts(&before), kit::parts(&after));
    assert_eq!(old.len(), new.len());
    for ((name, old), (same, new)) in old.iter().zip(&new) {
        assert_eq!(name, same);
        if name != "word/document.xml" {
            assert_eq!(old, new, "{name}");
        }
    }
    let text = kit::part(&after, "word/document.xml");
    let undone = text
        .replace(
            "<w:r><w:t xml:space=\"preserve\">云自然资〔2026〕18号&amp;&lt;</w:t></w:r>",
            "#",
        )
        .replace("<w:r><w:t xml:space=\"preserve\">2026年3月10日</w:t></w:r>", "#");
    let blank = |text: &str| {
        format!("<w:r><w:rPr><w:rStyle w:val=\"gongkaiBlank\"/></w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let original = kit::part(&before, "word/document.xml")
        .replace("<w:showingPlcHdr/>", "")
        .replace(&blank("〔    〕    号"), "#")
        .replace(&blank("    年  月  日"), "#");
    assert_eq!(undone, original);
    let edited = reread(&after);
    assert_eq!(edited.number, ["云自然资〔2026〕18号&<"]);
    assert_eq!(edited.date, ["2026年3月10日"]);
}

#[test]
fn controls_of_every_shape_are_filled() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    let shapes = [
        "<w:p><w:sdt>#<w:sdtContent/></w:sdt></w:p>",
        "<w:p><w:sdt>#<w:sdtContent><w:r><w:rPr><w:b/><w:color w:val=\"808080\"/></w:rPr><w:t>甲</w:t></w:r><w:r><w:t>乙</w:t></w:r></w:sdtContent></w:sdt></w:p>",
        "<w:sdt>#<w:sdtContent><w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr></w:p></w:sdtContent></w:sdt>",
        "<w:sdt>#<w:sdtContent><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:sdt>#<w:sdtContent><w:ins w:id=\"1\"><w:r><w:t>甲</w:t></w:r></w:ins><w:hyperlink><w:r><w:t>乙</w:t></w:r></w:hyperlink></w:sdtContent></w:sdt></w:p>",
    ];
    for shape in shapes {
        let shape = shape.replace('#', "<w:sdtPr><w:tag w:val=\"gongkai-number\"/></w:sdtPr>");
        let bytes = kit::edit_text(&without("gongkai-number"), |text| {
            text.replace("<w:body>", &format!("<w:body>{shape}"))
        });
        let filled = fill(&bytes, "云〔2026〕1号", day).unwrap();
        assert_eq!(reread(&filled).number, ["云〔2026〕1号"], "{shape}");
    }
}

#[test]
fn what_lacks_a_control_is_not_filled() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    assert!(matches!(
        fill(&without("gongkai-number"), "云〔2026〕1号", day),
        Err(DocxError::NoControl(Tag::Number))
    ));
    assert!(fill(&without("gongkai-number"), "", day).is_ok());
    assert!(matches!(
        fill(&without("gongkai-date"), "云〔2026〕1号", day),
        Err(DocxError::NoControl(Tag::Date))
    ));
}

/// The edited text as blocks, after a change of the file.
fn blocks(change: impl FnOnce(String) -> String) -> Vec<Block> {
    let Paper { blocks, .. } = to_paper(&reread(&kit::edit_text(&draft(), change)), &sample::draft());
    blocks
}

#[test]
fn what_the_office_wrote_becomes_the_paper() {
    let added = concat!(
        "<w:p><w:r><w:t xml:space=\"preserve\">\u{3000}\u{3000}另行</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>加</w:t></w:r>",
        "<w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:t>一段。</w:t></w:r></w:p>",
        "<w:p><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr><w:r><w:t>三、其他</w:t></w:r></w:p>",
        "<w:p/><w:p><w:r><w:t>前</w:t><w:br w:type=\"page\"/><w:t>后</w:t></w:r></w:p>",
        "<w:tbl><w:tblGrid><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"4000\"/><w:gridCol w:w=\"2849\"/></w:tblGrid>",
        "<w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>宽</w:t></w:r></w:p><w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc>",
        "<w:tc><w:p><w:r><w:t>末</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    );
    let before = "<w:p><w:pPr><w:pStyle w:val=\"gongkaiAddressee\"/></w:pPr>";
    let found = blocks(|text| text.replace(before, &format!("{added}{before}")));
    let expected = [
        Block::Paragraph {
            text: sample::strong("另行", "加", "一段。"),
        },
        Block::Heading {
            level: 1,
            text: sample::text("三、其他"),
        },
        sample::paragraph("前"),
        Block::PageBreak,
        sample::paragraph("后"),
        Block::Table {
            head: false,
            widths: vec![2000, 4000, 2849],
            rows: vec![vec![sample::text("宽\n格"), Vec::new(), sample::text("末")]],
        },
    ];
    assert_eq!(found[1..=expected.len()], expected);
    assert_eq!(found[expected.len() + 1..], sample::draft().blocks[1..]);
}

#[test]
fn nothing_beside_a_control_is_lost() {
    let found = blocks(|text| {
        let control = kit::control(&text, "gongkai-date");
        text.replace(&control, &format!("{control}<w:r><w:t>（盖章）</w:t></w:r>"))
    });
    let at = found
        .iter()
        .position(|block| matches!(block, Block::Signature { .. }))
        .unwrap();
    assert_eq!(found[at + 1], sample::paragraph("（盖章）"));
}

#[test]
fn a_signature_is_known_by_its_day() {
    let found = blocks(|text| text.replace("<w:pStyle w:val=\"gongkaiSignature\"/>", ""));
    assert_eq!(found, sample::draft().blocks);
}

#[test]
fn lists_of_word_get_their_labels() {
    let numbering = r#"<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%1）"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
    let entry = |words: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"5\"/></w:numPr></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"
        )
    };
    let mut parts = kit::parts(&with(&(entry("甲") + &entry("乙"))));
    parts.push(("word/numbering.xml".to_owned(), numbering.as_bytes().to_vec()));
    let bytes = kit::edit(&kit::pack(&parts), "word/_rels/document.xml.rels", |text| {
        text.replace(
            "</Relationships>",
            "<Relationship Id=\"n\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering\" Target=\"numbering.xml\"/></Relationships>",
        )
    });
    let paper = to_paper(&reread(&bytes), &sample::draft());
    assert_eq!(
        paper.blocks[1..3],
        [sample::item("（一）", "甲"), sample::item("（二）", "乙")]
    );
}

#[test]
fn styles_are_known_by_their_names() {
    let renamed = kit::edit(&draft(), "word/styles.xml", |text| text.replace("gongkai", "a1b"));
    let renamed = kit::edit_text(&renamed, |text| {
        text.replace("Style w:val=\"gongkai", "Style w:val=\"a1b")
    });
    assert_eq!(faults(&renamed), []);
    assert_eq!(to_paper(&reread(&renamed), &sample::draft()), sample::draft());
}

#[test]
fn texts_in_frames_are_read_once() {
    let boxed = concat!(
        "<w:p><w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\">",
        "<mc:Choice Requires=\"wps\"><w:drawing><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>",
        "<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback>",
        "</mc:AlternateContent></w:r></w:p>"
    );
    let edited = reread(&with(boxed));
    assert_eq!(edited.text.matches("框内").count(), 1);
    assert!(edited.findings.contains(&Finding::TextBoxes));
    assert_eq!(faults(&with(boxed)), []);
}
