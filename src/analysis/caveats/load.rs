//! That the load was somebody else's, and what goose was told.

use super::Hidden;
use crate::analysis::thresholds::FailedThreshold;
use crate::journal::event::{Alignment, Notice, OptionNotice};
use crate::lang::{Arg, Sentence};

/// goose tells the start of a request to the millisecond: an error beyond that is none of its rounding.
const ROUNDING_US: u64 = 1_000;

pub(super) fn caveats(hidden: &Hidden, all: &mut Vec<Sentence>) {
    for FailedThreshold { rule, observed } in &hidden.failed_thresholds {
        all.push(Sentence::with("caveat-threshold", [("rule", rule.into()), ("observed", observed.into())]));
    }
    for OptionNotice { option, notice } in &hidden.option_notices {
        let id = match notice {
            Notice::LoadGoesOn => "caveat-load-goes-on",
            Notice::LoadMayEnd => "caveat-load-may-end",
            Notice::JudgedAtTheEnd => "caveat-judged-at-the-end",
            Notice::MayEndInAnOutage => "caveat-may-end-in-an-outage",
        };
        all.push(Sentence::with(id, [("option", option.into())]));
    }
    if let Some(alignment) = &hidden.alignment {
        aligned(alignment, all);
    }
}

/// How far the starts of imported requests can be trusted.
fn aligned(alignment: &Alignment, all: &mut Vec<Sentence>) {
    let placed = alignment.imported - alignment.stamped.min(alignment.imported);
    if placed > 0 {
        let requests = ("requests", Arg::from(placed));
        all.push(match alignment.max_error_us {
            Some(max) => {
                let id = if max > ROUNDING_US { "caveat-misaligned" } else { "caveat-aligned" };
                let compared = ("compared", alignment.compared.into());
                Sentence::with(id, [requests, ("max", Arg::LengthUs(max)), compared])
            }
            None => Sentence::with("caveat-not-compared-starts", [requests]),
        });
    }
    if alignment.unreadable > 0 {
        all.push(Sentence::with("caveat-unreadable-log", [("lines", alignment.unreadable.into())]));
    }
}
