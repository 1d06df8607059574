//! What the timeline says, in the language of the report: on the picture, instead of it and below it. Pure.

use super::series::{Sample, Window};
use crate::analysis::Analysis;
use crate::analysis::model::Outcome;
use crate::lang::format::{micros, number};
use crate::lang::{Arg, Lang};
use crate::report::chart::text::{ms, percent, sentences};
use crate::report::chart::{Column, DataTable};

/// Every text on the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    /// What stands below the title.
    pub(super) caption: String,
    pub(super) axis: String,
    // The legend.
    pub(super) fault: String,
    pub(super) recovered: String,
    pub(super) read_back: String,
    pub(super) undecided: String,
    pub(super) void: String,
    /// Stands where the names of the targets find no room.
    pub(super) unnamed: String,
    // The panels.
    pub(super) rates: String,
    pub(super) good: String,
    pub(super) failed: String,
    pub(super) errors: String,
    pub(super) latency: String,
    pub(super) no_data: String,
}

impl Words {
    pub(super) fn new(analysis: &Analysis, lang: Lang) -> Self {
        let summary = &analysis.summary;
        Self {
            title: lang.text("timeline-title"),
            caption: lang.say(
                "timeline-caption",
                [
                    ("started", (&summary.started_at).into()),
                    ("bin", Arg::LengthUs(analysis.timeline.bin_us)),
                    ("run", (&summary.run_id).into()),
                ],
            ),
            axis: lang.text("chart-seconds-since-start"),
            fault: lang.text("timeline-fault"),
            recovered: lang.text("timeline-recovered"),
            read_back: lang.text("timeline-read-back"),
            undecided: lang.text("timeline-undecided"),
            void: lang.text("timeline-void"),
            unnamed: lang.say("timeline-unnamed", [("n", summary.episodes.len().into())]),
            rates: lang.text("timeline-rates"),
            good: lang.text("timeline-good"),
            failed: lang.text("timeline-failed"),
            errors: lang.text("timeline-errors"),
            latency: lang.text("timeline-latency"),
            no_data: lang.text("chart-no-request"),
        }
    }
}

/// What the picture shows.
pub(super) fn alt(analysis: &Analysis, samples: &[Sample], windows: &[Window], lang: Lang) -> String {
    if samples.is_empty() {
        return lang.text("timeline-alt-nothing");
    }
    let shaded = windows.iter().filter(|window| window.outcome != Outcome::Void).count();
    let peak = samples.iter().map(|sample| sample.ok_per_s).fold(0.0, f64::max);
    let worst = samples.iter().filter_map(|sample| sample.error_percent).fold(0.0, f64::max);
    let mut said = vec![
        lang.say(
            "timeline-alt",
            [("length", Arg::LengthUs(analysis.summary.duration_us)), ("windows", shaded.into())],
        ),
        lang.say(
            "timeline-alt-extremes",
            [("peak", Arg::Number(peak)), ("worst", Arg::Share(worst / 100.0))],
        ),
    ];
    if !analysis.read_backs.is_empty() {
        said.push(lang.say("timeline-alt-read-backs", [("n", analysis.read_backs.len().into())]));
    }
    sentences(lang, &said)
}

/// A row for each point of the lines.
pub(super) fn table(samples: &[Sample], lang: Lang) -> DataTable {
    let columns = ["from", "good-per-s", "failed-per-s", "error-rate", "p50", "p99"];
    let mut table = DataTable::new(
        columns.map(|column| (lang.text(&format!("timeline-column-{column}")), Column::Figure)),
    );
    let or = |text: Option<String>| text.unwrap_or_else(|| lang.text("no-data"));
    table.rows = samples
        .iter()
        .map(|sample| {
            vec![
                format!("{:.1}", sample.from_s),
                number(sample.ok_per_s),
                number(sample.failed_per_s),
                or(sample.error_percent.map(|rate| percent(rate / 100.0))),
                or(sample.p50_us.map(|us| ms(micros(us)))),
                or(sample.p99_us.map(|us| ms(micros(us)))),
            ]
        })
        .collect();
    table
}
