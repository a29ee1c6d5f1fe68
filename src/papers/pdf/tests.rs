//! Lines and titles, without any font: what is broken where.

use proptest::prelude::*;

use super::super::codes::{code128, qr};
use super::balance::balanced;
use super::bars::boxes;
use super::characters::{Kind, kind, never_ends, never_starts, sticks};
use super::lines::{Line, Measure, break_lines, breaks};
use super::shape::{Glyph, Paragraph};
use super::tree::Tree;

const SIZE: f32 = 10.;

/// Text as a face would set it whose ideographs are 10 pt wide, and whose letters are 5.
fn paragraph(text: &str) -> Paragraph {
    let glyph = |(at, character): (usize, char)| {
        let kind = kind(character);
        let advance = match kind {
            Kind::Wide => 10.,
            Kind::Narrow => 5.,
            Kind::Blank | Kind::FixedBlank => 2.5,
            Kind::Mark | Kind::Feed => 0.,
            Kind::Variant | Kind::Invisible => return None,
        };
        Some(Glyph {
            range: at..at + character.len_utf8(),
            character,
            kind,
            face: None,
            id: 0,
            advance,
            shift: 0.,
            node: Tree::ROOT,
        })
    };
    Paragraph {
        text: text.to_owned(),
        glyphs: text.char_indices().filter_map(glyph).collect(),
        size: SIZE,
    }
}

fn justified(width: f32) -> Measure {
    Measure {
        first: width,
        rest: width,
        justified: true,
    }
}

fn texts(paragraph: &Paragraph, lines: &[Line]) -> Vec<String> {
    let text = |line: &Line| {
        paragraph.glyphs[line.range.clone()]
            .iter()
            .map(|glyph| glyph.character)
            .collect()
    };
    lines.iter().map(text).collect()
}

/// The lines of a text, with a stroke between them.
fn broken(text: &str, width: f32) -> String {
    let paragraph = paragraph(text);
    texts(&paragraph, &break_lines(&paragraph, justified(width))).join("|")
}

#[test]
fn lines_break_where_the_standard_lets_them() {
    for (text, width, expected) in [
        ("依法公开信息", 30., "依法公|开信息"),
        // 挤进: a mark gives way to the one that may not begin a line.
        ("依法，公开信息", 30., "依法，|公开信|息"),
        ("依、公开，信息", 40., "依、公开，|信息"),
        ("公开）。信息", 30., "公开）。|信息"),
        // 推出: nothing gives way in the line.
        ("依法公开々信息", 40., "依法公|开々信息"),
        // A mark at the very end takes its own white.
        ("依法公，信息", 35., "依法公，|信息"),
        ("依法公开（信息）", 50., "依法公开|（信息）"),
        ("依法公“信息”", 40., "依法公|“信息”"),
        // Letters, numbers and signs of files are one piece.
        ("依法公开 open 信息", 55., "依法公开 |open 信息"),
        ("共计12345.67元整", 55., "共计|12345.67元|整"),
        ("增长37.5％左右", 40., "增长|37.5％左|右"),
        ("云公开〔2026〕12号文", 60., "云公开|〔2026〕12号|文"),
        ("请致电0871-12345678咨询", 70., "请致电|0871-12345678|咨询"),
        ("写信至a.b@yunxi.gov.cn为妥", 90., "写信至|a.b@yunxi.gov.cn为|妥"),
        // Addresses of the web may be cut after a stroke, never within the two of their beginning.
        ("见https://a.cn/b/c?d=e&f=g", 50., "见https://|a.cn/b/c?|d=e&f=g"),
        ("说明——就是这样", 30., "说明|——就|是这样"),
        ("等等……完", 30., "等|等……|完"),
        ("第一行\n第二行", 100., "第一行|第二行"),
        ("第一行\n\n第三行", 100., "第一行||第三行"),
        ("", 100., ""),
        // What is longer than a line is cut rather than let out of it.
        ("abcdefghijklm", 30., "abcdef|ghijkl|m"),
        ("公开abcdefghijklm", 30., "公开ab|cdefgh|ijklm"),
        ("，，，，，，，，", 30., "，，，|，，，，，"),
    ] {
        assert_eq!(broken(text, width), expected, "{text} in {width}");
    }
}

