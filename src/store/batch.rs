//! Several writers, one commit: the writing connection of SQLite.
//!
//! SQLite lets one transaction write at a time, and each durable commit waits for the disk. Therefore all writers of a
//! process share one connection, one after the other, each in a savepoint of the transaction that is open on it. Whoever
//! is done while others wait leaves the transaction open for them; the last one commits for all. A writer is answered
//! only after that commit, also with an error: what it was refused for may be something that others wrote just before.
//!
//! A failed work loses its savepoint and nothing else. When the whole transaction is lost with it (a panic, a full disk),
//! the others are told so and run again, each in a transaction of its own, so that nobody can fail them twice.
//! PostgreSQL needs none of this: its server commits waiting transactions together by itself.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};

use super::attempt::Attempt;
use super::connection::{Db, Manager};
use super::fault::StoreError;
use super::transaction::{DbTransactions, Tx, Waiting};
use crate::chain::chain;

/// Most writers of one commit.
const WRITERS_MAX: usize = 64;
/// Once a transaction is open for so long nobody else is let in: the first one is waiting for its answer.
const AGE_MAX: Duration = Duration::from_millis(10);

/// The writing connection and those who wait for it.
pub(super) struct Writer {
    manager: Manager,
    /// How long a writer waits for its turn.
    patience: Duration,
    gate: Mutex<Gate>,
    freed: Condvar,
}

struct Gate {
    /// None while a writer has it.
    line: Option<Line>,
    waiting: usize,
}

/// The connection with the transaction that is open on it. Without a connection there is no batch.
#[derive(Default)]
struct Line {
    /// Made when it is needed; none after a broken one.
    db: Option<Db>,
    batch: Option<Batch>,
}

/// The writers of one transaction.
struct Batch {
    began: Instant,
    writers: usize,
    /// Whether there is something to commit.
    changed: bool,
    /// What all of its writers want done before the commit.
    waiting: Waiting,
    fate: Arc<Fate>,
}

/// What became of a transaction; its writers wait for it.
#[derive(Default)]
struct Fate {
    end: Mutex<Option<End>>,
    known: Condvar,
}

#[derive(Clone)]
enum End {
    Committed,
    /// Rolled back through no fault of this writer's.
    Lost,
    /// The commit failed; nobody's work is there.
    Failed(Arc<StoreError>),
}

impl Fate {
    fn settle(&self, end: End) {
        locked(&self.end).get_or_insert(end);
        self.known.notify_all();
    }

