//! What can be asked?

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    app, budget, changes, commits, computer, connect, contexts, definitions, drawing, files, impact, jobs, local, machines, network, objects, programs,
    providers, runs, settings, templates,
};

/// One request of the page with one answer.
pub trait Call: Serialize + DeserializeOwned {
    /// How the request is named in JSON.
    const NAME: &'static str;
    type Reply: Serialize + DeserializeOwned;
}

/// What a call does outside of KOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Looks, or changes what KOS itself keeps.
    Nothing,
    /// Changes a cluster, a kubeconfig or this machine.
    Changes,
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
    app::TellDrawn = "tell_drawn",
    app::LookAround = "look_around",
    files::AddPaths = "add_paths",
    files::AddText = "add_text",
    files::ForgetPath = "forget_path",
    files::PlanCurrent = "plan_current",
    files::MakeCurrent = "make_current",
    files::SaveElsewhere = "save_elsewhere",
    files::PlanUnlock = "plan_unlock",
    files::RemoveLock = "remove_lock",
    contexts::OpenContext = "open_context",
    contexts::CloseContext = "close_context",
    contexts::TryNow = "try_now",
    contexts::SetGuard = "set_guard",
    contexts::SetFavourite = "set_favourite",
    contexts::SetNamespaces = "set_namespaces",
    contexts::LeaveAt = "leave_at",
    contexts::AskTrust = "ask_trust",
    contexts::AnswerTrust = "answer_trust",
    drawing::OfferClasses = "offer_classes",
    drawing::PlanCluster = "plan_cluster",
    drawing::CreateCluster = "create_cluster",
    drawing::KeepDraft = "keep_draft",
    templates::OfferTemplates = "offer_templates",
    templates::ReadTemplate = "read_template",
    templates::FillTemplate = "fill_template",
    objects::FindObjects = "find_objects",
    machines::ReadObject = "read_object",
    machines::ReadMachineLog = "read_machine_log",
    machines::ReadMachineHost = "read_machine_host",
    runs::ReadRun = "read_run",
    changes::OfferChanges = "offer_changes",
    changes::PlanChange = "plan_change",
    changes::ApplyChange = "apply_change",
    impact::AskImpact = "ask_impact",
    budget::AskBudget = "ask_budget",
    budget::PlanCopies = "plan_copies",
    budget::ApplyCopies = "apply_copies",
    connect::PlanConnect = "plan_connect",
    connect::Connect = "connect",
    connect::Disconnect = "disconnect",
    network::AskNetwork = "ask_network",
    network::PlanNetwork = "plan_network",
    network::ApplyNetwork = "apply_network",
    definitions::BindFolder = "bind_folder",
    definitions::UnbindFolder = "unbind_folder",
    definitions::CompareAgain = "compare_again",
    definitions::PlanDefinitions = "plan_definitions",
    definitions::ApplyDefinitions = "apply_definitions",
    definitions::PlanFiles = "plan_files",
    definitions::SaveFiles = "save_files",
    commits::PlanCommit = "plan_commit",
    commits::CommitFiles = "commit_files",
    commits::AcceptDrift = "accept_drift",
    commits::ShowDrift = "show_drift",
    providers::PlanProviderUpgrade = "plan_provider_upgrade",
    providers::ReadProviderChanges = "read_provider_changes",
    providers::UpgradeProviders = "upgrade_providers",
    providers::OfferProviders = "offer_providers",
    providers::PlanProvider = "plan_provider",
    providers::AddProvider = "add_provider",
    providers::PlanMove = "plan_move",
    providers::MoveClusters = "move_clusters",
    local::SuggestManagement = "suggest_management",
    local::ReadConfig = "read_config",
    local::ReadForm = "read_form",
    local::PlanManagement = "plan_management",
    local::CreateManagement = "create_management",
    local::SetPower = "set_power",
    local::PlanDelete = "plan_delete",
    local::DeleteCluster = "delete_cluster",
    local::FindLeftovers = "find_leftovers",
    local::RemoveNetwork = "remove_network",
    local::ExportLogs = "export_logs",
    jobs::CancelJob = "cancel_job",
    jobs::RetryJob = "retry_job",
    jobs::ContinueJob = "continue_job",
    jobs::UndoJob = "undo_job",
    jobs::KeepJob = "keep_job",
    jobs::LookAgain = "look_again",
    jobs::ForgetJob = "forget_job",
    jobs::SaveLog = "save_log",
    jobs::ShowLog = "show_log",
    computer::CheckAll = "check_all",
    computer::Recheck = "recheck",
    computer::RunRemedy = "run_remedy",
    computer::Report = "report",
    programs::OfferTool = "offer_tool",
    programs::FetchTool = "fetch_tool",
    programs::UseFile = "use_file",
    settings::SaveChoices = "save_choices",
    settings::SetReleaseToken = "set_release_token",
}

