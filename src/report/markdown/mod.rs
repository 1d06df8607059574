//! `report.md`, in the shape of the plan's `docs/operations/r_v0_2_1_poc_report.md`: purpose, environment, results, KPIs,
//! acceptance, the proposed permanent specification, and what is not shown. Pure.

pub(crate) mod comparison;
pub(crate) mod document;
mod environment;
mod episodes;
mod results;
mod specification;
mod state;

use super::evidence::Evidence;
use super::pngs;
use super::view::{self, Mark};
use crate::analysis::{Analysis, Summary};
use crate::lang::{Arg, Lang};
use document::{Align, Document, Inline};

/// The whole report. `base` is put before the names of the report folder's files: empty inside of it, else a path to it
/// that ends with a slash.
pub(crate) fn page(analysis: &Analysis, lang: Lang, base: &str) -> String {
    let mut report = Report { analysis, lang, base, document: Document::default() };
    report.head();
    report.purpose();
    report.environment();
    report.results();
    report.kpis();
    report.acceptance();
    report.specification();
    report.not_shown();
    report.figures();
    report.files();
    report.document.into_text()
}

/// A report that is being written.
struct Report<'a> {
    analysis: &'a Analysis,
    lang: Lang,
    base: &'a str,
    document: Document,
}

impl<'a> Report<'a> {
    fn summary(&self) -> &'a Summary {
        &self.analysis.summary
    }

    /// A text without variables.
    fn text(&self, id: &str) -> Inline {
        Inline::text(&self.lang.text(id))
    }

    /// A text with its variables.
    fn say<const N: usize>(&self, id: &str, args: [(&str, Arg); N]) -> Inline {
        Inline::text(&self.lang.say(id, args))
    }

    fn heading(&mut self, level: usize, id: &str) {
        self.document.heading(level, &self.lang.text(id));
    }

    fn paragraph(&mut self, id: &str) {
        let text = self.text(id);
        self.document.paragraph(&text);
    }

    /// Heads of columns by their ids; a `>` before an id puts the column at the right.
    fn columns(&self, ids: &[&str]) -> Vec<(String, Align)> {
        let column = |id: &&str| match id.strip_prefix('>') {
            Some(id) => (self.lang.text(id), Align::Right),
            None => (self.lang.text(id), Align::Left),
        };
        ids.iter().map(column).collect()
    }

    /// A table of facts: what, and how it is.
    fn facts(&mut self, facts: impl IntoIterator<Item = (&'static str, Inline)>) {
        let columns = self.columns(&["md-fact", "md-value"]);
        let rows: Vec<_> = facts.into_iter().map(|(id, value)| vec![self.text(id), value]).collect();
        self.document.table(&columns, rows);
    }

    /// What stands between a name and what is said of it.
    fn colon(&self) -> String {
        self.lang.text("term-colon")
    }

    /// A file of the report folder.
    fn file(&self, name: &str) -> Inline {
        Inline::link(name, &format!("{}{name}", self.base))
    }

    /// Title and answer.
    fn head(&mut self) {
        let summary = self.summary();
        let (verdict, id) = (summary.verdict, summary.run_id.as_str());
        let run =
            self.say("md-run-line", [("run", id.into()), ("started", summary.started_at.as_str().into())]);
        let verdict = Inline::bold(&Mark::new(verdict, self.lang).said())
            .then(&self.colon())
            .and(&Inline::text(&view::headline(verdict, self.lang)));
        let missed: Vec<_> = summary
            .kpis
            .iter()
            .filter(|kpi| kpi.verdict != crate::analysis::Verdict::Pass)
            .map(|kpi| self.missed(kpi))
            .collect();
        self.document.heading(1, &self.lang.text("md-title"));
        self.document.paragraph(&verdict);
        self.document.items(missed);
        self.document.paragraph(&run);
    }

    fn purpose(&mut self) {
        self.heading(2, "md-purpose");
        self.paragraph("md-purpose-text");
    }

    fn acceptance(&mut self) {
        let evidence = Evidence::of(self.analysis);
        let columns = self.columns(&["md-criterion", "md-result", "md-reason", "md-proof"]);
        let rows = evidence.criteria.iter().map(|criterion| {
            let (symbol, id) = criterion.result.mark();
            let files = criterion.proof.iter().map(|proof| {
                let (name, at) = proof.split_once('#').unwrap_or((proof, ""));
                let file = self.file(name);
                if at.is_empty() { file } else { file.then(&format!(" {at}")) }
            });
            vec![
                Inline::text(&self.lang.read(&criterion.text)),
                Inline::text(&format!("{symbol} {}", self.lang.text(id))),
                Inline::text(&self.lang.read(&criterion.reason)),
                Inline::join(files, ", "),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let progress = self.say(
            "md-progress",
            [("progress", evidence.progress().into()), ("status", evidence.status().into())],
        );
        self.heading(2, "md-acceptance");
        self.document.paragraph(&progress);
        self.document.table(&columns, rows);
    }

    /// What weakens the result, and what nobody may read into it.
    fn not_shown(&mut self) {
        let caveats = self.summary().caveats.iter().map(|caveat| Inline::text(&self.lang.read(caveat)));
        let always = ["md-not-shown-trials", "md-not-shown-machine", "md-not-shown-faults"];
        let all: Vec<_> = caveats.chain(always.map(|id| self.text(id))).collect();
        self.heading(2, "md-not-shown");
        self.document.items(all);
    }

    fn figures(&mut self) {
        self.heading(2, "md-figures");
        let figures = pngs::listed(self.analysis, self.lang);
        if figures.is_empty() {
            return self.paragraph("no-data");
        }
        for (name, alt) in figures {
            self.document.paragraph(&Inline::image(&alt, &format!("{}{name}.png", self.base)));
        }
    }

    fn files(&mut self) {
        let files = [
            ("index.html", "md-file-page"),
            ("summary.json", "md-file-summary"),
            ("evidence.json", "md-file-evidence"),
            ("junit.xml", "md-file-junit"),
        ];
        let files = files.map(|(name, id)| self.file(name).then(&self.colon()).and(&self.text(id)));
        self.heading(2, "md-files");
        self.document.items(files);
    }
}

#[cfg(test)]
mod tests;
