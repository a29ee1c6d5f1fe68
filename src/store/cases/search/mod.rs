//! The search index: which cases hold which words, and finding them newest first.
//!
//! The words are made in `domain::tokens` and kept in an FTS5 table on SQLite, in a `tsvector` on PostgreSQL; neither
//! database cuts words itself, so that both find the same. Every word bears a tag of the agency: a search in a
//! few agencies reads their entries and no others, however many cases the rest of the region has. What a person may see
//! of them is decided afterwards, by the same conditions as in every list.

mod hits;
mod merge;
mod remembered;

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    RunQueryDsl, TextExpressionMethods,
};
use sha2::{Digest, Sha256};

pub(super) use hits::{Entered, entries};
use hits::{hits, slice_begins, slice_of, tag, tsvector};
use merge::merge_forget;
pub use merge::{search_merge_is_due, search_merge_step};
use remembered::remember;

use super::list::visible;
use super::load::{case_load, case_lock};
use super::people::people_changed;
use super::row::CaseRow;
use super::scope::{CaseFilter, ListDays, ListScope, Share};
use crate::domain::case::{Case, Law};
use crate::domain::search::query::{SearchQuery, SearchText};
use crate::domain::search::similarity::{BANDS, bands};
use crate::domain::search::tokens::with_beginnings;
use crate::domain::words::folding;
use crate::domain::words::ids::{AgencyId, CaseId, UserId};
use crate::store::connection::Db;
use crate::store::fixed::{fixed, on_either, update};
use crate::store::key::Key;
use crate::store::schema::{case_search, cases, installation};
use crate::store::{StoreError, Tx};

/// Counts up when the words of a text change for another reason than the characters that are read as the same.
const WORDS_VERSION: u32 = 5;
/// Where the installation remembers that every case is in the index, and with the words of which version.
const FILLED: &str = "search_words";
/// The work that enters the words of an entry just before the commit.
const ENTERED: &str = "search_words";
/// Cases entered into the index in one transaction when they were there before it.
const PAGE: i64 = 200;
/// Most entries looked at in one step of a search with conditions that few hits fulfil.
const STEP_MAX: i64 = 2000;

/// A case that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    pub entry: i64,
    pub row: CaseRow,
    pub features: String,
}

impl Hit {
    /// What was searched of the case.
    pub fn text(&self) -> SearchText<'_> {
        text_of_row(&self.row, &self.features)
    }
}

fn text_of_row<'a>(row: &'a CaseRow, features: &'a str) -> SearchText<'a> {
    SearchText {
        number: row.number.as_deref(),
        intake_number: &row.intake_number,
        title: &row.title,
        features,
        applicant_name: row.applicant_name().unwrap_or_default(),
    }
}

fn text_of(case: &Case) -> SearchText<'_> {
    let data = case.data();
    let description = data.description.as_ref();
    SearchText {
        number: data.number.as_deref(),
        intake_number: &data.submission.intake_number,
        // Of a scan there are no words to be found or to be alike.
        title: description.map_or("", |description| &description.title),
        features: description.map_or("", |description| &description.features),
        applicant_name: data.applicant.name.as_deref().unwrap_or_default(),
    }
}

/// What the words of a text are made by. Begins every digest, so that every case is entered anew when it changes.
fn words_version() -> String {
    format!("{WORDS_VERSION}.{}", folding::VERSION)
}

