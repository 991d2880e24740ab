//! How is an object shown that is going to be made or changed?

use api::planned::PlannedObject;
use yew::prelude::*;

/// How much of a name is written out; the rest is told when one points at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Naming {
    /// All objects are of one namespace.
    #[default]
    Name,
    WithNamespace,
}

#[derive(Properties, PartialEq)]
pub struct PlannedRowProps {
    pub object: PlannedObject,
    #[prop_or_default]
    pub naming: Naming,
    /// What leads to it in a tree.
    #[prop_or_default]
    pub limb: Option<Html>,
    /// What is said of it.
    #[prop_or_default]
    pub children: Html,
}

/// A row of a table: the kind and the name, and at the right what is said of it.
#[component]
pub fn PlannedRow(props: &PlannedRowProps) -> Html {
    let PlannedObject { kind, namespace, name, .. } = &props.object;
    let whole = if namespace.is_empty() { name.clone() } else { format!("{namespace}/{name}") };
    let shown = match props.naming {
        Naming::Name => name.clone(),
        Naming::WithNamespace => whole.clone(),
    };
    html! {
        <div class="tr" role="row">
            <div class="vis" role="cell"><div class="tl">{ props.limb.clone() }<span class="kd">{ kind }</span><span class="name ell" title={whole}>{ shown }</span></div></div>
            <div class="right row" role="cell">{ props.children.clone() }</div>
        </div>
    }
}
