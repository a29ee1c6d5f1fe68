//! Numbers printed in the standards, published codes of companies, and what one wrong character does.

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::json;

use gongkai::domain::people::id_document::*;
use gongkai::domain::words::text::FieldError;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn faults(kind: IdDocumentKind, number: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let document = IdDocument::new(kind, number);
    document.check("/id_document", day("2026-03-02"), &mut errors);
    errors
}

/// A resident number with the right check character.
fn resident(region: &str, born: NaiveDate, sequence: u32) -> String {
    let body = format!("{region}{}{sequence:03}", born.format("%Y%m%d"));
    let sum = body
        .chars()
        .zip([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(c, weight)| usize::try_from(c.to_digit(10).unwrap()).unwrap() * weight)
        .sum::<usize>();
    format!("{body}{}", "10X98765432".chars().nth(sum % 11).unwrap())
}

#[test]
fn resident_numbers_of_the_standard_and_broken_ones() {
    // 11010519491231002X and 440524188001010014 are the examples printed in GB 11643-1999.
    for good in [
        "11010519491231002X",
        "11010519491231002x",
        "440524188001010014",
        " 110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
    ] {
        assert_eq!(faults(IdDocumentKind::ResidentId, good), [], "{good}");
    }
    for bad in [
        "",
        "110105194912310021",
        "1101051949123100",
        "11010519491231002XX",
        "X1010519491231002X",
        "110105491231002",
        "十一0105194912310021",
    ] {
        let errors = faults(IdDocumentKind::ResidentId, bad);
        assert_eq!(errors.len(), 1, "{bad}");
        assert_eq!(errors[0].pointer, "/id_document/number");
    }
}

#[test]
fn birth_date_and_region_are_checked_beside_the_check_character() {
    let fault = |number: &str| check_resident_id(number, day("2026-03-02"));
    assert_eq!(fault(&resident("110105", day("2026-03-02"), 1)), Ok(()));
    assert_eq!(
        fault(&resident("110105", day("2026-03-03"), 1)),
        Err(NumberFault::ResidentBirthDate)
    );
    assert_eq!(
        fault(&resident("110105", day("1850-01-01"), 1)),
        Err(NumberFault::ResidentBirthDate)
    );
    assert_eq!(fault("110105200002300017"), Err(NumberFault::ResidentBirthDate));
    assert_eq!(
        fault(&resident("190105", day("1990-01-01"), 1)),
        Err(NumberFault::ResidentRegion)
    );
}

#[test]
fn social_credit_codes() {
    // Published codes of listed companies.
    for good in [
        "91350100M000100Y43",
        "91110000600037341L",
        "91440300708461136T",
        "914403001922038216",
        "91440300708461136t",
    ] {
        assert_eq!(faults(IdDocumentKind::Uscc, good), [], "{good}");
    }
    for bad in [
        "91350100M000100Y44",
        "91350100M000100Y4",
        "9135010OM000100Y43",
        "9A35010AM000100Y43",
        "",
    ] {
        assert_eq!(faults(IdDocumentKind::Uscc, bad).len(), 1, "{bad}");
    }
}

#[test]
fn permits_and_passports_by_shape() {
    use IdDocumentKind::{ForeignerPermit, HkMacaoPermit, Passport, TaiwanPermit};
    for (kind, number, good) in [
        (Passport, "EA1234567", true),
        (Passport, "e12345678", true),
        (Passport, "ABCDEFGH", false),
        (Passport, "A123", false),
        (Passport, "A1234567890123456", false),
        (HkMacaoPermit, "H12345678", true),
        (HkMacaoPermit, "m1234567801", true),
        (HkMacaoPermit, "C12345678", false),
        (HkMacaoPermit, "H1234567", false),
        (HkMacaoPermit, "HA1234567", true),
        (HkMacaoPermit, "ma 123 4567", true),
        (HkMacaoPermit, "HA12345678", false),
        (HkMacaoPermit, "MA123456", false),
        (HkMacaoPermit, "CA1234567", false),
        (HkMacaoPermit, "HAA123456", false),
        (HkMacaoPermit, "HB1234567", true),
        (HkMacaoPermit, "MZ1234567", true),
        (TaiwanPermit, "12345678", true),
        (TaiwanPermit, "1234567890(B)", true),
        (TaiwanPermit, "1234567B", false),
        (TaiwanPermit, "123456789", false),
        (ForeignerPermit, "USA110099010101", true),
        (ForeignerPermit, "US1110099010101", false),
        (ForeignerPermit, "110105194912310021", false),
    ] {
        assert_eq!(faults(kind, number).is_empty(), good, "{kind:?} {number}");
    }
    let card = resident("911234", day("1985-05-05"), 7);
    assert_eq!(faults(ForeignerPermit, &card), []);
}

/// Of the letters behind H and M one is known; another is taken, and said to be new.
#[test]
fn a_series_of_permits_to_come_is_taken_with_a_word() {
    for (kind, number, unknown) in [
        (IdDocumentKind::HkMacaoPermit, "H12345678", false),
        (IdDocumentKind::HkMacaoPermit, "HA1234567", false),
        (IdDocumentKind::HkMacaoPermit, "MA1234567", false),
        (IdDocumentKind::HkMacaoPermit, "hb1234567", true),
        (IdDocumentKind::HkMacaoPermit, "MC1234567", true),
        (IdDocumentKind::HkMacaoPermit, "HB123456", false),
        (IdDocumentKind::Passport, "HB1234567", false),
    ] {
        assert_eq!(
            IdDocument::new(kind, number).is_of_unknown_series(),
            unknown,
            "{number}"
        );
    }
}

/// Districts were made and dissolved after people got their numbers: only the province is looked at.
#[test]
fn a_district_is_not_held_against_the_year_of_birth() {
    for (district, born) in [
        ("500101", "1950-03-01"),
        ("460400", "1962-07-15"),
        ("810000", "1941-12-08"),
        ("820000", "1930-01-01"),
        ("830000", "1955-05-05"),
        ("320682", "2024-02-29"),
        ("653000", "1975-10-01"),
    ] {
        let number = resident(district, day(born), 23);
        assert_eq!(check_resident_id(&number, day("2026-03-02")), Ok(()), "{number}");
    }
}

#[test]
fn other_documents_are_called_by_their_name_and_not_online() {
    let read = |value: serde_json::Value| serde_json::from_value::<IdDocument>(value).unwrap();
    let card = read(json!({"kind": "other", "name": "军官证", "number": "南字第1234567号"}));
    assert_eq!(card.fault(day("2026-03-02")), None);
    assert_eq!(card.key().as_deref(), Some("other:军官证:南字第1234567号"));
    assert_eq!(card.normalised(), card, "kept as it is written");
    assert_eq!(
        read(json!({"kind": "other", "name": "户口簿"})).key(),
        None,
        "too little to know it again"
    );
    let hong_kong = read(json!({"kind": "other", "name": " 香港居民身份证", "number": "A123456(3)"}));
    let typed = read(json!({"kind": "other", "name": "香港居民身份证", "number": "a123456 3"}));
    assert!(hong_kong.same_as(&typed) && !hong_kong.same_as(&card));
    assert!(!read(json!({"kind": "other"})).same_as(&read(json!({"kind": "other"}))));
    for (document, pointers) in [
        (card, vec!["/id_document/kind", "/id_document/name"]),
        (
            read(json!({"kind": "resident_id", "number": "11010519491231002X", "name": "身份证"})),
            vec!["/id_document/name"],
        ),
        (read(json!({"kind": "passport"})), vec!["/id_document/number"]),
    ] {
        let mut errors = Vec::new();
        document.check("/id_document", day("2026-03-02"), &mut errors);
        let found: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(found, pointers);
    }
}

#[test]
fn masked_numbers_keep_little() {
    let masked = |number: &str| IdDocument::new(IdDocumentKind::ResidentId, number).masked_number();
    assert_eq!(masked("11010519491231002x"), "1101**********002X");
    assert_eq!(masked("EA1234567"), "E******67");
    assert_eq!(masked("A1234"), "***34");
    assert_eq!(masked("A"), "*");
    assert_eq!(masked(""), "");
}

#[test]
fn codes_are_the_json_words() {
    for kind in IdDocumentKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
}

proptest! {
    #[test]
    fn one_changed_digit_of_a_resident_number_is_found(
        days in 0_u64..30_000, sequence in 1_u32..1000, at in 0_usize..18, put in 0_u32..11,
    ) {
        let good = resident("320682", day("1930-01-01") + chrono::Days::new(days), sequence);
        prop_assert_eq!(check_mod_11_2(&mod_11_2_digits(&good).unwrap()), Ok(()));
        let mut digits = mod_11_2_digits(&good).unwrap();
        prop_assume!(digits[at] != put && (put < 10 || at == 17));
        digits[at] = put;
        prop_assert_eq!(check_mod_11_2(&digits), Err(NumberFault::CheckCharacter));
    }

    #[test]
    fn one_changed_character_of_a_credit_code_is_found(
        body in "9[123][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", at in 0_usize..18, put in 0_usize..31,
    ) {
        let last = USCC_ALPHABET.chars().find(|c| check_uscc(&format!("{body}{c}")).is_ok());
        let mut code: Vec<char> = format!("{body}{}", last.unwrap()).chars().collect();
        let put = USCC_ALPHABET.chars().nth(put).unwrap();
        prop_assume!(code[at] != put);
        code[at] = put;
        prop_assert!(check_uscc(&code.into_iter().collect::<String>()).is_err());
    }
}
