//! What does the page ask of the program itself?

use serde::{Deserialize, Serialize};

use crate::{Done, call::Call, computer::Mode};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskAbout;
impl Call for AskAbout {
    const NAME: &'static str = "about";
    type Reply = About;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub version: String,
    pub mode: Mode,
    /// Kubeconfig places that were looked at, with what was found.
    pub looked_at: Vec<LookedAt>,
    pub state_folder: String,
    pub log_folder: String,
    pub licence: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    pub place: String,
    pub result: Looked,
}

/// What was found where kubeconfigs are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Looked {
    Found,
    NoFile,
    /// A variable of the environment.
    NotSet,
    Set(String),
}

/// Changes between the real machine and the demo fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetMode {
    pub mode: Mode,
}
impl Call for SetMode {
    const NAME: &'static str = "set_mode";
    type Reply = Done;
}

/// Tells that the first view of the page is on the screen: a window that never hears it stays blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellDrawn;
impl Call for TellDrawn {
    const NAME: &'static str = "tell_drawn";
    type Reply = Done;
}

/// Looks again at local clusters and this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAround;
impl Call for LookAround {
    const NAME: &'static str = "look_around";
    type Reply = Done;
}
