//! Reads the source of the service: words without comments and texts, what each file imports, and where a path leads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Word(String),
    /// The content of a text, as written.
    Text(String),
    /// `::`
    To,
    Sign(char),
}

/// One leaf of a `use`.
#[derive(Debug, Clone)]
pub struct Import {
    pub path: Vec<String>,
    /// The name by which it is known in the file; `*` for everything.
    pub name: String,
    /// Whether others see it through this file.
    pub passed_on: bool,
}

#[derive(Debug)]
pub struct File {
    /// Below `src`.
    pub path: PathBuf,
    pub module: Vec<String>,
    pub lines: usize,
    /// Without what is there for tests only.
    pub tokens: Vec<Token>,
    pub imports: Vec<Import>,
    /// What stands outside of `use`.
    pub body: Vec<Token>,
    declared: BTreeSet<String>,
}

impl File {
    pub fn says_word(&self, word: &str) -> bool {
        self.tokens
            .iter()
            .any(|token| matches!(token, Token::Word(found) if found == word))
    }

    pub fn says_text(&self, text: &str) -> bool {
        self.tokens
            .iter()
            .any(|token| matches!(token, Token::Text(found) if found == text))
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files of the library, by path.
pub fn library() -> Vec<File> {
    let root = root();
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            (
                path.strip_prefix(&root).unwrap().to_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .filter(|(path, _)| path != Path::new("main.rs") && !path.starts_with("commands") && !is_for_tests(path))
        .map(|(path, text)| read(path, &text))
        .collect()
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn is_for_tests(path: &Path) -> bool {
    let stem = path.file_stem().unwrap().to_string_lossy();
    stem == "tests" || stem.ends_with("_tests")
}

pub fn read(path: PathBuf, text: &str) -> File {
    let mut module: Vec<String> = path
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    let tokens = without_tests(tokens(text));
    let (imports, body) = imports(&tokens);
    let declared = declared(&body);
    File {
        path,
        module,
        lines: text.lines().count(),
        tokens,
        imports,
        body,
        declared,
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut found = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = at(i);
        if c == '/' && at(i + 1) == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if c == '/' && at(i + 1) == '*' {
            i += 2;
            while i < chars.len() && !(at(i) == '*' && at(i + 1) == '/') {
                i += 1;
            }
            i += 2;
        } else if c == '"' {
            let start = i + 1;
            i = start;
            while i < chars.len() && at(i) != '"' {
                i += if at(i) == '\\' { 2 } else { 1 };
            }
            found.push(Token::Text(chars[start..i.min(chars.len())].iter().collect()));
            i += 1;
        } else if c == '\'' {
            if at(i + 1) == '\\' {
                i += 3;
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            } else if at(i + 2) == '\'' {
                i += 3;
            } else {
                // A lifetime.
                i += 1;
                while is_word_char(at(i)) {
                    i += 1;
                }
            }
        } else if is_word_char(c) {
            let start = i;
            while is_word_char(at(i)) {
                i += 1;
            }
            let word: String = chars[start..i].iter().collect();
            let hashes = (i..chars.len()).take_while(|i| at(*i) == '#').count();
            if matches!(word.as_str(), "r" | "br") && at(i + hashes) == '"' {
                let start = i + hashes + 1;
                i = start;
                let ends = |i: usize| at(i) == '"' && (1..=hashes).all(|n| at(i + n) == '#');
                while i < chars.len() && !ends(i) {
                    i += 1;
                }
                found.push(Token::Text(chars[start..i.min(chars.len())].iter().collect()));
                i += 1 + hashes;
            } else if !c.is_ascii_digit() {
                found.push(Token::Word(word));
            }
        } else if c == ':' && at(i + 1) == ':' {
            found.push(Token::To);
            i += 2;
        } else {
            if !c.is_whitespace() {
                found.push(Token::Sign(c));
            }
            i += 1;
        }
    }
    found
}

/// Leaves out each item under `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let mark = self::tokens("#[cfg(test)]");
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if !tokens[i..].starts_with(&mark) {
            kept.push(tokens[i].clone());
            i += 1;
            continue;
        }
        i += mark.len();
        let mut depth = 0;
        while i < tokens.len() {
            let token = &tokens[i];
            i += 1;
            match token {
                Token::Sign('{' | '(' | '[') => depth += 1,
                Token::Sign('}') if depth == 1 => break,
                Token::Sign('}' | ')' | ']') => depth -= 1,
                Token::Sign(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

fn word(token: Option<&Token>) -> Option<&str> {
    match token {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    }
}

/// What a file imports, and the rest of it.
fn imports(tokens: &[Token]) -> (Vec<Import>, Vec<Token>) {
    let (mut found, mut body) = (Vec::new(), Vec::new());
    let mut i = 0;
    while i < tokens.len() {
        if word(tokens.get(i)) == Some("mod") && matches!(tokens.get(i + 2), Some(Token::Sign(';'))) {
            // To name a module's file is not to use it.
            i += 3;
            continue;
        }
        let begins = word(tokens.get(i)) == Some("use") && !matches!(tokens.get(i + 1), Some(Token::Sign('<')));
        if !begins {
            body.push(tokens[i].clone());
            i += 1;
            continue;
        }
        let passed_on = match i.checked_sub(1).map(|before| &tokens[before]) {
            Some(Token::Word(word)) => word == "pub",
            Some(Token::Sign(')')) => (1..6).any(|back| i >= back && word(tokens.get(i - back)) == Some("pub")),
            _ => false,
        };
        i += 1;
        i = tree(tokens, i, &[], passed_on, &mut found) + 1;
    }
    (found, body)
}

/// Reads one tree of a `use` and says where it ends.
fn tree(tokens: &[Token], mut i: usize, above: &[String], passed_on: bool, found: &mut Vec<Import>) -> usize {
    let mut path = above.to_vec();
    loop {
        match tokens.get(i) {
            Some(Token::To) => i += 1,
            Some(Token::Sign('*')) => {
                found.push(Import {
                    path,
                    name: "*".to_owned(),
                    passed_on,
                });
                return i + 1;
            }
            Some(Token::Sign('{')) => {
                i += 1;
                while !matches!(tokens.get(i), Some(Token::Sign('}')) | None) {
                    i = tree(tokens, i, &path, passed_on, found);
                    if matches!(tokens.get(i), Some(Token::Sign(','))) {
                        i += 1;
                    }
                }
                return i + 1;
            }
            Some(Token::Word(name)) if name == "as" => {
                let name = word(tokens.get(i + 1)).unwrap_or_default().to_owned();
                found.push(Import { path, name, passed_on });
                return i + 2;
            }
            Some(Token::Word(name)) => {
                if name != "self" || path.is_empty() {
                    path.push(name.clone());
                }
                i += 1;
            }
            _ => {
                let name = path.last().cloned().unwrap_or_default();
                found.push(Import { path, name, passed_on });
                return i;
            }
        }
    }
}

/// The names of a file's own items.
fn declared(body: &[Token]) -> BTreeSet<String> {
    let mut depth = 0;
    let mut found = BTreeSet::new();
    for (i, token) in body.iter().enumerate() {
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign('}' | ')' | ']') => depth -= 1,
            // A macro that declares items is one level deeper.
            Token::Word(keyword) if depth <= 1 => {
                let names = match keyword.as_str() {
                    "struct" | "enum" | "trait" | "union" => true,
                    "fn" | "const" | "static" | "type" => depth == 0,
                    _ => false,
                };
                if names && let Some(name) = word(body.get(i + 1)) {
                    found.insert(name.to_owned());
                }
                if keyword == "macro_rules"
                    && let Some(name) = word(body.get(i + 2))
                {
                    found.insert(name.to_owned());
                }
            }
            _ => {}
        }
    }
    found
}

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A module as such.
    Module(Vec<String>),
    /// Something that a file declares.
    Item(usize),
}

/// All files with the way from paths to them.
pub struct Map {
    pub files: Vec<File>,
    by_module: BTreeMap<Vec<String>, usize>,
}

/// How many re-exports are followed.
const HOPS: usize = 8;

impl Map {
    pub fn new(files: Vec<File>) -> Self {
        let by_module = files
            .iter()
            .enumerate()
            .map(|(i, file)| (file.module.clone(), i))
            .collect();
        Self { files, by_module }
    }

    fn child(&self, module: &[String], name: &str) -> Option<Vec<String>> {
        let child = [module, &[name.to_owned()]].concat();
        self.by_module.contains_key(&child).then_some(child)
    }

    /// Where `path` leads, written in the file of `from`; `None` for other crates and the language itself.
    fn resolve(&self, from: &[String], path: &[String], hops: usize) -> Option<Place> {
        let (first, mut rest) = path.split_first()?;
        let mut place = match first.as_str() {
            "crate" => Place::Module(Vec::new()),
            "self" => Place::Module(from.to_vec()),
            "super" => {
                let mut up = from.len().checked_sub(1)?;
                while rest.first().is_some_and(|next| next == "super") {
                    (up, rest) = (up.checked_sub(1)?, &rest[1..]);
                }
                Place::Module(from[..up].to_vec())
            }
            name => match self.child(from, name) {
                Some(child) => Place::Module(child),
                None => {
                    let import = self.import(from, name).filter(|import| import.path != path)?;
                    self.resolve(from, &import.path, hops.checked_sub(1)?)?
                }
            },
        };
        for name in rest {
            match place {
                Place::Module(module) => place = self.within(&module, name, hops)?,
                // A variant, a method.
                Place::Item(_) => break,
            }
        }
        Some(place)
    }

    fn import(&self, module: &[String], name: &str) -> Option<&Import> {
        let file = &self.files[*self.by_module.get(module)?];
        file.imports.iter().find(|import| import.name == name)
    }

    /// What a module knows under a name; a name that nothing tells of is made by a macro there.
    fn within(&self, module: &[String], name: &str, hops: usize) -> Option<Place> {
        let index = *self.by_module.get(module)?;
        Some(self.known(module, name, hops).unwrap_or(Place::Item(index)))
    }

    fn known(&self, module: &[String], name: &str, hops: usize) -> Option<Place> {
        if let Some(child) = self.child(module, name) {
            return Some(Place::Module(child));
        }
        let index = *self.by_module.get(module)?;
        let file = &self.files[index];
        if file.declared.contains(name) {
            return Some(Place::Item(index));
        }
        let hops = hops.checked_sub(1)?;
        if let Some(import) = self.import(module, name) {
            return self.resolve(module, &import.path, hops);
        }
        file.imports
            .iter()
            .filter(|import| import.name == "*")
            .find_map(|import| match self.resolve(module, &import.path, hops)? {
                Place::Module(other) if other != module => self.known(&other, name, hops),
                _ => None,
            })
    }

    /// The files whose items a file uses. Passing something on is no use of it; a module that is only imported is none
    /// either, what is named through it is.
    pub fn used_by(&self, index: usize) -> BTreeSet<usize> {
        let file = &self.files[index];
        let from = &file.module;
        let words: BTreeSet<&str> = file.body.iter().filter_map(|token| word(Some(token))).collect();
        let mut used = BTreeSet::new();
        let mut add = |place: Option<Place>| {
            if let Some(Place::Item(other)) = place {
                used.insert(other);
            }
        };
        for import in &file.imports {
            if import.name != "*" {
                if !import.passed_on || words.contains(import.name.as_str()) {
                    add(self.resolve(from, &import.path, HOPS));
                }
                continue;
            }
            match self.resolve(from, &import.path, HOPS) {
                Some(Place::Module(module)) => {
                    for word in words.iter().filter(|word| !file.declared.contains(**word)) {
                        add(self.known(&module, word, HOPS));
                    }
                }
                place => add(place),
            }
        }
        for path in paths(&file.body) {
            add(self.resolve(from, &path, HOPS));
        }
        used.remove(&index);
        used
    }
}

/// The paths of at least two parts that stand in code.
pub fn paths(body: &[Token]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < body.len() {
        let mut path = Vec::new();
        while let Some(name) = word(body.get(i)) {
            path.push(name.to_owned());
            i += 1;
            if !matches!(body.get(i), Some(Token::To)) {
                break;
            }
            i += 1;
        }
        if path.len() > 1 {
            found.push(path);
        } else if path.is_empty() {
            i += 1;
        }
    }
    found
}

#[test]
fn the_reader_follows_groups_and_what_is_passed_on() {
    let file = |path: &str, text: &str| read(PathBuf::from(path), text);
    let map = Map::new(vec![
        file("lib.rs", "pub mod a; pub mod b;"),
        file(
            "a/mod.rs",
            "mod inner; pub use inner::Thing; /* crate::b::no() */ const T: &str = \"crate::b::no\";",
        ),
        file(
            "a/inner.rs",
            "use super::super::b::{self, Other as Another}; pub struct Thing; fn f() { b::far() }",
        ),
        file(
            "b.rs",
            "pub struct Other; pub fn far() {} #[cfg(test)] mod tests { use crate::a::Thing; }",
        ),
        file("c.rs", "use crate::a::*; fn f<'a>(_: &'a Thing) -> char { 'x' }"),
    ]);
    let used = |i: usize| -> Vec<String> {
        map.used_by(i)
            .into_iter()
            .map(|i| map.files[i].path.display().to_string())
            .collect()
    };
    assert_eq!(used(1), Vec::<String>::new());
    assert_eq!(used(2), ["b.rs"]);
    assert_eq!(used(3), Vec::<String>::new());
    assert_eq!(used(4), ["a/inner.rs"]);
}
