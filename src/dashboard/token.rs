//! The token that the dashboard asks for, when it has one: shown in a header by a program, in a cookie by a browser. No text ever
//! shows it.

use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The environment variable of the token: other users can read the arguments of a process, but not its environment.
pub const TOKEN_VARIABLE: &str = "GOOSE_RECOVERY_DASHBOARD_TOKEN";

/// Goes before the token into the value of the cookie, so that what a browser keeps is of no use anywhere else.
const LABEL: &str = "goose-recovery dashboard, cookie 1: ";

/// Something that cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the token cannot be sent in a header: use letters, digits and -._~+/= only, for example the output of openssl rand -hex 32"
)]
pub struct TokenError;

/// A token.
#[derive(Clone)]
pub struct Token {
    /// Digests are compared, so that not even the token's length shows in the time that it takes.
    digest: [u8; 32],
    /// The same after a restart, and nothing that the token could be told from.
    cookie: String,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// Whether somebody may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Right,
    Wrong,
    Nothing,
}

impl Token {
    /// The token that is written so.
    ///
    /// # Errors
    /// When no header could carry it.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if text.is_empty() || !text.bytes().all(fits) {
            return Err(TokenError);
        }
        let cookie: [u8; 32] = Sha256::new().chain_update(LABEL).chain_update(text).finalize().into();
        let cookie = cookie.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { digest: Sha256::digest(text).into(), cookie })
    }

    /// The value of the cookie that shows it.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Whether `text` is the token.
    pub(crate) fn is(&self, text: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(text).into();
        digest.ct_eq(&self.digest).into()
    }

    /// What `headers` show, be it by `Authorization: Bearer` or by the cookie named so.
    pub(crate) fn shown_by(&self, headers: &HeaderMap, cookie: &str) -> Shown {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = bearer
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        if let Some((_, text)) = bearer {
            return if self.is(text.trim()) { Shown::Right } else { Shown::Wrong };
        }
        // A browser sends all that it has under the name, and tells nobody which is whose.
        let mut cookies = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == cookie)
            .map(|(_, value)| bool::from(value.as_bytes().ct_eq(self.cookie.as_bytes())));
        match cookies.next() {
            Some(true) => Shown::Right,
            Some(false) if cookies.any(|right| right) => Shown::Right,
            Some(false) => Shown::Wrong,
            None => Shown::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: &str = "goose-recovery-80";

    fn token() -> Token {
        Token::new("s3cret").unwrap()
    }

    fn shown(headers: &[(header::HeaderName, &str)]) -> Shown {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        token().shown_by(&headers, COOKIE)
    }

    fn bearer(value: &str) -> Shown {
        shown(&[(header::AUTHORIZATION, value)])
    }

    fn cookie(value: &str) -> Shown {
        shown(&[(header::COOKIE, value)])
    }

    #[test]
    fn takes_the_whole_token_and_nothing_else() {
        assert_eq!(bearer("Bearer s3cret"), Shown::Right);
        assert_eq!(bearer("bearer  s3cret"), Shown::Right);
        for wrong in ["Bearer s3cre", "Bearer s3crett", "Bearer S3CRET", "Bearer "] {
            assert_eq!(bearer(wrong), Shown::Wrong, "{wrong}");
        }
        for other in ["Basic s3cret", "s3cret"] {
            assert_eq!(bearer(other), Shown::Nothing, "{other}");
        }
        assert_eq!(shown(&[]), Shown::Nothing);
    }

    #[test]
    fn takes_the_cookie_among_others_and_never_the_token_in_its_place() {
        let token = token();
        let right = format!("{COOKIE}={}", token.cookie());
        assert_eq!(cookie(&right), Shown::Right);
        assert_eq!(cookie(&format!("a=b; {COOKIE}=old;{right}; c=d")), Shown::Right);
        assert_eq!(cookie(&format!("{COOKIE}=s3cret")), Shown::Wrong);
        assert_eq!(cookie(&format!("{COOKIE}=")), Shown::Wrong);
        // That of a dashboard on another port of the same host.
        assert_eq!(cookie(&format!("{COOKIE}80={}", token.cookie())), Shown::Nothing);
        // What a program says with the request counts, whatever the browser had.
        assert_eq!(shown(&[(header::COOKIE, &right), (header::AUTHORIZATION, "Bearer wrong")]), Shown::Wrong);
    }

    #[test]
    fn the_cookie_is_the_same_after_a_restart_and_does_not_tell_the_token() {
        let (one, again, other) = (token(), token(), Token::new("s3cret2").unwrap());
        assert_eq!(one.cookie(), again.cookie());
        assert_ne!(one.cookie(), other.cookie());
        let plain = Sha256::digest("s3cret").iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_ne!(one.cookie(), plain, "the label is part of it");
        assert_eq!(format!("{one:?}"), "Token(hidden)");
    }

    #[test]
    fn refuses_what_no_header_can_carry_without_repeating_it() {
        for text in ["", "two words", "new\nline", "ünï", "a;b"] {
            let error = Token::new(text).unwrap_err().to_string();
            assert!(text.is_empty() || !error.contains(text), "{error}");
        }
    }
}
