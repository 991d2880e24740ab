//! Who answers which call?
//!
//! One arm a call, one expression an arm: the compiler asks for the arm of a new call.

mod app;
mod changes;
mod computer;
mod connect;
mod contexts;
mod drawing;
mod files;
mod jobs;
mod local;
mod machines;
mod objects;
mod programs;
mod settings;

use std::sync::Arc;

use api::{Call, Done, Fault, FaultCode, Request};

use crate::realm::Realm;

pub(crate) use contexts::check_namespace;
pub(crate) use files::PASTED;

/// Answers a request with the reply as JSON.
pub(crate) async fn answer(realm: &Arc<Realm>, request: Request) -> Result<Vec<u8>, Fault> {
    settings::allowed(realm, request.effect())?;
    match request {
        Request::AskAbout(call) => json(&call, app::about(realm)),
        // The engine answers itself: a realm cannot replace what it stands in, and knows no page.
        Request::SetMode(_) | Request::TellDrawn(_) => Err(Fault::new(FaultCode::Bug, "The engine answers this itself.")),
        Request::LookAround(call) => json(&call, app::look_around(realm).await),
        Request::AddPaths(call) => json(&call, files::add_paths(realm, &call).await),
        Request::AddText(call) => json(&call, files::add_text(realm, &call).await),
        Request::ForgetPath(call) => json(&call, files::forget_path(realm, &call).await),
        Request::PlanCurrent(call) => json(&call, files::plan_current(realm, &call).await),
        Request::MakeCurrent(call) => json(&call, files::make_current(realm, &call).await),
        Request::SaveElsewhere(call) => json(&call, files::save_elsewhere(realm, &call).await),
        Request::PlanUnlock(call) => json(&call, files::plan_unlock(realm, &call).await),
        Request::RemoveLock(call) => json(&call, files::remove_lock(realm, &call).await),
        Request::OpenContext(call) => json(&call, contexts::open(realm, &call).await),
        Request::CloseContext(call) => json(&call, contexts::close(realm, &call).await),
        Request::TryNow(call) => json(&call, contexts::try_now(realm, &call)),
        Request::SetGuard(call) => json(&call, contexts::set_guard(realm, &call)),
        Request::SetFavourite(call) => json(&call, contexts::set_favourite(realm, &call)),
        Request::SetNamespaces(call) => json(&call, contexts::set_namespaces(realm, &call)),
        Request::LeaveAt(call) => json(&call, contexts::leave_at(realm, &call)),
        Request::AskTrust(call) => json(&call, contexts::ask_trust(realm, &call).await),
        Request::AnswerTrust(call) => json(&call, contexts::answer_trust(realm, &call).await),
        Request::OfferClasses(call) => json(&call, drawing::offer(realm, &call).await),
        Request::PlanCluster(call) => json(&call, drawing::plan(realm, &call).await),
        Request::CreateCluster(call) => json(&call, drawing::create(realm, &call).await),
        Request::KeepDraft(call) => json(&call, drawing::keep(realm, &call)),
        Request::OfferTemplates(call) => json(&call, realm.providers.templates(&call.context).await),
        Request::ReadTemplate(call) => json(&call, realm.providers.template(&call).await),
        Request::FillTemplate(call) => json(&call, drawing::fill(realm, &call).await),
        Request::FindObjects(call) => json(&call, objects::find(realm, &call).await),
        Request::ReadObject(call) => json(&call, machines::object(realm, &call).await),
        Request::ReadMachineLog(call) => json(&call, machines::log(realm, &call).await),
        Request::ReadMachineHost(call) => json(&call, machines::host(realm, &call).await),
        Request::ReadRun(call) => json(&call, machines::run(realm, &call)),
        Request::OfferChanges(call) => json(&call, changes::offer(realm, &call).await),
        Request::PlanChange(call) => json(&call, changes::plan(realm, &call).await),
        Request::ApplyChange(call) => json(&call, changes::apply(realm, &call).await),
        Request::AskImpact(call) => json(&call, crate::impact::ask(realm, &call).await),
        Request::AskBudget(call) => json(&call, crate::budget::ask(realm, &call).await),
        Request::PlanCopies(call) => json(&call, crate::budget::plan(realm, &call).await),
        Request::ApplyCopies(call) => json(&call, crate::budget::apply(realm, &call).await),
        Request::PlanConnect(call) => json(&call, realm.connections.plan(&call.at).await),
        Request::Connect(call) => json(&call, connect::connect(realm, &call).await),
        Request::Disconnect(call) => json(&call, connect::disconnect(realm, &call).await),
        Request::AskNetwork(call) => json(&call, crate::impact::network(realm, &call.at).await),
        Request::PlanNetwork(call) => json(&call, realm.networks.plan(&call.at, &call.from).await),
        Request::ApplyNetwork(call) => json(&call, realm.networks.apply(&call).await.map(|()| Done)),
        Request::BindFolder(call) => json(&call, realm.drifts.bind(&call.at, &call.path).map(|()| Done)),
        Request::UnbindFolder(call) => json(&call, realm.drifts.unbind(&call.at).map(|()| Done)),
        Request::CompareAgain(call) => json(&call, realm.drifts.compare_again(&call.at).map(|()| Done)),
        Request::PlanDefinitions(call) => json(&call, realm.drifts.plan_apply(&call.at, &call.objects).await),
        Request::ApplyDefinitions(call) => json(&call, realm.drifts.apply(&call).await),
        Request::PlanFiles(call) => json(&call, realm.drifts.plan_files(&call.at, &call.wish).await),
        Request::SaveFiles(call) => json(&call, realm.drifts.save(&call).await),
        Request::PlanCommit(call) => json(&call, realm.drifts.plan_commit(&call.at, &call.objects).await),
        Request::CommitFiles(call) => json(&call, realm.drifts.commit(&call).await),
        Request::AcceptDrift(call) => json(&call, realm.drifts.accept(&call).map(|()| Done)),
        Request::ShowDrift(call) => json(&call, realm.drifts.show_again(&call).map(|()| Done)),
        Request::PlanProviderUpgrade(call) => json(&call, realm.providers.upgrades(&call.context).await),
        Request::ReadProviderChanges(call) => json(&call, realm.providers.changes(&call).await),
        Request::UpgradeProviders(call) => json(&call, realm.providers.follow(&call).await),
        Request::OfferProviders(call) => json(&call, realm.providers.known(&call.context).await),
        Request::PlanProvider(call) => json(&call, realm.providers.provider(&call.context, &call.pick).await),
        Request::AddProvider(call) => json(&call, realm.providers.install(&call).await),
        Request::PlanMove(call) => json(&call, realm.providers.plan_move(&call).await),
        Request::MoveClusters(call) => json(&call, realm.providers.go(&call).await),
        Request::SuggestManagement(call) => json(&call, local::suggest(realm).await),
        Request::ReadConfig(call) => json(&call, local::read_config(realm, &call).await),
        Request::ReadForm(call) => json(&call, realm.local.form_of(&call.job)),
        Request::PlanManagement(call) => json(&call, local::plan_management(realm, &call).await),
        Request::CreateManagement(call) => json(&call, local::create_management(realm, &call).await),
        Request::SetPower(call) => json(&call, local::set_power(realm, &call).await),
        Request::PlanDelete(call) => json(&call, local::plan_delete(realm, &call).await),
        Request::DeleteCluster(call) => json(&call, local::delete_cluster(realm, &call).await),
        Request::FindLeftovers(call) => json(&call, crate::leftovers::find(realm).await),
        Request::RemoveNetwork(call) => json(&call, crate::leftovers::remove_network(realm, &call).await),
        Request::ExportLogs(call) => json(&call, local::export_logs(realm, &call).await),
        Request::CancelJob(call) => json(&call, jobs::cancel(realm, &call).await),
        Request::RetryJob(call) => json(&call, jobs::retry(realm, &call).await),
        Request::ContinueJob(call) => json(&call, jobs::go_on(realm, &call).await),
        Request::UndoJob(call) => json(&call, jobs::undo(realm, &call).await),
        Request::KeepJob(call) => json(&call, jobs::keep(realm, &call).await),
        Request::LookAgain(call) => json(&call, jobs::look_again(realm, &call).await),
        Request::ForgetJob(call) => json(&call, jobs::forget(realm, &call).await),
        Request::SaveLog(call) => json(&call, jobs::save_log(realm, &call).await),
        Request::ShowLog(call) => json(&call, jobs::show_log(realm, &call).await),
        Request::CheckAll(call) => json(&call, computer::check_all(realm).await),
        Request::Recheck(call) => json(&call, computer::recheck(realm, &call).await),
        Request::RunRemedy(call) => json(&call, computer::run_remedy(realm, &call).await),
        Request::Report(call) => json(&call, computer::report(realm)),
        Request::OfferTool(call) => json(&call, programs::offer(realm, &call)),
        Request::FetchTool(call) => json(&call, programs::fetch(realm, &call).await),
        Request::UseFile(call) => json(&call, programs::use_file(realm, &call).await),
        Request::SetReleaseToken(call) => json(&call, settings::set_release_token(realm, &call).await),
        Request::SaveChoices(call) => json(&call, settings::save(realm, &call).await),
    }
}

/// Writes a reply; the call ties its type to what the contract promises.
fn json<C: Call>(_: &C, reply: Result<C::Reply, Fault>) -> Result<Vec<u8>, Fault> {
    let reply = reply?;
    serde_json::to_vec(&reply).map_err(|e| Fault::new(FaultCode::Bug, "The answer could not be written.").because("KOS", e.to_string()))
}
