//! `gongkai openapi`: the contract as it is committed in `openapi/`.

use std::path::Path;

use anyhow::Context;
use gongkai::domain::case::diagram::mermaid;
use gongkai::http::{openapi, problem};

use super::terminal::text;

/// Prints the contract, or writes it and what belongs to it into a directory.
pub fn run(out: Option<&Path>) -> anyhow::Result<()> {
    let document = openapi::committed()?;
    let Some(directory) = out else {
        return text(&document);
    };
    std::fs::create_dir_all(directory)?;
    for (name, text) in [
        ("openapi.json", document),
        ("problems.json", problem::committed()?),
        ("workflow.mmd", mermaid()),
    ] {
        let path = directory.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
