//! A start looks at files and calls nobody, and whatever KOS did, nobody can call it.

use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tests::computer::{NAME, Pace};
use tests::desk::kubeconfig;
use tests::{Computer, Desk, Window};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

const LIMIT: Duration = Duration::from_secs(60);

/// A server on loopback that counts who calls it and hangs up, until its owner goes.
async fn server(owner: &mut JoinSet<()>) -> anyhow::Result<(u16, watch::Receiver<usize>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let (tell, calls) = watch::channel(0);
    owner.spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            drop(caller);
            tell.send_modify(|calls| *calls += 1);
        }
    });
    Ok((port, calls))
}

/// A program that leaves a file when it runs.
fn marking(desk: &Desk, name: &str, mark: &Path) -> anyhow::Result<()> {
    let program = desk.file(name, &format!("#!/bin/sh\ntouch '{}'\n", mark.display()));
    Ok(std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755))?)
}

/// Fifty contexts that sign in by a plugin, and one that needs nothing to be opened.
fn contexts(port: u16, plugin: &Path) -> String {
    let mut text = format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: here\n  cluster:\n    server: https://127.0.0.1:{port}\nusers:\n- name: nobody\n  user: {{}}\n\
         - name: plugin\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      interactiveMode: Never\n      command: {}\n\
         contexts:\n- name: plain\n  context: {{cluster: here, user: nobody}}\n",
        plugin.display()
    );
    for n in 0..50 {
        let _ = writeln!(text, "- name: quiet-{n:02}\n  context: {{cluster: here, user: plugin}}");
    }
    text
}

#[tokio::test]
async fn a_start_with_fifty_contexts_calls_nobody_and_runs_no_plugin() -> anyhow::Result<()> {
    let mut owner = JoinSet::new();
    let (port, mut calls) = server(&mut owner).await?;
    let desk = Desk::new();
    let (ran, looked) = (desk.home().join("ran"), desk.home().join("looked"));
    marking(&desk, "plugin", &ran)?;
    // That this machine is looked at, which comes last of all at a start, is seen by what is asked of Docker.
    marking(&desk, "programs/docker", &looked)?;
    desk.file(".kube/config", &contexts(port, &desk.home().join("plugin")));
    let programs = desk.home().join("programs");
    let desk = desk.with_path(programs);
    let window = Window::open(&desk, &[]).await?;
    window.read("quiet-00").await?;
    let mut again = tokio::time::interval(Duration::from_millis(20));
    let looking = async {
        while !looked.exists() {
            again.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, looking).await?;
    assert_eq!((*calls.borrow(), ran.exists()), (0, false), "somebody was called");
    window.click_in(".tr", "plain", "Connect").await?;
    tokio::time::timeout(LIMIT, calls.wait_for(|calls| *calls > 0)).await??;
    window.close().await
}

/// The sockets on which the window and all that it started listen, other than the one by which the test drives the page.
fn listens(window: &Window) -> Vec<String> {
    // The driver says where in the variable that WebKit reads; without a driver there is no such socket.
    let driven = window.process().variable("WEBKIT_INSPECTOR_SERVER").and_then(|address| address.parse::<std::net::SocketAddrV4>().ok());
    let driven = driven.map(|address| format!("{:08X}:{:04X}", u32::from(*address.ip()).swap_bytes(), address.port()));
    let family = window.process().family();
    assert!(family.len() > 2, "the window and its pages are more than {family:?}");
    let all = family.iter().flat_map(|one| one.listens().into_iter().map(|address| (one.name(), address)));
    all.filter(|(_, address)| Some(address) != driven.as_ref()).map(|(name, address)| format!("{name}: {address}")).collect()
}

#[tokio::test]
async fn nobody_can_call_kos_at_rest_nor_after_a_context_was_opened_and_a_job_has_run() -> anyhow::Result<()> {
    let mut owner = JoinSet::new();
    let (port, mut calls) = server(&mut owner).await?;
    let computer = Computer::with(Pace::Free).await?;
    computer.desk.file(".kube/config", &kubeconfig("plain", &format!("https://127.0.0.1:{port}"), "t"));
    let window = Window::open(&computer.desk, &[]).await?;
    window.read("plain").await?;
    let none = Vec::<String>::new();
    assert_eq!(listens(&window), none, "at rest");

    window.click_in(".tr", "plain", "Connect").await?;
    tokio::time::timeout(LIMIT, calls.wait_for(|calls| *calls > 0)).await??;
    assert_eq!(listens(&window), none, "with a context open");

    window.command("Create local management cluster").await?;
    window.fill("Name", NAME).await?;
    window.click(&format!("Create {NAME}")).await?;
    window.all_done(LIMIT).await?;
    assert!(computer.programs.has("providers"), "the job has run");
    assert_eq!(listens(&window), none, "after a job has run");
    window.close().await
}
