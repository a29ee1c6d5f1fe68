//! An edited draft as it comes back from Word, WPS or LibreOffice: its text, its controls, and what it must not hold.

mod edited;
mod line;
mod numbering;
pub(super) mod open;
mod styles;
pub(super) mod walk;

use std::collections::BTreeSet;

use roxmltree::Document;

use super::DocxError;
use super::control::Tag;
use numbering::Numbering;
use open::{relationships, relationships_of, resolve};
use walk::Walk;

pub use edited::{Edited, Finding};
pub(super) use line::{Grid, Line, Mark, Piece};
pub use open::Limits;
pub(super) use open::{Package, parse};
pub(super) use styles::Styles;

/// Reads an edited file.
///
/// # Errors
/// What is no office document, is larger than the limits, or could be read in two ways.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Edited, DocxError> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.main()?;
    let text = package.required(&main)?;
    let document = parse(&text, limits)?;
    let body = document
        .root_element()
        .children()
        .find(|node| open::word(*node) == Some("body"))
        .ok_or(DocxError::NoDocx)?;
    let styles = styles_of(&mut package, &main)?;
    let numbering = match related(&mut package, &main, "numbering")? {
        Some(text) => Numbering::read(&parse(&text, limits)?),
        None => Numbering::default(),
    };
    let mut walk = Walk::new(&styles, numbering);
    let mut pieces = Vec::new();
    walk.blocks(body, &mut pieces);
    let Walk {
        controls,
        mut findings,
        pictures,
        ..
    } = walk;
    look_around(&mut package, &mut findings)?;
    let texts = |wanted: Tag| {
        let of_tag = controls.iter().filter(|(tag, _)| *tag == wanted);
        of_tag.map(|(_, text)| text.trim_end_matches('\n').to_owned()).collect()
    };
    Ok(Edited {
        number: texts(Tag::Number),
        date: texts(Tag::Date),
        remedy: remedies(&pieces),
        text: whole(&pieces),
        findings,
        pictures,
        pieces,
    })
}

/// The text of the part that the main part is related to in this way.
fn related(package: &mut Package<'_>, main: &str, kind: &str) -> Result<Option<String>, DocxError> {
    let Some(text) = package.text(&relationships_of(main))? else {
        return Ok(None);
    };
    let found = relationships(&parse(&text, package.limits())?)
        .into_iter()
        .find(|relationship| relationship.kind == kind && !relationship.external);
    match found {
        Some(found) => package.text(&resolve(main, &found.target)),
        None => Ok(None),
    }
}

/// The styles of a file; a file without them has none.
pub(super) fn styles_of(package: &mut Package<'_>, main: &str) -> Result<Styles, DocxError> {
    match related(package, main, "styles")? {
        Some(text) => Ok(Styles::read(&parse(&text, package.limits())?)),
        None => Ok(Styles::default()),
    }
}

/// What the other parts and all relationships tell.
fn look_around(package: &mut Package<'_>, findings: &mut BTreeSet<Finding>) -> Result<(), DocxError> {
    let names: Vec<String> = package.names().map(str::to_owned).collect();
    let types = package.required("[Content_Types].xml")?.to_lowercase();
    if types.contains("macroenabled") || types.contains("vbaproject") {
        findings.insert(Finding::Macros);
    }
    for name in names {
        let last = name.rsplit('/').next().unwrap_or_default();
        if last.starts_with("vbaproject") || last.starts_with("vbadata") || name.contains("/macrosheets/") {
            findings.insert(Finding::Macros);
        }
        if name.contains("/embeddings/") || name.contains("/activex/") {
            findings.insert(Finding::EmbeddedObjects);
        }
        if last.ends_with(".rels") {
            let text = package.required(&name)?;
            for relationship in relationships(&parse(&text, package.limits())?) {
                findings.extend(told_by(&relationship));
            }
        }
    }
    let comments = package
        .names()
        .find(|name| name.ends_with("/comments.xml"))
        .map(str::to_owned);
    if let Some(name) = comments {
        let text = package.required(&name)?;
        if parse(&text, package.limits())?.root_element().has_children() {
            findings.insert(Finding::Comments);
        }
    }
    Ok(())
}

fn told_by(relationship: &open::Relationship) -> Option<Finding> {
    match (relationship.kind.as_str(), relationship.external) {
        ("hyperlink", _) => relationship.external.then_some(Finding::Hyperlinks),
        ("oleObject" | "package" | "control" | "aFChunk" | "activeXControlBinary", false) => {
            Some(Finding::EmbeddedObjects)
        }
        ("vbaProject" | "wordVbaData", _) => Some(Finding::Macros),
        // Programs name the template of the person's own disk; nothing is fetched from elsewhere.
        ("attachedTemplate", true) if is_local(&relationship.target) => None,
        (_, true) => Some(Finding::ExternalContent),
        (_, false) => None,
    }
}

/// A path on a disk (`file:///C:\\…`), not on a server.
fn is_local(target: &str) -> bool {
    let path = target.strip_prefix("file:///").unwrap_or(target);
    let mut characters = path.chars();
    let drive = characters.next().is_some_and(|letter| letter.is_ascii_alphabetic());
    (drive && characters.next() == Some(':')) || !path.contains(['/', '\\'])
}

/// Texts of the remedies: paragraphs with a control of it that follow one another, all that stands in them.
fn remedies(pieces: &[Piece]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut goes_on = false;
    for piece in pieces {
        match piece {
            Piece::Paragraph(line) if line.holds(Tag::Remedy) => {
                match found.last_mut() {
                    Some(last) if goes_on => {
                        last.push('\n');
                        last.push_str(&line.plain());
                    }
                    _ => found.push(line.plain()),
                }
                goes_on = true;
            }
            Piece::Paragraph(line) if line.is_blank() => {}
            Piece::PageBreak => {}
            Piece::Paragraph(_) | Piece::Table(_) => goes_on = false,
        }
    }
    found
}

fn whole(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph(line) => {
                out.push_str(&line.plain());
                out.push('\n');
            }
            Piece::Table(grid) => {
                for row in &grid.rows {
                    let cells: Vec<String> = row
                        .iter()
                        .map(|cell| cell.iter().map(|run| run.text.as_str()).collect())
                        .collect();
                    out.push_str(&cells.join("\t"));
                    out.push('\n');
                }
            }
            Piece::PageBreak => {}
        }
    }
    out
}

/// Every control of ours below a node that is read, in order.
pub(super) fn controls<'a, 'b>(
    document: &'a Document<'b>,
    styles: &'a Styles,
) -> impl Iterator<Item = (Tag, roxmltree::Node<'a, 'b>)> {
    document
        .root_element()
        .descendants()
        .filter(|node| open::word(*node) == Some("sdt"))
        .filter_map(move |node| Some((walk::tag_of(node, styles)?, node)))
}
