//! What holds for every figure of the report, whatever it shows.

use std::collections::HashSet;
use std::io::Cursor;

use super::{Picture, pictures};
use crate::analysis::Analysis;
use crate::lang::Lang;
use crate::report::fixture;

const MARKUP: &str = "<script>alert(1)</script>&\"'";

fn runs() -> Vec<Analysis> {
    vec![
        fixture::passing(),
        fixture::failing(),
        fixture::empty(),
        fixture::many(200),
        fixture::broken_stores(),
        fixture::all_fates(),
        fixture::hostile(MARKUP),
    ]
}

/// Width, height and number of colours of a PNG.
fn decoded(picture: &dyn Picture) -> ((u32, u32), usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("figure.png");
    picture.save_png(&path).unwrap();
    let mut reader = png::Decoder::new(Cursor::new(std::fs::read(path).unwrap())).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    // Every 13th pixel is enough to tell a picture from an empty sheet.
    let colours: HashSet<_> = pixels.chunks_exact(3).step_by(13).collect();
    ((info.width, info.height), colours.len())
}

#[test]
fn every_png_decodes_has_its_size_and_is_not_blank() {
    // Pixels take long without optimisation: a full and an empty run.
    for analysis in [fixture::all_fates(), fixture::empty()] {
        for picture in pictures(&analysis, Lang::En) {
            let (size, colours) = decoded(picture.as_ref());
            assert_eq!(size, picture.size(), "{}", picture.name());
            // Antialiased text alone brings dozens of greys.
            assert!(colours > 20, "{} {colours}", picture.name());
        }
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for analysis in runs() {
        for lang in Lang::ALL {
            for picture in pictures(&analysis, lang) {
                let table = picture.table();
                let cells = table.columns.iter().map(|(name, _)| name).chain(table.rows.iter().flatten());
                let all = [picture.alt(), picture.svg().unwrap()];
                for text in all.iter().chain(cells) {
                    assert!(!text.contains('⟦') && !text.is_empty(), "{} {lang:?}: {text}", picture.name());
                }
            }
        }
    }
}

#[test]
fn every_row_of_a_table_has_as_many_cells_as_there_are_columns() {
    for analysis in runs() {
        for picture in pictures(&analysis, Lang::En) {
            let table = picture.table();
            assert!(!table.columns.is_empty(), "{}", picture.name());
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", picture.name());
        }
    }
}

#[test]
fn no_text_of_a_target_or_a_user_becomes_markup() {
    let mut stores = fixture::hostile_stores(MARKUP);
    stores.summary.started_at = MARKUP.to_owned();
    let mut seen = HashSet::new();
    for analysis in [fixture::hostile(MARKUP), stores, fixture::hostile_chains(MARKUP)] {
        for lang in Lang::ALL {
            for picture in pictures(&analysis, lang) {
                let text = picture.svg().unwrap();
                assert!(!text.contains("<script"), "{}", picture.name());
                if text.contains("&lt;script") {
                    seen.insert(picture.name());
                }
            }
        }
    }
    // These show at least the run's id.
    for name in ["recovery_ecdf", "latency", "alerts"] {
        assert!(seen.contains(name), "{name}: {seen:?}");
    }
}
