//! Those who apply to the city: half as many people as applications, and a few who never stop writing.

use super::draw::{Draw, Words};
use super::words::stem;
use crate::demo::applicants::{organisation, person_with};
use crate::domain::people::party::{Applicant, ApplicantKind};

static SURNAMES: Words = Words::new(
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 \
    曾 彭 欧阳",
);

static GIVEN: Words = Words::new(
    "伟 芳 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建国 建军 国强 志强 海燕 春梅 晓东 小红 \
    玉兰 德明 文静 思远 雨晴 子涵 浩然 立新 国栋 巧云 丽萍 桂兰 明远 启明 秀珍 凤英 红梅 永福",
);

static TRADES: Words =
    Words::new("建筑工程 置业 环保科技 商贸 石材 农业发展 物流 信息技术 照明工程 食品 劳务 文化传媒");

/// Days over which birthdays are spread, from 1945.
const BIRTHDAYS: u64 = 21_000;

/// A name of a person.
pub fn person_name(draw: &mut Draw) -> String {
    format!("{}{}", draw.pick(SURNAMES.list()), draw.pick(GIVEN.list()))
}

/// Everybody who may apply.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    seed: u64,
    people: u32,
    /// The first of them, who write again and again.
    busy: u32,
}

impl Crowd {
    /// A crowd for this many applications.
    pub fn of(seed: u64, cases: u32) -> Self {
        Self {
            seed: seed ^ 0x0C80_77D5,
            people: (cases / 2).max(1),
            busy: (cases / 3000).max(1),
        }
    }

    /// The number of someone who applies: one application in twenty-five is a busy one's, and the busiest write most.
    pub fn someone(&self, draw: &mut Draw) -> u32 {
        if draw.chance(40) {
            let among = draw.below(self.busy) + 1;
            return draw.below(among);
        }
        draw.below(self.people)
    }

    /// The person or organisation with a number, always the same.
    pub fn applicant(&self, number: u32) -> Applicant {
        let mut draw = Draw::new(self.seed, number.into());
        // A step that shares no divisor with the range: no two numbers have one identity.
        let identity = u64::from(number).wrapping_mul(1_000_003) % (BIRTHDAYS * 999);
        let phone = format!("139{identity:08}");
        let kind = draw.weighted(&[
            (930, ApplicantKind::NaturalPerson),
            (42, ApplicantKind::Business),
            (18, ApplicantKind::LegalService),
            (4, ApplicantKind::PublicBenefit),
            (3, ApplicantKind::Research),
            (3, ApplicantKind::OtherOrganisation),
        ]);
        let place = stem(usize::try_from(draw.below(84)).unwrap_or(0));
        let own = format!("{number:09}");
        let head = person_name(&mut draw);
        let named = |kind, registered, name: String| organisation(kind, &name, registered, &own, &head, &phone);
        match kind.unwrap_or(ApplicantKind::NaturalPerson) {
            ApplicantKind::NaturalPerson => {
                let sequence = format!("{:03}", identity / BIRTHDAYS + 1);
                let birth = chrono::NaiveDate::from_ymd_opt(1945, 1, 1)
                    .and_then(|first| first.checked_add_days(chrono::Days::new(identity % BIRTHDAYS)))
                    .unwrap_or_default();
                let address = format!("江临市{place}路{}号{}室", draw.between(1, 220), draw.between(101, 1802));
                person_with(&head, &birth.format("%Y%m%d").to_string(), &sequence, &phone, &address)
            }
            kind @ ApplicantKind::Business => {
                named(kind, "91", format!("江临{place}{}有限公司", draw.pick(TRADES.list())))
            }
            kind @ ApplicantKind::LegalService => named(kind, "31", format!("江临市{place}律师事务所")),
            kind @ ApplicantKind::PublicBenefit => named(kind, "51", format!("江临市{place}志愿服务协会")),
            kind @ ApplicantKind::Research => named(kind, "12", format!("江临市{place}研究所")),
            kind @ ApplicantKind::OtherOrganisation => named(kind, "54", format!("{place}村股份经济合作社")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn everyone_is_well_formed_and_someone_else() {
        let crowd = Crowd::of(5, 40_000);
        let today = "2026-03-10".parse().unwrap();
        let mut documents = BTreeSet::new();
        let mut kinds = BTreeSet::new();
        for number in 0..20_000 {
            let applicant = crowd.applicant(number);
            let errors = applicant.check("", true, today);
            assert!(errors.is_empty(), "{applicant:?}: {errors:?}");
            kinds.insert(applicant.kind);
            assert!(documents.insert(applicant.id_document.unwrap().number));
        }
        assert_eq!(kinds.len(), 6);
        let mut draw = Draw::new(5, 5);
        let mut often: BTreeMap<u32, u32> = BTreeMap::new();
        for _ in 0..40_000 {
            *often.entry(crowd.someone(&mut draw)).or_default() += 1;
        }
        assert!(often.values().max().is_some_and(|most| *most > 200));
        assert!(often.len() > 15_000);
    }
}
