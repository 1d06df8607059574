//! The dashboard as its viewers see it: while a real run goes on, and over five hundred runs.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use chromiumoxide::Page;
use serde::Deserialize;
use serde_json::Value;

use super::axe::barriers;
use super::chromium::{Chromium, Connected};
use super::observer::Observer;
use super::view::{self, View, ask};
use super::{REAL, tell};
use crate::command::{Guarded, Workplace, goose_recovery, json, turn};
use crate::made_up::Shape;
use crate::made_up_runs::made_up_runs;

/// How long something on the page may take that waits for nothing but the dashboard.
const SOON: Duration = Duration::from_secs(20);

/// How long a whole run of [`REAL`] may take on a machine that is busy.
const RUN: Duration = Duration::from_secs(300);

/// Whatever the page shows, once it has shown it: noted in the page, so that nothing is missed between two looks.
const NOTE: &str = r##"(() => {
    const text = selector => document.querySelector(selector)?.textContent.trim() ?? "";
    const noted = window.noted = { episodes: [], opened: 0, closed: 0, alerts: 0, drawn: 0, states: [] };
    let open = false;
    setInterval(() => {
        const last = of => of[of.length - 1];
        const episode = text('[data-part="episode"]');
        if (episode !== "" && last(noted.episodes) !== episode) noted.episodes.push(episode);
        const state = document.getElementById("verdict").className;
        if (last(noted.states) !== state) noted.states.push(state);
        const now = document.querySelector('.flight [data-state="open"]') !== null;
        if (now && !open) noted.opened += 1;
        if (open && !now) noted.closed += 1;
        open = now;
        noted.alerts = Math.max(noted.alerts, document.querySelectorAll("#alerts tr").length);
        for (const canvas of document.querySelectorAll("#felt canvas")) {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            if (new Set(new Uint32Array(data.buffer)).size > 3) noted.drawn = Math.max(noted.drawn, 1);
        }
    }, 100);
    return true;
})()"##;

#[derive(Debug, Deserialize)]
struct Noted {
    episodes: Vec<String>,
    opened: u32,
    closed: u32,
    alerts: u32,
    drawn: u32,
    states: Vec<String>,
}

#[test]
fn a_run_is_watched_live_up_to_its_verdict_and_across_a_restart_of_the_server() {
    let _turn = turn();
    let Some(chromium) = Chromium::for_tests() else { return };
    let place = Workplace::new();
    let (mut run, url) = served(place.run(REAL).args(["--seed=6", "--dashboard", "127.0.0.1:0"]));
    runtime().block_on(async {
        let browser = chromium.connect().await;
        let page = opened(&browser, &url).await;
        assert!(ask::<bool>(&page, NOTE).await);
        until(&page, SOON, "the run is shown", "!document.getElementById('run').hidden").await;
        until(
            &page,
            RUN,
            "the verdict is final",
            "document.querySelector('[data-part=report]').hidden === false",
        )
        .await;
        let noted: Noted = ask(&page, "window.noted").await;
        let mut counts: Vec<u32> = noted.episodes.iter().map(|text| episode(text)).collect();
        counts.dedup();
        assert!(counts.len() > 3 && counts.is_sorted(), "the count of episodes rises: {noted:?}");
        // Chains are injected for a time, and other faults so many times.
        let (timed, numbered) =
            noted.episodes.iter().partition::<Vec<_>, _>(|text| text.ends_with(" s in this scenario"));
        assert!(timed.len() > 1 && numbered.len() > 2, "how far each scenario is: {noted:?}");
        assert!(noted.opened > 0 && noted.closed > 0, "a fault window opens and closes: {noted:?}");
        assert!(noted.alerts > 0 && noted.drawn > 0, "alerts arrive, charts are drawn: {noted:?}");
        assert!(noted.states.iter().any(|state| state.contains("running")), "{noted:?}");

        let status = run.0.wait().unwrap();
        let summary = place.summary();
        let verdict = summary["verdict"].as_str().unwrap();
        assert_eq!(
            status.code(),
            Some(if verdict == "pass" { 0 } else { i32::from(verdict == "fail") }),
            "{verdict}"
        );
        let shown = look(&page).await;
        assert_eq!(shown, judged(&summary), "the page says what summary.json says");

        // The run's process has ended, and its server with it.
        until(&page, SOON, "the loss of the connection is told", LOST).await;
        assert_eq!(look(&page).await, shown, "what was known stays");
        let address = url.split('/').nth(2).unwrap().to_owned();
        let mut again = goose_recovery();
        again.args(["dashboard", "--listen", &address, "--log"]).arg(place.journal());
        let (server, _) = served(again.arg("--reports").arg(place.path("")));
        until(&page, SOON, "the page comes back by itself", &format!("!({LOST})")).await;
        assert_eq!(look(&page).await, shown, "the same after the restart");
        let faults = faults_of_a_fresh_page(&browser, &url, "dashboard-live").await;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        drop(server);
        until(&page, SOON, "the loss is told again", LOST).await;
        assert_eq!(barriers(&page).await, [""; 0], "also without a connection");
    });
}

