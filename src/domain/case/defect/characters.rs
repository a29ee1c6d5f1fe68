//! Characters without meaning (私用区字符) in the words of an application: they stand for nothing but on the computer where
//! they were typed. One that GB 18030 has since given a standard character is found and read by that.

use crate::domain::case::state::CaseData;
use crate::domain::words::folding::fold;
use crate::domain::words::text::is_private_use;

/// Each of them: the pointer of the text, its place there, from 0, and itself.
pub fn unreadable(data: &CaseData) -> impl Iterator<Item = (String, usize, char)> {
    texts(data).flat_map(|(place, text)| {
        let characters = text.chars().enumerate().filter(|(_, c)| is_private_use(fold(*c)));
        characters.map(move |(position, c)| (place.pointer(), position, c))
    })
}

/// Where a text of the application stands.
enum Place {
    At(&'static str),
    CoApplicant(usize),
}

impl Place {
    fn pointer(&self) -> String {
        match self {
            Self::At(pointer) => (*pointer).to_owned(),
            Self::CoApplicant(index) => format!("/applicant/co_applicants/{index}/name"),
        }
    }
}

/// The words of the application, each with its place in the case.
fn texts(data: &CaseData) -> impl Iterator<Item = (Place, &str)> {
    let (submission, applicant) = (&data.submission, &data.applicant);
    let (agent, guardian) = (applicant.agent.as_ref(), applicant.guardian.as_ref());
    let description = data.description.as_ref();
    let document = applicant.id_document.as_ref();
    let optional = [
        ("/applicant/name", applicant.name.as_deref()),
        (
            "/applicant/legal_representative",
            applicant.legal_representative.as_deref(),
        ),
        ("/applicant/contact_name", applicant.contact_name.as_deref()),
        ("/applicant/address", applicant.address.as_deref()),
        (
            "/applicant/id_document/name",
            document.and_then(|document| document.name.as_deref()),
        ),
        ("/applicant/agent/name", agent.and_then(|agent| agent.name.as_deref())),
        (
            "/applicant/guardian/name",
            guardian.and_then(|guardian| guardian.name.as_deref()),
        ),
        (
            "/applicant/guardian/relation",
            guardian.and_then(|guardian| guardian.relation.as_deref()),
        ),
        (
            "/description/title",
            description.map(|description| description.title.as_str()),
        ),
        (
            "/description/document_number",
            description.and_then(|description| description.document_number.as_deref()),
        ),
        (
            "/description/features",
            description.map(|description| description.features.as_str()),
        ),
        ("/accessibility_needs", submission.accessibility_needs.as_deref()),
    ];
    let optional = optional
        .into_iter()
        .filter_map(|(pointer, text)| Some((Place::At(pointer), text?)));
    let others = applicant.co_applicants.iter().enumerate();
    optional.chain(others.filter_map(|(index, person)| Some((Place::CoApplicant(index), person.name.as_deref()?))))
}
