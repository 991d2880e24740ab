//! Which kinds has a context, and where is something wrong?

use api::{
    Status,
    tables::{Health, Kind},
};
use yew::prelude::*;

use super::columns::look;
use crate::{
    model::time::count,
    widgets::{Glyph, Icon, IconSize, Pic},
};

/// What stands beside a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub rows: usize,
    pub worst: Option<Health>,
    pub status: Status,
}

#[derive(Properties, PartialEq)]
pub struct SidebarProps {
    pub kind: Kind,
    /// Of nodes, namespaces, pods.
    pub counts: [Count; 3],
    pub on_kind: Callback<Kind>,
}

/// Kinds with counts; a triangle where something is wrong, a lock where the user may not look.
#[component]
pub fn Sidebar(props: &SidebarProps) -> Html {
    let [nodes, spaces, pods] = &props.counts;
    let entry = |kind: Kind, of: Pic, words: &'static str, at: &Count| {
        let on = kind == props.kind;
        let go = props.on_kind.clone();
        let onclick = Callback::from(move |_: MouseEvent| go.emit(kind));
        let mark = at.worst.filter(|w| *w >= Health::Warning).map(|w| html! { <Glyph state={look(w).0} /> });
        let number = match at.status {
            Status::Denied { .. } => html! { <Icon of={Pic::Lock} size={IconSize::Tiny} /> },
            Status::Loading if at.rows == 0 => Html::default(),
            Status::Loading | Status::Live | Status::Stale { .. } | Status::Closed => html! { { count(at.rows) } },
        };
        html! {
            <button type="button" class={classes!("sb", on.then_some("on"))} aria-current={on.then_some("page")} title={words} {onclick}>
                <Icon {of} /><span>{ words }</span><span class="n">{ mark }{ number }</span>
            </button>
        }
    };
    html! {
        <nav class="sidebar" aria-label="Kinds">
            <div class="gh">{ "Cluster" }</div>
            { entry(Kind::Nodes, Pic::Server, "Nodes", nodes) }
            { entry(Kind::Namespaces, Pic::Folder, "Namespaces", spaces) }
            <div class="gh">{ "Workloads" }</div>
            { entry(Kind::Pods, Pic::Box, "Pods", pods) }
        </nav>
    }
}
