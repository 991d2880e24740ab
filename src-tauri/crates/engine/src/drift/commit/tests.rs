//! Commits by the real git, in repositories that each test makes; the clusters are those of the demo.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use api::FaultCode;
use api::changes::ClusterAt;
use api::commits::{CommitFiles, Rendered};
use api::definitions::{ObjectName, WorkTree};
use tokio_util::sync::CancellationToken;
use tools::{Capture, Invocation, Machine, Places, Program, Programs};

use super::super::tests::{demo, object};
use super::*;
use crate::realm::Realm;

/// A real repository in place of the one that the demo imagines, and a KOS that runs the real git.
struct Desk {
    _home: tempfile::TempDir,
    realm: Arc<Realm>,
    drifts: Drifts,
    programs: Arc<dyn Programs>,
    at: ClusterAt,
    root: PathBuf,
    bound: PathBuf,
}

impl Desk {
    async fn new() -> Self {
        let desk = Self::without_commit().await;
        desk.git(&["add", "."]).await;
        desk.git(&["commit", "--quiet", "-m", "lab-a: two workers"]).await;
        desk
    }

    async fn without_commit() -> Self {
        let (home, realm, at, bound) = demo().await;
        let root = bound.ancestors().nth(2).unwrap().to_owned();
        std::fs::remove_dir_all(root.join(".git")).unwrap();
        let env = std::env::vars_os().filter(|(name, _)| name == "PATH").chain([("HOME".into(), home.path().into())]).collect();
        let programs: Arc<dyn Programs> = Arc::new(Machine::new(Places::default(), env));
        let drifts = Drifts::new(realm.fleet.clone(), realm.sessions.clone(), realm.local.clone(), realm.home.clone(), programs.clone());
        let desk = Self { _home: home, realm, drifts, programs, at, root, bound };
        desk.git(&["init", "--quiet", "--initial-branch=main"]).await;
        desk.git(&["config", "user.name", "Jo Doe"]).await;
        desk.git(&["config", "user.email", "jo@acme.dev"]).await;
        desk
    }

    /// Runs git as the user would.
    async fn git(&self, args: &[&str]) -> String {
        self.git_in(&self.root, args).await
    }

    async fn git_in(&self, folder: &Path, args: &[&str]) -> String {
        let invocation = Invocation {
            program: Program::Git,
            args: args.iter().map(|word| (*word).to_owned()).collect(),
            env: vec![],
            cwd: folder.to_owned(),
            limit: Duration::from_secs(60),
            capture: Capture::Memory { most: 1024 * 1024 },
        };
        let exit = self.programs.run(invocation, &mut |_| {}, CancellationToken::new()).await.unwrap();
        assert!(exit.succeeded(), "git {args:?}: {:?}", exit.tail);
        String::from_utf8(exit.out).unwrap().trim_end().to_owned()
    }

    async fn plan(&self) -> Result<CommitPlan, Fault> {
        self.drifts.plan_commit(&self.at, &cluster()).await
    }

    async fn commit(&self, plan: &CommitPlan, message: &str) -> Result<Committed, Fault> {
        let call = CommitFiles { at: self.at.clone(), objects: cluster(), digest: plan.digest.clone(), message: message.to_owned() };
        self.drifts.commit(&call).await
    }

    fn file(&self) -> PathBuf {
        self.bound.join("cluster.yaml")
    }

    /// What stands in the way, with the proof that nothing was written.
    async fn refused(&self) -> Fault {
        let (head, text) = (std::fs::read(self.root.join(".git/refs/heads/main")).ok(), std::fs::read(self.file()).unwrap());
        let fault = self.plan().await.unwrap_err();
        assert_eq!(fault.unharmed, NOTHING);
        assert_eq!((std::fs::read(self.root.join(".git/refs/heads/main")).ok(), std::fs::read(self.file()).unwrap()), (head, text));
        fault
    }
}

fn cluster() -> Vec<ObjectName> {
    vec![object("Cluster", "lab-a")]
}

