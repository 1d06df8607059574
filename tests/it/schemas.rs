//! The schemas in `docs/` are those of the types.

use std::path::Path;

use goose_recovery::{dashboard, journal, plan, report, sweep};
use serde_json::Value;

#[test]
fn each_file_in_docs_is_the_schema() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (name, schema) in [
        ("journal.schema.json", journal::schema::schema()),
        ("summary.schema.json", report::schema()),
        ("compare.schema.json", report::comparison_schema()),
        ("recommendation.schema.json", report::recommendation_schema()),
        ("plan.schema.json", plan::file::schema()),
        ("sweep.schema.json", sweep::manifest::schema()),
        ("dashboard.openapi.json", dashboard::openapi::description()),
    ] {
        let file = docs.join(name);
        if std::env::var_os("UPDATE_SCHEMAS").is_some_and(|value| value == "1") {
            std::fs::write(&file, serde_json::to_string_pretty(&schema).unwrap() + "\n").unwrap();
        }
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let found: Option<Value> = serde_json::from_str(&text).ok();
        assert!(found == Some(schema), "run this test with UPDATE_SCHEMAS=1 and commit {}", file.display());
    }
}
