//! The part of the page that belongs to one episode. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::{AlertView, Fact, fact};
use super::verdict::expected_name;
use crate::analysis::Analysis;
use crate::analysis::model::{AlertRow, Episode, EpisodeNote, Expectation, Met, Outcome};
use crate::lang::format::{self, length};
use crate::lang::{Arg, Lang};
use crate::report::view::{self, EpisodeView, PhaseView};

/// So many sections stand open when the page is opened: those that did not recover.
const OPEN: usize = 3;

/// The place of `restore` in [`view::PHASES`]: there is state to restore only where stores were hit.
const RESTORE: usize = 3;

/// One episode.
#[derive(Debug, Serialize)]
pub(super) struct EpisodeSection {
    pub(super) row: EpisodeView,
    pub(super) open: bool,
    pub(super) meaning: String,
    pub(super) phases: Vec<PhaseBar>,
    /// The phases whose end nobody observed.
    pub(super) unobserved: Option<String>,
    pub(super) curve: Option<CurveView>,
    pub(super) facts: Vec<Fact>,
    pub(super) events: Vec<(String, String)>,
    /// Each alert that was due, and what became of it.
    pub(super) expected: Vec<String>,
    pub(super) alerts: Vec<AlertView>,
    pub(super) causes: Vec<(String, String)>,
}

/// One bar of the waterfall.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct PhaseBar {
    /// Its place in [`view::PHASES`]; none for what was not over when the episode ended.
    pub(super) index: Option<usize>,
    pub(super) name: String,
    pub(super) length: String,
    pub(super) meaning: String,
    /// Where it begins, in per cent of all of them.
    pub(super) start: f64,
    /// How long it is, in per cent of all of them.
    pub(super) share: f64,
}

/// The resilience curve around an episode.
#[derive(Debug, Serialize)]
pub(super) struct CurveView {
    /// Drawn by us: markup, with every text in it escaped.
    #[serde(skip)]
    pub(super) svg: String,
    pub(super) alt: String,
}

/// What is known of each episode besides itself.
struct Around<'a> {
    notes: BTreeMap<u32, Vec<&'a EpisodeNote>>,
    alerts: BTreeMap<u32, Vec<&'a AlertRow>>,
    expected: BTreeMap<u32, Vec<&'a Expectation>>,
}

impl<'a> Around<'a> {
    fn new(analysis: &'a Analysis) -> Self {
        let mut around = Self { notes: BTreeMap::new(), alerts: BTreeMap::new(), expected: BTreeMap::new() };
        for note in &analysis.notes {
            around.notes.entry(note.episode).or_default().push(note);
        }
        for alert in &analysis.alerts {
            if let Some(episode) = alert.episode {
                around.alerts.entry(episode).or_default().push(alert);
            }
        }
        for expected in &analysis.expectations {
            around.expected.entry(expected.episode).or_default().push(expected);
        }
        around
    }
}

/// All episodes in order. `curve` draws the curve of those that have one.
pub(super) fn sections<E>(
    analysis: &Analysis,
    lang: Lang,
    curve: impl Fn(&Episode) -> Result<Option<CurveView>, E>,
) -> Result<Vec<EpisodeSection>, E> {
    let around = Around::new(analysis);
    let mut may_open = OPEN;
    let mut sections = Vec::with_capacity(analysis.summary.episodes.len());
    for episode in &analysis.summary.episodes {
        let open = episode.outcome != Outcome::Recovered && may_open > 0;
        may_open -= usize::from(open);
        sections.push(EpisodeSection { open, curve: curve(episode)?, ..section(episode, &around, lang) });
    }
    Ok(sections)
}

/// One episode, closed and without its curve.
fn section(episode: &Episode, around: &Around<'_>, lang: Lang) -> EpisodeSection {
    let row = EpisodeView::new(episode, lang);
    let notes = around.notes.get(&episode.id).into_iter().flatten();
    let alerts = around.alerts.get(&episode.id).into_iter().flatten();
    let expected = around.expected.get(&episode.id).into_iter().flatten();
    EpisodeSection {
        open: false,
        curve: None,
        meaning: view::outcome_meaning(episode.outcome, lang),
        phases: waterfall(episode, &row.phases, lang),
        unobserved: unobserved(episode, lang),
        facts: facts(episode, &row, lang),
        events: notes.map(|note| (since(note.t_us, episode.t0_us), lang.read(&note.text))).collect(),
        expected: expected.map(|expected| met(expected, lang)).collect(),
        alerts: alerts.map(|alert| AlertView::new(alert, lang)).collect(),
        causes: causes(episode, lang),
        row,
    }
}

/// A length that begins or ends with a stamp of the target's.
fn uncertain(us: u64, episode: &Episode) -> String {
    match episode.clock_uncertainty_us {
        Some(clock) => format!("{} ± {}", length(us), length(clock)),
        None => length(us),
    }
}

