//! What can be asked?

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{app, computer, contexts, files, jobs, local, objects, programs, settings};

/// One request of the page with one answer.
pub trait Call: Serialize + DeserializeOwned {
    /// How the request is named in JSON.
    const NAME: &'static str;
    type Reply: Serialize + DeserializeOwned;
}

macro_rules! requests {
    ($($module:ident :: $call:ident = $name:literal),* $(,)?) => {
        /// Every call of the contract: `{"call": "open_context", "with": {"context": "…"}}`.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "call", content = "with")]
        pub enum Request {
            $(#[serde(rename = $name)] $call($module::$call),)*
        }

        impl Request {
            /// The names of all calls, for tests that must not forget one.
            pub const NAMES: &'static [&'static str] = &[$($name),*];
        }

        $(impl From<$module::$call> for Request {
            fn from(call: $module::$call) -> Self {
                Self::$call(call)
            }
        })*

        #[cfg(test)]
        mod names {
            use super::*;
            #[test]
            fn a_call_has_the_same_name_in_json_and_in_its_type() {
                $(assert_eq!(<$module::$call as Call>::NAME, $name);)*
            }
        }
    };
}

requests! {
    app::AskAbout = "about",
    app::SetMode = "set_mode",
    app::LookAround = "look_around",
    files::AddPaths = "add_paths",
    files::AddText = "add_text",
    files::ForgetPath = "forget_path",
    files::PlanCurrent = "plan_current",
    files::MakeCurrent = "make_current",
    contexts::OpenContext = "open_context",
    contexts::CloseContext = "close_context",
    contexts::TryNow = "try_now",
    contexts::SetGuard = "set_guard",
    contexts::SetFavourite = "set_favourite",
    contexts::SetNamespaces = "set_namespaces",
    contexts::AskTrust = "ask_trust",
    contexts::AnswerTrust = "answer_trust",
    objects::FindObjects = "find_objects",
    local::SuggestManagement = "suggest_management",
    local::ReadConfig = "read_config",
    local::PlanManagement = "plan_management",
    local::CreateManagement = "create_management",
    local::SetPower = "set_power",
    local::PlanDelete = "plan_delete",
    local::DeleteCluster = "delete_cluster",
    local::ExportLogs = "export_logs",
    jobs::CancelJob = "cancel_job",
    jobs::RetryJob = "retry_job",
    jobs::ContinueJob = "continue_job",
    jobs::UndoJob = "undo_job",
    jobs::KeepJob = "keep_job",
    jobs::LookAgain = "look_again",
    jobs::ForgetJob = "forget_job",
    jobs::SaveLog = "save_log",
    computer::CheckAll = "check_all",
    computer::Recheck = "recheck",
    computer::Report = "report",
    programs::OfferTool = "offer_tool",
    programs::FetchTool = "fetch_tool",
    programs::UseFile = "use_file",
    settings::SaveChoices = "save_choices",
    settings::SetReleaseToken = "set_release_token",
}
