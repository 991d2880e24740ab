//! A context whose kubeconfig names a program waits for its user, and says so.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tests::desk::kubeconfig;
use tests::{Desk, Window};

/// A desk with a context that signs in by a program, and where that program notes that it ran.
fn desk() -> anyhow::Result<(Desk, PathBuf)> {
    let desk = Desk::new();
    let ran = desk.home().join("ran");
    let answer = r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}"#;
    let program = desk.file("bin/signs-in", &format!("#!/bin/sh\ntouch '{}'\necho '{answer}'\n", ran.display()));
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    let exec = format!("exec: {{apiVersion: client.authentication.k8s.io/v1, command: '{}', interactiveMode: Never}}", program.display());
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "t").replace("token: t", &exec));
    Ok((desk, ran))
}

#[tokio::test]
async fn a_context_that_waits_for_trust_leads_to_the_question() -> anyhow::Result<()> {
    let (desk, ran) = desk()?;
    let window = Window::open(&desk, &[]).await?;
    window.click_in("[role=row]", "dev", "Connect").await?;
    window.read("dev asks to run a program").await?;
    assert!(!window.text().await?.contains("does not answer"), "nobody was asked yet");
    window.click("Review the program…").await?;
    window.read("signs-in").await?;
    assert!(!ran.exists(), "nothing runs before the answer");
    window.click_in("[role=dialog]", "", "Run once").await?;
    window.read("dev does not answer").await?;
    assert!(ran.exists(), "it ran to sign in");
    window.close().await
}
