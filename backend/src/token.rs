//! The bearer token of changing calls. It comes from the environment, which other users cannot read, never from the
//! command line, and no text ever shows it.

use std::ffi::OsString;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The environment variable of the token.
pub(crate) const TOKEN_VARIABLE: &str = "FAULT_RECOVERY_TOKEN";

/// A token that cannot be sent in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{TOKEN_VARIABLE} holds something that is no bearer token: use letters, digits and -._~+/= only, for example the \
     output of openssl rand -hex 32"
)]
pub struct TokenError;

/// A bearer token.
#[derive(Clone)]
pub(crate) struct Token {
    header: Arc<HeaderValue>,
    /// Digests are compared, so that not even the token's length shows in the time that it takes.
    digest: [u8; 32],
}

impl std::fmt::Debug for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Token(…)")
    }
}

impl Token {
    /// The token in the environment; an empty variable is none.
    pub(crate) fn from_environment() -> Result<Option<Self>, TokenError> {
        Self::from_variable(std::env::var_os(TOKEN_VARIABLE))
    }

    /// The token that the variable's `value` holds.
    pub(crate) fn from_variable(value: Option<OsString>) -> Result<Option<Self>, TokenError> {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let text = value.to_str().ok_or(TokenError)?;
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)) {
            return Err(TokenError);
        }
        let mut header = HeaderValue::try_from(format!("Bearer {text}")).map_err(|_| TokenError)?;
        header.set_sensitive(true);
        Ok(Some(Self { header: Arc::new(header), digest: Sha256::digest(text).into() }))
    }

    /// The value of the Authorization header that shows it.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::clone(&self.header)
    }

    /// Whether `headers` show this token; `None` when they show none at all.
    pub(crate) fn is_shown_by(&self, headers: &HeaderMap) -> Option<bool> {
        let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, shown) = shown.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let digest: [u8; 32] = Sha256::digest(shown.trim()).into();
        Some(digest.ct_eq(&self.digest).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Result<Option<Token>, TokenError> {
        Token::from_variable(Some(text.into()))
    }

    fn shown(authorization: &str) -> Option<bool> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        token("s3cret").unwrap().unwrap().is_shown_by(&headers)
    }

    #[test]
    fn takes_the_whole_token_and_nothing_else() {
        assert_eq!(shown("Bearer s3cret"), Some(true));
        assert_eq!(shown("bearer  s3cret"), Some(true));
        for wrong in ["Bearer s3cre", "Bearer s3crett", "Bearer S3CRET", "Bearer "] {
            assert_ne!(shown(wrong), Some(true), "{wrong}");
        }
        assert_eq!(shown("Basic s3cret"), None);
        assert_eq!(shown("s3cret"), None);
        assert_eq!(token("s3cret").unwrap().unwrap().is_shown_by(&HeaderMap::new()), None);
    }

    #[test]
    fn an_empty_variable_is_no_token_and_a_token_is_never_shown() {
        assert!(token("").unwrap().is_none());
        assert!(Token::from_variable(None).unwrap().is_none());
        let token = token("s3cret").unwrap().unwrap();
        assert_eq!(format!("{token:?} {:?}", token.header()), "Token(…) Sensitive");
    }

    #[test]
    fn refuses_what_no_header_can_carry() {
        for text in ["two words", "new\nline", "ünï"] {
            let error = token(text).unwrap_err();
            assert!(!error.to_string().contains(text), "{error}");
        }
    }
}
