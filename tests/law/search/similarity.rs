//! How alike two descriptions are.

use proptest::prelude::*;

use gongkai::domain::search::similarity::*;
use gongkai::domain::search::tokens::tokens;

#[test]
fn the_share_of_common_words() {
    for (a, b, expected) in [
        ("城北地块", "城北地块", 1.0),
        ("城北地块", "ABC", 0.0),
        ("", "", 0.0),
        // 城北 北地 地块 块 and 城北 北地 地块 块方 方案 案: three of seven.
        ("城北地块", "城北地块方案", 3.0 / 7.0),
    ] {
        assert_eq!(similarity(&tokens(a), &tokens(b)), expected, "{a} {b}");
    }
    assert_eq!(bands(&tokens("，")), None);
}

/// Stored fingerprints must still be found by the next version of the program.
#[test]
fn the_fingerprint_is_fixed() {
    let bands = bands(&tokens("关于城北地块征收补偿方案的信息")).unwrap();
    let expected = [
        7320196600312739904,
        1190681863157759546,
        6337264075649218059,
        1703316095034282298,
        -1195054758784681389,
    ];
    assert_eq!(bands, expected);
}

/// Two thousand texts of sixty characters, each with one character changed: nine in ten words stay.
#[test]
fn nearly_all_texts_that_share_nine_words_in_ten_agree_in_a_band() {
    let mut state: u64 = 7;
    let mut next = |below: u64| {
        // xorshift64: any even source will do.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state % below).unwrap()
    };
    let (mut alike, mut agreed) = (0, 0);
    for _ in 0..2000 {
        let mut text: Vec<char> = (0..60).map(|_| char::from_u32(0x4E00 + next(3000)).unwrap()).collect();
        let before = tokens(&text.iter().collect::<String>());
        let place = usize::try_from(next(60)).unwrap();
        text[place] = '改';
        let after = tokens(&text.iter().collect::<String>());
        if similarity(&before, &after) >= 0.9 {
            alike += 1;
            let (a, b) = (bands(&before).unwrap(), bands(&after).unwrap());
            agreed += u32::from(a.iter().zip(&b).any(|(a, b)| a == b));
        }
    }
    assert!(alike > 1900, "{alike}");
    assert!(f64::from(agreed) / f64::from(alike) > 0.985, "{agreed} of {alike}");
}

proptest! {
    #[test]
    fn a_text_is_identical_to_itself(text in "[\\PC]{0,80}", other in "[\\PC]{0,80}") {
        let (a, b) = (tokens(&text), tokens(&other));
        prop_assume!(!a.is_empty());
        prop_assert_eq!(similarity(&a, &a), 1.0);
        prop_assert_eq!(bands(&a), bands(&tokens(&text)));
        let share = similarity(&a, &b);
        prop_assert!((0.0..=1.0).contains(&share));
        prop_assert_eq!(share, similarity(&b, &a));
    }
}
