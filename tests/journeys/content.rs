//! Hostile names and foreign content in the real page. (S1, S2, S3)

use serde_json::Value;
use tests::desk::kubeconfig;
use tests::{Desk, Window};

#[tokio::test]
async fn hostile_names_are_text_and_nothing_else() -> anyhow::Result<()> {
    let poison = "<img src=x onerror=window.__pwned=1><script>window.__pwned=1</script>";
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("plain", "https://127.0.0.1:1", "t").replace("plain", &format!("'{poison}'")));
    let window = Window::open(&desk, &[]).await?;
    window.read("onerror=window.__pwned=1").await?;
    let planted = "return document.querySelectorAll('img, iframe, script:not([src])').length + (window.__pwned ?? 0)";
    assert_eq!(window.page.execute(planted, vec![]).await?, Value::from(0));
    window.close().await
}

#[tokio::test]
async fn the_page_runs_no_foreign_script_and_goes_nowhere_else() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &[]).await?;
    let tries = "
        window.__seen = [];
        document.addEventListener('securitypolicyviolation', e => window.__seen.push(e.violatedDirective));
        const inline = document.createElement('script'); inline.textContent = 'window.__pwned = 1'; document.body.append(inline);
        const remote = document.createElement('img'); remote.src = 'https://127.0.0.1:9/x.png'; document.body.append(remote);
        const frame = document.createElement('iframe'); frame.srcdoc = '<p>x'; document.body.append(frame);
        fetch('https://127.0.0.1:9/').catch(() => 0);
        window.open('https://127.0.0.1:9/');
        location.href = 'https://127.0.0.1:9/';
        return true";
    window.page.execute(tries, vec![]).await?;
    window.until("violations were raised", "window.__seen?.length >= 3").await?;
    assert_eq!(window.page.execute("return window.__pwned ?? null", vec![]).await?, Value::Null);
    let address = window.page.current_url().await?;
    assert_eq!((address.scheme(), address.host_str()), ("tauri", Some("localhost")));
    window.close().await
}
