//! Accounts of people: what a username and a person's name look like.

use crate::domain::people::party::NAME_MAX;
use crate::domain::words::text::{FieldError, check_text};

/// Shortest and longest username, in characters.
pub const USERNAME_MIN: usize = 2;
pub const USERNAME_MAX: usize = 64;

/// The one stored form of a username: without outer spaces, in lower case, so that `Chen` and `chen` are one account.
pub fn normalise_username(username: &str) -> String {
    username.trim().to_lowercase()
}

/// Checks a username that somebody chooses: letters, digits, Chinese characters and `. _ - @`.
pub fn check_username(pointer: &str, username: &str, errors: &mut Vec<FieldError>) {
    let name = normalise_username(username);
    let length = name.chars().count();
    if length == 0 {
        errors.push(FieldError::missing(pointer));
    } else if !(USERNAME_MIN..=USERNAME_MAX).contains(&length) || !name.chars().all(is_username_character) {
        errors.push(FieldError::new(
            pointer,
            format!("用户名应为 {USERNAME_MIN} 至 {USERNAME_MAX} 个字符，可用字母、数字、汉字和 . _ - @。"),
            format!(
                "A username has {USERNAME_MIN} to {USERNAME_MAX} characters: letters, digits, Chinese characters, . _ - @."
            ),
        ));
    }
}

fn is_username_character(c: char) -> bool {
    c.is_ascii_lowercase()
        || c.is_ascii_digit()
        || matches!(c, '.' | '_' | '-' | '@')
        || ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Checks the name of a person with an account.
pub fn check_person_name(pointer: &str, name: &str, errors: &mut Vec<FieldError>) {
    check_text(pointer, name, NAME_MAX, errors);
}
