//! Does KOS start Docker when it is asked to, and only then?

use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use tests::headless::Rows;
use tests::{Desk, Headless};

/// A docker without root that is stopped until `systemctl --user start docker` is run; every run is written down.
fn desk() -> anyhow::Result<Desk> {
    let desk = Desk::new();
    let home = desk.home().display().to_string();
    let docker = format!(
        "#!/bin/sh\ncase \"$1 $2\" in\n\"context inspect\") echo 'rootless unix:///run/user/1000/docker.sock'; exit 0;;\nesac\n\
         if [ ! -e {home}/up ]; then echo 'Cannot connect to the Docker daemon at unix:///run/user/1000/docker.sock.' >&2; exit 1; fi\n\
         if [ \"$1\" = version ]; then echo 28.1.1; fi\nexit 0\n"
    );
    let systemctl = format!("#!/bin/sh\necho \"$*\" >> {home}/ran\ntouch {home}/up\n");
    for (name, text) in [("docker", docker), ("systemctl", systemctl)] {
        let file = desk.file(&format!("bin/{name}"), &text);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?;
    }
    let bin = desk.home().join("bin");
    Ok(desk.with_path(bin))
}

#[tokio::test]
async fn docker_without_root_is_started_as_a_job_when_the_user_says_so() -> anyhow::Result<()> {
    let desk = desk()?;
    let mut core = Headless::start(&desk, &[]).await?;
    let refused = core.refused("run_remedy", json!({ "remedy": "StartUserDocker" })).await?;
    assert_eq!(refused["code"], "Changed", "no check offers it before the machine was looked at");
    let checks = core.subscribe(json!("Checks")).await?;
    let rows = core.until(checks, "the check of Docker", |rows| rows.rows.iter().any(|row| row["id"] == "Docker" && row["verdict"] == "Failed")).await?;
    let fix = rows.rows.iter().find(|row| row["id"] == "Docker").map(|row| row["fixes"][0].clone()).unwrap_or_default();
    assert_eq!((&fix["command"], &fix["remedy"]), (&json!("systemctl --user start docker"), &json!("StartUserDocker")));
    assert!(!desk.home().join("ran").exists(), "nothing is started by itself");
    core.call("run_remedy", json!({ "remedy": "StartUserDocker" })).await?;
    let jobs = core.subscribe(json!("Jobs")).await?;
    core.until(jobs, "the job to end well", |rows| rows.rows.first().is_some_and(|job| job["state"] == "Done")).await?;
    assert_eq!(std::fs::read_to_string(desk.home().join("ran"))?, "--user start docker\n");
    core.end().await
}

#[tokio::test]
async fn a_limit_of_the_kernel_is_raised_as_a_job_and_its_check_passes_then() -> anyhow::Result<()> {
    let mut core = Headless::start(&Desk::new(), &["--demo"]).await?;
    let checks = core.subscribe(json!("Checks")).await?;
    let of = |rows: &Rows| rows.rows.iter().find(|row| row["id"] == "InotifyInstances").cloned().unwrap_or_default();
    let rows = core.until(checks, "no inotify instances are left", |rows| of(rows)["verdict"] == "Failed").await?;
    let fix = of(&rows)["fixes"][0].clone();
    assert_eq!((&fix["command"], &fix["remedy"]), (&json!("sudo sysctl -w fs.inotify.max_user_instances=8192"), &json!("RaiseInotifyInstances")));
    let job = core.call("run_remedy", json!({ "remedy": "RaiseInotifyInstances" })).await?;
    let view = core.subscribe(json!({ "Job": job })).await?;
    let done = core.until(view, "the job to end well", |rows| rows.rows.first().is_some_and(|job| job["row"]["state"] == "Done")).await?;
    assert!(done.rows[0]["row"]["title"].to_string().contains("Raise the limit of inotify instances"), "{:#}", done.rows[0]["row"]);
    core.until(checks, "the check passes", |rows| of(rows)["verdict"] == "Passed").await?;
    core.end().await
}
