//! What the page loads. All of it is inside the binary, and nothing else can be named.

use sha2::{Digest as _, Sha256};

/// A file that the page loads.
#[derive(Debug)]
pub(super) struct Asset {
    /// Below `/assets/`.
    name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) content: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The files in `page/` by their own names.
macro_rules! own {
    ($($media_type:ident $name:literal)*) => {
        [$(Asset { name: $name, media_type: $media_type, content: include_str!(concat!("page/", $name)) }),*]
    };
}

/// Everything that is served below `/assets/`.
const ALL: [&[Asset]; 2] = [
    &own! {
        STYLE "dashboard.css"
        SCRIPT "charts.js"
        SCRIPT "clock.js"
        SCRIPT "comparison.js"
        SCRIPT "connection.js"
        SCRIPT "dashboard.js"
        SCRIPT "dom.js"
        SCRIPT "filters.js"
        SCRIPT "flights.js"
        SCRIPT "lanes.js"
        SCRIPT "live.js"
        SCRIPT "news.js"
        SCRIPT "query.js"
        SCRIPT "row.js"
        SCRIPT "runs.js"
        SCRIPT "sorting.js"
        SCRIPT "tables.js"
        SCRIPT "time.js"
        SCRIPT "trend.js"
        SCRIPT "windows.js"
    },
    &[
        Asset { name: "report.css", media_type: STYLE, content: include_str!("../report/html/style.css") },
        Asset {
            name: "uPlot.iife.min.js",
            media_type: SCRIPT,
            content: include_str!("page/uplot/uPlot.iife.min.js"),
        },
        Asset { name: "uPlot.min.css", media_type: STYLE, content: include_str!("page/uplot/uPlot.min.css") },
        Asset { name: "uPlot.LICENSE.txt", media_type: TEXT, content: include_str!("page/uplot/LICENSE") },
    ],
];

/// The asset named so.
pub(super) fn named(name: &str) -> Option<&'static Asset> {
    ALL.iter().copied().flatten().find(|asset| asset.name == name)
}

/// Differs whenever `page` or any asset does, so that a page that was loaded from another version notices.
pub(super) fn version(page: &str) -> String {
    let mut all = Sha256::new();
    all.update(page);
    for asset in ALL.iter().copied().flatten() {
        all.update(asset.name);
        all.update(asset.content);
    }
    let digest = all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}-{digest}", env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_table_are_found() {
        for asset in ALL.iter().copied().flatten() {
            assert_eq!(named(asset.name).unwrap().content, asset.content);
            assert!(!asset.content.is_empty() && !asset.name.contains('/'), "{}", asset.name);
        }
        for name in ["", ".", "..", "report.css/", "REPORT.CSS", "../report.css", "report.css\0"] {
            assert!(named(name).is_none(), "{name:?}");
        }
    }
}
