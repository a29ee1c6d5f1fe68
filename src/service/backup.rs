//! Backup and restoration of an installation on SQLite: one ZIP archive with a copy of the database, every file of the
//! documents, and a manifest with the SHA-256 of each.
//!
//! The database is copied first: a document's file is written before its row and never changes afterwards, so that the
//! files found later hold everything the copy names. Nothing is believed of an archive that its manifest does not
//! confirm, and a restoration only ever goes into a place where nothing is.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::read::read_zipfile_from_stream;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::config::{Config, DatabaseUrl};
use crate::store::{Store, StoreError};

/// Where the files of documents lie below the data directory, and in the archive.
pub const BLOBS: &str = "blobs";
const DATABASE: &str = "database.sqlite3";
const MANIFEST: &str = "manifest.json";
const FORMAT: u32 = 1;
/// A manifest of ten million files would be longer; none is read beyond this.
const MANIFEST_BYTES_MAX: u64 = 2_000_000_000;

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("this installation keeps its data in PostgreSQL, which is backed up with pg_dump")]
    Postgres,
    #[error("{0} is already there; nothing is overwritten")]
    Exists(PathBuf),
    #[error("there is no database at {0}")]
    NoDatabase(PathBuf),
    #[error("{0} is not empty; restore into an empty data directory")]
    NotEmpty(PathBuf),
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the archive cannot be written")]
    Write(#[source] zip::result::ZipError),
    #[error("the archive is damaged at {entry}: {reason}")]
    Damaged { entry: String, reason: String },
    #[error("the archive has format {found}; this program reads {FORMAT}")]
    Format { found: u32 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    fn damaged(entry: &str, reason: impl ToString) -> Self {
        Self::Damaged {
            entry: entry.to_owned(),
            reason: reason.to_string(),
        }
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { path, source }
}

/// What an archive holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub created_at: DateTime<Utc>,
    /// The version of the program that wrote it.
    pub program: String,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// Writes the archive; `progress` is told each entry when it is in, and warnings.
///
/// # Errors
/// [`BackupError`]; then there is no archive under the name.
pub fn backup(
    config: &Config,
    archive: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(&str),
) -> Result<Manifest, BackupError> {
    let database = sqlite_file(config)?;
    if archive.exists() {
        return Err(BackupError::Exists(archive.to_owned()));
    }
    if !database.exists() {
        return Err(BackupError::NoDatabase(database.to_owned()));
    }
    let partial = with_suffix(archive, ".partial");
    let written = write_archive(config, &partial, now, progress).and_then(|manifest| {
        // Not over an archive that was made meanwhile: a link fails where a renaming would replace. Not every file
        // system of a backup disk has links.
        match std::fs::hard_link(&partial, archive) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(BackupError::Exists(archive.to_owned()));
            }
            Err(_) => std::fs::rename(&partial, archive).map_err(at(archive))?,
        }
        sync_directory(archive)?;
        Ok(manifest)
    });
    if !matches!(written, Err(BackupError::Exists(ref path)) if *path == partial) {
        // Best effort: an error here must not hide the first one.
        let _ = std::fs::remove_file(&partial);
    }
    written
}

