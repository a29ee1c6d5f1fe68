//! Lists by keyset: `{items, next_cursor}`, `limit` 1 to 200. A cursor is opaque: the sort key of the last item,
//! primary key included, so that a page neither repeats nor skips when rows are added meanwhile.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::domain::words::text::FieldError;
use crate::error::Error;

pub const DEFAULT_LIMIT: u32 = 50;
pub const MAX_LIMIT: u32 = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Send it as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// Only where words were searched for while the index is being made anew, as after an update: cases may be missing;
    /// search again later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// Which page is asked for; `K` is the sort key, such as `(NaiveDate, String)`.
#[derive(Debug, Clone)]
pub struct Page<K> {
    /// The key of the last item of the page before.
    pub after: Option<K>,
    limit: u32,
}

impl<K: Serialize + DeserializeOwned> Page<K> {
    /// Reads the query parameters `cursor` and `limit`.
    ///
    /// # Errors
    /// `Fields` for a cursor that this list did not give, or a limit outside 1 to 200.
    pub fn new(cursor: Option<&str>, limit: Option<u32>) -> Result<Self, Error> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Error::field(FieldError::new(
                "?limit",
                format!("limit 须在 1 至 {MAX_LIMIT} 之间。"),
                format!("limit must be between 1 and {MAX_LIMIT}."),
            )));
        }
        let after = cursor.map(decode).transpose()?;
        Ok(Self { after, limit })
    }

    /// How many rows to ask the database for: one more than shown, to know whether another page follows.
    pub fn fetch_limit(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Makes the page from the rows that were fetched.
    ///
    /// # Errors
    /// None in practice: every key has a JSON form.
    pub fn finish<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Result<List<T>, Error> {
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > shown;
        rows.truncate(shown);
        let next_cursor = match rows.last() {
            Some(last) if more => Some(encode(&key(last))?),
            _ => None,
        };
        Ok(List {
            items: rows,
            next_cursor,
            incomplete: false,
        })
    }
}

impl<T> List<T> {
    /// The same page with each item shown differently.
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> List<U> {
        List {
            items: self.items.into_iter().map(view).collect(),
            next_cursor: self.next_cursor,
            incomplete: self.incomplete,
        }
    }
}

fn encode<K: Serialize>(key: &K) -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).map_err(Error::internal)?))
}

fn decode<K: DeserializeOwned>(cursor: &str) -> Result<K, Error> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        // A null character inside a key would only be found by PostgreSQL, as an internal error.
        .filter(|bytes| !String::from_utf8_lossy(bytes).contains("\\u0000"))
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| {
            Error::field(FieldError::new(
                "?cursor",
                "cursor 无效，请使用上一页返回的 next_cursor。",
                "Not a cursor of this list; use the next_cursor of the page before.",
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_continue_after_the_last_key() {
        let first = Page::<(u32, String)>::new(None, Some(2)).unwrap();
        let list = first.finish(vec![1, 2, 3], |n| (*n, "x".to_owned())).unwrap();
        assert_eq!(list.items, [1, 2]);
        let next = Page::<(u32, String)>::new(list.next_cursor.as_deref(), Some(2)).unwrap();
        assert_eq!(next.after, Some((2, "x".to_owned())));
        assert_eq!(next.finish(vec![3], |n| (*n, String::new())).unwrap().next_cursor, None);
        for (cursor, limit) in [
            (Some("!"), None),
            (Some("e30"), None),
            (None, Some(0)),
            (None, Some(201)),
        ] {
            assert!(Page::<(u32, String)>::new(cursor, limit).is_err());
        }
    }
}
