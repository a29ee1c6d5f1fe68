//! The store of contents: each is kept once, under the SHA-256 of its bytes, in a directory or in an S3 bucket.
//!
//! A content is complete or not there: the directory's files appear by a rename after `fsync`, the bucket's by the end
//! of their upload. Nothing is ever overwritten by something else, since the key says what the bytes are. Which contents
//! may be deleted is known to the database alone; see `service::housekeeping`.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::{Duration, SystemTime};

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::client::SpawnedReqwestConnector;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutOptions, PutPayload, RetryConfig,
};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};

use super::spool::Spool;
use crate::config::{Config, DocumentStore, Documents};
use crate::error::Error;

/// Bytes sent to the store at once; S3 takes no smaller parts than 5 MiB but the last.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// How long one request to a bucket may take; a part of a large file goes over a slow line.
const REQUEST_PATIENCE: Duration = Duration::from_secs(300);
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// How long a failing bucket is asked again before the person is told to come back later.
const RETRY_PATIENCE: Duration = Duration::from_secs(15);

/// Input and output of the object stores. Contents are written from threads that may block, and a client's connections
/// must outlive the request that opened them; so they live in a runtime of the process, started when first needed.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("blobs")
        .enable_all()
        .build()
});

fn runtime() -> Result<&'static Runtime, BlobError> {
    RUNTIME
        .as_ref()
        .map_err(|error| BlobError::Io(io::Error::new(error.kind(), error.to_string())))
}

/// Why a content could not be kept or fetched.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("the content {0} is not in the store")]
    Missing(String),
    #[error("not a SHA-256 in lower-case hexadecimal")]
    Malformed,
    #[error("the store of contents failed")]
    Store(#[source] object_store::Error),
    #[error("a file could not be read or written")]
    Io(#[from] io::Error),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { path, .. } => Self::Missing(path),
            other => Self::Store(other),
        }
    }
}

impl From<BlobError> for Error {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Missing(_) | BlobError::Malformed => Self::internal(error),
            BlobError::Store(_) | BlobError::Io(_) => Self::storage(error),
        }
    }
}

/// What a content turned out to be when it was read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    Intact,
    Missing,
    Changed,
}

/// A content as it is read, piece by piece.
pub type BlobStream = BoxStream<'static, Result<bytes::Bytes, BlobError>>;

/// A content that is read on a thread that may block.
pub struct BlobReader {
    pieces: BlobStream,
    piece: bytes::Bytes,
}

impl Read for BlobReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            let runtime = runtime().map_err(io::Error::other)?;
            match runtime.block_on(self.pieces.try_next()).map_err(io::Error::other)? {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let taken = self.piece.split_to(into.len().min(self.piece.len()));
        into.iter_mut().zip(&taken).for_each(|(to, from)| *to = *from);
        Ok(taken.len())
    }
}

/// The door to the contents; clones share it. All functions but [`Blobs::read`] block.
#[derive(Debug, Clone)]
pub struct Blobs {
    config: Arc<Documents>,
    /// Opened when first needed: a command that touches no document leaves no directory behind, which would belong to
    /// whoever ran it.
    store: Arc<OnceLock<Arc<dyn ObjectStore>>>,
    /// Where uploads are written while they arrive.
    temporary: PathBuf,
    /// Where the contents are, when they are files.
    directory: PathBuf,
}

impl Blobs {
    /// The store that the configuration names.
    pub fn new(config: &Config) -> Self {
        Self {
            config: Arc::new(config.documents.clone()),
            store: Arc::default(),
            temporary: config.data.dir.join("tmp"),
            directory: config.data.dir.join("blobs"),
        }
    }

