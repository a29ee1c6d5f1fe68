//! 中文数字: ordinals of headings (一、二、), sums of money as vouchers write them (大写金额), days as instruments write them.

use chrono::{Datelike, NaiveDate};

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const CAPITALS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

fn digit(digits: &[&'static str; 10], number: u32) -> &'static str {
    let place = usize::try_from(number % 10).unwrap_or_default();
    digits.get(place).copied().unwrap_or_default()
}

/// 12 → 十二. Numbers from 100 on are written in digits.
pub fn chinese(number: u32) -> String {
    let ones = |number: u32| match number % 10 {
        0 => "",
        _ => digit(&DIGITS, number),
    };
    match number {
        0..=9 => digit(&DIGITS, number).to_owned(),
        10..=19 => format!("十{}", ones(number)),
        20..=99 => format!("{}十{}", digit(&DIGITS, number / 10), ones(number)),
        _ => number.to_string(),
    }
}

/// 2030 → 贰仟零叁拾元整.
pub fn yuan_in_words(yuan: u32) -> String {
    if yuan == 0 {
        return "零元整".to_owned();
    }
    let mut words = String::new();
    let mut gap = false;
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
        let part = yuan / unit % 10_000;
        if part == 0 {
            gap = gap || !words.is_empty();
            continue;
        }
        // A part below a thousand, or one after parts of nothing, is told apart by one zero.
        if !words.is_empty() && (gap || part < 1000) {
            words.push('零');
        }
        words.push_str(&four_digits(part));
        words.push_str(name);
        gap = false;
    }
    words + "元整"
}

fn four_digits(number: u32) -> String {
    let mut words = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        match number / unit % 10 {
            0 => gap = !words.is_empty(),
            one => {
                if gap {
                    words.push('零');
                }
                gap = false;
                words.push_str(digit(&CAPITALS, one));
                words.push_str(name);
            }
        }
    }
    words
}

/// A day as instruments write it: 2026年3月10日.
pub fn chinese_date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}
