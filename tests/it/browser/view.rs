//! How a page is looked at, and what is looked for.

use std::fmt;
use std::path::{Path, PathBuf};

use chromiumoxide::Page;
use chromiumoxide::cdp::browser_protocol::accessibility::GetFullAxTreeParams;
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::cdp::browser_protocol::page::{
    CaptureScreenshotFormat, CaptureScreenshotParams, Viewport,
};
use serde::de::DeserializeOwned;

/// A longer page is cut off in its screenshot: nobody looks further down, and no image viewer likes it.
const TALLEST_PX: f64 = 12_000.0;

/// One way to look at a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    width: i64,
    dark: bool,
    paper: bool,
}

impl View {
    pub(super) const WIDE: Self = Self { width: 1440, dark: false, paper: false };
    pub(super) const DARK: Self = Self { dark: true, ..Self::WIDE };
    const PHONE: Self = Self { width: 390, ..Self::WIDE };
    const DARK_PHONE: Self = Self { dark: true, ..Self::PHONE };
    /// A4 without its margins, at 96 pixels an inch.
    const PAPER: Self = Self { width: 718, dark: false, paper: true };
    /// Those on a screen.
    pub(super) const SCREENS: [Self; 4] = [Self::WIDE, Self::DARK, Self::PHONE, Self::DARK_PHONE];
    pub(super) const ALL: [Self; 5] = [Self::WIDE, Self::DARK, Self::PHONE, Self::DARK_PHONE, Self::PAPER];

    pub(super) async fn set(self, page: &Page) {
        let mobile = self.width == Self::PHONE.width;
        let metrics = SetDeviceMetricsOverrideParams::new(self.width, 900, 1.0, mobile);
        page.execute(metrics).await.unwrap();
        let scheme = MediaFeature::new("prefers-color-scheme", if self.dark { "dark" } else { "light" });
        let media = SetEmulatedMediaParams::builder().feature(scheme);
        page.execute(media.media(if self.paper { "print" } else { "screen" }).build()).await.unwrap();
    }

    /// Draws the page as it stands, from its top; where the picture is. Paper is not drawn.
    pub(super) async fn screenshot(self, page: &Page, case: &str) -> Option<PathBuf> {
        if self.paper {
            return None;
        }
        let height: f64 = ask(page, "document.documentElement.scrollHeight").await;
        let (width, height) = (self.width as f64, height.min(TALLEST_PX));
        let clip = Viewport { x: 0.0, y: 0.0, width, height, scale: 1.0 };
        let params = CaptureScreenshotParams::builder().format(CaptureScreenshotFormat::Png).clip(clip);
        let png = page.screenshot(params.capture_beyond_viewport(true).build()).await.unwrap();
        // Beside cargo's folder for tests, which is in its target folder wherever that is.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{case}-{}{}.png", self.width, if self.dark { "-dark" } else { "" }));
        std::fs::write(&path, png).unwrap();
        Some(path)
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { paper: true, .. } => write!(f, "paper"),
            Self { width, dark, .. } => write!(f, "{width} px{}", if *dark { " dark" } else { "" }),
        }
    }
}

/// What an expression gives in the page.
pub(super) async fn ask<T: DeserializeOwned>(page: &Page, expression: &str) -> T {
    let answer = page.evaluate(expression).await.unwrap();
    serde_json::from_value(answer.value().cloned().unwrap_or_default()).unwrap()
}

/// How the page is wider than its window, and the first elements that reach out of it.
pub(super) async fn overflow(page: &Page) -> Option<String> {
    let look = r##"(() => {
        const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return null;
        const out = [...document.body.querySelectorAll("*")]
            .filter(element => element.getBoundingClientRect().right > root.clientWidth + 1);
        const name = element =>
            `${element.tagName}#${element.id} ${element.className.baseVal ?? element.className}`;
        return `${root.scrollWidth} px in ${root.clientWidth} px: ${out.slice(0, 5).map(name).join(", ")}`;
    })()"##;
    ask(page, look).await
}

/// Opens everything that can be opened.
pub(super) async fn open_everything(page: &Page) {
    let open = r#"(() => { document.querySelectorAll("details").forEach(details => details.open = true); return true })()"#;
    assert!(ask::<bool>(page, open).await);
}

