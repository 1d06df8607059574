//! Alerts that nobody sends: a list of them is asked for, and what is new in it has arrived.
//!
//! An alert is stamped when the answer that shows it is there, so it may have been in the list for up to one interval: its delay is
//! too long by at most that.

use std::collections::HashSet;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::alerts::{ListShape, list::ListError};
use super::thread::Observer;
use crate::clock::{Clock, duration_us};
use crate::fault::Observation;
use crate::journal::JournalHandle;
use crate::plan::Secret;
use crate::stop::Stop;
use crate::target::api::cause;

/// How often the list is asked for.
pub const INTERVAL: Duration = Duration::from_millis(250);
/// Stands in the address for the greatest id so far, for lists that are read on from there.
const AFTER: &str = "{after}";
/// An answer longer than this is no list of alerts.
const MAX_BODY: usize = 1 << 20;

/// A list of alerts that can be asked for.
#[derive(Debug, Clone)]
pub struct AlertList {
    client: reqwest::Client,
    url: Secret,
    headers: HeaderMap,
    shape: ListShape,
    seen: HashSet<String>,
    /// The greatest id that is a number.
    after: u64,
}

/// Why the list cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum AlertListError {
    /// No client.
    #[error("cannot set up an HTTP client")]
    Client(#[source] reqwest::Error),
    /// No answer; the address may be secret.
    #[error("the list of alerts cannot be read: {0}; check --alerts-url")]
    Unreachable(String),
    /// Another answer than a list.
    #[error("--alerts-url gives no list of alerts: {0}")]
    Shape(#[from] ListError),
}

impl AlertList {
    /// The list at `url`; every request for it ends after `timeout`.
    ///
    /// # Errors
    /// [`AlertListError::Client`] without an HTTP client.
    pub fn new(
        url: Secret,
        headers: HeaderMap,
        shape: ListShape,
        timeout: Duration,
    ) -> Result<Self, AlertListError> {
        let client = reqwest::Client::builder().timeout(timeout).no_proxy();
        let client =
            client.redirect(reqwest::redirect::Policy::none()).build().map_err(AlertListError::Client)?;
        Ok(Self { client, url, headers, shape, seen: HashSet::new(), after: 0 })
    }

    /// Asks once, and forgets what was there before: how many alerts that is.
    ///
    /// # Errors
    /// [`AlertListError`] when there is no list.
    pub async fn begin(&mut self) -> Result<usize, AlertListError> {
        Ok(self.news().await?.len())
    }

    /// The alerts that were not in the list before.
    async fn news(&mut self) -> Result<Vec<crate::journal::event::AlertReceived>, AlertListError> {
        let url = self.url.expose().replace(AFTER, &self.after.to_string());
        let unreachable = |error: reqwest::Error| AlertListError::Unreachable(cause(&error));
        let mut answer =
            self.client.get(url).headers(self.headers.clone()).send().await.map_err(unreachable)?;
        if !answer.status().is_success() {
            return Err(AlertListError::Unreachable(format!("HTTP {}", answer.status().as_u16())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(AlertListError::Unreachable("the answer is over 1 MiB".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        let mut alerts = self.shape.read(&body)?;
        self.after = alerts.iter().filter_map(|alert| alert.id.parse().ok()).fold(self.after, u64::max);
        alerts.retain(|alert| self.seen.insert(alert.key.clone()));
        Ok(alerts)
    }
}

/// What the poller needs.
#[derive(Debug)]
pub struct AlertPollTask {
    /// The run's clock.
    pub clock: Clock,
    /// Where it writes.
    pub journal: JournalHandle,
    /// Who watches live.
    pub observer: Observer,
    /// What is asked for.
    pub list: AlertList,
}

impl AlertPollTask {
    /// Asks until `stop`, and once more then.
    pub async fn run(mut self, stop: Stop) {
        let interval = duration_us(INTERVAL);
        let mut next = self.clock.now();
        loop {
            let stopped = stop.or_stopped(self.clock.sleep_until(next)).await.is_err();
            // A target that is away lists nothing; what it has to say is asked for again.
            let news = self.list.news().await.unwrap_or_default();
            let now = self.clock.now();
            for alert in news {
                self.observer.tell(Observation::Alert(now, alert.clone()));
                self.journal.control(now, alert);
            }
            if stopped {
                return;
            }
            next = (next + interval).max(now);
        }
    }
}
