//! What does the page know and ask of contexts and their connections?

use serde::{Deserialize, Serialize};

use crate::{ContextId, Done, Fault, FileId, Millis, Row, RowId, Timestamp, call::Call, connect::Workload, files::Problem};

/// One context of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextRow {
    pub id: ContextId,
    pub name: String,
    pub file: FileId,
    /// Position within the whole fleet.
    pub order: u32,
    pub tile: Tile,
    /// Address of the API server, empty when the context names no usable cluster.
    pub server: String,
    pub namespace: String,
    /// Namespaces the user typed by hand, for users who may not list them.
    pub namespaces: Vec<String>,
    /// The namespace that the user looked at last, empty for all.
    pub left_at: String,
    pub sign_in: SignIn,
    pub tls: TlsCheck,
    /// What holds: its own, or that of a rule of the settings that means it.
    pub guard: Guard,
    /// What the user said of this one by itself, whatever a rule says.
    pub own_guard: Guard,
    pub favourite: Favourite,
    pub link: Link,
    /// Last known version, empty when never seen.
    pub version: String,
    /// Who the server says we are, once connected.
    pub identity: Option<Identity>,
    pub last_used: Option<Timestamp>,
    /// What is wrong with the entry itself; `Unusable` ones keep it from connecting.
    pub problems: Vec<Problem>,
    /// kubectl's own current context is this one.
    pub current_for_kubectl: bool,
    /// The cluster of a management cluster that KOS keeps this context for.
    pub workload: Option<Workload>,
    /// The last times its server was not reached while it was open, the oldest first.
    pub away: Vec<Away>,
}

/// A time in which a server that had answered did not, as far as this computer was awake to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub from: Timestamp,
    /// It answered again.
    pub to: Timestamp,
}

/// Two letters and one of eight hues; stable for a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    pub letters: String,
    /// 1 to 8.
    pub hue: u8,
}

/// How a context proves who the user is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub way: Way,
    /// Known without contacting anybody: from the certificate or the token.
    pub expires: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    Nothing,
    ClientCertificate,
    Token,
    TokenFile,
    Basic,
    /// A credential plugin, by its program and arguments as shown: `aws eks get-token`.
    Plugin {
        command: String,
    },
    /// An `auth-provider` entry, which KOS does not speak.
    Legacy {
        name: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TlsCheck {
    Verified,
    NotVerified,
    PlainHttp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Guard {
    Open,
    /// A red band; each write asks for the context's name.
    Protected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Favourite {
    No,
    /// Pinned to the rail, in this place.
    Pinned {
        place: u32,
    },
}

/// The state of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Never opened in this session: nothing was contacted.
    Unopened,
    Opening {
        since: Timestamp,
    },
    Live {
        since: Timestamp,
        latency: Millis,
    },
    /// It worked and now does not; what is shown is old.
    Stale {
        since: Timestamp,
        why: Fault,
        retry_at: Timestamp,
    },
    /// It has not worked since it was opened.
    Unreachable {
        since: Timestamp,
        why: Fault,
        retry_at: Timestamp,
    },
    /// KOS will not try again by itself: a credential, a trust decision or a certificate is needed.
    NeedsYou {
        since: Timestamp,
        why: Fault,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub user: String,
    pub groups: Vec<String>,
}

impl Row for ContextRow {
    fn id(&self) -> RowId {
        RowId(self.id.0.clone())
    }
}

/// Opens a context: the first moment that KOS contacts its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenContext {
    pub context: ContextId,
}
impl Call for OpenContext {
    const NAME: &'static str = "open_context";
    type Reply = Done;
}

/// Closes a context: no request is made after the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseContext {
    pub context: ContextId,
}
impl Call for CloseContext {
    const NAME: &'static str = "close_context";
    type Reply = Done;
}

/// Tries a waiting connection at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TryNow {
    pub context: ContextId,
}
impl Call for TryNow {
    const NAME: &'static str = "try_now";
    type Reply = Done;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetGuard {
    pub context: ContextId,
    pub guard: Guard,
    /// Before a protected context is open again: its name, as the user typed it.
    #[serde(default)]
    pub typed: String,
}
impl Call for SetGuard {
    const NAME: &'static str = "set_guard";
    type Reply = Done;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetFavourite {
    pub context: ContextId,
    pub favourite: Favourite,
}
impl Call for SetFavourite {
    const NAME: &'static str = "set_favourite";
    type Reply = Done;
}

/// Keeps namespaces typed by hand, for users who may not list them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetNamespaces {
    pub context: ContextId,
    pub namespaces: Vec<String>,
}
impl Call for SetNamespaces {
    const NAME: &'static str = "set_namespaces";
    type Reply = Done;
}

/// Remembers the namespace that the user looks at, so that the context opens there next time; empty for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveAt {
    pub context: ContextId,
    pub namespace: String,
}
impl Call for LeaveAt {
    const NAME: &'static str = "leave_at";
    type Reply = Done;
}

/// What a kubeconfig asks KOS to run; nothing runs to describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustQuestion {
    pub context: ContextId,
    pub context_name: String,
    /// The resolved program, or as written when it was not found.
    pub program: String,
    pub args: Vec<String>,
    /// Names of the variables the entry sets; values stay hidden.
    pub sets: Vec<String>,
    /// Names and patterns of what the program inherits.
    pub inherits: Vec<String>,
    pub server: String,
    pub asked_by: String,
    pub line: u32,
    pub signs: Vec<Sign>,
    /// Names exactly this program, file, arguments and destination; the answer is refused when they changed.
    pub seen: String,
    pub limit: Millis,
}

/// Which file a kubeconfig asks KOS to read and to send; nothing is read to describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenFileQuestion {
    pub context: ContextId,
    pub context_name: String,
    /// Where it lies in truth, whatever links and dots the entry has.
    pub path: String,
    pub server: String,
    pub asked_by: String,
    pub line: u32,
    pub signs: Vec<Sign>,
    /// Names exactly this file, kubeconfig and destination; the answer is refused when they changed.
    pub seen: String,
}

/// What a context waits for a word on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about")]
pub enum Asked {
    Program(TrustQuestion),
    TokenFile(TokenFileQuestion),
}

impl Asked {
    /// What an answer names.
    pub fn seen(&self) -> &str {
        match self {
            Self::Program(question) => &question.seen,
            Self::TokenFile(question) => &question.seen,
        }
    }
}

/// A reason to doubt or to believe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    pub mood: Mood,
    pub title: String,
    pub text: String,
    /// What takes a doubt away, for a terminal; KOS does not run it.
    pub command: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mood {
    Doubt,
    Good,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskTrust {
    pub context: ContextId,
}
impl Call for AskTrust {
    const NAME: &'static str = "ask_trust";
    type Reply = Asked;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTrust {
    pub context: ContextId,
    pub seen: String,
    pub answer: Trust,
}
impl Call for AnswerTrust {
    const NAME: &'static str = "answer_trust";
    type Reply = Done;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trust {
    Once,
    /// Always, for exactly what was asked: this program or file, of this kubeconfig, for this destination.
    Always,
    Never,
}