#[test]
fn a_run_that_was_cut_off_says_how_to_get_its_report() {
    let _turn = turn();
    let Some(chromium) = Chromium::for_tests() else { return };
    let place = Workplace::new();
    let journal = place.path("cut off.jsonl");
    Shape::new(10_000, 6).write(&journal).unwrap();
    let whole = std::fs::read(&journal).unwrap();
    std::fs::write(&journal, &whole[..whole.len() / 2]).unwrap();
    let mut command = goose_recovery();
    command.args(["dashboard", "--listen", "127.0.0.1:0", "--log"]).arg(&journal);
    let (_server, url) = served(command.current_dir(place.path(".")));
    runtime().block_on(async {
        let browser = chromium.connect().await;
        let page = opened(&browser, &url).await;
        until(&page, SOON, "the run is shown", "!document.getElementById('run').hidden").await;
        let state: String = ask(&page, "document.getElementById('verdict').className").await;
        assert!(state.contains("interrupted"), "{state}");
        let faults = faults_of_a_fresh_page(&browser, &url, "dashboard-cut-off").await;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        let hint = "document.querySelector('[data-part=no-report]')";
        let told: String =
            ask(&page, &format!("{hint}.hidden ? '' : {hint}.querySelector('code').textContent")).await;
        let mut shell = std::process::Command::new("sh");
        let program = goose_recovery().get_program().to_owned();
        let there = Path::new(&program).parent().unwrap().display().to_string();
        shell.args(["-c", &told]).current_dir(place.path(".")).env("PATH", format!("{there}:/usr/bin:/bin"));
        let output = shell.output().unwrap();
        assert!(matches!(output.status.code(), Some(1 | 3 | 130)), "{told}: {output:?}");
        until(&page, SOON, "the report is found", &format!("{hint}.hidden")).await;
        let summary = json(&place.path("reports/generated-1/summary.json"));
        assert_eq!(look(&page).await, judged(&summary));
    });
}

