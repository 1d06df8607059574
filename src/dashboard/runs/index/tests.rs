use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use serde_json::{Value, json};

use super::*;
use crate::report::{fixture, json::summary as text_of};

/// A folder of reports.
struct Reports(tempfile::TempDir);

impl Reports {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn index(&self) -> Index {
        Index::new(self.0.path(), Lang::En)
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// The summary of a run of this id in a folder.
    fn run(&self, folder: impl AsRef<Path>, run_id: &str) {
        self.change(folder, |run| run["run_id"] = json!(run_id));
    }

    fn change(&self, folder: impl AsRef<Path>, change: impl FnOnce(&mut Value)) {
        let mut run = serde_json::to_value(fixture::many(12).summary).unwrap();
        change(&mut run);
        self.write(folder, &run.to_string());
    }

    fn write(&self, folder: impl AsRef<Path>, text: &str) {
        let folder = self.path(folder);
        fs::create_dir_all(&folder).unwrap();
        // As a report is written: under another name first.
        fs::write(folder.join(".new"), text).unwrap();
        fs::rename(folder.join(".new"), folder.join(SUMMARY)).unwrap();
    }
}

fn ids(index: &Index) -> Vec<String> {
    index.runs().runs.into_iter().map(|run| run.id).collect()
}

fn unreadable(index: &Index) -> Vec<(String, String)> {
    index.runs().unreadable.into_iter().map(|run| (run.id, run.reason)).collect()
}

#[test]
fn runs_are_listed_the_newest_first_each_with_the_name_of_its_setting() {
    let reports = Reports::new();
    for (folder, started, retries) in
        [("b", "2026-01-02", 3), ("a", "2026-01-04", 5), ("c/d", "2026-01-03", 3)]
    {
        reports.change(folder, |run| {
            run["started_at"] = json!(format!("{started}T00:00:00+09:00"));
            run["plan"]["policy"] = json!({"max_retries": retries, "jitter": 0.1});
        });
    }
    let runs = reports.index().runs();
    assert_eq!(runs.folder, reports.0.path().display().to_string());
    let listed: Vec<_> = runs.runs.iter().map(|run| (run.id.as_str(), run.setting.as_str())).collect();
    assert_eq!(listed, [("a", "max_retries=5"), ("c/d", "max_retries=3"), ("b", "max_retries=3")]);
    let settings: Vec<_> =
        runs.settings.iter().map(|of| (of.name.as_str(), of.points[0].id.as_str())).collect();
    assert_eq!(settings, [("max_retries=3", "b"), ("max_retries=5", "a")]);
    assert_eq!(runs.unreadable, []);
}

#[test]
fn what_is_new_changed_or_gone_shows_in_the_next_look() {
    let reports = Reports::new();
    let index = reports.index();
    assert_eq!((ids(&index), unreadable(&index)), (vec![], vec![]));
    reports.run("a", "first");
    assert_eq!(ids(&index), ["a"]);
    let same = index.runs();
    assert_eq!(index.runs(), same);
    reports.run("a", "other");
    assert_eq!(index.runs().runs[0].run_id, "other");
    fs::remove_dir_all(reports.path("a")).unwrap();
    reports.run("b", "first");
    assert_eq!(ids(&index), ["b"]);
    assert!(index.run("a").is_none() && index.report_of("other").is_none());
    // The folder of all of them may go as well.
    fs::remove_dir_all(reports.0.path()).unwrap();
    assert_eq!((ids(&index), unreadable(&index)), (vec![], vec![]));
}

#[test]
fn what_has_not_changed_is_not_read_again() {
    let reports = Reports::new();
    let index = reports.index();
    reports.run("a", "r1");
    reports.run("b", "r2");
    assert_eq!(ids(&index).len(), 2);
    // What a look remembers is not what the file says, so that it shows which of the two is told.
    for known in index.seen().runs.values_mut() {
        known.row.as_mut().unwrap().users = 4_711;
    }
    reports.run("b", "r3");
    let users: BTreeMap<_, _> = index.runs().runs.into_iter().map(|run| (run.run_id, run.users)).collect();
    assert_eq!((users["r1"], users["r3"]), (4_711, 50));
}

#[test]
fn a_report_that_cannot_be_read_is_told_of_and_the_others_are_listed() {
    let reports = Reports::new();
    reports.run("good", "r1");
    let whole = text_of(&fixture::passing().summary).unwrap();
    reports.write("torn", &whole[..whole.len() / 2]);
    reports.write("newer", r#"{"schema": 99}"#);
    reports.write("other", r#"{"runs": []}"#);
    reports.write("empty", "");
    fs::create_dir(reports.path("binary")).unwrap();
    fs::write(reports.path("binary/summary.json"), [0xff, 0xfe]).unwrap();
    let index = reports.index();
    assert_eq!(ids(&index), ["good"]);
    let said = unreadable(&index);
    let of = |id: &str| said.iter().find(|(of, _)| of == id).map(|(_, reason)| reason.as_str()).unwrap();
    let all: Vec<_> = said.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(all, ["binary", "empty", "newer", "other", "torn"]);
    assert!(of("newer").contains("version 99") && of("newer").contains("update goose-recovery"), "{said:?}");
    for id in ["torn", "other", "empty"] {
        assert!(of(id).contains("is none") && of(id).contains("goose-recovery report"), "{said:?}");
    }
    assert!(of("binary").contains("utf-8") || of("binary").contains("UTF-8"), "{said:?}");
    assert!(index.run("torn").is_none());

    // Made anew, it is a run like any other.
    reports.run("torn", "r2");
    assert_eq!(ids(&index).len(), 2);
    let japanese = Index::new(reports.0.path(), Lang::Ja);
    assert!(unreadable(&japanese).iter().all(|(_, reason)| reason.contains("ください")));
}

#[test]
fn what_may_not_be_read_is_told_of_until_it_may() {
    let reports = Reports::new();
    reports.run("a", "r1");
    reports.run("b", "r2");
    let mode =
        |path: &str, mode| fs::set_permissions(reports.path(path), Permissions::from_mode(mode)).unwrap();
    mode("a/summary.json", 0o000);
    mode("b", 0o000);
    let index = reports.index();
    if fs::read(reports.path("a/summary.json")).is_err() {
        let said = unreadable(&index);
        assert!(
            said[0].1.contains("Permission denied") && said[0].1.contains("let goose-recovery"),
            "{said:?}"
        );
        assert!(said[1].1.contains("looked into"), "{said:?}");
    }
    mode("a/summary.json", 0o400);
    mode("b", 0o700);
    assert_eq!((ids(&index).len(), unreadable(&index)), (2, vec![]));
}

#[test]
fn a_run_is_had_with_its_whole_summary_and_by_its_id_in_the_journal() {
    let reports = Reports::new();
    reports.run("b/old", "r1");
    reports.run("z", "r2");
    let index = reports.index();
    // Whoever asks before anybody has looked is answered all the same.
    assert_eq!(index.report_of("r1").unwrap().row.id, "b/old");
    let run = index.run("b/old").unwrap();
    assert_eq!((run.row.run_id.as_str(), run.row.id.as_str()), ("r1", "b/old"));
    assert_eq!(run.summary.episodes, fixture::many(12).summary.episodes);
    // Made once more, into a folder that comes before by its name.
    reports.run("a", "r1");
    let later = std::time::Duration::from_secs(60);
    let file = fs::File::options().append(true).open(reports.path("a/summary.json")).unwrap();
    file.set_modified(file.metadata().unwrap().modified().unwrap() + later).unwrap();
    let Run { row: RunRow { id, .. }, summary } = index.report_of("r1").unwrap();
    assert_eq!((id.as_str(), summary.run_id.as_str()), ("a", "r1"));
    assert!(index.report_of("r3").is_none());
}

#[test]
fn every_file_of_a_report_is_served_and_no_other() {
    let reports = Reports::new();
    let index = reports.index();
    for (folder, analysis) in
        [("of kills", fixture::passing()), ("a/b", fixture::stores(1)), ("c", fixture::chains(1))]
    {
        let dir = reports.path(folder);
        report::prepare(&dir, false).unwrap();
        let written = report::write(&analysis, &dir, Lang::En).unwrap();
        fs::write(dir.join("mine.png"), "mine").unwrap();
        for path in written {
            let name = path.file_name().unwrap().to_str().unwrap();
            let file = index.file(folder, name).unwrap_or_else(|| panic!("{name} is not served"));
            assert_eq!(file.content, fs::read(&path).unwrap(), "{name}");
            assert_ne!(file.media_type, "application/octet-stream", "{name}");
        }
        assert!(index.file(folder, "mine.png").is_none());
    }
    assert_eq!(index.file("of kills", "index.html").unwrap().media_type, "text/html; charset=utf-8");
    let mut ways: Vec<_> = index.runs().runs.into_iter().filter_map(|run| run.report).collect();
    ways.sort();
    assert_eq!(ways, ["/reports/a%2Fb/", "/reports/c/", "/reports/of%20kills/"]);
}

#[test]
fn only_what_a_look_has_found_can_be_asked_for() {
    let reports = Reports::new();
    let index = Index::new(&reports.path("reports"), Lang::En);
    reports.run("reports/a/b", "r1");
    reports.run("outside", "r2");
    fs::write(reports.path("outside/index.html"), "secret").unwrap();
    fs::write(reports.path("reports/a/b/index.html"), "page").unwrap();
    fs::write(reports.path("reports/a/index.html"), "of no run").unwrap();
    assert_eq!(index.file("a/b", "index.html").unwrap().content, b"page");
    let outside = reports.path("outside").to_string_lossy().into_owned();
    for id in [
        "../outside",
        "a/../../outside",
        outside.as_str(),
        "a",
        "a/b/",
        "./a/b",
        "a//b",
        "",
        ".",
        "..",
        "A/B",
        "a%2Fb",
    ] {
        assert!(index.file(id, "index.html").is_none() && index.run(id).is_none(), "{id}");
    }
    for name in ["", ".", "..", "../b/index.html", "/etc/passwd", "INDEX.HTML", "index.html/", "index.html\0"]
    {
        assert!(index.file("a/b", name).is_none(), "{name}");
    }
}

#[test]
fn nothing_that_is_linked_is_listed_or_served() {
    let reports = Reports::new();
    let outside = Reports::new();
    outside.run("run", "r1");
    fs::write(outside.path("run/index.html"), "secret").unwrap();
    symlink(outside.path("run"), reports.path("linked")).unwrap();
    reports.run("mine", "r2");
    symlink(outside.path("run/index.html"), reports.path("mine/index.html")).unwrap();
    let index = reports.index();
    assert_eq!(ids(&index), ["mine"]);
    assert_eq!(index.runs().runs[0].report, None, "a page that is not served is not linked");
    assert!(index.file("mine", "index.html").is_none() && index.file("linked", "index.html").is_none());
    // Nor when it becomes a link after it was seen.
    fs::rename(reports.path("mine"), reports.path("gone")).unwrap();
    symlink(outside.path("run"), reports.path("mine")).unwrap();
    assert!(index.seen().runs.contains_key("mine"));
    assert!(index.file("mine", "index.html").is_none() && index.file("mine", "summary.json").is_none());
    assert!(index.comparison(&["mine".to_owned(), "gone".to_owned()], false).is_err());
}

#[test]
fn names_that_a_user_or_a_target_chose_are_data() {
    let reports = Reports::new();
    let long = "x".repeat(250);
    let names = [
        "<script>alert(1)</script>",
        "\"quo'te\"",
        "line\nfeed\u{7}",
        "\u{202e}gnp.exe",
        "%2e%2e",
        "a\\b",
        &long,
    ];
    let folder = |name: &str| name.replace('/', "");
    for name in names {
        let mut run = fixture::hostile(name).summary;
        name.clone_into(&mut run.run_id);
        run.plan.policy = Some(json!({"max_retries": name, name: 1}));
        reports.write(folder(name), &text_of(&run).unwrap());
        fs::write(reports.path(folder(name)).join("index.html"), name).unwrap();
    }
    let index = reports.index();
    let runs = index.runs();
    assert_eq!((runs.runs.len(), runs.unreadable), (names.len(), vec![]));
    for name in names {
        let id = folder(name);
        let row = runs.runs.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("{name}"));
        assert_eq!((row.run_id.as_str(), row.labels[name].as_str()), (name, name));
        assert_eq!((row.scenarios[0].name.as_str(), row.policy["max_retries"].as_str()), (name, name));
        assert!(row.setting.contains(name), "{}", row.setting);
        assert_eq!(index.file(&id, "index.html").unwrap().content, name.as_bytes());
        assert_eq!(index.report_of(name).unwrap().row.id, id);
        let way = row.report.as_ref().unwrap().strip_prefix("/reports/").unwrap().strip_suffix('/').unwrap();
        assert!(way.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{way}");
        assert_eq!(percent_encoding::percent_decode_str(way).decode_utf8().unwrap(), id);
    }
}

#[test]
fn a_folder_whose_name_is_no_text_has_an_id_all_the_same() {
    let reports = Reports::new();
    reports.run(OsStr::from_bytes(b"a\xff/b"), "r1");
    let index = reports.index();
    assert_eq!(ids(&index), ["a\\xFF/b"]);
    assert_eq!(index.run("a\\xFF/b").unwrap().summary.run_id, "r1");
    assert!(index.file("a\\xFF/b", SUMMARY).is_some());
}

#[test]
fn a_folder_that_is_a_report_itself_says_what_to_name_instead() {
    let reports = Reports::new();
    reports.run("", "r1");
    let said = unreadable(&reports.index());
    assert!(said.len() == 1 && said[0].0 == "." && said[0].1.contains("--reports"), "{said:?}");
}

#[test]
fn many_who_look_at_the_same_time_see_the_same() {
    let reports = Reports::new();
    for n in 0..20 {
        reports.run(format!("run-{n:02}"), &format!("r{n}"));
    }
    let index = reports.index();
    std::thread::scope(|scope| {
        let looks: Vec<_> = (0..8).map(|_| scope.spawn(|| index.runs())).collect();
        for look in looks {
            assert_eq!(look.join().unwrap().runs.len(), 20);
        }
    });
}
