//! The newest entries that hold what is searched for: each database in its own language, newest first by construction.

use std::collections::BTreeSet;

use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::domain::search::query::SearchQuery;
use crate::domain::search::tokens::{Lookup, Term};
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::store::StoreError;
use crate::store::cases::scope::Share;
use crate::store::connection::Db;
use crate::store::fixed::fixed;
use crate::store::key::Key;
use crate::store::schema::case_search;

/// On PostgreSQL: so many words, spread over the query, are asked of the index, which reads all it has of each; what
/// holds them is compared with all words.
const ASKED_MAX: usize = 12;
/// On PostgreSQL: of more words than this, those of each agency counted, a search reads what all agencies have of each.
const OPERANDS_MAX: usize = 200;

/// In SQL on PostgreSQL: the number of the slice in which an entry lies, 16,384 entries in a row. FTS5 gives the hits of a
/// word from the newest on, one by one; GIN gives them all at once and in no order. There every word begins with its
/// slice: the slices are asked from the newest on, and no further than the page needs. Smaller slices would be more of
/// them for a rare word, larger ones more hits of a frequent word to fetch and sort.
macro_rules! slice_of {
    ($entry:literal) => {
        concat!("(", $entry, " >> 14)")
    };
}

/// In SQL on PostgreSQL: what the words of a slice begin with.
macro_rules! slice_begins {
    ($slice:expr) => {
        concat!("lpad(to_hex(", $slice, "), 4, '0')")
    };
}

/// In SQL on PostgreSQL: words as they are kept there, from words with spaces between them, in a statement that knows
/// `entry` and `agency_id`. Behind the word comes the agency's tag: the entries that all agencies have of a word lie side
/// by side, for who searches a region. The tag alone is a word too.
macro_rules! tsvector {
    ($words:literal) => {
        concat!(
            "(SELECT array_to_tsvector(string_to_array(slice || tag || ' ' || slice || replace(",
            $words,
            ", ' ', tag || ' ' || slice) || tag, ' ')) FROM (SELECT ",
            slice_begins!(slice_of!("entry")),
            " AS slice, '.' || right(agency_id, 4) AS tag) AS marks)"
        )
    };
}

pub(super) use {slice_begins, slice_of, tsvector};

