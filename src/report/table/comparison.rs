//! A comparison as tables for the terminal, always in English.

use std::collections::BTreeSet;
use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ColumnConstraint, Table};

use super::{ABSENT, NO_BREAK, Page, Styling, WIDTH, cell, colour, to_ascii};
use crate::analysis::Verdict;
use crate::lang::{Arg, Lang};
use crate::report::comparison::Compared;
use crate::report::view::comparison::{self as view, ChangeView, Tally};
use crate::report::view::standing;

/// Writes the comparison: the answer, what differs besides, and a row for each change.
///
/// # Errors
/// What `out` gives.
pub fn print_comparison(compared: &Compared<'_>, styling: Styling, out: &mut impl Write) -> io::Result<()> {
    let page = Page { styling, width: usize::from(styling.width.unwrap_or(WIDTH).max(60)) };
    let mut lines = page.answer(compared);
    lines.extend(page.settings(compared));
    lines.extend(page.besides(compared));
    lines.push(String::new());
    let tally = Tally::of(compared.comparison);
    lines.extend(page.item("", &tally.said(compared.comparison.metrics.len(), Lang::En)));
    lines.extend(page.changes(compared));
    for line in lines {
        let line = if styling.unicode { line } else { to_ascii(&line) };
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The verdict of the same colour.
fn verdict(class: &str) -> Verdict {
    match class {
        "pass" => Verdict::Pass,
        "fail" => Verdict::Fail,
        _ => Verdict::Inconclusive,
    }
}

impl Page {
    fn answer(&self, compared: &Compared<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        if compared.comparison.forced {
            lines.push(self.paint(&Lang::En.text("compare-forced"), Verdict::Fail));
        }
        if let Some(found) = compared.recommendation {
            let answer = if found.chosen.is_some() { Verdict::Pass } else { Verdict::Fail };
            for (at, reason) in standing::reasons(found, Lang::En).iter().enumerate() {
                if at == 0 {
                    lines.push(self.paint(reason, answer));
                } else {
                    lines.extend(self.item("  - ", reason));
                }
            }
        } else {
            let tally = Tally::of(compared.comparison);
            lines.push(self.paint(&tally.headline(Lang::En), verdict(tally.class())));
        }
        lines.extend(self.item("", &view::line(compared.comparison, Lang::En)));
        lines
    }

    /// What each setting of a sweep has shown, and what is open.
    fn settings(&self, compared: &Compared<'_>) -> Vec<String> {
        let Some(found) = compared.recommendation else { return Vec::new() };
        let mut table = self.table([
            "setting",
            "verdict",
            "recovered",
            "mean recovery",
            "restarts per recovery",
            "restarts per fault",
            "requests per entry",
        ]);
        right(&mut table, 2..7);
        for (row, standing) in standing::standings(found, Lang::En).into_iter().zip(&found.standings) {
            let remarks: Vec<_> = row.remarks.iter().map(|remark| format!("({remark})")).collect();
            table.add_row([
                Cell::new([vec![row.setting.clone()], remarks].concat().join(" ")),
                self.verdict_cell(standing.verdict),
                cell(&row.recovered),
                cell(&row.recovery),
                cell(&row.restarts),
                cell(&row.restarts_per_trial),
                cell(&row.requests_per_entry),
            ]);
        }
        let mut lines = vec![String::new()];
        lines.extend(table.lines().map(|line| line.replace(NO_BREAK, " ")));
        let undecided = standing::undecided(found, Lang::En);
        if !undecided.is_empty() {
            lines.push(format!("{}:", Lang::En.text("compare-heading-undecided")));
            lines.extend(undecided.iter().flat_map(|open| self.item("  - ", open)));
        }
        lines
    }

    /// What differs besides, and what weakens the comparison.
    fn besides(&self, compared: &Compared<'_>) -> Vec<String> {
        let comparison = compared.comparison;
        let differences = comparison.differences.iter().map(|difference| {
            format!(
                "{}: {}",
                view::weight(difference.weight, Lang::En),
                Lang::En.read(&difference.sentence())
            )
        });
        let mut lines = vec![String::new(), format!("{}:", Lang::En.text("compare-heading-comparable"))];
        if comparison.differences.is_empty() {
            lines.extend(self.item("  - ", &Lang::En.text("compare-no-difference")));
        }
        lines.extend(differences.flat_map(|text| self.item("  - ", &text)));
        if !comparison.caveats.is_empty() {
            lines.push(format!("{}:", Lang::En.text("compare-caveats")));
        }
        let caveats = comparison.caveats.iter().map(|caveat| Lang::En.read(caveat));
        lines.extend(caveats.flat_map(|text| self.item("  - ", &text)));
        lines
    }

    /// A row per change.
    fn changes(&self, compared: &Compared<'_>) -> Vec<String> {
        let several = |of: fn(&ChangeView) -> &str, views: &[ChangeView]| {
            views.iter().any(|view| of(view) != of(&views[0]))
        };
        let views = view::changes(compared.comparison, Lang::En);
        let scenarios = several(|view| &view.scenario, &views);
        let baseline = compared.comparison.sides.first().map_or("", |side| side.label.as_str());
        let mut lines = Vec::new();
        for side in compared.comparison.sides.iter().skip(1) {
            if compared.comparison.sides.len() > 2 {
                lines.push(super::clean(format!("{} against {baseline}:", side.label)));
            }
            let of_side: Vec<_> = views.iter().filter(|view| view.side == side.label).collect();
            lines.extend(self.changes_of(&of_side, scenarios));
        }
        let whys: BTreeSet<_> = views.iter().filter_map(|view| view.why.clone()).collect();
        lines.extend(whys.iter().flat_map(|why| self.item("  ? ", why)));
        let restricted =
            compared.comparison.metrics.iter().filter_map(|metric| metric.restricted_to_us).min();
        if let Some(us) = restricted {
            let said = Lang::En.say("compare-restricted", [("time", Arg::LengthUs(us))]);
            lines.extend(self.item("  - ", &format!("{}: {said}", Lang::En.text("metric-recovery_time"))));
        }
        lines
    }

    /// The table of one side.
    fn changes_of(&self, views: &[&ChangeView], scenarios: bool) -> Vec<String> {
        let mut table =
            self.table(["metric", "baseline", "value", "n", "difference", "95 % interval", "outcome"]);
        right(&mut table, 1..6);
        for column in [5, 6] {
            if let Some(column) = table.column_mut(column) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        for view in views {
            let mut name = view.metric.clone();
            if scenarios {
                name = format!("{name}, {}", view.scenario);
            }
            let outcome = cell(&view.mark.said());
            let outcome = match view.mark.class {
                "quiet" => outcome,
                class if self.styling.colour => outcome.fg(colour(verdict(class))),
                _ => outcome,
            };
            table.add_row([
                Cell::new(super::clean(name)),
                seen(&view.baseline),
                seen(&view.value),
                cell(&view.n),
                seen(&view.difference),
                cell(&view.interval),
                outcome,
            ]);
        }
        table.lines().map(|line| line.replace(NO_BREAK, " ")).collect()
    }
}

/// A figure, short where there is none.
fn seen(text: &str) -> Cell {
    if text == Lang::En.text("not-observed") { Cell::new(ABSENT) } else { cell(text) }
}

/// Figures stand at the right.
fn right(table: &mut Table, columns: std::ops::Range<usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}