#[test]
fn full_lines_are_stretched_to_their_end_but_not_torn() {
    let text = paragraph("依法公开（信息）公开，全文");
    let lines = break_lines(&text, justified(53.));
    // The first line would have to be stretched by four parts in ten of a character: it stays as it is.
    assert_eq!(texts(&text, &lines).join("|"), "依法公开|（信息）公|开，全文");
    assert!((lines[0].width - 40.).abs() < 0.01, "{lines:?}");
    assert!((lines[1].width - 53.).abs() < 0.01, "{lines:?}");
    let gap = |line: &Line| {
        line.places
            .windows(2)
            .map(|pair| pair[1] - pair[0] - 10.)
            .fold(0., f32::max)
    };
    assert!(lines.iter().all(|line| gap(line) <= 0.95 + 1e-3), "{lines:?}");
    // The last line stands as it is.
    assert_eq!(gap(&lines[lines.len() - 1]), 0.);
}

#[test]
fn titles_are_balanced_and_their_words_whole() {
    for (text, cells, expected) in [
        ("政府信息公开申请答复书", 20., "政府信息公开申请答复书"),
        (
            "云溪县自然资源和规划局关于政府信息公开申请的答复书",
            20.,
            "云溪县自然资源和规划局|关于政府信息公开申请的答复书",
        ),
        (
            "云溪县人民政府办公室关于延长政府信息公开申请答复期限的告知书",
            20.,
            "云溪县人民政府办公室关于延长|政府信息公开申请答复期限的告知书",
        ),
        ("政府信息部分公开告知书", 8., "政府信息|部分公开告知书"),
        ("第一行\n第二行", 20., "第一行|第二行"),
    ] {
        let paragraph = paragraph(text);
        let lines = balanced(&paragraph, cells * SIZE);
        assert_eq!(texts(&paragraph, &lines).join("|"), expected);
    }
}

#[test]
fn a_title_without_end_is_cut_into_full_lines() {
    let text = "依".repeat(200);
    let paragraph = paragraph(&text);
    let lines = balanced(&paragraph, 200.);
    assert_eq!(texts(&paragraph, &lines).concat(), text);
    assert!(lines.iter().all(|line| line.width <= 200.));
    assert!(lines.len() <= 12, "{}", lines.len());
}

#[test]
fn codes_that_are_too_wide_are_made_narrower() {
    let code = boxes(&code128("YX-2026-00001").unwrap(), 400.);
    assert!(code.width < 400. && code.dark.len() > 20);
    let narrow = boxes(&code128(&"A".repeat(200)).unwrap(), 400.);
    assert!((narrow.width - 400.).abs() < 0.1);
    assert!(narrow.dark.iter().all(|[left, _, width, _]| left + width < 400.));
    // 34 mm.
    let square = boxes(&qr("https://example.gov.cn/q").unwrap(), 400.);
    assert!((square.width - 96.38).abs() < 0.01 && (square.height - square.width).abs() < 0.01);
}

/// Text as letters have it: words, numbers, brackets and quotation marks with something in them.
fn prose() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "依法",
        "公开",
        "政府信息",
        "申请",
        "，",
        "。",
        "、",
        "；",
        "（二）",
        "《条例》",
        "“附件”",
        "2026年3月10日",
        "37.5%",
        "12345.67元",
        " ",
        "Open Government",
        "https://www.yunxi.gov.cn/zwgk/a/b?c=d&e=f",
        "云公开〔2026〕12号",
        "——",
        "……",
        "你",
        "一",
        "0871-12345678",
        "买买提·吐尔逊",
        "e\u{301}",
        "葛\u{e0100}",
        "\n",
    ]);
    prop::collection::vec(words, 1..60).prop_map(|words| {
        // Two marks that part never meet in prose.
        let mut text = String::new();
        for word in words {
            let meets = |text: &str| {
                text.chars()
                    .last()
                    .is_none_or(|last| never_starts(last) || last.is_whitespace())
            };
            if !(word.chars().all(never_starts) && meets(&text)) {
                text.push_str(word);
            }
        }
        text
    })
}

