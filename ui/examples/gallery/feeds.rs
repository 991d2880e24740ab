//! What would the engine answer, as the bytes that the page reads?

use api::{
    Batch, Row, Status,
    computer::DockerState,
    settings::{Choices, SettingsView},
};

use crate::sample;

fn hex<R: Row>(rows: impl IntoIterator<Item = R>) -> String {
    let batch = Batch::Snapshot { at: 1, status: Status::Live, rows: rows.into_iter().collect() };
    api::to_bytes(&batch).iter().map(|b| format!("{b:02x}")).collect()
}

/// Each shared stream with its first batch in hexadecimal, as a script that stands for the engine.
pub(crate) fn script() -> String {
    let settings = SettingsView { choices: Choices::default(), file: "~/.config/kos/settings.yaml".into(), trouble: None, token: api::settings::TokenHeld::No };
    let many = std::iter::repeat_with(sample::pods).flatten().enumerate().take(50_000).map(|(n, row)| {
        let api::tables::TableRow::Pod(pod) = &*row else { return (*row).clone() };
        api::tables::TableRow::Pod(api::tables::PodRow { name: format!("{}-{n}", pod.name), ..pod.clone() })
    });
    let feeds = [
        ("Files", hex(sample::files().iter().map(|r| (**r).clone()))),
        ("Contexts", hex(sample::contexts().iter().map(|r| (**r).clone()))),
        ("Local", hex(sample::local().iter().map(|r| (**r).clone()))),
        ("Jobs", hex(sample::jobs().iter().map(|r| (**r).clone()))),
        ("Checks", hex(sample::checks().iter().map(|r| (**r).clone()))),
        ("Computer", hex([sample::computer(DockerState::Running { version: "28.1.1".into(), answer_ms: 3 })])),
        ("Settings", hex([settings])),
        ("Table", hex(many)),
    ];
    let table: String = feeds.iter().map(|(name, bytes)| format!("{name}:\"{bytes}\",")).collect();
    format!(
        r#"const feeds = {{{table}}};
const open = [];
const bytes = hex => new Uint8Array(hex.match(/../g).map(b => parseInt(b, 16))).buffer;
window.kos = {{
  async invoke(command, args) {{
    if (command === "subscribe") {{
      open.push(typeof args.topic === "string" ? args.topic : args.topic.Table?.kind === "Pods" ? "Table" : "");
      return open.length - 1;
    }}
    if (command === "pull") return args.pull.cursor > 0 || !feeds[open[args.pull.stream]] ? new Promise(() => {{}}) : bytes(feeds[open[args.pull.stream]]);
    return new Promise(() => {{}});
  }},
  copy() {{}},
}};
"#
    )
}
