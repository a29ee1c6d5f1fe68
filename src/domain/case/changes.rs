//! 申请事项的变更: what changes after the application was sent is a fact of its own day, not a correction of what it said. A
//! letter that was sent before keeps the address to which it was sent. All of it comes from outside: it may have been received
//! before steps that the office took without knowing of it.

use super::changed::{ContactFrom, GivenUp, NewContact};
use super::check::Check;
use super::people::{PersonRole, no_such_person};
use super::state::CaseData;
use super::step::{Deciding, Entry, Since, Step, Told, dated_by, fields, itself, since_arrival, with_papers};
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::people::id_document::IdDocument;
use crate::domain::people::party::{ADDRESS_MAX, Applicant, ApplicantKind, CoApplicant, NAME_MAX};
use crate::domain::words::codes::codes;
use crate::domain::words::folding::key_of_name;
use crate::domain::words::text::{FieldError, check_text};
use chrono::NaiveDate;
use serde_json::{Value, json};

codes! {
    /// Why somebody takes the place of an applicant.
    pub enum SuccessionReason {
        Death "death" "死亡",
        Merger "merger" "合并",
        Division "division" "分立",
        Other "other" "其他",
    }
}

fields! {
    ChangeContact {
        /// The day from which it holds.
        from_on: NaiveDate, received_on: NaiveDate, contact: NewContact, #[serde(default)] document_ids: Vec<String>,
    }
    AddParty {
        received_on: NaiveDate, #[schema(max_length = 100)] name: String, id_document: Option<IdDocument>, reason: String,
        #[serde(default)] document_ids: Vec<String>,
    }
    RemoveParty {
        received_on: NaiveDate, #[schema(max_length = 100)] name: String, id_document: Option<IdDocument>,
        /// The place among the people of the case; needed where several bear the name.
        index: Option<u32>, reason: String,
        /// The kind of whoever takes the place of the first applicant; needed where no personal document shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")] next_kind: Option<ApplicantKind>,
        #[serde(default)] document_ids: Vec<String>,
    }
    NarrowRequest { received_on: NaiveDate, given_up: String, #[serde(default)] document_ids: Vec<String> }
    /// Who takes the place of an applicant.
    Successor {
        #[schema(max_length = 100)] name: String, id_document: Option<IdDocument>, kind: Option<ApplicantKind>,
        #[schema(max_length = 30)] phone: Option<String>, #[schema(max_length = 254)] email: Option<String>,
        #[schema(max_length = 300)] address: Option<String>,
    }
    SucceedParty {
        index: u32, successor: Successor, reason: SuccessionReason, received_on: NaiveDate,
        /// What shows it: a certificate of death, a decision on the merger.
        #[schema(min_items = 1)] document_ids: Vec<String>,
    }
}

reasons! {
    LAST_PARTY "last_party", "《条例》第四十五条",
        "本案只剩这一名申请人。申请人不再申请的，请登记撤回（withdraw）；由他人承继的，请登记承继（succeed_party）。",
        "This is the last applicant of the case. Enter a withdrawal (withdraw), or a succession (succeed_party).";

    ALREADY_PARTY "already_party", "《条例》第四十五条",
        "该证件的申请人已经在本案中，不用再次登记。由这名申请人继续办理的，请登记原申请人退出（remove_party）。",
        "An applicant with this document is in the case already. Where that one goes on alone, enter that the other leaves \
         (remove_party).";
}

fn check_person(at: &str, name: &str, document: Option<&IdDocument>, check: &mut Check<'_>) {
    check_text(&format!("{at}/name"), name, NAME_MAX, check.errors);
    if let Some(document) = document {
        document.check_stated(&format!("{at}/id_document"), check.errors);
    }
}

/// The place and part of the person whom a body names, however the name is typed.
fn person(data: &CaseData, name: &str, index: Option<u32>) -> Option<(usize, PersonRole)> {
    let key = key_of_name(name);
    let named = |known: Option<&str>| known.is_some_and(|known| key_of_name(known) == key);
    let mut found = data.people().filter(|person| named(person.name));
    match index.map(usize::try_from) {
        Some(index) => found.find(|person| Ok(person.index) == index),
        None => found.next().filter(|_| found.next().is_none()),
    }
    .map(|person| (person.index, person.role))
}

/// The first applicant is another now. Who represented the one before, and how that one was reached, says nothing of the
/// next one: letters would go to somebody who does not apply any more.
fn followed_by(data: &mut CaseData, next: Applicant) {
    let shown = next.id_document.as_ref().and_then(ApplicantKind::shown_by);
    let co_applicants = std::mem::take(&mut data.applicant.co_applicants);
    data.contacts.clear();
    data.applicant = Applicant {
        kind: next.kind.or(shown),
        co_applicants,
        ..next
    };
}

impl Step for ChangeContact {
    itself!();
    const FROM_OUTSIDE: bool = true;
    dated_by!(received_on);
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        let stated = Applicant::from(self.contact.clone());
        check.errors.extend(stated.check_stated("/contact"));
        if stated == Applicant::default() {
            check.wrong(
                "/contact",
                "请至少填写一项变更后的联系方式：电话、电子邮箱、通信地址或者联系人。",
                "Give at least one of phone, email, address and contact_name as it is now.",
            );
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"from_on": day, "received_on": day, "contact": {"address": "江临市澄溪县城关镇新民路3号"}})
    }
}

