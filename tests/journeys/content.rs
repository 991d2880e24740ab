//! Hostile names and foreign content in the real page. (S1, S2, S3)

use anyhow::Context;
use serde_json::Value;
use tests::desk::kubeconfig;
use tests::screens::TOUR;
use tests::{Desk, Window};

/// What stands in every word of the hostile fleet.
const PAYLOAD: &str = "onerror=window.__pwned=1";

/// Screens that show words of a cluster, a program, a container or a kubeconfig.
const OF_OTHERS: &[&str] = &[
    "welcome",
    "fleet",
    "create-failed",
    "trust",
    "delete",
    "make-current",
    "palette",
    "pods",
    "nodes",
    "namespaces",
    "clusters",
    "capi",
    "cluster-machines",
    "cluster-conditions",
    "cluster-add-ons",
    "cluster-yaml",
    "machine",
    "machines",
    "classes",
    "class",
    "new",
    "upgrade",
    "upgrade-run",
    "providers",
];

/// Everything by which text of a cluster could act: elements, handlers, addresses; and marks that turn text round or hide in it.
const ACTS: &str = r"(() => {
    const found = [...document.querySelectorAll('body :is(img, iframe, frame, object, embed, base, meta, link, style, script, form, video, audio)')]
        .filter(e => !e.matches('script[src]')).map(e => e.outerHTML.slice(0, 120));
    for (const e of document.querySelectorAll('body *'))
        for (const { name, value } of e.attributes) {
            if (name.startsWith('on')) found.push(`${e.tagName} ${name}`);
            if (['href', 'src', 'action', 'formaction', 'srcdoc', 'data'].includes(name) && !value.startsWith('#')) found.push(`${name}=${value}`);
        }
    if (window.__pwned !== undefined) found.push('a script ran');
    const words = document.body.textContent.replace(/\p{Extended_Pictographic}\ufe0f/gu, '');
    const hidden = words.match(/.{0,60}[\u0080-\u009f\u2028\u2029\p{Bidi_Control}\p{Default_Ignorable_Code_Point}].{0,20}/u);
    if (hidden) found.push('hidden marks: ' + JSON.stringify(hidden[0]).replace(/[\u0080-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16)));
    return found;
})()";

async fn acts(window: &Window) -> anyhow::Result<Vec<String>> {
    let found = window.page.execute(&format!("return {ACTS}"), vec![]).await?;
    Ok(found.as_array().into_iter().flatten().map(|one| one.as_str().unwrap_or_default().to_owned()).collect())
}

#[tokio::test]
async fn hostile_names_are_text_and_nothing_else() -> anyhow::Result<()> {
    let poison = "<img src=x onerror=window.__pwned=1><script>window.__pwned=1</script>";
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("plain", "https://127.0.0.1:1", "t").replace("plain", &format!("'{poison}'")));
    let window = Window::open(&desk, &[]).await?;
    window.read(PAYLOAD).await?;
    assert_eq!(acts(&window).await?, Vec::<String>::new());
    window.close().await
}

#[tokio::test]
async fn on_every_screen_the_words_of_hostile_clusters_programs_and_files_are_text() -> anyhow::Result<()> {
    let (mut found, mut silent) = (vec![], vec![]);
    for screen in TOUR {
        let desk = Desk::new();
        let window = screen.open_hostile(&desk).await.with_context(|| format!("the way to {}", screen.name))?;
        found.extend(acts(&window).await?.into_iter().map(|one| format!("{}: {one}", screen.name)));
        if OF_OTHERS.contains(&screen.name) && !window.says(PAYLOAD).await? {
            silent.push(screen.name);
        }
        window.close().await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(silent.is_empty(), "nothing hostile was shown on {silent:?}");
    Ok(())
}

/// Tauri reads the arguments of a command before the core does; what is no command of the page is no command at all.
#[tokio::test]
async fn the_doors_of_the_window_refuse_what_is_no_question_and_the_page_goes_on() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &[]).await?;
    let tries = "
        const done = arguments[arguments.length - 1];
        const odd = [null, undefined, true, -1, 1e300, 'x', 'x'.repeat(65536), [], {}, [[[[]]]], { stream: -1 }, { stream: 1, cursor: 'x' }, { call: 'x' }];
        const doors = [['call', 'request'], ['subscribe', 'topic'], ['pull', 'pull'], ['unsubscribe', 'stream']];
        const foreign = ['plugin:shell|execute', 'plugin:fs|read_text_file', 'plugin:http|fetch', 'plugin:process|exit', 'plugin:opener|open_url',
            'plugin:window|close', 'plugin:webview|create_webview_window', 'plugin:app|version', 'plugin:path|resolve_directory', 'plugin:event|emit',
            'plugin:window-state|save_window_state', 'plugin:dialog|message', 'nonsense'];
        const asked = [...doors.flatMap(([door, name]) => odd.map(value => [door, { [name]: value }])), ...foreign.map(name => [name, {}])];
        const ask = ([door, given]) => window.__TAURI_INTERNALS__.invoke(door, given)
            .then(() => `${door} took ${JSON.stringify(given).slice(0, 80)}`, () => null);
        Promise.all(asked.map(ask)).then(all => done(all.filter(Boolean)))";
    assert_eq!(window.page.execute_async(tries, vec![]).await?, serde_json::json!([]));
    window.click("Settings").await?;
    window.read("Appearance").await?;
    window.close().await
}

