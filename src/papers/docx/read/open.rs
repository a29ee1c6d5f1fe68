//! Opening a file that came from outside: bounded in every way, and refused where two programs might read it differently.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use super::super::DocxError;

/// How much of a file is read. The defaults hold a hundred pages and refuse what is made to be a burden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file: usize,
    /// Parts in it.
    pub parts: usize,
    /// Bytes of one part in XML, unpacked.
    pub part: u64,
    /// Bytes of all parts, unpacked.
    pub total: u64,
    /// Times that a part above [`RATIO_FREE`] bytes may grow when it is unpacked.
    pub ratio: u64,
    /// Elements within one another.
    pub depth: usize,
    /// Elements and texts of a part.
    pub nodes: u32,
}

/// Small parts may be packed as well as they like.
pub const RATIO_FREE: u64 = 256 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 20 * 1024 * 1024,
            parts: 2_000,
            part: 8 * 1024 * 1024,
            total: 100 * 1024 * 1024,
            ratio: 150,
            depth: 200,
            nodes: 500_000,
        }
    }
}

/// An archive whose list of entries has been looked at.
pub(in super::super) struct Package<'a> {
    pub archive: ZipArchive<Cursor<&'a [u8]>>,
    limits: Limits,
    /// Indexes by names in small letters: names of parts do not tell capitals apart (ECMA-376 part 2, 6.2.2.3).
    names: BTreeMap<String, usize>,
}

/// The end record of an archive, without its comment (APPNOTE.TXT 4.3.16).
const END_LENGTH: usize = 22;

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8], limits: Limits) -> Result<Self, DocxError> {
        if bytes.len() > limits.file {
            return Err(DocxError::TooLarge);
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        if archive.len() > limits.parts {
            return Err(DocxError::TooLarge);
        }
        // Of two entries of one name the library keeps one, another program perhaps the other.
        if entries_listed(bytes, archive.comment().len()) != Some(archive.len()) || archive.has_overlapping_entries()? {
            return Err(DocxError::Ambiguous);
        }
        let mut names = BTreeMap::new();
        let mut total = 0_u64;
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index)?;
            let (size, packed) = (entry.size(), entry.compressed_size());
            total = total.saturating_add(size);
            if total > limits.total || (size > RATIO_FREE && size > packed.saturating_mul(limits.ratio)) {
                return Err(DocxError::TooLarge);
            }
            if entry.encrypted() {
                return Err(DocxError::NoDocx);
            }
            if names.insert(entry.name()?.to_lowercase(), index).is_some() {
                return Err(DocxError::Ambiguous);
            }
        }
        Ok(Self { archive, limits, names })
    }

    /// Names of all parts, in small letters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    pub fn index(&self, name: &str) -> Option<usize> {
        self.names.get(&name.to_lowercase()).copied()
    }

    /// The text of a part, if there is such a part.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, DocxError> {
        let Some(index) = self.index(name) else {
            return Ok(None);
        };
        let entry = self.archive.by_index(index)?;
        let mut bytes = Vec::new();
        let read = entry
            .take(self.limits.part + 1)
            .read_to_end(&mut bytes)
            .map_err(zip::result::ZipError::Io)?;
        if u64::try_from(read).is_ok_and(|read| read > self.limits.part) {
            return Err(DocxError::TooLarge);
        }
        // All three programs write UTF-8; what claims another encoding is not read.
        String::from_utf8(bytes).map(Some).map_err(|_| DocxError::NoDocx)
    }

    /// The text of a part that must be there.
    pub fn required(&mut self, name: &str) -> Result<String, DocxError> {
        self.text(name)?.ok_or(DocxError::NoDocx)
    }

    /// The part that holds the text, as the relationships of the package name it.
    pub fn main(&mut self) -> Result<String, DocxError> {
        let text = self.required("_rels/.rels")?;
        let main = relationships(&parse(&text, self.limits)?)
            .into_iter()
            .find(|relationship| relationship.kind == "officeDocument")
            .ok_or(DocxError::NoDocx)?;
        Ok(main.target.trim_start_matches('/').to_owned())
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }
}