/// Whether nothing becomes dark in the dark.
pub(super) async fn dark_is_as_bright(page: &Page) -> Option<String> {
    // The sum of red, green and blue where the reader looks; transparent is the white beneath.
    let brightness = r#"(() => {
        const of = element => getComputedStyle(element).backgroundColor.match(/[\d.]+/g).map(Number);
        const found = [document.body, document.documentElement].map(of).find(colour => colour[3] !== 0);
        return found ? found[0] + found[1] + found[2] : 765;
    })()"#;
    let light: f64 = ask(page, brightness).await;
    View::DARK.set(page).await;
    let dark: f64 = ask(page, brightness).await;
    View::WIDE.set(page).await;
    (dark >= light / 2.0).then(|| format!("dark is as bright as light: {dark} and {light}"))
}

/// A link to an episode that is closed, if a click on it leaves it so.
pub(super) async fn link_that_does_not_open_its_episode(page: &Page) -> Option<String> {
    // The last one, which is farthest away. What the link lies in is opened first. Without a script nothing could open it.
    let find = r##"(() => {
        if (document.scripts.length === 0) return null;
        const closed = link => document.querySelector(link.hash)?.open === false;
        const link = [...document.querySelectorAll('a[href^="#episode-"]')].filter(closed).pop();
        if (!link) return null;
        for (let at = link.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
        link.id ||= "clicked";
        return [link.id, link.hash];
    })()"##;
    let (link, hash): (String, String) = ask::<Option<_>>(page, find).await?;
    page.find_element(format!("#{link}")).await.unwrap().click().await.unwrap();
    let seen = format!(
        r#"(async () => {{
            const episode = document.querySelector("{hash}");
            const shown = () => episode.open && episode.getBoundingClientRect().top < innerHeight;
            for (let tries = 0; tries < 40 && !shown(); tries++) await new Promise(done => setTimeout(done, 50));
            return shown();
        }})()"#
    );
    (!ask::<bool>(page, &seen).await).then(|| format!("a click on a link to {hash} does not open it"))
}

/// Tables whose heads promise to sort them and do not: each column, once up and once down.
pub(super) async fn tables_that_do_not_sort(page: &Page) -> Vec<String> {
    let sort = r#"(() => {
        const faults = [];
        for (const table of document.querySelectorAll("table.sortable")) {
            [...table.tHead.rows[0].cells].forEach((head, column) => {
                const keys = () => [...table.tBodies[0].rows].map(row => row.cells[column])
                    .map(cell => cell.dataset.sort === undefined ? cell.textContent.trim() : cell.dataset.sort)
                    .filter(key => key !== "");
                const sorted = (all, sign) => all.every((key, at) => {
                    if (at === 0) return true;
                    const [a, b] = [all[at - 1], key];
                    const order = isNaN(a) || isNaN(b) ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
                    return sign * order <= 0;
                });
                for (const [sign, word] of [[1, "ascending"], [-1, "descending"]]) {
                    head.querySelector("button")?.click();
                    if (head.getAttribute("aria-sort") !== word || !sorted(keys(), sign))
                        faults.push(`a table is not sorted ${word} by ${head.textContent.trim()}: ${keys()}`);
                }
            });
        }
        return faults;
    })()"#;
    ask(page, sort).await
}

/// Charts that tell nothing to somebody who does not see them, as the browser itself gives their names.
pub(super) async fn charts_without_a_name(page: &Page) -> Vec<String> {
    open_everything(page).await;
    // What is drawn twice under one name is one chart, and what is hidden and no figure is an ornament.
    let drawn = r#"new Set([...document.querySelectorAll("svg")]
        .filter(svg => svg.closest("figure, [role=img]") || !svg.closest("[aria-hidden=true]"))
        .map(svg => svg.closest("[role=img]") ?? svg)).size"#;
    let drawn: usize = ask(page, drawn).await;
    let tree = page.execute(GetFullAxTreeParams::default()).await.unwrap();
    let text = |value: &Option<chromiumoxide::cdp::browser_protocol::accessibility::AxValue>| {
        value.as_ref().and_then(|value| value.value.as_ref()?.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let is_image = |role: String| matches!(role.as_str(), "image" | "img" | "graphics-document");
    let images: Vec<_> =
        tree.result.nodes.iter().filter(|node| !node.ignored && is_image(text(&node.role))).collect();
    let mut faults: Vec<_> = images
        .iter()
        .filter(|node| text(&node.name).trim().is_empty())
        .map(|_| "a chart has no name".to_owned())
        .collect();
    if images.len() < drawn || drawn == 0 {
        faults.push(format!("{drawn} charts are drawn, and {} are known as images", images.len()));
    }
    faults
}
