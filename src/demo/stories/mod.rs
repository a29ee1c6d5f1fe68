//! The stories of the demonstration: what people of a county ask their government for, and how it goes.
//!
//! Together they show every state, every clock, every leaf of table 三 within this and the last year, every queue. A day
//! is counted in working days back from the start; [`Story`] keeps the rest. All names are invented.

mod ended;
mod intake;
mod open;
mod refused;

use super::applicants::organisation;
use super::story::{Stage, Step, Story};
use crate::domain::people::party::{Applicant, ApplicantKind};

/// The story whose number and query code are shown at the first start.
pub const TRACKED: &str = "suspended";

/// The steps of all stories.
pub fn all(stage: &Stage<'_>) -> Vec<Step> {
    let stories = [
        intake::stories(stage),
        open::stories(stage),
        open::at_the_end(stage),
        ended::stories(stage),
        refused::stories(stage),
    ];
    stories.into_iter().flatten().flat_map(Story::into_steps).collect()
}

fn company() -> Applicant {
    let name = "澄溪县青禾建材有限公司";
    organisation(
        ApplicantKind::Business,
        name,
        "91",
        "MA7QH2K0X",
        "贺青禾",
        "13800000021",
    )
}

fn institute() -> Applicant {
    let name = "江临市县域治理研究所";
    organisation(
        ApplicantKind::Research,
        name,
        "12",
        "49120735X",
        "杜若川",
        "13800000022",
    )
}

fn charity() -> Applicant {
    let name = "澄溪县清水河环境保护协会";
    organisation(
        ApplicantKind::PublicBenefit,
        name,
        "51",
        "MJK815062",
        "田小满",
        "13800000023",
    )
}

fn law_firm() -> Applicant {
    let name = "江临正衡律师事务所";
    organisation(
        ApplicantKind::LegalService,
        name,
        "31",
        "MD0246813",
        "纪正衡",
        "13800000024",
    )
}

fn village() -> Applicant {
    let name = "澄溪县石桥镇南坡村村民委员会";
    organisation(
        ApplicantKind::OtherOrganisation,
        name,
        "54",
        "MF9350174",
        "周有田",
        "13800000025",
    )
}
