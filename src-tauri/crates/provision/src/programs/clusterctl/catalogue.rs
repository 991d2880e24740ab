//! Which providers does clusterctl know, and what would one put into a cluster?

use api::providers::{AskedVariable, KnownProvider, MadeKind, ProviderPick, ProviderRole, Shown};

use super::{At, Source, command, configured};

/// Arguments that list the providers of clusterctl and of the user's configuration; nobody is contacted.
pub fn list(source: &Source) -> Vec<String> {
    ["config".to_owned(), "repositories".to_owned()].into_iter().chain(configured(source)).collect()
}

/// Arguments that print the objects of a provider with its variables as they stand in the text.
pub fn raw(pick: &ProviderPick, source: &Source) -> Vec<String> {
    let mut args = vec!["generate".to_owned(), "provider".to_owned(), flag(pick.role).to_owned(), named(pick), "--raw".to_owned()];
    args.extend(configured(source));
    args
}

/// Arguments that print what clusterctl knows of a provider, its version among it.
pub fn describe(pick: &ProviderPick, source: &Source) -> Vec<String> {
    let mut args = vec!["generate".to_owned(), "provider".to_owned(), flag(pick.role).to_owned(), named(pick), "--describe".to_owned()];
    args.extend(configured(source));
    args
}

/// Arguments that install one more provider.
pub fn add(at: &At, pick: &ProviderPick, source: &Source) -> Vec<String> {
    command(&["init", flag(pick.role), &named(pick)], at, source)
}

/// Arguments that take it away again; its kinds and its namespace stay.
pub fn remove(at: &At, pick: &ProviderPick, source: &Source) -> Vec<String> {
    command(&["delete", flag(pick.role), &pick.name], at, source)
}

fn flag(role: ProviderRole) -> &'static str {
    match role {
        ProviderRole::Core | ProviderRole::Needed => "--core",
        ProviderRole::Bootstrap => "--bootstrap",
        ProviderRole::ControlPlane => "--control-plane",
        ProviderRole::Infrastructure => "--infrastructure",
        ProviderRole::Ipam => "--ipam",
        ProviderRole::AddOn => "--addon",
        ProviderRole::RuntimeExtension => "--runtime-extension",
    }
}

fn named(pick: &ProviderPick) -> String {
    if pick.version.is_empty() { pick.name.clone() } else { format!("{}:{}", pick.name, pick.version) }
}

/// A name and a version that cannot be read as anything else than that.
pub fn is_sound(pick: &ProviderPick) -> bool {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) && !text.starts_with('-') && text.len() <= 63;
    plain(&pick.name) && !pick.name.is_empty() && plain(&pick.version) && (pick.version.is_empty() || pick.version.starts_with('v'))
}

/// Reads the table of `clusterctl config repositories`.
pub fn known(out: &str) -> Vec<KnownProvider> {
    let provider = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, kind, from) = (words.next()?, words.next()?, words.next()?);
        Some(KnownProvider { role: ProviderRole::of_type(kind)?, name: name.to_owned(), from: from.to_owned() })
    };
    out.lines().filter_map(provider).collect()
}

/// A value that `--describe` prints: `Version:                       v1.14.2`.
pub fn described(out: &str, key: &str) -> Option<String> {
    let value = out.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// What stands in the text of a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Components {
    pub made: Vec<MadeKind>,
    pub variables: Vec<AskedVariable>,
    pub namespace: String,
    pub images: Vec<String>,
    /// Contracts of Cluster API that its kinds follow.
    pub contracts: Vec<String>,
}

/// Reads the objects and the variables of a text that `--raw` printed; megabytes of definitions are never parsed as a whole.
pub fn components(text: &str) -> Components {
    let mut found = Components { images: images(text), ..Components::default() };
    for document in text.split("\n---") {
        let (kind, name) = (top(document, "kind:"), name_of(document));
        if let (Some(kind), Some(name)) = (&kind, name) {
            if kind == "Namespace" && found.namespace.is_empty() {
                found.namespace.clone_from(&name);
            }
            match found.made.iter_mut().find(|made| made.kind == *kind) {
                Some(made) => made.names.push(name),
                None => found.made.push(MadeKind { kind: kind.clone(), names: vec![name] }),
            }
        }
        if kind.as_deref() == Some("CustomResourceDefinition") {
            contracts(document, &mut found.contracts);
        }
        let in_secret = kind.as_deref() == Some("Secret");
        // Descriptions of definitions speak of variables that are none.
        if kind.as_deref() != Some("CustomResourceDefinition") {
            document.lines().filter(|line| !line.trim_start().starts_with('#')).for_each(|line| variables(line, in_secret, &mut found.variables));
        }
    }
    found
}

