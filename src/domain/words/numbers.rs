//! Small numbers in words, for sentences that name a period.

const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const ENGLISH: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// 七, 十五, 二十, 四十二; digits from a hundred on.
pub fn chinese(n: u32) -> String {
    let digit = |place: u32| usize::try_from(place).ok().and_then(|place| DIGITS.get(place)).copied();
    match (digit(n / 10), digit(n % 10)) {
        _ if n == 0 => "零".to_owned(),
        (Some(""), Some(ones)) => ones.to_owned(),
        (Some("一"), Some(ones)) => format!("十{ones}"),
        (Some(tens), Some(ones)) => format!("{tens}十{ones}"),
        _ => n.to_string(),
    }
}

/// seven, twelve; digits from thirteen on.
pub fn english(n: u32) -> String {
    let word = usize::try_from(n).ok().and_then(|n| ENGLISH.get(n));
    word.map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
