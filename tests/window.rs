//! How does a test get a window of its own, and act in it as a user would?

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::{Desk, Process};

/// What a user would wait before giving up; a slow machine is not a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A long name is drawn in two pieces so that its end stays in view: on the screen they are one word, in `innerText` two.
const SAYS: &str = "(words => document.body.innerText.includes(words) || document.body.textContent.includes(words))";

/// The sizes of pictures: what most screens show, and the smallest that the window takes.
pub const SIZES: &[(u32, u32)] = &[(1440, 900), (1024, 680)];

pub const THEMES: &[&str] = &["light", "dark"];

/// Controls that a click can be meant for.
const CONTROLS: &str = "button,a,[role=button],[role=option],[role=radio],[role=row],[role=tab],[role=menuitem]";

/// The real binary, driven through WebDriver.
pub struct Window {
    pub page: Client,
    process: Process,
    _driver: Driver,
}

/// Where a session says who its bus is.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// Ends the bus, the driver and the window: killing `dbus-run-session` alone leaves them behind.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(group) = self.0.id() {
            let _ = std::process::Command::new("kill").args(["-TERM", "--", &format!("-{group}")]).status();
        }
    }
}

impl Window {
    /// Starts a driver on a port of its own, which starts the binary under a session bus of its own.
    pub async fn open(desk: &Desk, args: &[&str]) -> anyhow::Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut driver = Command::new("dbus-run-session");
        driver
            .args(["--", "WebKitWebDriver", &format!("--port={port}"), "--host=127.0.0.1"])
            .envs(desk.environment())
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .current_dir(desk.home())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        for name in Desk::FORGOTTEN {
            driver.env_remove(name);
        }
        let driver = Driver(driver.spawn().context("dbus-run-session WebKitWebDriver")?);
        answers(port).await?;
        let Value::Object(wish) = json!({ "webkitgtk:browserOptions": { "binary": binary(), "args": args } }) else { bail!("written above") };
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let page = tokio::time::timeout(PATIENCE, builder.capabilities(wish).connect(&address)).await.context("the driver makes no session")??;
        let process = Process::of(desk, &binary().canonicalize()?).await?;
        let window = Self { page, process, _driver: driver };
        window.see("html[data-ready=yes]").await?;
        Ok(window)
    }

    /// Waits until something is on the page.
    pub async fn see(&self, css: &str) -> anyhow::Result<()> {
        let found = self.page.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        if let Err(why) = found {
            // A page that is gone says nothing any more: then the first reason is the one that counts.
            let says = self.text().await.unwrap_or_else(|gone| format!("nothing ({gone:?})"));
            bail!("{css} did not appear ({why:?}); the page says:\n{says}");
        }
        Ok(())
    }

    /// Waits until the page says this.
    pub async fn read(&self, text: &str) -> anyhow::Result<()> {
        self.until(text, &format!("{SAYS}({})", json!(text))).await
    }

    /// Whether the page says this now.
    pub async fn says(&self, text: &str) -> anyhow::Result<bool> {
        Ok(self.page.execute(&format!("return {SAYS}({})", json!(text)), vec![]).await? == Value::Bool(true))
    }

    /// Waits until the page does not say this any more.
    pub async fn gone(&self, text: &str) -> anyhow::Result<()> {
        self.until(&format!("no {text}"), &format!("!{SAYS}({})", json!(text))).await
    }

    /// Waits until an expression of the page is true.
    pub async fn until(&self, what: &str, expression: &str) -> anyhow::Result<()> {
        self.until_within(PATIENCE, what, expression).await
    }

    /// The same for what takes minutes on a real machine.
    pub async fn until_within(&self, patience: Duration, what: &str, expression: &str) -> anyhow::Result<()> {
        let began = std::time::Instant::now();
        let mut again = tokio::time::interval(Duration::from_millis(50));
        while began.elapsed() < patience {
            if self.page.execute(&format!("return {expression}"), vec![]).await? == Value::Bool(true) {
                return Ok(());
            }
            again.tick().await;
        }
        bail!("waited for: {what}; the page says:\n{}", self.text().await?);
    }

    /// Waits until every step of the job on the page is done.
    pub async fn all_done(&self, patience: Duration) -> anyhow::Result<()> {
        let done = "document.querySelectorAll('.step').length > 0 && document.querySelectorAll('.step .nd use[href=\"#g-done\"]').length === document.querySelectorAll('.step').length";
        self.until_within(patience, "every step is done", done).await
    }

    /// Clicks the first visible control with this name, as its text or its label. An open dialog keeps what lies below it out
    /// of reach, for a click as for a user.
    pub async fn click(&self, name: &str) -> anyhow::Result<()> {
        self.click_in("body", "", name).await
    }

    /// The same within the elements that match and say these words: a row, a dialog.
    ///
    /// Waits until the control can be pressed and stands where it stood at the last look. Looking and pressing are one
    /// step, so that nothing is drawn anew between them.
    pub async fn click_in(&self, css: &str, says: &str, name: &str) -> anyhow::Result<()> {
        let (css, says, name_text) = (json!(css), json!(says), json!(name));
        let press = format!(
            "(() => {{
                const top = [...document.querySelectorAll('[aria-modal=true]')].pop() ?? document;
                // Without what stands in elements of its own, as the count of a tab.
                const own = e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('').trim();
                const named = e => [e.innerText.trim(), e.getAttribute('aria-label'), e.title, own(e)].includes({name_text});
                const meant = e => e !== top || {css} === 'body' || e.matches?.({css});
                const within = [top, ...top.querySelectorAll({css})].filter(e => meant(e) && (e.textContent ?? '').includes({says}));
                const found = within.flatMap(e => [...e.querySelectorAll({controls})]).find(e => e.offsetParent !== null && !e.disabled && named(e));
                const place = found && JSON.stringify(found.getBoundingClientRect());
                const stands = Boolean(found) && window.__pressing?.[0] === found && window.__pressing[1] === place;
                window.__pressing = stands ? undefined : [found, place];
                if (stands) found.click();
                return stands;
            }})()",
            controls = json!(CONTROLS),
        );
        self.until(&format!("a control named {name}"), &press).await
    }

    /// Makes this the text of a field with that label: selects what is there and pastes over it.
    pub async fn fill(&self, label: &str, text: &str) -> anyhow::Result<()> {
        let (name, words) = (json!(label), json!(text));
        let paste = format!(
            "(() => {{
                const field = [...document.querySelectorAll('input,textarea')].find(e => e.offsetParent !== null && e.getAttribute('aria-label') === {name});
                if (!field || field.disabled) return false;
                if (field.value === {words}) return true;
                field.focus();
                field.select();
                document.execCommand('insertText', false, {words});
                return false;
            }})()"
        );
        self.until(&format!("the field {label} holds {text}"), &paste).await
    }

    /// Chooses a value of a list with that label, by itself or by its words, once it offers it.
    pub async fn choose(&self, label: &str, value: &str) -> anyhow::Result<()> {
        let choose = format!(
            "(() => {{
                const list = [...document.querySelectorAll('select')].find(e => e.getAttribute('aria-label') === {});
                const meant = [...list?.options ?? []].find(one => [one.value, one.text.trim()].includes({value}));
                if (!meant) return false;
                list.value = meant.value;
                list.dispatchEvent(new Event('change', {{ bubbles: true }}));
                return true;
            }})()",
            json!(label),
            value = json!(value)
        );
        self.until(&format!("{label} offers {value}"), &choose).await
    }

    /// Clicks the first of what is drawn.
    pub async fn click_first(&self, css: &str) -> anyhow::Result<()> {
        self.until(css, &format!("(found => Boolean(found) && (found.click(), true))(document.querySelector({}))", json!(css))).await
    }

    /// Chooses a theme as a user does who edits the file of settings.
    pub async fn dress(&self, desk: &Desk, theme: &str) -> anyhow::Result<()> {
        // What was chosen on the way to the screen stays.
        let file = ".config/kos/settings.yaml";
        let before = std::fs::read_to_string(desk.home().join(file)).unwrap_or_default();
        let others: String = before.lines().filter(|line| !line.starts_with("theme:")).map(|line| format!("{line}\n")).collect();
        desk.file(file, &format!("{others}theme: {theme}\n"));
        self.until(theme, &format!("document.documentElement.dataset.theme === {}", json!(theme))).await?;
        self.settled().await
    }

    /// Gives the page this many pixels.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        self.page.set_window_size(width, height).await?;
        self.until(&format!("{width}x{height}"), &format!("innerWidth === {width} && innerHeight === {height}")).await?;
        self.settled().await
    }

    /// Waits until nothing moves and nothing is loading.
    pub async fn settled(&self) -> anyhow::Result<()> {
        let moves = "document.getAnimations().some(a => a.playState === 'running' && a.effect?.getComputedTiming().iterations !== Infinity)";
        self.until("the page stands still", &format!("!document.querySelector('[aria-busy=true]:not(.statesgrid *)') && !{moves}")).await
    }

    /// What axe finds, one line a rule with the places it means.
    pub async fn barriers(&self, axe: &str) -> anyhow::Result<Vec<String>> {
        self.page.execute(&format!("{axe}; window.axe = window.axe ?? axe"), vec![]).await?;
        let run = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then(\
                   all => done(all.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => `${n.target} ${n.any.concat(n.all, n.none).map(c => c.message)}`).join(' | ')}`)), \
                   why => done([`axe failed: ${why}`]))";
        let found = self.page.execute_async(run, vec![]).await?;
        Ok(found.as_array().into_iter().flatten().map(|line| line.as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Types keys into what has the focus.
    pub async fn press(&self, keys: &str) -> anyhow::Result<()> {
        self.page.active_element().await?.send_keys(keys).await?;
        Ok(())
    }

    /// Presses one key together with Ctrl.
    pub async fn ctrl(&self, key: char) -> anyhow::Result<()> {
        let control: char = Key::Control.into();
        self.press(&format!("{control}{key}{control}")).await
    }

    pub async fn text(&self) -> anyhow::Result<String> {
        let text = self.page.execute("return document.body.innerText", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// A picture of the page. Without DMA buffers WebKit answers at the next paint, and a quiet page never paints:
    /// an invisible outline that changes makes it paint.
    pub async fn picture(&self) -> anyhow::Result<Vec<u8>> {
        let nudge =
            "let n = 0; window.__nudge = setInterval(() => { document.documentElement.style.outline = (n++ % 2 ? '1px' : '2px') + ' solid transparent'; }, 30)";
        self.page.execute(nudge, vec![]).await?;
        let picture = self.page.screenshot().await?;
        self.page.execute("clearInterval(window.__nudge); document.documentElement.style.outline = ''", vec![]).await?;
        Ok(picture)
    }

    pub async fn close(self) -> anyhow::Result<()> {
        self.page.close().await?;
        Ok(())
    }

    /// Presses Enter in what has the focus.
    pub async fn enter(&self) -> anyhow::Result<()> {
        let enter: char = Key::Enter.into();
        self.press(&enter.to_string()).await
    }

    /// Starts the binary once more in the same session, and waits for its end.
    pub async fn start_again(&self, desk: &Desk, args: &[&str]) -> anyhow::Result<ExitStatus> {
        let bus = self.bus()?;
        let mut second = Command::new(binary());
        second.args(args).envs(desk.environment()).env(BUS, bus).current_dir(desk.home()).kill_on_drop(true);
        tokio::time::timeout(PATIENCE, second.status()).await.context("the second start does not end")?.context("the binary starts")
    }

    /// Where the bus of its session is.
    pub fn bus(&self) -> anyhow::Result<String> {
        self.process.variable(BUS).context("the window stands in a session")
    }

    /// The process of the window itself.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Ends the window as a desktop does when the session ends.
    pub async fn quit(self) -> anyhow::Result<()> {
        self.process.signal("TERM")?;
        self.process.ended().await
    }

    /// Ends the window as a power loss would.
    pub async fn kill(self) -> anyhow::Result<()> {
        self.process.signal("KILL")?;
        self.process.ended().await
    }
}

/// Asks until the driver listens; it has no other way to say that it is ready.
async fn answers(port: u16) -> anyhow::Result<()> {
    let mut again = tokio::time::interval(Duration::from_millis(20));
    let listening = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            again.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, listening).await.context("the driver does not listen")
}

/// The binary in a session of its own, without anybody who drives it.
pub fn without_driver(desk: &Desk) -> Command {
    let mut session = Command::new("dbus-run-session");
    session.arg("--").arg(binary()).envs(desk.environment()).env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").current_dir(desk.home()).kill_on_drop(true);
    session.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in Desk::FORGOTTEN {
        session.env_remove(name);
    }
    session
}

/// The same on a machine without a graphics device, where everything is drawn in software.
pub fn without_graphics(desk: &Desk) -> Command {
    const HIDDEN: &str = "set -e\nif [ -d /dev/dri ]; then mount -t tmpfs none /dev/dri; fi\nexec \"$@\"\n";
    let mut session = Command::new("unshare");
    session.args(["-Urm", "sh"]).arg(desk.file("hidden.sh", HIDDEN)).args(["dbus-run-session", "--"]).arg(binary());
    session.envs(desk.environment()).env("LIBGL_ALWAYS_SOFTWARE", "1").current_dir(desk.home()).kill_on_drop(true);
    session.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in Desk::FORGOTTEN {
        session.env_remove(name);
    }
    session
}

/// The binary in a session that is there already, without anybody who drives it.
pub fn in_session(desk: &Desk, bus: &str) -> Command {
    let mut window = Command::new(binary());
    window.envs(desk.environment()).env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").current_dir(desk.home()).kill_on_drop(true);
    window.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in Desk::FORGOTTEN {
        window.env_remove(name);
    }
    window.env(BUS, bus);
    window
}

/// The window that was built with these tests.
pub fn binary() -> PathBuf {
    std::env::var_os("KOS_BINARY").map_or_else(|| target().join("kos"), PathBuf::from)
}

/// The folder in which cargo put the programs of this build.
pub fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    test.ancestors().nth(2).expect("tests stand in target/PROFILE/deps").to_path_buf()
}
