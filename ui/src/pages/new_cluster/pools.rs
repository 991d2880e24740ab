//! Which groups of workers shall there be?

use api::drawing::Pool;
use yew::prelude::*;

use crate::{
    model::drawing::{Edit, PoolText, extras},
    widgets::{Btn, BtnKind, BtnSize, Choice, Icon, IconSize, Input, Pic, Pill, Select, State, Stepper, Valid, Voice},
};

/// More machines than fit a screen are asked for in the YAML.
const MOST: u8 = 99;

#[derive(Properties, PartialEq)]
pub(super) struct PoolTableProps {
    pub pools: Vec<Pool>,
    pub typed: Vec<PoolText>,
    /// The kinds that the class has.
    pub classes: Vec<String>,
    /// What is wrong with each.
    pub wrongs: Vec<Option<String>>,
    pub on_edit: Callback<Edit>,
}

/// A row a pool; its labels and taints open below it.
#[component]
pub(super) fn PoolTable(props: &PoolTableProps) -> Html {
    let open = use_state(|| None::<usize>);
    let on_open = {
        let open = open.clone();
        Callback::from(move |at: usize| open.set(if *open == Some(at) { None } else { Some(at) }))
    };
    let rows = props.pools.iter().enumerate().map(|(at, pool)| row(props, at, pool, *open == Some(at), &on_open));
    let add = props.on_edit.reform(|_: MouseEvent| Edit::AddPool);
    let wrong = props.wrongs.iter().flatten().next();
    html! {
        <div class="field"><span class="fl">{ "Workers" }</span><div>
            if !props.pools.is_empty() { <div class="frame pools" role="group" aria-label="Node pools">{ for rows }</div> }
            <div style="margin-top:7px"><Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::Plus} onclick={add}>{ "Add a pool" }</Btn></div>
            if let Some(why) = wrong { <p class="s12" role="alert"><Pill state={State::Failed} voice={Voice::Tinted}>{ why.clone() }</Pill></p> }
        </div></div>
    }
}

fn row(props: &PoolTableProps, at: usize, pool: &Pool, open: bool, on_open: &Callback<usize>) -> Html {
    let edit = |edit: fn(usize, String) -> Edit| props.on_edit.reform(move |text| edit(at, text));
    let valid = if props.wrongs.get(at).is_some_and(Option::is_some) { Valid::No } else { Valid::Yes };
    let typed = props.typed.get(at).cloned().unwrap_or_default();
    let replicas = u8::try_from(pool.replicas).unwrap_or(u8::MAX);
    let on_value = props.on_edit.reform(move |n: u8| Edit::Replicas(at, n.into()));
    let remove = props.on_edit.reform(move |_: MouseEvent| Edit::RemovePool(at));
    let toggle = on_open.reform(move |_: MouseEvent| at);
    html! {
        <>
            <div class="poolrow">
                <Icon of={Pic::Server} size={IconSize::Small} />
                <Input class="mono" label={format!("Name of pool {}", at + 1)} value={pool.name.clone()} {valid} on_text={edit(Edit::PoolName)} />
                <Stepper value={replicas} min={0} max={MOST.max(replicas)} label={format!("Machines of {}", pool.name)} {on_value} />
                { super::aside::strip(pool.replicas) }
                <button type="button" class="bare s12 t3 ell" aria-expanded={open.to_string()} title="Labels and taints" onclick={toggle}>{ extras(&typed) }</button>
                <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::X} label={format!("Remove pool {}", pool.name)} onclick={remove} />
            </div>
            if open {
                <div class="poolmore">
                    <label>{ "Labels" }<Input class="mono" label={format!("Labels of {}", pool.name)} placeholder="node-role.kubernetes.io/gpu, tier=gpu" value={typed.labels.clone()} {valid} on_text={edit(Edit::Labels)} /></label>
                    <label>{ "Taints" }<Input class="mono" label={format!("Taints of {}", pool.name)} placeholder="sim/gpu=yes:NoSchedule" value={typed.taints.clone()} {valid} on_text={edit(Edit::Taints)} /></label>
                    if props.classes.len() > 1 || !props.classes.contains(&pool.class) {
                        <label>{ "Kind" }<Select label={format!("Kind of {}", pool.name)} value={pool.class.clone()} choices={kinds(&props.classes, &pool.class)} on_choose={edit(Edit::PoolClass)} /></label>
                    }
                </div>
            }
        </>
    }
}

fn kinds(classes: &[String], chosen: &str) -> Vec<Choice> {
    let unknown = Some(chosen.to_owned()).filter(|chosen| !classes.contains(chosen));
    unknown.into_iter().chain(classes.iter().cloned()).map(|class| Choice { value: class.clone().into(), words: class.into() }).collect()
}
