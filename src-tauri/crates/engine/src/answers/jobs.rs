//! What does the user want of a job?

use api::jobs::{CancelJob, ContinueJob, ForgetJob, KeepJob, LookAgain, RetryJob, SaveLog, ShowLog, UndoJob};
use api::{Done, Fault, FaultCode};

use crate::file_manager;
use crate::realm::Realm;

pub(super) async fn cancel(realm: &Realm, call: &CancelJob) -> Result<Done, Fault> {
    realm.work.jobs.cancel(&call.job).map(|()| Done)
}

pub(super) async fn retry(realm: &Realm, call: &RetryJob) -> Result<Done, Fault> {
    realm.local.may_work_again(&call.job)?;
    realm.work.jobs.retry(&call.job).await.map(|()| Done)
}

pub(super) async fn go_on(realm: &Realm, call: &ContinueJob) -> Result<Done, Fault> {
    realm.local.may_work_again(&call.job)?;
    realm.work.jobs.go_on(&call.job).await.map(|()| Done)
}

pub(super) async fn undo(realm: &Realm, call: &UndoJob) -> Result<Done, Fault> {
    realm.local.may_work_again(&call.job)?;
    realm.work.jobs.undo(&call.job).await.map(|()| Done)
}

pub(super) async fn keep(realm: &Realm, call: &KeepJob) -> Result<Done, Fault> {
    realm.work.jobs.keep(&call.job).await.map(|()| Done)
}

pub(super) async fn look_again(realm: &Realm, call: &LookAgain) -> Result<Done, Fault> {
    realm.work.jobs.look_again(&call.job).await.map(|()| Done)
}

pub(super) async fn forget(realm: &Realm, call: &ForgetJob) -> Result<Done, Fault> {
    realm.work.jobs.forget(&call.job).await.map(|()| Done)
}

pub(super) async fn save_log(realm: &Realm, call: &SaveLog) -> Result<Done, Fault> {
    let path = realm.home.expand(&call.path);
    if !path.is_absolute() {
        return Err(Fault::new(FaultCode::Invalid, "The log needs a full path to be saved to.").because("the request", &call.path));
    }
    realm.work.jobs.save_log(&call.job, &path).await.map(|()| Done)
}

pub(super) async fn show_log(realm: &Realm, call: &ShowLog) -> Result<Done, Fault> {
    let file = realm.work.jobs.log_of(&call.job)?;
    file_manager::show(&file).await.map_err(|cause| cause.fault(&realm.home.shown(&file), &file))?;
    Ok(Done)
}