/// The number in `Episode 3: 1 of 2 in this scenario`.
fn episode(text: &str) -> u32 {
    let number = text.strip_prefix("Episode ").and_then(|rest| rest.split(':').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no episode: {text}"))
}

/// Everything that is wrong with the page of a run, opened late: on every screen, in what it asks for, and in what the browser says.
async fn faults_of_a_fresh_page(browser: &Connected, url: &str, name: &str) -> Vec<String> {
    let page = browser.page().await;
    let observer = Observer::online(&page).await;
    View::WIDE.set(&page).await;
    page.goto(url).await.unwrap();
    until(&page, SOON, "the run is shown", "!document.getElementById('run').hidden").await;
    let mut faults = Vec::new();
    for view in View::SCREENS {
        view.set(&page).await;
        faults.extend(view::overflow(&page).await.map(|found| format!("{view} is too wide: {found}")));
        faults.extend(barriers(&page).await.into_iter().map(|barrier| format!("{view}: {barrier}")));
        if let Some(picture) = view.screenshot(&page, name).await {
            tell(&picture);
        }
    }
    faults.extend(complaints(observer, &page, url).await);
    page.close().await.unwrap();
    faults
}

/// What a page has asked others for, and what the browser had to say.
async fn complaints(observer: Observer, page: &Page, url: &str) -> Vec<String> {
    let seen = observer.finish(page).await;
    let origin = url.split("/analysis").next().unwrap();
    let elsewhere = seen
        .requests
        .into_iter()
        .filter(|asked| !asked.starts_with(origin) && !asked.starts_with("data:image"));
    elsewhere.map(|asked| format!("asks for {asked}")).chain(seen.complaints).collect()
}

const LOST: &str = "document.getElementById('live').classList.contains('lost')";

/// Verdicts: of the run, and of each scenario with the values of its KPIs.
type Judged = (String, Vec<(String, String, Vec<String>)>);

async fn look(page: &Page) -> Judged {
    ask(
        page,
        r#"(() => {
            const verdict = of => ["pass", "fail", "inconclusive"].find(word => of.classList.contains(word));
            const text = (root, part) => root.querySelector(`[data-part=${part}]`).textContent.trim();
            return [verdict(document.getElementById("verdict")), [...document.querySelectorAll(".scenario")].map(of => [
                text(of, "name"), verdict(of.querySelector("[data-part=verdict]")),
                [...of.querySelectorAll(".card")].map(card => `${text(card, "value")} ${verdict(card)}`),
            ])];
        })()"#,
    )
    .await
}

fn judged(summary: &Value) -> Judged {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let kpi = |kpi: &Value| {
        let value = kpi["value"].as_f64();
        let unit = kpi["unit"].as_str().unwrap();
        let shown =
            value.map_or("no data".to_owned(), |value| goose_recovery::lang::format::value(unit, value));
        format!("{shown} {}", kpi["verdict"].as_str().unwrap())
    };
    let scenario = |scenario: &Value| {
        let own = summary["kpis"].as_array().unwrap().iter().filter(|of| of["scenario"] == scenario["name"]);
        (text(&scenario["name"]), text(&scenario["verdict"]), own.map(kpi).collect())
    };
    (text(&summary["verdict"]), summary["scenarios"].as_array().unwrap().iter().map(scenario).collect())
}

