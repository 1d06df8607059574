//! The page itself: a frame of words, which its scripts fill with what the API says, and everything that a browser needs beside it.

use askama::Template;

use crate::lang::{Arg, Lang};

/// The template and all that it shows.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: Lang,
    version: &'a str,
}

impl Page<'_> {
    /// A text whose variables the script fills in: each stands there as its name in braces.
    fn pattern<const N: usize>(&self, id: &str, names: &[&str; N]) -> String {
        self.lang.say(id, names.map(|name| (name, Arg::Text(format!("{{{name}}}")))))
    }
}

/// The page in a language. `version` is the one that an event of `/api/live` names as its page.
pub(crate) fn page(lang: Lang, version: &str) -> askama::Result<String> {
    Page { lang, version }.render()
}

/// What the page loads.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Below `/assets/`.
    pub(crate) name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) content: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The files in `page/` by their own names.
macro_rules! own {
    ($($media_type:ident $name:literal)*) => {
        [$(Asset { name: $name, media_type: $media_type, content: include_str!(concat!("page/", $name)) }),*]
    };
}

/// Everything that is served below `/assets/`.
pub(crate) const ASSETS: [&[Asset]; 2] = [
    &own! {
        STYLE "dashboard.css"
        SCRIPT "charts.js"
        SCRIPT "clock.js"
        SCRIPT "comparison.js"
        SCRIPT "connection.js"
        SCRIPT "dashboard.js"
        SCRIPT "dom.js"
        SCRIPT "filters.js"
        SCRIPT "flights.js"
        SCRIPT "lanes.js"
        SCRIPT "live.js"
        SCRIPT "news.js"
        SCRIPT "query.js"
        SCRIPT "row.js"
        SCRIPT "runs.js"
        SCRIPT "sorting.js"
        SCRIPT "tables.js"
        SCRIPT "time.js"
        SCRIPT "trend.js"
        SCRIPT "windows.js"
    },
    &[
        Asset { name: "report.css", media_type: STYLE, content: include_str!("../report/html/style.css") },
        Asset {
            name: "uPlot.iife.min.js",
            media_type: SCRIPT,
            content: include_str!("page/uplot/uPlot.iife.min.js"),
        },
        Asset { name: "uPlot.min.css", media_type: STYLE, content: include_str!("page/uplot/uPlot.min.css") },
        Asset { name: "uPlot.LICENSE.txt", media_type: TEXT, content: include_str!("page/uplot/LICENSE") },
    ],
];
