//! The workflow table as a Mermaid state diagram, for `GET /workflow.mmd` and `openapi/workflow.mmd`.

use super::state::State;
use super::table::RULES;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The diagram; a change of the table changes this text.
pub fn mermaid() -> String {
    let mut edges: BTreeMap<(Option<State>, State), Vec<&'static str>> = BTreeMap::new();
    for rule in RULES {
        let from: Vec<Option<State>> = if rule.from.is_empty() {
            vec![None]
        } else {
            rule.from.iter().copied().map(Some).collect()
        };
        for from in from {
            for to in rule.to.iter().copied().filter(|to| Some(*to) != from) {
                let labels = edges.entry((from, to)).or_default();
                if !labels.contains(&rule.action.code()) {
                    labels.push(rule.action.code());
                }
            }
        }
    }
    let mut text = String::from("stateDiagram-v2\n");
    for state in State::ALL {
        let _ = writeln!(text, "    {}: {} {}", state.code(), state.label(), state.code());
    }
    for ((from, to), labels) in edges {
        let from = from.map_or("[*]", State::code);
        let _ = writeln!(text, "    {from} --> {}: {}", to.code(), labels.join(", "));
    }
    let _ = writeln!(text, "    {} --> [*]", State::Archived.code());
    text
}
