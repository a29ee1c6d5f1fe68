//! Kinds of files by their bytes, by the names in an archive, by the characters of a text.

use gongkai::documents::sniff::*;
use gongkai::domain::document::MediaType;

#[test]
fn the_first_bytes_decide_or_ask_for_more() {
    for (head, expected) in [
        (&b""[..], Head::Empty),
        (b"%PDF-1.7\n", Head::Is(MediaType::Pdf)),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Head::Is(MediaType::Jpeg)),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0", Head::Is(MediaType::Png)),
        (b"\x89PNG\r\n\x1A\n", Head::Unknown),
        (b"II*\0\x08\0\0\0", Head::Is(MediaType::Tiff)),
        (b"MM\0*\0\0\0\x08", Head::Is(MediaType::Tiff)),
        (b"PK\x03\x04", Head::Zip),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Head::Compound),
        (b"\x7FELF", Head::Unknown),
        (b"MZ\x90\0", Head::Refused),
        (b"#!/bin/sh\n", Head::Refused),
        (b"\xEF\xBB\xBF  <!DOCTYPE html>", Head::Refused),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Head::Refused),
        (b"<?xml version='1.0'?>", Head::Refused),
        (b"hello <SCRIPT>alert(1)</SCRIPT>", Head::Refused),
        (b"{\\rtf1", Head::Refused),
        ("<通知>全文".as_bytes(), Head::Unknown),
        ("申请书".as_bytes(), Head::Unknown),
    ] {
        assert_eq!(by_head(head), expected, "{head:?}");
    }
}

#[test]
fn what_an_archive_holds_decides() {
    let types = CONTENT_TYPES;
    for (names, expected) in [
        (&[types, "_rels/.rels", "word/document.xml"][..], Some(MediaType::Docx)),
        (&[types, "xl/workbook.xml"], Some(MediaType::Xlsx)),
        (&[types, "ppt/presentation.xml"], Some(MediaType::Pptx)),
        (&["OFD.xml", "Doc_0/Document.xml"], Some(MediaType::Ofd)),
        (&["材料/申请书.pdf", "照片.jpg"], Some(MediaType::Zip)),
        (&[types, "word/document.xml", "word/vbaProject.bin"], None),
        (&[types, "xl/workbook.xml", "xl/macrosheets/sheet1.xml"], None),
        (&[types, "word/document.xml", "word/activeX/activeX1.xml"], None),
        (&[types, "word/document.xml", "xl/workbook.xml"], None),
        (&[types, "Documents/1/FixedDocument.fdoc"], None),
        (&[types, "OFD.xml"], None),
        (&["META-INF/MANIFEST.MF", "Main.class"], None),
        (&["AndroidManifest.xml", "classes.dex"], None),
        (&["mimetype", "content.xml"], None),
        (&[], None),
    ] {
        assert_eq!(by_entries(names.iter().copied(), false), expected, "{names:?}");
    }
    assert_eq!(by_entries([types, "word/document.xml"], true), None);
    assert!(names_macros(b"application/vnd.ms-word.document.macroEnabled.main+xml"));
    assert!(!names_macros(b"application/vnd.openxmlformats-officedocument"));
}

#[test]
fn one_compound_file_has_two_families_of_names() {
    for (streams, name, expected) in [
        (&["WordDocument", "1Table"][..], "公文.doc", Some(MediaType::Doc)),
        (&["WordDocument"], "公文.wps", Some(MediaType::Wps)),
        (&["WordDocument"], "公文.pdf", Some(MediaType::Doc)),
        (&["Workbook"], "表.xls", Some(MediaType::Xls)),
        (&["Book"], "表.ET", Some(MediaType::Et)),
        (&["PowerPoint Document"], "稿.ppt", Some(MediaType::Ppt)),
        (&["PowerPoint Document"], "稿.dps", Some(MediaType::Dps)),
        (&["WordDocument", "Macros"], "公文.doc", None),
        (&["Workbook", "_VBA_PROJECT_CUR"], "表.xls", None),
        (&["WordDocument", "Workbook"], "公文.doc", None),
        (&["__properties_version1.0"], "邮件.msg", None),
    ] {
        assert_eq!(
            by_streams(streams.iter().copied(), name),
            expected,
            "{streams:?} {name}"
        );
    }
}

#[test]
fn a_text_is_utf8_or_gb18030_without_control_characters() {
    let gbk = b"\xC9\xEA\xC7\xEB\xCA\xE9\r\n"; // 申请书
    let four = b"\x95\x32\x82\x36"; // 𠀀
    for (bytes, expected) in [
        ("申请书\n".as_bytes(), true),
        ("\u{FEFF}申请书".as_bytes(), true),
        ("𠮷".as_bytes(), true),
        (gbk, true),
        (four, true),
        (b"plain", true),
        (b"\x7FELF\x02\x01\x01\0", false),
        (b"a\0b", false),
        (b"a\x1Bb", false),
        (b"\xFF\xFEa\0", false),
        ("中\u{85}".as_bytes(), false),
        (b"\xC9", false),
        (b"\xE7\x94\xB3\xE7\x94", false),
        (b"\xED\xA0\x80 \x80", false),
    ] {
        for size in [1, 2, 7] {
            let mut check = TextCheck::default();
            let going = bytes.chunks(size).all(|piece| check.feed(piece));
            assert_eq!(going && check.is_text(), expected, "{bytes:?}");
        }
    }
}