/// What marks the words of an agency's cases. Two agencies with the same tag would only share work: the conditions on
/// the cases themselves keep them apart.
pub(super) fn tag(agency_id: AgencyId) -> String {
    let id = agency_id.to_string();
    id.get(id.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

/// An entry of the index with the case and the features that belong to it.
#[derive(diesel::Queryable, diesel::QueryableByName)]
pub(in crate::store::cases) struct Entered {
    #[diesel(sql_type = BigInt)]
    pub(in crate::store::cases) entry: i64,
    #[diesel(sql_type = Text)]
    pub(in crate::store::cases) case_id: Key<CaseId>,
    #[diesel(sql_type = Text)]
    pub(in crate::store::cases) features: String,
}

/// What is known of some entries, newest first.
pub(in crate::store::cases) fn entries(db: &mut Db, entries: &[i64]) -> Result<Vec<Entered>, StoreError> {
    Ok(case_search::table
        .filter(case_search::entry.eq_any(entries.to_vec()))
        .order(case_search::entry.desc())
        .select((case_search::entry, case_search::case_id, case_search::features))
        .load(db)?)
}

/// The newest entries before one that hold all terms, in these agencies.
pub(super) fn hits(
    db: &mut Db,
    agencies: &BTreeSet<AgencyId>,
    share: Share,
    query: &SearchQuery,
    before: i64,
    count: i64,
) -> Result<Vec<Entered>, StoreError> {
    if agencies.is_empty() {
        return Ok(Vec::new());
    }
    Ok(match db {
        Db::Sqlite(c) => {
            let hits = diesel::sql_query(
                "SELECT s.entry, s.case_id, s.features FROM case_fts f CROSS JOIN case_search s ON s.entry = f.rowid \
                 WHERE f.case_fts MATCH $1 AND f.rowid < $2 ORDER BY f.rowid DESC LIMIT $3",
            )
            .bind::<Text, _>(any_of(agencies, " OR ", |agency| fts5(agency, query)))
            .bind::<BigInt, _>(before)
            .bind::<BigInt, _>(count);
            fixed!(hits).load(c)?
        }
        Db::Postgres(c) => {
            // One slice after the other, until there are enough: the join can only be a loop, as its right side needs
            // the slice of the left. What the index gives stands by itself, so that no plan walks through all cases
            // in the hope of meeting so many hits; the rest of a long query is compared by the function behind the
            // operator, which no index knows.
            let terms = query.terms();
            let every = terms.len().div_ceil(ASKED_MAX).max(1);
            let asked: Vec<&Term> = terms.iter().step_by(every).collect();
            let hits = diesel::sql_query(concat!(
                "SELECT hit.entry, known.case_id, known.features FROM generate_series(",
                slice_of!("(SELECT max(entry) FROM case_search WHERE entry < $2)"),
                ", 0, -1) AS slice CROSS JOIN LATERAL (WITH held AS MATERIALIZED \
                 (SELECT entry FROM case_search WHERE tokens @@ replace($1, '#', ",
                slice_begins!("slice"),
                ")::tsquery AND ($4 IS NULL OR ts_match_vq(tokens, replace($4, '#', ",
                slice_begins!("slice"),
                ")::tsquery))) SELECT entry FROM held WHERE entry < $2 ORDER BY entry DESC LIMIT $3) AS hit \
                 CROSS JOIN LATERAL (SELECT case_id, features FROM case_search WHERE entry = hit.entry OFFSET 0) AS known \
                 LIMIT $3",
            ))
            .bind::<Text, _>(match share {
                Share::Some if agencies.len().saturating_mul(asked.len()) <= OPERANDS_MAX => {
                    any_of(agencies, " | ", |agency| tsquery(Some(agency), asked.iter().copied()))
                }
                _ => tsquery(None, asked.iter().copied()),
            })
            .bind::<BigInt, _>(before)
            .bind::<BigInt, _>(count)
            .bind::<Nullable<Text>, _>((every > 1).then(|| tsquery(None, terms.iter())));
            fixed!(hits).load(c)?
        }
    })
}

fn any_of(agencies: &BTreeSet<AgencyId>, or: &str, each: impl Fn(AgencyId) -> String) -> String {
    let each: Vec<String> = agencies.iter().map(|agency| format!("({})", each(*agency))).collect();
    each.join(or)
}

/// A search in the language of FTS5. Words hold letters, digits, ideographs and hyphens only: nothing to escape.
fn fts5(agency_id: AgencyId, query: &SearchQuery) -> String {
    let tag = tag(agency_id);
    let terms: Vec<String> = query
        .terms()
        .iter()
        .map(|term| match term.lookup() {
            Lookup::Word(word) => format!("\"{tag}{word}\""),
            Lookup::Beginning(word) => format!("\"{tag}{word}\" *"),
        })
        .collect();
    terms.join(" AND ")
}

/// A search in the language of `tsquery`, of one agency or all, with a `#` where the slice comes.
fn tsquery<'a>(agency_id: Option<AgencyId>, terms: impl Iterator<Item = &'a Term>) -> String {
    let terms: Vec<String> = terms
        .map(|term| match (term.lookup(), agency_id.map(tag)) {
            (Lookup::Word(word), Some(tag)) => format!("'#{word}.{tag}'"),
            (Lookup::Word(word), None) => format!("'#{word}.':*"),
            (Lookup::Beginning(word), Some(tag)) => format!("'#{word}':* & '#.{tag}'"),
            (Lookup::Beginning(word), None) => format!("'#{word}':*"),
        })
        .collect();
    terms.join(" & ")
}
