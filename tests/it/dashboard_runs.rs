//! The runs of the dashboard by HTTP, as the real command serves them: all that there are, a report's files, and the comparison page.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use goose_recovery::analysis::Summary;
use goose_recovery::report::read_summary;
use serde_json::{Value, json};

use crate::command::{Guarded, goose_recovery, json, told};
use crate::made_up_runs::made_up_runs;

/// A dashboard that ends with the test.
struct Served {
    _process: Guarded,
    origin: String,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Served {
    fn of(reports: &Path, lang: &str) -> Self {
        let mut command = goose_recovery();
        command.args([
            "dashboard",
            "--listen",
            "127.0.0.1:0",
            "--lang",
            lang,
            "--log",
            "none.jsonl",
            "--reports",
        ]);
        let mut process = command.arg(reports).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("dashboard: ").unwrap_or_else(|| panic!("{line}"));
        let origin = url::Url::parse(url).unwrap().origin().ascii_serialization();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { _process: Guarded(process), origin, runtime, client }
    }

    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        self.runtime.block_on(async {
            let answer = self.client.get(format!("{}{path}", self.origin)).send().await.unwrap();
            (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
        })
    }

    #[track_caller]
    fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// The page that sets these folders side by side.
    fn compare(&self, ids: &[&str], more: &str) -> (u16, String) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let (status, page) = self.get(&format!(
            "/compare?{}{more}",
            query.extend_pairs(ids.iter().map(|id| ("run", id))).finish()
        ));
        (status, String::from_utf8(page).unwrap())
    }
}

/// A run's id on the dashboard: the path of its folder below that of the reports.
fn id<'a>(folder: &'a Path, reports: &Path) -> &'a str {
    folder.strip_prefix(reports).unwrap().to_str().unwrap()
}

fn segment(id: &str) -> String {
    id.replace('%', "%25").replace('/', "%2F").replace(' ', "%20")
}

#[test]
fn five_hundred_runs_are_listed_the_newest_first_and_each_opens_its_report() {
    let place = tempfile::tempdir().unwrap();
    let folders = made_up_runs(place.path(), 500, 12, 1);
    let served = Served::of(place.path(), "en");
    let list = served.json("/api/runs");
    let listed: Vec<_> =
        list["runs"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap()).collect();
    assert_eq!(listed, folders.iter().rev().map(|folder| id(folder, place.path())).collect::<Vec<_>>());
    assert_eq!(list["unreadable"], json!([]));

    // Every run is a point of the setting that it names.
    let settings = list["settings"].as_array().unwrap();
    assert!(settings.len() > 4, "{}", settings.len());
    let points =
        settings.iter().flat_map(|of| of["points"].as_array().unwrap().iter().map(move |point| (of, point)));
    assert_eq!(points.clone().count(), 500);
    for (setting, point) in points {
        let run = list["runs"].as_array().unwrap().iter().find(|run| run["id"] == point["id"]).unwrap();
        assert_eq!(
            (&run["setting"], &run["mean_recovery_us"]),
            (&setting["name"], &point["mean_recovery_us"])
        );
    }

    // One of a sweep lies deep, and its id is one segment all the same.
    let deep = listed.iter().find(|id| id.starts_with("sweep-")).unwrap();
    for (row, id) in [
        (&list["runs"][0], listed[0]),
        (list["runs"].as_array().unwrap().iter().find(|run| run["id"] == **deep).unwrap(), deep),
    ] {
        let run = served.json(&format!("/api/runs/{}", segment(id)));
        assert_eq!(run["row"], *row);
        assert_eq!(run["summary"], json(&place.path().join(id).join("summary.json")));
        let (status, page) = served.get(row["report"].as_str().unwrap());
        assert_eq!((status, page), (200, fs::read(place.path().join(id).join("index.html")).unwrap()));
    }
    // The newest has everything that a report has.
    for entry in fs::read_dir(folders.last().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let (status, content) = served.get(&format!("/reports/{}/{name}", segment(listed[0])));
        assert!(status == 200 && content == fs::read(&path).unwrap(), "{name}: {status}");
    }
}

