//! How is a change typed before its plan is asked for?

use api::changes::ClusterChange;
use yew::prelude::*;

use super::Asked;
use crate::widgets::{Ready, Skeleton};

/// A draft on its way to a plan.
pub(super) struct Drafting<D> {
    pub(super) draft: D,
    pub(super) on_draft: Callback<D>,
    /// Asks for the plan of the draft as it is now.
    pub(super) on_show: Callback<()>,
    asked_for: Option<D>,
}

impl<D: PartialEq> Drafting<D> {
    /// The change that is planned: what was typed after the plan is another draft.
    pub(super) fn planned(&self, change: Option<ClusterChange>) -> Option<ClusterChange> {
        change.filter(|_| self.asked_for.as_ref() == Some(&self.draft))
    }
}

/// A draft that begins as `first` until something is typed.
#[hook]
pub(super) fn use_draft<D>(first: D) -> Drafting<D>
where
    D: Clone + PartialEq + 'static,
{
    let (typed, wanted) = (use_state(|| None::<D>), use_state(|| None::<D>));
    let draft = (*typed).clone().unwrap_or(first);
    let on_draft = {
        let typed = typed.setter();
        Callback::from(move |draft: D| typed.set(Some(draft)))
    };
    let on_show = {
        let (wanted, draft) = (wanted.setter(), draft.clone());
        Callback::from(move |()| wanted.set(Some(draft.clone())))
    };
    Drafting { draft, on_draft, on_show, asked_for: (*wanted).clone() }
}

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