#[tokio::test]
async fn what_runs_is_committed_and_nothing_else_is() {
    let desk = Desk::new().await;
    // Another file is changed, a third one is staged, and a hook waits.
    std::fs::write(desk.bound.join("health.yaml"), "# changed\n").unwrap();
    std::fs::write(desk.bound.join("notes.txt"), "staged\n").unwrap();
    desk.git(&["add", "lab/lab-a/notes.txt"]).await;
    for hook in ["pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"] {
        let path = desk.root.join(".git/hooks").join(hook);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\ntouch '{}'\n", desk.root.join("hooked").display())).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let plan = desk.plan().await.unwrap();
    assert_eq!((plan.branch.as_str(), plan.by.as_str(), plan.message.as_str()), ("main", "Jo Doe <jo@acme.dev>", "lab-a: md-0 replicas 3"));
    assert_eq!((plan.rendered, plan.files.files.len()), (Rendered::Same, 1));
    let plan = desk.plan().await.unwrap();
    let head = desk.git(&["rev-parse", "HEAD"]).await;
    let made = desk.commit(&plan, "lab-a: 3 workers\n\nAs it runs.").await.unwrap();
    assert_eq!((made.branch.as_str(), made.files.as_slice()), ("main", ["~/src/clusters/lab/lab-a/cluster.yaml".to_owned()].as_slice()));
    assert!(!desk.root.join("hooked").exists(), "no hook runs");
    assert_eq!(desk.git(&["rev-parse", "HEAD", "HEAD~1"]).await, format!("{}\n{head}", made.commit));
    assert_eq!(desk.git(&["log", "-1", "--format=%an %ae %B"]).await.trim(), "Jo Doe jo@acme.dev lab-a: 3 workers\n\nAs it runs.");
    assert_eq!(desk.git(&["show", "--format=", "--numstat", "HEAD"]).await, "1\t1\tlab/lab-a/cluster.yaml");
    let status = desk.git(&["-c", "core.hooksPath=/dev/null", "status", "--porcelain"]).await;
    let status: Vec<&str> = status.lines().map(str::trim).collect();
    assert_eq!(status, ["M lab/lab-a/health.yaml", "A  lab/lab-a/notes.txt"], "what else changed or was staged is as it was");
    assert!(std::fs::read_to_string(desk.file()).unwrap().contains("v1.36.1  # keep with lab-b"), "comments stay");
    desk.realm.close().await;
}

#[tokio::test]
async fn a_file_that_changed_meanwhile_is_not_committed() {
    let desk = Desk::new().await;
    let plan = desk.plan().await.unwrap();
    let text = std::fs::read_to_string(desk.file()).unwrap();
    std::fs::write(desk.file(), text.replace("replicas: 2", "replicas: 5")).unwrap();
    let fault = desk.commit(&plan, "lab-a").await.unwrap_err();
    assert_eq!(
        (fault.sentence.as_str(), fault.unharmed.as_str()),
        ("lab/lab-a/cluster.yaml has changes that are not committed. Commit them or take them back with git first.", NOTHING)
    );
    std::fs::write(desk.file(), &text).unwrap();
    desk.git(&["commit", "--quiet", "--allow-empty", "-m", "by another hand"]).await;
    let fault = desk.commit(&plan, "lab-a").await.unwrap_err();
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Changed, NOTHING), "the branch moved");
    desk.realm.close().await;
}

