//! The people of an application (Art 29): who applies and who acts for them, and as whom they are known.
//!
//! Two applications are of the same person only where that was found out: both were sent from one account, somebody looked
//! at the identity document, or an officer found on papers that two are one. What only looks alike counts nowhere.

use super::identities::{Found, Slot, Verified};
use super::state::CaseData;
use crate::domain::people::id_document::IdDocument;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{CaseId, PersonId, UserId};
use crate::domain::words::text::FieldError;

codes! {
    /// What somebody is in an application.
    pub enum PersonRole {
        Applicant "applicant" "申请人",
        CoApplicant "co_applicant" "共同申请人",
        Agent "agent" "代理人",
        Guardian "guardian" "法定代理人",
    }

}

/// One of them, by the name and the document that are stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonOfCase<'a> {
    /// Its place among the people of the case, from 0: the applicant's.
    pub index: usize,
    pub slot: Slot,
    pub role: PersonRole,
    pub name: Option<&'a str>,
    pub document: Option<&'a IdDocument>,
}

impl PersonOfCase<'_> {
    /// Whether the application is this person's, and not only sent for somebody.
    pub fn applies(&self) -> bool {
        matches!(self.slot, Slot::Applicant(_))
    }

    /// What tells the stated document from every other.
    pub fn document_key(&self) -> Option<String> {
        self.document.and_then(IdDocument::key)
    }
}

impl CaseData {
    /// Everyone whom the application names: applicant, co-applicants in their order, agent, guardian.
    pub fn people(&self) -> impl Iterator<Item = PersonOfCase<'_>> {
        let applicant = &self.applicant;
        let first = (PersonRole::Applicant, &applicant.name, &applicant.id_document);
        let others = applicant.co_applicants.iter();
        let others = others.map(|person| (PersonRole::CoApplicant, &person.name, &person.id_document));
        let agent = applicant.agent.as_ref();
        let agent = agent.map(|agent| (PersonRole::Agent, &agent.name, &agent.id_document));
        let guardian = applicant.guardian.as_ref();
        let guardian = guardian.map(|guardian| (PersonRole::Guardian, &guardian.name, &guardian.id_document));
        std::iter::once(first)
            .chain(others)
            .chain(agent)
            .chain(guardian)
            .enumerate()
            .map(|(index, (role, name, document))| PersonOfCase {
                index,
                slot: match role {
                    PersonRole::Applicant | PersonRole::CoApplicant => self.identities.slot(index),
                    PersonRole::Agent => Slot::Agent,
                    PersonRole::Guardian => Slot::Guardian,
                },
                role,
                name: name.as_deref(),
                document: document.as_ref(),
            })
    }

    /// The person at a place.
    ///
    /// # Errors
    /// The error of the field `index`.
    pub fn person_at(&self, index: u32) -> Result<PersonOfCase<'_>, FieldError> {
        let index = usize::try_from(index).ok();
        let mut people = self.people();
        people
            .find(|person| Some(person.index) == index)
            .ok_or_else(|| no_such_person("/index"))
    }

    fn finding(&self, person: &PersonOfCase<'_>) -> Option<&Found> {
        self.identities.found.get(&person.slot)
    }

    /// How the person was found to be who he says; of a document that is stated otherwise since, nothing was.
    pub fn verified(&self, person: &PersonOfCase<'_>) -> Option<&Verified> {
        let verified = self.finding(person)?.verified.as_ref()?;
        (verified.document == person.document_key()).then_some(verified)
    }

    /// The account from which the application was sent, of the person who sent it.
    pub fn account(&self, person: &PersonOfCase<'_>) -> Option<UserId> {
        let parted = self.finding(person).is_some_and(|found| found.parted);
        let own = person.slot == Slot::Applicant(0) && !parted;
        self.submission.applicant_user_id.filter(|_| own)
    }

    /// The account whose case it is: that from which it was sent, as long as the person who sent it applies. Whom an
    /// officer takes that person for does not matter: what was sent from an account stays open to it.
    pub fn applicant_account(&self) -> Option<UserId> {
        let stays = self.identities.sender_stays();
        self.submission.applicant_user_id.filter(|_| stays)
    }

    /// Whether somebody with this document applies, in another place than `except`.
    pub(super) fn applies_already(&self, document: Option<&IdDocument>, except: Option<usize>) -> bool {
        let applicants = || self.people().filter(PersonOfCase::applies);
        let others = || applicants().filter(|person| Some(person.index) != except);
        document.is_some_and(|new| {
            others()
                .filter_map(|person| person.document)
                .any(|known| known.same_as(new))
        })
    }

    /// Whom an officer found the person to be, newest last.
    pub fn joined(&self, person: &PersonOfCase<'_>) -> &[PersonId] {
        self.finding(person).map_or(&[], |found| &found.joined)
    }

    /// As whom the person is known; empty while nothing was found out. Who has several is one and the same.
    pub fn known_as(&self, person: &PersonOfCase<'_>) -> Vec<PersonId> {
        let account = self.account(person).map(PersonId::of_account);
        let verified = self.verified(person).map(|verified| verified.person_id);
        let joined = self.joined(person).iter().rev().copied();
        joined.chain(account).chain(verified).collect()
    }

    /// As whom the person is shown: whom an officer found, the account, whom the document named first; or somebody of whom
    /// nothing else is known.
    pub fn shown_as(&self, case_id: CaseId, person: &PersonOfCase<'_>) -> PersonId {
        let known = self.known_as(person).first().copied();
        known.unwrap_or_else(|| PersonId::alone(case_id, person.slot))
    }

    /// Notes that somebody is who he says.
    pub(super) fn verify(&mut self, index: u32, verified: impl FnOnce(Option<String>) -> Verified) {
        if let Some((slot, document)) = self.place(index) {
            self.identities.found.entry(slot).or_default().verified = Some(verified(document));
        }
    }

    /// Notes that somebody is a person who is known.
    pub(super) fn join(&mut self, index: u32, person_id: PersonId) {
        if let Some((slot, _)) = self.place(index) {
            self.identities.found.entry(slot).or_default().joined.push(person_id);
        }
    }

    /// Forgets as whom somebody was taken.
    pub(super) fn part(&mut self, index: u32) {
        if let Some((slot, _)) = self.place(index) {
            let parted = true;
            let found = Found {
                parted,
                ..Found::default()
            };
            self.identities.found.insert(slot, found);
        }
    }

    fn place(&self, index: u32) -> Option<(Slot, Option<String>)> {
        let person = self.person_at(index).ok()?;
        Some((person.slot, person.document_key()))
    }
}

/// Names no one of the case.
pub(super) fn no_such_person(pointer: &str) -> FieldError {
    FieldError::new(
        pointer,
        "本案没有这个人，或者有多人同名。请按案件的人员列表（GET /api/v1/cases/{id}/people）填写姓名和序号（index）。",
        "The case has no such person, or several of this name; take name and `index` from GET /api/v1/cases/{id}/people.",
    )
}