impl Told for ChangeContact {
    const PRIVATE: &'static [&'static str] = &["contact"];
    const CORRECTABLE: &'static [&'static str] = &["from_on", "received_on", "contact"];

    /// The application stays as it was sent; what is sent from now on goes to the new address.
    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        let newest = data.contacts.iter().all(|earlier| earlier.from_on <= self.from_on);
        data.contacts.push(ContactFrom {
            from_on: self.from_on,
            received_on: self.received_on,
            contact: self.contact.clone(),
        });
        if newest {
            data.applicant.supply(self.contact.clone().into());
        }
    }
}

impl Step for AddParty {
    type Made = Self;
    dated_by!(received_on);
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check_person("", &self.name, self.id_document.as_ref(), check);
        check.note("/reason", &self.reason);
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        match deciding.data.applies_already(self.id_document.as_ref(), None) {
            true => Err((&ALREADY_PARTY).into()),
            false => Ok(self),
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"received_on": day, "name": "周桂兰", "reason": "同一地块的被征收人书面要求共同申请"})
    }
}

impl Told for AddParty {
    const PRIVATE: &'static [&'static str] = &["name", "id_document", "reason"];
    const CORRECTABLE: &'static [&'static str] = &["received_on", "name", "id_document"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.applicant.co_applicants.push(CoApplicant {
            name: Some(self.name.trim().to_owned()),
            id_document: self.id_document.clone().map(|document| document.normalised()),
        });
        data.identities.one_more();
    }
}

impl Step for RemoveParty {
    type Made = Self;
    dated_by!(received_on);
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check_person("", &self.name, self.id_document.as_ref(), check);
        check.note("/reason", &self.reason);
    }

    /// One of several who applied together leaves; the others go on.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let data = deciding.data;
        let pointer = if self.index.is_some() { "/index" } else { "/name" };
        let (index, role) = person(data, &self.name, self.index).ok_or_else(|| no_such_person(pointer))?;
        if role == PersonRole::Applicant && data.applicant.co_applicants.is_empty() {
            return Err((&LAST_PARTY).into());
        }
        if self.next_kind.is_some() && role != PersonRole::Applicant {
            return Err(FieldError::new(
                "/next_kind",
                "退出的不是第一申请人，没有人接替其位置，请不要填写此项。",
                "Whoever leaves is not the first applicant, so that nobody takes the place; leave this out.",
            )
            .into());
        }
        Ok(Self {
            index: u32::try_from(index).ok(),
            ..self
        })
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"received_on": day, "name": "周桂兰", "reason": "本人书面表示不再参加申请"})
    }
}

