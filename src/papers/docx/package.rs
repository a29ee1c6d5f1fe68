//! The archive of a DOCX file: its parts, their types and relationships (ECMA-376 part 2), its properties.

use std::fmt::Write;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::model::Paper;
use super::sheet::Sheet;
use super::xml::{DECLARATION, NAMESPACES, escape};
use super::{DocxError, body, frame, styles};

const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A part as it goes into the archive.
struct Part {
    name: String,
    content: Vec<u8>,
}

impl Part {
    fn new(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            content: content.into(),
        }
    }
}

/// Writes a paper as an office document. The same paper gives the same bytes.
///
/// # Errors
/// Codes that cannot be made.
pub fn write(paper: &Paper) -> Result<Vec<u8>, DocxError> {
    let sheet = Sheet::of(paper.layout);
    let edges = frame::edges(paper, sheet);
    let named: Vec<_> = edges.iter().map(|edge| (edge, format!("rId{}", edge.name))).collect();
    let body = body::body(paper, sheet, &frame::section(&named, sheet))?;
    let mut parts = vec![
        Part::new("[Content_Types].xml", content_types(&edges, !body.pictures.is_empty())),
        Part::new("_rels/.rels", package_relationships()),
        Part::new("docProps/core.xml", core_properties(paper)),
        Part::new("word/document.xml", body.xml),
        Part::new(
            "word/_rels/document.xml.rels",
            document_relationships(&edges, body.pictures.len()),
        ),
        Part::new("word/styles.xml", styles::styles(sheet)),
        Part::new("word/settings.xml", settings()),
        Part::new("word/fontTable.xml", styles::font_table()),
    ];
    for edge in edges {
        parts.push(Part::new(format!("word/{}.xml", edge.name), edge.xml));
    }
    for (index, picture) in body.pictures.into_iter().enumerate() {
        parts.push(Part::new(format!("word/media/code{}.png", index + 1), picture.png));
    }
    archive(parts)
}

fn archive(parts: Vec<Part>) -> Result<Vec<u8>, DocxError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        writer.start_file(part.name, entry_options())?;
        writer.write_all(&part.content).map_err(zip::result::ZipError::Io)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A fixed day, for the file must not tell when it was packed, but what it holds.
pub(super) fn entry_options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

fn content_types(edges: &[frame::Edge], pictures: bool) -> String {
    let mut out = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{}{}",
        r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
        r#"<Default Extension="xml" ContentType="application/xml"/>"#
    );
    if pictures {
        out.push_str(r#"<Default Extension="png" ContentType="image/png"/>"#);
    }
    let mut add = |name: &str, kind: &str| {
        let _ = write!(out, r#"<Override PartName="/{name}" ContentType="{kind}"/>"#);
    };
    add("word/document.xml", &format!("{MAIN}.document.main+xml"));
    add("word/styles.xml", &format!("{MAIN}.styles+xml"));
    add("word/settings.xml", &format!("{MAIN}.settings+xml"));
    add("word/fontTable.xml", &format!("{MAIN}.fontTable+xml"));
    for edge in edges {
        let kind = if edge.is_header { "header" } else { "footer" };
        add(&format!("word/{}.xml", edge.name), &format!("{MAIN}.{kind}+xml"));
    }
    add(
        "docProps/core.xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
    );
    out.push_str("</Types>");
    out
}

fn relationships(items: &[(String, String, String)]) -> String {
    let mut out =
        format!("{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for (id, kind, target) in items {
        let _ = write!(out, r#"<Relationship Id="{id}" Type="{kind}" Target="{target}"/>"#);
    }
    out.push_str("</Relationships>");
    out
}

fn package_relationships() -> String {
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    relationships(&[
        (
            "rId1".to_owned(),
            format!("{RELATIONSHIPS}/officeDocument"),
            "word/document.xml".to_owned(),
        ),
        ("rId2".to_owned(), core.to_owned(), "docProps/core.xml".to_owned()),
    ])
}

fn document_relationships(edges: &[frame::Edge], pictures: usize) -> String {
    let own = |id: &str, kind: &str, target: String| (id.to_owned(), format!("{RELATIONSHIPS}/{kind}"), target);
    let mut items = vec![
        own("rIdStyles", "styles", "styles.xml".to_owned()),
        own("rIdSettings", "settings", "settings.xml".to_owned()),
        own("rIdFonts", "fontTable", "fontTable.xml".to_owned()),
    ];
    for edge in edges {
        let kind = if edge.is_header { "header" } else { "footer" };
        items.push(own(&format!("rId{}", edge.name), kind, format!("{}.xml", edge.name)));
    }
    for number in 1..=pictures {
        items.push(own(
            &format!("rIdImage{number}"),
            "image",
            format!("media/code{number}.png"),
        ));
    }
    relationships(&items)
}

/// Title, organ and day, of the paper alone: a draft has a fixed day.
fn core_properties(paper: &Paper) -> String {
    let day = paper
        .dated
        .map_or_else(|| "2000-01-01".to_owned(), |day| day.format("%Y-%m-%d").to_string());
    format!(
        concat!(
            "{}<cp:coreProperties ",
            r#"xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" "#,
            r#"xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" "#,
            r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>"#,
            r#"<dcterms:created xsi:type="dcterms:W3CDTF">{}T00:00:00Z</dcterms:created>"#,
            r#"<dcterms:modified xsi:type="dcterms:W3CDTF">{}T00:00:00Z</dcterms:modified>"#,
            "<dc:language>zh-CN</dc:language></cp:coreProperties>"
        ),
        DECLARATION,
        escape(&paper.name),
        escape(&paper.organ),
        day,
        day
    )
}

/// Page numbers outside, and lines as Chinese programs set them: breaks do not stretch the line before them.
fn settings() -> String {
    format!(
        concat!(
            r#"{}<w:settings {}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>"#,
            r#"<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/>"#,
            "<w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>",
            "<w:doNotExpandShiftReturn/><w:useFELayout/>",
            r#"<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>"#,
            r#"<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification" "#,
            r#"w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>"#,
            r#"<w:compatSetting w:name="enableOpenTypeFeatures" w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>"#,
            r#"<w:compatSetting w:name="doNotFlipMirrorIndents" w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>"#,
            r#"</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/>"#,
            r#"<w:listSeparator w:val=","/></w:settings>"#
        ),
        DECLARATION, NAMESPACES
    )
}