fn write_archive(
    config: &Config,
    partial: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(&str),
) -> Result<Manifest, BackupError> {
    let file = create_new(partial)?;
    let directory = partial.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    // Beside the archive: where it has room for the one it may have room for the other, and only this user may read it.
    let scratch = tempfile::Builder::new()
        .prefix(".gongkai-backup-")
        .tempdir_in(directory)
        .map_err(at(directory))?;
    let copy = scratch.path().join(DATABASE);
    let timeout = std::time::Duration::from_millis(config.database.pool_timeout_ms);
    Store::open(&config.database.url, 1, timeout)?.copy_into(&copy)?;

    let mut zip = ZipWriter::new(BufWriter::new(file));
    let mut entries = Vec::new();
    entries.push(add(&mut zip, DATABASE, &copy, CompressionMethod::Deflated)?);
    progress(&described(&entries));
    let root = config.data.dir.join(BLOBS);
    for path in files_below(&root)? {
        let Some(name) = entry_name(&root, &path) else {
            progress(&format!(
                "{}: left out, its name is not one of a document",
                path.display()
            ));
            continue;
        };
        // Documents are compressed by themselves.
        let entry = match add(&mut zip, &name, &path, CompressionMethod::Stored) {
            // Cleaned up since the directory was read, so that the copy of the database does not name it either.
            Err(BackupError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => continue,
            added => added?,
        };
        let stem = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if stem.len() == 64 && stem != entry.sha256 {
            progress(&format!(
                "warning: {name} is damaged on disk: its content does not match its name"
            ));
        }
        entries.push(entry);
        if entries.len().is_multiple_of(1000) {
            progress(&described(&entries));
        }
    }
    let manifest = Manifest {
        format: FORMAT,
        created_at: now,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        entries,
    };
    zip.start_file(MANIFEST, options(CompressionMethod::Deflated, 0))
        .map_err(BackupError::Write)?;
    serde_json::to_writer_pretty(&mut zip, &manifest).map_err(|error| at(partial)(error.into()))?;
    let mut file = zip.finish().map_err(BackupError::Write)?;
    file.flush().map_err(at(partial))?;
    file.get_ref().sync_all().map_err(at(partial))?;
    progress(&described(&manifest.entries));
    Ok(manifest)
}

fn described(entries: &[Entry]) -> String {
    let bytes: u64 = entries.iter().map(|entry| entry.size).sum();
    let files = entries.len().saturating_sub(1);
    format!("database and {files} files, {} MB", bytes / 1_000_000)
}

fn options(method: CompressionMethod, size: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .unix_permissions(0o600)
        // A file may grow over the limit while it is compressed; the larger header costs twenty bytes.
        .large_file(size > 1 << 31)
}

fn add(
    zip: &mut ZipWriter<BufWriter<File>>,
    name: &str,
    path: &Path,
    method: CompressionMethod,
) -> Result<Entry, BackupError> {
    let mut source = File::open(path).map_err(at(path))?;
    let size = source.metadata().map_err(at(path))?.len();
    zip.start_file(name, options(method, size))
        .map_err(BackupError::Write)?;
    let (size, sha256) = copy_hashed(&mut source, zip).map_err(at(path))?;
    Ok(Entry {
        name: name.to_owned(),
        size,
        sha256,
    })
}

/// Puts an archive back into the empty data directory of the configuration and opens the database it brought.
///
/// # Errors
/// [`BackupError`]; then nothing was put in place.
pub fn restore(config: &Config, archive: &Path, progress: &mut dyn FnMut(&str)) -> Result<Manifest, BackupError> {
    let database = sqlite_file(config)?;
    let directory = &config.data.dir;
    let parent = database.parent().filter(|parent| !parent.as_os_str().is_empty());
    for place in [Some(directory.as_path()), parent].into_iter().flatten() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(place)
            .map_err(at(place))?;
    }
    if std::fs::read_dir(directory).map_err(at(directory))?.next().is_some() {
        return Err(BackupError::NotEmpty(directory.clone()));
    }
    for suffix in ["", "-wal", "-shm"] {
        let file = with_suffix(database, suffix);
        if file.exists() {
            return Err(BackupError::Exists(file));
        }
    }
    let unpacked = Unpacked {
        database: with_suffix(database, ".restoring"),
        blobs: directory.join(".restoring"),
    };
    let manifest = unpacked.fill(archive, progress)?;
    let blobs = directory.join(BLOBS);
    if unpacked.blobs.exists() {
        std::fs::rename(&unpacked.blobs, &blobs).map_err(at(&blobs))?;
        sync_directory(&blobs)?;
    }
    // Last: without it there is no installation yet.
    std::fs::rename(&unpacked.database, database).map_err(at(database))?;
    sync_directory(database)?;
    Ok(manifest)
}

/// Files on their way into place; what is still there when this ends is removed.
struct Unpacked {
    database: PathBuf,
    blobs: PathBuf,
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // Nothing is there after a success.
        let _ = std::fs::remove_file(&self.database);
        let _ = std::fs::remove_dir_all(&self.blobs);
    }
}

impl Unpacked {
    /// Unpacks every entry of the manifest, and nothing else.
    fn fill(&self, archive: &Path, progress: &mut dyn FnMut(&str)) -> Result<Manifest, BackupError> {
        let file = File::open(archive).map_err(at(archive))?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| breaks_off(archive, &error))?;
        let manifest = read_manifest(&mut zip)?;
        let named: BTreeSet<&str> = manifest.entries.iter().map(|entry| entry.name.as_str()).collect();
        if named.len() != manifest.entries.len() || !named.contains(DATABASE) {
            return Err(BackupError::damaged(
                MANIFEST,
                "an entry stands twice, or there is no database",
            ));
        }
        let stray = zip
            .file_names()
            .filter_map(Result::ok)
            .find(|name| name != MANIFEST && !named.contains(name.as_ref()))
            .map(|name| name.into_owned());
        if let Some(stray) = stray {
            return Err(BackupError::damaged(&stray, "the manifest does not name it"));
        }
        for (number, entry) in manifest.entries.iter().enumerate() {
            let path = self
                .place(&entry.name)
                .ok_or_else(|| BackupError::damaged(&entry.name, "not a name of a backup"))?;
            let mut packed = zip
                .by_name(&entry.name)
                .map_err(|error| BackupError::damaged(&entry.name, error))?;
            if let Some(parent) = path.parent() {
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(parent)
                    .map_err(at(parent))?;
            }
            let mut target = create_new(&path)?;
            // One byte more than it should have is enough to know.
            let mut limited = (&mut packed).take(entry.size.saturating_add(1));
            let (size, sha256) = copy_into_file(&mut limited, &mut target, &entry.name, &path)?;
            if size != entry.size || sha256 != entry.sha256 {
                return Err(BackupError::damaged(
                    &entry.name,
                    "the content does not match the manifest",
                ));
            }
            target.sync_all().map_err(at(&path))?;
            if number > 0 && number.is_multiple_of(1000) {
                progress(&format!("{number} of {} entries", manifest.entries.len()));
            }
        }
        Ok(manifest)
    }

    /// Where an entry goes; none for a name that would lead elsewhere.
    fn place(&self, name: &str) -> Option<PathBuf> {
        if name == DATABASE {
            return Some(self.database.clone());
        }
        let below = Path::new(name.strip_prefix(BLOBS)?.strip_prefix('/')?);
        let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
        (plain && below.components().next().is_some()).then(|| self.blobs.join(below))
    }
}