impl Told for RemoveParty {
    const PRIVATE: &'static [&'static str] = &["name", "id_document", "reason"];
    const CORRECTABLE: &'static [&'static str] = &["received_on", "next_kind"];

    /// Where the first applicant leaves, the next one takes that place.
    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        let Some((index, role)) = person(data, &self.name, self.index) else {
            return;
        };
        if matches!(role, PersonRole::Applicant | PersonRole::CoApplicant) {
            data.identities.leaves(index);
        }
        let applicant = &mut data.applicant;
        match role {
            PersonRole::Agent => applicant.agent = None,
            PersonRole::Guardian => applicant.guardian = None,
            PersonRole::CoApplicant => {
                applicant.co_applicants.remove(index.saturating_sub(1));
            }
            PersonRole::Applicant if !applicant.co_applicants.is_empty() => {
                let CoApplicant { name, id_document } = applicant.co_applicants.remove(0);
                let kind = self.next_kind;
                let next = Applicant {
                    kind,
                    name,
                    id_document,
                    ..Applicant::default()
                };
                followed_by(data, next);
            }
            PersonRole::Applicant => {}
        }
    }
}

impl Step for NarrowRequest {
    itself!();
    dated_by!(received_on);
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/given_up", &self.given_up);
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"received_on": day, "given_up": "评估机构的报价资料，已从其他途径取得"})
    }
}

impl Told for NarrowRequest {
    const PRIVATE: &'static [&'static str] = &["given_up"];
    const CORRECTABLE: &'static [&'static str] = &["received_on", "given_up"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.given_up.push(GivenUp {
            on: entry.on,
            text: self.given_up.clone(),
        });
    }
}

impl Step for SucceedParty {
    type Made = Self;
    dated_by!(received_on);
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        let successor = &self.successor;
        check_person("/successor", &successor.name, successor.id_document.as_ref(), check);
        let stated = Applicant {
            phone: successor.phone.clone(),
            email: successor.email.clone(),
            ..Applicant::default()
        };
        check.errors.extend(stated.check_stated("/successor"));
        if let Some(address) = &successor.address {
            check_text("/successor/address", address, ADDRESS_MAX, check.errors);
        }
        if self.document_ids.is_empty() {
            check.wrong(
                "/document_ids",
                "请附上证明承继的材料，例如死亡证明和继承关系证明、合并或者分立的决定。",
                "Attach what shows the succession, such as a certificate of death or the decision on the merger.",
            );
        }
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let data = deciding.data;
        let person = data.person_at(self.index)?;
        if !person.applies() {
            return Err(no_such_person("/index").into());
        }
        // One person stands once among the applicants; a new name under the same document is a succession in its place.
        match data.applies_already(self.successor.id_document.as_ref(), Some(person.index)) {
            true => Err((&ALREADY_PARTY).into()),
            false => Ok(self),
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "index": 0, "successor": {"name": "周桂兰", "phone": "13800001111"}, "reason": "death", "received_on": day,
            "document_ids": [super::step::ID],
        })
    }
}

impl Told for SucceedParty {
    const PRIVATE: &'static [&'static str] = &["successor"];
    const CORRECTABLE: &'static [&'static str] = &["received_on", "successor"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        let Successor {
            name,
            id_document,
            kind,
            phone,
            email,
            address,
        } = self.successor.clone();
        let name = Some(name.trim().to_owned());
        let id_document = id_document.map(|document| document.normalised());
        let place = usize::try_from(self.index);
        if let Ok(place) = place {
            data.identities.succeeds(place);
        }
        match place {
            // Nobody writes to the dead, and whom the dead authorised acts for nobody: the successor's own, or none.
            Ok(0) => followed_by(
                data,
                Applicant {
                    kind,
                    name,
                    id_document,
                    phone,
                    email,
                    address,
                    ..Applicant::default()
                },
            ),
            Ok(index) => {
                if let Some(other) = data.applicant.co_applicants.get_mut(index.saturating_sub(1)) {
                    other.name = name;
                    other.id_document = id_document;
                }
            }
            Err(_) => {}
        }
    }
}
