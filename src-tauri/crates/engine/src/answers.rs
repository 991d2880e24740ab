//! Who answers which call?
//!
//! One arm a call, one expression an arm: the compiler asks for the arm of a new call.

mod app;
mod jobs;
mod settings;

use std::sync::Arc;

use api::{Call, Fault, FaultCode, Request};

use crate::realm::Realm;

/// Answers a request with the reply as JSON.
pub(crate) async fn answer(realm: &Arc<Realm>, request: Request) -> Result<Vec<u8>, Fault> {
    match request {
        Request::AskAbout(call) => json(&call, app::about(realm)),
        // The engine changes realms itself: a realm cannot replace what it stands in.
        Request::SetMode(_) => Err(Fault::new(FaultCode::Bug, "The mode is changed by the engine.")),
        Request::LookAround(_) => Err(not_yet()),
        Request::AddPaths(_) => Err(not_yet()),
        Request::AddText(_) => Err(not_yet()),
        Request::ForgetPath(_) => Err(not_yet()),
        Request::PlanCurrent(_) => Err(not_yet()),
        Request::MakeCurrent(_) => Err(not_yet()),
        Request::OpenContext(_) => Err(not_yet()),
        Request::CloseContext(_) => Err(not_yet()),
        Request::TryNow(_) => Err(not_yet()),
        Request::SetGuard(_) => Err(not_yet()),
        Request::SetFavourite(_) => Err(not_yet()),
        Request::SetNamespaces(_) => Err(not_yet()),
        Request::AskTrust(_) => Err(not_yet()),
        Request::AnswerTrust(_) => Err(not_yet()),
        Request::SuggestManagement(_) => Err(not_yet()),
        Request::PlanManagement(_) => Err(not_yet()),
        Request::CreateManagement(_) => Err(not_yet()),
        Request::SetPower(_) => Err(not_yet()),
        Request::PlanDelete(_) => Err(not_yet()),
        Request::DeleteCluster(_) => Err(not_yet()),
        Request::ExportLogs(_) => Err(not_yet()),
        Request::CancelJob(call) => json(&call, jobs::cancel(realm, &call).await),
        Request::RetryJob(call) => json(&call, jobs::retry(realm, &call).await),
        Request::ContinueJob(call) => json(&call, jobs::go_on(realm, &call).await),
        Request::UndoJob(call) => json(&call, jobs::undo(realm, &call).await),
        Request::KeepJob(call) => json(&call, jobs::keep(realm, &call).await),
        Request::LookAgain(call) => json(&call, jobs::look_again(realm, &call).await),
        Request::ForgetJob(call) => json(&call, jobs::forget(realm, &call).await),
        Request::SaveLog(call) => json(&call, jobs::save_log(realm, &call).await),
        Request::CheckAll(_) => Err(not_yet()),
        Request::Recheck(_) => Err(not_yet()),
        Request::Report(_) => Err(not_yet()),
        Request::OfferTool(_) => Err(not_yet()),
        Request::FetchTool(_) => Err(not_yet()),
        Request::UseFile(_) => Err(not_yet()),
        Request::SaveChoices(call) => json(&call, settings::save(realm, &call).await),
    }
}

/// Writes a reply; the call ties its type to what the contract promises.
fn json<C: Call>(_: &C, reply: Result<C::Reply, Fault>) -> Result<Vec<u8>, Fault> {
    let reply = reply?;
    serde_json::to_vec(&reply).map_err(|e| Fault::new(FaultCode::Bug, "The answer could not be written.").because("KOS", e.to_string()))
}

fn not_yet() -> Fault {
    Fault::new(FaultCode::NotFound, "This is not there yet.")
}
