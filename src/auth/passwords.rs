//! Passwords: argon2id (RFC 9106), the rules a new password keeps, and answers that take the same time whether or not
//! the account exists.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::text::FieldError;

/// The password of every demonstration account. Known to everyone, so that only `serve --demo` on loopback takes it
/// and nobody can choose it.
pub const DEMO_PASSWORD: &str = "gongkai-demo";

/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// Longest password, in characters: longer ones only cost time.
pub const PASSWORD_MAX: usize = 200;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// The first choice of the OWASP Password Storage Cheat Sheet (2024): 19 MiB, two passes, one lane.
    pub const RECOMMENDED: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
    };
    /// The least that the algorithm allows: for tests, which prove nothing about cost.
    pub const LEAST: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
}

/// A hash could not be computed, for want of memory or by a parameter out of range.
#[derive(Debug, thiserror::Error)]
#[error("password hashing failed: {0}")]
pub struct HashError(String);

/// Hashes and verifies passwords at one cost.
#[derive(Debug, Clone)]
pub struct Passwords {
    params: Params,
    /// The hash of a random password: verified against when there is no account, at the same cost.
    decoy: String,
}

impl Passwords {
    /// Prepares hashing at this cost.
    ///
    /// # Errors
    /// A cost that the algorithm does not allow.
    pub fn new(cost: Cost) -> Result<Self, HashError> {
        let params =
            Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|e| HashError(e.to_string()))?;
        let mut passwords = Self {
            params,
            decoy: String::new(),
        };
        passwords.decoy = passwords.hash(&crate::random::token())?;
        Ok(passwords)
    }

    /// Hashes a password with a fresh salt, in the PHC text form.
    ///
    /// # Errors
    /// Memory for the computation is missing.
    pub fn hash(&self, password: &str) -> Result<String, HashError> {
        let salt: [u8; 16] = crate::random::bytes();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
            .hash_password_with_params(password.as_bytes(), &salt, self.params.clone())
            .map(|hash: PasswordHash| hash.to_string())
            .map_err(|error| HashError(error.to_string()))
    }

    /// Whether the password is the account's; `None` stands for an account that does not exist and costs the same.
    #[must_use]
    pub fn verify(&self, password: &str, stored: Option<&str>) -> bool {
        let matches = PasswordHash::new(stored.unwrap_or(&self.decoy))
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        matches && stored.is_some()
    }
}

/// Checks a password that somebody chooses.
pub fn check_new_password(pointer: &str, password: &str, username: &str, errors: &mut Vec<FieldError>) {
    let length = password.chars().count();
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) || password.trim().is_empty() {
        errors.push(FieldError::new(
            pointer,
            format!("密码应为 {PASSWORD_MIN} 至 {PASSWORD_MAX} 个字符。"),
            format!("A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters."),
        ));
    } else if password.trim().to_lowercase() == username.trim().to_lowercase() {
        errors.push(FieldError::new(
            pointer,
            "密码不能与用户名相同，请另设密码。",
            "The password must not be the username.",
        ));
    } else if password.to_lowercase() == DEMO_PASSWORD {
        errors.push(FieldError::new(
            pointer,
            "该密码为公开的演示密码，不能使用，请另设密码。",
            "This is the public password of the demonstration; choose another.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_verifies() {
        let passwords = Passwords::new(Cost::LEAST).unwrap();
        let stored = passwords.hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse", Some(&stored)));
        assert!(!passwords.verify("correct horsf", Some(&stored)));
        assert!(!passwords.verify("correct horse", None));
        assert!(!passwords.verify("correct horse", Some("")));
        assert_ne!(stored, passwords.hash("correct horse").unwrap());
    }

    #[test]
    fn an_unknown_account_costs_as_much_as_a_known_one() {
        let passwords = Passwords::new(Cost {
            memory_kib: 4096,
            passes: 2,
            lanes: 1,
        })
        .unwrap();
        let stored = passwords.hash("correct horse").unwrap();
        let fastest = |stored: Option<&str>| {
            (0..5)
                .map(|_| {
                    let begin = std::time::Instant::now();
                    assert!(!passwords.verify("wrong password", stored));
                    begin.elapsed()
                })
                .min()
                .unwrap()
        };
        let (known, unknown) = (fastest(Some(&stored)), fastest(None));
        assert!(unknown * 2 > known && known * 2 > unknown, "{known:?} {unknown:?}");
    }

    #[test]
    fn bad_passwords_are_refused_with_their_pointer() {
        for (password, good) in [
            ("correct horse", true),
            ("十个汉字也可以作为密码", true),
            ("short", false),
            ("           ", false),
            ("Chen-Mingyuan", false),
            ("gongkai-demo", false),
            ("Gongkai-Demo", false),
        ] {
            let mut errors = Vec::new();
            check_new_password("/password", password, "chen-mingyuan", &mut errors);
            assert_eq!(errors.is_empty(), good, "{password}");
        }
        let mut errors = Vec::new();
        check_new_password("/password", &"x".repeat(201), "chen", &mut errors);
        assert_eq!(errors[0].pointer, "/password");
    }
}