impl Request {
    /// Told for every call, so that a new one cannot be forgotten where writes are refused.
    pub fn effect(&self) -> Effect {
        match self {
            Self::MakeCurrent(_)
            | Self::RemoveLock(_)
            | Self::ApplyChange(_)
            | Self::CreateManagement(_)
            | Self::CreateCluster(_)
            | Self::SetPower(_)
            | Self::RunRemedy(_)
            | Self::ApplyNetwork(_)
            | Self::ApplyCopies(_)
            | Self::ApplyDefinitions(_)
            | Self::SaveFiles(_)
            | Self::CommitFiles(_)
            | Self::UpgradeProviders(_)
            | Self::AddProvider(_)
            | Self::MoveClusters(_)
            | Self::DeleteCluster(_)
            | Self::RemoveNetwork(_)
            | Self::RetryJob(_)
            | Self::ContinueJob(_)
            | Self::UndoJob(_) => Effect::Changes,
            // A cancel only ends what runs already, and a user must always be able to end it.
            Self::CancelJob(_) => Effect::Nothing,
            Self::AskAbout(_)
            | Self::SetMode(_)
            | Self::TellDrawn(_)
            | Self::LookAround(_)
            | Self::AddPaths(_)
            | Self::AddText(_)
            | Self::ForgetPath(_)
            | Self::PlanCurrent(_)
            // A new file where the user wants it, as a saved log is.
            | Self::SaveElsewhere(_)
            | Self::PlanUnlock(_)
            | Self::OpenContext(_)
            | Self::CloseContext(_)
            | Self::TryNow(_)
            | Self::SetGuard(_)
            | Self::SetFavourite(_)
            | Self::SetNamespaces(_)
            | Self::LeaveAt(_)
            | Self::AskTrust(_)
            | Self::AnswerTrust(_)
            | Self::OfferClasses(_)
            | Self::PlanCluster(_)
            | Self::KeepDraft(_)
            | Self::OfferTemplates(_)
            | Self::ReadTemplate(_)
            | Self::FillTemplate(_)
            | Self::SuggestManagement(_)
            | Self::PlanManagement(_)
            | Self::PlanDelete(_)
            | Self::FindLeftovers(_)
            | Self::ExportLogs(_)
            | Self::KeepJob(_)
            | Self::LookAgain(_)
            | Self::ForgetJob(_)
            | Self::SaveLog(_)
            | Self::ShowLog(_)
            | Self::CheckAll(_)
            | Self::Recheck(_)
            | Self::Report(_)
            | Self::OfferTool(_)
            | Self::FetchTool(_)
            | Self::UseFile(_)
            | Self::SaveChoices(_)
            | Self::SetReleaseToken(_)
            | Self::FindObjects(_)
            | Self::ReadObject(_)
            | Self::ReadMachineLog(_)
            | Self::ReadMachineHost(_)
            | Self::ReadRun(_)
            | Self::OfferChanges(_)
            | Self::AskImpact(_)
            | Self::AskBudget(_)
            // The server keeps nothing of a dry run.
            | Self::PlanChange(_)
            | Self::PlanCopies(_)
            | Self::PlanConnect(_)
            | Self::BindFolder(_)
            | Self::UnbindFolder(_)
            | Self::CompareAgain(_)
            | Self::PlanDefinitions(_)
            | Self::PlanFiles(_)
            | Self::PlanCommit(_)
            | Self::AcceptDrift(_)
            | Self::ShowDrift(_)
            | Self::AskNetwork(_)
            | Self::PlanNetwork(_)
            | Self::PlanProviderUpgrade(_)
            | Self::ReadProviderChanges(_)
            | Self::OfferProviders(_)
            | Self::PlanProvider(_)
            | Self::PlanMove(_)
            // The file is KOS's own, as that of a pasted text is.
            | Self::Connect(_)
            | Self::Disconnect(_)
            | Self::ReadForm(_)
            | Self::ReadConfig(_) => Effect::Nothing,
        }
    }
}
