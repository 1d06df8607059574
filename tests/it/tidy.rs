//! The architecture's rules, checked on the source itself.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    files(folder, &["rs"])
}

/// Every file below a folder whose name ends so, with its text.
fn files(folder: &str, extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if extensions.iter().any(|known| path.extension().is_some_and(|own| own == *known)) {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no source under {folder}");
    found
}

/// Code without comments, so that a rule is about what is used, not about what is mentioned.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[track_caller]
fn nothing_uses(folder: &str, except: &str, words: &[&str]) {
    for (path, text) in sources(folder) {
        if !except.is_empty() && path.ends_with(except) {
            continue;
        }
        for line in code(&text) {
            for word in words {
                assert!(!line.contains(word), "{} uses {word}: {line}", path.display());
            }
        }
    }
}

#[test]
fn analysis_and_comparison_do_no_io_and_read_no_clock() {
    for folder in ["src/analysis", "src/compare"] {
        nothing_uses(folder, "", &["std::fs", "std::io", "std::net", "tokio", "crate::clock", "reqwest"]);
    }
}

#[test]
fn load_and_faults_meet_the_analysis_only_through_the_journal_and_the_shared_detector() {
    nothing_uses("src/analysis", "", &["crate::load", "crate::fault", "crate::watch", "crate::target"]);
    nothing_uses(
        "src/load",
        "",
        &["analysis::Summary", "analysis::Analysis", "crate::report", "crate::evaluate"],
    );
    nothing_uses(
        "src/fault",
        "",
        &["analysis::Summary", "analysis::Analysis", "crate::report", "crate::evaluate"],
    );
}

#[test]
fn only_the_clock_reads_clocks() {
    nothing_uses("src", "src/clock.rs", &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now"]);
    nothing_uses("backend/src", "src/clock.rs", &["Instant::now", "SystemTime::now", "Timestamp::now"]);
    nothing_uses("stores/src", "src/clock.rs", &["Instant::now", "SystemTime::now"]);
}

#[test]
fn harness_and_backend_know_each_other_in_one_place_only() {
    nothing_uses("src", "src/cli/backend.rs", &["fault_recovery_manager"]);
    nothing_uses("backend/src", "", &["goose_recovery", "goose::"]);
}

#[test]
fn nothing_depends_on_the_dashboard_but_the_command_and_what_it_says_is_made_without_io() {
    for (path, text) in sources("src") {
        let own = ["src/dashboard/", "src/cli/"].iter().any(|folder| path.to_string_lossy().contains(folder));
        for line in code(&text).filter(|_| !own) {
            assert!(!line.contains("crate::dashboard"), "{} uses the dashboard: {line}", path.display());
        }
    }
    for file in ["live/view.rs", "live/view/alerts.rs", "live/series.rs", "runs/row.rs", "runs/settings.rs"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dashboard").join(file);
        let text = fs::read_to_string(&path).unwrap();
        for word in ["std::fs", "std::io", "std::net", "tokio", "crate::clock"] {
            assert!(code(&text).all(|line| !line.contains(word)), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn the_local_stores_know_neither_harness_nor_backend() {
    nothing_uses("stores/src", "", &["goose_recovery", "goose::", "fault_recovery_manager"]);
}

#[test]
fn only_the_load_knows_gooses_configuration() {
    for (path, text) in sources("src") {
        if !path.to_string_lossy().contains("src/load/") {
            assert!(code(&text).all(|line| !line.contains("GooseConfiguration")), "{}", path.display());
        }
    }
}

/// Whether code asks for a text: by its id, or by one that it puts together, as `format!("phase-{name}")` does.
fn is_asked_for(id: &str, code: &str) -> bool {
    let whole = [format!("\"{id}\""), format!("\">{id}\"")];
    let made = |prefix: &str| code.contains(&format!("\"{prefix}-{{"));
    let of_another =
        |base: &str, end: &str| code.contains(&format!("}}-{end}\"")) && is_asked_for(base, code);
    whole.iter().any(|whole| code.contains(whole.as_str()))
        || id.match_indices('-').any(|(at, _)| made(&id[..at]) || of_another(&id[..at], &id[at + 1..]))
}

#[test]
fn every_text_of_the_catalogue_is_asked_for() {
    let texts: String = files("src/lang/en", &["ftl"]).into_iter().map(|(_, text)| text).collect();
    let ids = texts.lines().filter(|line| line.starts_with(char::is_alphabetic));
    let ids: Vec<_> = ids.filter_map(|line| Some(line.split_once(" =")?.0)).collect();
    let code: String = files("src", &["rs", "html"]).into_iter().map(|(_, text)| text).collect();
    assert!(ids.len() > 500 && !is_asked_for("idle-text", &code), "{}", ids.len());
    let idle: Vec<_> = ids.into_iter().filter(|id| !is_asked_for(id, &code)).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

#[test]
fn the_changelog_names_the_version() {
    let changelog = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md")).unwrap();
    assert!(changelog.contains(&format!("## [{}]", env!("CARGO_PKG_VERSION"))));
}
