//! How does the simulated server say no?

use http::StatusCode;
use serde_json::{Value, json};

use super::resources::ResourceId;

/// A `Status` object of kind failure, with the words that a real server uses.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: StatusCode,
    pub reason: &'static str,
    pub message: String,
    pub details: Value,
}

impl Refusal {
    fn new(code: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self { code, reason, message: message.into(), details: Value::Null }
    }

    fn about(mut self, id: &ResourceId, name: &str) -> Self {
        self.details = json!({ "group": id.group, "kind": id.plural, "name": name });
        self
    }

    pub fn not_found(id: &ResourceId, name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", format!("{} \"{name}\" not found", id.qualified())).about(id, name)
    }

    pub fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", "the server could not find the requested resource")
    }

    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", "the server is currently unable to handle the request")
    }

    pub fn exists(id: &ResourceId, name: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "AlreadyExists", format!("{} \"{name}\" already exists", id.qualified())).about(id, name)
    }

    pub fn conflict(id: &ResourceId, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::new(StatusCode::CONFLICT, "Conflict", format!("Operation cannot be fulfilled on {} \"{name}\": {why}", id.qualified())).about(id, name)
    }

    pub fn apply_conflict(manager: &str, field: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", format!("Apply failed with 1 conflict: conflict with \"{manager}\": {field}"))
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub fn invalid(kind: &str, name: &str, why: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", format!("{kind} \"{name}\" is invalid: {why}"))
    }

    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "the server does not allow this method on the requested resource")
    }

    pub fn too_old(asked: u64, oldest: u64) -> Self {
        Self::new(StatusCode::GONE, "Expired", format!("too old resource version: {asked} ({oldest})"))
    }

    pub fn continue_expired() -> Self {
        let why = "The provided continue parameter is too old to display a consistent list result.";
        Self::new(StatusCode::GONE, "Expired", format!("{why} You can start a new list without the continue parameter."))
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized")
    }

    pub fn forbidden(user: &str, verb: &str, id: &ResourceId, namespace: &str, name: &str) -> Self {
        let place = if namespace.is_empty() { "at the cluster scope".to_owned() } else { format!("in the namespace \"{namespace}\"") };
        let thing = if name.is_empty() { format!("{} is forbidden", id.qualified()) } else { format!("{} \"{name}\" is forbidden", id.qualified()) };
        let message = format!("{thing}: User \"{user}\" cannot {verb} resource \"{}\" in API group \"{}\" {place}", id.plural, id.group);
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message).about(id, name)
    }

    /// What a write meets whose webhook looked at it and said no.
    pub fn denied(webhook: &str, why: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", format!("admission webhook \"{webhook}\" denied the request: {why}"))
    }

    /// What a write meets while the webhook of its kind has no answer.
    pub fn webhook(name: &str, service: &str, namespace: &str, path: &str, why: &str) -> Self {
        let url = format!("https://{service}.{namespace}.svc:443{path}?timeout=10s");
        let message = format!("Internal error occurred: failed calling webhook \"{name}\": failed to call webhook: Post \"{url}\": {why}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", message)
    }

    pub fn body(&self) -> Value {
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason, "code": self.code.as_u16(),
        });
        if !self.details.is_null() {
            status["details"] = self.details.clone();
        }
        status
    }
}
