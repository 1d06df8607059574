//! What the page loads. All of it is inside the binary, and nothing else can be named.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

const CSS: &str = "text/css; charset=utf-8";

/// A file of the page.
#[derive(Debug)]
pub(super) struct Asset {
    name: &'static str,
    pub(super) media_type: &'static str,
    pub(super) content: &'static [u8],
}

const ALL: [Asset; 1] = [
    // The frame of the reports, so that both look alike.
    Asset { name: "report.css", media_type: CSS, content: include_bytes!("../report/html/style.css") },
];

/// The asset named so.
pub(super) fn named(name: &str) -> Option<&'static Asset> {
    const { &ALL }.iter().find(|asset| asset.name == name)
}

/// Differs whenever any asset does, so that a page that was loaded from another version notices.
pub(super) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut all = Sha256::new();
        for asset in &ALL {
            all.update(asset.name);
            all.update(asset.content);
        }
        let digest = all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
        format!("{}-{digest}", env!("CARGO_PKG_VERSION"))
    });
    &VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_table_are_found() {
        for asset in &ALL {
            assert_eq!(named(asset.name).unwrap().content, asset.content);
            assert!(!asset.content.is_empty() && !asset.name.contains('/'), "{}", asset.name);
        }
        for name in ["", ".", "..", "report.css/", "REPORT.CSS", "../report.css", "report.css\0"] {
            assert!(named(name).is_none(), "{name:?}");
        }
    }
}
