//! What a CI job shows of a run: a table appended to the file that GitHub Actions names.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::ReportError;
use super::markdown::document::{Align, Document, Inline};
use super::view::{self, KpiView, Mark};
use crate::analysis::Analysis;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::{Lang, format};

/// So many episodes have a row; a job's summary may not be longer than 1 MiB.
const MOST_EPISODES: usize = 50;

/// The file of the job's summary, from the value of `GITHUB_STEP_SUMMARY`, once it takes more text.
///
/// # Errors
/// [`ReportError::NoStepSummary`] without a value, and when nothing can be appended to the file.
pub fn prepare_step_summary(variable: Option<OsString>) -> Result<PathBuf, ReportError> {
    let path = variable.filter(|value| !value.is_empty()).map(PathBuf::from);
    let path = path.ok_or(ReportError::NoStepSummary)?;
    open(&path).map_err(|source| ReportError::StepSummary { path: path.clone(), source })?;
    Ok(path)
}

/// Appends verdict, KPIs, failed episodes and the names of the files in the report folder `out`.
///
/// # Errors
/// When it cannot be written.
pub fn append_step_summary(
    analysis: &Analysis,
    path: &Path,
    out: &Path,
    lang: Lang,
) -> Result<(), ReportError> {
    append(path, &text(analysis, out, lang))
}

/// Appends a text of its own.
pub(super) fn append(path: &Path, text: &str) -> Result<(), ReportError> {
    let appended = open(path).and_then(|mut file| file.write_all(format!("\n{text}").as_bytes()));
    appended.map_err(|source| ReportError::StepSummary { path: path.to_owned(), source })
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

/// What is appended.
fn text(analysis: &Analysis, out: &Path, lang: Lang) -> String {
    let summary = &analysis.summary;
    let mut document = Document::default();
    let verdict = Mark::new(summary.verdict, lang).said();
    document.heading(2, &lang.say("ci-title", [("verdict", verdict.into())]));
    document.paragraph(&Inline::text(&view::headline(summary.verdict, lang)));
    let run = [
        ("run", summary.run_id.as_str().into()),
        ("state", view::ended(summary, lang).into()),
        ("seed", summary.seed.to_string().into()),
    ];
    document.paragraph(&Inline::text(&lang.say("ci-run", run)));
    kpis(&mut document, analysis, lang);
    failed_episodes(&mut document, analysis, lang);
    let place = lang.say("ci-files", [("folder", out.to_string_lossy().into_owned().into())]);
    let names = ["index.html", "report.md", "summary.json", "evidence.json", "junit.xml"];
    document.paragraph(&Inline::text(&place).then(" ").and(&Inline::join(names.map(Inline::text), ", ")));
    document.into_text()
}

fn kpis(document: &mut Document, analysis: &Analysis, lang: Lang) {
    let columns = [
        ("term-scenario", Align::Left),
        ("md-kpi", Align::Left),
        ("md-value", Align::Right),
        ("term-pass-line", Align::Left),
        ("md-counted", Align::Left),
        ("term-verdict", Align::Left),
    ];
    let rows = analysis.summary.kpis.iter().map(|kpi| {
        let said = KpiView::new(kpi, lang);
        let cells = [said.scenario, said.name, said.value, said.line, said.counted, said.mark.said()];
        cells.iter().map(|cell| Inline::text(cell)).collect()
    });
    if analysis.summary.kpis.is_empty() {
        document.paragraph(&Inline::text(&lang.text("no-data")));
    } else {
        document.table(&columns.map(|(id, align)| (lang.text(id), align)), rows);
    }
}

/// Those that did not recover.
fn failed_episodes(document: &mut Document, analysis: &Analysis, lang: Lang) {
    let episodes = &analysis.summary.episodes;
    let failed: Vec<_> = episodes.iter().filter(|episode| episode.outcome != Outcome::Recovered).collect();
    if failed.is_empty() {
        let counted = [("n", episodes.len().into())];
        return document.paragraph(&Inline::text(&lang.say("ci-no-failed-episode", counted)));
    }
    let columns = [
        ("term-episode-number", Align::Right),
        ("term-scenario", Align::Left),
        ("term-fault", Align::Left),
        ("term-target", Align::Left),
        ("term-outcome", Align::Left),
        ("md-lasted", Align::Right),
    ];
    let row = |episode: &&Episode| {
        let cells = [
            episode.id.to_string(),
            episode.scenario.clone(),
            episode.fault.clone(),
            episode.target.clone(),
            view::outcome(episode.outcome, lang),
            format::length(episode.end_us.saturating_sub(episode.t0_us)),
        ];
        cells.iter().map(|cell| Inline::text(cell)).collect()
    };
    let columns = columns.map(|(id, align)| (lang.text(id), align));
    document.paragraph(&Inline::text(&lang.text("ci-not-recovered")));
    document.table(&columns, failed.iter().take(MOST_EPISODES).map(row));
    if failed.len() > MOST_EPISODES {
        let more = [("n", (failed.len() - MOST_EPISODES).into())];
        document.paragraph(&Inline::text(&lang.say("md-rows-left-out", more)).then(" summary.json"));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_table_is_appended_to_what_is_there() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("summary.md");
        fs::write(&path, "what another step said\n").unwrap();
        assert_eq!(prepare_step_summary(Some(path.clone().into())).unwrap(), path);
        append_step_summary(&fixture::passing(), &path, Path::new("reports/x"), Lang::En).unwrap();
        append_step_summary(&fixture::failing(), &path, Path::new("reports/y"), Lang::Ja).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("what another step said\n\n## "), "{text}");
        assert_eq!(text.matches("\n## ").count(), 2);
    }

    #[test]
    fn without_the_variable_the_error_says_what_to_do() {
        for missing in [None, Some(OsString::new())] {
            let error = prepare_step_summary(missing).unwrap_err();
            assert!(error.io_error().is_none(), "it is a matter of usage");
            assert!(error.to_string().contains("GITHUB_STEP_SUMMARY") && error.to_string().contains("leave"));
        }
    }

    #[test]
    fn a_file_that_takes_nothing_is_named_early() {
        let home = tempfile::tempdir().unwrap();
        let error = prepare_step_summary(Some(home.path().join("no/such/folder").into())).unwrap_err();
        assert!(error.io_error().is_some() && error.to_string().contains("no/such/folder"), "{error}");
    }

    #[test]
    fn it_reads_like_this() {
        let out = Path::new("reports/x");
        insta::assert_snapshot!("passing", text(&fixture::passing(), out, Lang::En));
        insta::assert_snapshot!("failing", text(&fixture::failing(), out, Lang::En));
        insta::assert_snapshot!("failing_ja", text(&fixture::failing(), out, Lang::Ja));
    }

    #[test]
    fn it_stays_short_and_a_target_puts_nothing_into_it() {
        let mut analysis = fixture::many(200);
        for episode in &mut analysis.summary.episodes {
            episode.outcome = Outcome::Censored;
        }
        let long = text(&analysis, Path::new("x"), Lang::En);
        assert!(long.contains("150") && long.lines().count() < 80, "{long}");
        let mut hostile = fixture::hostile("a | b\n<img src=x> [c](d)");
        hostile.summary.episodes[0].outcome = Outcome::Void;
        let text = text(&hostile, Path::new("x|y"), Lang::En);
        assert!(!text.contains("<img") && !text.contains("[c]("), "{text}");
        for row in text.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
        }
    }
}
