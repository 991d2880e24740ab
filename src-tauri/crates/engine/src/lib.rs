//! Answers every call and feeds every stream.
//!
//! Knows: all crates below. Does not know: Tauri, Yew. Start at: [`Engine`].

mod board;
pub mod home;
mod keep;
mod memory;
mod settings;
mod streams;
mod tile;

pub use board::Encoding;
pub use home::Home;

use api::{Fault, Pull, Request, StreamId, Topic};

/// The whole core behind two mechanisms: one call, one subscription.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    pub async fn call(&self, _request: Request) -> Result<Vec<u8>, Fault> {
        Err(Fault::new(api::FaultCode::Bug, "No call is answered yet."))
    }
    pub async fn subscribe(&self, _topic: Topic) -> Result<StreamId, Fault> {
        Err(Fault::new(api::FaultCode::Bug, "No stream is fed yet."))
    }
    pub async fn pull(&self, _pull: Pull) -> Result<Vec<u8>, Fault> {
        Err(Fault::new(api::FaultCode::StreamClosed, "The stream has ended."))
    }
    pub async fn unsubscribe(&self, _stream: StreamId) -> Result<(), Fault> {
        Ok(())
    }
    pub fn close(&self) {}
}
