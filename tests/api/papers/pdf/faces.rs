//! Fonts: characters that none has, files that go away or may not be used.

use std::path::PathBuf;

use gongkai::fonts::{FontConfig, FontError, Fonts};
use gongkai::papers::model::Block;
use gongkai::papers::pdf::{PdfError, missing, write};

use super::papers::{form, letter};
use super::{fonts, paragraph, text_of, with, written};

/// Shared by the threads of a server.
const _: fn() = || {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Fonts>();
};

#[test]
fn characters_that_no_font_has_are_named_and_nothing_is_drawn() {
    let Some(fonts) = fonts() else { return };
    let mut named = letter();
    named.organ.push('\u{f0123}');
    named.blocks.push(paragraph("收件人：王\u{f0124}祥、李某"));
    named.blocks.push(paragraph("王\u{f0124}祥"));
    named.watermark = Some("\u{f0125}".to_owned());
    let found = missing(&named, fonts).unwrap();
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "\u{f0123} U+F0123 in “和规划局\u{f0123}”",
            "\u{f0124} U+F0124 in “件人：王\u{f0124}祥、李某”",
            "\u{f0125} U+F0125 in “\u{f0125}”"
        ]
    );
    let refused = write(&named, fonts).unwrap_err();
    assert!(matches!(&refused, PdfError::Missing(missing) if missing.len() == 3));
    assert!(refused.to_string().contains("U+F0124"));
    assert_eq!(missing(&letter(), fonts).unwrap(), []);
}

#[test]
fn rare_names_are_written_with_whatever_face_has_them() {
    let Some(fonts) = fonts() else { return };
    let rare = with(vec![paragraph("李㛃、买买提·吐尔逊、王𠮷祥")]);
    match missing(&rare, fonts).unwrap().as_slice() {
        [] => {
            let pdf = written(fonts, &rare);
            assert!(text_of(&pdf).is_none_or(|text| text.contains("李㛃、买买提·吐尔逊、王𠮷祥")));
        }
        // Some faces end with the characters of the first plane.
        [only] => assert_eq!(only.character, '𠮷'),
        more => panic!("{more:?}"),
    }
}

#[test]
fn what_is_not_seen_is_not_missing() {
    let Some(fonts) = fonts() else { return };
    let hidden = "葛\u{e0100}某\u{200f}、\u{202e}某\u{202c}\u{200b}某\u{feff}，\u{0}\u{7}cafe\u{301}\u{fe0f}\u{2066}。";
    let hidden = with(vec![
        paragraph(hidden),
        Block::Title {
            text: "\u{200f}告知书\u{200e}".to_owned(),
        },
    ]);
    assert_eq!(missing(&hidden, fonts).unwrap(), []);
    let pdf = written(fonts, &hidden);
    // The form of a character belongs to a name, so that it is kept; what steers the direction of writing is not.
    assert!(
        text_of(&pdf).is_none_or(|text| text.contains("葛\u{e0100}某、某某，cafe\u{301}\u{fe0f}。")),
        "{:?}",
        text_of(&pdf)
    );
}

#[test]
fn a_font_that_goes_away_is_an_error_and_may_come_back() {
    let Some(fonts) = fonts() else { return };
    let font = fonts.describe().into_iter().next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("font.ttc");
    std::fs::copy(&font.path, &copy).unwrap();
    let fonts = Fonts::find_in(&FontConfig::default(), &[folder.path().to_owned()]);
    assert!(fonts.is_usable());
    std::fs::rename(&copy, folder.path().join("away")).unwrap();
    let gone = write(&form(), &fonts).unwrap_err();
    assert!(
        matches!(&gone, PdfError::Font(FontError::Read { path, .. }) if *path == copy),
        "{gone:?}"
    );
    std::fs::write(&copy, b"OTTO").unwrap();
    let broken = write(&form(), &fonts).unwrap_err();
    assert!(
        matches!(&broken, PdfError::Font(FontError::Broken { .. })),
        "{broken:?}"
    );
}

#[test]
fn a_file_that_is_cut_off_is_an_error() {
    let Some(fonts) = fonts() else { return };
    let font = fonts.describe().into_iter().next().unwrap();
    let bytes = std::fs::read(&font.path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("font.ttc");
    for parts in [2, 3, 10] {
        std::fs::write(&cut, &bytes[..bytes.len() / parts]).unwrap();
        let fonts = Fonts::find_in(&FontConfig::default(), &[folder.path().to_owned()]);
        if fonts.is_usable() {
            assert!(write(&form(), &fonts).is_err());
        }
    }
}

#[test]
fn fonts_are_told_and_what_is_configured_wrongly_too() {
    let Some(fonts) = fonts() else { return };
    let nowhere = FontConfig {
        paths: vec![PathBuf::from("/no/such/folder")],
        serif: Some("No Such Family".to_owned()),
        ..FontConfig::default()
    };
    let none = Fonts::find_in(&nowhere, &[]);
    assert!(!none.is_usable());
    let problems: Vec<String> = none.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "the font file /no/such/folder cannot be read",
            "no font is called No Such Family"
        ]
    );
    assert!(matches!(write(&form(), &none), Err(PdfError::Font(FontError::None))));
    let font = fonts.describe().into_iter().next().unwrap();
    for wish in [
        font.path.to_string_lossy().into_owned(),
        font.family.clone(),
        font.family.to_uppercase(),
    ] {
        let config = FontConfig {
            paths: vec![font.path.clone()],
            serif: Some(wish),
            ..FontConfig::default()
        };
        let fonts = Fonts::find_in(&config, &[]);
        assert_eq!(fonts.describe()[0].path, font.path);
        assert!(fonts.problems().is_empty());
    }
}

#[test]
fn a_font_that_may_not_be_embedded_is_told_and_not_used() {
    let Some(fonts) = fonts() else { return };
    let font = fonts.describe().into_iter().next().unwrap();
    let mut bytes = std::fs::read(&font.path).unwrap();
    let names = bytes[..20_000]
        .windows(4)
        .enumerate()
        .filter(|(_, name)| *name == b"OS/2");
    let records: Vec<usize> = names.map(|(at, _)| at).collect();
    for at in records {
        let place = usize::try_from(u32::from_be_bytes(bytes[at + 8..at + 12].try_into().unwrap())).unwrap();
        bytes[place + 8..place + 10].copy_from_slice(&[0, 2]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("font.ttc");
    std::fs::write(&path, bytes).unwrap();
    let config = FontConfig {
        paths: vec![path.clone()],
        ..FontConfig::default()
    };
    let fonts = Fonts::find_in(&config, &[]);
    assert!(!fonts.is_usable());
    assert!(matches!(fonts.problems(), [FontError::Restricted { path: told }] if *told == path));
}
