//! URLs without their secrets: nothing of a journal or a report may let a reader act as the user.

use url::Url;

/// Stands for what was taken out.
const HIDDEN: &str = "…";

/// A webhook's URL for people: no user info, no query, no fragment, and of the path only that there is one,
/// because webhooks keep their token there. What is no URL is hidden as a whole.
///
/// ```
/// use goose_recovery::journal::redact::redact_url;
/// assert_eq!(redact_url("https://me:pw@hooks.example.com/services/T0/B0/s3cret?k=v"),
///            "https://hooks.example.com/…");
/// ```
#[must_use]
pub fn redact_url(url: &str) -> String {
    let Some(url) = parse_without_credentials(url) else {
        return HIDDEN.to_owned();
    };
    let path = if matches!(url.path(), "" | "/") { "/".to_owned() } else { format!("/{HIDDEN}") };
    format!("{}{path}", origin(&url))
}

/// A target's base URL for people: as [`redact_url`], but the path stays, because it is part of the target's
/// identity.
///
/// ```
/// use goose_recovery::journal::redact::redact_base_url;
/// assert_eq!(redact_base_url("http://me:pw@127.0.0.1:8000/api?token=1"), "http://127.0.0.1:8000/api");
/// ```
#[must_use]
pub fn redact_base_url(url: &str) -> String {
    let Some(url) = parse_without_credentials(url) else {
        return HIDDEN.to_owned();
    };
    format!("{}{}", origin(&url), url.path())
}

/// Flags whose values may hold what nobody else may know, whatever they look like.
const PRIVATE: [&str; 4] = ["--store-stop-cmd", "--store-start-cmd", "--alert-path", "--apply-cmd"];

/// The value of a flag for people: all of it, but of URLs no user, password or query, and of what may be secret as a whole
/// nothing.
///
/// ```
/// use goose_recovery::journal::redact::redact_flag;
/// assert_eq!(redact_flag("--users", "50"), "50");
/// assert_eq!(redact_flag("--base-url", "http://127.0.0.1:8000"), "http://127.0.0.1:8000");
/// assert_eq!(redact_flag("--base-url", "http://me:pw@127.0.0.1:8000"), "http://127.0.0.1:8000/");
/// assert_eq!(redact_flag("--store-stop-cmd", "pw=secret stop"), "…");
/// ```
#[must_use]
pub fn redact_flag(flag: &str, value: &str) -> String {
    if PRIVATE.contains(&flag) {
        return HIDDEN.to_owned();
    }
    if !value.contains("://") {
        return value.to_owned();
    }
    let redacted = redact_base_url(value);
    // What has nothing to hide stays as it was written.
    let whole = Url::parse(value.trim()).is_ok_and(|url| url.as_str() == redacted);
    if whole { value.to_owned() } else { redacted }
}

/// `None` for what has no host, such as `mailto:me` or `unix:/socket`: which part of it is secret is unknown.
fn parse_without_credentials(url: &str) -> Option<Url> {
    Url::parse(url.trim()).ok().filter(|url| url.host().is_some())
}

fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}", url.scheme())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hides_whatever_could_be_a_secret() {
        let check = |url: &str, webhook: &str, base: &str| {
            assert_eq!(redact_url(url), webhook, "webhook {url}");
            assert_eq!(redact_base_url(url), base, "base {url}");
        };
        check("http://127.0.0.1:8000", "http://127.0.0.1:8000/", "http://127.0.0.1:8000/");
        check("https://u:p@h.example/a/b?c=d#e", "https://h.example/…", "https://h.example/a/b");
        check("http://token@[::1]:9/x", "http://[::1]:9/…", "http://[::1]:9/x");
        check(" https://h.example:443/?q ", "https://h.example/", "https://h.example/");
        check("mailto:me@example.com", "…", "…");
        check("unix:/run/secret.sock", "…", "…");
        check("not a url: s3cret", "…", "…");
        check("", "…", "…");
    }

    proptest! {
        #[test]
        fn never_shows_user_password_query_or_webhook_path(secret in "[a-z]{12}") {
            let url = format!("https://{secret}:{secret}@h.example/{secret}?{secret}={secret}#{secret}");
            prop_assert!(!redact_url(&url).contains(&secret));
            let url = format!("https://{secret}:{secret}@h.example/x?{secret}={secret}#{secret}");
            prop_assert!(!redact_base_url(&url).contains(&secret));
        }
    }
}
