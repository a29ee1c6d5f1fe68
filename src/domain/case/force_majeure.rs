//! 不可抗力 (Art 33): a flood, an epidemic, a failed archive: written down with its proof. The Regulation takes nothing but the
//! consultation of third parties and of other agencies out of the period, so that the clock stays as it is; what happened
//! is there for whoever judges a late reply.

use super::check::{Check, FurtherDates};
use super::state::{CaseData, ForceMajeure};
use super::step::{Entry, Since, Step, Told, dated_by, fields, itself, since_arrival, with_papers};
use crate::domain::law::deadline::{Note, NoteCode};
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    NoteForceMajeure {
        from_on: NaiveDate,
        /// The last day of it; left out while it lasts.
        until_on: Option<NaiveDate>,
        what: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

impl Step for NoteForceMajeure {
    itself!();
    with_papers!();
    dated_by!(from_on);

    fn check(&self, check: &mut Check<'_>) {
        check.note("/what", &self.what);
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates {
            not_before: self.until_on.map(|day| ("until_on", day)).into_iter().collect(),
            ..FurtherDates::default()
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(day: NaiveDate, later: NaiveDate) -> Value {
        json!({"from_on": day, "until_on": later, "what": "汛情期间档案库房断电封闭，无法检索（见应急管理局通告）"})
    }
}

impl Told for NoteForceMajeure {
    const PRIVATE: &'static [&'static str] = &["what"];
    const CORRECTABLE: &'static [&'static str] = &["from_on", "until_on"];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.force_majeure.push(ForceMajeure {
            from_on: entry.on,
            until_on: self.until_on,
            what: self.what.clone(),
        });
    }
}

/// Why it changed nothing.
pub fn note(noted: &ForceMajeure) -> Note {
    let (until_zh, until_en) = match noted.until_on {
        Some(day) => (format!("至 {day} "), format!(" until {day}")),
        None => (String::new(), String::new()),
    };
    let on = noted.from_on;
    Note {
        code: NoteCode::ForceMajeure,
        on,
        zh: format!(
            "已记录 {on} 起{until_zh}的不可抗力情况。《条例》第三十三条第三款只规定征求第三方和其他机关意见所需时间不计算在答复期限内，没有规定期限因不可抗力中止，答复日期不变。请在期限内答复，确有需要的依法办理延期（第三十三条第二款），并保存证据。"
        ),
        en: format!(
            "Force majeure is on record from {on}{until_en}. Art 33(3) takes only the time for the opinions of third parties and other agencies out of the period and knows no suspension by force majeure, so the due date stays. Reply in time, extend where needed (Art 33(2)), and keep the evidence."
        ),
    }
}
