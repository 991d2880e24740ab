//! Are providers upgraded, added and clusters moved as it was shown, and is nothing done that was not?

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Desk, Headless, headless::Rows};

/// clusterctl takes a minute for people and a second here.
async fn open(desk: &Desk) -> anyhow::Result<(Headless, Value, Value)> {
    let mut core = Headless::start(desk, &["--demo=fleet", "--pace=60"]).await?.within(Duration::from_secs(120));
    let contexts = core.subscribe(json!("Contexts")).await?;
    let mut ids = vec![];
    for name in ["kind-kos-mgmt", "pi-rack"] {
        let rows = core.until(contexts, name, |seen| seen.rows.iter().any(|r| r["name"] == name)).await?.rows;
        let id = rows.iter().find(|r| r["name"] == name).map(|r| r["id"].clone()).unwrap_or_default();
        core.call("open_context", json!({ "context": id })).await?;
        core.until(contexts, "it to be live", |seen| seen.rows.iter().any(|r| r["id"] == id && r["link"].get("Live").is_some())).await?;
        ids.push(id);
    }
    let other = ids.pop().unwrap_or_default();
    Ok((core, ids.pop().unwrap_or_default(), other))
}

/// Waits until the job has ended well.
async fn done(core: &mut Headless, job: &Value) -> anyhow::Result<()> {
    let jobs = core.subscribe(json!("Jobs")).await?;
    let state = |seen: &Rows| seen.rows.iter().find(|row| row["id"] == *job).map(|row| row["state"].clone());
    let ended = |state: &Value| *state == "Done" || state.get("Failed").is_some() || state.get("UndoFailed").is_some();
    let seen = core.until(jobs, "the job to end", |seen| state(seen).as_ref().is_some_and(ended)).await?;
    assert_eq!(state(&seen), Some(json!("Done")), "{:?}", seen.rows);
    Ok(())
}

fn versions(seen: &Rows) -> Vec<(String, String)> {
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let mut rows: Vec<&Value> = seen.rows.iter().collect();
    rows.sort_by_key(|row| row["order"].as_u64());
    rows.into_iter().map(|row| (text(row, "title"), text(row, "version"))).collect()
}

fn well(seen: &Rows) -> bool {
    seen.rows.iter().all(|row| row["health"] == "Well")
}

#[tokio::test]
async fn the_providers_of_a_context_stand_with_version_contract_health_and_last_error() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, id, _) = open(&desk).await?;
    let stream = core.subscribe(json!({ "Providers": id })).await?;
    let whole = |seen: &Rows| seen.rows.len() == 5 && well(seen) && seen.rows.iter().any(|row| row["errors"][0].is_object() && row["kinds"][0].is_string());
    let seen = core.until(stream, "five rows", whole).await?;
    let names = ["Cluster API", "kubeadm bootstrap", "kubeadm control plane", "Docker", "cert-manager"];
    assert_eq!(versions(&seen).iter().map(|(title, _)| title.as_str()).collect::<Vec<_>>(), names);
    let docker = seen.rows.iter().find(|row| row["title"] == "Docker").cloned().unwrap_or_default();
    assert_eq!((&docker["contracts"], &docker["ready"], &docker["namespace"]), (&json!(["v1beta2", "v1beta1"]), &json!(1), &json!("capd-system")), "{docker}");
    assert_eq!(docker["errors"][0]["text"], "failed to exec DockerMachine bootstrap: exit status 1");
    let kinds: Vec<&str> = docker["kinds"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(kinds.contains(&"DockerMachine") && kinds.contains(&"DevMachine"), "{kinds:?}");
    core.end().await
}