    fn wait(&self) -> End {
        let mut end = locked(&self.end);
        loop {
            match &*end {
                Some(end) => return end.clone(),
                None => end = self.known.wait(end).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    pub(super) fn new(manager: Manager, patience: Duration) -> Self {
        Self {
            manager,
            patience,
            gate: Mutex::new(Gate {
                line: Some(Line::default()),
                waiting: 0,
            }),
            freed: Condvar::new(),
        }
    }

    /// Runs `work` and returns when its changes are committed; `alone` in a transaction that nobody else shares.
    pub(super) fn write<T, E, F>(&self, alone: bool, work: &mut F) -> Result<T, Attempt<E>>
    where
        E: From<StoreError> + std::error::Error + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E>,
    {
        let mut turn = self.turn().map_err(|e| Attempt::last(e.into()))?;
        let fate = turn.begin(alone).map_err(|e| Attempt::judged(e.into()))?;
        let outcome = turn.run(work);
        // Once the transaction is lost, the error of this writer is its own; otherwise it shares the fate of all.
        let own_fault = turn.line.batch.is_none();
        turn.leave(alone);
        match (fate.wait(), outcome) {
            (End::Committed, outcome) => outcome.map_err(Attempt::judged),
            (End::Lost, Err(error)) if own_fault => Err(Attempt::judged(error)),
            (End::Lost, _) => Err(Attempt::alone(
                StoreError::Unavailable("another writer's failure ended the transaction".into()).into(),
            )),
            (End::Failed(error), _) => Err(Attempt::last(repeated(&error).into())),
        }
    }

    /// Waits until no other writer has the connection.
    fn turn(&self) -> Result<Turn<'_>, StoreError> {
        let began = Instant::now();
        let mut gate = locked(&self.gate);
        gate.waiting += 1;
        loop {
            // Asked before the time is: whoever left a transaction open relies on one of those who waited then.
            if let Some(line) = gate.line.take() {
                gate.waiting -= 1;
                return Ok(Turn {
                    writer: self,
                    line,
                    gone: false,
                });
            }
            let Some(left) = self.patience.checked_sub(began.elapsed()) else {
                gate.waiting -= 1;
                return Err(StoreError::Exhausted("other writers took too long".into()));
            };
            gate = self
                .freed
                .wait_timeout(gate, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// The connection in the hands of one writer; it goes back in whatever way the writer ends.
struct Turn<'w> {
    writer: &'w Writer,
    line: Line,
    gone: bool,
}

impl Turn<'_> {
    /// Opens a transaction if none is open that may be joined.
    fn begin(&mut self, alone: bool) -> Result<Arc<Fate>, StoreError> {
        if alone {
            self.end();
        }
        if let Some(batch) = &self.line.batch {
            return Ok(Arc::clone(&batch.fate));
        }
        if self.line.db.is_none() {
            self.line.db = Some(self.writer.manager.connect_writer()?);
        }
        let begun = match &mut self.line.db {
            // A deferred transaction that reads and then writes fails at once when another one wrote between.
            Some(Db::Sqlite(c)) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            _ => Err(diesel::result::Error::BrokenTransactionManager),
        };
        if let Err(error) = begun.map_err(StoreError::from) {
            if !matches!(error, StoreError::Contended(_)) {
                self.line.db = None;
            }
            return Err(error);
        }
        let fate = Arc::<Fate>::default();
        self.line.batch = Some(Batch {
            began: Instant::now(),
            writers: 0,
            changed: false,
            waiting: Waiting::default(),
            fate: Arc::clone(&fate),
        });
        Ok(fate)
    }

    fn run<T, E, F>(&mut self, work: &mut F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnMut(&mut Tx<'_>) -> Result<T, E>,
    {
        let (Some(db), Some(batch)) = (&mut self.line.db, &mut self.line.batch) else {
            return Err(StoreError::from(diesel::result::Error::BrokenTransactionManager).into());
        };
        batch.writers += 1;
        // Not diesel's savepoints, which forgive a rollback that fails after an inner one has failed: here the failure
        // says that SQLite has given up the whole transaction.
        if let Err(error) = db.batch_execute("SAVEPOINT writer") {
            self.lose();
            return Err(StoreError::from(error).into());
        }
        let before = batch.waiting.len();
        let outcome = work(&mut Tx {
            db,
            waiting: &mut batch.waiting,
        });
        match outcome {
            Ok(value) => match db.batch_execute("RELEASE writer") {
                Ok(()) => {
                    batch.changed = true;
                    Ok(value)
                }
                Err(error) => {
                    self.lose();
                    Err(StoreError::from(error).into())
                }
            },
            Err(error) => {
                batch.waiting.truncate(before);
                if let Err(rollback) = db.batch_execute("ROLLBACK TO writer; RELEASE writer") {
                    tracing::debug!(error = %rollback, "the transaction was lost");
                    self.lose();
                }
                Err(error)
            }
        }
    }

    /// Leaves the open transaction to somebody who waits, or ends it.
    fn leave(mut self, alone: bool) {
        let open = !alone
            && self
                .line
                .batch
                .as_ref()
                .is_some_and(|batch| batch.writers < WRITERS_MAX && batch.began.elapsed() < AGE_MAX);
        if open {
            // In one step: a writer that gives up waiting in between would leave the transaction to nobody.
            let mut gate = locked(&self.writer.gate);
            if gate.waiting > 0 {
                self.hand_back(&mut gate);
                return;
            }
        }
        self.end();
    }

    /// Commits what is open, and tells its writers.
    fn end(&mut self) {
        let (Some(batch), Some(db)) = (self.line.batch.take(), &mut self.line.db) else {
            return;
        };
        let done = batch.waiting.run(db);
        let own_fault = done.is_err();
        let ended = match (&done, batch.changed) {
            (Ok(()), true) => DbTransactions::commit_transaction(db),
            (Ok(()), false) => DbTransactions::rollback_transaction(db),
            (Err(_), _) => Ok(()),
        };
        let end = match done.and(ended.map_err(StoreError::from)) {
            Ok(()) => End::Committed,
            Err(error) => {
                // Closing the connection rolls back what is still open.
                self.line.db = None;
                match error {
                    StoreError::Contended(_) => End::Lost,
                    // What one writer wanted done is no fault of the others: each is told about its own.
                    error if own_fault && batch.writers > 1 && !matches!(error, StoreError::Full(_)) => End::Lost,
                    error => End::Failed(Arc::new(error)),
                }
            }
        };
        batch.fate.settle(end);
    }

    /// Gives up the transaction and the connection it was on.
    fn lose(&mut self) {
        self.line.db = None;
        if let Some(batch) = self.line.batch.take() {
            batch.fate.settle(End::Lost);
        }
    }

    fn hand_back(&mut self, gate: &mut Gate) {
        gate.line = Some(std::mem::take(&mut self.line));
        self.gone = true;
        self.writer.freed.notify_one();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.gone {
            return;
        }
        if std::thread::panicking() {
            self.lose();
        }
        // Everything but a panic has ended the transaction already; if not, its writers must not wait for ever.
        self.end();
        let writer = self.writer;
        self.hand_back(&mut locked(&writer.gate));
    }
}

/// The same failure for each of several writers.
fn repeated(error: &StoreError) -> StoreError {
    let text = chain(error).into();
    match error {
        StoreError::Full(_) => StoreError::Full(text),
        _ => StoreError::Unavailable(text),
    }
}
