//! How does one get from view to view?

use std::rc::Rc;

use api::{ContextId, contexts::ContextRow};
use yew::prelude::*;

use super::world::use_world;
use crate::{
    feeds::FeedState,
    model::{
        fleet::row_id,
        route::{History, Route},
        store::Store,
    },
};

enum Step {
    Go(Route),
    Back,
    /// Back from this question.
    Leave(Route),
    /// With the namespace in which it was left before this window opened.
    Context(ContextId, String),
}

#[derive(Clone, Default, PartialEq)]
struct Held(History);

impl Reducible for Held {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut history = self.0.clone();
        match step {
            Step::Go(route) => history.go(route),
            Step::Back => history.back(),
            Step::Leave(question) => history.leave(&question),
            Step::Context(context, left_at) => {
                let route = history.in_context(&context, &left_at);
                history.go(route);
            }
        }
        Rc::new(Self(history))
    }
}

/// The view that is shown, and the ways to others.
#[derive(Clone, PartialEq)]
pub struct Router {
    held: Option<UseReducerHandle<Held>>,
    contexts: FeedState<ContextRow>,
}

impl Router {
    pub fn now(&self) -> Route {
        self.held.as_ref().map_or(Route::Fleet, |held| held.0.now().clone())
    }

    pub fn go(&self, route: Route) {
        self.step(Step::Go(route));
    }

    pub fn back(&self) {
        self.step(Step::Back);
    }

    /// Back from a question; who left it already stays where they are.
    pub fn leave(&self, question: Route) {
        self.step(Step::Leave(question));
    }

    /// Opens a context where it was left.
    pub fn enter(&self, context: ContextId) {
        let left_at = self.left_at(&context);
        self.step(Step::Context(context, left_at));
    }

    /// The namespace of a context that was looked at last, empty for all.
    pub fn left_at(&self, context: &ContextId) -> String {
        self.contexts.get(&row_id(context)).map(|row| row.left_at.clone()).unwrap_or_default()
    }

    /// A click that leads to a view.
    pub fn to(&self, route: Route) -> Callback<MouseEvent> {
        let router = self.clone();
        Callback::from(move |_| router.go(route.clone()))
    }

    fn step(&self, step: Step) {
        if let Some(held) = &self.held {
            held.dispatch(step);
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct RoutingProps {
    pub children: Html,
}

/// Holds the history in memory; a reload starts at the fleet.
#[component]
pub fn Routing(props: &RoutingProps) -> Html {
    let held = use_reducer(Held::default);
    let router = Router { held: Some(held), contexts: use_world().contexts };
    html! { <ContextProvider<Router> context={router}>{ props.children.clone() }</ContextProvider<Router>> }
}

/// The router of this window.
#[hook]
pub fn use_router() -> Router {
    let nowhere = use_memo((), |()| Router { held: None, contexts: FeedState::of(Store::default()) });
    use_context::<Router>().unwrap_or_else(|| (*nowhere).clone())
}
