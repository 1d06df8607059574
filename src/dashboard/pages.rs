//! What people open: the page, its assets, reports, and runs side by side.

use axum::extract::{OriginalUri, Path, RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use super::PAGE;
use super::refusal::Refusal;
use super::runs::index::NotCompared;
use super::site::{Handler, Site};
use super::{assets, headers};

/// Everything that is no API.
pub(super) const ROUTES: [(&str, Handler); 7] = [
    ("/", || get(async || Redirect::to(PAGE))),
    (PAGE, || get(page)),
    ("/assets/{name}", || get(asset)),
    ("/compare", || get(compare)),
    ("/reports/{id}", || get(folder)),
    ("/reports/{id}/", || get(report)),
    ("/reports/{id}/{file}", || get(file)),
];

async fn page(State(site): State<Site>) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, headers::OF_PAGE)], Html(site.page.to_string())).into_response()
}

async fn asset(Path(name): Path<String>) -> Result<Response, Refusal> {
    let asset = assets::named(&name).ok_or(Refusal::NotFound)?;
    Ok(([(header::CONTENT_TYPE, asset.media_type)], asset.content).into_response())
}

/// `?run=ID&run=ID[&force=true]`, the first run as the baseline.
async fn compare(State(site): State<Site>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let pairs = || url::form_urlencoded::parse(query.as_bytes());
    let ids: Vec<String> = pairs().filter(|(name, _)| name == "run").map(|(_, id)| id.into_owned()).collect();
    let force = pairs().any(|(name, value)| name == "force" && value == "true");
    let forced = forced(&ids);
    match site.ask(move |index| index.comparison(&ids, force)).await? {
        Ok(page) => {
            Ok(([(header::CONTENT_SECURITY_POLICY, headers::of_report())], Html(page)).into_response())
        }
        Err(NotCompared { reason, can_be_forced }) => {
            Err(Refusal::NotCompared { reason, forced: can_be_forced.then_some(forced) })
        }
    }
}

/// The address at which the same runs are compared whatever differs.
fn forced(ids: &[String]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(ids.iter().map(|id| ("run", id))).append_pair("force", "true");
    format!("/compare?{}", query.finish())
}

/// What a report links to stands beside it, so its address ends with a slash.
async fn folder(OriginalUri(uri): OriginalUri) -> Redirect {
    Redirect::to(&format!("{}/", uri.path()))
}

async fn report(site: State<Site>, Path(id): Path<String>) -> Result<Response, Refusal> {
    file(site, Path((id, "index.html".to_owned()))).await
}

async fn file(
    State(site): State<Site>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let file = site.ask(move |index| index.file(&id, &name)).await?.ok_or(Refusal::NoRun)?;
    let is_page = file.media_type.starts_with("text/html");
    let policy = if is_page { headers::of_report() } else { headers::OF_FILE };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CONTENT_TYPE, header::HeaderValue::from_static(file.media_type)),
    ];
    Ok((headers, file.content).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_api_is_one_that_is_described() {
        assert!(ROUTES.iter().all(|(path, _)| !super::super::refusal::is_api(path)));
    }

    #[test]
    fn an_id_is_encoded_in_the_address_that_forces_a_comparison() {
        let ids = ["a/b".to_owned(), "c&force=false".to_owned()];
        assert_eq!(forced(&ids), "/compare?run=a%2Fb&run=c%26force%3Dfalse&force=true");
    }
}