/// The definitions of kinds in such a text; one that cannot be read is left out.
pub fn definitions(text: &str) -> Vec<serde_json::Value> {
    let whole = text.split("\n---").filter(|document| top(document, "kind:").as_deref() == Some("CustomResourceDefinition"));
    whole.filter_map(|document| capi::yaml::one(document.trim_start_matches('-')).ok()).collect()
}

/// The images that its containers run, each once.
pub fn images(text: &str) -> Vec<String> {
    let mut found: Vec<String> = vec![];
    for document in text.split("\n---").filter(|document| matches!(top(document, "kind:").as_deref(), Some("Deployment" | "StatefulSet" | "DaemonSet" | "Job")))
    {
        let lines = document.lines().map(|line| line.trim_start().trim_start_matches("- "));
        for image in lines.filter_map(|line| line.strip_prefix("image:")).map(|rest| rest.trim().trim_matches(['"', '\'']).to_owned()) {
            if !image.is_empty() && !found.contains(&image) {
                found.push(image);
            }
        }
    }
    found
}

fn top(document: &str, key: &str) -> Option<String> {
    document.lines().find_map(|line| line.strip_prefix(key)).map(|rest| rest.trim().trim_matches(['"', '\'']).to_owned())
}

/// The `name` directly below the top `metadata`.
fn name_of(document: &str) -> Option<String> {
    let mut lines = document.lines().skip_while(|line| line.trim_end() != "metadata:").skip(1);
    let found = lines.by_ref().take_while(|line| line.starts_with(' ') || line.trim().is_empty()).find_map(|line| line.strip_prefix("  name:"));
    found.map(|rest| rest.trim().trim_matches(['"', '\'']).to_owned())
}

/// The labels `cluster.x-k8s.io/v1beta2: v1beta2` in the metadata of a definition.
fn contracts(document: &str, found: &mut Vec<String>) {
    let metadata = document.lines().skip_while(|line| line.trim_end() != "metadata:").skip(1).take_while(|line| line.starts_with(' '));
    for line in metadata {
        let Some((contract, _)) = line.trim().strip_prefix("cluster.x-k8s.io/v").and_then(|rest| rest.split_once(':')) else { continue };
        let contract = format!("v{contract}");
        if !found.contains(&contract) {
            found.push(contract);
        }
    }
}

/// `${NAME}`, `${NAME:=default}`, `${NAME:-default}`; `$${NAME}` means the braces themselves.
fn variables(line: &str, in_secret: bool, found: &mut Vec<AskedVariable>) {
    let mut rest = line;
    while let Some(start) = rest.find("${") {
        let escaped = rest.get(..start).is_some_and(|before| before.ends_with('$'));
        let Some((expression, next)) = rest.get(start + 2..).and_then(|inside| inside.split_once('}')) else { return };
        rest = next;
        let end = expression.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(expression.len());
        let (name, default) = expression.split_at(end);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if escaped || !is_name {
            continue;
        }
        let default = [":=", ":-", "=", "-"].iter().find_map(|sign| default.strip_prefix(sign)).map(|text| text.trim().trim_matches('"').to_owned());
        match found.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                // Without a default at one place it is needed there.
                known.default = known.default.take().filter(|_| default.is_some());
            }
            None => found.push(AskedVariable { name: name.to_owned(), default, shown: shown(name, in_secret) }),
        }
    }
}

