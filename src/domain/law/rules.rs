//! Rule packs (规则包): the numbers of the law as data, each beside its article, each with the time it is in force.
//!
//! A case keeps the pack of its receipt date for good (applications received before 2019-05-15 keep the old periods). Nothing
//! in code repeats a number that stands in `config/rules/*.toml`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::words::codes::codes;

const EMBEDDED: &[(&str, &str)] = &[
    (
        "regulation-2008.toml",
        include_str!("../../../config/rules/regulation-2008.toml"),
    ),
    (
        "regulation-2019.toml",
        include_str!("../../../config/rules/regulation-2019.toml"),
    ),
];

/// Longest period in working days that a pack may name; keeps date arithmetic inside the calendar.
const LONGEST: u32 = 1000;

/// Most amendment notices that a pack may allow in one case.
const MOST_NOTICES: u32 = 9;

/// Why rule files were refused.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("{file}: not a rule pack")]
    Toml {
        file: String,
        #[source]
        source: Box<toml::de::Error>,
    },
    #[error("{file}: `{key}` must be 1 to {LONGEST} working days")]
    OutOfRange { file: String, key: &'static str },
    #[error("{file}: `amendment_notices` must be 1 to {MOST_NOTICES}")]
    Notices { file: String },
    #[error("rule packs `{0}` and `{1}` are in force on the same day or carry the same code")]
    Overlap(String, String),
    #[error("no rule pack was given")]
    Empty,
}

codes! {
    /// From which day an application counts that arrives on a day off (休息日收到).
    ///
    /// One court counts an e-mail of a Sunday from the Monday; 国办公开办函〔2015〕207号 and 指导案例26号 take the day of arrival.
    pub enum ReceiptOnDayOff {
        SameDay "same_day" "当日",
        NextWorkingDay "next_working_day" "下一个工作日",
    }
}

/// The periods of one version of the Regulation in working days, and its choices where the text is read in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RulePack {
    /// Stable code that a case pins, such as `regulation-2019`.
    pub code: String,
    pub name: String,
    /// First receipt date under this pack.
    pub valid_from: NaiveDate,
    /// Last receipt date; `None` while in force.
    pub valid_to: Option<NaiveDate>,
    /// Answer period (答复期限).
    pub reply_days: u32,
    /// Longest extension (延长答复).
    pub extension_max: u32,
    /// Days after receipt in which the one amendment notice (补正告知) may be given.
    pub amendment_notice_days: u32,
    /// Default time for the applicant to amend.
    pub amendment_response_days: u32,
    /// Time of a third party (第三方) or another agency (共同制作机关、其他机关) to answer, from its receipt of the letter.
    pub opinion_days: u32,
    /// Time to pay the processing fee, from delivery of the notice.
    pub fee_payment_days: u32,
    /// Answer period of a correction of one's own record (更正).
    pub correction_days: u32,
    /// Working days after which an unconfirmed submission is an alarm.
    pub confirmation_alarm_days: u32,
    /// Which day is day zero of an application, or of an amended one, received on a day off.
    pub receipt_on_day_off: ReceiptOnDayOff,
    /// How many amendment notices a case may have: one, where 一次性 is read as "once".
    pub amendment_notices: u32,
    pub articles: Articles,
}

/// The article each number stands in, as it is cited to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Articles {
    pub reply: String,
    pub extension: String,
    pub amendment: String,
    pub third_party: String,
    pub agency: String,
    pub fee_payment: String,
    pub delay: String,
    pub correction: String,
    pub confirmation: String,
    #[schema(examples("第三十一条"))]
    pub receipt_on_day_off: String,
    #[schema(examples("第三十条"))]
    pub amendment_notices: String,
}

impl RulePack {
    /// The same pack with the answer period of a correction case (Art 41 names none: `correction_days`, one policy).
    #[must_use]
    pub fn for_correction(&self) -> Self {
        let mut pack = self.clone();
        pack.reply_days = self.correction_days;
        pack.articles.reply = self.articles.correction.clone();
        pack
    }
}

/// All packs, by the day they came into force.
#[derive(Debug, Clone)]
pub struct RulePacks {
    earliest: RulePack,
    later: Vec<RulePack>,
}

impl RulePacks {
    /// The shipped packs: `regulation-2008` and `regulation-2019`.
    ///
    /// # Errors
    /// Only when the shipped files are broken, which a test rules out.
    pub fn embedded() -> Result<Self, RulesError> {
        Self::from_toml_sources(EMBEDDED.iter().copied())
    }