fn read_manifest(zip: &mut ZipArchive<BufReader<File>>) -> Result<Manifest, BackupError> {
    let damaged = |reason: &dyn ToString| BackupError::damaged(MANIFEST, reason.to_string());
    let entry = zip.by_name(MANIFEST).map_err(|error| damaged(&error))?;
    let mut text = String::new();
    entry
        .take(MANIFEST_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(|error| damaged(&error))?;
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    // The format first: another one may look different altogether.
    let Format { format } = serde_json::from_str(&text).map_err(|error| damaged(&error))?;
    if format != FORMAT {
        return Err(BackupError::Format { found: format });
    }
    serde_json::from_str(&text).map_err(|error| damaged(&error))
}

/// The directory of a ZIP stands at its end; without it the entries are read in order up to the first that is not whole.
fn breaks_off(archive: &Path, error: &zip::result::ZipError) -> BackupError {
    let mut last = "its beginning".to_owned();
    if let Ok(file) = File::open(archive) {
        let mut stream = BufReader::new(file);
        while let Ok(Some(mut entry)) = read_zipfile_from_stream(&mut stream) {
            last = entry
                .name()
                .map_or_else(|_| "an entry".to_owned(), |name| name.into_owned());
            if let Err(error) = io::copy(&mut entry, &mut io::sink()) {
                return BackupError::damaged(&last, format!("it breaks off there: {error}"));
            }
        }
    }
    BackupError::damaged(&last, format!("what follows is missing: {error}"))
}

fn copy_hashed(source: &mut impl Read, target: &mut impl Write) -> io::Result<(u64, String)> {
    let mut digest = Sha256::new();
    let mut size: u64 = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = source.read(&mut buffer)?;
        let Some(part) = buffer.get(..length).filter(|part| !part.is_empty()) else {
            return Ok((size, hex::encode(digest.finalize())));
        };
        digest.update(part);
        target.write_all(part)?;
        size = size.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
    }
}

/// As [`copy_hashed`]; tells a damaged source from a full disk.
fn copy_into_file(
    source: &mut impl Read,
    target: &mut File,
    entry: &str,
    path: &Path,
) -> Result<(u64, String), BackupError> {
    copy_hashed(source, target).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::PermissionDenied => at(path)(error),
        _ => BackupError::damaged(entry, error),
    })
}

fn sqlite_file(config: &Config) -> Result<&Path, BackupError> {
    match &config.database.url {
        DatabaseUrl::Sqlite(path) => Ok(path),
        DatabaseUrl::Postgres(_) => Err(BackupError::Postgres),
    }
}

/// Every file below a directory in order of the names; none when it is not there.
fn files_below(root: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        let entries = match std::fs::read_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(at(&directory))?,
        };
        for entry in entries {
            let entry = entry.map_err(at(&directory))?;
            let kind = entry.file_type().map_err(at(&directory))?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `blobs/…` with slashes; none for a name that is not UTF-8.
fn entry_name(root: &Path, path: &Path) -> Option<String> {
    let mut name = BLOBS.to_owned();
    for part in path.strip_prefix(root).ok()?.components() {
        name.push('/');
        name.push_str(part.as_os_str().to_str()?);
    }
    Some(name)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A new file that only this user may read: it holds personal data and keys.
fn create_new(path: &Path) -> Result<File, BackupError> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    opened.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(path.to_owned()),
        _ => at(path)(error),
    })
}

/// Makes the name of a file as durable as its content.
fn sync_directory(file: &Path) -> Result<(), BackupError> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    File::open(parent)
        .and_then(|directory| directory.sync_all())
        .map_err(at(parent))
}
