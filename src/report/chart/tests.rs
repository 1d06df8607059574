//! What holds for every figure of the report.

mod comparison;

use std::collections::HashSet;
use std::io::Cursor;

use super::*;
use crate::report::fixture;

/// Runs as they come: from nothing to two hundred episodes, with every figure among them.
fn runs() -> Vec<(&'static str, Analysis)> {
    vec![
        ("empty", fixture::empty()),
        ("one", fixture::many(1)),
        ("passing", fixture::passing()),
        ("failing", fixture::failing()),
        ("fates", fixture::all_fates()),
        ("many", fixture::many(200)),
        ("store", fixture::stores(1)),
        ("broken-stores", fixture::broken_stores()),
        ("many-stores", fixture::stores(200)),
        ("chain", fixture::chains(1)),
        ("chains", fixture::chains(4)),
        ("many-chains", fixture::chains(100)),
    ]
}

/// Width, height and number of colours of a PNG.
fn decoded(png: &[u8]) -> (u32, u32, usize) {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    // Every 13th pixel is enough to tell a picture from an empty sheet.
    let colours: HashSet<_> = pixels.chunks_exact(3).step_by(13).collect();
    (info.width, info.height, colours.len())
}

#[test]
fn every_png_decodes_has_its_size_and_is_not_blank() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("figure.png");
    // Pixels take long without optimisation: each figure in its fullest and in its emptiest case.
    let cases = [
        fixture::all_fates(),
        fixture::empty(),
        fixture::many(200),
        fixture::chains(40),
        fixture::broken_stores(),
    ];
    for picture in cases.iter().flat_map(|analysis| pictures(analysis, Lang::En)) {
        picture.save_png(&path).unwrap();
        let (width, height, colours) = decoded(&std::fs::read(&path).unwrap());
        assert_eq!((width, height), picture.size(), "{}", picture.name());
        // Antialiased text alone brings dozens of greys.
        assert!(colours > 20, "{} has {colours}", picture.name());
    }
}

#[test]
fn the_figures_stand_in_the_order_of_the_report_and_only_where_there_is_something_to_show() {
    let names = |analysis: &Analysis| -> Vec<_> {
        pictures(analysis, Lang::En).iter().map(|picture| picture.name()).collect()
    };
    let every = ["timeline", "resilience", "recovery", "recovery_ecdf", "latency", "alerts"];
    assert_eq!(names(&fixture::empty()), every);
    assert_eq!(names(&fixture::stores(1)), [&every[..5], &["resync"], &every[5..]].concat());
    assert_eq!(names(&fixture::chains(1)), [&every[..], &["cascade"]].concat());
}

#[test]
fn text_of_an_svg_is_escaped() {
    let markup = "<script>alert(1)</script>&\"'";
    let hostile = [
        (fixture::hostile(markup), ["timeline", "resilience", "recovery", "recovery_ecdf"].as_slice()),
        (fixture::hostile_stores(markup), &["resync"]),
        (fixture::hostile_chains(markup), &["cascade"]),
    ];
    for (analysis, names) in &hostile {
        let all = Lang::ALL.into_iter().flat_map(|lang| pictures(analysis, lang));
        let of_interest: Vec<_> = all.filter(|picture| names.contains(&picture.name())).collect();
        assert_eq!(of_interest.len(), names.len() * Lang::ALL.len());
        for picture in of_interest {
            let text = picture.svg().unwrap();
            assert!(!text.contains("<script"), "{}", picture.name());
            assert!(text.contains("&lt;script"), "{}", picture.name());
        }
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for (run, analysis) in runs() {
        let [english, japanese] = Lang::ALL.map(|lang| pictures(&analysis, lang));
        for (english, japanese) in english.iter().zip(&japanese) {
            let name = english.name();
            let said = |picture: &dyn Picture| {
                let table = picture.table();
                let cells = table.columns.into_iter().map(|(name, _)| name).chain(table.rows.concat());
                [vec![picture.svg().unwrap(), picture.alt()], cells.collect()].concat().join("\n")
            };
            let texts = [said(&**english), said(&**japanese)];
            assert!(texts.iter().all(|text| !text.contains('⟦')), "{name} of {run}: {texts:?}");
            // Every letter of the English figure is in the embedded font; the Japanese one is Japanese.
            let is_kanji = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(!texts[0].contains(is_kanji) && texts[1].contains(is_kanji), "{name} of {run}");
        }
    }
}

#[test]
fn beside_every_picture_are_words_and_figures() {
    for (run, analysis) in runs() {
        for picture in Lang::ALL.into_iter().flat_map(|lang| pictures(&analysis, lang)) {
            let (name, table) = (picture.name(), picture.table());
            assert!(picture.alt().chars().count() > 10, "{name} of {run}: {}", picture.alt());
            assert!(!table.columns.is_empty(), "{name} of {run}");
            assert!(!table.rows.is_empty() || run == "empty", "{name} of {run}");
            for row in &table.rows {
                assert_eq!(row.len(), table.columns.len(), "{name} of {run}: {row:?}");
                assert!(row.iter().all(|cell| !cell.is_empty()), "{name} of {run}: {row:?}");
            }
            // Where a section of an episode is linked, there is one.
            let ids: HashSet<_> =
                analysis.summary.episodes.iter().map(|episode| episode.id.to_string()).collect();
            for (index, _) in
                table.columns.iter().enumerate().filter(|(_, (_, kind))| *kind == Column::Episode)
            {
                assert!(table.rows.iter().all(|row| ids.contains(&row[index])), "{name} of {run}");
            }
        }
    }
}

#[test]
fn an_svg_has_no_size_of_its_own_but_a_view_box() {
    for picture in pictures(&fixture::passing(), Lang::En) {
        let text = picture.svg().unwrap();
        let (width, height) = picture.size();
        let head = format!("<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 {width} {height}\" ");
        assert!(text.starts_with(&head) && text.trim_end().ends_with("</svg>"), "{}", &text[..200]);
    }
}
