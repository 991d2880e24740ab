//! The providers of a real management cluster are upgraded and its cluster is moved to another one, by the real clusterctl.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::headless::Rows;
use tests::lab::{self, Server};
use tests::{Desk, Headless};

use crate::made::containers;
use crate::management::{Removed, core, create, desk, ended, follow, remove, state};
use crate::page::is_as_asked;
use crate::whole;

const FROM: &str = "kos-live-h";
const TO: &str = "kos-live-i";
const WORKLOAD: &str = "kos-live-z";
const PROVIDERS: [&str; 4] = ["cluster-api", "bootstrap-kubeadm", "control-plane-kubeadm", "infrastructure-docker"];
const NOW: &str = "v1.14.2";
/// The lab has it as a name for the same programs: what clusterctl does about it is real, what changes in them is nothing.
const NEXT: &str = "v1.14.3";

async fn done(core: &mut Headless, job: &Value) -> anyhow::Result<Rows> {
    let view = follow(core, job).await?;
    let rows = core.until(view, "the job ends", ended).await?;
    assert_eq!(state(&rows), "Done", "{:#}", rows.rows[0]);
    let marks: Vec<&Value> = rows.rows[0]["steps"].as_array().into_iter().flatten().map(|step| &step["mark"]).collect();
    assert!(marks.len() > 3 && marks.iter().all(|mark| **mark == "Done"), "{:#}", rows.rows[0]["steps"]);
    Ok(rows)
}

/// The context of a management cluster, opened and live.
async fn opened(core: &mut Headless, contexts: u64, name: &str) -> anyhow::Result<Value> {
    let name = format!("kind-{name}");
    let of = |rows: &Rows| rows.rows.iter().find(|row| row["name"] == *name).cloned().unwrap_or_default();
    let rows = core.until(contexts, &name, |rows| of(rows)["id"].is_string()).await?;
    let id = of(&rows)["id"].clone();
    core.call("open_context", json!({ "context": id })).await?;
    core.until(contexts, "it is live", |rows| of(rows)["link"].get("Live").is_some()).await?;
    Ok(id)
}

fn server(desk: &Desk, name: &str) -> anyhow::Result<Server> {
    Ok(Server::at(desk.file(&format!("{name}.kubeconfig"), &lab::run("kind", &["get", "kubeconfig", "--name", name])?)))
}

/// Images of the managers, by namespace, with how many of each are available.
fn managers(server: &Server) -> anyhow::Result<BTreeMap<String, (String, String)>> {
    let path = "jsonpath={range .items[*]}{.metadata.namespace} {.spec.template.spec.containers[0].image} {.status.availableReplicas}{\"\\n\"}{end}";
    let said = server.kubectl(&["get", "deployments", "--all-namespaces", "-l", "clusterctl.cluster.x-k8s.io", "-o", path])?;
    let managers = said.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?.to_owned(), (words.next()?.rsplit_once(':')?.1.to_owned(), words.next()?.to_owned())))
    });
    Ok(managers.filter(|(namespace, _)| namespace != "cert-manager").collect())
}

/// Gives the images of the managers in a node the tag of the next release, as a pull would.
fn next_images(name: &str) -> anyhow::Result<()> {
    let node = format!("{name}-control-plane");
    let ctr = |args: &[&str]| lab::run("docker", &[["exec", &node, "ctr", "--namespace=k8s.io", "images"].as_slice(), args].concat());
    for image in ctr(&["list", "-q"])?.lines().filter(|image| image.contains("cluster-api") && image.ends_with(NOW)) {
        ctr(&["tag", "--force", image, &image.replace(NOW, NEXT)])?;
    }
    Ok(())
}

async fn upgraded(core: &mut Headless, context: &Value, server: &Server) -> anyhow::Result<()> {
    let offers = core.call("plan_provider_upgrade", json!({ "context": context })).await?;
    assert_eq!(offers["cert_manager"], "Cert-Manager is already up to date", "{offers:#}");
    let offer = &offers["offers"][0];
    let lines: Vec<(&Value, &Value)> = offer["lines"].as_array().into_iter().flatten().map(|line| (&line["now"], &line["next"])).collect();
    assert_eq!(lines, [(&json!(NOW), &json!(NEXT)); 4], "{offer:#}");
    let plan = &offer["plan"];
    assert!(plan["commands"][0].as_str().is_some_and(|line| line.contains("upgrade apply --contract v1beta2")), "{plan:#}");
    assert!(managers(server)?.values().all(|(version, _)| version == NOW), "what was only planned changes nothing");
    let job = core.call("upgrade_providers", json!({ "context": context, "contract": offer["contract"], "seen": plan["seen"], "typed": "" })).await?;
    done(core, &job).await?;
    let now = managers(server)?;
    assert!(now.len() == 4 && now.values().all(|one| *one == (NEXT.to_owned(), "1".to_owned())), "{now:?}");
    let path = "jsonpath={range .items[*]}{.providerName} {.version}{\"\\n\"}{end}";
    let inventory = server.kubectl(&["get", "providers.clusterctl.cluster.x-k8s.io", "--all-namespaces", "-o", path])?;
    assert!(inventory.lines().count() == 4 && inventory.lines().all(|line| line.ends_with(NEXT)), "{inventory}");
    let after = core.call("plan_provider_upgrade", json!({ "context": context })).await?;
    assert!(after["offers"].as_array().into_iter().flatten().all(|offer| offer["plan"].is_null()), "{after:#}");
    Ok(())
}

