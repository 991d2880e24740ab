//! Which doors does the window offer to the page? Each forwards to the engine.

use api::{Fault, Pull, Request, StreamId, Topic};
use tauri::{State, ipc::Response};

use crate::starting::Core;

#[tauri::command]
pub(crate) async fn call(core: State<'_, Core>, request: Request) -> Result<Response, Fault> {
    core.for_page().await?.call(request).await.map(Response::new)
}

#[tauri::command]
pub(crate) async fn subscribe(core: State<'_, Core>, topic: Topic) -> Result<StreamId, Fault> {
    core.for_page().await?.subscribe(topic).await
}

#[tauri::command]
pub(crate) async fn pull(core: State<'_, Core>, pull: Pull) -> Result<Response, Fault> {
    core.for_page().await?.pull(pull).await.map(Response::new)
}

#[tauri::command]
pub(crate) async fn unsubscribe(core: State<'_, Core>, stream: StreamId) -> Result<(), Fault> {
    core.for_page().await?.unsubscribe(stream).await
}
