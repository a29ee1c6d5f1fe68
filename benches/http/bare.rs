//! What a submission costs the database alone: the rows that the service writes, written again in bare transactions of
//! prepared statements, by as many writers and with the same settings.

use chrono::{NaiveDate, NaiveDateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use diesel::{PgConnection, SqliteConnection};
use gongkai::domain::search::query::SearchText;
use gongkai::domain::words::ids::CaseId;
use gongkai::random;
use gongkai::store::connection::{POSTGRES_SETTINGS, SQLITE_SETTINGS};
use gongkai::store::schema::{case_events, case_search, case_text, cases, counters};

use super::database::Kind;

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = cases)]
struct CaseRow {
    id: String,
    version: i64,
    kind: String,
    state: String,
    agency_id: String,
    intake_number: String,
    number: Option<String>,
    channel: String,
    arrived_on: NaiveDate,
    applicant_user_id: Option<String>,
    applicant_kind: String,
    applicant_name: String,
    title: String,
    received_on: Option<NaiveDate>,
    owner_id: Option<String>,
    due_on: Option<NaiveDate>,
    suspended_until: Option<NaiveDate>,
    awaiting: Option<String>,
    missed_on: Option<NaiveDate>,
    stopped_on: Option<NaiveDate>,
    act_by: NaiveDate,
    awaits_secrecy: bool,
    awaits_legal: bool,
    awaits_approval: bool,
    served: bool,
    reached: String,
    late_entries: i32,
    outcome: Option<String>,
    ended_on: Option<NaiveDate>,
    reopened_on: Option<NaiveDate>,
    head_hash: String,
    query_code: String,
}

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = case_events)]
struct EventRow {
    case_id: String,
    seq: i64,
    event: String,
    occurred_on: NaiveDate,
    recorded_at: NaiveDateTime,
    actor_id: Option<String>,
    actor_role: Option<String>,
    late_entry_reason: Option<String>,
    data: String,
    text_hash: Option<String>,
    previous_hash: String,
    hash: String,
    late_entry: Option<String>,
    instruments: Option<String>,
}

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = case_text)]
struct TextRow {
    case_id: String,
    seq: i64,
    salt: String,
    body: String,
}

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = case_search)]
struct SearchRow {
    case_id: String,
    agency_id: String,
    digest: String,
    features: String,
    band_1: Option<i64>,
    band_2: Option<i64>,
    band_3: Option<i64>,
    band_4: Option<i64>,
    band_5: Option<i64>,
}

type SearchColumns = (
    case_search::case_id,
    case_search::agency_id,
    case_search::digest,
    case_search::features,
    case_search::band_1,
    case_search::band_2,
    case_search::band_3,
    case_search::band_4,
    case_search::band_5,
);

/// The rows of one submission, and the words under which it is found.
#[derive(Clone)]
pub struct Rows {
    case: CaseRow,
    event: EventRow,
    text: TextRow,
    search: SearchRow,
    words: Vec<String>,
}

/// As many words as the service enters, each with the tag of the agency.
fn words(case: &CaseRow, features: &str) -> Vec<String> {
    let text = SearchText {
        number: case.number.as_deref(),
        intake_number: &case.intake_number,
        title: &case.title,
        features,
        applicant_name: &case.applicant_name,
    };
    let tag = &case.agency_id[case.agency_id.len() - 4..];
    text.tokens().iter().map(|word| format!("{tag}{word}")).collect()
}

/// A connection with the settings of the service.
pub enum Writer {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

macro_rules! on_each {
    ($writer:expr, |$connection:ident| $work:expr) => {
        match $writer {
            Writer::Sqlite($connection) => $work,
            Writer::Postgres($connection) => $work,
        }
    };
}

impl Writer {
    pub fn open(kind: Kind, url: &str) -> Self {
        match kind {
            Kind::Sqlite => {
                let path = url.trim_start_matches("sqlite://");
                let mut connection = SqliteConnection::establish(path).expect("the database opens");
                connection.batch_execute(SQLITE_SETTINGS).expect("settings");
                Self::Sqlite(connection)
            }
            Kind::Postgres => {
                let mut connection = PgConnection::establish(url).expect("the database opens");
                connection.batch_execute(POSTGRES_SETTINGS).expect("settings");
                Self::Postgres(connection)
            }
        }
    }

