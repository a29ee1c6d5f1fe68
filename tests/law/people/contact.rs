//! Telephone numbers as people write them.

use gongkai::domain::people::contact::{check_phone, is_phone};

#[test]
fn numbers_with_signs_and_extensions() {
    for good in [
        "12345",
        "13800000000",
        "+86 (0513) 8123-4567",
        "0513-81234567转12",
        "0513-81234567转1234",
        "+86 0513-81234567转1234",
        "0513-81234567 转分机 8001",
        "0513-81234567#6",
        "010-12345678 ext. 305",
        "（0799）6210001分机：12",
        "12345转5",
        "0513-81234567#",
    ] {
        assert!(is_phone(good), "{good}");
    }
    for bad in [
        "1234",
        "一三八",
        "1380000000013800000000",
        "0513-81234567转前台",
        "+86 0513-81234567转1234567",
        "转12",
        "81234567x12",
        "13800000000、13900000000",
    ] {
        let mut errors = Vec::new();
        check_phone("/phone", bad, &mut errors);
        assert_eq!(errors.len(), 1, "{bad}");
    }
}
