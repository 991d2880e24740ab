//! Where would a missing program come from?

use api::programs::{FetchTool, OfferTool, Tool, ToolOffer, UseFile};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{clock::bytes, doctor::tool_name},
    shell::{
        starts::{Starts, use_starts},
        toasts::use_toasts,
    },
    widgets::{Btn, BtnKind, Dialog, Field, FixCard, Input, Ready, Skeleton},
};

#[derive(Properties, PartialEq)]
pub struct OfferDialogProps {
    pub tool: Tool,
    pub on_close: Callback<()>,
}

/// Asks for the offer, which contacts nobody, and fetches when agreed.
#[component]
pub fn OfferDialog(props: &OfferDialogProps) -> Html {
    let tool = props.tool;
    let (offer, file, toasts) = (use_call::<OfferTool>(), use_call::<UseFile>(), use_toasts());
    let Starts { start, ready, refused } = use_starts::<FetchTool>(&props.on_close);
    {
        let offer = offer.clone();
        use_effect_with(tool, move |tool| offer.ask(OfferTool { tool: *tool }));
    }
    let on_fetch = start.reform(move |()| FetchTool { tool });
    let on_file = {
        let (file, close) = (file.clone(), props.on_close.clone());
        Callback::from(move |path| {
            let (close, toasts) = (close.clone(), toasts.clone());
            file.ask_then(UseFile { tool, path }, move |answer| {
                if let Ok(found) = answer {
                    toasts.done(format!("{} {} is used", tool_name(tool), found.version), format!("{}, SHA-256 {}", found.path, found.sha256));
                    close.emit(());
                }
            });
        })
    };
    let fault = offer.state().fault().or(file.state().fault()).cloned();
    html! { <OfferSheet {tool} offer={offer.state().answer().cloned()} {fault} busy={ready} {on_fetch} {on_file} on_close={props.on_close.clone()}>{ refused }</OfferSheet> }
}

#[derive(Properties, PartialEq)]
pub struct OfferSheetProps {
    pub tool: Tool,
    pub offer: Option<ToolOffer>,
    pub fault: Option<api::Fault>,
    #[prop_or_default]
    pub busy: Ready,
    pub on_fetch: Callback<()>,
    pub on_file: Callback<String>,
    pub on_close: Callback<()>,
    /// Why the download was refused.
    #[prop_or_default]
    pub children: Html,
}

/// Address, size where it is known, digest, target and proxy; or a file of one's own.
#[component]
pub fn OfferSheet(props: &OfferSheetProps) -> Html {
    let path = use_state(String::new);
    let on_text = {
        let path = path.setter();
        Callback::from(move |text| path.set(text))
    };
    let name = tool_name(props.tool);
    let (cancel, fetch) = (props.on_close.reform(|_: MouseEvent| ()), props.on_fetch.reform(|_: MouseEvent| ()));
    let use_file = {
        let (on_file, path) = (props.on_file.clone(), (*path).trim().to_owned());
        Callback::from(move |_: MouseEvent| on_file.emit(path.clone()))
    };
    let body = match &props.offer {
        Some(offer) => facts(offer),
        None => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    let words = props.offer.as_ref().map_or_else(|| format!("Download {name}"), |offer| format!("Download {name} {}", offer.version));
    let footer = html! { <><Btn onclick={cancel}>{ "Not now" }</Btn><Btn kind={BtnKind::Primary} ready={if props.offer.is_some() { props.busy } else { Ready::No }} onclick={fetch}>{ words }</Btn></> };
    html! {
        <Dialog title={format!("Get {name}?")} lead="KOS uses the one in your PATH. There is none that fits, so it offers the release it was tested with." note="Nothing is contacted before you agree." {footer} on_close={props.on_close.clone()}>
            { body }
            <Field label="Or a file" help="Use a file instead of a download; its version is asked, its digest shown.">
                <span class="row g8"><Input class="mono grow" label="File" placeholder={format!("/path/to/{name}")} value={(*path).clone()} {on_text} /><Btn ready={Ready::from(crate::model::quoted::is_full(path.trim()))} onclick={use_file}>{ "Use this file" }</Btn></span>
            </Field>
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={Callback::noop()} /> }
            { props.children.clone() }
        </Dialog>
    }
}

fn facts(offer: &ToolOffer) -> Html {
    let size = offer.size.map_or_else(|| "shown once the download begins, where the server tells it".to_owned(), bytes);
    let proxy = if offer.proxy.is_empty() {
        html! { <span class="t3">{ "none" }</span> }
    } else {
        html! { <span class="mono">{ &offer.proxy }</span> }
    };
    let line = |label: &'static str, value: Html| html! { <div class="minirow" style="grid-template-columns:84px minmax(0,1fr);padding:4px 12px"><span class="t3">{ label }</span><span style="overflow-wrap:anywhere">{ value }</span></div> };
    html! {
        <div class="frame">
            { line("From", html! { <span class="mono">{ &offer.address }</span> }) }
            { line("Size", html! { size }) }
            { line("SHA-256", html! { <span class="mono">{ &offer.sha256 }</span> }) }
            { line("To", html! { <span class="mono">{ &offer.target }</span> }) }
            { line("Proxy", proxy) }
        </div>
    }
}
