//! The newest entries that hold what is searched for: each database in its own language and by the shortest way.

use std::collections::BTreeSet;

use diesel::sql_types::{Array, BigInt, Text};
use diesel::{ExpressionMethods, PgConnection, QueryDsl, RunQueryDsl};

use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::search::SearchQuery;
use crate::domain::tokens::Lookup;
use crate::store::StoreError;
use crate::store::cases::list::Share;
use crate::store::connection::Db;
use crate::store::fixed::fixed;
use crate::store::key::Key;
use crate::store::schema::case_search;

/// On PostgreSQL: fewer hits of an agency than this are fetched and sorted; of more, the newest are found by walking. For an
/// agency of some ten thousand cases either way costs about the same then.
const FEW: i64 = 1000;
/// The same where many agencies are searched: for all together, and at least for each.
const FEW_TOGETHER: i64 = 8000;
const FEW_EACH: i64 = 80;
/// Newest entries of a whole region that are looked at before its index is asked.
const REGION_WINDOW: i64 = 1000;
/// How far a second walk through a whole region may go, where the first one promises a full page.
const REGION_WINDOW_MAX: i64 = 30_000;
/// As far as this the newest entries of some agencies are walked through, where the first of them promise a full page.
const AGENCY_WINDOW: i64 = 800;

/// What begins every word of an agency's cases. Two agencies with the same tag would only share work: the conditions on
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
        Db::Postgres(c) => hits_in_postgres(c, agencies, share, query, before, count)?,
    };
    entries(db, &newest)
}

/// An agency that is searched, and how far.
#[derive(Clone, Copy)]
struct Asked<'a> {
    agency_id: AgencyId,
    query: &'a str,
    /// How many of its newest entries are looked at.
    window: i64,
}

/// The index gives all hits at once and in no order. Few are sorted; of many, the newest are met soon on a walk from the
/// newest case on: through each agency, or through all cases where the scope holds most agencies. The walks call the
/// function behind the operator, which the planner cannot turn into the index again.
fn hits_in_postgres(
    c: &mut PgConnection,
    agencies: &BTreeSet<AgencyId>,
    share: Share,
    query: &SearchQuery,
    before: i64,
    count: i64,
) -> Result<Vec<i64>, StoreError> {
    let queries: Vec<(AgencyId, String)> = agencies
        .iter()
        .map(|agency| (*agency, tsquery(*agency, query)))
        .collect();
    let first = count.saturating_add(count / 4);
    let asked: Vec<Asked<'_>> = queries
        .iter()
        .map(|(agency_id, query)| Asked {
            agency_id: *agency_id,
            query,
            window: first,
        })
        .collect();
    let region = share != Share::Some && asked.len() > 1;
    let (mut newest, open) = if region {
        let met = walk_region(c, &asked, before, REGION_WINDOW, count)?;
        let met = match promising(REGION_WINDOW, count, met.len(), REGION_WINDOW_MAX) {
            Some(window) => walk_region(c, &asked, before, window, count)?,
            None => met,
        };
        if is_full(&met, count) {
            return Ok(met);
        }
        (Vec::new(), asked.clone())
    } else {
        walk_on(c, &asked, before, count)?
    };
    let number = i64::try_from(open.len()).unwrap_or(FEW_TOGETHER).max(1);
    let few = (FEW_TOGETHER / number).clamp(FEW_EACH, FEW);
    let mut many = Vec::new();
    for (asked, hits) in open.iter().zip(probe(c, &open, before, few, count)?) {
        match hits {
            Some(hits) => newest.extend(hits),
            None => many.push(Asked {
                window: i64::MAX,
                ..*asked
            }),
        }
    }
    if region && many.len().saturating_mul(2) > asked.len() {
        return walk_region(c, &asked, before, i64::MAX, count);
    }
    newest.extend(walk(c, &many, before, count)?.into_iter().flatten());
    newest.sort_unstable_by_key(|entry| std::cmp::Reverse(*entry));
    newest.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    Ok(newest)
}

fn is_full(hits: &[i64], count: i64) -> bool {
    i64::try_from(hits.len()).is_ok_and(|found| found >= count)
}

/// How far a second walk goes to meet a full page, if the first one met some hits and it is not too far.
fn promising(walked: i64, count: i64, met: usize, most: i64) -> Option<i64> {
    let met = i64::try_from(met).ok().filter(|met| (1..count).contains(met))?;
    // The same distance for each hit as so far, and half as much for bad luck.
    let window = walked.saturating_mul(count) / met;
    Some(window.saturating_add(window / 2)).filter(|window| *window <= most)
}

