//! What people ask for: places, matters and the sentences around them, with enough variety to search in.

use super::draw::{Draw, Words};
use crate::domain::case::submission::Description;

/// What an agency is responsible for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Government,
    Land,
    Housing,
    Education,
    Health,
    Welfare,
    Market,
    Town,
    Police,
    Traffic,
    Environment,
    Finance,
}

static STEMS: Words = Words::new(
    "南坡 下湾 柳塘 石桥 青山 文昌 书院 康宁 惠民 工贸 建设 柳荫 老鹰岩 清水 东湖 湖滨 上梅 白沙 龙潭 杨家 陈家 大坪 \
    小河 三里 五星 红旗 新华 胜利 和平 双桥 古井 黄泥 金竹 银杏 梧桐 枫林 松树 竹山 桃源 李庄 杏花 荷塘 莲湖 西山 \
    北门 南关 东郊 西园 凤凰 麒麟 仙人桥 观音 土地庙 万寿 永安 长乐 太平 安定 兴隆 富强 民主 光明 向阳 朝阳 曙光 \
    团结 友谊 前进 跃进 丰收 幸福 平安 吉祥 如意 锦绣 碧水 蓝天 望江 临江 滨河 高岭 中街 花园 科苑",
);

static KINDS: Words = Words::new("村 社区 路 小区 片区 工业园 水库 街道 小学 安置房");

/// The matters of each field.
#[rustfmt::skip]
static MATTERS: [(Field, Words); 12] = [
    (Field::Government, Words::new("常务会议纪要 重大行政决策听证记录 政府工作报告任务分解表 规范性文件清理结果 督查通报 机构编制方案 \
         应急预案 对口帮扶协议 驻外机构经费 领导批示办理情况")),
    (Field::Land, Words::new("征地补偿安置方案 征地批复 土地征收公告 勘测定界图 国有土地出让合同 农用地转用审批单 耕地占补平衡方案 \
         建设用地规划许可证 采矿权出让合同 不动产权籍调查成果")),
    (Field::Housing, Words::new("房屋征收补偿决定 房屋征收评估报告 老旧小区改造计划 施工许可证 商品房预售许可 物业维修资金使用情况 \
         棚户区改造实施方案 危房鉴定报告 公租房分配名单 人防工程验收文件")),
    (Field::Education, Words::new("学区划分方案 教师招聘成绩 营养餐采购合同 校舍安全鉴定 教育经费拨付明细 民办学校年检结果 职称评审文件 \
         校车服务合同 课后服务收费标准 撤点并校论证报告")),
    (Field::Health, Words::new("医疗事故处理意见 医院设置批复 疫苗采购台账 医疗设备招标文件 计划生育奖扶名单 疫情防控物资采购清单 \
         乡村医生补助发放表 饮用水卫生监测报告 医师执业注册信息 卫生行政处罚决定")),
    (Field::Welfare, Words::new("低保对象名单 社会救助资金发放表 养老机构补贴明细 殡葬设施规划 村委会选举结果 慈善捐赠资金使用情况 \
         退役士兵安置登记 残疾人两项补贴发放 地名命名批复 社会组织年检报告")),
    (Field::Market, Words::new("投诉举报处理结果 行政处罚决定书 营业执照登记档案 食品抽检报告 特种设备检验报告 计量检定证书 \
         价格监督检查记录 广告监测报告 知识产权侵权处理决定 药品经营许可档案")),
    (Field::Town, Words::new("宅基地审批表 土地承包合同 村级财务收支明细 惠农补贴发放表 危房改造补助名单 拆迁补偿协议 村庄规划文本 \
         环境整治项目合同 集体资产处置方案 林权登记资料")),
    (Field::Police, Words::new("出警记录 治安处罚决定书 户籍迁移档案 交通事故认定书 监控设施建设合同 禁毒宣传经费 特种行业许可 \
         信访事项答复意见 养犬登记统计 辅警招聘公告")),
    (Field::Traffic, Words::new("公路改建工程设计批复 公交线路调整方案 出租车经营权文件 停车泊位收费批准文件 超限运输处罚统计 \
         客运站搬迁方案 桥梁检测报告 道路养护合同 招标控制价 竣工验收报告")),
    (Field::Environment, Words::new("环境影响报告书批复 排污许可证 监督性监测报告 环保督察整改方案 危险废物转移联单 噪声监测数据 \
         饮用水源保护区划定方案 生态补偿资金分配表 环境行政处罚决定 土壤污染状况调查报告")),
    (Field::Finance, Words::new("部门决算明细 政府采购合同 专项资金分配方案 财政评审报告 政府债券使用情况 三公经费明细 税收优惠批复 \
         审计整改报告 国有资产处置批复 财政奖补项目档案")),
];

