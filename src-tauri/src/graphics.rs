//! What does WebKit read from the environment?

use engine::Home;

use crate::arguments::Graphics;

/// Where WebKit looks whether it shall draw without DMA buffers.
const WITHOUT_BUFFERS: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// What was asked for, or what an earlier window taught, or what the user's environment says already.
pub(crate) fn choose(asked: Graphics, home: &Home) -> Graphics {
    let safe = asked == Graphics::Safe || home.wants_safe_graphics() || std::env::var_os(WITHOUT_BUFFERS).is_some();
    if safe { Graphics::Safe } else { asked }
}

/// Sets what is not set; called before any thread exists.
pub(crate) fn prepare(graphics: Graphics) {
    let wanted = [
        // JavaScriptCore collects late on machines with much memory: without this the web process
        // swings between 50 and 160 MB at 50 pulls a second, with it between 50 and 90.
        Some(("JSC_forceRAMSize", "536870912")),
        // Software rendering draws 3 times cheaper without DMA buffers; broken drivers need it too.
        (graphics == Graphics::Safe).then_some((WITHOUT_BUFFERS, "1")),
    ];
    for (name, value) in wanted.into_iter().flatten() {
        if std::env::var_os(name).is_none() {
            #[expect(unsafe_code, reason = "no other thread runs yet")]
            unsafe {
                std::env::set_var(name, value);
            }
        }
    }
}
