//! Characters that are the same to a reader.

use std::collections::BTreeMap;

use gongkai::domain::people::id_document::{IdDocument, IdDocumentKind};
use gongkai::domain::words::folding::{VERSION, fold, folded, key_of_number};
use sha2::{Digest, Sha256};

const TABLE: &str = include_str!("../../../config/characters/folding.csv");

/// The pairs as they stand in the file, none left out.
fn pairs() -> BTreeMap<char, char> {
    let character = |hex: &str| char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap();
    let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
    let pairs: BTreeMap<char, char> = lines
        .iter()
        .map(|line| line.split_once(',').unwrap())
        .map(|(from, to)| (character(from), character(to)))
        .collect();
    assert_eq!(pairs.len(), lines.len(), "each character stands once");
    pairs
}

fn count(pairs: &BTreeMap<char, char>, from: u32, to: u32) -> usize {
    pairs.keys().filter(|c| (from..=to).contains(&u32::from(**c))).count()
}

#[test]
fn every_character_is_read_as_one_and_reading_it_again_changes_nothing() {
    for (from, to) in pairs() {
        assert_ne!(from, to);
        let read = fold(from);
        assert_eq!(fold(read), read, "{:X}", u32::from(from));
        assert_eq!(read, fold(to), "{:X}", u32::from(from));
        assert_ne!(read, from, "{:X}", u32::from(from));
    }
    for c in '\0'..=char::MAX {
        assert_eq!(fold(fold(c)), fold(c), "{:X}", u32::from(c));
        assert_eq!(folded(&c.to_string()).chars().count(), 1);
    }
}

/// Of each block everything that its source names.
#[test]
fn the_table_is_complete() {
    let pairs = pairs();
    for (block, from, to, characters) in [
        ("CJK Radicals Supplement", 0x2E80, 0x2EF3, 114),
        ("CJK Strokes", 0x31C0, 0x31EF, 20),
        ("Kangxi Radicals", 0x2F00, 0x2FD5, 214),
        ("CJK Compatibility Ideographs", 0xF900, 0xFAFF, 460),
        ("CJK Compatibility Ideographs Supplement", 0x2F800, 0x2FA1D, 542),
        ("private use", 0xE000, 0xF8FF, 106),
        ("Arabic Presentation Forms", 0xFB50, 0xFEFF, 241),
    ] {
        assert_eq!(count(&pairs, from, to), characters, "{block}");
    }
    // Unified ideographs that only stand in the block of the others.
    for c in "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩".chars() {
        assert_eq!(fold(c), c);
    }
    assert_eq!(fold('\u{2E80}'), '\u{2E80}', "has no equivalent");
}

#[test]
fn what_looks_the_same_is_read_as_the_same() {
    for (typed, read) in [
        ("⼀号地块⾦库⾼速⽅案", "一号地块金库高速方案"),
        ("⾼⽂⽅", "高文方"),
        ("\u{F9E1}\u{F9F4}\u{F90A}", "李林金"),
        ("⻅⻉⻋⻓⻔⻢⻚⻛⻘⻝", "见贝车长门马页风青食"),
        ("⺠⻄⻩⻨⻁⻣⻰⻳⻦⻥", "民西黄麦虎骨龙龟鸟鱼"),
        ("⽤⼾⼾⼝戶戸", "用户户口户户"),
        ("\u{2F9F4}\u{2F804}", "嶲你"),
        ("Nguyễn Đỗ Ýên", "Nguyen Do Yen"),
        ("Łódź Ørsted İnönü", "Lodz Orsted Inonu"),
        ("ＧＢ／Ｔ　９７０４", "GB/T 9704"),
        ("\u{E81E}\u{E816}\u{E831}\u{E864}", "\u{9FB4}\u{20087}\u{215D7}\u{9FBB}"),
        // First a radical of its own, then what the radical is read as.
        ("\u{E815}\u{E7C7}", "\u{5382}m"),
        ("\u{FB56}\u{FB57}\u{FE8D}", "\u{67E}\u{67E}\u{627}"),
        ("买买提·吐尔逊 ꀀ ༄ 𠮷 ᠮᠣ", "买买提·吐尔逊 ꀀ ༄ 𠮷 ᠮᠣ"),
        ("straße æther", "straße æther"),
    ] {
        assert_eq!(folded(typed), read, "{typed}");
    }
}

/// What is stored of folded texts is made anew when the version counts up; a changed table must count it up.
#[test]
fn the_version_belongs_to_the_table() {
    let digest = hex::encode(Sha256::digest(TABLE));
    assert_eq!(
        (VERSION, digest.as_str()),
        (1, "b64e779ac054478574b391dbfa697d09e32534304d78456d0252d763ecb1e831"),
        "a changed table has another version"
    );
}

#[test]
fn the_same_number_of_a_document_is_the_same_however_it_is_typed() {
    let document = |number: &str| IdDocument::new(IdDocumentKind::Passport, number);
    assert!(document("军字第⼀⼆号").same_as(&document("军字第一二号")));
    assert_eq!(
        document("⾦1").normalised().number.as_deref(),
        Some("⾦1"),
        "what is kept is what was typed"
    );
}

/// Numbers of cases as people type them from a receipt.
#[test]
fn a_number_is_read_in_any_width_and_case() {
    for typed in [
        "CXFB-2026-S00012",
        "cxfb-2026-s00012",
        "ＣＸＦＢ－２０２６－Ｓ０００１２",
        " CXFB—2026–S00012\u{3000}",
        "CXFB - 2026 - S00012",
    ] {
        assert_eq!(key_of_number(typed), "CXFB-2026-S00012", "{typed}");
    }
    assert_eq!(key_of_number("〔2025〕3号"), "〔2025〕3号");
}