/// Every glyph stands in one line, in order; only line feeds may be left out.
fn nothing_is_lost(paragraph: &Paragraph, lines: &[Line]) -> bool {
    let mut next = 0;
    for line in lines {
        let skipped = &paragraph.glyphs[next..line.range.start];
        if !skipped.iter().all(|glyph| glyph.kind == Kind::Feed) {
            return false;
        }
        assert_eq!(line.places.len(), line.range.len());
        next = line.range.end;
    }
    paragraph.glyphs[next..].iter().all(|glyph| glyph.kind == Kind::Feed)
}

fn none_is_overfull(paragraph: &Paragraph, lines: &[Line], width: f32) -> bool {
    let seen = |line: &Line| {
        paragraph.glyphs[line.range.clone()]
            .iter()
            .filter(|glyph| glyph.advance > 0.)
            .count()
    };
    lines.iter().all(|line| line.width <= width + 0.05 || seen(line) <= 1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn prose_is_broken_by_the_rules(text in prose(), width in 80_f32..450.) {
        let paragraph = paragraph(&text);
        let lines = break_lines(&paragraph, justified(width));
        prop_assert!(nothing_is_lost(&paragraph, &lines));
        prop_assert!(none_is_overfull(&paragraph, &lines, width), "{lines:?}");
        let allowed = breaks(&paragraph.glyphs);
        for pair in lines.windows(2) {
            let (before, after) = (&paragraph.glyphs[pair[0].range.end.saturating_sub(1)], &paragraph.glyphs[pair[1].range.start.min(paragraph.glyphs.len() - 1)]);
            if pair[0].range.is_empty() || pair[1].range.is_empty() || pair[0].range.end != pair[1].range.start {
                continue;
            }
            prop_assert!(!never_starts(after.character), "{:?}", texts(&paragraph, &lines));
            prop_assert!(!never_ends(before.character), "{:?}", texts(&paragraph, &lines));
            prop_assert!(after.kind != Kind::Mark);
            // A piece is cut only if it does not fit into a line.
            if sticks(before.character, after.character) && !allowed[pair[1].range.start] {
                let piece: f32 = piece(&paragraph, &allowed, pair[1].range.start);
                prop_assert!(piece > width, "{:?}", texts(&paragraph, &lines));
            }
        }
    }

    #[test]
    fn whatever_is_written_is_broken_without_loss(text in any::<String>(), width in 12_f32..450.) {
        let paragraph = paragraph(&text);
        let lines = break_lines(&paragraph, justified(width));
        prop_assert!(nothing_is_lost(&paragraph, &lines));
        prop_assert!(none_is_overfull(&paragraph, &lines, width), "{lines:?}");
        let lines = balanced(&paragraph, width);
        prop_assert!(nothing_is_lost(&paragraph, &lines));
        prop_assert!(none_is_overfull(&paragraph, &lines, width), "{lines:?}");
    }
}

/// How wide the unbreakable piece is within which a glyph stands.
fn piece(paragraph: &Paragraph, allowed: &[bool], at: usize) -> f32 {
    let start = (0..=at).rev().find(|at| *at == 0 || allowed[*at]).unwrap_or(0);
    let end = (at + 1..allowed.len()).find(|at| allowed[*at]).unwrap_or(allowed.len());
    paragraph.glyphs[start..end]
        .iter()
        .filter(|glyph| glyph.kind != Kind::Blank)
        .map(|glyph| glyph.advance)
        .sum()
}
