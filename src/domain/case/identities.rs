//! As whom the people of an application are known, as far as it was found out.

use crate::domain::people::party::Applicant;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{CaseId, Id, PersonId, UserId};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

codes! {
    /// How somebody was found to be who he says (身份核验方式).
    pub enum IdentityMeans {
        OriginalSeen "original_seen" "核对证件原件",
        CopySeen "copy_seen" "核对证件复印件",
        UnifiedLogin "unified_login" "统一身份认证登录",
    }
}

/// The number of the first applicant, who sent the application.
const SENDER: u32 = 0;

/// A place among the people of a case that stays theirs while others come and leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// Applicants in the order in which they came; 0 is who sent the application.
    Applicant(u32),
    Agent,
    Guardian,
}

/// Somebody's identity as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub by: Option<UserId>,
    pub on: NaiveDate,
    pub means: IdentityMeans,
    pub person_id: PersonId,
    /// The document as it was stated then: of another one nothing is known.
    pub(super) document: Option<String>,
}

/// What was found out about somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub verified: Option<Verified>,
    /// Those whom an officer found to be the same, newest last.
    pub joined: Vec<PersonId>,
    /// Whether an officer found that it is not whom it was taken for.
    pub parted: bool,
}

/// Who the people of a case are, as far as it was found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identities {
    /// Of each applicant in their order; shorter where nobody came or left.
    slots: Vec<u32>,
    next: u32,
    pub(super) found: BTreeMap<Slot, Found>,
}

impl Identities {
    /// Of an application with its people as they are stated.
    pub fn of(applicant: &Applicant) -> Self {
        let mut identities = Self::default();
        (0..=applicant.co_applicants.len()).for_each(|_| identities.one_more());
        identities
    }

    pub(super) fn slot(&self, place: usize) -> Slot {
        Slot::Applicant(self.slots.get(place).copied().unwrap_or(u32::MAX))
    }

    /// Whether the one who sent the application is still among those who apply.
    pub(super) fn sender_stays(&self) -> bool {
        self.slots.contains(&SENDER)
    }

    fn fresh(&mut self) -> u32 {
        let slot = self.next;
        self.next = slot.saturating_add(1);
        slot
    }

    /// Somebody joins the applicants, as the last.
    pub fn one_more(&mut self) {
        let slot = self.fresh();
        self.slots.push(slot);
    }

    /// The applicant at a place leaves.
    pub fn leaves(&mut self, place: usize) {
        if place < self.slots.len() {
            self.slots.remove(place);
        }
    }

    /// Somebody else takes a place.
    pub fn succeeds(&mut self, place: usize) {
        let slot = self.fresh();
        if let Some(taken) = self.slots.get_mut(place) {
            *taken = slot;
        }
    }

    /// The co-applicants are stated anew, so many: who is who of them is to be found out again.
    pub fn restated(&mut self, co_applicants: usize) {
        self.slots.truncate(1);
        (0..co_applicants).for_each(|_| self.one_more());
    }
}

impl Verified {
    pub(super) fn new(
        by: Option<UserId>,
        on: NaiveDate,
        means: IdentityMeans,
        person_id: PersonId,
        document: Option<String>,
    ) -> Self {
        Self {
            by,
            on,
            means,
            person_id,
            document,
        }
    }
}

impl PersonId {
    /// Whoever has an account is one person in all applications sent from it.
    pub fn of_account(user_id: UserId) -> Self {
        Self::from_uuid(user_id.uuid())
    }

    /// Somebody of whom nothing is known but this application. Made of nothing that tells who it is.
    pub fn alone(case_id: CaseId, slot: Slot) -> Self {
        let place = match slot {
            Slot::Applicant(number) => number.to_string(),
            Slot::Agent => "agent".to_owned(),
            Slot::Guardian => "guardian".to_owned(),
        };
        let digest = Sha256::digest(format!("{case_id}/{place}"));
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(byte, digest)| *byte = digest);
        Self::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}
