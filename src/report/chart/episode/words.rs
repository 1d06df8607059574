//! What stands in and beside the figure of one episode. Pure.

use crate::analysis::model::{Curve, Episode};
use crate::lang::{Arg, Lang, Sentence};

/// Every text of the figure that does not depend on the episode, in one language.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words {
    pub(super) requests: String,
    pub(super) baseline: String,
    pub(super) goodput: String,
    pub(super) lost: String,
    pub(super) failed: String,
    pub(super) held: String,
    pub(super) canaries: String,
    pub(super) limit: String,
    pub(super) canary_failed: String,
}

impl Words {
    pub(super) fn new(lang: Lang) -> Self {
        let text = |name: &str| lang.text(&format!("episode-curve-{name}"));
        Self {
            requests: text("requests"),
            baseline: text("baseline"),
            goodput: text("goodput"),
            lost: text("lost"),
            failed: text("failed"),
            held: text("held"),
            canaries: text("canaries"),
            limit: text("limit"),
            canary_failed: text("canary-failed"),
        }
    }
}

/// How deep it fell in a bin of the curve, what that cost, and how slow the canaries were.
pub(super) fn alt(curve: &Curve, episode: &Episode, limit_us: Option<u64>, lang: Lang) -> String {
    let inside = || curve.timed().filter(|(from, _)| (episode.t0_us..episode.end_us).contains(from));
    let number = |n: Option<f64>| n.map_or_else(|| Sentence::new("not-observed").into(), Arg::Number);
    let rates = inside().filter_map(|(_, bin)| bin.goodput_per_s(curve.bin_us));
    let baseline = episode.baseline.as_ref().and_then(|baseline| baseline.goodput_per_s);
    lang.say(
        "episode-curve-alt",
        [
            ("episode", episode.id.into()),
            ("lowest", number(rates.min_by(f64::total_cmp))),
            ("baseline", number(baseline)),
            ("lost", number(episode.goodput_lost_requests)),
            ("slowest", Arg::length_or(inside().filter_map(|(_, bin)| bin.p95_us).max())),
            ("limit", Arg::length_or(limit_us)),
        ],
    )
}
