//! What can be asked for of a cluster?

use api::{
    Fault,
    changes::{ClusterAt, ClusterOffers, OfferChanges},
};
use yew::prelude::*;

use crate::feeds::use_call;

/// Asks once for each cluster; the offers, or why there are none.
#[hook]
pub(super) fn use_offers(at: &ClusterAt) -> (Option<ClusterOffers>, Option<Fault>) {
    let offer = use_call::<OfferChanges>();
    {
        let offer = offer.clone();
        use_effect_with(at.clone(), move |at| offer.ask(OfferChanges { at: at.clone() }));
    }
    (offer.state().answer().cloned(), offer.state().fault().cloned())
}
