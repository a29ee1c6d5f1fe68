//! Children stand in the order of the schema (ECMA-376, transitional): Word repairs or refuses a file over it.

use roxmltree::{Document, Node};

use super::{kit, sample};
use gongkai::papers::docx::write;

const ORDERS: [(&str, &[&str]); 13] = [
    (
        "pPr",
        &[
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "framePr",
            "widowControl",
            "numPr",
            "suppressLineNumbers",
            "pBdr",
            "shd",
            "tabs",
            "suppressAutoHyphens",
            "kinsoku",
            "wordWrap",
            "overflowPunct",
            "topLinePunct",
            "autoSpaceDE",
            "autoSpaceDN",
            "bidi",
            "adjustRightInd",
            "snapToGrid",
            "spacing",
            "ind",
            "contextualSpacing",
            "mirrorIndents",
            "suppressOverlap",
            "jc",
            "textDirection",
            "textAlignment",
            "textboxTightWrap",
            "outlineLvl",
            "divId",
            "cnfStyle",
            "rPr",
            "sectPr",
            "pPrChange",
        ],
    ),
    (
        "rPr",
        &[
            "rStyle",
            "rFonts",
            "b",
            "bCs",
            "i",
            "iCs",
            "caps",
            "smallCaps",
            "strike",
            "dstrike",
            "outline",
            "shadow",
            "emboss",
            "imprint",
            "noProof",
            "snapToGrid",
            "vanish",
            "webHidden",
            "color",
            "spacing",
            "w",
            "kern",
            "position",
            "sz",
            "szCs",
            "highlight",
            "u",
            "effect",
            "bdr",
            "shd",
            "fitText",
            "vertAlign",
            "rtl",
            "cs",
            "em",
            "lang",
            "eastAsianLayout",
            "specVanish",
            "oMath",
        ],
    ),
    (
        "sectPr",
        &[
            "headerReference",
            "footerReference",
            "footnotePr",
            "endnotePr",
            "type",
            "pgSz",
            "pgMar",
            "paperSrc",
            "pgBorders",
            "lnNumType",
            "pgNumType",
            "cols",
            "formProt",
            "vAlign",
            "noEndnote",
            "titlePg",
            "textDirection",
            "bidi",
            "rtlGutter",
            "docGrid",
            "printerSettings",
        ],
    ),
    (
        "tcPr",
        &[
            "cnfStyle",
            "tcW",
            "gridSpan",
            "hMerge",
            "vMerge",
            "tcBorders",
            "shd",
            "noWrap",
            "tcMar",
            "textDirection",
            "tcFitText",
            "vAlign",
            "hideMark",
        ],
    ),
    (
        "tblPr",
        &[
            "tblStyle",
            "tblpPr",
            "tblOverlap",
            "bidiVisual",
            "tblStyleRowBandSize",
            "tblStyleColBandSize",
            "tblW",
            "jc",
            "tblCellSpacing",
            "tblInd",
            "tblBorders",
            "shd",
            "tblLayout",
            "tblCellMar",
            "tblLook",
        ],
    ),
    (
        "tblBorders",
        &["top", "left", "start", "bottom", "right", "end", "insideH", "insideV"],
    ),
    ("tblCellMar", &["top", "left", "start", "bottom", "right", "end"]),
    ("tbl", &["tblPr", "tblGrid", "tr"]),
    ("tr", &["tblPrEx", "trPr", "tc"]),
    (
        "sdtPr",
        &[
            "rPr",
            "alias",
            "tag",
            "id",
            "lock",
            "placeholder",
            "temporary",
            "showingPlcHdr",
            "dataBinding",
            "label",
            "tabIndex",
            "text",
        ],
    ),
    (
        "style",
        &[
            "name",
            "aliases",
            "basedOn",
            "next",
            "link",
            "autoRedefine",
            "hidden",
            "uiPriority",
            "semiHidden",
            "unhideWhenUsed",
            "qFormat",
            "locked",
            "pPr",
            "rPr",
            "tblPr",
            "trPr",
            "tcPr",
            "tblStylePr",
        ],
    ),
    (
        "settings",
        &[
            "writeProtection",
            "view",
            "zoom",
            "removePersonalInformation",
            "defaultTabStop",
            "evenAndOddHeaders",
            "characterSpacingControl",
            "compat",
            "rsids",
            "themeFontLang",
            "clrSchemeMapping",
            "decimalSymbol",
            "listSeparator",
        ],
    ),
    (
        "compat",
        &[
            "spaceForUL",
            "noColumnBalance",
            "balanceSingleByteDoubleByteWidth",
            "noExtraLineSpacing",
            "doNotLeaveBackslashAlone",
            "ulTrailSpace",
            "doNotExpandShiftReturn",
            "spacingInWholePoints",
            "adjustLineHeightInTable",
            "useFELayout",
            "compatSetting",
        ],
    ),
];