#[tokio::test]
async fn a_checkout_that_cannot_take_a_commit_says_why() {
    let desk = Desk::new().await;
    let says = async |words: &str| {
        let fault = desk.refused().await;
        assert!(fault.sentence.contains(words), "{words}: {fault}");
    };
    desk.git(&["checkout", "--quiet", "--detach"]).await;
    says("No branch is checked out").await;
    desk.git(&["checkout", "--quiet", "main"]).await;

    let text = std::fs::read_to_string(desk.file()).unwrap();
    std::fs::write(desk.file(), format!("{text}# mine\n")).unwrap();
    says("has changes that are not committed").await;
    desk.git(&["add", "."]).await;
    says("is staged").await;
    desk.git(&["reset", "--quiet", "--hard"]).await;

    std::fs::write(desk.root.join(".gitattributes"), "*.yaml filter=vault\n").unwrap();
    desk.git(&["config", "filter.vault.clean", &format!("touch '{}'", desk.root.join("filtered").display())]).await;
    says("goes through “vault”").await;
    assert!(!desk.root.join("filtered").exists(), "the filter does not run");
    std::fs::remove_file(desk.root.join(".gitattributes")).unwrap();

    std::fs::write(desk.root.join(".git/MERGE_HEAD"), "0\n").unwrap();
    says("A merge goes on").await;
    std::fs::remove_file(desk.root.join(".git/MERGE_HEAD")).unwrap();

    desk.git(&["rm", "--quiet", "--cached", "lab/lab-a/cluster.yaml"]).await;
    desk.git(&["commit", "--quiet", "-m", "forgotten"]).await;
    says("Git does not know lab/lab-a/cluster.yaml yet").await;
    desk.realm.close().await;
}

#[tokio::test]
async fn a_file_in_conflict_is_not_committed() {
    let desk = Desk::new().await;
    let text = std::fs::read_to_string(desk.file()).unwrap();
    for (branch, replicas) in [("theirs", "replicas: 7"), ("main", "replicas: 8")] {
        desk.git(&["checkout", "--quiet", "-B", branch]).await;
        if branch == "main" {
            desk.git(&["reset", "--quiet", "--hard", "HEAD~1"]).await;
        }
        std::fs::write(desk.file(), text.replace("replicas: 2", replicas)).unwrap();
        desk.git(&["commit", "--quiet", "--all", "-m", replicas]).await;
    }
    let merge = Invocation {
        program: Program::Git,
        args: ["merge", "--quiet", "theirs"].map(str::to_owned).to_vec(),
        env: vec![],
        cwd: desk.root.clone(),
        limit: Duration::from_secs(60),
        capture: Capture::Memory { most: 1024 },
    };
    assert!(!desk.programs.run(merge, &mut |_| {}, CancellationToken::new()).await.unwrap().succeeded());
    // Whoever put the file right has to tell git so before it is committed.
    std::fs::write(desk.file(), &text).unwrap();
    assert!(desk.refused().await.sentence.starts_with("A merge goes on"));
    std::fs::remove_file(desk.root.join(".git/MERGE_HEAD")).unwrap();
    assert_eq!(desk.refused().await.sentence, "lab/lab-a/cluster.yaml is in conflict. Solve it with git first.");
    desk.realm.close().await;
}

#[tokio::test]
async fn a_checkout_without_a_commit_and_a_folder_without_a_checkout_are_told() {
    let desk = Desk::without_commit().await;
    assert_eq!(desk.refused().await.sentence, "main has no commit yet. Make the first one with git.");
    std::fs::remove_dir_all(desk.root.join(".git")).unwrap();
    assert_eq!(desk.refused().await.sentence, "~/src/clusters/lab/lab-a is in no git checkout. Write the files without a commit.");
    desk.realm.close().await;
}

#[tokio::test]
async fn who_has_no_name_is_told_how_git_learns_it() {
    let desk = Desk::new().await;
    desk.git(&["config", "user.useConfigOnly", "true"]).await;
    desk.git(&["config", "--unset", "user.name"]).await;
    desk.git(&["config", "--unset", "user.email"]).await;
    let fault = desk.refused().await;
    assert!(fault.sentence.starts_with("Git does not know who you are.") && fault.cause[0].source == "git var" && fault.fixes.len() == 1, "{fault:?}");
    desk.realm.close().await;
}

