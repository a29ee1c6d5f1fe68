//! Identity documents (身份证明): kinds, written forms and check characters.
//!
//! Resident identity numbers follow GB 11643-1999 (check character after ISO 7064 MOD 11-2), unified social credit codes GB 32100-2015
//! (check character modulo 31). The travel permits have no public check digit; only their shape is looked at. A district
//! is not held against the year of birth: real people have numbers of districts that were made or dissolved since.
//! Article 29(2)(1) asks for the kind and number of an identity document, not for a copy of it. Online both must be right;
//! on paper they are kept as the applicant wrote them, and what cannot be right is a defect of the application.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::words::codes::codes;
use crate::domain::words::folding::folded;
use crate::domain::words::text::{FieldError, check_stated};

/// Longest number of a document, in characters.
const NUMBER_MAX: usize = 40;
/// Longest name of a document, in characters.
const NAME_MAX: usize = 100;

codes! {
    /// The kind of an identity document (证件类型).
    pub enum IdDocumentKind {
        /// And 港澳台居民居住证, which follow the same standard.
        ResidentId "resident_id" "居民身份证",
        Passport "passport" "护照",
        HkMacaoPermit "hk_macao_permit" "港澳居民来往内地通行证",
        TaiwanPermit "taiwan_permit" "台湾居民来往大陆通行证",
        ForeignerPermit "foreigner_permit" "外国人永久居留身份证",
        Uscc "uscc" "统一社会信用代码",
        /// Any other, called by its name: 军官证, 户口簿, 香港居民身份证, a registration abroad.
        Other "other" "其他证件",
    }
}

/// An identity document by kind and number, as far as they are stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdDocument {
    pub kind: IdDocumentKind,
    /// As printed on the document; spaces, hyphens and full-width characters are accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("11010519491231002X"), max_length = 40)]
    pub number: Option<String>,
    /// What the document is called, where its kind is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("军官证"), max_length = 100)]
    pub name: Option<String>,
}

impl IdDocument {
    /// A document with its number.
    pub fn new(kind: IdDocumentKind, number: impl Into<String>) -> Self {
        Self {
            kind,
            number: Some(number.into()),
            name: None,
        }
    }