/// The observed phases one after the other, and what was left open when an episode ended without a recovery.
fn waterfall(episode: &Episode, phases: &[PhaseView], lang: Lang) -> Vec<PhaseBar> {
    let seen: u64 = phases.iter().map(|phase| phase.us).sum();
    let lived = episode.end_us.saturating_sub(episode.t0_us);
    let open = match episode.outcome {
        Outcome::Censored | Outcome::Aborted => lived.saturating_sub(seen),
        Outcome::Recovered | Outcome::Void => 0,
    };
    #[expect(clippy::cast_precision_loss, reason = "shares of a bar")]
    let share = |us: u64| (us as f64 / (seen + open).max(1) as f64 * 1_000.0).round() / 10.0;
    let mut before = 0;
    let mut bar = |index, us: u64, name, meaning| {
        let start = share(before);
        before += us;
        PhaseBar { index, name, length: uncertain(us, episode), meaning, start, share: share(us) }
    };
    let mut bars = Vec::with_capacity(phases.len() + 1);
    for PhaseView { index, us } in phases {
        let meaning = view::phase_meaning(*index, episode.hits_stores(), lang);
        bars.push(bar(Some(*index), *us, view::phase_name(*index, lang), meaning));
    }
    if open > 0 {
        bars.push(bar(None, open, lang.text("page-phase-open"), lang.text("page-phase-open-meaning")));
    }
    bars
}

/// What nobody observed is said, and never shown as zero.
fn unobserved(episode: &Episode, lang: Lang) -> Option<String> {
    if episode.outcome == Outcome::Void {
        return None;
    }
    let absent =
        |(index, us): &(usize, Option<u64>)| us.is_none() && (*index != RESTORE || episode.hits_stores());
    let names: Vec<_> = view::all_phases(&episode.phases_us)
        .into_iter()
        .enumerate()
        .filter(absent)
        .map(|(index, _)| view::phase_name(index, lang))
        .collect();
    (!names.is_empty())
        .then(|| lang.say("page-phases-unobserved", [("phases", view::commas(&names, lang).into())]))
}

/// An instant relative to t0: `+4.9 ms`; before it `−2 ms`.
fn since(t_us: u64, t0_us: u64) -> String {
    if t_us >= t0_us { format!("+{}", length(t_us - t0_us)) } else { format!("−{}", length(t0_us - t_us)) }
}

fn facts(episode: &Episode, row: &EpisodeView, lang: Lang) -> Vec<Fact> {
    let t0 = format!("{} ± {}", format::instant(episode.t0_us), length(episode.t0_uncertainty_us));
    let unobserved = || lang.text("not-observed");
    let mut facts: Vec<_> = [
        ("page-episode-t0", t0),
        ("page-episode-evidence", episode.evidence.clone().unwrap_or_else(unobserved)),
        ("page-episode-automatic", automatic(episode, lang)),
        ("page-episode-recovery", lang.length_or(episode.recovery_us)),
        ("page-episode-first-success", lang.length_or(episode.first_success_us)),
        ("page-episode-first-failure", lang.length_or(episode.first_failure_us)),
        ("page-episode-last-failure", lang.length_or(episode.last_failure_us)),
        ("page-episode-failed", row.failed.clone()),
        ("page-episode-goodput", goodput_lost(episode, lang)),
    ]
    .map(|(id, text)| fact(lang.text(id), text))
    .into();
    if let Some(state) = &episode.state {
        facts.extend(
            view::state::facts(episode, state, lang).into_iter().map(|(name, text)| fact(name, text)),
        );
    } else if !episode.hits_stores() {
        let attempts = episode.restart_attempts.map_or_else(unobserved, |n| n.to_string());
        facts.push(fact(lang.text("page-episode-attempts"), attempts));
    }
    facts.extend([
        fact(lang.text("page-episode-alerts"), row.alerts.clone()),
        fact(lang.text("page-episode-alert-delay"), delays(episode, lang)),
        fact(lang.text("page-episode-baseline"), baseline(episode, lang)),
    ]);
    facts
}

/// The yardstick of the recovery.
fn baseline(episode: &Episode, lang: Lang) -> String {
    let Some(baseline) = &episode.baseline else {
        return lang.text("page-episode-no-baseline");
    };
    let args = [
        ("from", Arg::InstantUs(baseline.from_us)),
        ("to", Arg::InstantUs(baseline.to_us)),
        ("n", baseline.canaries.into()),
        ("good", Arg::Share(baseline.success_ratio)),
        ("p95", Arg::LengthUs(baseline.p95_us)),
    ];
    let mut parts = vec![lang.say("page-episode-baseline-text", args)];
    parts.extend(
        baseline
            .goodput_per_s
            .map(|rate| lang.say("page-episode-baseline-rate", [("rate", Arg::Number(rate))])),
    );
    view::commas(&parts, lang)
}

fn automatic(episode: &Episode, lang: Lang) -> String {
    lang.text(match (episode.is_trial(), episode.automatic) {
        (false, _) => "page-episode-undecided",
        (true, true) => "page-episode-by-itself",
        (true, false) => "no",
    })
}

