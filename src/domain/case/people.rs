//! The people of an application (Art 29): who applies, and who acts for them.

use super::state::CaseData;
use crate::domain::words::codes::codes;

codes! {
    /// What somebody is in an application.
    pub enum PersonRole {
        Applicant "applicant" "申请人",
        CoApplicant "co_applicant" "共同申请人",
        Agent "agent" "代理人",
        Guardian "guardian" "法定代理人",
    }
}

/// One of them, by the name that is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonOfCase<'a> {
    /// Its place among the people of the case, from 0: the applicant's.
    pub index: usize,
    pub role: PersonRole,
    pub name: Option<&'a str>,
}

impl CaseData {
    /// Everyone whom the application names: applicant, co-applicants in their order, agent, guardian.
    pub fn people(&self) -> impl Iterator<Item = PersonOfCase<'_>> {
        let applicant = &self.applicant;
        let others = applicant.co_applicants.iter();
        let others = others.map(|person| (PersonRole::CoApplicant, &person.name));
        let agent = applicant.agent.as_ref().map(|agent| (PersonRole::Agent, &agent.name));
        let guardian = applicant.guardian.as_ref();
        let guardian = guardian.map(|guardian| (PersonRole::Guardian, &guardian.name));
        std::iter::once((PersonRole::Applicant, &applicant.name))
            .chain(others)
            .chain(agent)
            .chain(guardian)
            .enumerate()
            .map(|(index, (role, name))| PersonOfCase {
                index,
                role,
                name: name.as_deref(),
            })
    }
}
