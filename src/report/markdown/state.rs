//! What became of the state: outages, loss of SessionLog entries, resyncs. Pure.

use super::{Inline, Report};
use crate::analysis::model::{AutomaticResyncs, Episode, LossRate, RequestedResyncs, StateRecovery};
use crate::journal::event::Ledger;
use crate::lang::{Arg, format};

impl Report<'_> {
    /// The outages of a scenario that stops stores.
    pub(super) fn outages(&mut self, episodes: &[&Episode]) {
        let own: Vec<_> = super::episodes::shown(episodes)
            .into_iter()
            .filter_map(|episode| Some((episode.id, episode.state.as_ref()?)))
            .collect();
        if own.is_empty() {
            return;
        }
        let columns = self.columns(&[
            ">term-episode-number",
            ">state-outage",
            ">term-time-to-resync",
            ">md-spooled",
            ">md-replayed",
            ">md-newly-damaged",
            "md-resynced",
        ]);
        let rows: Vec<_> = own.iter().map(|(id, state)| self.outage(*id, state)).collect();
        self.heading(4, "md-outages");
        self.document.table(&columns, rows);
    }

    fn outage(&self, id: u32, state: &StateRecovery) -> Vec<Inline> {
        let lang = self.lang;
        let resynced = lang.text(match state.resynced {
            Some(true) => "yes",
            Some(false) => "no",
            None => "state-not-known",
        });
        let resynced = match &state.reason {
            Some(why) => lang.say("with-detail", [("text", resynced.into()), ("detail", why.clone().into())]),
            None => resynced,
        };
        let cells = [
            id.to_string(),
            lang.length_or(state.outage_us),
            lang.length_or(state.resync_us),
            lang.count_or(state.spooled),
            lang.count_or(state.replayed),
            lang.count_or(state.read_back.map(|read| read.newly_damaged)),
            resynced,
        ];
        cells.iter().map(|cell| Inline::text(cell)).collect()
    }

    /// The SessionLog as a whole, and the resyncs by what caused them.
    pub(super) fn state(&mut self) {
        let summary = self.summary();
        let (loss, ledger, resyncs) = (summary.loss, summary.ledger, summary.resyncs);
        self.heading(3, "md-state");
        let Some(ledger) = ledger else {
            return self.paragraph("md-no-entry");
        };
        let mut facts = vec![("term-loss-rate", self.loss(loss)), ("md-entries", self.entries(&ledger))];
        if let Some(resyncs) = resyncs {
            let automatic = match resyncs.automatic {
                Some(AutomaticResyncs { begun, succeeded, failed }) => self.say(
                    "resyncs-automatic",
                    [("begun", begun.into()), ("succeeded", succeeded.into()), ("failed", failed.into())],
                ),
                None => self.text("not-observed"),
            };
            let RequestedResyncs { asked, succeeded, failed, refused, unknown } = resyncs.requested;
            let requested = self.say(
                "md-resyncs-forced-are",
                [
                    ("asked", asked.into()),
                    ("succeeded", succeeded.into()),
                    ("failed", failed.into()),
                    ("refused", refused.into()),
                    ("unknown", unknown.into()),
                ],
            );
            facts.extend([("md-resyncs-automatic", automatic), ("md-resyncs-forced", requested)]);
        }
        self.facts(facts);
    }

    fn loss(&self, loss: Option<LossRate>) -> Inline {
        let Some(LossRate { lost, read, rate, upper_bound }) = loss else {
            return self.text("no-data");
        };
        self.say(
            "md-loss-is",
            [
                ("rate", fine(rate).into()),
                ("lost", lost.into()),
                ("read", read.into()),
                ("bound", fine(upper_bound).into()),
            ],
        )
    }

    fn entries(&self, ledger: &Ledger) -> Inline {
        let spooled = self.lang.count_or(ledger.spooled);
        self.say(
            "md-entries-are",
            [
                ("acknowledged", ledger.acknowledged.into()),
                ("stable", ledger.stable.into()),
                ("stale", ledger.stale.into()),
                ("lost", ledger.lost.into()),
                ("unread", ledger.never_read.into()),
                ("indeterminate", ledger.indeterminate.into()),
                ("spooled", Arg::Text(spooled)),
            ],
        )
    }
}

/// A small share with two digits that matter: a bound of 0.083 % must not read as 0.1 %.
fn fine(share: f64) -> String {
    let percent = share * 100.0;
    if !(1e-9..9.95).contains(&percent) {
        return format::ratio(share);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10")]
    let decimals = (1.0 - percent.log10().floor()) as usize;
    format!("{percent:.decimals$} %")
}
