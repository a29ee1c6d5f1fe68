//! Agencies (行政机关) as the public meets them: the guide of Article 12, the channels by which applications come in,
//! and what instruments of the agency must name (reconsideration organ, court, 机关代字).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::case::retention::{OwnRetention, check_retentions};
use crate::domain::instrument::numbers::{Series, check_series};
use crate::domain::people::contact::check_phone;
use crate::domain::people::party::ADDRESS_MAX;
use crate::domain::words::codes::codes;
use crate::domain::words::text::{FieldError, check_text};

codes! {
    /// The tier of government an agency belongs to (层级).
    pub enum AgencyLevel {
        National "national" "国家级",
        Province "province" "省级",
        City "city" "市级",
        County "county" "县级",
        Township "township" "乡级",
    }

    /// What an agency is by law (机关性质): 行政复议法 Arts 24, 27, 28 give each its organ of reconsideration.
    #[derive(Default)]
    pub enum AgencyKind {
        /// 县级以上地方人民政府工作部门: the government of its level (24(1)(1)).
        #[default]
        Department "department" "政府工作部门",
        /// 人民政府: the next higher one (24(1)(2)); a provincial one itself (24(2)).
        Government "government" "人民政府",
        /// 派出机关, such as a sub-district office: the government that set it up (24(1)(3)).
        DispatchedOffice "dispatched_office" "派出机关",
        /// 派出机构 acting in its own name: the government of the level of its department (24(4)).
        Branch "branch" "派出机构",
        /// 法律、法规授权的组织: the government that manages it (24(1)(4)).
        Authorised "authorised" "法律法规授权的组织",
        /// 海关、金融、外汇管理等实行垂直领导的机关，税务、国家安全机关: the next higher department (27).
        Vertical "vertical" "垂直领导机关",
        /// 司法行政部门: the government of its level, or the next higher department of justice (28).
        Justice "justice" "司法行政部门",
    }

    /// A way by which an agency takes applications (申请渠道); the words are those of a case's `channel`.
    pub enum GuideChannel {
        InPerson "in_person" "当面提交",
        RegisteredMail "registered_mail" "挂号信或特快专递",
        OrdinaryMail "ordinary_mail" "平常信函",
        Fax "fax" "传真",
        Online "online" "互联网渠道",
    }
}

impl AgencyKind {
    /// Nothing was said of it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether reconsideration goes to the next higher department (行政复议法 27, 28).
    pub const fn goes_to_higher_department(self) -> bool {
        matches!(self, Self::Vertical | Self::Justice)
    }
}

impl GuideChannel {
    /// In person and by post can never be refused; the others bind once they are announced (国办公开办函〔2017〕19号).
    pub const fn is_mandatory(self) -> bool {
        matches!(self, Self::InPerson | Self::RegisteredMail | Self::OrdinaryMail)
    }
}

/// One channel in an agency's guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelNotice {
    pub channel: GuideChannel,
    /// The day from which the guide announces it; required for fax and online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_from: Option<NaiveDate>,
    /// Where exactly: a counter, a number, a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub details: Option<String>,
}

/// The public guide of an agency (政府信息公开指南, Article 12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// 办公地址
    #[schema(max_length = 300)]
    pub address: String,
    /// 联系电话
    #[schema(max_length = 30)]
    pub phone: String,
    /// 传真
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30)]
    pub fax: Option<String>,
    /// 办公时间
    #[schema(max_length = 200)]
    pub office_hours: String,
    /// 互联网联系方式
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub internet: Option<String>,
    /// 政府信息的分类
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub classification: Option<String>,
    /// 编排体系
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub arrangement: Option<String>,
    /// 获取方式
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub access: Option<String>,
    /// 申请渠道; what is mandatory is open whether or not it is listed.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub channels: Vec<ChannelNotice>,
}

impl Guide {
    /// Whether applications are taken through the channel on a day.
    pub fn accepts(&self, channel: GuideChannel, on: NaiveDate) -> bool {
        channel.is_mandatory()
            || self
                .channels
                .iter()
                .any(|notice| notice.channel == channel && notice.announced_from.is_some_and(|from| from <= on))
    }

    /// Checks what is impossible by itself; `base` is the pointer of the guide in the body.
    pub fn check(&self, base: &str, errors: &mut Vec<FieldError>) {
        check_text(&format!("{base}/address"), &self.address, ADDRESS_MAX, errors);
        check_phone(&format!("{base}/phone"), &self.phone, errors);
        if let Some(fax) = &self.fax {
            check_phone(&format!("{base}/fax"), fax, errors);
        }
        check_text(&format!("{base}/office_hours"), &self.office_hours, 200, errors);
        for (field, text, max) in [
            ("internet", &self.internet, 300),
            ("classification", &self.classification, 2000),
            ("arrangement", &self.arrangement, 2000),
            ("access", &self.access, 2000),
        ] {
            if let Some(text) = text {
                check_text(&format!("{base}/{field}"), text, max, errors);
            }
        }
        self.check_channels(base, errors);
    }

