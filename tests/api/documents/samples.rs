//! Small files of every accepted type, made here, and files that only look like one.

use std::io::{Cursor, Write};

use cfb::CompoundFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n\
    2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n\x00\xFF\x80";

/// One white pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1F\x15\xC4\x89\
    \0\0\0\x0DIDAT\x78\x9C\x63\xF8\xFF\xFF\xFF\x7F\0\x09\xFB\x03\xFD\x05\x43\x45\xCA\0\0\0\0IEND\xAE\x42\x60\x82";

pub const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xD9";

/// One black pixel.
pub const TIFF: &[u8] = b"II*\0\x08\0\0\0\x01\0\0\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";

pub const WORD_TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

/// An archive of these entries.
pub fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An Office package whose parts lie in `folder`.
pub fn package(folder: &str) -> Vec<u8> {
    let part = format!("{folder}/document.xml");
    archive(&[
        ("[Content_Types].xml", WORD_TYPES),
        ("_rels/.rels", "<x/>"),
        (&part, "<x/>"),
    ])
}

/// The same archive as LibreOffice writes it: the list of types last, and the length of each entry after its content.
pub fn streamed(archive: Vec<u8>) -> Vec<u8> {
    let mut whole = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut zip = ZipWriter::new_stream(Vec::new());
    for index in (0..whole.len()).rev() {
        let mut entry = whole.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        std::io::copy(&mut entry, &mut zip).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A compound file with these streams.
pub fn compound(streams: &[&str]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for stream in streams {
        if let Some((storage, _)) = stream.rsplit_once('/') {
            file.create_storage(storage).unwrap();
        }
        file.create_stream(stream).unwrap().write_all(b"content").unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// Every accepted type: name, media type, content.
pub fn accepted() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    let gbk = b"\xC9\xEA\xC7\xEB\xCA\xE9\r\n".to_vec();
    vec![
        ("申请书.pdf", "application/pdf", PDF.to_vec()),
        (
            "公文.ofd",
            "application/ofd",
            archive(&[("OFD.xml", "<ofd:OFD/>"), ("Doc_0/Document.xml", "<x/>")]),
        ),
        ("公文.doc", "application/msword", compound(&["WordDocument"])),
        ("公文.docx", docx, package("word")),
        ("修改稿.docx", docx, streamed(package("word"))),
        ("台账.xls", "application/vnd.ms-excel", compound(&["Workbook"])),
        ("旧台账.xls", "application/vnd.ms-excel", compound(&["Book"])),
        ("台账.xlsx", xlsx, package("xl")),
        (
            "汇报.ppt",
            "application/vnd.ms-powerpoint",
            compound(&["PowerPoint Document"]),
        ),
        ("汇报.pptx", pptx, package("ppt")),
        ("公文.wps", "application/wps-office.wps", compound(&["WordDocument"])),
        ("台账.et", "application/wps-office.et", compound(&["Workbook"])),
        (
            "汇报.dps",
            "application/wps-office.dps",
            compound(&["PowerPoint Document"]),
        ),
        ("身份证.jpg", "image/jpeg", JPEG.to_vec()),
        ("身份证.png", "image/png", PNG.to_vec()),
        ("传真.tif", "image/tiff", TIFF.to_vec()),
        ("说明.txt", "text/plain", "情况说明\n𠮷".into()),
        ("国标说明.txt", "text/plain", gbk),
        (
            "材料.zip",
            "application/zip",
            archive(&[("申请书.txt", "申请书"), ("照片/1.jpg", "x")]),
        ),
    ]
}

/// What is not accepted, whatever its name says.
pub fn refused() -> Vec<(&'static str, Vec<u8>)> {
    let macros = WORD_TYPES.replace("wordprocessingml.document.main", "document.macroEnabled.main");
    let package = |last: &str| {
        archive(&[
            ("[Content_Types].xml", WORD_TYPES),
            ("word/document.xml", "<x/>"),
            (last, "x"),
        ])
    };
    let mut cut = accepted().remove(3).2;
    cut.truncate(cut.len() - 30);
    // An archive whose list is said to have more entries than it has.
    let mut more = archive(&[("a.txt", "a")]);
    let end = more.len() - 22;
    more[end + 10] = 9;
    vec![
        ("空.pdf", Vec::new()),
        ("程序.pdf", b"MZ\x90\0\x03\0\0\0".to_vec()),
        ("程序.txt", b"\x7FELF\x02\x01\x01\0".to_vec()),
        ("脚本.txt", b"#!/bin/sh\nrm -rf /\n".to_vec()),
        ("网页.txt", b"<!DOCTYPE html><script>alert(1)</script>".to_vec()),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("半张图.png", PNG[..12].to_vec()),
        ("富文本.doc", b"{\\rtf1 x}".to_vec()),
        ("宏.docx", package("word/vbaProject.bin")),
        (
            "宏类型.docx",
            archive(&[("[Content_Types].xml", &macros), ("word/document.xml", "<x/>")]),
        ),
        ("旧宏.doc", compound(&["WordDocument", "/Macros/VBA"])),
        ("邮件.doc", compound(&["__properties_version1.0"])),
        ("截断.docx", cut),
        ("伪造.zip", more),
        (
            "程序.zip",
            archive(&[("META-INF/MANIFEST.MF", "Main-Class: A"), ("A.class", "x")]),
        ),
        ("空.zip", archive(&[])),
        (
            "双重.docx",
            archive(&[
                ("[Content_Types].xml", WORD_TYPES),
                ("word/a.xml", "x"),
                ("xl/a.xml", "x"),
            ]),
        ),
        ("二进制.txt", vec![0, 1, 2, 3]),
        ("宽字符.txt", b"\xFF\xFEa\0b\0".to_vec()),
    ]
}
