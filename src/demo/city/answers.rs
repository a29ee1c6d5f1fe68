//! How applications end, as often as in a city's published report of a year, and what the replies say.

use super::draw::Draw;
use super::words::Wish;
use crate::domain::reply::CompetentAgency;
use crate::domain::reply::{Outcome, OutcomeCause, ReplyItem};

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

/// How one case ends.
pub fn end(draw: &mut Draw) -> End {
    if draw.chance(6) {
        return End::Correction(draw.chance(700));
    }
    draw.weighted(&ENDS).unwrap_or(End::Granted)
}

/// What the items of a reply refer to in the case.
#[derive(Debug, Default)]
pub struct References {
    pub assignment: Option<String>,
    pub consultation: Option<String>,
    /// The number of a case that was received before.
    pub earlier_number: String,
}

/// The items of the reply; none for an end without one.
pub fn items(end: End, wish: &Wish, known: &References, draw: &mut Draw) -> Vec<ReplyItem> {
    let about = |outcome| ReplyItem::new(wish.information.clone(), outcome);
    let granted = |cause| ReplyItem {
        cause,
        place: Some(match cause {
            None => draw_place(wish),
            Some(_) => format!("门户网站“政府信息公开”专栏，{}", wish.matter),
        }),
        ..about(Outcome::Granted)
    };
    match end {
        End::Granted => vec![granted(None)],
        End::AlreadyPublic => vec![granted(Some(OutcomeCause::AlreadyPublic))],
        End::Partly(outcome) => {
            let mut withheld = refused(outcome, wish, known);
            withheld.description = format!("{}中不宜公开的内容", wish.information);
            vec![granted(None), withheld]
        }
        End::Withheld(outcome) => vec![refused(outcome, wish, known)],
        End::Excessive => vec![refused(Outcome::ExcessiveUnjustified, wish, known)],
        End::StillUnclear => vec![refused(Outcome::StillUnclear, wish, known)],
        End::NotExisting => vec![ReplyItem {
            cause: Some(OutcomeCause::NotExisting),
            assignment_id: known.assignment.clone(),
            explanation: Some(format!("经检索，本机关没有制作或者保存{}。", wish.information)),
            ..about(Outcome::NotHeld)
        }],
        End::Elsewhere => {
            let agency = draw.pick(&[
                "自然资源部门",
                "住房城乡建设部门",
                "所在镇人民政府",
                "市场监督管理部门",
                "公安机关",
            ]);
            vec![ReplyItem {
                cause: Some(OutcomeCause::NotOurAgency),
                competent_agency: Some(CompetentAgency {
                    name: agency.to_owned(),
                    contact: None,
                }),
                explanation: Some(format!(
                    "{}不属于本机关负责公开，建议向{agency}提出申请。",
                    wish.information
                )),
                ..about(Outcome::NotHeld)
            }]
        }
        End::NotInformation => vec![ReplyItem {
            cause: Some(OutcomeCause::NotGovernmentInformation),
            explanation: Some(format!("就{}提出的咨询不属于政府信息公开申请。", wish.matter)),
            ..about(Outcome::Other)
        }],
        End::Correction(made) => vec![ReplyItem {
            explanation: Some(match made {
                true => "经核对原始档案，登记有误，已经更正。".to_owned(),
                false => "经核对原始档案，登记无误，不予更正。".to_owned(),
            }),
            ..about(if made {
                Outcome::Corrected
            } else {
                Outcome::NotCorrected
            })
        }],
        End::AmendmentLapsed | End::FeeLapsed | End::Withdrawn => Vec::new(),
    }
}

fn draw_place(wish: &Wish) -> String {
    format!("随函附送{}（{}年）复印件一份", wish.matter, wish.year)
}

fn refused(outcome: Outcome, wish: &Wish, known: &References) -> ReplyItem {
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
    let needs_law = outcome == Outcome::OtherLawForbids;
    ReplyItem {
        article: Some(outcome.articles().first().copied().unwrap_or("第三十六条").to_owned()),
        law: needs_law.then(|| "《中华人民共和国统计法》".to_owned()),
        consultation_id: known
            .consultation
            .clone()
            .filter(|_| outcome == Outcome::ThirdPartyRights),
        earlier_number: (outcome == Outcome::Repeated).then(|| known.earlier_number.clone()),
        explanation: Some(format!("您申请的{}{because}。", wish.information)),
        ..ReplyItem::new(wish.information.clone(), outcome)
    }
}