    /// The number in its canonical form: half-width, capital letters, nothing between them; empty where none is stated.
    pub fn normalised_number(&self) -> String {
        let number = self.number.iter().flat_map(|number| number.chars());
        number
            .map(half_width)
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')'))
            .map(|c| c.to_ascii_uppercase())
            .collect()
    }

    /// The same document as it is kept: a number of a known kind in canonical form, any other as it is written.
    pub fn normalised(&self) -> Self {
        let number = match self.kind {
            IdDocumentKind::Other => self.number.as_deref().unwrap_or_default().trim().to_owned(),
            _ => self.normalised_number(),
        };
        let name = self.name.as_deref().unwrap_or_default().trim();
        Self {
            kind: self.kind,
            number: (!number.is_empty()).then_some(number),
            name: (!name.is_empty()).then(|| name.to_owned()),
        }
    }

    /// What tells one document from every other, however it is typed, characters that are the same to a reader being the
    /// same; none where too little is stated for that.
    pub fn key(&self) -> Option<String> {
        let (kind, number) = (self.kind.code(), folded(&self.normalised_number()));
        match (&self.name, self.kind) {
            _ if number.is_empty() => None,
            (name, IdDocumentKind::Other) => {
                let name = folded(name.as_deref().unwrap_or_default().trim());
                Some(format!("{kind}:{name}:{number}"))
            }
            _ => Some(format!("{kind}:{number}")),
        }
    }

    /// Whether both name the same document, however they are typed.
    pub fn same_as(&self, other: &Self) -> bool {
        self.key().is_some_and(|key| other.key() == Some(key))
    }

    /// The number as it is shown to anyone: never complete.
    pub fn masked_number(&self) -> String {
        let number: Vec<char> = self.normalised_number().chars().collect();
        let (head, tail) = match number.len() {
            0..=7 => (0, 2.min(number.len() / 2)),
            8..=14 => (1, 2),
            _ => (4, 4),
        };
        let last = number.len() - tail;
        let hide = |(at, c): (usize, char)| if at < head || at >= last { c } else { '*' };
        number.into_iter().enumerate().map(hide).collect()
    }

    /// Checks what a form online asks for: kind and number, both right; `today` is the legal day, against which a birth
    /// date is held.
    pub fn check(&self, pointer: &str, today: NaiveDate, errors: &mut Vec<FieldError>) {
        if self.kind == IdDocumentKind::Other {
            errors.push(FieldError::new(
                format!("{pointer}/kind"),
                "在线申请请选择所列证件之一；持其他证件的，请到窗口提交或者邮寄申请。",
                "Online one of the listed documents is needed; with any other, apply at the counter or by post.",
            ));
        }
        if self.name.is_some() {
            errors.push(FieldError::new(
                format!("{pointer}/name"),
                "证件名称只用于其他证件（other），请删除。",
                "Only a document of kind `other` is called by a name; leave it out.",
            ));
        }
        let at = format!("{pointer}/number");
        if self.normalised_number().is_empty() {
            errors.push(FieldError::missing(at));
        } else if let Some(fault) = self.fault(today) {
            let (zh, en) = fault.words();
            errors.push(FieldError::new(at, zh, en));
        }
    }

    /// Checks only what cannot be kept: texts that are too long or hold control characters.
    pub fn check_stated(&self, pointer: &str, errors: &mut Vec<FieldError>) {
        check_stated(&format!("{pointer}/number"), self.number.as_ref(), NUMBER_MAX, errors);
        check_stated(&format!("{pointer}/name"), self.name.as_ref(), NAME_MAX, errors);
    }

    /// Why the number cannot be right; none where none is stated, and of a document whose numbers nobody knows.
    pub fn fault(&self, today: NaiveDate) -> Option<NumberFault> {
        let number = self.normalised_number();
        if number.is_empty() {
            return None;
        }
        let verdict = match self.kind {
            IdDocumentKind::ResidentId => check_resident_id(&number, today),
            IdDocumentKind::Passport => check_passport(&number),
            IdDocumentKind::HkMacaoPermit => check_hk_macao_permit(&number),
            IdDocumentKind::TaiwanPermit => check_taiwan_permit(&number),
            IdDocumentKind::ForeignerPermit => check_foreigner_permit(&number, today),
            IdDocumentKind::Uscc => check_uscc(&number),
            IdDocumentKind::Other => Ok(()),
        };
        verdict.err()
    }

    /// The day of birth that the number tells; none where it tells none.
    pub fn born_on(&self) -> Option<NaiveDate> {
        let tells = matches!(self.kind, IdDocumentKind::ResidentId | IdDocumentKind::ForeignerPermit);
        let number = Some(self.normalised_number()).filter(|number| tells && number.len() == 18)?;
        NaiveDate::parse_from_str(number.get(6..14)?, "%Y%m%d").ok()
    }

    /// Whether the number may be right but is of a series that was not known when this was written.
    pub fn is_of_unknown_series(&self) -> bool {
        let number = self.normalised_number();
        let letter = permit_of_non_citizen(&number).filter(|letter| *letter != 'A');
        self.kind == IdDocumentKind::HkMacaoPermit && letter.is_some()
    }
}

/// Why a number cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    ResidentShape,
    ResidentRegion,
    ResidentBirthDate,
    CheckCharacter,
    PassportShape,
    HkMacaoShape,
    TaiwanShape,
    ForeignerShape,
    UsccShape,
}

