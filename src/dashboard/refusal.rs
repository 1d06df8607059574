//! What is not given, and why: as a page for people, as problem JSON for programs.

use askama::Template;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::PAGE;
use super::problem::{PROBLEM_JSON, Problem};
use crate::lang::Lang;

/// A viewer whom there is no room for comes back after so many seconds.
const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("5");

/// Why something is not given. An answer that carries one gets its form and its headers by [`Refusal::told`], once it is known who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No Host header, or several.
    NoHost,
    /// A host that is not ours.
    Host,
    /// Something else than to read.
    Method,
    /// The token is asked for.
    NoToken,
    /// Another token.
    WrongToken,
    /// Nothing has this address.
    NotFound,
    /// No run, or no file of its report.
    NoRun,
    /// Runs that are not set side by side.
    NotCompared {
        /// In words.
        reason: String,
        /// The address at which they are all the same, if they can be.
        forced: Option<String>,
    },
    /// There are enough viewers.
    TooManyViewers,
    /// An address that cannot be read.
    Unreadable,
    /// It is our fault.
    Broken,
}

/// Whether `path` is one of the API's.
pub(super) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The page.
#[derive(Template)]
#[template(path = "refusal.html")]
struct Document<'a> {
    lang: Lang,
    status: &'a str,
    said: &'a str,
    /// Where to go, and how that is called.
    ways: &'a [(&'a str, String)],
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoHost | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Host => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoToken | Self::WrongToken => StatusCode::UNAUTHORIZED,
            Self::NotFound | Self::NoRun => StatusCode::NOT_FOUND,
            Self::NotCompared { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyViewers => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is wrong and what to do.
    fn said(&self, lang: Lang) -> String {
        lang.text(match self {
            Self::NoHost => "dashboard-refused-no-host",
            Self::Host => "dashboard-refused-host",
            Self::Method => "dashboard-refused-method",
            Self::NoToken => "dashboard-refused-no-token",
            Self::WrongToken => "dashboard-refused-wrong-token",
            Self::NotFound => "dashboard-refused-not-found",
            Self::NoRun => "dashboard-refused-no-run",
            Self::NotCompared { reason, .. } => return reason.clone(),
            Self::TooManyViewers => "dashboard-refused-too-many",
            Self::Unreadable => "dashboard-refused-unreadable",
            Self::Broken => "dashboard-refused-broken",
        })
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let ask = "Bearer realm=\"goose-recovery dashboard\"";
        let refuse = "Bearer realm=\"goose-recovery dashboard\", error=\"invalid_token\"";
        match self {
            Self::Method => Some((header::ALLOW, HeaderValue::from_static("GET, HEAD"))),
            Self::NoToken => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(ask))),
            Self::WrongToken => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(refuse))),
            Self::TooManyViewers => Some((header::RETRY_AFTER, RETRY_AFTER_S)),
            _ => None,
        }
    }

    /// The whole answer to who asked for `path`.
    pub(super) fn told(&self, path: &str, lang: Lang) -> Response {
        let (status, said) = (self.status(), self.said(lang));
        let mut response = if is_api(path) {
            let mut response = (status, Json(Problem::new(status, said))).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
            response
        } else {
            (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], self.page(&said, lang))
                .into_response()
        };
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        response
    }

    fn page(&self, said: &str, lang: Lang) -> String {
        let ways = match self {
            // A browser keeps a cookie back when a link on another site has led here, and sends it when one of ours does.
            Self::NoToken => vec![("", lang.text("dashboard-refused-again"))],
            Self::NotCompared { forced: Some(forced), .. } => {
                vec![
                    (forced.as_str(), lang.text("dashboard-refused-force")),
                    (PAGE, lang.text("dashboard-refused-back")),
                ]
            }
            Self::NoHost | Self::Host | Self::WrongToken => Vec::new(),
            _ => vec![(PAGE, lang.text("dashboard-refused-back"))],
        };
        let document = Document { lang, status: &self.status().to_string(), said, ways: &ways };
        document.render().unwrap_or_else(|_| self.status().to_string())
    }
}

/// Without a body yet: the middleware [`dress`](super::headers::dress) asks it what to say.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Refusal; 10] = [
        Refusal::NoHost,
        Refusal::Host,
        Refusal::Method,
        Refusal::NoToken,
        Refusal::WrongToken,
        Refusal::NotFound,
        Refusal::NoRun,
        Refusal::TooManyViewers,
        Refusal::Unreadable,
        Refusal::Broken,
    ];

    fn text(response: Response) -> String {
        let body = axum::body::to_bytes(response.into_body(), 1 << 20);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        String::from_utf8(runtime.block_on(body).unwrap().to_vec()).unwrap()
    }

    #[test]
    fn a_program_is_told_by_problem_json_and_a_person_by_a_page_with_the_same_words() {
        for lang in Lang::ALL {
            for refusal in ALL {
                let (api, page) = (refusal.told("/api/runs", lang), refusal.told("/apis", lang));
                assert_eq!((api.status(), page.status()), (refusal.status(), refusal.status()));
                assert_eq!(api.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
                let problem: serde_json::Value = serde_json::from_str(&text(api)).unwrap();
                assert_eq!(problem["status"], refusal.status().as_u16());
                let detail = problem["detail"].as_str().unwrap();
                let page = text(page);
                assert!(detail.len() > 10 && page.contains(detail), "{detail}\n{page}");
                assert!(page.contains(&format!("<html lang=\"{}\">", lang.code())), "{page}");
            }
        }
    }

    #[test]
    fn what_comes_from_a_journal_is_escaped() {
        let forced = Some("/compare?run=%22&force=true&x=\"".to_owned());
        let refusal = Refusal::NotCompared { reason: "<script>alert(1)</script> & more".to_owned(), forced };
        let page = text(refusal.told("/compare", Lang::En));
        assert!(!page.contains("<script") && page.contains("&#60;script"), "{page}");
        assert!(page.contains("href=\"/compare?run=%22&#38;force=true&#38;x=&#34;\""), "{page}");
    }
}
