//! Walking the text of an edited file in reading order. What was deleted under tracking is not read, what was inserted
//! is; hidden text is not read either, for it would not be printed.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::super::control::Tag;
use super::super::model::Text;
use super::super::role::Role;
use super::edited::Finding;
use super::line::{Fragment, Grid, Line, Mark, Piece, flat};
use super::numbering::Numbering;
use super::open::{attribute, child, is_on, value, word};
use super::styles::{Styles, numbering, outline, strong};

/// More columns than a sheet can hold are not made up for a cell that claims to span them.
const SPAN_MAX: usize = 64;

pub(super) struct Walk<'a> {
    pub styles: &'a Styles,
    pub numbering: Numbering,
    /// Every control that was met, with its text.
    pub controls: Vec<(Tag, String)>,
    pub findings: BTreeSet<Finding>,
    pub pictures: usize,
    /// Controls that are open, by their place in `controls`.
    open: Vec<usize>,
}

impl<'a> Walk<'a> {
    pub fn new(styles: &'a Styles, numbering: Numbering) -> Self {
        Self {
            styles,
            numbering,
            controls: Vec::new(),
            findings: BTreeSet::new(),
            pictures: 0,
            open: Vec::new(),
        }
    }

    /// Paragraphs and tables below a node.
    pub fn blocks(&mut self, node: Node<'_, '_>, out: &mut Vec<Piece>) {
        for child in node.children().filter(Node::is_element) {
            match word(child) {
                Some("p") => self.paragraph(child, out),
                Some("tbl") => out.push(Piece::Table(self.table(child))),
                Some("sdt") => self.within_control(child, |walk, content| walk.blocks(content, out)),
                Some("ins" | "moveTo") => {
                    self.findings.insert(Finding::TrackedChanges);
                    self.blocks(child, out);
                }
                Some("del" | "moveFrom") => {
                    self.findings.insert(Finding::TrackedChanges);
                }
                Some("altChunk") => {
                    self.findings.insert(Finding::EmbeddedObjects);
                }
                Some("subDoc") => {
                    self.findings.insert(Finding::ExternalContent);
                }
                Some("customXml" | "smartTag") => self.blocks(child, out),
                Some(name) => self.look(name),
                None => self.foreign(child, |walk, content| walk.blocks(content, out)),
            }
        }
    }

    /// Opens a control, if it is one of ours, and reads its content.
    fn within_control(&mut self, control: Node<'_, '_>, read: impl FnOnce(&mut Self, Node<'_, '_>)) {
        let tag = tag_of(control, self.styles);
        if let Some(tag) = tag {
            self.open.push(self.controls.len());
            self.controls.push((tag, String::new()));
        }
        if let Some(content) = child(control, "sdtContent") {
            read(self, content);
        }
        if tag.is_some() {
            self.open.pop();
        }
    }

    /// Of contents for older and newer programs the newer is read, which all three programs show.
    fn foreign(&mut self, node: Node<'_, '_>, read: impl FnOnce(&mut Self, Node<'_, '_>)) {
        match node.tag_name().name() {
            "AlternateContent" => {
                let choice = node.children().find(|child| child.tag_name().name() == "Choice");
                if let Some(choice) = choice.or_else(|| node.first_element_child()) {
                    read(self, choice);
                }
            }
            "oMath" | "oMathPara" => {
                self.findings.insert(Finding::Equations);
            }
            _ => {}
        }
    }

    /// Marks that say something about the file, wherever they stand.
    fn look(&mut self, name: &str) {
        let finding = match name {
            "commentRangeStart" | "commentReference" => Finding::Comments,
            "footnoteReference" | "endnoteReference" => Finding::Notes,
            "moveFromRangeStart" | "moveToRangeStart" | "rPrChange" | "pPrChange" | "sectPrChange" | "tblPrChange"
            | "trPrChange" | "tcPrChange" | "tblGridChange" | "tblPrExChange" | "numberingChange" | "cellIns"
            | "cellDel" | "cellMerge" => Finding::TrackedChanges,
            _ => return,
        };
        self.findings.insert(finding);
    }

