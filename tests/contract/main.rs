//! Is every call and every stream of the contract answered, by the real world and by the simulated one alike?

#![expect(clippy::disallowed_methods, reason = "tests start the programs under test")]

mod bombs;
mod changes;
mod crates;
mod definitions;
mod hostile;
mod kept;
mod local;
mod machines;
mod protected;
mod providers;
mod remedy;
mod scenes;
mod whole;

use serde_json::{Value, json};
use tests::{Desk, Headless};

/// Arguments that are well formed but name nothing that exists: no call may do anything with them.
fn sample(name: &str) -> Value {
    let job = json!({ "job": "no-such-job" });
    let context = json!({ "context": "#nowhere" });
    let nowhere = json!({ "context": "#nowhere", "namespace": "default", "name": "sample" });
    let copies = json!({ "of": { "kind": "StatefulSet", "namespace": "db", "name": "postgres" }, "now": 1, "to": 2 });
    let template = json!({ "of": { "provider": "docker", "version": "v1.14.2" }, "flavor": "development" });
    let fields = json!({ "namespace": "default", "name": "sample", "version": "v1.36.1", "control_planes": 1, "workers": 1 });
    let spec = json!({
        "name": "sample", "kubernetes": "v1.36.1", "control_planes": 1, "workers": 0, "api_port": null,
        "docker_socket": { "Mounted": { "host_path": "/var/run/docker.sock" } },
        "providers": { "core": "v1.14.2", "kubeadm_bootstrap": "v1.14.2", "kubeadm_control_plane": "v1.14.2", "docker": "v1.14.2" },
        "wait_seconds": 120
    });
    match name {
        "about" | "look_around" | "tell_drawn" | "suggest_management" | "check_all" | "report" | "find_leftovers" => Value::Null,
        // Both worlds stay what they are.
        "set_mode" => json!({ "mode": "Nonsense" }),
        "add_paths" => json!({ "paths": ["/nonexistent/kubeconfig"] }),
        "add_text" => json!({ "name": "", "text": "" }),
        "forget_path" => json!({ "file": "/nonexistent" }),
        "plan_current" | "plan_unlock" | "open_context" | "close_context" | "try_now" | "ask_trust" => context,
        "make_current" => json!({ "context": "#nowhere", "seen": "", "typed": "no" }),
        "remove_lock" => json!({ "context": "#nowhere", "seen": "" }),
        "save_elsewhere" => json!({ "context": "#nowhere", "seen": "", "path": "/nonexistent/copy" }),
        "set_guard" => json!({ "context": "#nowhere", "guard": "Protected" }),
        "set_favourite" => json!({ "context": "#nowhere", "favourite": "No" }),
        "set_namespaces" => json!({ "context": "#nowhere", "namespaces": ["a"] }),
        "leave_at" => json!({ "context": "#nowhere", "namespace": "shop" }),
        "answer_trust" => json!({ "context": "#nowhere", "seen": "", "answer": "Never" }),
        "offer_classes" => context,
        "plan_cluster" => json!({ "context": "#nowhere", "form": form(), "leads": "Fields" }),
        "create_cluster" => json!({ "context": "#nowhere", "form": form(), "digest": "another plan" }),
        "keep_draft" => json!({ "context": "#nowhere", "form": null }),
        "offer_templates" => context,
        "read_template" => json!({ "context": "#nowhere", "pick": template, "fields": fields }),
        "fill_template" => json!({ "context": "#nowhere", "pick": template, "fields": fields, "values": {} }),
        "plan_connect" => json!({ "at": { "context": "#nowhere", "namespace": "default", "name": "w1" } }),
        "connect" => json!({ "at": { "context": "#nowhere", "namespace": "default", "name": "w1" }, "seen": "" }),
        "disconnect" => context,
        "ask_network" => json!({ "at": nowhere }),
        "plan_network" => json!({ "at": { "context": "#nowhere", "namespace": "default", "name": "w1" }, "from": "Kindnet" }),
        "apply_network" => json!({ "at": { "context": "#nowhere", "namespace": "default", "name": "w1" }, "from": "Kindnet", "seen": "", "typed": "" }),
        "read_object" => json!({ "at": nowhere, "kind": "Cluster", "name": "sample" }),
        "read_machine_host" => json!({ "at": nowhere, "machine": "sample-md-0" }),
        "read_machine_log" => json!({ "at": nowhere, "machine": "sample-md-0" }),
        "read_run" => json!({ "context": "#nowhere", "id": "no-such-run" }),
        "find_objects" => json!({ "text": "web" }),
        "offer_changes" => json!({ "at": nowhere }),
        "ask_budget" => json!({ "at": nowhere, "pod": "db/postgres-0" }),
        "plan_copies" => json!({ "at": nowhere, "copies": copies }),
        "apply_copies" => json!({ "at": nowhere, "copies": copies, "digest": "", "typed": "" }),
        "ask_impact" => json!({ "at": nowhere, "to": "v1.36.4" }),
        "plan_change" => json!({ "at": nowhere, "change": "Pause" }),
        "apply_change" => json!({ "at": nowhere, "change": "Delete", "digest": "", "typed": "no" }),
        "bind_folder" => json!({ "at": nowhere, "path": "/nonexistent" }),
        "unbind_folder" | "compare_again" => json!({ "at": nowhere }),
        "plan_definitions" => json!({ "at": nowhere, "objects": [] }),
        "apply_definitions" => json!({ "at": nowhere, "objects": [], "digest": "", "typed": "" }),
        "plan_files" => json!({ "at": nowhere, "wish": { "Export": { "to": "" } } }),
        "plan_commit" => json!({ "at": nowhere, "objects": [] }),
        "commit_files" => json!({ "at": nowhere, "objects": [], "digest": "", "message": "x" }),
        "accept_drift" => {
            json!({ "at": nowhere, "object": { "group": "cluster.x-k8s.io", "kind": "Cluster", "namespace": "default", "name": "w1" }, "seen": "" })
        }
        "show_drift" => json!({ "at": nowhere, "object": { "group": "cluster.x-k8s.io", "kind": "Cluster", "namespace": "default", "name": "w1" } }),
        "save_files" => json!({ "at": nowhere, "wish": { "Take": { "objects": [] } }, "digest": "" }),
        "plan_provider_upgrade" | "offer_providers" => context,
        "read_provider_changes" => json!({ "context": "#nowhere", "next": [] }),
        "upgrade_providers" => json!({ "context": "#nowhere", "contract": "v1beta2", "begins": "Now", "seen": "another plan" }),
        "plan_provider" => json!({ "context": "#nowhere", "pick": { "role": "Infrastructure", "name": "vsphere", "version": "" } }),
        "add_provider" => json!({ "context": "#nowhere", "pick": { "role": "Infrastructure", "name": "vsphere", "version": "" }, "values": {}, "seen": "" }),
        "plan_move" => json!({ "from": "#nowhere", "to": "#elsewhere", "namespace": "default" }),
        "move_clusters" => json!({ "from": "#nowhere", "to": "#elsewhere", "namespace": "default", "seen": "" }),
        "plan_management" => json!({ "spec": spec }),
        "read_config" => json!({ "spec": spec, "text": "kind: Cluster" }),
        "read_form" => job,
        "create_management" => json!({ "spec": spec, "seen": "another plan" }),
        "set_power" => json!({ "name": "no-such-cluster", "power": "Start", "typed": "no" }),
        "plan_delete" => json!({ "name": "no-such-cluster" }),
        "remove_network" => json!({ "name": "no-such-network" }),
        "delete_cluster" => json!({ "name": "no-such-cluster", "typed": "no", "seen": "" }),
        "export_logs" => json!({ "name": "no-such-cluster", "folder": "/nonexistent" }),
        "cancel_job" | "retry_job" | "continue_job" | "undo_job" | "keep_job" | "look_again" | "forget_job" => job,
        "show_log" => job,
        "save_log" => json!({ "job": "no-such-job", "path": "/nonexistent/log" }),
        "recheck" => json!({ "check": "Docker" }),
        "run_remedy" => json!({ "remedy": "StartUserDocker" }),
        "offer_tool" => json!({ "tool": "Kind" }),
        // The demo fetches no programs, and says so elsewhere.
        "fetch_tool" => json!({ "tool": "Nonsense" }),
        "use_file" => json!({ "tool": "Kind", "path": "/nonexistent/kind" }),
        "set_release_token" => json!({ "token": "", "keep": "ThisRun" }),
        "save_choices" => json!({ "chosen": {} }),
        other => panic!("the new call {other} has no sample here"),
    }
}

