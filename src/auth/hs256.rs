//! HMAC with SHA-256, the one algorithm that access tokens are signed with, for the JWT library.
//!
//! The library's own providers bring RSA and elliptic curves along, which nothing here signs with or accepts.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use sha2::Sha256;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(Hs256::signs(key)?)),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(Hs256::verifies(key)?)),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    // For key documents (JWK) only, which nothing here reads or writes.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this the way the library signs and verifies; again and again costs nothing.
pub fn install() {
    // The only failure is that it is installed already.
    let _ = PROVIDER.install_default();
}

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn signs(key: &EncodingKey) -> Result<Self, Error> {
        Self::new(key.as_bytes())
    }

    fn verifies(key: &DecodingKey) -> Result<Self, Error> {
        Self::new(key.try_get_as_bytes()?)
    }

    fn new(secret: &[u8]) -> Result<Self, Error> {
        Hmac::new_from_slice(secret)
            .map(Self)
            .map_err(|_| ErrorKind::InvalidKeyFormat.into())
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    /// In a time that does not depend on where the signatures differ.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        self.0
            .clone()
            .chain_update(message)
            .verify_slice(signature)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

    use super::*;

    /// RFC 7515, appendix A.1.
    #[test]
    fn the_example_of_the_standard_is_signed_and_verified() {
        install();
        let secret = BASE64
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .unwrap();
        let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let signs = EncodingKey::from_secret(&secret);
        let verifies = DecodingKey::from_secret(&secret);
        let algorithm = Algorithm::HS256;
        assert_eq!(
            jsonwebtoken::crypto::sign(message.as_bytes(), &signs, algorithm).unwrap(),
            signature
        );
        let verified =
            |signature: &str| jsonwebtoken::crypto::verify(signature, message.as_bytes(), &verifies, algorithm);
        assert!(verified(signature).unwrap());
        // Changed, cut short, and nothing at all.
        for bad in [&signature.replace('d', "e"), &signature[..22], ""] {
            assert!(!verified(bad).unwrap_or(false), "{bad}");
        }
        for other in [Algorithm::HS512, Algorithm::RS256] {
            assert!(jsonwebtoken::crypto::sign(message.as_bytes(), &signs, other).is_err());
            assert!(jsonwebtoken::crypto::verify(signature, message.as_bytes(), &verifies, other).is_err());
        }
    }
}
