//! How does one find and do anything by typing?

use api::{
    ContextId, feed,
    objects::{FindObjects, FoundObjects},
    tables::Kind,
};
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::{
    feeds::{Opens, use_call, use_feed, use_feed_when},
    model::{
        fleet::row_id,
        keys::name_of,
        palette::{Act, Entry, Form, Found, List, Mark, Piece, find, more::more, objects, pieces},
        table::{Walk, walk},
    },
    shell::world::use_world,
    widgets::{CommandKey, Icon, Kbd, Pic, Tile, TileSize},
};

/// The context the palette was opened in.
#[derive(Clone, PartialEq)]
pub struct Here {
    pub id: ContextId,
    pub name: String,
    pub hue: u8,
}

#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    pub entries: Vec<Entry>,
    pub here: Option<Here>,
    #[prop_or_default]
    pub typed: String,
    pub on_act: Callback<Act>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_typed: Callback<String>,
    /// How much is searched.
    #[prop_or_default]
    pub reach: AttrValue,
    /// What else can be done with an entry.
    #[prop_or_else(no_more)]
    pub more: Callback<Entry, Vec<Entry>>,
}

fn no_more() -> Callback<Entry, Vec<Entry>> {
    Callback::from(|_| vec![])
}

/// The palette with the objects of all open contexts; their tables are kept up while it is open.
#[component]
pub fn Searching(props: &PaletteProps) -> Html {
    let (world, searched, found) = (use_world(), use_feed(feed::Objects), use_call::<FindObjects>());
    let start = props.typed.clone();
    let typed = use_state(move || start);
    // The last hits stay until the next are there: they are matched again with every letter.
    let hits = use_mut_ref(FoundObjects::default);
    if let Some(answer) = found.state().answer() {
        hits.borrow_mut().clone_from(answer);
    }
    let wanted = objects::wanted(&typed);
    let here = props.here.as_ref().map(|here| &here.id);
    let spaces = {
        let opens = if here.is_some() && objects::wants_namespaces(&typed) { Opens::Now } else { Opens::Later };
        let context = here.cloned().unwrap_or_else(|| ContextId(String::new()));
        use_feed_when(opens, feed::Table { context, kind: Kind::Namespaces, namespace: String::new() })
    };
    {
        let found = found.clone();
        use_effect_with((wanted.clone(), searched.version()), move |(wanted, _)| {
            if let Some(text) = wanted.clone() {
                found.ask(FindObjects { text });
            }
        });
    }
    let mut entries = props.entries.clone();
    if wanted.is_some() {
        let (hits, contexts) = (hits.borrow(), world.contexts.rows());
        entries.extend(objects::made(&hits.made, &contexts, here));
        entries.extend(objects::entries(&hits.hits, &contexts, here));
    }
    if objects::wants_namespaces(&typed)
        && let Some(context) = here.and_then(|here| world.contexts.get(&row_id(here)))
    {
        let live = spaces.look(|rows| objects::namespaces(rows, &entries, &context));
        entries.extend(live);
    }
    let on_typed = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let more = {
        let contexts = world.contexts.rows();
        Callback::from(move |entry: Entry| more(&entry, &contexts))
    };
    html! {
        <Palette {entries} {more} here={props.here.clone()} typed={props.typed.clone()} on_act={props.on_act.clone()} on_close={props.on_close.clone()} {on_typed} reach={objects::reach(&searched.rows())} />
    }
}