/// A workload cluster as a form draws it.
fn form() -> Value {
    json!({
        "namespace": "default", "name": "sample", "class": { "namespace": "default", "name": "quick-start" }, "version": "v1.36.4", "control_planes": 1,
        "pools": [{ "name": "md-0", "class": "default-worker", "replicas": 1 }], "network": "Kindnet", "pod_range": "192.168.0.0/16",
        "service_range": "10.128.0.0/12", "variables": {}
    })
}

const TOPICS: &[&str] = &["Files", "Contexts", "Local", "Jobs", "Checks", "Computer", "Settings", "Objects"];

async fn every_call_is_answered(args: &[&str]) -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, args).await?;
    for name in api::Request::NAMES {
        let asked = sample(name);
        let mut whole = json!({ "call": name });
        if !asked.is_null() {
            whole["with"] = asked;
        }
        let answer = core.ask(whole).await?;
        assert_ne!(answer["fault"]["code"], "Bug", "{name}: {answer}");
        if let Some(fault) = answer.get("fault") {
            assert!(fault["sentence"].as_str().is_some_and(|s| s.ends_with('.')), "{name} is refused without a sentence: {fault}");
        }
    }
    for topic in TOPICS {
        let stream = core.subscribe(json!(topic)).await?;
        core.until(stream, topic, |rows| rows.batches > 0).await?;
        core.ask(json!({ "unsubscribe": stream })).await?;
    }
    core.end().await
}

