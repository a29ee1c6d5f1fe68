//! What a clock has to say beside its figures (说明).

use chrono::{Datelike, NaiveDate};

use super::report::{Note, NoteCode};
use crate::domain::law::calendar::Calendar;

/// Says on which calendar the clock stands, where it counts days from `on` on of which no notice is loaded: the holidays of
/// a year are arranged by a notice of the State Council General Office (全国年节及纪念日放假办法 Arts 6 and 7), which comes
/// in the autumn before.
pub(super) fn calendar_not_loaded(calendar: &Calendar, on: NaiveDate) -> Note {
    let unknown = match calendar.is_loaded(on.year()) {
        true => on.year().saturating_add(1),
        false => on.year(),
    };
    let (first, last) = (calendar.loaded_years().next(), calendar.last_loaded_year());
    let (loaded_zh, loaded_en) = match first {
        Some(first) => (
            format!("工作日历已载入{first}年至{last}年"),
            format!("The working-day calendar is loaded from {first} through {last}"),
        ),
        None => (
            "尚未载入工作日历".to_owned(),
            "No working-day calendar is loaded".to_owned(),
        ),
    };
    let (awaited_zh, awaited_en) = match unknown > last {
        true => (
            format!("国务院办公厅关于{unknown}年部分节假日安排的通知公布并载入后重新计算"),
            format!("awaiting the State Council's holiday notice for {unknown}, with which they are computed anew"),
        ),
        false => (
            format!("{unknown}年的放假通知未载入，请对照当年的通知核对"),
            format!("the holiday notice for {unknown} is not loaded, compare with it"),
        ),
    };
    Note {
        code: NoteCode::CalendarNotLoaded,
        on,
        zh: format!(
            "{loaded_zh}。自{on}起按周一至周五推算，只扣除法规已经确定的放假日，由此得出的日期和天数是暂定的：{awaited_zh}。"
        ),
        en: format!(
            "{loaded_en}. From {on} on, Monday to Friday is counted but for the days off that the decree fixes; what \
             follows from it is provisional: {awaited_en}."
        ),
    }
}
