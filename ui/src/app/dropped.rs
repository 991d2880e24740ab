//! What becomes of files that are dropped on the window?

use api::files::AddPaths;
use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::CustomEvent;
use yew::prelude::*;

use crate::{
    link,
    model::{add_cluster::added, route::Route},
    shell::{router::Router, toasts::Speaker},
};

/// What `boot.js` makes of the window's own drop.
const DROPPED: &str = "kos-dropped";

/// Adds dropped kubeconfigs; the fleet shows them.
#[hook]
pub fn use_dropped(router: &Router, toasts: &Speaker) {
    let on_paths = {
        let (router, toasts) = (router.clone(), toasts.clone());
        move |paths: Vec<String>| {
            let (router, toasts) = (router.clone(), toasts.clone());
            spawn_local(async move {
                match link::ask(AddPaths { paths }).await {
                    Ok(files) => {
                        let (head, words) = added(&files);
                        toasts.done(head, words);
                        router.go(Route::Fleet);
                    }
                    Err(fault) => toasts.fault(fault),
                }
            });
        }
    };
    // Kept in a cell, so that a new callback does not mean a new listener.
    let latest = use_mut_ref(|| None::<Box<dyn Fn(Vec<String>)>>);
    *latest.borrow_mut() = Some(Box::new(on_paths));
    use_effect_with((), move |()| {
        let listener = EventListener::new(&gloo_utils::window(), DROPPED, move |event| {
            let Some(paths) = event.dyn_ref::<CustomEvent>().and_then(|e| e.detail().dyn_into::<Array>().ok()) else { return };
            let paths: Vec<String> = paths.iter().filter_map(|path| path.as_string()).collect();
            if let (false, Some(take)) = (paths.is_empty(), latest.borrow().as_ref()) {
                take(paths);
            }
        });
        move || drop(listener)
    });
}
