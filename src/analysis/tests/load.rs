//! A load that is somebody else's.

use super::scene::Scene;
use crate::analysis::model::{Analysis, Summary};
use crate::journal::event::{Alignment, GooseMetricsLine, Notice, OptionNotice};

fn alignment() -> Alignment {
    Alignment {
        origin_us: 900_000,
        imported: 1_500,
        stamped: 20,
        corrected: 0,
        unreadable: 0,
        compared: 120,
        median_error_us: Some(-12),
        max_error_us: Some(512),
    }
}

fn imported(alignment: Alignment) -> Analysis {
    Scene::until(9_000).at(8_900, alignment).finished(9_000).analyse()
}

/// Runs in which everything is said of such a load.
pub(super) fn foreign() -> Vec<Analysis> {
    let notice = |option: &str, notice| OptionNotice { option: option.to_owned(), notice };
    let metrics =
        r#"{"thresholds":[{"rule":"p95<1s","observed":"3s","value":3.0,"passed":false,"aborted":false}]}"#;
    let metrics = serde_json::value::RawValue::from_string(metrics.to_owned()).unwrap();
    let told = Scene::until(9_000)
        .at(10, notice("--run-time 30", Notice::LoadGoesOn))
        .at(10, notice("--run-time 30", Notice::LoadMayEnd))
        .at(10, notice("--threshold p95<1s", Notice::JudgedAtTheEnd))
        .at(10, notice("--threshold p95<1s", Notice::MayEndInAnOutage))
        .at(8_950, GooseMetricsLine { metrics });
    vec![
        imported(alignment()),
        imported(Alignment { max_error_us: Some(30_000), unreadable: 1, ..alignment() }),
        imported(Alignment { compared: 0, median_error_us: None, max_error_us: None, ..alignment() }),
        told.finished(9_000).analyse(),
    ]
}

fn said(summary: &Summary, id: &str) -> Option<String> {
    summary.caveats.iter().find(|caveat| caveat.id == id).map(|caveat| caveat.text.clone())
}

#[test]
fn how_well_imported_requests_were_placed_is_told_and_what_is_exact_is_left_out() {
    let fine = said(&imported(alignment()).summary, "caveat-aligned").unwrap();
    assert!(fine.contains("1480") && fine.contains("512 µs") && fine.contains("120"), "{fine}");
    // More than goose's rounding is another thing.
    let late = imported(Alignment { max_error_us: Some(1_001), ..alignment() }).summary;
    assert!(said(&late, "caveat-misaligned").is_some() && said(&late, "caveat-aligned").is_none());
    let exact = imported(Alignment { imported: 20, ..alignment() }).summary;
    assert!(exact.caveats.iter().all(|caveat| !caveat.id.contains("aligned")), "{:?}", exact.caveats);
}
