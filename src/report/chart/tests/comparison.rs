//! What holds for every figure of comparisons and sweeps.

use super::*;
use crate::report::fixture::Sweep;

fn figures(sweep: &Sweep, lang: Lang) -> Vec<Box<dyn Picture>> {
    of_comparison(&sweep.sides(), &sweep.comparison(), Some(&sweep.recommendation()), lang)
}

/// One flag, two of them with settings that were not run, and more sides than looks.
fn sweeps() -> Vec<(&'static str, Sweep)> {
    let retries: Vec<_> = (0..14).map(|n| n.to_string()).collect();
    let retries: Vec<_> = retries.iter().map(String::as_str).collect();
    let two = [("max-retries", ["1", "3", "5"].as_slice()), ("backoff-initial", &["50ms", "1s"])];
    vec![
        ("sweep", fixture::sweep(12)),
        ("few trials", fixture::of_axes(&[("max-retries", &["1", "3"])], 1, 2)),
        ("two flags", fixture::of_axes(&two, 2, 6)),
        ("many", fixture::of_axes(&[("max-retries", &retries)], 1, 6)),
    ]
}

#[test]
fn a_sweep_has_every_figure_and_a_comparison_those_of_its_sides() {
    let sweep = fixture::sweep(12);
    let names = |all: Vec<Box<dyn Picture>>| all.iter().map(|picture| picture.name()).collect::<Vec<_>>();
    let every = ["pareto", "heat_map", "forest", "distributions", "strip"];
    assert_eq!(names(figures(&sweep, Lang::En)), every);
    assert_eq!(names(of_comparison(&sweep.sides(), &sweep.comparison(), None, Lang::En)), every[2..]);
}

#[test]
fn every_png_of_a_comparison_decodes_has_its_size_and_is_not_blank() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("figure.png");
    for picture in figures(&fixture::sweep(6), Lang::En) {
        picture.save_png(&path).unwrap();
        let (width, height, colours) = decoded(&std::fs::read(&path).unwrap());
        assert_eq!((width, height), picture.size(), "{}", picture.name());
        assert!(colours > 20, "{} has {colours}", picture.name());
    }
}

#[test]
fn labels_of_sides_and_settings_are_escaped() {
    let sweep = fixture::hostile_sweep("<script>alert(1)</script>&\"'");
    for picture in Lang::ALL.into_iter().flat_map(|lang| figures(&sweep, lang)) {
        let text = picture.svg().unwrap();
        assert!(!text.contains("<script"), "{}", picture.name());
        assert!(text.contains("&lt;script"), "{}", picture.name());
    }
}

#[test]
fn figures_of_comparisons_are_said_in_both_languages_and_have_words_and_numbers() {
    for (name, sweep) in sweeps() {
        let [english, japanese] = Lang::ALL.map(|lang| figures(&sweep, lang));
        assert_eq!((english.len(), japanese.len()), (5, 5), "{name}");
        for (english, japanese) in english.iter().zip(&japanese) {
            let name = format!("{} of {name}", english.name());
            let said = |picture: &dyn Picture| {
                let table = picture.table();
                assert!(!table.rows.is_empty() && picture.alt().chars().count() > 10, "{name}");
                for row in &table.rows {
                    assert_eq!(row.len(), table.columns.len(), "{name}: {row:?}");
                    assert!(row.iter().all(|cell| !cell.is_empty()), "{name}: {row:?}");
                }
                let cells = table.columns.into_iter().map(|(name, _)| name).chain(table.rows.concat());
                [vec![picture.svg().unwrap(), picture.alt()], cells.collect()].concat().join("\n")
            };
            let texts = [said(&**english), said(&**japanese)];
            assert!(texts.iter().all(|text| !text.contains('⟦')), "{name}: {texts:?}");
            let is_kanji = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(!texts[0].contains(is_kanji) && texts[1].contains(is_kanji), "{name}");
        }
    }
}

#[test]
fn the_style_sheet_knows_every_colour_of_these_figures() {
    let sheet = include_str!("../../html/style.css");
    for (name, sweep) in sweeps() {
        for picture in figures(&sweep, Lang::En) {
            let text = picture.svg().unwrap();
            for colour in text.split(['"']).filter(|part| part.len() == 7 && part.starts_with('#')) {
                assert!(
                    sheet.contains(&format!("[fill=\"{colour}\"]")),
                    "{colour} in {} of {name}",
                    picture.name()
                );
            }
        }
    }
}

#[test]
fn nothing_is_drawn_outside_of_the_figure() {
    for (name, sweep) in sweeps() {
        for picture in figures(&sweep, Lang::En) {
            let (text, (width, height)) = (picture.svg().unwrap(), picture.size());
            for (attribute, most) in [(" x=\"", width), (" y=\"", height)] {
                for part in text.split(attribute).skip(1) {
                    let at: i64 = part.split('"').next().unwrap().parse().unwrap();
                    assert!((0..=i64::from(most)).contains(&at), "{at} in {} of {name}", picture.name());
                }
            }
        }
    }
}