fn entries_listed(bytes: &[u8], comment: usize) -> Option<usize> {
    let at = bytes.len().checked_sub(END_LENGTH)?.checked_sub(comment)?;
    let count = bytes.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes(count.try_into().ok()?)))
}

/// Reads XML without declarations of types, and so without entities of its own; refuses what is nested too deep, so
/// that walking it may be done by recursion.
pub(in super::super) fn parse(text: &str, limits: Limits) -> Result<Document<'_>, DocxError> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits.nodes,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)?;
    let mut depths: Vec<usize> = Vec::new();
    for node in document.root().descendants() {
        let above = node
            .parent()
            .and_then(|parent| depths.get(parent.id().get_usize()).copied());
        let depth = above.map_or(0, |depth| depth + 1);
        if depth > limits.depth {
            return Err(DocxError::TooDeep);
        }
        // Nodes come in the order of their ids.
        depths.push(depth);
    }
    Ok(document)
}

/// A relationship of a part.
pub(super) struct Relationship {
    /// The last segment of its type.
    pub kind: String,
    pub target: String,
    pub external: bool,
}

pub(super) fn relationships(document: &Document<'_>) -> Vec<Relationship> {
    document
        .root_element()
        .children()
        .filter(|node| node.tag_name().name() == "Relationship")
        .map(|node| Relationship {
            kind: node
                .attribute("Type")
                .and_then(|kind| kind.rsplit('/').next())
                .unwrap_or_default()
                .to_owned(),
            target: node.attribute("Target").unwrap_or_default().to_owned(),
            external: node.attribute("TargetMode") == Some("External"),
        })
        .collect()
}

/// The part of the relationships of a part.
pub(super) fn relationships_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{name}.rels").trim_start_matches('/').to_owned()
}

/// The part that a target of another part's relationship names.
pub(super) fn resolve(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = part.split('/').collect();
    path.pop();
    for segment in target.split('/') {
        match segment {
            ".." => {
                path.pop();
            }
            "." | "" => {}
            _ => path.push(segment),
        }
    }
    path.join("/")
}

/// Both namespaces of WordprocessingML: the one everybody writes, and that of "Strict Open XML".
const WORD: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// The name of an element of WordprocessingML.
pub(in super::super) fn word<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let name = node.tag_name();
    name.namespace()
        .is_some_and(|namespace| WORD.contains(&namespace))
        .then(|| name.name())
}

/// A child of this name.
pub(in super::super) fn child<'a, 'b>(node: Node<'a, 'b>, name: &str) -> Option<Node<'a, 'b>> {
    node.children().find(|child| word(*child) == Some(name))
}

/// An attribute of WordprocessingML.
pub(in super::super) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    WORD.iter().find_map(|namespace| node.attribute((*namespace, name)))
}

/// `w:val` of a child.
pub(in super::super) fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).and_then(|found| attribute(found, "val"))
}

/// Whether a switch is on: there, and not set to off.
pub(in super::super) fn is_on(node: Node<'_, '_>, name: &str) -> bool {
    child(node, name).is_some_and(|found| !matches!(attribute(found, "val"), Some("0" | "false" | "off" | "none")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_beside_their_part() {
        assert_eq!(resolve("word/document.xml", "styles.xml"), "word/styles.xml");
        assert_eq!(
            resolve("word/document.xml", "../docProps/core.xml"),
            "docProps/core.xml"
        );
        assert_eq!(resolve("document.xml", "/word/a.xml"), "word/a.xml");
        assert_eq!(relationships_of("word/document.xml"), "word/_rels/document.xml.rels");
        assert_eq!(relationships_of("document.xml"), "_rels/document.xml.rels");
    }

    #[test]
    fn declarations_and_depth_are_refused() {
        let limits = Limits::default();
        assert!(parse("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", limits).is_err());
        let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        assert!(matches!(parse(&deep, limits), Err(DocxError::TooDeep)));
    }
}
