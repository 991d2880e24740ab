//! How is a template of a provider read and filled in?
//!
//! `clusterctl generate cluster` puts it together from the provider's repository; what it leaves open are variables.

use api::providers::AskedVariable;
use api::templates::{TemplateFor, TemplatePick};

use super::catalogue::shown;
use super::{At, Source, command};

/// A template for one cluster of a management cluster.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub pick: &'a TemplatePick,
    pub fields: &'a TemplateFor,
    pub at: &'a At,
    pub source: &'a Source,
}

/// Variables that the form has a field for: they go as flags.
const OF_THE_FORM: [&str; 5] = ["CLUSTER_NAME", "NAMESPACE", "KUBERNETES_VERSION", "CONTROL_PLANE_MACHINE_COUNT", "WORKER_MACHINE_COUNT"];

/// Arguments that print which variables a template has.
pub fn variables(wanted: &Wanted<'_>) -> Vec<String> {
    let mut args = fill(wanted);
    args.push("--list-variables".to_owned());
    args
}

/// Arguments that print the objects of a template.
pub fn fill(wanted: &Wanted<'_>) -> Vec<String> {
    let Wanted { pick, fields, at, source } = wanted;
    let provider = if pick.of.version.is_empty() { pick.of.provider.clone() } else { format!("{}:{}", pick.of.provider, pick.of.version) };
    let (planes, workers) = (fields.control_planes.to_string(), fields.workers.to_string());
    let mut words = vec!["generate", "cluster", &fields.name, "--infrastructure", &provider];
    if !pick.flavor.is_empty() {
        words.extend(["--flavor", &pick.flavor]);
    }
    words.extend(["--target-namespace", &fields.namespace, "--kubernetes-version", &fields.version]);
    words.extend(["--control-plane-machine-count", &planes, "--worker-machine-count", &workers]);
    command(&words, at, source)
}

/// Whether each part is what it is called, and none can be read as a flag.
pub fn is_sound(pick: &TemplatePick, fields: &TemplateFor) -> bool {
    let plain = |text: &str| text.len() <= 63 && !text.starts_with('-') && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    let named = |text: &str| !text.is_empty() && plain(text);
    let version = |text: &str| text.starts_with('v') && plain(text);
    named(&pick.of.provider)
        && (pick.of.version.is_empty() || version(&pick.of.version))
        && plain(&pick.flavor)
        && named(&fields.name)
        && named(&fields.namespace)
        && version(&fields.version)
}

/// Reads what `--list-variables` prints: `  - POD_CIDR    (defaults to "[\"192.168.0.0/16\"]")`.
pub fn asked(out: &str) -> Vec<AskedVariable> {
    let variable = |line: &str| {
        let rest = line.trim_start().strip_prefix("- ")?;
        let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let default = rest.trim().strip_prefix("(defaults to ").and_then(|rest| rest.strip_suffix(')'));
        // Texts stand in quotes of Go, which are those of JSON for what a template holds.
        let default = default.map(|text| serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()));
        (!OF_THE_FORM.contains(&name)).then(|| AskedVariable { name: name.to_owned(), default, shown: shown(name, false) })
    };
    out.lines().filter_map(variable).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use api::providers::Shown;
    use api::templates::TemplatesOf;

    use super::*;

    fn pick(provider: &str, version: &str, flavor: &str) -> TemplatePick {
        TemplatePick { of: TemplatesOf { provider: provider.into(), version: version.into() }, flavor: flavor.into() }
    }

    fn fields(name: &str, namespace: &str, version: &str) -> TemplateFor {
        TemplateFor { name: name.into(), namespace: namespace.into(), version: version.into(), control_planes: 3, workers: 2 }
    }

    #[test]
    fn a_template_is_asked_for_with_what_the_form_says() {
        let (at, source) = (At { kubeconfig: PathBuf::from("/k"), context: "kind-kos-mgmt".into() }, Source::Config(PathBuf::from("/c.yaml")));
        let (pick, fields) = (pick("docker", "v1.14.2", "development"), fields("w1", "default", "v1.36.1"));
        let wanted = Wanted { pick: &pick, fields: &fields, at: &at, source: &source };
        assert_eq!(
            variables(&wanted).join(" "),
            "generate cluster w1 --infrastructure docker:v1.14.2 --flavor development --target-namespace default --kubernetes-version v1.36.1 \
             --control-plane-machine-count 3 --worker-machine-count 2 --kubeconfig /k --kubeconfig-context kind-kos-mgmt --config /c.yaml --list-variables"
        );
        assert!(!fill(&wanted).contains(&"--list-variables".to_owned()));
    }

    #[test]
    fn what_could_be_read_as_a_flag_or_a_path_is_refused() {
        let good = (pick("docker", "v1.14.2", ""), fields("w1", "default", "v1.36.1"));
        for (pick, fields, sound) in [
            (good.0.clone(), good.1.clone(), true),
            (pick("in-cluster", "", "dev-mp"), good.1.clone(), true),
            (pick("--config", "", ""), good.1.clone(), false),
            (pick("", "v1", ""), good.1.clone(), false),
            (pick("docker", "1.14", ""), good.1.clone(), false),
            (pick("docker", "v1", "../x"), good.1.clone(), false),
            (pick("docker", "v1", "-f"), good.1.clone(), false),
            (good.0.clone(), fields("", "default", "v1.36.1"), false),
            (good.0.clone(), fields("-w1", "default", "v1.36.1"), false),
            (good.0.clone(), fields("w1", "a b", "v1.36.1"), false),
            (good.0.clone(), fields("w1", "default", "1.36\n"), false),
        ] {
            assert_eq!(is_sound(&pick, &fields), sound, "{pick:?} {fields:?}");
        }
    }

    #[test]
    fn variables_are_read_as_clusterctl_lists_them_without_those_of_the_form() {
        // As `clusterctl generate cluster --list-variables` prints them.
        let out = "Required Variables:\n  - DOCKER_HOST_PATH\n  - SSH_KEY_B64\n\nOptional Variables:\n  - CLUSTER_NAME                   (defaults to w1)\n  \
                   - POD_CIDR                       (defaults to \"[\\\"192.168.0.0/16\\\"]\")\n  - POD_SECURITY_STANDARD_ENABLED  (defaults to \"true\")\n  \
                   - SERVICE_DOMAIN                 (defaults to \"cluster.local\")\n  - WORKER_MACHINE_COUNT           (defaults to 2)\n  - SPOT                           (defaults to )\n\n";
        let read: Vec<_> = asked(out).into_iter().map(|v| (v.name, v.default, v.shown)).collect();
        let of = |name: &str, default: Option<&str>, shown| (name.to_owned(), default.map(str::to_owned), shown);
        assert_eq!(
            read,
            [
                of("DOCKER_HOST_PATH", None, Shown::Plainly),
                of("SSH_KEY_B64", None, Shown::AsDots),
                of("POD_CIDR", Some("[\"192.168.0.0/16\"]"), Shown::Plainly),
                of("POD_SECURITY_STANDARD_ENABLED", Some("true"), Shown::Plainly),
                of("SERVICE_DOMAIN", Some("cluster.local"), Shown::Plainly),
                of("SPOT", Some(""), Shown::Plainly),
            ]
        );
        for any in ["", "- ", "  -", "Required Variables:", "  - X (defaults to"] {
            asked(any);
        }
    }
}
