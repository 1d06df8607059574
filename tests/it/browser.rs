//! The report as a reader sees it: in a real browser, without a network, on a desk, on a phone, in the dark and on paper.

mod axe;
mod chromium;
mod dashboard;
mod observer;
mod view;

use std::path::{Path, PathBuf};

use chromiumoxide::Page;

use crate::command::{Workplace, goose_recovery, json, told, turn};
use crate::made_up::Shape;
use chromium::Chromium;
use observer::Observer;
use view::View;

/// A run of all three scenarios that takes half a minute.
const REAL: [&str; 23] = [
    "--scenario",
    "all",
    "--iterations",
    "2",
    "--duration",
    "10",
    "--interval",
    "5",
    "--outage",
    "1s",
    "--resync-grace",
    "2s",
    "--users",
    "10",
    "--think-time",
    "250ms",
    "--baseline",
    "2500ms",
    "--hold",
    "500ms",
    "--pause",
    "200ms",
    "--quiet",
];

/// A report and what to call it.
struct Case {
    name: &'static str,
    index: PathBuf,
    /// As its root element says.
    language: &'static str,
}

#[test]
fn every_report_is_sound_in_a_real_browser() {
    let _turn = turn();
    let Some(chromium) = Chromium::for_tests() else { return };
    let place = Workplace::new();
    let cases = [
        real_run(&place),
        japanese(&place),
        made_up(&place, "many", Shape::new(60_000, 200)),
        made_up(&place, "void", Shape { void: true, ..Shape::new(10_000, 1) }),
        failing(&place),
        comparison(&place),
        sweep(&place),
    ];
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let faults = runtime.block_on(async {
        let browser = chromium.connect().await;
        let mut faults = look_at_what_is_wrong(&browser.page().await, &place).await;
        for case in &cases {
            let page = browser.page().await;
            let of_case = look_at(&page, case).await;
            faults.extend(of_case.into_iter().map(|fault| format!("{}: {fault}", case.name)));
            page.close().await.unwrap();
        }
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn real_run(place: &Workplace) -> Case {
    let output = place.run(REAL).arg("--seed=5").output().unwrap();
    assert!(place.report().join("index.html").is_file(), "{}", told(&output));
    let summary = place.summary();
    let scenarios = summary["scenarios"].as_array().unwrap();
    assert_eq!(scenarios.len(), 3, "{}", told(&output));
    assert!(scenarios.iter().all(|scenario| scenario["trials"] != 0), "{}", told(&output));
    Case { name: "real", index: place.report().join("index.html"), language: "en" }
}

/// The same run for a reader of Japanese.
fn japanese(place: &Workplace) -> Case {
    Case {
        name: "japanese",
        index: report(place, &place.journal(), "japanese", &["--lang", "ja"]),
        language: "ja",
    }
}

fn made_up(place: &Workplace, name: &'static str, shape: Shape) -> Case {
    let journal = place.path(&format!("{name}.jsonl"));
    shape.write(&journal).unwrap();
    Case { name, index: report(place, &journal, name, &[]), language: "en" }
}

/// A run that told nobody.
fn failing(place: &Workplace) -> Case {
    let journal = place.path("failing.jsonl");
    Shape::new(10_000, 6).write(&journal).unwrap();
    let whole = std::fs::read_to_string(&journal).unwrap();
    let untold: String =
        whole.split_inclusive('\n').filter(|line| !line.contains(r#""type":"alert_received""#)).collect();
    std::fs::write(&journal, untold).unwrap();
    let case = Case { name: "failing", index: report(place, &journal, "failing", &[]), language: "en" };
    assert_eq!(json(&place.path("failing").join("summary.json"))["verdict"], "fail");
    case
}

/// Two runs of three scenarios each, side by side.
fn comparison(place: &Workplace) -> Case {
    let runs = [1, 2].map(|seed| {
        let name = format!("compared-{seed}");
        let journal = place.path(&format!("{name}.jsonl"));
        Shape { seed, ..Shape::new(20_000, 30) }.write(&journal).unwrap();
        report(place, &journal, &name, &[]);
        // Made-up journals have one id; runs that are compared have two.
        let path = place.path(&name).join("summary.json");
        let mut summary = json(&path);
        summary["run_id"] = name.as_str().into();
        std::fs::write(&path, summary.to_string()).unwrap();
        place.path(&name)
    });
    let out = place.path("comparison");
    let output = goose_recovery().arg("compare").args(runs).arg("--out").arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    Case { name: "comparison", index: out.join("index.html"), language: "en" }
}

/// A real sweep of two settings, for a reader of Japanese.
fn sweep(place: &Workplace) -> Case {
    let out = place.path("sweep");
    let mut command = goose_recovery();
    command.args(["sweep", "--scenario", "single-module", "--max-retries", "2,3", "--iterations", "2"]);
    command.args([
        "--users",
        "5",
        "--baseline",
        "2500ms",
        "--hold",
        "500ms",
        "--pause",
        "200ms",
        "--lang",
        "ja",
    ]);
    command
        .args(["--repeats", "1", "--quiet", "--log"])
        .arg(place.path("sweep.jsonl"))
        .arg("--out")
        .arg(&out);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    Case { name: "sweep", index: out.join("index.html"), language: "ja" }
}

/// Reports on a journal; where the page is.
fn report(place: &Workplace, journal: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    let out = place.path(name);
    let output =
        goose_recovery().arg("report").arg(journal).arg("--out").arg(&out).args(arguments).output().unwrap();
    let index = out.join("index.html");
    assert!(index.is_file(), "{name}: {}", told(&output));
    index
}

fn url(path: &Path) -> String {
    url::Url::from_file_path(path).unwrap().into()
}

/// Everything that is wrong with a report.
async fn look_at(page: &Page, case: &Case) -> Vec<String> {
    let url = url(&case.index);
    let observer = Observer::watch(page).await;
    let mut faults = Vec::new();
    View::WIDE.set(page).await;
    page.goto(url.as_str()).await.unwrap();
    for view in View::ALL {
        view.set(page).await;
        faults.extend(view::overflow(page).await.map(|found| format!("{view} is too wide: {found}")));
        if let Some(screenshot) = view.screenshot(page, case.name).await {
            tell(&screenshot);
        }
    }
    View::WIDE.set(page).await;
    let language: String = view::ask(page, "document.documentElement.lang").await;
    if language != case.language {
        faults.push(format!("its language is {language:?}, not {:?}", case.language));
    }
    faults.extend(view::dark_is_as_bright(page).await);
    faults.extend(view::link_that_does_not_open_its_episode(page).await);
    faults.extend(view::tables_that_do_not_sort(page).await);
    faults.extend(view::charts_without_a_name(page).await);
    for view in [View::DARK, View::WIDE] {
        view.set(page).await;
        faults.extend(
            axe::barriers(page).await.into_iter().map(|barrier| format!("a barrier: {view}: {barrier}")),
        );
    }
    for view in View::ALL {
        view.set(page).await;
        view::open_everything(page).await;
        faults.extend(
            view::overflow(page).await.map(|found| format!("{view}, all open, is too wide: {found}")),
        );
    }
    let seen = observer.finish(page).await;
    faults.extend(
        seen.requests.into_iter().filter(|asked| *asked != url).map(|asked| format!("asks for {asked}")),
    );
    faults.extend(seen.complaints);
    faults
}

#[expect(clippy::print_stdout, reason = "for a person who wants to see it too")]
fn tell(screenshot: &Path) {
    println!("{}", screenshot.display());
}

/// A page on which everything is wrong that a report is looked at for: what is not found there would be found nowhere.
const WRONG: &str = r##"<!doctype html>
<html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src * 'unsafe-inline'; style-src 'none'"></head><body>
<a href="http://127.0.0.1:9/elsewhere" hidden>not asked for</a>
<img src="http://127.0.0.1:9/beacon.png" alt="beacon">
<p style="color: red">refused</p>
<svg width="3000" height="20" role="img"></svg>
<table class="sortable"><thead><tr><th>n</th></tr></thead><tbody><tr><td>2</td></tr><tr><td><a href="#episode-1">1</a></td></tr></tbody></table>
<details id="episode-1"><summary>1</summary>stays closed</details>
<script>console.error("told"); setTimeout(() => { throw new Error("thrown") })</script>
</body></html>"##;

/// What is *not* found wrong on a page where all of it is.
async fn look_at_what_is_wrong(page: &Page, place: &Workplace) -> Vec<String> {
    let index = place.path("wrong.html");
    std::fs::write(&index, WRONG).unwrap();
    let found = look_at(page, &Case { name: "wrong", index, language: "ja" }).await;
    let expected = [
        "1440 px is too wide",
        "1440 px dark is too wide",
        "390 px is too wide",
        "paper is too wide",
        "its language is",
        "dark is as bright as light",
        "a click on a link to #episode-1 does not open it",
        "a table is not sorted ascending by n: 2,1",
        "a chart has no name",
        "a barrier: ",
        "asks for http://127.0.0.1:9/beacon.png",
        "logged: Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
        "logged: Applying inline style violates",
        "said: told",
        "thrown: ",
    ];
    let missing = expected.into_iter().filter(|fault| !found.iter().any(|found| found.starts_with(fault)));
    missing
        .map(|fault| format!("the page on which all is wrong: not found: {fault}; found: {found:#?}"))
        .collect()
}
