//! Cases nearly the same in words as one case, from anyone.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Bool, Nullable};
use diesel::{BoxableExpression, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::CaseRow;
use super::list::visible;
use super::scope::{CaseFilter, ListDays, ListScope};
use super::search::{Entered, Hit, entries};
use crate::domain::search::similarity::{BANDS, NEARLY_IDENTICAL, bands, similarity};
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::store::StoreError;
use crate::store::connection::{Db, MultiBackend};
use crate::store::key::Key;
use crate::store::schema::case_search;

/// Newest entries taken from each band of a fingerprint.
const BAND_MAX: i64 = 1000;
/// Candidates whose words are compared; those that agree in more bands come first.
const CANDIDATES_MAX: usize = 200;

type InBand = Box<dyn BoxableExpression<case_search::table, MultiBackend, SqlType = Nullable<Bool>>>;

/// A case and the share of words it has in common with another.
#[derive(Debug, Clone)]
pub struct Alike {
    pub row: CaseRow,
    /// 0 to 1.
    pub similarity: f64,
}

/// The entry of a case and its features; none before the index is filled.
fn entry_of(db: &mut Db, id: CaseId) -> Result<Option<(i64, String)>, StoreError> {
    Ok(case_search::table
        .filter(case_search::case_id.eq(Key(id)))
        .select((case_search::entry, case_search::features))
        .first(db)
        .optional()?)
}

fn in_scope(
    db: &mut Db,
    scope: &ListScope,
    days: ListDays,
    ids: Vec<Key<CaseId>>,
) -> Result<BTreeMap<CaseId, CaseRow>, StoreError> {
    let rows = visible(db, scope, &CaseFilter::default(), days, ids)?;
    Ok(rows.into_iter().map(|row| (row.id(), row)).collect())
}

/// Other cases in the scope whose title and features are nearly the same, the most alike first, then the newest.
///
/// # Errors
/// Failures of the database.
pub fn near_identical(
    db: &mut Db,
    scope: &ListScope,
    days: ListDays,
    case: &CaseRow,
    limit: usize,
) -> Result<Vec<Alike>, StoreError> {
    let Some((own, features)) = entry_of(db, case.id())? else {
        return Ok(Vec::new());
    };
    let own_hit = Hit {
        entry: own,
        row: case.clone(),
        features,
    };
    let words = own_hit.text().content();
    let Some(bands) = bands(&words) else {
        return Ok(Vec::new());
    };
    let candidates = candidates(db, &scope.every_agency(), own, bands)?;
    let page = entries(db, &candidates)?;
    let mut rows = in_scope(db, scope, days, page.iter().map(|entered| entered.case_id).collect())?;
    let mut alike: Vec<(Alike, i64)> = page
        .into_iter()
        .filter_map(
            |Entered {
                 entry,
                 case_id,
                 features,
             }| {
                let hit = Hit {
                    entry,
                    row: rows.remove(&case_id.0)?,
                    features,
                };
                let similarity = similarity(&words, &hit.text().content());
                (similarity >= NEARLY_IDENTICAL).then_some((
                    Alike {
                        row: hit.row,
                        similarity,
                    },
                    entry,
                ))
            },
        )
        .collect();
    alike.sort_by(|(a, entry_a), (b, entry_b)| b.similarity.total_cmp(&a.similarity).then(entry_b.cmp(entry_a)));
    Ok(alike.into_iter().take(limit).map(|(alike, _)| alike).collect())
}

/// Entries of these agencies that agree in a band of the fingerprint.
fn candidates(
    db: &mut Db,
    agencies: &BTreeSet<AgencyId>,
    own: i64,
    [band_1, band_2, band_3, band_4, band_5]: [i64; BANDS],
) -> Result<Vec<i64>, StoreError> {
    let each: [InBand; BANDS] = [
        Box::new(case_search::band_1.eq(band_1)),
        Box::new(case_search::band_2.eq(band_2)),
        Box::new(case_search::band_3.eq(band_3)),
        Box::new(case_search::band_4.eq(band_4)),
        Box::new(case_search::band_5.eq(band_5)),
    ];
    let mut shared: BTreeMap<i64, u32> = BTreeMap::new();
    for in_band in each {
        let newest: Vec<(i64, Key<AgencyId>)> = case_search::table
            .filter(in_band)
            .order(case_search::entry.desc())
            .limit(BAND_MAX)
            .select((case_search::entry, case_search::agency_id))
            .load(db)?;
        for (entry, _) in newest
            .into_iter()
            .filter(|(entry, agency)| *entry != own && agencies.contains(&agency.0))
        {
            let count = shared.entry(entry).or_default();
            *count = count.saturating_add(1);
        }
    }
    let mut ranked: Vec<(u32, i64)> = shared.into_iter().map(|(entry, count)| (count, entry)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    Ok(ranked
        .into_iter()
        .take(CANDIDATES_MAX)
        .map(|(_, entry)| entry)
        .collect())
}
