//! What the figure of recovery times says, in the language of the report: on the picture, instead of it and below it. Pure.

use crate::analysis::Summary;
use crate::analysis::model::Episode;
use crate::lang::{Arg, Lang, format};
use crate::report::chart::text::{self, ms, ms_or, sentences};
use crate::report::chart::{Column, DataTable};
use crate::report::view::all_phases;
use crate::report::view::{self, PHASES};

/// The place of `restart` in [`PHASES`].
const RESTART: usize = 1;

/// Every text on the picture that is not a row's or a line's own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    /// What stands below the title.
    pub(super) caption: String,
    pub(super) axis: String,
    /// The legend, in the order of [`PHASES`].
    pub(super) phases: [String; 5],
    pub(super) no_data: String,
}

impl Words {
    pub(super) fn new(summary: &Summary, lang: Lang) -> Self {
        let mut phases = [0, 1, 2, 3, 4].map(|index| view::phase_name(index, lang));
        // With stores among the targets, a restart is not only that of a module.
        if summary.episodes.iter().any(Episode::hits_stores) {
            phases[RESTART] = lang.text("recovery-restart-of-stores");
        }
        Self {
            title: lang.text("recovery-title"),
            caption: lang.say(
                "recovery-caption",
                [
                    ("outcomes", view::tally_episodes(&summary.episodes, lang).into()),
                    ("started", (&summary.started_at).into()),
                    ("run", (&summary.run_id).into()),
                ],
            ),
            axis: lang.text("term-since-fault"),
            phases,
            no_data: lang.text("chart-no-episode"),
        }
    }
}

/// What the picture shows.
pub(super) fn alt(summary: &Summary, lang: Lang) -> String {
    let outcomes = || Arg::from(view::tally_episodes(&summary.episodes, lang));
    let times = || summary.episodes.iter().filter_map(|episode| episode.recovery_us);
    let (Some(fastest), Some(slowest)) = (times().min(), times().max()) else {
        return lang.say("recovery-alt-nothing", [("outcomes", outcomes())]);
    };
    let span = text::range(lang, fastest, slowest);
    sentences(
        lang,
        &[
            lang.text("recovery-alt"),
            lang.say("recovery-alt-times", [("outcomes", outcomes()), ("span", span.into())]),
        ],
    )
}

/// A row for each episode.
pub(super) fn table(summary: &Summary, lang: Lang) -> DataTable {
    // Only where the harness itself ends faults has any of them an end that is known.
    let ends = summary.episodes.iter().any(|episode| episode.recovery_from_end_us.is_some());
    let say = |id: &str, kind| (lang.text(id), kind);
    let mut columns = vec![
        say("term-episode-number", Column::Episode),
        say("term-scenario", Column::Text),
        say("term-fault", Column::Text),
        say("term-target", Column::Text),
        say("term-outcome", Column::Text),
    ];
    let phase = |index| lang.say("recovery-column-phase", [("phase", view::phase_name(index, lang).into())]);
    columns.extend((0..PHASES.len()).map(|index| (phase(index), Column::Figure)));
    columns.push(say("recovery-column-recovery", Column::Figure));
    columns.extend(ends.then(|| say("recovery-column-from-end", Column::Figure)));
    for id in ["recovery-column-failures", "recovery-column-requests", "recovery-column-failed"] {
        columns.push(say(id, Column::Figure));
    }
    let mut table = DataTable::new(columns);
    table.rows = summary.episodes.iter().map(|episode| row(episode, ends, lang)).collect();
    table
}

fn row(episode: &Episode, ends: bool, lang: Lang) -> Vec<String> {
    let mut row = vec![
        episode.id.to_string(),
        episode.scenario.clone(),
        episode.fault.clone(),
        episode.target.clone(),
        view::outcome(episode.outcome, lang),
    ];
    row.extend(all_phases(&episode.phases_us).map(|us| ms_or(lang, us)));
    row.push(ms_or(lang, episode.recovery_us));
    row.extend(ends.then(|| ms_or(lang, episode.recovery_from_end_us)));
    row.push(match (episode.first_failure_us, episode.last_failure_us) {
        (Some(first), Some(last)) => format!("{} … {}", ms(first), ms(last)),
        (Some(first), None) => ms(first),
        (None, _) => lang.text("none"),
    });
    row.extend([episode.requests, episode.failed_requests].map(format::count));
    row
}
