//! How far is a plan, and how long is each step?

use api::{Millis, jobs::StepMark};
use yew::prelude::*;

/// One step on the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seg {
    pub mark: StepMark,
    /// Its width.
    pub expected: Millis,
    /// 0 to 1000, of the running step.
    pub share: u16,
}

#[derive(Properties, PartialEq)]
pub struct SegBarProps {
    pub segs: Vec<Seg>,
    /// Left and right captions, which say in words what the bar shows.
    #[prop_or_default]
    pub left: Html,
    #[prop_or_default]
    pub right: Html,
}

/// Segment width is expected time; done, running, failed, skipped.
#[component]
pub fn SegBar(props: &SegBarProps) -> Html {
    let segs = props.segs.iter().map(|seg| {
        let class = match seg.mark {
            StepMark::Waiting | StepMark::Skipped | StepMark::Undone => None,
            StepMark::Running => Some("run"),
            StepMark::Done => Some("done"),
            StepMark::Failed | StepMark::Interrupted => Some("fail"),
        };
        let style = format!("flex:{} 1 0", seg.expected.0.max(1));
        let fill = matches!(seg.mark, StepMark::Running).then(|| {
            let percent = f32::from(seg.share.min(1000)) / 10.0;
            html! { <b style={format!("width:{percent}%")}></b> }
        });
        html! { <i class={classes!(class)} {style}>{ fill }</i> }
    });
    html! {
        <div class="planbar">
            <div class="segs" aria-hidden="true">{ for segs }</div>
            <div class="cap"><span>{ props.left.clone() }</span><span>{ props.right.clone() }</span></div>
        </div>
    }
}
