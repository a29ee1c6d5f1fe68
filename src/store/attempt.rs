//! Whether work that failed can be done again.

use super::fault::StoreError;

/// A failed attempt and whether another one can succeed.
pub(super) struct Attempt<E> {
    pub(super) error: E,
    pub(super) again: Again,
}

pub(super) enum Again {
    No,
    Contended,
    Lost,
    /// The failure of another writer took this one's work with it.
    Alone,
}

impl<E: std::error::Error + 'static> Attempt<E> {
    pub(super) fn last(error: E) -> Self {
        Self {
            error,
            again: Again::No,
        }
    }

    pub(super) fn alone(error: E) -> Self {
        Self {
            error,
            again: Again::Alone,
        }
    }

    /// Looks for a store error in the chain: the use case's error may have wrapped it.
    pub(super) fn judged(error: E) -> Self {
        let mut link: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        let mut again = Again::No;
        while let Some(current) = link {
            match current.downcast_ref::<StoreError>() {
                Some(StoreError::Contended(_)) => again = Again::Contended,
                Some(StoreError::Unavailable(_)) => again = Again::Lost,
                _ => {}
            }
            link = current.source();
        }
        Self { error, again }
    }
}
