//! How do the simulated credential plugins answer?

use std::time::Duration;

use api::Timestamp;
use serde_json::json;

use super::run::Run;

/// What a credential plugin of this world does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manner {
    /// Gives this token.
    SignsIn { token: String, expires: Option<Timestamp> },
    /// Ends with these words on its standard error.
    Refuses { said: String, code: i32 },
    /// Waits for a browser that nobody opens.
    Waits,
}

pub(crate) async fn plugin(run: &mut Run<'_>) -> i32 {
    let program = run.program().name();
    run.wait(Duration::from_millis(400)).await;
    let manner = run.world().things().plugins.get(&program).cloned();
    match manner {
        Some(Manner::SignsIn { token, expires }) => {
            let mut status = json!({ "token": token });
            if let Some(expires) = expires {
                status["expirationTimestamp"] = json!(crate::objects::stamp(expires));
            }
            run.out(
                &json!({ "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1", "spec": { "interactive": false }, "status": status })
                    .to_string(),
            );
            0
        }
        Some(Manner::Refuses { said, code }) => {
            said.lines().for_each(|line| run.err(line));
            code
        }
        Some(Manner::Waits) => std::future::pending().await,
        None => {
            run.err(&format!("{program}: nobody told this simulated plugin what to answer"));
            1
        }
    }
}
