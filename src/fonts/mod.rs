//! Which fonts this installation has: which of its faces stands for which of the standard's (GB/T 9704), found once at
//! the start, read when a paper needs them.
//!
//! The standard's own faces are sold, not given: where they are not installed, free ones take their place, and
//! [`Fonts::describe`] says which.

mod face;
mod roles;
mod scan;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use roles::{FaceKey, Search};
use scan::{Coverage, FaceEntry};

pub use face::Face;
pub use roles::{FontConfig, FontError, Role};

/// A face that was found for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFont {
    pub role: Role,
    pub family: String,
    pub path: PathBuf,
    pub index: u32,
}

impl fmt::Display for FoundFont {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match self.role {
            Role::Body => "text",
            Role::Title => "title",
            Role::Sans => "headings",
            Role::Kai => "headings of level 2",
        };
        write!(f, "{role}: {} ({}", self.family, self.path.display())?;
        if self.index > 0 {
            write!(f, ", face {}", self.index)?;
        }
        f.write_str(")")
    }
}

/// All fonts that were found. Cheap to clone: clones share what they have read.
#[derive(Clone)]
pub struct Fonts(Arc<Inner>);

struct Inner {
    entries: Vec<FaceEntry>,
    roles: HashMap<Role, FaceKey>,
    /// Asked in this order for a character that the face of a role lacks.
    fallback: Vec<FaceKey>,
    problems: Vec<FontError>,
    coverage: Vec<OnceLock<Coverage>>,
    files: Mutex<HashMap<PathBuf, Arc<Vec<u8>>>>,
    loaded: Mutex<HashMap<FaceKey, Face>>,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fonts").field(&self.describe()).finish()
    }
}

impl Fonts {
    /// Looks through the configured paths and the system's folders.
    #[must_use]
    pub fn find(config: &FontConfig) -> Self {
        Self::find_in(config, &system_folders())
    }

    /// Looks through the configured paths and these folders only.
    #[must_use]
    pub fn find_in(config: &FontConfig, folders: &[PathBuf]) -> Self {
        let mut problems = Vec::new();
        let mut entries = Vec::new();
        let wishes = [&config.serif, &config.sans, &config.title].map(|wish| wish.as_deref().map(Path::new));
        let named = wishes
            .into_iter()
            .flatten()
            .filter(|path| path.is_absolute() || path.is_file());
        for path in config.paths.iter().map(PathBuf::as_path).chain(named) {
            add_faces(path, true, &mut entries, &mut problems);
        }
        let configured = entries.len();
        for folder in folders {
            add_faces(folder, false, &mut entries, &mut problems);
        }
        let mut search = Search {
            entries: &entries,
            configured,
            problems,
        };
        let roles = search.roles(config);
        let fallback = search.fallback(&roles);
        let problems = search.problems;
        Self(Arc::new(Inner {
            coverage: entries.iter().map(|_| OnceLock::new()).collect(),
            entries,
            roles,
            fallback,
            problems,
            files: Mutex::default(),
            loaded: Mutex::default(),
        }))
    }

    /// Whether there is a face for Chinese text, so that papers can be written at all.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.0.roles.contains_key(&Role::Body)
    }

    /// Which face each role found.
    #[must_use]
    pub fn describe(&self) -> Vec<FoundFont> {
        let found = |role: Role| {
            let entry = self.0.entries.get(self.0.roles.get(&role)?.entry)?;
            Some(FoundFont {
                role,
                family: entry.family.clone(),
                path: entry.path.clone(),
                index: entry.index,
            })
        };
        Role::ALL.into_iter().filter_map(found).collect()
    }

    /// What was configured but cannot be used.
    #[must_use]
    pub fn problems(&self) -> &[FontError] {
        &self.0.problems
    }

    /// The face of a role.
    ///
    /// # Errors
    /// No font at all, or one whose file is gone or broken.
    pub fn face(&self, role: Role) -> Result<Face, FontError> {
        let key = self.0.roles.get(&role).or_else(|| self.0.roles.get(&Role::Body));
        self.load(*key.ok_or(FontError::None)?)
    }

    /// A face for a character that the face of its role lacks; none if no font has it.
    ///
    /// # Errors
    /// A file that is gone or broken, where no other face has the character.
    pub fn face_with(&self, character: char) -> Result<Option<Face>, FontError> {
        let mut failed = None;
        for key in &self.0.fallback {
            match self.covers(key.entry, character) {
                Ok(false) => {}
                Ok(true) => match self.load(*key) {
                    Ok(face) if face.glyph(character, None).is_some() => return Ok(Some(face)),
                    Ok(_) => {}
                    Err(error) => failed = Some(error),
                },
                // Another face may have it; only if none has is the file that cannot be read to blame.
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(None), Err)
    }

    fn covers(&self, entry: usize, character: char) -> Result<bool, FontError> {
        let (Some(face), Some(known)) = (self.0.entries.get(entry), self.0.coverage.get(entry)) else {
            return Ok(false);
        };
        if let Some(coverage) = known.get() {
            return Ok(coverage.has(character));
        }
        let read = |source| FontError::Read {
            path: face.path.clone(),
            source,
        };
        let coverage = scan::coverage(&face.path, face.cmap).map_err(read)?;
        Ok(known.get_or_init(|| coverage).has(character))
    }

    fn load(&self, key: FaceKey) -> Result<Face, FontError> {
        let mut loaded = self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(face) = loaded.get(&key) {
            return Ok(face.clone());
        }
        let entry = self.0.entries.get(key.entry).ok_or(FontError::None)?;
        let bytes = self.bytes(&entry.path)?;
        let face =
            Face::new(bytes, entry.index, entry.variable.then_some(key.weight)).ok_or_else(|| FontError::Broken {
                path: entry.path.clone(),
                index: entry.index,
            })?;
        loaded.insert(key, face.clone());
        Ok(face)
    }

    /// The bytes of a file, read once; an error is not kept, so that the next use tries again.
    fn bytes(&self, path: &Path) -> Result<Arc<Vec<u8>>, FontError> {
        let mut files = self.0.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = files.get(path) {
            return Ok(Arc::clone(bytes));
        }
        let bytes = std::fs::read(path).map_err(|source| FontError::Read {
            path: path.to_owned(),
            source,
        })?;
        let bytes = Arc::new(bytes);
        files.insert(path.to_owned(), Arc::clone(&bytes));
        Ok(bytes)
    }
}

fn add_faces(root: &Path, configured: bool, entries: &mut Vec<FaceEntry>, problems: &mut Vec<FontError>) {
    let mut files = Vec::new();
    scan::files(root, &mut files);
    if configured && files.is_empty() {
        problems.push(FontError::Read {
            path: root.to_owned(),
            source: io::Error::new(io::ErrorKind::NotFound, "no font file here"),
        });
    }
    for path in files {
        if entries.iter().any(|entry| entry.path == path) {
            continue;
        }
        match scan::faces(&path) {
            Ok(found) => {
                if configured && found.iter().any(|face| face.restricted) {
                    problems.push(FontError::Restricted { path });
                }
                entries.extend(found.into_iter().filter(|face| !face.restricted));
            }
            // What lies about in the system's folders is not ours to complain of.
            Err(source) if configured => problems.push(FontError::Read { path, source }),
            Err(_) => {}
        }
    }
}

fn system_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .into_iter()
    .map(PathBuf::from)
    .collect();
    if let Some(home) = std::env::home_dir() {
        folders.extend([".local/share/fonts", ".fonts", "Library/Fonts"].map(|folder| home.join(folder)));
    }
    folders
}
