//! `gongkai workflow`: the table of the workflow as a diagram.

use gongkai::domain::case::diagram::mermaid;

use super::terminal::text;

pub fn run() -> anyhow::Result<()> {
    text(&mermaid())
}