/// The newest hits of the agencies where a full page of them is met soon; the other agencies.
fn walk_on<'a>(
    c: &mut PgConnection,
    asked: &[Asked<'a>],
    before: i64,
    count: i64,
) -> Result<(Vec<i64>, Vec<Asked<'a>>), StoreError> {
    let most = AGENCY_WINDOW / i64::try_from(asked.len()).unwrap_or(AGENCY_WINDOW).max(1);
    let (mut newest, mut open, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for (asked, hits) in asked.iter().zip(walk(c, asked, before, count)?) {
        match promising(asked.window, count, hits.len(), most) {
            Some(window) => again.push(Asked { window, ..*asked }),
            None if is_full(&hits, count) => newest.extend(hits),
            None => open.push(*asked),
        }
    }
    for (asked, hits) in again.iter().zip(walk(c, &again, before, count)?) {
        match is_full(&hits, count) {
            true => newest.extend(hits),
            false => open.push(*asked),
        }
    }
    Ok((newest, open))
}

#[derive(diesel::QueryableByName)]
struct Placed {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    entry: i64,
}

/// The hits of each place, in the order in which they came.
fn by_place(places: usize, placed: impl IntoIterator<Item = Placed>) -> Vec<Vec<i64>> {
    let mut hits = vec![Vec::new(); places];
    for Placed { place, entry } in placed {
        let place = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
        if let Some(hits) = place.and_then(|place| hits.get_mut(place)) {
            hits.push(entry);
        }
    }
    hits
}

/// The newest hits of each agency that has fewer than `few` of them; `None` of the others.
fn probe(
    c: &mut PgConnection,
    asked: &[Asked<'_>],
    before: i64,
    few: i64,
    count: i64,
) -> Result<Vec<Option<Vec<i64>>>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        place: i64,
        #[diesel(sql_type = BigInt)]
        entry: i64,
        #[diesel(sql_type = BigInt)]
        together: i64,
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let queries: Vec<&str> = asked.iter().map(|asked| asked.query).collect();
    // The limits stand outside of what the index gives: the planner would otherwise hope to meet so many hits on a walk
    // through all cases.
    let probe = diesel::sql_query(
        "SELECT wanted.place, hit.entry, hit.together \
         FROM unnest($1::text[]::tsquery[]) WITH ORDINALITY AS wanted (query, place) \
         CROSS JOIN LATERAL (WITH all_hits AS MATERIALIZED \
         (SELECT entry FROM case_search WHERE tokens @@ wanted.query) \
         SELECT entry, count(*) OVER () AS together FROM (SELECT entry FROM all_hits WHERE entry < $2 LIMIT $3) AS some_hits \
         ORDER BY entry DESC LIMIT $4) AS hit",
    )
    .bind::<Array<Text>, _>(queries)
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(few)
    .bind::<BigInt, _>(count);
    let rows: Vec<Counted> = fixed!(probe).load(c)?;
    let many: BTreeSet<i64> = rows
        .iter()
        .filter(|row| row.together >= few)
        .map(|row| row.place)
        .collect();
    let placed = rows.into_iter().map(|row| Placed {
        place: row.place,
        entry: row.entry,
    });
    let hits = by_place(asked.len(), placed);
    Ok((1..)
        .zip(hits)
        .map(|(place, hits)| (!many.contains(&place)).then_some(hits))
        .collect())
}

/// The newest hits of each agency within its window.
fn walk(c: &mut PgConnection, asked: &[Asked<'_>], before: i64, count: i64) -> Result<Vec<Vec<i64>>, StoreError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Key<AgencyId>> = asked.iter().map(|asked| Key(asked.agency_id)).collect();
    let queries: Vec<&str> = asked.iter().map(|asked| asked.query).collect();
    let windows: Vec<i64> = asked.iter().map(|asked| asked.window).collect();
    let walk = diesel::sql_query(
        "SELECT wanted.place, hit.entry \
         FROM unnest($1::text[], $2::text[]::tsquery[], $3::bigint[]) WITH ORDINALITY AS wanted (agency_id, query, walked, place) \
         CROSS JOIN LATERAL (SELECT entry FROM (SELECT entry, tokens FROM case_search \
         WHERE agency_id = wanted.agency_id AND entry < $4 ORDER BY entry DESC LIMIT wanted.walked) AS newest \
         WHERE ts_match_vq(tokens, wanted.query) ORDER BY entry DESC LIMIT $5) AS hit",
    )
    .bind::<Array<Text>, _>(ids)
    .bind::<Array<Text>, _>(queries)
    .bind::<Array<BigInt>, _>(windows)
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(count);
    let placed: Vec<Placed> = fixed!(walk).load(c)?;
    Ok(by_place(asked.len(), placed))
}

/// The newest hits among the newest `window` entries of all agencies, each agency with its own query.
fn walk_region(
    c: &mut PgConnection,
    asked: &[Asked<'_>],
    before: i64,
    window: i64,
    count: i64,
) -> Result<Vec<i64>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct EntryRow {
        #[diesel(sql_type = BigInt)]
        entry: i64,
    }
    let ids: Vec<Key<AgencyId>> = asked.iter().map(|asked| Key(asked.agency_id)).collect();
    let queries: Vec<&str> = asked.iter().map(|asked| asked.query).collect();
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
    let rows: Vec<EntryRow> = fixed!(walk).load(c)?;
    Ok(rows.into_iter().map(|row| row.entry).collect())
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

/// A search in the language of `tsquery`.
fn tsquery(agency_id: AgencyId, query: &SearchQuery) -> String {
    let tag = tag(agency_id);
    let terms: Vec<String> = query
        .terms()
        .iter()
        .map(|term| match term.lookup() {
            Lookup::Word(word) => format!("'{tag}{word}'"),
            Lookup::Beginning(word) => format!("'{tag}{word}':*"),
        })
        .collect();
    terms.join(" & ")
}
