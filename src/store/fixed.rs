//! Queries that run often: each database finds the prepared statement by the type of the query.
//!
//! On [`Db`](super::Db) diesel builds the text of a query at each use to look for its statement, and it never keeps the
//! statement of a raw text. Where a query runs with every request that is a good part of its cost.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::deserialize::{self, QueryableByName};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AsChangeset, AstPass, InsertStatement, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::query_source::{QuerySource, Table};
use diesel::row::NamedRow;
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Text, Untyped};
use diesel::{Connection, QueryResult, RunQueryDsl};

use super::key::Key;
use crate::domain::words::ids::Id;

/// Runs a query, written once, on the database that the connection leads to: `on_either!(db, c => query.load(c))`.
macro_rules! on_either {
    ($db:expr, $c:ident => $run:expr) => {
        match $db {
            $crate::store::Db::Postgres($c) => $run,
            $crate::store::Db::Sqlite($c) => $run,
        }
    };
}

/// A query whose text is the same at each use, also where diesel cannot know it: of an insert, an [`update`] or a raw
/// text. Not for generic functions: all their instances would share one name.
macro_rules! fixed {
    ($query:expr) => {{
        struct Here;
        $crate::store::fixed::Fixed::<Here, _>::new($query)
    }};
}

pub(super) use {fixed, on_either};

/// A query known by a type of its own, its place in the program; made by `fixed!` alone, as two queries under one name
/// would be taken for each other.
pub(super) struct Fixed<Name, Q> {
    query: Q,
    name: PhantomData<Name>,
}

impl<Name, Q> Fixed<Name, Q> {
    pub(super) fn new(query: Q) -> Self {
        Self {
            query,
            name: PhantomData,
        }
    }
}

impl<Name: 'static, Q> Fixed<Name, Q> {
    /// Runs a statement for its effect; gives the number of rows that it wrote. In place of diesel's own `execute`, which
    /// hands on a reference to the query: whether its statement may be kept is then read from the parts of the query, never
    /// from [`Fixed`]. Therefore only for what says of itself that it may be.
    pub(super) fn execute<C>(self, connection: &mut C) -> QueryResult<usize>
    where
        C: Connection,
        Q: Kept + QueryFragment<C::Backend>,
    {
        connection.execute_returning_count(&self)
    }
}

impl<Name: 'static, Q: Query<SqlType = Untyped>> Fixed<Name, Q> {
    /// Runs a raw text for its effect; gives the number of rows that it returns. Such a text says that it must not be kept:
    /// it goes the way of queries, on which [`Fixed`] itself is asked.
    pub(super) fn run<'query, C>(self, connection: &mut C) -> QueryResult<usize>
    where
        Self: LoadQuery<'query, C, Unread>,
    {
        self.load(connection).map(|rows| rows.len())
    }
}

/// A statement of which no part says that it must not be kept.
pub(super) trait Kept {}

impl<T: QuerySource, V, Op, Ret> Kept for InsertStatement<T, V, Op, Ret> {}

/// An update of which no part says that it must not be kept, as diesel's own does.
pub(super) struct Update<From, Values, Condition> {
    from: From,
    values: Values,
    condition: Condition,
}

impl<From, Values, Condition> Kept for Update<From, Values, Condition> {}

/// `UPDATE table SET values WHERE condition`. The values are never empty.
pub(super) fn update<T, V, C>(table: T, values: V, condition: C) -> Update<T::FromClause, V::Changeset, C>
where
    T: Table,
    V: AsChangeset<Target = T>,
    C: AppearsOnTable<T> + Expression<SqlType = Bool>,
{
    Update {
        from: table.from_clause(),
        values: values.as_changeset(),
        condition,
    }
}

impl<From, Values, Condition, DB> QueryFragment<DB> for Update<From, Values, Condition>
where
    DB: Backend,
    From: QueryFragment<DB>,
    Values: QueryFragment<DB>,
    Condition: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.from.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.values.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.condition.walk_ast(out)
    }
}

/// A row of which nothing is read.
pub(super) struct Unread;

impl<DB: Backend> QueryableByName<DB> for Unread {
    fn build<'a>(_: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        Ok(Self)
    }
}

impl<Name, Q, DB: Backend> QueryFragment<DB> for Fixed<Name, Q>
where
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Name: 'static, Q> QueryId for Fixed<Name, Q> {
    type QueryId = Fixed<Name, ()>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Name, Q: Query> Query for Fixed<Name, Q> {
    type SqlType = Q::SqlType;
}

impl<Name, Q, C> RunQueryDsl<C> for Fixed<Name, Q> {}

/// A condition as it stands, for what a partial index says too. As diesel's `sql`, but its statement is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Literal(pub(super) &'static str);

impl<DB: Backend> QueryFragment<DB> for Literal {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

/// On SQLite: whether a column holds one of some ids, in the same text for any number of them.
#[derive(Debug, Clone)]
pub(super) struct OneOf {
    /// As it stands in the text; with a `+` before it no index is used for it.
    column: &'static str,
    ids: String,
}

impl OneOf {
    pub(super) fn new<T: Id>(column: &'static str, ids: impl IntoIterator<Item = Key<T>>) -> Self {
        let ids: Vec<String> = ids.into_iter().map(|id| format!("\"{}\"", id.0)).collect();
        Self {
            column,
            ids: format!("[{}]", ids.join(",")),
        }
    }
}

impl<DB> QueryFragment<DB> for OneOf
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.column);
        out.push_sql(" IN (SELECT value FROM json_each(");
        out.push_bind_param::<Text, _>(&self.ids)?;
        out.push_sql("))");
        Ok(())
    }
}

macro_rules! condition {
    ($($type:ty),*) => {$(
        impl Expression for $type {
            type SqlType = Bool;
        }
        impl<Table> AppearsOnTable<Table> for $type {}
        impl<Table> SelectableExpression<Table> for $type {}
        impl<By> ValidGrouping<By> for $type {
            type IsAggregate = is_aggregate::No;
        }
        impl QueryId for $type {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )*};
}

condition!(Literal, OneOf);

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::InstrumentationEvent;
    use diesel::sql_types::BigInt;
    use diesel::{Connection, SqliteConnection};

    #[test]
    fn a_raw_text_is_prepared_once() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        let kept = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&kept);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { .. } = event {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut rows = 0;
        for number in 0..3_i64 {
            let query = diesel::sql_query("SELECT 1 WHERE $1 > 0").bind::<BigInt, _>(number);
            rows += fixed!(query).run(&mut connection).unwrap();
        }
        assert_eq!((rows, kept.load(Ordering::Relaxed)), (2, 1));
    }
}
