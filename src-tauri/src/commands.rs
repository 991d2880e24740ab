//! Which doors does the window offer to the page? Each forwards to the engine.

use api::{Fault, Pull, Request, StreamId, Topic};
use engine::Engine;
use tauri::{State, ipc::Response};

#[tauri::command]
pub(crate) async fn call(engine: State<'_, Engine>, request: Request) -> Result<Response, Fault> {
    engine.call(request).await.map(Response::new)
}

#[tauri::command]
pub(crate) async fn subscribe(engine: State<'_, Engine>, topic: Topic) -> Result<StreamId, Fault> {
    engine.subscribe(topic).await
}

#[tauri::command]
pub(crate) async fn pull(engine: State<'_, Engine>, pull: Pull) -> Result<Response, Fault> {
    engine.pull(pull).await.map(Response::new)
}

#[tauri::command]
pub(crate) async fn unsubscribe(engine: State<'_, Engine>, stream: StreamId) -> Result<(), Fault> {
    engine.unsubscribe(stream).await
}
