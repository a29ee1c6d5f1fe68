//! What the installation remembers of its index.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::store::schema::installation;
use crate::store::{StoreError, Tx};

/// Has the installation remember something of the index, in place of what it remembered before.
pub(super) fn remember(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    diesel::delete(installation::table.find(key)).execute(&mut **tx)?;
    diesel::insert_into(installation::table)
        .values((installation::key.eq(key), installation::value.eq(value)))
        .execute(&mut **tx)?;
    Ok(())
}
