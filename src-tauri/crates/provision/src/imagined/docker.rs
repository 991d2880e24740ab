//! What does docker answer?

use serde_json::json;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tools::{Invocation, ProgramError};

use super::{Machine, State};

/// Where the Docker is of which the rest tells.
pub(crate) const ENDPOINT: &str = "tcp://127.0.0.1:2375";

/// As `docker ps` tells when a container was made: so many seconds from now.
pub(crate) fn made_in(seconds: i64) -> String {
    let then = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + seconds).unwrap();
    then.strftime("%Y-%m-%d %H:%M:%S +0000 UTC").to_string()
}

impl Machine {
    /// The daemon stops a container to its end, whatever becomes of the client that asked for it.
    pub(super) async fn docker_stop(&self, run: &Invocation, stop: &CancellationToken) -> Result<(i32, String, String), ProgramError> {
        let takes = self.state().stop_takes;
        if takes.is_zero() {
            return Ok(self.state().docker_run(&run.args));
        }
        let (tell, told) = oneshot::channel();
        let (daemon, args) = (self.clone(), run.args.clone());
        let stops = async move {
            tokio::time::sleep(takes).await;
            let said = daemon.state().docker_run(&args);
            let _ = tell.send(said);
        };
        self.state().daemon.spawn(stops);
        tokio::select! {
            said = told => Ok(said.unwrap()),
            () = stop.cancelled() => Err(ProgramError::Stopped { program: run.program.name() }),
        }
    }
}

impl State {
    pub(super) fn docker_run(&mut self, args: &[String]) -> (i32, String, String) {
        const DOWN: &str = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
        if let Some(cut) = self.cut_off(&args[0]) {
            return cut;
        }
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        let ok = |out: String| (0, out, String::new());
        match words.as_slice() {
            ["context", ..] => ok(json!(self.endpoint).to_string()),
            _ if !self.docker => (1, String::new(), DOWN.to_owned()),
            ["version", ..] => ok("28.1.1".to_owned()),
            ["image", "ls", repository, ..] => ok(self.image_tags(repository)),
            ["image", "inspect", "--format", _, names @ ..] => self.inspect_images(names),
            ["ps", ..] if self.endpoint != ENDPOINT => ok(String::new()),
            ["ps", .., filter] => {
                let only = filter.strip_prefix("label=io.x-k8s.kind.cluster=");
                let here = self.containers.iter().filter(|(_, cluster)| only.is_none_or(|o| o == cluster));
                let line = |(name, cluster): &(String, String)| {
                    let role = if name.contains("worker") { "worker" } else { "control-plane" };
                    let labels = format!("io.x-k8s.kind.cluster={cluster},io.x-k8s.kind.role={role}");
                    let state = self.switched.get(name).unwrap_or(&"running");
                    json!({ "ID": format!("{}-{name}", self.ids), "Names": name, "Image": "x", "Labels": labels, "State": state, "CreatedAt": self.created })
                        .to_string()
                };
                ok(here.map(line).collect::<Vec<_>>().join("\n"))
            }
            ["inspect" | "rm", .., id] if self.being_made > 0 => {
                self.being_made -= 1;
                (1, String::new(), format!("Error response from daemon: No such container: {id}"))
            }
            ["inspect", .., id] => ok(json!([{ "Id": id, "Mounts": [{ "Type": "volume", "Name": format!("volume-of-{id}") }] }]).to_string()),
            ["network", "inspect", "--format", _, names @ ..] => {
                let range = |name: &str| if name == "kind" { "192.168.32.0/20" } else { "172.17.0.0/16" };
                let line = |name: &&str| json!({ "Name": name, "IPAM": { "Config": [{ "Subnet": range(name) }] } }).to_string();
                ok(names.iter().map(line).collect::<Vec<_>>().join("\n"))
            }
            ["network", "ls", ..] => ok(self.networks.iter().cloned().collect::<Vec<_>>().join("\n")),
            ["network", "rm", name] => {
                self.networks.remove(*name);
                ok(String::new())
            }
            ["volume", "ls", ..] => ok(self.volumes.iter().cloned().collect::<Vec<_>>().join("\n")),
            ["volume", "rm", names @ ..] => {
                names.iter().for_each(|n| assert!(self.volumes.remove(*n)));
                ok(String::new())
            }
            ["rm", "-f", "-v", ids @ ..] => {
                let begin = self.ids;
                self.containers.retain(|(name, _)| !ids.contains(&format!("{begin}-{name}").as_str()));
                ok(String::new())
            }
            [verb @ ("start" | "stop" | "pause" | "unpause"), names @ ..] => {
                for name in names.iter().filter(|n| self.stubborn.as_deref() != Some(**n)) {
                    match *verb {
                        "stop" => self.switched.insert((*name).to_owned(), "exited"),
                        "pause" => self.switched.insert((*name).to_owned(), "paused"),
                        _ => self.switched.remove(*name),
                    };
                }
                ok(String::new())
            }
            ["logs", ..] => ok("systemd 257 running in system mode".to_owned()),
            other => panic!("docker {other:?}"),
        }
    }
}
