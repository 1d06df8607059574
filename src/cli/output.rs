//! From a journal to a report and to stdout: what `run` and `report` have in common.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};
use goose_recovery::analysis::{Analysis, Summary};
use goose_recovery::evaluate::{self, BadLines};
use goose_recovery::lang::Lang;
use goose_recovery::report::ReportError;
use goose_recovery::{report, run};

use super::display::styling;
use super::exit::{self, Exit};

/// Where the report goes, and how it reads.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Folder of the report [default: reports/<run id>]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Write over a report that is already there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    forms: FormArgs,
}

/// In which forms a result is given, beside its folder.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct FormArgs {
    /// Language of the page, of report.md and of what CI is told
    #[arg(long, value_enum, value_name = "LANG", default_value_t = Language::En)]
    pub(crate) lang: Language,
    /// What is printed on stdout; with json and markdown nothing else is
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Write report.md to FILE as well, with links to the report's folder
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) markdown: Option<PathBuf>,
    /// Append a table to the file that GITHUB_STEP_SUMMARY names
    #[arg(long)]
    github_summary: bool,
}

impl FormArgs {
    /// Makes ready for a Markdown report and for the summary of a CI job, whose file it gives.
    pub(crate) fn prepare(&self, replace: bool) -> Result<Option<PathBuf>, ReportError> {
        if let Some(path) = &self.markdown {
            report::prepare_markdown(path, replace)?;
        }
        let wanted = self.github_summary.then(|| std::env::var_os("GITHUB_STEP_SUMMARY"));
        wanted.map(report::prepare_step_summary).transpose()
    }
}

/// A language of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
    /// Japanese
    Ja,
}

impl Language {
    /// As it is given on a command line.
    pub(crate) fn code(self) -> &'static str {
        Lang::from(self).code()
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Ja => Self::Ja,
        }
    }
}

/// What is printed on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The verdict, for people
    Table,
    /// summary.json, for programs
    Json,
    /// report.md
    Markdown,
}

/// Where everything goes, once it is known that it can.
#[derive(Debug)]
pub(crate) struct Output {
    args: OutputArgs,
    step_summary: Option<PathBuf>,
}

/// Which run of which journal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) journal: &'a Path,
    pub(crate) run_id: &'a str,
    pub(crate) bad_lines: BadLines,
}

impl OutputArgs {
    /// Finds what is wrong with the places before anything is measured: a run must not end with nowhere to write.
    pub(crate) fn prepare(self) -> anyhow::Result<Output> {
        let step_summary = self.forms.prepare(self.force)?;
        if let Some(out) = &self.out {
            report::prepare(out, self.force)?;
        }
        Ok(Output { args: self, step_summary })
    }
}

impl Output {
    /// Analyses the run, prints what was asked for, writes the report, and gives the exit code.
    pub(crate) fn produce(&self, source: Source<'_>) -> anyhow::Result<Exit> {
        let Self { args, step_summary } = self;
        let (lang, out) = (args.forms.lang.into(), self.out(source.run_id));
        let analysis = evaluate::evaluate(source.journal, source.run_id, source.bad_lines)?;
        // First what is printed: it is there even when the disk takes no report. And the report is there even when stdout
        // takes nothing.
        let printed = print(&self.printed(&analysis, &out)?);
        report::prepare(&out, args.force)?;
        report::write(&analysis, &out, lang)?;
        printed?;
        tell(args.forms.format, &out.join("index.html"))?;
        if let Some(path) = &args.forms.markdown {
            report::write_markdown(&analysis, path, &out, lang)?;
            tell(args.forms.format, path)?;
        }
        if let Some(path) = step_summary {
            report::append_step_summary(&analysis, path, &out, lang)?;
        }
        Ok(exit::of_analysis(&analysis))
    }

    /// The folder that the report's folder is in.
    pub(crate) fn reports(&self) -> PathBuf {
        let reports = self.out("any").parent().map(Path::to_owned).unwrap_or_default();
        if reports.as_os_str().is_empty() { PathBuf::from(".") } else { reports }
    }

    pub(crate) fn lang(&self) -> Lang {
        self.args.forms.lang.into()
    }

    fn out(&self, run_id: &str) -> PathBuf {
        self.args.out.clone().unwrap_or_else(|| run::default_report_folder(run_id))
    }

    fn printed(&self, analysis: &Analysis, out: &Path) -> anyhow::Result<Vec<u8>> {
        Ok(match self.args.forms.format {
            Format::Table => table(&analysis.summary)?,
            Format::Json => report::json::summary(&analysis.summary)?.into_bytes(),
            Format::Markdown => {
                report::markdown_text(analysis, Path::new("."), out, self.args.forms.lang.into()).into_bytes()
            }
        })
    }
}

/// Says where the report is: beside the table, and on stderr where stdout is for programs.
pub(crate) fn tell(format: Format, path: &Path) -> anyhow::Result<()> {
    let line = format!("report: {}\n", path.display());
    match format {
        Format::Table => print(line.as_bytes())?,
        Format::Json | Format::Markdown => std::io::stderr().write_all(line.as_bytes())?,
    }
    Ok(())
}

/// Stdout takes no more.
#[derive(Debug, thiserror::Error)]
#[error("stdout cannot be written: the report itself is complete, only what is printed is not")]
pub(crate) struct PrintError(#[source] std::io::Error);

/// Prints on stdout. That somebody such as `head` has read enough is no error.
pub(crate) fn print(bytes: &[u8]) -> Result<(), PrintError> {
    match std::io::stdout().write_all(bytes).and_then(|()| std::io::stdout().flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(PrintError(error)),
        _ => Ok(()),
    }
}

fn table(summary: &Summary) -> std::io::Result<Vec<u8>> {
    let mut table = Vec::new();
    report::print(summary, styling(), &mut table)?;
    Ok(table)
}
