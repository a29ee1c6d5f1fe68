//! Pages of a search: lists asked with `q` go from the newest entry to the oldest and tell where each item was found.

use crate::domain::search::query::{Highlight, SearchQuery};
use crate::error::Error;
use crate::http::page::{List, Page};
use crate::service::search::{Hit, Search};

/// What is searched for, and which page of it.
#[derive(Debug)]
pub(super) struct SearchPage {
    query: SearchQuery,
    page: Page<i64>,
}

impl SearchPage {
    /// Reads the query parameters `q`, `cursor` and `limit`.
    ///
    /// # Errors
    /// `Fields` for a search without words, a cursor of another list, or a limit outside 1 to 200.
    pub(super) fn new(q: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Self, Error> {
        Ok(Self {
            query: SearchQuery::parse(q).map_err(Error::Fields)?,
            page: Page::new(cursor, limit)?,
        })
    }

    /// What to ask the service for.
    pub(super) fn search(&self) -> Search {
        Search {
            query: self.query.clone(),
            before: self.page.after,
            limit: self.page.fetch_limit(),
        }
    }

    /// Makes the page from what was found.
    ///
    /// # Errors
    /// None in practice.
    pub(super) fn finish<T>(&self, hits: Vec<Hit>, view: impl Fn(Hit, Vec<Highlight>) -> T) -> Result<List<T>, Error> {
        let list = self.page.finish(hits, |hit| hit.entry)?;
        Ok(list.map(|hit| {
            let highlights = self.query.highlights(&hit.text());
            view(hit, highlights)
        }))
    }
}
