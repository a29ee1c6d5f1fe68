//! What the styles of an edited file mean.

use std::collections::HashMap;

use roxmltree::{Document, Node};

use super::super::role::{LABEL, Role};
use super::open::{attribute, child, is_on, value, word};

/// Styles upon styles are followed so far.
const CHAIN: usize = 16;

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    numbering: Option<(String, Option<usize>)>,
    strong: Option<bool>,
}

/// The styles of a file by their ids.
#[derive(Debug, Default)]
pub(in super::super) struct Styles(HashMap<String, Style>);

impl Styles {
    pub fn read(document: &Document<'_>) -> Self {
        let styles = document
            .root_element()
            .children()
            .filter(|node| word(*node) == Some("style"))
            .filter_map(|node| Some((attribute(node, "styleId")?.to_owned(), style(node))))
            .collect();
        Self(styles)
    }

    fn chain<'a>(&'a self, id: &str) -> impl Iterator<Item = &'a Style> {
        let mut next = self.0.get(id);
        std::iter::from_fn(move || {
            let style = next?;
            next = style.based_on.as_ref().and_then(|id| self.0.get(id));
            Some(style)
        })
        .take(CHAIN)
    }

    /// The role of a style, or of one that it is based on.
    pub fn role(&self, id: &str) -> Option<Role> {
        self.chain(id).find_map(|style| Role::named(&style.name))
    }

    pub fn outline(&self, id: &str) -> Option<u8> {
        self.chain(id).find_map(|style| style.outline)
    }

    /// Number and level of the list that a style belongs to.
    pub fn numbering(&self, id: &str) -> Option<(&str, usize)> {
        self.chain(id)
            .find_map(|style| style.numbering.as_ref())
            .map(|(list, level)| (list.as_str(), level.unwrap_or_default()))
    }

    pub fn is_strong(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.strong).unwrap_or_default()
    }

    pub fn is_label(&self, id: &str) -> bool {
        self.chain(id).any(|style| style.name == LABEL.1)
    }
}

fn style(node: Node<'_, '_>) -> Style {
    let paragraph = child(node, "pPr");
    Style {
        name: value(node, "name").unwrap_or_default().to_owned(),
        based_on: value(node, "basedOn").map(str::to_owned),
        outline: paragraph.and_then(outline),
        numbering: paragraph.and_then(numbering),
        strong: child(node, "rPr").and_then(strong),
    }
}

/// Level of a heading in properties of a paragraph; 9 is text.
pub(super) fn outline(properties: Node<'_, '_>) -> Option<u8> {
    value(properties, "outlineLvl")?.parse().ok()
}

/// List and level in properties of a paragraph.
pub(super) fn numbering(properties: Node<'_, '_>) -> Option<(String, Option<usize>)> {
    let found = child(properties, "numPr")?;
    let level = value(found, "ilvl").and_then(|level| level.parse().ok());
    Some((value(found, "numId")?.to_owned(), level))
}

/// Weight in properties of a run, if they say something about it.
pub(super) fn strong(properties: Node<'_, '_>) -> Option<bool> {
    child(properties, "b").map(|_| is_on(properties, "b"))
}