#[tokio::test]
async fn providers_are_upgraded_as_the_plan_showed() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, id, _) = open(&desk).await?;
    let stream = core.subscribe(json!({ "Providers": id })).await?;
    let plan = core.call("plan_provider_upgrade", json!({ "context": id })).await?;
    let offer = &plan["offers"][0];
    assert_eq!((&offer["contract"], &offer["lines"][0]["next"]), (&json!("v1beta2"), &json!("v1.14.3")), "{plan}");
    let steps: Vec<&str> = offer["plan"]["steps"].as_array().into_iter().flatten().filter_map(|step| step["title"][0]["Said"].as_str()).collect();
    assert_eq!(steps, ["Scale down", "Cluster API", "kubeadm bootstrap", "kubeadm control plane", "Docker", "Wait for webhooks"]);
    let risks: Vec<&str> = offer["plan"]["obstacles"].as_array().into_iter().flatten().filter_map(|one| one["why"]["sentence"].as_str()).collect();
    assert_eq!(risks, ["lab-b is still being made", "No version is skipped"]);
    assert!(offer["plan"]["commands"][0].as_str().is_some_and(|c| c.starts_with("clusterctl upgrade apply --contract v1beta2 --kubeconfig ")), "{plan}");
    let stale = core.refused("upgrade_providers", json!({ "context": id, "contract": "v1beta2", "seen": "another plan" })).await?;
    assert_eq!((&stale["code"], &stale["unharmed"]), (&json!("Changed"), &json!("Nothing was started.")));
    let job = core.call("upgrade_providers", json!({ "context": id, "contract": "v1beta2", "seen": offer["plan"]["seen"] })).await?;
    done(&mut core, &job).await?;
    let newest = |seen: &Rows| versions(seen).iter().filter(|(_, version)| version == "v1.14.3").count() == 4 && well(seen);
    core.until(stream, "four providers in the next version", newest).await?;
    let plan = core.call("plan_provider_upgrade", json!({ "context": id })).await?;
    assert_eq!((&plan["offers"][0]["plan"], &plan["offers"][0]["lines"][0]["next"]), (&Value::Null, &Value::Null), "{plan}");
    core.end().await
}

#[tokio::test]
async fn an_upgrade_says_what_it_changes_and_waits_for_a_cluster_until_it_stands_or_is_gone() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, id, _) = open(&desk).await?;
    let plan = core.call("plan_provider_upgrade", json!({ "context": id })).await?;
    let offer = &plan["offers"][0];
    let next: Vec<Value> = offer["lines"].as_array().into_iter().flatten().map(|line| json!({ "name": line["name"], "version": line["next"] })).collect();
    let changes = core.call("read_provider_changes", json!({ "context": id, "next": next })).await?;
    let of = |name: &str| changes.as_array().into_iter().flatten().find(|one| one["name"] == name).cloned().unwrap_or_default();
    let kinds = of("cluster-api")["kinds"].as_array().cloned().unwrap_or_default();
    let told: Vec<String> = kinds.iter().map(|one| format!("{} {}", one["kind"], one["fate"]["Changed"]["gains"])).collect();
    let expected = ["ClusterClass kubernetesVersions", "MachineDeployment taints", "Machine taints"].map(|words| {
        let (kind, field) = words.split_once(' ').unwrap_or_default();
        format!("{} {}", json!(kind), json!([format!("v1beta2 spec.{field}")]))
    });
    assert_eq!(told, expected, "{changes}");
    assert_eq!((&of("infrastructure-docker")["kinds"], &of("infrastructure-docker")["images"][0]["presence"]), (&json!([]), &json!("Pulled")), "{changes}");
    let refused =
        core.refused("read_provider_changes", json!({ "context": id, "next": [{ "name": "infrastructure---kubeconfig", "version": "v1.0.0" }] })).await?;
    assert_eq!(refused["unharmed"], "Nothing was changed.");
    let later = &offer["later"];
    assert_eq!(later["clusters"], json!(["lab-b"]), "{plan}");
    assert_eq!(later["plan"]["steps"][0]["title"][0]["Said"], "Wait for lab-b");
    let call = json!({ "context": id, "contract": "v1beta2", "begins": "WhenClustersStand", "seen": later["plan"]["seen"] });
    let job = core.call("upgrade_providers", call).await?;
    let jobs = core.subscribe(json!({ "Job": job })).await?;
    let waits = |seen: &Rows| seen.rows.first().is_some_and(|row| row["steps"][0]["mark"] == "Running" && row["steps"][0]["parts"][0]["name"] == "lab-b");
    core.until(jobs, "the job to wait for lab-b", waits).await?;
    let at = json!({ "context": id, "namespace": "default", "name": "lab-b" });
    let deletion = core.call("plan_change", json!({ "at": at, "change": "Delete" })).await?;
    core.call("apply_change", json!({ "at": at, "change": "Delete", "digest": deletion["digest"], "typed": deletion["typed"] })).await?;
    done(&mut core, &job).await?;
    core.end().await
}

