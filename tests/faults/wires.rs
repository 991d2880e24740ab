//! Who is spoken to over the network while nobody does anything?

use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use testkit::wait_until;
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless};

const LIMIT: Duration = Duration::from_secs(60);
/// Addresses of ranges that stand in documentation: nobody has them.
const FIRST: &str = "https://198.51.100.7:6443";
const SECOND: &str = "https://192.0.2.78:6443";

/// A network of its own with two wires: one leads to the first server alone, the other to the rest of the world.
const WIRED: &str = "set -e
sysctl -q net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link set lo up
for wire in first world; do
  ip link add $wire type veth peer name far-$wire
  ip link set $wire up
  ip link set far-$wire up
done
ip addr add 198.51.100.1/24 dev first
ip neigh add 198.51.100.7 lladdr 02:00:00:00:00:01 dev first nud permanent
ip addr add 203.0.113.1/24 dev world
ip neigh add 203.0.113.254 lladdr 02:00:00:00:00:01 dev world nud permanent
ip route add default via 203.0.113.254
exec \"$@\"
";

/// As many packets as went out over a wire of the core's network, by the table that the kernel keeps of it.
fn sent(core: &Headless, wire: &str) -> anyhow::Result<u64> {
    let table = std::fs::read_to_string(format!("/proc/{}/net/dev", core.pid().unwrap_or_default()))?;
    let line = table.lines().find_map(|line| line.trim_start().strip_prefix(wire)?.strip_prefix(':')).with_context(|| format!("no {wire} in {table}"))?;
    // Eight numbers of what came, then bytes and packets of what went.
    Ok(line.split_whitespace().nth(9).with_context(|| line.to_owned())?.parse()?)
}

async fn open(core: &mut Headless, contexts: u64, name: &str) -> anyhow::Result<()> {
    let of = |rows: &Rows| rows.rows.iter().find(|row| row["name"] == name).cloned().unwrap_or_default();
    let rows = core.until(contexts, name, |rows| of(rows)["id"].is_string()).await?;
    core.call("open_context", json!({ "context": of(&rows)["id"] })).await?;
    core.until(contexts, "it does not answer", |rows| of(rows)["link"].get("Unreachable").is_some()).await?;
    Ok(())
}

#[tokio::test]
async fn not_one_packet_goes_to_anybody_but_the_servers_of_open_contexts() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("first", FIRST, "t"));
    let other = desk.file("other", &kubeconfig("second", SECOND, "t"));
    let script = desk.file("start.sh", WIRED).display().to_string();
    let mut core = Headless::start_by(&desk, &["unshare", "-Urn", "sh", &script], &[], &[]).await?.within(LIMIT);
    core.call("add_paths", json!({ "paths": [other] })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both", |rows| rows.rows.len() == 2).await?;
    core.call("look_around", Value::Null).await?;
    core.call("check_all", Value::Null).await?;
    assert_eq!((sent(&core, "first")?, sent(&core, "world")?), (0, 0), "nobody is spoken to before a context is opened");

    open(&mut core, contexts, "first").await?;
    assert!(sent(&core, "first")? > 0, "its server is called");
    assert_eq!(sent(&core, "world")?, 0, "and nobody else");

    open(&mut core, contexts, "second").await?;
    wait_until(LIMIT, "the other server is called over the other wire", async || sent(&core, "world").is_ok_and(|packets| packets > 0)).await;
    core.end().await
}
