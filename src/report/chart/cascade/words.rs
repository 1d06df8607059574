//! What the figure of chains says, in the language of the report: on the picture and instead of it. Pure.

use super::series::{ROLES, Row};
use crate::analysis::Summary;
use crate::analysis::model::{AlertRole, LaneState};
use crate::lang::format::micros;
use crate::lang::{Arg, Lang, Sentence};
use crate::report::chart::text::sentences;
use crate::report::view;

/// Every text on the picture that is not a lane's or a chain's own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    /// What stands below the title.
    pub(super) caption: String,
    pub(super) axis: String,
    // The legend.
    pub(super) down: String,
    pub(super) restarting: String,
    pub(super) healthy: String,
    pub(super) span: String,
    pub(super) sink_outage: String,
    pub(super) fault: String,
    /// In the order of [`ROLES`].
    pub(super) roles: [String; 5],
    /// Stands where the numbers of the chains find no room.
    pub(super) unnumbered: String,
    /// In a lane of which nothing is known.
    pub(super) untold: String,
    pub(super) no_data: String,
}

impl Words {
    pub(super) fn new(summary: &Summary, lang: Lang) -> Self {
        let outcomes: Vec<_> = summary.chains.iter().map(|chain| chain.outcome).collect();
        Self {
            title: lang.text("cascade-title"),
            caption: lang.say(
                "cascade-caption",
                [
                    ("started", (&summary.started_at).into()),
                    ("outcomes", view::tally(&outcomes, "count-chains", lang).into()),
                    ("run", (&summary.run_id).into()),
                ],
            ),
            axis: lang.text("chart-seconds-since-start"),
            down: state(LaneState::Down, lang),
            restarting: state(LaneState::Restarting, lang),
            healthy: lang.text("cascade-healthy"),
            span: lang.text("cascade-span"),
            sink_outage: lang.text("cascade-sink-outage"),
            fault: lang.text("term-fault"),
            roles: ROLES.map(|role| alert(role, lang)),
            unnumbered: lang.say("cascade-unnumbered", [("n", summary.chains.len().into())]),
            untold: lang.text("cascade-untold"),
            no_data: lang.text("cascade-no-lane"),
        }
    }
}

/// How a module was.
pub(super) fn state(state: LaneState, lang: Lang) -> String {
    lang.text(match state {
        LaneState::Down => "cascade-down",
        LaneState::Restarting => "cascade-restarting",
    })
}

/// What an alert was.
pub(super) fn alert(role: AlertRole, lang: Lang) -> String {
    lang.text(match role {
        AlertRole::Matched => "cascade-alert-matched",
        AlertRole::Late => "cascade-alert-late",
        AlertRole::Duplicate => "cascade-alert-duplicate",
        AlertRole::Collateral => "cascade-alert-collateral",
        AlertRole::False => "cascade-alert-false",
    })
}

/// What the picture shows.
pub(super) fn alt(rows: &[Row], chains: usize, outages: usize, lang: Lang) -> String {
    let longest = |state: LaneState| {
        let all = rows.iter().flat_map(|row| &row.stretches).filter(|(_, _, of)| *of == state);
        let longest = all.map(|(from, to, _)| micros((to - from) * 1e6)).max();
        longest.map_or_else(|| Sentence::new("none").into(), Arg::LengthUs)
    };
    let sum = |of: fn(&Row) -> usize| Arg::from(rows.iter().map(of).sum::<usize>());
    let mut said = vec![
        lang.say(
            "cascade-alt",
            [
                ("lanes", rows.len().into()),
                ("chains", chains.into()),
                ("faults", sum(|row| row.faults.len())),
                ("alerts", sum(|row| row.alerts.len())),
            ],
        ),
        lang.say(
            "cascade-alt-longest",
            [("down", longest(LaneState::Down)), ("restarting", longest(LaneState::Restarting))],
        ),
    ];
    if outages > 0 {
        said.push(lang.say("cascade-alt-outages", [("n", outages.into())]));
    }
    sentences(lang, &said)
}
