//! How does the page reach the engine?
//!
//! Knows: the four doors of the window; in a browser, the same four over HTTP. Start at: [`ask`] and [`open`].

use api::{Batch, Call, Fault, FaultCode, Feed, Pull, Request, StreamId, Topic};
use js_sys::{ArrayBuffer, JSON, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, prelude::*};

#[wasm_bindgen]
extern "C" {
    /// Set by `boot.js`: the window's own door, or the development server's.
    #[wasm_bindgen(js_namespace = ["window", "kos"], js_name = invoke, catch)]
    async fn invoke(command: &str, args: &JsValue) -> Result<JsValue, JsValue>;

    /// The system's dialog for files or folders; there is none in a browser.
    #[wasm_bindgen(js_namespace = ["window", "kos"], js_name = choose, catch)]
    async fn choose_path(directory: bool) -> Result<JsValue, JsValue>;

    /// Takes the first picture away: the page's own rows stand below it.
    #[wasm_bindgen(js_namespace = ["window", "kos"])]
    pub fn uncover();
}

/// Makes one call and waits for its answer.
///
/// Errors: the engine's fault, or `Bug` when the answer is of another shape.
pub async fn ask<C: Call + Into<Request>>(call: C) -> Result<C::Reply, Fault> {
    let request: Request = call.into();
    let answer = invoke("call", &args("request", &request)).await.map_err(fault)?;
    let text = String::from_utf8(bytes(answer)?).map_err(|_| bad("the answer is no text"))?;
    serde_json::from_str(&text).map_err(|e| bad(&e.to_string()))
}

/// Opens a subscription.
pub async fn open(topic: &Topic) -> Result<StreamId, Fault> {
    let answer = invoke("subscribe", &args("topic", topic)).await.map_err(fault)?;
    read(&answer)
}

/// Pulls the next batch of a subscription.
pub async fn pull<F: Feed>(pull: &Pull) -> Result<Batch<F::Row>, Fault> {
    let answer = invoke("pull", &args("pull", pull)).await.map_err(fault)?;
    api::from_bytes(&bytes(answer)?).ok_or_else(|| bad("the bytes are of another shape"))
}

/// Ends a subscription.
pub async fn close(stream: StreamId) {
    // A stream that is gone already is what was wanted.
    let _ = invoke("unsubscribe", &args("stream", &stream)).await;
}

/// What a path shall lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    File,
    Folder,
}

/// Whether the system's dialog can be opened here.
pub fn has_dialog() -> bool {
    let kos = Reflect::get(&gloo_utils::window(), &"kos".into()).unwrap_or(JsValue::UNDEFINED);
    Reflect::get(&kos, &"choose".into()).is_ok_and(|choose| choose.is_function())
}

/// Asks by the system's dialog; `None` when it was left.
pub async fn choose(what: Chosen) -> Result<Option<String>, Fault> {
    choose_path(what == Chosen::Folder).await.map(|path| path.as_string()).map_err(fault)
}

fn args<T: Serialize>(name: &str, value: &T) -> JsValue {
    let object = Object::new();
    let text = serde_json::to_string(value).unwrap_or_default();
    let value = JSON::parse(&text).unwrap_or(JsValue::NULL);
    let _ = Reflect::set(&object, &name.into(), &value);
    object.into()
}

fn bytes(answer: JsValue) -> Result<Vec<u8>, Fault> {
    let buffer = answer.dyn_into::<ArrayBuffer>().map_err(|_| bad("the answer is not bytes"))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn read<T: serde::de::DeserializeOwned>(answer: &JsValue) -> Result<T, Fault> {
    let text = JSON::stringify(answer).map(String::from).map_err(|_| bad("the answer is no JSON"))?;
    serde_json::from_str(&text).map_err(|e| bad(&e.to_string()))
}

fn fault(thrown: JsValue) -> Fault {
    read(&thrown).unwrap_or_else(|_| bad(&format!("{thrown:?}")))
}

fn bad(text: &str) -> Fault {
    Fault::new(FaultCode::Bug, "The core of KOS gave an answer that the page cannot read.").because("page", text)
}
