//! How does a key lead from one of a group to the next?

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// The place after a key, round the ends; `None` when the key does not walk.
pub fn next(at: usize, count: usize, key: &str) -> Option<usize> {
    let count = count.max(1);
    match key {
        "ArrowRight" | "ArrowDown" => Some((at + 1) % count),
        "ArrowLeft" | "ArrowUp" => Some((at + count - 1) % count),
        _ => None,
    }
}

/// Gives the focus to the next or the previous member of the group around the key's target, and tells which that is.
pub(super) fn step(e: &KeyboardEvent, group: &str, member: &str) -> Option<HtmlElement> {
    let target = e.target_dyn_into::<Element>()?;
    let all = target.closest(group).ok().flatten()?.query_selector_all(member).ok()?;
    let count = usize::try_from(all.length()).ok()?;
    let one = |place: usize| all.item(u32::try_from(place).ok()?).and_then(|node| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(node).ok());
    let at = (0..count).find(|place| one(*place).is_some_and(|e| e.contains(Some(&*target))))?;
    let found = one(next(at, count, &e.key())?)?;
    e.prevent_default();
    let _ = found.focus();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn arrows_walk_a_group_round_its_ends_and_other_keys_do_not() {
        for (at, key, to) in
            [(0, "ArrowDown", Some(1)), (2, "ArrowRight", Some(0)), (0, "ArrowUp", Some(2)), (1, "ArrowLeft", Some(0)), (1, "Enter", None), (1, "j", None)]
        {
            assert_eq!(next(at, 3, key), to, "{key} at {at}");
        }
        assert_eq!(next(0, 0, "ArrowDown"), Some(0), "nothing to walk");
    }
}
