// Outside of index.html: the policy allows scripts of our own files only.
import init from "./page.js";

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
};

await init({ module_or_path: "page_bg.wasm" });
await document.fonts.ready;
// Two frames later the first view is on the screen; before that a picture is empty.
requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.ready = "yes"; }));
