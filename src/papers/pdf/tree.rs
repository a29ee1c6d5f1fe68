//! The structure of a paper (结构树), by which a reader knows a heading from a paragraph and a cell from its neighbour.
//! Planned while pages are laid out, filled with what is drawn, and handed over at the end.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// An element of the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(usize);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Element {
    /// Holds all others.
    Root,
    /// Its level and its words.
    Heading(u8, String),
    Paragraph,
    List,
    ListItem,
    Label,
    ListBody,
    Table,
    Row,
    Head,
    Cell,
    /// With the words that stand for it.
    Figure(String),
}

#[derive(Debug)]
struct Branch {
    element: Element,
    children: Vec<NodeId>,
    content: Vec<Identifier>,
}

#[derive(Debug)]
pub(super) struct Tree(Vec<Branch>);

impl Tree {
    pub const ROOT: NodeId = NodeId(0);

    pub fn new() -> Self {
        Self(vec![Branch {
            element: Element::Root,
            children: Vec::new(),
            content: Vec::new(),
        }])
    }

    /// Adds an element as the last of another.
    pub fn add(&mut self, parent: NodeId, element: Element) -> NodeId {
        let id = NodeId(self.0.len());
        self.0.push(Branch {
            element,
            children: Vec::new(),
            content: Vec::new(),
        });
        if let Some(parent) = self.0.get_mut(parent.0) {
            parent.children.push(id);
        }
        id
    }

    /// Notes that something was drawn for an element.
    pub fn drawn(&mut self, node: NodeId, content: Identifier) {
        if let Some(branch) = self.0.get_mut(node.0) {
            branch.content.push(content);
        }
    }

    pub fn finish(mut self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        let top = self
            .0
            .first_mut()
            .map(|root| std::mem::take(&mut root.children))
            .unwrap_or_default();
        for node in top {
            if let Some(group) = self.group(node) {
                tree.push(group);
            }
        }
        tree
    }

    /// An element with all that is in it; none if there is nothing, except where a place must be kept.
    fn group(&mut self, node: NodeId) -> Option<TagGroup> {
        let branch = self.0.get_mut(node.0)?;
        let element = branch.element.clone();
        let children = std::mem::take(&mut branch.children);
        let content = std::mem::take(&mut branch.content);
        let mut inside: Vec<Node> = content.into_iter().map(Node::from).collect();
        inside.extend(
            children
                .into_iter()
                .filter_map(|child| self.group(child))
                .map(Node::from),
        );
        let keeps_place = matches!(element, Element::Head | Element::Cell);
        (keeps_place || !inside.is_empty()).then(|| TagGroup::with_children(tag(element), inside))
    }
}

fn tag(element: Element) -> TagKind {
    match element {
        Element::Root | Element::Paragraph => Tag::P.into(),
        Element::Heading(level, words) => {
            Tag::Hn(NonZeroU16::new(level.into()).unwrap_or(NonZeroU16::MIN), Some(words)).into()
        }
        Element::List => Tag::L(ListNumbering::Decimal).into(),
        Element::ListItem => Tag::LI.into(),
        Element::Label => Tag::Lbl.into(),
        Element::ListBody => Tag::LBody.into(),
        Element::Table => Tag::Table.into(),
        Element::Row => Tag::TR.into(),
        Element::Head => Tag::TH(TableHeaderScope::Column).into(),
        Element::Cell => Tag::TD.into(),
        Element::Figure(words) => Tag::Figure(Some(words)).into(),
    }
}
