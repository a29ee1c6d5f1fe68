//! A city full of applications: as many as one likes, for trying out the service at the size it is meant for.
//!
//! [`plan`] fixes when and where each application comes in and which numbers it gets; [`tale`] tells each in the domain
//! alone; here they are written, a thousand in one transaction. What a run draws depends on its seed only. Transactions
//! are committed in the order of the numbers, so that an interrupted run leaves no gap either.

mod answers;
mod crowd;
mod draw;
mod life;
mod places;
mod plan;
mod tale;
mod words;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::agencies::Opening;
use super::people::people_seed;
use crate::auth::passwords::DEMO_PASSWORD;
use crate::domain::words::text::Bilingual;
use crate::error::Error;
use crate::service::auth::Auth;
use crate::service::law::LawBook;
use crate::service::seeding::{
    Backend, Inhabited, Store, Tx, account, case_write, inhabited, numbers_give, numbers_given, settle,
};
use crowd::Crowd;
use life::{Lived, World};
use plan::{Counters, Plan, plans, scopes};
use tale::live;

/// Cases in one transaction.
const BATCH: usize = 1000;
/// Those who work on the cases of past years were there before them.
const OPENED: &str = "2018-12-03T01:00:00Z";

/// What is to be made.
#[derive(Debug, Clone, Copy)]
pub struct CityPlan {
    pub cases: u32,
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, Default)]
pub struct CitySeeded {
    pub cases: usize,
    pub agencies: usize,
    /// Steps that the law in force refused, with how often; their cases went no further.
    pub refused: BTreeMap<String, usize>,
}

/// Fills an empty database, or one that holds nothing but the demonstration, with a city's applications up to yesterday.
/// `progress` is told how many are written.
///
/// # Errors
/// A conflict when real people work in the database; failures of the database or of password hashing.
pub fn city_seed(
    store: &Store,
    auth: &Auth,
    book: &LawBook,
    now: DateTime<Utc>,
    city: CityPlan,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<CitySeeded, Error> {
    let hash = auth.passwords.hash(DEMO_PASSWORD).map_err(Error::internal)?;
    let (offices, account, given) = store.write(|tx| {
        let opened = OPENED.parse().unwrap_or(now);
        match inhabited(tx)? {
            Inhabited::Nobody => {
                people_seed(tx, auth, opened)?;
            }
            Inhabited::Demonstration => {}
            Inhabited::RealPeople => {
                return Err(Error::Conflict {
                    code: "not_a_demonstration",
                    detail: Bilingual::new(
                        "这个数据库里有真实的账号。演示数据只能写入空数据库或者演示数据库。",
                        "This database has accounts that are not the demonstration's; use an empty one.",
                    ),
                });
            }
        }
        let mut opening = Opening {
            tx: &mut *tx,
            now: opened,
            password_hash: &hash,
        };
        let offices = places::offices(&mut opening, city.seed, city.cases)?;
        Ok((offices, account(tx, "applicant")?, numbers_given(tx)?))
    })?;
    let world = World {
        law: book.law(),
        now,
        offices: &offices,
        crowd: Crowd::of(city.seed, city.cases),
        account: account.and_then(|user| user.applicant.map(|applicant| (user.id, applicant))),
    };
    let plans = plans(city.seed, city.cases, &book.calendar, &offices, now, &given);
    let writing = Writing {
        store,
        world: &world,
        batches: plans.chunks(BATCH).collect(),
        next: AtomicUsize::new(0),
        turn: Turn::default(),
        progress,
    };
    let refused = writing.run()?;
    settle(store)?;
    Ok(CitySeeded {
        cases: plans.len(),
        agencies: offices.len(),
        refused,
    })
}

/// The batch whose transaction may be committed next.
#[derive(Debug, Default)]
struct Turn {
    next: Mutex<usize>,
    passed: Condvar,
}

/// No batch follows one that failed.
const FAILED: usize = usize::MAX;

impl Turn {
    /// Waits until all batches before this one are committed; `false` when one of them failed.
    fn wait(&self, batch: usize) -> bool {
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let next = self
            .passed
            .wait_while(next, |next| *next < batch)
            .unwrap_or_else(PoisonError::into_inner);
        *next == batch
    }

    fn pass(&self, to: usize) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = to;
        self.passed.notify_all();
    }
}

/// The writing of all batches by several threads, each of which tells its cases and then writes them.
struct Writing<'a> {
    store: &'a Store,
    world: &'a World<'a>,
    batches: Vec<&'a [Plan]>,
    next: AtomicUsize,
    turn: Turn,
    progress: &'a (dyn Fn(usize) + Sync),
}

impl Writing<'_> {
    fn run(&self) -> Result<BTreeMap<String, usize>, Error> {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        // SQLite has one writer: the others tell meanwhile. PostgreSQL's server works beside them.
        let threads = match self.store.backend() {
            Backend::Sqlite => processors.min(4),
            Backend::Postgres => (processors + 1).min(6),
        };
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.work())).collect();
            workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
        });
        let mut refused = BTreeMap::new();
        for outcome in outcomes {
            let own = outcome.map_err(|_| Error::internal("a thread that wrote cases panicked"))??;
            for (step, times) in own {
                *refused.entry(step).or_default() += times;
            }
        }
        Ok(refused)
    }

    fn work(&self) -> Result<BTreeMap<String, usize>, Error> {
        // Also after a panic the other threads must not wait for ever.
        let _open = Opened(&self.turn);
        let mut refused = BTreeMap::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(batch) = self.batches.get(number) else {
                return Ok(refused);
            };
            let lived: Vec<Lived> = batch.iter().filter_map(|plan| live(self.world, plan)).collect();
            for step in lived.iter().filter_map(|lived| lived.refused.clone()) {
                *refused.entry(step).or_default() += 1;
            }
            if !self.write(number, batch, &lived)? {
                return Ok(refused);
            }
        }
    }

    /// Writes a batch in its turn; `false` when an earlier one failed.
    fn write(&self, number: usize, batch: &[Plan], lived: &[Lived]) -> Result<bool, Error> {
        let alone = self.store.backend() == Backend::Sqlite;
        if alone && !self.turn.wait(number) {
            return Ok(false);
        }
        let written = self.store.write(|tx| {
            for Lived { case, applied, .. } in lived {
                case_write(tx, case, applied, &self.world.law)?;
            }
            if !alone && !self.turn.wait(number) {
                return Err(Error::internal("an earlier batch was not written"));
            }
            self.count(tx, batch)
        });
        match written {
            Ok(()) => {
                self.turn.pass(number + 1);
                (self.progress)(number * BATCH + batch.len());
                Ok(true)
            }
            Err(error) => {
                self.turn.pass(FAILED);
                Err(error)
            }
        }
    }

    /// The counters stand where the numbers of the batch end.
    fn count(&self, tx: &mut Tx<'_>, batch: &[Plan]) -> Result<(), Error> {
        let mut used = Counters::new();
        for plan in batch {
            let Some(office) = self.world.offices.get(plan.office) else {
                continue;
            };
            let (intake, number) = scopes(office, plan);
            *used.entry(intake).or_default() += 1;
            if let Some(number) = number {
                *used.entry(number).or_default() += 1;
            }
        }
        for (scope, count) in used {
            numbers_give(tx, &scope, count)?;
        }
        Ok(())
    }
}

/// Lets the others go when a thread ends by a panic.
struct Opened<'a>(&'a Turn);

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.pass(FAILED);
        }
    }
}
