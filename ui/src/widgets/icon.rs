//! Which line drawings stand beside words?
//!
//! Knows: the symbols of `sprite.svg` (Lucide, ISC). Start at: [`Icon`].

use yew::prelude::*;

macro_rules! pictures {
    ($($name:ident => $href:literal),* $(,)?) => {
        /// A drawing of the sprite.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Pic { $($name),* }

        impl Pic {
            /// Every drawing, for the test that the sprite has them all.
            pub const ALL: &'static [Pic] = &[$(Pic::$name),*];

            /// Where the drawing stands in the sprite.
            pub fn href(self) -> &'static str {
                match self { $(Pic::$name => $href),* }
            }
        }
    };
}

pictures! {
    ArrowDown => "#i-arrow-down",
    ArrowDownToLine => "#i-arrow-down-to-line",
    ArrowLeftRight => "#i-arrow-left-right",
    ArrowUp => "#i-arrow-up",
    Bell => "#i-bell",
    Box => "#i-box",
    Boxes => "#i-boxes",
    Check => "#i-check",
    ChevronDown => "#i-chevron-down",
    ChevronRight => "#i-chevron-right",
    ChevronUp => "#i-chevron-up",
    ChevronsUpDown => "#i-chevrons-up-down",
    CircleDot => "#i-circle-dot",
    CircleStop => "#i-circle-stop",
    ClipboardCopy => "#i-clipboard-copy",
    CloudOff => "#i-cloud-off",
    Columns3 => "#i-columns-3",
    Copy => "#i-copy",
    Cpu => "#i-cpu",
    Database => "#i-database",
    Download => "#i-download",
    Ellipsis => "#i-ellipsis",
    ExternalLink => "#i-external-link",
    Eye => "#i-eye",
    EyeOff => "#i-eye-off",
    FileBadge => "#i-file-badge",
    FilePenLine => "#i-file-pen-line",
    FilePlus2 => "#i-file-plus-2",
    FileText => "#i-file-text",
    FileWarning => "#i-file-warning",
    Fingerprint => "#i-fingerprint",
    Folder => "#i-folder",
    FolderOpen => "#i-folder-open",
    GitBranch => "#i-git-branch",
    Globe => "#i-globe",
    Grid2x2 => "#i-grid-2x2",
    HardDrive => "#i-hard-drive",
    History => "#i-history",
    Info => "#i-info",
    KeyRound => "#i-key-round",
    Keyboard => "#i-keyboard",
    Layers => "#i-layers",
    LayoutDashboard => "#i-layout-dashboard",
    LayoutGrid => "#i-layout-grid",
    Link => "#i-link",
    List => "#i-list",
    ListChecks => "#i-list-checks",
    Lock => "#i-lock",
    LogIn => "#i-log-in",
    Minus => "#i-minus",
    Monitor => "#i-monitor",
    Moon => "#i-moon",
    Network => "#i-network",
    Package => "#i-package",
    Palette => "#i-palette",
    Pause => "#i-pause",
    Pin => "#i-pin",
    Play => "#i-play",
    Plug => "#i-plug",
    PlugZap => "#i-plug-zap",
    Plus => "#i-plus",
    RotateCcw => "#i-rotate-ccw",
    ScrollText => "#i-scroll-text",
    Search => "#i-search",
    SearchCode => "#i-search-code",
    Server => "#i-server",
    Settings => "#i-settings",
    Shapes => "#i-shapes",
    Shield => "#i-shield",
    ShieldOff => "#i-shield-off",
    SquareCheckBig => "#i-square-check-big",
    Stethoscope => "#i-stethoscope",
    Sun => "#i-sun",
    Terminal => "#i-terminal",
    Timer => "#i-timer",
    Undo2 => "#i-undo-2",
    User => "#i-user",
    UserRound => "#i-user-round",
    Users => "#i-users",
    Waypoints => "#i-waypoints",
    Wrench => "#i-wrench",
    X => "#i-x",
    Zap => "#i-zap",
}

/// 12, 14, 16 or 20 pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IconSize {
    Tiny,
    Small,
    #[default]
    Regular,
    Large,
}

#[derive(Properties, PartialEq)]
pub struct IconProps {
    pub of: Pic,
    #[prop_or_default]
    pub size: IconSize,
}

/// A drawing in the colour of the text around it; it never carries meaning alone.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let size = match props.size {
        IconSize::Tiny => Some("xs"),
        IconSize::Small => Some("sm"),
        IconSize::Regular => None,
        IconSize::Large => Some("lg"),
    };
    html! { <svg class={classes!("i", size)} aria-hidden="true"><use href={props.of.href()} /></svg> }
}