    /// Packs from `(file name, text)` pairs that together replace the shipped ones.
    ///
    /// # Errors
    /// Names the file that cannot be read, the number out of range, or two packs in force at once.
    pub fn from_toml_sources<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, RulesError> {
        let mut packs = Vec::new();
        for (file, text) in sources {
            let parsed: PackFile = toml::from_str(text).map_err(|source| RulesError::Toml {
                file: file.to_owned(),
                source: Box::new(source),
            })?;
            packs.push(parsed.into_pack(file)?);
        }
        packs.sort_by_key(|pack| pack.valid_from);
        for (i, pack) in packs.iter().enumerate() {
            for next in packs.iter().skip(i + 1) {
                let ends_before = pack.valid_to.is_some_and(|to| to < next.valid_from);
                if !ends_before || pack.code == next.code {
                    return Err(RulesError::Overlap(pack.code.clone(), next.code.clone()));
                }
            }
        }
        let mut packs = packs.into_iter();
        let earliest = packs.next().ok_or(RulesError::Empty)?;
        Ok(Self {
            earliest,
            later: packs.collect(),
        })
    }

    /// The pack for a case received on `received_on`: the last one in force by then, the earliest before all.
    pub fn for_receipt(&self, received_on: NaiveDate) -> &RulePack {
        self.later
            .iter()
            .rev()
            .find(|pack| pack.valid_from <= received_on)
            .unwrap_or(&self.earliest)
    }

    /// The pack with this code.
    pub fn get(&self, code: &str) -> Option<&RulePack> {
        self.all().find(|pack| pack.code == code)
    }

    /// Every pack, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &RulePack> {
        std::iter::once(&self.earliest).chain(&self.later)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    code: String,
    name: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    reply_days: Entry<u32>,
    extension_max: Entry<u32>,
    amendment_notice_days: Entry<u32>,
    amendment_response_days: Entry<u32>,
    opinion_days: Entry<u32>,
    third_party: Basis,
    agency: Basis,
    fee_payment_days: Entry<u32>,
    delay: Basis,
    correction_days: Entry<u32>,
    confirmation_alarm_days: Entry<u32>,
    receipt_on_day_off: Option<Entry<ReceiptOnDayOff>>,
    amendment_notices: Option<Entry<u32>>,
}

/// A number or a choice beside its article; `status` says how far it was read in the text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<T> {
    value: T,
    article: String,
    #[serde(rename = "status")]
    _status: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Basis {
    article: String,
    #[serde(rename = "status")]
    _status: String,
}

impl<T> Entry<T> {
    /// Another value that rests on the same article.
    fn basis_of<U>(&self, value: U) -> Entry<U> {
        Entry {
            value,
            article: self.article.clone(),
            _status: self._status.clone(),
        }
    }
}

impl PackFile {
    fn into_pack(self, file: &str) -> Result<RulePack, RulesError> {
        // A pack without the choices reads the text as the guidance of the State Council does.
        let receipt_on_day_off = self
            .receipt_on_day_off
            .unwrap_or_else(|| self.reply_days.basis_of(ReceiptOnDayOff::SameDay));
        let amendment_notices = (self.amendment_notices).unwrap_or_else(|| self.amendment_notice_days.basis_of(1));
        for (key, period) in [
            ("reply_days", &self.reply_days),
            ("extension_max", &self.extension_max),
            ("amendment_notice_days", &self.amendment_notice_days),
            ("amendment_response_days", &self.amendment_response_days),
            ("opinion_days", &self.opinion_days),
            ("fee_payment_days", &self.fee_payment_days),
            ("correction_days", &self.correction_days),
            ("confirmation_alarm_days", &self.confirmation_alarm_days),
        ] {
            if !(1..=LONGEST).contains(&period.value) {
                let file = file.to_owned();
                return Err(RulesError::OutOfRange { file, key });
            }
        }
        if !(1..=MOST_NOTICES).contains(&amendment_notices.value) {
            return Err(RulesError::Notices { file: file.to_owned() });
        }
        Ok(RulePack {
            code: self.code,
            name: self.name,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            reply_days: self.reply_days.value,
            extension_max: self.extension_max.value,
            amendment_notice_days: self.amendment_notice_days.value,
            amendment_response_days: self.amendment_response_days.value,
            opinion_days: self.opinion_days.value,
            fee_payment_days: self.fee_payment_days.value,
            correction_days: self.correction_days.value,
            confirmation_alarm_days: self.confirmation_alarm_days.value,
            receipt_on_day_off: receipt_on_day_off.value,
            amendment_notices: amendment_notices.value,
            articles: Articles {
                reply: self.reply_days.article,
                extension: self.extension_max.article,
                amendment: self.amendment_notice_days.article,
                third_party: self.third_party.article,
                agency: self.agency.article,
                fee_payment: self.fee_payment_days.article,
                delay: self.delay.article,
                correction: self.correction_days.article,
                confirmation: self.confirmation_alarm_days.article,
                receipt_on_day_off: receipt_on_day_off.article,
                amendment_notices: amendment_notices.article,
            },
        })
    }
}
