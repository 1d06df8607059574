//! For tests of faults: what they act with.

use std::time::Duration;

use super::episode::Context;
use super::symptoms::Symptoms;
use crate::clock::Clock;
use crate::target::Api;

/// A context whose target nobody asks; a fault may take two seconds to show.
pub(super) fn context() -> Context {
    let nobody = url::Url::parse("http://127.0.0.1:9/").unwrap();
    Context {
        clock: Clock::start(),
        api: Api::new(nobody, Duration::from_secs(1)).unwrap(),
        alert_deadline_us: 1,
        symptoms: Symptoms::default(),
        effect_within_us: 2_000_000,
    }
}
