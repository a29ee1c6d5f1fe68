//! Access tokens (JWT, HS256, one key id each) and the stored form of refresh tokens.
//!
//! Expiry is held against the injected clock, never against the system's: the JWT library is told not to look. Keys
//! rotate with an overlap: a retired key signs nothing but still verifies what it signed until that has expired.

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::hs256;
use crate::domain::words::ids::UserId;

/// Who issues and who accepts: a token of another system with the same key would still be foreign.
const ISSUER: &str = "gongkai";
const AUDIENCE: &str = "gongkai-api";

/// Clocks of several nodes may differ by this much before a token counts as issued in the future.
const SKEW_SECONDS: i64 = 30;

/// A signing key. `Debug` does not show the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    pub kid: String,
    pub secret: Vec<u8>,
    /// Up to when tokens of a retired key are taken; none while the key still signs.
    pub verify_until: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// A new key, with an id that tells nothing about the secret.
    pub fn generate() -> Self {
        Self {
            kid: hex::encode(crate::random::bytes::<8>()),
            secret: crate::random::bytes::<32>().to_vec(),
            verify_until: None,
        }
    }

    fn verifies_at(&self, now: DateTime<Utc>) -> bool {
        self.verify_until.is_none_or(|until| now < until)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("verify_until", &self.verify_until)
            .finish_non_exhaustive()
    }
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: UserId,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    /// The version of the person's credentials when it was issued: a new password or a deactivation ends older tokens.
    pub cv: i64,
}

/// Why an access token is not taken. The caller answers all of them alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("not a token of this form or algorithm")]
    Malformed,
    #[error("signed with a key that is unknown or retired")]
    UnknownKey,
    #[error("the signature or a claim is wrong")]
    Invalid,
    #[error("expired")]
    Expired,
    #[error("not valid yet")]
    NotYetValid,
}

/// Issues an access token.
///
/// # Errors
/// The key cannot sign.
pub fn issue(
    key: &SigningKey,
    user_id: UserId,
    credential_version: i64,
    now: DateTime<Utc>,
    lifetime: Duration,
) -> Result<String, TokenFault> {
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: user_id,
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: (now + lifetime).timestamp(),
        cv: credential_version,
    };
    sign(key, &claims)
}

fn sign(key: &SigningKey, claims: &Claims) -> Result<String, TokenFault> {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(key.kid.clone());
    hs256::install();
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(&key.secret)).map_err(|_| TokenFault::Malformed)
}

/// The key id that a token names, read before anything of it is trusted.
///
/// # Errors
/// Not a token, another algorithm (`none` among them), or no key id.
pub fn key_id(token: &str) -> Result<String, TokenFault> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Malformed)?;
    if header.alg != Algorithm::HS256 {
        return Err(TokenFault::Malformed);
    }
    header.kid.ok_or(TokenFault::Malformed)
}

/// Verifies a token against the key it names.
///
/// # Errors
/// Any of [`TokenFault`].
pub fn verify(token: &str, key: &SigningKey, now: DateTime<Utc>) -> Result<Claims, TokenFault> {
    if key_id(token)? != key.kid || !key.verifies_at(now) {
        return Err(TokenFault::UnknownKey);
    }
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    // Both are held against the injected clock below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    hs256::install();
    let claims = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&key.secret), &validation)
        .map_err(|_| TokenFault::Invalid)?
        .claims;
    if claims.exp <= now.timestamp() {
        return Err(TokenFault::Expired);
    }
    if claims.nbf > now.timestamp() + SKEW_SECONDS {
        return Err(TokenFault::NotYetValid);
    }
    Ok(claims)
}

