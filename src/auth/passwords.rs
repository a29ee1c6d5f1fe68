//! Passwords: argon2id (RFC 9106), the rules a new password keeps, and answers that take the same time whether or not
//! the account exists.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::words::text::FieldError;

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
    /// The least that the algorithm allows: for tests, which prove nothing about cost.
    pub const LEAST: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
}

/// Why a hash was not computed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Memory is missing, or a parameter is out of range.
    #[error("password hashing failed: {0}")]
    Failed(String),
    /// So many others wait that this one would wait too long.
    #[error("too many passwords are being checked")]
    Busy,
}

/// Computations that may wait for their turn; each holds a thread.
const WAITING_MAX: usize = 64;
/// How long one waits at most.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Lets only so many computations run at once: each takes megabytes and a processor, and anybody can cause one.
#[derive(Debug)]
struct Gate {
    state: Mutex<Turns>,
    left: Condvar,
    limit: usize,
}

#[derive(Debug, Default)]
struct Turns {
    running: usize,
    waiting: usize,
}

impl Gate {
    fn new(limit: usize) -> Self {
        Self {
            state: Mutex::default(),
            left: Condvar::new(),
            limit,
        }
    }

    fn run<T>(&self, patience: Duration, work: impl FnOnce() -> T) -> Result<T, HashError> {
        let mut turns = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.running >= self.limit {
            if turns.waiting >= WAITING_MAX {
                return Err(HashError::Busy);
            }
            turns.waiting += 1;
            (turns, _) = self
                .left
                .wait_timeout_while(turns, patience, |turns| turns.running >= self.limit)
                .unwrap_or_else(PoisonError::into_inner);
            turns.waiting -= 1;
            if turns.running >= self.limit {
                return Err(HashError::Busy);
            }
        }
        turns.running += 1;
        drop(turns);
        let _leave = Leave(self);
        Ok(work())
    }
}

/// Gives the turn back, also after a panic.
struct Leave<'a>(&'a Gate);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
        self.0.left.notify_one();
    }
}

/// Hashes and verifies passwords at one cost.
#[derive(Debug, Clone)]
pub struct Passwords {
    params: Params,
    /// The hash of a random password: verified against when there is no account, at the same cost.
    decoy: String,
    gate: Arc<Gate>,
}

impl Passwords {
    /// Prepares hashing at this cost.
    ///
    /// # Errors
    /// A cost that the algorithm does not allow.
    pub fn new(cost: Cost) -> Result<Self, HashError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .map_err(|e| HashError::Failed(e.to_string()))?;
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        let mut passwords = Self {
            params,
            decoy: String::new(),
            gate: Arc::new(Gate::new(processors)),
        };
        passwords.decoy = passwords.hash(&crate::random::token())?;
        Ok(passwords)
    }

    /// Hashes a password with a fresh salt, in the PHC text form.
    ///
    /// # Errors
    /// Memory for the computation is missing, or too many wait for it.
    pub fn hash(&self, password: &str) -> Result<String, HashError> {
        let salt: [u8; 16] = crate::random::bytes();
        let hashed = self.gate.run(WAIT_MAX, || {
            Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone()).hash_password_with_params(
                password.as_bytes(),
                &salt,
                self.params.clone(),
            )
        })?;
        hashed
            .map(|hash: PasswordHash| hash.to_string())
            .map_err(|error| HashError::Failed(error.to_string()))
    }

    /// Whether the password is the account's; `None` stands for an account that does not exist and costs the same.
    ///
    /// # Errors
    /// Too many wait for the computation.
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, HashError> {
        let matches = self.gate.run(WAIT_MAX, || {
            PasswordHash::new(stored.unwrap_or(&self.decoy))
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })?;
        Ok(matches && stored.is_some())
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
        assert!(passwords.verify("correct horse", Some(&stored)).unwrap());
        assert!(!passwords.verify("correct horsf", Some(&stored)).unwrap());
        assert!(!passwords.verify("correct horse", None).unwrap());
        assert!(!passwords.verify("correct horse", Some("")).unwrap());
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
        // Not measured, which would fail on a busy machine: the same work is done for both.
        let work = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(work(&passwords.decoy), work(&stored));
        assert_eq!(work(&stored), "$argon2id$v=19$m=4096,t=2,p=1");
        assert!(PasswordHash::new(&passwords.decoy).is_ok());
        assert!(!passwords.verify("wrong password", None).unwrap());
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

    #[test]
    fn only_so_many_computations_run_at_once() {
        let gate = Gate::new(1);
        gate.run(Duration::ZERO, || {
            let refused = gate.run(Duration::from_millis(10), || ());
            assert!(matches!(refused, Err(HashError::Busy)));
        })
        .unwrap();
        let (running, most) = (Mutex::new(0), Mutex::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    gate.run(Duration::from_secs(20), || {
                        *running.lock().unwrap() += 1;
                        std::thread::sleep(Duration::from_millis(2));
                        let now = *running.lock().unwrap();
                        let mut most = most.lock().unwrap();
                        *most = now.max(*most);
                        *running.lock().unwrap() -= 1;
                    })
                    .unwrap();
                });
            }
        });
        assert_eq!(*most.lock().unwrap(), 1);
        // A panic gives the turn back.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            gate.run(Duration::ZERO, || panic!("on purpose"))
        }));
        gate.run(Duration::ZERO, || ()).unwrap();
    }
}
