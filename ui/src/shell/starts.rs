//! How does a dialog start a job?

use api::{Call, JobId, Request};
use yew::prelude::*;

use super::{fixes::use_fix, router::use_router};
use crate::{
    feeds::use_call,
    model::route::Route,
    widgets::{FixCard, Ready},
};

/// A call that starts a job.
pub struct Starts<C> {
    pub start: Callback<C>,
    pub ready: Ready,
    /// Why it was refused, with what helps.
    pub refused: Html,
}

/// Closes the dialog and goes to the job once it was accepted.
#[hook]
pub fn use_starts<C: Call<Reply = JobId> + Into<Request> + 'static>(on_close: &Callback<()>) -> Starts<C> {
    let (call, router, fix) = (use_call::<C>(), use_router(), use_fix());
    let start = {
        let (call, close) = (call.clone(), on_close.clone());
        Callback::from(move |asked: C| {
            let (router, close) = (router.clone(), close.clone());
            call.ask_then(asked, move |answer| {
                if let Ok(job) = answer {
                    close.emit(());
                    router.go(Route::Job(job.clone()));
                }
            });
        })
    };
    let ready = if call.state().pending() { Ready::Busy } else { Ready::Yes };
    let refused = call.state().fault().cloned().map_or_else(Html::default, |fault| html! { <FixCard {fault} on_fix={fix} /> });
    Starts { start, ready, refused }
}
