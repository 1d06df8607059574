//! What a run as a whole reads like: load, ledger, harness. Pure.

use super::{commas, counted, run_state, semicolons, with_detail};
use crate::analysis::Summary;
use crate::journal::event::Ledger;
use crate::lang::format::number;
use crate::lang::{Arg, Lang};

/// How a run ended, with the reason.
pub(crate) fn ended(summary: &Summary, lang: Lang) -> String {
    let how = run_state(summary.state, lang);
    summary.state_detail.as_ref().map_or_else(|| how.clone(), |detail| with_detail(&how, detail, lang))
}

/// The load in one line.
pub(crate) fn load(summary: &Summary, lang: Lang) -> String {
    let load = &summary.load;
    if load.requests == 0 {
        return lang.text("load-none");
    }
    let args = [
        ("requests", load.requests.into()),
        ("failed", load.failures.into()),
        ("rate", number(load.requests_per_s).into()),
        ("inside", Arg::length_or(load.inside.p95_us)),
        ("outside", Arg::length_or(load.outside.p95_us)),
    ];
    lang.say("load-line", args)
}

/// The ledger in one line.
pub(crate) fn ledger(ledger: Option<&Ledger>, lang: Lang) -> String {
    let Some(ledger) = ledger else {
        return lang.text("ledger-none");
    };
    let args = [
        ("acknowledged", ledger.acknowledged.into()),
        ("stable", ledger.stable.into()),
        ("stale", ledger.stale.into()),
        ("lost", ledger.lost.into()),
        ("never_read", ledger.never_read.into()),
    ];
    let mut parts = vec![lang.say("ledger-line", args)];
    let more = [
        (ledger.unexpected, "ledger-unexpected"),
        (ledger.indeterminate, "ledger-indeterminate"),
        (ledger.spooled.unwrap_or(0), "ledger-spooled"),
        (ledger.replayed.unwrap_or(0), "ledger-replayed"),
    ];
    parts.extend(counted(more, lang));
    commas(&parts, lang)
}

/// Whether the harness can be trusted, in one line.
pub(crate) fn harness(summary: &Summary, lang: Lang) -> String {
    let lag: Vec<_> = summary
        .harness
        .lag
        .iter()
        .map(|(thread, lag)| {
            let args = [
                ("thread", thread.into()),
                ("p99", Arg::LengthUs(lag.p99_us)),
                ("max", Arg::LengthUs(lag.max_us)),
            ];
            lang.say("harness-lag", args)
        })
        .collect();
    let lag = if lag.is_empty() { lang.text("not-observed") } else { commas(&lag, lang) };
    let lag = lang.say("harness-lags", [("lags", lag.into())]);
    semicolons(&[lag, stalls(summary, lang), unreadable(summary, lang)], lang)
}

/// How often users waited for the journal.
pub(crate) fn stalls(summary: &Summary, lang: Lang) -> String {
    match summary.harness.journal_stalls {
        0 => lang.text("stalls-none"),
        n => {
            let sum = Arg::LengthUs(summary.harness.journal_stalled_us);
            lang.say("stalls", [("n", n.into()), ("sum", sum)])
        }
    }
}

/// How many lines of the journal are lost to the analysis.
pub(crate) fn unreadable(summary: &Summary, lang: Lang) -> String {
    match summary.harness.unreadable_lines {
        0 => lang.text("unreadable-none"),
        n => lang.say("unreadable", [("n", n.into())]),
    }
}
