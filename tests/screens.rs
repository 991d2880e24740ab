//! Which screens does KOS have, and how does a user get to each?
//!
//! One tour, walked by the pictures of `cargo xtask run --screenshots` and by the journey that looks for barriers.

use crate::{Desk, Window};

/// A screen and the way to it.
#[derive(Debug)]
pub struct Screen {
    pub name: &'static str,
    /// The scene of the demo in which the way begins.
    scene: &'static str,
    way: &'static [Step],
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A control by its name.
    Click(&'static str),
    /// A control by its name in a part of the page.
    ClickIn(&'static str, &'static str),
    /// A key that nobody holds another with.
    Key(&'static str),
    Ctrl(char),
    /// What stands in the field with this name from now on.
    Fill(&'static str, &'static str),
    /// One value of the list with this name, or its words.
    Choose(&'static str, &'static str),
    /// A command of the palette.
    Command(&'static str),
    /// Waits until the page says this.
    Read(&'static str),
    /// Waits until this is drawn.
    See(&'static str),
}

use Step::{Choose, Click, ClickIn, Command, Ctrl, Fill, Key, Read, See};

/// All screens, in the order in which a user meets them.
pub const TOUR: &[Screen] = &[
    Screen { name: "welcome", scene: "no-docker", way: &[Read("Welcome to KOS"), Read("Cannot connect to the Docker daemon")] },
    Screen { name: "welcome-docker", scene: "first", way: &[Read("Welcome to KOS"), Read("Create it")] },
    Screen { name: "fleet-empty", scene: "empty", way: &[Read("No clusters yet"), Read("Check this machine")] },
    Screen { name: "fleet", scene: "fleet", way: FLEET },
    Screen { name: "add-cluster", scene: "fleet", way: &[Click("Add kubeconfig"), See("main h1")] },
    Screen { name: "add-kubeconfig", scene: "fleet", way: &[Click("Add kubeconfig"), ClickIn("main", "Add…"), See("[role=dialog]")] },
    Screen { name: "create-form", scene: "first", way: &[Read("Create it"), Command("Create local management cluster"), Read("Install cert-manager")] },
    Screen { name: "create", scene: "cut-off", way: CREATE },
    Screen { name: "create-failed", scene: "failing", way: &[Click("Jobs"), Click("Output"), Read("Too many open files")] },
    Screen { name: "crash", scene: "cut-off", way: &[Click("Jobs"), Click("Choose…"), Read("What is there now"), Read("Continue")] },
    Screen {
        name: "undo",
        scene: "cut-off",
        way: &[
            Click("Jobs"),
            Click("Choose…"),
            Read("What is there now"),
            Click("Undo kos-mgmt…"),
            See("[role=dialog]"),
            Fill("Type kos-mgmt to undo it", "kos-mgmt"),
        ],
    },
    Screen {
        name: "jobs",
        scene: "failing",
        way: &[
            Read("dev-eu"),
            Command("Create local management cluster"),
            Click("Create kos-mgmt-2"),
            Read("Run in background"),
            Click("Jobs"),
            Read("Running"),
        ],
    },
    Screen { name: "doctor", scene: "fleet", way: &[Click("Doctor"), Read("inotify instances"), Read("cgroup version")] },
    Screen { name: "settings", scene: "fleet", way: &[Click("Settings"), Read("Appearance"), Click("Compact"), Read("Saved"), Click("Regular"), See(REGULAR)] },
    Screen { name: "addresses", scene: "fleet", way: ADDRESSES },
    Screen { name: "palette", scene: "fleet", way: PALETTE },
    Screen { name: "trust", scene: "fleet", way: &[Click("Connect"), Click("Fleet"), Click("Review"), See("[role=dialog]"), Read("get-token")] },
    Screen { name: "sign-in", scene: "fleet", way: &[Click("Sign in"), See("[role=dialog]"), Read("Sign in to staging-eu")] },
    Screen { name: "states", scene: "fleet", way: &[Command("Show all states"), See("main h1")] },
    Screen { name: "pods", scene: "fleet", way: PODS },
    Screen { name: "unreachable", scene: "fleet", way: &[Read("dev-eu"), Command("perf-lab"), Read("perf-lab does not answer")] },
    Screen { name: "stale", scene: "fleet", way: STALE },
    Screen { name: "object", scene: "fleet", way: &[Click("dev-eu"), Read("checkout-api"), Command("checkout-api"), See(".drawer")] },
    Screen { name: "nodes", scene: "fleet", way: &[Click("dev-eu"), Read("checkout-api"), Key("g"), Key("n"), Read("ip-10-4-31-84")] },
    Screen { name: "namespaces", scene: "fleet", way: &[Click("dev-eu"), Read("checkout-api"), Key("g"), Key("s"), Read("kube-node-lease")] },
    Screen { name: "delete", scene: "fleet", way: &[Click("More for kos-mgmt"), Click("Delete kos-mgmt…"), See("[role=dialog]"), Read("lab-a")] },
    Screen {
        name: "make-current",
        scene: "fleet",
        way: &[Click("More for prod-eu-1"), Click("Make prod-eu-1 current for kubectl…"), See("[role=dialog]"), Read("current-context: prod-eu-1")],
    },
    Screen {
        name: "unprotect",
        scene: "fleet",
        way: &[Click("More for prod-eu-1"), Click("No longer protect prod-eu-1…"), See("[role=dialog]"), Fill("Type prod-eu-1 to go on", "prod-eu-1")],
    },
    Screen { name: "remove-rule", scene: "fleet", way: REMOVE_RULE },
    Screen { name: "save-elsewhere", scene: "fleet", way: SAVE_ELSEWHERE },
    Screen { name: "unlock", scene: "fleet", way: UNLOCK },
    Screen { name: "export-logs", scene: "fleet", way: EXPORT_LOGS },
    Screen { name: "clusters", scene: "fleet", way: CLUSTERS },
    Screen { name: "capi", scene: "fleet", way: CLUSTER },
    Screen { name: "scale", scene: "fleet", way: SCALE },
    Screen { name: "add-pool", scene: "fleet", way: ADD_POOL },
    Screen { name: "health-check", scene: "fleet", way: HEALTH_CHECK },
    Screen { name: "sleep", scene: "fleet", way: SLEEP },
    Screen { name: "protected", scene: "fleet", way: PROTECTED },
    Screen { name: "cluster-delete", scene: "fleet", way: CLUSTER_DELETE },
    Screen { name: "leaving", scene: "fleet", way: LEAVING },
    Screen { name: "network", scene: "no-network", way: NETWORK },
    Screen { name: "drift", scene: "fleet", way: DRIFT },
    Screen { name: "drift-apply", scene: "fleet", way: DRIFT_APPLY },
    Screen { name: "cluster-machines", scene: "fleet", way: CLUSTER_MACHINES },
    Screen { name: "cluster-conditions", scene: "fleet", way: CLUSTER_CONDITIONS },
    Screen { name: "cluster-add-ons", scene: "fleet", way: CLUSTER_ADD_ONS },
    Screen { name: "cluster-yaml", scene: "fleet", way: CLUSTER_YAML },
    Screen { name: "machine", scene: "fleet", way: MACHINE },
    Screen { name: "replace", scene: "fleet", way: REPLACE },
    Screen { name: "machines", scene: "fleet", way: MACHINES },
    Screen { name: "classes", scene: "fleet", way: CLASSES },
    Screen { name: "class", scene: "fleet", way: CLASS },
    Screen { name: "runs", scene: "fleet", way: RUNS },
    Screen { name: "run", scene: "fleet", way: RUN },
    Screen { name: "new", scene: "fleet", way: NEW },
    Screen { name: "template", scene: "fleet", way: TEMPLATE },
    Screen { name: "upgrade", scene: "fleet", way: UPGRADE },
    Screen { name: "upgrade-run", scene: "fleet", way: UPGRADE_RUN },
    Screen { name: "providers", scene: "fleet", way: PROVIDERS },
    Screen { name: "providers-add", scene: "fleet", way: PROVIDERS_ADD },
    Screen { name: "provider-log", scene: "fleet", way: PROVIDER_LOG },
    Screen { name: "move", scene: "fleet", way: MOVE },
    Screen { name: "keys", scene: "fleet", way: &[Read("dev-eu"), Key("?"), See("[role=dialog]")] },
];

const REGULAR: &str = "[role=radiogroup][aria-label='Row height'] [role=radio][aria-checked=true]:nth-child(2)";
const FLEET: &[Step] = &[Read("kos-mgmt"), Read("1 machine is late"), Read("old.yaml"), Read("inotify instances"), Read("Unreachable, next try")];
/// A job that runs: the step that takes longest waits for the providers.
const CREATE: &[Step] =
    &[Click("Jobs"), Click("Choose…"), Read("What is there now"), Click("Continue at step 8"), Read("Run in background"), Read("Step 8 of 9"), Read("0 / 1")];
const PALETTE: &[Step] =
    &[Click("dev-eu"), Read("checkout-api"), Ctrl('k'), See(".palette [role=option]"), Fill("Search or run a command", "chec"), See(".palette u")];
const ADDRESSES: &[Step] = &[Click("Settings"), Click("Privacy"), Click("Show all addresses"), See("[role=dialog]"), Read("Contacted by")];
/// A server that answered and is stopped: what was there stays, and is said to be old.
const STALE: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    Read("ci-smoke"),
    Command("Stop kos-mgmt"),
    See("[role=radiogroup][aria-label=Show]"),
    Command("kind-kos-mgmt"),
    Read("Stale since"),
];
/// A program that ended early left the lock of this kubeconfig.
const SAVE_ELSEWHERE: &[Step] = &[
    Click("More for gke-batch"),
    Click("Make gke-batch current for kubectl…"),
    Read("current-context: gke-batch"),
    Click("Write the file"),
    Read("Save elsewhere"),
];
const UNLOCK: &[Step] = &[
    Click("More for gke-batch"),
    Click("Make gke-batch current for kubectl…"),
    Read("current-context: gke-batch"),
    Click("Write the file"),
    Click("Look at the old lock…"),
    Read("It locks"),
];
const EXPORT_LOGS: &[Step] = &[Click("More for kos-mgmt"), Click("Export logs of kos-mgmt…"), See("[role=dialog]"), Read("kind export logs")];
const PODS: &[Step] = &[Click("dev-eu"), Read("checkout-api")];
const CLUSTERS: &[Step] = &[Read("dev-eu"), Command("kind-kos-mgmt"), Click("Clusters"), Read("ci-smoke")];
const NEW: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    Click("New cluster…"),
    Read("What will be made"),
    Click("Add a pool"),
    Fill("Name of pool 2", "md-gpu"),
    Fill("Pod range", "172.18.0.0/16"),
    Read("The pod range is taken"),
    Read("Memory is enough"),
];
const TEMPLATE: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    Click("New cluster…"),
    Read("What will be made"),
    Click("begin with a template of a provider…"),
    Fill("Flavor", "development"),
    Click("Show what it needs"),
    Read("SERVICE_DOMAIN"),
];
const UPGRADE: &[Step] = &[Read("dev-eu"), Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-a"), Click("Upgrade…"), Read("As text")];
const DRIFT: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("Git"),
    Read("1 extra"),
    Read("Nothing else is in the commit"),
];
const DRIFT_APPLY: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("Git"),
    Read("1 extra"),
    Read("Nothing else is in the commit"),
    Click("The repository: apply it to the cluster"),
    Click("Apply all…"),
    See("[role=dialog]"),
    Read(SHOWN),
];
const PROVIDERS: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Providers"),
    Read("failed to exec DockerMachine bootstrap"),
    Click("Look up releases"),
    Read("Checks before it starts"),
    Read("3 CRDs gain fields"),
];
const PROVIDERS_ADD: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Providers"),
    Read("capd-system"),
    Click("Add provider…"),
    Choose("Provider", "vsphere"),
    Click("Show what it needs"),
    Read("What will be made"),
];
const PROVIDER_LOG: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Providers"),
    Read("failed to exec DockerMachine bootstrap"),
    ClickIn("main", "Docker"),
    Click("Whole log…"),
    See("[role=dialog]"),
];
/// A cluster that is still being made cannot be moved: it goes first.
const MOVE: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-b"),
    Click("Delete…"),
    Fill("Type lab-b to go on", "lab-b"),
    ClickIn("[role=dialog]", "Delete lab-b"),
    Read("This cluster is not there"),
    Click("Clusters"),
    ClickIn("main", "ci-smoke"),
    Click("Resume…"),
    ClickIn("[role=dialog]", "Resume ci-smoke"),
    Read("Pause…"),
    Click("Providers"),
    Click("Move clusters…"),
    Choose("To", "pi-rack"),
    Click("Run it dry"),
    Read("What moves, in this order"),
];
/// The demo's machines take their time: each is waited for by itself.
const UPGRADE_RUN: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("Upgrade…"),
    Read("As text"),
    Click("Upgrade lab-a to v1.37.0"),
    Read("Machine 1 of 4"),
    Read("Machine 2 of 4"),
    Read("holds the drain"),
];
const CLUSTER: &[Step] = &[Read("dev-eu"), Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-b"), Read("Why lab-b is not available")];

/// A plan that the server ran dry.
const SHOWN: &str = "The server ran this dry";
const SCALE: &[Step] =
    &[Read("dev-eu"), Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-a"), Click("Scale…"), Click("More: Machines of md-0"), Read(SHOWN)];
const ADD_POOL: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("More for lab-a"),
    Click("Add a pool to lab-a…"),
    Fill("Name of the pool", "md-gpu"),
    Fill("Labels", "tier=gpu"),
    Click("Show what follows"),
    Read(SHOWN),
];
const HEALTH_CHECK: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    ClickIn("main", "Machines"),
    ClickIn("main", "Change…"),
    See("[role=dialog]"),
    Read("Ill when"),
];
const SLEEP: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("More for lab-a"),
    Click("Put lab-a to sleep…"),
    Read("These containers are paused after that"),
    Read(SHOWN),
];
const PROTECTED: &[Step] = &[
    Read("dev-eu"),
    Click("More for kos-mgmt"),
    Click("Protect kind-kos-mgmt"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("Pause…"),
    Fill("Type kind-kos-mgmt to go on", "kind-kos-mgmt"),
    Read(SHOWN),
];
const REMOVE_RULE: &[Step] = &[
    Click("Settings"),
    Click("Add rule"),
    Fill("Rule, * stands for anything", "nas-*"),
    Click("Add"),
    Click("Remove…"),
    Fill("Type nas-* to go on", "nas-*"),
    Read("1 context loses the red band"),
];
const CLUSTER_DELETE: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("Delete…"),
    Fill("Type lab-a to go on", "lab-a"),
    Read(SHOWN),
];
/// One of two machines that go is held by the budget of a pod, for longer than a look takes.
const LEAVING: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("Scale…"),
    Click("Less: Machines of md-0"),
    Click("Less: Machines of md-0"),
    Click("Scale lab-a"),
    Read("cannot evict pod as it would violate"),
];
const NETWORK: &[Step] = &[
    Read("dev-eu"),
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-a"),
    Click("Add a network…"),
    Click("From an address"),
    Fill("Address", "https://example.org/cni.yaml"),
    Click("Fetch and try it"),
    Read("SHA-256"),
];

