//! How does text reach the clipboard?

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Set by `boot.js`.
    #[wasm_bindgen(js_namespace = ["window", "kos"], js_name = copy)]
    fn write(text: &str);
}

/// Puts text into the clipboard; called from a click or a key, as the window demands.
pub fn copy(text: &str) {
    write(text);
}
