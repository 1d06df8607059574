//! A comparison in Markdown, for a pull request or a wiki.

use super::document::{Align, Document, Inline};
use crate::lang::Lang;
use crate::report::chart;
use crate::report::comparison::Compared;
use crate::report::view::comparison::{self as view, Tally};
use crate::report::view::standing;

/// The whole text. `base` is put before the names of the figures' files, as in a run's report; without one there are none.
pub(crate) fn page(compared: &Compared<'_>, lang: Lang, base: Option<&str>) -> String {
    let mut page = Document::default();
    head(&mut page, compared, lang);
    settings(&mut page, compared, lang);
    differences(&mut page, compared, lang);
    changes(&mut page, compared, lang);
    page.heading(2, &lang.text("compare-heading-method"));
    let rule = compared.recommendation.map(|_| lang.text("compare-method-rule"));
    let method = rule.into_iter().chain(view::method(compared.comparison, lang));
    page.items(method.map(|sentence| Inline::text(&sentence)));
    if let Some(base) = base {
        for picture in
            chart::of_comparison(compared.sides, compared.comparison, compared.recommendation, lang)
        {
            page.paragraph(&Inline::image(&picture.alt(), &format!("{base}{}.png", picture.name())));
        }
    }
    page.into_text()
}

fn head(page: &mut Document, compared: &Compared<'_>, lang: Lang) {
    let tally = Tally::of(compared.comparison);
    page.heading(1, &lang.text("compare-title"));
    page.paragraph(&Inline::text(&view::line(compared.comparison, lang)));
    if compared.comparison.forced {
        page.paragraph(&Inline::bold(&lang.text("compare-forced")));
    }
    if let Some(found) = compared.recommendation {
        page.heading(2, &lang.text("compare-heading-recommendation"));
        page.items(standing::reasons(found, lang).iter().map(|reason| Inline::text(reason)));
    } else {
        page.paragraph(&Inline::bold(&tally.headline(lang)));
    }
}

/// What each setting has shown, what is open, and the policy to keep.
fn settings(page: &mut Document, compared: &Compared<'_>, lang: Lang) {
    let Some(found) = compared.recommendation else { return };
    let undecided = standing::undecided(found, lang);
    if !undecided.is_empty() {
        page.heading(2, &lang.text("compare-heading-undecided"));
        page.items(undecided.iter().map(|open| Inline::text(open)));
    }
    page.heading(2, &lang.text("compare-heading-standings"));
    let align = |at| if at < 2 { Align::Left } else { Align::Right };
    let columns: Vec<_> =
        standing::columns(lang).into_iter().enumerate().map(|(at, name)| (name, align(at))).collect();
    let row = |row: standing::StandingView| {
        let remarks: String = row.remarks.iter().map(|remark| format!(" · {remark}")).collect();
        let setting = if row.chosen { Inline::bold(&row.setting) } else { Inline::text(&row.setting) };
        let mut cells = vec![setting.then(&remarks), Inline::text(&row.mark.said())];
        let figures = [
            &row.runs,
            &row.recovered,
            &row.recovery,
            &row.restarts,
            &row.restarts_per_trial,
            &row.requests_per_entry,
            &row.lost,
        ];
        cells.extend(figures.map(|figure| Inline::text(figure)));
        cells
    };
    page.table(&columns, standing::standings(found, lang).into_iter().map(row));
    page.paragraph(&Inline::text(&lang.text("compare-standings-meaning")));
    if let Some(policy) = &found.policy {
        page.heading(2, &lang.text("compare-heading-policy"));
        let meaning = lang.say("compare-policy-meaning", [("file", standing::POLICY_FILE.into())]);
        page.paragraph(&Inline::text(&meaning));
        page.code(&policy.to_string());
    }
}

fn differences(page: &mut Document, compared: &Compared<'_>, lang: Lang) {
    page.heading(2, &lang.text("compare-heading-comparable"));
    if compared.comparison.differences.is_empty() {
        page.paragraph(&Inline::text(&lang.text("compare-no-difference")));
    }
    let said = compared.comparison.differences.iter().map(|difference| {
        let text = lang.read(&difference.sentence());
        Inline::bold(&view::weight(difference.weight, lang)).then(" – ").and(&Inline::text(&text))
    });
    page.items(said);
    page.items(compared.comparison.caveats.iter().map(|caveat| Inline::text(&lang.read(caveat))));
}

fn changes(page: &mut Document, compared: &Compared<'_>, lang: Lang) {
    let tally = Tally::of(compared.comparison);
    page.heading(2, &lang.text("compare-heading-changes"));
    page.paragraph(&Inline::text(&tally.said(compared.comparison.metrics.len(), lang)));
    let columns = [
        ("compare-metric", Align::Left),
        ("term-scenario", Align::Left),
        ("compare-side", Align::Left),
        ("compare-outcome", Align::Left),
        ("compare-baseline", Align::Right),
        ("compare-value", Align::Right),
        ("compare-n", Align::Right),
        ("compare-change", Align::Right),
        ("term-interval", Align::Right),
        ("compare-ratio", Align::Right),
        ("compare-p", Align::Right),
    ]
    .map(|(id, align)| (lang.text(id), align));
    let rows = view::changes(compared.comparison, lang).into_iter().map(|row| {
        let outcome = match &row.why {
            Some(why) => format!("{} ({why})", row.mark.said()),
            None => row.mark.said(),
        };
        let cells = [
            &row.metric,
            &row.scenario,
            &row.side,
            &outcome,
            &row.baseline,
            &row.value,
            &row.n,
            &row.difference,
            &row.interval,
            &row.ratio,
            &row.p,
        ];
        cells.map(|cell| Inline::text(cell)).to_vec()
    });
    page.table(&columns, rows);
}
