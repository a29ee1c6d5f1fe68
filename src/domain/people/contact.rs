//! How people are reached: telephone numbers and e-mail addresses, and what is shown of them to those who need not call.

use crate::domain::words::text::FieldError;

/// Longest telephone number with its signs, in characters.
pub const PHONE_MAX: usize = 30;
/// Longest extension behind a number, in digits.
const EXTENSION_MAX: usize = 6;

/// A telephone number: 5 to 15 digits (short service numbers to E.164), with the usual signs between them; behind it an
/// extension, as in 0513-81234567转12.
pub fn check_phone(pointer: &str, phone: &str, errors: &mut Vec<FieldError>) {
    if phone.trim().is_empty() {
        errors.push(FieldError::missing(pointer));
        return;
    }
    if !is_phone(phone) {
        errors.push(FieldError::new(
            pointer,
            "电话号码应含5至15位数字，可用空格、连字符、括号和“+”分隔，分机写作“转12”。请核对后重新填写。",
            "A telephone number has 5 to 15 digits, separated by spaces, hyphens, brackets or +; an extension follows as 转12.",
        ));
    }
}

/// Whether somebody can be called under it.
pub fn is_phone(phone: &str) -> bool {
    let extended = || {
        with_extension(phone).is_some_and(|(number, extension)| {
            let extension = extension.trim_matches([' ', '.', ':', '：']);
            let digits = extension.chars().all(|c| c.is_ascii_digit());
            is_number(number) && digits && (1..=EXTENSION_MAX).contains(&extension.len())
        })
    };
    phone.chars().count() <= PHONE_MAX && (is_number(phone) || extended())
}

fn is_number(phone: &str) -> bool {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let mut signs = phone.trim().chars();
    (5..=15).contains(&digits)
        && signs.all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '（' | '）' | '转' | '#'))
}

/// A number and what stands behind the sign of an extension.
fn with_extension(phone: &str) -> Option<(&str, &str)> {
    let signs = ["转分机", "转", "分机", "#", "ext", "Ext", "EXT"];
    signs.into_iter().find_map(|sign| phone.split_once(sign))
}

/// An e-mail address as mail systems in use accept it; no quoting, no comments, nothing a mail header could trip over.
pub fn check_email(pointer: &str, email: &str, errors: &mut Vec<FieldError>) {
    let text = email.trim();
    if text.is_empty() {
        errors.push(FieldError::missing(pointer));
        return;
    }
    if text.len() > 254
        || !text
            .split_once('@')
            .is_some_and(|(l, d)| is_local_part(l) && is_domain(d))
    {
        errors.push(FieldError::new(
            pointer,
            "电子邮箱格式不正确，应类似 name@example.cn，最长254个字符。请核对后重新填写。",
            "Not an e-mail address; it should look like name@example.cn, at most 254 characters.",
        ));
    }
}

fn is_local_part(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

pub(super) fn mask_phone(phone: &str) -> String {
    keep_ends(phone, 3, 2)
}

/// The first character and the domain stay: enough to recognise one's own address.
pub(super) fn mask_email(email: &str) -> String {
    match email.split_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        None => "***".to_owned(),
    }
}

/// Province and city stay at most; the number of stars does not tell how long the rest is.
pub(super) fn mask_address(address: &str) -> String {
    let keep = (address.chars().count() / 3).min(6);
    let head: String = address.chars().take(keep).collect();
    format!("{head}****")
}

/// Stars for everything but the ends; a text too short to hide anything behind its ends becomes stars altogether.
fn keep_ends(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let (head, tail) = if length < head + tail + 3 { (0, 0) } else { (head, tail) };
    text.chars()
        .enumerate()
        .map(|(at, c)| if at < head || at >= length - tail { c } else { '*' })
        .collect()
}