#[tokio::test]
async fn every_provider_of_the_demo_can_be_added_and_no_other_is_made_up() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, id, _) = open(&desk).await?;
    let known = core.call("offer_providers", json!({ "context": id })).await?;
    let all: Vec<Value> = known.as_array().cloned().unwrap_or_default();
    assert!(all.len() > 10, "{known}");
    for one in &all {
        let pick = json!({ "role": one["role"], "name": one["name"], "version": "" });
        let plan = core.call("plan_provider", json!({ "context": id, "pick": pick })).await?;
        assert!(plan["version"].as_str().is_some_and(|version| version.starts_with('v')) && plan["images"][0]["image"].is_string(), "{one}: {plan}");
    }
    for (role, name, title) in [("Ipam", "in-cluster", "in-cluster addresses"), ("AddOn", "helm", "helm add-on"), ("Bootstrap", "talos", "talos bootstrap")] {
        let pick = json!({ "role": role, "name": name, "version": "" });
        let plan = core.call("plan_provider", json!({ "context": id, "pick": pick })).await?;
        let pick = json!({ "role": role, "name": name, "version": plan["version"] });
        let job = core.call("add_provider", json!({ "context": id, "pick": pick, "values": {}, "seen": plan["plan"]["seen"] })).await?;
        done(&mut core, &job).await?;
        let stream = core.subscribe(json!({ "Providers": id })).await?;
        core.until(stream, title, |seen| seen.rows.iter().any(|row| row["title"] == title && row["health"] == "Well")).await?;
    }
    let refused = core.refused("plan_provider", json!({ "context": id, "pick": { "role": "Infrastructure", "name": "made-up", "version": "" } })).await?;
    assert!(refused.to_string().contains("made-up is not in the demo"), "{refused}");
    core.end().await
}

#[tokio::test]
async fn the_whole_log_of_a_provider_is_read_live() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, id, _) = open(&desk).await?;
    let stream = core.subscribe(json!({ "ProviderLog": { "context": id, "name": "infrastructure-docker" } })).await?;
    let seen = core.until(stream, "three lines", |seen| seen.rows.len() >= 3).await?;
    let texts: Vec<&str> = seen.rows.iter().filter_map(|row| row["text"].as_str()).collect();
    assert!(texts.iter().any(|text| text.contains("Creating worker machine container")) && texts.iter().any(|text| text.starts_with('E')), "{texts:?}");
    assert!(seen.rows.iter().all(|row| row["at"].is_number()), "{:?}", seen.rows);
    core.end().await
}

#[tokio::test]
async fn a_provider_is_added_with_its_variables_and_they_are_shown_nowhere() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, id, _) = open(&desk).await?;
    let known = core.call("offer_providers", json!({ "context": id })).await?;
    assert!(known.as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "vsphere") && all.iter().all(|one| one["role"] != "Core")), "{known}");
    let pick = json!({ "role": "Infrastructure", "name": "vsphere", "version": "" });
    let plan = core.call("plan_provider", json!({ "context": id, "pick": pick })).await?;
    let asked: Vec<(&str, &Value)> =
        plan["variables"].as_array().into_iter().flatten().filter_map(|one| Some((one["name"].as_str()?, &one["shown"]))).collect();
    assert_eq!(
        asked,
        [("VSPHERE_USERNAME", &json!("AsDots")), ("VSPHERE_PASSWORD", &json!("AsDots")), ("EXP_NODE_ANTI_AFFINITY", &json!("Plainly"))],
        "{plan}"
    );
    assert_eq!((&plan["version"], &plan["namespace"], &plan["made"][0]["kind"]), (&json!("v1.14.0"), &json!("capv-system"), &json!("Namespace")));
    let pick = json!({ "role": "Infrastructure", "name": "vsphere", "version": plan["version"] });
    let add = |values: Value| json!({ "context": id, "pick": pick, "values": values, "seen": plan["plan"]["seen"] });
    for (values, says) in [
        (json!({ "VSPHERE_USERNAME": "jo" }), "vsphere needs a value for VSPHERE_PASSWORD."),
        (json!({ "VSPHERE_USERNAME": "jo", "VSPHERE_PASSWORD": "hunter2", "PATH": "/tmp" }), "vsphere does not ask for PATH."),
    ] {
        let refused = core.refused("add_provider", add(values)).await?;
        assert_eq!((&refused["sentence"], &refused["unharmed"]), (&json!(says), &json!("Nothing was changed.")));
    }
    let stream = core.subscribe(json!({ "Providers": id })).await?;
    let job = core.call("add_provider", add(json!({ "VSPHERE_USERNAME": "jo", "VSPHERE_PASSWORD": "hunter2" }))).await?;
    done(&mut core, &job).await?;
    core.until(stream, "vSphere", |seen| seen.rows.iter().any(|row| row["title"] == "vSphere" && row["health"] == "Well")).await?;
    for topic in [json!({ "Job": job }), json!({ "JobOutput": job })] {
        let stream = core.subscribe(topic).await?;
        let seen = core.until(stream, "what the job says", |seen| seen.batches > 0).await?;
        assert!(!format!("{:?}", seen.rows).contains("hunter2"), "{:?}", seen.rows);
    }
    let again = core.call("plan_provider", json!({ "context": id, "pick": pick })).await?;
    assert_eq!(again["plan"]["obstacles"][0]["why"]["sentence"], "vSphere is installed already", "{again}");
    for name in ["--kubeconfig", "$(id)", "", "a b", "no-such-provider"] {
        let refused = core.refused("plan_provider", json!({ "context": id, "pick": { "role": "Infrastructure", "name": name, "version": "" } })).await?;
        assert!(refused["unharmed"] == "Nothing was changed.", "{name}: {refused}");
    }
    core.end().await
}