    fn check_channels(&self, base: &str, errors: &mut Vec<FieldError>) {
        for (index, notice) in self.channels.iter().enumerate() {
            let at = format!("{base}/channels/{index}");
            if self
                .channels
                .iter()
                .take(index)
                .any(|earlier| earlier.channel == notice.channel)
            {
                errors.push(FieldError::new(
                    format!("{at}/channel"),
                    "该渠道已列出，请勿重复。",
                    "This channel is listed twice.",
                ));
            }
            if !notice.channel.is_mandatory() && notice.announced_from.is_none() {
                errors.push(FieldError::new(
                    format!("{at}/announced_from"),
                    "传真和网上渠道自指南公布之日起开放，请填写公布日期。",
                    "Fax and online channels bind from the day the guide announces them; give that day.",
                ));
            }
            if let Some(details) = &notice.details {
                check_text(&format!("{at}/details"), details, 300, errors);
            }
        }
    }
}

/// What an agency decides for itself within the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AgencySettings {
    /// 补正期限: working days given for an amendment when the notice names no day (Article 30: "reasonable").
    #[schema(minimum = 1, maximum = 30)]
    pub amendment_working_days: u32,
    /// 补录期限: working days within which a step may be written down without giving the reason for the delay.
    #[schema(minimum = 0, maximum = 30)]
    pub late_entry_days: u32,
    /// 机关性质: decides to which organ reconsideration goes (行政复议法 24, 27, 28).
    #[serde(skip_serializing_if = "AgencyKind::is_default")]
    pub kind: AgencyKind,
    /// 编号规则: the series of its numbers; one for all instruments when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub series: Vec<Series>,
    /// 地方性规定 that its letters cite beside the Regulation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300, examples("《江临市政府信息公开规定》第十条"))]
    pub local_basis: Option<String>,
    /// 缴费方式: where and how a fee is paid, printed in fee notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub payment: Option<String>,
    /// 发文机关标志: what stands in red above its letters; its name when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, examples("澄溪县人民政府办公室文件"))]
    pub letterhead: Option<String>,
    /// 邮寄地址: where letters to it are sent; the address of its guide when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300, examples("江临市澄溪县文昌路1号 政务公开科（邮编 225500）"))]
    pub post_address: Option<String>,
    /// 领取地址: where information is picked up and looked at; the address of its guide when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300, examples("澄溪县政务服务中心一楼政府信息公开窗口"))]
    pub pickup_address: Option<String>,
    /// 保管期限表: classes of retention beside those that come with the program.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub retentions: Vec<OwnRetention>,
    /// 全宗号: the fonds under which the archive keeps its files, the first part of their 档号.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 16, examples("J012"))]
    pub fonds: Option<String>,
}

impl Default for AgencySettings {
    fn default() -> Self {
        Self {
            amendment_working_days: 15,
            late_entry_days: 3,
            kind: AgencyKind::default(),
            series: Vec::new(),
            local_basis: None,
            payment: None,
            letterhead: None,
            post_address: None,
            pickup_address: None,
            retentions: Vec::new(),
            fonds: None,
        }
    }
}

impl AgencySettings {
    /// Checks what is impossible by itself.
    pub fn check(&self, base: &str, errors: &mut Vec<FieldError>) {
        if !(1..=30).contains(&self.amendment_working_days) {
            errors.push(FieldError::new(
                format!("{base}/amendment_working_days"),
                "补正期限应为1至30个工作日。",
                "Between 1 and 30 working days.",
            ));
        }
        if self.late_entry_days > 30 {
            errors.push(FieldError::new(
                format!("{base}/late_entry_days"),
                "补录期限应为0至30个工作日。",
                "Between 0 and 30 working days.",
            ));
        }
        check_series(&format!("{base}/series"), &self.series, errors);
        check_retentions(&format!("{base}/retentions"), &self.retentions, errors);
        if let Some(fonds) = &self.fonds
            && !((1..=16).contains(&fonds.len()) && fonds.chars().all(|c| c.is_ascii_alphanumeric()))
        {
            errors.push(FieldError::new(
                format!("{base}/fonds"),
                "全宗号由字母和数字组成，最长 16 个字符。",
                "A fonds code has letters and digits, at most 16.",
            ));
        }
        for (field, text, max) in [
            ("local_basis", &self.local_basis, 300),
            ("payment", &self.payment, 500),
            ("letterhead", &self.letterhead, 100),
            ("post_address", &self.post_address, 300),
            ("pickup_address", &self.pickup_address, 300),
        ] {
            if let Some(text) = text {
                check_text(&format!("{base}/{field}"), text, max, errors);
            }
        }
    }
}

