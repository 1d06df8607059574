//! The dashboard as its viewers see it.

mod live;
mod runs;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use chromiumoxide::Page;

use super::axe::barriers;
use super::chromium::Connected;
use super::observer::Observer;
use super::tell;
use super::view::{self, View, ask};
use crate::command::Guarded;

/// How long something on the page may take that waits for nothing but the dashboard.
const SOON: Duration = Duration::from_secs(20);

/// Everything that is wrong with a page on any screen; `name` is what its pictures are called.
async fn on_every_screen(page: &Page, name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for view in View::SCREENS {
        view.set(page).await;
        let too_wide =
            view::overflow(page).await.map(|found| format!("{name}, {view}, is too wide: {found}"));
        faults.extend(too_wide);
        faults.extend(barriers(page).await.into_iter().map(|barrier| format!("{name}, {view}: {barrier}")));
        if let Some(picture) = view.screenshot(page, name).await {
            tell(&picture);
        }
    }
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
