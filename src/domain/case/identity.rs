//! 核验申请人身份 (Art 29): that somebody is who he says is found by a person, not by a program: two who bear one name, or a
//! number that somebody wrote, are no proof. What counts by the person (fees of the month, merged cases, repeated
//! applications) counts those only of whom it was found.

use super::check::Check;
use super::identities::{IdentityMeans, Verified};
use super::state::CaseData;
use super::step::{Deciding, Entry, Since, Step, Told, dated_by, fields, payloads, since_arrival, with_papers};
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::words::ids::PersonId;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    VerifyIdentity {
        /// The place among the people of the case.
        index: u32, means: IdentityMeans, on: NaiveDate,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    JoinPersons {
        /// The place among the people of the case.
        index: u32,
        /// Who it is, of the candidates or of another case's people.
        person_id: PersonId, reason: String,
        /// What shows it, such as copies of both documents.
        #[schema(min_items = 1)] document_ids: Vec<String>,
    }
    PartPersons {
        /// The place among the people of the case.
        index: u32, reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

payloads! {
    IdentityVerified {
        index: u32, means: IdentityMeans, on: NaiveDate,
        /// As whom: the person of whom the agency saw this document before, or one of whom it knows nothing else.
        person_id: PersonId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

reasons! {
    NO_DOCUMENT "no_document_to_verify", "《条例》第二十九条第二款第（一）项",
        "本件没有写明该人的证件种类和号码，无法核对。请先登记补正（receive_amendment）或者更正（correct_fact）补上证件，再核验身份。",
        "The case states no identity document of this person; enter an amendment or a correction with it first.";

    NOT_SIGNED_IN "not_signed_in", "《条例》第二十九条第二款第（一）项",
        "本件不是该人登录账号提交的，不能按统一身份认证核验。请核对证件原件或者复印件。",
        "The application was not sent from an account of this person; compare the document or a copy of it.";

    SAME_ALREADY "same_person_already", "《条例》第二十九条第二款第（一）项",
        "该人已经认定为这名人员，不用再次认定。",
        "It was found already that this is the same person.";

    UNKNOWN_YET "not_identified", "《条例》第二十九条第二款第（一）项",
        "该人尚未核验身份，也没有认定为其他案件中的人员，没有可以撤销的认定。",
        "Nothing was found out about this person that could be undone.";
}

fn no_known_person() -> FieldError {
    FieldError::new(
        "/person_id",
        "本机关的其他案件中没有这名人员。请按案件的人员列表（GET /api/v1/cases/{id}/people）中的 candidates 填写。",
        "No other case of the agency has this person; take one of `candidates` in GET /api/v1/cases/{id}/people.",
    )
}

impl Step for VerifyIdentity {
    type Made = IdentityVerified;
    with_papers!();
    dated_by!(on);

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<IdentityVerified, Rejection> {
        let person = deciding.data.person_at(self.index)?;
        let signed_in = deciding.data.account(&person).is_some();
        match self.means {
            IdentityMeans::UnifiedLogin if !signed_in => return Err((&NOT_SIGNED_IN).into()),
            IdentityMeans::OriginalSeen | IdentityMeans::CopySeen if person.document_key().is_none() => {
                return Err((&NO_DOCUMENT).into());
            }
            _ => {}
        }
        let known = deciding.ctx.lookups.person_of_document;
        Ok(IdentityVerified {
            index: self.index,
            means: self.means,
            on: self.on,
            person_id: known.unwrap_or_else(|| PersonId::alone(deciding.case_id, person.slot)),
            document_ids: self.document_ids,
        })
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"index": 0, "means": "original_seen", "on": day})
    }
}

impl From<IdentityVerified> for VerifyIdentity {
    fn from(verified: IdentityVerified) -> Self {
        Self {
            index: verified.index,
            means: verified.means,
            on: verified.on,
            document_ids: verified.document_ids,
        }
    }
}

impl Told for IdentityVerified {
    const CORRECTABLE: &'static [&'static str] = &["on", "means"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.verify(self.index, |document| {
            Verified::new(entry.by, entry.on, self.means, self.person_id, document)
        });
    }
}

impl Step for JoinPersons {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
        if self.document_ids.is_empty() {
            check.wrong(
                "/document_ids",
                "请附上认定为同一人的材料，例如两种证件的复印件。",
                "Attach what shows that they are one person, such as copies of both documents.",
            );
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let data = deciding.data;
        let person = data.person_at(self.index)?;
        if data.known_as(&person).contains(&self.person_id) {
            return Err((&SAME_ALREADY).into());
        }
        match deciding.ctx.lookups.person_found {
            true => Ok(self),
            false => Err(no_known_person().into()),
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "index": 0, "person_id": super::step::ID, "reason": "居住证与通行证所载姓名、出生日期、照片一致",
            "document_ids": [super::step::ID],
        })
    }
}

impl Told for JoinPersons {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.join(self.index, self.person_id);
    }
}

impl Step for PartPersons {
    type Made = Self;
    with_papers!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let data = deciding.data;
        let person = data.person_at(self.index)?;
        match data.known_as(&person).is_empty() {
            true => Err((&UNKNOWN_YET).into()),
            false => Ok(self),
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"index": 0, "reason": "经核实系同名同姓的另一人"})
    }
}

impl Told for PartPersons {
    const PRIVATE: &'static [&'static str] = &["reason"];

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.part(self.index);
    }
}
