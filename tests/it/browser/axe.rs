//! Barriers in a page, as axe-core finds them (<https://github.com/dequelabs/axe-core>, installed by scripts/third-party).

use std::path::Path;

use chromiumoxide::Page;

use super::view::ask;

/// Where it is installed.
const SCRIPT: &str = "target/third-party/browser/node_modules/axe-core/axe.min.js";

/// Every rule that is broken, and the first element that breaks it.
pub(super) async fn barriers(page: &Page) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCRIPT);
    let script = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}: run scripts/third-party", path.display()));
    // Evaluated by the browser's own debugger, so that the page's policy need not let it in.
    page.evaluate(format!("{script}; true")).await.unwrap();
    ask(
        page,
        r#"axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
            violations.map(({ id, nodes }) => `${id}: ${nodes.length} times, first ${nodes[0].html.slice(0, 200)}: ${nodes[0].failureSummary}`))"#,
    )
    .await
}