/// The stored form of a refresh token: 256 random bits need neither salt nor stretching.
pub fn refresh_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::domain::words::ids::Id;

    fn now() -> DateTime<Utc> {
        "2026-03-02T01:00:00Z".parse().unwrap()
    }

    fn user() -> UserId {
        UserId::from_uuid(Uuid::from_u128(5))
    }

    fn issued(key: &SigningKey) -> String {
        issue(key, user(), 3, now(), Duration::minutes(15)).unwrap()
    }

    #[test]
    fn a_token_is_taken_until_it_expires_by_the_given_clock() {
        let key = SigningKey::generate();
        let token = issued(&key);
        assert_eq!(key_id(&token).unwrap(), key.kid);
        let claims = verify(&token, &key, now()).unwrap();
        assert_eq!((claims.sub, claims.cv), (user(), 3));
        assert!(verify(&token, &key, now() + Duration::seconds(899)).is_ok());
        let faults = [(900, TokenFault::Expired), (-31, TokenFault::NotYetValid)];
        for (seconds, fault) in faults {
            assert_eq!(verify(&token, &key, now() + Duration::seconds(seconds)), Err(fault));
        }
        assert!(verify(&token, &key, now() - Duration::seconds(30)).is_ok());
    }

    /// Made by a build that still signed with the library's own provider.
    #[test]
    fn a_token_of_an_older_build_stays_valid() {
        let key = SigningKey {
            kid: "bb30b735b30f2b95".to_owned(),
            secret: hex::decode("84b6b0f1a21ee5c6e671f005a916e435bb2fd7e555c7c453a25102e950d44bce").unwrap(),
            verify_until: None,
        };
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6ImJiMzBiNzM1YjMwZjJiOTUifQ.\
            eyJpc3MiOiJnb25na2FpIiwiYXVkIjoiZ29uZ2thaS1hcGkiLCJzdWIiOiIwMTk5MzY0OS01NjgwLTcwNzctYjUzOS00NzUyMzI2M2FhM\
            zkiLCJpYXQiOjE3OTU3ODk2NDEsIm5iZiI6MTc5NTc4OTY0MSwiZXhwIjoxNzk1NzkwNTQxLCJjdiI6MX0.\
            vTiKcKUZlvMn8ILGShfCtlw2thZFUXV3PIyX-twxPJc";
        let then = DateTime::from_timestamp(1_795_789_641, 0).unwrap();
        let claims = verify(token, &key, then).unwrap();
        assert_eq!(claims.sub.to_string(), "01993649-5680-7077-b539-47523263aa39");
        assert_eq!(
            issue(&key, claims.sub, claims.cv, then, Duration::minutes(15)).unwrap(),
            token
        );
    }

    #[test]
    fn a_retired_key_verifies_during_the_overlap_only() {
        let mut key = SigningKey::generate();
        let token = issued(&key);
        key.verify_until = Some(now() + Duration::minutes(5));
        assert!(verify(&token, &key, now() + Duration::minutes(4)).is_ok());
        assert_eq!(
            verify(&token, &key, now() + Duration::minutes(5)),
            Err(TokenFault::UnknownKey)
        );
    }

    #[test]
    fn forged_and_foreign_tokens_are_refused() {
        let key = SigningKey::generate();
        let token = issued(&key);
        let mut parts = token.split('.');
        let (header, body, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let encode = |value: serde_json::Value| BASE64.encode(value.to_string());
        let none = encode(json!({"alg": "none", "typ": "JWT", "kid": key.kid}));
        let other_alg = encode(json!({"alg": "HS512", "typ": "JWT", "kid": key.kid}));
        let no_kid = encode(json!({"alg": "HS256", "typ": "JWT"}));
        let forged_body = encode(
            json!({"iss": ISSUER, "aud": AUDIENCE, "sub": user(), "iat": 0, "nbf": 0, "exp": i64::MAX, "cv": 3}),
        );
        for bad in [
            String::new(),
            "a.b.c".to_owned(),
            format!("{none}.{body}."),
            format!("{none}.{body}.{signature}"),
            format!("{other_alg}.{body}.{signature}"),
            format!("{no_kid}.{body}.{signature}"),
            format!("{header}.{forged_body}.{signature}"),
            format!("{header}.{body}"),
            format!("{header}.{body}.{signature}x"),
        ] {
            assert!(verify(&bad, &key, now()).is_err(), "{bad}");
        }
        let same_kid = SigningKey {
            kid: key.kid.clone(),
            ..SigningKey::generate()
        };
        assert_eq!(verify(&issued(&same_kid), &key, now()), Err(TokenFault::Invalid));
        assert_eq!(
            verify(&issued(&SigningKey::generate()), &key, now()),
            Err(TokenFault::UnknownKey)
        );
        for (iss, aud) in [("elsewhere", AUDIENCE), (ISSUER, "elsewhere")] {
            let claims = Claims {
                iss: iss.to_owned(),
                aud: aud.to_owned(),
                ..verify(&token, &key, now()).unwrap()
            };
            assert_eq!(
                verify(&sign(&key, &claims).unwrap(), &key, now()),
                Err(TokenFault::Invalid)
            );
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let key = SigningKey {
            secret: b"hunter2hunter2".to_vec(),
            ..SigningKey::generate()
        };
        assert!(!format!("{key:?}").contains("104, 117"), "{key:?}");
        assert_ne!(refresh_hash("abc"), "abc");
    }
}
