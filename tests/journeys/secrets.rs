//! No credential reaches what others may read of the window: the page and its memory, the session's bus, titles, programs.

use std::path::Path;
use std::time::Duration;

use testkit::{Scenario, act};
use tests::computer::{NAME, Pace};
use tests::desk::kubeconfig;
use tests::overheard::{Overheard, titles};
use tests::{Computer, Process, Window, memory};

/// What the job takes on a slow machine that does other things too.
const LONG: Duration = Duration::from_secs(420);
/// The programs in which WebKit draws and speaks to the core.
const PAGES: [&str; 2] = ["WebKitWebProcess", "WebKitNetworkProcess"];

/// How every credential of the kubeconfig begins, plain and in base64. None is ever said to the page by this test.
const MARKS: [&str; 2] = ["canary-of-", "Y2FuYXJ5LW9m"];
/// What the user types into the page: it was there, and goes nowhere else.
const TYPED: &str = "typed-by-hand";
/// A name that is no secret: where it is not found, nothing was looked through.
const KNOWN: &str = "name-of-note";

/// A context by a token, and others by a program, a password and a key.
fn contexts() -> String {
    let exec = "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: signs-in\n      interactiveMode: Never\n      env: [{name: GIVEN, value: canary-of-plugin-variable}]\n";
    let users = format!(
        "users:\n- name: by-program\n  user:\n{exec}- name: by-password\n  user: {{username: jo, password: canary-of-password}}\n\
         - name: by-key\n  user: {{client-key-data: Y2FuYXJ5LW9mLWtleQ==, client-certificate-data: Y2FuYXJ5LW9mLWNlcnQ=}}\n"
    );
    let text = kubeconfig(KNOWN, "https://127.0.0.1:1", "canary-of-token").replace("users:\n", &users);
    ["by-program", "by-password", "by-key"]
        .iter()
        .fold(text, |text, user| text.replacen("contexts:\n", &format!("contexts:\n- name: {user}\n  context: {{cluster: {KNOWN}, user: {user}}}\n"), 1))
}

/// Everything that leaves a trace: contexts of every kind, a job, a token that is typed, and a second start.
async fn use_all(computer: &Computer, window: &Window) -> anyhow::Result<()> {
    for name in [KNOWN, "by-password"] {
        window.ctrl('0').await?;
        window.click_in("[role=row]", name, "Connect").await?;
    }
    window.ctrl('0').await?;
    window.click_in("[role=row]", "by-program", "Connect").await?;
    window.click("Review the program…").await?;
    window.read("signs-in").await?;
    window.click_in("[role=dialog]", "", "Run once").await?;
    window.read("the badge has expired").await?;

    window.command("Create local management cluster").await?;
    window.fill("Name", NAME).await?;
    window.click(&format!("Create {NAME}")).await?;
    window.all_done(LONG).await?;

    window.click("Settings").await?;
    window.click("Local clusters").await?;
    window.fill("Token for releases", TYPED).await?;
    window.click("Use").await?;
    window.read("One is held until KOS is closed").await?;
    window.click("Doctor").await?;
    window.read("inotify instances").await?;

    let more = computer.desk.file("second-start-of-note.yaml", &kubeconfig("second", "https://127.0.0.1:1", "canary-of-second-start"));
    assert!(window.start_again(&computer.desk, &[&more.display().to_string()]).await?.success());
    window.ctrl('0').await?;
    window.read("second").await
}

#[tokio::test]
async fn no_credential_reaches_the_page_its_memory_the_bus_or_a_title() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let acts = [act::out("canary-of-plugin-output"), act::err("the badge has expired"), act::exit(1)];
    computer.programs.install("signs-in", &Scenario::new().otherwise(acts))?;
    computer.desk.file(".kube/config", &contexts());
    let window = Window::open(&computer.desk, &[]).await?;
    window.read(KNOWN).await?;
    let bus = Overheard::on(&window.bus()?, &computer.desk.home().join("bus")).await?;
    use_all(&computer, &window).await?;

    let secret = |text: &str| MARKS.into_iter().chain([TYPED]).find(|mark| text.contains(mark));
    let kept =
        "return [document.documentElement.outerHTML, document.title, location.href, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join(' ')";
    let page = window.page.execute(kept, vec![]).await?.to_string();
    assert!(page.contains(KNOWN));
    assert_eq!(secret(&page), None, "on the page");

    for program in PAGES {
        let process = Process::of(&computer.desk, Path::new(program)).await?;
        let found = memory::beginning_with(&process, &[MARKS[0], MARKS[1], KNOWN])?;
        let secrets: Vec<&String> = found.iter().filter(|word| secret(word).is_some()).collect();
        assert_eq!(secrets, Vec::<&String>::new(), "in the memory of {program}");
        assert!(program != PAGES[0] || found.iter().any(|word| word.starts_with(KNOWN)), "{program} was not looked through");
    }

    bus.until("second-start-of-note.yaml").await;
    assert_eq!(secret(&bus.text()), None, "on the bus of the session");

    let titles = titles().await?;
    assert!(titles.contains("\"KOS\""), "{titles}");
    assert_eq!(secret(&titles), None, "in a title");

    for process in window.process().family() {
        assert_eq!(process.open_words().iter().find(|word| secret(word).is_some()), None, "{} shows it", process.name());
    }
    window.close().await
}
