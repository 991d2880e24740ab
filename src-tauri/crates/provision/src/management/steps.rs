//! What does each act do, and how is it seen to be done?

pub(super) mod available;
pub(super) mod check;
pub(super) mod connect;
pub(super) mod create;
pub(super) mod evidence;
pub(super) mod fetch;
pub(super) mod init;
pub(super) mod kubeconfig;
pub(super) mod network;
pub(super) mod patience;
pub(super) mod pull;
pub(super) mod remove;
pub(super) mod webhooks;
pub(super) mod workload;
