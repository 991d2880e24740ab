//! What do the controllers of one provider write?
//!
//! Start at: [`LogDialog`] for the stream, [`LogSheet`] for what it shows.

use std::rc::Rc;

use api::{Status, capi::LogRow, feed, providers::ProviderAt};
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{
        capi::{is_error, klog},
        clock::{Clock, Pace, count},
    },
    shell::clock::use_clock,
    widgets::{Btn, Dialog, DialogBody, DialogWidth, EmptyState, Skeleton},
};

#[derive(Properties, PartialEq)]
pub(super) struct LogDialogProps {
    pub(super) at: ProviderAt,
    pub(super) title: String,
    pub(super) on_close: Callback<()>,
}

/// The log, live.
#[component]
pub(super) fn LogDialog(props: &LogDialogProps) -> Html {
    let rows = use_feed(feed::ProviderLog(props.at.clone()));
    let clock = use_clock(|_| Pace::Minutes);
    html! { <LogSheet title={props.title.clone()} rows={rows.rows()} status={rows.status()} {clock} on_close={props.on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct LogSheetProps {
    pub title: String,
    pub rows: Vec<Rc<LogRow>>,
    pub status: Status,
    pub clock: Clock,
    pub on_close: Callback<()>,
}

/// The newest line last; errors are marked.
#[component]
pub fn LogSheet(props: &LogSheetProps) -> Html {
    let close = props.on_close.reform(|_: MouseEvent| ());
    let note = match props.status {
        Status::Live | Status::Loading => format!("{}, live; the last 1,000 are kept", count(props.rows.len() as u64, "line")),
        Status::Closed | Status::Stale { .. } | Status::Denied { .. } => format!("{}, not live", count(props.rows.len() as u64, "line")),
    };
    html! {
        <Dialog title={format!("Log of {}", props.title)} width={DialogWidth::Wide} body={DialogBody::Text} note={html! { { note } }} footer={html! { <Btn onclick={close}>{ "Close" }</Btn> }} on_close={props.on_close.clone()}>
            if props.rows.is_empty() {
                if props.status == Status::Loading { <div aria-busy="true"><Skeleton width={320} /></div> } else { <EmptyState head="No lines yet">{ "Its controllers wrote nothing since KOS looks, or have not started." }</EmptyState> }
            } else {
                <div class="frame">
                    <div class="logview" style="--lc:64px minmax(0,1fr);padding:8px 0;max-height:56vh" tabindex="0" role="log" aria-live="off" aria-label="Log of a provider">
                        { for props.rows.iter().map(|row| html! {
                            <div key={row.number} class={classes!("l", is_error(&row.text).then_some("failed"))}>
                                <span class="ts">{ row.at.map(|at| props.clock.seconds(at)) }</span><span class="tx" title={row.text.clone()}>{ klog(&row.text) }</span>
                            </div>
                        }) }
                    </div>
                </div>
            }
        </Dialog>
    }
}