static ASPECTS: Words = Words::new(
    "批复文件 会议纪要 实施方案 公告存档 合同文本 验收材料 资金拨付凭证 招投标文件 专家评审意见 测绘成果 现场照片 \
    签收记录 听证笔录 评估报告 审批依据 公示名单",
);

static REASONS: Words =
    Words::new("了解本户补偿标准 核对账目 参加诉讼 申请行政复议 办理产权登记 撰写论文 监督项目质量 生产经营需要");

/// A place: 840 of them.
pub fn place(draw: &mut Draw) -> String {
    format!("{}{}", draw.pick(STEMS.list()), draw.pick(KINDS.list()))
}

/// The stem of a place by number, for towns, streets and counties.
pub fn stem(number: usize) -> &'static str {
    let stems = STEMS.list();
    stems.get(number % stems.len()).copied().unwrap_or_default()
}

/// What is asked for, and of which year.
#[derive(Debug, Clone)]
pub struct Wish {
    pub description: Description,
    /// The information in few words, as the reply names it.
    pub information: String,
    pub place: String,
    pub matter: &'static str,
    pub year: i32,
}

/// A wish put to an agency of this field in a year: mostly what the agency has, at times what another has.
pub fn wish(draw: &mut Draw, field: Field, asked_in: i32, prefix: &str) -> Wish {
    let mut own = usize::try_from(draw.below(12)).unwrap_or(0);
    if draw.chance(820) {
        own = MATTERS.iter().position(|(of, _)| *of == field).unwrap_or(0);
    }
    let matter = MATTERS.get(own).map_or("", |(_, matters)| draw.pick(matters.list()));
    let place = place(draw);
    let aspect = draw.pick(ASPECTS.list());
    let back = i32::try_from(draw.below(10)).unwrap_or(0);
    let year = asked_in - back * back / 8;
    let number = draw.between(1, 180);
    let information = format!("{place}{matter}");
    let title = match draw.below(7) {
        0 => format!("{year}年{place}{matter}"),
        1 => format!("{place}{matter}及{aspect}"),
        2 => format!("关于公开{place}{year}年{matter}的申请"),
        3 => format!("{place}项目{matter}（{prefix}〔{year}〕{number}号）"),
        4 => format!("{}至{year}年{place}{matter}", year - 3),
        5 => format!("{place}{}号{matter}", draw.between(1, 200)),
        _ => information.clone(),
    };
    let features = match draw.below(6) {
        0 => format!("{year}年{place}{matter}的{aspect}，文号{prefix}〔{year}〕{number}号，全文复印件"),
        1 => format!(
            "申请公开{place}涉及的{matter}，包括{aspect}和{}，形成时间约在{year}年",
            draw.pick(ASPECTS.list())
        ),
        2 => format!(
            "本人系{place}居民，请提供{year}年以来{matter}的{aspect}，用于{}",
            draw.pick(REASONS.list())
        ),
        3 => format!("{place}（项目编号 JL{year}-{number:03}）的{matter}、{aspect}，电子件即可"),
        4 => format!("{year}年度{matter}中与{place}有关的部分，如有附图请一并提供"),
        _ => format!("请公开{place}{matter}的制作机关、{aspect}及公开依据"),
    };
    let document_number = draw.chance(180).then(|| format!("{prefix}〔{year}〕{number}号"));
    Wish {
        description: Description {
            title,
            document_number,
            features,
        },
        information,
        place,
        matter,
        year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn wishes_are_many_and_lawful() {
        let mut draw = Draw::new(1, 1);
        let wishes: Vec<Wish> = (0..5000)
            .map(|_| wish(&mut draw, Field::Land, 2024, "澄政公开"))
            .collect();
        let count = |of: fn(&Wish) -> String| wishes.iter().map(of).collect::<BTreeSet<_>>().len();
        assert!(count(|wish| wish.place.clone()) > 700);
        assert_eq!(count(|wish| wish.matter.to_owned()), 120);
        assert!(count(|wish| wish.description.title.clone()) > 4500);
        let mut errors = Vec::new();
        for wish in &wishes {
            wish.description.check("", &mut errors);
        }
        assert!(errors.is_empty(), "{errors:?}");
    }
}