#[tokio::test]
async fn what_was_asked_before_the_input_ends_is_answered_and_a_stream_shows_its_rows() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &tests::desk::kubeconfig("lab", "https://127.0.0.1:1", "t"));
    let core = Headless::start(&desk, &[]).await?;
    let said = core.piped(&[json!({ "id": 1, "subscribe": "Contexts" }), json!({ "id": 2, "call": "about" }), json!({ "id": 3, "call": "none" })]).await?;
    let of = |id: u64| said.iter().find(|line| line["id"] == id).cloned().unwrap_or_default();
    assert!(of(1)["ok"]["stream"].is_u64() && of(2)["ok"].is_object() && of(3)["fault"].is_object(), "{said:#?}");
    let sets = said.iter().flat_map(|line| [&line["batch"]["Snapshot"]["rows"], &line["batch"]["Delta"]["set"]]);
    assert!(sets.filter_map(Value::as_array).flatten().any(|row| row["name"] == "lab"), "{said:#?}");
    Ok(())
}

#[tokio::test]
async fn every_call_is_answered_by_the_real_world() -> anyhow::Result<()> {
    every_call_is_answered(&[]).await
}

#[tokio::test]
async fn every_call_is_answered_by_the_simulated_world() -> anyhow::Result<()> {
    every_call_is_answered(&["--demo"]).await
}