    /// Directories are made readable by the service alone.
    fn store(&self) -> Result<&Arc<dyn ObjectStore>, BlobError> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let store: Arc<dyn ObjectStore> = match self.config.store {
            DocumentStore::Local => {
                private_directory(&self.directory)?;
                Arc::new(LocalFileSystem::new_with_prefix(&self.directory)?.with_fsync(true))
            }
            DocumentStore::S3 => Arc::new(bucket(&self.config)?),
        };
        Ok(self.store.get_or_init(|| store))
    }

    /// A new file for an upload of at most `limit` bytes.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn spool(&self, limit: u64) -> io::Result<Spool> {
        private_directory(&self.temporary)?;
        Spool::create(&self.temporary, limit)
    }

    /// Keeps the content of a file under its hash; a content that is there already is left alone.
    ///
    /// # Errors
    /// Failures of the store.
    pub fn put(&self, sha256: &str, file: &File, bytes: u64) -> Result<(), BlobError> {
        let key = key(sha256)?;
        if self.contains(sha256, bytes)? {
            return Ok(());
        }
        let mut file = file;
        file.seek(SeekFrom::Start(0))?;
        let mut part = next_part(file)?;
        if u64::try_from(part.len()).is_ok_and(|length| length == bytes) {
            let kept = self
                .store()?
                .put_opts(&key, PutPayload::from(part), PutOptions::default());
            runtime()?.block_on(kept)?;
            return Ok(());
        }
        let mut upload = runtime()?.block_on(self.store()?.put_multipart(&key))?;
        while !part.is_empty() {
            if let Err(error) = runtime()?.block_on(upload.put_part(PutPayload::from(part))) {
                if let Err(left) = runtime()?.block_on(upload.abort()) {
                    tracing::debug!(error = %left, "an upload could not be taken back");
                }
                return Err(error.into());
            }
            part = next_part(file)?;
        }
        runtime()?.block_on(upload.complete())?;
        Ok(())
    }

    /// Keeps a content that is in memory under its hash.
    ///
    /// # Errors
    /// Failures of the store.
    pub fn put_bytes(&self, sha256: &str, bytes: &[u8]) -> Result<(), BlobError> {
        let key = key(sha256)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.contains(sha256, length)? {
            return Ok(());
        }
        let kept = self
            .store()?
            .put_opts(&key, PutPayload::from(bytes.to_vec()), PutOptions::default());
        runtime()?.block_on(kept)?;
        Ok(())
    }

    /// Whether the content is there with this length.
    ///
    /// # Errors
    /// Failures of the store.
    pub fn contains(&self, sha256: &str, bytes: u64) -> Result<bool, BlobError> {
        match runtime()?.block_on(self.store()?.head(&key(sha256)?)) {
            Ok(meta) => Ok(meta.size == bytes),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a content; one that is not there is no failure. The caller holds its row in the database.
    ///
    /// # Errors
    /// Failures of the store.
    pub fn delete(&self, sha256: &str) -> Result<(), BlobError> {
        match runtime()?.block_on(self.store()?.delete(&key(sha256)?)) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a content again, piece by piece, and compares it with its hash.
    ///
    /// # Errors
    /// Failures of the store.
    pub fn verify(&self, sha256: &str) -> Result<Integrity, BlobError> {
        let got = runtime()?.block_on(async {
            let result = self.store()?.get_opts(&key(sha256)?, GetOptions::default()).await?;
            let mut pieces = result.into_stream();
            let mut hash = Sha256::new();
            while let Some(piece) = pieces.try_next().await? {
                hash.update(&piece);
            }
            Ok::<_, BlobError>(hex::encode(hash.finalize()))
        });
        match got {
            Ok(found) if found == sha256 => Ok(Integrity::Intact),
            Ok(_) => Ok(Integrity::Changed),
            Err(BlobError::Missing(_)) => Ok(Integrity::Missing),
            Err(error) => Err(error),
        }
    }

    /// A whole content, for small ones.
    ///
    /// # Errors
    /// [`BlobError::Missing`], failures of the store.
    pub fn get_bytes(&self, sha256: &str) -> Result<Vec<u8>, BlobError> {
        let bytes = runtime()?.block_on(async {
            let result = self.store()?.get_opts(&key(sha256)?, GetOptions::default()).await?;
            Ok::<_, BlobError>(result.bytes().await?)
        })?;
        Ok(bytes.to_vec())
    }

    /// The bytes of a range of a content, which must not be empty.
    ///
    /// # Errors
    /// [`BlobError::Missing`], failures of the store.
    pub async fn read(&self, sha256: &str, range: Range<u64>) -> Result<BlobStream, BlobError> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(range)),
            ..GetOptions::default()
        };
        let result = self.store()?.get_opts(&key(sha256)?, options).await?;
        Ok(result.into_stream().map_err(BlobError::from).boxed())
    }

    /// Opens a content to read it piece by piece, on a thread that may block.
    ///
    /// # Errors
    /// [`BlobError::Missing`], failures of the store.
    pub fn open(&self, sha256: &str) -> Result<BlobReader, BlobError> {
        let result = runtime()?.block_on(self.store()?.get_opts(&key(sha256)?, GetOptions::default()))?;
        Ok(BlobReader {
            pieces: result.into_stream().map_err(BlobError::from).boxed(),
            piece: bytes::Bytes::new(),
        })
    }

    /// A file without a name for what is put together before it is sent; it vanishes when it is closed.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn scratch(&self) -> io::Result<File> {
        private_directory(&self.temporary)?;
        tempfile::tempfile_in(&self.temporary)
    }

    /// Deletes what interrupted uploads left behind before `before`; returns how many files.
    ///
    /// # Errors
    /// A directory that cannot be read.
    pub fn delete_leftovers(&self, before: SystemTime) -> io::Result<usize> {
        let mut deleted = delete_files(&self.temporary, before, &|_| true)?;
        // The store writes beside the final name, with a number after `#`.
        deleted += delete_files(&self.directory, before, &|name| name.contains('#'))?;
        Ok(deleted)
    }
}