    fn paragraph(&mut self, node: Node<'_, '_>, out: &mut Vec<Piece>) {
        let properties = child(node, "pPr");
        let style = properties.and_then(|properties| value(properties, "pStyle"));
        let mut line = Line {
            role: style.and_then(|style| self.styles.role(style)),
            outline: properties
                .and_then(outline)
                .or_else(|| style.and_then(|style| self.styles.outline(style))),
            ..Line::default()
        };
        if let Some(properties) = properties {
            self.paragraph_properties(properties);
            if is_on(properties, "pageBreakBefore") {
                out.push(Piece::PageBreak);
            }
        }
        if let Some(label) = self.label(properties, style) {
            line.fragments.push(Fragment::text(label, false, Mark::Label));
        }
        let mut boxes = Vec::new();
        self.inline(node, &mut line, &mut boxes);
        for at in &self.open {
            if let Some((_, text)) = self.controls.get_mut(*at) {
                text.push('\n');
            }
        }
        line.split(out);
        out.append(&mut boxes);
        let section = properties.and_then(|properties| child(properties, "sectPr"));
        if section.is_some_and(|section| value(section, "type") != Some("continuous")) {
            out.push(Piece::PageBreak);
        }
    }

    fn paragraph_properties(&mut self, properties: Node<'_, '_>) {
        for node in properties.descendants().filter(Node::is_element) {
            match word(node) {
                // The mark of the paragraph was inserted or deleted.
                Some("ins" | "del" | "moveFrom" | "moveTo") => {
                    self.findings.insert(Finding::TrackedChanges);
                }
                Some(name) => self.look(name),
                None => {}
            }
        }
    }

    fn label(&mut self, properties: Option<Node<'_, '_>>, style: Option<&str>) -> Option<String> {
        let own = properties.and_then(numbering);
        let styled = style.and_then(|style| self.styles.numbering(style));
        let (list, level) = match (&own, styled) {
            (Some((list, level)), _) => (list.as_str(), level.unwrap_or_default()),
            (None, Some(styled)) => styled,
            (None, None) => return None,
        };
        self.numbering.next(list, level)
    }

    fn table(&mut self, node: Node<'_, '_>) -> Grid {
        let widths = child(node, "tblGrid")
            .into_iter()
            .flat_map(|grid| grid.children())
            .filter(|column| word(*column) == Some("gridCol"))
            .map(|column| {
                attribute(column, "w")
                    .and_then(|width| width.parse().ok())
                    .unwrap_or_default()
            })
            .collect();
        let mut grid = Grid {
            head: false,
            widths,
            rows: Vec::new(),
        };
        self.rows(node, &mut grid);
        grid
    }

    fn rows(&mut self, node: Node<'_, '_>, grid: &mut Grid) {
        for found in node.children().filter(Node::is_element) {
            match word(found) {
                Some("tr") => self.row(found, grid),
                Some("sdt") => self.within_control(found, |walk, content| walk.rows(content, grid)),
                Some("ins" | "moveTo") => {
                    self.findings.insert(Finding::TrackedChanges);
                    self.rows(found, grid);
                }
                Some("del" | "moveFrom") => {
                    self.findings.insert(Finding::TrackedChanges);
                }
                Some("customXml") => self.rows(found, grid),
                Some("tblPr") => found.descendants().filter_map(word).for_each(|name| self.look(name)),
                Some(name) => self.look(name),
                None => {}
            }
        }
    }

    fn row(&mut self, node: Node<'_, '_>, grid: &mut Grid) {
        if let Some(properties) = child(node, "trPr") {
            properties.children().filter_map(word).for_each(|name| self.look(name));
            let inserted = child(properties, "ins").is_some();
            let deleted = child(properties, "del").is_some();
            if inserted || deleted {
                self.findings.insert(Finding::TrackedChanges);
            }
            if deleted {
                return;
            }
            if grid.rows.is_empty() {
                grid.head = is_on(properties, "tblHeader");
            }
        }
        let mut found = Vec::new();
        self.cells(node, &mut found);
        let last = found.len().saturating_sub(1);
        let mut row = Vec::new();
        for (index, (text, span)) in found.into_iter().enumerate() {
            row.push(text);
            // The last cell of a short row takes the rest of the line in our model too.
            if index != last {
                row.extend(std::iter::repeat_n(Text::new(), span.saturating_sub(1)));
            }
        }
        grid.rows.push(row);
    }

