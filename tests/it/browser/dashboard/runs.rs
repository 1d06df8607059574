//! Five hundred runs as a list: sorted, filtered, compared, and nothing in them taken for more than text.

use std::path::Path;

use chromiumoxide::Page;

use super::super::chromium::{Chromium, Connected};
use super::super::observer::Observer;
use super::super::view::{View, ask};
use super::{SOON, complaints, on_every_screen, runtime, served, until};
use crate::command::{Workplace, goose_recovery, json, turn};
use crate::made_up_runs::made_up_runs;

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
        let mut faults = on_every_screen(&page, "dashboard-runs").await;
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
    faults.extend(on_every_screen(&comparison, "dashboard-comparison").await);
    comparison.close().await.unwrap();
}
