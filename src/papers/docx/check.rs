//! What is wrong with an edited draft: it must hold its controls once, the remedy as it was, and nothing that nobody
//! would see on paper.

use super::Finding;
use super::model::{Block, Number, Paper};
use super::read::Edited;

/// Why an edited draft is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    NumberMissing,
    NumberDoubled,
    DateMissing,
    DateDoubled,
    RemedyMissing,
    /// The remedy stands in the text more than once, or something was put between its paragraphs.
    RemedyDoubled,
    RemedyChanged {
        expected: String,
        found: String,
    },
    /// Changes are tracked: the office must accept or reject them first.
    TrackedChanges,
    Comments,
    /// Macros, objects, content from elsewhere.
    ActiveContent(Finding),
    HiddenText,
    /// What the paper cannot hold: notes, equations, signs of symbol faces.
    NotTaken(Finding),
    /// More pictures than the codes of the paper; they would be lost.
    Pictures,
}

/// What is wrong with a draft that was made of this paper; nothing for one that can be issued.
#[must_use]
pub fn check(edited: &Edited, paper: &Paper) -> Vec<Fault> {
    let mut faults = Vec::new();
    let number = usize::from(paper.number != Number::None);
    let dates = paper
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Signature { .. }))
        .count();
    faults.extend(counted(
        edited.number.len(),
        number,
        Fault::NumberMissing,
        Fault::NumberDoubled,
    ));
    faults.extend(counted(
        edited.date.len(),
        dates,
        Fault::DateMissing,
        Fault::DateDoubled,
    ));
    let remedies = remedies(paper);
    let remedy = counted(
        edited.remedy.len(),
        remedies.len(),
        Fault::RemedyMissing,
        Fault::RemedyDoubled,
    );
    if remedy.is_none() {
        for (expected, found) in remedies.iter().zip(&edited.remedy) {
            if folded(expected) != folded(found) {
                faults.push(Fault::RemedyChanged {
                    expected: expected.clone(),
                    found: found.clone(),
                });
            }
        }
    }
    faults.extend(remedy);
    faults.extend(edited.findings.iter().filter_map(|finding| of_finding(*finding)));
    if edited.pictures > pictures(paper) {
        faults.push(Fault::Pictures);
    }
    faults
}

fn counted(found: usize, expected: usize, missing: Fault, doubled: Fault) -> Option<Fault> {
    match found.cmp(&expected) {
        std::cmp::Ordering::Less => Some(missing),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(doubled),
    }
}

fn of_finding(finding: Finding) -> Option<Fault> {
    match finding {
        Finding::TrackedChanges => Some(Fault::TrackedChanges),
        Finding::Comments => Some(Fault::Comments),
        Finding::Macros | Finding::EmbeddedObjects | Finding::ExternalContent => Some(Fault::ActiveContent(finding)),
        Finding::HiddenText => Some(Fault::HiddenText),
        Finding::Notes | Finding::Equations | Finding::Symbols => Some(Fault::NotTaken(finding)),
        // Their text is taken.
        Finding::Hyperlinks | Finding::TextBoxes => None,
    }
}

/// Remedies of a paper as they are read back: those that follow one another as one.
fn remedies(paper: &Paper) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut goes_on = false;
    for block in &paper.blocks {
        match block {
            Block::Remedy { paragraphs } => {
                let lines: Vec<String> = paragraphs
                    .iter()
                    .map(|text| text.iter().map(|run| run.text.as_str()).collect())
                    .collect();
                let text = lines.join("\n");
                if text.trim().is_empty() {
                    continue;
                }
                match found.last_mut() {
                    Some(last) if goes_on => {
                        last.push('\n');
                        last.push_str(&text);
                    }
                    _ => found.push(text),
                }
                goes_on = true;
            }
            Block::PageBreak => {}
            _ => goes_on = false,
        }
    }
    found
}

fn pictures(paper: &Paper) -> usize {
    paper
        .blocks
        .iter()
        .map(|block| match block {
            Block::Codes { barcode, qr, .. } => usize::from(barcode.is_some()) + usize::from(qr.is_some()),
            _ => 0,
        })
        .sum()
}

/// A text without what programs change by themselves: blanks of every width, and marks of no width.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '\u{200B}' | '\u{2060}' | '\u{FEFF}'))
        .collect()
}
