//! The newest entries that hold what is searched for: each database in its own language and by the shortest way.

use std::collections::{BTreeMap, BTreeSet};

use diesel::RunQueryDsl;
use diesel::sql_types::{Array, BigInt, Text};

use crate::domain::ids::AgencyId;
use crate::domain::search::SearchQuery;
use crate::domain::tokens::Term;
use crate::store::StoreError;
use crate::store::connection::Db;
use crate::store::key::Key;

/// On PostgreSQL: up to so many hits of an agency are fetched and sorted; of more, the newest are found by walking. For an
/// agency of some ten thousand cases either way costs about the same then.
const FEW: i64 = 400;
/// The same where many agencies are searched: for all together, and at least for each.
const FEW_TOGETHER: i64 = 8000;
const FEW_EACH: i64 = 80;
/// Newest entries of a whole region that are looked at before its index is asked.
const REGION_WINDOW: i64 = 1000;
/// What begins every word of an agency's cases. Two agencies with the same tag would only share work: the conditions on
/// the cases themselves keep them apart.
pub(super) fn tag(agency_id: AgencyId) -> String {
    let id = agency_id.to_string();
    id.get(id.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

#[derive(diesel::QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = BigInt)]
    entry: i64,
}

/// The newest entries before one that hold all terms, in these agencies.
pub(super) fn hits(
    db: &mut Db,
    agencies: &BTreeSet<AgencyId>,
    query: &SearchQuery,
    before: i64,
    count: i64,
) -> Result<Vec<i64>, StoreError> {
    let rows: Vec<EntryRow> = match (db, agencies.is_empty()) {
        (_, true) => Vec::new(),
        (Db::Sqlite(c), _) => {
            let each: Vec<String> = agencies
                .iter()
                .map(|agency| format!("({})", fts5(*agency, query)))
                .collect();
            diesel::sql_query(
                "SELECT rowid AS entry FROM case_fts WHERE case_fts MATCH $1 AND rowid < $2 \
                 ORDER BY rowid DESC LIMIT $3",
            )
            .bind::<Text, _>(each.join(" OR "))
            .bind::<BigInt, _>(before)
            .bind::<BigInt, _>(count)
            .load(c)?
        }
        (Db::Postgres(c), _) => hits_in_postgres(c, agencies, query, before, count)?,
    };
    Ok(rows.into_iter().map(|row| row.entry).collect())
}

/// The index gives all hits at once and in no order. Few are sorted; of many, the newest are met soon on a walk from the
/// newest case on: through the agency where only some have many, through all cases where most do. The walks call the
/// function behind the operator, which the planner cannot turn into the index again.
fn hits_in_postgres(
    c: &mut diesel::PgConnection,
    agencies: &BTreeSet<AgencyId>,
    query: &SearchQuery,
    before: i64,
    count: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Placed {
        #[diesel(sql_type = BigInt)]
        place: i64,
        #[diesel(sql_type = BigInt)]
        entry: i64,
    }
    let each: Vec<(i64, AgencyId, String)> = (1..)
        .zip(agencies)
        .map(|(place, agency)| (place, *agency, tsquery(*agency, query)))
        .collect();
    let queries: Vec<&String> = each.iter().map(|(_, _, query)| query).collect();
    // Words that stand in most cases are met on the first steps.
    let first = match each.as_slice() {
        [(_, agency, query)] => walk_agency(c, *agency, query, before, count.saturating_add(count / 4), count)?,
        _ => walk_region(c, agencies, &queries, before, REGION_WINDOW, count)?,
    };
    if i64::try_from(first.len()).unwrap_or(count) >= count {
        return Ok(first);
    }
    let number = i64::try_from(each.len()).unwrap_or(FEW_TOGETHER).max(1);
    let few = (FEW_TOGETHER / number).clamp(FEW_EACH, FEW);
    let placed: Vec<Placed> = diesel::sql_query(
        "SELECT wanted.place, hit.entry FROM unnest($1::text[]::tsquery[]) WITH ORDINALITY AS wanted (query, place) \
         CROSS JOIN LATERAL \
         (SELECT entry FROM case_search WHERE tokens @@ wanted.query AND entry < $2 LIMIT $3) AS hit",
    )
    .bind::<Array<Text>, _>(&queries)
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(few)
    .load(c)?;
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for hit in &placed {
        let counted = counts.entry(hit.place).or_default();
        *counted = counted.saturating_add(1);
    }
    let full: BTreeSet<i64> = counts
        .into_iter()
        .filter(|(_, n)| *n >= few)
        .map(|(place, _)| place)
        .collect();
    if full.len() > 1 && full.len().saturating_mul(2) > each.len() {
        return walk_region(c, agencies, &queries, before, i64::MAX, count);
    }
    let mut rows: Vec<EntryRow> = placed
        .into_iter()
        .filter(|hit| !full.contains(&hit.place))
        .map(|hit| EntryRow { entry: hit.entry })
        .collect();
    for (_, agency, query) in each.iter().filter(|(place, _, _)| full.contains(place)) {
        let newest = walk_agency(c, *agency, query, before, i64::MAX, count)?;
        rows.extend(newest);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.entry));
    rows.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    Ok(rows)
}

