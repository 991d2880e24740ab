//! What is shown first when KOS ended in the middle of a job?

use api::{Status, jobs::JobRow};
use yew::prelude::*;

use crate::{
    feeds::FeedState,
    model::{jobs::interrupted, route::Route},
    shell::router::Router,
};

/// Opens the page of a job that was cut off, once, as soon as the jobs are known; who went elsewhere by then is left there.
#[hook]
pub fn use_cut_off(jobs: &FeedState<JobRow>, router: &Router) {
    let looked = use_mut_ref(|| false);
    let (jobs, router) = (jobs.clone(), router.clone());
    use_effect_with(jobs.version(), move |_| {
        if *looked.borrow() || jobs.status() == Status::Loading {
            return;
        }
        *looked.borrow_mut() = true;
        if let (Route::Fleet, Some(job)) = (router.now(), interrupted::first(&jobs.rows())) {
            router.go(Route::Job(job));
        }
    });
}
