//! Where facts come from, and the small ways in which instruments write them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::case::sub::{Consultation, Sub, SubId};
use crate::domain::case::{Case, CaseData, Event, Law, LoggedEvent};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::people::agency::AgencyData;
use crate::domain::people::party::{Applicant, ApplicantKind, Mask};
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{InstrumentId, UserId};
use crate::papers::facts;
use crate::papers::numerals::chinese_date;
use crate::papers::remedy::Organs;

/// Where the facts of an instrument come from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// With the entry that leaves the instrument as its newest.
    pub case: &'a Case,
    pub agency: &'a AgencyData,
    pub law: &'a Law<'a>,
    /// The day of issue.
    pub on: NaiveDate,
    /// The address at which people reach this service.
    pub public_url: &'a str,
    pub known: &'a Known,
    /// How much of the contact data is printed on what stays in the file.
    pub mask: Mask,
}

/// What the case names and does not hold itself.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The names of those who worked on it.
    pub people: BTreeMap<UserId, Arc<String>>,
    /// The business unit that an assignment goes to.
    pub unit: Option<String>,
    /// How many applications the applicant made in the month.
    pub in_month: Option<u32>,
    /// The days of the earlier replies that are named, by number.
    pub earlier: BTreeMap<String, NaiveDate>,
    /// 合并答复: the other cases that the same paper answers.
    pub together: Vec<Case>,
    /// The pages of the prints of its instruments, as far as they are printed.
    pub pages: BTreeMap<InstrumentId, u32>,
}

impl<'a> Source<'a> {
    /// The case, and the others that the same paper answers.
    pub(super) fn all(self) -> impl Iterator<Item = Source<'a>> {
        let others = self.known.together.iter();
        std::iter::once(self).chain(others.map(move |case| Source { case, ..self }))
    }

    /// 申请编号; before the receipt that of the intake.
    pub(super) fn number(&self) -> &'a str {
        let data = self.case.data();
        data.number.as_deref().unwrap_or(&data.submission.intake_number)
    }

    pub(super) fn data(&self) -> &'a CaseData {
        self.case.data()
    }

    /// The entry that leaves the instrument.
    pub(super) fn entry(&self) -> Option<&LoggedEvent> {
        self.case.log().last()
    }

    pub(super) fn event(&self) -> Option<&Event> {
        self.entry().map(|logged| &logged.event)
    }

    pub(super) fn name(&self, id: Option<UserId>) -> Option<String> {
        let name = id.and_then(|id| self.known.people.get(&id));
        name.map(|name| name.to_string())
    }
}

pub(super) fn organs(source: Source<'_>, code: InstrumentCode) -> Organs<'_> {
    Organs {
        paper: code.paper(),
        reconsideration: &source.agency.reconsideration_organ,
        court: &source.agency.court,
        state_council: source.agency.decides_its_own_reconsideration(),
    }
}

/// Up to three names; of more the first, and how many there are.
pub fn applicants(applicant: &Applicant) -> String {
    let others = applicant.co_applicants.iter().map(|person| &person.name);
    let all: Vec<&str> = std::iter::once(&applicant.name)
        .chain(others)
        .filter_map(|name| name.as_deref())
        .collect();
    match (all.as_slice(), all.len()) {
        ([], _) => "申请人".to_owned(),
        (_, 1..=3) => all.join("、"),
        ([first, ..], count) => format!("{first}等{count}人"),
    }
}

/// Of whom the letter of an entry asks an opinion, or whom it tells of a release over that (Arts 32, 34).
pub fn consulted(case: &Case, seq: u32) -> Option<&Sub<Consultation>> {
    let entry = case.log().iter().find(|logged| logged.seq == seq)?;
    let id = match &entry.event {
        Event::ThirdPartyNotified(told) => told.consultation_id,
        _ => SubId::new(seq),
    };
    case.data().subs.get(id)
}

/// An instrument that went out before.
pub(super) fn earlier(data: &CaseData, code: InstrumentCode) -> Option<facts::Earlier> {
    data.instrument(code).map(|one| facts::Earlier {
        name: one.issued.code.title().to_owned(),
        number: one.issued.number.clone(),
        issued_on: chinese_date(one.on),
    })
}

/// What somebody wrote, where a template ends the sentence: without the full stop that many type.
pub(super) fn clause(text: &str) -> String {
    text.trim()
        .trim_end_matches(['。', '；', '，', '.', ';', ','])
        .to_owned()
}

/// How the text speaks to whoever applies.
pub(super) fn you(applicant: &Applicant) -> &'static str {
    match applicant.kind {
        Some(ApplicantKind::NaturalPerson) | None => "您",
        Some(_) => "贵单位",
    }
}

pub(super) fn is_correction(data: &CaseData) -> bool {
    data.kind() == CaseKind::Correction
}