/// The newest hits among the newest `window` entries of an agency.
fn walk_agency(
    c: &mut diesel::PgConnection,
    agency_id: AgencyId,
    query: &str,
    before: i64,
    window: i64,
    count: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    Ok(diesel::sql_query(
        "SELECT entry FROM (SELECT entry, tokens FROM case_search WHERE agency_id = $1 AND entry < $2 \
         ORDER BY entry DESC LIMIT $3) AS newest \
         WHERE ts_match_vq(tokens, (SELECT $4::tsquery)) ORDER BY entry DESC LIMIT $5",
    )
    .bind::<Text, _>(Key(agency_id))
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(window)
    .bind::<Text, _>(query)
    .bind::<BigInt, _>(count)
    .load(c)?)
}

/// The newest hits among the newest `window` entries of all agencies, each agency with its own query.
fn walk_region(
    c: &mut diesel::PgConnection,
    agencies: &BTreeSet<AgencyId>,
    queries: &[&String],
    before: i64,
    window: i64,
    count: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    let ids: Vec<String> = agencies.iter().map(ToString::to_string).collect();
    Ok(diesel::sql_query(
        "WITH wanted AS MATERIALIZED (SELECT $1::text[] AS agencies, $2::text[]::tsquery[] AS queries) \
         SELECT entry FROM (SELECT entry, agency_id, tokens FROM case_search WHERE entry < $3 \
         ORDER BY entry DESC LIMIT $4) AS newest WHERE ts_match_vq(tokens, \
         (SELECT queries FROM wanted)[array_position((SELECT agencies FROM wanted), agency_id)]) \
         ORDER BY entry DESC LIMIT $5",
    )
    .bind::<Array<Text>, _>(ids)
    .bind::<Array<Text>, _>(queries)
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(window)
    .bind::<BigInt, _>(count)
    .load(c)?)
}

/// A search in the language of FTS5. Words hold letters, digits, ideographs and hyphens only: nothing to escape.
fn fts5(agency_id: AgencyId, query: &SearchQuery) -> String {
    let tag = tag(agency_id);
    let terms: Vec<String> = query
        .terms()
        .iter()
        .map(|term| match term {
            Term::Word(word) => format!("\"{tag}{word}\""),
            Term::Prefix(word) => format!("\"{tag}{word}\" *"),
        })
        .collect();
    terms.join(" AND ")
}

/// A search in the language of `tsquery`.
fn tsquery(agency_id: AgencyId, query: &SearchQuery) -> String {
    let tag = tag(agency_id);
    let terms: Vec<String> = query
        .terms()
        .iter()
        .map(|term| match term {
            Term::Word(word) => format!("'{tag}{word}'"),
            Term::Prefix(word) => format!("'{tag}{word}':*"),
        })
        .collect();
    terms.join(" & ")
}