pub(super) fn shown(name: &str, in_secret: bool) -> Shown {
    const HINTS: [&str; 6] = ["PASSWORD", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "B64"];
    let says = HINTS.iter().any(|hint| name.to_ascii_uppercase().contains(hint));
    if in_secret || says { Shown::AsDots } else { Shown::Plainly }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorded::lines;

    fn pick(name: &str, version: &str) -> ProviderPick {
        ProviderPick { role: ProviderRole::Infrastructure, name: name.into(), version: version.into() }
    }

    #[test]
    fn the_catalogue_of_the_real_clusterctl_is_read_with_local_folders() {
        let all = known(&lines("clusterctl/docker-clusterctl-config-repos.txt").join("\n"));
        let of = |role: ProviderRole| all.iter().filter(|one| one.role == role).count();
        assert!(of(ProviderRole::Infrastructure) > 20 && of(ProviderRole::Core) == 1 && of(ProviderRole::Ipam) > 0, "{all:?}");
        let docker = all.iter().find(|one| one.name == "docker").unwrap();
        assert_eq!(docker.from, "/srv/providers/infrastructure-docker/v1.14.2/");
    }

    #[test]
    fn names_that_look_like_flags_are_refused() {
        for (name, version, sound) in [
            ("vsphere", "v1.14.0", true),
            ("in-cluster", "", true),
            ("--kubeconfig", "", false),
            ("a b", "", false),
            ("", "v1", false),
            ("x:v1", "", false),
            ("x", "1.2", false),
            ("x", "v1\n", false),
        ] {
            assert_eq!(is_sound(&pick(name, version)), sound, "{name}:{version}");
        }
    }

    #[test]
    fn the_text_of_a_provider_says_what_is_made_and_what_is_asked_for() {
        // Hand-made after the components of a provider that asks for credentials.
        let text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    name: no\n  name: capv-system\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
                    metadata:\n  annotations:\n    name: no\n  labels:\n    cluster.x-k8s.io/v1beta2: v1beta2\n  name: vspheremachines.infrastructure.cluster.x-k8s.io\nspec:\n  description: ${NOT_ONE}\n---\napiVersion: v1\nkind: Secret\n\
                    metadata:\n  name: capv-credentials\nstringData:\n  credentials.yaml: |\n    username: '${VSPHERE_USERNAME}'\n    password: '${VSPHERE_PASSWORD}'\n---\n\
                    apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: capv-controller-manager\nspec:\n  args:\n  - --feature-gates=X=${EXP_X:=false},Y=${EXP_X:=false}\n  - $${LITERAL}\n\
                      # ${COMMENT}\n  - ${API_TOKEN:=\"\"} ${API_TOKEN}\n";
        let found = components(text);
        let made: Vec<_> = found.made.iter().map(|made| (made.kind.as_str(), made.names.join(" "))).collect();
        assert_eq!(
            made,
            [
                ("Namespace", "capv-system".to_owned()),
                ("CustomResourceDefinition", "vspheremachines.infrastructure.cluster.x-k8s.io".into()),
                ("Secret", "capv-credentials".into()),
                ("Deployment", "capv-controller-manager".into()),
            ]
        );
        let asked: Vec<_> = found.variables.iter().map(|v| (v.name.as_str(), v.default.as_deref(), v.shown)).collect();
        assert_eq!(
            asked,
            [
                ("VSPHERE_USERNAME", None, Shown::AsDots),
                ("VSPHERE_PASSWORD", None, Shown::AsDots),
                ("EXP_X", Some("false"), Shown::Plainly),
                ("API_TOKEN", None, Shown::AsDots),
            ]
        );
        assert_eq!((found.namespace.as_str(), found.contracts.as_slice()), ("capv-system", ["v1beta2".to_owned()].as_slice()));
    }

    #[test]
    fn a_text_tells_its_definitions_and_the_images_of_its_containers() {
        let text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: machines.cluster.x-k8s.io\nspec:\n  image: no\n---\n\
                    kind: CustomResourceDefinition\nmetadata: [\n---\nkind: Deployment\nspec:\n  containers:\n  - args: []\n    image: registry.k8s.io/a:v1\n  - image: \"b:v2\"\n  - image: b:v2\n";
        let read = definitions(text);
        assert_eq!((read.len(), &read[0]["metadata"]["name"]), (1, &serde_json::json!("machines.cluster.x-k8s.io")));
        assert_eq!(images(text), ["registry.k8s.io/a:v1", "b:v2"]);
    }

    #[test]
    fn any_text_is_read() {
        for text in ["", "---", "kind:", "metadata:\n  name:", "${", "${}", "$${X", "kind: A\nmetadata:\n"] {
            assert_eq!(components(text).variables, [], "{text}");
        }
    }
}