    fn cells(&mut self, node: Node<'_, '_>, out: &mut Vec<(Text, usize)>) {
        for found in node.children().filter(Node::is_element) {
            match word(found) {
                Some("tc") => {
                    let properties = child(found, "tcPr");
                    let span = properties
                        .and_then(|properties| value(properties, "gridSpan")?.parse().ok())
                        .unwrap_or(1);
                    if let Some(properties) = properties {
                        properties.children().filter_map(word).for_each(|name| self.look(name));
                    }
                    let mut pieces = Vec::new();
                    self.blocks(found, &mut pieces);
                    out.push((flat(&pieces), span.min(SPAN_MAX)));
                }
                Some("sdt") => self.within_control(found, |walk, content| walk.cells(content, out)),
                Some("ins" | "moveTo") => {
                    self.findings.insert(Finding::TrackedChanges);
                    self.cells(found, out);
                }
                Some("del" | "moveFrom") => {
                    self.findings.insert(Finding::TrackedChanges);
                }
                Some("customXml") => self.cells(found, out),
                Some(name) => self.look(name),
                None => {}
            }
        }
    }

    /// Runs below a node; text boxes anchored in them go to `boxes`, as they are read after the paragraph.
    fn inline(&mut self, node: Node<'_, '_>, line: &mut Line, boxes: &mut Vec<Piece>) {
        for child in node.children().filter(Node::is_element) {
            match word(child) {
                Some("r") => self.run(child, line, boxes),
                Some("sdt") => self.within_control(child, |walk, content| walk.inline(content, line, boxes)),
                Some("ins" | "moveTo") => {
                    self.findings.insert(Finding::TrackedChanges);
                    self.inline(child, line, boxes);
                }
                Some("del" | "moveFrom") => {
                    self.findings.insert(Finding::TrackedChanges);
                }
                Some("hyperlink" | "smartTag" | "customXml" | "fldSimple" | "dir" | "bdo") => {
                    self.field(attribute(child, "instr").unwrap_or_default());
                    self.inline(child, line, boxes);
                }
                Some(name) => self.look(name),
                None => self.foreign(child, |walk, content| walk.inline(content, line, boxes)),
            }
        }
    }

    fn run(&mut self, node: Node<'_, '_>, line: &mut Line, boxes: &mut Vec<Piece>) {
        let properties = child(node, "rPr");
        let style = properties.and_then(|properties| value(properties, "rStyle"));
        if let Some(properties) = properties {
            for node in properties.children() {
                match word(node) {
                    Some("ins" | "del") => self.look("rPrChange"),
                    Some(name) => self.look(name),
                    None => {}
                }
            }
            if is_on(properties, "vanish") {
                self.findings.insert(Finding::HiddenText);
                return;
            }
        }
        let weight = properties
            .and_then(strong)
            .unwrap_or_else(|| style.is_some_and(|style| self.styles.is_strong(style)));
        let mark = match self.open.last().and_then(|at| self.controls.get(*at)) {
            Some((tag, _)) => Mark::Control(*tag),
            None if style.is_some_and(|style| self.styles.is_label(style)) => Mark::Label,
            None => Mark::None,
        };
        self.run_content(node, line, boxes, (weight, mark));
    }