    /// The rows of the newest submissions, one of each agency that has some.
    pub fn patterns(&mut self) -> Vec<Rows> {
        on_each!(self, |connection| {
            let submitted: Vec<CaseRow> = cases::table
                .filter(cases::version.eq(1))
                .order(cases::id.desc())
                .limit(200)
                .load(connection)
                .expect("cases");
            let mut patterns: Vec<Rows> = Vec::new();
            for case in submitted {
                if patterns.iter().any(|known| known.case.agency_id == case.agency_id) {
                    continue;
                }
                let event = case_events::table
                    .filter(case_events::case_id.eq(&case.id))
                    .first(connection)
                    .expect("an event");
                let text = case_text::table
                    .filter(case_text::case_id.eq(&case.id))
                    .first(connection)
                    .expect("a text");
                let search: SearchRow = case_search::table
                    .filter(case_search::case_id.eq(&case.id))
                    .select(SearchColumns::default())
                    .first(connection)
                    .expect("an entry of the search index");
                let words = words(&case, &search.features);
                patterns.push(Rows {
                    case,
                    event,
                    text,
                    search,
                    words,
                });
            }
            patterns
        })
    }

    /// Writes the rows of a pattern as those of another case, in one transaction.
    pub fn write(&mut self, pattern: &Rows) {
        let mut rows = pattern.clone();
        let id = random::id::<CaseId>(Utc::now()).to_string();
        rows.case.id.clone_from(&id);
        rows.event.case_id.clone_from(&id);
        rows.text.case_id.clone_from(&id);
        rows.search.case_id = id;
        let (series, _) = pattern.case.intake_number.rsplit_once("-S").expect("an intake number");
        let (agency, year) = series.rsplit_once('-').expect("an intake number");
        let scope = format!("intake/{agency}/{year}");
        macro_rules! statements {
            ($connection:expr) => {{
                let number: i64 = diesel::update(counters::table.find(&scope))
                    .set(counters::value.eq(counters::value + 1))
                    .returning(counters::value)
                    .get_result($connection)?;
                rows.case.intake_number = format!("{series}-S{number:05}");
                diesel::insert_into(cases::table)
                    .values(&rows.case)
                    .execute($connection)?;
                diesel::insert_into(case_events::table)
                    .values(&rows.event)
                    .execute($connection)?;
                diesel::insert_into(case_text::table)
                    .values(&rows.text)
                    .execute($connection)?;
                diesel::QueryResult::Ok(())
            }};
        }
        let search = rows.search.clone();
        match self {
            Self::Sqlite(connection) => connection.immediate_transaction(|connection| {
                statements!(connection)?;
                let entry: i64 = diesel::insert_into(case_search::table)
                    .values(&search)
                    .returning(case_search::entry)
                    .get_result(connection)?;
                diesel::sql_query("INSERT INTO case_fts (rowid, tokens) VALUES ($1, $2)")
                    .bind::<BigInt, _>(entry)
                    .bind::<Text, _>(pattern.words.join(" "))
                    .execute(connection)
            }),
            Self::Postgres(connection) => connection.transaction(|connection| {
                statements!(connection)?;
                diesel::sql_query(
                    "INSERT INTO case_search \
                     (case_id, agency_id, digest, features, band_1, band_2, band_3, band_4, band_5, tokens) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, array_to_tsvector($10))",
                )
                .bind::<Text, _>(&search.case_id)
                .bind::<Text, _>(&search.agency_id)
                .bind::<Text, _>(&search.digest)
                .bind::<Text, _>(&search.features)
                .bind::<Nullable<BigInt>, _>(search.band_1)
                .bind::<Nullable<BigInt>, _>(search.band_2)
                .bind::<Nullable<BigInt>, _>(search.band_3)
                .bind::<Nullable<BigInt>, _>(search.band_4)
                .bind::<Nullable<BigInt>, _>(search.band_5)
                .bind::<Array<Text>, _>(&pattern.words)
                .execute(connection)
            }),
        }
        .expect("the rows are written");
    }
}
