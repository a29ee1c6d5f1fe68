//! How applications end, as often as in a city's published report of a year, and what the replies say.

use serde_json::json;

use super::draw::{Draw, Words};
use super::words::Wish;
use crate::demo::steps::{Item, granted};
use crate::domain::reply::Outcome;

/// The way a story ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Granted,
    AlreadyPublic,
    /// One part is given, the other withheld for this reason.
    Partly(Outcome),
    Withheld(Outcome),
    NotExisting,
    Elsewhere,
    NotInformation,
    StillUnclear,
    Excessive,
    AmendmentLapsed,
    FeeLapsed,
    Withdrawn,
    /// A correction of one's own record: made or not.
    Correction(bool),
}

/// Cases in 10,000; leaf by leaf as a prefecture-level city published them for 2023, with a few of the leaves that had
/// none there.
const ENDS: [(u32, End); 26] = [
    (2_520, End::Granted),
    (880, End::AlreadyPublic),
    (560, End::Partly(Outcome::ThirdPartyRights)),
    (220, End::Partly(Outcome::InternalAffairs)),
    (160, End::Partly(Outcome::ProcessInformation)),
    (6, End::Withheld(Outcome::StateSecret)),
    (77, End::Withheld(Outcome::OtherLawForbids)),
    (17, End::Withheld(Outcome::SafetyStability)),
    (108, End::Withheld(Outcome::ThirdPartyRights)),
    (57, End::Withheld(Outcome::InternalAffairs)),
    (26, End::Withheld(Outcome::ProcessInformation)),
    (60, End::Withheld(Outcome::EnforcementFile)),
    (60, End::Withheld(Outcome::AdministrativeQuery)),
    (1_280, End::NotExisting),
    (1_700, End::Elsewhere),
    (80, End::Withheld(Outcome::NeedsCreation)),
    (9, End::StillUnclear),
    (870, End::Withheld(Outcome::PetitionComplaint)),
    (110, End::Withheld(Outcome::Repeated)),
    (6, End::Withheld(Outcome::Publication)),
    (165, End::Excessive),
    (11, End::Withheld(Outcome::Reconfirmation)),
    (114, End::AmendmentLapsed),
    (29, End::FeeLapsed),
    (320, End::NotInformation),
    (510, End::Withdrawn),
];

/// Who may have what the agency asked has not.
static OTHERS: Words = Words::new("自然资源部门 住房城乡建设部门 所在镇人民政府 市场监督管理部门 公安机关");

/// How one case ends.
pub fn end(draw: &mut Draw) -> End {
    if draw.chance(6) {
        return End::Correction(draw.chance(700));
    }
    draw.weighted(&ENDS).unwrap_or(End::Granted)
}

/// The items of the reply; none for an end without one. A repeated application has an `earlier` number.
pub fn items(end: End, wish: &Wish, earlier: &str, draw: &mut Draw) -> Vec<Item> {
    let about = |outcome: Outcome| Item::new(&wish.information, outcome.code());
    let given = || {
        granted(
            &wish.information,
            format!("随函附送{}（{}年）复印件一份", wish.matter, wish.year),
        )
    };
    let refused = |outcome| vec![refused(outcome, &wish.information, wish, earlier)];
    match end {
        End::Granted => vec![given()],
        End::AlreadyPublic => {
            let place = format!("门户网站“政府信息公开”专栏，{}", wish.matter);
            vec![granted(&wish.information, place).with("cause", "already_public")]
        }
        End::Partly(outcome) => {
            let part = format!("{}中不宜公开的内容", wish.information);
            vec![given(), self::refused(outcome, &part, wish, earlier)]
        }
        End::Withheld(outcome) => refused(outcome),
        End::Excessive => refused(Outcome::ExcessiveUnjustified),
        End::StillUnclear => refused(Outcome::StillUnclear),
        End::NotExisting => vec![
            about(Outcome::NotHeld)
                .with("cause", "not_existing")
                .with("assignment_id", "@sub:assignment")
                .because(format!("经检索，本机关没有制作或者保存{}。", wish.information)),
        ],
        End::Elsewhere => {
            let agency = draw.pick(OTHERS.list());
            let why = format!("{}不属于本机关负责公开，建议向{agency}提出申请。", wish.information);
            vec![
                about(Outcome::NotHeld)
                    .with("cause", "not_our_agency")
                    .with("competent_agency", json!({ "name": agency }))
                    .because(why),
            ]
        }
        End::NotInformation => vec![
            about(Outcome::Other)
                .with("cause", "not_government_information")
                .because(format!("就{}提出的咨询不属于政府信息公开申请。", wish.matter)),
        ],
        End::Correction(true) => vec![about(Outcome::Corrected).because("经核对原始档案，登记有误，已经更正。")],
        End::Correction(false) => vec![about(Outcome::NotCorrected).because("经核对原始档案，登记无误，不予更正。")],
        End::AmendmentLapsed | End::FeeLapsed | End::Withdrawn => Vec::new(),
    }
}

fn refused(outcome: Outcome, description: &str, wish: &Wish, earlier: &str) -> Item {
    let because = match outcome {
        Outcome::StateSecret => "已依法确定为国家秘密",
        Outcome::OtherLawForbids => "法律、行政法规禁止公开",
        Outcome::SafetyStability => "公开后可能危及公共安全和社会稳定",
        Outcome::ThirdPartyRights => "公开会对第三方合法权益造成损害，第三方不同意公开",
        Outcome::InternalAffairs => "属于内部事务信息",
        Outcome::ProcessInformation => "属于过程性信息",
        Outcome::EnforcementFile => "属于行政执法案卷信息",
        Outcome::AdministrativeQuery => "属于行政查询事项，请按有关规定查询",
        Outcome::NeedsCreation => "没有现成信息，需要另行制作、加工和分析",
        Outcome::StillUnclear => "补正后申请内容仍不明确",
        Outcome::PetitionComplaint => "属于信访、投诉、举报，请向有关部门反映",
        Outcome::Repeated => "已就同一申请作出答复",
        Outcome::Publication => "属于公开出版物，可以自行购买或者查阅",
        Outcome::ExcessiveUnjustified => "申请的数量、频次明显超过合理范围，理由不合理",
        _ => "您已经获取，要求重新出具的不再重复处理",
    };
    let item = Item::new(description, outcome.code())
        .with("article", outcome.articles().first().copied().unwrap_or("第三十六条"))
        .because(format!("您申请的{}{because}。", wish.information));
    match outcome {
        Outcome::OtherLawForbids => item.with("law", "《中华人民共和国统计法》"),
        Outcome::ThirdPartyRights => item.with("consultation_id", "@sub:consultation"),
        Outcome::Repeated => item.with("earlier_number", earlier).with("earlier_on_paper", true),
        _ => item,
    }
}