#[tokio::test]
async fn clusters_are_moved_after_a_dry_run_and_not_while_one_is_being_made() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, from, to) = open(&desk).await?;
    let ask = json!({ "from": from, "to": to, "namespace": "default" });
    let plan = core.call("plan_move", ask.clone()).await?;
    let stops: Vec<&str> = plan["plan"]["obstacles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["severity"] == "Unusable")
        .filter_map(|one| one["why"]["sentence"].as_str())
        .collect();
    assert_eq!((stops, &plan["moved"]), (vec!["lab-b is still being made", "ci-smoke is paused"], &json!([])), "{plan}");
    let mut go = ask.clone();
    go["seen"] = plan["plan"]["seen"].clone();
    let refused = core.refused("move_clusters", go.clone()).await?;
    assert_eq!((&refused["sentence"], &refused["unharmed"]), (&json!("lab-b is still being made."), &json!("Nothing was changed.")));
    let at = json!({ "context": from, "namespace": "default", "name": "lab-b" });
    let deletion = core.call("plan_change", json!({ "at": at, "change": "Delete" })).await?;
    core.call("apply_change", json!({ "at": at, "change": "Delete", "digest": deletion["digest"], "typed": deletion["typed"] })).await?;
    let here = core.subscribe(json!({ "Clusters": from })).await?;
    core.until(here, "lab-b to be gone", |seen| seen.rows.len() == 2 && seen.rows.iter().all(|row| row["name"] != "lab-b")).await?;
    let at = json!({ "context": from, "namespace": "default", "name": "ci-smoke" });
    let resumption = core.call("plan_change", json!({ "at": at, "change": "Resume" })).await?;
    core.call("apply_change", json!({ "at": at, "change": "Resume", "digest": resumption["digest"], "typed": "" })).await?;
    let plan = core.call("plan_move", ask).await?;
    assert_eq!(plan["clusters"], json!(["ci-smoke", "lab-a"]), "{plan}");
    let kinds: Vec<&str> = plan["moved"].as_array().into_iter().flatten().filter_map(|made| made["kind"].as_str()).collect();
    let place = |kind: &str| kinds.iter().position(|one| *one == kind);
    assert!(place("Cluster") < place("MachineSet") && place("MachineSet") < place("Machine") && place("Machine").is_some(), "{kinds:?}");
    go["seen"] = plan["plan"]["seen"].clone();
    let job = core.call("move_clusters", go).await?;
    done(&mut core, &job).await?;
    core.until(here, "nothing to be left", |seen| seen.rows.is_empty()).await?;
    let there = core.subscribe(json!({ "Clusters": to })).await?;
    core.until(there, "two clusters there", |seen| seen.rows.len() == 2 && seen.rows.iter().all(|row| row["state"] != "Paused")).await?;
    core.end().await
}

#[tokio::test]
async fn in_a_protected_context_providers_ask_for_its_name() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (mut core, id, _) = open(&desk).await?;
    core.call("set_guard", json!({ "context": id, "guard": "Protected" })).await?;
    let plan = core.call("plan_provider_upgrade", json!({ "context": id })).await?;
    let call = |typed: &str| json!({ "context": id, "contract": "v1beta2", "seen": plan["offers"][0]["plan"]["seen"], "typed": typed });
    let refused = core.refused("upgrade_providers", call("kind")).await?;
    assert_eq!((&plan["typed"], &refused["sentence"]), (&json!("kind-kos-mgmt"), &json!("To do this, type kind-kos-mgmt.")));
    let job = core.call("upgrade_providers", call("kind-kos-mgmt")).await?;
    let second = core.refused("upgrade_providers", call("kind-kos-mgmt")).await?;
    assert!(second["code"] == "Changed" || second["sentence"].as_str().is_some_and(|s| s.ends_with("works on kind-kos-mgmt already.")), "{second}");
    done(&mut core, &job).await?;
    core.end().await
}
