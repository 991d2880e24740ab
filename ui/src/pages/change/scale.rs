//! How many machines shall a cluster have?

use api::changes::{ClusterAt, ClusterOffers, OfferChanges};
use yew::prelude::*;

use super::{Asked, ChangeSheet, Danger, use_change};
use crate::{
    feeds::use_call,
    model::change::Sizes,
    widgets::{Field, Segment, Segmented, Skeleton, Stepper},
};

#[derive(Properties, PartialEq)]
pub struct ScaleDialogProps {
    pub at: ClusterAt,
    pub on_close: Callback<()>,
}

/// Sizes of the control plane and of each pool; planned as soon as one is another.
#[component]
pub fn ScaleDialog(props: &ScaleDialogProps) -> Html {
    let offer = use_call::<OfferChanges>();
    let chosen = use_state(|| None::<Sizes>);
    {
        let offer = offer.clone();
        use_effect_with(props.at.clone(), move |at| offer.ask(OfferChanges { at: at.clone() }));
    }
    let offers = offer.state().answer().cloned();
    let sizes = (*chosen).clone().or_else(|| offers.as_ref().map(Sizes::of)).unwrap_or_default();
    let change = offers.as_ref().and_then(|offers| sizes.change(offers));
    let asked = use_change(&props.at, change, props.on_close.clone());
    let on_sizes = {
        let chosen = chosen.setter();
        Callback::from(move |sizes| chosen.set(Some(sizes)))
    };
    let asked = Asked { fault: offer.state().fault().cloned().or(asked.fault), ..asked };
    html! { <ScaleSheet name={props.at.name.clone()} {offers} {sizes} {on_sizes} {asked} on_close={props.on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct ScaleSheetProps {
    pub name: String,
    pub offers: Option<ClusterOffers>,
    pub sizes: Sizes,
    pub on_sizes: Callback<Sizes>,
    pub asked: Asked,
    pub on_close: Callback<()>,
}

/// A number a group, and what follows from the other ones.
#[component]
pub fn ScaleSheet(props: &ScaleSheetProps) -> Html {
    let same = props.offers.as_ref().is_some_and(|offers| props.sizes.change(offers).is_none());
    let idle = same.then_some("Choose another number: what follows stands here before anything is written.");
    html! {
        <ChangeSheet
            verb={format!("Scale {}", props.name)} keep="Leave it" danger={Danger::No} asked={props.asked.clone()} {idle} on_close={props.on_close.clone()}
        >
            { groups(props) }
        </ChangeSheet>
    }
}

fn groups(props: &ScaleSheetProps) -> Html {
    let Some(offers) = &props.offers else {
        return if props.asked.fault.is_some() {
            Html::default()
        } else {
            html! { <div aria-busy="true"><Skeleton width={260} /></div> }
        };
    };
    html! {
        <div class="form tight">
            if let Some(plane) = &offers.control_plane {
                <Field label="Control plane" help="3 keeps working when one machine fails.">
                    <Segmented label="Control plane machines" segments={plane.counts.iter().map(|n| Segment { words: n.to_string().into(), icon: None, count: None }).collect::<Vec<_>>()} chosen={place(&plane.counts, props.sizes.control_plane)} on_choose={planes(props, &plane.counts)} />
                </Field>
            }
            { for offers.pools.iter().map(|pool| match props.sizes.pools.get(&pool.pool) {
                Some(size) => html! {
                    <Field label={pool.pool.clone()} help={html! { <span class="mono">{ &pool.class }</span> }}>
                        <Stepper label={format!("Machines of {}", pool.pool)} value={u8::try_from(*size).unwrap_or(u8::MAX)} min={0} max={MOST} on_value={workers(props, &pool.pool)} />
                    </Field>
                },
                None => html! { <Field label={pool.pool.clone()}><span class="t3">{ "An autoscaler decides." }</span></Field> },
            }) }
        </div>
    }
}

/// What one presses one's way to; more is typed in a manifest.
pub(super) const MOST: u8 = 200;

/// Where the number of now stands among those that are offered.
fn place(counts: &[u32], now: Option<u32>) -> usize {
    counts.iter().position(|n| Some(*n) == now).unwrap_or_default()
}

fn planes(props: &ScaleSheetProps, counts: &[u32]) -> Callback<usize> {
    let (sizes, counts) = (props.sizes.clone(), counts.to_vec());
    props.on_sizes.reform(move |place: usize| Sizes { control_plane: counts.get(place).copied().or(sizes.control_plane), ..sizes.clone() })
}

fn workers(props: &ScaleSheetProps, pool: &str) -> Callback<u8> {
    let (sizes, pool) = (props.sizes.clone(), pool.to_owned());
    props.on_sizes.reform(move |to: u8| {
        let mut next = sizes.clone();
        next.pools.insert(pool.clone(), u32::from(to));
        next
    })
}
