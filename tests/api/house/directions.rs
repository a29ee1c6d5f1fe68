//! The direction of the modules, read from the source: `main → commands → app → {http, portal, jobs} → views → service →
//! {store, papers, ledger, notify, documents, auth} → {domain, fonts, vault, config, clock, random}`; `site` holds what use
//! cases need.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::source::{File, library, paths, read};

/// What each top-level module may use of the others. A new module has to be entered here; those that are still to come
/// stand here already.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("chain", &[]),
    ("config", &[]),
    ("vault", &["config", "random"]),
    ("clock", &["domain"]),
    ("random", &["domain"]),
    ("store", &["domain", "config", "chain", "random"]),
    ("error", &["domain", "store"]),
    ("fonts", &[]),
    ("papers", &["domain", "fonts"]),
    ("ledger", &["domain"]),
    ("notify", &["domain", "config"]),
    ("documents", &["domain", "config", "error", "chain"]),
    ("auth", &["domain", "config", "clock", "error", "chain", "random"]),
    (
        "service",
        &[
            "domain",
            "config",
            "chain",
            "clock",
            "random",
            "vault",
            "store",
            "error",
            "fonts",
            "papers",
            "ledger",
            "notify",
            "documents",
            "auth",
        ],
    ),
    (
        "site",
        &[
            "service",
            "store",
            "documents",
            "auth",
            "fonts",
            "vault",
            "error",
            "config",
            "clock",
        ],
    ),
    ("views", &["service", "store", "papers", "auth", "error", "domain"]),
    // The store is reached through use cases and views alone.
    (
        "http",
        &[
            "site",
            "views",
            "service",
            "papers",
            "documents",
            "auth",
            "error",
            "domain",
            "config",
            "clock",
            "chain",
            "telemetry",
        ],
    ),
    (
        "portal",
        &[
            "site",
            "views",
            "service",
            "papers",
            "documents",
            "auth",
            "error",
            "domain",
            "config",
            "clock",
            "chain",
        ],
    ),
    (
        "jobs",
        &[
            "site",
            "service",
            "notify",
            "documents",
            "error",
            "domain",
            "config",
            "clock",
            "chain",
        ],
    ),
    ("telemetry", &["config", "chain"]),
    (
        "app",
        &[
            "http",
            "portal",
            "jobs",
            "site",
            "service",
            "telemetry",
            "error",
            "config",
            "clock",
            "chain",
        ],
    ),
    // Tells its stories through use cases; none but the command line asks for them.
    (
        "demo",
        &[
            "site",
            "service",
            "documents",
            "auth",
            "error",
            "domain",
            "config",
            "clock",
            "chain",
            "random",
        ],
    ),
    // Part of the program, not of the library: names it by its name.
    ("commands", &[]),
];

/// Words that must not stand in a module's code, comments left out.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "diesel", "actix", "tokio", "lettre", "std::fs", "std::net", "std::env", "rand::",
        ],
    ),
    ("store", &["actix", "tokio", "utoipa"]),
    ("error", &["actix", "utoipa"]),
    ("documents", &["actix", "diesel", "utoipa"]),
    ("auth", &["actix", "diesel", "utoipa"]),
    ("fonts", &["diesel", "actix", "tokio", "utoipa"]),
    ("papers", &["diesel", "actix", "tokio", "utoipa", "std::fs"]),
    ("service", &["actix", "utoipa"]),
    ("site", &["actix", "diesel", "utoipa"]),
    ("views", &["actix", "diesel"]),
    ("demo", &["actix", "diesel", "utoipa"]),
];

const WALL_CLOCK: &[&str] = &["Utc::now", "Local::now", "SystemTime::now"];

fn source_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Module and code without comments, for every file but the two roots.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .filter_map(|path| {
            let relative = path.strip_prefix(&root).unwrap().to_owned();
            let first = relative
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy()
                .into_owned();
            let module = first.trim_end_matches(".rs").to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
            (module != "lib" && module != "main").then(|| (module, relative, code.join("\n")))
        })
        .collect()
}

/// The top-level modules that a file names.
fn used_modules(file: &File) -> BTreeSet<String> {
    let imported = file.imports.iter().map(|import| import.path.clone());
    imported
        .chain(paths(&file.body))
        .filter(|path| path.first().is_some_and(|first| first == "crate"))
        .filter_map(|path| path.get(1).cloned())
        .collect()
}

#[test]
fn modules_only_use_what_lies_below_them() {
    let mut wrong = Vec::new();
    for file in library() {
        let path = &file.path;
        let Some(module) = file.module.first() else { continue };
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| name == module) else {
            wrong.push(format!(
                "{}: module `{module}` has no place in the direction",
                path.display()
            ));
            continue;
        };
        for used in used_modules(&file) {
            if used != *module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: `{module}` must not use `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn lower_modules_do_not_name_what_is_above_them_and_one_module_owns_the_clock() {
    let mut wrong = Vec::new();
    for (module, path, code) in sources() {
        let words = FORBIDDEN
            .iter()
            .filter(|(name, _)| *name == module)
            .flat_map(|(_, words)| *words);
        for word in words {
            if code.contains(word) {
                wrong.push(format!("{}: names `{word}`", path.display()));
            }
        }
        if module != "clock" {
            for word in WALL_CLOCK.iter().filter(|word| code.contains(**word)) {
                wrong.push(format!("{}: asks the wall clock with `{word}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_of_imports_sees_groups() {
    let code = "use crate::{store::{Db, Tx}, domain::text};\nuse crate::clock::Clock; fn f() { crate::http::x() }";
    let used: Vec<String> = used_modules(&read(PathBuf::from("x.rs"), code)).into_iter().collect();
    assert_eq!(used, ["clock", "domain", "http", "store"]);
}

/// In the contract a schema is known by its name alone: of two types of one name one would silently stand for both.
#[test]
fn no_two_schemas_share_a_name() {
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    for (_, path, text) in sources() {
        for (at, _) in text.match_indices("ToSchema") {
            // The end of a list of derives, not an import.
            let rest = text[at + "ToSchema".len()..].trim_start_matches([',', ' ', '\n']);
            if !rest.starts_with(")]") {
                continue;
            }
            let declared = rest
                .lines()
                .skip(1)
                .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
                .and_then(|line| {
                    line.strip_prefix("pub struct ")
                        .or_else(|| line.strip_prefix("pub enum "))
                });
            let Some(declared) = declared else { continue };
            let name: String = declared.chars().take_while(char::is_ascii_alphanumeric).collect();
            if !seen.insert(name.clone()) {
                twice.push(format!("{name} in {}", path.display()));
            }
        }
    }
    assert!(seen.len() > 40, "the search finds no schemas any more");
    assert!(twice.is_empty(), "{twice:#?}");
}