#[test]
fn five_hundred_runs_are_listed_sorted_filtered_and_compared_without_a_barrier() {
    let _turn = turn();
    let Some(chromium) = Chromium::for_tests() else { return };
    let place = Workplace::new();
    let reports = place.path("reports");
    let folders = made_up_runs(&reports, 500, 30, 7);
    assert_eq!(folders.len(), 500);
    hostile(&folders[100]);
    let mut command = goose_recovery();
    let (_server, url) = served(
        command
            .args(["dashboard", "--listen", "127.0.0.1:0", "--reports"])
            .arg(&reports)
            .arg("--log")
            .arg(place.journal()),
    );
    runtime().block_on(async {
        let browser = chromium.connect().await;
        let page = browser.page().await;
        let observer = Observer::online(&page).await;
        View::WIDE.set(&page).await;
        page.goto(url.as_str()).await.unwrap();
        until(&page, SOON, "the list is there", "document.querySelectorAll('#run-rows tr').length > 0").await;
        let shown: String = ask(&page, "document.getElementById('shown').textContent").await;
        assert!(shown.contains("500"), "{shown}");
        let mut faults = Vec::new();
        for view in View::SCREENS {
            view.set(&page).await;
            faults.extend(view::overflow(&page).await.map(|found| format!("{view} is too wide: {found}")));
            faults.extend(barriers(&page).await.into_iter().map(|barrier| format!("{view}: {barrier}")));
            if let Some(picture) = view.screenshot(&page, "dashboard-runs").await {
                tell(&picture);
            }
        }
        View::WIDE.set(&page).await;
        faults.extend(columns_that_do_not_sort(&page).await);
        faults.extend(filters_that_let_others_through(&page).await);
        let alerted: bool = ask(
            &page,
            "window.alerted === true || document.querySelector('#run-rows img, #run-rows script') !== null",
        )
        .await;
        assert!(!alerted, "a label is text");
        compared(&page, &browser, &mut faults).await;
        faults.extend(complaints(observer, &page, &url).await);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}

/// Labels and names as somebody would choose them who wishes the reader ill.
fn hostile(run: &Path) {
    let path = run.join("summary.json");
    let mut summary = json(&path);
    let evil = "<img src=x onerror='window.alerted=true'>\"'&\u{202e}";
    summary["labels"] = serde_json::json!({ evil: evil, "long": "x".repeat(300) });
    summary["scenarios"][0]["name"] = evil.into();
    summary["plan"]["policy"] = serde_json::json!({ "max_retries": evil });
    std::fs::write(path, summary.to_string()).unwrap();
}

/// Each column, once up and once down: what comes first differs, unless nothing in it does. Users are numbers, and read as such.
async fn columns_that_do_not_sort(page: &Page) -> Vec<String> {
    ask(
        page,
        r##"(async () => {
            const faults = [], pause = () => new Promise(done => setTimeout(done, 20));
            const heads = [...document.querySelectorAll("#run-table thead th[data-column]")];
            const first = column => [...document.querySelectorAll("#run-rows tr")].slice(0, 40)
                .map(row => row.cells[heads[column].cellIndex].textContent.trim());
            for (const [column, head] of heads.entries()) {
                const orders = [];
                for (let click = 0; click < 2; click++) {
                    head.querySelector("button").click();
                    await pause();
                    orders.push([head.getAttribute("aria-sort"), first(column).join("|")]);
                }
                const [[a, up], [b, down]] = orders;
                if (new Set([a, b, "ascending", "descending"]).size !== 2 || (up === down && new Set(up.split("|")).size > 1))
                    faults.push(`${head.dataset.column} is not sorted: ${a}, ${b}, ${up.slice(0, 100)}`);
            }
            const number = text => Number(text.replace(/[^\d.]/g, ""));
            const users = heads.findIndex(head => head.dataset.column === "users");
            const read = () => first(users).map(number);
            const sorted = of => of.every((n, at) => at === 0 || of[at - 1] <= n);
            heads[users].querySelector("button").click();
            await pause();
            const [one, up] = [read(), heads[users].getAttribute("aria-sort") === "ascending"];
            if (!sorted(up ? one : one.reverse())) faults.push(`users are not in order: ${one}`);
            return faults;
        })()"##,
    )
    .await
}

/// A filter by verdict, by label, by text: what is left must be what was asked for, and some of it.
async fn filters_that_let_others_through(page: &Page) -> Vec<String> {
    ask(
        page,
        r##"(async () => {
            const faults = [], form = document.getElementById("filters");
            const pause = () => new Promise(done => setTimeout(done, 400));
            const rows = () => [...document.querySelectorAll("#run-rows tr")];
            const choose = async (name, value) => {
                form.elements[name].value = value;
                form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
                form.elements[name].dispatchEvent(new Event("change", { bubbles: true }));
                await pause();
            };
            const check = (what, fits) => {
                const wrong = rows().filter(row => !fits(row));
                if (rows().length === 0 || wrong.length > 0) faults.push(`${what}: ${wrong.length} of ${rows().length} do not fit`);
            };
            await choose("verdict", "fail");
            check("verdict", row => row.querySelector("[data-part=verdict]").classList.contains("fail"));
            await choose("label", [...form.elements.label.options].find(option => option.textContent.includes("branch=main")).value);
            check("label", row => row.querySelector("[data-part=labels]").textContent.includes("branch=main") && row.querySelector("[data-part=verdict]").classList.contains("fail"));
            form.reset();
            await pause();
            await choose("q", "nightly");
            await choose("q", "release/1.2");
            check("text", row => row.textContent.includes("release/1.2"));
            form.reset();
            await pause();
            if (rows().length < 100) faults.push(`${rows().length} rows without a filter`);
            return faults;
        })()"##,
    )
    .await
}