const LATE: &str = "lab-b-md-0-6k8wz-x7k2p";
const CLUSTER_MACHINES: &[Step] = &[Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-b"), ClickIn("main", "Machines"), Read("Health checks")];
const CLUSTER_CONDITIONS: &[Step] = &[Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-b"), ClickIn("main", "Conditions"), Read("In words")];
const CLUSTER_ADD_ONS: &[Step] = &[Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-b"), ClickIn("main", "Add-ons"), Read("Secret kindnet")];
const CLUSTER_YAML: &[Step] = &[Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-b"), ClickIn("main", "YAML"), Read("kind: Cluster")];
const MACHINE: &[Step] =
    &[Command("kind-kos-mgmt"), Click("Clusters"), ClickIn("main", "lab-b"), ClickIn("main", LATE), Read("What the container said"), Read("Memory now")];
const REPLACE: &[Step] = &[
    Command("kind-kos-mgmt"),
    Click("Clusters"),
    ClickIn("main", "lab-b"),
    ClickIn("main", LATE),
    Read("What the container said"),
    ClickIn("main", "Replace…"),
    See("[role=dialog]"),
    Read(SHOWN),
];
const MACHINES: &[Step] = &[Command("kind-kos-mgmt"), Click("Machines"), Read(LATE)];
const CLASSES: &[Step] = &[Command("kind-kos-mgmt"), Click("Cluster classes"), Read("in-memory")];
const CLASS: &[Step] = &[Command("kind-kos-mgmt"), Click("Cluster classes"), ClickIn("main", "quick-start"), Read("lbImageRepository")];
const RUNS: &[Step] = &[Command("kind-kos-mgmt"), Click("Past runs"), Read("ci-smoke")];
const RUN: &[Step] = &[Command("kind-kos-mgmt"), Click("Past runs"), ClickIn("main", "lab-a"), Read("Step forward")];

impl Screen {
    /// Opens a window of its own and walks to the screen.
    pub async fn open(&self, desk: &Desk) -> anyhow::Result<Window> {
        self.open_at(desk, self.scene).await
    }

    /// The same where every word of a cluster, a program, a container and a kubeconfig is hostile.
    pub async fn open_hostile(&self, desk: &Desk) -> anyhow::Result<Window> {
        self.open_at(desk, &format!("hostile-{}", self.scene)).await
    }

    async fn open_at(&self, desk: &Desk, scene: &str) -> anyhow::Result<Window> {
        let window = Window::open(desk, &[&format!("--demo={scene}")]).await?;
        for step in self.way {
            window.take(*step).await?;
        }
        window.settled().await?;
        Ok(window)
    }
}

impl Window {
    async fn take(&self, step: Step) -> anyhow::Result<()> {
        match step {
            Click(name) => self.click(name).await,
            ClickIn(part, name) => self.click_in(part, "", name).await,
            Key(key) => self.press(key).await,
            Ctrl(key) => self.ctrl(key).await,
            Fill(name, words) => self.fill(name, words).await,
            Choose(name, value) => self.choose(name, value).await,
            Read(words) => self.read(words).await,
            See(css) => self.see(css).await,
            Command(words) => self.command(words).await,
        }
    }

    /// Runs a command of the palette.
    pub async fn command(&self, words: &str) -> anyhow::Result<()> {
        self.ctrl('k').await?;
        self.fill("Search or run a command", words).await?;
        // The list may change at any moment: what is pressed is what was looked at.
        let press = format!(
            "(() => {{
                const first = document.querySelector('.palette [role=option]');
                if (!first?.innerText.includes({})) return false;
                first.click();
                return true;
            }})()",
            serde_json::json!(words)
        );
        self.until(&format!("the palette offers {words} first"), &press).await
    }
}
