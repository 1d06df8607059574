//! A run while it goes on, up to its verdict, and one that was cut off.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chromiumoxide::Page;
use serde::Deserialize;
use serde_json::Value;

use super::super::REAL;
use super::super::axe::barriers;
use super::super::chromium::{Chromium, Connected};
use super::super::observer::Observer;
use super::super::view::{View, ask};
use super::{SOON, complaints, on_every_screen, opened, runtime, served, until};
use crate::command::{Workplace, goose_recovery, json, turn};
use crate::made_up::Shape;

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
        let mut shell = Command::new("sh");
        let program = goose_recovery().get_program().to_owned();
        let there = Path::new(&program).parent().unwrap().display().to_string();
        shell.args(["-c", &told]).current_dir(place.path(".")).env("PATH", format!("{there}:/usr/bin:/bin"));
        let output = shell.output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{told}: {output:?}");
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
    let mut faults = on_every_screen(&page, name).await;
    faults.extend(complaints(observer, &page, url).await);
    page.close().await.unwrap();
    faults
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
