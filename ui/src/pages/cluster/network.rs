//! How does a network come into a cluster whose nodes wait for one?
//!
//! Start at: [`NetworkDialog`] for the calls, [`NetworkSheet`] for what is shown before anything is written.

use api::{
    Fault,
    changes::ClusterAt,
    contexts::Guard,
    drawing::ClusterNetwork,
    network::{ApplyNetwork, Manifest, NetworkPlan, PlanNetwork},
    planned::PlannedObject,
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{change::fate_words, hold::wait, quoted::is_full},
    shell::{
        fixes::use_fix,
        hold::{Hold, use_hold},
        toasts::{Speaker, use_toasts},
        world::use_world,
    },
    widgets::{
        Banner, Btn, BtnKind, CommandBox, Dialog, DialogWidth, Field, FixCard, Input, Naming, Pill, PlannedRow, Ready, Segment, Segmented, Skeleton, State,
        Voice,
    },
};

#[derive(Properties, PartialEq)]
pub struct NetworkDoorProps {
    pub at: ClusterAt,
    /// Of the context that is written to.
    pub guard: Guard,
}

/// Asks for a network, in a dialog.
#[component]
pub fn NetworkDoor(props: &NetworkDoorProps) -> Html {
    let asked = use_state(|| false);
    let set = |to: bool| {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(to))
    };
    html! {
        <>
            <Btn onclick={set(true).reform(|_: MouseEvent| ())}>{ "Add a network…" }</Btn>
            if *asked { <NetworkDialog at={props.at.clone()} guard={props.guard} on_close={set(false)} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct NetworkDialogProps {
    pub at: ClusterAt,
    pub guard: Guard,
    pub on_close: Callback<()>,
}

/// Tries a manifest, then applies it.
#[component]
pub fn NetworkDialog(props: &NetworkDialogProps) -> Html {
    let (plan, write) = (use_call::<PlanNetwork>(), use_call::<ApplyNetwork>());
    let (toasts, fix) = (use_toasts(), use_fix());
    let from = use_state(|| Manifest::Kindnet);
    let hold = use_hold(((*from).clone(), plan.state().answer().map(|plan| plan.seen.clone())));
    let world = use_world();
    let seconds = world.contexts.look(|rows| match plan.state().answer() {
        Some(plan) => wait(&world.choices(), rows, &plan.context),
        None => 0,
    });
    let look = {
        let (plan, at) = (plan.clone(), props.at.clone());
        Callback::from(move |from: Manifest| plan.ask(PlanNetwork { at: at.clone(), from }))
    };
    {
        let look = look.clone();
        use_effect_with((), move |()| look.emit(Manifest::Kindnet));
    }
    // Also while another manifest is tried.
    let chosen = use_mut_ref(|| None);
    if let Some(plan) = plan.state().answer() {
        *chosen.borrow_mut() = plan.chosen;
    }
    let on_from = {
        let from = from.setter();
        Callback::from(move |chosen: Manifest| {
            from.set(chosen.clone());
            look.emit(chosen);
        })
    };
    let on_apply = {
        let (at, from, seen) = (props.at.clone(), (*from).clone(), plan.state().answer().map(|p| p.seen.clone()).unwrap_or_default());
        let (write, close, hold) = (write.clone(), props.on_close.clone(), hold.clone());
        Callback::from(move |typed: String| {
            let call = ApplyNetwork { at: at.clone(), from: from.clone(), seen: seen.clone(), typed };
            let (toasts, close, write): (Speaker, _, _) = (toasts.clone(), close.clone(), write.clone());
            let send = Callback::from(move |()| {
                let (toasts, close, name) = (toasts.clone(), close.clone(), call.at.name.clone());
                write.ask_then(call.clone(), move |answer| {
                    if answer.is_ok() {
                        toasts.done(format!("The network of {name} was applied"), "Its nodes get Ready one after another; the lanes show it.");
                        close.emit(());
                    }
                });
            });
            hold.send(seconds, send);
        })
    };
    let fault = write.state().fault().or(plan.state().fault()).cloned();
    let busy = plan.state().pending() || write.state().pending();
    html! {
        <NetworkSheet name={props.at.name.clone()} guard={props.guard} from={(*from).clone()} chosen={*chosen.borrow()} plan={plan.state().answer().cloned()} {fault} {busy} {hold} {on_from} {on_apply} on_close={props.on_close.clone()} on_fix={fix} />
    }
}

#[derive(Properties, PartialEq)]
pub struct NetworkSheetProps {
    pub name: String,
    pub guard: Guard,
    /// What the plan is of.
    pub from: Manifest,
    /// What the form of the cluster chose.
    #[prop_or_default]
    pub chosen: Option<ClusterNetwork>,
    pub plan: Option<NetworkPlan>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub busy: bool,
    #[prop_or_else(Hold::none)]
    pub hold: Hold,
    /// Another manifest is to be tried.
    pub on_from: Callback<Manifest>,
    /// With the name that was typed, for a protected context.
    pub on_apply: Callback<String>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// A network whose manifest does not come with KOS, by its name.
fn of_a_file(chosen: Option<ClusterNetwork>) -> Option<&'static str> {
    match chosen? {
        ClusterNetwork::Calico => Some("Calico"),
        ClusterNetwork::Cilium => Some("Cilium"),
        ClusterNetwork::Kindnet | ClusterNetwork::NotInstalled => None,
    }
}

/// Where a manifest comes from, in the order of [`place_of`].
const WAYS: [&str; 3] = ["kindnet", "Calico, Cilium or another, from a file", "From an address"];

/// The segment of a manifest.
fn place_of(from: &Manifest) -> usize {
    match from {
        Manifest::Kindnet => 0,
        Manifest::File { .. } => 1,
        Manifest::Url { .. } => 2,
    }
}

/// Whether it is worth to ask: the core says which addresses it contacts.
fn is_address(typed: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| typed.len() > scheme.len() && typed.starts_with(scheme))
}

/// Which manifest, which objects it brings, and the same by kubectl.
#[component]
pub fn NetworkSheet(props: &NetworkSheetProps) -> Html {
    let (way, path, address, typed) = (use_state(|| None::<usize>), use_state(String::new), use_state(String::new), use_state(String::new));
    // What the form chose leads, until somebody chooses here.
    let wanted = of_a_file(props.chosen);
    let place = (*way).unwrap_or(usize::from(wanted.is_some()));
    let is_mine = place_of(&props.from) == place;
    let (plan, fault) = (props.plan.as_ref().filter(|_| is_mine), props.fault.as_ref().filter(|_| is_mine));
    let text = |to: &UseStateHandle<String>| {
        let to = to.setter();
        Callback::from(move |value: String| to.set(value))
    };
    let on_choose = {
        let (way, hold, on_from) = (way.setter(), props.hold.clone(), props.on_from.clone());
        Callback::from(move |place| {
            hold.take_back();
            way.set(Some(place));
            if place == 0 {
                on_from.emit(Manifest::Kindnet);
            }
        })
    };
    let try_file = {
        let (on_from, path) = (props.on_from.clone(), (*path).clone());
        Callback::from(move |_: MouseEvent| on_from.emit(Manifest::File { path: path.trim().to_owned() }))
    };
    let try_address = {
        let (on_from, address) = (props.on_from.clone(), (*address).clone());
        Callback::from(move |_: MouseEvent| on_from.emit(Manifest::Url { address: address.trim().to_owned() }))
    };
    let named = props.guard == Guard::Open || plan.is_some_and(|plan| *typed == plan.name);
    let ready = if props.busy { Ready::Busy } else { Ready::from(plan.is_some() && named) };
    let apply = {
        let (on_apply, typed) = (props.on_apply.clone(), (*typed).clone());
        Callback::from(move |_: MouseEvent| on_apply.emit(typed.clone()))
    };
    let leave = props.on_close.reform(|_: MouseEvent| ());
    let footer =
        html! { <><Btn onclick={leave}>{ "Leave it" }</Btn>{ props.hold.button(BtnKind::Primary, ready, apply, &format!("Apply to {}", props.name)) }</> };
    html! {
        <Dialog title={format!("Add a network to {}?", props.name)} width={DialogWidth::Wide} lead="Every object was tried by a dry run. It is applied by server-side apply, as kos."
            note="Nodes get Ready when the network runs on them." {footer} on_close={props.on_close.clone()}>
            <div><Segmented label="Which network" segments={WAYS.map(Segment::from).to_vec()} chosen={place} {on_choose} /></div>
            if let Some(network) = wanted {
                <p><b>{ format!("The form of {} chose {network}.", props.name) }</b>{ " Its manifest does not come with KOS: name the file of yours." }</p>
            }
            if place == 1 {
                <Field label="Manifest" help="The full path of YAML with all its objects, at most 1 MiB.">
                    <span class="row g8">
                        <Input class="mono grow" label="Manifest" placeholder="/home/jo/calico.yaml" value={(*path).clone()} on_text={text(&path)} />
                        <Btn ready={Ready::from(is_full(path.trim()) && !props.busy)} onclick={try_file}>{ "Try it" }</Btn>
                    </span>
                </Field>
            }
            if place == 2 {
                <Field label="Address" help="Over HTTPS, at most 1 MiB. KOS contacts it when you press, and shows what is there before anything is applied.">
                    <span class="row g8">
                        <Input class="mono grow" label="Address" placeholder="https://example.org/cni.yaml" value={(*address).clone()} on_text={text(&address)} />
                        <Btn ready={Ready::from(is_address(address.trim()) && !props.busy)} onclick={try_address}>{ "Fetch and try it" }</Btn>
                    </span>
                </Field>
            }
            if let Some(plan) = plan { { planned(plan) } } else if fault.is_none() && place == 0 { <div aria-busy="true"><Skeleton width={320} /></div> }
            if props.guard == Guard::Protected {
                <Field label="Type its name" help={format!("{} is protected.", props.name)}><Input class="mono" label="Name of the context" value={(*typed).clone()} on_text={text(&typed)} /></Field>
            }
            if let Some(fault) = fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
        </Dialog>
    }
}

fn planned(plan: &NetworkPlan) -> Html {
    let pods = if plan.pods.is_empty() { "no range named".to_owned() } else { plan.pods.join(", ") };
    html! {
        <>
            <p>{ "Into " }<span class="mono">{ &plan.name }</span>{ ", for pods of " }<span class="mono">{ pods }</span>{ "." }</p>
            { for plan.doubts.iter().map(|doubt| html! { <Banner state={State::Warning} head="It does not fit.">{ doubt }</Banner> }) }
            <div class="datatable" role="table" aria-label="Objects" style="--cols:minmax(0,1fr) 168px">
                <div class="th" role="row"><div role="columnheader">{ "Object" }</div><div role="columnheader" class="right">{ "What happens" }</div></div>
                { for plan.objects.iter().map(object) }
            </div>
            <p class="t2 s12">{ "Images: " }<span class="mono">{ plan.images.join(", ") }</span></p>
            if !plan.digest.is_empty() { <p class="t2 s12">{ "SHA-256: " }<span class="mono">{ &plan.digest }</span></p> }
            <details><summary>{ "The whole manifest" }</summary><pre class="mono s12" tabindex="0" style="max-height:220px;overflow:auto">{ &plan.manifest }</pre></details>
            <CommandBox command={plan.command.clone()} />
        </>
    }
}

fn object(one: &PlannedObject) -> Html {
    let (state, words) = fate_words(one.fate);
    html! { <PlannedRow object={one.clone()} naming={Naming::WithNamespace}><Pill {state} voice={Voice::Quiet}>{ words }</Pill></PlannedRow> }
}
