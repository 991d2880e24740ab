//! How does one get from view to view?

use std::rc::Rc;

use api::ContextId;
use yew::prelude::*;

use crate::model::route::{History, Route};

enum Step {
    Go(Route),
    Back,
    Context(ContextId),
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
            Step::Context(context) => {
                let route = history.in_context(&context);
                history.go(route);
            }
        }
        Rc::new(Self(history))
    }
}

/// The view that is shown, and the ways to others.
#[derive(Clone, PartialEq)]
pub struct Router(Option<UseReducerHandle<Held>>);

impl Router {
    pub fn now(&self) -> Route {
        self.0.as_ref().map_or(Route::Fleet, |held| held.0.now().clone())
    }

    pub fn go(&self, route: Route) {
        self.step(Step::Go(route));
    }

    pub fn back(&self) {
        self.step(Step::Back);
    }

    /// Opens a context where it was left.
    pub fn enter(&self, context: ContextId) {
        self.step(Step::Context(context));
    }

    /// A click that leads to a view.
    pub fn to(&self, route: Route) -> Callback<MouseEvent> {
        let router = self.clone();
        Callback::from(move |_| router.go(route.clone()))
    }

    fn step(&self, step: Step) {
        if let Some(held) = &self.0 {
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
    html! { <ContextProvider<Router> context={Router(Some(held))}>{ props.children.clone() }</ContextProvider<Router>> }
}

/// The router of this window.
#[hook]
pub fn use_router() -> Router {
    use_context::<Router>().unwrap_or(Router(None))
}