fn bucket(config: &Documents) -> Result<object_store::aws::AmazonS3, BlobError> {
    // TLS takes the provider of the process; that another part of the program installed it first is fine.
    drop(rustls::crypto::ring::default_provider().install_default());
    let endpoint = config.endpoint.as_deref().unwrap_or_default();
    let secret = config.secret_key.as_ref().map(|secret| secret.expose());
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(config.bucket.as_deref().unwrap_or_default())
        .with_region(config.region.as_deref().unwrap_or("us-east-1"))
        .with_access_key_id(config.access_key.as_deref().unwrap_or_default())
        .with_secret_access_key(secret.unwrap_or_default())
        .with_allow_http(endpoint.starts_with("http://"))
        .with_client_options(
            ClientOptions::new()
                .with_allow_http(endpoint.starts_with("http://"))
                .with_timeout(REQUEST_PATIENCE)
                .with_connect_timeout(CONNECT_PATIENCE),
        )
        .with_retry(RetryConfig {
            max_retries: 3,
            retry_timeout: RETRY_PATIENCE,
            ..RetryConfig::default()
        })
        .with_http_connector(SpawnedReqwestConnector::new(runtime()?.handle().clone()));
    if !endpoint.is_empty() {
        builder = builder.with_endpoint(endpoint);
    }
    Ok(builder.build()?)
}

/// `sha256/ab/cd/<hash>`: no directory gets too many entries.
fn key(sha256: &str) -> Result<Key, BlobError> {
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match (is_hash, sha256.get(..2), sha256.get(2..4)) {
        (true, Some(first), Some(second)) => Ok(Key::from(format!("sha256/{first}/{second}/{sha256}"))),
        _ => Err(BlobError::Malformed),
    }
}

fn next_part(file: &File) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(u64::try_from(PART_BYTES).unwrap_or(u64::MAX))
        .read_to_end(&mut part)?;
    Ok(part)
}

/// A directory for personal data: other accounts of the machine do not look into it.
fn private_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if path.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn delete_files(directory: &Path, before: SystemTime, wanted: &dyn Fn(&str) -> bool) -> io::Result<usize> {
    let mut deleted = 0;
    if !directory.is_dir() {
        return Ok(deleted);
    }
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            deleted += delete_files(&entry.path(), before, wanted)?;
        } else if kind.is_file() && wanted(&entry.file_name().to_string_lossy()) {
            // An upload may end, and take its file away, at any moment.
            let old = entry
                .metadata()
                .and_then(|meta| meta.modified())
                .is_ok_and(|at| at < before);
            if old && std::fs::remove_file(entry.path()).is_ok() {
                deleted += 1;
            }
        }
    }
    Ok(deleted)
}