impl NumberFault {
    /// What is wrong and what to do, in Chinese and English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::ResidentShape => (
                "居民身份证号码应为18位：前17位为数字，最后一位为数字或X。请核对后重新填写。",
                "A resident identity number has 18 characters: 17 digits, then a digit or X.",
            ),
            Self::ResidentRegion => (
                "号码前两位不是有效的地区代码，请核对证件后重新填写。",
                "The first two digits are not a region code; compare with the document.",
            ),
            Self::ResidentBirthDate => (
                "号码第7至14位不是真实存在的出生日期，或者晚于今天，请核对证件后重新填写。",
                "Digits 7 to 14 are not a real birth date, or lie in the future; compare with the document.",
            ),
            Self::CheckCharacter => (
                "校验码不符，号码可能输错，请逐位核对证件后重新填写。",
                "The check character does not match; compare each character with the document.",
            ),
            Self::PassportShape => (
                "护照号码应为5至15位字母或数字，且至少含一位数字。请核对后重新填写。",
                "A passport number has 5 to 15 letters or digits, at least one of them a digit.",
            ),
            Self::HkMacaoShape => (
                "港澳居民来往内地通行证号码应以H或M开头，后接8位或10位数字；非中国籍居民的以HA或MA开头，后接7位数字。请核对后重新填写。",
                "The permit's number is H or M followed by 8 or 10 digits; of residents who are not Chinese citizens HA or \
                 MA followed by 7 digits.",
            ),
            Self::TaiwanShape => (
                "台湾居民来往大陆通行证号码应为8位数字；旧版为10位数字，可另加一位字母。请核对后重新填写。",
                "The permit's number has 8 digits; older ones have 10 and may end in a letter.",
            ),
            Self::ForeignerShape => (
                "外国人永久居留身份证号码应为以9开头的18位号码；旧版为3位字母加12位数字。请核对后重新填写。",
                "The card's number has 18 characters beginning with 9; older ones have 3 letters and 12 digits.",
            ),
            Self::UsccShape => (
                "统一社会信用代码应为18位数字或大写字母（不含I、O、S、V、Z），第3至8位为数字。请核对后重新填写。",
                "A unified social credit code has 18 digits or capitals (without I O S V Z); characters 3 to 8 are digits.",
            ),
        }
    }
}

/// First two digits after GB/T 2260, with 81, 82 and 83 of the residence permits for Hong Kong, Macao and Taiwan.
const RESIDENT_REGIONS: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
];

/// Nobody who applies was born earlier.
const EARLIEST_BIRTH_YEAR: i32 = 1880;

/// GB 11643-1999: 6 digits region, 8 birth date, 3 sequence, 1 check character (ISO 7064 MOD 11-2).
pub fn check_resident_id(number: &str, today: NaiveDate) -> Result<(), NumberFault> {
    let digits = mod_11_2_digits(number).ok_or(NumberFault::ResidentShape)?;
    if !number.get(..2).is_some_and(|region| RESIDENT_REGIONS.contains(&region)) {
        return Err(NumberFault::ResidentRegion);
    }
    if !is_birth_date(number.get(6..14).unwrap_or_default(), today) {
        return Err(NumberFault::ResidentBirthDate);
    }
    check_mod_11_2(&digits)
}

/// The 18 values of a GB 11643 number, X being 10 and only allowed at the end.
pub fn mod_11_2_digits(number: &str) -> Option<Vec<u32>> {
    if number.len() != 18 {
        return None;
    }
    number
        .chars()
        .enumerate()
        .map(|(at, c)| if at == 17 && c == 'X' { Some(10) } else { c.to_digit(10) })
        .collect()
}

/// The weighted sum, weight 2^(17-i) at place i, is 1 modulo 11.
pub fn check_mod_11_2(digits: &[u32]) -> Result<(), NumberFault> {
    // Horner's rule: every step doubles the weight of all earlier places.
    let sum = digits.iter().fold(0, |sum, digit| (sum * 2 + digit) % 11);
    if sum == 1 {
        Ok(())
    } else {
        Err(NumberFault::CheckCharacter)
    }
}

fn is_birth_date(text: &str, today: NaiveDate) -> bool {
    NaiveDate::parse_from_str(text, "%Y%m%d").is_ok_and(|date| date <= today && date.year() >= EARLIEST_BIRTH_YEAR)
}

