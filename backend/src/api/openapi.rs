//! The description of the API, OpenAPI 3.1: made from the handlers that the router serves.
//!
//! What every call goes through, the guard and the problem JSON of errors, is added to each operation here.

use std::sync::Arc;

use axum::extract::Extension;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi as _;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response as Described};

use crate::problem::Problem;

/// The name of the security scheme.
const TOKEN: &str = "token";

/// What the description begins with, before any handler.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Fault Recovery Manager",
        description = "R-v0.2's recovery: health, restarts, resyncs, the restart policy, alerts, and the sessions themselves. \
                       Every error is problem JSON (RFC 9457)."
    ),
    components(schemas(Problem))
)]
struct Base;

/// The description as it is served.
#[derive(Clone, Debug)]
pub(super) struct Document(Arc<str>);

/// The description's beginning.
pub(super) fn base() -> OpenApi {
    Base::openapi()
}

/// This description
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi", responses(
    (status = 200, description = "OpenAPI 3.1", body = serde_json::Value, content_type = "application/json")
))]
pub(super) async fn show(Extension(document): Extension<Document>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document.0.to_string()).into_response()
}

/// Adds what holds for every operation.
pub(super) fn finish(mut api: OpenApi) -> Document {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "Asked for by changing calls when the backend was started with FAULT_RECOVERY_TOKEN.",
        ))
        .build();
    api.components.get_or_insert_default().add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
    for item in api.paths.paths.values_mut() {
        for operation in [&mut item.post, &mut item.put].into_iter().flatten() {
            guarded(operation);
        }
        for operation in [&mut item.get, &mut item.post, &mut item.put].into_iter().flatten() {
            problems(operation);
        }
    }
    // A document that cannot be written is an empty one; a test sees to it that it can.
    Document(api.to_json().unwrap_or_default().into())
}

/// A changing call may need the token, and may be turned away before its handler sees it.
fn guarded(operation: &mut Operation) {
    let without = SecurityRequirement::default();
    operation.security = Some(vec![without, SecurityRequirement::new::<_, [String; 0], _>(TOKEN, [])]);
    for (status, reason) in [
        ("401", "The token is missing or wrong"),
        ("403", "The Host or Origin header is foreign"),
        ("413", "The body is too long"),
        ("415", "The body is not called JSON"),
    ] {
        let responses = &mut operation.responses.responses;
        responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(Described::new(reason)));
    }
}

/// Every error whose body is not described otherwise is a problem.
fn problems(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && response.content.is_empty()
        {
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            response.content.insert("application/problem+json".to_owned(), content.into());
        }
    }
}
