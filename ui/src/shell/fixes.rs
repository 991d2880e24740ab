//! How is a next step taken?

use api::{Call, Fix, Request, contexts::TryNow, jobs};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{
    clipboard::copy,
    router::use_router,
    toasts::{Speaker, use_toasts},
};
use crate::{
    link,
    model::{route::Route, settings::Section},
};

/// Takes any next step that a fault can offer.
#[hook]
pub fn use_fix() -> Callback<Fix> {
    let (router, toasts) = (use_router(), use_toasts());
    Callback::from(move |fix| match fix {
        Fix::OpenDoctor => router.go(Route::Doctor),
        Fix::OpenSettings => router.go(Route::Settings(Section::default())),
        Fix::ChoosePath => router.go(Route::Settings(Section::Tools)),
        Fix::GiveToken => router.go(Route::Settings(Section::LocalClusters)),
        Fix::Copy { command, .. } => {
            copy(&command);
            toasts.done("Command copied", command);
        }
        Fix::OpenFile { file, line } => {
            let place = line.map_or_else(|| file.to_string(), |line| format!("{file}:{line}"));
            copy(&place);
            toasts.done("Path copied", place);
        }
        Fix::TryNow(context) => send(TryNow { context }, &toasts),
        Fix::AnswerTrust(context) | Fix::ReviewFile(context) => router.go(Route::Trust(context)),
        Fix::RetryJob(job) => send(jobs::RetryJob { job }, &toasts),
        Fix::UndoJob(job) => send(jobs::UndoJob { job }, &toasts),
        // The dialog that offers it shows the lock itself; elsewhere the context's own menu leads there.
        Fix::RemoveLock(_) => router.go(Route::Fleet),
    })
}

/// Makes a call whose result shows in a stream; a fault shows as a toast.
pub fn send<C: Call + Into<Request> + 'static>(call: C, toasts: &Speaker) {
    send_then(call, toasts, Callback::noop());
}

/// The same, and tells when it was done: what was typed for it can be forgotten then, and not before.
pub fn send_then<C: Call + Into<Request> + 'static>(call: C, toasts: &Speaker, done: Callback<()>) {
    let toasts = toasts.clone();
    spawn_local(async move {
        match link::ask(call).await {
            Ok(_) => done.emit(()),
            Err(fault) => toasts.fault(fault),
        }
    });
}