/// The 31 characters of GB 32100 in the order of their values.
pub const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// GB 32100-2015: registrar, category, 6 digits region, 9 organisation code, 1 check character; weights 3^i modulo 31.
pub fn check_uscc(number: &str) -> Result<(), NumberFault> {
    let value = |c| {
        USCC_ALPHABET
            .chars()
            .zip(0_u32..)
            .find(|(known, _)| *known == c)
            .map(|(_, v)| v)
    };
    let values: Option<Vec<u32>> = number.chars().map(value).collect();
    let values = values.filter(|v| v.len() == 18).ok_or(NumberFault::UsccShape)?;
    if !number
        .get(2..8)
        .is_some_and(|region| region.chars().all(|c| c.is_ascii_digit()))
    {
        return Err(NumberFault::UsccShape);
    }
    let (sum, _) = values
        .iter()
        .take(17)
        .fold((0, 1), |(sum, weight), v| ((sum + v * weight) % 31, weight * 3 % 31));
    if values.last().is_some_and(|last| (sum + last) % 31 == 0) {
        Ok(())
    } else {
        Err(NumberFault::CheckCharacter)
    }
}

/// ICAO Doc 9303 documents have up to 9 characters; some states print longer numbers.
fn check_passport(number: &str) -> Result<(), NumberFault> {
    let shape = (5..=15).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_alphanumeric())
        && number.chars().any(|c| c.is_ascii_digit());
    if shape { Ok(()) } else { Err(NumberFault::PassportShape) }
}

/// H or M, eight digits; the generation before 2013 adds a two-digit issue count. Since July 2024 residents who are not
/// Chinese citizens have a permit of their own: HA or MA, seven digits. Another letter there may be a series to come.
fn check_hk_macao_permit(number: &str) -> Result<(), NumberFault> {
    let digits = number.strip_prefix('H').or_else(|| number.strip_prefix('M'));
    let citizen = digits.is_some_and(|d| matches!(d.len(), 8 | 10) && d.chars().all(|c| c.is_ascii_digit()));
    if citizen || permit_of_non_citizen(number).is_some() {
        Ok(())
    } else {
        Err(NumberFault::HkMacaoShape)
    }
}

/// The second letter of a number of H or M, a letter and seven digits.
fn permit_of_non_citizen(number: &str) -> Option<char> {
    let mut rest = number.strip_prefix(['H', 'M'])?.chars();
    let letter = rest.next().filter(char::is_ascii_uppercase)?;
    let digits = rest.as_str();
    (digits.len() == 7 && digits.chars().all(|c| c.is_ascii_digit())).then_some(letter)
}

/// Eight digits; the generation before 2015 has ten and a letter in brackets.
fn check_taiwan_permit(number: &str) -> Result<(), NumberFault> {
    let digits = number.trim_end_matches(|c: char| c.is_ascii_uppercase());
    let letters = number.len() - digits.len();
    let shape = digits.chars().all(|c| c.is_ascii_digit()) && matches!((digits.len(), letters), (8 | 10, 0) | (10, 1));
    if shape { Ok(()) } else { Err(NumberFault::TaiwanShape) }
}

/// The 2023 card: 9, then region, state, birth date as in GB 11643; before that three letters and twelve digits.
fn check_foreigner_permit(number: &str, today: NaiveDate) -> Result<(), NumberFault> {
    if number.len() == 15 {
        let shape = number.chars().enumerate().all(|(at, c)| {
            if at < 3 {
                c.is_ascii_uppercase()
            } else {
                c.is_ascii_digit()
            }
        });
        return if shape {
            Ok(())
        } else {
            Err(NumberFault::ForeignerShape)
        };
    }
    if !number.starts_with('9') {
        return Err(NumberFault::ForeignerShape);
    }
    let digits = mod_11_2_digits(number).ok_or(NumberFault::ForeignerShape)?;
    if !is_birth_date(number.get(6..14).unwrap_or_default(), today) {
        return Err(NumberFault::ResidentBirthDate);
    }
    check_mod_11_2(&digits)
}

/// Full-width digits and letters as input methods produce them.
fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}
