//! The newest entries that hold what is searched for: each database in its own language and by the shortest way.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Array, BigInt, Text};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::search::SearchQuery;
use crate::domain::tokens::Term;
use crate::store::StoreError;
use crate::store::connection::Db;
use crate::store::fixed::fixed;
use crate::store::key::Key;
use crate::store::schema::case_search;

/// On PostgreSQL: up to so many hits of an agency are fetched and sorted; of more, the newest are found by walking. For an
/// agency of some ten thousand cases either way costs about the same then.
const FEW: i64 = 400;
/// The same where many agencies are searched: for all together, and at least for each.
const FEW_TOGETHER: i64 = 8000;
const FEW_EACH: i64 = 80;
/// Newest entries of a whole region that are looked at before its index is asked.
const REGION_WINDOW: i64 = 1000;
/// As far as this the newest entries of an agency are walked through, where the first of them promise a full page.
const AGENCY_WINDOW: i64 = 800;
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
    query: &SearchQuery,
    before: i64,
    count: i64,
) -> Result<Vec<Entered>, StoreError> {
    if agencies.is_empty() {
        return Ok(Vec::new());
    }
    let newest: Vec<i64> = match db {
        Db::Sqlite(c) => {
            let each: Vec<String> = agencies
                .iter()
                .map(|agency| format!("({})", fts5(*agency, query)))
                .collect();
            let query = diesel::sql_query(
                "SELECT s.entry, s.case_id, s.features FROM case_fts f CROSS JOIN case_search s ON s.entry = f.rowid \
                 WHERE f.case_fts MATCH $1 AND f.rowid < $2 ORDER BY f.rowid DESC LIMIT $3",
            )
            .bind::<Text, _>(each.join(" OR "))
            .bind::<BigInt, _>(before)
            .bind::<BigInt, _>(count);
            return Ok(fixed!(query).load(c)?);
        }
        Db::Postgres(c) => hits_in_postgres(c, agencies, query, before, count)?
            .into_iter()
            .map(|row| row.entry)
            .collect(),
    };
    entries(db, &newest)
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
        [(_, agency, query)] => walk_on(c, *agency, query, before, count)?,
        _ => walk_region(c, agencies, &queries, before, REGION_WINDOW, count)?,
    };
    if is_full(&first, count) {
        return Ok(first);
    }
    let number = i64::try_from(each.len()).unwrap_or(FEW_TOGETHER).max(1);
    let few = (FEW_TOGETHER / number).clamp(FEW_EACH, FEW);
    let probe = diesel::sql_query(
        // The limit stands outside of what the index gives: the planner would otherwise hope to meet so many hits on a
        // walk through all cases.
        "SELECT wanted.place, hit.entry FROM unnest($1::text[]::tsquery[]) WITH ORDINALITY AS wanted (query, place) \
         CROSS JOIN LATERAL (WITH all_hits AS MATERIALIZED \
         (SELECT entry FROM case_search WHERE tokens @@ wanted.query) \
         SELECT entry FROM all_hits WHERE entry < $2 LIMIT $3) AS hit",
    )
    .bind::<Array<Text>, _>(&queries)
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(few);
    let placed: Vec<Placed> = fixed!(probe).load(c)?;
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

fn is_full(rows: &[EntryRow], count: i64) -> bool {
    i64::try_from(rows.len()).is_ok_and(|found| found >= count)
}

/// The newest hits of an agency that are met soon; fewer than `count` say nothing of the others.
fn walk_on(
    c: &mut diesel::PgConnection,
    agency_id: AgencyId,
    query: &str,
    before: i64,
    count: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    let window = count.saturating_add(count / 4);
    let first = walk_agency(c, agency_id, query, before, window, count)?;
    let met = i64::try_from(first.len()).unwrap_or(count);
    if met >= count || met == 0 {
        return Ok(first);
    }
    // As many again as they were met so far, and half as many for bad luck.
    let promising = window.saturating_mul(count) / met;
    let window = promising.saturating_add(promising / 2);
    if window > AGENCY_WINDOW {
        return Ok(first);
    }
    walk_agency(c, agency_id, query, before, window, count)
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
    let walk = diesel::sql_query(
        "SELECT entry FROM (SELECT entry, tokens FROM case_search WHERE agency_id = $1 AND entry < $2 \
         ORDER BY entry DESC LIMIT $3) AS newest \
         WHERE ts_match_vq(tokens, (SELECT $4::tsquery)) ORDER BY entry DESC LIMIT $5",
    )
    .bind::<Text, _>(Key(agency_id))
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(window)
    .bind::<Text, _>(query)
    .bind::<BigInt, _>(count);
    Ok(fixed!(walk).load(c)?)
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
    let walk = diesel::sql_query(
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
    .bind::<BigInt, _>(count);
    Ok(fixed!(walk).load(c)?)
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