fn goodput_lost(episode: &Episode, lang: Lang) -> String {
    episode.goodput_lost_requests.map_or_else(
        || lang.text("not-observed"),
        |n| lang.say("page-episode-requests", [("n", Arg::Number(n))]),
    )
}

fn delays(episode: &Episode, lang: Lang) -> String {
    let delays: Vec<_> = episode.alerts.delay_us.iter().map(|us| length(*us)).collect();
    if delays.is_empty() { lang.text("not-observed") } else { view::commas(&delays, lang) }
}

/// An alert that was due, and what became of it.
fn met(expected: &Expectation, lang: Lang) -> String {
    let alert = expected_name(expected, lang);
    let after = |at: u64| Arg::LengthUs(at.saturating_sub(expected.t0_us));
    let due = after(expected.deadline_us);
    match expected.met {
        Met::InTime(at) => {
            lang.say("page-due-in-time", [("alert", alert.into()), ("due", due), ("after", after(at))])
        }
        Met::Late(at) => {
            lang.say("page-due-late", [("alert", alert.into()), ("due", due), ("after", after(at))])
        }
        Met::Missed => lang.say("page-due-missed", [("alert", alert.into()), ("due", due)]),
        Met::Undecided => lang.say("page-due-undecided", [("alert", alert.into()), ("due", due)]),
    }
}

/// How many requests failed for which cause, and those of which the summary keeps no cause.
fn causes(episode: &Episode, lang: Lang) -> Vec<(String, String)> {
    let named: u64 = episode.failure_causes.iter().map(|(_, n)| n).sum();
    let others = episode.failed_requests.saturating_sub(named);
    let mut causes: Vec<_> =
        episode.failure_causes.iter().map(|(cause, n)| (cause.clone(), format::count(*n))).collect();
    if others > 0 && !causes.is_empty() {
        causes.push((lang.text("page-causes-other"), format::count(others)));
    }
    causes
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::report::fixture;

    fn sections(analysis: &Analysis) -> Vec<EpisodeSection> {
        super::sections(analysis, Lang::En, |_| Ok::<_, Infallible>(None)).unwrap()
    }

    #[test]
    fn each_section_has_its_own_events_and_alerts() {
        let sections = sections(&fixture::passing());
        assert!(sections.iter().all(|section| section.events.len() == 5 && section.alerts.len() == 2));
        assert_eq!(sections[1].events[2].0, "+4.9 ms");
    }

    #[test]
    fn only_what_did_not_recover_stands_open() {
        let open: Vec<_> = sections(&fixture::failing()).iter().map(|section| section.open).collect();
        assert_eq!(open, [false, true, true, true]);
    }

    #[test]
    fn the_bars_of_a_waterfall_follow_one_another_to_the_end() {
        for section in sections(&fixture::passing()) {
            for pair in section.phases.windows(2) {
                // Each of them is rounded to a tenth.
                assert!((pair[0].start + pair[0].share - pair[1].start).abs() < 0.11, "{pair:?}");
            }
            let last = section.phases.last().unwrap();
            assert!((last.start + last.share - 100.0).abs() < 0.11, "{last:?}");
        }
    }

    #[test]
    fn an_unobserved_phase_is_not_zero() {
        let section = &sections(&fixture::failing())[2];
        let indices: Vec<_> = section.phases.iter().map(|bar| bar.index).collect();
        assert_eq!(indices, [Some(0), Some(1), None]);
        // Given up after a minute, of which 4.8 ms and 2.4 s are known.
        assert_eq!(section.phases[2].length, "57.6 s");
        assert!(section.unobserved.as_ref().unwrap().contains("ready, recover"), "{:?}", section.unobserved);
        assert_eq!(sections(&fixture::passing())[0].unobserved, None);
    }

    #[test]
    fn failures_without_a_kept_cause_are_counted_too() {
        let mut analysis = fixture::passing();
        analysis.summary.episodes[0].failed_requests += 3;
        let causes = &sections(&analysis)[0].causes;
        assert_eq!(causes.last().unwrap(), &("other causes".to_owned(), "3".to_owned()));
        assert_eq!(sections(&fixture::passing())[0].causes.len(), 2);
    }

    #[test]
    fn each_alert_that_was_due_says_what_became_of_it() {
        let mut analysis = fixture::passing();
        let due = |met| Expectation {
            episode: 1,
            module: "ingest".to_owned(),
            kinds: vec!["module_crashed".to_owned()],
            min_severity: "warning".to_owned(),
            t0_us: 5_000_000,
            deadline_us: 15_000_000,
            met,
        };
        let all = [Met::InTime(5_009_400), Met::Late(16_000_000), Met::Missed, Met::Undecided];
        analysis.expectations = all.map(due).into();
        let expected = &sections(&analysis)[0].expected;
        for (said, word) in expected.iter().zip(["9.4 ms", "late", "did not come", "run ended"]) {
            assert!(said.contains(word) && said.contains("10 s"), "{said}");
        }
    }
}
