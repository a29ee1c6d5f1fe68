//! `gongkai workflow`: the table of the workflow as a diagram.

use gongkai::domain::case::diagram::mermaid;

pub fn run() -> anyhow::Result<()> {
    print!("{}", mermaid());
    Ok(())
}
