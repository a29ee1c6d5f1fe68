//! A file can be read at once. (Functions are clippy's: `too-many-lines-threshold`.)

use super::source::{library, root};

const LINES_MAX: usize = 500;

#[test]
fn no_file_is_longer_than_can_be_read_at_once() {
    let files = library();
    assert!(files.len() > 150, "the search finds no files any more");
    let long: Vec<String> = files
        .iter()
        .filter(|file| file.lines > LINES_MAX)
        .map(|file| format!("{}: {} lines", file.path.display(), file.lines))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
    let main = std::fs::read_to_string(root().join("main.rs")).unwrap().lines().count();
    assert!(
        main < 200,
        "main.rs parses the command line, nothing else, and has {main} lines"
    );
}