async fn moved(core: &mut Headless, from: (&Value, &Server), to: (&Value, &Server)) -> anyhow::Result<()> {
    let (held, machines) = (from.1.held(WORKLOAD)?, containers(&[WORKLOAD])?);
    let way = json!({ "from": from.0, "to": to.0, "namespace": "default" });
    let plan = core.call("plan_move", way.clone()).await?;
    assert_eq!(plan["clusters"], json!([WORKLOAD]), "{plan:#}");
    let kinds: Vec<&str> = plan["moved"].as_array().into_iter().flatten().filter_map(|made| made["kind"].as_str()).collect();
    assert!(["ClusterClass", "Cluster", "Machine", "DevMachine", "Secret"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    assert!(plan["plan"]["obstacles"].as_array().is_some_and(|all| all.iter().all(|one| one["severity"] == "Note")), "{plan:#}");
    assert_eq!((from.1.held(WORKLOAD)?, to.1.held(WORKLOAD)?), (held.clone(), vec![]), "a dry run moves nothing");
    let mut call = way;
    (call["seen"], call["typed"]) = (plan["plan"]["seen"].clone(), json!(""));
    let job = core.call("move_clusters", call).await?;
    done(core, &job).await?;
    assert_eq!((from.1.held(WORKLOAD)?, to.1.held(WORKLOAD)?), (vec![], held), "all of it is there, and nothing is here");
    assert_eq!(containers(&[WORKLOAD])?, machines, "its machines run on");
    Ok(())
}

/// A template of the provider's own repository is filled in by the real clusterctl, and the real webhooks would take it.
async fn templated(core: &mut Headless, context: &Value) -> anyhow::Result<()> {
    let of = core.call("offer_templates", json!({ "context": context })).await?;
    assert_eq!(of, json!([{ "provider": "docker", "version": NOW }]));
    let mut form = core.call("offer_classes", json!({ "context": context })).await?["form"].clone();
    let fields = json!({ "namespace": "default", "name": "kos-live-t", "version": form["version"], "control_planes": 3, "workers": 2 });
    let pick = json!({ "of": of[0], "flavor": "development" });
    let view = core.call("read_template", json!({ "context": context, "pick": pick, "fields": fields })).await?;
    let variables: Vec<(&str, &Value)> =
        view["variables"].as_array().into_iter().flatten().map(|v| (v["name"].as_str().unwrap_or_default(), &v["default"])).collect();
    assert!(variables.contains(&("POD_CIDR", &json!("[\"192.168.0.0/16\"]"))) && variables.iter().all(|(name, _)| *name != "CLUSTER_NAME"), "{variables:?}");
    let values = json!({ "SERVICE_DOMAIN": "live.local" });
    let filled = core.call("fill_template", json!({ "context": context, "pick": pick, "fields": fields, "values": values })).await?;
    form["yaml"] = filled["yaml"].clone();
    let plan = core.call("plan_cluster", json!({ "context": context, "form": form, "leads": "Yaml" })).await?;
    assert_eq!(plan["dry_run"], "Accepted", "{plan:#}");
    assert_eq!((&plan["rendered"], &plan["form"]["name"]), (&json!({ "control_planes": 3, "workers": 2 }), &json!("kos-live-t")));
    assert!(plan["yaml"].as_str().is_some_and(|text| text.contains("serviceDomain: live.local")), "{plan:#}");
    Ok(())
}

#[tokio::test]
async fn providers_are_upgraded_and_a_cluster_is_moved_to_them_by_the_real_clusterctl() -> anyhow::Result<()> {
    let _removed = Removed(&[WORKLOAD, FROM, TO]);
    let desk = desk(&[WORKLOAD, FROM, TO])?;
    let mut core = core(&desk).await?;
    let job = whole::create(&mut core, FROM, WORKLOAD).await?;
    let view = follow(&mut core, &job).await?;
    let made = core.until(view, "both clusters", ended).await?;
    assert_eq!(state(&made), "Done", "{:#}", made.rows[0]);
    let job = create(&mut core, TO).await?;
    done(&mut core, &job).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let (from, to) = (opened(&mut core, contexts, FROM).await?, opened(&mut core, contexts, TO).await?);
    let (here, there) = (server(&desk, FROM)?, server(&desk, TO)?);
    assert_eq!(managers(&there)?.len(), PROVIDERS.len());

    templated(&mut core, &from).await?;
    next_images(TO)?;
    upgraded(&mut core, &to, &there).await?;
    moved(&mut core, (&from, &here), (&to, &there)).await?;

    let at = json!({ "context": to, "namespace": "default", "name": WORKLOAD });
    let page = core.subscribe(json!({ "Cluster": at })).await?;
    core.until(page, "1 of 1 and 1 of 1 in its new place", |rows| is_as_asked(rows, 1, 1)).await?;
    let plan = core.call("plan_change", json!({ "at": at, "change": "Delete" })).await?;
    core.call("apply_change", json!({ "at": at, "change": "Delete", "digest": plan["digest"], "typed": WORKLOAD })).await?;
    core.until(page, "its page is empty", |rows| rows.rows.is_empty()).await?;
    assert_eq!(lab::containers(WORKLOAD)?, Vec::<String>::new());
    remove(&mut core, FROM).await?;
    remove(&mut core, TO).await?;
    core.end().await
}