/// Two runs are ticked and set side by side, on the very page that the command writes.
async fn compared(page: &Page, browser: &Connected, faults: &mut Vec<String>) {
    let link: Option<String> = ask(
        page,
        r##"(async () => {
            const of = name => [...document.querySelectorAll("#run-rows tr")].filter(row => row.textContent.includes(name));
            const same = of("cascade").filter(row => ["single-module", "db-redis-down"].every(name => row.textContent.includes(name)));
            for (const row of same.slice(0, 2)) row.querySelector("input").click();
            await new Promise(done => setTimeout(done, 100));
            const link = document.getElementById("compare");
            return link.getAttribute("aria-disabled") === "true" ? null : link.href;
        })()"##,
    )
    .await;
    let link = link.expect("two ticked runs can be compared");
    let comparison = browser.page().await;
    View::WIDE.set(&comparison).await;
    comparison.goto(link.as_str()).await.unwrap();
    let heading: String =
        ask(&comparison, "document.querySelector('h1')?.textContent ?? document.body.textContent").await;
    // Different users make them incomparable unless that is asked for.
    let forced: bool = ask(&comparison, "(() => { const link = document.querySelector('a[href*=\"force=true\"]'); link?.click(); return link !== null })()").await;
    if forced {
        until(&comparison, SOON, "the forced comparison", "document.getElementById('changes') !== null")
            .await;
    }
    let found: bool = ask(&comparison, "document.querySelectorAll('#changes svg').length > 0").await;
    assert!(found, "{heading}");
    for view in View::SCREENS {
        view.set(&comparison).await;
        faults.extend(
            view::overflow(&comparison)
                .await
                .map(|found| format!("comparison, {view}, is too wide: {found}")),
        );
        faults.extend(
            barriers(&comparison).await.into_iter().map(|barrier| format!("comparison, {view}: {barrier}")),
        );
    }
    comparison.close().await.unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

async fn opened(browser: &Connected, url: &str) -> Page {
    let page = browser.page().await;
    View::WIDE.set(&page).await;
    page.goto(url).await.unwrap();
    page
}

/// Waits until an expression is true in the page.
async fn until(page: &Page, patience: Duration, what: &str, expression: &str) {
    let tries = patience.as_millis() / 100;
    for _ in 0..tries {
        if ask::<bool>(page, expression).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let text: String = ask(page, "document.body.innerText.slice(0, 2000)").await;
    panic!("{what}: not within {patience:?}: {text}");
}

/// A command that serves a dashboard, and where.
fn served(command: &mut std::process::Command) -> (Guarded, String) {
    let mut child = Guarded(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
    let url = address(&mut child.0);
    (child, url)
}

/// What it tells on stderr, which is read to its end, so that it never waits for us.
fn address(child: &mut Child) -> String {
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let (told, heard) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = Vec::new();
        for line in stderr.lines().map_while(Result::ok) {
            if let Some(url) = line.strip_prefix("dashboard: http").map(|rest| format!("http{rest}")) {
                let _ = told.send(Ok(url));
            }
            lines.push(line);
        }
        let _ = told.send(Err(lines.join("\n")));
    });
    heard.recv_timeout(Duration::from_secs(60)).expect("it tells where it serves").expect("it serves")
}