/// Everything about an agency that an administrator may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyData {
    pub name: String,
    pub level: AgencyLevel,
    pub guide: Guide,
    /// 机关代字, the first part of document numbers such as `云政公开〔2026〕1号`.
    pub document_prefix: String,
    /// 行政复议机关, named in every reply that can be contested.
    pub reconsideration_organ: String,
    /// 有管辖权的人民法院
    pub court: String,
    pub settings: AgencySettings,
}

impl AgencyData {
    /// Whether reconsideration of its decisions is its own: a provincial government (行政复议法 24(2)), a department of the State
    /// Council (25(1)).
    pub fn decides_its_own_reconsideration(&self) -> bool {
        let government = self.settings.kind == AgencyKind::Government;
        (self.level == AgencyLevel::Province && government) || (self.level == AgencyLevel::National && !government)
    }

    /// 发文机关标志: what stands above its letters.
    pub fn letterhead(&self) -> &str {
        self.settings.letterhead.as_deref().unwrap_or(&self.name)
    }

    /// 邮寄地址
    pub fn post_address(&self) -> &str {
        self.settings.post_address.as_deref().unwrap_or(&self.guide.address)
    }

    /// 领取地址
    pub fn pickup_address(&self) -> &str {
        self.settings.pickup_address.as_deref().unwrap_or(&self.guide.address)
    }

    /// 行政复议机关: the organ that the law gives an agency of its kind and level. `above` are the agencies that it stands below,
    /// the nearest first; none where they do not show it.
    pub fn reconsideration_by_law(&self, above: &[Self]) -> Option<String> {
        let higher = |one: &&Self| one.level < self.level;
        if self.decides_its_own_reconsideration() {
            return Some(self.name.clone());
        }
        match self.settings.kind {
            // 24(1)(2), (3): the next higher government; the one that set the office up.
            AgencyKind::Government => above.iter().filter(higher).find_map(Self::government),
            AgencyKind::DispatchedOffice => above.iter().find_map(Self::government),
            // 27: the next higher department of the same line.
            AgencyKind::Vertical => {
                let line = above.iter().filter(|one| one.settings.kind == AgencyKind::Vertical);
                line.filter(higher).map(|one| one.name.clone()).next()
            }
            // 24(1)(1), (4): the government of its level; 24(4): of the level of its department; 28 lets one choose, the first is told.
            AgencyKind::Department | AgencyKind::Justice | AgencyKind::Authorised | AgencyKind::Branch => {
                let level = match self.settings.kind {
                    AgencyKind::Department | AgencyKind::Justice => self.level,
                    _ => above.first()?.level,
                };
                let own = std::iter::once(self).chain(above);
                own.filter(|one| one.level == level).find_map(Self::government)
            }
        }
    }

    /// The government that an agency is, or whose office it is.
    fn government(&self) -> Option<String> {
        let office = ["人民政府办公室", "人民政府办公厅"]
            .iter()
            .any(|end| self.name.ends_with(end));
        match self.settings.kind {
            AgencyKind::Government => Some(self.name.clone()),
            _ if office => {
                let name = self.name.trim_end_matches("办公室").trim_end_matches("办公厅");
                Some(name.to_owned())
            }
            _ => None,
        }
    }

    /// Checks what is impossible by itself. The fields of the guide stand beside the others in the body.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (field, text, max) in [
            ("name", &self.name, 100),
            ("document_prefix", &self.document_prefix, 20),
            ("court", &self.court, 100),
        ] {
            check_text(&format!("/{field}"), text, max, &mut errors);
        }
        match self.reconsideration_organ.trim().is_empty() {
            true => errors.push(FieldError::new(
                "/reconsideration_organ",
                "按机关性质、层级和上级机关不能确定行政复议机关，请填写。",
                "Kind, level and the agencies above do not show the organ of reconsideration; name it.",
            )),
            false => check_text("/reconsideration_organ", &self.reconsideration_organ, 100, &mut errors),
        }
        self.guide.check("", &mut errors);
        self.settings.check("/settings", &mut errors);
        errors
    }
}

/// Checks the code of an agency, the first part of its case numbers: capital letters and digits.
pub fn check_agency_code(pointer: &str, code: &str, errors: &mut Vec<FieldError>) {
    let shape = (2..=16).contains(&code.len()) && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if !shape {
        errors.push(FieldError::new(
            pointer,
            "机关代码应为2至16位大写字母或数字。",
            "The code has 2 to 16 capital letters or digits.",
        ));
    }
}
