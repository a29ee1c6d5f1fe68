//! A consistent copy of a SQLite database while it is written to.

use std::path::Path;

use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use super::{Backend, Store, StoreError};

impl Store {
    /// Writes what is committed now into a new, compact file; readers and writers go on meanwhile. Row numbers that are no
    /// column of a table are others in the copy.
    ///
    /// # Errors
    /// [`StoreError::Full`]; [`StoreError::Unavailable`] on PostgreSQL, whose own tools make copies.
    pub fn copy_into(&self, path: &Path) -> Result<(), StoreError> {
        if self.backend() != Backend::Sqlite {
            return Err(StoreError::Unavailable(
                "PostgreSQL is copied with its own tools (pg_dump)".into(),
            ));
        }
        let Some(path) = path.to_str() else {
            return Err(StoreError::Unavailable("the path of the copy is not UTF-8".into()));
        };
        let mut db = self.connection()?;
        diesel::sql_query("VACUUM INTO $1")
            .bind::<Text, _>(path)
            .execute(&mut *db)?;
        Ok(())
    }
}