#[tokio::test]
async fn objects_of_open_contexts_are_found_while_somebody_looks() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "the contexts of the demo", |rows| rows.rows.iter().any(|r| r["name"] == "dev-eu")).await?;
    let id = rows.rows.iter().find(|r| r["name"] == "dev-eu").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": id })).await?;
    let searched = core.subscribe(json!("Objects")).await?;
    core.until(searched, "dev-eu to be read", |rows| rows.rows.iter().any(|r| r["context"] == id && r["state"] != "Loading")).await?;
    let found = core.call("find_objects", json!({ "text": "checkout-api" })).await?;
    let first = &found["hits"][0];
    assert_eq!((&first["context"], first["kind"].as_str(), first["namespace"].as_str()), (&id, Some("Pods"), Some("shop")), "{found}");
    let manager = rows.rows.iter().find(|r| r["name"] == "kind-kos-mgmt").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": manager })).await?;
    core.until(searched, "the management cluster to be read", |rows| rows.rows.iter().any(|r| r["context"] == manager && r["state"] != "Loading")).await?;
    let found = core.call("find_objects", json!({ "text": "lab-b" })).await?;
    let first = &found["made"][0];
    assert_eq!((&first["context"], &first["name"], &first["what"]), (&manager, &json!("lab-b"), &json!("Cluster")), "{found}");
    assert!(found["made"].as_array().into_iter().flatten().any(|hit| hit["what"]["Machine"]["cluster"] == "lab-b"), "{found}");
    let refused = core.refused("find_objects", json!({ "text": "x".repeat(300) })).await?;
    assert_eq!(refused["code"], "Invalid");
    core.end().await
}

#[tokio::test]
async fn the_clusters_of_a_management_cluster_stand_with_what_blocks_them() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "the management cluster", |seen| seen.rows.iter().any(|r| r["name"] == "kind-kos-mgmt")).await?.rows;
    let id = rows.iter().find(|r| r["name"] == "kind-kos-mgmt").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": id })).await?;
    let stream = core.subscribe(json!({ "Clusters": id })).await?;
    // One kind of objects comes after the other, and the picture grows with them.
    let states = [("lab-a", "Available"), ("lab-b", "Stuck"), ("ci-smoke", "Paused")];
    let stands = |rows: &[Value], (name, state): (&str, &str)| rows.iter().any(|row| row["name"] == name && row["state"] == state);
    core.until(stream, "three clusters as they are", |seen| seen.rows.len() == 3 && states.iter().all(|one| stands(&seen.rows, *one))).await?;
    // Containers of this machine are asked for their logs only where somebody looked for containers.
    let local = core.subscribe(json!("Local")).await?;
    core.until(local, "the containers of lab-b", |seen| seen.rows.iter().any(|r| r["name"] == "lab-b")).await?;
    let stream = core.subscribe(json!({ "Cluster": { "context": id, "namespace": "default", "name": "lab-b" } })).await?;
    let told = |seen: &tests::headless::Rows| {
        seen.rows.iter().any(|r| r["Why"]["rule"] == "inotify")
            && seen.rows.iter().any(|r| r["Log"]["source"] == "capd-controller-manager")
            && seen.rows.iter().any(|r| r["Event"].is_object())
    };
    let seen = core.until(stream, "why lab-b is stuck", told).await?;
    let said = |kind: &str, words: &str| seen.rows.iter().any(|r| r[kind].to_string().contains(words));
    assert!(said("Why", "inotify_init: too many open files") && said("Log", "capd-controller-manager") && said("Event", "SuccessfulCreate"), "{:?}", seen.rows);
    let kinds: Vec<&str> = seen.rows.iter().filter_map(|r| r["Tree"]["kind"].as_str()).collect();
    assert_eq!(kinds.iter().filter(|k| **k == "Machine").count(), 4, "{kinds:?}");
    assert_eq!(seen.rows.iter().filter(|r| r["Lane"].is_object()).count(), 4);
    let healthy = core.subscribe(json!({ "Cluster": { "context": id, "namespace": "default", "name": "lab-a" } })).await?;
    let told = |seen: &tests::headless::Rows| seen.rows.iter().any(|r| r["Log"]["source"] == "capd-controller-manager");
    let seen = core.until(healthy, "what its controllers write about a healthy cluster", told).await?;
    let lines: Vec<String> = seen.rows.iter().filter(|r| r["Log"].is_object()).map(|r| r["Log"]["text"].to_string()).collect();
    assert!(lines.iter().all(|line| line.contains("lab-a") && !line.contains("lab-b")), "only of this one: {lines:?}");
    core.end().await
}