    fn run_content(&mut self, node: Node<'_, '_>, line: &mut Line, boxes: &mut Vec<Piece>, look: (bool, Mark)) {
        for child in node.children().filter(Node::is_element) {
            let Some(name) = word(child) else {
                self.foreign(child, |walk, content| walk.run_content(content, line, boxes, look));
                continue;
            };
            match name {
                "t" => self.text(&own_text(child), line, look),
                "tab" | "ptab" => self.text("\t", line, look),
                "noBreakHyphen" => self.text("\u{2011}", line, look),
                "cr" => self.text("\n", line, look),
                "br" if attribute(child, "type") == Some("page") => line.fragments.push(Fragment::PageBreak),
                "br" => self.text("\n", line, look),
                "sym" => self.symbol(child, line, look),
                "ruby" => {
                    let base = child.descendants().find(|node| word(*node) == Some("rubyBase"));
                    if let Some(base) = base {
                        self.inline(base, line, boxes);
                    }
                }
                "drawing" | "pict" => self.picture(child, line, boxes),
                "object" => {
                    self.findings.insert(Finding::EmbeddedObjects);
                    self.picture(child, line, boxes);
                }
                "instrText" => self.field(&own_text(child)),
                _ => self.look(name),
            }
        }
    }

    fn text(&mut self, text: &str, line: &mut Line, (weight, mark): (bool, Mark)) {
        for at in &self.open {
            if let Some((_, found)) = self.controls.get_mut(*at) {
                found.push_str(text);
            }
        }
        line.fragments.push(Fragment::text(text.to_owned(), weight, mark));
    }

    /// A sign of a face of symbols means something only in that face.
    fn symbol(&mut self, node: Node<'_, '_>, line: &mut Line, look: (bool, Mark)) {
        let code = attribute(node, "char").and_then(|code| u32::from_str_radix(code, 16).ok());
        match code.and_then(char::from_u32) {
            Some(sign) if !('\u{E000}'..='\u{F8FF}').contains(&sign) => self.text(&sign.to_string(), line, look),
            _ => {
                self.findings.insert(Finding::Symbols);
            }
        }
    }

    fn picture(&mut self, node: Node<'_, '_>, line: &mut Line, boxes: &mut Vec<Piece>) {
        let mut framed = false;
        for inner in node.descendants().filter(|inner| word(*inner) == Some("txbxContent")) {
            let older = inner.ancestors().any(|above| above.tag_name().name() == "Fallback");
            let nested = inner
                .ancestors()
                .skip(1)
                .take_while(|above| *above != node)
                .any(|above| word(above) == Some("txbxContent"));
            if !older && !nested {
                framed = true;
                self.findings.insert(Finding::TextBoxes);
                self.blocks(inner, boxes);
            }
        }
        if !framed {
            self.pictures += 1;
            line.pictures += 1;
        }
    }

    /// Fields that fetch something from outside when they are updated.
    fn field(&mut self, instruction: &str) {
        let name = instruction.split_whitespace().next().unwrap_or_default();
        let fetches = [
            "DDE",
            "DDEAUTO",
            "INCLUDEPICTURE",
            "INCLUDETEXT",
            "IMPORT",
            "INCLUDE",
            "LINK",
            "RD",
        ];
        if fetches.iter().any(|fetching| name.eq_ignore_ascii_case(fetching)) {
            self.findings.insert(Finding::ExternalContent);
        }
    }
}

fn own_text(node: Node<'_, '_>) -> String {
    node.children().filter_map(|child| child.text()).collect()
}

/// Which control of ours a `w:sdt` is: by its tag; by the style of its paragraph when a program has dropped the tag.
pub(in super::super) fn tag_of(control: Node<'_, '_>, styles: &Styles) -> Option<Tag> {
    let named = |node: Node<'_, '_>| {
        let properties = child(node, "sdtPr")?;
        value(properties, "tag").map(|found| Tag::ALL.into_iter().find(|tag| tag.value() == found))
    };
    if let Some(tag) = named(control) {
        return tag;
    }
    let outer = control
        .ancestors()
        .skip(1)
        .filter(|node| word(*node) == Some("sdt"))
        .any(|node| named(node).is_none_or(|tag| tag.is_some()));
    if outer {
        return None;
    }
    let paragraph = control.ancestors().find(|node| word(*node) == Some("p"))?;
    match styles.role(value(child(paragraph, "pPr")?, "pStyle")?)? {
        Role::Number => Some(Tag::Number),
        Role::Date => Some(Tag::Date),
        Role::Remedy => Some(Tag::Remedy),
        _ => None,
    }
}