/// A border group in a paragraph and the children of an inline picture.
const SMALL_ORDERS: [(&str, &[&str]); 4] = [
    (
        "font",
        &["altName", "panose1", "charset", "family", "notTrueType", "pitch", "sig"],
    ),
    (
        "inline",
        &["extent", "effectExtent", "docPr", "cNvGraphicFramePr", "graphic"],
    ),
    ("pic", &["nvPicPr", "blipFill", "spPr"]),
    (
        "coreProperties",
        &["title", "creator", "created", "modified", "language"],
    ),
];

fn wrong(node: Node<'_, '_>) -> Option<String> {
    let name = node.tag_name().name();
    let (_, order) = ORDERS.iter().chain(&SMALL_ORDERS).find(|(other, _)| *other == name)?;
    let mut reached = 0;
    for child in node.children().filter(Node::is_element) {
        let child = child.tag_name().name();
        match order.iter().position(|other| *other == child) {
            None => return Some(format!("{child} in {name}")),
            Some(place) if place < reached => return Some(format!("{child} too late in {name}")),
            Some(place) => reached = place,
        }
    }
    None
}

#[test]
fn every_part_is_well_formed_and_in_order() {
    for paper in sample::all() {
        for (name, content) in kit::parts(&write(&paper).unwrap()) {
            if name.ends_with(".png") {
                continue;
            }
            let text = String::from_utf8(content).unwrap();
            let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let wrong: Vec<String> = document.descendants().filter_map(wrong).collect();
            assert!(wrong.is_empty(), "{name}: {wrong:?}");
        }
    }
}

#[test]
fn ids_and_relationships_agree() {
    for paper in sample::all() {
        let bytes = write(&paper).unwrap();
        let names: Vec<String> = kit::parts(&bytes).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.first().unwrap(), "[Content_Types].xml");
        let relationships = kit::part(&bytes, "word/_rels/document.xml.rels");
        let relationships = Document::parse(&relationships).unwrap();
        let text = kit::part(&bytes, "word/document.xml");
        let document = Document::parse(&text).unwrap();
        let mut ids = Vec::new();
        for relationship in relationships.root_element().children() {
            let target = relationship.attribute("Target").unwrap();
            assert!(names.contains(&format!("word/{target}")), "{target}");
            ids.push(relationship.attribute("Id").unwrap());
        }
        let space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        for node in document.descendants() {
            for used in [node.attribute((space, "id")), node.attribute((space, "embed"))]
                .into_iter()
                .flatten()
            {
                assert!(ids.contains(&used), "{used}");
            }
        }
        let types = kit::part(&bytes, "[Content_Types].xml");
        for name in names
            .iter()
            .filter(|name| name.ends_with(".xml") && *name != "[Content_Types].xml")
        {
            assert!(types.contains(&format!("PartName=\"/{name}\"")), "{name}");
        }
        let controls: Vec<_> = document
            .descendants()
            .filter(|node| node.has_tag_name((WORD, "sdtPr")))
            .map(|node| node.children().find(|child| child.has_tag_name((WORD, "id"))).unwrap())
            .map(|id| id.attribute((WORD, "val")).unwrap())
            .collect();
        let mut unique = controls.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), controls.len());
    }
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