/// The demo with its management cluster open, and the id of that context.
async fn management() -> anyhow::Result<(Desk, Headless, Value)> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo=fleet", "--pace=60"]).await?.within(std::time::Duration::from_secs(120));
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "the management cluster", |seen| seen.rows.iter().any(|r| r["name"] == "kind-kos-mgmt")).await?.rows;
    let id = rows.iter().find(|r| r["name"] == "kind-kos-mgmt").map(|r| r["id"].clone()).unwrap_or_default();
    core.call("open_context", json!({ "context": id })).await?;
    core.until(contexts, "its connection", |seen| seen.rows.iter().any(|r| r["id"] == id && r["link"].get("Live").is_some())).await?;
    Ok((desk, core, id))
}

fn titles(plan: &Value) -> Vec<&str> {
    plan["checks"].as_array().into_iter().flatten().filter(|c| c["level"] == "Stops").filter_map(|c| c["title"].as_str()).collect()
}

#[tokio::test]
async fn a_drawn_cluster_is_planned_made_and_grows_machine_by_machine() -> anyhow::Result<()> {
    let (_desk, mut core, id) = management().await?;
    let clusters = core.subscribe(json!({ "Clusters": id })).await?;
    core.until(clusters, "the clusters that are there", |seen| seen.rows.len() == 3).await?;
    let offer = core.call("offer_classes", json!({ "context": id })).await?;
    let names: Vec<&str> = offer["classes"].as_array().into_iter().flatten().filter_map(|c| c["name"]["name"].as_str()).collect();
    assert_eq!(names, ["quick-start", "in-memory"]);
    let mut form = offer["form"].clone();
    form["control_planes"] = json!(3);
    form["pools"][0]["replicas"] = json!(3);
    let plan = core.call("plan_cluster", json!({ "context": id, "form": form, "leads": "Fields" })).await?;
    assert_eq!((titles(&plan), &plan["dry_run"]), (vec![], &json!("Accepted")), "{plan}");
    assert_eq!((&plan["asked"], &plan["rendered"]), (&json!({ "control_planes": 3, "workers": 3 }), &json!({ "control_planes": 3, "workers": 3 })));
    let stale = core.refused("create_cluster", json!({ "context": id, "form": plan["form"], "digest": "another" })).await?;
    assert_eq!(stale["code"], "Changed", "{stale}");
    core.call("create_cluster", json!({ "context": id, "form": plan["form"], "digest": plan["digest"] })).await?;
    let name = plan["form"]["name"].as_str().unwrap_or_default().to_owned();
    let ready = |row: &Value| row["machines"].as_array().is_some_and(|marks| marks.len() == 6 && marks.iter().all(|mark| mark == "Ready"));
    core.until(clusters, "six machines that are ready", |seen| seen.rows.iter().any(|row| row["name"] == name.as_str() && ready(row))).await?;
    core.until(clusters, "the cluster to be available", |seen| seen.rows.iter().any(|row| row["name"] == name.as_str() && row["state"] == "Available")).await?;
    let taken = core.call("plan_cluster", json!({ "context": id, "form": form, "leads": "Fields" })).await?;
    assert_eq!(titles(&taken), ["The name is taken"]);
    core.end().await
}

