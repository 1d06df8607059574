//! Bins and episodes as rates and windows. Pure.

use super::words::{self, Words};
use crate::analysis::Analysis;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::Lang;
use crate::report::chart::DataTable;
use crate::report::chart::text::{float, seconds};

/// One bin as rates; what has no data is absent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    /// Start and end of the bin in seconds.
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
    pub(crate) ok_per_s: f64,
    pub(crate) failed_per_s: f64,
    pub(crate) error_percent: Option<f64>,
    pub(crate) p50_us: Option<f64>,
    pub(crate) p99_us: Option<f64>,
}

/// A fault that took effect (or should have).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
    pub(crate) target: String,
    pub(crate) outcome: Outcome,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timeline {
    pub(crate) samples: Vec<Sample>,
    pub(crate) windows: Vec<Window>,
    /// When users were held still for a read-back, in seconds: no goodput is no outage there.
    pub(crate) read_backs: Vec<(f64, f64)>,
    /// Where the axis ends.
    pub(super) end_s: f64,
    pub(super) words: Words,
    pub(super) alt: String,
    pub(super) table: DataTable,
}

impl Timeline {
    pub(crate) fn new(analysis: &Analysis, lang: Lang) -> Self {
        let summary = &analysis.summary;
        let window = |episode: &Episode| Window {
            from_s: seconds(episode.t0_us),
            to_s: seconds(episode.end_us.max(episode.t0_us)),
            target: episode.target.clone(),
            outcome: episode.outcome,
        };
        let windows: Vec<_> = summary.episodes.iter().map(window).collect();
        let samples = samples(analysis);
        let last = samples.last().map_or(0.0, |sample| sample.to_s);
        Self {
            read_backs: analysis.read_backs.iter().map(|(from, to)| (seconds(*from), seconds(*to))).collect(),
            end_s: seconds(summary.duration_us).max(last),
            words: Words::new(analysis, lang),
            alt: words::alt(analysis, &samples, &windows, lang),
            table: words::table(&samples, lang),
            samples,
            windows,
        }
    }
}

/// Bins as rates. The last bin ends with the run: it is divided by its true length, and left out when
/// that is so short that a rate would be noise.
fn samples(analysis: &Analysis) -> Vec<Sample> {
    let (bin_us, end_us) = (analysis.timeline.bin_us, analysis.summary.duration_us);
    let mut samples = Vec::with_capacity(analysis.timeline.bins.len());
    for (bin, from_us) in
        analysis.timeline.bins.iter().zip((0..).step_by(usize::try_from(bin_us.max(1)).unwrap_or(1)))
    {
        let to_us = if end_us > from_us { end_us.min(from_us + bin_us) } else { from_us + bin_us };
        if (to_us - from_us) * 4 < bin_us {
            continue;
        }
        let length_s = seconds(to_us - from_us);
        let all = bin.ok + bin.failed;
        samples.push(Sample {
            from_s: seconds(from_us),
            to_s: seconds(to_us),
            ok_per_s: float(bin.ok) / length_s,
            failed_per_s: float(bin.failed) / length_s,
            error_percent: (all > 0).then(|| float(bin.failed) / float(all) * 100.0),
            p50_us: bin.p50_us.map(float),
            p99_us: bin.p99_us.map(float),
        });
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::model::Bin;
    use crate::report::fixture;

    fn with(bin_us: u64, duration_us: u64, bins: &[(u64, u64)]) -> Timeline {
        let mut analysis = fixture::empty();
        analysis.summary.duration_us = duration_us;
        analysis.timeline.bin_us = bin_us;
        analysis.timeline.bins = bins
            .iter()
            .map(|(ok, failed)| Bin {
                ok: *ok,
                failed: *failed,
                p50_us: (*ok > 0).then_some(2_000),
                p99_us: None,
            })
            .collect();
        Timeline::new(&analysis, Lang::En)
    }

    #[test]
    fn counts_become_rates_per_second() {
        let timeline = with(500_000, 1_000_000, &[(400, 100), (0, 0)]);
        assert_eq!(timeline.samples[0].ok_per_s, 800.0);
        assert_eq!(timeline.samples[0].failed_per_s, 200.0);
        assert_eq!(timeline.samples[0].error_percent, Some(20.0));
        // Without requests there is no error rate: not 0 %.
        assert_eq!(timeline.samples[1].error_percent, None);
    }

    #[test]
    fn the_last_bin_is_divided_by_its_true_length() {
        // It lasts 250 of 500 ms, so 100 requests are 400 a second.
        let timeline = with(500_000, 750_000, &[(200, 0), (100, 0)]);
        assert_eq!(timeline.samples[1].ok_per_s, 400.0);
        // 100 of 500 ms are less than a quarter.
        assert_eq!(with(500_000, 600_000, &[(200, 0), (40, 0)]).samples.len(), 1);
    }

    #[test]
    fn every_episode_has_its_window() {
        let timeline = Timeline::new(&fixture::failing(), Lang::En);
        assert_eq!(timeline.windows.len(), 4);
        assert_eq!((timeline.windows[2].from_s, timeline.windows[2].to_s), (16.0, 76.0));
        assert_eq!(timeline.windows[1].outcome, Outcome::Void);
    }

    #[test]
    fn a_bin_without_requests_has_no_data_rather_than_zero() {
        let table = with(500_000, 1_000_000, &[(400, 100), (0, 0)]).table;
        assert_eq!(table.rows[0], ["0.0", "800", "200", "20", "2", "no data"]);
        assert_eq!(table.rows[1], ["0.5", "0", "0", "no data", "no data", "no data"]);
        // Each figure has its unit in the name of its column.
        let names: Vec<_> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.iter().all(|name| name.ends_with(')')), "{names:?}");
    }

    #[test]
    fn those_who_do_not_see_it_hear_its_extremes() {
        let alt = with(500_000, 1_000_000, &[(400, 100), (0, 0)]).alt;
        assert!(alt.contains("over 1 s, with 0 fault windows shaded"), "{alt}");
        assert!(alt.contains("800 requests a second") && alt.contains("20 % failed"), "{alt}");
        assert!(Timeline::new(&fixture::stores(1), Lang::En).alt.contains("held still for 1 read-back."));
        assert!(with(500_000, 0, &[]).alt.starts_with("No data:"));
    }
}
