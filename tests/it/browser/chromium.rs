//! The browser: a process of this test's own, which ends with it.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chromiumoxide::{Browser, Page};
use futures::StreamExt as _;

use crate::command::Guarded;
use crate::processes::eventually;

/// How Debian and others call it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// As root it runs without a sandbox only; the rest keeps it from asking for anything by itself.
const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // What it draws must not depend on the machine's own scrollbars.
    "--hide-scrollbars",
    // A free port, told in a file.
    "--remote-debugging-port=0",
    "about:blank",
];

/// A running browser. It is killed when this is dropped, and when the thread that started it ends in any other way.
pub(super) struct Chromium {
    process: Guarded,
    folder: PathBuf,
    address: String,
}

impl Chromium {
    /// Starts one, or gives `None` on a machine without it, which is said on stderr.
    ///
    /// # Panics
    /// When it cannot be started though it is there, and when it is absent and `CI` is `true`: there a test that needs it
    /// must fail.
    pub(super) fn for_tests() -> Option<Self> {
        let found = installed();
        if found.is_none() {
            let missing = "no Chromium is installed: apt-get install chromium fonts-ipafont-gothic";
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{missing}");
            // Straight to stderr, so that a test that passes without having tested anything says so.
            let _ = writeln!(io::stderr(), "not tested: {missing}");
        }
        found.map(|program| Self::start(&program))
    }

    fn start(program: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("chromium-").tempdir().unwrap().keep();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL"])
            .arg(program)
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", folder.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        let mut chromium = Self { process: Guarded(child.unwrap()), folder, address: String::new() };
        chromium.address = chromium.address();
        chromium
    }

    /// Where it can be spoken to: `ws://…`, once it accepts connections.
    fn address(&mut self) -> String {
        let told = self.folder.join("DevToolsActivePort");
        eventually("the start of the browser", 60, || {
            if let Some(status) = self.process.0.try_wait().unwrap() {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("the browser ended ({status}): {log}");
            }
            let told = std::fs::read_to_string(&told).ok()?;
            let (port, path) = told.split_once('\n')?;
            path.starts_with('/').then(|| format!("ws://127.0.0.1:{port}{}", path.trim_end()))
        })
    }

    pub(super) async fn connect(&self) -> Connected {
        let (browser, mut handler) = Browser::connect(&self.address).await.unwrap();
        // It tells of things that this client has not heard of; those are no errors of the page.
        let handler = tokio::spawn(async move { while handler.next().await.is_some() {} });
        Connected { browser, handler }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.0.kill();
        let _ = self.process.0.wait();
        // Its helpers end as soon as they notice, and write into the folder until then.
        for _ in 0..100 {
            if std::fs::remove_dir_all(&self.folder).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A browser that is spoken to.
pub(super) struct Connected {
    browser: Browser,
    handler: tokio::task::JoinHandle<()>,
}

impl Connected {
    /// A new tab.
    pub(super) async fn page(&self) -> Page {
        self.browser.new_page("about:blank").await.unwrap()
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.handler.abort();
    }
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|program| program.is_file()))
}