#[test]
fn the_comparison_page_is_that_of_the_command_byte_for_byte() {
    let place = tempfile::tempdir().unwrap();
    let reports = place.path().join("reports");
    let folders = made_up_runs(&reports, 30, 36, 2);
    let runs: Vec<_> = folders.iter().map(|folder| (folder, json(&folder.join("summary.json")))).collect();
    let alike = |a: &Value, b: &Value| {
        a["plan"]["users"] == b["plan"]["users"]
            && a["scenarios"].as_array().unwrap().len() == b["scenarios"].as_array().unwrap().len()
    };
    let of = |is: bool| {
        let pairs = (0..runs.len()).flat_map(|a| (a + 1..runs.len()).map(move |b| (a, b)));
        let (a, b) = pairs.clone().find(|(a, b)| is == alike(&runs[*a].1, &runs[*b].1)).unwrap();
        [runs[a].0, runs[b].0]
    };
    for lang in ["en", "ja"] {
        let served = Served::of(&reports, lang);
        for (force, pair) in [(false, of(true)), (true, of(false))] {
            let out = place.path().join("compared");
            let mut command = goose_recovery();
            command.arg("compare").args(pair).arg("--out").arg(&out).args(["--overwrite", "--lang", lang]);
            let output = command.args(force.then_some("--force")).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", told(&output));
            let ids = pair.map(|folder| id(folder, &reports));
            if force {
                let (status, page) = served.compare(&ids, "");
                assert!((400..500).contains(&status) && page.contains("force=true"), "{status} {page}");
            }
            let (status, page) = served.compare(&ids, if force { "&force=true" } else { "" });
            assert_eq!(status, 200, "{page}");
            assert!(page == fs::read_to_string(out.join("index.html")).unwrap(), "{lang} {ids:?}");
            assert!(page.matches("<svg").count() >= 2, "there are figures in it");
        }
    }
}

#[test]
fn runs_that_are_not_compared_are_refused_in_words() {
    let place = tempfile::tempdir().unwrap();
    let folders = made_up_runs(place.path(), 3, 12, 3);
    let [a, b, c] = &folders[..] else { panic!("three were made") };
    let change = |folder: &Path, key: &str, value: Value| {
        let path = folder.join("summary.json");
        let mut run = json(&path);
        run[key] = value;
        fs::write(path, run.to_string()).unwrap();
    };
    change(b, "run_id", json(&a.join("summary.json"))["run_id"].clone());
    change(c, "schema", json!(99));
    let [a, b, c] = [a, b, c].map(|folder| id(folder, place.path()));
    let served = Served::of(place.path(), "en");
    for (ids, says) in [
        (vec![a, b], "stands there twice"),
        (vec![a, c], "schema version 99"),
        (vec![a], "at least two runs"),
        (vec![], "at least two runs"),
        (vec![a, "<b>gone</b>"], "there is no run &#60;b&#62;gone&#60;/b&#62;"),
        (vec![a, "../../etc"], "there is no run ../../etc"),
        (vec![a; 21], "at most 20 runs"),
    ] {
        let (status, page) = served.compare(&ids, "");
        assert!((400..500).contains(&status) && page.contains(says), "{ids:?}: {status} {page}");
    }
    let list = served.json("/api/runs");
    assert_eq!((list["unreadable"][0]["id"].as_str(), list["runs"].as_array().unwrap().len()), (Some(c), 2));
}

#[test]
fn made_up_runs_are_all_different_and_read_back() {
    let place = tempfile::tempdir().unwrap();
    let folders = made_up_runs(place.path(), 60, 12, 7);
    let runs: Vec<Summary> =
        folders.iter().map(|folder| read_summary(&folder.join("summary.json")).unwrap()).collect();
    let distinct = |of: fn(&Summary) -> String| runs.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|run| run.run_id.clone()), 60);
    assert!(distinct(|run| format!("{:?}", run.plan.policy)) > 4);
    assert!(distinct(|run| format!("{:?}", run.verdict)) > 1);
    assert!(distinct(|run| format!("{:?}", run.scenarios.len())) > 1);
    assert_eq!(distinct(|run| run.plan.users.to_string()), 4);
    let again = tempfile::tempdir().unwrap();
    let same = made_up_runs(again.path(), 60, 12, 7);
    let paths = |folders: &[std::path::PathBuf], from: &std::path::Path| {
        folders.iter().map(|folder| folder.strip_prefix(from).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&folders, place.path()), paths(&same, again.path()));
    assert_eq!(runs[0], read_summary(&same[0].join("summary.json")).unwrap());
}
