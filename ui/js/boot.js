// Outside of index.html: the policy allows scripts of our own files only.
// The program is on its way while its glue is read.
const program = fetch("page_bg.wasm");

// The window draws the first picture into the document, so that nobody waits for the program to see rows; the page takes it
// away when its own rows stand below it.
const first = document.getElementById("first");
let uncovered = Promise.resolve();
let uncover = () => {};
document.documentElement.dataset.first = first ? "drawn" : "none";
if (first) uncovered = new Promise((done) => (uncover = () => (first.remove(), done())));

// The page knows one door. In the window it is Tauri's; in a browser, for work on the page, a server on loopback.
const inWindow = window.__TAURI_INTERNALS__;
const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
window.kos = {
  async invoke(command, args) {
    if (inWindow) return inWindow.invoke(command, args);
    const answer = await fetch(`/door/${command}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(args),
    });
    if (!answer.ok) throw await answer.json();
    return answer.headers.get("content-type") === "application/octet-stream" ? answer.arrayBuffer() : answer.json();
  },
  uncover,
  copy(text) {
    // A window without a secure origin has no clipboard object; the old way needs a selection.
    const select = () => {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).catch(select);
    else select();
  },
};

if (inWindow) {
  // The system's dialog for files; a browser's gives no paths, so there it is missing.
  window.kos.choose = (directory) => inWindow.invoke("plugin:dialog|open", { options: { directory, multiple: false } });
  const handler = inWindow.transformCallback(({ payload }) => {
    window.dispatchEvent(new CustomEvent("kos-dropped", { detail: payload.paths }));
  });
  inWindow.invoke("plugin:event|listen", { event: "tauri://drag-drop", target: { kind: "Any" }, handler });
}

const { default: init } = await import("./page.js");
await init({ module_or_path: program });
await Promise.all([document.fonts.ready, uncovered]);
// Two frames later the first view is on the screen; before that a picture is empty.
requestAnimationFrame(() => requestAnimationFrame(() => {
  document.documentElement.dataset.ready = "yes";
  // The window waits for this: some drivers draw nothing and report no error.
  if (inWindow) window.kos.invoke("call", { request: { call: "tell_drawn", with: null } });
}));
