//! A file that arrives: written to disk piece by piece while its hash and its length are counted, never whole in memory.
//!
//! The file has no second name, is readable by the service alone, and disappears with the value that holds it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::inspect::inspect;
use crate::domain::document::{MediaType, kept_name};
use crate::error::Error;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error("the file has more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("the file is none of the accepted kinds")]
    NotAccepted,
    #[error("the file could not be written")]
    Io(#[from] io::Error),
}

impl From<SpoolError> for Error {
    fn from(error: SpoolError) -> Self {
        match error {
            SpoolError::TooLarge { limit } => Self::FileTooLarge { limit },
            SpoolError::NotAccepted => Self::FileNotAccepted,
            SpoolError::Io(_) => Self::storage(error),
        }
    }
}

/// A file that is arriving.
#[derive(Debug)]
pub struct Spool {
    file: NamedTempFile,
    hash: Sha256,
    bytes: u64,
    limit: u64,
}

/// A file that has arrived and is of an accepted kind.
#[derive(Debug)]
pub struct Spooled {
    file: NamedTempFile,
    /// In lower-case hexadecimal.
    pub sha256: String,
    pub bytes: u64,
    pub media_type: MediaType,
    /// The name under which it is kept.
    pub name: String,
}

impl Spool {
    pub(super) fn create(directory: &Path, limit: u64) -> io::Result<Self> {
        Ok(Self {
            file: NamedTempFile::new_in(directory)?,
            hash: Sha256::new(),
            bytes: 0,
            limit,
        })
    }

    /// Takes the next piece; nothing of a piece that goes beyond the limit is written.
    ///
    /// # Errors
    /// [`SpoolError::TooLarge`]; failures of the disk.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), SpoolError> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let bytes = self.bytes.saturating_add(length);
        if bytes > self.limit {
            return Err(SpoolError::TooLarge { limit: self.limit });
        }
        self.file.write_all(piece)?;
        self.hash.update(piece);
        self.bytes = bytes;
        Ok(())
    }

    /// Looks into the complete file; `sent_name` is the name that came with it.
    ///
    /// # Errors
    /// [`SpoolError::NotAccepted`]; failures of the disk.
    pub fn finish(mut self, sent_name: &str) -> Result<Spooled, SpoolError> {
        self.file.flush()?;
        let media_type = inspect(self.file.as_file(), sent_name)?.ok_or(SpoolError::NotAccepted)?;
        Ok(Spooled {
            file: self.file,
            sha256: hex::encode(self.hash.finalize()),
            bytes: self.bytes,
            media_type,
            name: kept_name(sent_name, media_type),
        })
    }
}

impl Spooled {
    /// The file itself.
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// All of its bytes.
    ///
    /// # Errors
    /// Failures of the disk.
    pub fn read_whole(&self) -> io::Result<Vec<u8>> {
        std::fs::read(self.file.path())
    }
}
