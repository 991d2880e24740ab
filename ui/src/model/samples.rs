//! Rows for the tests of decisions: each says what it is about, and takes the rest from here.

use api::{
    contexts::{ContextRow, Favourite, Guard, Link, SignIn, Tile, TlsCheck, Way},
    local::{LocalRow, LocalState, Role},
};

/// A cluster of this machine without containers.
pub(crate) fn local(name: &str, role: Role, state: LocalState) -> LocalRow {
    LocalRow {
        name: name.into(),
        order: 0,
        role,
        state,
        nodes: vec![],
        balancers: vec![],
        version: String::new(),
        created: None,
        context: None,
        cpu_milli: None,
        memory_bytes: None,
        job: None,
    }
}

/// A context that was never opened, by its name also in other places.
pub(crate) fn context(name: &str) -> ContextRow {
    ContextRow {
        id: name.into(),
        name: name.into(),
        file: "f".into(),
        order: 0,
        tile: Tile { letters: "AB".into(), hue: 1 },
        server: String::new(),
        namespace: String::new(),
        namespaces: vec![],
        left_at: String::new(),
        sign_in: SignIn { way: Way::Token, expires: None },
        tls: TlsCheck::Verified,
        guard: Guard::Open,
        own_guard: Guard::Open,
        favourite: Favourite::No,
        link: Link::Unopened,
        version: String::new(),
        identity: None,
        last_used: None,
        problems: vec![],
        current_for_kubectl: false,
        workload: None,
        away: vec![],
    }
}
