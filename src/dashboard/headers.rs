//! What every answer says to the browser: what it may load and run, that nobody frames or embeds it, and that nobody keeps it.

use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::Refusal;
use crate::lang::Lang;
use crate::report::SCRIPTS_SHA256;

/// Of the page: what is ours, and nothing inline.
pub(super) const OF_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Of a file of a report that is no page: should it be one all the same, it can do nothing. A browser that shows a picture styles the page
/// that it makes around it.
pub(super) const OF_FILE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
);

/// Of everything else.
const OF_ANYTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Of a report or a comparison, which has its style and its script in itself: of scripts those that the templates have, by their
/// hashes, whatever else may be in the file. It is not in a sandbox: to what is opened from there a browser would not send the cookie.
pub(super) fn of_report() -> HeaderValue {
    static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
        let scripts = SCRIPTS_SHA256.map(|hash| format!("'sha256-{hash}'")).join(" ");
        HeaderValue::try_from(format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; img-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'"
        ))
        .ok()
    });
    POLICY.clone().unwrap_or(OF_FILE)
}

/// On every answer alike.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Middleware around all others: gives refusals their words and every answer its headers.
pub(super) async fn dress(State(lang): State<Lang>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        let refusal = response.extensions_mut().remove::<Refusal>();
        // What the framework refuses by itself is a path that is no text.
        response = refusal.unwrap_or(Refusal::Unreadable).told(&path, lang);
    }
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(OF_ANYTHING);
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_may_run_the_scripts_of_the_templates_and_no_other() {
        let policy = of_report();
        let policy = policy.to_str().unwrap();
        let scripts = policy.split("; ").find(|part| part.starts_with("script-src")).unwrap();
        let hashes: Vec<_> = scripts.split(' ').skip(1).collect();
        assert_eq!(hashes.len(), 2, "{scripts}");
        assert!(hashes.iter().all(|hash| hash.starts_with("'sha256-")), "{scripts}");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    }

    #[test]
    fn no_policy_allows_inline_scripts_framing_or_other_hosts() {
        for policy in [OF_PAGE, OF_FILE, OF_ANYTHING, of_report()] {
            let policy = policy.to_str().unwrap();
            assert!(
                policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"),
                "{policy}"
            );
            let scripts = policy.split("; ").find(|part| part.starts_with("script-src")).unwrap_or_default();
            assert!(!scripts.contains("unsafe") && !policy.contains("http"), "{policy}");
        }
    }
}