#[tokio::test]
async fn a_template_of_a_provider_is_filled_in_and_leads_the_form() -> anyhow::Result<()> {
    let (_desk, mut core, id) = management().await?;
    let of = core.call("offer_templates", json!({ "context": id })).await?;
    assert_eq!(of, json!([{ "provider": "docker", "version": "v1.14.2" }]));
    let mut form = core.call("offer_classes", json!({ "context": id })).await?["form"].clone();
    let fields = json!({ "namespace": form["namespace"], "name": form["name"], "version": form["version"], "control_planes": 3, "workers": 2 });
    let pick = |flavor: &str| json!({ "of": of[0], "flavor": flavor });
    let view = core.call("read_template", json!({ "context": id, "pick": pick("development"), "fields": fields })).await?;
    let names: Vec<&Value> = view["variables"].as_array().into_iter().flatten().map(|variable| &variable["name"]).collect();
    assert_eq!(names, ["POD_CIDR", "SERVICE_CIDR", "SERVICE_DOMAIN"], "the form has fields for the others");
    assert!(view["command"].as_str().is_some_and(|line| line.contains(" --flavor development --target-namespace ")), "{view:#}");

    let values = json!({ "SERVICE_DOMAIN": "lab.local", "NOT_ASKED_FOR": "x" });
    let filled = core.call("fill_template", json!({ "context": id, "pick": pick("development"), "fields": fields, "values": values })).await?;
    form["yaml"] = filled["yaml"].clone();
    let plan = core.call("plan_cluster", json!({ "context": id, "form": form, "leads": "Yaml" })).await?;
    assert_eq!((titles(&plan), &plan["dry_run"]), (vec![], &json!("Accepted")), "{plan:#}");
    assert_eq!((&plan["rendered"], &plan["form"]["name"]), (&json!({ "control_planes": 3, "workers": 2 }), &fields["name"]));
    assert!(plan["yaml"].as_str().is_some_and(|text| text.contains("serviceDomain: lab.local")), "{plan:#}");

    for (flavor, name, said) in [("", "lab-t", "cluster-template.yaml"), ("--config=/x", "lab-t", "plain word"), ("development", "-lab", "plain word")] {
        let mut fields = fields.clone();
        fields["name"] = json!(name);
        let fault = core.refused("fill_template", json!({ "context": id, "pick": pick(flavor), "fields": fields, "values": {} })).await?;
        assert!(fault.to_string().contains(said) && fault["unharmed"] == "Nothing was changed.", "{fault:#}");
    }
    core.end().await
}

#[tokio::test]
async fn a_form_says_what_is_wrong_and_nothing_is_made() -> anyhow::Result<()> {
    let (_desk, mut core, id) = management().await?;
    let form = core.call("offer_classes", json!({ "context": id })).await?["form"].clone();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut form = form.clone();
        change(&mut form);
        form
    };
    let yaml = |text: &str| with(&|form| form["yaml"] = json!(text));
    let cluster = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: own\nspec: {}\n";
    let cases = [
        (with(&|form| form["name"] = json!("lab-a")), "Fields", "The name is taken"),
        (with(&|form| form["version"] = json!("1.36")), "Fields", "The version cannot be read"),
        (with(&|form| form["control_planes"] = json!(2)), "Fields", "The number of control planes is even"),
        (with(&|form| form["class"]["name"] = json!("gone")), "Fields", "The class is gone"),
        (with(&|form| form["pod_range"] = json!("172.18.0.0/16")), "Fields", "The pod range is taken"),
        (yaml("name: ${CLUSTER_NAME}\n"), "Yaml", "A variable has no value"),
        (yaml(&format!("{cluster}---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n")), "Yaml", "The YAML has other kinds in it"),
        (yaml("kind: ["), "Yaml", "The YAML cannot be read"),
    ];
    for (form, leads, title) in cases {
        let plan = core.call("plan_cluster", json!({ "context": id, "form": form, "leads": leads })).await?;
        assert_eq!((titles(&plan), &plan["dry_run"]), (vec![title], &json!("NotAsked")), "{plan}");
        let refused = core.refused("create_cluster", json!({ "context": id, "form": form, "digest": plan["digest"] })).await?;
        assert!(refused["sentence"].as_str().is_some_and(|s| s.starts_with(title)) && refused["unharmed"] == "Nothing was written.", "{refused}");
    }
    core.end().await
}

