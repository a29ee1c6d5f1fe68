//! The only wall clock of the service. Everything below is given the time; nothing else asks for it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, NaiveDate, SubsecRound, Utc};

use crate::domain::civil_date;

/// A source of time: the system's, or one that is set by hand in tests and demonstrations.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The time of the operating system.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `start` until it is set or advanced; clones share it.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(start))))
    }

    /// The instant, truncated to milliseconds so that it is the same after storing it.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::System => Utc::now(),
            Source::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
        .trunc_subsecs(3)
    }

    /// The legal today: the civil date of Asia/Shanghai.
    pub fn today(&self) -> NaiveDate {
        civil_date(self.now())
    }

    /// Sets a manual clock; a system clock is left alone.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Source::Manual(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }

    /// Moves a manual clock forward; a system clock is left alone.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_sixteen_utc() {
        let clock = Clock::manual("2026-03-10T15:59:59.9996Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2026-03-10");
        assert_eq!(clock.now().timestamp_subsec_nanos(), 999_000_000);
        clock.clone().advance(Duration::milliseconds(1));
        assert_eq!(clock.today().to_string(), "2026-03-11");
    }
}
