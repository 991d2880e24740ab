//! What does a page tell the bars around it?
//!
//! A page says which command shows the same as it, which side of it is seen, what it is about, and that a choice was saved;
//! what it said ends with it.

use yew::prelude::*;

use super::status_line;

/// Whether the last choice reached its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Saved {
    #[default]
    NotYet,
    Yes,
}

/// What the page that is shown says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    pub command: Option<AttrValue>,
    /// The last step of the path: a side of the page.
    pub side: Option<AttrValue>,
    /// What stands in the line at the bottom, behind the connection.
    pub about: Vec<status_line::Said>,
    pub saved: Saved,
}

#[derive(Clone, PartialEq)]
struct Held(Option<UseStateHandle<Said>>);

#[derive(Properties, PartialEq)]
pub struct SayingProps {
    pub children: Html,
}

/// Holds what the page says for the bars around it.
#[component]
pub fn Saying(props: &SayingProps) -> Html {
    let said = use_state_eq(Said::default);
    html! { <ContextProvider<Held> context={Held(Some(said))}>{ props.children.clone() }</ContextProvider<Held>> }
}

/// What the page says now.
#[hook]
pub fn use_said() -> Said {
    use_context::<Held>().and_then(|held| held.0).map(|said| (*said).clone()).unwrap_or_default()
}

/// Says which command shows the same, for as long as the page is there.
#[hook]
pub fn use_command(command: Option<AttrValue>) {
    use_saying(Said { command, ..Said::default() });
}

/// Says all this for as long as the page is there.
#[hook]
pub fn use_saying(said: Said) {
    let set = use_setter();
    use_effect_with(said, move |said| {
        say(set.as_ref(), said.clone());
        move || say(set.as_ref(), Said::default())
    });
}

/// Says that a choice was saved, until the page is left.
#[hook]
pub fn use_saved() -> Callback<()> {
    let set = use_setter();
    {
        let set = set.clone();
        use_effect_with((), move |()| move || say(set.as_ref(), Said::default()));
    }
    Callback::from(move |()| say(set.as_ref(), Said { saved: Saved::Yes, ..Said::default() }))
}

#[hook]
fn use_setter() -> Option<UseStateSetter<Said>> {
    use_context::<Held>().and_then(|held| held.0).map(|said| said.setter())
}

fn say(set: Option<&UseStateSetter<Said>>, said: Said) {
    if let Some(set) = set {
        set.set(said);
    }
}
