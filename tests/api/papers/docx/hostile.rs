//! Files made to be a burden.

use gongkai::papers::docx::{DocxError, Limits, check, fill, read, to_paper, write};

use super::{kit, sample};

fn draft() -> Vec<u8> {
    write(&sample::draft()).unwrap()
}

fn refused(bytes: &[u8]) -> DocxError {
    read(bytes, Limits::default()).unwrap_err()
}

#[test]
fn what_is_no_archive_is_refused() {
    for bytes in [&b""[..], b"PK\x03\x04", b"{\\rtf1}", &[0; 4096]] {
        assert!(read(bytes, Limits::default()).is_err());
    }
    let whole = draft();
    for length in (0..whole.len()).step_by(197) {
        assert!(read(&whole[..length], Limits::default()).is_err());
    }
}

#[test]
fn broken_files_never_panic() {
    let whole = draft();
    for at in (0..whole.len()).step_by(89) {
        let mut broken = whole.clone();
        broken[at] ^= 0xFF;
        let _ = read(&broken, Limits::default());
        if at % 5 == 0 {
            let _ = fill(&broken, "一", chrono::NaiveDate::MIN);
        }
    }
}

#[test]
fn broken_texts_never_panic() {
    let text: Vec<char> = kit::part(&draft(), "word/document.xml").chars().collect();
    let mut seed = 7_usize;
    let mut next = |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut opened = 0;
    for _ in 0..120 {
        let mut broken = text.clone();
        // Whole elements go or are doubled: what stays is often well-formed.
        let places: Vec<usize> = (0..broken.len()).filter(|at| broken[*at] == '<').collect();
        let from = places[next(places.len() - 1)];
        let name: String = broken[from + 1..]
            .iter()
            .take_while(|sign| sign.is_alphanumeric() || **sign == ':')
            .collect();
        let rest: String = broken[from..].iter().collect();
        let end = format!("</{name}>");
        let length = rest.find(&end).map_or(1, |at| rest[..at].chars().count() + end.len());
        let piece: Vec<char> = broken[from..from + length].to_vec();
        match next(3) {
            0 => drop(broken.drain(from..from + length)),
            1 => drop(broken.splice(from..from, piece)),
            _ => drop(broken.splice(from..from + 1 + next(length), "\u{FFFD}".chars())),
        }
        let bytes = kit::edit_text(&draft(), |_| broken.iter().collect());
        if let Ok(edited) = read(&bytes, Limits::default()) {
            opened += 1;
            let _ = check(&edited, &sample::draft());
            let _ = write(&to_paper(&edited, &sample::draft()));
            let _ = fill(&bytes, "云〔2026〕1号", chrono::NaiveDate::MAX);
        }
    }
    assert!(opened > 8, "{opened}");
}

#[test]
fn other_archives_are_refused() {
    let mut parts = kit::parts(&draft());
    parts.retain(|(name, _)| name != "word/document.xml");
    assert!(matches!(refused(&kit::pack(&parts)), DocxError::NoDocx));
    let none = kit::pack(&[("a.txt".to_owned(), b"a".to_vec())]);
    assert!(matches!(refused(&none), DocxError::NoDocx));
}

#[test]
fn what_is_larger_than_a_limit_is_refused() {
    let whole = draft();
    let text = kit::part(&whole, "word/document.xml");
    let length = u64::try_from(text.len()).unwrap();
    let ample = Limits::default();
    assert!(read(&whole, ample).is_ok());
    for narrow in [
        Limits {
            file: whole.len() - 1,
            ..ample
        },
        Limits { parts: 3, ..ample },
        Limits {
            part: length - 1,
            ..ample
        },
        Limits { total: length, ..ample },
        Limits { nodes: 20, ..ample },
    ] {
        assert!(
            matches!(
                read(&whole, narrow).unwrap_err(),
                DocxError::TooLarge | DocxError::Xml(_)
            ),
            "{narrow:?}"
        );
    }
    // A part that grows more than any text does.
    let mut parts = kit::parts(&whole);
    parts.push(("word/media/empty.bin".to_owned(), vec![0; 512 * 1024]));
    assert!(matches!(refused(&kit::pack(&parts)), DocxError::TooLarge));
}

#[test]
fn nests_and_entities_are_refused() {
    let deep = Limits {
        depth: 4,
        ..Limits::default()
    };
    assert!(matches!(read(&draft(), deep).unwrap_err(), DocxError::TooDeep));
    let entities = kit::edit_text(&draft(), |text| {
        text.replacen("?>", "?><!DOCTYPE a [<!ENTITY x \"王\">]>", 1)
            .replace("王", "&x;王")
    });
    assert!(matches!(refused(&entities), DocxError::Xml(_)));
}

#[test]
fn two_parts_that_differ_in_case_only_are_refused() {
    let mut parts = kit::parts(&draft());
    let text = kit::part(&draft(), "word/document.xml");
    parts.push(("Word/Document.xml".to_owned(), text.into_bytes()));
    assert!(matches!(refused(&kit::pack(&parts)), DocxError::Ambiguous));
}

#[test]
fn wide_cells_do_not_make_wide_rows() {
    let wide = kit::edit_text(&draft(), |text| {
        text.replace(
            "<w:body>",
            "<w:body><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"200\"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        )
    });
    assert!(read(&wide, Limits::default()).is_ok());
}
