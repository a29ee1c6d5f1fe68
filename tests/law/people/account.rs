//! User names and what makes an account.

use gongkai::domain::people::account::*;

#[test]
fn usernames_have_one_form() {
    assert_eq!(normalise_username(" Chen.Mingyuan "), "chen.mingyuan");
    for (username, good) in [
        ("chen", true),
        ("CHEN@yunxi", true),
        ("陈明远", true),
        ("", false),
        ("a", false),
        ("a b", false),
        ("chen\u{0}", false),
        ("ｃｈｅｎ", false),
        ("сhen", false),
    ] {
        let mut errors = Vec::new();
        check_username("/username", username, &mut errors);
        assert_eq!(errors.is_empty(), good, "{username}");
    }
    let mut errors = Vec::new();
    check_username("/username", &"x".repeat(65), &mut errors);
    assert_eq!(errors.len(), 1);
}
