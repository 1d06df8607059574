//! Kaplan and Meier's estimate as a curve that climbs from 0 to the share that recovered. Pure.

use crate::analysis::survival::{Observation, Survival};
use crate::lang::{Arg, Lang, format};
use crate::report::chart::Column;
use crate::report::chart::text::float;

/// From so many times the shortest time on the axis is logarithmic.
const LOG_FROM: f64 = 30.0;

/// Shares that are marked upon each curve.
pub(crate) const MEDIAN: f64 = 0.5;
pub(crate) const P95: f64 = 0.95;

/// What [`rows`] has, by the ids of the columns' names.
pub(crate) const COLUMNS: [(&str, Column); 7] = [
    ("ecdf-column-time", Column::Figure),
    ("ecdf-column-watched", Column::Figure),
    ("ecdf-column-recovered", Column::Figure),
    ("ecdf-column-censored", Column::Figure),
    ("ecdf-column-share", Column::Figure),
    ("ecdf-column-low", Column::Figure),
    ("ecdf-column-high", Column::Figure),
];

/// Recoveries that are taken together. Instants are µs since t0, shares lie between 0 and 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) survival: Survival,
    /// Its name and its figures.
    pub(crate) legend: String,
}

/// A piece of the band: from and to in µs, and the shares between which it lies.
pub(crate) type BandPiece = (f64, f64, [f64; 2]);

/// Where an axis begins and ends, in µs, and whether it is logarithmic.
pub(crate) type Span = (f64, f64, bool);

impl Line {
    pub(crate) fn of(name: &str, observed: &[Observation], lang: Lang) -> Self {
        let survival = Survival::of(observed);
        let legend =
            lang.say("ecdf-line", [("scenario", name.into()), ("figures", figures(&survival, lang).into())]);
        Self { name: name.to_owned(), survival, legend }
    }

    /// The corners of the curve.
    pub(crate) fn corners(&self) -> Vec<(f64, f64)> {
        let Some(last) = self.survival.last() else { return Vec::new() };
        let mut corners = vec![(0.0, 0.0)];
        let mut share = 0.0;
        for step in &self.survival.steps {
            corners.push((float(step.time), share));
            share = 1.0 - step.survival;
            corners.push((float(step.time), share));
        }
        // On to where the last one was given up.
        if float(last) > corners.last().map_or(0.0, |corner| corner.0) {
            corners.push((float(last), share));
        }
        corners
    }

    /// The band of the estimate; none where every trial recovered, as the curve is then simply what was measured.
    pub(crate) fn band(&self) -> Vec<BandPiece> {
        if self.survival.censored.is_empty() {
            return Vec::new();
        }
        let ends = self.survival.steps.iter().skip(1).map(|step| step.time).chain(self.survival.last());
        let pieces = self.survival.steps.iter().zip(ends);
        pieces
            .filter_map(|(step, end)| {
                let [low, high] = step.band?;
                Some((float(step.time), float(end), [1.0 - high, 1.0 - low]))
            })
            .collect()
    }

    /// Where trials were given up, upon the curve.
    pub(crate) fn censored(&self) -> Vec<(f64, f64)> {
        let on_curve = |at: &u64| (float(*at), 1.0 - self.survival.at(*at));
        self.survival.censored.iter().map(on_curve).collect()
    }

    /// Where so many have recovered.
    pub(crate) fn reached(&self, share: f64) -> Option<f64> {
        self.survival.quantile(share).map(float)
    }
}

/// The rows of one curve, one cell for each of [`COLUMNS`]: what was censored stands with the instant before it.
pub(crate) fn rows(line: &Line) -> Vec<Vec<String>> {
    let survival = &line.survival;
    if survival.observations == 0 {
        return Vec::new();
    }
    let mut starts = vec![(0, survival.observations, 0, 0.0, None)];
    for step in &survival.steps {
        let band = step.band.map(|[low, high]| [1.0 - high, 1.0 - low]);
        starts.push((step.time, step.at_risk, step.events, 1.0 - step.survival, band));
    }
    // At the instant of an event the event comes first, so an instant's censored ones are after it.
    let ends = starts.iter().skip(1).map(|start| start.0).chain([u64::MAX]).collect::<Vec<_>>();
    let rows = starts.into_iter().zip(ends).map(|((time, watched, events, share, band), end)| {
        let censored = survival.censored.iter().filter(|at| (time..end).contains(at)).count();
        let bound = |side: usize| band.map_or_else(|| "–".to_owned(), |band: [f64; 2]| percent(band[side]));
        vec![
            format::number(float(time) / 1e3),
            format::count(watched),
            format::count(events),
            format::count(censored as u64),
            percent(share),
            bound(0),
            bound(1),
        ]
    });
    rows.collect()
}

/// `23 of 24 recovered, median 150 ms (95 %: 148 ms to 152 ms), p95 190 ms`
fn figures(survival: &Survival, lang: Lang) -> String {
    if survival.observations == 0 {
        return lang.text("ecdf-no-trial");
    }
    let at = |us: Option<u64>| us.map_or_else(|| Arg::from(lang.text("ecdf-not-reached")), Arg::LengthUs);
    let interval = match survival.quantile_interval(MEDIAN) {
        [Some(low), Some(high)] => {
            lang.say("ecdf-interval", [("low", Arg::LengthUs(low)), ("high", Arg::LengthUs(high))])
        }
        [Some(low), None] => lang.say("ecdf-interval-open", [("low", Arg::LengthUs(low))]),
        [None, _] => String::new(),
    };
    lang.say(
        "ecdf-figures",
        [
            ("recovered", survival.events().into()),
            ("trials", survival.observations.into()),
            ("median", at(survival.quantile(MEDIAN))),
            ("interval", interval.into()),
            ("p95", at(survival.quantile(P95))),
        ],
    )
}

/// Where the axis of all of these begins and ends, in µs, and whether it is logarithmic; absent without an observation.
pub(crate) fn axis(lines: &[Line]) -> Option<Span> {
    let times = lines.iter().flat_map(|line| {
        line.survival.steps.iter().map(|step| step.time).chain(line.survival.censored.iter().copied())
    });
    span(times, LOG_FROM)
}

/// Where an axis of these times begins and ends; logarithmic where the longest has `log_from` times the shortest.
pub(crate) fn span(times: impl Iterator<Item = u64> + Clone, log_from: f64) -> Option<Span> {
    let longest = float(times.clone().max()?).max(1.0);
    let shortest = times.filter(|time| *time > 0).min().map_or(longest, float);
    if longest >= shortest * log_from {
        Some((shortest, longest, true))
    } else {
        // A little air, so that the last step does not stand on the frame.
        Some((0.0, longest * 1.08, false))
    }
}

fn percent(share: f64) -> String {
    format::number(share * 100.0)
}
