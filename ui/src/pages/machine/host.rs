//! Which container of this computer is a machine, what does it use, and how does one get into it?

use api::{
    computer::{CheckId, CheckRow, Verdict},
    machines::{MachineHost, MachineRow},
};
use yew::prelude::*;

use super::MachineSheetProps;
use crate::{
    model::machine::{container_words, host_lines, limit_words, up_words},
    widgets::{Btn, CommandBox, Dialog, Glyph, Pic, Pill, Skeleton, State},
};

/// What it runs on, among the facts: a container of this computer tells its own state.
pub(super) fn fact(row: &MachineRow, props: &MachineSheetProps) -> Html {
    match &row.container {
        Some(container) => {
            let (state, words) = container_words(container);
            let words = props.host.as_ref().and_then(|host| up_words(host, props.clock.now)).unwrap_or(words);
            html! { <div><dt>{ "Container" }</dt><dd><Pill {state}>{ words }</Pill></dd></div> }
        }
        None => html! { <div><dt>{ "Address" }</dt><dd><span class="mono">{ row.addresses.first().map_or("none yet", String::as_str) }</span></dd></div> },
    }
}

/// Container, image and what it uses; the limit of this computer that is at its end, where one is.
pub(super) fn section(row: &MachineRow, props: &MachineSheetProps) -> Html {
    if row.container.is_none() {
        return Html::default();
    }
    let lines = props.host.as_ref().map(host_lines);
    html! {
        <>
            <h2 class="sec" style="margin:16px 0 4px">{ "On this computer" }</h2>
            { for props.limits.iter().filter(|check| is_at_its_end(check)).map(|check| html! {
                <div class="minirow hostrow"><span>{ &check.title }</span><span class="num right row g6" style="color:var(--st-failed-fg)"><Glyph state={State::Failed} />{ limit_words(check, props.computer.as_deref()) }</span></div>
            }) }
            { match lines {
                Some(lines) => html! { <>{ for lines.into_iter().map(|(what, says)| html! { <div class="minirow hostrow"><span class="t2">{ what }</span><span class="mono ell" title={says.clone()}>{ says.clone() }</span></div> }) }</> },
                None if props.host_fault.is_some() => html! { <p class="t3 s12">{ props.host_fault.as_ref().map(|fault| fault.sentence.clone()) }</p> },
                None => html! { <div aria-busy="true"><Skeleton width={220} /></div> },
            } }
        </>
    }
}

/// Only what nodes need of the kernel stands beside a machine.
fn is_at_its_end(check: &CheckRow) -> bool {
    matches!(check.id, CheckId::InotifyInstances | CheckId::InotifyWatches) && matches!(check.verdict, Verdict::Failed | Verdict::Warning)
}

#[derive(Properties, PartialEq)]
pub(super) struct ShellDoorProps {
    pub(super) host: MachineHost,
    pub(super) name: String,
}

/// The command that opens a shell in the container; KOS shows it and does not run it.
#[component]
pub(super) fn ShellDoor(props: &ShellDoorProps) -> Html {
    let asked = use_state(|| false);
    let set = |to: bool| {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(to))
    };
    let Some(shell) = props.host.shell.clone() else { return Html::default() };
    let close = set(false);
    let leave = close.reform(|_: MouseEvent| ());
    html! {
        <>
            <Btn icon={Pic::Terminal} onclick={set(true).reform(|_: MouseEvent| ())}>{ "Shell" }</Btn>
            if *asked {
                <Dialog title={format!("A shell in {}", props.name)} lead="In a terminal of this computer, as root of the container."
                    note="KOS shows the command and does not run it." footer={html! { <Btn onclick={leave}>{ "Close" }</Btn> }} on_close={close}>
                    <CommandBox command={shell} />
                    <p class="t2 s12">{ "The kubelet writes to " }<code class="mono">{ "journalctl -u kubelet" }</code>{ ", the containers of the node stand in " }<code class="mono">{ "crictl ps" }</code>{ ". What is changed by hand is gone with the machine." }</p>
                </Dialog>
            }
        </>
    }
}
