//! No file is needed by one that it needs itself: the law of one thing can be read, and moved, without the others.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Map, library};

#[test]
fn no_files_import_each_other_in_a_circle() {
    let map = Map::new(library());
    let used: Vec<BTreeSet<usize>> = (0..map.files.len()).map(|index| map.used_by(index)).collect();
    let edges: usize = used.iter().map(BTreeSet::len).sum();
    assert!(edges > 500, "the reader finds only {edges} imports");
    let name = |index: usize| map.files[index].path.display().to_string();
    let mut found = BTreeSet::new();
    for circle in circles(&used) {
        println!("circle of {} files", circle.len());
        for index in &circle {
            let within: Vec<String> = used[*index].intersection(&circle).map(|other| name(*other)).collect();
            println!("  {} uses {}", name(*index), within.join(", "));
            found.insert(name(*index));
        }
    }
    assert!(found.is_empty(), "circles of imports: {found:#?}");
}

/// The strongly connected components of more than one file: files that reach each other.
fn circles(used: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let reached = |from: usize| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<usize> = used[from].iter().copied().collect();
        while let Some(index) = next.pop() {
            if seen.insert(index) {
                next.extend(&used[index]);
            }
        }
        seen
    };
    let reach: Vec<BTreeSet<usize>> = (0..used.len()).map(reached).collect();
    let mut found: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (from, to) in reach.iter().enumerate() {
        let circle: BTreeSet<usize> = to
            .iter()
            .copied()
            .filter(|other| reach[*other].contains(&from))
            .collect();
        if circle.len() > 1
            && let Some(first) = circle.first()
        {
            found.insert(*first, circle);
        }
    }
    found.into_values().collect()
}
