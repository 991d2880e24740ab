//! How is a change typed before its plan is asked for?

use yew::prelude::*;

use super::Asked;
use crate::widgets::{Ready, Skeleton};

/// Gives the draft with one of its fields changed.
pub(super) fn edited<D: Clone + 'static, T: 'static>(draft: &D, on_draft: &Callback<D>, edit: fn(&mut D, T)) -> Callback<T> {
    let draft = draft.clone();
    on_draft.reform(move |value| {
        let mut next = draft.clone();
        edit(&mut next, value);
        next
    })
}

/// What stands where the plan will be.
pub(super) fn idle(asked: &Asked) -> Option<AttrValue> {
    (asked.plan.is_none() && asked.busy == Ready::Yes).then(|| "What follows stands here before anything is written.".into())
}

/// What stands where the fields will be; where they were refused, the fault says so.
pub(super) fn unknown(asked: &Asked) -> Html {
    match asked.fault {
        Some(_) => Html::default(),
        None => html! { <div aria-busy="true"><Skeleton width={260} /></div> },
    }
}