#[tokio::test]
async fn the_page_runs_no_foreign_script_and_goes_nowhere_else() -> anyhow::Result<()> {
    let desk = Desk::new();
    let window = Window::open(&desk, &[]).await?;
    let tries = "
        window.__seen = [];
        document.addEventListener('securitypolicyviolation', e => window.__seen.push(e.effectiveDirective + ' ' + e.blockedURI.split(':')[0]));
        const add = (name, set) => { const e = Object.assign(document.createElement(name), set); document.body.append(e); return e; };
        const pwn = 'window.__pwned = 1';
        add('script', { textContent: pwn });
        add('script', { type: 'module', src: 'data:text/javascript,' + pwn });
        add('script', { src: URL.createObjectURL(new Blob([pwn])) });
        add('img', { src: 'https://127.0.0.1:9/x.png' });
        add('iframe', { srcdoc: `<script>top.${pwn}</script>` });
        add('iframe', { src: 'https://127.0.0.1:9/' });
        add('object', { data: 'https://127.0.0.1:9/x' });
        for (const run of [() => eval(pwn), () => new Function(pwn)(), () => setTimeout(pwn)]) try { run() } catch {}
        try { new Worker(URL.createObjectURL(new Blob([pwn]))) } catch {}
        fetch('https://127.0.0.1:9/').catch(() => 0);
        const markup = `<meta http-equiv=refresh content='0;url=https://127.0.0.1:9/'><img src=x onerror='${pwn}'>`;
        document.body.append(document.createRange().createContextualFragment(markup));
        add('a', { href: 'https://127.0.0.1:9/', target: '_blank' }).click();
        add('a', { href: 'https://127.0.0.1:9/' }).click();
        window.open('https://127.0.0.1:9/');
        location.href = 'https://127.0.0.1:9/';
        return true";
    window.page.execute(tries, vec![]).await?;
    for what in [
        "script-src-elem inline",
        "script-src-elem data",
        "script-src-elem blob",
        "script-src-attr inline",
        "script-src eval",
        "worker-src blob",
        "img-src https",
        "object-src https",
        "connect-src https",
    ] {
        window.until(what, &format!("window.__seen?.includes('{what}')")).await?;
    }
    // A frame that stands has no way to the core, and no origin of its own that could have one.
    let doors = "Array.from({ length: frames.length }, (_, at) => { try { return typeof frames[at].__TAURI_INTERNALS__ } catch { return 'undefined' } })";
    let found = window.page.execute(&format!("return [window.__pwned ?? null, {doors}.filter(door => door !== 'undefined')]"), vec![]).await?;
    assert_eq!(found, serde_json::json!([null, []]));
    let address = window.page.current_url().await?;
    assert_eq!((address.scheme(), address.host_str()), ("tauri", Some("localhost")));
    assert_eq!(window.page.windows().await?.len(), 1, "no second window");
    assert_eq!(window.page.execute("return document.documentElement.dataset.ready", vec![]).await?, Value::from("yes"), "it is still the page of KOS");
    window.close().await
}
