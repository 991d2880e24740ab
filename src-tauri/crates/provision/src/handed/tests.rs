use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use serde_json::json;
use tools::Capture;

use super::*;
use crate::imagined::Machine;
use crate::programs::clusterctl::environment;

struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn handing(&self) -> Handing {
        let usual = ["config/cluster-api", ".cluster-api"].map(|name| self.folder.path().join(name)).into();
        Handing::new(Arc::new(Machine::new()), self.folder.path().join("handed"), usual)
    }

    /// What stands in the file of a run with these arguments, whose name is the last of them; nothing when there is none.
    fn handed(&self, args: &[&str]) -> Option<Value> {
        let mut run = run(Program::Clusterctl, args);
        let handed = self.handing().hand(&mut run).unwrap()?;
        assert_eq!(run.args.last().map(Path::new), Some(handed.0.as_path()));
        assert_eq!(run.env.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), PLAIN_ENVIRONMENT.map(|(name, _)| name));
        Some(serde_json::from_str(&fs::read_to_string(&handed.0).unwrap()).unwrap())
    }
}

fn run(program: Program, args: &[&str]) -> Invocation {
    let mut env = environment(Some(Secret::new("ghp_canary")));
    env.push(("VSPHERE_PASSWORD".to_owned(), Secret::new("two \"2\"\n: #")));
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    Invocation { program, args, env, cwd: PathBuf::from("/"), limit: Duration::from_secs(1), capture: Capture::Memory { most: 1 } }
}

#[test]
fn what_is_secret_stands_in_a_file_for_this_user_alone_that_goes_with_the_run() {
    let stage = Stage::new();
    let mut run = run(Program::Clusterctl, &["init", "--core", "cluster-api:v1"]);
    let handed = stage.handing().hand(&mut run).unwrap().unwrap();
    assert_eq!((&run.args[..3], run.args[3].as_str()), (&["init", "--core", "cluster-api:v1"].map(str::to_owned)[..], "--config"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&handed.0), mode(handed.0.parent().unwrap())), (0o600, 0o700));
    let file = handed.0.clone();
    drop(handed);
    assert!(!file.exists());
    assert_eq!(stage.handed(&["init"]), Some(json!({ "github-token": "ghp_canary", "VSPHERE_PASSWORD": "two \"2\"\n: #" })));
}

#[test]
fn the_configuration_of_the_user_is_in_it_wherever_it_stands() {
    let stage = Stage::new();
    let with = |own: Value| {
        let mut all = json!({ "github-token": "ghp_canary", "VSPHERE_PASSWORD": "two \"2\"\n: #" });
        all.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        Some(all)
    };
    stage.file(".cluster-api/clusterctl.yaml", "A: [1, x]\nvsphere_password: old\nGitHub-Token: old\n");
    assert_eq!(stage.handed(&["init"]), with(json!({ "A": [1, "x"] })), "what is given is stronger");
    stage.file("config/cluster-api/clusterctl.json", "{\"B\": {\"c\": true}}");
    assert_eq!(stage.handed(&["init"]), with(json!({ "B": { "c": true } })), "the first one counts");
    let chosen = stage.file("mine.yml", "D: d\n").display().to_string();
    assert_eq!(stage.handed(&["init", "--config", &chosen]), with(json!({ "D": "d" })), "the chosen one counts");
    let empty = stage.file("empty.yaml", "\n").display().to_string();
    assert_eq!(stage.handed(&["init", "--config", &empty]), with(json!({})));
}

#[test]
fn a_configuration_that_cannot_be_read_and_other_programs_stay_as_they_are() {
    let stage = Stage::new();
    let broken = stage.file("broken.yaml", "a: [").display().to_string();
    let foreign = stage.file("c.toml", "a = 1\n").display().to_string();
    for (program, args) in [
        (Program::Kind, vec!["get", "clusters"]),
        (Program::Clusterctl, vec!["init", "--config", broken.as_str()]),
        (Program::Clusterctl, vec!["init", "--config", foreign.as_str()]),
        (Program::Clusterctl, vec!["init", "--config", "/nonexistent/c.yaml"]),
    ] {
        let (mut changed, before) = (run(program.clone(), &args), run(program, &args));
        assert!(stage.handing().hand(&mut changed).unwrap().is_none());
        assert_eq!((changed.args, changed.env), (before.args, before.env));
    }
    let mut plain = Invocation { env: environment(None), ..run(Program::Clusterctl, &["init"]) };
    assert!(stage.handing().hand(&mut plain).unwrap().is_none(), "without a secret there is no file");
    assert_eq!(plain.args, ["init"]);
}

#[test]
fn what_a_killed_kos_left_is_swept_and_nothing_else() {
    let stage = Stage::new();
    let left = stage.file("handed/clusterctl-7-0.yaml", "github-token: x\n");
    let (other, target) = (stage.file("handed/socket", ""), stage.file("target", "mine"));
    symlink(&target, stage.folder.path().join("handed/clusterctl-7-1.yaml")).unwrap();
    sweep_handed(&stage.folder.path().join("handed"));
    assert!(!left.exists() && other.exists());
    assert_eq!(fs::read_dir(stage.folder.path().join("handed")).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(target).unwrap(), "mine");
}
