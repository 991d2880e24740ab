//! Which command makes the same cluster?

use api::drawing::{ClusterForm, MachinesAre};

use super::ranges::free_range;

/// clusterctl's own command where its template says the same as the form, else kubectl's with the shown YAML as a file.
pub fn command(form: &ClusterForm, machines: Option<MachinesAre>, context: &str) -> String {
    let context = quoted(context);
    match flavor(form, machines) {
        Some(flavor) => {
            let workers = form.pools.first().map_or(0, |pool| pool.replicas);
            format!(
                "clusterctl generate cluster {} --flavor {flavor} --target-namespace {} --kubernetes-version {} --control-plane-machine-count {} --worker-machine-count {workers} --kubeconfig-context {context} | kubectl --context {context} apply -f -",
                quoted(&form.name),
                quoted(&form.namespace),
                quoted(&form.version),
                form.control_planes
            )
        }
        None => format!("kubectl --context {context} create -f {}.yaml", quoted(&form.name)),
    }
}

/// The flavor of Cluster API's Docker provider that a form fits, when it asks for nothing that a flavor has no place for.
fn flavor(form: &ClusterForm, machines: Option<MachinesAre>) -> Option<&'static str> {
    let one_plain_pool =
        matches!(form.pools.as_slice(), [pool] if pool.name == "md-0" && pool.class == "default-worker" && pool.labels.is_empty() && pool.taints.is_empty());
    let usual_ranges = free_range(&api::drawing::FormField::PodRange, &[], "").as_deref() == Some(&form.pod_range)
        && free_range(&api::drawing::FormField::ServiceRange, &[], "").as_deref() == Some(&form.service_range);
    if form.yaml.is_some() || !form.variables.is_empty() || !one_plain_pool || !usual_ranges {
        return None;
    }
    match (machines?, form.class.name.as_str()) {
        (MachinesAre::Containers, "quick-start") => Some("development"),
        (MachinesAre::Simulated, "in-memory") => Some("in-memory"),
        (MachinesAre::Containers | MachinesAre::Simulated | MachinesAre::Elsewhere, _) => None,
    }
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@');
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