fn digest_of(text: &SearchText<'_>) -> String {
    let mut digest = Sha256::new();
    for (_, part) in text.fields() {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    format!("{}:{}", words_version(), hex::encode(digest.finalize()))
}

/// A row of the index, ready to be written.
struct Entry {
    case_id: Key<CaseId>,
    agency_id: Key<AgencyId>,
    digest: String,
    features: String,
    bands: [Option<i64>; BANDS],
    words: Vec<String>,
}

impl Entry {
    fn of(case: &Case) -> Self {
        let text = text_of(case);
        let agency_id = case.data().submission.agency_id;
        Self {
            case_id: Key(case.id()),
            agency_id: Key(agency_id),
            digest: digest_of(&text),
            features: text.features.to_owned(),
            bands: bands(&text.content()).map_or([None; BANDS], |bands| bands.map(Some)),
            words: with_beginnings(text.tokens()).into_iter().collect(),
        }
    }

    fn insert(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let [band_1, band_2, band_3, band_4, band_5] = self.bands;
        match &mut **tx {
            Db::Postgres(c) => {
                let insert = diesel::sql_query(concat!(
                    "INSERT INTO case_search \
                     (entry, case_id, agency_id, digest, features, band_1, band_2, band_3, band_4, band_5, tokens) \
                     SELECT entry, $1, agency_id, $3, $4, $5, $6, $7, $8, $9, ",
                    tsvector!("$10"),
                    " FROM (SELECT nextval(pg_get_serial_sequence('case_search', 'entry')) AS entry, $2 AS agency_id) AS new",
                ))
                .bind::<Text, _>(self.case_id)
                .bind::<Text, _>(self.agency_id)
                .bind::<Text, _>(&self.digest)
                .bind::<Text, _>(&self.features)
                .bind::<Nullable<BigInt>, _>(band_1)
                .bind::<Nullable<BigInt>, _>(band_2)
                .bind::<Nullable<BigInt>, _>(band_3)
                .bind::<Nullable<BigInt>, _>(band_4)
                .bind::<Nullable<BigInt>, _>(band_5)
                .bind::<Text, _>(self.words.join(" "));
                fixed!(insert).run(c)?;
            }
            Db::Sqlite(c) => {
                let insert = diesel::insert_into(case_search::table)
                    .values((
                        case_search::case_id.eq(self.case_id),
                        case_search::agency_id.eq(self.agency_id),
                        case_search::digest.eq(&self.digest),
                        case_search::features.eq(&self.features),
                        case_search::band_1.eq(band_1),
                        case_search::band_2.eq(band_2),
                        case_search::band_3.eq(band_3),
                        case_search::band_4.eq(band_4),
                        case_search::band_5.eq(band_5),
                    ))
                    .returning(case_search::entry);
                let entry: i64 = fixed!(insert).get_result(c)?;
                self.enter_before_commit(tx, entry);
            }
        }
        Ok(())
    }

    fn update(&self, tx: &mut Tx<'_>, entry: i64) -> Result<(), StoreError> {
        let [band_1, band_2, band_3, band_4, band_5] = self.bands;
        match &mut **tx {
            Db::Postgres(c) => {
                // One statement, so that the row is written once.
                let changed = diesel::sql_query(concat!(
                    "UPDATE case_search SET digest = $2, features = $3, \
                     band_1 = $4, band_2 = $5, band_3 = $6, band_4 = $7, band_5 = $8, tokens = ",
                    tsvector!("$9"),
                    " WHERE entry = $1",
                ))
                .bind::<BigInt, _>(entry)
                .bind::<Text, _>(&self.digest)
                .bind::<Text, _>(&self.features)
                .bind::<Nullable<BigInt>, _>(band_1)
                .bind::<Nullable<BigInt>, _>(band_2)
                .bind::<Nullable<BigInt>, _>(band_3)
                .bind::<Nullable<BigInt>, _>(band_4)
                .bind::<Nullable<BigInt>, _>(band_5)
                .bind::<Text, _>(self.words.join(" "));
                fixed!(changed).run(c)?;
            }
            Db::Sqlite(c) => {
                let values = (
                    case_search::digest.eq(&self.digest),
                    case_search::features.eq(&self.features),
                    case_search::band_1.eq(band_1),
                    case_search::band_2.eq(band_2),
                    case_search::band_3.eq(band_3),
                    case_search::band_4.eq(band_4),
                    case_search::band_5.eq(band_5),
                );
                fixed!(update(case_search::table, values, case_search::entry.eq(entry))).execute(c)?;
                self.enter_before_commit(tx, entry);
            }
        }
        Ok(())
    }

    /// Enters the words into SQLite's index just before the commit, in place of any that were there. FTS5 writes what it
    /// holds to its tables, a part of the index each time, whenever a savepoint begins and for every entry that does not
    /// come after the one before: this way the writers of a commit share one part.
    fn enter_before_commit(&self, tx: &mut Tx<'_>, entry: i64) {
        let tag = tag(self.agency_id.0);
        let words: Vec<String> = self.words.iter().map(|word| format!("{tag}{word}")).collect();
        let words = words.join(" ");
        tx.before_commit((ENTERED, entry), move |tx| {
            let Db::Sqlite(c) = &mut **tx else { return Ok(()) };
            let insert = diesel::sql_query("INSERT OR REPLACE INTO case_fts (rowid, tokens) VALUES ($1, $2)")
                .bind::<BigInt, _>(entry)
                .bind::<Text, _>(words);
            fixed!(insert).run(c)?;
            Ok(())
        });
    }

    /// Whether the words of this entry are in the index. SQLite keeps no copy to compare with: there it is asked whether
    /// they were ever written; the digest says which.
    fn is_indexed(&self, tx: &mut Tx<'_>, entry: i64) -> Result<bool, StoreError> {
        #[derive(diesel::QueryableByName)]
        struct Answer {
            #[diesel(sql_type = Bool)]
            indexed: bool,
        }
        if tx.is_waiting((ENTERED, entry)) {
            return Ok(true);
        }
        let answer: Answer = match &mut **tx {
            Db::Postgres(c) => {
                let indexed = concat!(
                    "SELECT tokens = ",
                    tsvector!("$2"),
                    " AS indexed FROM case_search WHERE entry = $1"
                );
                diesel::sql_query(indexed)
                    .bind::<BigInt, _>(entry)
                    .bind::<Text, _>(self.words.join(" "))
                    .get_result(c)?
            }
            Db::Sqlite(c) => diesel::sql_query("SELECT COUNT(*) > 0 AS indexed FROM case_fts WHERE rowid = $1")
                .bind::<BigInt, _>(entry)
                .get_result(c)?,
        };
        Ok(answer.indexed)
    }
}

/// The entry of a case and the digest of what is indexed of it.
fn stored(db: &mut Db, id: CaseId) -> Result<Option<(i64, String)>, StoreError> {
    let query = case_search::table
        .filter(case_search::case_id.eq(Key(id)))
        .select((case_search::entry, case_search::digest));
    Ok(on_either!(db, c => query.get_result(c)).optional()?)
}

/// Enters a new case into the index.
pub(super) fn search_insert(tx: &mut Tx<'_>, case: &Case) -> Result<(), StoreError> {
    Entry::of(case).insert(tx)
}

/// Brings the index up to date with a case; most commands change nothing that is searched.
pub(super) fn search_update(tx: &mut Tx<'_>, case: &Case) -> Result<(), StoreError> {
    match stored(tx, case.id())? {
        Some((_, digest)) if digest == digest_of(&text_of(case)) => Ok(()),
        Some((entry, _)) => Entry::of(case).update(tx, entry),
        None => search_insert(tx, case),
    }
}

/// Whether the words of a case are those of an earlier version, as an earlier build left them.
pub(super) fn search_is_earlier(tx: &mut Tx<'_>, id: CaseId) -> Result<bool, StoreError> {
    let stored = stored(tx, id)?;
    let version = stored.as_ref().and_then(|(_, digest)| digest.split_once(':'));
    Ok(version.is_some_and(|(version, _)| version != words_version()))
}

/// As [`search_update`], but looks at everything that is stored; returns whether anything had to be put right.
pub(super) fn search_restore(tx: &mut Tx<'_>, case: &Case) -> Result<bool, StoreError> {
    let made = Entry::of(case);
    let Some((entry, digest)) = stored(tx, case.id())? else {
        made.insert(tx)?;
        return Ok(true);
    };
    let (features, bands) = case_search::table
        .find(entry)
        .select((
            case_search::features,
            (
                case_search::band_1,
                case_search::band_2,
                case_search::band_3,
                case_search::band_4,
                case_search::band_5,
            ),
        ))
        .get_result::<(
            String,
            (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>),
        )>(&mut **tx)?;
    let right = digest == made.digest
        && features == made.features
        && <[Option<i64>; BANDS]>::from(bands) == made.bands
        && made.is_indexed(tx, entry)?;
    if !right {
        made.update(tx, entry)?;
    }
    Ok(!right)
}

/// Whether every case is in the index with all of its words; false after an update that brings more of them.
///
/// # Errors
/// Failures of the database.
pub fn search_is_filled(db: &mut Db) -> Result<bool, StoreError> {
    let filled: Option<String> = installation::table
        .find(FILLED)
        .select(installation::value)
        .first(db)
        .optional()?;
    Ok(filled == Some(words_version()))
}

/// The cases that are not in the index yet, or with words that are made otherwise now.
macro_rules! behind {
    () => {
        cases::table
            .left_join(case_search::table.on(case_search::case_id.eq(cases::id)))
            .filter(
                case_search::digest.nullable().is_null().or(case_search::digest
                    .nullable()
                    .not_like(format!("{}:%", words_version()))),
            )
            .select(cases::id)
    };
}

/// Whether a search may miss cases, which are still to be entered with their present words.
///
/// # Errors
/// Failures of the database.
pub fn search_is_incomplete(db: &mut Db) -> Result<bool, StoreError> {
    if search_is_filled(db)? {
        return Ok(false);
    }
    let first: Option<Key<CaseId>> = behind!().limit(1).first(db).optional()?;
    Ok(first.is_some())
}

/// Enters one page of the cases that were there before the index, or in it with the words of an earlier version, oldest
/// first; returns how many were entered and where to go on, after the last page nowhere.
///
/// # Errors
/// [`StoreError::Corrupt`] when a log cannot be read.
pub fn search_fill_page(
    tx: &mut Tx<'_>,
    law: &Law<'_>,
    after: Option<CaseId>,
) -> Result<(usize, Option<CaseId>), StoreError> {
    let mut query = behind!().into_boxed();
    if let Some(after) = after {
        query = query.filter(cases::id.gt(Key(after)));
    }
    let ids: Vec<Key<CaseId>> = query.order(cases::id).limit(PAGE).load(&mut **tx)?;
    case_lock(tx, &ids)?;
    for id in &ids {
        let case = case_load(tx, id.0, law)?;
        search_update(tx, &case)?;
        people_changed(tx, &case)?;
    }
    if ids.is_empty() {
        merge_forget(tx)?;
        remember(tx, FILLED, &words_version())?;
    }
    Ok((ids.len(), ids.last().map(|id| id.0)))
}

/// One page of the cases that a search finds in the scope and the filter admits, newest entry first.
///
/// # Errors
/// Failures of the database.
pub fn case_search_list(
    db: &mut Db,
    scope: &ListScope,
    filter: &CaseFilter,
    days: ListDays,
    query: &SearchQuery,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Hit>, StoreError> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let agencies: BTreeSet<AgencyId> = scope
        .every_agency()
        .into_iter()
        .filter(|agency| filter.agency_id.is_none_or(|only| only == *agency))
        .collect();
    let share = match filter.agency_id {
        Some(_) => Share::Some,
        None => scope.share,
    };
    let (mut found, mut before, mut step) = (Vec::new(), before.unwrap_or(i64::MAX), limit);
    while found.len() < wanted {
        let page = hits(db, &agencies, share, query, before, step)?;
        let Some(last) = page.last() else { break };
        before = last.entry;
        let ids = page.iter().map(|entered| entered.case_id).collect();
        let mut rows: BTreeMap<CaseId, CaseRow> = visible(db, scope, filter, days, ids)?
            .into_iter()
            .map(|row| (row.id(), row))
            .collect();
        found.extend(page.into_iter().filter_map(
            |Entered {
                 entry,
                 case_id,
                 features,
             }| {
                let row = rows.remove(&case_id.0)?;
                Some(Hit { entry, row, features })
            },
        ));
        step = step.saturating_mul(4).min(STEP_MAX);
    }
    found.truncate(wanted);
    Ok(found)
}

/// One page of an applicant's own requests that a search finds, newest entry first. There are few of them: they are
/// read and compared one by one.
///
/// # Errors
/// Failures of the database.
pub fn request_search_list(
    db: &mut Db,
    applicant: UserId,
    query: &SearchQuery,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Hit>, StoreError> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut found, mut before) = (Vec::new(), before.unwrap_or(i64::MAX));
    while found.len() < wanted {
        let page: Vec<(i64, String, CaseRow)> = case_search::table
            .inner_join(cases::table.on(cases::id.eq(case_search::case_id)))
            .filter(cases::applicant_user_id.eq(Key(applicant)))
            .filter(case_search::entry.lt(before))
            .order(case_search::entry.desc())
            .limit(PAGE)
            .select((case_search::entry, case_search::features, cases::all_columns))
            .load(db)?;
        let Some(last) = page.last().map(|(entry, _, _)| *entry) else {
            break;
        };
        found.extend(
            page.into_iter()
                .map(|(entry, features, row)| Hit { entry, row, features })
                .filter(|hit| query.matches(&hit.text())),
        );
        before = last;
    }
    found.truncate(wanted);
    Ok(found)
}
