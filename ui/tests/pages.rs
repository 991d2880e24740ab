//! Does every page show every state that its data can have?

#[path = "pages/sample.rs"]
mod sample;

#[path = "pages/changes.rs"]
mod changes;

#[path = "pages/clusters.rs"]
mod clusters;

#[path = "pages/drift.rs"]
mod drift;

#[path = "pages/first.rs"]
mod first;

#[path = "pages/fleet.rs"]
mod fleet;

#[path = "pages/long.rs"]
mod long;

#[path = "pages/machines.rs"]
mod machines;

#[path = "pages/new_cluster.rs"]
mod new_cluster;

#[path = "pages/providers.rs"]
mod providers;

#[path = "pages/running.rs"]
mod running;

#[path = "pages/spoken.rs"]
mod spoken;

#[path = "pages/table_sample.rs"]
mod table_sample;

#[path = "pages/table.rs"]
mod table;

#[path = "pages/text.rs"]
mod text;

#[path = "pages/tour.rs"]
mod tour;

#[path = "pages/welcome.rs"]
mod welcome;

#[path = "pages/widgets.rs"]
mod widgets;

#[path = "pages/work_sample.rs"]
mod work_sample;

#[path = "pages/work.rs"]
mod work;

use yew::{BaseComponent, ServerRenderer};

/// The markup of a component, one tag a line, so that a snapshot shows what changed.
async fn render<C: BaseComponent>(props: impl FnOnce() -> C::Properties + Send + 'static) -> String {
    let html = ServerRenderer::<C>::with_props(props).hydratable(false).render().await;
    html.replace("><", ">\n<")
}
