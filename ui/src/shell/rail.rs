//! How does one reach the fleet, a pinned context and KOS's own pages?

use std::rc::Rc;

use api::{ContextId, contexts::ContextRow};
use yew::prelude::*;

use crate::{
    model::{fleet::badge, route::Route, settings::Section},
    widgets::{Glyph, Icon, IconSize, Pic, Tile},
};

#[derive(Properties, PartialEq)]
pub struct RailProps {
    pub route: Route,
    /// In the order of the rail.
    pub pinned: Vec<Rc<ContextRow>>,
    /// Jobs that run or wait for a person.
    pub jobs: usize,
    pub on_go: Callback<Route>,
    pub on_enter: Callback<ContextId>,
    pub on_pin: Callback<()>,
}

/// Fleet, pinned contexts, Jobs, Doctor, Settings.
#[component]
pub fn Rail(props: &RailProps) -> Html {
    let on = |route: &Route| props.route == *route;
    let fleet =
        on(&Route::Fleet) || matches!(props.route, Route::Create | Route::Job(_) | Route::AddCluster | Route::Delete(_) | Route::Trust(_) | Route::States);
    let settings = matches!(props.route, Route::Settings(_));
    let place = |route: Route, of: Pic, label: &'static str, on: bool, count: Option<usize>| {
        let go = props.on_go.clone();
        let onclick = Callback::from(move |_: MouseEvent| go.emit(route.clone()));
        html! {
            <button type="button" class={classes!("ri", on.then_some("on"))} title={label} aria-current={on.then_some("page")} {onclick}>
                <Icon {of} size={IconSize::Large} /><span class="unseen">{ label }</span>
                if let Some(count) = count { <span class="cnt">{ count }</span> }
            </button>
        }
    };
    let pin = props.on_pin.clone();
    let onpin = Callback::from(move |_: MouseEvent| pin.emit(()));
    html! {
        <nav class="rail" aria-label="Contexts and tools">
            <svg class="logo" viewBox="0 0 28 28" aria-label="KOS" role="img"><use href="#logo" /></svg>
            { place(Route::Fleet, Pic::LayoutGrid, "Fleet", fleet, None) }
            if !props.pinned.is_empty() {
                <hr />
                <div class="pins">{ for props.pinned.iter().map(|row| context(row, props)) }</div>
            }
            <button type="button" class="ri" title="Pin a context" aria-label="Pin a context" onclick={onpin}><Icon of={Pic::Plus} /></button>
            <span class="grow"></span>
            { place(Route::Jobs, Pic::ListChecks, "Jobs", on(&Route::Jobs), (props.jobs > 0).then_some(props.jobs)) }
            { place(Route::Doctor, Pic::Stethoscope, "Doctor", on(&Route::Doctor), None) }
            { place(Route::Settings(Section::default()), Pic::Settings, "Settings", settings, None) }
        </nav>
    }
}

fn context(row: &Rc<ContextRow>, props: &RailProps) -> Html {
    let on = props.route.context() == Some(&row.id);
    let (enter, id) = (props.on_enter.clone(), row.id.clone());
    let onclick = Callback::from(move |_: MouseEvent| enter.emit(id.clone()));
    let state = badge(&row.link);
    html! {
        <button type="button" key={row.id.0.clone()} class={classes!("ctx", on.then_some("on"))} title={row.name.clone()} aria-current={on.then_some("page")} {onclick}>
            <Tile tile={row.tile.clone()} />
            <span class="unseen">{ format!("{}, {}", row.name, state.word()) }</span>
            <span class="badge"><Glyph {state} /></span>
        </button>
    }
}
