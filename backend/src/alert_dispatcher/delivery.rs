//! One lane: the alerts of one module to one webhook, one after the other until each is taken.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::alert::Alert;
use super::outbox::Outbox;
use super::webhook::Webhook;
use crate::clock;
use crate::self_healing_daemon::exponential;

/// An alert younger than this is retried at least once a second.
const YOUNG: Duration = Duration::from_secs(60);
const YOUNG_MAX: Duration = Duration::from_secs(1);
const OLD_MAX: Duration = Duration::from_secs(30);
const INITIAL: Duration = Duration::from_millis(100);
const JITTER: f64 = 0.2;

/// The alerts of one module to one webhook.
pub(super) struct Lane {
    pub(super) outbox: Outbox,
    pub(super) webhook: Webhook,
    pub(super) client: reqwest::Client,
    /// Where the manager's own API is.
    pub(super) api: Arc<str>,
    pub(super) module: String,
    pub(super) wake: Arc<Notify>,
}

impl Lane {
    /// Sends what is pending and whatever comes, until it is dropped.
    pub(super) async fn run(self) {
        let mut failures = 0;
        loop {
            match self.outbox.oldest_pending(&self.webhook, &self.module).await {
                Ok(Some(alert)) => {
                    if self.attempt(&alert).await {
                        failures = 0;
                    } else {
                        tokio::time::sleep(pause(failures, age(&alert), rand::random())).await;
                        failures = failures.saturating_add(1);
                    }
                }
                Ok(None) => self.wake.notified().await,
                Err(error) => {
                    tracing::error!(%error, "cannot read the outbox; trying again");
                    tokio::time::sleep(YOUNG_MAX).await;
                }
            }
        }
    }

    /// Sends `alert` once and notes the outcome; answers whether the next one may go.
    async fn attempt(&self, alert: &Alert) -> bool {
        let outcome = self.webhook.send(&self.client, alert, &self.api).await;
        if let Err(error) = &outcome {
            tracing::info!(
                alert = alert.id,
                webhook = self.webhook.label(),
                error,
                "alert not delivered yet"
            );
        }
        let noted =
            self.outbox.attempted(alert.id, &self.webhook, outcome.as_ref().err().map(String::as_str)).await;
        if let Err(error) = &noted {
            // It will be sent again: at least once, with the same idempotency key.
            tracing::error!(%error, alert = alert.id, "cannot note a delivery in the outbox");
        }
        outcome.is_ok() && noted.is_ok()
    }
}

fn age(alert: &Alert) -> Duration {
    Duration::from_micros(u64::try_from(clock::wall_us() - alert.at_us).unwrap_or(0))
}

/// How long to wait after failure number `failures + 1` in a row of an alert this old.
fn pause(failures: u32, age: Duration, unit: f64) -> Duration {
    let max = if age < YOUNG { YOUNG_MAX } else { OLD_MAX };
    exponential(INITIAL, 2.0, max, JITTER, failures, unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn grows_to_a_second_while_young_and_to_half_a_minute_later() {
        let ms = |failures, age_s| pause(failures, Duration::from_secs(age_s), 0.5).as_millis();
        assert_eq!([ms(0, 0), ms(1, 0), ms(2, 0), ms(9, 59)], [100, 200, 400, 1_000]);
        assert_eq!([ms(9, 60), ms(200, 3_600)], [30_000, 30_000]);
    }

    proptest! {
        #[test]
        fn never_leaves_a_young_alert_for_more_than_a_second(failures in 0u32..1_000, unit in 0.0f64..1.0) {
            prop_assert!(pause(failures, Duration::ZERO, unit) <= YOUNG_MAX);
            prop_assert!(pause(failures, Duration::ZERO, unit) >= INITIAL.mul_f64(0.79));
        }
    }
}
