//! Where does a management cluster with thousands of objects come from that stands still until it is told to change?
//!
//! A plain server on loopback: discovery, lists and watches of the kinds that it was given, and nothing else.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use serde_json::json;

/// A list path, `/apis/cluster.x-k8s.io/v1beta2/machines`, with its kind and its objects as text.
type Lists = BTreeMap<String, (String, Vec<String>)>;

/// Answers until its owner is gone.
pub(crate) struct Management {
    address: SocketAddr,
    watches: Arc<Watches>,
}

/// Open watches by the path of their list.
#[derive(Default)]
struct Watches(Mutex<BTreeMap<String, Vec<TcpStream>>>);

impl Management {
    /// `objects` are lines of API version, kind and object, with a space in between.
    pub(crate) fn start(objects: &str) -> Result<Self> {
        let mut lists = Lists::new();
        for line in objects.lines() {
            let (version, rest) = line.split_once(' ').context("an API version")?;
            let (kind, object) = rest.split_once(' ').context("a kind")?;
            let path = format!("/apis/{version}/{}s", kind.to_lowercase());
            lists.entry(path).or_insert_with(|| (kind.to_owned(), vec![])).1.push(object.to_owned());
        }
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, lists, watches) = (listener.local_addr()?, Arc::new(lists), Arc::new(Watches::default()));
        let known = watches.clone();
        // Ends with the process: a connection that nobody makes is waited for until then.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (lists, watches) = (lists.clone(), known.clone());
                std::thread::spawn(move || serve(stream, &lists, &watches));
            }
        });
        Ok(Self { address, watches })
    }

    pub(crate) fn kubeconfig(&self) -> String {
        let Self { address, .. } = self;
        format!(
            "apiVersion: v1\nkind: Config\nclusters: [{{ name: bench, cluster: {{ server: 'http://{address}' }} }}]\n\
             users: [{{ name: nobody, user: {{}} }}]\ncontexts: [{{ name: bench, context: {{ cluster: bench, user: nobody }} }}]\n"
        )
    }

    /// Tells all that watch a list of a change.
    pub(crate) fn tell(&self, path: &str, object: &serde_json::Value) -> Result<()> {
        let line = format!("{}\n", json!({ "type": "MODIFIED", "object": object }));
        for stream in self.watches.all().get_mut(path).into_iter().flatten() {
            write!(stream, "{:x}\r\n{line}\r\n", line.len())?;
        }
        Ok(())
    }
}

impl Watches {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Vec<TcpStream>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers the requests of one connection until one of them is a watch, which keeps it.
fn serve(mut stream: TcpStream, lists: &Lists, watches: &Watches) {
    let Ok(reading) = stream.try_clone() else { return };
    let mut reading = BufReader::new(reading);
    while let Ok(Some(target)) = request(&mut reading) {
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        if query.contains("watch=true") {
            let begun = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            if begun.is_ok() {
                watches.all().entry(path.to_owned()).or_default().push(stream);
            }
            return;
        }
        let (status, body) = match answer(path, lists) {
            Some(body) => ("200 OK", body),
            None => ("404 Not Found", json!({ "kind": "Status", "status": "Failure", "code": 404, "message": "not here" }).to_string()),
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

/// The target of the next request; its body is read and left.
fn request(reading: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let mut first = String::new();
    if reading.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        reading.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        length = line.strip_prefix("content-length:").and_then(|n| n.trim().parse().ok()).unwrap_or(length);
    }
    std::io::copy(&mut reading.take(length), &mut std::io::sink())?;
    Ok(first.split(' ').nth(1).map(str::to_owned))
}

fn answer(path: &str, lists: &Lists) -> Option<String> {
    if let Some((kind, items)) = lists.get(path) {
        return Some(format!(r#"{{"kind":"{kind}List","metadata":{{"resourceVersion":"1"}},"items":[{}]}}"#, items.join(",")));
    }
    let of = |version: &str| {
        let below = format!("/apis/{version}/");
        let kinds = lists.iter().filter_map(|(path, (kind, _))| Some((path.strip_prefix(&below)?.to_owned(), kind.clone())));
        kinds.map(|(name, kind)| json!({ "name": name, "kind": kind, "namespaced": true, "verbs": ["list", "watch"] })).collect::<Vec<_>>()
    };
    match path {
        "/version" => Some(json!({ "gitVersion": "v1.36.1" }).to_string()),
        "/apis" => {
            let versions: std::collections::BTreeSet<(&str, &str)> =
                lists.keys().filter_map(|path| path.strip_prefix("/apis/")?.rsplit_once('/')?.0.split_once('/')).collect();
            let group = |(group, version)| json!({ "name": group, "preferredVersion": { "groupVersion": format!("{group}/{version}"), "version": version } });
            Some(json!({ "groups": versions.into_iter().map(group).collect::<Vec<_>>() }).to_string())
        }
        "/api/v1/events" | "/apis/apiextensions.k8s.io/v1/customresourcedefinitions" => {
            Some(json!({ "metadata": { "resourceVersion": "1" }, "items": [] }).to_string())
        }
        other => {
            let version = other.strip_prefix("/apis/")?;
            let resources = of(version);
            (!resources.is_empty()).then(|| json!({ "resources": resources }).to_string())
        }
    }
}
