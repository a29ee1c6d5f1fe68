//! Numbers as words.

use gongkai::domain::words::numbers::*;

#[test]
fn numbers_read_as_people_write_them() {
    for (n, zh, en) in [
        (0, "零", "zero"),
        (1, "一", "one"),
        (7, "七", "seven"),
        (10, "十", "ten"),
        (15, "十五", "15"),
        (20, "二十", "20"),
        (42, "四十二", "42"),
        (99, "九十九", "99"),
        (100, "100", "100"),
        (1000, "1000", "1000"),
    ] {
        assert_eq!((chinese(n).as_str(), english(n).as_str()), (zh, en));
    }
}
