//! What the page loads: by its name from a fixed table, so that nothing else can be named.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use super::page::{self, ASSETS, Asset};
use crate::lang::Lang;

/// The asset named so.
pub(super) fn named(name: &str) -> Option<&'static Asset> {
    const ALL: &[&[Asset]] = &ASSETS;
    ALL.iter().copied().flatten().find(|asset| asset.name == name)
}

/// Differs whenever the page or anything that it loads does, so that one that was loaded from another version notices.
pub(super) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut all = Sha256::new();
        for lang in Lang::ALL {
            // One that cannot be made is not shown either.
            all.update(page::page(lang, "").unwrap_or_default());
        }
        for asset in ASSETS.into_iter().flatten() {
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
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn only_names_of_the_table_are_found() {
        let names: BTreeSet<_> = ASSETS.into_iter().flatten().map(|asset| asset.name).collect();
        assert_eq!(names.len(), ASSETS.into_iter().flatten().count(), "a name stands for one asset");
        for name in &names {
            assert!(!named(name).unwrap().content.is_empty() && !name.contains(['/', '\\', '%']), "{name}");
        }
        for name in ["", ".", "..", "report.css/", "REPORT.CSS", "../report.css", "report.css\0", "page.html"]
        {
            assert!(named(name).is_none(), "{name:?}");
        }
    }

    #[test]
    fn whatever_the_page_loads_is_there() {
        for lang in Lang::ALL {
            let page = page::page(lang, version()).unwrap();
            let loaded: Vec<_> =
                page.split("\"/assets/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
            assert!(loaded.len() > 3, "{loaded:?}");
            assert!(loaded.iter().all(|name| named(name).is_some()), "{loaded:?}");
        }
    }
}
