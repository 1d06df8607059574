//! A receiver of alerts, in which format it wants them, and how it is named without giving its secret away.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use sha2::{Digest, Sha256};

use super::alert::Alert;
use super::alertmanager::Notification;
use crate::module::hex;

/// How long one delivery may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// What the body of a delivery looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// The alert itself.
    Json,
    /// What Alertmanager sends to its webhook receivers.
    Alertmanager,
}

/// In front of a URL, it asks for Alertmanager's format.
const ALERTMANAGER: &str = "alertmanager+";

/// Where alerts are sent. Its path and user info may be secrets: `Debug` and [`Webhook::label`] leave them out.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    url: Url,
    format: Format,
    label: String,
    key: String,
}

/// A webhook URL that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// It does not parse.
    #[error("not a URL ({0}): give the whole address, for example http://127.0.0.1:9000/alerts")]
    NotAUrl(String),
    /// Its scheme is not supported, or it has no host.
    #[error(
        "alerts are sent by HTTP: give an address that begins with http:// or https:// (or, for Alertmanager's format, with \
         alertmanager+http:// or alertmanager+https://) and names a host"
    )]
    NotHttp,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Webhook").field(&self.label).finish()
    }
}

impl std::str::FromStr for Webhook {
    type Err = WebhookError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, prefix, address) = match text.strip_prefix(ALERTMANAGER) {
            Some(address) => (Format::Alertmanager, ALERTMANAGER, address),
            None => (Format::Json, "", text),
        };
        let url = Url::parse(address).map_err(|error| WebhookError::NotAUrl(error.to_string()))?;
        let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"));
        let Some(host) = host else {
            return Err(WebhookError::NotHttp);
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let label = format!("{prefix}{}://{host}{port}/…", url.scheme());
        // Two formats at one address are two receivers.
        let key = hex(&Sha256::digest(format!("{prefix}{url}"))[..16]);
        Ok(Self { url, format, label, key })
    }
}

impl Webhook {
    /// Scheme, host and port only.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// A hash that stands for the whole URL in the outbox.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// A client for this webhook. Loopback is never reached through a proxy, and a redirect is no delivery.
    pub(super) fn client(&self) -> Result<reqwest::Client, reqwest::Error> {
        let builder =
            reqwest::Client::builder().timeout(REQUEST_TIMEOUT).redirect(reqwest::redirect::Policy::none());
        let builder = if self.is_loopback() { builder.no_proxy() } else { builder };
        // Reading the system's certificates takes a tenth of a second: only where they are used.
        let plain = self.url.scheme() == "http";
        let builder = if plain { builder.tls_certs_only([]) } else { builder };
        builder.build()
    }

    fn is_loopback(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Sends `alert` once; anything but a 2xx answer is an error, in words that name no secret. `api` is where the
    /// manager's own API is.
    pub(super) async fn send(
        &self,
        client: &reqwest::Client,
        alert: &Alert,
        api: &str,
    ) -> Result<(), String> {
        let request = client.post(self.url.clone()).header("Idempotency-Key", &alert.idempotency_key);
        let request = match self.format {
            Format::Json => request.json(alert),
            Format::Alertmanager => request.json(&Notification::new(alert, api)),
        };
        let answer = request.send().await.map_err(|error| describe(error.without_url()))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("answered {status}")) }
    }
}

/// An error with its causes: reqwest's own text leaves out the part that says what to do.
fn describe(error: reqwest::Error) -> String {
    let error: &dyn std::error::Error = &error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_webhook_without_its_secrets() {
        let hook: Webhook = "https://user:pass@hooks.example:8443/services/T0/SECRET?k=v".parse().unwrap();
        assert_eq!(hook.label(), "https://hooks.example:8443/…");
        let other: Webhook = "alertmanager+http://user:pass@hooks.example/SECRET".parse().unwrap();
        assert_eq!(other.label(), "alertmanager+http://hooks.example/…");
        assert_eq!(format!("{hook:?}"), "Webhook(\"https://hooks.example:8443/…\")");
    }

    #[test]
    fn refuses_what_is_no_http_address() {
        assert_eq!("ftp://x/".parse::<Webhook>().unwrap_err(), WebhookError::NotHttp);
        assert_eq!("alertmanager+ftp://x/".parse::<Webhook>().unwrap_err(), WebhookError::NotHttp);
        assert_eq!("slack+http://x/".parse::<Webhook>().unwrap_err(), WebhookError::NotHttp);
        assert!(matches!("nonsense".parse::<Webhook>(), Err(WebhookError::NotAUrl(_))));
    }

    #[test]
    fn two_paths_on_one_host_are_two_webhooks() {
        let of = |text: &str| text.parse::<Webhook>().unwrap().key().to_owned();
        assert_ne!(of("http://127.0.0.1:1/a"), of("http://127.0.0.1:1/b"));
        assert_ne!(of("http://127.0.0.1:1/a"), of("alertmanager+http://127.0.0.1:1/a"));
    }
}
