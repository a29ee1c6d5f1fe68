//! 提示: what a reply could say besides what the law wants of it. A letter leaves the line out, so that whoever drafts and signs
//! is told before it leaves; nothing is refused for it.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::draft::SecrecyVerdict;
use super::item::ReplyItem;
use super::outcome::{Outcome, OutcomeCause};
use crate::domain::words::codes::codes;

codes! {
    /// What an item leaves unsaid (可以补充的内容).
    pub enum HintCode {
        /// Art 40: how much is provided.
        Pages "pages" "没有填写所附文件的页数，答复中不写页数" / "The pages of the documents are not given; the letter does not tell them",
        /// Art 37: what was taken out of a document that is given in part.
        Redactions "redactions" "区分处理后提供的文件没有填写遮盖说明，答复中不写遮盖了哪些内容" / "Nothing says what was redacted; the letter does not tell it",
        /// Art 37, 行政复议法 23: what is redacted is withheld, with its reason and its remedies.
        WithheldItem "withheld_item" "文件作了遮盖，但没有不予公开的事项；遮盖的内容属于第十四条至第十六条的，应当作为不予公开的事项单独列出，告知理由和先行复议" / "Something is redacted, and no item is withheld; list what is withheld by Arts 14–16 as an item with its reason, so that its remedies are told",
        /// Art 36(7): the law by which the information is had.
        Law "law" "没有填写对获取该信息有特别规定的法律、行政法规，答复中不写名称" / "The law by which the information is to be had is not given; the letter does not name it",
        /// Arts 14–16: which of the kinds that an article names.
        Ground "ground" "没有填写条款所列的具体情形，答复只概括写明条款所列的各种情形" / "The kind within the article is not given; the letter names all of them",
        /// Art 17: the record of the secrecy review.
        SecrecyReview "secrecy_review" "以国家秘密为由不予公开，案卷中没有这一事项的保密审查记录" / "Withheld as a state secret, and no secrecy review of the item is on file",
        /// Art 36(5): the agency that is responsible, where it can be determined.
        CompetentAgency "competent_agency" "没有填写负责公开该信息的机关；能够确定的，应当告知名称和联系方式" / "The competent agency is not given; where it can be determined it is to be told",
        CompetentContact "competent_contact" "没有填写负责公开该信息的机关的联系方式，答复中只写名称" / "The contact of the competent agency is not given; the letter tells its name only",
        /// Art 32: where the third party is reached.
        PartyAddress "party_address" "被征求意见的第三方没有登记地址，文书和邮寄标签中不写地址" / "The third party has no address; papers and labels leave it out",
    }
}

/// Something that an item leaves unsaid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hint {
    pub code: HintCode,
    /// Where it is said, as a pointer into the action that drafts the reply; null where another step says it.
    #[schema(examples("/items/0/pages"))]
    pub field: Option<String>,
    #[schema(examples("没有填写所附文件的页数，答复中不写页数"))]
    pub label: &'static str,
    pub label_en: &'static str,
}

impl Hint {
    fn new(code: HintCode, index: usize) -> Self {
        let field = match code {
            HintCode::Pages => "pages",
            HintCode::Redactions => "redactions",
            HintCode::Ground => "ground",
            HintCode::Law => "law",
            HintCode::CompetentAgency => "competent_agency",
            HintCode::CompetentContact => "competent_agency/contact",
            HintCode::SecrecyReview | HintCode::PartyAddress | HintCode::WithheldItem => "",
        };
        Self {
            code,
            field: (!field.is_empty()).then(|| format!("/items/{index}/{field}")),
            label: code.label(),
            label_en: code.label_en(),
        }
    }
}

/// What each item leaves unsaid, in the order of the items. `unreachable` are the consultations whose party has no address.
pub fn hints(
    items: &[ReplyItem],
    verdicts: &[Option<SecrecyVerdict>],
    unreachable: &BTreeSet<String>,
) -> Vec<Vec<Hint>> {
    let in_part = items.iter().any(|item| item.outcome.is_withheld());
    let of_item = |(index, item): (usize, &ReplyItem)| {
        let verdict = verdicts.get(index).copied().flatten();
        let reviewed = verdict.is_some();
        let party = item.consultation_id.as_ref().is_some_and(|id| unreachable.contains(id));
        let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let gives = item.outcome == Outcome::Granted && !item.document_ids.is_empty();
        let elsewhere = item.cause == Some(OutcomeCause::NotOurAgency);
        let contact = item.competent_agency.as_ref().map(|agency| said(&agency.contact));
        let found = [
            (gives && item.pages.is_none(), HintCode::Pages),
            (gives && in_part && !said(&item.redactions), HintCode::Redactions),
            (gives && redacted(item, verdict) && !in_part, HintCode::WithheldItem),
            (
                item.outcome == Outcome::AdministrativeQuery && !said(&item.law),
                HintCode::Law,
            ),
            (names_kinds(item.outcome) && !said(&item.ground), HintCode::Ground),
            (
                item.outcome == Outcome::StateSecret && !reviewed,
                HintCode::SecrecyReview,
            ),
            (elsewhere && contact.is_none(), HintCode::CompetentAgency),
            (elsewhere && contact == Some(false), HintCode::CompetentContact),
            (party, HintCode::PartyAddress),
        ];
        let found = found.into_iter().filter(|(is, _)| *is);
        found.map(|(_, code)| Hint::new(code, index)).collect()
    };
    items.iter().enumerate().map(of_item).collect()
}

fn redacted(item: &ReplyItem, verdict: Option<SecrecyVerdict>) -> bool {
    item.redactions.is_some() || verdict == Some(SecrecyVerdict::Redact)
}

/// Whether the article of an outcome names several kinds, of which a letter tells the one that holds.
fn names_kinds(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::SafetyStability | Outcome::ThirdPartyRights | Outcome::InternalAffairs | Outcome::ProcessInformation
    )
}
