//! How a sub-process stands on a day: what its last day decides without anybody's entry.

use chrono::NaiveDate;

use super::state::{SubDetail, SubProcess, SubStatus};

impl SubProcess {
    /// Status and closing day as of `today`: a consultation that nobody answered by its last day is silent
    /// (Arts 32, 34), from that day on.
    pub fn standing(&self, today: NaiveDate) -> (SubStatus, Option<NaiveDate>) {
        let silent = self.is_open()
            && matches!(self.detail, SubDetail::Consultation { .. })
            && self.due_on.is_some_and(|last| last < today);
        match silent {
            true => (SubStatus::Silent, self.due_on),
            false => (self.status, self.closed_on),
        }
    }
}