/// A box and what was found; arrows walk, Enter does, Esc closes.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let start = props.typed.clone();
    let typed = use_state(move || start);
    let at = use_state(|| 0_usize);
    // The entry whose actions are listed in place of what was found.
    let of = use_state(|| None::<Entry>);
    let (input, list) = (use_node_ref(), use_node_ref());
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            let before = gloo_utils::document().active_element().and_then(|e| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(e).ok());
            if let Some(input) = input.cast::<HtmlElement>() {
                let _ = input.focus();
            }
            move || {
                if let Some(before) = before {
                    let _ = before.focus();
                }
            }
        });
    }
    {
        let list = list.clone();
        use_effect_with(*at, move |_| {
            if let Some(on) = list.cast::<Element>().and_then(|l| l.query_selector(".pi.on").ok().flatten()) {
                on.scroll_into_view_with_bool(false);
            }
        });
    }
    let listed = (*of).as_ref().map(|entry| props.more.emit(entry.clone()));
    let found = find(listed.as_deref().unwrap_or(&props.entries), &typed);
    let has_more = listed.is_none() && found.get(*at).is_some_and(|found| !props.more.emit(found.entry.clone()).is_empty());
    let oninput = {
        let (typed, at, tell) = (typed.setter(), at.setter(), props.on_typed.clone());
        Callback::from(move |e: InputEvent| {
            if let Some(input) = e.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
                tell.emit(input.value());
                at.set(0);
            }
        })
    };
    let onkeydown = {
        let (acts, at, close, act) = (found.iter().map(|f| f.entry.act.clone()).collect::<Vec<_>>(), at.clone(), props.on_close.clone(), props.on_act.clone());
        let (of, typed, tell) = (of.clone(), typed.clone(), props.on_typed.clone());
        let chosen = found.get(*at).filter(|_| has_more).map(|found| found.entry.clone());
        let (inside, empty) = (listed.is_some(), typed.is_empty());
        // A list of actions begins and ends with an empty box.
        let turn = move |to: Option<Entry>| {
            typed.set(String::new());
            tell.emit(String::new());
            of.set(to);
        };
        Callback::from(move |e: KeyboardEvent| {
            e.stop_propagation();
            let way = match name_of(&e.key(), &e.code()) {
                "ArrowDown" => Walk::Next,
                "ArrowUp" => Walk::Previous,
                "PageDown" => Walk::PageDown,
                "PageUp" => Walk::PageUp,
                "Enter" => {
                    // The focus moves to what opens now: without this the same key would press it.
                    e.prevent_default();
                    if let Some(chosen) = acts.get(*at) {
                        close.emit(());
                        act.emit(chosen.clone());
                    }
                    return;
                }
                "Escape" if inside => {
                    at.set(0);
                    return turn(None);
                }
                "Backspace" if inside && empty => {
                    at.set(0);
                    return turn(None);
                }
                "Escape" => return close.emit(()),
                // Forward into the actions of a line, and back out of them; the box keeps the focus.
                "Tab" => {
                    e.prevent_default();
                    match (e.shift_key(), chosen.clone()) {
                        (true, _) if inside => {
                            at.set(0);
                            turn(None);
                        }
                        (false, Some(entry)) => {
                            at.set(0);
                            turn(Some(entry));
                        }
                        (true | false, _) => {}
                    }
                    return;
                }
                _ => return,
            };
            e.prevent_default();
            if let Some(next) = walk(Some(*at), acts.len(), 8, way) {
                at.set(next);
            }
        })
    };
    let away = props.on_close.reform(|_: MouseEvent| ());
    // All keys are heard in the box: a click on anything else does not take the focus from it.
    let stay = Callback::from(|e: MouseEvent| {
        if e.target_dyn_into::<HtmlInputElement>().is_none() {
            e.prevent_default();
        }
    });
    html! {
        <>
            <div class="scrim" onmousedown={stay.clone()} onclick={away}></div>
            <div class="palette" role="dialog" aria-modal="true" aria-label="Command palette" onmousedown={stay}>
                <div class="in">
                    <Icon of={Pic::Search} />
                    if let Some(entry) = &*of { <span class="chip mono">{ &entry.words }</span> } else if let Some(here) = &props.here { <span class={classes!("chip", "mono", format!("id{}", here.hue))} style="background:var(--tb);color:var(--tf)">{ &here.name }</span> }
                    <input ref={input} class="grow" role="combobox" aria-expanded="true" aria-controls="found" aria-activedescendant={format!("found-{}", *at)} aria-label="Search or run a command"
                        spellcheck="false" autocomplete="off" value={(*typed).clone()} {oninput} {onkeydown} />
                    <span class="t3 s12 nw">{ crate::model::time::plural(found.len(), "result", "results") }</span><Kbd keys="Esc" />
                </div>
                <div id="found" class="found" role="listbox" aria-label="Results" ref={list}>
                    { for List::ALL.into_iter().map(|list| group(list, &found, *at, props)) }
                    if found.is_empty() { <p class="none t2">{ format!("Nothing is found for “{}”.", typed.trim()) }</p> }
                </div>
                <div class="pf">
                    { for [(">", "commands"), (":", "kinds"), ("@", "contexts"), ("#", "namespaces")].map(|(key, words)| html! { <span><kbd>{ key }</kbd>{ words }</span> }) }
                    <span class="grow"></span>
                    if has_more { <span class="nw"><kbd>{ "Tab" }</kbd>{ "more actions" }</span> } else { <span class="nw">{ &props.reach }</span> }
                </div>
            </div>
        </>
    }
}

fn group(list: List, found: &[Found], at: usize, props: &PaletteProps) -> Html {
    let mine: Vec<(usize, &Found)> = found.iter().enumerate().filter(|(_, f)| f.entry.list == list).collect();
    if mine.is_empty() {
        return Html::default();
    }
    html! { <><div class="ph" role="presentation">{ list.head() }</div>{ for mine.into_iter().map(|(place, found)| line(place, found, place == at, props)) }</> }
}

fn line(place: usize, found: &Found, on: bool, props: &PaletteProps) -> Html {
    let entry = &found.entry;
    let (close, act, what) = (props.on_close.clone(), props.on_act.clone(), entry.act.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        close.emit(());
        act.emit(what.clone());
    });
    let mark = match &entry.mark {
        Mark::Icon(of) => html! { <Icon of={*of} /> },
        Mark::Tile(tile) => html! { <Tile tile={tile.clone()} size={TileSize::Small} /> },
    };
    let words = pieces(&entry.words, &found.places).into_iter().map(|(text, piece)| match piece {
        Piece::Plain => html! { { text } },
        Piece::Matched => html! { <u>{ text }</u> },
    });
    let mono = matches!(entry.form, Form::Name).then_some("mono");
    html! {
        <div id={format!("found-{place}")} class={classes!("pi", on.then_some("on"))} role="option" aria-selected={on.to_string()} {onclick}>
            <span class="pic">{ mark }</span><span class={classes!("ell", mono)} title={entry.words.clone()}>{ for words }</span><span class="sub ell" title={entry.sub.clone()}>{ &entry.sub }</span><span class="grow"></span>
            if on { <Kbd keys="Enter" /> } else if let Some(of) = entry.key { <CommandKey {of} /> }
        </div>
    }
}
