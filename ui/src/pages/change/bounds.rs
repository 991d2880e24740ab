//! Who decides how large a pool is, and within which bounds?

use api::changes::{Bounds, ClusterAt, ClusterChange, PoolOffer};
use yew::prelude::*;

use super::{Asked, ChangeSheet, Danger, offers::use_offers, scale::MOST, use_change};
use crate::{
    model::pools::{bounds_of, pool_of},
    widgets::{Field, Segmented, Skeleton, Stepper},
};

#[derive(Properties, PartialEq)]
pub struct BoundsDialogProps {
    pub at: ClusterAt,
    /// As it or its object is called.
    pub pool: String,
    pub on_close: Callback<()>,
}

/// By hand or within bounds; planned as soon as it is another choice.
#[component]
pub fn BoundsDialog(props: &BoundsDialogProps) -> Html {
    let BoundsDialogProps { at, pool, on_close } = props;
    let (offers, refused) = use_offers(at);
    let chosen = use_state(|| None::<Option<Bounds>>);
    let offer = offers.as_ref().and_then(|offers| pool_of(offers, pool)).cloned();
    let now = offer.as_ref().and_then(|offer| offer.bounds);
    let bounds = (*chosen).unwrap_or(now);
    let change = offer.as_ref().filter(|_| bounds != now).map(|offer| ClusterChange::SetBounds { pool: offer.pool.clone(), bounds });
    let asked = use_change(at, change, on_close.clone());
    let on_bounds = {
        let chosen = chosen.setter();
        Callback::from(move |bounds| chosen.set(Some(bounds)))
    };
    let asked = Asked { fault: refused.or(asked.fault), ..asked };
    html! { <BoundsSheet pool={pool.clone()} {offer} {bounds} {on_bounds} {asked} on_close={on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct BoundsSheetProps {
    pub pool: String,
    pub offer: Option<PoolOffer>,
    pub bounds: Option<Bounds>,
    pub on_bounds: Callback<Option<Bounds>>,
    pub asked: Asked,
    pub on_close: Callback<()>,
}

/// The choice, and what follows from it.
#[component]
pub fn BoundsSheet(props: &BoundsSheetProps) -> Html {
    let name = props.offer.as_ref().map_or(&props.pool, |offer| &offer.pool);
    let same = props.offer.as_ref().is_some_and(|offer| offer.bounds == props.bounds);
    let idle = same.then_some("Choose something else: what follows stands here before anything is written.");
    html! {
        <ChangeSheet verb={format!("Change the bounds of {name}")} keep="Leave them" danger={Danger::No} asked={props.asked.clone()} {idle} on_close={props.on_close.clone()}>
            { fields(props) }
        </ChangeSheet>
    }
}

fn fields(props: &BoundsSheetProps) -> Html {
    let Some(offer) = &props.offer else {
        return if props.asked.fault.is_some() {
            Html::default()
        } else {
            html! { <div aria-busy="true"><Skeleton width={260} /></div> }
        };
    };
    let first = bounds_of(offer);
    let on_choose = props.on_bounds.reform(move |place: usize| (place == 1).then_some(first));
    let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    let sizes = props.bounds.map(|bounds| {
        let min = props.on_bounds.reform(move |min: u8| Some(Bounds { min: min.into(), ..bounds }));
        let max = props.on_bounds.reform(move |max: u8| Some(Bounds { max: max.into(), ..bounds }));
        html! {
            <>
                <Field label="Fewest"><Stepper label="Fewest machines" value={small(bounds.min)} min={0} max={MOST} on_value={min} /></Field>
                <Field label="Most"><Stepper label="Most machines" value={small(bounds.max)} min={0} max={MOST} on_value={max} /></Field>
            </>
        }
    });
    html! {
        <div class="form tight">
            <Field label="Sized">
                <Segmented label="Who sizes the pool" segments={vec!["by hand".into(), "by an autoscaler".into()]} chosen={usize::from(props.bounds.is_some())} {on_choose} />
            </Field>
            { sizes }
        </div>
    }
}