#[tokio::test]
async fn a_protected_management_cluster_asks_for_its_name() -> anyhow::Result<()> {
    let (_desk, mut core, id) = management().await?;
    core.call("set_guard", json!({ "context": id, "guard": "Protected" })).await?;
    let form = core.call("offer_classes", json!({ "context": id })).await?["form"].clone();
    let plan = core.call("plan_cluster", json!({ "context": id, "form": form, "leads": "Fields" })).await?;
    assert_eq!((&plan["typed"], titles(&plan)), (&json!("kind-kos-mgmt"), vec![]), "{plan}");
    let refused = core.refused("create_cluster", json!({ "context": id, "form": plan["form"], "digest": plan["digest"], "typed": "kind" })).await?;
    assert_eq!((&refused["sentence"], &refused["unharmed"]), (&json!("To do this, type kind-kos-mgmt."), &json!("Nothing was written.")));
    core.call("create_cluster", json!({ "context": id, "form": plan["form"], "digest": plan["digest"], "typed": "kind-kos-mgmt" })).await?;
    core.end().await
}

#[tokio::test]
async fn yaml_and_fields_follow_each_other_and_the_draft_is_kept() -> anyhow::Result<()> {
    let (_desk, mut core, id) = management().await?;
    let mut form = core.call("offer_classes", json!({ "context": id })).await?["form"].clone();
    let plan = core.call("plan_cluster", json!({ "context": id, "form": form, "leads": "Fields" })).await?;
    let text =
        plan["yaml"].as_str().unwrap_or_default().replace("replicas: 1", "replicas: 3").replace("serviceDomain: cluster.local", "serviceDomain: lab.local");
    form["yaml"] = json!(text);
    let by_hand = core.call("plan_cluster", json!({ "context": id, "form": form, "leads": "Yaml" })).await?;
    assert_eq!((&by_hand["form"]["control_planes"], &by_hand["form"]["pools"][0]["replicas"]), (&json!(3), &json!(3)), "{by_hand}");
    let mut next = by_hand["form"].clone();
    next["control_planes"] = json!(5);
    let by_field = core.call("plan_cluster", json!({ "context": id, "form": next, "leads": "Fields" })).await?;
    let written = by_field["yaml"].as_str().unwrap_or_default();
    assert!(written.contains("replicas: 5") && written.contains("serviceDomain: lab.local"), "{written}");
    core.call("keep_draft", json!({ "context": id, "form": by_field["form"] })).await?;
    let offer = core.call("offer_classes", json!({ "context": id })).await?;
    assert_eq!((&offer["opens"], &offer["form"]), (&json!("Draft"), &by_field["form"]));
    core.end().await
}

#[tokio::test]
async fn a_workload_cluster_is_connected_after_it_was_shown_and_stands_in_the_fleet() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let named = |rows: &[Value], name: &str| rows.iter().find(|r| r["name"] == name).map(|r| r["id"].clone()).unwrap_or_default();
    let rows = core.until(contexts, "the management cluster", |seen| seen.rows.iter().any(|r| r["name"] == "kind-kos-mgmt")).await?.rows;
    let manager = named(&rows, "kind-kos-mgmt");
    core.call("open_context", json!({ "context": manager })).await?;
    core.until(contexts, "it to be live", |seen| seen.rows.iter().any(|r| r["id"] == manager && r["link"].get("Live").is_some())).await?;
    core.call("disconnect", json!({ "context": named(&rows, "lab-a") })).await?;
    core.until(contexts, "lab-a to be gone", |seen| seen.rows.iter().all(|r| r["name"] != "lab-a")).await?;
    let at = json!({ "context": manager, "namespace": "default", "name": "lab-a" });
    let plan = core.call("plan_connect", json!({ "at": at })).await?;
    assert_eq!(plan["way"]["Published"]["container"], "lab-a-lb", "{plan}");
    let context = core.call("connect", json!({ "at": at, "seen": plan["change"]["seen"] })).await?;
    core.call("open_context", json!({ "context": context })).await?;
    core.until(contexts, "lab-a to be live", |seen| seen.rows.iter().any(|r| r["id"] == context && r["link"].get("Live").is_some())).await?;
    let table = core.subscribe(json!({ "Table": { "context": context, "kind": "Nodes", "namespace": "" } })).await?;
    core.until(table, "its nodes", |seen| seen.rows.len() == 4).await?;
    core.end().await
}

