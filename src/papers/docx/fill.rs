//! Number and day put into an edited draft at issue; nothing else in the file changes.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::ops::Range;

use chrono::NaiveDate;
use roxmltree::{Document, Node};
use zip::ZipWriter;

use super::super::numerals::chinese_date;
use super::DocxError;
use super::control::Tag;
use super::package::entry_options;
use super::read::open::{child, word};
use super::read::{Limits, Package, Styles, controls, parse, styles_of};
use super::xml::escape;

/// Puts number and day into the controls of an edited file. All other parts stay byte for byte, and the text around the
/// controls too.
///
/// An empty number stands for a paper without one: then a control for it need not be there.
///
/// # Errors
/// A file that cannot be read, or lacks a control.
pub fn fill(bytes: &[u8], number: &str, date: NaiveDate) -> Result<Vec<u8>, DocxError> {
    let limits = Limits::default();
    let mut package = Package::open(bytes, limits)?;
    let main = package.main()?;
    let text = package.required(&main)?;
    let styles = styles_of(&mut package, &main)?;
    let filled = {
        let document = parse(&text, limits)?;
        let mut changes = Changes::default();
        if !number.is_empty() {
            changes.put(&document, &styles, Tag::Number, number)?;
        }
        changes.put(&document, &styles, Tag::Date, &chinese_date(date))?;
        changes.apply(&text)
    };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let place = package.index(&main);
    for index in 0..package.archive.len() {
        let entry = package.archive.by_index_raw(index)?;
        if Some(index) == place {
            writer.start_file(entry.name()?, entry_options())?;
            writer.write_all(filled.as_bytes()).map_err(zip::result::ZipError::Io)?;
        } else {
            writer.raw_copy_file(entry)?;
        }
    }
    Ok(writer.finish()?.into_inner())
}

/// What is written instead of which bytes, by where they begin.
#[derive(Default)]
struct Changes(BTreeMap<usize, (Range<usize>, String)>);

impl Changes {
    fn replace(&mut self, range: Range<usize>, with: String) {
        self.0.insert(range.start, (range, with));
    }

    fn apply(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 256);
        let mut reached = 0;
        for (range, with) in self.0.into_values() {
            // A control within a control has gone with what stood in the outer one.
            if range.start < reached {
                continue;
            }
            out.push_str(text.get(reached..range.start).unwrap_or_default());
            out.push_str(&with);
            reached = range.end;
        }
        out.push_str(text.get(reached..).unwrap_or_default());
        out
    }

    fn put(&mut self, document: &Document<'_>, styles: &Styles, tag: Tag, text: &str) -> Result<(), DocxError> {
        let mut found = false;
        for (_, control) in controls(document, styles).filter(|(other, _)| *other == tag) {
            found = true;
            let placeholder = child(control, "sdtPr").and_then(|properties| child(properties, "showingPlcHdr"));
            if let Some(placeholder) = placeholder {
                self.replace(placeholder.range(), String::new());
            }
            let content = child(control, "sdtContent").ok_or(DocxError::NoControl(tag))?;
            self.put_into(content, text);
        }
        if found { Ok(()) } else { Err(DocxError::NoControl(tag)) }
    }

    /// The first run takes the text, the others go; paragraphs and cells around them stay.
    fn put_into(&mut self, content: Node<'_, '_>, text: &str) {
        let prefix = prefix(content);
        let mut runs = content.descendants().filter(|node| {
            word(*node) == Some("r")
                && !node
                    .ancestors()
                    .skip(1)
                    .take_while(|above| *above != content)
                    .any(|above| word(above) == Some("r"))
        });
        if let Some(first) = runs.next() {
            let look = child(first, "rPr").map_or_else(String::new, plain_look);
            self.replace(first.range(), run(&prefix, &look, text));
            for other in runs {
                self.replace(other.range(), String::new());
            }
            return;
        }
        let home = content
            .descendants()
            .find(|node| word(*node) == Some("p"))
            .unwrap_or(content);
        let name = format!("{prefix}{}", home.tag_name().name());
        let inner: String = home
            .children()
            .filter_map(|node| home.document().input_text().get(node.range()))
            .collect();
        self.replace(
            home.range(),
            format!("<{name}>{inner}{}</{name}>", run(&prefix, "", text)),
        );
    }
}

/// Properties of a run without what marks a blank: its style and its grey.
fn plain_look(properties: Node<'_, '_>) -> String {
    let source = properties.document().input_text();
    let mut changes = Changes::default();
    let range = properties.range();
    let (marks, others): (Vec<_>, Vec<_>) = properties
        .children()
        .filter(Node::is_element)
        .partition(|node| matches!(word(*node), Some("rStyle" | "color" | "vanish")));
    if others.is_empty() {
        return String::new();
    }
    for mark in marks {
        let own = mark.range();
        changes.replace(own.start - range.start..own.end - range.start, String::new());
    }
    changes.apply(source.get(range).unwrap_or_default())
}

fn run(prefix: &str, look: &str, text: &str) -> String {
    format!(
        r#"<{prefix}r>{look}<{prefix}t xml:space="preserve">{}</{prefix}t></{prefix}r>"#,
        escape(text)
    )
}

/// How the file names the namespace of the text: `w:` nearly always.
fn prefix(node: Node<'_, '_>) -> String {
    node.tag_name()
        .namespace()
        .and_then(|namespace| node.lookup_prefix(namespace))
        .map_or_else(String::new, |prefix| format!("{prefix}:"))
}
