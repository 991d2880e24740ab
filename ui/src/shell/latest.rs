//! How does a callback stay the same while what it does changes?

use yew::prelude::*;

/// One callback for as long as the component lives, which calls the newest it was given.
///
/// A view whose other properties are the same is not rendered again then: a new callback would be another property.
#[hook]
pub fn use_latest<T: 'static>(call: Callback<T>) -> Callback<T> {
    let latest = use_mut_ref(|| call.clone());
    *latest.borrow_mut() = call;
    use_callback((), move |value, ()| {
        // Let go before it is called: what it does may render this component again.
        let call = latest.borrow().clone();
        call.emit(value);
    })
}
