//! The episodes of a scenario: a bounded table, and what is said of those that did not recover. Pure.

use super::{Inline, Report};
use crate::analysis::model::{Episode, EpisodeNote, Outcome};
use crate::lang::format;
use crate::report::view;

/// So many episodes of a scenario have a row: those that did not recover, and the slowest.
pub(super) const MOST_EPISODES: usize = 40;

impl Report<'_> {
    pub(super) fn episodes(&mut self, all: &[&Episode]) {
        self.heading(4, "md-episodes");
        if all.is_empty() {
            return self.paragraph("md-no-episode");
        }
        let shown = shown(all);
        let restores = all.iter().any(|episode| episode.phases_us.restore.is_some());
        let mut ids = vec![
            ">term-episode-number",
            "term-fault",
            "term-target",
            "term-outcome",
            ">md-recovery",
            ">phase-detect",
            ">phase-restart",
            ">phase-ready",
        ];
        ids.extend(restores.then_some(">phase-restore"));
        ids.extend([">phase-recover", "md-alerts-in-time", ">md-failed-requests"]);
        let columns = self.columns(&ids);
        let rows: Vec<_> = shown.iter().map(|episode| self.episode(episode, restores)).collect();
        let counted = view::tally_episodes(all.iter().copied(), self.lang);
        self.document.paragraph(&Inline::text(&counted));
        self.document.table(&columns, rows);
        self.left_out(all.len(), shown.len());
        if restores {
            self.paragraph("md-restart-of-stores");
        }
        let unrecovered = shown.iter().filter(|episode| episode.outcome != Outcome::Recovered);
        let unrecovered: Vec<_> = unrecovered.map(|episode| self.unrecovered(episode)).collect();
        self.document.items(unrecovered);
    }

    fn episode(&self, episode: &Episode, restores: bool) -> Vec<Inline> {
        let (lang, phases) = (self.lang, &episode.phases_us);
        let length = |us: Option<u64>| us.map_or_else(|| "–".to_owned(), format::length);
        // Each begins or ends with a stamp of the target's.
        let clock = episode.clock_uncertainty_us.map(|us| format!(" ± {}", format::length(us)));
        let phase = |us: Option<u64>| match (us, &clock) {
            (Some(us), Some(clock)) => format!("{}{clock}", format::length(us)),
            _ => length(us),
        };
        let mut cells = vec![
            episode.id.to_string(),
            episode.fault.clone(),
            episode.target.clone(),
            view::outcome_of(episode.outcome, episode.automatic, lang),
            length(episode.recovery_us),
            phase(phases.detect),
            phase(phases.restart),
            phase(phases.ready),
        ];
        cells.extend(restores.then(|| phase(phases.restore)));
        cells.extend([
            phase(phases.recover),
            view::due(&episode.alerts, lang),
            view::of(episode.failed_requests, episode.requests, lang),
        ]);
        cells.iter().map(|cell| Inline::text(cell)).collect()
    }

    /// What became of an episode that did not recover, and what is known of it.
    fn unrecovered(&self, episode: &Episode) -> Inline {
        let args = [
            ("id", episode.id.into()),
            ("outcome", view::outcome(episode.outcome, self.lang).into()),
            ("meaning", view::outcome_meaning(episode.outcome, self.lang).into()),
        ];
        let said = self.say("md-unrecovered", args);
        if episode.outcome != Outcome::Void {
            return said;
        }
        // Why nothing proves an effect: the note of it says so in any language, the evidence in English.
        let void = |note: &&EpisodeNote| note.episode == episode.id && note.text.id == "event-void";
        let noted = self.analysis.notes.iter().find(void).and_then(|note| note.text.args.get("reason"));
        match noted.map(|reason| reason.read(self.lang)).or_else(|| episode.evidence.clone()) {
            Some(reason) => said.then(" (").and(&Inline::text(&reason)).then(")"),
            None => said,
        }
    }
}

/// Those that did not recover first in importance, then the slowest; in their own order.
pub(super) fn shown<'a>(all: &[&'a Episode]) -> Vec<&'a Episode> {
    let mut episodes = all.to_vec();
    episodes.sort_by_key(|episode| {
        (episode.outcome == Outcome::Recovered, std::cmp::Reverse(episode.recovery_us), episode.id)
    });
    episodes.truncate(MOST_EPISODES);
    episodes.sort_by_key(|episode| episode.id);
    episodes
}