#[tokio::test]
async fn a_computer_without_git_writes_without_a_commit() {
    let desk = Desk::new().await;
    desk.realm.simulated().uninstall("git");
    let fault = desk.realm.drifts.plan_commit(&desk.at, &cluster()).await.unwrap_err();
    assert_eq!((fault.code, fault.sentence.as_str(), fault.unharmed.as_str()), (FaultCode::Program, "git was not found.", NOTHING));
    desk.realm.close().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_leaves_branch_and_file_as_they_were() {
    let desk = Desk::new().await;
    let (plan, head) = (desk.plan().await.unwrap(), desk.git(&["rev-parse", "HEAD"]).await);
    let before = std::fs::read(desk.file()).unwrap();
    // A folder stands where the new file would be laid down; who may write everywhere is stopped by it too.
    std::fs::create_dir(kubeconfig::temporary::beside(&desk.bound.join("cluster.yaml"))).unwrap();
    let fault = desk.commit(&plan, "lab-a").await.unwrap_err();
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Write, NOTHING));
    assert_eq!((desk.git(&["rev-parse", "HEAD"]).await, std::fs::read(desk.file()).unwrap()), (head, before));
    desk.realm.close().await;
}

#[tokio::test]
async fn an_index_that_another_git_holds_is_said_with_what_was_written() {
    let desk = Desk::new().await;
    let (plan, head) = (desk.plan().await.unwrap(), desk.git(&["rev-parse", "HEAD"]).await);
    std::fs::write(desk.root.join(".git/index.lock"), "").unwrap();
    let fault = desk.commit(&plan, "lab-a").await.unwrap_err();
    assert_eq!(fault.unharmed, "~/src/clusters/lab/lab-a/cluster.yaml is written, and not committed: main stands where it stood.");
    assert!(fault.cause[0].text.contains("index.lock"), "{fault:?}");
    std::fs::remove_file(desk.root.join(".git/index.lock")).unwrap();
    assert_eq!(desk.git(&["rev-parse", "HEAD"]).await, head);
    desk.realm.close().await;
}

#[tokio::test]
async fn a_commit_needs_words_that_git_can_keep() {
    let desk = Desk::new().await;
    let plan = desk.plan().await.unwrap();
    for odd in ["", "  \n ", "a\u{7}b", &"x".repeat(MOST_MESSAGE + 1)] {
        assert_eq!(desk.commit(&plan, odd).await.unwrap_err().unharmed, NOTHING);
    }
    // Words that look like options are words.
    let made = desk.commit(&plan, "--amend").await.unwrap();
    assert_eq!(desk.git(&["log", "-1", "--format=%s", &made.commit]).await, "--amend");
    desk.realm.close().await;
}

#[tokio::test]
async fn how_far_the_branch_is_ahead_and_whether_something_is_staged_is_told() {
    let desk = Desk::new().await;
    let origin = desk.root.parent().unwrap().join("origin.git");
    desk.git_in(desk.root.parent().unwrap(), &["clone", "--quiet", "--bare", "clusters", "origin.git"]).await;
    desk.git(&["remote", "add", "origin", &origin.display().to_string()]).await;
    desk.git(&["fetch", "--quiet", "origin"]).await;
    desk.git(&["branch", "--quiet", "--set-upstream-to=origin/main"]).await;
    let plan = desk.plan().await.unwrap();
    desk.commit(&plan, "lab-a: 3 workers").await.unwrap();
    let bound = desk.drifts.bound(&desk.bound, vec![desk.file()], api::definitions::Compared::Comparing).await;
    let told = bound.checkout.expect("it is a checkout");
    assert_eq!(told.upstream, Some(api::definitions::Upstream { name: "origin/main".into(), ahead: 1, behind: 0 }));
    assert_eq!(told.tree, WorkTree::Clean, "a commit leaves nothing staged");
    std::fs::write(desk.bound.join("notes.txt"), "staged\n").unwrap();
    desk.git(&["add", "."]).await;
    let bound = desk.drifts.bound(&desk.bound, vec![desk.file()], api::definitions::Compared::Comparing).await;
    assert_eq!(bound.checkout.expect("it is a checkout").tree, WorkTree::Staged);
    desk.realm.close().await;
}