#[tokio::test]
async fn hostile_arguments_are_refused_and_the_core_goes_on() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let hostile = [json!(null), json!([]), json!(-1), json!({ "context": 7 }), json!({ "job": ["x"], "name": {} }), json!("x".repeat(1 << 20)), deep];
    for name in api::Request::NAMES {
        for with in &hostile {
            let answer = core.ask(json!({ "call": name, "with": with })).await?;
            let code = &answer["fault"]["code"];
            let takes_nothing = sample(name).is_null();
            assert!(code == "Invalid" || (takes_nothing && with.is_null()), "{name} took {with}: {answer}");
        }
    }
    core.call("about", Value::Null).await?;
    core.end().await
}

#[tokio::test]
async fn names_that_look_like_flags_or_commands_never_reach_a_program() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    for name in ["--kubeconfig=/x", "$(id)", "a;b", "a\nb", "a\u{0}b", "-x", "UPPER", "", &"a".repeat(64 * 1024)] {
        let mut asked = sample("plan_management");
        asked["spec"]["name"] = json!(name);
        let plan = core.ask(json!({ "call": "plan_management", "with": asked })).await?;
        let refused = plan["fault"]["code"] == "Invalid";
        let shown = plan["ok"]["obstacles"].as_array().is_some_and(|all| all.iter().any(|o| o["field"] == "name" && o["severity"] == "Unusable"));
        assert!(refused || shown, "{name:.40?} was planned: {plan}");
        let deleted = core.refused("plan_delete", json!({ "name": name })).await?;
        assert!(["Invalid", "NotFound"].contains(&deleted["code"].as_str().unwrap_or_default()), "{deleted}");
    }
    core.end().await
}

#[tokio::test]
async fn in_read_only_mode_no_call_changes_a_cluster_or_a_kubeconfig() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    core.call("save_choices", json!({ "chosen": { "writes": { "to": "refused" } } })).await?;
    let stops = |fault: &Value| fault["sentence"] == "KOS is in read-only mode and changes nothing.";
    for name in [
        "make_current",
        "remove_lock",
        "apply_change",
        "create_management",
        "set_power",
        "delete_cluster",
        "remove_network",
        "apply_network",
        "upgrade_providers",
        "add_provider",
        "move_clusters",
        "retry_job",
        "continue_job",
        "undo_job",
    ] {
        let fault = core.refused(name, sample(name)).await?;
        assert!(stops(&fault), "{name}: {fault}");
    }
    for name in ["plan_delete", "plan_change", "cancel_job"] {
        let fault = core.refused(name, sample(name)).await?;
        assert!(!stops(&fault), "{name} only looks or ends what runs: {fault}");
    }
    core.call("save_choices", json!({ "chosen": { "writes": { "to": "allowed" } } })).await?;
    assert!(!stops(&core.refused("set_power", sample("set_power")).await?));
    core.end().await
}

#[tokio::test]
async fn a_rule_protects_every_context_that_it_means() -> anyhow::Result<()> {
    let desk = Desk::new();
    let mut core = Headless::start(&desk, &["--demo"]).await?;
    core.call("save_choices", json!({ "chosen": { "protect": { "to": ["nas-*"] } } })).await?;
    let stream = core.subscribe(json!("Contexts")).await?;
    let guarded = |row: &&Value| row["name"] == "nas-k3s" && row["guard"] == "Protected";
    let rows = core.until(stream, "nas-k3s is protected", |seen| seen.rows.iter().any(|row| guarded(&row))).await?.rows;
    let context = rows.iter().find(guarded).map(|row| row["id"].clone());
    let fault = core.refused("set_guard", json!({ "context": context, "guard": "Open" })).await?;
    assert_eq!(fault["sentence"], "nas-k3s stays protected: the rule nas-* means it.");
    core.end().await
}
