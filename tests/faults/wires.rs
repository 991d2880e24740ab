//! Who is spoken to over the network while nobody does anything?

use std::time::Duration;

use serde_json::json;
use testkit::wait_until;
use tests::desk::kubeconfig;
use tests::{Desk, Headless};

const LIMIT: Duration = Duration::from_secs(60);
/// Of the range that stands in documentation: nobody has it.
const CONFIGURED: &str = "192.0.2.77";
const OTHER: &str = "192.0.2.78";

/// A network of its own with one wire out of it; whatever goes over the wire is written down before the core starts.
fn wired(packets: &str, says: &str) -> String {
    format!(
        "set -e\n\
         sysctl -q net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1\n\
         ip link set lo up\n\
         ip link add out type veth peer name far\n\
         ip addr add 192.0.2.1/24 dev out\n\
         ip link set out up\n\
         ip link set far up\n\
         ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:01 dev out nud permanent\n\
         ip neigh add {CONFIGURED} lladdr 02:00:00:00:00:01 dev out nud permanent\n\
         ip neigh add {OTHER} lladdr 02:00:00:00:00:01 dev out nud permanent\n\
         ip route add default via 192.0.2.254\n\
         tcpdump -Z root -i out -l -nn -q >'{packets}' 2>'{says}' &\n\
         until grep -q 'listening on' '{says}'; do kill -0 $!; done\n\
         exec \"$@\"\n"
    )
}

/// The addresses to which packets went, of lines like `12:00:00.1 IP 192.0.2.1.40000 > 192.0.2.77.6443: tcp 0`.
fn addressed(packets: &str) -> Vec<String> {
    let to = |line: &str| {
        let whole = line.split_once(" > ")?.1.split_once(':')?.0;
        Some(whole.rsplit_once('.').map_or(whole, |(address, _)| address).to_owned())
    };
    let mut all: Vec<String> = packets.lines().map(|line| to(line).unwrap_or_else(|| line.to_owned())).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn lines_of_a_capture_tell_whom_they_are_for() {
    let lines = "12:00:00.123 IP 192.0.2.1.40000 > 192.0.2.77.6443: tcp 0\n12:00:01.123 IP 192.0.2.1.40000 > 192.0.2.77.6443: tcp 0\n12:00:02 IP 192.0.2.1.5353 > 1.1.1.1.53: UDP, length 30\n12:00:03 ARP, Request who-has 192.0.2.9\n";
    assert_eq!(addressed(lines), ["1.1.1.1", "12:00:03 ARP, Request who-has 192.0.2.9", "192.0.2.77"]);
}

#[tokio::test]
async fn a_capture_shows_the_servers_of_open_contexts_and_nobody_else() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("open", &format!("https://{CONFIGURED}:6443"), "t"));
    let closed = desk.file("closed", &kubeconfig("closed", &format!("https://{OTHER}:6443"), "t"));
    let (packets, says) = (desk.home().join("packets"), desk.home().join("tcpdump"));
    let script = desk.file("start.sh", &wired(&packets.display().to_string(), &says.display().to_string())).display().to_string();
    let mut core =
        Headless::start_by(&desk, &["unshare", "-Urn", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", &script], &[], &[]).await?.within(LIMIT);
    core.call("add_paths", json!({ "paths": [closed] })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "both", |rows| rows.rows.len() == 2).await?;
    core.call("look_around", json!(null)).await?;
    core.call("check_all", json!(null)).await?;
    assert_eq!(addressed(&std::fs::read_to_string(&packets)?), Vec::<String>::new(), "nobody is spoken to before a context is opened");

    let open = rows.rows.iter().find(|row| row["name"] == "open").map(|row| row["id"].clone());
    core.call("open_context", json!({ "context": open })).await?;
    let named = |words: &str| std::fs::read_to_string(&packets).is_ok_and(|text| text.contains(words));
    wait_until(LIMIT, "its server is called", async || named(CONFIGURED)).await;
    core.until(contexts, "it does not answer", |rows| rows.rows.iter().any(|row| row["link"].get("Unreachable").is_some())).await?;
    assert_eq!(addressed(&std::fs::read_to_string(&packets)?), [CONFIGURED]);
    core.end().await
}
