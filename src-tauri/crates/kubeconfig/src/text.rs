//! Which text do the bytes of a file hold?
//!
//! Accepts what client-go accepts: UTF-8 with or without a byte order mark, UTF-16, any line ending.

use crate::tree::Broken;

/// A file above this is not a kubeconfig; a thousand contexts with embedded certificates are about 6 MiB.
pub const BYTES_AT_MOST: usize = 8 * 1024 * 1024;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How the text was written, for those who write it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16,
}

/// Errors: larger than the budget, or not text at all.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), Broken> {
    if bytes.len() > BYTES_AT_MOST {
        return Err(Broken::TooLarge);
    }
    let (text, encoding) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes)?, Encoding::Utf16),
        [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes)?, Encoding::Utf16),
        _ => match bytes.strip_prefix(UTF8_MARK) {
            Some(rest) => (utf8(rest)?, Encoding::Utf8WithMark),
            None => (utf8(bytes)?, Encoding::Utf8),
        },
    };
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        return Err(Broken::NotText { line: line_of(text.as_bytes(), at) });
    }
    Ok((text, encoding))
}

/// The bytes of a text in the encoding it came in.
///
/// Errors: UTF-16, which KOS reads but does not write.
pub fn encode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Utf8 => Some(text.as_bytes().to_vec()),
        Encoding::Utf8WithMark => Some([UTF8_MARK, text.as_bytes()].concat()),
        Encoding::Utf16 => None,
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Broken> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Broken::NotText { line: line_of(bytes, error.valid_up_to()) }),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Broken> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(Broken::NotText { line: 1 });
    }
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).map_err(|_| Broken::NotText { line: 1 })
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    let lines = bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1)
}
