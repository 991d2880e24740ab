//! Others who have an account on this machine, and the window of its user.

use std::os::unix::fs::MetadataExt;

use anyhow::{Context, bail};
use tests::desk::kubeconfig;
use tests::{Desk, Window, lab};

/// The uid of nobody.
const NOBODY: u32 = 65_534;

/// Calls over a session's bus as this user would. In a container: to be somebody else takes the rights of root.
fn call(bus: &str, user: u32, destination: &str, path: &str, method: &[&str]) -> anyhow::Result<String> {
    let (user, over, to) = (format!("{user}:{user}"), format!("--bus={bus}"), format!("--dest={destination}"));
    // A socket without a path belongs to the network.
    let socket = bus.strip_prefix("unix:path=").and_then(|rest| rest.split(',').next());
    let volume = socket.map(|socket| format!("{socket}:{socket}"));
    let mut words = vec!["run", "--rm", "--network", "host", "--user", user.as_str(), "--entrypoint", "dbus-send"];
    // It is the bus that may refuse, not a profile of the container.
    words.extend(["--security-opt", "apparmor=unconfined"]);
    words.extend(volume.iter().flat_map(|volume| ["--volume", volume.as_str()]));
    words.extend(["kos/base:bookworm", over.as_str(), "--print-reply", to.as_str(), path]);
    words.extend(method);
    lab::run("docker", &words)
}

#[tokio::test]
async fn another_user_is_refused_on_the_way_of_a_second_start_and_the_window_hears_nothing() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "token-dev"));
    let window = Window::open(&desk, &[]).await?;
    window.read("dev").await?;
    let (bus, own) = (window.bus()?, std::fs::metadata(desk.home())?.uid());
    let names = call(&bus, own, "org.freedesktop.DBus", "/org/freedesktop/DBus", &["org.freedesktop.DBus.ListNames"])?;
    let name = names.split('"').find(|name| name.ends_with(".SingleInstance")).with_context(|| format!("a window has a name on the bus: {names}"))?;
    let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
    let hands_over = |user: u32, context: &str| {
        let file = desk.file(&format!("{context}.yaml"), &kubeconfig(context, "https://127.0.0.1:1", "t"));
        let start = format!("array:string:kos,{}", file.display());
        call(&bus, user, name, &path, &["org.SingleInstance.DBus.ExecuteCallback", start.as_str(), "string:/"])
    };
    let Err(refused) = hands_over(NOBODY, "zebra-of-nobody") else { bail!("the bus carried what another user sent") };
    assert!(format!("{refused:#}").contains("Failed to register on connection"), "it was reached, and refused: {refused:#}");
    // The same words on the same way, from the user: what came before them would stand there too.
    hands_over(own, "zebra-of-the-user")?;
    window.read("zebra-of-the-user").await?;
    assert!(!window.says("zebra-of-nobody").await?, "{}", window.text().await?);
    window.close().await
}
